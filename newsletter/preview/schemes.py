"""Light and dark at will: a document as a reader sees it whose device is set to one of them.

A page cannot set `prefers-color-scheme` for a frame in every browser, so the document is rewritten: what it asks about the
scheme becomes a condition that always or never holds. Nothing that is text for readers is touched.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Scheme(StrEnum):
    """What the reader's device is set to."""

    LIGHT = "light"
    DARK = "dark"
    FORCED = "forced"
    """Dark, in a mail program that asks no letter how it wants to look in the dark and recolours it by itself."""


_ALWAYS, _NEVER = "(min-width:0px)", "(min-width:999999px)"
_FEATURE = re.compile(r"\(\s*prefers-color-scheme\s*(?::\s*([a-z-]+)\s*)?\)", re.IGNORECASE)
_PROPERTY = re.compile(r"(?<![\w-])((?:supported-)?color-schemes?\s*:\s*)[^;}\"']+", re.IGNORECASE)
_SHEET = re.compile(r"(<style\b[^>]*>)(.*?)(</style\s*>)", re.DOTALL | re.IGNORECASE)
_QUOTED = r"""(?:"[^"]*"|'[^']*'|[^"'>])*+"""
_ASKING = re.compile(f"<(?:source|style|link|meta)\\b{_QUOTED}>", re.IGNORECASE)
_MEDIA = re.compile(r"""(\bmedia\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_META = re.compile(r"""\bname\s*=\s*["']?(?:supported-)?color-schemes?\b""", re.IGNORECASE)
_CONTENT = re.compile(r"""(\bcontent\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)


def in_scheme(html: str, scheme: Scheme) -> str:
    """`html` as a device shows it that is set to `scheme`. For forced, its colours stay to be inverted: see `inverting`."""
    dark = scheme is Scheme.DARK
    html = _SHEET.sub(lambda sheet: sheet[1] + _css(sheet[2], dark=dark) + sheet[3], html)
    return _ASKING.sub(lambda tag: _tag(tag[0], dark=dark), html)


def _css(css: str, *, dark: bool) -> str:
    return _PROPERTY.sub(rf"\g<1>{_name(dark=dark)}", _media(css, dark=dark))


def _media(query: str, *, dark: bool) -> str:
    """A media query with its question about the scheme answered; without a value it asks whether there is one."""

    def answer(feature: re.Match[str]) -> str:
        asked = (feature[1] or "").lower()
        return _ALWAYS if not asked or asked == _name(dark=dark) else _NEVER

    return _FEATURE.sub(answer, query)


def _tag(tag: str, *, dark: bool) -> str:
    if _META.search(tag):
        return _CONTENT.sub(rf'\g<1>"{_name(dark=dark)}"', tag)
    return _MEDIA.sub(lambda media: media[1] + _media(media[2], dark=dark), tag)


def _name(*, dark: bool) -> str:
    return "dark" if dark else "light"
