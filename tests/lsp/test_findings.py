"""Findings while typing, over the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lsp.conftest import HOUSE, LETTER, NEWSLETTER, NEXT
from tests.lsp.editor import CAPABILITIES, Editor, place, underlined

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import WorkspaceFolder


def test_an_issue_is_checked_when_it_is_opened_and_while_it_is_written(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter)
    editor.wait_for(folder.letter)
    broken = LETTER.replace("[A river turns](https://water.example/river)", "A river turns")
    version = editor.write(folder.letter, broken)
    (found,) = editor.wait_for(folder.letter, "ST104", version=version)
    assert underlined(broken, found) == "2. A river turns"
    assert found["severity"] == 1
    assert found["source"] == "newsletter"
    assert found["message"].startswith("item 2 has no link in its title\n")
    assert found["codeDescription"]["href"].endswith("/ST104.md")
    version = editor.write(folder.letter, LETTER)
    editor.wait_for(folder.letter, version=version)


def test_typed_text_is_sent_as_edits(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter)
    editor.wait_for(folder.letter)
    where = place(LETTER, LETTER.index("Keep dry"))
    version = editor.change(
        folder.letter,
        [
            {"range": {"start": where, "end": where}, "text": "🚢 船, [mail](mailto:x@y) "},
            {"range": {"start": {"line": 99, "character": 0}, "end": {"line": 99, "character": 0}}, "text": "##\n"},
        ],
    )
    editor.texts[folder.letter] = LETTER.replace("Keep dry", "🚢 船, [mail](mailto:x@y) Keep dry") + "##\n"
    found = editor.wait_for(folder.letter, "LK120", "ST102", version=version)
    mail = next(one for one in found if one["code"] == "LK120")
    assert "mailto:x@y" in underlined(editor.texts[folder.letter], mail)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-32"])  # all other tests use UTF-16
def test_positions_are_in_the_agreed_encoding(folder: WorkspaceFolder, encoding: str):
    capabilities = CAPABILITIES | {"general": {"positionEncodings": [encoding, "utf-16"]}}
    editor = Editor(folder.root, capabilities=capabilities)
    try:
        assert editor.hello["capabilities"]["positionEncoding"] == encoding
        line = "船🚢é [here](https://water.example/a b)"
        editor.open(folder.letter, LETTER.replace("Keep dry.", line))
        (found,) = [one for one in editor.wait_for(folder.letter, "LK102") if one["code"] == "LK102"]
        size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
        codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
        start = line.encode(codec)[: found["range"]["start"]["character"] * size].decode(codec)
        assert start == "船🚢é [here]("
        assert editor.leave() == 0
    finally:
        editor.kill()


def test_changes_by_other_programs_are_noticed(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter)
    editor.wait_for(folder.letter)
    other = folder.write("issues/2026-04-05-the-lakes/index.md", NEXT.replace("number: 4", "number: 3"))
    editor.notice(other)
    editor.wait_for(folder.letter, "FM108")
    other.unlink()
    editor.notice(other)
    editor.wait_for(folder.letter)


def test_other_issues_see_an_open_issue_as_in_the_editor(editor: Editor, folder: WorkspaceFolder):
    other = folder.write("issues/2026-04-05-the-lakes/index.md", NEXT)
    editor.notice(other)
    editor.open(folder.letter)
    editor.wait_for(folder.letter)
    editor.open(other)
    editor.wait_for(other)
    version = editor.write(other, editor.texts[other].replace("number: 4", "number: 3"))
    editor.wait_for(other, "FM108", version=version)
    version = editor.write(folder.letter, LETTER + "\n")
    editor.wait_for(folder.letter, "FM108", version=version)
    editor.close(other)
    editor.wait_for(other)
    version = editor.write(folder.letter, LETTER)
    editor.wait_for(folder.letter, version=version)


def test_pictures_of_an_issue_are_checked_again_after_a_save(editor: Editor, folder: WorkspaceFolder, picture: bytes):
    editor.open(folder.letter, LETTER.replace("Keep dry.", "Keep ![a gate](gate.png) dry."))
    editor.wait_for(folder.letter, "FG104")
    gate = folder.write("issues/2026-03-05-the-locks/gate.png", picture)
    editor.notice(gate)
    editor.wait_for(folder.letter)


def test_a_closed_issue_has_no_findings(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter, LETTER.replace("number: 3\n", ""))
    editor.wait_for(folder.letter, "FM101")
    editor.close(folder.letter)
    editor.wait_for(folder.letter)


# ── Configuration ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_invalid_house_format_is_reported_and_the_last_valid_one_is_used(editor: Editor, folder: WorkspaceFolder):
    house = folder.root / "templates/letter/house.yaml"
    editor.open(folder.letter, LETTER.replace("number: 3\n", ""))
    editor.wait_for(folder.letter, "FM101")
    editor.open(house, language="yaml")
    version = editor.write(house, HOUSE.replace("number: required", "number: requird"))
    (found,) = editor.wait_for(house, "HF012", version=version)
    assert underlined(editor.texts[house], found) == "requird"
    editor.wait_for(folder.letter, "FM101")
    version = editor.write(house, HOUSE.replace("number: required", "number: optional"))
    editor.wait_for(house, version=version)
    editor.wait_for(folder.letter)
    editor.close(house)  # not saved: the file on disk is used again
    editor.wait_for(folder.letter, "FM101")


def test_a_house_format_that_was_never_valid_is_mentioned_in_the_issue(folder: WorkspaceFolder):
    house = folder.write("templates/letter/house.yaml", HOUSE.replace("sections:", "sectoins:"))
    editor = Editor(folder.root)
    try:
        editor.open(folder.letter)
        (found,) = editor.wait_for(folder.letter, "")
        assert found["severity"] == 3
        assert found["message"] == "not checked: templates/letter/house.yaml cannot be used"
        (related,) = found["relatedInformation"]
        assert related["location"]["uri"] == house.as_uri()
        assert editor.codes(house) == ["HF011"], "also where it is not open"
        house.write_text(HOUSE)
        editor.notice(house)
        editor.wait_for(folder.letter)
        editor.wait_for(house)
        assert editor.leave() == 0
    finally:
        editor.kill()


def test_newsletter_yaml_is_checked_before_a_file_is_opened(folder: WorkspaceFolder):
    configuration = folder.write("newsletter.yaml", NEWSLETTER.replace("language: en-GB", "langauge: en-GB"))
    editor = Editor(folder.root)
    try:
        editor.wait_for(configuration, "CF011")
        editor.open(folder.letter)
        editor.open(configuration, NEWSLETTER, language="yaml")
        editor.wait_for(configuration)
        editor.wait_for(folder.letter)
        version = editor.write(configuration, NEWSLETTER + "check: {severity: {ZZ: off}}\n")
        editor.wait_for(configuration, "CF012", version=version)
        version = editor.write(configuration, NEWSLETTER + "check: {ignore: [ST104]}\n")
        editor.wait_for(configuration, version=version)
        version = editor.write(folder.letter, LETTER.replace("[A river turns](https://water.example/river)", "A river"))
        editor.wait_for(folder.letter, version=version)
        assert editor.leave() == 0
    finally:
        editor.kill()


def test_invalid_front_matter_is_a_finding(editor: Editor, folder: WorkspaceFolder):
    for text, codes in (
        (LETTER.replace("title: The locks", "title: [The locks"), ["FM001"]),
        (LETTER.replace("---\n\nAn", "\nAn"), ["FM007"]),
        (LETTER.replace("number: 3", "number: 3\nkind: no-such-kind"), ["FM106"]),
    ):
        editor.open(folder.letter, text)
        editor.wait_for(folder.letter, *codes)
        editor.close(folder.letter)
        editor.wait_for(folder.letter)
    editor.open(folder.letter)
    editor.wait_for(folder.letter)


# ── Workspaces and files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_workspaces_are_independent(folder: WorkspaceFolder, tmp_path: Path):
    from tests.lsp.conftest import WorkspaceFolder

    other = WorkspaceFolder(tmp_path / "others")
    other.write("templates/letter/house.yaml", HOUSE.replace("number: required", "issue_of: required"))
    editor = Editor(folder.root, other.root)
    try:
        editor.open(folder.letter)
        editor.open(other.letter)
        editor.wait_for(other.letter, "FM101")
        editor.wait_for(folder.letter)
        third = WorkspaceFolder(tmp_path / "thirds")
        third.write("newsletter.yaml", NEWSLETTER + "nonsense: 1\n")
        workspace_folder = {"uri": third.root.as_uri(), "name": "thirds"}
        editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [workspace_folder], "removed": []}})
        editor.wait_for(third.root / "newsletter.yaml", "CF011")
        editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [workspace_folder]}})
        editor.wait_for(third.root / "newsletter.yaml")
        assert editor.leave() == 0
    finally:
        editor.kill()


def test_files_outside_a_workspace_are_ignored(editor: Editor, folder: WorkspaceFolder, tmp_path: Path):
    outside = tmp_path / "notes.md"
    outside.write_text("# Notes\n\n[here](javascript:x)\n")
    readme = folder.write("README.md", "# Letters\n\n[here](javascript:x)\n")
    for path in (outside, readme):
        editor.open(path)
        assert editor.ask("textDocument/hover", editor.about(path, "here")) is None
        assert editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": path.as_uri()}}) is None
    untitled = {"uri": "untitled:Untitled-1", "languageId": "markdown", "version": 1, "text": "# A"}
    editor.tell("textDocument/didOpen", {"textDocument": untitled})
    editor.open(folder.letter)
    editor.wait_for(folder.letter)
    assert [editor.findings(path) for path in (outside, readme)] == [None, None]


def test_an_unsaved_issue_is_checked_by_its_name(editor: Editor, folder: WorkspaceFolder):
    lone = folder.root / "issues/2026-04-06-to-come.md"
    editor.open(lone, NEXT)
    (found,) = editor.wait_for(lone, "FM107")
    assert underlined(NEXT, found) == "2026-04-05"


UNLINKED = LETTER.replace("[A river turns](https://water.example/river)", "A river turns")


def test_a_finding_links_to_the_line_of_house_yaml(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter, UNLINKED)
    (found,) = editor.wait_for(folder.letter, "ST104")
    (related,) = found["relatedInformation"]
    house = folder.root / "templates/letter/house.yaml"
    assert related["message"] == "asked for here: items: {count: 1-3, numbered: true, link: required}"
    assert related["location"]["uri"] == house.as_uri()
    line = next(at for at, text in enumerate(HOUSE.split("\n")) if "link: required" in text)
    start = HOUSE.split("\n")[line].index("link")
    assert related["location"]["range"]["start"] == {"line": line, "character": start}


def test_an_editor_without_related_information_gets_none(folder: WorkspaceFolder):
    capabilities = {"textDocument": {"publishDiagnostics": {}}}
    editor = Editor(folder.root, capabilities=capabilities)
    try:
        editor.open(folder.letter, UNLINKED)
        (found,) = editor.wait_for(folder.letter, "ST104")
        assert "relatedInformation" not in found
    finally:
        editor.kill()
