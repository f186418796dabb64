"""Word documents (.docx), converted by mammoth, which reads the meaning of a style instead of its look."""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from newsletter.errors import UsageError
from newsletter.importing.base import Found, ImportNote, Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.letters import ForeignLetter, from_html
from newsletter.importing.moments import day_in, moment_of
from newsletter.importing.sources import LARGEST_PICTURE, EntryError, zip_faults
from newsletter.importing.xml import elements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

_ENDINGS = (".docx", ".docm")
_MOST_UNPACKED = 300_000_000
_MOST_XML = 30_000_000
"""The largest XML part, in bytes. The text of a book has about two million."""
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Caption'] => p.caption:fresh
r[style-name='Strong'] => strong
r[style-name='Emphasis'] => em
"""
_PROPERTIES = "docProps/core.xml"
_UNCONVERTED = (LookupError, AttributeError, TypeError, SyntaxError, ExpatError)
"""The errors of mammoth for documents with contradictions. It lets those of the zip pass, too."""


def _files(source: ImportSource) -> list[str]:
    return [
        name
        for name in source.names()
        if name.casefold().endswith(_ENDINGS) and not name.rpartition("/")[2].startswith("~$")
    ]


def _recognises(source: ImportSource) -> bool:
    return bool(_files(source))


def _read(source: ImportSource) -> Found:
    names = _files(source)
    if not names:
        raise UsageError(f"{source.name} has no Word document (.docx)", hint="Save an old .doc as .docx first.")
    return Found(_issues(source, names), total=len(names))


def _issues(source: ImportSource, names: list[str]) -> Iterator[ImportedIssue | Skipped]:
    for name in names:
        try:
            content = source.read(name, LARGEST_PICTURE)
            properties = _checked(content)
            html, notes = _html(content, name)
        except EntryError as error:
            yield Skipped(name, str(error), fault=True)
            continue
        stem = name.rpartition("/")[2].rpartition(".")[0]
        day, rest = day_in(stem)
        title, html = _title(html)
        yield from_html(
            ForeignLetter(
                name,
                title=title or properties.get("title", ""),
                subtitle=_subtitle(html),
                date=moment_of(day) or moment_of(properties.get("created")),
                slug=re.sub(r"[\s_]+", "-", rest).casefold(),
                authors=tuple(filter(None, (properties.get("creator", ""),))),
                notes=tuple(notes),
            ),
            re.sub(r'<p class="subtitle">.*?</p>', "", html, count=1, flags=re.DOTALL) if _subtitle(html) else html,
        )


def _checked(content: bytes) -> dict[str, str]:
    """The properties of a document. Raises EntryError if it is malicious or is not a Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if sum(entry.file_size for entry in entries) > _MOST_UNPACKED or len(entries) > 10_000:
                raise EntryError("it would unpack to more than any document needs")
            if any(entry.flag_bits & 1 for entry in entries):
                raise EntryError("it is encrypted")
            if "word/document.xml" not in packed.namelist():
                raise EntryError("it is not a Word document")
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    _check_part(packed, entry)
            return _properties(packed)
    except zip_faults() as error:
        ole = content.startswith(b"\xd0\xcf\x11\xe0")
        raise EntryError(
            "it is an old .doc, or encrypted: save it as .docx" if ole else "it is damaged or cut off"
        ) from error


def _check_part(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.file_size > _MOST_XML:
        raise EntryError(f"its part {entry.filename} is larger than any document needs")
    with packed.open(entry) as part:
        xml = part.read(_MOST_XML + 1)
    if b"\0" in xml:  # nothing could be found in UTF-16, which no program writes
        raise EntryError(f"its part {entry.filename} is not in UTF-8")
    if len(xml) > _MOST_XML or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise EntryError(f"its part {entry.filename} may be malicious")
    depth = deepest = 0
    for found in re.finditer(rb"<(/?)[A-Za-z][^<>]*?(/?)>", xml):
        depth += -1 if found[1] else 0 if found[2] else 1
        deepest = max(deepest, depth)
    if deepest > 400:  # mammoth walks the tree recursively
        raise EntryError("it is nested too deeply")


def _properties(packed: zipfile.ZipFile) -> dict[str, str]:
    if _PROPERTIES not in packed.namelist():
        return {}
    content = packed.read(_PROPERTIES)
    try:
        found = list(
            elements(
                content, content.decode("utf-8", "replace"), frozenset({"dc:title", "dc:creator", "dcterms:created"})
            )
        )
    except EntryError:
        return {}
    return {element.name.partition(":")[2]: " ".join(element.text.split()) for element in found}


def _html(content: bytes, name: str) -> tuple[str, list[ImportNote]]:
    import mammoth

    faults: tuple[type[Exception], ...] = (*_UNCONVERTED, *zip_faults())
    try:
        made = mammoth.convert_to_html(
            io.BytesIO(content), style_map=_STYLES, convert_image=mammoth.images.img_element(_source_of)
        )
    except faults as error:
        raise EntryError("it is damaged: Word itself may be able to repair it") from error
    warnings = dict.fromkeys(
        str(message.message) for message in made.messages if "Unrecognised paragraph style" not in str(message.message)
    )
    notes = [
        ImportNote(name, f"mammoth reports: {text[:160]}", "lost")
        for text in list(warnings)[:10]
        if "Unrecognised run style" not in text
    ]
    return str(made.value), notes


def _source_of(image: Any) -> dict[str, str]:
    """The address of a picture with its content; only a name if it is missing or damaged.

    Raises ValueError for a file outside the document, of which mammoth makes a message.
    """
    try:
        with image.open() as file:
            packed = base64.b64encode(file.read()).decode()
    except (LookupError, EOFError, zipfile.BadZipFile, zlib.error):
        return {"src": "a-picture-of-the-document"}
    return {"src": f"data:{image.content_type};base64,{packed}"}


_TITLE = re.compile(r"\s*<h1>(.*?)</h1>", re.DOTALL)


def _title(html: str) -> tuple[str, str]:
    """The title, if the document begins with one, and the HTML after it."""
    found = _TITLE.match(html)
    words = " ".join(re.sub(r"<[^>]*>", "", found[1]).split()) if found else ""
    return (words, html[found.end() :]) if found and words else ("", html)


def _subtitle(html: str) -> str:
    found = re.match(r'\s*<p class="subtitle">(.*?)</p>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", "", found[1]).split()) if found else ""


KIND = Kind("docx", "Word documents", _recognises, _read)
