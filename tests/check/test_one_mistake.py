"""One mistake is one finding, at the place where a person would fix it."""

from __future__ import annotations

import pytest

SECTIONS = """
sections:
  one: {heading: One}
  two: {heading: Two}
  three: {heading: Three}
  four: {heading: Four}
  five: {heading: Five, required: false}
"""
NEWS = """
sections:
  news:
    heading: News
    words: 5-100
    items: {%s}
words: 10-200
"""


def letter(*headings: str, head: str = "title: Ports\ndate: 2024-01-31") -> str:
    return f"---\n{head}\n---\n\n" + "\n\n".join(f"## {heading}\n\nWords." for heading in headings) + "\n"


def summaries(found, text: str = "") -> list[str]:
    """Code and what is underlined, or without a text the code alone."""
    return [f"{one.code} {text[one.span.start : one.span.end]}".strip() for one in found]


# ── sections ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("headings", "findings"),
    [
        ("One Two Three Four", []),
        ("One Two Three Four Five", []),
        ("Two Three Four One", ["ST105 One"]),
        ("Four One Two Three", ["ST105 Four"]),
        ("One Three Two Four", ["ST105 Two"]),
        ("One Two Four", ["ST101 Four"]),
        ("Two Three Four", ["ST101 Two"]),
        ("One Two Three", ["ST101"]),
        ("One Two Tree Four", ["ST124 Tree"]),
        ("One Two three Four", ["ST124 three"]),
        ("One Two Three Four Fivve", ["ST124 Fivve"]),
        ("One Two Three Four Gossip", ["ST102 Gossip"]),
        ("One Two Three Four Four", ["ST103 Four"]),
        ("One Two Gossip Four", ["ST102 Gossip", "ST101 Four"]),
    ],
)
def test_order_mistakes_are_one_finding_each(checker, headings: str, findings: list[str]):
    checker.house(SECTIONS)
    text = letter(*headings.split())
    assert summaries(checker.check(text), text) == findings


def test_the_finding_of_a_missing_section_names_its_place(checker):
    checker.house(SECTIONS)
    (found,) = checker.check(letter("One", "Two", "Four"))
    assert (found.message, found.label) == ("the section `## Three` is missing", "the letter asks for it before this")


def test_the_finding_of_a_moved_section_names_its_place(checker):
    checker.house(SECTIONS)
    (found,) = checker.check(letter("Four", "One", "Two", "Three"))
    assert (found.message, found.label) == ("`Four` is out of order", "the letter has it after `Three`")


def test_the_order_of_sections_may_be_free(checker):
    checker.house(SECTIONS + "order: free")
    assert checker.check(letter("Four", "Three", "Two", "One")) == ()


def test_a_house_format_without_sections_has_no_findings_about_sections(checker):
    assert checker.check(letter("Whatever", "Else")) == ()


def test_last_months_heading_is_reported_with_this_months(checker):
    checker.house('sections: {news: {heading: "News of {date:MMMM yyyy}"}}')
    (found,) = checker.check(letter("News of December 2023"))
    assert (found.code, found.label) == ("ST124", "the letter has `News of January 2024`")


# ── items ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def numbered_items(*numbers: object) -> str:
    items = "\n\n".join(f"### {number} Ports\n\nShips wait for days and days." for number in numbers)
    return f"---\ntitle: Ports\ndate: 2024-01-31\n---\n\n## News\n\n{items}\n"


@pytest.mark.parametrize(
    ("numbers", "findings"),
    [
        (["1.", "2.", "3."], []),
        (["1.", "2.", "2.", "3.", "4."], ["ST109 2. Ports"]),
        (["1.", "2.", "4.", "5."], ["ST109 4. Ports"]),
        (["1.", "2.", "7.", "4.", "5."], ["ST109 7. Ports"]),
        (["1.", "", "3."], ["ST109 Ports"]),
        (["", "", ""], ["ST109 Ports"]),
        (["2.", "3.", "4."], ["ST109 2. Ports"]),
    ],
)
def test_numbering_mistakes_are_one_finding_each(checker, numbers: list[str], findings: list[str]):
    checker.house(NEWS % "numbered: true")
    text = numbered_items(*numbers)
    assert summaries(checker.check(text), text) == findings


