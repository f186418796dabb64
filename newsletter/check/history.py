"""What ran before: the publication's issues in order, and what came before one of them.

Only what is earlier counts: by date, then by number, in the same language, and no drafts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.check.base import OtherIssue
from newsletter.check.sections import longest_in_order
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from newsletter.check.history_record import PastIssue

    Line = tuple[str, str]
    """Kind and language: what has numbers of its own."""


LATELY = 50
"""How many issues back a habit is looked for."""
ENOUGH = 3
"""How often at least something must have been done to be a habit."""


class History:
    """The issues of a publication. Nothing in it changes; what is asked for often is worked out once."""

    def __init__(self, issues: Iterable[PastIssue] = ()) -> None:
        self.issues = {issue.path: issue for issue in issues}
        """All of them by path, drafts and those without a date, too."""
        self._rows: dict[str, _Row] = {}
        self._numberings: dict[Line, Numbering] = {}

    def including(self, issue: PastIssue) -> History:
        """The history with `issue` as it is now."""
        return self if self.issues.get(issue.path) == issue else History({**self.issues, issue.path: issue}.values())

    def before(self, issue: PastIssue) -> Past:
        """What came before `issue`; all that has a date, where it has none.

        Where the history has another version of it, at another place in time, `including` it comes first: else it would
        come before itself. Anywhere else that version is not looked at, so that a history serves as a text is written.
        """
        known = self.issues.get(issue.path)
        if known and not known.in_place_of(issue):
            return self.including(issue).before(issue)
        row = self._rows.get(issue.language)
        if row is None:
            row = self._rows[issue.language] = _Row(self.issues.values(), issue.language)
        return Past(row, bisect_left(row.orders, issue.order) if issue.date else len(row.issues))

    def numbering(self, issue: PastIssue) -> Numbering:
        """The numbers of issues of the kind and language of `issue`."""
        line = issue.kind, issue.language
        if line not in self._numberings:
            alike = (other for other in self.issues.values() if (other.kind, other.language) == line)
            self._numberings[line] = Numbering(alike)
        return self._numberings[line]

    @cached_property
    def others(self) -> tuple[OtherIssue, ...]:
        """All of them, for the rules that ask for no more."""
        return tuple(OtherIssue(issue.path, issue.slug, issue.number) for issue in self.issues.values())

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The numbers that issues have, of whatever kind, drafts included."""
        return frozenset(issue.number for issue in self.issues.values() if issue.number is not None)


class Numbering:
    """The issues of one kind and language that have a number and a date, in order of their numbers."""

    def __init__(self, issues: Iterable[PastIssue]) -> None:
        out = [issue for issue in issues if issue.number is not None and issue.date and not issue.draft]
        counts = Counter(issue.number for issue in out)
        # Two issues of one number have a finding for that (FM108).
        self.issues = sorted((issue for issue in out if counts[issue.number] == 1), key=lambda one: one.number or 0)
        kept = set(longest_in_order([int(issue.moment) for issue in self.issues]))
        self.placed = [issue for at, issue in enumerate(self.issues) if at in kept]
        """Those whose dates go up with their numbers: as many as can be."""
        self.misplaced = [issue for at, issue in enumerate(self.issues) if at not in kept]

    def goes_on(self, end: int) -> bool:
        """Whether most of the first `end` placed issues have the number after that of the issue before them."""
        steps = [(after.number or 0) - (before.number or 0) for before, after in pairwise(self.placed[:end])]
        return steps.count(1) * 3 > len(steps) * 2


class _Row:
    """The issues that came out in one language, in order of time, and where in them everything is."""

    def __init__(self, issues: Iterable[PastIssue], language: str) -> None:
        out = (issue for issue in issues if issue.language == language and issue.date and not issue.draft)
        self.issues = sorted(out, key=lambda issue: (issue.order, issue.path))
        self.orders = [issue.order for issue in self.issues]
        self._places: dict[str, Mapping[str, Sequence[int]]] = {}

    @cached_property
    def again(self) -> Mapping[str, Sequence[int]]:
        """By section, the issues with a story in it that ran in an earlier issue."""
        seen: set[str] = set()
        again: dict[str, list[int]] = {}
        for at, issue in enumerate(self.issues):
            for key, stories in issue.stories.items():
                if not seen.isdisjoint(stories):
                    again.setdefault(key, []).append(at)
            for stories in issue.stories.values():
                seen.update(stories)
        return again

    def places(self, name: str, things: Callable[[PastIssue], Iterable[str]]) -> Mapping[str, Sequence[int]]:
        """In which issues each of the `things` is; `name` is what they are called."""
        if name not in self._places:
            places: dict[str, list[int]] = {}
            for at, issue in enumerate(self.issues):
                for thing in things(issue):
                    places.setdefault(thing, []).append(at)
            self._places[name] = places
        return self._places[name]


@dataclass(frozen=True, slots=True)
class Past:
    """What came before one issue. Everything is given from the oldest to the newest."""

    _row: _Row
    _end: int

    def of_kind(self, kind: str) -> list[PastIssue]:
        """Those of one kind."""
        return [issue for issue in self._row.issues[: self._end] if issue.kind == kind]

    def with_story(self, address: str) -> list[PastIssue]:
        """Those that had a story of this address (see `same_address`)."""
        return self._with(
            "stories", lambda issue: {key: 0 for inside in issue.stories.values() for key in inside}, address
        )

    def repeats(self, section: str) -> bool:
        """Whether stories come again in a section as a habit, as open positions do: lately in one of ten issues."""
        first = max(self._end - LATELY, 0)
        again = [at for at in self._row.again.get(section, ()) if first <= at < self._end]
        with_it = sum(section in issue.sections for issue in self._row.issues[first : self._end])
        return len(again) >= ENOUGH and len(again) * 10 >= with_it

    def with_title(self, title: str) -> list[PastIssue]:
        """Those that had an item of this title (see `said`)."""
        return self._with("titles", lambda issue: issue.titles, title)

    def with_picture(self, name: str) -> list[PastIssue]:
        """Those that had this picture (see `pictures_in`)."""
        return self._with("pictures", lambda issue: issue.pictures, name)

    def with_picture_of(self, size: int, size_of: Callable[[str], int]) -> list[PastIssue]:
        """Those that had a picture whose file has `size` bytes, as `size_of` says of a picture's name."""
        return self._with("sizes", lambda issue: {str(size_of(name)) for name in issue.pictures}, str(size))

    def with_text(self, name: str, text: str) -> list[PastIssue]:
        """Those that had this text as the field `name` of FIELDS."""
        return self._with(
            "texts", lambda issue: [f"{key} {said}" for key, said in issue.texts.items()], f"{name} {text}"
        )

    def _with(self, name: str, things: Callable[[PastIssue], Iterable[str]], thing: str) -> list[PastIssue]:
        places = self._row.places(name, things).get(thing, ())
        return [self._row.issues[place] for place in places if place < self._end]
