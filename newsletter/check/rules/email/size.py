"""EM: how heavy the e-mail is. Gmail shows no more than about 102 KB of one; what services do to links comes on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rules.email.places import CONFIGURATION, first_line, mail_in, yaml_place
from newsletter.check.wording import quoted
from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import Page
    from newsletter.check.facts.mail import Mail
    from newsletter.check.rules.email.places import Place
    from newsletter.model import MailPart

KB = 1024
_NAMED = 3
"""How many of the heaviest parts are named."""
_FRAME = {"style": "the style sheet", "frame": "the frame", "opening": "the opening", "contents": "the contents list"}
_FRAME |= {"footnotes": "the footnotes", "authors": "the author box"}


def clipped(context: CheckContext) -> Iterator[Diagnostic]:
    """EM101: the e-mail is larger than Gmail shows."""
    found = mail_in(context)
    if found is None:
        return
    mail, limit = found[0], context.publication.email.limit
    content = mail.html.encode()
    if len(content) > limit * KB:
        at = len(content[: limit * KB].decode("utf-8", "ignore"))
        path, span = _written_before(context, mail, at)
        part = _shown(mail.parts[mail.piece_at(at).part])
        message = f"the e-mail has {kilobytes(len(content))}; Gmail cuts it at {limit} KB, in {part}"
        yield Diagnostic(path, span, "EM101", message, label="cut here", mend=_heaviest(mail))


def nearly_clipped(context: CheckContext) -> Iterator[Diagnostic]:
    """EM102: the e-mail is nearly as large as Gmail shows, or more than that once links have been rewritten."""
    found = mail_in(context)
    if found is None:
        return
    mail, settings = found[0], context.publication.email
    size, links = len(mail.html.encode()), counted_links(found[1])
    forecast = size + links * settings.link_growth
    if size > settings.limit * KB or max(size - settings.warn_at * KB, forecast - settings.limit * KB) <= 0:
        return
    then = f", about {kilobytes(forecast)} once a service has rewritten its {links} links" if forecast > size else ""
    message = f"the e-mail has {kilobytes(size)}{then}; Gmail cuts at {settings.limit} KB"
    path, span = _heaviest_place(context, mail)
    yield Diagnostic(path, span, "EM102", message, label="the heaviest part begins here", mend=_heaviest(mail))


def heavy_section(context: CheckContext) -> Iterator[Diagnostic]:
    """EM103: a section weighs more than newsletter.yaml allows one."""
    allowed = context.publication.email.section
    if context.mail is None or not allowed:
        return
    for part in context.mail.parts:
        if part.kind == "section" and part.size > allowed * KB:
            message = f"{_shown(part)} has {kilobytes(part.size)} of the e-mail; {CONFIGURATION} allows a section {allowed} KB"
            yield Diagnostic(part.path, first_line(context, part.path, part.span), "EM103", message)


def counted_links(page: Page) -> int:
    """How many links a service would rewrite: those to the web."""
    return sum(
        1
        for element in page.elements
        if element.name == "a" and element.attributes.get("href", "").lower().startswith(("http:", "https:"))
    )


def kilobytes(size: int) -> str:
    """Bytes in words: `84.2 KB`; whole from 100 on."""
    return f"{size / KB:.0f} KB" if size >= 100 * KB else f"{size / KB:.1f} KB"


def _shown(part: MailPart) -> str:
    return _FRAME.get(part.kind) or quoted(part.label)


def _heaviest(mail: Mail) -> str:
    # Where nobody wrote anything, nothing can be shortened.
    written = [part for part in mail.parts if part.path] or [part for part in mail.parts if part.size]
    heavy = sorted(written, key=lambda part: -part.size)[:_NAMED]
    named = [
        f"{_shown(part)} {kilobytes(part.size)}" + (f" (line {part.span.line})" if part.path else "") for part in heavy
    ]
    return f"Shorten it, or put a part on the web: {', '.join(named)}."


def _heaviest_place(context: CheckContext, mail: Mail) -> Place:
    written = [part for part in mail.parts if part.path == context.issue.path]
    if not written:
        return CONFIGURATION, yaml_place(mail, ())
    heavy = max(written, key=lambda part: part.size)
    return heavy.path, first_line(context, heavy.path, heavy.span)


def _written_before(context: CheckContext, mail: Mail, offset: int) -> Place:
    """The last thing up to `offset` that stands in the issue."""
    for piece in reversed(mail.pieces):
        if piece.start <= offset and piece.path == context.issue.path:
            return piece.path, first_line(context, piece.path, piece.span)
    return _heaviest_place(context, mail)
