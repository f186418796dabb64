"""The data of a chart: the figures of its table, in the notation of the issue's language, and the faults in them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from newsletter.model import NOWHERE, Table
from newsletter.records import dataclass
from newsletter.suggest import closest
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.language import Language
    from newsletter.model import Directive, Inline, Span, TableCell

BAR, COLUMN, LINE, METER, SPARKLINE = TYPES = ("bar", "column", "line", "meter", "sparkline")
"""The values of `type`. The first is the default."""
MOST_SERIES = 3
"""The most lines, or bars in a row: the theme has this many colours that are distinct in light and dark mode."""
MOST = {BAR: 20, COLUMN: 24, LINE: 120, METER: 20, SPARKLINE: 12}
"""The most rows of the table, by type."""
FEWEST_POINTS = {LINE: 2, SPARKLINE: 3}
_NOTHING = frozenset({"", "-", "–", "—", "·", "n/a", "na", ".."})
"""The content of a cell without a number."""
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers that belong together: a line, or the bars of one colour."""

    name: tuple[Inline, ...]
    values: tuple[Decimal | None, ...]
    """None for a cell without a number."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a chart that cannot be drawn."""

    span: Span
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, as far as it can be drawn."""

    type: str
    labels: tuple[tuple[Inline, ...], ...]
    """The labels of the rows; for a sparkline, of the columns."""
    series: tuple[Series, ...]
    unit: str = ""
    wholes: tuple[Decimal, ...] = ()
    """For a meter, the total for each number."""
    table: Table | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def drawable(self) -> bool:
        """Whether there is anything to draw."""
        return any(value is not None for one in self.series for value in one.values)

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest value of its axis. Zero is included, except for a line that hardly varies."""
        values = [value for one in self.series for value in one.values if value is not None]
        low, high = min(values, default=Decimal(0)), max(values, default=Decimal(0))
        if self.type == LINE and low > 0 and (high - low) * 4 < high:
            return low, high
        return min(low, Decimal(0)), max(high, Decimal(0))


def type_of(directive: Directive) -> str:
    """The type of a chart, or the default one."""
    written = directive.fields.get("type", "").strip().lower()
    return written if written in TYPES else TYPES[0]


def read_chart(directive: Directive, language: Language) -> Chart:
    """Reads the table of a `chart`."""
    table = next((block for block in directive.blocks if isinstance(block, Table)), None)
    kind, unit = type_of(directive), directive.fields.get("unit", "").strip()
    written = directive.fields.get("type", "").strip()
    faults = []
    if written and written.lower() not in TYPES:
        meant = closest(written, TYPES, cutoff=0.6)
        advice = f"Did you mean `{meant}`?" if meant else f"Write one of {', '.join(TYPES)}."
        place = directive.field_spans.get("type", directive.name_span)
        faults.append(Fault(place, f"there is no chart type `{written}`", f"{advice} Until then it is drawn as bars."))
    if table is None:
        advice = "Add one: names in the first column, numbers in the next."
        return Chart(kind, (), (), unit, faults=(*faults, Fault(directive.name_span, "the chart has no table", advice)))
    reader = _CellReader(language, unit, faults)
    if kind == SPARKLINE:
        chart = _sparkline(table, unit, reader)
    elif kind == METER:
        chart = _meter(directive, table, unit, reader)
    else:
        chart = _usual(kind, table, unit, reader)
    return Chart(
        chart.type,
        chart.labels,
        chart.series,
        unit,
        chart.wholes,
        table,
        (*faults, *_too_much(chart, table, directive, reported=bool(faults))),
    )


class _CellReader:
    """Reads cells, and records those that are not numbers."""

    def __init__(self, language: Language, unit: str, faults: list[Fault]) -> None:
        self._language = language
        self._units = (unit,)
        self.faults = faults

    def number(self, text: str) -> Decimal | None:
        """The number in a text, with or without a unit."""
        return self._language.read_number(text, self._units)

    def figure(self, row: tuple[TableCell, ...], column: int) -> Decimal | None:
        """The number in a cell."""
        if column >= len(row):
            return None
        cell = row[column]
        text = plain_text(cell.inlines).strip()
        if text.lower() in _NOTHING:
            return None
        value = self.number(text)
        if value is None:
            advice = "Write only the number, such as 12.5, and put its unit in `unit:`. Leave the cell empty if there is no value."
            self.faults.append(Fault(_place(cell), f"`{text[:40]}` is not a number", advice))
        return value


