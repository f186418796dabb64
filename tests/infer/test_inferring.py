"""From issues to a plan: fields, sections, what they need."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.bundled import templates_folder
from newsletter.house.format import Bounds, FieldType, Need
from newsletter.house.load import load_house
from newsletter.infer import infer, write
from newsletter.infer.observe import Seen, SeenItem, SeenSection
from newsletter.language import Language, load_language
from newsletter.model import ItemShape

if TYPE_CHECKING:
    from newsletter.infer.plan import Plan, SectionPlan

LONG = "Welcome to another letter from the harbour, about ships and the people who fix them."


@cache
def language(code: str) -> Language:
    return load_language(code, [templates_folder() / "theme"])


def letters(count: int = 24, **each: object) -> list[Seen]:
    """Letters a week apart; what is given as a function is asked for each number."""
    found = []
    for number in range(1, count + 1):
        values = {key: value(number) if callable(value) else value for key, value in each.items()}
        day = date(2023, 1, 1) + timedelta(days=7 * number)
        found.append(Seen(f"issues/{day}-x.md", f"{day}-x", number=number, date=day, **values))  # type: ignore[arg-type]
    return found


def load_of(text: str):
    """The house format that a house.yaml says, and its faults."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "weekly").mkdir()
        (Path(folder) / "weekly/house.yaml").write_text(text, encoding="utf-8")
        return load_house("weekly", (Path(folder),), Path(folder))


def plan_of(seen: list[Seen]) -> Plan:
    return infer(seen, "Weekly", language)


def section(heading: str, **more: object) -> SeenSection:
    return SeenSection(heading, 60, 0, **more)  # type: ignore[arg-type]


def item(**more: object) -> SeenItem:
    usual = {"words": 20, "title": 4, "linked": True, "author": False, "picture": False, "number": None}
    return SeenItem(**{**usual, "category": "", "stopped": False, **more})  # type: ignore[arg-type]


def only(plan: Plan) -> SectionPlan:
    assert len(plan.sections) == 1
    return plan.sections[0]


def with_items(**more: object) -> Plan:
    row = tuple(item(**more) for _ in range(4))
    news = SeenSection("News", 96, 0, {ItemShape.BULLET: row})
    return plan_of(letters(sections=(news,)))


# ── Fields ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_field_of_all_issues_is_required_and_of_some_is_not() -> None:
    plan = plan_of(
        letters(
            front=lambda n: {"layout": ("post", "page")[n % 2]} | ({"guest": f"Person {n} of many"} if n % 3 else {})
        )
    )
    layout, guest = plan.fields
    assert layout.required
    assert sorted(layout.choices) == ["page", "post"]
    assert guest.required is None


def test_types_are_those_of_the_values() -> None:
    front = {"pages": 4, "paid": True, "topics": ["a", "b"], "day": date(2024, 1, 1), "sponsor": {"name": "X"}}
    plan = plan_of(letters(front=front))
    assert {field.name: field.type for field in plan.fields} == {
        "pages": FieldType.NUMBER,
        "paid": FieldType.YES_NO,
        "topics": FieldType.LIST,
        "day": FieldType.DATE,
        "sponsor": FieldType.NESTED,
    }


def test_a_field_of_one_issue_is_left_out_and_reported() -> None:
    plan = plan_of(letters(60, front=lambda n: {"layout": "post"} | ({"layuot": "post"} if n == 7 else {})))
    assert [field.name for field in plan.fields] == ["layout"]
    assert plan.left_out[0] == "the field `layuot`: only one issue has it"


def test_a_field_that_began_later_has_an_era_and_its_subfields_have_none() -> None:
    plan = plan_of(letters(40, front=lambda n: {"sponsor": {"name": "X"}} if n > 15 else {}))
    text = write(plan).text
    assert text.count("since: 16") == 1
    assert "  sponsor:\n    since: 16\n    required: true\n    fields:\n      name:\n        required: true" in text


def test_an_abandoned_pattern_ends_with_its_last_issue() -> None:
    words = "ports ice tea rain kettles ledgers windows copper".split()
    title = lambda n: f"Issue {n}: {words[n % 8]}" if n <= 25 else f"On {words[n % 8]} and {words[n // 8]}"  # noqa: E731
    text = write(plan_of(letters(40, front=lambda n: {"title": title(n)}))).text
    assert "form: {is: 'Issue {number}: {any}', until: 25}" in text


def test_numbers_that_go_on_are_consecutive() -> None:
    assert plan_of(letters(front=lambda n: {"number": n})).fields[0].consecutive


# ── Sections ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_section_that_came_and_went_has_an_era() -> None:
    rows = lambda n: (section("News"), *((section("Jobs"),) if 10 <= n <= 30 else ()))  # noqa: E731
    news, jobs = plan_of(letters(40, sections=rows)).sections
    assert news.stretch.whole
    assert (jobs.stretch.start, jobs.stretch.end) == (9, 30)
    assert jobs.required == jobs.stretch


def test_a_renamed_heading_ends_with_its_last_issue() -> None:
    rows = lambda n: (section("Package of the week" if n <= 12 else "Packages of the week"), section("News"))  # noqa: E731
    text = write(plan_of(letters(30, sections=rows))).text
    assert "- Packages of the week\n      - {is: Package of the week, until: 12}" in text


