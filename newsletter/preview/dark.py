"""Forced dark mode: a letter as some email clients recolour it. An approximation.

Each colour keeps its hue and its strength, and its lightness is inverted, as in Outlook's public code
(github.com/microsoft/roosterjs, getDarkColor): in CIELAB, white becomes #333333 and black becomes white. The apps of
Gmail and Outlook invert backgrounds and text in the same way and leave pictures alone; their darkest colour differs.
The letter's own `@media (prefers-color-scheme)` and `[data-ogsc]` are ignored: this is the worst case.
"""

from __future__ import annotations

import colorsys
import re
from enum import StrEnum
from functools import lru_cache

_DARKEST = 21.247
"""CIELAB lightness of #333333, which white becomes."""
_SHEET = re.compile(r"(<style\b[^>]*>)(.*?)(</style\s*>)", re.DOTALL | re.IGNORECASE)
_QUOTED = r"""(?:"[^"]*"|'[^']*'|[^"'>])*+"""
_TAG = re.compile(f"<[a-z][a-z0-9]*\\s{_QUOTED}>", re.IGNORECASE)
_STYLE = re.compile(r"""(\sstyle\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(\s(?:bgcolor|color|text|link|alink|vlink)\s*=\s*)("[^"]*"|'[^']*'|[#\w]+)""", re.IGNORECASE
)
_DECLARATION = re.compile(
    r"((?<![\w-])(?:color|background(?:-color)?|border(?:-[a-z]+)*|outline(?:-color)?|text-decoration(?:-color)?"
    r"|text-underline-color|text-emphasis-color|column-rule(?:-color)?|caret-color|box-shadow|fill|stroke)\s*:)([^;{}]*)",
    re.IGNORECASE,
)
_NAMED = {
    "aqua": "#00ffff",
    "black": "#000000",
    "blue": "#0000ff",
    "fuchsia": "#ff00ff",
    "gold": "#ffd700",
    "gray": "#808080",
    "green": "#008000",
    "grey": "#808080",
    "lightgray": "#d3d3d3",
    "lightgrey": "#d3d3d3",
    "lime": "#00ff00",
    "maroon": "#800000",
    "navy": "#000080",
    "olive": "#808000",
    "orange": "#ffa500",
    "purple": "#800080",
    "red": "#ff0000",
    "silver": "#c0c0c0",
    "teal": "#008080",
    "white": "#ffffff",
    "whitesmoke": "#f5f5f5",
    "yellow": "#ffff00",
}
"""The colour names of HTML 4 and a few more that letters use. House colours are hexadecimal."""
_COLOUR = re.compile(
    rf"#[0-9a-f]{{3,8}}\b|\b(?:rgb|hsl)a?\([^()]*\)|(?<![\w#.(/-])(?:{'|'.join(_NAMED)})(?![\w(-])", re.IGNORECASE
)
_ADDRESS = re.compile(r"(url\([^)]*\))", re.IGNORECASE)
_GROUND = (
    "<style>:root{color-scheme:dark}html{background:#333333;color:#ffffff}a:not([style*=color]){color:#8ab4f8}</style>"
)
"""The default page, text and link colours of a letter that sets none: white, black and blue, after inversion."""


def inverted(html: str) -> str:
    """A letter, rewritten for the light scheme (see `in_scheme`), with its colours inverted."""
    html = _SHEET.sub(lambda sheet: sheet[1] + _css(sheet[2]) + sheet[3], html)
    html = _TAG.sub(lambda tag: _in_tag(tag[0]), html)
    head, mark, rest = html.partition("<head>")
    return head + mark + _GROUND + rest if mark else _GROUND + html


def _in_tag(tag: str) -> str:
    if "#" not in tag and "color" not in tag.lower() and "background" not in tag.lower():
        return tag
    tag = _STYLE.sub(lambda style: style[1] + _css(style[2]), tag)
    return _ATTRIBUTE.sub(lambda attribute: attribute[1] + _colours(attribute[2]), tag)


def _css(css: str) -> str:
    return _DECLARATION.sub(lambda found: found[1] + _colours(found[2]), css)


def _colours(value: str) -> str:
    parts = _ADDRESS.split(value)  # An address may contain anything.
    parts[::2] = [_COLOUR.sub(lambda colour: dark_colour(colour[0].lower()), part) for part in parts[::2]]
    return "".join(parts)


@lru_cache(maxsize=512)
def dark_colour(colour: str) -> str:
    """A CSS colour with its lightness inverted. Any other text is returned unchanged."""
    found = _channels(colour)
    if found is None:
        return colour
    red, green, blue, alpha = found
    lightness, a, b = _to_lab(red, green, blue)
    turned = (100 - lightness) * (100 - _DARKEST) / 100 + _DARKEST
    channels = [round(min(max(channel, 0), 1) * 255) for channel in _from_lab(turned, a, b)]
    made = "#{:02x}{:02x}{:02x}".format(*channels)
    return made if alpha == 1 else f"{made}{round(alpha * 255):02x}"


