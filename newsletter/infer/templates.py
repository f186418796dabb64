"""The pattern that texts have in common: `Issue #41` and `Issue #42` match `Issue #{number}`.

Every text is divided into plain text, dates and numbers. Texts that differ only in dates and numbers have one pattern,
and if a few patterns cover nearly all texts, they are those of the field. A date or number is a field of the issue, if
it agrees with that in nearly all issues, or the same as one in another pattern; else it gets a name of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.digits import MOST
from newsletter.house.forms import agree
from newsletter.house.headings import date_regex, date_values
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from newsletter.house.forms import Value
    from newsletter.infer.observe import Seen
    from newsletter.language import Calendar, Language

DATES = (
    "EEEE, MMMM d, yyyy",
    "EEEE, d MMMM yyyy",
    "EEEE d MMMM yyyy",
    "MMMM d, yyyy",
    "d MMMM yyyy",
    "d. MMMM yyyy",
    "d MMMM, yyyy",
    "MMM d, yyyy",
    "d MMM yyyy",
    "yyyy年M月d日",
    "yyyy-MM-dd",
    "yyyy/MM/dd",
    "yyyy.MM.dd",
    "yyyy年M月",
    "MMMM yyyy",
    "LLLL yyyy",
    "MMM yyyy",
    "MMMM d",
    "d MMMM",
    "M月d日",
    "MMMM",
    "LLLL",
)
"""The patterns of written dates, longest first."""
ENOUGH = 0.95
"""The share of texts that the patterns of a field must cover."""
_FEW = 3
"""The most patterns of a field."""
_RARE = 0.05
"""The smallest share of texts with a pattern."""
_AGREES = 0.9
_NUMBER = re.compile(rf"(?<!\d)\d{{1,{MOST}}}(?!\d)")
_LAST_WORD = {"date": re.compile(r"([A-Za-z]{3,}) $"), "number": re.compile(r"([A-Za-z]{3,})[ #._-]*$")}
_TAKEN = frozenset(("date", "period", "number", "slug", "title", "file", "any"))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: plain text, a date or a number."""

    text: str
    """Plain text as written; of a date or number, its format: `MMMM yyyy`, `000`."""
    kind: str = ""
    """"", "date" or "number"."""
    value: Value = ""


_Shape = tuple[tuple[str, str], ...]
"""The text and kind of each part of texts with the same pattern, without the values of numbers."""
_Rows = dict[int, tuple[Part, ...]]
"""The parts of an issue's text, by the position of the issue."""


@dataclass(slots=True)
class Names:
    """The names of the dates and numbers found so far, so that the same value has the same name in another field."""

    known: dict[str, list[Value | None]] = field(default_factory=dict)
    """For each name, its value in each issue."""

    def fresh(self, wanted: str) -> str:
        """A name that is not used yet. Names have letters only, so the second `day` is `day_b`."""
        endings = ("", *(f"_{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"))
        free = (wanted + ending for ending in endings if wanted + ending not in _TAKEN | self.known.keys())
        return next(free, wanted)


@lru_cache(maxsize=64)
def _dates(calendar: Calendar) -> tuple[tuple[str, re.Pattern[str]], ...]:
    long = re.sub(r"(?<!y)y(?!y)", "yyyy", calendar.long)
    return tuple((pattern, _whole(pattern, calendar)) for pattern in dict.fromkeys((long, *DATES)))


def _whole(pattern: str, calendar: Calendar) -> re.Pattern[str]:
    """An expression for a date that is not part of a longer number or word."""
    begins = r"(?<!\d)" if re.match(r"[yd]|M{1,2}(?!M)", pattern) else r"(?<![^\W\d_])"
    ends = r"(?!\d)" if re.search(r"[yd]$", pattern) else r"(?![^\W\d_])" if pattern[-1].isascii() else ""
    return re.compile(f"{begins}{date_regex(pattern, calendar)}{ends}")


@lru_cache(maxsize=4096)
def _values(written: str, pattern: str, calendar: Calendar) -> dict[str, int]:
    return date_values(written, pattern, calendar)


def cut(text: str, calendar: Calendar) -> tuple[Part, ...]:
    """The parts of a text: plain text, dates and numbers."""
    return tuple(_cut(text, calendar))


