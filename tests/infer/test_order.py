"""In which order sections stand."""

from __future__ import annotations

from newsletter.infer.order import order_of


def test_a_constant_order_is_inferred() -> None:
    assert order_of([[0, 1, 2], [0, 2], [1, 2]] * 5)[0] == ((0,), (1,), (2,))


def test_sections_are_listed_in_their_usual_order() -> None:
    assert order_of([[2, 0, 1]] * 5)[1] == (2, 0, 1)


def test_one_mistake_does_not_change_the_order() -> None:
    assert order_of([[0, 1, 2]] * 30 + [[2, 1, 0]])[0] == ((0,), (1,), (2,))


def test_two_sections_in_either_order_share_a_rank() -> None:
    assert order_of([[0, 1, 2, 3], [0, 2, 1, 3]] * 10)[0] == ((0,), (1, 2), (3,))


def test_a_section_at_any_place_is_not_in_the_order() -> None:
    rows = [[9, 0, 1, 2, 3], [0, 9, 1, 2, 3], [0, 1, 9, 2, 3], [0, 1, 2, 9, 3], [0, 1, 2, 3, 9]] * 5
    groups, usual = order_of(rows)
    assert groups == ((0,), (1,), (2,), (3,))
    assert sorted(usual) == [0, 1, 2, 3, 9]


def test_sections_in_random_order_have_no_order() -> None:
    rows = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1], [3, 0, 2, 1], [1, 2, 0, 3]] * 5
    assert order_of(rows)[0] is None
