"""Reads templates/theme/strings/<language>.yaml: finds the files of a language, and reads their content."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newsletter.bundled import templates_folder
from newsletter.config.table import read_table
from newsletter.config.wellformed import ADDRESS_FORMS, LANGUAGE, Flaw
from newsletter.config.yaml import load
from newsletter.diagnostics import in_order
from newsletter.digits import whole_number
from newsletter.errors import ConfigurationError
from newsletter.files import is_there, read_text
from newsletter.language.language import Calendar, Language, Lists, date_parts, is_rule
from newsletter.language.numbers import Symbols
from newsletter.language.scripts import DIGITS, direction_of, numbering_of, script_of, without_extensions
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.config.table import ConfigTable

_AMERICAN_DATES = frozenset(("en-us", "en-ph", "en-pr", "en-gu", "en-vi"))
"""The English of all other regions writes the day first, as in the CLDR, where `en-001` is their parent."""
_NORWEGIAN = frozenset(("no", "nn"))
"""Use the words of `nb`: as in the CLDR, words that are missing in Nynorsk are taken from Bokmål."""
_NAMES = {
    "months": 12,
    "months_alone": 12,
    "months_short": 12,
    "months_short_alone": 12,
    "days": 7,
    "days_alone": 7,
    "days_short": 7,
}
"""The lists of a calendar, and the number of names in each. Days begin with Monday (ISO 8601)."""


def load_language(code: str, templates: Sequence[Path], address_form: str = "") -> Language:
    """The language of a BCP 47 tag.

    `templates` are theme folders; the first that has a word is used. `address_form` is how readers are addressed,
    `formal` or `informal`; empty for the default of the strings files. Words that no file has in the language are in
    English. Raises ConfigurationError for a file with errors.
    """
    words: dict[str, str] = {}
    forms: dict[str, Mapping[str, str]] = {}
    addressed: dict[str, Mapping[str, str]] = {}
    dates: dict[str, Any] = {}
    lists: dict[str, str] = {}
    symbols: dict[str, Any] = {}
    numbers = numbering_of(code)
    plurals: Mapping[str, str] | None = None
    for path in _files(code, templates):
        strings = _read_bundled(path) if path.is_relative_to(templates_folder()) else _read(path)
        for key, value in strings.words.items():
            if key not in words:
                words[key] = value
                if key in strings.forms:
                    forms[key] = strings.forms[key]
                if key in strings.addressed:
                    addressed[key] = strings.addressed[key]
        address_form = address_form or strings.address_form
        dates = {**strings.dates, **dates}
        lists = lists or dict(strings.lists)
        symbols = {**strings.symbols, **symbols}
        numbers = numbers or strings.numbers
        plurals = strings.plurals if plurals is None else plurals
    words.update((key, by_form[address_form or ADDRESS_FORMS[0]]) for key, by_form in addressed.items())
    digits = DIGITS.get(numbers, DIGITS["latn"])
    parts = Calendar(**dates), forms, plurals or {}, Lists(**lists), digits, Symbols(**symbols)
    return Language(code, direction_of(code), words, *parts)


@dataclass(frozen=True, slots=True)
class _Strings:
    """One strings file."""

    words: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]]
    addressed: Mapping[str, Mapping[str, str]]
    """Words that depend on how readers are addressed: key -> form of address -> words."""
    address_form: str
    """The default form of address; empty if the file has none."""
    plurals: Mapping[str, str] | None
    """None if the file has no rules; empty if the language has one form for all numbers."""
    dates: Mapping[str, Any]
    """Arguments of a Calendar."""
    lists: Mapping[str, str]
    """Arguments of a Lists."""
    symbols: Mapping[str, Any]
    """Arguments of Symbols."""
    numbers: str
    """Its numbering system; empty if the file has none."""


def _files(code: str, templates: Sequence[Path]) -> Iterator[Path]:
    """The existing strings files for a language, the most specific first."""
    for name in _chain(code):
        for folder in templates:
            path = folder / "strings" / f"{name}.yaml"
            if is_there(path):
                yield path


def _chain(code: str) -> Iterator[str]:
    """The names of files to read: zh-Hant-TW, zh-Hant, zh, en."""
    parts = without_extensions(code if LANGUAGE.fullmatch(code) else "en").split("-")  # Nothing else becomes a path.
    parts[0] = parts[0].lower()
    for length in range(len(parts), 1, -1):
        yield "-".join(parts[:length])
    if parts[0] == "en" and len(parts) > 1 and "-".join(parts).lower() not in _AMERICAN_DATES:
        yield "en-001"
    if parts[0] == "pt" and len(parts) > 1 and parts[-1].upper() not in {"BR", "PT"}:
        yield "pt-PT"  # As in the CLDR: Angola, Mozambique and all others follow Portugal.
    if parts[0] == "zh" and "Hant" not in parts and script_of(code) == "hant":
        yield "zh-Hant"  # For Taiwan, Hong Kong and Macau, the region alone implies it.
    yield parts[0]
    if parts[0] in _NORWEGIAN:
        yield "nb"
    if parts[0] != "en":
        yield "en"


@lru_cache(maxsize=64)
def _read_bundled(path: Path) -> _Strings:
    """A bundled strings file, which does not change while the tool runs."""
    return _read(path)


def _read(path: Path) -> _Strings:
    """A strings file. Raises ConfigurationError with all its errors."""
    name = "/".join(path.parts[-4:])  # templates/theme/strings/nl.yaml: the theme folder may be that of any theme.
    text, undecodable = read_text(path, name, "CF")
    document, faults = load(text, name, "CF")
    top = read_table(document, text, name, "CF")
    table = top.table("words")
    words, forms, addressed = {}, {}, {}
    for key in table.names():
        value = table.value(key)
        if not isinstance(value, dict):
            words[key] = table.text(key)
        elif value.keys() & set(ADDRESS_FORMS):
            by_form = table.table(key)
            addressed[key] = {form: by_form.text(form, required=True) for form in ADDRESS_FORMS}
            words[key] = addressed[key][ADDRESS_FORMS[0]]
        else:
            by_category = table.table(key)
            forms[key] = {category: by_category.text(category) for category in by_category.names()}
            words[key] = by_category.text("other", required=True)
    address_form = top.text("address_form", choices=ADDRESS_FORMS)
    rules = top.table("plurals")
    given = {category: rules.text(category, choices=(), check=_plural_flaw) for category in rules.names()}
    plurals = given if "plurals" in top.names() else None
    dates = _dates(top.table("dates"))
    joins = top.table("lists")
    lists = {
        key: pattern for key in ("two", "start", "middle", "end") if (pattern := joins.text(key, check=_join_flaw))
    }
    numbers = top.text("numbers", choices=tuple(DIGITS))
    symbols = _symbols(top.table("symbols"))
    found = in_order((*undecodable, *faults, *top.findings()))
    if found:
        raise ConfigurationError(f"{name} cannot be used", found)
    return _Strings(words, forms, addressed, address_form, plurals, dates, lists, symbols, numbers)


def _symbols(table: ConfigTable) -> dict[str, Any]:
    found: dict[str, Any] = {key: text for key in ("decimal", "percent", "currency") if (text := table.text(key))}
    if isinstance(group := table.value("group"), str):
        found["group"] = group  # A space in many languages.
    if (least := whole_number(table.text("least"))) is not None:
        found["least"] = least
    if sizes := table.text("sizes"):
        found["sizes"] = tuple(number for size in sizes.split() if (number := whole_number(size)) is not None) or (3,)
    return found


def _dates(table: ConfigTable) -> dict[str, Any]:
    dates: dict[str, Any] = {}
    for key, flaw in _PATTERNS:
        if pattern := table.text(key, check=flaw):
            dates[key] = pattern
    for key, count in _NAMES.items():
        names = table.texts(key)
        if names and len(names) != count:
            table.fault(f"{table.named(key)} must be {count} names, not {len(names)}", key)
        elif names:
            dates[key] = names
    return dates


def _pattern_flaw(pattern: str) -> Flaw | None:
    try:
        date_parts(pattern)
    except ValueError as error:
        return Flaw(f"is not a date pattern: {error}", "Write a pattern such as d MMMM y.")
    return None


def _join_flaw(pattern: str) -> Flaw | None:
    if pattern.count("{0}") == pattern.count("{1}") == 1:
        return None
    return Flaw("does not join two parts", "Write {0} and {1} for them, as in {0}, {1}.")


def _plural_flaw(rule: str) -> Flaw | None:
    if is_rule(rule):
        return None
    return Flaw("is not a plural rule", "Write it as the CLDR does: n = 1, or n % 10 = 2..4 and n % 100 != 12..14.")


_PATTERNS = (
    ("long", _pattern_flaw),
    ("month_day", _pattern_flaw),
    ("month_year", _pattern_flaw),
    ("year", _pattern_flaw),
    ("month_interval", _pattern_flaw),
    ("interval", _join_flaw),
    ("day_interval", _join_flaw),
)
