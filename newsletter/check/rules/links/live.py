"""LK2: the answers of the web to links, collected by `newsletter check --links`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.facts.addresses import front_addresses, parts_of, written
from newsletter.check.facts.hosts import same_site
from newsletter.check.rule import WARNING, rule
from newsletter.check.wording import count_of, quoted
from newsletter.names import in_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.addresses import AddressUse, LinkAnswer
    from newsletter.diagnostics import Diagnostic, Fix

PERMANENT = frozenset({301, 308})
_SITES_ASKED_TO_WAIT = frozenset({429, 503})


def asked_address(href: str) -> str:
    """The address that is requested for `href`: without its fragment, which only browsers use."""
    return href.partition("#")[0]


def _answers(context: CheckContext) -> Iterator[tuple[AddressUse, LinkAnswer]]:
    if not context.live:
        return
    own_page = f"{context.publication.url}{in_address(context.issue.slug)}/"
    for use in (*written(context.links, pictures=True), *front_addresses(context.issue, own_page)):
        answer = context.live.get(asked_address(use.href))
        if answer is not None:
            yield use, answer


@rule("LK201", "dead-link", "Links lead to pages that exist", "the web")
def dead(context: CheckContext) -> Iterator[Diagnostic]:
    """LK201: the page does not exist: 404 or 410."""
    for use, answer in _answers(context):
        if answer.status in {404, 410}:
            meaning = "gone for good" if answer.status == 410 else "not found"
            yield context.found(
                "LK201",
                use.span,
                f"{_by_way_of(use, answer)} answers {answer.status}, {meaning}",
                label="readers see an error page",
                advice="Link to its new address, or to a copy in a web archive.",
            )


@rule("LK202", "server-error", "Links lead to sites that work", "the web", severity=WARNING)
def server_error(context: CheckContext) -> Iterator[Diagnostic]:
    """LK202: the server has an error, which may be temporary. An answer that only asks to wait is not reported."""
    for use, answer in _answers(context):
        if answer.status >= 500 and answer.status not in _SITES_ASKED_TO_WAIT:
            yield context.found(
                "LK202", use.span, f"{_by_way_of(use, answer)} answers {answer.status}", label="the site has a problem"
            )


_NO_ANSWER = {
    "dns": "there is no site called {host}",
    "refused": "{host} refuses connections",
    "timeout": "{host} does not answer in time",
    "protocol": "{host} answers something that is not HTTP",
}


@rule("LK203", "unreachable", "Links lead to sites that answer", "the web", severity=WARNING)
def unreachable(context: CheckContext) -> Iterator[Diagnostic]:
    """LK203: there is no answer."""
    for use, answer in _answers(context):
        if answer.trouble in _NO_ANSWER:
            host = quoted(parts_of(_last(use, answer)).host)
            yield context.found("LK203", use.span, _NO_ANSWER[answer.trouble].format(host=host), label=answer.detail)


@rule(
    "LK204",
    "moved-permanently",
    "Links lead to the current address of a page",
    "the web",
    severity=WARNING,
    fixable=True,
)
def moved(context: CheckContext) -> Iterator[Diagnostic]:
    """LK204: the page has a new permanent address."""
    for use, answer in _answers(context):
        target = _new_address(use, answer)
        if not target:
            continue
        secure = use.address.scheme == "http" and target == "https" + asked_address(use.href)[4:]
        yield context.found(
            "LK204",
            use.span,
            "the site offers this page over `https:`" if secure else f"the page has moved to {quoted(target, 90)}",
            label="a permanent redirect",
            fix=_moved_fix(context, use, target),
        )


def _new_address(use: AddressUse, answer: LinkAnswer) -> str:
    """The last target of the permanent redirects at the start of the chain.

    "" if there is none, if it is the same address, or if the final answer is not a working page.
    """
    target = ""
    for hop in answer.hops:
        if hop.status not in PERMANENT:
            break
        target = hop.to
    well = 200 <= answer.status < 300 and not answer.trouble
    if not target or not well or _is_front_page(use, answer) or _is_gate(target):
        return ""
    old, new = parts_of(use.href), parts_of(target)
    same = (old.scheme, old.authority, old.path or "/", old.query) == (
        new.scheme,
        new.authority,
        new.path or "/",
        new.query,
    )
    return "" if same else target.partition("#")[0]


_GATES = ("login", "signin", "sign-in", "sign_in", "consent", "captcha", "challenge", "paywall", "subscribe", "cookie")


def _is_gate(address: str) -> bool:
    """Whether the address looks like a login or consent page, which is not the new address of the page."""
    parts = parts_of(address)
    return any(word in (parts.path + parts.host).lower() for word in _GATES)


def _moved_fix(context: CheckContext, use: AddressUse, target: str) -> Fix | None:
    if context.text_at(use.span) != use.href or set(target) & set(" <>()\\") or use.link is None:
        return None
    fragment = f"#{use.address.fragment}" if use.address.fragment else ""
    return context.replacing(use.span.start, use.span.end, target + fragment, f"link to {target}")


@rule("LK205", "certificate", "Links lead to sites with a valid certificate", "the web", severity=WARNING)
def certificate(context: CheckContext) -> Iterator[Diagnostic]:
    """LK205: the site's certificate is not valid, or uses outdated encryption."""
    for use, answer in _answers(context):
        if answer.trouble == "tls":
            host = quoted(parts_of(_last(use, answer)).host)
            yield context.found(
                "LK205",
                use.span,
                f"{host} has no trusted certificate",
                label=answer.detail or "browsers show a warning",
            )


