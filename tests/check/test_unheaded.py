"""Checks of stories without a section, of text after the last item, and of handwritten lists of contents."""

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


def found(checker, text: str, house: str = HOUSE) -> list[tuple[str, int]]:
    checker.house(house)
    return [(one.code, one.span.line) for one in checker.check(HEAD + text)]


@pytest.mark.parametrize(
    "text", [RIGHT, RIGHT.replace("## ", "### "), RIGHT.replace("---\n", "## Jobs\n\nNone.\n\n---\n")]
)
def test_a_correct_issue_without_sections_has_no_finding(checker, text):
    assert found(checker, text) == []


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
def test_stories_must_follow_the_rules_of_their_section(checker, text, codes):
    assert sorted(found(checker, text)) == sorted(codes)


def test_messages_describe_a_section_without_a_heading(checker):
    checker.house(HOUSE)
    reported = [one.message for one in checker.check(HEAD + "Hello.\n\n## A\n\nB c.\n")]
    assert any("the text after a `---` (`thanks` in house.yaml) is missing" in message for message in reported)
    assert not any("``" in message for message in reported)


ITEMS = "sections:\n  news:\n    heading: News\n    items: {words: 2-4}\n"
NEWS = "## News\n\n### A\n\nOne two three.\n\n### B\n\nOne two.\n\n"


@pytest.mark.parametrize("shape", ["heading", "lead", "numbered"])
def test_words_after_the_last_item_are_not_counted(checker, shape):
    items = {
        "heading": NEWS,
        "lead": "## News\n\n**A** One two.\n\n**B** One two.\n\n",
        "numbered": "## News\n\n1. A\n2. B\n\n",
    }
    house = ITEMS.replace("words: 2-4", f"shape: {shape}, words: 0-4, full_stop: {'optional'}")
    text = f"{items[shape]}---\n\nThanks to all who wrote to us this month, and goodbye.\n"
    assert found(checker, text, house) == []


def test_text_after_the_last_item_is_allowed_and_not_a_section(checker):
    assert found(checker, f"{NEWS}---\n\nThanks.\n", ITEMS) == []


def test_text_after_the_last_item_has_the_audience_of_its_section(checker):
    from newsletter.editions import for_readers
    from newsletter.house.match import limits_of, match_sections
    from newsletter.walk import blocks_text, top_blocks

    checker.house(ITEMS.replace("heading: News", "heading: News\n    only: paid") + "  jobs: {heading: Jobs}\n")
    checker.write("issues/letter/index.md", f"{HEAD}{NEWS}---\n\nA secret thanks.\n\n## Jobs\n\nNone.\n")
    _, issue, _ = checker.read("issues/letter/index.md")
    limits = limits_of(issue, match_sections(issue, checker.load(), checker.language(issue)))
    free = for_readers(issue, paid=False, limits=limits)
    assert "secret" not in blocks_text(top_blocks(free))
    assert checker.check_files(("issues/letter/index.md",)) == ()


def test_stories_at_the_wrong_level_are_reported(checker):
    checker.house(HOUSE.replace("count: 2-3", "count: 2-3, level: 3"))
    reported = [one for one in checker.check(HEAD + RIGHT) if one.code == "ST102"]
    assert {one.advice for one in reported} == {"If it is a story, write it with `###`, before the first section."}


def test_levels_below_a_story_are_relative_to_its_level(checker):
    house = "sections:\n  stories: {heading: none, items: {}}\n"
    assert found(checker, "## A\n\nText.\n\n### Below\n\nText.\n", house) == []
    assert found(checker, "## A\n\nText.\n\n#### Below\n\nText.\n", house) == [("ST111", 10)]


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
def test_sub_headed_entries_are_counted(checker, entries, codes):
    text = f"## News\n\n### A\n\nText.\n\n### In short\n\n{entries}"
    assert [code for code, _ in found(checker, text, ROUNDUP)] == codes


# ── Handwritten lists of contents ──────────────────────────────────────────────────────────────────────────────────

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
def test_a_matching_handwritten_list_has_no_finding(checker, entries):
    assert found(checker, listed(*entries), WRITTEN) == []


@pytest.mark.parametrize(
    ("entries", "expected"),
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
def test_a_wrong_handwritten_list_is_reported_with_its_line(checker, entries, expected):
    checker.house(WRITTEN)
    findings = checker.check(HEAD + listed(*entries))
    assert {one.code for one in findings} == {"ST155"}
    assert [one.span.line for one in findings] == [line for line, _ in expected]
    assert all(output in one.message for one, (_, output) in zip(findings, expected, strict=True))


def test_a_list_of_categories_or_sections_is_compared_with_them(checker):
    house = WRITTEN.replace("items: {}", "items: {categories: any}") + "contents_of: categories\n"
    titles = ("Chips: A", "Ports: B", "Chips: C")
    assert found(checker, listed("Chips", "Ports", titles=titles), house) == []
    assert found(checker, listed("Chips", "Ports", "Energy", titles=titles), house) == [("ST155", 10)]
    sections = "contents_written: true\ncontents_of: sections\n"
    own = "## In this letter\n\n- News\n- Jobs\n\n## News\n\nText.\n\n## Jobs\n\nNone.\n"
    assert found(checker, own, sections) == []
    assert found(checker, "- News\n- Jobs\n\n## News\n\nText.\n\n## Jobs\n\nNone.\n", sections) == []
    assert found(checker, "- News\n\n## News\n\nText.\n\n## Jobs\n\nNone.\n", sections) == [("ST155", 12)]


def test_a_section_may_have_its_own_list(checker):
    house = "sections:\n  news: {heading: News, contents_written: true, items: {}}\n"
    text = "## News\n\n1. A lock opens\n2. A crane sinks\n\n### 1. A lock opens\n\nText.\n\n### 2. A crane thinks\n\nText.\n"
    checker.house(house)
    (one,) = checker.check(HEAD + text)
    assert (one.code, one.span.line, one.about) == ("ST155", 9, ("sections", "news", "contents_written"))
    assert one.fix is not None
    assert one.fix.edits[0].text == "A crane thinks"


# ── Dashes that make a heading ─────────────────────────────────────────────────────────────────────────────────────────────


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
def test_a_sentence_that_dashes_make_a_heading_is_reported(checker, text, codes):
    assert [one for one in found(checker, text, "name: Letter\nother_fields: true\n") if one[0] == "ST156"] == codes
