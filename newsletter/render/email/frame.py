"""What stands around the parts of a letter: the inbox preview, masthead, title, byline and foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter import tokens
from newsletter.render.letter import cover_figure, of_publication
from newsletter.render.wording import byline

if TYPE_CHECKING:
    from newsletter.render.email.writer import Writer

PREVIEW = 150
"""How many characters of preview the widest inbox shows: what the letter's own do not fill is padded, so that nothing
of its body runs into it."""
_PADDING = "\u034f\u200c\u00a0"


def frame(writer: Writer) -> dict[str, object]:
    """What letter.mjml and the templates that it includes are given, besides the rows."""
    letter, publication = writer.letter, writer.letter.publication
    preheader, number = letter.preheader, letter.issue.number
    padding = _PADDING * max(0, PREVIEW - len(preheader))
    picture, caption = _cover(writer)
    return {
        "title": writer.words(letter.issue.title or letter.subject),
        "subject": writer.words(letter.subject),
        "preview": writer.words(preheader + padding if preheader else ""),
        "preheader": writer.words(preheader),
        "standfirst": writer.words(letter.issue.subtitle),
        "names": writer.slots.prose(writer.blocks.zone("attribution", _byline(writer))),
        "minutes": writer.say("minutes", count=letter.minutes),
        "number": writer.say("number", number=number) if number is not None else "",
        "date": writer.text(letter.date_text),
        "cover": bool(picture),
        "picture": picture,
        "caption": caption,
        "publication": writer.words(publication.title),
        "logo": _logo(writer),
        "home_url": writer.text(publication.url),
        "view_url": writer.slots(tokens.placeholder(tokens.VIEW_IN_BROWSER, letter.page_url)),
        "unsubscribe_url": writer.slots(tokens.placeholder(tokens.UNSUBSCRIBE)),
        "preferences_url": writer.slots(tokens.placeholder(tokens.PREFERENCES)),
        "archive_url": writer.text(publication.url),
        "feed_url": writer.text(f"{publication.url}feeds/rss.xml"),
        "reason": writer.words(publication.reason) or writer.say("reason", title=publication.title),
        "sender": writer.words(publication.sender.name),
        "address": writer.words(publication.address),
    }


def _byline(writer: Writer) -> str:
    return byline([writer.author(author, "attribution") for author in writer.letter.byline], writer.letter.language)


def _cover(writer: Writer) -> tuple[str, str]:
    """The picture and what stands under it, where the house format has the cover in the e-mail; else nothing."""
    letter = writer.letter
    figure = cover_figure(letter.issue)
    if figure is None or not letter.house.cover:
        return "", ""
    picture = writer.blocks.picture(writer.prose, figure.image, None, writer.theme.design.column)
    caption = writer.prose.caption(figure)
    return writer.slots(picture), writer.slots.prose(writer.blocks.zone("figure", caption))


def _logo(writer: Writer) -> dict[str, object] | None:
    letter, theme = writer.letter, writer.letter.publication.theme
    logo, dark = (letter.images.get(of_publication(path)) for path in (theme.logo, theme.logo_dark))
    if logo is None:
        return None
    return {
        "src": writer.text(letter.picture_base + logo.name),
        "dark": writer.text(letter.picture_base + dark.name) if dark else "",
        "alt": writer.words(theme.logo_alt or letter.publication.title),
        "width": logo.width,
        "height": logo.height,
    }
