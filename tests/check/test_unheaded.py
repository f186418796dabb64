"""What is checked of stories without a section, of what follows the last item, and of contents lists written by hand."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"
HOUSE = """\
other_fields: true
sections:
  stories:
    heading: none
    items: {count: 2-3, numbered: true, link: required, words: 2-9}
  jobs: {heading: [Jobs, Open positions], required: false}
  thanks: {heading: none, words: 2-5}
"""
A, B = "[A lock](https://a.example/x) opens", "[A crane](https://b.example/x) thinks"
RIGHT = f"Hello.\n\n## 1. {A}\n\nAfter nine years.\n\n## 2. {B}\n\nIt saves power.\n\n---\n\nThanks to all.\n"


def found(desk, text: str, house: str = HOUSE) -> list[tuple[str, int]]:
    desk.house(house)
    return [(one.code, one.span.line) for one in desk.check(HEAD + text)]


@pytest.mark.parametrize(
    "text", [RIGHT, RIGHT.replace("## ", "### "), RIGHT.replace("---\n", "## Jobs\n\nNone.\n\n---\n")]
)
def test_a_letter_without_sections_is_right(desk, text):
    assert found(desk, text) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (RIGHT.replace("2. ", "3. "), [("ST109", 12)]),
        (RIGHT.replace(f"## 2. {B}\n\nIt saves power.\n\n", ""), [("ST107", 8)]),
        (RIGHT.replace("[A crane](https://b.example/x)", "A crane"), [("ST104", 12)]),
        (RIGHT.replace("It saves power.", "It saves power, " + "and time " * 5), [("ST108", 12)]),
        (RIGHT.replace("Thanks to all.", "Thanks to all who wrote to us."), [("ST108", 16)]),
        (RIGHT.replace("---\n\nThanks to all.\n", ""), [("ST101", 14)]),
        ("Hello.\n\n---\n\nThanks to all.\n", [("ST101", 8)]),
        (RIGHT.replace("---\n", "## Open postions\n\nNone.\n\n---\n"), [("ST124", 16)]),
    ],
    ids=[
        "numbers",
        "count",
        "link",
        "words",
        "words behind",
        "no closing",
        "no stories",
        "a heading that is a story's",
    ],
)
def test_stories_are_held_to_what_their_section_asks(desk, text, codes):
    assert sorted(found(desk, text)) == sorted(codes)


def test_messages_call_what_has_no_heading_by_what_it_is(desk):
    desk.house(HOUSE)
    told = [one.message for one in desk.check(HEAD + "Hello.\n\n## A\n\nB c.\n")]
    assert any("the text after a `---` (`thanks` in house.yaml) is missing" in message for message in told)
    assert not any("``" in message for message in told)


ITEMS = "sections:\n  news:\n    heading: News\n    items: {words: 2-4}\n"
NEWS = "## News\n\n### A\n\nOne two three.\n\n### B\n\nOne two.\n\n"


@pytest.mark.parametrize("shape", ["heading", "lead", "numbered"])
def test_the_end_of_the_last_item_is_the_end_of_what_is_counted(desk, shape):
    items = {
        "heading": NEWS,
        "lead": "## News\n\n**A** One two.\n\n**B** One two.\n\n",
        "numbered": "## News\n\n1. A\n2. B\n\n",
    }
    house = ITEMS.replace("words: 2-4", f"shape: {shape}, words: 0-4, full_stop: {'optional'}")
    text = f"{items[shape]}---\n\nThanks to all who wrote to us this month, and goodbye.\n"
    assert found(desk, text, house) == []


def test_what_ends_the_last_item_needs_no_leave_and_is_no_section(desk):
    assert found(desk, f"{NEWS}---\n\nThanks.\n", ITEMS) == []


def test_it_is_for_the_readers_of_what_it_stands_behind(desk):
    from newsletter.editions import for_readers
    from newsletter.house.match import limits_of, match_sections
    from newsletter.walk import blocks_text, top_blocks

    desk.house(ITEMS.replace("heading: News", "heading: News\n    only: paid") + "  jobs: {heading: Jobs}\n")
    desk.write("issues/letter/index.md", f"{HEAD}{NEWS}---\n\nA secret thanks.\n\n## Jobs\n\nNone.\n")
    _, issue, _ = desk.read("issues/letter/index.md")
    limits = limits_of(issue, match_sections(issue, desk.load(), desk.language(issue)))
    free = for_readers(issue, paid=False, limits=limits)
    assert "secret" not in blocks_text(top_blocks(free))
    assert desk.check_files(("issues/letter/index.md",)) == ()


def test_stories_at_another_level_than_asked_are_told_so(desk):
    desk.house(HOUSE.replace("count: 2-3", "count: 2-3, level: 3"))
    told = [one for one in desk.check(HEAD + RIGHT) if one.code == "ST102"]
    assert {one.advice for one in told} == {"If it is a story, write it with `###`, before the first section."}


def test_levels_below_a_story_are_counted_from_its_own(desk):
    house = "sections:\n  stories: {heading: none, items: {}}\n"
    assert found(desk, "## A\n\nText.\n\n### Below\n\nText.\n", house) == []
    assert found(desk, "## A\n\nText.\n\n#### Below\n\nText.\n", house) == [("ST111", 10)]


# ── Round-ups ───────────────────────────────────────────────────────────────────────────────────────────────────────

ROUNDUP = """\
sections:
  news:
    heading: News
    items: {count: 2, last: {look: roundup, entries: 2-3}}
