"""What ran before: which issues count, what is a repetition, and what is a habit."""

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


def codes(desk, *letters: tuple[str, str]) -> list[str]:
    """`3 HS101`: the number of the issue and what is found in it, by the order of issues."""
    paths = tuple(path for path, _ in letters)
    found = desk.check(*(text for _, text in letters), paths=paths)
    return [f"{one.path.split('/')[1].removeprefix('number-')} {one.code}" for one in found]


A, B, C, D = (f"https://{name}.example/story" for name in "abcd")

# ── which issues count ──────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_later_of_two_issues_is_told(desk):
    assert codes(desk, letter(2, A), letter(1, A)) == ["2 HS101"]


@pytest.mark.parametrize(
    "more",
    ["draft: true\n", "language: nl\n"],
    ids=["drafts", "other languages"],
)
def test_what_does_not_count(more: str, desk):
    assert codes(desk, letter(1, A, more=more), letter(2, A)) == []


def test_a_draft_is_held_against_what_came_out(desk):
    assert codes(desk, letter(1, A), letter(2, A, more="draft: true\n")) == ["2 HS101"]


def test_an_issue_that_has_no_date_yet_comes_last(desk):
    path, text = letter(3, A)
    found = desk.check(
        letter(1, A)[1], text.replace("date: 2024-01-03\n", ""), paths=("issues/number-1/index.md", path)
    )
    assert [one.code for one in found] == ["HS101"]


def test_an_issue_without_a_date_came_when_its_name_says(desk):
    paths = ("issues/2024-01-05-one/index.md", "issues/2024-01-03-two/index.md")
    texts = [letter(number, A)[1].replace(f"date: 2024-01-0{number}\n", "") for number in (1, 2)]
    found = desk.check(*texts, paths=paths)
    assert [(one.path, one.code) for one in found if one.code == "HS101"] == [(paths[0], "HS101")]


def test_of_issues_of_one_day_the_number_decides(desk):
    assert codes(desk, letter(1, A, day="2024-01-05"), letter(2, A, day="2024-01-05")) == ["2 HS101"]


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
def test_what_leads_to_one_page_is_one_address(one: str, other: str):
    assert same_address(one) == same_address(other)


@pytest.mark.parametrize("other", [A + "?id=2", A + "#part", A.upper().replace("HTTPS", "https"), B, A + "/more"])
def test_what_leads_to_two_pages_is_two(other: str):
    assert same_address(A + "?id=1") != same_address(other)


@pytest.mark.parametrize(
    "link", ["https://a.example", "https://a.example/", "https://letters.example/14", "mailto:a@a.example", "#news"]
)
def test_home_pages_and_the_publications_own_may_come_again(link: str, desk):
    assert [code for code in codes(desk, letter(1, link), letter(2, link)) if "HS" in code] == []


def test_a_link_in_passing_is_no_story(desk):
    passing = f"More in [what they say]({A}), and in [the report]({B}).\n"
    assert codes(desk, letter(1, A, B), letter(2, C, tail=passing)) == []


def test_a_link_that_opens_a_bullet_is_one_where_the_house_format_asks_for_no_items(desk):
    tail = f"- [A story]({A})\n- Words and [a link]({B})\n"
    assert codes(desk, letter(1, A, B), letter(2, tail=tail)) == ["2 HS101"]


def test_what_ran_three_times_stands_there_on_purpose(desk):
    letters = [letter(number, A, f"https://b.example/{number}") for number in range(1, 6)]
    assert codes(desk, *letters) == ["2 HS101", "3 HS101"]


def test_sections_that_may_repeat_are_left_alone(desk):
    desk.house(STORIES + "links: {repeats: [news]}\n")
    assert codes(desk, letter(1, A), letter(2, A)) == []


def test_a_section_in_which_stories_come_again_as_a_habit_is_left_alone(desk):
    desk.house(STORIES)
    jobs = [f"- [Job {at}](https://jobs.example/{at // 2})\n" for at in range(20)]
    letters = [letter(at + 1, f"https://a.example/{at}", tail=f"\n## Jobs\n\n{jobs[at]}") for at in range(12)]
    assert [code for code in codes(desk, *letters) if "HS101" in code] == ["2 HS101", "4 HS101", "6 HS101"]


def test_an_issue_that_is_a_copy_is_told_once(desk):
    found = desk.check(
        letter(1, A, B, C, D)[1],
        letter(2, A, B, C, D, "https://e.example/story")[1],
        paths=("issues/number-1/index.md", "issues/number-2/index.md"),
    )
    assert [(one.code, one.message) for one in found if one.code == "HS101"] == [
        ("HS101", "4 of the 5 links already ran in number 1 (2024-01-01), starting with this one")
    ]


