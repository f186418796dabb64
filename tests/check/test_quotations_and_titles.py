"""What the house format asks of quotations (ST171), of tags before titles (ST172), and of items without titles."""

from __future__ import annotations

import pytest

FRONT = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


@pytest.fixture
def told(desk):
    """The findings in a letter with the given body, as (code, what stands there)."""

    def check(house: str, body: str):
        desk.house(house)
        text = FRONT + body
        return [(one.code, text[one.span.start : one.span.end]) for one in desk.check(text)]

    return check


# ── Quotations ──────────────────────────────────────────────────────────────────────────────────────────────────────

SOURCED = (
    "> Ships wait.\n> — Ann Vos\n",
    "> Ships wait.\n>\n> — [Ann Vos](https://example.org/)\n",
    "> Ships wait.\n> - Ann Vos\n",
    "> Ships wait.\n\n– [Ann Vos](https://example.org/)\n",
    "> Ships wait.\n\n—Ann Vos on users.example.org\n",
    "> Ships wait.\n\n-- Ann Vos\n",
    "> Ships wait.\n\n- Ann Vos\n",
    "> > Bo said so.\n>\n> Ships wait.\n> — Ann Vos\n",
    "::: callout\n> Ships wait.\n> — Ann Vos\n:::\n",
    "- A list:\n\n  > Ships wait.\n  > — Ann Vos\n",
)
UNSOURCED = (
    "> Ships wait.\n",
    "> Ships wait.\n\nAnn Vos said so.\n",
    "> Ships wait.\n\n---\n",
    "> Ships wait.\n\n- One\n- Two\n",
    "::: callout\n> Ships wait.\n:::\n",
    "- A list:\n\n  > Ships wait.\n",
    "### An item\n\n> Ships wait.\n",
)


@pytest.mark.parametrize("quotation", SOURCED)
@pytest.mark.parametrize("place", ["", "## News\n\n"])
def test_a_quotation_says_whom_it_is_from(told, quotation, place):
    assert told("quotations: {source: required}\n", place + quotation) == []
    assert [code for code, _ in told("quotations: {source: forbidden}\n", place + quotation)] == ["ST171"]


@pytest.mark.parametrize("quotation", UNSOURCED)
def test_a_quotation_that_does_not_is_found(told, quotation):
    found = told("quotations: {source: required}\n", "## News\n\n" + quotation)
    assert found == [("ST171", "> Ships wait.")]
    assert told("quotations: {source: forbidden}\n", "## News\n\n" + quotation) == []
    assert told("name: Letter\n", "## News\n\n" + quotation) == []


def test_a_section_asks_for_itself(told):
    body = "> One.\n\n## News\n\n> Two.\n\n## Quotes\n\n> Three.\n"
    one = "sections: {news: {heading: News}, quotes: {heading: Quotes, quotations: {source: required}}}\n"
    assert told(one, body) == [("ST171", "> Three.")]
    other = "quotations: {source: required}\n" + one.replace("required", "optional")
    assert told(other, body) == [("ST171", "> One."), ("ST171", "> Two.")]


# ── Tags ────────────────────────────────────────────────────────────────────────────────────────────────────────────

TAGGED = "sections: {{news: {{heading: News, items: {{shape: {shape}, link: required, tags: {tags}}}}}}}\n"
WRITTEN = {
    "heading": "### {tag} [Ports](https://example.org/{at})\n\nText.\n",
    "bullet": "- {tag} [Ports](https://example.org/{at}) – text.\n",
    "lead": "{tag} **[Ports](https://example.org/{at}).** Text.\n",
    "numbered": "{at}. {tag} [Ports](https://example.org/{at}): text.\n",
}


@pytest.mark.parametrize("shape", [shape for shape in WRITTEN if shape != "lead"])
@pytest.mark.parametrize(
    ("tag", "tags", "found"),
    [
        ("[Paid]", "[Paid, Event]", False),
        ("[Paid]", "['[Paid]']", False),
        ("[Paid] [Event]", "[Paid, Event]", False),
        ("[Paid][Ad]", "[Paid, Event]", True),
        ("[Payed]", "[Paid, Event]", True),
        ("[paid]", "[Paid, Event]", True),
        ("【广告】", "[广告]", False),
        ("【推广】", "[广告]", True),
        ("[Paid]", "none", True),
        ("[Anything]", "any", False),
        ("", "[Paid]", False),
        ("New:", "[Paid]", False),
    ],
)
def test_tags_that_lead_a_title_are_those_of_the_list(told, shape, tag, tags, found):
    body = "## News\n\n" + WRITTEN[shape].format(tag=tag, at=1) + WRITTEN[shape].format(tag=tag, at=2)
    codes = [code for code, _ in told(TAGGED.format(shape=shape, tags=tags), body) if code.startswith("ST")]
    assert codes == ["ST172", "ST172"] * found


def test_a_tag_that_was_meant_is_told(desk):
    desk.house(TAGGED.format(shape="bullet", tags="[Paid, Event]"))
    (found,) = desk.check(FRONT + "## News\n\n- [Evnet] [Ports](https://example.org/) – text.\n")
    assert (found.code, found.message, found.label) == (
        "ST172",
        "the letter has no tag `[Evnet]`",
        "one of [Paid], [Event]",
    )
    assert "Event" in found.advice


# ── Items without titles ────────────────────────────────────────────────────────────────────────────────────────────

UNTITLED = "sections: {{news: {{heading: News, items: {{shape: {shape}, numbered: {numbered}, title: 0, words: 3-12, count: 2}}}}}}\n"


@pytest.mark.parametrize(
    ("shape", "numbered", "body"),
    [
        ("numbered", True, "1. Ships wait for days.\n2. [Cranes](https://example.org/) stand still today.\n"),
        ("numbered", True, "1、船在港口外面 等了 三天。\n\n2、起重机 今天 停了。\n"),
        ("bullet", False, "- Ships wait for days.\n- Cranes stand\n  still today.\n"),
        ("heading", True, "### 1.\n\nShips wait for days.\n\n### 2.\n\nCranes stand still today.\n"),
        ("heading", True, "### 1\n\nShips wait for days.\n\n### 2\n\nCranes stand still today.\n"),
    ],
)
def test_items_without_titles_are_all_text(told, shape, numbered, body):
    house = UNTITLED.format(shape=shape, numbered=str(numbered).lower())
    assert [code for code, _ in told(house, "## News\n\n" + body) if code.startswith("ST")] == []
    short = house.replace("3-12", "20-90")
    assert [code for code, _ in told(short, "## News\n\n" + body) if code.startswith("ST")] == ["ST108", "ST108"]


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("numbered", "1. **Ships wait.** They wait for days.\n2. Cranes stand still today.\n"),
        ("heading", "### 1. Ships\n\nThey wait for days.\n\n### 2.\n\nCranes stand still today.\n"),
    ],
)
def test_a_title_where_none_is_wanted_is_found(told, shape, body):
    house = UNTITLED.format(shape=shape, numbered="true")
    assert [code for code, _ in told(house, "## News\n\n" + body) if code.startswith("ST")] == ["ST135"]
