"""Addresses of links and pictures: CommonMark's normalisation, with personal fields kept as they are.

`[profile](https://letters.example/?mail={{ email }})` has spaces and braces that CommonMark would refuse or encode.
While an address is read, each field in it is replaced by a run of reserved characters of the same length. In the
normalised address it is `{{ name }}` or `{{ name | fallback }}` again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markdown_it.common.normalize_url import normalizeLink, validateLink
from markdown_it.helpers import parseLinkDestination

from newsletter.markdown.fields import FIELD, meant, meant_name
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_FIRST, _REST = "\ufddb", "\ufddc"
_HIDDEN = re.compile(f"{_FIRST}{_REST}*")
_CHARS = r"(?:[A-Za-z0-9\-._~!$'()*+,;=:@/&]|%[0-9A-Fa-f]{2})*"
_PLAIN = re.compile(
    rf"(?:https?://[A-Za-z0-9.-]+(?=[/?#]|$)|(?![A-Za-z][A-Za-z0-9+.-]*:|//)){_CHARS}(?:\?{_CHARS})?(?:#{_CHARS})?"
)
"""Addresses that normalising does not change."""
_SIMPLE = re.compile(r"[A-Za-z0-9\-._~!$'*+,;=:@/?#%]+(?=[ )\n]|$)")
"""Destinations without brackets, escapes, entities and fields, which need no full parsing."""


UNSAFE = frozenset(
    "javascript vbscript livescript data file blob filesystem view-source about chrome chrome-extension moz-extension resource jar "
    "mhtml mk res wyciwyg shell intent ms-msdt ms-its ms-officecmd ms-appinstaller ms-cxh search-ms smb".split()
)
"""Schemes that run something, or that lead to one person's own disk, programs or browser."""
_SCHEME = re.compile(r"(?:feed:)*([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
"""The scheme of an address. `feed:` may precede another one, which it leads to."""


def refused_scheme(address: str) -> str:
    """The scheme of an address that no letter may have, in lower case; empty if its scheme is allowed.

    A single letter is a Windows drive, as in `C:x.png`, which leads to a local disk.
    """
    found = _SCHEME.match(address)
    scheme = found[1].lower() if found else ""
    return scheme if scheme in UNSAFE or len(scheme) == 1 else ""


def parse_destination(text: str, start: int, end: int, fields: AbstractSet[str]) -> tuple[str, int] | None:
    """The address that begins at `start` (CommonMark's link destination), normalised, and its end.

    None if there is none, or one that must not be linked to (`javascript:` and the like).
    """
    found = find_destination(text, start, end, fields)
    if not found.ok:
        return None
    hidden = _known(text, start, found.pos, fields) if _FIRST in found.str else []
    href = _normalise(found.str, [field for match in hidden if (field := meant(match, fields))])
    return (href, found.pos) if validateLink(href) else None


@dataclass(frozen=True, slots=True)
class Destination:
    """The result of markdown-it's parseLinkDestination."""

    ok: bool
    pos: int
    str: str


def find_destination(text: str, start: int, end: int, fields: AbstractSet[str]) -> Destination:
    """markdown-it's parseLinkDestination, with the personal fields in the address hidden."""
    if simple := _SIMPLE.match(text, start, end):
        return Destination(True, simple.end(), simple[0])
    pieces, done = [], 0
    for match in _known(text, start, end, fields):
        pieces += [text[done : match.start()], _FIRST, _REST * (len(match[0]) - 1)]
        done = match.end()
    found = parseLinkDestination("".join(pieces) + text[done:] if pieces else text, start, end)
    return Destination(found.ok, found.pos, found.str)


def _known(text: str, start: int, end: int, fields: AbstractSet[str]) -> list[re.Match[str]]:
    if text.find("{{", start, end) < 0:
        return []
    return [match for match in FIELD.finditer(text, start, end) if meant_name(match[1], fields)]


def normalise(address: str, fields: AbstractSet[str]) -> str:
    """`address` percent-encoded as CommonMark does, the personal fields in it kept."""
    known = _known(address, 0, len(address), fields)
    if known:
        address = FIELD.sub(lambda match: _FIRST if meant_name(match[1], fields) else match[0], address)
    return _normalise(address, [found for match in known if (found := meant(match, fields))])


def _normalise(address: str, fields: list[tuple[str, str]]) -> str:
    if not fields:
        return encoded(address)
    parts = _HIDDEN.split(address)
    first = parts[0].rstrip(" ")  # normalising trims the end of an address, but this is not the end
    pieces = [encoded(first), "%20" * (len(parts[0]) - len(first))]
    for (name, fallback), part in zip(fields, parts[1:], strict=True):
        # The fallback of a whole address is an address; that of a part of one is text, which is encoded.
        value = encoded(fallback) if not any(pieces) else fallback
        pieces += [f"{{{{ {name} | {value} }}}}" if value else f"{{{{ {name} }}}}", _encoded_part(part)]
    return "".join(pieces)


@lru_cache(1024)
def encoded(address: str) -> str:
    """An address without personal fields, normalised as markdown-it does."""
    return address if _PLAIN.fullmatch(address) else normalizeLink(address)


def _encoded_part(part: str) -> str:
    import mdurl

    return mdurl.encode(part)
