"""The fixed words and the dates of a language, from templates/theme/strings/<language>.yaml.

A file says what differs from the files behind it: `nl-BE` is completed by `nl`, and any language by `en`. A workspace
has its own files in the same place, which are asked first, word by word.
"""

from __future__ import annotations

import re
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newsletter.diagnostics import in_order
from newsletter.errors import ConfigurationError
from newsletter.files import read_text
from newsletter.records import dataclass
from newsletter.yamldoc import load
from newsletter.yamlread import Flaw, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from newsletter.yamlread import Table

_FIELD = re.compile(r"\{([a-z_]+)\}")
_PATTERN_PART = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_CONDITION = re.compile(r"n(?: % (?P<modulo>\d+))? (?P<relation>=|!=) (?P<ranges>\d+(?:\.\.\d+)?(?:,\d+(?:\.\.\d+)?)*)")
_RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi")
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset(("arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"))
_AMERICAN_DATES = frozenset(("en-us", "en-ph", "en-pr", "en-gu", "en-vi"))
"""The English of all other regions writes the day first, as CLDR has it: there `en-001` stands between."""
_NAMES = {"months": 12, "months_alone": 12, "months_short": 12, "months_short_alone": 12, "days": 7, "days_short": 7}
"""The lists of a calendar, and how many names each holds; days begin with Monday (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How dates are written, as the CLDR has it."""

    long: str = "d MMMM y"
    """The pattern of a whole date."""
    months: tuple[str, ...] = ()
    """From January, as they stand in a date (`3 de marzo`)."""
    months_alone: tuple[str, ...] = ()
    """As they stand by themselves, where that differs."""
    months_short: tuple[str, ...] = ()
    months_short_alone: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    """From Monday."""
    days_short: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """A language that letters are written in."""

    code: str
    """The BCP 47 tag as asked for, also where the words had to come from another language."""
    dir: str
    """The direction of its script: `ltr` or `rtl`."""
    words: Mapping[str, str]
    """The fixed words by key, as they are before any number is known; see `say`."""
    calendar: Calendar = field(default_factory=Calendar)
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Words that differ by number: key -> CLDR plural category -> words."""
    plurals: Mapping[str, str] = field(default_factory=dict)
    """CLDR plural category -> when it holds, in the CLDR's syntax over whole numbers `n`."""

    def say(self, key: str, **fields: object) -> str:
        """The words of `key` with each `{field}` filled in; the number `count` chooses the form. KeyError for no such key."""
        words = self.words[key]
        count = fields.get("count")
        if isinstance(count, int) and key in self.forms:
            words = self.forms[key].get(self.plural(count), words)
        return _FIELD.sub(lambda match: str(fields.get(match[1], match[0])), words)

    def plural(self, count: int) -> str:
        """The CLDR plural category of a whole number, such as `one` or `other`."""
        return next((category for category, rule in self.plurals.items() if _holds(rule, abs(count))), "other")

    def format_date(self, day: date, pattern: str) -> str:
        """The date by a CLDR pattern (Unicode TR35, part 4): `d MMMM yyyy`, `EEEE`, `LLLL`, `'week' w`.

        Raises ValueError for a letter without meaning here; `y M L d E c w Y` are known.
        """
        return "".join(part if letter is None else self._part(day, letter, part) for letter, part in _parts(pattern))

    def long_date(self, day: date) -> str:
        """The date as it is written out: `31 January 2024`."""
        return self.format_date(day, self.calendar.long)

    def _part(self, day: date, letter: str, part: str) -> str:
        """One field of a pattern, such as `MMMM`."""
        width = len(part)
        if letter in "yY":
            year = day.year if letter == "y" else day.isocalendar().year
            return f"{year % 100:02}" if width == 2 else f"{year:0{width}}"
        if letter in "ML" and width > 2:
            return self._months(short=width == 3, alone=letter == "L")[day.month - 1]
        if letter in "Ec":
            return (self.calendar.days_short if width < 4 else self.calendar.days)[day.weekday()]
        number = {"M": day.month, "L": day.month, "d": day.day, "w": day.isocalendar().week}[letter]
        return f"{number:0{width}}"

    def _months(self, *, short: bool, alone: bool) -> tuple[str, ...]:
        calendar = self.calendar
        if short:
            return (calendar.months_short_alone if alone else ()) or calendar.months_short
        return (calendar.months_alone if alone else ()) or calendar.months


_WIDTHS = {"y": 4, "Y": 4, "M": 4, "L": 4, "d": 2, "E": 4, "c": 4, "w": 2}


@lru_cache(maxsize=256)
def _parts(pattern: str) -> tuple[tuple[str | None, str], ...]:
    """The fields of a date pattern as (letter, as written), and the text between them as (None, text)."""
    parts: list[tuple[str | None, str]] = []
    end = 0
    for match in _PATTERN_PART.finditer(pattern):
        if match.start() != end:
            break
        end = match.end()
        letter = match[2]
        if letter is None:
            text = match[0] if match[1] is None else match[1].replace("''", "'") or "'"
            parts.append((None, text))
        elif len(match[0]) > _WIDTHS.get(letter, 0):
            msg = f"`{match[0]}` means nothing in a date pattern"
            raise ValueError(msg)
        else:
            parts.append((letter, match[0]))
    if end != len(pattern):
        msg = f"a quotation mark in the date pattern `{pattern}` is never closed"
        raise ValueError(msg)
    return tuple(parts)


