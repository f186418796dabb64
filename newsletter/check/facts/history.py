"""The history of an issue: the issues of the publication in order, and those before it.

Only issues in the same language that are no drafts count. They are ordered by date, then by number.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections import Counter
from dataclasses import field
from datetime import UTC, datetime, time
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newsletter.check.facts.addresses import without_tracking
from newsletter.check.facts.files import file_stem
from newsletter.check.facts.sections import MatchedSections, longest_in_order
from newsletter.config.site_paths import former_addresses
from newsletter.house.forms import dated_name
from newsletter.language import primary_language
from newsletter.markdown.items import items_of
from newsletter.model import Issue, ItemShape, Link, Opener
from newsletter.pictures import is_local
from newsletter.records import dataclass
from newsletter.walk import images_in, plain_text, words_in_issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.model import Item, Section, Span

    Line = tuple[str, str]
    """Kind and language. Issues with the same ones are numbered together."""


LATELY = 50
"""The number of earlier issues in which a habit is looked for."""
ENOUGH = 3
"""The fewest times that something must have been done to be a habit."""


@dataclass(frozen=True, slots=True)
class OtherIssue:
    """The facts about another issue that a check needs."""

    path: str
    """The path of its file in the workspace, with forward slashes."""
    slug: str
    number: int | None = None
    former: tuple[str, ...] = ()
    """Its earlier addresses, as written."""


class History:
    """The issues of a publication. It does not change, and remembers what is expensive to compute."""

    def __init__(self, issues: Iterable[PastIssue] = ()) -> None:
        self.issues = {issue.path: issue for issue in issues}
        """All issues by path, including drafts and those without a date."""
        self._rows: dict[str, _Row] = {}
        self._numberings: dict[Line, Numbering] = {}

    def including(self, issue: PastIssue) -> History:
        """The history with `issue` in its current version."""
        return self if self.issues.get(issue.path) == issue else History({**self.issues, issue.path: issue}.values())

    def before(self, issue: PastIssue) -> Past:
        """The issues before `issue`; all issues with a date if it has none.

        If the history has a version of `issue` with another date or number, that version is replaced first. Otherwise
        the old version makes no difference, so one history serves while an issue is being edited.
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
        """All issues, for rules that need only a few facts."""
        return tuple(
            OtherIssue(issue.path, issue.slug, issue.number, tuple(issue.former)) for issue in self.issues.values()
        )

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The numbers of all issues, of any kind and including drafts."""
        return frozenset(issue.number for issue in self.issues.values() if issue.number is not None)


class Numbering:
    """The issues of one kind and language that have a number and a date, in order of their numbers."""

    def __init__(self, issues: Iterable[PastIssue]) -> None:
        out = [issue for issue in issues if issue.number is not None and issue.date and not issue.draft]
        counts = Counter(issue.number for issue in out)
        # FM108 reports two issues with the same number.
        self.issues = sorted((issue for issue in out if counts[issue.number] == 1), key=lambda one: one.number or 0)
        kept = set(longest_in_order([int(issue.moment) for issue in self.issues]))
        self.placed = [issue for at, issue in enumerate(self.issues) if at in kept]
        """The largest set of issues whose dates go up with their numbers."""
        self.misplaced = [issue for at, issue in enumerate(self.issues) if at not in kept]

    def goes_on(self, end: int) -> bool:
        """Whether most of the first `end` placed issues have the next number after the issue before them."""
        steps = [(after.number or 0) - (before.number or 0) for before, after in pairwise(self.placed[:end])]
        return steps.count(1) * 3 > len(steps) * 2


class _Row:
    """The published issues in one language, in order of time, with indexes of their content."""

    def __init__(self, issues: Iterable[PastIssue], language: str) -> None:
        out = (issue for issue in issues if issue.language == language and issue.date and not issue.draft)
        self.issues = sorted(out, key=lambda issue: (issue.order, issue.path))
        self.orders = [issue.order for issue in self.issues]
        self._places: dict[str, Mapping[str, Sequence[int]]] = {}

    @cached_property
    def again(self) -> Mapping[str, Sequence[int]]:
        """For each section, the indexes of the issues with a story in it that an earlier issue had, in any section."""
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
        """The positions of the issues that have each of the `things`. The result is remembered under `name`."""
        if name not in self._places:
            places: dict[str, list[int]] = {}
            for at, issue in enumerate(self.issues):
                for thing in things(issue):
                    places.setdefault(thing, []).append(at)
            self._places[name] = places
        return self._places[name]


@dataclass(frozen=True, slots=True)
class Past:
    """The issues before one issue, always from the oldest to the newest."""

    _row: _Row
    _end: int

    def of_kind(self, kind: str) -> list[PastIssue]:
        """The issues of one kind."""
        return [issue for issue in self._row.issues[: self._end] if issue.kind == kind]

    def with_story(self, address: str) -> list[PastIssue]:
        """The issues with a story with this address (see `same_address`)."""
        return self._with(
            "stories", lambda issue: {key: 0 for inside in issue.stories.values() for key in inside}, address
        )

    def repeats(self, section: str) -> bool:
        """Whether a section repeats stories as a habit, such as open positions: in at least one of ten recent issues."""
        first = max(self._end - LATELY, 0)
        again = [at for at in self._row.again.get(section, ()) if first <= at < self._end]
        with_it = sum(section in issue.sections for issue in self._row.issues[first : self._end])
        return len(again) >= ENOUGH and len(again) * 10 >= with_it

    def with_title(self, title: str) -> list[PastIssue]:
        """The issues with an item with this title (see `normalized`)."""
        return self._with("titles", lambda issue: issue.titles, title)

    def with_picture(self, name: str) -> list[PastIssue]:
        """The issues with this picture (see `pictures_in`)."""
        return self._with("pictures", lambda issue: issue.pictures, name)

    def with_picture_of(self, size: int, size_of: Callable[[str], int]) -> list[PastIssue]:
        """The issues with a picture whose file has `size` bytes. `size_of` returns the size for a picture's name."""
        return self._with("sizes", lambda issue: {str(size_of(name)) for name in issue.pictures}, str(size))

    def with_text(self, name: str, text: str) -> list[PastIssue]:
        """The issues with this text in the field `name` of FIELDS."""
        return self._with(
            "texts", lambda issue: [f"{key} {value}" for key, value in issue.texts.items()], f"{name} {text}"
        )

    def _with(self, name: str, things: Callable[[PastIssue], Iterable[str]], thing: str) -> list[PastIssue]:
        places = self._row.places(name, things).get(thing, ())
        return [self._row.issues[place] for place in places if place < self._end]


