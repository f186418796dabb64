"""`::: stat`: a large figure, with its label below and how it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.render.columns import display_width, wrap
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.html_blocks import lines
from newsletter.render.text_blocks import spaced
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from newsletter.model import Directive, Inline
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter

SIZES = (44, 38, 34, 30, 26, 22)
"""The sizes of the figure, in CSS pixels."""
_ROOMY, _WRAPPED = 240, 30
"""The width from which the largest sizes are used, and the font size up to which it may take two lines."""
_NARROW = frozenset(" \u00a0\u202f.,:;'’·|/il1")
UP, DOWN = "▲\ufe0e", "▼\ufe0e"


def change_of(stat: Directive) -> tuple[Inline, ...]:
    """The change of the figure, as written; empty if there is none."""
    return next((fact.inlines for fact in stat.facts if fact.label == "change"), ())


def _way(change: tuple[Inline, ...]) -> str:
    """A mark for more or less, from the sign at the beginning of the change."""
    first = plain_text(change).lstrip("\u200e\u200f ")[:1]
    return UP if first == "+" else DOWN if first in {"-", "−", "–"} else ""


def _ems(text: str) -> float:
    """The approximate width of `text`, in units of its font size."""
    return round(
        sum(0.28 if one in _NARROW else 0.61 if one.isdigit() else 0.5 * display_width(one) for one in text), 2
    )


def _size(text: str, room: int) -> int:
    """The font size in an email, in pixels: so that it fits on one line, or else at least its words are whole."""
    sizes = SIZES if room >= _ROOMY else SIZES[2:]
    word = max(map(_ems, text.split()), default=0.0)
    on_a_line = [size for size in sizes if size >= _WRAPPED and _ems(text) * size <= room]
    return next(iter(on_a_line), next((size for size in sizes if size <= _WRAPPED and word * size <= room), SIZES[-1]))


def _html(writer: HtmlWriter, stat: Directive, container: str) -> str:
    figure, change = writer.line(stat.argument, "title"), writer.line(change_of(stat), "figure")
    if writer.look.profile != "web":
        aside = f" {writer.language.around('aside', text=change)}" if change else ""
        return lines(f"<p><strong>{figure}</strong>{aside}</p>", writer.blocks(stat.blocks, container))
    way = _way(change_of(stat))
    mark = f'<span class="way" aria-hidden="true">{way}</span> ' if way else ""
    about = f'<p class="change">{mark}{change}</p>' if change else ""
    big = f'<p class="big" style="--em:{_ems(plain_text(stat.argument)):g}">{figure}</p>'
    content = lines(big, about, writer.blocks(stat.blocks, container))
    return f'<div class="stat">\n{content}\n</div>'


def _email(templates: Templates, writer: HtmlWriter, stat: Directive, _container: str) -> str:
    change, figure = change_of(stat), plain_text(stat.argument)
    with templates.part(100) as room:
        size = _size(figure, room)
    return templates.render(
        writer,
        "stat",
        "callout",
        {"way": _way(change), "size": size},
        figure=writer.line(stat.argument, "title"),
        change=writer.line(change, "figure"),
        html=writer.blocks(stat.blocks, "callout"),
    )


def _text(writer: TextWriter, stat: Directive, width: int) -> list[str]:
    figure, change = writer.strong(stat.argument), writer.inlines(change_of(stat))
    line = writer.with_aside(figure, change) if change else figure
    return spaced([[*wrap(line, width), *writer.blocks(stat.blocks, width)]])


STAT = DirectiveForms(_html, _email, _text)
