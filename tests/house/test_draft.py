from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.bundled import templates_folder
from newsletter.config.yaml import load as load_yaml
from newsletter.hints import HINT
from newsletter.house.draft import draft_issue, yaml_text
from newsletter.house.load import load_house

DAY = date(2024, 1, 31)


def drafted(house, publication, language, title="The end of the road", number=14, authors=("ann",)) -> str:
    return draft_issue(house, publication, language, title=title, number=number, date=DAY, authors=authors)


def front_of(text: str) -> dict[str, object]:
    document, faults = load_yaml(text.split("---\n")[1], "i.md", "FM")
    assert faults == ()
    return document.values


@pytest.fixture(params=["briefing", "essay", "digest"])
def bundled(request, tmp_path):
    return load_house(request.param, (templates_folder(),), tmp_path)[0].latest


def test_a_draft_has_the_known_values_and_hints_for_required_ones(bundled, publication, english):
    text = drafted(bundled, publication, english)
    front = front_of(text)
    assert front["title"] == "The end of the road"
    assert front["date"] == DAY
    assert front["authors"] == ["ann"]
    assert front["draft"] is True
    for field in bundled.fields:
        assert not field.required or front.get(field.name)
    assert front.get("kind") == (None if bundled.kind == "briefing" else bundled.kind)


def test_headings_have_filled_fields_and_items_numbers(tmp_path, publication, english):
    house = load_house("briefing", (templates_folder(),), tmp_path)[0].latest
    lines = drafted(house, publication, english).splitlines()
    assert "## News of January 2024" in lines
    titles = [line for line in lines if line.startswith("### ")]
    assert titles == [f"### {number}. [TK(title)](TK(address))" for number in range(1, 5)] + ["### 5. TK(title)"]


def test_a_hint_names_the_content_and_its_length(tmp_path, publication, english):
    house = load_house("briefing", (templates_folder(),), tmp_path)[0].latest
    text = drafted(house, publication, english)
    assert "TK(The essay on the theme of the month; 250–1500 words)" in text
    assert "TK(One or two sentences for feeds and link previews; 40–300 characters)" in text


def test_optional_parts_are_only_in_comments(tmp_path, publication, english):
    house = load_house("briefing", (templates_folder(),), tmp_path)[0].latest
    text = drafted(house, publication, english)
    note = text[text.rindex("<!--") : text.rindex("-->")]
    assert "## Book of the month" in note
    assert "\n## Book of the month" not in text
    assert "\n# subtitle: " in text
    assert not any(HINT.search(line) for line in text.splitlines() if line.startswith("# "))


def test_every_kind_of_field_is_drafted_as_valid_yaml(house_from, publication, english):
    house, _ = house_from(
        "front:\n"
        "  mood: {required: true, choices: [calm, 'not: calm']}\n"
        "  quote: {required: true, hint: 'He said: \"so\" # really'}\n"
        "  count: {required: true, type: number, length: 1-9}\n"
        "  due: {required: true, type: date}\n"
        "  live: {required: true, type: yes-no}\n"
        "  tags: {required: true, length: 2-4}\n"
        "  cover: required\n"
        "  sky: {required: true, fields: {sun: required, wind: optional}}\n"
        "  empty: {required: true, fields: {one: optional}}\n"
    )
    front = front_of(drafted(house, publication, english))
    assert front["mood"] == "TK(one of calm, not: calm)"
    assert front["quote"] == 'TK(He said: "so" # really)'
    assert front["count"] == "TK(a number; 1–9)"
    assert front["tags"] == ["TK(tags; 2–4 entries)"]
    assert front["cover"] == {"image": "TK(picture.jpg)", "alt": "TK(what the picture shows)"}
    assert front["sky"] == {"sun": "TK(sun)"}
    assert front["empty"] == {"one": "TK(one)"}