def _cut(text: str, calendar: Calendar) -> Iterator[Part]:
    for pattern, shape in _dates(calendar):
        match = shape.search(text)
        if match and _is_date(match[0], pattern, calendar):
            yield from _cut(text[: match.start()], calendar)
            yield Part(pattern, "date", tuple(sorted(_values(match[0], pattern, calendar).items())))
            yield from _cut(text[match.end() :], calendar)
            return
    at = 0
    for number in _NUMBER.finditer(text):
        if number.start() > at:
            yield Part(text[at : number.start()])
        padded = number[0].startswith("0") and len(number[0]) > 1
        yield Part("0" * len(number[0]) if padded else "", "number", int(number[0]))
        at = number.end()
    if at < len(text):
        yield Part(text[at:])


def _is_date(written: str, pattern: str, calendar: Calendar) -> bool:
    values = _values(written, pattern, calendar)
    return all(
        low <= values[part] <= high
        for part, low, high in (("month", 1, 12), ("day", 1, 31), ("year", 1900, 2199))
        if part in values
    )


def forms_of(texts: Mapping[int, str], issues: Sequence[Seen], language: Language, names: Names) -> tuple[str, ...]:
    """The patterns of a field; `texts` has its text in each issue, by position. Empty if it has no patterns."""
    files = sum(text == issues[place].name for place, text in texts.items())
    if files >= ENOUGH * len(texts):
        return ("{file}",)
    groups: dict[_Shape, _Rows] = {}
    for place, text in texts.items():
        parts = cut(text, language.calendar)
        groups.setdefault(_shape(parts), {})[place] = parts
    forms = next(filter(None, (_common(shaped(groups), len(texts)) for shaped in _SHAPED)), {})
    if not any(kind for shape in forms for _, kind in shape):
        return ()
    return tuple(dict.fromkeys(_form(shape, rows, issues, names) for shape, rows in forms.items()))


def _shape(parts: Sequence[Part]) -> _Shape:
    return tuple((part.text if part.kind != "number" else "", part.kind) for part in parts)


def _common(groups: Mapping[_Shape, _Rows], total: int) -> dict[_Shape, _Rows]:
    """The few shapes that nearly all texts have; none if there are no such shapes."""
    often = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    chosen = {shape: rows for shape, rows in often[:_FEW] if len(rows) >= max(2, _RARE * total)}
    # A text that is the same in all issues is a choice, not a pattern.
    return chosen if sum(map(len, chosen.values())) >= ENOUGH * total else {}


def _beginnings(groups: Mapping[_Shape, _Rows]) -> dict[_Shape, _Rows]:
    """The beginnings of texts, up to the delimiter after the first date or number: `Letter {number}: {any}`."""
    found: dict[_Shape, _Rows] = {}
    for shape, rows in groups.items():
        first = next((place for place, (_, kind) in enumerate(shape) if kind), None)
        if first is None or first + 1 >= len(shape):
            continue
        delimiter = re.match(r"\s*[:：.)\]|–—-]\s*|\s+", shape[first + 1][0])
        if shape[first + 1][1] or not delimiter:
            continue
        begin = (*shape[: first + 1], (delimiter[0], ""), ("", "any"))
        found.setdefault(begin, {}).update({place: parts[: first + 1] for place, parts in rows.items()})
    return found


def _endings(groups: Mapping[_Shape, _Rows]) -> dict[_Shape, _Rows]:
    """The ends of texts, from the delimiter before the last date or number: `{any} – letter {number}`."""
    found: dict[_Shape, _Rows] = {}
    for shape, rows in groups.items():
        if ending := _ending(shape):
            at, delimiter = ending
            end = (("", "any"), (delimiter, ""), *shape[at:])
            blank = Part("")
            found.setdefault(end, {}).update({place: (blank, blank, *parts[at:]) for place, parts in rows.items()})
    return found