def test_a_look_back_at_several_issues_is_none_of_it(desk):
    assert codes(desk, letter(1, A, B), letter(2, C, D), letter(3, A, B, C, D)) == []


def test_the_finding_says_where_it_ran(desk):
    paths = ("issues/number-1/index.md", "issues/number-2/index.md")
    found = desk.check(letter(1, B, A)[1], letter(2, A)[1], paths=paths)
    assert [(one.message, one.label) for one in found] == [
        ("this link already ran in number 1 (2024-01-01)", "issues/number-1/index.md:13")
    ]


# ── titles, texts, pictures ─────────────────────────────────────────────────────────────────────────────────────────


def test_where_the_link_ran_the_title_is_not_told_too(desk):
    long = "A title that is long enough to be one"
    first, second = letter(1, A), letter(2, A)
    letters = [(path, text.replace("Story 1.1", long).replace("Story 2.1", long)) for path, text in (first, second)]
    assert codes(desk, *letters) == ["2 HS101"]


def test_a_long_title_of_an_item_runs_once_and_a_short_one_as_often_as_it_likes(desk):
    long = "A title that is long enough to be one"
    first, second = letter(1, A, C), letter(2, B, D)
    letters = [
        (path, text.replace("Story 1.1", long).replace("Story 2.1", long.title()).replace("Story 1.2", "Bugs"))
        for path, text in (first, (second[0], second[1].replace("Story 2.2", "Bugs")))
    ]
    assert codes(desk, *letters) == ["2 HS103"]


def test_a_title_that_every_issue_has_is_that_of_the_letter(desk):
    letters = [letter(number, title="This week in ports") for number in range(1, 6)]
    assert codes(desk, *letters) == ["2 HS103", "3 HS103"]


def test_a_summary_that_was_copied_is_told_whatever_its_case_and_spacing(desk):
    one, other = "summary: Why ships wait for days at sea.\n", "summary: why  ships wait for DAYS at sea.\n"
    assert codes(desk, letter(1, more=one), letter(2, more=other)) == ["2 HS107"]


def test_a_picture_is_known_by_its_content(desk):
    for name in ("one", "two"):
        desk.pictures = {f"{name}.jpg": desk.pictures.get("stack.jpg") or desk.pictures["one.jpg"]}
        number = 1 if name == "one" else 2
        path, text = letter(number, tail=f"\n![Ships at anchor]({name}.jpg)\n")
        desk.write(path, text)
    found = desk.check_files(("issues/number-1/index.md", "issues/number-2/index.md"))
    assert [(one.path[14], one.code, one.label) for one in found] == [("2", "HS102", "issues/number-1/index.md:11")]


def test_a_picture_twice_in_one_issue_is_no_matter_of_history(desk):
    assert codes(desk, letter(1, tail="\n![Ships](stack.jpg)\n\n![Ships, again](stack.jpg)\n")) == []


# ── numbers and dates ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([1, 2, 4], ["4 HS104"]),
        ([1, 2, 3, 4, 8, 9], ["8 HS104"]),
        ([1, 4], []),  # nothing to go by
        ([2, 4, 6, 8], []),  # numbers that do not go up by one
        ([5, 6, 7], []),
    ],
)
def test_numbers_go_on(numbers: list[int], found: list[str], desk):
    assert codes(desk, *(letter(number) for number in numbers)) == found


def test_the_house_format_may_ask_for_it_outright(desk):
    desk.house("front:\n  number: {consecutive: true}\n")
    assert codes(desk, letter(1), letter(4)) == ["4 HS104"]


def test_a_number_that_a_draft_has_is_not_left_out(desk):
    assert codes(desk, letter(1), letter(2), letter(3, more="draft: true\n"), letter(4)) == []


def test_last_years_date_is_told_where_it_is_and_nowhere_else(desk):
    days = {number: f"2024-{number:02}-28" for number in range(1, 7)} | {5: "2023-05-28"}
    assert codes(desk, *(letter(number, day=day) for number, day in days.items())) == ["5 HS105"]


def test_a_number_with_a_digit_lost_is_told_where_it_is_and_nowhere_else(desk):
    numbers = [11, 12, 13, 14, 15]
    letters = [letter(number, day=f"2024-01-{number}") for number in numbers]
    letters[3] = letter(4, day="2024-01-14")
    assert codes(desk, *letters) == ["4 HS105"]


