"""The picture for link previews of an issue without a cover: its title in the colours of the look, drawn by Pillow.

The text is set in a font of the workspace, a bundled font, or else a font of the machine that has all its letters.
Characters that no font has (an emoji) are left out. The same text in the same fonts gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import unicodedata
import zlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageColor, ImageDraw, ImageFont, features

from newsletter.language.scripts import script_of
from newsletter.pictures.fonts import without_font
from newsletter.records import dataclass
from newsletter.render.columns import display_width, wrap
from newsletter.render.metadata import CARD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REVISION = 3
"""Increase this when the same text would be drawn differently: it is part of the file names."""
SIDE = 84
"""The margin left and right of the text, in pixels."""
TITLE_SIZES = (112, 100, 88, 76, 66, 56, 48)
"""Font sizes in pixels; the largest that fits is used."""
TITLE_ROOM = 330
"""The height for the title, in pixels."""
ABOUT_SIZE, ABOUT_LINES = 34, 2
_COLUMNS, _FEWEST = 100, 6
"""The most and the fewest columns of a line of text, of any size."""
_DATELINE = 320
"""The width for number and date, in pixels."""
_SHADES = {"ink": 8, "soft": 5}
"""How many shades the text in each colour has, from the edges of letters to their middle.

With the background and two plain colours, that makes 16 colours. A PNG needs half as many bits per pixel for 16 as for
17.
"""
_CJK = {"hans": "SC", "hant": "TC", "jpan": "JP", "kore": "KR"}
"""The name of the font for a script in a collection."""
_NO_LETTERS = frozenset(("So", "Sk", "Cs", "Co", "Cn", "Cc"))
"""Unicode categories: symbols that are pictures, halves of characters, unassigned code points."""
_SHAPED = frozenset(("latn", "cyrl", "grek", "armn", "geor", "hans", "hant", "jpan", "kore"))
"""Scripts that can be drawn letter by letter."""


@dataclass(frozen=True, slots=True)
class CardText:
    """The text on a card."""

    title: str
    publication: str
    about: str = ""
    """The standfirst, below the title."""
    dateline: str = ""
    """Number and date."""
    language: str = "en"
    """The language tag (BCP 47)."""
    dir: str = "ltr"


def card_name(text: CardText, colours: Mapping[str, str], fonts: Sequence[Path]) -> str:
    """The file name of a card, with a hash of everything it is made from; empty if its script cannot be drawn here."""
    if script_of(text.language) not in _SHAPED and not features.check("raqm"):
        return ""
    chosen = [_font_for(_letters(words), tuple(fonts), bold=bold) for words, bold in _words(text)]
    traits = [REVISION, text.title, text.publication, text.about, text.dateline, text.language, text.dir]
    traits += [dict(sorted(colours.items())), [[path.name, path.stat().st_size] for path in chosen]]
    mark = hashlib.sha256(json.dumps(traits, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
    return f"card-{mark[:8]}.png"


def draw_card(text: CardText, colours: Mapping[str, str], fonts: Sequence[Path]) -> bytes:
    """A card as PNG. `colours` are those of the look in light mode; `fonts` are tried before the machine's."""
    width, height = CARD
    sheet = Image.new("L", CARD)
    """The coverage of each pixel by text, from 0 to 255."""
    pen = _Pen(sheet, text, tuple(fonts))
    pen.line(text.publication, 36, 76, bold=True, room=width - 2 * SIDE - _DATELINE - 10)
    pen.line(text.dateline, 26, 84, bold=False, at_end=True, room=_DATELINE)
    bottom = pen.title(186)
    if text.about:
        pen.about(bottom + 30, height - 60)
    palette, ramps = _palette(tuple(colours[name] for name in ("card", "ink", "soft", "accent", "rule")))
    image = sheet.point(ramps["ink"])
    end = SIDE + _DATELINE + 5
    dateline = (0, 16, end, 136) if text.dir == "rtl" else (width - end, 16, width, 136)
    for box in (dateline, (0, bottom + 15, width, height)):
        image.paste(sheet.crop(box).point(ramps["soft"]), box)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 15), fill=ramps["accent"][-1])
    for y in (136, 142):
        draw.rectangle((SIDE, y, width - SIDE, y + 1), fill=ramps["rule"][-1])
    image.putpalette(palette)
    written = _PngFile()
    image.save(written, compress_type=zlib.Z_RLE)  # for such pictures, in half the time and as small
    return written.getvalue()


