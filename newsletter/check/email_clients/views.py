"""Conditional comments: whether Outlook on Windows reads what stands in one.

It lays out with Word, answers to `mso` with its version and to nothing else that is asked. All other programs of today take
`<!--[if …]>` for the comment that it is to them.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VERSION = 16
"""Of Outlook 2016, 2019 and the last one that lays out with Word."""
_CONDITION = re.compile(r"\s*\[if\s+([^\]]*)\]", re.IGNORECASE)
_TOKEN = re.compile(r"\(|\)|!|&|\||(?:(lt|lte|gt|gte)\s+)?(mso|true|[a-z]+)(?:\s+([\d.]+))?", re.IGNORECASE)
_COMPARED = {
    "": lambda version: version == _VERSION,
    "lt": lambda version: version > _VERSION,
    "lte": lambda version: version >= _VERSION,
    "gt": lambda version: version < _VERSION,
    "gte": lambda version: version <= _VERSION,
}


def condition_of(comment: str) -> str | None:
    """`mso | IE` of `[if mso | IE]>…`; None for what is an ordinary comment."""
    found = _CONDITION.match(comment)
    return found[1].strip() if found else None


@lru_cache(maxsize=64)
def is_for_word(condition: str) -> bool:
    """Whether Outlook on Windows takes `condition` for true; of one that cannot be read, it is taken to be false."""
    said = "".join(_said(token) for token in _TOKEN.finditer(condition))
    before = ""
    while before != said:
        before = said
        said = said.replace("!0", "1").replace("!1", "0").replace("(0)", "0").replace("(1)", "1")
        said = re.sub(r"([01])&([01])", lambda found: "1" if found[1] == found[2] == "1" else "0", said)
        if "&" not in said:
            said = re.sub(r"([01])\|([01])", lambda found: "1" if "1" in found[0] else "0", said)
    return said == "1"


def _said(token: re.Match[str]) -> str:
    name = (token[2] or "").lower()
    if not name:
        return token[0]
    if name == "true":
        return "1"
    if name != "mso":
        return "0"
    try:
        version = float(token[3]) if token[3] else None
    except ValueError:
        return "0"
    return "1" if version is None or _COMPARED[(token[1] or "").lower()](version) else "0"
