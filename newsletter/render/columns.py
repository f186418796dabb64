"""Lines of plain text: how wide characters are on a terminal or in a text email, and where a line may end.

Widths are columns as Unicode's East Asian Width (UAX #11) defines them: wide characters take two, combining marks none.
Lines end at spaces. In Chinese and Japanese they also end between characters, except next to punctuation that must not
open or close a line (kinsoku, JIS X 4051).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from newsletter import tokens
from newsletter.late import late

NARROW_TOKEN = 12
"""The width that a placeholder without a fallback counts as, in columns: about the width of a name."""
_HELD_SPACE = "\ufdd3"
"""Replaces a space inside a placeholder during line breaking, so that no placeholder is split."""
OPENING, CLOSING = "\ufdd4\ufdd6", "\ufdd5\ufdd7"
"""Opening and closing marks of emphasis during line breaking: `*` (strong) and `_`; see `finish`."""

GLUE = "\ufdd8"
"""A space at which no line ends; shown as a plain space."""

_MARKS = f"{_HELD_SPACE}{OPENING}{CLOSING}{GLUE}"
_FURTHER = re.compile("[^\x00-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\ufdd3-\ufdd8]")
"""Characters other than Latin, its punctuation and the marks of this module.

Only texts with some need a closer look.
"""
_UNUSUAL = late(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0dff\u0e00-\u0fff"
    "\u1000-\u1fff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u231a-\u23f3\u25fd\u25fe\u2614-\u27bf"
    "\u2b1b-\u2b55\u2e80-\ud7ff\uf900-\ufaff\ufdd0-\ufdd2\ufe00-\ufe6f\uff00-\uffe6\U00010000-\U0010ffff]"
)
"""Characters that may be wider or narrower than one column. A text without any is measured by its length."""
_TOKEN = re.compile(f"{tokens.OPEN}[^{tokens.CLOSE}]*{tokens.CLOSE}")
_MIDDLE = re.compile(f"{tokens.MIDDLE}([^{tokens.CLOSE}]*)")
_SPACES = re.compile("[ \t\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
_NO_SPACE = re.compile("[\t\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
"""The white space other than a space."""
_CJK = "\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff9f\uffe0-\uffe6\U00020000-\U0003ffff"
_PIECE = late(f"{_TOKEN.pattern}|[{_CJK}]|[^{_CJK}{tokens.OPEN}]+", re.DOTALL)
_PIECE_WITHOUT_CJK = re.compile(f"{_TOKEN.pattern}|[^{tokens.OPEN}]+")
_MAY_BE_CJK = late("[^\x00-\u2e7f\ufdd0-\ufdef]")
_IS_CJK = late(f"[{_CJK}]")
_NEVER_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー」』）］｝〕〉》】〙〗〟’”»‼⁇⁈⁉…‥"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ%％‰℃°)]},.:;?!\u3099\u309a" + CLOSING + GLUE
)
_NEVER_LAST = frozenset("「『（［｛〔〈《【〘〖〝‘“«([{$£¥＄￥" + OPENING + GLUE)


def display_width(text: str) -> int:
    """The columns that `text` takes."""
    if _is_usual(text):
        return len(text)
    if tokens.OPEN in text:
        text = _TOKEN.sub(lambda match: _MIDDLE.search(match[0])[1] or "x" * NARROW_TOKEN, text)  # type: ignore[index]
    return sum(map(_character_width, text))


def _is_usual(text: str) -> bool:
    if text.isascii():
        return True
    plain = text
    for mark in _MARKS:  # in most lines the only characters beyond ASCII
        plain = plain.replace(mark, "")
    if plain.isascii() or not _FURTHER.search(plain):
        return True
    # A placeholder alone makes a text unusual, so the large character class is compiled only for other texts.
    return tokens.OPEN not in text and not _UNUSUAL.search(text)


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf"}:
        return 0
    if category == "Cn":
        # Not in this Python's Unicode data: newer emoji are wide; the marks and placeholders of this program are not.
        return 2 if "\U0001f000" <= character <= "\U0001faff" else 1
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns.

    What cannot be broken (an address, a long word) gets its own line. A line end in `text` ends a line; other white
    space counts as one space. No-break spaces and narrow no-break spaces keep words together.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        lines += _wrap_usual(line, width) if _is_usual(line) else _wrap_unusual(line, width)
    return [line.rstrip() for line in lines]


def _wrap_usual(line: str, width: int) -> list[str]:
    if "  " in line or _NO_SPACE.search(line):  # else its only white space is single spaces, as nearly always
        line = _SPACES.sub(" ", line)
    line = line.strip(" ")
    if len(line) <= width:
        return [line]
    lines = []
    start, end = 0, len(line)
    while end - start > width:
        cut = line.rfind(" ", start, start + width + 1)
        if cut <= start:
            cut = line.find(" ", start + width)
            if cut < 0:
                break
        lines.append(line[start:cut])
        start = cut + 1
    lines.append(line[start:])
    return lines


def _wrap_unusual(line: str, width: int) -> list[str]:
    lines = [""]
    used = 0
    for space, piece in _pieces(line):
        size = _character_width(piece) if len(piece) == 1 else display_width(piece)
        if lines[-1] and used + len(space) + size <= width:
            lines[-1] += space + piece
            used += len(space) + size
            continue
        parts = _cut(piece, width) if size > width else [piece]
        lines[len(lines) - (not lines[-1]) :] = parts
        used = display_width(parts[-1])
    return lines


def _pieces(line: str) -> list[tuple[str, str]]:
    """The pieces between the possible line ends of a line, each with the space before it (" " or nothing)."""
    line = _TOKEN.sub(lambda match: match[0].replace(" ", _HELD_SPACE), line)
    pieces: list[tuple[str, str]] = []
    for word in _SPACES.sub(" ", line).strip(" ").split(" "):
        space = " "
        for piece in (_PIECE if _MAY_BE_CJK.search(word) else _PIECE_WITHOUT_CJK).findall(word):
            if not space and (piece[0] in _NEVER_FIRST or pieces[-1][1][-1] in _NEVER_LAST or _glued(pieces, piece)):
                pieces[-1] = (pieces[-1][0], pieces[-1][1] + piece)
            else:
                pieces.append((space, piece))
            space = ""
    return [(space, piece.replace(_HELD_SPACE, " ")) for space, piece in pieces]


def _glued(pieces: list[tuple[str, str]], piece: str) -> bool:
    # A line may end without a space only next to a Chinese or Japanese character: a token stays with its comma.
    return not _is_cjk(pieces[-1][1][-1]) and not _is_cjk(piece[0])


def _is_cjk(character: str) -> bool:
    return _MAY_BE_CJK.match(character) is not None and _IS_CJK.match(character) is not None


def _cut(word: str, width: int) -> list[str]:
    """A word too wide for a line, cut if its script allows it: Thai and similar scripts have no spaces between words."""
    if tokens.OPEN in word or "://" in word or not 0x0E00 <= max(map(ord, word)) <= 0x1FFF:
        return [word]
    parts, used = [""], 0
    for character in word:
        size = _character_width(character)
        if used + size > width and size:
            parts.append("")
            used = 0
        parts[-1] += character
        used += size
    return parts


def is_unspaced(word: str) -> bool:
    """Whether a line may end within `word`, as it may between the characters of Chinese and Japanese, and in Thai."""
    return not _is_usual(word) and any(_is_cjk(character) or "\u0e00" <= character <= "\u0eff" for character in word)


def finish(text: str) -> str:
    """`text` with the marks of emphasis and the no-break marks replaced by what readers see."""
    for mark, shown in (("\ufdd4", "*"), ("\ufdd5", "*"), ("\ufdd6", "_"), ("\ufdd7", "_"), (GLUE, " ")):
        text = text.replace(mark, shown)
    return text
