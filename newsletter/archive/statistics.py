"""The statistics of a publication: numbers, lengths, intervals, authors and linked sites.

They also show how well issues follow the house format.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.archive.search.index import IndexedIssue

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class IssueNumbers:
    """An issue in numbers."""

    path: str
    title: str
    day: str
    """The day in ISO 8601; empty for all issues if none has a date."""
    number: int | None
    words: int
    items: int
    figures: int
    links: int
    days: int | None
    """The days since the previous issue; None for the first."""
    strays: int | None
    """The number of deviations from its house format; None if it was not checked."""


@dataclass(frozen=True, slots=True)
class YearNumbers:
    """A year in numbers. All are medians, except `issues`."""

    year: str
    issues: int
    words: float
    items: float
    figures: float
    links: float
    days: float | None
    kept: float | None
    """The share of its issues that follow the whole house format."""


@dataclass(frozen=True, slots=True)
class Count:
    """A count of something, and of the issues that have it."""

    name: str
    times: int
    issues: int


@dataclass(frozen=True, slots=True)
class Cadence:
    """The intervals between issues."""

    median: float
    """The median number of days between two issues."""
    longest: int
    between: tuple[str, str]
    """The days before and after the longest gap."""
    weekday: str
    """The most frequent weekday, and its share."""
    share: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """All numbers of a publication."""

    issues: tuple[IssueNumbers, ...]
    """Oldest first."""
    years: tuple[YearNumbers, ...]
    authors: tuple[Count, ...]
    """The most frequent first; `times` are words."""
    tags: tuple[Count, ...]
    domains: tuple[Count, ...]
    """`times` are links."""
    rules: tuple[Count, ...]
    """The rules of the house format that issues broke; `times` are findings."""
    cadence: Cadence | None

    @property
    def words(self) -> int:
        """The number of words in all issues."""
        return sum(issue.words for issue in self.issues)

    @property
    def kept(self) -> float | None:
        """The share of issues that follow the whole house format; None if they were not checked."""
        looked = [issue.strays for issue in self.issues if issue.strays is not None]
        return sum(not strays for strays in looked) / len(looked) if looked else None


def statistics_of(
    issues: Sequence[IndexedIssue],
    domains: Iterable[tuple[str, str]],
    strays: Mapping[str, Sequence[str]] | None = None,
) -> Statistics:
    """The statistics of `issues`. `domains` has the domain of each link with the path of its issue.

    `strays` has, by path, the codes of the rules of the house format that an issue breaks. It is None if the issues
    were not checked.
    """
    dated = [issue for issue in issues if issue.day]
    ordered = sorted(dated or issues, key=lambda issue: (issue.day, issue.number or 0, issue.path))
    numbers = []
    before: date | None = None
    for issue in ordered:
        day = date.fromisoformat(issue.day) if issue.day else None
        found = strays.get(issue.path) if strays is not None else None
        numbers.append(
            IssueNumbers(
                path=issue.path,
                title=issue.title,
                day=issue.day,
                number=issue.number,
                words=issue.words,
                items=issue.items,
                figures=issue.figures,
                links=issue.links,
                days=(day - before).days if day and before else None,
                strays=None if found is None else len(found),
            )
        )
        before = day
    paths = {issue.path for issue in ordered}
    return Statistics(
        issues=tuple(numbers),
        years=tuple(_years(numbers)),
        authors=_counts((author, issue.path, issue.words) for issue in ordered for author in issue.authors),
        tags=_counts((tag, issue.path, 1) for issue in ordered for tag in issue.tags),
        domains=_counts((domain, path, 1) for domain, path in domains if path in paths),
        rules=_counts((code, path, 1) for path, codes in (strays or {}).items() for code in codes if path in paths),
        cadence=_cadence(numbers),
    )


def _years(numbers: Sequence[IssueNumbers]) -> Iterable[YearNumbers]:
    by_year: dict[str, list[IssueNumbers]] = defaultdict(list)
    for issue in numbers:
        if issue.day:
            by_year[issue.day[:4]].append(issue)
    for year, issues in by_year.items():
        gaps = [issue.days for issue in issues if issue.days is not None]
        looked = [issue.strays for issue in issues if issue.strays is not None]
        yield YearNumbers(
            year=year,
            issues=len(issues),
            words=median(issue.words for issue in issues),
            items=median(issue.items for issue in issues),
            figures=median(issue.figures for issue in issues),
            links=median(issue.links for issue in issues),
            days=median(gaps) if gaps else None,
            kept=sum(not strays for strays in looked) / len(looked) if looked else None,
        )


def _counts(found: Iterable[tuple[str, str, int]]) -> tuple[Count, ...]:
    times: Counter[str] = Counter()
    issues: dict[str, set[str]] = defaultdict(set)
    for name, path, count in found:
        times[name] += count
        issues[name].add(path)
    counts = [Count(name, count, len(issues[name])) for name, count in times.items()]
    return tuple(sorted(counts, key=lambda count: (-count.issues, -count.times, count.name)))


def _cadence(numbers: Sequence[IssueNumbers]) -> Cadence | None:
    gaps = [(after.days, before.day, after.day) for before, after in pairwise(numbers) if after.days is not None]
    if not gaps:
        return None
    longest, start, end = max(gaps, key=lambda gap: gap[0])
    days = Counter(date.fromisoformat(issue.day).weekday() for issue in numbers)
    weekday, count = min(days.items(), key=lambda day: (-day[1], day[0]))
    return Cadence(median(days for days, _, _ in gaps), longest, (start, end), _DAYS[weekday], count / len(numbers))


_BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], columns: int = 60) -> str:
    """The values as a row of bars that start at zero, in at most this many columns.

    Each bar is the median of its values.
    """
    if not values:
        return ""
    count = min(columns, len(values))
    steps = [values[at * len(values) // count : (at + 1) * len(values) // count] for at in range(count)]
    means = [median(step) for step in steps]
    top = max(means)
    return "".join(_BARS[min(int(mean / top * len(_BARS)), len(_BARS) - 1)] if top > 0 else _BARS[0] for mean in means)
