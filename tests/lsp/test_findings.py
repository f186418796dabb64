"""Findings while typing, over the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lsp.conftest import HOUSE, LETTER, NEWSLETTER, NEXT
from tests.lsp.editor import CAPABILITIES, Editor, place, underlined

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import Room


def test_an_issue_is_checked_when_it_is_opened_and_while_it_is_written(editor: Editor, room: Room):
    editor.open(room.letter)
    editor.wait_for(room.letter)
    broken = LETTER.replace("[A river turns](https://water.example/river)", "A river turns")
    version = editor.write(room.letter, broken)
    (found,) = editor.wait_for(room.letter, "ST104", version=version)
    assert underlined(broken, found) == "2. A river turns"
    assert found["severity"] == 1
    assert found["source"] == "newsletter"
    assert found["message"].startswith("item 2 has no link in its title\n")
    assert found["codeDescription"]["href"].endswith("/ST104.md")
    version = editor.write(room.letter, LETTER)
    editor.wait_for(room.letter, version=version)


def test_what_is_typed_arrives_as_edits(editor: Editor, room: Room):
    editor.open(room.letter)
    editor.wait_for(room.letter)
    where = place(LETTER, LETTER.index("Keep dry"))
    version = editor.change(
        room.letter,
        [
            {"range": {"start": where, "end": where}, "text": "🚢 船, [mail](mailto:x@y) "},
            {"range": {"start": {"line": 99, "character": 0}, "end": {"line": 99, "character": 0}}, "text": "##\n"},
        ],
    )
    editor.texts[room.letter] = LETTER.replace("Keep dry", "🚢 船, [mail](mailto:x@y) Keep dry") + "##\n"
    found = editor.wait_for(room.letter, "LK120", "ST102", version=version)
    mail = next(one for one in found if one["code"] == "LK120")
    assert "mailto:x@y" in underlined(editor.texts[room.letter], mail)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-32"])  # all other tests speak UTF-16
def test_places_are_in_the_units_agreed_on(room: Room, encoding: str):
    capabilities = CAPABILITIES | {"general": {"positionEncodings": [encoding, "utf-16"]}}
    editor = Editor(room.root, capabilities=capabilities)
    try:
        assert editor.hello["capabilities"]["positionEncoding"] == encoding
        line = "船🚢é [here](https://water.example/a b)"
        editor.open(room.letter, LETTER.replace("Keep dry.", line))
        (found,) = [one for one in editor.wait_for(room.letter, "LK102") if one["code"] == "LK102"]
        size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
        codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
        start = line.encode(codec)[: found["range"]["start"]["character"] * size].decode(codec)
        assert start == "船🚢é [here]("
        assert editor.leave() == 0
    finally:
        editor.kill()


def test_what_another_program_saves_is_taken_in(editor: Editor, room: Room):
    editor.open(room.letter)
    editor.wait_for(room.letter)
    other = room.write("issues/2026-04-05-the-lakes/index.md", NEXT.replace("number: 4", "number: 3"))
    editor.notice(other)
    editor.wait_for(room.letter, "FM108")
    other.unlink()
    editor.notice(other)
    editor.wait_for(room.letter)


def test_an_open_issue_counts_for_others_as_it_is_in_the_editor(editor: Editor, room: Room):
    other = room.write("issues/2026-04-05-the-lakes/index.md", NEXT)
    editor.notice(other)
    editor.open(room.letter)
    editor.wait_for(room.letter)
    editor.open(other)
    editor.wait_for(other)
    version = editor.write(other, editor.texts[other].replace("number: 4", "number: 3"))
    editor.wait_for(other, "FM108", version=version)
    version = editor.write(room.letter, LETTER + "\n")
    editor.wait_for(room.letter, "FM108", version=version)
    editor.close(other)
    editor.wait_for(other)
    version = editor.write(room.letter, LETTER)
    editor.wait_for(room.letter, version=version)


def test_the_picture_of_an_issue_is_looked_for_again_when_it_is_saved(editor: Editor, room: Room, picture: bytes):
    editor.open(room.letter, LETTER.replace("Keep dry.", "Keep ![a gate](gate.png) dry."))
    editor.wait_for(room.letter, "FG104")
    gate = room.write("issues/2026-03-05-the-locks/gate.png", picture)
    editor.notice(gate)
    editor.wait_for(room.letter)


def test_a_closed_issue_has_no_findings(editor: Editor, room: Room):
    editor.open(room.letter, LETTER.replace("number: 3\n", ""))
    editor.wait_for(room.letter, "FM101")
    editor.close(room.letter)
    editor.wait_for(room.letter)


# ── Configuration ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_broken_house_format_is_told_where_it_is_and_the_last_good_one_holds(editor: Editor, room: Room):
    house = room.root / "templates/letter/house.yaml"
    editor.open(room.letter, LETTER.replace("number: 3\n", ""))
    editor.wait_for(room.letter, "FM101")
    editor.open(house, language="yaml")
    version = editor.write(house, HOUSE.replace("number: required", "number: requird"))
    (found,) = editor.wait_for(house, "HF012", version=version)
    assert underlined(editor.texts[house], found) == "requird"
    editor.wait_for(room.letter, "FM101")
    version = editor.write(house, HOUSE.replace("number: required", "number: optional"))
    editor.wait_for(house, version=version)
    editor.wait_for(room.letter)
    editor.close(house)  # not saved: what is on disk counts again
    editor.wait_for(room.letter, "FM101")


def test_a_house_format_that_never_was_in_order_leaves_a_word_in_the_issue(room: Room):
    house = room.write("templates/letter/house.yaml", HOUSE.replace("sections:", "sectoins:"))
    editor = Editor(room.root)
    try:
        editor.open(room.letter)
        (found,) = editor.wait_for(room.letter, "")
        assert found["severity"] == 3
        assert found["message"] == "not checked: templates/letter/house.yaml cannot be used"
        (related,) = found["relatedInformation"]
        assert related["location"]["uri"] == house.as_uri()
        assert editor.codes(house) == ["HF011"], "also where it is not open"
        house.write_text(HOUSE)
        editor.notice(house)
        editor.wait_for(room.letter)
        editor.wait_for(house)
        assert editor.leave() == 0
    finally:
        editor.kill()


def test_newsletter_yaml_is_checked_before_anything_is_open(room: Room):
    configuration = room.write("newsletter.yaml", NEWSLETTER.replace("language: en-GB", "langauge: en-GB"))
    editor = Editor(room.root)
    try:
        editor.wait_for(configuration, "CF011")
        editor.open(room.letter)
        editor.open(configuration, NEWSLETTER, language="yaml")
        editor.wait_for(configuration)
        editor.wait_for(room.letter)
        version = editor.write(configuration, NEWSLETTER + "check: {severity: {ZZ: off}}\n")
        editor.wait_for(configuration, "CF012", version=version)
        version = editor.write(configuration, NEWSLETTER + "check: {ignore: [ST104]}\n")
        editor.wait_for(configuration, version=version)
        version = editor.write(room.letter, LETTER.replace("[A river turns](https://water.example/river)", "A river"))
        editor.wait_for(room.letter, version=version)
        assert editor.leave() == 0
    finally:
        editor.kill()


def test_broken_front_matter_is_a_finding_and_not_the_end(editor: Editor, room: Room):
    for text, codes in (
        (LETTER.replace("title: The locks", "title: [The locks"), ["FM001"]),
        (LETTER.replace("---\n\nAn", "\nAn"), ["FM007"]),
        (LETTER.replace("number: 3", "number: 3\nkind: no-such-kind"), ["FM106"]),
    ):
        editor.open(room.letter, text)
        editor.wait_for(room.letter, *codes)
        editor.close(room.letter)
        editor.wait_for(room.letter)
    editor.open(room.letter)
    editor.wait_for(room.letter)


# ── Where ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_workspaces_do_not_know_of_each_other(room: Room, tmp_path: Path):
    from tests.lsp.conftest import Room

    other = Room(tmp_path / "others")
    other.write("templates/letter/house.yaml", HOUSE.replace("number: required", "issue_of: required"))
    editor = Editor(room.root, other.root)
    try:
        editor.open(room.letter)
        editor.open(other.letter)
        editor.wait_for(other.letter, "FM101")
        editor.wait_for(room.letter)
        third = Room(tmp_path / "thirds")
        third.write("newsletter.yaml", NEWSLETTER + "nonsense: 1\n")
        folder = {"uri": third.root.as_uri(), "name": "thirds"}
        editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
        editor.wait_for(third.root / "newsletter.yaml", "CF011")
        editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        editor.wait_for(third.root / "newsletter.yaml")
        assert editor.leave() == 0
    finally:
        editor.kill()


def test_files_outside_any_workspace_are_let_be(editor: Editor, room: Room, tmp_path: Path):
    outside = tmp_path / "notes.md"
    outside.write_text("# Notes\n\n[here](javascript:x)\n")
    readme = room.write("README.md", "# Letters\n\n[here](javascript:x)\n")
    for path in (outside, readme):
        editor.open(path)
        assert editor.ask("textDocument/hover", editor.about(path, "here")) is None
        assert editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": path.as_uri()}}) is None
    untitled = {"uri": "untitled:Untitled-1", "languageId": "markdown", "version": 1, "text": "# A"}
    editor.tell("textDocument/didOpen", {"textDocument": untitled})
    editor.open(room.letter)
    editor.wait_for(room.letter)
    assert [editor.findings(path) for path in (outside, readme)] == [None, None]


def test_an_issue_that_is_not_saved_yet_is_checked_by_its_name(editor: Editor, room: Room):
    lone = room.root / "issues/2026-04-06-to-come.md"
    editor.open(lone, NEXT)
    (found,) = editor.wait_for(lone, "FM107")
    assert underlined(NEXT, found) == "2026-04-05"


UNLINKED = LETTER.replace("[A river turns](https://water.example/river)", "A river turns")


def test_a_finding_leads_to_the_line_of_house_yaml_that_asks(editor: Editor, room: Room):
    editor.open(room.letter, UNLINKED)
    (found,) = editor.wait_for(room.letter, "ST104")
    (related,) = found["relatedInformation"]
    house = room.root / "templates/letter/house.yaml"
    assert related["message"] == "asked for here: items: {count: 1-3, numbered: true, link: required}"
    assert related["location"]["uri"] == house.as_uri()
    line = next(at for at, text in enumerate(HOUSE.split("\n")) if "link: required" in text)
    start = HOUSE.split("\n")[line].index("link")
    assert related["location"]["range"]["start"] == {"line": line, "character": start}


def test_an_editor_without_related_places_is_told_without(room: Room):
    capabilities = {"textDocument": {"publishDiagnostics": {}}}
    editor = Editor(room.root, capabilities=capabilities)
    try:
        editor.open(room.letter, UNLINKED)
        (found,) = editor.wait_for(room.letter, "ST104")
        assert "relatedInformation" not in found
    finally:
        editor.kill()
