"""The statistics of a publication as a page: plots as inline SVG, for light and dark mode, each with a table; no script."""

from __future__ import annotations

from datetime import date
from html import escape
from math import ceil, log10
from statistics import median
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.archive.statistics import Count, IssueNumbers, Statistics

_WIDTH, _HEIGHT = 720, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 10, 26
_ROW, _BAR = 30, 16
_SHOWN = 15
"""The number of domains, authors and tags that are shown."""
_TICKS = 4
_WINDOW = 9
"""The number of issues of which the line shows the median."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A value of an issue."""

    day: date | None
    """The date; None if no issue has one. Then the issues are at equal distances."""
    value: float
    issue: str
    """The title of the issue."""
    label: str
    """The value in words."""


def statistics_page(title: str, numbers: Statistics, language: str = "en") -> str:
    """The whole page, for a browser. `title` is that of the publication."""
    parts = [_tiles(numbers)]
    measures = [
        ("Words", "words", "word"),
        ("Items", "items", "item"),
        ("Links", "links", "link"),
        ("Figures", "figures", "figure"),
    ]
    for heading, measure, noun in measures:
        if any(getattr(issue, measure) for issue in numbers.issues):
            parts.append(_over_time(heading, f"{heading} of each issue", _dots(numbers.issues, measure, noun)))
    gaps = [
        Dot(_day(issue), issue.days, _called(issue), f"{_plural(issue.days, 'day')} after the one before")
        for issue in numbers.issues
        if issue.days is not None
    ]
    if gaps:
        parts.append(_over_time("Cadence", "Days since the issue before", gaps, _cadence_note(numbers)))
    if numbers.kept is not None:
        strays = [
            Dot(_day(issue), issue.strays, _called(issue), _plural(issue.strays, "finding"))
            for issue in numbers.issues
            if issue.strays is not None
        ]
        note = f"{numbers.kept:.0%} of the issues follow the whole house format."
        parts.append(_over_time("House format", "Findings of each issue against its house format", strays, note))
        parts.append(_ranking("Rules that were broken", numbers.rules, "findings"))
    parts.append(_ranking("Domains", numbers.domains, "links"))
    parts.append(_ranking("Authors", numbers.authors, "words"))
    parts.append(_ranking("Tags", numbers.tags, "times"))
    parts.append(_years(numbers))
    body = "\n".join(filter(None, parts))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)} in numbers</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1><bdi>{escape(title)}</bdi> <span>in numbers</span></h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _tiles(numbers: Statistics) -> str:
    issues = numbers.issues
    tiles = [(f"{len(issues):,}", "issue" if len(issues) == 1 else "issues")]
    if issues:
        tiles += [
            (f"{numbers.words:,}", "words"),
            (f"{median(issue.words for issue in issues):,.0f}", "words in an issue (median)"),
            (f"{sum(issue.links for issue in issues):,}", "links"),
            (f"{len(numbers.domains):,}", "domains"),
        ]
    if numbers.cadence:
        tiles.append((f"{numbers.cadence.median:g}", "days between issues (median)"))
    if numbers.kept is not None:
        tiles.append((f"{numbers.kept:.0%}", "keep to the house format"))
    shown = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for value, label in tiles)
    span = "" if issues else "<p>There are no issues yet.</p>"
    if issues and issues[0].day:
        span = f"<p>{issues[0].day} to {issues[-1].day}</p>"
    return f'{span}\n<dl class="tiles">{shown}</dl>'


def _over_time(heading: str, axis: str, dots: Sequence[Dot], note: str = "") -> str:
    """A dot for each issue over time, and a line for the median of neighbouring issues."""
    name = heading.lower().replace(" ", "-")
    values = [dot.value for dot in dots]
    summary = f"{axis}: from {min(values):,g} to {max(values):,g}, {median(values):,g} in the median."
    rows = (
        (dot.day.isoformat() if dot.day else str(at), dot.issue, f"{dot.value:,g}") for at, dot in enumerate(dots, 1)
    )
    table = _table(("date" if dots[0].day else "", "issue", axis.lower()), rows)
    plot = "".join(_time_plot(dots, f"{name}-title", f"{name}-said", heading, summary))
    return (
        f'<section aria-labelledby="{name}">\n<h2 id="{name}">{heading}</h2>\n<p>{axis}.{f" {note}" if note else ""}</p>\n{plot}\n'
        f"<details><summary>As a table</summary>\n{table}</details>\n</section>"
    )


