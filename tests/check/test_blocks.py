"""ST180 to ST184: mistakes in a block are reported at their line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsletter.bundled import templates_folder
from newsletter.config.publication import Sponsor
from newsletter.house.load import load_house
from tests.judges.workspaces import draw

FRONT = "---\ntitle: Ports\ndate: 2024-01-31\nnumber: 14\n---\n\n"


def found(checker, body: str) -> list[tuple[str, int, str]]:
    """Code, line of the body and message of each finding."""
    return [
        (one.code, one.span.line - 6, one.message)
        for one in checker.check(FRONT + body)
        if one.code in {"ST180", "ST181", "ST182", "ST183", "ST184"}
    ]


@pytest.mark.parametrize(("body", "line", "message"), [
    ("::: gallery\nWords.\n:::", 1, "the gallery has no pictures"),
    ("::: gallery\n![a](a.png)\n:::", 1, "the gallery has one picture"),
    ("::: gallery\n![a](a.png)\n![a](a.png)\n\nWords.\n:::", 5, "a gallery can hold only pictures"),
    ("::: gallery\n" + "![a](a.png)\n" * 10 + ":::", 11, "a gallery has at most 9 pictures, this one 10"),
    ("::: beside\nWords.\n:::", 1, "there is no picture beside the text"),
    ("::: beside\n![a](a.png)\n:::", 1, "there is no text beside the picture"),
    ("::: columns\nWords.\n:::", 1, "the columns are not separated"),
    ("::: columns\na\n\n---\n\nb\n\n---\n\nc\n\n---\n\nd\n:::", 14, "there are 4 columns; at most 3 fit"),
    ("::: columns\nWords.\n#### Up\n- a\n#### Down\n- b\n:::", 2, "this text is above the columns and counts as one of them"),
    ("::: stat\nwords\n:::", 1, "the stat has no figure"),
    ("::: stat 72 m\n:::", 1, "the stat does not say what it counts"),
    ("::: quote-card Ada\n:::", 1, "the quote card has no words"),
    ("Words.\n\n::: toc", 3, "there is nothing to list"),
    ("::: embed [Page](https://a.example/)\n:::", 1, "this is not the address of a known video or post"),
    ("::: chart\n| a | b |\n| - | - |\n| x | 1 |\n\nWords.\n:::", 6, "a chart can hold only one table"),
])  # fmt: skip
def test_a_missing_part_of_a_block_is_reported_at_its_line(checker, body: str, line: int, message: str):
    assert ("ST180", line, message) in found(checker, body)


@pytest.mark.parametrize(("body", "line", "message"), [
    ("::: gallery\nratio: wide\n![a](a.png)\n![a](a.png)\n:::", 2, "`wide` is not a picture ratio"),
    ("::: gallery\ncolumns: 7\n![a](a.png)\n![a](a.png)\n:::", 2, "the gallery has no columns `7`"),
    ("::: beside\nside: rihgt\n![a](a.png)\n\nWords.\n:::", 2, "the beside has no side `rihgt`"),
    ("::: beside\nwdith: half\n![a](a.png)\n\nWords.\n:::", 2, "the beside has no `wdith`"),
])  # fmt: skip
def test_an_unknown_setting_or_value_is_reported(checker, body: str, line: int, message: str):
    assert ("ST181", line, message) in found(checker, body)


def test_an_invalid_number_is_reported_at_its_cell(checker):
    body = "::: chart\n| a | b |\n| - | - |\n| x | 1 |\n| y | some |\n:::"
    assert found(checker, body) == [("ST182", 5, "`some` is not a number")]


SPONSORS = {
    "pilots": Sponsor("pilots", "North Sea Pilots", booked=("14",)),
    "maps": Sponsor("maps", "Maps", booked=("15",)),
}


@pytest.mark.parametrize(("body", "line", "message"), [
    ("::: sponsor pilos\n:::\n\n::: sponsor\n:::", 1, "newsletter.yaml has no sponsor `pilos`"),
    ("::: sponsor\nWords.\n:::\n\n::: sponsor\n:::", 1, "the sponsor is not named"),
    ("::: sponsor maps\n:::\n\n::: sponsor\n:::", 1, "Maps is not booked for this issue"),
    ("Words.", 1, "North Sea Pilots is booked for this issue but has no place in it"),
])  # fmt: skip
def test_a_sponsor_must_be_known_booked_and_placed(checker, body: str, line: int, message: str):
    checker.publication = replace(checker.publication, sponsors=SPONSORS)
    assert found(checker, body) == [("ST183", line, message)]


def test_a_sponsor_block_without_a_name_has_no_finding(checker):
    checker.publication = replace(checker.publication, sponsors=SPONSORS)
    assert found(checker, "::: sponsor\n:::\n\n::: sponsor\n:::") == []


STAT = "::: stat 72 m\nis how high it climbs.\n:::\n"


@pytest.mark.parametrize(("wanted", "body", "message"), [
    ("stat: required", "Words.", "asks for at least 1 stat, there is none"),
    ("stat: 2", STAT, "asks for 2 stats, there is one"),
    ("stat: at most 1", STAT * 2, "asks for at most 1 stat, there are 2"),
    ("stat: forbidden", STAT, "has no stat"),
    ("stat: {words: at most 2}", STAT, "asks for at most 2 words in a stat, it has 5"),
    ("stat: {sections: [opening]}", f"## News\n\n{STAT}", "has a stat in opening only"),
    ("sponsor: {names: [pilots]}", "::: sponsor [Ropes](https://a.example/)\nRope.\n:::", "has no sponsor `Ropes`"),
])  # fmt: skip
def test_the_house_format_may_require_limit_and_forbid_blocks(checker, wanted: str, body: str, message: str):
    checker.house(f"sections: {{news: {{heading: News, required: false}}}}\nblocks:\n  {wanted}\n")
    assert [one[2].partition(" ")[2].partition(" ")[2] for one in found(checker, body) if one[0] == "ST184"] == [
        message
    ]


def test_an_unknown_block_in_house_yaml_is_reported(checker):
    checker.house("blocks: {charts: 1}\n")
    _, faults = load_house("letter", (checker.root / "templates", templates_folder()), checker.root)
    assert [(one.message, one.advice) for one in faults] == [("there is no block `charts`", "Did you mean `chart`?")]


def test_a_picture_beside_text_may_be_narrower_than_the_column(checker):
    folder = checker.root / "issues/letter"
    folder.mkdir(parents=True)
    for name, width in (("half.png", 320), ("tiny.png", 120)):
        draw(folder / name, (width, 200))
    body = "::: beside\n![a](NAME)\n\nText.\n:::"
    codes = {
        name: {one.code for one in checker.check(FRONT + body.replace("NAME", name), paths=("issues/letter/index.md",))}
        for name in ("half.png", "tiny.png")
    }
    assert ["FG111" in codes[name] for name in ("half.png", "tiny.png")] == [False, True]
