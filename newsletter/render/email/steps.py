"""Small pure steps from what the compiler gives to what is sent; render_email has their order."""

from __future__ import annotations

import re
from itertools import chain, pairwise

_OPEN, _CLOSE = "<!--[if mso | IE]>", "<![endif]-->"
_PLAIN_TABLE = re.compile(r"<table (?![^>]*\brole=)")


def join_comments(html: str) -> str:
    """Conditional comments for the same programs that meet, as one. Others stay as they are."""
    parts = html.split(_CLOSE)
    joined = [parts[0]]
    for before, part in pairwise(parts):
        if part.startswith(_OPEN) and before[before.rfind("<!--[if") :].startswith(_OPEN):
            joined.append(part[len(_OPEN) :])
        else:
            joined.append(_CLOSE + part)
    return "".join(joined)


def tidy(html: str) -> str:
    """Without white space between tags, and without empty lines in style sheets."""
    lines = [stripped for line in html.split("\n") if (stripped := line.strip())]
    between = ["" if before.endswith(">") and after.startswith("<") else "\n" for before, after in pairwise(lines)]
    return "".join(chain.from_iterable(zip(lines, [*between, ""], strict=True)))


def mark_layout(html: str) -> str:
    """Tables without a role are layout to a screen reader: no rows and columns are read out."""
    return _PLAIN_TABLE.sub('<table role="presentation" ', html)
