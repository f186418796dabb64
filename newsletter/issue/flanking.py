"""Which runs of `*`, `_` and `~` may open and close emphasis: CommonMark §6.2 with the CJK-friendly amendments.

Plain CommonMark leaves `**標題：**正文` as it is, because punctuation stands inside the closing marks and a letter
outside. The amendments (tats-u/markdown-cjk-friendly) let marks beside Chinese, Japanese and Korean characters count
as flanking. Text without such characters is read exactly as CommonMark says.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace

_FIRST_CJK = "\u1100"
_QUOTATION_MARKS = frozenset("‘’“”")
_FULLWIDTH_FORM = "\ufe01"
_EMOJI = (
    *(range(0x231A, 0x231C), range(0x23E9, 0x2600), range(0x2600, 0x2630), range(0x2638, 0x2B56)),
    *(range(0x1F000, 0x1F200), range(0x1F201, 0x1F202), range(0x1F21A, 0x1F21B), range(0x1F22F, 0x1F230)),
    *(range(0x1F232, 0x1F237), range(0x1F238, 0x1F23B), range(0x1F250, 0x1F252), range(0x1F300, 0x1FB00)),
)
"""Where wide characters are wide because they are emoji (UTS #51, Emoji_Presentation), not because they are CJK."""


def flanking(text: str, start: int, end: int, low: int, high: int) -> tuple[bool, bool]:
    """Whether the run of marks `text[start:end]` may open and may close, in content that goes from `low` to `high`."""
    before = text[start - 1] if start > low else " "
    after = text[end] if end < high else " "
    beyond = ""
    if "\ufe00" <= before <= "\ufe0e" and start - 1 > low and not _is_space(text[start - 2]):
        beyond = text[start - 2]
    main = beyond or before
    if _is_space(main) or _is_space(after):
        return not _is_space(after), not _is_space(main)
    opens, closes = _is_punctuation(main), _is_punctuation(after)
    if text[start] == "_":
        return opens, closes
    beside_cjk = _is_cjk(after) or (_is_cjk_form(beyond, before) if beyond else _is_cjk_or_variation(before))
    return opens or beside_cjk or not closes, closes or beside_cjk or not opens


@cache
def _is_space(char: str) -> bool:
    return isWhiteSpace(ord(char))


@cache
def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def _is_cjk(char: str) -> bool:
    return char >= _FIRST_CJK and _is_wide_script(char)


def _is_cjk_or_variation(char: str) -> bool:
    return _is_cjk(char) or "\U000e0100" <= char <= "\U000e01ef"


def _is_cjk_form(char: str, selector: str) -> bool:
    return _is_cjk(char) or (selector == _FULLWIDTH_FORM and char in _QUOTATION_MARKS)


@cache
def _is_wide_script(char: str) -> bool:
    width = unicodedata.east_asian_width(char)
    if width == "W":
        return not any(ord(char) in emoji for emoji in _EMOJI)
    return width in "FH" or "\u1100" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff"
