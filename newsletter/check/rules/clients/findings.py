"""EM: content that readers lose, content that looks different, and decoration that is missing, each at its source.

The source is a line of the issue, a template or style sheet of the workspace, or newsletter.yaml. The bundled theme is
never reported: templates/theme/email/support.yaml lists the features it uses and their cost by client, and a test
checks that list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.facts.standing import found_in_snippets
from newsletter.check.rules.clients.css import declaration_uses, picture_uses
from newsletter.check.rules.clients.features import Harm
from newsletter.check.rules.clients.html import template_uses, uses_in
from newsletter.check.rules.clients.problems import all_uses, harm_of, lacking, problems
from newsletter.check.rules.clients.support import caniemail_page, support
from newsletter.check.rules.figures.files import poor_format
from newsletter.config.clients import named, shares_of
from newsletter.config.workspace import CONFIGURATION
from newsletter.diagnostics import Diagnostic
from newsletter.files import decode, read_bytes
from newsletter.markdown.source import Source
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.check.context import CheckContext
    from newsletter.check.rules.clients.css import FeatureUse
    from newsletter.check.rules.clients.problems import Problem
    from newsletter.check.rules.email.traced import TracedMail
    from newsletter.model import Span

_NAMED = 3
"""The most email clients that a message names. If there are more, it gives their number."""


def content_lost(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM120: email clients leave something out, or break it."""
    return _findings("EM120", Harm.LOST, traced)