def test_one_off_sections_have_a_free_place() -> None:
    odd = ["A farewell", "Ports", "Ice", "Kettles"]
    rows = lambda n: (section("News"), *((section(odd[n // 6 - 1]),) if n % 6 == 0 else ()))  # noqa: E731
    plan = plan_of(letters(24, sections=rows))
    assert [one.key for one in plan.sections] == ["news", "special"]
    assert plan.sections[1].headings == ()
    assert plan.sections[1].required is None


@pytest.mark.parametrize(
    ("headings", "pattern"),
    [
        (("Until November", "Until the snow comes", "Until spring"), "Until {title}"),
        (("Mud – January 2023", "Ropes – January 2023", "Clouds – January 2023"), "{title} – {date:MMMM yyyy}"),
        (("The harbour in ice", "My harbour", "A night at the harbour"), None),
    ],
)
def test_headings_that_share_a_part_at_the_end_of_each_issue_are_one(
    headings: tuple[str, ...], pattern: str | None
) -> None:
    found = plan_of(letters(3, sections=lambda n: (section("News"), section(headings[n - 1])))).sections[1]
    assert tuple(one.text for one in found.headings) == ((pattern,) if pattern else ())
    assert found.required


def test_a_section_that_is_missing_now_and_then_is_not_required() -> None:
    rows = lambda n: (section("News"), *((section("Jobs"),) if n % 24 else ()))  # noqa: E731
    assert [bool(one.required) for one in plan_of(letters(100, sections=rows)).sections] == [True, False]


def test_a_habit_of_the_last_few_issues_is_no_rule_yet() -> None:
    rows = lambda n: (section("News"), *((section("Jobs"),) if n > 86 or n % 9 == 0 else ()))  # noqa: E731
    assert [bool(one.required) for one in plan_of(letters(100, sections=rows)).sections] == [True, False]


def test_alternating_sections_are_a_set() -> None:
    turns = ["Questions", "Reviews", "Services"]
    rows = lambda n: (section("News"), *((section(turns[n % 4]),) if n % 4 < 3 else ()), section("Jobs"))  # noqa: E731
    plan = plan_of(letters(60, sections=rows))
    assert [(one.sections, one.count) for one in plan.sets] == [(("questions", "reviews", "services"), Bounds(None, 1))]


def test_essays_have_sections_with_free_headings() -> None:
    words = "ports ice tea rain kettles ledgers windows copper".split()
    rows = lambda n: tuple(section(f"{words[n % 8]} {words[n // 8]} {place} {n}") for place in "abc")  # noqa: E731
    part = only(plan_of(letters(24, sections=rows)))
    assert (part.key, part.headings, part.repeat) == ("part", (), Bounds(3, 3))
    assert part.required


@pytest.mark.parametrize(
    ("headings", "keys"),
    [
        (("ニュース", "Bitcoin Stack Exchangeから"), ["ニュース", "bitcoin-stack-exchange"]),
        (("本周话题:远程工作", "1、文章", "工具"), ["本周话题-远程工作", "文章", "工具"]),
        (("Новости недели", "Ещё"), ["новости-недели", "ещё"]),
        (("أخبار الأسبوع",), ["أخبار-الأسبوع"]),
        (("हिन्दी समाचार",), ["हिन्दी-समाचार"]),
        (("Überblick", "Ça va"), ["uberblick", "ca"]),
        (("🚢", "News 🚢"), ["section-1", "news"]),
    ],
)
def test_a_section_has_a_name_in_the_script_of_its_heading(headings: tuple[str, ...], keys: list[str]) -> None:
    found = plan_of(letters(sections=tuple(map(section, headings))))
    assert [one.key for one in found.sections] == keys
    assert load_of(write(found).text)[1] == ()


# ── Items ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_part_of_all_items_is_required() -> None:
    items = only(with_items(author=True, stopped=True)).items
    assert items is not None
    assert (items.link, items.author, items.full_stop) == (Need.REQUIRED, Need.REQUIRED, Need.REQUIRED)
    assert items.count == Bounds(4, 4)


def test_the_last_item_may_be_the_only_one_without_a_link() -> None:
    row = (item(), item(), item(), item(linked=False))
    items = only(plan_of(letters(3, sections=(SeenSection("News", 96, 0, {ItemShape.BULLET: row}),)))).items
    assert items is not None
    assert items.last is not None
    assert (items.link, items.last.link, items.last.roundup) == (Need.REQUIRED, Need.OPTIONAL, False)


def test_a_part_that_items_never_have_makes_no_rule_except_for_the_full_stop() -> None:
    items = only(with_items(linked=False)).items
    assert items is not None
    assert (items.link, items.author, items.full_stop) == (Need.OPTIONAL, Need.OPTIONAL, Need.FORBIDDEN)


def test_recurring_categories_are_a_list() -> None:
    items = only(with_items(category="Ports")).items
    assert items is not None
    assert items.categories == ("Ports",)


def test_prose_with_a_list_in_it_has_no_items() -> None:
    prose = SeenSection("News", 400, 0, {ItemShape.BULLET: (item(), item())})
    assert only(plan_of(letters(sections=(prose,)))).items is None


# ── Standing matter and placeholders ────────────────────────────────────────────────────────────────────────────────


def test_a_text_that_all_issues_begin_with_is_proposed_as_a_snippet() -> None:
    plan = plan_of(letters(paragraphs=lambda n: (LONG, f"This week, number {n}, is about ships that came in late.")))
    assert [(one.name, one.place, one.text) for one in plan.snippets] == [("greeting", "start", LONG)]
    assert "# standing:\n#   greeting: start" in write(plan).text


def test_a_published_placeholder_becomes_a_never_rule() -> None:
    plan = plan_of(letters(placeholders=lambda n: ("INSERT_LINK_HERE",) if n == 3 else ()))
    assert plan.never == (("INSERT_LINK_HERE", 1),)


def test_a_word_in_many_issues_is_not_a_placeholder() -> None:
    assert plan_of(letters(placeholders=("INSERT_LINK_HERE",))).never == ()
