"""Earlier issues: which count, what is a repetition, and what is a habit."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check import make_context
from newsletter.check.facts import sections
from newsletter.check.facts.history import (
    History,
    PastIssue,
    from_plain,
    remember,
    same_address,
    to_plain,
)
from newsletter.check.facts.sections import MatchedSections

STORIES = (
    "sections:\n  news: {heading: News, items: {}}\n  jobs: {heading: Jobs, required: false, items: {shape: bullet}}\n"
)


def letter(number: int, *links: str, day: str = "", more: str = "", title: str = "", tail: str = "") -> tuple[str, str]:
    """The path and text of an issue with a story for each link."""
    stories = "".join(f"### [Story {number}.{at}]({link})\n\nWords.\n\n" for at, link in enumerate(links, 1))
    head = f"title: {title or f'Issue {number}'}\nnumber: {number}\ndate: {day or f'2024-01-{number:02}'}\n{more}"
    return f"issues/number-{number}/index.md", f"---\n{head}---\n\n## News\n\n{stories or 'Words.'}\n{tail}"


def codes(checker, *letters: tuple[str, str]) -> list[str]:
    """`3 HS101`: the number of the issue and the code of each finding, in the order of issues."""
    paths = tuple(path for path, _ in letters)
    found = checker.check(*(text for _, text in letters), paths=paths)
    return [f"{one.path.split('/')[1].removeprefix('number-')} {one.code}" for one in found]


A, B, C, D = (f"https://{name}.example/story" for name in "abcd")

# ── Which issues count ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_repeated_link_is_reported_only_in_the_later_issue(checker):
    assert codes(checker, letter(2, A), letter(1, A)) == ["2 HS101"]


@pytest.mark.parametrize(
    "more",
    ["draft: true\n", "language: nl\n"],
    ids=["drafts", "other languages"],
)
def test_drafts_and_other_languages_are_not_past_issues(more: str, checker):
    assert codes(checker, letter(1, A, more=more), letter(2, A)) == []


def test_a_draft_is_compared_with_published_issues(checker):
    assert codes(checker, letter(1, A), letter(2, A, more="draft: true\n")) == ["2 HS101"]


def test_an_undated_issue_comes_last(checker):
    path, text = letter(3, A)
    found = checker.check(
        letter(1, A)[1], text.replace("date: 2024-01-03\n", ""), paths=("issues/number-1/index.md", path)
    )
    assert [one.code for one in found] == ["HS101"]


def test_an_undated_issue_is_dated_by_its_file_name(checker):
    paths = ("issues/2024-01-05-one/index.md", "issues/2024-01-03-two/index.md")
    texts = [letter(number, A)[1].replace(f"date: 2024-01-0{number}\n", "") for number in (1, 2)]
    found = checker.check(*texts, paths=paths)
    assert [(one.path, one.code) for one in found if one.code == "HS101"] == [(paths[0], "HS101")]


def test_issues_of_one_day_are_ordered_by_number(checker):
    assert codes(checker, letter(1, A, day="2024-01-05"), letter(2, A, day="2024-01-05")) == ["2 HS101"]


# ── links ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (A, A),
        (A, A.replace("https", "http")),
        (A, A + "/"),
        (A, A.replace("//", "//www.")),
        (A, A.replace("a.example", "A.Example")),
        (A, A + "?utm_source=letter&utm_medium=email"),
        (A + "?id=1", A + "?id=1&fbclid=x"),
        (A, A + "#:~:text=words"),
    ],
)
def test_spellings_of_one_address_are_equal(one: str, other: str):
    assert same_address(one) == same_address(other)


@pytest.mark.parametrize("other", [A + "?id=2", A + "#part", A.upper().replace("HTTPS", "https"), B, A + "/more"])
def test_addresses_of_different_pages_are_different(other: str):
    assert same_address(A + "?id=1") != same_address(other)


@pytest.mark.parametrize(
    "link", ["https://a.example", "https://a.example/", "https://letters.example/14", "mailto:a@a.example", "#news"]
)
def test_links_to_home_pages_and_to_the_publication_may_repeat(link: str, checker):
    assert [code for code in codes(checker, letter(1, link), letter(2, link)) if "HS" in code] == []


def test_a_link_within_a_sentence_is_not_a_story(checker):
    passing = f"More in [what they say]({A}), and in [the report]({B}).\n"
    assert codes(checker, letter(1, A, B), letter(2, C, tail=passing)) == []


def test_a_link_at_the_start_of_a_bullet_is_a_story_if_the_house_format_has_no_items(checker):
    tail = f"- [A story]({A})\n- Words and [a link]({B})\n"
    assert codes(checker, letter(1, A, B), letter(2, tail=tail)) == ["2 HS101"]


def test_a_link_in_three_issues_is_not_reported_again(checker):
    letters = [letter(number, A, f"https://b.example/{number}") for number in range(1, 6)]
    assert codes(checker, *letters) == ["2 HS101", "3 HS101"]


def test_sections_that_may_repeat_have_no_finding(checker):
    checker.house(STORIES + "links: {repeats: [news]}\n")
    assert codes(checker, letter(1, A), letter(2, A)) == []


def test_a_section_that_often_repeats_stories_is_no_longer_reported(checker):
    checker.house(STORIES)
    jobs = [f"- [Job {at}](https://jobs.example/{at // 2})\n" for at in range(20)]
    letters = [letter(at + 1, f"https://a.example/{at}", tail=f"\n## Jobs\n\n{jobs[at]}") for at in range(12)]
    assert [code for code in codes(checker, *letters) if "HS101" in code] == ["2 HS101", "4 HS101", "6 HS101"]


def test_a_copied_issue_is_reported_once(checker):
    found = checker.check(
        letter(1, A, B, C, D)[1],
        letter(2, A, B, C, D, "https://e.example/story")[1],
        paths=("issues/number-1/index.md", "issues/number-2/index.md"),
    )
    assert [(one.code, one.message) for one in found if one.code == "HS101"] == [
        ("HS101", "4 of the 5 links already ran in number 1 (2024-01-01), starting with this one")
    ]


def test_a_review_of_several_issues_has_no_finding(checker):
    assert codes(checker, letter(1, A, B), letter(2, C, D), letter(3, A, B, C, D)) == []


def test_the_finding_names_the_earlier_issue(checker):
    paths = ("issues/number-1/index.md", "issues/number-2/index.md")
    found = checker.check(letter(1, B, A)[1], letter(2, A)[1], paths=paths)
    assert [(one.message, one.label) for one in found] == [
        ("this link already ran in number 1 (2024-01-01)", "issues/number-1/index.md:13")
    ]


# ── titles, texts, pictures ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_repeated_title_is_not_reported_with_a_repeated_link(checker):
    long = "A title that is long enough to be one"
    first, second = letter(1, A), letter(2, A)
    letters = [(path, text.replace("Story 1.1", long).replace("Story 2.1", long)) for path, text in (first, second)]
    assert codes(checker, *letters) == ["2 HS101"]


def test_a_long_title_may_not_repeat_but_a_short_one_may(checker):
    long = "A title that is long enough to be one"
    first, second = letter(1, A, C), letter(2, B, D)
    letters = [
        (path, text.replace("Story 1.1", long).replace("Story 2.1", long.title()).replace("Story 1.2", "Bugs"))
        for path, text in (first, (second[0], second[1].replace("Story 2.2", "Bugs")))
    ]
    assert codes(checker, *letters) == ["2 HS103"]


def test_a_title_of_every_issue_is_not_reported_again(checker):
    letters = [letter(number, title="This week in ports") for number in range(1, 6)]
    assert codes(checker, *letters) == ["2 HS103", "3 HS103"]


def test_a_copied_summary_is_reported_despite_case_and_spaces(checker):
    one, other = "summary: Why ships wait for days at sea.\n", "summary: why  ships wait for DAYS at sea.\n"
    assert codes(checker, letter(1, more=one), letter(2, more=other)) == ["2 HS107"]


def test_a_picture_is_identified_by_its_content(checker):
    for name in ("one", "two"):
        checker.pictures = {f"{name}.jpg": checker.pictures.get("stack.jpg") or checker.pictures["one.jpg"]}
        number = 1 if name == "one" else 2
        path, text = letter(number, tail=f"\n![Ships at anchor]({name}.jpg)\n")
        checker.write(path, text)
    found = checker.check_files(("issues/number-1/index.md", "issues/number-2/index.md"))
    assert [(one.path[14], one.code, one.label) for one in found] == [("2", "HS102", "issues/number-1/index.md:11")]


def test_a_picture_twice_in_one_issue_is_not_a_repetition(checker):
    assert codes(checker, letter(1, tail="\n![Ships](stack.jpg)\n\n![Ships, again](stack.jpg)\n")) == []


# ── numbers and dates ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([1, 2, 4], ["4 HS104"]),
        ([1, 2, 3, 4, 8, 9], ["8 HS104"]),
        ([1, 4], []),  # no evidence
        ([2, 4, 6, 8], []),  # numbers that do not increase by one
        ([5, 6, 7], []),
    ],
)
def test_issue_numbers_are_consecutive(numbers: list[int], found: list[str], checker):
    assert codes(checker, *(letter(number) for number in numbers)) == found


def test_the_house_format_may_require_consecutive_numbers(checker):
    checker.house("front:\n  number: {consecutive: true}\n")
    assert codes(checker, letter(1), letter(4)) == ["4 HS104"]


def test_the_number_of_a_draft_is_not_missing(checker):
    assert codes(checker, letter(1), letter(2), letter(3, more="draft: true\n"), letter(4)) == []


def test_a_date_of_last_year_is_reported_only_at_its_issue(checker):
    days = {number: f"2024-{number:02}-28" for number in range(1, 7)} | {5: "2023-05-28"}
    assert codes(checker, *(letter(number, day=day) for number, day in days.items())) == ["5 HS105"]


def test_a_number_with_a_lost_digit_is_reported_only_at_its_issue(checker):
    numbers = [11, 12, 13, 14, 15]
    letters = [letter(number, day=f"2024-01-{number}") for number in numbers]
    letters[3] = letter(4, day="2024-01-14")
    assert codes(checker, *letters) == ["4 HS105"]


def test_of_two_swapped_issues_the_later_number_is_reported(checker):
    days = {1: "2024-01-01", 2: "2024-01-03", 3: "2024-01-02", 4: "2024-01-04"}
    assert codes(checker, *(letter(number, day=day) for number, day in days.items())) == ["3 HS105"]


# ── habits ──────────────────────────────────────────────────────────────────────────────────────────────────────────

HABIT = "\n## Book\n\nA book.\n"


def test_a_habit_needs_six_issues(checker):
    letters = [letter(number, tail=HABIT) for number in range(1, 7)]
    assert codes(checker, *letters[:5], letter(6)) == []
    assert codes(checker, *letters, letter(7)) == ["7 HS106"]


def test_an_undated_issue_breaks_a_habit_only_if_it_is_a_draft(checker):
    letters = [letter(number, tail=HABIT) for number in range(1, 7)]
    path, text = letter(7)
    undated = text.replace("date: 2024-01-07\n", "")
    assert codes(checker, *letters, (path, undated)) == []
    assert codes(checker, *letters, (path, undated.replace("---\n", "---\ndraft: true\n", 1))) == ["7 HS106"]
    assert codes(checker, *letters, (path, undated.replace("---\n", "---\ndraft: true\n", 1) + HABIT)) == []


def test_one_exception_means_that_there_is_no_habit(checker):
    letters = [letter(number, tail=HABIT * (number != 4)) for number in range(1, 9)]
    assert codes(checker, *letters, letter(9)) == []


def test_a_changed_habit_is_reported_once(checker):
    letters = [letter(number, tail=HABIT * (number < 8)) for number in range(1, 12)]
    assert codes(checker, *letters) == ["8 HS106"]


def test_a_constant_number_of_items_is_a_habit(checker):
    letters = [letter(number, *(f"https://a.example/{number}/{at}" for at in range(3))) for number in range(1, 7)]
    assert codes(checker, *letters, letter(7, A, B)) == ["7 HS106"]


def test_a_finding_of_the_house_format_is_not_repeated(checker):
    checker.house("sections:\n  news: {heading: News, items: {count: 3}}\n")
    letters = [letter(number, *(f"https://a.example/{number}/{at}" for at in range(3))) for number in range(1, 7)]
    assert codes(checker, *letters, letter(7, A, B)) == ["7 ST107"]


def test_all_missing_fields_are_one_finding(checker):
    more = "summary: Of ships and ports no. {0}, long enough.\nsubtitle: A subtitle, number {0}\n"
    letters = [letter(number, more=more.format(number)) for number in range(1, 7)]
    found = checker.check(
        *(text for _, text in [*letters, letter(7)]), paths=tuple(path for path, _ in [*letters, letter(7)])
    )
    assert [one.message for one in found] == [
        "the last 6 issues all had `subtitle` and `summary` in their front matter"
    ]


def test_a_very_short_issue_among_long_ones_is_reported_as_unfinished(checker):
    letters = [letter(number, tail="Words of a letter. " * 50) for number in range(1, 7)]
    assert codes(checker, *letters, letter(7)) == ["7 HS106"]


# ── the records ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stored_record_is_equal_when_it_is_loaded(checker):
    path, text = letter(1, A, B, more="summary: A summary of it all.\ntags: [ships]\n", tail="![Ships](stack.jpg)\n")
    checker.write(path, text)
    _, issue, _ = checker.read(path)
    own = remember(MatchedSections(issue, checker.load(), checker.language(issue)))
    assert from_plain(json.loads(json.dumps(to_plain(own)))) == own
    history = History([from_plain(json.loads(json.dumps(to_plain(own))))])
    assert history.including(own) is history
    assert history.including(replace(own, number=2)) is not history


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9), st.sampled_from("abc")), max_size=12))
def test_earlier_issues_are_the_same_as_in_a_simple_search(rows: list[tuple[int, int, str]]):
    issues = [
        PastIssue(f"{at}.md", "", "letter", "en", number, "2024-01-01", float(day), stories={"news": {name: 1}})
        for at, (day, number, name) in enumerate(rows)
    ]
    history = History(issues)
    for issue in issues:
        before = [other for other in issues if other.order < issue.order]
        for name in "abc":
            expected = {other.path for other in before if name in other.stories["news"]}
            assert {other.path for other in history.before(issue).with_story(name)} == expected


def test_sections_are_matched_once_for_rules_and_history(checker, monkeypatch):
    matched: list[str] = []
    match = sections.match_sections

    def counted(issue, house, language):
        matched.append(issue.path)
        return match(issue, house, language)

    monkeypatch.setattr(sections, "match_sections", counted)
    path, text = letter(1, A, B)
    checker.write(path, text)
    source, issue, _ = checker.read(path)
    parts = sections.MatchedSections(issue, checker.load(), checker.language(issue))
    make_context(
        issue,
        checker.load(),
        source=source,
        language=checker.language(issue),
        root=checker.root,
        publication=checker.publication,
        others=(),
        broken_front=False,
        history=History([remember(parts)]),
        sections=parts,
    )
    assert matched == [path]
