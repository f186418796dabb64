"""Matches regular expressions of a house format in limited time.

With `(a+)+$`, Python's `re` can need practically forever for forty letters. So the possible ways of matching are
counted first. If they are few, `re` is used. Otherwise the pattern is run here, step by step, and each step at most
once at each place of the text. That takes at most the length of the pattern times that of the text. A pattern that
cannot be run so, because it has a back-reference, is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from newsletter.records import dataclass

# Python's own parser of patterns, which typeshed does not describe. Classes of characters are matched by `re`.
sre: Any = import_module("re._constants")
sre_parser: Any = import_module("re._parser")
sre_compiler: Any = import_module("re._compiler")

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LONGEST_PATTERN = 1_000
"""The most characters of a pattern."""
LONGEST_TEXT = 2_000
"""The most characters of a text that is not matched by `re`. A longer text does not match."""
_MOST_STEPS = 4_000
"""The most steps of a program. With LONGEST_TEXT, the worst ones take some seconds."""
_MOST_DONE = 2_000_000
"""The most steps for one text, including lookarounds. They take two seconds and a hundred megabytes."""
_MOST_WAYS = 10_000_000
"""The most ways, times characters, for which `re` is used: they take a tenth of a second."""
_ENDLESS = float("inf")

_CHARACTERS = frozenset((sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN))
_REPEATS = frozenset((sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT))

Node: TypeAlias = "tuple[Any, Any]"
"""A node of a parsed pattern from Python's own parser: its kind, and its content."""


class _TooLongError(Exception):
    """Matching took too many steps."""


class _UnboundedError(Exception):
    """The pattern cannot be run in limited time. Reported as a finding."""


@lru_cache(maxsize=256)
def expression_fault(pattern: str) -> str:
    """The reason why a house format cannot have this regular expression; "" if it can."""
    if len(pattern) > LONGEST_PATTERN:
        return f"it has {len(pattern):,} characters; the limit is {LONGEST_PATTERN:,}"
    try:
        re.compile(pattern)
        Expression(pattern)
    except _UnboundedError as error:
        return str(error)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return ""


@lru_cache(maxsize=256)
def expression(pattern: str) -> Expression:
    """The compiled pattern. It must not have an `expression_fault`."""
    return Expression(pattern)


class Expression:
    """A regular expression that is matched in limited time."""

    def __init__(self, pattern: str) -> None:
        self._plain = re.compile(pattern)
        self._tree = sre_parser.parse(pattern)
        self._program: _Program | None = None
        if self._ways(LONGEST_TEXT) > _MOST_WAYS:
            self._program = _compiled(list(self._tree), self._tree.state, self._plain.flags)

    def fits(self, text: str) -> bool:
        """Whether the pattern matches the whole of `text`. False if that would take too long."""
        if self._program is None or self._ways(len(text)) <= _MOST_WAYS:
            return (self._program is not None or len(text) <= _LONGEST_PLAIN) and self._plain.fullmatch(
                text
            ) is not None
        try:
            return len(text) <= LONGEST_TEXT and _run(self._program, text, 0, len(text), [_MOST_DONE])
        except _TooLongError:
            return False

    def _ways(self, length: int) -> float:
        """The number of ways in which `re` might match a text of `length`, times that length."""
        return _ways(list(self._tree), length + 1) * (length + 1)


_LONGEST_PLAIN = 100_000
"""The most characters of a text, for any pattern."""


def _ways(nodes: Sequence[Node], length: int) -> float:
    """The number of ways in which these nodes may match a text of `length` from one place on."""
    found = 1.0
    for kind, value in nodes:
        found *= _ways_of(kind, value, length)
        if found > _MOST_WAYS:
            return _ENDLESS
    return found


def _ways_of(kind: Any, value: Any, length: int) -> float:
    if kind in _REPEATS:
        low, high, item = value
        most = int(min(high, max(length, low)))
        inner = _ways(item, length)
        if inner == 1:
            return float(most - int(low) + 1)
        if most > 64:  # 2 to the power of that is too large
            return _ENDLESS
        return float(sum(inner**times for times in range(low, most + 1)))
    if kind is sre.BRANCH:
        return sum(_ways(branch, length) for branch in value[1])
    if kind is sre.SUBPATTERN:
        return _ways(value[3], length)
    if kind in {sre.ASSERT, sre.ASSERT_NOT}:
        return _ways(value[1], length)
    if kind is sre.ATOMIC_GROUP:
        return _ways(value, length)
    if kind is sre.GROUPREF_EXISTS:
        return _ways(value[1], length) + _ways(value[2] or [], length)
    return 1


