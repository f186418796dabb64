"""Which headings are one section."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from newsletter.bundled import templates_folder
from newsletter.house.headings import same_but_for
from newsletter.infer.headings import Grouped, generalised, group_headings, likeness
from newsletter.infer.observe import Seen, SeenSection
from newsletter.language import Language, load_language


@pytest.fixture(scope="module")
def english() -> Language:
    return load_language("en", [templates_folder() / "theme"])


def issues(rows: list[list[str]]) -> list[Seen]:
    """Issues with these headings, a month apart."""
    return [
        Seen(
            f"{place}.md",
            str(place),
            number=place + 1,
            date=date(2022, 1, 15) + timedelta(days=30 * place),
            sections=tuple(SeenSection(heading, 50, 0) for heading in row),
        )
        for place, row in enumerate(rows)
    ]


def grouped(rows: list[list[str]], language: Language) -> Grouped:
    seen = issues(rows)
    return group_headings(seen, [language] * len(seen))


def headings(found: Grouped) -> list[list[str]]:
    return [sorted(cluster.spellings) for cluster in found.named]


def test_a_date_in_a_heading_is_a_field(english: Language) -> None:
    issue = Seen("x.md", "x", date=date(2024, 1, 31))
    assert generalised("News of January 2024", issue, english) == "News of {date:MMMM yyyy}"
    assert generalised("Week of January 31, 2024", issue, english) == "Week of {date:MMMM d, yyyy}"


def test_the_month_before_is_one_before_the_period(english: Language) -> None:
    issue = Seen("x.md", "x", date=date(2024, 1, 5), number=2023)
    assert generalised("News of December 2023", issue, english) == "News of {period-1:MMMM yyyy}"
    assert generalised("News of November 2023", issue, english) == "News of November {number}"
    later = [
        Seen(
            f"{n}.md",
            str(n),
            date=date(2024, n, 5),
            sections=(SeenSection(f"News of {english.format_date(date(2024, n - 1, 1), 'MMMM yyyy')}", 50, 0),),
        )
        for n in range(2, 9)
    ]
    assert headings(group_headings(later, [english] * len(later))) == [["News of {period-1:MMMM yyyy}"]]


def test_the_number_in_a_heading_is_a_field(english: Language) -> None:
    assert generalised("Episode 14: boats", Seen("x.md", "x", number=14), english) == "Episode {number}: boats"
    assert generalised("The 140 boats", Seen("x.md", "x", number=14), english) == "The 140 boats"


def test_an_authors_braces_are_not_fields(english: Language) -> None:
    assert generalised("Using {any}", Seen("x.md", "x"), english) == "Using \\{any\\}"


def test_a_plural_or_a_small_word_makes_no_different_section(english: Language) -> None:
    found = grouped([["News", "Featured PR"]] * 10 + [["News", "The Featured PRs"]] * 10, english)
    assert headings(found) == [["News"], ["Featured PR", "The Featured PRs"]]


def test_sections_that_are_in_one_issue_together_are_two(english: Language) -> None:
    found = grouped([["Accepted proposals", "Rejected proposals"]] * 10, english)
    assert headings(found) == [["Accepted proposals"], ["Rejected proposals"]]


def test_a_part_of_several_headings_is_none_of_them(english: Language) -> None:
    rows = [["Accepted proposals", "Rejected proposals"]] * 10 + [["Proposals"]] * 10
    assert headings(grouped(rows, english)) == [["Accepted proposals"], ["Proposals"], ["Rejected proposals"]]


def test_headings_that_begin_alike_are_a_pattern(english: Language) -> None:
    books = ["Ferries", "Kettles", "A winter", "Ledgers", "Windows"]
    found = grouped([["News", f"Book of the month: {book}"] for book in books * 2], english)
    assert headings(found) == [["Book of the month: {title}"], ["News"]]


def test_a_heading_that_occurred_once_is_not_a_section(english: Language) -> None:
    found = grouped([["News"]] * 20 + [["News", "A farewell"]], english)
    assert headings(found) == [["News"]]
    assert found.others == [(20, 1)]


def test_a_typo_is_left_for_the_check(english: Language) -> None:
    found = grouped([["What we read"]] * 20 + [["What we raed"]], english)
    assert headings(found) == [["What we read"]]
    assert found.others == []


def test_a_frequent_spelling_is_forgiven(english: Language) -> None:
    found = grouped([["Song of the Week"]] * 15 + [["Song Of The Week"]] * 5, english)
    assert headings(found) == [["Song of the Week"]]
    assert found.named[0].forgive == ("case",)


@pytest.mark.parametrize("quoted", ["‚Neues‘", "‛Neues’", "‟Neues”", "„Neues“", "»Neues«"])
def test_quotation_marks_of_any_kind_are_forgiven(english: Language, quoted: str) -> None:
    plain = '"Neues"' if quoted[0] in "‟„»" else "'Neues'"
    found = grouped([[plain]] * 15 + [[quoted]] * 5, english)
    assert headings(found) == [[plain]]
    assert found.named[0].forgive == ("quotes",)


@pytest.mark.parametrize(
    ("other", "forgiven"),
    [
        ("What’s new – here", ("quotes", "dashes")),
        ("what’s New - here", ("case", "quotes")),
        ("WHAT'S NEW — HERE", ("case", "dashes")),
        ("🚢 what’s new – here", ("case", "quotes", "dashes", "emoji")),
        ("What's new - here 🚢", ("emoji",)),
        ("what's new - here", ("case",)),
    ],
)
def test_all_differences_between_spellings_are_forgiven(
    other: str, forgiven: tuple[str, ...], english: Language
) -> None:
    found = grouped([["What's new - here"]] * 15 + [[other]] * 5, english)
    assert set(found.named[0].forgive) == set(forgiven)
    assert same_but_for(found.named[0].forgive, "What's new - here", other)


def test_a_spelling_that_occurred_once_is_not_forgiven(english: Language) -> None:
    found = grouped([["Song of the Week"]] * 40 + [["Song Of The Week"]], english)
    assert found.named[0].forgive == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Worker's Perspective", "Workers' Perspective", True),
        ("Events", "Upcoming events", True),
        ("News", "Jobs", False),
        ("Mailing lists", "Swift Forums", False),
    ],
)
def test_headings_are_alike_by_their_words(one: str, other: str, *, same: bool) -> None:
    assert bool(likeness(one, other)) is same
