"""The place of a tag in the text around it: in the address of a link, or alone on its lines."""

from __future__ import annotations

import re

_ADDRESS = r"(?:\{\{[^{}\n]*+\}\}|\{%[^{}\n]*+\}|[^\s(){}<>])*+"
_LINK_BEFORE = re.compile(_ADDRESS)
_LINK_AFTER = re.compile(_ADDRESS + r"(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)")
_LONGEST_LINK = 600
"""The longest text or address of a link, in characters."""


def link_around(text: str, start: int, end: int) -> tuple[int, int, int] | None:
    """The link in whose address `text[start:end]` is: its start, the end of its text, and its end.

    None if there is none.
    """
    line = max(text.rfind("\n", 0, start) + 1, start - 2 * _LONGEST_LINK)
    middle = text.rfind("](", max(line, start - _LONGEST_LINK), start)
    if middle < 0 or not _LINK_BEFORE.fullmatch(text, middle + 2, start):
        return None
    after = _LINK_AFTER.match(text, end, end + _LONGEST_LINK)
    opens = _opening(text, line, middle)
    return (opens, middle, after.end()) if after and opens >= 0 else None


def _opening(text: str, line: int, middle: int) -> int:
    """The offset of the bracket that the one at `middle` closes; -1 if there is none or it belongs to a picture."""
    depth = 1
    for at in range(middle - 1, line - 1, -1):
        depth += {"]": 1, "[": -1}.get(text[at], 0) * (text[at - 1 : at] != "\\")
        if not depth:
            return at if text[at - 1 : at] != "!" else -1
    return -1


def is_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else is on the lines of `text[start:end]`."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end : (text.find("\n", end) + len(text) + 1) % (len(text) + 1)] if "\n" in text[end:] else text[end:]
    return not before.strip() and not after.strip()
