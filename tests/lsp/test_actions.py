"""The editor's actions for findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lsp.conftest import HOUSE, LETTER
from tests.lsp.editor import Editor

if TYPE_CHECKING:
    from tests.lsp.conftest import WorkspaceFolder

TRACKED = LETTER.replace("/river)", "/river?utm_source=letter)").replace("### 2.", "### 5.")


def titled(actions: list, title: str) -> dict:
    return next(action for action in actions if action["title"] == title)


def test_a_finding_with_a_fix_has_a_quick_fix(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter, TRACKED)
    found = editor.wait_for(folder.letter, "LK107", "ST109")
    assert all(one["data"]["fix"]["title"] for one in found)
    actions = editor.actions(folder.letter, "https://water.example/river", only=["quickfix"])
    fixes = {action["diagnostics"][0]["code"]: action for action in actions if action.get("isPreferred")}
    assert sorted(fixes) == ["LK107", "ST109"]
    fix = fixes["LK107"]
    assert fix["kind"] == "quickfix"
    assert editor.make(folder.letter, fix) == TRACKED.replace("?utm_source=letter", "")


def test_all_safe_fixes_can_be_applied_at_once(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter, TRACKED)
    editor.wait_for(folder.letter, "LK107", "ST109")
    (action,) = editor.actions(folder.letter, "---", only=["source.fixAll"])
    assert action["kind"] == "source.fixAll.newsletter"
    fixed = editor.make(folder.letter, action)
    assert fixed == LETTER
    version = editor.write(folder.letter, fixed)
    editor.wait_for(folder.letter, version=version)
    assert editor.actions(folder.letter, "---", only=["source.fixAll.newsletter"]) == []


def test_actions_use_the_latest_text(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter)
    editor.write(folder.letter, TRACKED)  # nothing waits for the check
    (action,) = editor.actions(folder.letter, "---", only=["source"])
    assert editor.make(folder.letter, action) == LETTER


def test_edits_keep_the_line_ends_of_the_file(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter, TRACKED.replace("\n", "\r\n"))
    (action,) = editor.actions(folder.letter, "---", only=["source.fixAll"])
    assert editor.make(folder.letter, action) == LETTER.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "needle", "title", "expected"),
    [
        (
            LETTER.replace("[A river turns](https://water.example/river)", "A river turns"),
            "A river turns",
            "Ignore ST104 here",
            "### 2. A river turns <!-- check: ignore ST104 -->\n",
        ),
        (
            LETTER.replace("Keep dry.", "> A line\n> [here](javascript:x)"),
            "javascript:x",
            "Ignore LK103 here",
            "> [here](javascript:x) <!-- check: ignore LK103 -->\n",
        ),
        (LETTER.replace("number: 3\n", ""), "---", "Ignore FM101 in this issue", "<!-- check: ignore-file FM101 -->"),
    ],
)
def test_a_finding_can_be_ignored_where_it_is(
    editor: Editor, folder: WorkspaceFolder, text: str, needle: str, title: str, expected: str
):
    editor.open(folder.letter, text)
    editor.wait_for(folder.letter, title.split()[1])
    ignored = editor.make(folder.letter, titled(editor.actions(folder.letter, needle), title))
    assert expected in ignored
    version = editor.write(folder.letter, ignored)
    editor.wait_for(folder.letter, version=version)


def test_a_correct_text_has_no_actions(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter)
    editor.wait_for(folder.letter)
    assert editor.actions(folder.letter, LETTER) == []


def test_an_editor_with_few_capabilities_gets_supported_actions(folder: WorkspaceFolder):
    actions = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}
    editor = Editor(folder.root, capabilities={"textDocument": {"codeAction": actions}})
    try:
        editor.open(folder.letter, TRACKED)
        found = editor.wait_for(folder.letter, "LK107", "ST109")
        assert not any(one.keys() & {"data", "codeDescription", "tags", "relatedInformation"} for one in found)
        fix = editor.actions(folder.letter, "https://water.example/river", only=["quickfix"])[0]
        assert list(fix["edit"]) == ["changes"]
        symbols = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": folder.letter.as_uri()}})
        assert {"location", "containerName"} <= symbols[1].keys()
        offered = editor.complete(folder.letter, "## Until ")
        assert not any(item.get("insertTextFormat") for item in offered.values())
        assert editor.leave() == 0
    finally:
        editor.kill()


CAREFUL = """
text: {quotes: typographic}
spelling: {e-mail: [email]}
"""
KEPT = LETTER.replace(
    "Keep dry.\n",
    "Keep dry.\n\n::: only email\nIt's [harbour's log].\n:::\n\n**[ The lift ](https://lift.example/)** email\n\n"
    "[harbour's log]: https://harbour.example/\n\n[//]: # (a note)\n",
)


def test_fixing_all_keeps_the_output_like_the_command(editor: Editor, folder: WorkspaceFolder):
    editor.notice(folder.write("templates/letter/house.yaml", HOUSE + CAREFUL))
    editor.open(folder.letter, KEPT)
    editor.wait_for(folder.letter, "TX105", "TX114", "LK109")
    (action,) = editor.actions(folder.letter, "---", only=["source.fixAll"])
    expected = KEPT.replace("It's", "It’s").replace("[ The lift ]", "[The lift]").replace("** email", "** e-mail")
    assert editor.make(folder.letter, action) == expected


def test_a_fix_that_would_change_more_is_not_offered(editor: Editor, folder: WorkspaceFolder):
    editor.notice(folder.write("templates/letter/house.yaml", HOUSE + CAREFUL))
    linked = LETTER.replace("Keep dry.", "See [above](#an-email).\n\n### An email\n\nAn email.")
    editor.open(folder.letter, linked)
    editor.wait_for(folder.letter, "TX114", "TX114")
    assert not [
        one for one in editor.actions(folder.letter, "### An email", only=["quickfix"]) if one.get("isPreferred")
    ]
    assert [one for one in editor.actions(folder.letter, "An email.", only=["quickfix"]) if one.get("isPreferred")]