def looks_different(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM121: in some email clients, the email clearly looks different."""
    return _findings("EM121", Harm.LOOKS, traced)


def less_finish(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM122: some email clients show less decoration."""
    return _findings("EM122", Harm.LESS, traced)


def _findings(code: str, harm: Harm, traced: TracedMail) -> Iterator[Diagnostic]:
    settings = traced.context.publication.email
    shares = shares_of(settings.clients)
    for problem in problems(traced.mail.html):
        if problem.harm is not harm:
            continue
        share = sum(shares[client] for client in problem.clients)
        if share == 0 or share < settings.least_readers:
            continue
        slug = problem.feature.slug
        message = _message(problem, shares, share, ours=not settings.clients)
        advice = f"{problem.feature.advice} Tested {support(slug).tested}: {caniemail_page(slug)}".strip()
        for cause in _causes_of(problem, traced):
            also = f"; so in {cause.more} more place{'s' * (cause.more > 1)}" if cause.more else ""
            yield Diagnostic(cause.path, cause.span, code, message + also, label=problem.feature.why, advice=advice)


def _message(problem: Problem, shares: Mapping[str, float], share: float, *, ours: bool) -> str:
    """`Gmail and Outlook on Windows do not support `gap` (38 % of your readers)`."""
    names = named(problem.clients, shares)
    if len(names) > _NAMED:
        names = [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} more"]
    clients = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    verb = "does" if len(names) == 1 else "do"
    percent = f"{share:.0f}" if share >= 1 else "less than 1"
    whose = f"about {percent} % of readers, by our estimate" if ours else f"{percent} % of your readers"
    return f"{clients} {verb} not support {problem.shown} ({whose})"


_FONTS = ("serif", "sans", "mono")
_LOOK = "templates/theme/looks/{}.json"


@dataclass(frozen=True, slots=True)
class _Cause:
    """The place in a source where a feature is used."""

    path: str
    span: Span
    more: int = 0
    """The number of other places in the same file."""


def _causes_of(problem: Problem, traced: TracedMail) -> Iterator[_Cause]:
    """The files that a problem comes from, each with its first place; none if it comes from the bundled theme."""
    written: dict[str, dict[int, Span]] = {}
    # FG112 reports a picture in such a format, with a better fix.
    is_picture = problem.feature.slug.startswith("image-")
    reported = {(found.path, found.span) for found in _poor_formats(traced.context)} if is_picture else set()
    theme = False
    for use in _uses_of(problem, traced.mail.html):
        piece = traced.mail.piece_at(use.start)
        place = _in_text(use, traced) if piece.path else None
        if place is None:
            theme = True
        elif (piece.path, place) not in reported:
            written.setdefault(piece.path, {})[place.start] = place
    for path, places in written.items():
        yield _Cause(path, places[min(places)], len(places) - 1)
    if theme:
        yield from _in_theme(problem, traced)


def _poor_formats(context: CheckContext) -> Iterator[Diagnostic]:
    yield from poor_format(context)
    yield from found_in_snippets(context, (poor_format,))


def _uses_of(problem: Problem, html: str) -> Iterator[FeatureUse]:
    for use in all_uses(html):
        if use.feature is problem.feature and harm_of(use) is problem.harm and lacking(use, html):
            yield use


def _in_text(use: FeatureUse, traced: TracedMail) -> Span | None:
    """The place in the issue, or in a snippet, where an author wrote the feature; None if the theme added it."""
    context, slug, piece = traced.context, use.feature.slug, traced.mail.piece_at(use.start)
    in_issue = piece.path == context.issue.path
    if not in_issue:
        text, base, end = _read(context, piece.path), 0, None
    else:
        text, base, end = context.source.text, piece.span.start, piece.span.end
    for found in uses_in(text[base:end]):
        if found.feature.slug == slug:
            return _place(text, base + found.start, base + found.end)
    if slug.startswith("image-") and in_issue:
        for picture in context.pictures:
            if base <= picture.span.start < piece.span.end and slug in _formats(picture.src):
                return picture.src_span
    if slug.startswith("image-") or slug in {"html-anchor-links", "html-mailto-links"}:
        address = traced.mail.html[use.start : use.end]
        at = text.find(address, base, end)
        return _place(text, at, at + len(address)) if address and at >= 0 else None
    return None


def _formats(address: str) -> set[str]:
    return {use.feature.slug for use in picture_uses(address)}


def _in_theme(problem: Problem, traced: TracedMail) -> Iterator[_Cause]:
    """The templates and style sheets of the workspace that use the feature, else the values that fill them."""
    found = False
    for path, source in sorted(traced.mail.templates.items()):
        uses = [use for use in template_uses(path, source) if use.feature is problem.feature]
        alike = [use for use in uses if harm_of(use) is problem.harm]
        places = sorted({use.start: use.end for use in alike or uses}.items())
        if places:
            found = True
            yield _Cause(path, _place(source, *places[0]), len(places) - 1)
    if not found:
        yield from _in_values(problem, traced)


def _in_values(problem: Problem, traced: TracedMail) -> Iterator[_Cause]:
    """The design tokens at fault: a font in newsletter.yaml, or a colour in a look of the workspace."""
    mail, theme = traced.mail, traced.context.publication.theme
    for font in _FONTS:
        span = mail.yaml.get(("theme", "fonts", font))
        if span and _is_used(problem, declaration_uses(f"font-family:{getattr(theme, font)}")):
            yield _Cause(CONFIGURATION, span)
            return
    path = _LOOK.format(theme.look or "letter")
    source = _read(traced.context, path)
    for value in (*mail.light.values(), *mail.dark.values()):
        at = source.find(f'"{value}"')
        if at >= 0 and _is_used(problem, declaration_uses(f"color:{value}")):
            yield _Cause(path, _place(source, at, at + len(value) + 2))
            return


def _is_used(problem: Problem, uses: Iterable[FeatureUse]) -> bool:
    return any(use.feature is problem.feature for use in uses)


def _read(context: CheckContext, path: str) -> str:
    try:
        return decode(read_bytes(context.root / path), path)[0]
    except OSError:
        return ""


def _place(text: str, start: int, end: int) -> Span:
    """The span of `text[start:end]`, cut to its first line."""
    line_end = text.find("\n", start, end)
    return Source(text, "").span(start, end if line_end < 0 else line_end)