def _time_plot(dots: Sequence[Dot], title: str, description: str, heading: str, summary: str) -> Iterator[str]:
    top = _nice(max(dot.value for dot in dots))
    places = [dot.day.toordinal() if dot.day else at for at, dot in enumerate(dots)]
    first, last = places[0], places[-1]
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def across(place: int) -> float:
        return _LEFT + (wide * (place - first) / (last - first) if last > first else wide / 2)

    def down(value: float) -> float:
        return _TOP + high * (1 - value / top)

    yield f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="{title} {description}">'
    yield f'<title id="{title}">{escape(heading)}</title><desc id="{description}">{escape(summary)}</desc>'
    for tick in range(_TICKS + 1):
        value = top * tick / _TICKS
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{down(value):.1f}" y2="{down(value):.1f}"/>'
        yield f'<text class="end" x="{_LEFT - 8}" y="{down(value) + 4:.1f}">{value:,g}</text>'
    for place, label in _ticks(dots):
        x = min(max(across(place), _LEFT + 12), _WIDTH - _RIGHT - 16)
        yield f'<text class="middle" x="{x:.1f}" y="{_HEIGHT - 6}">{label}</text>'
    radius = 3 if len(dots) <= 80 else 2
    for place, dot in zip(places, dots, strict=True):
        where = f'cx="{across(place):.1f}" cy="{down(dot.value):.1f}" r="{radius}"'
        yield f"<circle {where}><title>{escape(dot.issue)}: {escape(dot.label)}</title></circle>"
    if len(dots) > _WINDOW:
        line = " ".join(
            f"{across(place):.1f},{down(value):.1f}" for place, value in zip(places, _medians(dots), strict=True)
        )
        yield f'<polyline points="{line}"/>'
    yield "</svg>"


def _medians(dots: Sequence[Dot]) -> Iterator[float]:
    half = _WINDOW // 2
    for at in range(len(dots)):
        yield median(each.value for each in dots[max(at - half, 0) : at + half + 1])


def _ticks(dots: Sequence[Dot]) -> Iterator[tuple[int, str]]:
    """Labels of the time axis: years; for less than two years, the first and last month; without dates, the first and last issue."""
    first, last = dots[0].day, dots[-1].day
    if first is None or last is None:
        yield 0, "first"
        if len(dots) > 1:
            yield len(dots) - 1, "last"
        return
    years = range(first.year + (first > date(first.year, 1, 31)), last.year + 1)
    if len(years) < 2:
        yield first.toordinal(), first.isoformat()[:7]
        if last != first:
            yield last.toordinal(), last.isoformat()[:7]
        return
    step = ceil(len(years) / 12)
    for year in years:
        if year % step == 0:
            yield date(year, 1, 1).toordinal(), str(year)


def _ranking(heading: str, counts: Sequence[Count], noun: str) -> str:
    """Bars in order of frequency, each with its numbers."""
    if not counts:
        return ""
    shown = counts[:_SHOWN]
    name = heading.lower().replace(" ", "-")
    most = max(count.issues for count in shown)
    rows = "".join(
        f'<tr><th scope="row"><bdi>{escape(count.name)}</bdi></th>'
        f'<td class="bar"><svg viewBox="0 0 100 {_BAR}" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{max(100 * count.issues / most, 0.5):.1f}" height="{_BAR}"/></svg></td>'
        f"<td>{count.issues:,}</td><td>{count.times:,}</td></tr>"
        for count in shown
    )
    more = f"<p>and {len(counts) - len(shown):,} more</p>" if len(counts) > len(shown) else ""
    return (
        f'<section aria-labelledby="{name}">\n<h2 id="{name}">{heading}</h2>\n<table class="ranking"><thead><tr>'
        f'<th scope="col">{heading.rstrip("s") if heading != "Rules that were broken" else "Rule"}</th><td></td>'
        f'<th scope="col">issues</th><th scope="col">{noun}</th></tr></thead><tbody>{rows}</tbody></table>{more}\n</section>'
    )


