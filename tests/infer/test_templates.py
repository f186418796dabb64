"""What texts have in common."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from newsletter.bundled import templates_folder
from newsletter.house.forms import read_form
from newsletter.infer.observe import Seen
from newsletter.infer.templates import Names, cut, forms_of
from newsletter.language import Language, load_language

DAYS = [date(2023, 11, 8) + timedelta(days=7 * week) for week in range(12)]


@pytest.fixture(scope="module")
def english() -> Language:
    return load_language("en", [templates_folder() / "theme"])


def letters(*, dated: bool = True, numbered: bool = True) -> list[Seen]:
    return [
        Seen(f"{day}.md", f"{day}-letter", number=70 + place if numbered else None, date=day if dated else None)
        for place, day in enumerate(DAYS)
    ]


def forms(texts: list[str], issues: list[Seen], language: Language, names: Names | None = None) -> tuple[str, ...]:
    return forms_of(dict(enumerate(texts)), issues, language, names or Names())


def test_a_number_that_is_the_issues_is_its_number(english: Language) -> None:
    assert forms([f"Issue #{70 + n}" for n in range(12)], letters(), english) == ("Issue #{number}",)


def test_a_date_that_is_the_issues_is_its_date(english: Language) -> None:
    texts = [f"/letters/{day:%Y/%m/%d}/" for day in DAYS]
    assert forms(texts, letters(), english) == ("/letters/{date:yyyy/MM/dd}/",)


def test_another_date_has_a_name_of_its_own_that_is_the_same_everywhere(english: Language) -> None:
    sundays = [day - timedelta(days=3) for day in DAYS]
    names = Names()
    titles = [f"Week Ending {day:%B} {day.day}, {day.year}" for day in sundays]
    assert forms(titles, letters(), english, names) == ("Week Ending {ending:MMMM d, yyyy}",)
    assert forms([f"{day}-update" for day in sundays], letters(), english, names) == ("{ending:yyyy-MM-dd}-update",)


def test_a_date_or_number_in_the_file_name_is_that_of_the_issue(english: Language) -> None:
    issues = letters(dated=False, numbered=False)
    assert forms([f"{day}-letter" for day in DAYS], [Seen("", "") for _ in issues], english) == (
        "{date:yyyy-MM-dd}-letter",
    )


def test_the_issues_own_file_name_is_a_field(english: Language) -> None:
    issues = letters()
    assert forms([issue.name for issue in issues], issues, english) == ("{file}",)


def test_a_title_may_end_with_any_text(english: Language) -> None:
    endings = [
        "Boats",
        "A winter: part 2",
        "Kettles",
        "Ports",
        "Ships",
        "Rain",
        "Sun",
        "Moon",
        "Sea",
        "Sky",
        "Ice",
        "Fog",
    ]
    texts = [f"Letter {70 + place}: {ending}" for place, ending in enumerate(endings)]
    assert forms(texts, letters(), english) == ("Letter {number}: {any}",)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Letter {n}: {word} ({month})", "Letter {number}: {any} ({date:MMMM yyyy})"),
        ("Letter {n} – {word} and more, {month}", "Letter {number} – {any}, {date:MMMM yyyy}"),
        ("{word} and {word} – letter {n}", "{any} – letter {number}"),
        ("{word} | #{n}", "{any} | #{number}"),
    ],
)
def test_a_text_whose_end_has_a_pattern_is_not_cut_off(text: str, form: str, english: Language) -> None:
    words = "Boats Winter Kettles Ports Ships Rain Sun Moon Sea Sky Ice Fog".split()
    issues = letters()
    texts = [
        text.format(n=issue.number, word=word, month=english.format_date(issue.date, "MMMM yyyy"))
        for issue, word in zip(issues, words, strict=True)
    ]
    assert forms(texts, issues, english) == (form,)
    assert all(read_form(one, form, english) is not None for one in texts)


def test_texts_without_anything_in_common_have_no_pattern(english: Language) -> None:
    assert forms([f"{word} in {n} ports" for n, word in enumerate("abcdefghijkl")], letters(), english) == ()


def test_a_volume_is_a_number_of_its_own(english: Language) -> None:
    assert forms([f"Volume {n // 4}" for n in range(12)], letters(), english) == ("Volume {volume:number}",)


def test_leading_zeros_are_kept(english: Language) -> None:
    issues = [Seen("", "", number=n) for n in range(1, 13)]
    assert forms([f"letter-{n:03}" for n in range(1, 13)], issues, english) == ("letter-{number:000}",)


def test_a_month_is_found_in_the_publications_language() -> None:
    dutch = load_language("nl", [templates_folder() / "theme"])
    parts = cut("Nieuws van 3 maart 2024, nummer 12", dutch.calendar)
    assert [(part.kind, part.text) for part in parts if part.kind] == [("date", "d MMMM yyyy"), ("number", "")]


def test_a_month_within_a_word_is_not_a_month(english: Language) -> None:
    assert [part.kind for part in cut("Marching on", english.calendar)] == [""]
