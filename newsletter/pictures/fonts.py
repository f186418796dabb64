"""The characters of a font: the OpenType table `cmap`, in the two formats that text fonts use."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from struct import error, unpack_from
from typing import TYPE_CHECKING

from newsletter.files import PICTURE_LIMIT, read_bytes, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

if TYPE_CHECKING:
    from newsletter.files import Stamp

    Ranges = tuple[tuple[int, int], ...]
    """First and last code points, both included; in order."""


def without_font(text: str, fonts: Iterable[Path]) -> str:
    """The characters of `text` that none of `fonts` has, each once, in order. Empty if a font cannot be read."""
    missing = dict.fromkeys(character for character in text if character.isprintable() and not character.isspace())
    for font in fonts:
        ranges = _known(font, stamp_of(font))
        if ranges is None:
            return ""
        for character in [one for one in missing if _in(ranges, ord(one))]:
            del missing[character]
    return "".join(missing)


def _in(ranges: Ranges, point: int) -> bool:
    at = bisect_right(ranges, (point, 0x110000)) - 1
    return at >= 0 and point <= ranges[at][1]


@lru_cache(maxsize=512)
def _known(font: Path, _changed: Stamp | None) -> Ranges | None:
    try:
        return _merged(sorted(_ranges(read_bytes(font, PICTURE_LIMIT))))
    except (OSError, error):
        return None


def _merged(ranges: list[tuple[int, int]]) -> Ranges:
    """The code points as ranges that do not overlap. The tables of a font repeat each other."""
    merged: list[tuple[int, int]] = []
    for first, last in ranges:
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _ranges(content: bytes) -> Iterator[tuple[int, int]]:
    start = unpack_from(">I", content, 12)[0] if content[:4] == b"ttcf" else 0  # Of a collection, its first font.
    for index in range(unpack_from(">H", content, start + 4)[0]):
        tag, _, offset, _ = unpack_from(">4sIII", content, start + 12 + 16 * index)
        if tag == b"cmap":
            for table in range(unpack_from(">H", content, offset + 2)[0]):
                yield from _subtable(content, offset + unpack_from(">I", content, offset + 8 + 8 * table)[0])


def _subtable(content: bytes, at: int) -> Iterator[tuple[int, int]]:
    form = unpack_from(">H", content, at)[0]
    if form == 4:
        count = unpack_from(">H", content, at + 6)[0] // 2
        ends = unpack_from(f">{count}H", content, at + 14)
        starts = unpack_from(f">{count}H", content, at + 16 + 2 * count)
        yield from ((first, last) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF)
    elif form == 12:
        for group in range(unpack_from(">I", content, at + 12)[0]):
            first, last, _ = unpack_from(">III", content, at + 16 + 12 * group)
            yield first, last
