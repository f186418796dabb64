"""The targets of links, pictures and names: their addresses and files, and the places that define them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from newsletter.config.workspace import CONFIGURATION
from newsletter.config.yaml import load as load_yaml
from newsletter.errors import NewsletterError
from newsletter.files import is_there, read_text
from newsletter.house.load import EXTENDS, HOUSE
from newsletter.lsp.buffer import Buffer
from newsletter.lsp.front_matter import field_at, in_front
from newsletter.lsp.outline import parts_of
from newsletter.model import LinkForm
from newsletter.pictures import find_picture
from newsletter.walk import images_in, links_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.lsp.documents import CheckedIssue
    from newsletter.lsp.findings import EditorSupport
    from newsletter.model import Span

_WEB = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\[\^([^\s\]]+)\]")


def links(look: CheckedIssue, _client: EditorSupport, _: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """Every link and picture that has a target, with the position of its address."""
    issue = look.parsed.issue
    places = [(image.src, image.src_span) for image in images_in(issue)]
    places += [(link.href, link.href_span) for link in links_in(issue)]
    if issue.cover:
        path = ("cover", "image") if ("cover", "image") in issue.front.value_spans else ("cover",)
        places.append((issue.cover.src, issue.front.where(*path)))
    found = {}
    for address, span in places:
        target = target_of(look, address)
        if target and span.end > span.start:
            found[span.start, span.end] = types.DocumentLink(look.buffer.range_of(span), target)
    return [found[place] for place in sorted(found)]


def target_of(look: CheckedIssue, address: str) -> str:
    """The target that an editor opens for an address.

    Empty if there is none, or if it is known only when the letter is sent.
    """
    if "{{" in address:
        return ""
    if _WEB.match(address):
        return address
    file = file_of(look, address)
    return file.as_uri() if file else ""


def file_of(look: CheckedIssue, address: str) -> Path | None:
    """The file for an address that is relative to the issue."""
    root = look.workspace.root
    return find_picture(address, (root / look.parsed.file.path).parent, root)


def definition(look: CheckedIssue, _client: EditorSupport, params: types.DefinitionParams) -> types.Location | None:
    """The place that defines the element at a position.

    For a heading, its section in house.yaml; for a field of the front matter, its entry there; for an author,
    newsletter.yaml; for a reference, its definition; for a footnote's number, the note.
    """
    offset = look.buffer.offset(params.position)
    if in_front(look.buffer.text, offset):
        return _of_field(look, offset)
    return _of_heading(look, offset) or _of_reference(look, offset)


def _of_heading(look: CheckedIssue, offset: int) -> types.Location | None:
    start, end = look.buffer.line_at(offset)
    for section, wanted, _items in parts_of(look):
        if wanted is not None and start <= section.title_span.start <= end:
            return _in_house(look, ("sections", wanted.key), wanted.span)
    return None


def _of_field(look: CheckedIssue, offset: int) -> types.Location | None:
    front = look.parsed.issue.front
    path = field_at(front, offset)
    if path is None or look.workspace.project is None:
        return None
    if path[0] == "authors":
        start, end = (span := front.where(*path)).start, span.end
        place = _in_file(
            look, look.workspace.root / CONFIGURATION, ("authors", look.buffer.text[start:end].strip("'\""))
        )
        if place:
            return place
    return _in_house(look, ("front", path[0]), None)


def _in_house(look: CheckedIssue, place: tuple[str | int, ...], span: Span | None) -> types.Location | None:
    """A position in the house format of the issue, or in one that it extends."""
    house = look.parsed.house
    first = look.workspace.root / house.path
    for file in _house_files(look, first):
        found = _in_file(look, file, place)
        if found:
            return found
    if span is None or span.end == 0:
        return None
    buffer = _buffer(look, first)
    return types.Location(buffer.uri, buffer.range_of(span)) if buffer else None


def _house_files(look: CheckedIssue, first: Path) -> Iterator[Path]:
    """The house format's file, and those that it extends."""
    project = look.workspace.project
    seen: list[Path] = []
    file: Path | None = first
    while project and file and file not in seen:
        seen.append(file)
        yield file
        buffer = _buffer(look, file)
        base = load_yaml(buffer.text, file.name, "HF")[0].values.get(EXTENDS) if buffer else None
        homes = [folder / str(base) / HOUSE for folder in project.template_folders] if base else []
        file = next((home for home in homes if is_there(home) and home not in seen), None)


def _in_file(look: CheckedIssue, file: Path, place: tuple[str | int, ...]) -> types.Location | None:
    buffer = _buffer(look, file)
    if buffer is None:
        return None
    span = load_yaml(buffer.text, file.name, "HF")[0].key_spans.get(place)
    return types.Location(buffer.uri, buffer.range_of(span)) if span else None


def _buffer(look: CheckedIssue, file: Path) -> Buffer | None:
    """A configuration file as it was when the configuration was last read: the open text, or the file on disk."""
    text = look.workspace.texts.get(file)
    if text is None:
        try:
            text = read_text(file, file.name)[0]
        except NewsletterError:
            return None
    return Buffer(file.as_uri(), file, text, encoding=look.buffer.encoding)


def _of_reference(look: CheckedIssue, offset: int) -> types.Location | None:
    text, issue = look.buffer.text, look.parsed.issue
    start, end = look.buffer.line_at(offset)
    for found in _FOOTNOTE.finditer(text, start, end):
        if found.start() <= offset <= found.end():
            note = re.search(rf"^ {{0,3}}\[\^{re.escape(found[1])}\]:", text, re.MULTILINE)
            return _here(look, note.start(), note.end()) if note else None
    inside = [link for link in links_in(issue) if link.span.start <= offset <= link.span.end]
    for link in reversed(inside):
        if link.form is LinkForm.REFERENCE:
            return _here(look, *look.buffer.line_at(link.href_span.start))
    return None


def _here(look: CheckedIssue, start: int, end: int) -> types.Location:
    return types.Location(look.buffer.uri, look.buffer.range(start, end))