"""


@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        ("#### One\n\nText.\n\n**Not** one.\n\n- a\n- b\n- c\n- d\n\n#### Two\n\n##### Below\n\nText.\n", []),
        ("In short:\n\n#### One\n\nText.\n", ["ST107"]),
        ("#### A\n\na\n\n#### B\n\nb\n\n#### C\n\nc\n\n#### D\n\nd\n", ["ST107"]),
        ("**One.** Text.\n\n**Two.** Text.\n\n---\n\n**Thanks** to all. \n", []),
    ],
)
def test_sub_headed_entries_are_counted(desk, entries, codes):
    text = f"## News\n\n### A\n\nText.\n\n### In short\n\n{entries}"
    assert [code for code, _ in found(desk, text, ROUNDUP)] == codes


# ── Contents lists written by hand ──────────────────────────────────────────────────────────────────────────────────

WRITTEN = """\
contents_written: true
sections:
  stories: {heading: none, items: {}}
"""


def listed(
    *entries: str, titles: tuple[str, ...] = ("1. A lock opens", "2. A crane thinks", "3. Slow steaming")
) -> str:
    written = "".join(f"- {entry}\n" for entry in entries)
    return f"Hello.\n\n{written}\n" + "".join(f"## {title}\n\nText.\n\n" for title in titles)


@pytest.mark.parametrize(
    "entries",
    [
        ("A lock opens", "A crane thinks", "Slow steaming"),
        ("a LOCK opens!", "A *crane* thinks.", "Slow–steaming"),
        ("[How it was won](#a-lock-opens)", "A crane thinks", "[Slowly](#slow-steaming)"),
    ],
)
def test_a_written_list_that_agrees_is_right(desk, entries):
    assert found(desk, listed(*entries), WRITTEN) == []


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        (("A lock opens", "A crane thinks"), [(19, "has no entry `Slow steaming`")]),
        (
            ("A lock opens", "A crane sinks", "Slow steaming"),
            [(9, "has `A crane sinks`, line 16 has `A crane thinks`")],
        ),
        (("A lock opens", "Quays", "A crane thinks", "Slow steaming"), [(9, "there is no such item")]),
        (("A crane thinks", "A lock opens", "Slow steaming"), [(9, "out of order")]),
        (("Quays", "Docks"), [(8, "has none of the 3 items")]),
        (("Quays", "Docks", "Ships"), [(8, "line 12 has"), (9, "line 16 has"), (10, "line 20 has")]),
        ((), [(9, "is missing")]),
    ],
)
def test_a_written_list_that_does_not_agree_is_told_with_its_line(desk, entries, told):
    desk.house(WRITTEN)
    findings = desk.check(HEAD + listed(*entries))
    assert {one.code for one in findings} == {"ST155"}
    assert [one.span.line for one in findings] == [line for line, _ in told]
    assert all(said in one.message for one, (_, said) in zip(findings, told, strict=True))


def test_a_list_of_categories_or_sections_is_held_to_these(desk):
    house = WRITTEN.replace("items: {}", "items: {categories: any}") + "contents_of: categories\n"
    titles = ("Chips: A", "Ports: B", "Chips: C")
    assert found(desk, listed("Chips", "Ports", titles=titles), house) == []
    assert found(desk, listed("Chips", "Ports", "Energy", titles=titles), house) == [("ST155", 10)]
    sections = "contents_written: true\ncontents_of: sections\n"
    own = "## In this letter\n\n- News\n- Jobs\n\n## News\n\nText.\n\n## Jobs\n\nNone.\n"
    assert found(desk, own, sections) == []
    assert found(desk, "- News\n- Jobs\n\n## News\n\nText.\n\n## Jobs\n\nNone.\n", sections) == []
    assert found(desk, "- News\n\n## News\n\nText.\n\n## Jobs\n\nNone.\n", sections) == [("ST155", 12)]


def test_a_section_may_have_a_list_of_its_own(desk):
    house = "sections:\n  news: {heading: News, contents_written: true, items: {}}\n"
    text = "## News\n\n1. A lock opens\n2. A crane sinks\n\n### 1. A lock opens\n\nText.\n\n### 2. A crane thinks\n\nText.\n"
    desk.house(house)
    (one,) = desk.check(HEAD + text)
    assert (one.code, one.span.line, one.about) == ("ST155", 9, ("sections", "news", "contents_written"))
    assert one.fix is not None
    assert one.fix.edits[0].text == "A crane thinks"


# ── A rule that is none ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("## News\n\n### A\n\nThe lock opened.\n---\n\nThanks.\n", [("ST156", 11)]),
        ("## News\n\nThe lock opened, and\nnobody saw it\n---\n\nThanks.\n", [("ST156", 10)]),
        ("## News\n\n“The lock opened.”\n  ---\n\nThanks.\n", [("ST156", 9)]),
        ("News\n---\n\nText.\n", []),
        ("The lock opened.\n-----------------\n\nText.\n", []),
        ("## News\n\nThe lock opened.\n\n---\n\nThanks.\n", []),
        ("## News, at last.\n\n---\n\nText.\n", []),
        ("> The lock opened.\n> ---\n\nText.\n", []),
    ],
)
def test_a_sentence_that_a_rule_makes_a_heading_is_told(desk, text, codes):
    assert [one for one in found(desk, text, "name: Letter\nother_fields: true\n") if one[0] == "ST156"] == codes
