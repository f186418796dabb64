"""The tags of the email's HTML. They repeat in a letter and from letter to letter, so what is read in one is remembered."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.digits import unescape

if TYPE_CHECKING:
    from collections.abc import Mapping

HOLDS, VOID, CLOSES, SHEET, NO_ELEMENT = range(5)
"""The kinds of markup: the start of an element with or without content, the end of one, a style element, all other."""
_OPENS = (HOLDS, VOID)
_EMPTY = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
"""The elements without content."""
_RAW = re.compile(r"<(style|script|title)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][\w:-]*)(.*)>", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_DECLARATION = re.compile(r"\s*([a-z-]+)\s*:\s*((?:[^;\"']|\"[^\"]*\"|'[^']*')+)", re.IGNORECASE)


class Tag:
    """A tag as it is written, or other markup."""

    __slots__ = ("attributes", "kind", "name", "style")

    def __init__(self, written: str) -> None:
        found = _TAG.fullmatch(written)
        self.kind = _kind_of(written, found)
        self.name = found[2].lower() if found else ""
        self.attributes: Mapping[str, str] = _attributes(found[3]) if found and self.kind in _OPENS else {}
        """By name in lower case. Entities in values are resolved."""
        given = self.attributes.get("style")
        self.style: Mapping[str, str] = declarations(given) if given else {}
        """The declarations in its style attribute, by property."""


def _kind_of(written: str, found: re.Match[str] | None) -> int:
    if raw := _RAW.fullmatch(written):
        return SHEET if raw[1].lower() == "style" else NO_ELEMENT
    if found is None:
        return NO_ELEMENT
    if found[1]:
        return CLOSES
    return VOID if found[2].lower() in _EMPTY or found[3].endswith("/") else HOLDS


@lru_cache(maxsize=4096)
def tag_of(written: str) -> Tag:
    """The tag that is written like this."""
    return Tag(written)


def _attributes(text: str) -> Mapping[str, str]:
    """The attributes of a tag."""
    return {
        found[1].lower(): unescape(found[2] if found[2] is not None else found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(text)
    }


@lru_cache(maxsize=1024)
def declarations(style: str) -> Mapping[str, str]:
    """The declarations of a style attribute, by property in lower case. The last of each wins."""
    return {found[1].lower(): found[2].strip() for found in _DECLARATION.finditer(style)}