def test_of_two_that_changed_places_the_later_number_is_told(desk):
    days = {1: "2024-01-01", 2: "2024-01-03", 3: "2024-01-02", 4: "2024-01-04"}
    assert codes(desk, *(letter(number, day=day) for number, day in days.items())) == ["3 HS105"]


# ── habits ──────────────────────────────────────────────────────────────────────────────────────────────────────────

HABIT = "\n## Book\n\nA book.\n"


def test_five_issues_are_no_habit_and_six_are(desk):
    letters = [letter(number, tail=HABIT) for number in range(1, 7)]
    assert codes(desk, *letters[:5], letter(6)) == []
    assert codes(desk, *letters, letter(7)) == ["7 HS106"]


def test_an_issue_without_a_date_breaks_no_habit_unless_it_is_the_draft_of_the_next(desk):
    letters = [letter(number, tail=HABIT) for number in range(1, 7)]
    path, text = letter(7)
    undated = text.replace("date: 2024-01-07\n", "")
    assert codes(desk, *letters, (path, undated)) == []
    assert codes(desk, *letters, (path, undated.replace("---\n", "---\ndraft: true\n", 1))) == ["7 HS106"]
    assert codes(desk, *letters, (path, undated.replace("---\n", "---\ndraft: true\n", 1) + HABIT)) == []


def test_what_one_of_them_did_otherwise_is_no_habit(desk):
    letters = [letter(number, tail=HABIT * (number != 4)) for number in range(1, 9)]
    assert codes(desk, *letters, letter(9)) == []


def test_a_letter_that_changes_is_told_so_once(desk):
    letters = [letter(number, tail=HABIT * (number < 8)) for number in range(1, 12)]
    assert codes(desk, *letters) == ["8 HS106"]


def test_a_number_of_items_that_never_changed_is_a_habit(desk):
    letters = [letter(number, *(f"https://a.example/{number}/{at}" for at in range(3))) for number in range(1, 7)]
    assert codes(desk, *letters, letter(7, A, B)) == ["7 HS106"]


def test_what_the_house_format_tells_already_is_not_told_again(desk):
    desk.house("sections:\n  news: {heading: News, items: {count: 3}}\n")
    letters = [letter(number, *(f"https://a.example/{number}/{at}" for at in range(3))) for number in range(1, 7)]
    assert codes(desk, *letters, letter(7, A, B)) == ["7 ST107"]


def test_all_fields_that_are_missing_are_one_finding(desk):
    more = "summary: Of ships and ports no. {0}, long enough.\nsubtitle: A subtitle, number {0}\n"
    letters = [letter(number, more=more.format(number)) for number in range(1, 7)]
    found = desk.check(
        *(text for _, text in [*letters, letter(7)]), paths=tuple(path for path, _ in [*letters, letter(7)])
    )
    assert [one.message for one in found] == [
        "the last 6 issues all had `subtitle` and `summary` in their front matter"
    ]


def test_a_letter_of_a_few_words_among_long_ones_is_not_ready(desk):
    letters = [letter(number, tail="Words of a letter. " * 50) for number in range(1, 7)]
    assert codes(desk, *letters, letter(7)) == ["7 HS106"]


# ── the records ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_remembered_is_equal_once_it_was_stored(desk):
    path, text = letter(1, A, B, more="summary: A summary of it all.\ntags: [ships]\n", tail="![Ships](stack.jpg)\n")
    desk.write(path, text)
    _, issue, _ = desk.read(path)
    own = remember(MatchedSections(issue, desk.load(), desk.language(issue)))
    assert from_plain(json.loads(json.dumps(to_plain(own)))) == own
    history = History([from_plain(json.loads(json.dumps(to_plain(own))))])
    assert history.including(own) is history
    assert history.including(replace(own, number=2)) is not history


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9), st.sampled_from("abc")), max_size=12))
def test_what_came_before_is_what_a_person_would_look_up_one_by_one(rows: list[tuple[int, int, str]]):
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


def test_the_sections_of_an_issue_are_matched_once_for_its_rules_and_its_history(desk, monkeypatch):
    matched: list[str] = []
    match = sections.match_sections

    def counted(issue, house, language):
        matched.append(issue.path)
        return match(issue, house, language)

    monkeypatch.setattr(sections, "match_sections", counted)
    path, text = letter(1, A, B)
    desk.write(path, text)
    source, issue, _ = desk.read(path)
    parts = sections.MatchedSections(issue, desk.load(), desk.language(issue))
    make_context(
        issue,
        desk.load(),
        source=source,
        language=desk.language(issue),
        root=desk.root,
        publication=desk.publication,
        others=(),
        broken_front=False,
        history=History([remember(parts)]),
        sections=parts,
    )
    assert matched == [path]
