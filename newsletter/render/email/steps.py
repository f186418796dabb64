"""Small pure steps from what the compiler gives to what is sent; render_email has their order."""

from __future__ import annotations

import re

_OPEN, _CLOSE = "<!--[if mso | IE]>", "<![endif]-->"
_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
_LINE_ENDS = re.compile(r"\s*\n\s*")


def join_comments(html: str) -> str:
    """Conditional comments for the same programs that meet, as one. Others stay as they are."""
    parts = html.split(_CLOSE)
    joined = [parts[0]]
    for before, part in zip(parts, parts[1:], strict=False):
        same = before.rfind(_OPEN) > before.rfind("<!--[if", 0, max(0, before.rfind(_OPEN))) and _opener(before) == _OPEN
        if part.startswith(_OPEN) and same:
            joined.append(part[len(_OPEN) :])
        else:
            joined.append(_CLOSE + part)
    return "".join(joined)


def _opener(part: str) -> str:
    """The conditional comment that is open at the end of `part`."""
    start = part.rfind("<!--[if")
    return part[start : start + len(_OPEN)] if start >= 0 else ""


def tidy(html: str) -> str:
    """Without white space between tags, and without empty lines in style sheets."""
    return _LINE_ENDS.sub("\n", _BETWEEN_TAGS.sub("><", html))
