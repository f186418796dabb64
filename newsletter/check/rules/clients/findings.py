"""The rules: what readers lose, what looks otherwise, and what is finish, each told where it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rules.clients.causes import causes_of
from newsletter.check.rules.clients.signs import Harm
from newsletter.check.rules.clients.table import page_of, support
from newsletter.check.rules.clients.verdict import problems
from newsletter.config.clients import named, shares_of
from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.context import CheckContext
    from newsletter.check.rules.clients.verdict import Problem

_NAMED = 3
"""How many mail programs a message names before it counts them."""


def content_lost(context: CheckContext) -> Iterator[Diagnostic]:
    """EM120: mail programs leave something out, or break it."""
    return _findings("EM120", Harm.LOST, context)


def looks_different(context: CheckContext) -> Iterator[Diagnostic]:
    """EM121: in some mail programs it plainly looks otherwise."""
    return _findings("EM121", Harm.LOOKS, context)


def less_finish(context: CheckContext) -> Iterator[Diagnostic]:
    """EM122: some mail programs show less, and nobody misses it."""
    return _findings("EM122", Harm.LESS, context)


def _findings(code: str, harm: Harm, context: CheckContext) -> Iterator[Diagnostic]:
    mail = context.mail
    if mail is None:
        return
    settings = context.publication.email
    shares = shares_of(settings.clients)
    for problem in problems(mail.html):
        if problem.harm is not harm:
            continue
        share = sum(shares[client] for client in problem.clients)
        if share == 0 or share < settings.least_readers:
            continue
        slug = problem.feature.slug
        message = _message(problem, shares, share, ours=not settings.clients)
        more = f"Tested {support(slug).tested}: {page_of(slug)}"
        mend = f"{problem.feature.mend} {more}".strip()
        for cause in causes_of(problem, context, mail):
            also = f"; so in {cause.more} more place{'s' * (cause.more > 1)}" if cause.more else ""
            yield Diagnostic(cause.path, cause.span, code, message + also, label=problem.feature.why, mend=mend)


def _message(problem: Problem, shares: Mapping[str, float], share: float, *, ours: bool) -> str:
    """`Gmail and Outlook on Windows do not support `gap` (38 % of your readers)`."""
    names = named(problem.clients, shares)
    if len(names) > _NAMED:
        names = [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} more"]
    programs = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    verb = "does" if len(names) == 1 else "do"
    percent = f"{share:.0f}" if share >= 1 else "less than 1"
    whose = f"about {percent} % of readers, by our estimate" if ours else f"{percent} % of your readers"
    return f"{programs} {verb} not support {problem.shown} ({whose})"
