"""A small export of each kind, as its service makes it, and what comes of it: expected/<kind>.md, to be read."""

from __future__ import annotations

import zipfile
from dataclasses import fields
from pathlib import Path

import pytest

from newsletter.importing.base import Counts, ImportedIssue, Skipped
from newsletter.importing.registry import kind_of
from newsletter.importing.sources import ImportSource

HERE = Path(__file__).parent
EXPORTS = {
    "substack": "substack",
    "ghost": "ghost",
    "buttondown": "buttondown",
    "beehiiv": "beehiiv",
    "listmonk": "listmonk",
    "mailchimp": "mailchimp",
    "wordpress": "wordpress",
    "feed/rss.xml": "feed",
    "feed/atom.xml": "feed",
    "feed/feed.json": "feed",
    "mail": "mail",
    "page": "page",
    "text": "text",
}
UNSAID = {"title", "body", "source", "notes", "pictures"}


def shown(path: Path) -> str:
    """What a source came to, as a person reads it."""
    with ImportSource(path, path.name) as source:
        kind = kind_of(source)
        found = kind.read(source)
        said = {name.name: getattr(found, name.name) for name in fields(found) if name.name not in {"issues", "notes"}}
        pieces = [f"# {kind.label}\n", *(f"{name}: {value}\n" for name, value in said.items() if value)]
        pieces += [text for one in found.issues for text in told(one)]
    return "".join(pieces)


def told(one: ImportedIssue | Skipped):
    if isinstance(one, Skipped):
        yield f"\n=== {one.source}: skipped{', a fault' if one.fault else ''}: {one.reason}\n"
        return
    yield f"\n=== {one.source}: {one.title}\n"
    for name in fields(one):
        value = getattr(one, name.name)
        if name.name not in UNSAID and value and value != Counts():
            yield f"{name.name}: {value.isoformat() if name.name == 'date' else value}\n"
    for name, content in one.pictures.items():
        yield f"picture {name}: {len(content)} bytes\n"
    for note in one.notes:
        yield f"{note.kind}: {note.place}: {note.message}\n"
    yield f"\n{one.body}"


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_becomes_issues(export):
    expected = HERE / "expected" / f"{export.replace('/', '-')}.md"
    assert shown(HERE / "data" / export) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(("export", "kind"), EXPORTS.items())
def test_an_export_is_told_from_others(export, kind):
    with ImportSource(HERE / "data" / export) as source:
        assert kind_of(source).name == kind


@pytest.mark.parametrize("export", [name for name in EXPORTS if "/" not in name])
def test_a_zip_is_read_as_its_folder(export, tmp_path):
    folder = HERE / "data" / export
    with zipfile.ZipFile(tmp_path / export, "w") as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                packed.write(file, file.relative_to(folder).as_posix())
    assert shown(tmp_path / export) == shown(folder)


@pytest.mark.parametrize("export", EXPORTS)
def test_reading_twice_gives_the_same(export):
    assert shown(HERE / "data" / export) == shown(HERE / "data" / export)
