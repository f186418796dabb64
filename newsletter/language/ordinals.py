"""Ordinals of numbers (`the 7th issue`) and of days in a date (`May 1st`, `1er mai`), which many languages write differently.

The CLDR's rules for ordinals spell them out as words. Its rules for number formats give numerals; this file has those
for our languages.
"""

from __future__ import annotations

import re

_AROUND = {
    "nl": ("", "e"),
    "fr": ("", "e"),
    "es": ("", ".º"),
    "pt": ("", "º"),
    "it": ("", "º"),
    "ja": ("第", ""),
    "zh": ("第", ""),
    "ko": ("제", ""),
    "sv": ("", ":e"),
}
_FIRST = {"fr": "1er", "es": "1.º", "pt": "1º", "it": "1º"}
"""Languages in which only the first day of a month is an ordinal."""
_DAYS = {"ja": "日", "zh": "日", "ko": "일"}
"""Languages in which a word follows the number of every day."""
_PLAIN = frozenset("ar fa he hi id pl ru tr uk vi".split())
"""Languages in which a day is a plain number."""


def ordinal(number: int, language: str) -> str:
    """A number as an ordinal in a language (BCP 47); with a full stop if the language is not known here."""
    code = language.partition("-")[0].lower()
    if code == "fr" and number == 1:
        return "1er"
    if code == "sv":
        return f"{number}{_swedish(number)}"
    if code in _AROUND:
        before, after = _AROUND[code]
        return f"{before}{number}{after}"
    return f"{number}{_english(number)}" if code == "en" else f"{number}."


def ordinal_regex(language: str) -> str:
    """A regular expression for the ordinals of a language."""
    code = language.partition("-")[0].lower()
    if code == "en":
        return r"\d+(?:st|nd|rd|th)"
    if code == "fr":
        return r"\d+(?:re|er|e)"
    if code == "sv":
        return r"\d+:[ae]"
    before, after = _AROUND.get(code, ("", "."))
    return rf"{re.escape(before)}\d+{re.escape(after)}"


def ordinal_day(day: int, language: str) -> str:
    """A day of a month in a date with ordinals: `1st`, `1er` (but `2`), `1.`, `1日`."""
    code = language.partition("-")[0].lower()
    if code in _FIRST:
        return _FIRST[code] if day == 1 else str(day)
    if code in _DAYS:
        return f"{day}{_DAYS[code]}"
    return str(day) if code in _PLAIN else ordinal(day, language)


def day_regex(language: str) -> str:
    """A regular expression for such days, including wrong ones (`2th`)."""
    code = language.partition("-")[0].lower()
    if code in _FIRST:
        return rf"(?:{re.escape(_FIRST[code])}|\d{{1,2}})"
    if code in _DAYS:
        return rf"\d{{1,2}}{_DAYS[code]}"
    return r"\d{1,2}" if code in _PLAIN else ordinal_regex(language).replace(r"\d+", r"\d{1,2}")


def _english(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _swedish(number: int) -> str:
    return ":e" if number % 100 in {11, 12} or number % 10 not in {1, 2} else ":a"
