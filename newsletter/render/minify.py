"""A style sheet without comments and white space that browsers ignore (CSS Syntax Module Level 3, §4).

It means the same, token for token: nothing is sorted, merged, shortened or left out. Strings, addresses and comments
that begin with `/*!`, such as licences, stay as they are written.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(
    r"""
    (?=[\s/"'uU\\{};,>])(?:  # what none of these begins with is passed over at once
    (?P<kept>/\*!.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?i:url)\(\s*[^"'\s)][^)]*\)|\\.)
    |(?P<blank>(?:\s|/\*(?!!).*?(?:\*/|\Z))+)
    |(?P<mark>[{};,>])
    )
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=8)
def minified(css: str) -> str:
    """The same style sheet in fewer characters."""
    parts: list[str] = []
    done = 0
    pending = False  # whether there was white space that is not yet written
    for token in _TOKEN.finditer(css):
        if token.start() > done:
            pending = _write(parts, css[done : token.start()], pending=pending)
        done = token.end()
        if token["blank"]:
            pending = bool(parts)
        elif token["mark"]:
            if token[0] == "}" and parts and parts[-1] == ";":
                parts.pop()
            parts.append(token[0])
            pending = False
        else:
            pending = _write(parts, token[0], pending=pending)
    _write(parts, css[done:], pending=pending)
    return "".join(parts) + "\n"


def _write(parts: list[str], text: str, *, pending: bool) -> bool:
    """Adds a text; a space before it is dropped after a punctuation mark or the colon of a declaration."""
    if not text:
        return pending
    ends = parts[-1][-1] if parts else ""
    if pending and ends not in "{};,>" and not _is_after_colon(parts):
        parts.append(" ")
    parts.append(text)
    return False


def _is_after_colon(parts: list[str]) -> bool:
    """Whether the last token is the colon after a property name: a selector never ends in one."""
    return parts[-1].endswith(":")