def test_every_shape_of_item_is_drafted(house_from, publication, english):
    house, _ = house_from(
        "sections:\n"
        "  a: {heading: A, items: {shape: bullet, count: 2, link: required, author: required}}\n"
        "  b: {heading: B, items: {shape: lead, words: 20-40}}\n"
        "  c: {heading: C, items: {shape: numbered, count: 2, link: required}}\n"
        "  d: {heading: D, items: {categories: [Chips, Energy], picture: required}}\n"
        "figures: {credit: required}\n"
    )
    text = drafted(house, publication, english)
    assert text.count("- [TK(title)](TK(address)) by TK(author)") == 2
    assert "**TK(title).** TK(20–40 words)" in text
    assert "1. [TK(title)](TK(address))\n2. [TK(title)](TK(address))" in text
    assert "### TK(one of Chips, Energy): TK(headline)\n" in text
    assert '![TK(what the picture shows)](TK(picture.jpg) "TK(caption). Photo: TK(who made it)")' in text


def test_a_section_level_changes_all_headings(house_from, publication, english):
    house, _ = house_from("section_level: 3\nsections:\n  a: {heading: A, items: {count: 1}}\n")
    assert "\n### A\n\n#### TK(title)\n" in drafted(house, publication, english)


def test_draft_md_is_the_body_if_the_kind_has_one(house_from, publication, english):
    house, _ = house_from(
        "name: X\n", draft="## News of {date:MMMM yyyy}\n\n{title} – {publication} {number}{subtitle} {{ name }}\n"
    )
    body = drafted(house, publication, english).split("---\n\n")[1]
    assert body == "## News of January 2024\n\nThe end of the road – The Harbour Letter 14TK(subtitle) {{ name }}\n"


def test_unknown_number_and_author_get_no_hint(tmp_path, publication, english):
    house = load_house("briefing", (templates_folder(),), tmp_path)[0].latest
    front = front_of(drafted(house, publication, english, number=None, authors=()))
    assert HINT.fullmatch(str(front["number"]))
    assert front["authors"] == ["TK(authors)"]


def test_the_kind_is_named_if_the_publication_has_none(tmp_path, publication, english):
    house = load_house("briefing", (templates_folder(),), tmp_path)[0].latest
    assert front_of(drafted(house, replace(publication, kind=""), english))["kind"] == "briefing"


UNUSUAL_TITLES = [
    "The end: a start",
    "Issue #14",
    "- leading dash",
    '"Quoted"',
    "It's 5 o'clock",
    "Both \"kinds\" 'here'",
    "No",
    "true",
    "1984",
    "2024-01-31",
    "12:30",
    "~",
    "null",
    "🚗 cars",
    "[brackets]",
    "{{ name }}",
    "*stars* & anchors",
    "!tag",
    "%percent",
    "@at",
    "`code`",
    "a\\b",
    "ends in colon:",
    "| pipe",
    "? query",
    "什么：是",
    "<<",
    "key: value # comment",
    "a #b",
    "---",
    "...",
    "e\u0301",
    "TK(title)",
    ".5",
    "0x1F",
    "+1",
]


@pytest.mark.parametrize("title", UNUSUAL_TITLES)
def test_any_title_can_be_read_back(title, tmp_path, publication, english):
    house = load_house("briefing", (templates_folder(),), tmp_path)[0].latest
    assert front_of(drafted(house, publication, english, title=title))["title"] == title


PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\ufeff\u2028\u2029"))


@given(PRINTABLE.map(lambda text: " ".join(text.split())).filter(bool), st.booleans())
def test_any_text_can_be_read_back_from_yaml(text, in_list):
    written = f"[{yaml_text(text, in_list=True)}, x]" if in_list else yaml_text(text)
    document, faults = load_yaml(f"title: {written}\n", "i.md", "FM")
    assert faults == ()
    assert document.values["title"] == ([text, "x"] if in_list else text)


@given(st.text())
def test_no_text_gives_invalid_yaml(text):
    _, faults = load_yaml(f"title: {yaml_text(text)}\n", "i.md", "FM")
    assert faults == ()
