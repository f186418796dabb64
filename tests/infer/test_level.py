"""Which level of heading opens a section."""

from __future__ import annotations

from newsletter.infer.headings import Levels, levels_of


def test_the_level_is_that_of_recurring_headings() -> None:
    bodies = [f"## Only in {n}\n\n### News\n\ntext\n\n### Finally\n" for n in range(10)]
    assert levels_of(bodies) == Levels(3)


def test_of_two_recurring_levels_the_one_with_more_headings_is_chosen() -> None:
    assert levels_of(["## News\n\n### One\n\n### Two\n"] * 10).level == 3


def test_a_level_that_changed_once_is_reported() -> None:
    bodies = ["### News\n\n### Jobs\n"] * 12 + ["## News\n\n## Jobs\n"] * 8
    assert levels_of(bodies) == Levels(2, (3, 12))
    assert [levels_of(bodies).at(place) for place in (0, 11, 12, 19)] == [3, 3, 2, 2]


def test_a_few_mistakes_are_not_a_change() -> None:
    assert levels_of(["## News\n"] * 16 + ["### News\n"] * 2) == Levels(2)


def test_headings_in_code_do_not_count() -> None:
    assert levels_of(["## News\n\n```\n#### make\n#### run\n```\n"] * 8).level == 2


def test_essays_have_the_level_that_most_begin_with() -> None:
    assert levels_of([f"### A thought on {word}\n" for word in ("rain", "ports", "ice", "tea")]).level == 3


def test_letters_without_headings_have_the_usual_level() -> None:
    assert levels_of(["Dear reader,\n"] * 4) == Levels(2)
