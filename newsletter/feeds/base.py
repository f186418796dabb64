"""Parts that the formats share: text, addresses and times in a form that every format allows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Published

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The update time of a publication without issues, because Atom requires one."""

# Characters that XML 1.0 cannot contain even as a reference, and those that validators warn about: C0, C1, noncharacters.
_UNFIT = late("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# Characters that some programs use as line ends: the words around them stay separate.
_LINE_BREAKS = re.compile("[\x0b\x0c\x1c-\x1e]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ANY_OF_THESE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def last_updated(entries: Sequence[Published]) -> datetime:
    """The time of the last change that readers of a feed with these entries would see."""
    return moment(max((entry.updated for entry in entries), default=NEVER))


def moment(when: datetime) -> datetime:
    """`when` in a form for RFC 3339 and RFC 822: whole seconds, and an offset of whole minutes."""
    offset = when.utcoffset() or timedelta()
    zone = UTC if offset % timedelta(minutes=1) else when.tzinfo
    return when.astimezone(zone).replace(microsecond=0)


def clean(text: str) -> str:
    """`text` without the characters that XML cannot contain. Lone surrogates become U+FFFD."""
    if not _ANY_OF_THESE.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _UNFIT.sub("", _LINE_BREAKS.sub(" ", text)))


def line(text: str) -> str:
    """`text`, clean and on one line."""
    return " ".join(clean(text).split())


def uri(address: str) -> str:
    """The absolute `address` in ASCII: RSS does not allow IRIs (RFC 3987), and many Atom readers do not support them."""
    parts = urlsplit(clean(address).strip())
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    path, query, fragment = (quote(part, safe="/:?@!$&'()*+,;=%-._~") for part in parts[2:])
    return urlunsplit((parts.scheme, host, path, query, fragment))


def cover_address(entry: Published) -> str:
    """The absolute address of the entry's cover; empty if it has none."""
    return uri(urljoin(entry.url, entry.cover.name)) if entry.cover else ""
