from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.house.format import Bounds, HouseFormat, Need, SectionFormat
from newsletter.house.match import expected_headings, match_sections, near_match
from newsletter.model import Emphasis, Issue, Section, Text, YamlDocument

OPTIONAL = Need.OPTIONAL


def issue_of(*headings: str, number: int | None = 14) -> Issue:
    sections = tuple(Section(title=(Text(heading),)) for heading in headings)
    front = YamlDocument({}, {}, {})
    return Issue("i.md", "i", "letter", front, number=number, date=datetime(2024, 1, 31, tzinfo=UTC), sections=sections)


def house_of(*sections: SectionFormat, ordered: bool = True) -> HouseFormat:
    ranked = tuple(replace(section, rank=rank if ordered else None) for rank, section in enumerate(sections))
    return HouseFormat("letter", "Letter", "house.yaml", sections=ranked)


def keys(issue, house, language) -> list[str | None]:
    return [found and found.key for found in match_sections(issue, house, language)]


ESSAY = SectionFormat("essay")
NEWS = SectionFormat("news", ("News of {date:MMMM yyyy}", "{title} – {date:MMMM yyyy}"))
BOOK = SectionFormat("book", ("Book of the month", "Book of the month: {title}"), need=OPTIONAL)
EVENTS = SectionFormat("events", ("Events",), need=OPTIONAL)
BRIEFING = house_of(ESSAY, NEWS, BOOK, EVENTS)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["The end", "News of January 2024", "Book of the month", "Events"], ["essay", "news", "book", "events"]),
        (["The end", "China – January 2024"], ["essay", "news"]),
        (["The end", "News of January 2024", "Book of the month: “Ports”"], ["essay", "news", "book"]),
        (["News of January 2024", "Events"], ["news", "events"]),
        (["Events", "News of January 2024", "The end"], ["events", "news", "essay"]),
        (["The end", "News of January 2024", "An extra one", "Events"], ["essay", "news", None, "events"]),
        (["The end", "A second", "News of January 2024"], ["essay", None, "news"]),
        (["News of January 2024", "Late essay", "Events"], ["news", "essay", "events"]),
        (["The end", "Events", "Events", "News of January 2024"], ["essay", "events", "events", "news"]),
        ([], []),
    ],
)
def test_each_heading_is_matched_to_its_section(headings, expected, english):
    assert keys(issue_of(*headings), BRIEFING, english) == expected


def test_white_space_and_unicode_normalization_do_not_matter(english):
    house = house_of(SectionFormat("cafe", ("Le café",)))
    issue = issue_of("Le  cafe\u0301 ")
    assert keys(issue, house, english) == ["cafe"]
    assert near_match("Le  cafe\u0301", house.sections[0], issue, english) is None


def test_emphasis_in_a_heading_is_its_text(english):
    title = (Text("Book "), Emphasis((Text("of the month"),)))
    issue = Issue("i.md", "i", "letter", YamlDocument({}, {}, {}), sections=(Section(title=title),))
    assert keys(issue, BRIEFING, english) == ["book"]


def test_months_are_those_of_the_publications_language(english, dutch):
    house = house_of(SectionFormat("news", ("Nieuws van {date:MMMM yyyy}",)))
    assert keys(issue_of("Nieuws van januari 2024"), house, dutch) == ["news"]
    assert keys(issue_of("Nieuws van January 2024"), house, dutch) == [None]
    assert keys(issue_of("Nieuws van januari 2024"), house, english) == [None]


@pytest.mark.parametrize(
    ("pattern", "heading"),
    [
        ("Week of {date:d MMM}", "Week of 31 Jan"),
        ("{date:yyyy-MM-dd}", "2024-01-31"),
        ("{date:EEEE d MMMM}", "Wednesday 31 January"),
        ("{date:d 'of' MMMM}", "31 of January"),
        ("Issue {number}: {title}", "Issue 14: Ports. And: ships"),
        ("Events{any}", "Events"),
        ("Events{any}", "Events in May"),
        ("What \\{x\\} is", "What {x} is"),
    ],
)
def test_a_heading_may_have_fields(pattern, heading, english):
    section = SectionFormat("s", (pattern,))
    issue = issue_of(heading)
    assert keys(issue, house_of(section), english) == ["s"]
    assert near_match(heading, section, issue, english) is None


def test_title_must_not_be_empty_but_any_may(english):
    house = house_of(SectionFormat("s", ("Book: {title}",)))
    assert keys(issue_of("Book:"), house, english) == [None]


@pytest.mark.parametrize(
    ("written", "pattern", "expected"),
    [
        ("BOOK OF THE MONTH", "Book of the month", "Book of the month"),
        ("📚 Book of the month", "Book of the month", "Book of the month"),
        ("Book of the month 📚✨", "Book of the month", "Book of the month"),
        ("Book of the month", "📚 Book of the month", "📚 Book of the month"),
        ("What's new", "What’s new", "What’s new"),
        ('The "big" one', "The “big” one", "The “big” one"),
        ("News - ports", "News – ports", "News – ports"),
        ("News—ports", "News – ports", "News – ports"),
        ("book: China Incorporated", "Book: {title}", "Book: China Incorporated"),
        ("book: Ports 📚", "Book: {title}", "Book: Ports 📚"),
        ("China news - January 2024", "{title} – {date:MMMM yyyy}", "China news – January 2024"),
        ("China news – january 2024", "{title} – {date:MMMM yyyy}", "China news – January 2024"),
    ],
)
def test_a_near_match_has_the_expected_heading(written, pattern, expected, english):
    section = SectionFormat("s", (pattern,))
    issue = issue_of(written)
    assert keys(issue, house_of(SectionFormat("free", need=OPTIONAL), section), english) == ["s"]
    assert near_match(written, section, issue, english) == expected


