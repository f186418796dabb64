"""Hints: what `newsletter new` leaves for the writer to replace, written `TK(what to write here)`.

TK ("to come") is the mark that editors put where text is still missing. Unlike brackets of any kind it means nothing to
YAML or Markdown, so the same hint can be in front matter, a heading, a link's text or address, or an alt text.
"""

from __future__ import annotations

import re

HINT = re.compile(r"(?<![A-Za-z0-9_])TK\((?:(?:[^()]|\([^()]*\))*\))?")
"""A hint, parentheses in it balanced one deep; where it is never closed, only its `TK(`."""


def hint(words: str) -> str:
    """`TK(words)`; parentheses and line ends in `words` are smoothed so that the hint stays one piece anywhere."""
    smooth = " ".join(words.split()).replace("(", "[").replace(")", "]")
    return f"TK({smooth})"