@pytest.mark.parametrize(
    ("body", "findings", "fixed"),
    [
        ("1、一船\n\n1）甲\n\n2）乙\n\n2、二船", [], ""),
        ("1、一船\n\n1. 甲\n2. 乙\n\n2、二船", [], ""),
        ("1、\n\n一船\n\n2、二船", [], ""),
        ("1、一船\n\n1）甲\n2）乙\n\n3、二船", ["ST109 二船"], "1、一船\n\n1）甲\n2）乙\n\n2、二船"),
        ("1、\n\n一船\n\n3、\n\n二船", ["ST109 二船"], "1、\n\n一船\n\n2、\n\n二船"),
    ],
)
def test_numbers_within_an_item_are_not_items(checker, body: str, findings: list[str], fixed: str):
    checker.house("sections: {news: {heading: News, items: {shape: numbered, numbered: true}}}")
    text = f"---\ntitle: Ports\ndate: 2024-01-31\n---\n\n## News\n\n{body}\n"
    found = [one for one in checker.check(text) if one.code == "ST109"]
    assert summaries(found, text) == findings
    if fixed:
        (fix,) = {one.fix for one in found}
        for edit in reversed(fix.edits):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        assert text.endswith(f"{fixed}\n")


def test_too_few_items_are_not_also_too_few_words(checker):
    checker.house(NEWS.replace("5-100", "50-100") % "count: 5-9")
    (found,) = checker.check(numbered_items("1.", "2.", "3.", "4."))
    assert (found.code, found.message) == ("ST107", "the letter asks for 5–9 items here, this has 4")


def test_a_section_without_items_gets_advice_how_to_write_one(checker):
    checker.house(NEWS % "count: 5-9, shape: bullet")
    (found,) = checker.check(
        "---\ntitle: Ports\n---\n\n## News\n\nShips wait for days and days, and nobody knows why.\n"
    )
    assert (found.message, found.label) == (
        "the letter asks for 5–9 items here, this has none",
        "write each as a bullet: `- …`",
    )


def test_an_empty_section_is_not_also_too_short(checker):
    checker.house(NEWS % "count: 5-9")
    text = "---\ntitle: Ports\n---\n\n## News\n"
    assert summaries(checker.check(text), text) == ["ST106 News"]


def test_a_short_item_does_not_make_its_section_and_issue_short(checker):
    checker.house(NEWS.replace("5-100", "50-100").replace("10-200", "100-200") % "words: 20-30")
    text = numbered_items("1.")
    assert summaries(checker.check(text), text) == ["ST108 1. Ports"]


def test_unwritten_text_is_not_also_too_short(checker):
    checker.house(NEWS % "words: 20-30" + "opening: {words: 50-60}")
    text = "---\ntitle: Ports\n---\n\nTK(how it begins)\n\n## News\n\n### Ports\n\nTK(what happened)\n"
    assert summaries(checker.check(text)) == ["ST112", "ST112"]


# ── front matter ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_misspelt_field_is_not_also_missing(checker):
    checker.house("front: {summary: required}")
    (found,) = checker.check(letter(head="title: Ports\nsumary: Why ships wait"))
    assert (found.code, found.advice) == ("FM102", "Did you mean `summary`?")


def test_a_field_that_cannot_be_read_is_not_also_missing_or_of_the_wrong_type(checker):
    checker.house("front: {date: required}")
    assert summaries(checker.check(letter(head="title: Ports\ndate: 2024-02-31"))) == ["FM005"]


