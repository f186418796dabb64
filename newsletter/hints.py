"""Hints: texts that `newsletter new` leaves for the author to replace, written `TK(what to write here)`.

TK ("to come") is the mark that editors use for missing text. Unlike brackets it means nothing to YAML or Markdown. So
the same hint can be in front matter, a heading, a link's text or address, or an alt text.
"""

from __future__ import annotations

import re

HINT = re.compile(r"(?<![A-Za-z0-9_])TK\((?:(?:[^()]|\([^()]*\))*\))?")
"""A hint, which may contain balanced parentheses one level deep. If it is never closed, only its `TK(`."""


def hint(words: str) -> str:
    """`TK(words)`. Parentheses and line ends in `words` are replaced, so that the hint is valid anywhere."""
    smooth = " ".join(words.split()).replace("(", "[").replace(")", "]")
    return f"TK({smooth})"
