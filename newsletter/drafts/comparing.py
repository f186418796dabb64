"""The visible differences between two versions of an email: words, links, pictures."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

_HIDDEN = frozenset({"style", "script", "title", "head"})
_AT_MOST = 5
UNKNOWN = "\ufffc"
"""The placeholder in our HTML for a value that a service fills in.

Any words or address in its place are no difference.
"""


@dataclass(frozen=True, slots=True)
class SeenHtml:
    """The visible content of an HTML document."""

    words: tuple[str, ...]
    links: tuple[str, ...]
    pictures: tuple[str, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        if tag == "img" and values.get("src"):
            self.pictures.append(str(values["src"]))
        self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= bool(tag in _HIDDEN and self._hidden)
        self.text.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)


def seen(html: str) -> SeenHtml:
    """The visible content of a document, even if its HTML is broken."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    words = re.sub(r"[\u200b-\u200f\u034f\u00ad\u2060\ufeff]", "", "".join(reader.text)).split()
    return SeenHtml(tuple(words), tuple(reader.links), tuple(reader.pictures))


def differences(ours: str, theirs: str, *, frame: bool = False) -> list[str]:
    """The differences of another version of our HTML, one line each. With `frame`, it may have more text around it.

    Addresses through a service's click counter cannot be compared; then only their number is.
    """
    mine, other = seen(ours), seen(theirs)
    lines = list(_words(mine.words, other.words, frame=frame))
    for what, here, there in (("link", mine.links, other.links), ("picture", mine.pictures, other.pictures)):
        lines += _addresses(what, here, there, frame=frame)
    return lines


def _words(mine: tuple[str, ...], other: tuple[str, ...], *, frame: bool) -> Iterator[str]:
    gone, new = [], []
    for kind, a, b, c, d in SequenceMatcher(None, mine, other, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        known = [word for word in mine[a:b] if UNKNOWN not in word]
        gone += [" ".join(known)] if known else []
        new += [" ".join(other[c:d])] if d > c and len(known) == b - a else []
    if gone:
        yield f"words missing there: {_listed(gone)}"
    if new and not frame:
        yield f"words that are new there: {_listed(new)}"


def _addresses(what: str, here: tuple[str, ...], there: tuple[str, ...], *, frame: bool) -> Iterator[str]:
    known = [address for address in here if UNKNOWN not in unquote(address)]
    missing, more = Counter(known) - Counter(there), Counter(there) - Counter(known)
    others = sum(more.values()) - (len(here) - len(known))
    if missing and (others == sum(missing.values()) or (frame and others > sum(missing.values()))):
        yield f"{sum(missing.values())} {what}s lead elsewhere: {_listed(missing)}"
    elif missing:
        yield f"{what}s that are missing there: {_listed(missing)}"
    elif others > 0 and not frame:
        yield f"{what}s that are new there: {_listed(more)}"


def _listed(texts: object) -> str:
    found = [text if len(text) <= 60 else f"{text[:57]}…" for text in texts]  # type: ignore[attr-defined]
    more = f" and {len(found) - _AT_MOST} more" if len(found) > _AT_MOST else ""
    return ", ".join(f"“{text}”" for text in found[:_AT_MOST]) + more
