"""An XML parser for untrusted files, in pieces: no entities but XML's own, and nothing outside the file is read."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING
from xml.parsers import expat

from newsletter.importing.sources import EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = 65_536
_DEEPEST = 100
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
SPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
}
"""The prefix for each known namespace."""


class XmlElement:
    """An element: its name with a known prefix, its attributes, its text and its children."""

    __slots__ = ("attributes", "children", "name", "pieces")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[XmlElement] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """The text directly inside the element, without that of its children."""
        return "".join(self.pieces)

    def first(self, name: str) -> str:
        """The text of the first child with this name; empty if there is none."""
        return next((child.text.strip() for child in self.children if child.name == name), "")

    def all(self, name: str) -> list[XmlElement]:
        """The children with this name."""
        return [child for child in self.children if child.name == name]


class _XmlReader:
    def __init__(self, wanted: frozenset[str]) -> None:
        self.ready: list[XmlElement] = []
        self._wanted = wanted
        self._open: list[XmlElement] = []
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise EntryError("it is nested too deeply")
        name = _prefixed(name)
        if self._open or name in self._wanted:
            element = XmlElement(name, {_prefixed(key): value for key, value in attributes.items()})
            if self._open:
                self._open[-1].children.append(element)
            self._open.append(element)

    def end(self, _: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self.ready.append(element)

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)


def _prefixed(name: str) -> str:
    space, mark, local = name.rpartition("}")
    if not mark:
        return name
    if space.startswith("http://wordpress.org/export/"):
        return f"excerpt:{local}" if space.rstrip("/").endswith("excerpt") else f"wp:{local}"
    prefix = SPACES.get(space, "")
    return f"{prefix}:{local}" if prefix else local


def elements(content: bytes, text: str, wanted: frozenset[str]) -> Iterator[XmlElement]:
    """Yields each element whose name is in `wanted` when it is complete.

    `text` is the decoded text of `content`. Raises EntryError if the file declares entities, is not XML or is cut off,
    after all elements that were complete before.
    """
    if re.search(rb"<!(?:DOCTYPE[^>]*\[|ENTITY)", content[:1_000_000], re.IGNORECASE):
        raise EntryError("it declares entities, which exports do not need")
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    reader = _XmlReader(wanted)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = _refuse
    parser.buffer_text = True
    plain = _NO_XML.sub("\ufffd", text)
    if plain.startswith("<?xml"):
        plain = plain[plain.find("?>") + 2 :]
    encoded = _with_references(sound_references(plain.strip())).encode("utf-8", errors="replace")
    for at in range(0, len(encoded) + 1, _PIECE):
        try:
            parser.Parse(encoded[at : at + _PIECE], at + _PIECE > len(encoded))
        except expat.ExpatError as error:
            yield from reader.ready
            what = "it is cut off" if at + _PIECE > len(encoded) and error.code in {3, 5} else "it is not XML"
            raise EntryError(f"{what}, from line {error.lineno} on: {expat.ErrorString(error.code)}") from error
        yield from reader.ready
        reader.ready.clear()


_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));")


def sound_references(text: str) -> str:
    """The text with U+FFFD in place of each reference to what is no character in XML: `&#0;`, `&#xD800;`, `&#9999999;`."""
    return _REFERENCE.sub(_sound, text) if "&#" in text else text


def _sound(found: re.Match[str]) -> str:
    digits, base = (found[1], 16) if found[1] else (found[2], 10)
    code = int(digits, base) if len(digits) < 8 else 0
    if (
        code > sys.maxunicode
        or 0xD800 <= code <= 0xDFFF
        or code in {0xFFFE, 0xFFFF}
        or (code != 0xD and _NO_XML.match(chr(code)))
    ):
        return "\ufffd"
    return found[0]


_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_BARE = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")


def _with_references(text: str) -> str:
    """The text with each bare `&` outside CDATA as `&amp;`, because exports contain some."""
    if not _BARE.search(text):
        return text
    pieces = _CDATA.split(text)
    return "".join(piece if at % 2 else _BARE.sub("&amp;", piece) for at, piece in enumerate(pieces))


def _refuse(*_: object) -> None:
    raise EntryError("it declares entities, which exports do not need")
