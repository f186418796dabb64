"""Help, outline, links and definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lsp.conftest import HOUSE, LETTER, NEWSLETTER
from tests.lsp.editor import at, named

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import WorkspaceFolder
    from tests.lsp.editor import Editor


def test_a_finding_shows_the_page_of_its_rule(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter, LETTER.replace("[A river turns](https://water.example/river)", "A river turns"))
    shown = editor.hover(folder.letter, "A river turns")
    assert shown.startswith("**ST104** unlinked-title: item 2 has no link in its title")
    assert "## How to fix" in shown


def test_a_field_shows_the_rules_of_the_house_format(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter)
    shown = editor.hover(folder.letter, "title: The locks")
    assert shown == "**title**: a text; required; at most 90 characters\n\nThe issue's title."
    assert editor.hover(folder.letter, "maarten").endswith("**Maarten Verlaat**\n\nKept a lock for thirty years.")


def test_a_heading_shows_the_length_of_its_section(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter)
    assert editor.hover(folder.letter, "News of") == (
        "**News of March 2026**: `news`, required\n\n10 words; 2 items (1–3 asked)\n\nWhat happened on the water"
    )
    assert editor.hover(folder.letter, "A river turns") == "**A river turns**: 5 words"
    assert "2 words (at most 20 asked)" in editor.hover(folder.letter, "Until next")


def test_hovering_a_picture_shows_it_with_its_size(editor: Editor, folder: WorkspaceFolder, picture: bytes):
    gate = folder.write("issues/2026-03-05-the-locks/gate.png", picture)
    broken = folder.write("issues/2026-03-05-the-locks/broken.png", b"\x89PNG\r\n\x1a\n")
    editor.open(folder.letter, LETTER.replace("An opening.", "![a](gate.png)\n\n![b](broken.png)\n\n![c](none.png)"))
    shown = editor.hover(folder.letter, "gate.png")
    assert f"![gate.png]({gate.as_uri()})" in shown
    assert "`gate.png`: 640 × 360 pixels, " in shown
    assert f"`{broken.name}` is cut off" in editor.hover(folder.letter, "broken.png")


def test_a_personal_field_shows_its_fallback(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter, LETTER.replace("An opening.", "Dear {{ first_name | friend }},"))
    assert "“friend”" in editor.hover(folder.letter, "first_name")


def test_the_outline_is_sections_and_items(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter, LETTER.replace("## Until next month", "##  "))
    symbols = editor.ask("textDocument/documentSymbol", named(folder.letter))
    tree = [(one["name"], [inner["name"] for inner in one["children"]]) for one in symbols]
    assert tree == [("News of March 2026", ["A lock opens", "A river turns"]), ("…", [])]
    folds = editor.ask("textDocument/foldingRange", named(folder.letter))
    assert [(one["startLine"], one["endLine"]) for one in folds] == [(0, 6), (10, 18), (12, 14), (16, 18), (20, 22)]


def test_links_and_pictures_have_their_targets(editor: Editor, folder: WorkspaceFolder, picture: bytes):
    gate = folder.write("issues/2026-03-05-the-locks/gate.png", picture)
    text = LETTER.replace("tags:", "cover: gate.png\ntags:").replace(
        "An opening.",
        "![🚢](gate.png) [a][b] [c](https://x.example/{{ email }}) [d](none.txt)\n\n[b]: https://b.example/",
    )
    editor.open(folder.letter, text)
    links = editor.ask("textDocument/documentLink", named(folder.letter))
    found = {(text[at(text, one["range"]["start"]) : at(text, one["range"]["end"])], one["target"]) for one in links}
    assert found == {
        ("gate.png", gate.as_uri()),
        ("https://b.example/", "https://b.example/"),
        ("https://water.example/lock", "https://water.example/lock"),
        ("https://water.example/river", "https://water.example/river"),
    }
    assert len(links) == 5, "the cover, too"


def place_of(answer: dict) -> tuple[str, int]:
    return answer["uri"], answer["range"]["start"]["line"]


@pytest.mark.parametrize(
    ("needle", "file", "wanted"),
    [
        ("News of", "templates/letter/house.yaml", "  news:"),
        ("title: The", "templates/letter/house.yaml", "  title:"),
        ("maarten", "newsletter.yaml", "  maarten:"),
        ("[a][b]", "issues/2026-03-05-the-locks/index.md", "[b]: https://b.example/"),
        ("[^one] ", "issues/2026-03-05-the-locks/index.md", "[^one]: Said so."),
    ],
)
def test_names_lead_to_their_definition(editor: Editor, folder: WorkspaceFolder, needle: str, file: str, wanted: str):
    text = LETTER.replace(
        "An opening.", "See [a][b], says he[^one] now.\n\n[b]: https://b.example/\n\n[^one]: Said so."
    )
    editor.open(folder.letter, text)
    texts = {"templates/letter/house.yaml": HOUSE, "newsletter.yaml": NEWSLETTER}
    line = (
        texts.get(file, text)
        .splitlines()
        .index(next(line for line in texts.get(file, text).splitlines() if line.startswith(wanted)))
    )
    answer = editor.ask("textDocument/definition", editor.about(folder.letter, needle, end=False))
    assert place_of(answer) == ((folder.root / file).as_uri(), line)


def test_the_definition_of_a_section_of_another_kind_is_in_that_kind(editor: Editor, folder: WorkspaceFolder):
    base = folder.root / "templates/letter/house.yaml"
    special = "extends: letter\nsections:\n  gift:\n    heading: A gift\n"
    editor.notice(folder.write("templates/special/house.yaml", special))
    text = LETTER.replace("title:", "kind: special\ntitle:").replace("## Until", "## A gift\n\nFor you.\n\n## Until")
    editor.open(folder.letter, text)

    def definition_at(needle: str) -> Path:
        answer = editor.ask("textDocument/definition", editor.about(folder.letter, needle))
        return answer["uri"]

    assert definition_at("## News") == base.as_uri()
    assert definition_at("## A gift") == (folder.root / "templates/special/house.yaml").as_uri()


def test_other_places_have_no_help(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter)
    assert editor.hover(folder.letter, "opening") == ""
    assert editor.ask("textDocument/definition", editor.about(folder.letter, "An open")) is None


def test_help_on_a_finding_names_the_line_of_house_yaml(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter, LETTER.replace("[A river turns](https://water.example/river)", "A river turns"))
    shown = editor.hover(folder.letter, "A river turns")
    house = folder.root / "templates/letter/house.yaml"
    line = next(at for at, text in enumerate(HOUSE.split("\n"), start=1) if "link: required" in text)
    assert f"Asked for by [templates/letter/house.yaml:{line}]({house.as_uri()}#L{line}): `items: " in shown


def test_stories_without_a_section_have_help_and_an_outline(editor: Editor, folder: WorkspaceFolder):
    house = "name: Letter\nsections:\n  stories: {heading: none, items: {words: 2-9}}\n  thanks: {heading: none}\nseverity: {EM: off}\n"
    editor.notice(folder.write("templates/letter/house.yaml", house))
    text = "---\ntitle: T\n---\n\nHello.\n\n## A\n\nOne two.\n\n## B\n\nThree four five.\n\n---\n\nThanks to all.\n"
    editor.open(folder.letter, text)
    shown = editor.hover(folder.letter, "## A")
    assert "**Stories**: `stories`, required" in shown
    assert "**A**: 2 words (2–9 asked)" in shown
    symbols = editor.ask("textDocument/documentSymbol", named(folder.letter))
    tree = [(one["name"], [inner["name"] for inner in one["children"]]) for one in symbols]
    assert tree == [("Stories", ["A", "B"]), ("Closing", [])]


def test_a_block_and_its_settings_have_help(editor: Editor, folder: WorkspaceFolder):
    text = LETTER.replace("An opening.", "::: gallery Both\nratio: 3:2\n![a](a.png)\n![b](b.png)\n:::")
    editor.open(folder.letter, text)
    assert editor.hover(folder.letter, "gallery").startswith("**gallery**: Two to nine pictures in rows")
    assert editor.hover(folder.letter, "ratio").startswith("**ratio** of `::: gallery`: The ratio of width to height")
