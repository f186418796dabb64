"""Completions while writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.markdown.directives import NAMES
from tests.lsp.conftest import HOUSE, LETTER, NEXT
from tests.lsp.editor import edited

if TYPE_CHECKING:
    from tests.lsp.conftest import WorkspaceFolder
    from tests.lsp.editor import Editor


def apply_completion(text: str, item: dict) -> str:
    """The text after applying a completion."""
    return edited(text, [item["textEdit"]])


def write(editor: Editor, folder: WorkspaceFolder, text: str) -> None:
    """Opens the letter with this text."""
    editor.open(folder.letter, text)
    editor.wait_until(lambda: editor.findings(folder.letter) is not None)


# ── Front matter ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_missing_fields_are_offered_required_ones_first(editor: Editor, folder: WorkspaceFolder):
    write(editor, folder, LETTER.replace("number: 3\n", "n\n"))
    offered = editor.complete(folder.letter, "locks\nn")
    assert next(iter(offered)) == "number"
    assert {"mood", "summary", "cover"} <= offered.keys()
    assert not {"title", "date", "tags"} & offered.keys()
    number = offered["number"]
    assert number["detail"] == "a number, required"
    assert "The number of the issue." in number["documentation"]["value"]
    assert apply_completion(editor.texts[folder.letter], number) == LETTER.replace("number: 3\n", "number: \n")


def test_a_field_may_be_a_snippet(editor: Editor, folder: WorkspaceFolder):
    write(editor, folder, LETTER.replace("number: 3\n", "number: 3\ncov\n"))
    cover = editor.complete(folder.letter, "\ncov")["cover"]
    assert cover["insertTextFormat"] == 2
    assert cover["textEdit"]["newText"] == "cover: {image: $1, alt: $2, credit: $3\\}"


@pytest.mark.parametrize(
    ("line", "needle", "label", "line_then"),
    [
        ("mood: c", "mood: c", "calm", "mood: calm"),
        ("kind: ", "kind: ", "essay", "kind: essay"),
        ("language: ", "language: ", "nl", "language: nl"),
        ("draft: t", "draft: t", "true", "draft: true"),
        ("cover: ", "cover: ", "gate.png", "cover: gate.png"),
        ("cover: {image: ga", "{image: ga", "gate.png", "cover: {image: gate.png"),
        ("cover: {image: gate.png, a", "png, a", "alt", "cover: {image: gate.png, alt: "),
        ("cover:\n  image: ga", "image: ga", "gate.png", "cover:\n  image: gate.png"),
        ("cover:\n  al", "\n  al", "alt", "cover:\n  alt: "),
    ],
)
def test_values_of_a_field_are_offered(
    editor: Editor, folder: WorkspaceFolder, picture: bytes, line: str, needle: str, label: str, line_then: str
):
    folder.write("issues/2026-03-05-the-locks/gate.png", picture)
    write(editor, folder, LETTER.replace("number: 3\n", f"number: 3\n{line}\n"))
    offered = editor.complete(folder.letter, needle)
    assert apply_completion(editor.texts[folder.letter], offered[label]) == LETTER.replace(
        "number: 3\n", f"number: 3\n{line_then}\n"
    )


def test_authors_of_the_publication_are_offered_once_each(editor: Editor, folder: WorkspaceFolder):
    write(editor, folder, LETTER.replace("[maarten]", "[maarten, j]"))
    offered = editor.complete(folder.letter, "[maarten, j")
    assert {label: item["detail"] for label, item in offered.items()} == {"joren": "Joren Dekeyser"}
    assert apply_completion(editor.texts[folder.letter], offered["joren"]) == LETTER.replace(
        "[maarten]", "[maarten, joren]"
    )
    editor.write(folder.letter, LETTER.replace("authors: [maarten]", "authors:\n  - "))
    assert list(editor.complete(folder.letter, "authors:\n  - ")) == ["maarten", "joren"]


def test_values_of_other_issues_are_offered(editor: Editor, folder: WorkspaceFolder):
    editor.notice(folder.write("issues/2026-04-05-the-lakes/index.md", NEXT))
    lone = folder.root / "issues/2026-05-05-to-come.md"
    editor.open(folder.letter, LETTER.replace("number: 3", "number: 4"))
    editor.wait_for(folder.letter, "FM108")  # now the other issues are known
    editor.open(lone, "---\ntags: [\nnumber: \ndate: \n---\n")
    assert list(editor.complete(lone, "tags: [")) == ["rivers", "lakes", "locks"]
    assert list(editor.complete(lone, "number: ")) == ["5"]
    assert list(editor.complete(lone, "date: ")) == ["2026-05-05"]


# ── The text ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_missing_headings_are_offered_with_filled_fields(editor: Editor, folder: WorkspaceFolder):
    start = LETTER[: LETTER.index("## News")]
    write(editor, folder, f"{start}## \n")
    offered = editor.complete(folder.letter, "\n## ")
    assert list(offered) == ["News of March 2026", "Until next month", "Until", "To read"]
    news = offered["News of March 2026"]
    assert news["detail"] == "news"
    assert "What happened on the water" in news["documentation"]["value"]
    assert apply_completion(editor.texts[folder.letter], news) == f"{start}## News of March 2026\n"
    assert offered["Until"]["textEdit"]["newText"] == "Until ${1:…}"
    editor.write(folder.letter, LETTER.replace("## Until next month", "##"))
    offered = editor.complete(folder.letter, "other way.\n\n##")
    assert list(offered) == ["Until next month", "Until", "To read"]
    assert apply_completion(editor.texts[folder.letter], offered["Until next month"]) == LETTER


def test_headings_of_groups_are_offered_a_level_above(editor: Editor, folder: WorkspaceFolder):
    house = folder.write(
        "templates/letter/house.yaml",
        HOUSE.replace(
            "sections:", "section_level: 3\ngroups:\n  all:\n    heading: All of it\n    sections: [news]\nsections:"
        ),
    )
    editor.notice(house)
    write(editor, folder, "---\ntitle: A\n---\n\n## \n")
    assert list(editor.complete(folder.letter, "\n## ")) == ["All of it"]


def test_personal_fields_are_offered_with_their_fallbacks(editor: Editor, folder: WorkspaceFolder):
    write(editor, folder, LETTER.replace("An opening.", "Dear {{ fi"))
    offered = editor.complete(folder.letter, "Dear {{ fi")
    assert {"email", "first_name", "last_name"} <= offered.keys()
    assert "Dear {{ first_name | reader }}\n" in apply_completion(editor.texts[folder.letter], offered["first_name"])


def test_settings_of_blocks_and_their_values_are_offered(editor: Editor, folder: WorkspaceFolder):
    write(
        editor,
        folder,
        LETTER.replace("An opening.", "::: chart Water\ntype: line\n\n:::").replace("line\n\n", "line\nu\n\n"),
    )
    offered = editor.complete(folder.letter, "type: line\nu")
    assert list(offered) == ["unit", "source", "max"]
    assert "`Mt`" in offered["unit"]["documentation"]["value"]
    editor.write(folder.letter, LETTER.replace("An opening.", "::: chart Water\ntype: \n:::"))
    assert list(editor.complete(folder.letter, "type: ")) == ["bar", "column", "line", "meter", "sparkline"]
    editor.write(folder.letter, LETTER.replace("An opening.", "::: quote-c"))
    assert "quote-card" in editor.complete(folder.letter, "::: quote-c")


def test_directives_are_offered_completely(editor: Editor, folder: WorkspaceFolder):
    write(editor, folder, LETTER.replace("An opening.", ":::"))
    offered = editor.complete(folder.letter, ":::")
    assert list(offered) == [*NAMES]
    assert offered["button"]["textEdit"]["newText"] == " button [${1:What it says}](${2:address})\n:::"
    editor.write(folder.letter, LETTER.replace("An opening.", "::: only email w"))
    assert list(editor.complete(folder.letter, "only email w")) == ["text", "web", "feed", "paid", "free"]
    editor.write(
        folder.letter, LETTER.replace("An opening.", "::: event [A walk](https://a.example)\ndate: 2026-04-01\npl\n:::")
    )
    assert list(editor.complete(folder.letter, "\npl")) == ["time", "place"]


def test_files_headings_footnotes_and_labels_are_offered(editor: Editor, folder: WorkspaceFolder, picture: bytes):
    folder.write("issues/2026-03-05-the-locks/gate.png", picture)
    folder.write("issues/2026-03-05-the-locks/more/the river.png", picture)
    folder.write("issues/2026-03-05-the-locks/letter.mp3", b"ID3")
    text = LETTER.replace(
        "An opening.", "An ![a](\n\n[b](\n\n[c](#\n\nd[^\n\n[e][\n\n[^one]: Said so.\n\n[lock]: https://a.example"
    )
    write(editor, folder, text)
    pictures = editor.complete(folder.letter, "![a](")
    assert list(pictures) == ["gate.png", "more/the river.png"]
    assert "![a](more/the%20river.png\n" in apply_completion(text, pictures["more/the river.png"])
    assert {"#a-lock-opens", "letter.mp3", "gate.png"} <= editor.complete(folder.letter, "[b](").keys()
    assert "#until-next-month" in editor.complete(folder.letter, "[c](#")
    assert "d[^one]\n" in apply_completion(text, editor.complete(folder.letter, "d[^")["one"])
    assert "[e][lock]\n" in apply_completion(text, editor.complete(folder.letter, "[e][")["lock"])


def test_nothing_is_offered_in_prose_or_code(editor: Editor, folder: WorkspaceFolder):
    write(editor, folder, LETTER.replace("An opening.", "An opening. \n\n```\n## \n```"))
    assert editor.complete(folder.letter, "An opening. ") == {}
    assert editor.complete(folder.letter, "```\n## ") == {}
