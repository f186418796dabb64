"""What is remembered of an issue for those that come after it: small plain values, and how they are compared."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newsletter.check.identity import file_stem
from newsletter.check.links_tracking import without_tracking
from newsletter.house.naming import dated_name
from newsletter.issue.items import items_of
from newsletter.model import Issue, ItemShape, Link
from newsletter.pictures import is_local
from newsletter.records import dataclass
from newsletter.walk import images_in, plain_text, words_in_issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.model import Item, Section, Span

Order = tuple[float, int]
"""When an issue came: its moment in seconds, then its number."""

_SPACE = re.compile(r"\s+")
_WEB = re.compile(r"https?://(?P<host>[^/?#]+)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
FIELDS = ("title", "subtitle", "summary", "preheader", "subject")
"""Texts of the front matter that are written anew for each issue."""


@dataclass(frozen=True, slots=True)
class PastIssue:
    """What is remembered of an issue. Lines count from 1.

    All in it are values that JSON gives back as they were (so lists, and no tuples): an issue that did not change is equal to
    what is remembered of it.
    """

    path: str
    slug: str
    kind: str
    language: str = ""
    """The language alone, without its region: `en`."""
    number: int | None = None
    date: str = ""
    """ISO 8601, the day; empty where the issue has none."""
    moment: float = 0.0
    """Seconds since 1970 of its date and time."""
    draft: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    """Those of FIELDS that it has, as `said` has them."""
    fields: Sequence[str] = field(default_factory=list)
    """All names in its front matter."""
    stories: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By section, the address of each link that is a story (see `stories_in`), as `same_address` has it, and its line."""
    titles: Mapping[str, int] = field(default_factory=dict)
    """The title of each item, as `said` has it, and its line."""
    pictures: Mapping[str, int] = field(default_factory=dict)
    """Each picture (see `pictures_in`), and its line."""
    sections: Mapping[str, int] = field(default_factory=dict)
    """The key (see `section_key`) of each section, and how many items it has; all that share it together."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """By key, how the section is headed here."""
    words: int = 0

    @property
    def order(self) -> Order:
        """Its place in time."""
        return self.moment, self.number or 0

    def line_of(self, address: str) -> int:
        """Where the story of this address is; 0 where there is none."""
        return next((stories[address] for stories in self.stories.values() if address in stories), 0)

    def in_place_of(self, other: PastIssue) -> bool:
        """Whether it stands at the same place among the issues that came out."""
        mine = self.language, self.date, self.order, self.draft
        return mine == (other.language, other.date, other.order, other.draft)

    @property
    def called(self) -> str:
        """For messages: `number 14 (2024-01-31)`."""
        if self.number is None:
            return self.date or self.path
        return f"number {self.number} ({self.date})" if self.date else f"number {self.number}"


def remember(
    issue: Issue, house: HouseFormat, matched: Sequence[SectionFormat | None], items: Sequence[Sequence[Item]]
) -> PastIssue:
    """`issue` as later ones will see it; `matched` and `items` are what each of its sections is and has."""
    stories: dict[str, dict[str, int]] = {}
    headings: dict[str, str] = {}
    titles: dict[str, int] = {}
    sections: dict[str, int] = {}
    for section, found, inside in zip(issue.sections, matched, items, strict=True):
        key = section_key(section, found)
        sections[key] = sections.get(key, 0) + len(inside)
        headings[key] = plain_text(section.title)
        for story in stories_in(section, found, inside, house):
            stories.setdefault(key, {}).setdefault(same_address(story.href), story.span.line)
        for item in inside:
            titles.setdefault(said(plain_text(item.title)), item.title_span.line)
    moment = _moment(issue)
    return PastIssue(
        path=issue.path,
        slug=issue.slug,
        kind=issue.kind,
        language=primary_language(issue.language),
        number=issue.number,
        date=moment.date().isoformat() if moment else "",
        moment=moment.timestamp() if moment else 0.0,
        draft=issue.draft,
        texts={name: said(text) for name in FIELDS if (text := getattr(issue, name))},
        fields=[name for name, value in issue.front.values.items() if value not in (None, "", [])],
        stories=stories,
        titles=titles,
        pictures={name: span.line for name, span in reversed([*pictures_in(issue)])},
        sections=sections,
        headings=headings,
        words=words_in_issue(issue),
    )


def _moment(issue: Issue) -> datetime | None:
    """When it came out: its date, else that with which its name begins, as eras have it."""
    day = None if issue.date else dated_name(file_stem(issue.path))
    return datetime.combine(day, time(), UTC) if day else issue.date


def primary_language(language: str) -> str:
    """`pt` of `pt-BR`: two editions of one letter in one language are few, translations are many."""
    return language.partition("-")[0].lower()


def said(text: str) -> str:
    """A text as it is compared: whatever its case and white space."""
    return _SPACE.sub(" ", text).strip().casefold()


def same_address(href: str) -> str:
    """What two addresses share that lead to one page: whatever the scheme, `www.`, a slash at the end, tracking."""
    found = _WEB.fullmatch(href)
    if not found:
        return href
    host, rest = found["host"].lower().removeprefix("www."), found["rest"].partition("#:~:")[0]
    if "=" in rest:
        rest = without_tracking(rest, host, rest.partition("?")[0])
    return host + rest.rstrip("/").removesuffix("#")


def section_key(section: Section, found: SectionFormat | None) -> str:
    """What a section is called from issue to issue: by the house format, else by its heading without its digits."""
    if found is not None and found.headings:
        return found.key
    return "## " + said(re.sub(r"\d+", "", plain_text(section.title)))


def stories_in(
    section: Section, found: SectionFormat | None, items: Iterable[Item], house: HouseFormat
) -> Iterator[Link]:
    """The links on the web that a section is about, not those in passing: its items' titles, and links that open bullets.

    Sections in which the house format lets addresses repeat have none.
    """
    if found is not None and found.key in house.links.repeats:
        return
    links = [item.link for item in items]
    if found is None or found.items is None:
        links += [item.link for item in items_of(section, ItemShape.BULLET) if item.title[:1] == (item.link,)]
    yield from (link for link in links if link is not None and _WEB.match(link.href) and "{{" not in link.href)


def pictures_in(issue: Issue) -> Iterator[tuple[str, Span]]:
    """The pictures of an issue and where they stand: by `//` and address, or by the file's path in the workspace."""
    folder = posixpath.dirname(issue.path)
    if issue.cover is not None:
        yield _picture(issue.cover.src, folder), issue.cover.span
    for image in images_in(issue):
        yield _picture(image.src, folder), image.span


def _picture(src: str, folder: str) -> str:
    local = posixpath.normpath(f"{folder}/{unquote(src.partition('?')[0])}")
    return local if is_local(src) else f"//{same_address(src)}"


def to_plain(issue: PastIssue) -> list[Any]:
    """An issue as JSON holds it."""
    return [getattr(issue, name) for name in PastIssue.__slots__]


def from_plain(values: Sequence[Any]) -> PastIssue:
    """What `to_plain` made."""
    return PastIssue(*values)