def test_a_heading_of_last_month_matches_with_this_month_expected(english):
    issue = issue_of("News of December 2023")
    assert keys(issue, house_of(NEWS), english) == ["news"]
    assert near_match("News of December 2023", NEWS, issue, english) == "News of January 2024"


def test_a_heading_with_another_number_matches_with_this_number_expected(english):
    section = SectionFormat("s", ("Number {number}: {title}",))
    assert near_match("Number 13: Ports", section, issue_of(), english) == "Number 14: Ports"
    assert near_match("Number 13: Ports", section, issue_of(number=None), english) is None


def test_an_exact_heading_claims_before_a_near_one(english):
    house = house_of(SectionFormat("a", ("events",)), SectionFormat("b", ("Events",)))
    assert keys(issue_of("Events"), house, english) == ["b"]


def test_a_heading_without_fields_is_preferred_to_a_pattern(english):
    house = house_of(SectionFormat("any", ("The {title}",)), SectionFormat("end", ("The end",)))
    assert keys(issue_of("The end", "The news"), house, english) == ["end", "any"]


def test_headings_shared_by_two_sections_are_assigned_in_order(english):
    shared = ("Part {number}",)
    house = house_of(SectionFormat("first", shared), SectionFormat("second", shared))
    assert keys(issue_of("Part 1", "Part 2"), house, english) == ["first", "second"]


def test_a_repeated_section_matches_any_number_of_headings(english):
    house = house_of(SectionFormat("part", repeat=Bounds(2, 4)), SectionFormat("end", ("End",)))
    assert keys(issue_of("a", "b", "c", "End"), house, english) == ["part"] * 3 + ["end"]
    assert keys(issue_of(*"abcdef", "End"), house, english) == ["part"] * 4 + [None, None, "end"]


def test_free_sections_in_one_gap_get_their_minimum_first(english):
    house = house_of(
        SectionFormat("a", need=OPTIONAL, repeat=Bounds(None, 2)), SectionFormat("b"), SectionFormat("c", need=OPTIONAL)
    )
    assert keys(issue_of("1"), house, english) == ["b"]
    assert keys(issue_of("1", "2"), house, english) == ["a", "b"]
    assert keys(issue_of("1", "2", "3"), house, english) == ["a", "a", "b"]
    assert keys(issue_of("1", "2", "3", "4"), house, english) == ["a", "a", "b", "c"]


def test_free_sections_match_in_their_gap(english):
    house = house_of(SectionFormat("a"), SectionFormat("mid", ("Middle",)), SectionFormat("b"))
    assert keys(issue_of("Middle", "1"), house, english) == ["mid", "b"]
    assert keys(issue_of("1", "Middle", "2"), house, english) == ["a", "mid", "b"]
    assert keys(issue_of("1", "2", "Middle"), house, english) == ["a", "b", "mid"], "b is out of order, not missing"


def test_with_a_free_order_free_sections_match_anywhere(english):
    house = house_of(SectionFormat("a"), SectionFormat("mid", ("Middle",)), SectionFormat("b"), ordered=False)
    assert keys(issue_of("1", "2", "Middle"), house, english) == ["a", "b", "mid"]


def test_a_forbidden_section_is_recognised(english):
    house = house_of(SectionFormat("old", ("Jobs",), need=Need.FORBIDDEN))
    assert keys(issue_of("Jobs"), house, english) == ["old"]


def test_without_sections_in_the_format_nothing_matches(english):
    assert keys(issue_of("a", "b"), house_of(), english) == [None, None]


def test_headings_are_shown_with_filled_fields(english):
    section = SectionFormat("s", ("News of {date:MMMM yyyy}", "No. {number}: {title}", "Plain"))
    assert expected_headings(section, issue_of(), english) == ("News of January 2024", "No. 14: …", "Plain")


HEADINGS = st.lists(
    st.sampled_from(
        ["Events", "events", "Book of the month", "News of January 2024", "X – May 2023", "Foo", "Bar", ""]
    ),
    max_size=9,
)


@given(
    HEADINGS, st.booleans(), st.permutations([ESSAY, NEWS, BOOK, EVENTS, SectionFormat("part", repeat=Bounds(1, 3))])
)
def test_any_order_has_one_match_and_free_sections_stay_within_their_limits(english, headings, ordered, sections):
    house = house_of(*sections, ordered=ordered)
    issue = issue_of(*headings)
    found = match_sections(issue, house, english)
    assert len(found) == len(headings)
    assert found == match_sections(issue, house, english)
    for section in house.sections:
        count = found.count(section)
        if not section.headings:
            assert section.repeat.maximum is None or count <= section.repeat.maximum
        for heading, form in zip(headings, found, strict=True):
            if form is section and section.headings:
                corrected = near_match(heading, section, issue, english)
                assert corrected is None or near_match(corrected, section, issue, english) is None
    free = [section for section in house.sections if not section.headings]
    if None in found:
        assert all(section in found for section in free), "no free section is missing while a heading is unclaimed"


@given(
    st.text(max_size=60), st.sampled_from(["{title}: {any}", "A {title}", "{date:d MMMM yyyy}{any}", "“{title}” – x"])
)
def test_any_heading_can_be_compared(english, heading, pattern):
    section = SectionFormat("s", (pattern,))
    issue = issue_of(heading)
    match_sections(issue, house_of(section), english)
    near_match(heading, section, issue, english)