def _place(cell: TableCell) -> Span:
    return (
        cell.inlines[0].span
        if cell.span == NOWHERE and cell.inlines and hasattr(cell.inlines[0], "span")
        else cell.span
    )


def _columns(table: Table) -> int:
    return max((len(row) for row in (table.head, *table.rows)), default=0)


def _usual(kind: str, table: Table, unit: str, reader: _CellReader) -> Chart:
    labels = tuple(row[0].inlines if row else () for row in table.rows)
    series = []
    for column in range(1, min(_columns(table), MOST_SERIES + 1)):
        name = table.head[column].inlines if column < len(table.head) else ()
        series.append(Series(name, tuple(reader.figure(row, column) for row in table.rows)))
    return Chart(kind, labels, tuple(series), unit)


def _sparkline(table: Table, unit: str, reader: _CellReader) -> Chart:
    """Each row as a line; a table of two columns is one line, from top to bottom."""
    if _columns(table) == 2:
        return _usual(SPARKLINE, table, unit, reader)
    labels = tuple(cell.inlines for cell in table.head[1:])
    rows = (
        Series(row[0].inlines if row else (), tuple(reader.figure(row, at) for at in range(1, _columns(table))))
        for row in table.rows
    )
    return Chart(SPARKLINE, labels, tuple(rows), unit)


def _meter(directive: Directive, table: Table, unit: str, reader: _CellReader) -> Chart:
    labels = tuple(row[0].inlines if row else () for row in table.rows)
    values = [reader.figure(row, 1) for row in table.rows]
    most = directive.fields.get("max", "").strip()
    whole = reader.number(most) if most else _WHOLE if unit == "%" else None
    if most and (whole is None or whole <= 0):
        place = directive.field_spans.get("max", directive.name_span)
        reader.faults.append(
            Fault(place, f"`{most[:40]}` cannot be the maximum of a meter", "Write a number greater than zero.")
        )
    wholes = [reader.figure(row, 2) if _columns(table) > 2 else whole for row in table.rows]
    if _columns(table) < 3 and whole is None and not most:
        advice = "Write `max: 50` or `unit: %`, or add a third column with the maximum of each row."
        reader.faults.append(Fault(directive.name_span, "the meter has no maximum", advice))
    kept = []
    for row, value, all_of_it in zip(table.rows, values, wholes, strict=True):
        top = all_of_it if all_of_it and all_of_it > 0 else max((one for one in values if one), default=Decimal(1))
        kept.append(top)
        if value is not None and not 0 <= value <= top:
            message = f"the meter goes from 0 to {top} and cannot show {value}"
            reader.faults.append(Fault(_place(row[1]), message, "Correct the value or the maximum."))
    return Chart(METER, labels, (Series((), tuple(values)),), unit, tuple(kept))


def _too_much(chart: Chart, table: Table, directive: Directive, *, reported: bool) -> Iterator[Fault]:
    """The numbers that do not suit the type.

    A series without numbers is not reported if another fault may be the cause.
    """
    downwards = chart.type == SPARKLINE and _columns(table) == 2
    rows, most = len(table.rows), MOST[LINE if downwards else chart.type]
    if rows > most:
        advice = "Use a line chart, or remove some rows." if chart.type != LINE else "Remove some rows."
        yield Fault(table.rows[most][0].span, f"a {chart.type} chart can have at most {most} rows", advice)
    if not chart.series or not rows:
        yield Fault(table.span, "the table has no numbers", "Write names in the first column and numbers in the next.")
        return
    wanted = FEWEST_POINTS.get(chart.type, 1)
    for one in () if reported else chart.series:
        if sum(value is not None for value in one.values) < wanted:
            what = f"at least {wanted} figures" if wanted > 1 else "a figure"
            name = plain_text(one.name)
            yield Fault(
                table.span,
                f"{f'`{name}`' if name else 'the chart'} needs {what} to be drawn",
                "Add them, or choose another type.",
            )
    if chart.type in {BAR, COLUMN, LINE} and _columns(table) > MOST_SERIES + 1:
        head = table.head[MOST_SERIES + 1] if len(table.head) > MOST_SERIES + 1 else table.rows[0][-1]
        advice = (
            "Remove some, or make two charts: readers cannot tell more apart. The table below the chart has them all."
        )
        yield Fault(_place(head), f"a chart can have at most {MOST_SERIES} columns of numbers", advice)
    if chart.type in {BAR, COLUMN} and chart.unit == "" and directive.fields.get("max"):
        place = directive.field_spans.get("max", directive.name_span)
        yield Fault(place, f"a {chart.type} chart has no `max`", "Remove the line: only a meter has a maximum.")