def test_an_empty_field_is_reported_as_missing_at_its_line(checker):
    checker.house("front: {summary: required}")
    text = letter(head="title: Ports\nsummary:\ndate: 2024-01-31")
    assert summaries(checker.check(text), text) == ["FM101 summary"]


def test_without_front_matter_missing_fields_are_reported_at_the_first_line(checker):
    checker.house("front: {title: required, date: required}")
    found = checker.check("Ships wait for days.\n")
    assert [(one.code, one.span.line, one.span.column) for one in found] == [("FM101", 1, 1), ("FM101", 1, 1)]


def test_a_hint_in_front_matter_is_not_also_too_long(checker):
    checker.house("front: {title: {length: 5-10}, number: required}")
    text = letter(head="title: TK(the theme of the month in a few words)\nnumber: TK(which?)")
    assert summaries(checker.check(text), text) == [
        "ST112 TK(the theme of the month in a few words)",
        "ST112 TK(which?)",
    ]


def test_comments_may_contain_anything(checker):
    checker.house("never: [INSERT_LINK_HERE]")
    text = (
        letter(head="title: Ports # TK(really?) INSERT_LINK_HERE\n# INSERT_LINK_HERE")
        + "\n<!-- INSERT_LINK_HERE TK(x) -->\n"
    )
    assert checker.check(text) == ()


def test_never_words_are_found_everywhere_that_readers_see_them(checker):
    checker.house("never: [INSERT_LINK_HERE, TK]")
    text = (
        "---\ntitle: INSERT_LINK_HERE\n---\n\n"
        "## INSERT_LINK_HERE\n\n"
        "[a](https://x.example/INSERT_LINK_HERE) ATKINS INSERT_LINK_HERES\n\n"
        "![INSERT\\_LINK\\_HERE](stack.jpg)\n\n"
        "An INSERT&#95;LINK\\_HERE and TK's\n"
    )
    found = checker.check(text)
    assert {one.code for one in found} == {"ST123"}
    assert [text[one.span.start : one.span.end] for one in found] == [
        "INSERT_LINK_HERE",
        "INSERT_LINK_HERE",
        "INSERT_LINK_HERE",
        "![INSERT\\_LINK\\_HERE](stack.jpg)",
        "INSERT&#95;LINK\\_HERE",
        "TK",
    ]


def test_a_text_divided_by_its_comma_gets_advice_to_quote_it(checker):
    head = "title: Ports\ndate: 2024-01-31\ncover: {image: stack.jpg, alt: A river, seen from above}"
    (found,) = checker.check(letter("One", head=head))
    assert found.code == "FM102"
    assert "put that text in quotes" in found.advice


def test_backticks_in_front_matter_are_not_code(checker):
    head = "title: Ports\ndate: 2024-01-31\nsummary: One line, unless `preheader` is given, for the inbox."
    assert checker.check(letter("One", head=head)) == ()


def test_an_own_slug_has_no_finding(checker):
    path = "issues/2024-01-31-ports/index.md"
    own = letter("One", head="title: Ports\ndate: 2024-01-31\nslug: harbours")
    copied = letter("One", head="title: Ports\ndate: 2024-01-31\nslug: 2023-12-31-ships")
    assert summaries(checker.check(own, paths=(path,))) == []
    assert summaries(checker.check(copied, paths=(path,))) == ["FM107"]


@pytest.mark.parametrize(
    ("behind", "findings"), [("(ad)", []), ("(Sponsored)", []), ("by Jane Roe", []), ("(talk)", ["ST115"])]
)
def test_an_advertisement_needs_no_author(checker, behind: str, findings: list[str]):
    checker.house("sections:\n  news: {heading: News, items: {shape: bullet, author: required}}\n")
    text = f"---\ntitle: Ports\ndate: 2024-01-31\n---\n\n## News\n\n- [Ships](https://example.org/ships) {behind}\n"
    assert [found.code for found in checker.check(text)] == findings
