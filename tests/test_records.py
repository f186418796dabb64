"""A record behaves like a frozen, slotted dataclass of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.records import dataclass


def make(decorate: Any) -> Any:
    @decorate(frozen=True, slots=True)
    class Place:
        """Somewhere."""

        name: str
        line: int = 1
        tags: list[str] = field(default_factory=list)

        @property
        def shown(self) -> str:
            return f"{self.name}:{self.line}"

    return Place


Ours, Theirs = make(dataclass), make(dataclasses.dataclass)


@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: tuple[int, ...] = ()


@given(st.text(), st.integers(), st.lists(st.text()))
def test_a_record_has_the_repr_and_equality_of_a_dataclass(name, line, tags):
    ours, theirs = Ours(name, line, tags), Theirs(name, line, tags)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert repr(ours) == repr(theirs)
    assert ours.shown == theirs.shown
    assert ours == Ours(name, line, list(tags))
    assert ours != theirs
    assert ours != Ours(name, line + 1, tags)


def test_default_factories_run_for_each_record():
    first, second = Ours("a"), Ours("b")
    assert (first.line, first.tags) == (1, [])
    assert first.tags is not second.tags


@pytest.mark.parametrize("arguments", [(), ("a", 1, [], 4)])
def test_wrong_arguments_are_a_type_error(arguments):
    with pytest.raises(TypeError):
        Ours(*arguments)
    with pytest.raises(TypeError):
        Ours("a", lines=3)


def test_a_record_is_frozen_and_slotted():
    place = Ours("a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        place.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del place.name
    with pytest.raises(dataclasses.FrozenInstanceError):
        place.other = 1
    assert not hasattr(place, "__dict__")


def test_a_record_can_be_hashed_replaced_copied_and_pickled():
    pair = Pair(1, (2, 3))
    assert {pair: "x"}[Pair(1, (2, 3))] == "x"
    assert dataclasses.replace(pair, left=4) == Pair(4, (2, 3))
    assert pickle.loads(pickle.dumps(pair)) == pair
    assert copy.deepcopy(pair) == pair
    assert [each.name for each in dataclasses.fields(Pair)] == ["left", "right"]
    match pair:
        case Pair(left, right):
            assert (left, right) == (1, (2, 3))


def test_other_dataclasses_are_made_by_the_standard_library():
    @dataclass(slots=True)
    class Open:
        value: int = 0

    thing = Open()
    thing.value = 3
    assert thing == Open(3)


def test_post_init_runs():
    @dataclass(frozen=True, slots=True)
    class Checked:
        value: int

        def __post_init__(self) -> None:
            if self.value < 0:
                raise ValueError(self.value)

    assert Checked(1).value == 1
    with pytest.raises(ValueError, match="-1"):
        Checked(-1)