def _channels(colour: str) -> tuple[float, float, float, float] | None:
    """Red, green, blue and alpha from 0 to 1."""
    colour = _NAMED.get(colour, colour)
    if colour.startswith("#"):
        digits = colour[1:]
        if len(digits) in {3, 4}:
            digits = "".join(digit * 2 for digit in digits)
        if len(digits) not in {6, 8}:
            return None
        values = [int(digits[at : at + 2], 16) / 255 for at in range(0, len(digits), 2)]
        return values[0], values[1], values[2], values[3] if len(values) == 4 else 1.0
    numbers = re.findall(r"-?[\d.]+%?", colour)
    if len(numbers) not in {3, 4}:
        return None
    try:
        alpha = _share(numbers[3], 1) if len(numbers) == 4 else 1.0
        if colour.startswith("hsl"):
            hue, saturation, light = float(numbers[0]) / 360 % 1, _share(numbers[1], 100), _share(numbers[2], 100)
            return *colorsys.hls_to_rgb(hue, light, saturation), alpha
        return _share(numbers[0], 255), _share(numbers[1], 255), _share(numbers[2], 255), alpha
    except ValueError:  # `1.2.3`
        return None


def _share(number: str, whole: float) -> float:
    value = float(number[:-1]) / 100 if number.endswith("%") else float(number) / whole
    return min(max(value, 0.0), 1.0)


# ── CIELAB under D65 (IEC 61966-2-1, CIE 15) ────────────────────────────────────────────────────────────────────────

_WHITE = (0.95047, 1.0, 1.08883)


def _to_lab(red: float, green: float, blue: float) -> tuple[float, float, float]:
    r, g, b = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in (red, green, blue)
    )
    x = 0.4124564 * r + 0.3575761 * g + 0.1804375 * b
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = 0.0193339 * r + 0.1191920 * g + 0.9503041 * b
    fx, fy, fz = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in (x / _WHITE[0], y / _WHITE[1], z / _WHITE[2])
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _from_lab(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    fy = (lightness + 16) / 116
    x, y, z = (
        white * (part**3 if part**3 > 216 / 24389 else (116 * part - 16) * 27 / 24389)
        for white, part in zip(_WHITE, (fy + a / 500, fy, fy - b / 200), strict=True)
    )
    linear = (
        3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
        0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
    )
    red, green, blue = (
        12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055 for channel in linear
    )
    return red, green, blue


# A page cannot set `prefers-color-scheme` for a frame in every browser. So the document is rewritten: each condition on
# the scheme becomes one that always or never holds. Text for readers is not changed.


class Scheme(StrEnum):
    """The colour scheme of the reader's device."""

    LIGHT = "light"
    DARK = "dark"
    FORCED = "forced"
    """Dark mode in an email client that ignores the letter's own dark styles and recolours it."""


_ALWAYS, _NEVER = "(min-width:0px)", "(min-width:999999px)"
_FEATURE = re.compile(r"\(\s*prefers-color-scheme\s*(?::\s*([a-z-]+)\s*)?\)", re.IGNORECASE)
_PROPERTY = re.compile(r"(?<![\w-])((?:supported-)?color-schemes?\s*:\s*)[^;}\"']+", re.IGNORECASE)
_STYLE_SHEET = re.compile(r"(<style\b[^>]*>)(.*?)(</style\s*>)", re.DOTALL | re.IGNORECASE)
_QUOTED_PART = r"""(?:"[^"]*"|'[^']*'|[^"'>])*+"""
_ASKING = re.compile(f"<(?:source|style|link|meta)\\b{_QUOTED_PART}>", re.IGNORECASE)
_MEDIA = re.compile(r"""(\bmedia\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_META = re.compile(r"""\bname\s*=\s*["']?(?:supported-)?color-schemes?\b""", re.IGNORECASE)
_CONTENT = re.compile(r"""(\bcontent\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)


def in_scheme(html: str, scheme: Scheme) -> str:
    """`html` as a device with this colour scheme shows it.

    For `forced`, the colours still have to be inverted: see `inverted`.
    """
    dark = scheme is Scheme.DARK
    html = _STYLE_SHEET.sub(lambda sheet: sheet[1] + _in_scheme(sheet[2], dark=dark) + sheet[3], html)
    return _ASKING.sub(lambda tag: _tag(tag[0], dark=dark), html)


def _in_scheme(css: str, *, dark: bool) -> str:
    return _PROPERTY.sub(rf"\g<1>{_name(dark=dark)}", _media(css, dark=dark))


def _media(query: str, *, dark: bool) -> str:
    """A media query with its condition on the scheme replaced by the result.

    A condition without a value only tests whether the feature is supported.
    """

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