def _frames(groups: Mapping[_Shape, _Rows]) -> dict[_Shape, _Rows]:
    """The beginnings and ends of texts: `Letter {number}: {any} ({date:MMMM yyyy})`."""
    found: dict[_Shape, _Rows] = {}
    for shape, rows in groups.items():
        begin, begun = next(iter(_beginnings({shape: rows}).items()), ((), {}))
        ending = _ending(shape)
        if not begin or not ending:
            continue
        at, delimiter = ending
        behind = len(begin) - 2  # the index of the text after the first date or number
        room = len(shape[behind][0]) - len(begin[behind][0]) if at == behind + 1 else len(delimiter)
        if at <= behind or room < len(delimiter):
            continue
        whole = (*begin, (delimiter, ""), *shape[at:])
        blank = Part("")
        parts = {place: (*begun[place], blank, blank, blank, *row[at:]) for place, row in rows.items()}
        found.setdefault(whole, {}).update(parts)
    return found


_BEFORE = re.compile(r"(?:\s+[–—|-]\s+|\s*[:：(（\[|]\s*|,\s+)[^–—|:：(（\[,]*$")


def _ending(shape: _Shape) -> tuple[int, str] | None:
    """The index of the last date or number, and the text before it from a delimiter on; None if there is none."""
    last = next((place for place in range(len(shape) - 1, 0, -1) if shape[place][1]), None)
    if last is None or shape[last - 1][1]:
        return None
    text = shape[last - 1][0]
    delimiter = _BEFORE.search(text)
    return (last, delimiter[0]) if delimiter and (delimiter.start() > 0 or last > 1) else None


_SHAPED: tuple[Callable[[Mapping[_Shape, _Rows]], Mapping[_Shape, _Rows]], ...] = (dict, _frames, _beginnings, _endings)
"""The ways to shorten texts, the most specific first: not at all, to both ends, to the beginning, or to the end."""


def _form(shape: _Shape, rows: _Rows, issues: Sequence[Seen], names: Names) -> str:
    written = []
    for at, (text, kind) in enumerate(shape):
        if kind == "any":
            written.append("{any}")
        elif not kind:
            written.append(text.replace("{", "\\{").replace("}", "\\}"))
        else:
            parts = {place: row[at] for place, row in rows.items()}
            before = shape[at - 1][0] if at else ""
            name = _name({place: part.value for place, part in parts.items()}, kind, before, issues, names)
            written.append(_field(name, kind, text or max(part.text for part in parts.values())))
    return "".join(written)


def _field(name: str, kind: str, how: str) -> str:
    """A field of a pattern; `how` is the format of its date or number."""
    if kind == "date":
        return f"{{{name}:{how}}}"
    if name != "number":
        return f"{{{name}:number}}"
    return f"{{number:{how}}}" if how else "{number}"


def _name(values: Mapping[int, Value], kind: str, before: str, issues: Sequence[Seen], names: Names) -> str:
    """The name of a date or number in a pattern; `before` is the text before it."""
    own = _own(kind, issues)
    shared = values.keys() & own.keys()
    if len(shared) >= _AGREES * len(values):
        if sum(agree(values[place], own[place]) for place in shared) >= _AGREES * len(shared):
            return kind
    elif len(set(values.values())) >= _AGREES * len(values) and kind not in names.known:
        # The issues have it nowhere else, so this is its source.
        return kind
    for name, known in names.known.items():
        both = [place for place in values if known[place] is not None]
        same = sum(agree(values[place], known[place] or "") for place in both)
        if len(both) >= _AGREES * len(values) and same >= _AGREES * len(both):
            return name
    word = _LAST_WORD[kind].search(before)
    name = names.fresh(word[1].lower() if word else "day" if kind == "date" else "count")
    names.known[name] = [values.get(place) for place in range(len(issues))]
    return name


def _own(kind: str, issues: Sequence[Seen]) -> dict[int, Value]:
    """The date or number of each issue that has one."""
    if kind == "date":
        return {place: _parts_of(issue.date) for place, issue in enumerate(issues) if issue.date is not None}
    return {place: issue.number for place, issue in enumerate(issues) if issue.number is not None}


def _parts_of(day: date) -> Value:
    _, week, weekday = day.isocalendar()
    return (("day", day.day), ("month", day.month), ("week", week), ("weekday", weekday), ("year", day.year))


def most_common(texts: Sequence[str]) -> list[tuple[str, int]]:
    """Texts by frequency, the most frequent first, then alphabetically."""
    return sorted(Counter(texts).items(), key=lambda pair: (-pair[1], pair[0]))
