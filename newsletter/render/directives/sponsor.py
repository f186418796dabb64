"""`::: sponsor`: a box for a sponsor, labelled as such in the issue's language; its links are marked as paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import Figure
from newsletter.render.columns import wrap
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.directives.rows import Cell, row
from newsletter.render.html_blocks import lines
from newsletter.render.markup import escape, escape_attribute
from newsletter.render.text_blocks import spaced
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from newsletter.model import Block, Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter

SHARE, GAP = 33, 24
"""The width of its picture in hundredths, and the CSS pixels between picture and text."""


def _parts(sponsor: Directive) -> tuple[Figure | None, list[Block]]:
    figure = next((block for block in sponsor.blocks if isinstance(block, Figure)), None)
    return figure, [block for block in sponsor.blocks if block is not figure]


def _paid(html: str) -> str:
    """`html` with its links marked as paid (`rel="sponsored"`), as search engines ask."""
    return html.replace("<a href=", '<a rel="sponsored" href=')


def _html(writer: HtmlWriter, sponsor: Directive, _container: str) -> str:
    figure, rest = _parts(sponsor)
    label, name = writer.language.words["sponsor"], writer.line(sponsor.argument, "callout")
    text = writer.blocks(rest, "callout")
    picture = ""
    if figure:
        shown = writer.picture(figure.image, "figure")
        picture = writer.anchor(figure.link, shown, "figure", "a.picture") if figure.link else shown
    if writer.look.profile != "web":
        lead = writer.language.around("labelled", label=escape(label), text=name) if name else escape(label)
        return _paid(lines(f"<p><strong>{lead}</strong></p>", f"<p>{picture}</p>" if picture else "", text))
    name = f'<p class="name">{name}</p>' if name else ""
    inner = lines(name, text)
    inner = f"<figure>{picture}</figure>\n<div>\n{inner}\n</div>" if picture else inner
    kind = "sponsor pictured" if picture else "sponsor"
    about = f'<p class="label">{escape(label)}</p>'
    plain = plain_text(sponsor.argument).strip()
    described = escape_attribute(writer.language.around("labelled", label=label, text=plain) if plain else label)
    return _paid(f'<aside class="{kind}" aria-label="{described}">\n{about}\n{inner}\n</aside>')


def _email(templates: Templates, writer: HtmlWriter, sponsor: Directive, _container: str) -> str:
    figure, rest = _parts(sponsor)
    name = writer.line(sponsor.argument, "callout")
    if figure is None:
        text = templates.render(writer, "sponsor-text", "callout", name=name, html=writer.blocks(rest, "callout"))
    else:
        with templates.part(SHARE, GAP):
            picture = templates.picture(writer, figure.image, figure.link, fluid=False)
        with templates.part(100 - SHARE, GAP):
            html = writer.blocks(rest, "callout")
        text = templates.render(writer, "sponsor-text", "callout", name=name, html=html)
        pictured = templates.render(writer, "sponsor-picture", "figure", picture=picture)
        text = row(templates, writer, [Cell(SHARE, pictured), Cell(100 - SHARE, text)], GAP, small=16)
    return templates.render(writer, "sponsor", "callout", label=escape(writer.language.words["sponsor"]), html=text)


def _text(writer: TextWriter, sponsor: Directive, width: int) -> list[str]:
    _, rest = _parts(sponsor)
    label, name = writer.language.words["sponsor"], writer.inlines(sponsor.argument)
    lead = writer.labelled(label, name) if name else label
    return spaced([[*wrap(lead, width), *writer.blocks(rest, width)]])


SPONSOR = DirectiveForms(_html, _email, _text)