_MATCHED, _ONE, _HERE, _AROUND, _EITHER = range(5)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of a program."""

    does: int
    """The kind of step.

    _MATCHED ends the program, _ONE matches a character, _HERE tests a place, _AROUND tests the text before or after it,
    and _EITHER continues in two ways.
    """
    test: Any = None
    """For all except _EITHER, the test, given a text and a place; for _AROUND, also the number of steps that are left."""
    other: int = 0
    """For _EITHER, the step that is tried second. A jump has only this one."""
    first: int = -1
    """For _EITHER, the step that is tried first; -1 for none."""


_Program: TypeAlias = "list[_Step]"


def _compiled(nodes: Sequence[Node], state: Any, flags: int) -> _Program:
    program: _Program = []
    _add(program, nodes, state, flags)
    program.append(_Step(_MATCHED))
    return program


def _add(program: _Program, nodes: Sequence[Node], state: Any, flags: int) -> None:
    """Appends the steps for `nodes`."""
    for kind, value in nodes:
        if len(program) > _MOST_STEPS:
            raise _UnboundedError("it has too many nested repetitions and may never finish")
        if kind in _CHARACTERS:
            program.append(_Step(_ONE, _single(kind, value, state, flags)))
        elif kind is sre.AT:
            program.append(_Step(_HERE, _single(kind, value, state, flags)))
        elif kind is sre.SUBPATTERN:
            _group, added, taken, inner = value
            _add(program, inner, state, (flags | added) & ~taken)
        elif kind is sre.BRANCH:
            _add_branches(program, value[1], state, flags)
        elif kind in _REPEATS and kind is not sre.POSSESSIVE_REPEAT:
            _add_repeat(program, value, state, flags, greedy=kind is sre.MAX_REPEAT)
        elif kind in {sre.ASSERT, sre.ASSERT_NOT}:
            program.append(_Step(_AROUND, _around(kind, value, state, flags)))
        else:
            raise _UnboundedError(
                f"it may never finish: {_CONSTRUCTS.get(str(kind), 'part of it')} cannot be combined with such repetitions"
            )


_CONSTRUCTS = {
    "GROUPREF": "a reference back to a group",
    "GROUPREF_EXISTS": "a question whether a group was there",
    "POSSESSIVE_REPEAT": "a possessive repetition",
    "ATOMIC_GROUP": "an atomic group",
}


def _add_branches(program: _Program, branches: Sequence[Any], state: Any, flags: int) -> None:
    ends = []
    for branch in branches[:-1]:
        split = len(program)
        program.append(_Step(_EITHER))
        _add(program, branch, state, flags)
        ends.append(len(program))
        program.append(_Step(_EITHER))
        program[split] = _Step(_EITHER, first=split + 1, other=len(program))
    _add(program, branches[-1], state, flags)
    for end in ends:
        program[end] = _Step(_EITHER, other=len(program))


def _add_repeat(program: _Program, value: Any, state: Any, flags: int, *, greedy: bool) -> None:
    low, high, item = value
    if low > _MOST_STEPS or (high is not sre.MAXREPEAT and high > _MOST_STEPS):
        raise _UnboundedError(f"it repeats more than {_MOST_STEPS:,} times what may repeat itself")
    for _ in range(low):
        _add(program, item, state, flags)
    if high is sre.MAXREPEAT:
        split = len(program)
        program.append(_Step(_EITHER))
        _add(program, item, state, flags)
        program.append(_Step(_EITHER, other=split))
        program[split] = _split(split + 1, len(program), greedy=greedy)
        return
    splits = []
    for _ in range(high - low):
        splits.append(len(program))
        program.append(_Step(_EITHER))
        _add(program, item, state, flags)
    for split in splits:
        program[split] = _split(split + 1, len(program), greedy=greedy)


def _split(inside: int, behind: int, *, greedy: bool) -> _Step:
    return _Step(_EITHER, first=inside, other=behind) if greedy else _Step(_EITHER, first=behind, other=inside)


def _single(kind: Any, value: Any, state: Any, flags: int) -> Callable[[str, int], object]:
    """A test for one character or one place that gives the same result as `re`, for all classes, scripts and cases."""
    piece = sre_compiler.compile(sre_parser.SubPattern(state, [(kind, value)]), flags & ~re.DEBUG)
    match: Callable[[str, int], object] = piece.match
    return match


def _around(kind: Any, value: Any, state: Any, flags: int) -> Callable[[str, int, list[int]], bool]:
    direction, inner = value
    program, wanted = _compiled(inner, state, flags), kind is sre.ASSERT
    if direction > 0:
        return lambda text, at, left: _run(program, text, at, None, left) is wanted
    width = sre_parser.SubPattern(state, list(inner)).getwidth()[0]
    return lambda text, at, left: (at >= width and _run(program, text, at - width, at, left)) is wanted


def _run(program: _Program, text: str, start: int, end: int | None, left: list[int]) -> bool:
    """Whether the program matches `text[start:end]`; if `end` is None, up to any place.

    Raises _TooLongError after `left` steps.
    """
    length = len(text)
    seen: set[int] = set()
    waiting = [(0, start)]
    while waiting:
        step, at = waiting.pop()
        while True:
            mark = step * (length + 1) + at
            if mark in seen:
                break
            seen.add(mark)
            left[0] -= 1
            if left[0] < 0:
                raise _TooLongError
            now = program[step]
            if now.does == _EITHER:
                if now.first >= 0:
                    waiting.append((now.other, at))
                    step = now.first
                else:
                    step = now.other
                continue
            if now.does == _MATCHED:
                if end is None or at == end:
                    return True
                break
            if now.does == _ONE and at >= length:
                break
            if not (now.test(text, at, left) if now.does == _AROUND else now.test(text, at)):
                break
            at += now.does == _ONE
            step += 1
    return False