class _PngFile(BytesIO):
    """A file whose name tells Pillow its format. For a format that is named instead, Pillow loads five others, in 15 ms."""

    name = "card.png"


@lru_cache(maxsize=4)
def _palette(colours: tuple[str, ...]) -> tuple[list[int], dict[str, list[int]]]:
    """The colours of a card, and for each colour of the look, the palette index for each coverage (0 to 255).

    `colours` are the background, the ink, the soft ink, the accent and the rules. Every colour is exact, which a
    palette computed from the finished picture does not guarantee.
    """
    ground = ImageColor.getrgb(colours[0])[:3]
    palette, ramps = list(ground), {}
    for name, given in zip(("ink", "soft", "accent", "rule"), colours[1:], strict=True):
        shades, before = _SHADES.get(name, 1), len(palette) // 3 - 1
        steps = [round(cover * shades / 255) for cover in range(256)]
        ramps[name] = [before + step if step else 0 for step in steps]
        colour = ImageColor.getrgb(given)[:3]
        for step in range(1, shades + 1):
            palette += [round(low + (high - low) * step / shades) for low, high in zip(ground, colour, strict=True)]
    return palette, ramps


def _words(text: CardText) -> tuple[tuple[str, bool], ...]:
    return ((text.title, True), (text.publication, True), (text.about, False), (text.dateline, False))


def _letters(words: str) -> str:
    """Text without pictographs, because no text font has them."""
    return "".join(
        sign
        for sign in words
        if sign < "\u2100" or (unicodedata.category(sign) not in _NO_LETTERS and sign != "\ufe0f")
    )


