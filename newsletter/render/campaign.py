"""The letter for a mailing service that makes emails from a feed: HTML that works in email, without links within the letter.

Such a service puts the HTML of an entry into its own template, so each element brings the few styles that it needs.
Footnotes have no links, which would lead out of the email. Personal fields have their fallbacks, because a feed has
no single reader.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.model import Figure
from newsletter.render.directives.table import HTML
from newsletter.render.feed import FeedLook, entry, fragment
from newsletter.render.html import HtmlWriter
from newsletter.render.html_blocks import caption

if TYPE_CHECKING:
    from newsletter.render.letter import Letter


def render_campaign(letter: Letter) -> str:
    """A fragment of HTML for the body of an email, well-formed as XML too."""
    letter = letter.shown_in("feed")
    writer = HtmlWriter(CampaignLook(letter, letter.page_url), letter.language, {**HTML, Figure: _figure})
    html = entry(letter, fragment(letter, writer))
    for pattern, instead in _UNKNOWN:
        html = pattern.sub(instead, html)
    return html


_UNKNOWN = (
    (re.compile(r"<(/?)figure\b[^<>]*>"), r"<\1div>"),
    (re.compile(r"<figcaption\b[^<>]*>"), "<p><small>"),
    (re.compile(r"</figcaption>"), "</small></p>"),
)
"""Elements that Outlook does not know, and their replacements. Figures are not here: they are written as paragraphs."""


class CampaignLook(FeedLook):
    """The look of feeds, with the styles that email clients need (see html.Look)."""

    def attributes(self, tag: str, container: str, direction: str, /) -> str:
        """Attributes that keep pictures within the column and tables readable. Everything else is up to the service."""
        style = _STYLES.get(tag.partition(".")[0], "")
        return super().attributes(tag, container, direction) + (f' style="{style}"' if style else "")

    def link(self, href: str) -> str:
        """The link as in feeds, except for notes: they are at the end of the same email, and have no links."""
        address = super().link(href)
        return "" if address.startswith("#") else address


_STYLES = {
    "img": "max-width:100%;height:auto",
    "table": "width:100%;border-collapse:collapse",
    "th": "border:1px solid #bbbbbb;padding:6px 8px",
    "td": "border:1px solid #bbbbbb;padding:6px 8px",
    "blockquote": "margin:16px 0;padding:0 0 0 16px",
    "pre": "white-space:pre-wrap",
}


def _figure(writer: HtmlWriter, figure: Figure, _container: str) -> str:
    """A picture and its caption as paragraphs: Outlook knows no `<figure>`."""
    picture = writer.picture(figure.image, "figure")
    if figure.link:
        picture = writer.anchor(figure.link, picture, "figure", "a.picture")
    words = caption(writer, figure)
    return f"<p>{picture}</p>" + (f"\n<p><small>{words}</small></p>" if words else "")
