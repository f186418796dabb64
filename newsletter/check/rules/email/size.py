"""EM: the size of the email.

Gmail clips an email at about 102 KB, and services make links longer before they send it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.wording import quoted
from newsletter.config.workspace import CONFIGURATION
from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.facts.email_html import Page
    from newsletter.check.facts.mail import Mail
    from newsletter.check.rules.email.traced import Place, TracedMail
    from newsletter.model import MailPart

KB = 1024
_NAMED = 3
"""The number of the largest parts that a message names."""
_FRAME = {
    "style": "the style sheet",
    "frame": "the frame",
    "opening": "the opening",
    "contents": "the contents list",
    "footnotes": "the footnotes",
    "authors": "the author box",
}


def clipped(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM101: the email is so large that Gmail clips it."""
    mail, limit = traced.mail, traced.context.publication.email.limit
    content = mail.html.encode()
    if len(content) > limit * KB:
        at = len(content[: limit * KB].decode("utf-8", "ignore"))
        part = _shown(mail.parts[mail.piece_at(at).part])
        message = f"the email is {_kilobytes(len(content))}; Gmail cuts it at {limit} KB, in {part}"
        yield Diagnostic(*_written_before(traced, at), "EM101", message, label="cut here", advice=_heaviest(mail))


def nearly_clipped(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM102: the email is almost so large that Gmail clips it, or is too large once the service has rewritten its links."""
    mail, settings = traced.mail, traced.context.publication.email
    size, links = len(mail.html.encode()), _links_to_the_web(traced.page)
    forecast = size + links * settings.link_growth
    if size > settings.limit * KB or max(size - settings.warn_at * KB, forecast - settings.limit * KB) <= 0:
        return
    then = f", about {_kilobytes(forecast)} once a service has rewritten its {links} links" if forecast > size else ""
    message = f"the email is {_kilobytes(size)}{then}; Gmail cuts at {settings.limit} KB"
    label = "the largest part begins here"
    yield Diagnostic(*_heaviest_place(traced), "EM102", message, label=label, advice=_heaviest(mail))


def heavy_section(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM103: a section is larger than newsletter.yaml allows."""
    allowed = traced.context.publication.email.section
    for part in traced.mail.parts if allowed else ():
        if part.kind == "section" and part.size > allowed * KB:
            message = f"{_shown(part)} takes {_kilobytes(part.size)} of the email; {CONFIGURATION} allows {allowed} KB for a section"
            yield Diagnostic(part.path, traced.first_line(part.path, part.span), "EM103", message)


def _kilobytes(size: int) -> str:
    """A size in bytes as text: `84.2 KB`; from 100 KB on without decimals."""
    return f"{size / KB:.0f} KB" if size >= 100 * KB else f"{size / KB:.1f} KB"


def _links_to_the_web(page: Page) -> int:
    """The number of links that a service would rewrite."""
    links = (element.attributes.get("href", "").lower() for element in page.named("a"))
    return sum(href.startswith(("http:", "https:")) for href in links)


def _shown(part: MailPart) -> str:
    return _FRAME.get(part.kind) or quoted(part.label)


def _heaviest(mail: Mail) -> str:
    # A part without a source in the issue cannot be shortened.
    written = [part for part in mail.parts if part.path] or [part for part in mail.parts if part.size]
    heavy = sorted(written, key=lambda part: -part.size)[:_NAMED]
    named = [
        f"{_shown(part)} {_kilobytes(part.size)}" + (f" (line {part.span.line})" if part.path else "") for part in heavy
    ]
    return f"Shorten it, or move a part to the web page: {', '.join(named)}."


def _heaviest_place(traced: TracedMail) -> Place:
    written = [part for part in traced.mail.parts if part.path == traced.context.issue.path]
    if not written:
        return CONFIGURATION, traced.yaml_place(())
    heavy = max(written, key=lambda part: part.size)
    return heavy.path, traced.first_line(heavy.path, heavy.span)


def _written_before(traced: TracedMail, offset: int) -> Place:
    """The last part of the issue that was written at or before `offset` of the HTML."""
    for piece in reversed(traced.mail.pieces):
        if piece.start <= offset and piece.path == traced.context.issue.path:
            return piece.path, traced.first_line(piece.path, piece.span)
    return _heaviest_place(traced)
