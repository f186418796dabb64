"""The addresses of pictures, frames and players, from the attributes of their tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.importing.addresses import split_address

if TYPE_CHECKING:
    from collections.abc import Mapping

FRAMES = frozenset("iframe embed object video audio source".split())
"""Elements that show or play something from another address."""
_LAZY_ATTRIBUTES = ("data-src", "data-lazy-src", "data-litespeed-src", "data-original", "data-cfsrc", "data-orig-file")
"""Attributes in which lazy-loading pages keep the address, while `src` has a placeholder."""
_UNLOADABLE = ("data:", "about:", "blob:", "javascript:")
_DESCRIBED = re.compile(r"(\S+?),?(?:\s+(\d+(?:\.\d+)?)[wx])?")


def frame_source(given: Mapping[str, str]) -> str:
    """The address of the content of a frame or player; empty if there is none that can be opened."""
    candidates = (given.get(name, "").strip() for name in ("src", *_LAZY_ATTRIBUTES, "data"))
    return next((address for address in candidates if address and not address.lower().startswith(_UNLOADABLE)), "")


def picture_source(given: Mapping[str, str]) -> str:
    """The address of a picture; of the largest one, if the tag has only a set of pictures or a placeholder."""
    written = given.get("src", "").strip()
    if written and not written.lower().startswith(_UNLOADABLE):
        return next(
            (given[name].strip() for name in _LAZY_ATTRIBUTES if given.get(name) and _is_placeholder(written)), written
        )
    late = next((given[name].strip() for name in _LAZY_ATTRIBUTES if given.get(name)), "")
    return (
        late
        or largest(given.get("data-srcset") or given.get("data-lazy-srcset") or given.get("srcset") or "")
        or written
    )


def _is_placeholder(address: str) -> bool:
    return (
        re.search(r"placeholder|/lazy|spacer|blank|loading|transparent|1x1|pixel", address, re.IGNORECASE) is not None
    )


def largest(srcset: str) -> str:
    """The address of the largest picture in a `srcset`; empty if there is none."""
    best, size = "", -1.0
    for entry in re.split(r",\s+", srcset.strip()[:100_000]):
        found = _DESCRIBED.fullmatch(entry.strip())
        if found and not found[1].lower().startswith(_UNLOADABLE) and float(found[2] or 1) > size:
            best, size = found[1], float(found[2] or 1)
    return best


def words_for(address: str, title: str = "") -> str:
    """The text for a link to a frame or recording: its title, its file name, or the host of its page."""
    if words := " ".join(title.split())[:200]:
        return words
    parts = split_address(address)
    file = unquote(parts.path.rpartition("/")[2])
    return file if re.search(r"\.(?!html?$|php$|aspx?$)[A-Za-z][A-Za-z0-9]{1,4}$", file) else parts.hostname or address
