"""`::: gallery`: two to nine pictures in rows, each with caption and credit; its argument is the caption of all.

With `ratio: 3:2` they are cut to one shape, so that all pictures of a row have the same height. On the page, a click
opens a picture in full size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.blocks.pictures import WIDEST, columns_of, figures_of, small
from newsletter.model import Figure
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.directives.rows import Cell, row
from newsletter.render.html_blocks import caption, lines
from newsletter.render.markup import escape_attribute
from newsletter.render.text_blocks import figure_text, hanging, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter

GAP = 12
"""The distance between two pictures of a row, in CSS pixels."""
_SAME = 1.02
"""Pictures whose ratios differ by up to this factor count as the same shape."""


def _html(writer: HtmlWriter, gallery: Directive, container: str) -> str:
    figures = figures_of(gallery)
    rest = writer.blocks([block for block in gallery.blocks if not isinstance(block, Figure)], container)
    if writer.look.profile != "web" or not figures:
        caption = writer.line(gallery.argument, "figure")
        pictures = [_plain(writer, figure, gallery) for figure in figures]
        return lines(*pictures, f"<p>{caption}</p>" if caption else "", rest)
    across = columns_of(gallery.fields.get("columns", ""), len(figures))
    shapes = _shapes(writer, gallery, figures)
    pictures = [_on_page(writer, figure, gallery, shape) for figure, shape in zip(figures, shapes, strict=True)]
    caption = writer.line(gallery.argument, "figure")
    caption = f"\n<figcaption>{caption}</figcaption>" if caption else ""
    kind = f"gallery of-{across}{' many' if len(figures) > WIDEST else ''}{' even' if any(shapes) else ''}"
    if any(shapes):
        rows = [pictures[at : at + across] for at in range(0, len(pictures), across)]
        pictures = [f'<div class="row">\n{lines(*row)}\n</div>' for row in rows]
    return lines(f'<figure class="{kind}"><div class="pictures">\n{lines(*pictures)}\n</div>{caption}</figure>', rest)


def _shapes(writer: HtmlWriter, gallery: Directive, figures: Sequence[Figure]) -> list[float]:
    """The aspect ratio of each picture, if they differ: then the pictures of a row have equal heights, uncut."""
    sizes = [writer.source(small(figure.image, gallery)) for figure in figures]
    shapes = [round(width / height, 3) if width and height else 0.0 for _, width, height in sizes]
    return shapes if all(shapes) and max(shapes) > min(shapes) * _SAME else [0.0] * len(shapes)


def _plain(writer: HtmlWriter, figure: Figure, gallery: Directive) -> str:
    picture = writer.picture(small(figure.image, gallery), "figure")
    if figure.link:
        picture = writer.anchor(figure.link, picture, "figure", "a.picture")
    words = caption(writer, figure)
    return f"<figure>{picture}{f'<figcaption>{words}</figcaption>' if words else ''}</figure>"


def _on_page(writer: HtmlWriter, figure: Figure, gallery: Directive, shape: float) -> str:
    """A picture that opens in full size over the page without a script; a picture with a link is just a link."""
    shown = writer.picture(small(figure.image, gallery), "figure")
    words = caption(writer, figure)
    words = f"\n<figcaption>{words}</figcaption>" if words else ""
    opening = f'<figure style="--shape:{shape:g}">' if shape else "<figure>"
    src, width, height = writer.source(figure.image)
    if figure.link or not src or not shown.startswith("<"):
        shown = writer.anchor(figure.link, shown, "figure", "a.picture") if figure.link else shown
        return f"{opening}{shown}{words}</figure>"
    name = f"picture:{figure.image.span.start}"
    size = f' width="{width}" height="{height}"' if width and height else ""
    alt = escape_attribute(figure.image.spoken or figure.image.alt)
    labels = {key: escape_attribute(writer.language.words[key]) for key in ("enlarge", "close")}
    opens = f'<button type="button" popovertarget="{name}" title="{labels["enlarge"]}">{shown}</button>'
    large = f'<img src="{src}" alt="{alt}"{size} loading="lazy" decoding="async" />'
    closes = f'<button type="button" popovertarget="{name}" popovertargetaction="hide" aria-label="{labels["close"]}">{large}</button>'
    return f'{opening}{opens}<div class="large" id="{name}" popover="">{closes}</div>{words}</figure>'


def _email(templates: Templates, writer: HtmlWriter, gallery: Directive, container: str) -> str:
    figures = figures_of(gallery)
    many = columns_of(gallery.fields.get("columns", ""), len(figures))
    rows = [_row(templates, writer, gallery, figures[at : at + many], many) for at in range(0, len(figures), many)]
    caption = templates.zone("figure", writer.line(gallery.argument, "figure"))
    rest = writer.blocks([block for block in gallery.blocks if not isinstance(block, Figure)], container)
    return (templates.render(writer, "gallery", "figure", html="".join(rows), caption=caption) if rows else "") + rest


def _row(templates: Templates, writer: HtmlWriter, gallery: Directive, figures: tuple[Figure, ...], many: int) -> str:
    cells = []
    for figure in figures:
        with templates.part(100 // many, GAP):
            picture = templates.picture(writer, small(figure.image, gallery), figure.link)
        words = caption(writer, figure)
        html = templates.render(writer, "gallery-picture", "figure", picture=picture, caption=words)
        cells.append(Cell(100 // many, html))
    return row(templates, writer, cells, GAP, below=10, small=14)


def _text(writer: TextWriter, gallery: Directive, width: int) -> list[str]:
    shown = [figure_text(writer, figure, width - 2) for figure in figures_of(gallery)]
    pictures = [line for one in shown if one for line in hanging(one, "- ")]
    rest = writer.blocks([block for block in gallery.blocks if not isinstance(block, Figure)], width)
    return spaced([writer.title(gallery.argument, width), pictures, rest])


GALLERY = DirectiveForms(_html, _email, _text)
