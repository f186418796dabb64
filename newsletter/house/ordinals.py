"""Ordinal numbers in digits, as languages write them: `1st`, `2e`, `3.`, `第4`.

The CLDR has which ending goes with which number ("ordinal" plural rules, Unicode TR35 part 3), but not the endings themselves in a
form that could be taken from it; these are those of its `digits-ordinal` rules (RBNF) for the languages that letters here are written in.
"""

from __future__ import annotations

import re


def ordinal(number: int, language: str) -> str:
    """A number as an ordinal in a language (BCP 47); with a full stop where the language is not known here."""
    code = language.partition("-")[0].lower()
    if code == "fr" and number == 1:
        return "1er"
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
    before, after = _AROUND.get(code, ("", "."))
    return rf"{re.escape(before)}\d+{re.escape(after)}"


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


def _english(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
