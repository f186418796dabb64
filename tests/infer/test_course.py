"""Since when and until when something was done."""

from __future__ import annotations

from datetime import date

import pytest

from newsletter.infer.course import Course, Stretch, in_course, natural, settled_in, stretch_of
from newsletter.infer.observe import Seen
from newsletter.infer.sections import _required_in

YES, NO = True, False


def test_a_constant_habit_has_no_era() -> None:
    assert stretch_of([YES] * 30).whole


def test_a_habit_that_began_has_a_first_issue() -> None:
    assert stretch_of([NO] * 12 + [YES] * 20) == Stretch(12, 32, 32)


def test_a_habit_that_ended_has_a_last_issue() -> None:
    assert stretch_of([YES] * 20 + [NO] * 12) == Stretch(0, 20, 32)


def test_an_occasional_habit_does_not_end_with_a_usual_pause() -> None:
    now_and_then = ([YES] + [NO] * 4) * 8
    assert stretch_of([*now_and_then, NO, NO, NO, NO]).whole


def test_a_few_issues_are_no_era() -> None:
    assert stretch_of([NO] * 4 + [YES] * 30).whole
    assert stretch_of([NO] * 30 + [YES] * 4).whole


def test_an_early_stray_occurrence_does_not_move_the_beginning() -> None:
    early = [NO] * 60
    early[3] = YES
    assert stretch_of([*early, *[YES] * 40]) == Stretch(60, 100, 100)


def test_a_nearly_constant_habit_is_required_despite_exceptions() -> None:
    whole = Stretch(0, 40, 40)
    assert settled_in([YES] * 39 + [NO], whole, steps=True) == whole


def test_a_new_habit_is_required_since_its_beginning() -> None:
    at_times = [YES, NO, NO] * 8
    assert settled_in([*at_times, *[YES] * 20], Stretch(0, 44, 44), steps=True) == Stretch(24, 44, 44)


def test_without_numbers_or_dates_there_are_no_eras() -> None:
    at_times = [YES, NO, NO] * 8
    assert settled_in([*at_times, *[YES] * 20], Stretch(0, 44, 44), steps=False) is None
    course = Course((), 32)
    assert course.stretch([NO] * 12 + [YES] * 20).whole


def test_a_drift_without_a_step_is_no_habit() -> None:
    assert settled_in([YES, NO] * 20, Stretch(0, 40, 40), steps=True) is None


def test_issues_are_ordered_by_number_where_nearly_all_have_one() -> None:
    issues = [Seen(f"{n}.md", f"letter-{n}", number=n, date=date(2024, 1, 1)) for n in (10, 9, 100)]
    ordered, course = in_course(issues)
    assert [issue.number for issue in ordered] == [9, 10, 100]
    assert course.bounds == (9, 10, 100)


def test_an_issue_without_a_date_has_that_of_its_name() -> None:
    """As in a check: else the oldest letters, from before `date` was written, would count as the newest."""
    dated = [Seen(f"{n}.md", f"letter-{n}", date=date(2024, 1, n)) for n in range(2, 22)]
    ordered, course = in_course([*dated, Seen("a.md", "2023-12-31-letter"), Seen("b.md", "letter-b")])
    assert [ordered[0].path, ordered[-1].path] == ["a.md", "b.md"]
    assert (course.bounds[0], course.known) == (date(2023, 12, 31), 21)


def test_issues_are_ordered_by_date_where_they_have_no_numbers() -> None:
    issues = [Seen(f"{n}.md", f"letter-{n}", date=date(2024, n, 1)) for n in (3, 1, 2)]
    ordered, course = in_course(issues)
    assert [issue.name for issue in ordered] == ["letter-1", "letter-2", "letter-3"]
    assert course.bounds[0] == date(2024, 1, 1)


def test_a_date_that_all_issues_share_orders_nothing() -> None:
    issues = [Seen(f"{n}.md", f"letter-{n}", date=date(2024, 1, 1)) for n in (10, 9)]
    ordered, course = in_course(issues)
    assert [issue.name for issue in ordered] == ["letter-9", "letter-10"]
    assert course.bounds == ()


def test_the_few_without_a_date_do_not_end_what_the_others_began() -> None:
    dated = [Seen(f"{n}.md", f"letter-{n}", date=date(2024 + n // 12, n % 12 + 1, 1)) for n in range(59)]
    ordered, course = in_course([Seen("0.md", "letter-0"), *dated])
    assert ordered[-1].date is None
    present = [issue.date is not None and issue.date >= date(2025, 1, 1) for issue in ordered]
    assert course.stretch(present) == Stretch(12, 60, 60)


@pytest.mark.parametrize(("one", "other"), [("issue-9", "issue-10"), ("2024-1-x", "2024-02-x"), ("a", "b")])
def test_names_are_ordered_as_people_count(one: str, other: str) -> None:
    assert natural(one) < natural(other)


def test_a_habit_that_began_in_the_first_issues_is_constant_since_then_if_not_overall() -> None:
    missing = {0, 1, 2, 3, 5, 9, 106}
    present = [place not in missing for place in range(161)]
    whole = Stretch(0, 161, 161)
    assert settled_in(present, whole, steps=True) == whole
    assert settled_in(present, whole, steps=True, whole=False) == Stretch(6, 161, 161)


def test_a_section_that_is_missing_in_the_first_issues_is_required_since() -> None:
    missing = {0, 1, 2, 3, 5, 9, 106}
    present = [place not in missing for place in range(161)]
    course = Course(tuple(range(161)), 161, 161)
    assert _required_in(course, present, course.all) == Stretch(6, 161, 161)
    scattered = [place % 20 != 7 for place in range(161)]
    assert _required_in(course, scattered, course.all) is None
