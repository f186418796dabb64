"""The pictures of an imported issue: each is checked by its bytes and gets a file name beside the issue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.importing.addresses import split_address
from newsletter.importing.base import ImportNote
from newsletter.names import portable_name, slugify
from newsletter.pictures import UnreadablePictureError, read_header

if TYPE_CHECKING:
    from newsletter.importing.base import SourcePicture

_ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/tiff": ".tiff",
}
_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)


class IssueFiles:
    """The pictures and linked files of one issue, collected while its text is converted to Markdown."""

    def __init__(self, place: str) -> None:
        """`place` is the place of the issue in its source, for notes."""
        self.place = place
        self._names: dict[str, str] = {}
        self.contents: dict[str, bytes] = {}
        """The content of each file by its name, for `ImportedIssue.pictures`."""
        self.notes: list[ImportNote] = []

    def add(self, picture: SourcePicture, place: str = "") -> str:
        """The name of a picture for the Markdown: a file beside the issue or an address; empty if it is lost.

        A file that is not a picture is left out, with a note. Each address gives one file. Pictures with the same
        content share one file.
        """
        if picture.address in self._names:
            return self._names[picture.address]
        name = self._kept(picture, place or self.place)
        self._names[picture.address] = name
        return name

    def add_file(self, address: str, content: bytes) -> str:
        """The file name beside the issue for another linked file: a PDF, an audio file."""
        if address not in self._names:
            name = portable_name(address.rpartition("/")[2])
            stem, _, ending = name.rpartition(".")
            name = self._free(slugify(stem) or "file", f".{ending.lower()}")
            self.contents[name], self._names[address] = content, name
        return self._names[address]

    def _kept(self, picture: SourcePicture, place: str) -> str:
        shown = picture.address if len(picture.address) < 100 else f"{picture.address[:60]}…"
        if picture.content is None:
            if _WEB.match(picture.address):
                return picture.address if not picture.address.startswith("//") else f"https:{picture.address}"
            self.notes.append(ImportNote(place, f"the source does not have the picture {shown}", "lost"))
            return ""
        try:
            ending = _ENDINGS.get(read_header(picture.content).media_type, "")
        except UnreadablePictureError as error:
            self.notes.append(ImportNote(place, f"the picture {shown} {error}", "lost"))
            return ""
        for name, content in self.contents.items():
            if content == picture.content:
                return name
        name = self._free(_stem(picture.address) or "picture", ending)
        self.contents[name] = picture.content
        return name

    def _free(self, stem: str, ending: str) -> str:
        taken = {name.casefold() for name in self.contents}
        name, number = f"{stem}{ending}", 2
        while name.casefold() in taken:
            name, number = f"{stem}-{number}{ending}", number + 1
        return name


def _stem(address: str) -> str:
    """A file name without extension, made from the last part of the address. Empty if the address has no name."""
    if address.startswith(("data:", "cid:")):
        return ""
    try:
        path = unquote(split_address(address).path)
    except ValueError:
        path = address
    stem = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    stem = re.sub(r"\.(?:png|jpe?g|jpe|jfif|gif|webp|svg|avif|bmp|tiff?)$", "", stem, flags=re.IGNORECASE)
    slug = slugify(stem)
    return portable_name(slug) if slug else ""
