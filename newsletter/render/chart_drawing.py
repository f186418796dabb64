"""Lines and columns of a chart as SVG without text: names and figures are text around it, in every script.

The same drawing is used on the page and, as PNG, in emails and feeds. On the page, its colours are custom properties,
which follow light and dark mode.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from newsletter.blocks.charts import COLUMN, SPARKLINE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.blocks.charts import Chart, Series

COLOURS = ("accent", "code_name", "code_string")
"""The design tokens for the colours of the series, in order."""
SIZE, SPARK = (560, 220), (150, 32)
"""The size of a drawing in CSS pixels: of a chart, and of a sparkline."""
_DASHES = ("", "9 5", "2 5")
"""The dashes that distinguish lines without colours."""
_PAD, _FEW = 6, 14
"""The distance of a line from the edge. Up to this many points, each gets a dot."""


def variables() -> dict[str, str]:
    """Colours for the page."""
    return {name: f"var(--{name.replace('_', '-')})" for name in (*COLOURS, "rule", "card")}


def draw_chart(chart: Chart, colours: Mapping[str, str], *, mirrored: bool = False) -> str:
    """Columns or lines; `mirrored` if time runs from right to left."""
    width, height = SIZE
    low, high = chart.bounds
    span = high - low or Decimal(1)

    def y(value: Decimal) -> float:
        return round(float(_PAD + (high - value) * (height - 2 * _PAD) / span), 1)

    middle = Decimal(0) if low < 0 < high else low + span / 2
    parts = [_rule(y(value), width, colours["rule"]) for value in (low, middle, high)]
    many = len(chart.labels)
    if chart.type == COLUMN:
        parts += _columns(chart, colours, y)
    else:
        for at, one in reversed(list(enumerate(chart.series))):
            points = [
                (round((index + 0.5) * width / many, 1), y(v)) if v is not None else None
                for index, v in enumerate(one.values)
            ]
            parts += _line(points, colours[COLOURS[at]], _DASHES[at], colours["card"])
    return _svg(parts, width, height, colours["card"], mirrored=mirrored)


def draw_spark(one: Series, colours: Mapping[str, str], *, mirrored: bool = False) -> str:
    """A line as small as a word, with a dot at its end."""
    width, height = SPARK
    values = [value for value in one.values if value is not None]
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(0))
    span, many = high - low or Decimal(1), max(len(one.values) - 1, 1)
    points = [
        (round(4 + index * (width - 8) / many, 1), round(float(5 + (high - v) * (height - 10) / span), 1))
        if v is not None
        else None
        for index, v in enumerate(one.values)
    ]
    return _svg(
        _line(points, colours[COLOURS[0]], "", "", thin=True), width, height, colours["card"], mirrored=mirrored
    )


def _svg(parts: Sequence[str], width: int, height: int, ground: str, *, mirrored: bool) -> str:
    """The drawing as SVG.

    With fixed colours it has its own background, whatever background an email client uses in dark mode.
    """
    drawn = "".join(parts)
    if ground.startswith("#"):
        drawn = f'<rect width="{width}" height="{height}" fill="{ground}"></rect>{drawn}'
    if mirrored:
        drawn = f'<g transform="matrix(-1 0 0 1 {width} 0)">{drawn}</g>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">{drawn}</svg>'


def _rule(y: float, width: int, colour: str) -> str:
    return f'<path d="M0 {y:g}H{width}" stroke="{colour}" stroke-width="1" fill="none"></path>'


def _columns(chart: Chart, colours: Mapping[str, str], y: Callable[[Decimal], float]) -> list[str]:
    width, many, series = SIZE[0], len(chart.labels), len(chart.series)
    band = width / many
    each = min(band * 0.7 / series, 64.0)
    parts, ground = [], y(Decimal(0))
    for at, one in enumerate(chart.series):
        for index, value in enumerate(one.values):
            if value is None:
                continue
            left = (index + 0.5) * band - each * series / 2 + at * each
            top = y(value)
            box = f'x="{left + 0.5:.1f}" y="{min(top, ground):g}" width="{max(each - 1, 1):.1f}" height="{max(abs(top - ground), 1):g}"'
            parts.append(f'<rect {box} fill="{colours[COLOURS[at]]}"></rect>')
    return parts


def _line(
    points: Sequence[tuple[float, float] | None], colour: str, dashes: str, ground: str, *, thin: bool = False
) -> list[str]:
    """A line that is interrupted where a figure is missing.

    It has a dot at its end, and at each point if there are few.
    """
    path, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
        else:
            path.append(f"{pen}{point[0]:g} {point[1]:g}")
            pen = "L"
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    thickness = 2 if thin else 3
    drawn = f'<path d="{"".join(path)}" stroke="{colour}" stroke-width="{thickness}" stroke-linejoin="round" stroke-linecap="round"{dashed} fill="none"></path>'
    there = [point for point in points if point]
    dotted = there if len(there) <= _FEW and not thin else there[-1:]
    edge = f' stroke="{ground}" stroke-width="2"' if ground else ""
    return [
        drawn,
        *(f'<circle cx="{x:g}" cy="{y:g}" r="{3 if thin else 5}" fill="{colour}"{edge}></circle>' for x, y in dotted),
    ]


def is_drawn(kind: str) -> bool:
    """Whether this type of chart is a drawing; bars and meters are cells of a table."""
    return kind in {COLUMN, "line", SPARKLINE}