def _years(numbers: Statistics) -> str:
    if not numbers.years:
        return ""
    rows = (
        (
            year.year,
            f"{year.issues:,}",
            *(f"{value:,g}" for value in (year.words, year.items, year.figures, year.links)),
            "" if year.days is None else f"{year.days:g}",
            "" if year.kept is None else f"{year.kept:.0%}",
        )
        for year in reversed(numbers.years)
    )
    heads = ("year", "issues", "words", "items", "figures", "links", "days between", "keep the format")
    return (
        '<section aria-labelledby="years">\n<h2 id="years">Year by year</h2>\n<p>Medians of each year’s issues.</p>\n'
        f"{_table(heads, rows)}</section>"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td><bdi>{escape(each)}</bdi></td>" for each in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n'
    )


def _dots(issues: Sequence[IssueNumbers], measure: str, noun: str) -> list[Dot]:
    return [
        Dot(_day(issue), getattr(issue, measure), _called(issue), _plural(getattr(issue, measure), noun))
        for issue in issues
    ]


def _day(issue: IssueNumbers) -> date | None:
    return date.fromisoformat(issue.day) if issue.day else None


def _called(issue: IssueNumbers) -> str:
    title = " ".join(issue.title.split())
    return title if issue.number is None else f"No. {issue.number} {title}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _cadence_note(numbers: Statistics) -> str:
    cadence = numbers.cadence
    if cadence is None:
        return ""
    return (
        f"Most often on a {cadence.weekday} ({cadence.share:.0%}); the longest gap was {_plural(cadence.longest, 'day')}, "
        f"from {cadence.between[0]} to {cadence.between[1]}."
    )


def _nice(most: float) -> float:
    """The next round number that can be divided into four steps."""
    if most <= _TICKS:
        return _TICKS
    size = 10.0 ** int(log10(most))
    return next(step * size for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10, 12) if step * size >= most)


STYLE = """\
:root { --paper: #f4f1ea; --card: #fffdf9; --ink: #1d2126; --soft: #5c6168; --rule: #ddd6c8; --accent: #a6341b; --dot: #c79a6b; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #15171a; --card: #1c1f23; --ink: #ebe7df; --soft: #a8aaad; --rule: #363a40; --accent: #f08a6c; --dot: #8a6f55; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/24px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
main { max-width: 800px; margin: 0 auto; padding: 40px; background: var(--card); min-height: 100vh; }
h1 { margin: 0; font: 700 40px/45px Georgia, Cambria, serif; }
h1 span { color: var(--soft); font-weight: 400; }
h2 { margin: 0; font: 600 12.5px/18px system-ui, sans-serif; letter-spacing: .09em; text-transform: uppercase; color: var(--accent); }
p { margin: 4px 0 12px; color: var(--soft); }
section { border-top: 1px solid var(--rule); margin-top: 36px; padding-top: 14px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: 20px; margin: 24px 0 0; }
.tiles div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tiles dd { margin: 0; font: 30px/34px Georgia, Cambria, serif; font-variant-numeric: tabular-nums lining-nums; }
.tiles dt { color: var(--soft); font-size: 13.5px; line-height: 18px; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
svg .end { text-anchor: end; }
svg .middle { text-anchor: middle; }
svg .grid { stroke: var(--rule); stroke-width: 1; }
svg circle { fill: var(--dot); }
svg polyline { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
svg rect { fill: var(--accent); }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 20px; font-variant-numeric: tabular-nums; }
th, td { text-align: end; padding: 5px 8px; border-bottom: 1px solid var(--rule); font-weight: 400; }
thead th { color: var(--soft); font-size: 13px; }
th:first-child { text-align: start; padding-inline-start: 0; overflow-wrap: anywhere; }
tbody th { font-weight: 600; }
details th:first-child { white-space: nowrap; overflow-wrap: normal; }
details td:nth-child(2), details th:nth-child(2) { text-align: start; overflow-wrap: anywhere; }
.ranking .bar { width: 45%; }
.ranking .bar svg { height: 10px; }
.ranking th:first-child { width: 34%; }
.scroll { overflow-x: auto; max-height: 60vh; }
summary { cursor: pointer; color: var(--soft); font-size: 14px; padding: 6px 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 560px) {
  svg text { font-size: 20px; }
  svg circle { r: 4px; }
  svg polyline { stroke-width: 3; }
}
@media (max-width: 560px) { main { padding: 24px 20px; } h1 { font-size: 32px; line-height: 38px; } .ranking .bar { width: 30%; } }
@media print { body, main { background: none; } details { display: none; } }
"""
