"""Rules of the house format for quotations (ST171), tags before titles (ST172), and items without titles."""

from __future__ import annotations

import pytest

FRONT = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


@pytest.fixture
def found_in(checker):
    """The findings in a letter with the given body, as (code, text)."""

    def check(house: str, body: str):
        checker.house(house)
        text = FRONT + body
        return [(one.code, text[one.span.start : one.span.end]) for one in checker.check(text)]

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
def test_sources_of_quotations_are_recognized(found_in, quotation, place):
    assert found_in("quotations: {source: required}\n", place + quotation) == []
    assert [code for code, _ in found_in("quotations: {source: forbidden}\n", place + quotation)] == ["ST171"]


@pytest.mark.parametrize("quotation", UNSOURCED)
def test_a_quotation_without_a_source_is_reported(found_in, quotation):
    found = found_in("quotations: {source: required}\n", "## News\n\n" + quotation)
    assert found == [("ST171", "> Ships wait.")]
    assert found_in("quotations: {source: forbidden}\n", "## News\n\n" + quotation) == []
    assert found_in("name: Letter\n", "## News\n\n" + quotation) == []


def test_a_section_has_its_own_requirement_for_quotations(found_in):
    body = "> One.\n\n## News\n\n> Two.\n\n## Quotes\n\n> Three.\n"
    one = "sections: {news: {heading: News}, quotes: {heading: Quotes, quotations: {source: required}}}\n"
    assert found_in(one, body) == [("ST171", "> Three.")]
    other = "quotations: {source: required}\n" + one.replace("required", "optional")
    assert found_in(other, body) == [("ST171", "> One."), ("ST171", "> Two.")]


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
def test_tags_before_titles_must_be_in_the_list(found_in, shape, tag, tags, found):
    body = "## News\n\n" + WRITTEN[shape].format(tag=tag, at=1) + WRITTEN[shape].format(tag=tag, at=2)
    codes = [code for code, _ in found_in(TAGGED.format(shape=shape, tags=tags), body) if code.startswith("ST")]
    assert codes == ["ST172", "ST172"] * found


def test_a_misspelt_tag_is_reported_with_a_suggestion(checker):
    checker.house(TAGGED.format(shape="bullet", tags="[Paid, Event]"))
    (found,) = checker.check(FRONT + "## News\n\n- [Evnet] [Ports](https://example.org/) – text.\n")
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
def test_untitled_items_are_only_text(found_in, shape, numbered, body):
    house = UNTITLED.format(shape=shape, numbered=str(numbered).lower())
    assert [code for code, _ in found_in(house, "## News\n\n" + body) if code.startswith("ST")] == []
    short = house.replace("3-12", "20-90")
    assert [code for code, _ in found_in(short, "## News\n\n" + body) if code.startswith("ST")] == ["ST108", "ST108"]


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("numbered", "1. **Ships wait.** They wait for days.\n2. Cranes stand still today.\n"),
        ("heading", "### 1. Ships\n\nThey wait for days.\n\n### 2.\n\nCranes stand still today.\n"),
    ],
)
def test_a_title_in_an_untitled_item_is_reported(found_in, shape, body):
    house = UNTITLED.format(shape=shape, numbered="true")
    assert [code for code, _ in found_in(house, "## News\n\n" + body) if code.startswith("ST")] == ["ST135"]
