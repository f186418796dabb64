"""A heading with nothing but a list of topics is contents: the items below stand in sections by topic, not under it."""

from __future__ import annotations

import re

import pytest

from newsletter.importing.plain_text.reading import markdown_of_text

TEXT = (
    "The gates were opened on Monday, and forty ships went through before the evening, more than on any day since May. "
)
OPENING = "This month we look at what moves on the water, and at those who wait beside it, as we do every month. "


def letter(topics: list[str], items: list[str], *, heading: str = "Topics in this letter", text: str = TEXT) -> str:
    return "\n".join([OPENING, heading, *topics, *(line for item in items for line in (item, text * 2))])


def outline(text: str) -> list[str]:
    return re.findall(
        r"^(?:#+ .*|- .*|\*\*.*|\d+\. .*)$", markdown_of_text(text, place="x.txt", title="A letter").body, re.MULTILINE
    )


ITEMS = ["Ships: The long ferry sails again", "Ships: A captain retires", "Ports: Ghent digs", "Locks: A gate of oak"]
SECTIONS = [
    "## Ships",
    "### Ships: The long ferry sails again",
    "### Ships: A captain retires",
    "## Ports",
    "### Ports: Ghent digs",
    "## Locks",
    "### Locks: A gate of oak",
]


@pytest.mark.parametrize(
    "topics",
    [["Ships", "Ports", "Locks"], ["- Ships", "- Ports", "- Locks"], ["1. Ships", "2. Ports", "3. Locks"]],
    ids=["lines", "bullets", "numbers"],
)
def test_items_are_in_sections_by_topic(topics: list[str]) -> None:
    text = letter(topics, ITEMS)
    assert outline(text) == SECTIONS
    notes = [note.message for note in markdown_of_text(text, place="x.txt", title="A letter").notes]
    assert any("“Topics in this letter”, a list of 3 topics" in note for note in notes)


def test_a_topic_without_items_keeps_the_list() -> None:
    found = outline(letter(["Ships", "Ports", "Locks", "Weather"], ITEMS))
    assert found == ["**Topics in this letter**", "- Ships", "- Ports", "- Locks", "- Weather", *SECTIONS]


def test_an_item_of_no_topic_has_its_own_category_as_section() -> None:
    found = outline(letter(["Ships", "Ports", "Locks"], [*ITEMS, "Weather: A storm comes up from the south"]))
    assert found == [*SECTIONS, "## Weather", "### Weather: A storm comes up from the south"]


def test_numbered_items_keep_their_numbers() -> None:
    found = outline(letter(["Ships", "Ports", "Locks"], [f"{n}. {item}" for n, item in enumerate(ITEMS, 1)]))
    numbered = iter(range(1, 5))
    assert found == [line.replace("### ", f"### {next(numbered)}. ") if "###" in line else line for line in SECTIONS]


@pytest.mark.parametrize(
    ("topics", "items", "text"),
    [
        (
            ["Schiffe", "Häfen", "Schleusen"],
            ["Schiffe: Die lange Fähre fährt", "Schiffe: Ein Kapitän geht", "Häfen: Gent gräbt", "Schleusen: Ein Tor"],
            "Am Montag gingen die Tore auf, und vierzig Schiffe fuhren durch, mehr als an jedem Tag seit dem Mai davor. ",
        ),
        (
            ["船舶", "港口", "水闸"],
            ["船舶：长渡轮再次起航", "船舶：一位船长退休", "港口：根特在挖掘", "水闸：橡木闸门"],
            "周一闸门打开，傍晚之前有四十艘船通过，比五月以来的任何一天都多，岸上的人们都在观看。" * 3,
        ),
    ],
    ids=["German", "Chinese"],
)
def test_in_any_language(topics: list[str], items: list[str], text: str) -> None:
    first, second, third, fourth = (f"### {item}" for item in items)
    assert outline(letter(topics, items, heading=topics[0] + topics[1], text=text)) == [
        *(f"## {topics[0]}", first, second, f"## {topics[1]}", third, f"## {topics[2]}", fourth)
    ]


@pytest.mark.parametrize(
    "items",
    [
        [ITEMS[0], ITEMS[2], ITEMS[1], ITEMS[3]],
        [ITEMS[0], ITEMS[2], ITEMS[3]],
        ["Weather: A storm is up", "Weather: A calm is down", "People: A captain", "People: A pilot"],
    ],
    ids=["a topic comes back", "an item for each topic", "other topics"],
)
def test_items_that_are_not_sorted_by_these_topics_stay_as_they_are(items: list[str]) -> None:
    found = outline(letter(["Ships", "Ports", "Locks"], items))
    assert [line for line in found if line.startswith("###")] == [f"### {item}" for item in items]
    assert not {"## Ships", "## Ports", "## Locks"} & set(found)