Order = tuple[float, int]
"""The position of an issue in time: its date in seconds, then its number."""

_SPACE = re.compile(r"\s+")
_WEB = re.compile(r"https?://(?P<host>[^/?#]+)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
FIELDS = ("title", "subtitle", "summary", "preheader", "subject")
"""Texts of the front matter that are new in each issue."""


@dataclass(frozen=True, slots=True)
class PastIssue:
    """An issue in the form that the history keeps. Lines are counted from 1.

    All values can be stored as JSON without change (so lists, not tuples), and an unchanged issue is equal to the
    stored one.
    """

    path: str
    slug: str
    kind: str
    language: str = ""
    """The language without its region: `en`."""
    number: int | None = None
    date: str = ""
    """The day in ISO 8601; empty if there is none."""
    moment: float = 0.0
    """Date and time in seconds since 1970."""
    draft: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    """Its texts among FIELDS, as `normalized` returns them."""
    fields: Sequence[str] = field(default_factory=list)
    """The names of all fields in its front matter."""
    stories: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By section, the address of each story link (see `stories_in`), as `same_address` returns it, with its line."""
    titles: Mapping[str, int] = field(default_factory=dict)
    """The title of each item, as `normalized` returns it, with its line."""
    pictures: Mapping[str, int] = field(default_factory=dict)
    """Each picture (see `pictures_in`) with its line."""
    sections: Mapping[str, int] = field(default_factory=dict)
    """The key of each section (see `section_key`) with its number of items, for all sections with that key together."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """The heading of each section in this issue, by key."""
    words: int = 0
    former: Sequence[str] = field(default_factory=list)
    """Its earlier addresses, as written."""

    @property
    def order(self) -> Order:
        """Its position in time."""
        return self.moment, self.number or 0

    def line_of(self, address: str) -> int:
        """The line of the story with this address; 0 if there is none."""
        return next((stories[address] for stories in self.stories.values() if address in stories), 0)

    def in_place_of(self, other: PastIssue) -> bool:
        """Whether both have the same language, date, number and draft state."""
        mine = self.language, self.date, self.order, self.draft
        return mine == (other.language, other.date, other.order, other.draft)

    @property
    def called(self) -> str:
        """The name in messages: `number 14 (2024-01-31)`."""
        if self.number is None:
            return self.date or self.path
        return f"number {self.number} ({self.date})" if self.date else f"number {self.number}"


def remember(parts: MatchedSections) -> PastIssue:
    """The issue with these sections, in the form that the history keeps."""
    issue = parts.issue
    stories: dict[str, dict[str, int]] = {}
    headings: dict[str, str] = {}
    titles: dict[str, int] = {}
    sections: dict[str, int] = {}
    for section, found, inside in zip(issue.sections, parts.matched, parts.items, strict=True):
        key = section_key(section, found)
        if key != UNASKED:
            sections[key] = sections.get(key, 0) + len(inside)
            headings[key] = plain_text(section.title) or key
        for story in stories_in(section, found, inside, parts.house):
            stories.setdefault(key, {}).setdefault(same_address(story.href), story.span.line)
        for item in inside:
            titles.setdefault(normalized(plain_text(item.title)), item.title_span.line)
    moment = _moment(issue)
    return PastIssue(
        path=issue.path,
        slug=issue.slug,
        kind=issue.kind,
        # Two editions in one language are rare; translations are common.
        language=primary_language(issue.language),
        number=issue.number,
        date=moment.date().isoformat() if moment else "",
        moment=moment.timestamp() if moment else 0.0,
        draft=issue.draft,
        texts={name: normalized(text) for name in FIELDS if (text := getattr(issue, name))},
        fields=[name for name, value in issue.front.values.items() if value not in (None, "", [])],
        stories=stories,
        titles=titles,
        pictures={name: span.line for name, span in reversed([*pictures_in(issue)])},
        sections=sections,
        headings=headings,
        words=words_in_issue(issue),
        former=former_addresses(issue.front),
    )


def _moment(issue: Issue) -> datetime | None:
    """Its date; if it has none, the date at the beginning of its name, as for eras."""
    day = None if issue.date else dated_name(file_stem(issue.path))
    return datetime.combine(day, time(), UTC) if day else issue.date


def normalized(text: str) -> str:
    """A text in the form in which texts are compared: without regard to case and white space."""
    return _SPACE.sub(" ", text).strip().casefold()


def same_address(href: str) -> str:
    """A key that is the same for addresses of one page.

    Scheme, `www.`, a slash at the end and tracking parameters are ignored.
    """
    found = _WEB.fullmatch(href)
    if not found:
        return href
    host, rest = found["host"].lower().removeprefix("www."), found["rest"].partition("#:~:")[0]
    if "=" in rest:
        rest = without_tracking(rest, host, rest.partition("?")[0])
    return host + rest.rstrip("/").removesuffix("#")


UNASKED = "---"
"""The key of text after a `---` that the house format has no key for. Other issues need not have such text."""


def section_key(section: Section, found: SectionFormat | None) -> str:
    """The key of a section in all issues: from the house format, else its heading without digits."""
    if found is not None and not found.free:
        return found.key
    if section.opener is not Opener.HEADING:
        return UNASKED
    return "## " + normalized(re.sub(r"\d+", "", plain_text(section.title)))


def stories_in(
    section: Section, found: SectionFormat | None, items: Iterable[Item], house: HouseFormat
) -> Iterator[Link]:
    """The web links that are the subject of a section: in the titles of its items, and at the beginning of bullets.

    Other links are left out, and so are sections in which the house format allows repeated addresses.
    """
    if found is not None and found.key in house.links.repeats:
        return
    links = [item.link for item in items]
    if found is None or found.items is None:
        links += [item.link for item in items_of(section, ItemShape.BULLET) if item.title[:1] == (item.link,)]
    yield from (link for link in links if link is not None and _WEB.match(link.href) and "{{" not in link.href)


def pictures_in(issue: Issue) -> Iterator[tuple[str, Span]]:
    """The pictures of an issue with their places: by `//` and address, or by the path of the file in the workspace."""
    folder = posixpath.dirname(issue.path)
    if issue.cover is not None:
        yield _picture(issue.cover.src, folder), issue.cover.span
    for image in images_in(issue):
        yield _picture(image.src, folder), image.span


def _picture(src: str, folder: str) -> str:
    local = posixpath.normpath(f"{folder}/{unquote(src.partition('?')[0])}")
    return local if is_local(src) else f"//{same_address(src)}"


def to_plain(issue: PastIssue) -> list[Any]:
    """An issue as JSON values."""
    return [getattr(issue, name) for name in PastIssue.__slots__]


def from_plain(values: Sequence[Any]) -> PastIssue:
    """The inverse of `to_plain`."""
    return PastIssue(*values)
