"""Colours as numbers: the contrast of two colours (WCAG 2.2, 1.4.3), and the nearest colour with enough contrast."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT, LARGE = 4.5, 3.0
"""The contrast that WCAG AA requires of text, and of large text: 24 pixels, or 18.66 if it is bold."""
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)
_RGB = late(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*(?:[,/]\s*([\d.]+%?)\s*)?\)", re.IGNORECASE)
_NAMED = {
    "black": "#000000",
    "white": "#ffffff",
    "gray": "#808080",
    "grey": "#808080",
    "silver": "#c0c0c0",
    "red": "#ff0000",
    "maroon": "#800000",
    "yellow": "#ffff00",
    "olive": "#808000",
    "lime": "#00ff00",
    "green": "#008000",
    "aqua": "#00ffff",
    "teal": "#008080",
    "blue": "#0000ff",
    "navy": "#000080",
    "fuchsia": "#ff00ff",
    "purple": "#800080",
    "orange": "#ffa500",
}
_STEPS = 255
_FULL = ("", "1", "1.0", "100%", None)


def colour_of(value: str) -> str | None:
    """A CSS colour as `#rrggbb`; None if it is transparent or unknown."""
    plain = value.replace("!important", "").strip().lower()
    if found := _HEX.fullmatch(plain):
        digits = found[1]
        return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}"
    if (found := _RGB.fullmatch(plain)) and found[4] in _FULL:
        return "#" + "".join(f"{min(255, int(part[-9:])):02x}" for part in found.groups()[:3])
    return _NAMED.get(plain)


@lru_cache(maxsize=1024)
def contrast(one: str, other: str) -> float:
    """The contrast of two colours `#rrggbb`, from 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def nearest_passing(colour: str, others: Iterable[tuple[str, float]]) -> str:
    """The colour nearest to `colour`, lighter or darker, that has the required contrast with each of `others`; empty if there is none."""
    wanted = tuple(others)
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in _parts(colour)))
    for step in range(1, _STEPS + 1):
        for moved in (lightness - step / _STEPS, lightness + step / _STEPS):
            if 0 <= moved <= 1:
                tried = "#" + "".join(f"{round(part * 255):02x}" for part in hls_to_rgb(hue, moved, saturation))
                if all(contrast(tried, other) >= needed for other, needed in wanted):
                    return tried
    return ""


def ratio(value: float) -> str:
    """A contrast as text, rounded down: `4.49 to 1`."""
    return f"{int(value * 100) / 100:.2f}".rstrip("0").rstrip(".") + " to 1"


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
