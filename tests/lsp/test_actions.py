"""What the editor offers to do about findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lsp.conftest import HOUSE, LETTER
from tests.lsp.editor import Editor

if TYPE_CHECKING:
    from tests.lsp.conftest import Room

TRACKED = LETTER.replace("/river)", "/river?utm_source=letter)").replace("### 2.", "### 5.")


def titled(actions: list, title: str) -> dict:
    return next(action for action in actions if action["title"] == title)


def test_a_finding_with_a_fix_has_a_quick_fix(editor: Editor, room: Room):
    editor.open(room.letter, TRACKED)
    found = editor.wait_for(room.letter, "LK107", "ST109")
    assert all(one["data"]["fix"]["title"] for one in found)
    actions = editor.actions(room.letter, "https://water.example/river", only=["quickfix"])
    fixes = {action["diagnostics"][0]["code"]: action for action in actions if action.get("isPreferred")}
    assert sorted(fixes) == ["LK107", "ST109"]
    fix = fixes["LK107"]
    assert fix["kind"] == "quickfix"
    assert editor.make(room.letter, fix) == TRACKED.replace("?utm_source=letter", "")


def test_all_that_is_safe_is_mended_at_once(editor: Editor, room: Room):
    editor.open(room.letter, TRACKED)
    editor.wait_for(room.letter, "LK107", "ST109")
    (action,) = editor.actions(room.letter, "---", only=["source.fixAll"])
    assert action["kind"] == "source.fixAll.newsletter"
    fixed = editor.make(room.letter, action)
    assert fixed == LETTER
    version = editor.write(room.letter, fixed)
    editor.wait_for(room.letter, version=version)
    assert editor.actions(room.letter, "---", only=["source.fixAll.newsletter"]) == []


def test_actions_know_what_was_typed_a_moment_ago(editor: Editor, room: Room):
    editor.open(room.letter)
    editor.write(room.letter, TRACKED)  # nothing waits for the check
    (action,) = editor.actions(room.letter, "---", only=["source"])
    assert editor.make(room.letter, action) == LETTER


def test_edits_keep_the_line_ends_of_the_file(editor: Editor, room: Room):
    editor.open(room.letter, TRACKED.replace("\n", "\r\n"))
    (action,) = editor.actions(room.letter, "---", only=["source.fixAll"])
    assert editor.make(room.letter, action) == LETTER.replace("\n", "\r\n")


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
    editor: Editor, room: Room, text: str, needle: str, title: str, expected: str
):
    editor.open(room.letter, text)
    editor.wait_for(room.letter, title.split()[1])
    ignored = editor.make(room.letter, titled(editor.actions(room.letter, needle), title))
    assert expected in ignored
    version = editor.write(room.letter, ignored)
    editor.wait_for(room.letter, version=version)


def test_what_is_in_order_needs_nothing(editor: Editor, room: Room):
    editor.open(room.letter)
    editor.wait_for(room.letter)
    assert editor.actions(room.letter, LETTER) == []


def test_an_editor_of_few_words_gets_what_it_understands(room: Room):
    actions = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}
    editor = Editor(room.root, capabilities={"textDocument": {"codeAction": actions}})
    try:
        editor.open(room.letter, TRACKED)
        found = editor.wait_for(room.letter, "LK107", "ST109")
        assert not any(one.keys() & {"data", "codeDescription", "tags", "relatedInformation"} for one in found)
        fix = editor.actions(room.letter, "https://water.example/river", only=["quickfix"])[0]
        assert list(fix["edit"]) == ["changes"]
        symbols = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": room.letter.as_uri()}})
        assert {"location", "containerName"} <= symbols[1].keys()
        offered = editor.complete(room.letter, "## Until ")
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


def test_mending_all_keeps_what_readers_get_as_the_command_does(editor: Editor, room: Room):
    editor.notice(room.write("templates/letter/house.yaml", HOUSE + CAREFUL))
    editor.open(room.letter, KEPT)
    editor.wait_for(room.letter, "TX105", "TX114", "LK109")
    (action,) = editor.actions(room.letter, "---", only=["source.fixAll"])
    expected = KEPT.replace("It's", "It’s").replace("[ The lift ]", "[The lift]").replace("** email", "** e-mail")
    assert editor.make(room.letter, action) == expected


def test_a_fix_that_would_change_more_is_not_offered(editor: Editor, room: Room):
    editor.notice(room.write("templates/letter/house.yaml", HOUSE + CAREFUL))
    linked = LETTER.replace("Keep dry.", "See [above](#an-email).\n\n### An email\n\nAn email.")
    editor.open(room.letter, linked)
    editor.wait_for(room.letter, "TX114", "TX114")
    assert not [one for one in editor.actions(room.letter, "### An email", only=["quickfix"]) if one.get("isPreferred")]
    assert [one for one in editor.actions(room.letter, "An email.", only=["quickfix"]) if one.get("isPreferred")]
