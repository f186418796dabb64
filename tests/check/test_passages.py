"""Required passages (ST138), and the beginnings and ends of texts (ST170)."""

from __future__ import annotations

import pytest

from newsletter.house.load import load_house

FRONT = "---\ntitle: Ports\nnumber: 12\ndate: 2024-01-31\n---\n\n"


@pytest.fixture
def found_in(checker):
    """The findings in a letter with the given body, as (code, text)."""

    def check(house: str, body: str, front: str = FRONT):
        checker.house(house)
        text = front + body
        return [(one.code, text[one.span.start : one.span.end]) for one in checker.check(text)]

    return check


@pytest.mark.parametrize(
    ("passage", "body", "found"),
    [
        ("Issue {number} of Ports", "Issue 12 of Ports.\n", []),
        ("Issue {number} of Ports", "Issue 11 of Ports.\n", [("ST138", "Issue 11 of Ports")]),
        ("Issue {number} of Ports", "Nothing.\n", [("ST138", "")]),
        ("The {number:ordinal} letter", "The  12th\nletter.\n", []),
        ("The {number:ordinal} letter", "The 11th letter.\n", [("ST138", "The 11th letter")]),
        ("Ports, {date:MMMM do}", "Ports, January 31st.\n", []),
        ("Ports, {date:MMMM do}", "Ports, December 31st.\n", [("ST138", "Ports, December 31st")]),
        ("**{title}**: {any}.", "**Ports**: all about them.\n", []),
        ("**{title}**: {any}.", "**Docks**: all about them.\n", [("ST138", "**Docks**: all about them.")]),
        ("Dear {{ first_name }}, \\{dear\\}", "Dear {{ first_name }}, {dear}\n", []),
        ("{x", "{x\n", []),
        ("  Happy  reading! ", "Happy\nreading!\n", []),
    ],
)
def test_passages_may_contain_fields(found_in, passage, body, found):
    assert found_in(f"contains: '{passage}'\n", body) == found


def test_passages_in_sections_and_with_counts_may_contain_fields(found_in):
    house = "sections: {news: {heading: News, contains: {'No. {number}': 2}}}\n"
    assert found_in(house, "## News\n\nNo. 12, No. 12.\n") == []
    assert found_in(house, "## News\n\nNo. 12, No. 11.\n") == [("ST138", "News")]


def test_a_forbidden_passage_has_the_count_zero(found_in):
    house = 'contains: {"<!--": 0}\n'
    assert found_in(house, "Text.\n") == []
    assert found_in(house, "Text. <!-- a note -->\n") == [("ST138", "<!--")]


@pytest.mark.parametrize(("language", "body"), [("fa", "شمارهٔ ۱۲"), ("fa", "شمارهٔ 12"), ("ar-EG", "شمارهٔ ١٢")])
def test_numbers_are_read_in_the_languages_digits(found_in, language, body):
    front = FRONT.replace("number", f"language: {language}\nnumber")
    assert [code for code, _ in found_in("contains: 'شمارهٔ {number}'\n", body + "\n", front) if code == "ST138"] == []


@pytest.mark.parametrize(
    ("passage", "fault"),
    [("Issue {nubmer}", "there is no field `{nubmer}`"), ("{date}", "needs a pattern"), ("{any}", "matches any text")],
)
@pytest.mark.parametrize(
    "house", ["contains: '{}'", "contains: {{'{}': 1}}", "begins: '{}'", "sections: {{a: {{ends: ['{}']}}}}"]
)
def test_an_invalid_passage_is_reported(checker, passage, fault, house):
    checker.house(house.format(passage) + "\n")
    _, (found,) = load_house("letter", (checker.root / "templates",), checker.root)
    assert (found.code, fault in found.message) == ("HF102", True)


# ── Beginnings and ends ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("house", "body", "found"),
    [
        ("begins: Dear readers", "Dear\nreaders, hello.\n", []),
        ("begins: Dear readers", "> Dear readers, hello.\n", []),
        ("begins: Dear readers", "**Dear readers**, hello.\n", []),
        ("begins: '**Dear readers**'", "**Dear readers**, hello.\n", []),
        ("begins: Dear readers", "<!-- a note -->\n\n::: only email\nDear readers!\n:::\n\nMore.\n", []),
        ("begins: Dear readers", "Hello, dear readers.\n", [("ST170", "Hello, dear readers.")]),
        ("begins: [Hi, Hello]", "Hello, dear readers.\n", []),
        ("begins: News", "## News\n\nText.\n", []),
        ("begins: 'Letter {number}'", "Letter 12.\n", []),
        ("begins: 'Letter {number}'", "Letter 11.\n", [("ST170", "Letter 11.")]),
        ("ends: See you!", "Text.\n\nSee you!\n", []),
        ("ends: See you!", "Text.\n\n## News\n\n### One\n\n_See you!_\n\n<!-- a note -->\n", []),
        ("ends: See you!", "Text.\n\n## News\n\nSee you! Or not.\n", [("ST170", "See you! Or not.")]),
        ("ends: 'Until {date:MMMM do}.'", "Text. Until January 31st.\n", []),
        ("opening: {begins: Hi, ends: '…'}", "Hi\n\nand so on …\n\n## News\n\nText.\n", []),
        (
            "opening: {begins: Hi, ends: '…'}",
            "Ho\n\nand so on.\n\n## News\n\nText …\n",
            [("ST170", "Ho"), ("ST170", "and so on.")],
        ),
        ("opening: {begins: Hi}", "## News\n\nText.\n", []),
        ("sections: {news: {heading: News, ends: 'Tip us!'}}", "## News\n\n### One\n\nText.\n\nTip us!\n", []),
        ("sections: {news: {heading: News, ends: 'Tip us!'}}", "## News\n\n- One\n- Two. Tip us!\n", []),
        ("sections: {news: {heading: News, begins: 'In short'}}", "## News\n\nText.\n", [("ST170", "Text.")]),
    ],
)
def test_texts_must_begin_and_end_as_configured(found_in, house, body, found):
    assert [(code, place) for code, place in found_in(house + "\n", body) if code == "ST170"] == found