class _Pen:
    """Draws lines of text on a sheet."""

    def __init__(self, image: Image.Image, text: CardText, fonts: tuple[Path, ...]) -> None:
        self._draw = ImageDraw.Draw(image)
        self._text, self._fonts = text, fonts
        self._width = image.width
        self._lengths: dict[tuple[int, str], float] = {}
        shaped = features.check("raqm")
        self._how: dict[str, Any] = (
            {"direction": text.dir, "language": text.language.partition("-")[0]} if shaped else {}
        )

    def line(self, words: str, size: int, top: int, *, bold: bool, room: int, at_end: bool = False) -> None:
        """One line, aligned to the start or the end of the card, and cut off if it does not fit."""
        font, words = self._set(words, size, bold=bold)
        while words and self._length(font, words) > room:
            words = words.rstrip("…")[:-1].rstrip() + "…" if len(words) > len("a…") else ""
        self._put(words, font, top, at_end=at_end)

    def title(self, top: int) -> int:
        """Draws the title in the largest size that fits; returns where it ends."""
        for size in TITLE_SIZES:
            font, words = self._set(self._text.title, size, bold=True)
            leading = round(size * 1.16)
            lines = self._broken(words, font, TITLE_ROOM // leading)
            if lines is not None:
                return self._lines(lines, font, top, leading)
        leading = round(TITLE_SIZES[-1] * 1.16)
        font, words = self._set(self._text.title, TITLE_SIZES[-1], bold=True)
        return self._lines(self._cut(words, font, TITLE_ROOM // leading), font, top, leading)

    def _lines(self, lines: Sequence[str], font: ImageFont.FreeTypeFont, top: int, leading: int) -> int:
        """Draws lines one below the other; returns where they end."""
        for index, one in enumerate(lines):
            self._put(one, font, top + index * leading)
        return top + len(lines) * leading

    def about(self, top: int, bottom: int) -> None:
        """The standfirst, with as many lines as fit."""
        font, words = self._set(self._text.about, ABOUT_SIZE, bold=False)
        leading = round(ABOUT_SIZE * 1.4)
        room = min(ABOUT_LINES, (bottom - top) // leading)
        if room > 0:
            lines = self._broken(words, font, room)
            lines = self._cut(words, font, room) if lines is None else lines
            self._lines(lines, font, top, leading)

    def _put(self, words: str, font: ImageFont.FreeTypeFont, top: int, *, at_end: bool = False) -> None:
        if not words:
            return
        left = at_end != (self._text.dir == "rtl")
        x = self._width - SIDE - self._length(font, words) if left else SIDE
        self._draw.text((x, top), words, font=font, fill=255, **self._how)

    def _set(self, words: str, size: int, *, bold: bool) -> tuple[ImageFont.FreeTypeFont, str]:
        words = _letters(words)
        path = _font_for(words, self._fonts, bold=bold)
        missing = set(without_font(words, (path,)))
        shown = " ".join("".join(sign for sign in words if sign not in missing).split())
        return _loaded(path, size, _CJK.get(script_of(self._text.language), "")), shown

    def _length(self, font: ImageFont.FreeTypeFont, words: str) -> float:
        key = (id(font), words)
        if key not in self._lengths:
            self._lengths[key] = float(font.getlength(words, **self._how)) if words else 0.0
        return self._lengths[key]

    def _broken(self, words: str, font: ImageFont.FreeTypeFont, most: int) -> list[str] | None:
        """The text in at most `most` lines; None if it does not fit."""
        room = self._width - 2 * SIDE
        if not words or self._length(font, words) > most * room:
            return None if words else []
        columns = _COLUMNS
        while columns >= _FEWEST:
            lines = wrap(words, columns)
            if len(lines) > most:
                return None
            if all(self._length(font, line) <= room for line in lines):
                return lines
            # Down to the width of the longest line, the lines would be the same.
            columns = min(columns, max(map(display_width, lines))) - 1
        return None

    def _cut(self, words: str, font: ImageFont.FreeTypeFont, most: int) -> list[str]:
        """As much text as fits into this many lines, with an ellipsis."""
        low, high = 0, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            if self._broken(words[:middle].rstrip() + "…", font, most) is None:
                high = middle - 1
            else:
                low = middle
        kept = words[:low]
        if " " in kept and low < len(words) and not words[low].isspace():
            kept = kept.rpartition(" ")[0]
        return self._broken(kept.rstrip(" ,;:–—-") + "…", font, most) or []


def _font_for(words: str, fonts: tuple[Path, ...], *, bold: bool) -> Path:
    """The font with the most letters of `words`: the first of `fonts` that has all, or else one of the machine's."""
    own = sorted(filter(_is_usable, fonts), key=lambda path: _is_bold(path) != bold)
    best, fewest = own[0], len(words) + 1
    for path in own:
        lacking = len(without_font(words, (path,)))
        if not lacking:
            return path
        if lacking < fewest:
            best, fewest = path, lacking
    for path in _of_the_machine(bold=bold):
        lacking = len(without_font(words, (path,)))
        if lacking < fewest and _is_usable(path):
            best, fewest = path, lacking
        if not fewest:
            break
    return best


@lru_cache(maxsize=512)
def _is_usable(path: Path) -> bool:
    """Whether a font works at any size: colour bitmap fonts do not."""
    try:
        return bool(ImageFont.truetype(path, TITLE_SIZES[0]).getlength("a") >= 0)
    except (OSError, ValueError):
        return False


def _is_bold(path: Path) -> bool:
    return "bold" in path.name.lower()


@lru_cache(maxsize=2)
def _of_the_machine(*, bold: bool) -> tuple[Path, ...]:
    """The fonts of this machine, those most similar to the tool's own first; empty if it keeps them elsewhere."""
    found = {path for folder in _font_folders() for path in _fonts_in(folder)}
    return tuple(sorted(found, key=lambda path: (_likeness(path.name, bold=bold), path.name, str(path))))


def _fonts_in(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.rglob("*") if path.suffix.lower() in {".ttf", ".otf", ".ttc"}]
    except OSError:
        return []


def _likeness(name: str, *, bold: bool) -> int:
    """The rank of a font: lowest for upright sans-serif fonts in the wanted weight."""
    lower = name.lower()
    odd = sum(word in lower for word in ("mono", "italic", "oblique", "condensed", "narrow", "light", "thin", "black"))
    return (
        4 * odd
        + 2 * ("bold" in lower.replace("semibold", "")) * (not bold)
        + 2 * ("bold" not in lower) * bold
        + ("sans" not in lower)
    )


def _font_folders() -> list[Path]:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 (Path.home raises if there is none)
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    return [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local" / "share" / "fonts",
        home / ".fonts",
    ]


@lru_cache(maxsize=32)
def _loaded(path: Path, size: int, region: str) -> ImageFont.FreeTypeFont:
    if path.suffix.lower() == ".ttc" and region:
        for index in range(12):
            try:
                font = ImageFont.truetype(path, size, index=index)
            except OSError:
                break
            if (font.getname()[0] or "").endswith(region):
                return font
    return ImageFont.truetype(path, size)