@rule("LK206", "redirect-loop", "Redirects end at a page", "the web", severity=WARNING)
def endless(context: CheckContext) -> Iterator[Diagnostic]:
    """LK206: redirects form a loop, or are too many."""
    for use, answer in _answers(context):
        if answer.trouble == "loop":
            yield context.found(
                "LK206",
                use.span,
                f"{quoted(use.href)} redirects too many times",
                label=answer.detail or f"after {count_of(len(answer.hops), 'redirect')}",
            )


@rule("LK207", "sent-home", "Links to a page do not end at the front page", "the web", severity=WARNING)
def sent_home(context: CheckContext) -> Iterator[Diagnostic]:
    """LK207: the page redirects to a home page, which mostly means that it no longer exists."""
    for use, answer in _answers(context):
        if 200 <= answer.status < 300 and _is_front_page(use, answer):
            yield context.found(
                "LK207",
                use.span,
                f"this now leads to the front page {quoted(answer.hops[-1].to)}",
                label="the page itself may be gone",
            )


def _is_front_page(use: AddressUse, answer: LinkAnswer) -> bool:
    if not answer.hops:
        return False
    last = parts_of(answer.hops[-1].to)
    deep = len(use.address.path.strip("/")) > 3 or bool(use.address.query)  # /en, /de: home pages themselves
    return deep and last.path in {"", "/"} and not last.query and same_site(last.host, use.address.host)


@rule("LK208", "leads-inside", "No link ends in a private network", "the web")
def leads_inside(context: CheckContext) -> Iterator[Diagnostic]:
    """LK208: the name, or a redirect, leads into a private network. No request was made there."""
    for use, answer in _answers(context):
        if answer.trouble == "private":
            host = quoted(parts_of(_last(use, answer)).host)
            yield context.found(
                "LK208",
                use.span,
                f"{host} leads into a private network",
                label=answer.detail or "readers cannot reach it",
            )


def _last(use: AddressUse, answer: LinkAnswer) -> str:
    return answer.hops[-1].to if answer.hops else use.href


def _by_way_of(use: AddressUse, answer: LinkAnswer) -> str:
    """The address that answered: that in the issue, or the target of its redirects."""
    return f"{quoted(answer.hops[-1].to)}, where this redirects," if answer.hops else f"the {use.noun}"