def _holds(rule: str, n: int) -> bool:
    """Whether a CLDR plural rule (`n % 10 = 2..4 and n % 100 != 12..14`) holds for the whole number `n`."""
    return any(all(_condition(part, n) for part in either.split(" and ")) for either in rule.split(" or "))


def _condition(text: str, n: int) -> bool:
    match = _CONDITION.fullmatch(text.strip())
    if not match:
        return False
    value = n % int(match["modulo"]) if match["modulo"] else n
    bounds = (part.partition("..") for part in match["ranges"].split(","))
    within = any(int(low) <= value <= int(high or low) for low, _, high in bounds)
    return within == (match["relation"] == "=")


# ── Loading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def load_language(code: str, templates: Sequence[Path]) -> Language:
    """The language of a BCP 47 tag; `templates` are the theme folders to look in, the first that has a word wins.

    What no file says in the language itself is said in English. Raises ConfigurationError for a file with faults.
    """
    words: dict[str, str] = {}
    forms: dict[str, Mapping[str, str]] = {}
    dates: dict[str, Any] = {}
    plurals: Mapping[str, str] = {}
    for path in _files(code, templates):
        strings = _read(path)
        for key, said in strings.words.items():
            if key not in words:
                words[key] = said
                if key in strings.forms:
                    forms[key] = strings.forms[key]
        dates = {**strings.dates, **dates}
        plurals = plurals or strings.plurals
    return Language(code, _direction(code), words, Calendar(**dates), forms, plurals)


@dataclass(frozen=True, slots=True)
class _Strings:
    """One strings file."""

    words: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]]
    plurals: Mapping[str, str]
    dates: Mapping[str, Any]
    """Arguments of a Calendar."""


def _files(code: str, templates: Sequence[Path]) -> Iterator[Path]:
    """The strings files for a language that are there, the most telling first."""
    for name in _chain(code):
        for folder in templates:
            path = folder / "strings" / f"{name}.yaml"
            if path.is_file():
                yield path


def _chain(code: str) -> Iterator[str]:
    """The names of files to look in: zh-Hant-TW, zh-Hant, zh, en."""
    parts = code.replace("_", "-").split("-")
    parts[0] = parts[0].lower()
    for length in range(len(parts), 1, -1):
        yield "-".join(parts[:length])
    if parts[0] == "en" and len(parts) > 1 and code.lower() not in _AMERICAN_DATES:
        yield "en-001"
    yield parts[0]
    if parts[0] != "en":
        yield "en"


def _direction(code: str) -> str:
    language, *subtags = code.lower().replace("_", "-").split("-")
    script = next((subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()), "")
    right_to_left = script in _RIGHT_TO_LEFT_SCRIPTS if script else language in _RIGHT_TO_LEFT
    return "rtl" if right_to_left else "ltr"


def _read(path: Path) -> _Strings:
    """A strings file; raises ConfigurationError with all its faults."""
    name = "/".join(path.parts[-4:])  # templates/theme/strings/nl.yaml: the theme folder may be any theme's
    text, undecodable = read_text(path, name, "CF")
    document, faults = load(text, name, "CF")
    top = read_table(document, text, name, "CF")
    table = top.table("words")
    words, forms = {}, {}
    for key in table.names():
        if isinstance(table.value(key), dict):
            by_category = table.table(key)
            forms[key] = {category: by_category.text(category) for category in by_category.names()}
            words[key] = by_category.text("other", required=True)
        else:
            words[key] = table.text(key)
    rules = top.table("plurals")
    plurals = {category: rules.text(category, choices=(), check=_plural_flaw) for category in rules.names()}
    dates = _dates(top.table("dates"))
    found = in_order((*undecodable, *faults, *top.findings()))
    if found:
        raise ConfigurationError(f"{name} cannot be used", found)
    return _Strings(words, forms, plurals, dates)


def _dates(table: Table) -> dict[str, Any]:
    dates: dict[str, Any] = {}
    if pattern := table.text("long", check=_pattern_flaw):
        dates["long"] = pattern
    for key, count in _NAMES.items():
        names = table.texts(key)
        if names and len(names) != count:
            table.fault(f"{table.named(key)} must be {count} names, not {len(names)}", key)
        elif names:
            dates[key] = names
    return dates


def _pattern_flaw(pattern: str) -> Flaw | None:
    try:
        _parts(pattern)
    except ValueError as error:
        return Flaw(f"is not a date pattern: {error}", "Write a pattern such as d MMMM y.")
    return None


def _plural_flaw(rule: str) -> Flaw | None:
    parts = re.split(" and | or ", rule)
    if all(_CONDITION.fullmatch(part) for part in parts):
        return None
    return Flaw("is not a plural rule", "Write it as the CLDR does: n = 1, or n % 10 = 2..4 and n % 100 != 12..14.")
