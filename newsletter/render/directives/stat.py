"""`::: stat`: a figure set large, with what it counts under it and how it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.render.columns import wrap
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.html_blocks import lines
from newsletter.render.text_blocks import spaced
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from newsletter.model import Directive, Inline
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter

LONG = 14
"""Characters from which on it is set smaller."""
UP, DOWN = "▲\ufe0e", "▼\ufe0e"


def change_of(stat: Directive) -> tuple[Inline, ...]:
    """How it has changed, as written; nothing if that is not said."""
    return next((fact.inlines for fact in stat.facts if fact.label == "change"), ())


def _way(change: tuple[Inline, ...]) -> str:
    """A mark for more or less, told by the sign that the change begins with."""
    first = plain_text(change).lstrip("\u200e\u200f ")[:1]
    return UP if first == "+" else DOWN if first in {"-", "−", "–"} else ""


def _html(writer: HtmlWriter, stat: Directive, container: str) -> str:
    figure, change = writer.line(stat.argument, "title"), writer.line(change_of(stat), "figure")
    if writer.look.profile != "web":
        aside = f" {writer.language.around('aside', text=change)}" if change else ""
        return lines(f"<p><strong>{figure}</strong>{aside}</p>", writer.blocks(stat.blocks, container))
    way = _way(change_of(stat))
    mark = f'<span class="way" aria-hidden="true">{way}</span> ' if way else ""
    about = f'<p class="change">{mark}{change}</p>' if change else ""
    content = lines(f'<p class="big">{figure}</p>', about, writer.blocks(stat.blocks, container))
    return f'<div class="stat">\n{content}\n</div>'


def _email(templates: Templates, writer: HtmlWriter, stat: Directive, _container: str) -> str:
    change = change_of(stat)
    return templates.render(
        writer,
        "stat",
        "callout",
        {"way": _way(change), "long": len(plain_text(stat.argument)) > LONG},
        figure=writer.line(stat.argument, "title"),
        change=writer.line(change, "figure"),
        html=writer.blocks(stat.blocks, "callout"),
    )


def _text(writer: TextWriter, stat: Directive, width: int) -> list[str]:
    figure, change = writer.strong(stat.argument), writer.inlines(change_of(stat))
    line = writer.with_aside(figure, change) if change else figure
    return spaced([[*wrap(line, width), *writer.blocks(stat.blocks, width)]])


STAT = DirectiveForms(_html, _email, _text)
