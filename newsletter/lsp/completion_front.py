"""Completion in the front matter: missing fields, and their possible values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from newsletter.house.draft import one_of, yaml_text
from newsletter.house.format import TYPE_NAMES, FieldFormat, FieldType
from newsletter.house.load import known_kinds
from newsletter.lsp.front_matter import format_of, inner_fields
from newsletter.lsp.hover import described
from newsletter.lsp.offers import Offer, escaped, pictures_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.lsp.documents import CheckedIssue

_KEY = re.compile(r"(?P<indent> *)(?P<typed>[\w-]*)")
_VALUE = re.compile(r"(?P<indent> *)(?P<key>[\w-]+):[ \t]+(?P<value>.*)")
_ENTRY = re.compile(r"(?P<indent> *)-[ \t]+(?P<value>.*)")
_PARENT = re.compile(r"([\w-]+):[ \t]*(?:#.*)?$")
_IN_FLOW = re.compile(r"[\[,{][ \t]*([^\[\],{}]*)$")
_FIELD, _VALUE_KIND = types.CompletionItemKind.Field, types.CompletionItemKind.Value
_PLAIN = frozenset({"true", "false"})
"""Plain words that YAML does not read as text."""
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?=-|$)")


def offered_in_front(look: CheckedIssue, offset: int) -> Iterator[Offer]:
    """The completions at an offset of the front matter."""
    start, end = look.buffer.line_at(offset)
    line, rest = look.buffer.text[start:offset], look.buffer.text[offset:end]
    if found := _VALUE.fullmatch(line):
        yield from _in_value(look, offset, found["indent"], found["key"], found["value"])
    elif found := _ENTRY.fullmatch(line):
        parent = _parent(look.buffer.text[:start], len(found["indent"]) + 1)
        if parent:
            yield from _values(look, (parent,), found["value"], offset)
    elif found := _KEY.fullmatch(line):
        parent = _parent(look.buffer.text[:start], len(found["indent"])) if found["indent"] else ""
        if parent or not found["indent"]:
            yield from _keys(look, (parent,) if parent else (), offset - len(found["typed"]), offset, rest)


def _parent(above: str, indent: int) -> str:
    """The top-level key above a line with an indent of `indent`; "" if there is none."""
    for line in reversed(above.splitlines()):
        own = len(line) - len(line.lstrip(" "))
        if line.strip() and own < indent:
            found = _PARENT.fullmatch(line.strip())
            return found[1] if found and own == 0 else ""
    return ""


def _keys(look: CheckedIssue, path: tuple[str, ...], start: int, offset: int, rest: str) -> Iterator[Offer]:
    """The fields that are missing, required ones first."""
    fields: Iterable[FieldFormat] = look.parsed.house.fields
    there: object = look.parsed.issue.front.values
    for step in path:
        parent = format_of(look.parsed.house, path)
        fields = inner_fields(parent) if parent else ()
        there = there.get(step) if isinstance(there, dict) else None
    known: Mapping[str, object] = there if isinstance(there, dict) else {}
    word = re.match(r"[\w-]*", rest)
    end = offset + len(word[0] if word else "")
    typed = look.buffer.text[start:end]
    has_colon = rest[end - offset :].lstrip().startswith(":")
    for field in sorted(fields, key=lambda field: not field.required):
        if field.name in known and field.name != typed:
            continue
        yield Offer(
            start,
            end,
            field.name if has_colon else f"{field.name}: ",
            label=field.name,
            detail=f"{TYPE_NAMES[field.type]}{', required' if field.required else ''}",
            about=described(field, inside=bool(path)),
            snippet="" if has_colon else _snippet(field),
            kind=_FIELD,
        )


def _snippet(field: FieldFormat) -> str:
    """The field with placeholders, if it holds more than one value."""
    name = escaped(field.name)
    if field.type is FieldType.PICTURE:
        return f"{name}: {{image: $1, alt: $2, credit: $3\\}}"
    if field.type is FieldType.ORIGINAL:
        return f"{name}: {{url: $1, publication: $2\\}}"
    if field.type is FieldType.LIST:
        return f"{name}: [$1]"
    if field.type is FieldType.NESTED:
        return f"{name}:\n  "
    return ""


def _in_value(look: CheckedIssue, offset: int, indent: str, key: str, value: str) -> Iterator[Offer]:
    flow = _IN_FLOW.search(value)
    if value.startswith("{") and flow:
        name, colon, begun = flow[1].partition(":")
        if colon:
            yield from _values(look, (key, name.strip()), begun.lstrip(), offset)
        else:
            yield from _keys(look, (key,), offset - len(name), offset, "")
        return
    start, _ = look.buffer.line_at(offset)
    parent = _parent(look.buffer.text[:start], len(indent)) if indent else ""
    path = (parent, key) if parent else (key,)
    yield from _values(look, path, flow[1] if value.startswith("[") and flow else value, offset, taken=value)


def _values(look: CheckedIssue, path: tuple[str, ...], begun: str, offset: int, taken: str = "") -> Iterator[Offer]:
    """The possible values of a field.

    `begun` is the part that is already written, `taken` the values that are already in the list.
    """
    there = {entry.strip(" []'\"") for entry in taken.split(",")[:-1]}
    for text, detail in _known(look, path):
        if text not in there:
            written = text if text in _PLAIN else yaml_text(text, in_list=taken.startswith("["))
            yield Offer(offset - len(begun), offset, written, label=text, detail=detail, kind=_VALUE_KIND)


def _known(look: CheckedIssue, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The values that a field may have or has had, each with a description."""
    workspace, project, field = look.workspace, look.workspace.project, format_of(look.parsed.house, path)
    if project is None:
        return
    publication = project.publication
    name = path[-1]
    if field and field.choices:
        yield from ((choice, one_of(field.choices)) for choice in field.choices)
    elif path == ("kind",):
        yield from ((kind, "a kind of issue") for kind in known_kinds(project.template_folders))
    elif path == ("authors",):
        yield from ((key, author.name) for key, author in publication.authors.items())
    elif path == ("tags",):
        yield from ((tag, "") for tag in (workspace.past.tags if workspace.past else ()))
    elif path == ("language",):
        yield from ((code, "") for code in dict.fromkeys((publication.language, *_languages(look))))
    elif path == ("number",) and workspace.past:
        yield str(max(workspace.past.history.numbers, default=0) + 1), "the next"
    elif path == ("date",) and (found := _DATED.match(look.parsed.file.name)):
        yield found[0], "the name of its folder"
    elif name == "image" or (field and field.type is FieldType.PICTURE):
        yield from ((picture, "") for picture in pictures_below(workspace.root / look.parsed.file.folder))
    elif field and field.type is FieldType.YES_NO:
        yield from (("true", ""), ("false", ""))


def _languages(look: CheckedIssue) -> list[str]:
    """The languages of other issues, and those for which the tool has words."""
    project, past = look.workspace.project, look.workspace.past
    used = {issue.language for issue in past.history.issues.values()} if past else set()
    folders = project.template_folders if project else ()
    spoken = {file.stem for folder in folders for file in folder.glob("theme/strings/[!.]*.yaml")}
    return sorted(filter(None, used | spoken))
