"""Issue + house format + publication -> Letter: the parts in the order that readers meet them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.house.match import match_sections
from newsletter.house.standing import expand
from newsletter.issue.parse import parse_fragment
from newsletter.render.letter import (
    AuthorBox,
    Contents,
    ContentsEntry,
    Letter,
    Opening,
    Part,
    SectionPart,
    Standing,
)
from newsletter.walk import words_in_issue
from newsletter.workspace import Author

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.model import Block, ImageFile, Issue, Item, ReadingOptions
    from newsletter.render.letter import Neighbour
    from newsletter.workspace import Publication

WORDS_A_MINUTE = 220
"""How fast people read prose on a screen: between the 200 and 240 that studies of silent reading give."""
CHARACTERS_A_MINUTE = 500
"""The same for Chinese and Japanese, where each character is counted as a word."""


def page_url(publication: Publication, slug: str) -> str:
    """The absolute address of an issue's web page; ends in "/"."""
    return f"{publication.url}{slug}/"


def reading_minutes(issue: Issue) -> int:
    """Minutes to read the whole issue, at least 1."""
    by_character = issue.language.lower().startswith(("zh", "ja"))
    return max(1, round(words_in_issue(issue) / (CHARACTERS_A_MINUTE if by_character else WORDS_A_MINUTE)))


def byline(issue: Issue, publication: Publication) -> tuple[Author, ...]:
    """The issue's authors as the publication knows them; a name that it does not know stands for itself."""
    return tuple(publication.authors.get(key) or Author(key=key, name=key) for key in issue.authors)


def compose(
    issue: Issue,
    house: HouseFormat,
    publication: Publication,
    language: Language,
    *,
    images: Mapping[str, ImageFile],
    attachments: Mapping[str, str],
    previous: Neighbour | None = None,
    following: Neighbour | None = None,
    picture_base: str | None = None,
) -> Letter:
    """The letter of an issue.

    `picture_base` stands before the name of each picture in the e-mail; by default the address of the web page.
    """
    address = page_url(publication, issue.slug)
    return Letter(
        issue=issue,
        publication=publication,
        house=house,
        language=language,
        parts=tuple(_parts(issue, house, publication, language)),
        footnotes=issue.footnotes,
        subject=issue.subject or issue.title,
        preheader=issue.preheader or issue.summary,
        page_url=address,
        date_text=language.long_date(issue.date) if issue.date else "",
        minutes=reading_minutes(issue),
        byline=byline(issue, publication),
        images=images,
        attachments=attachments,
        previous=previous,
        following=following,
        picture_base=address if picture_base is None else picture_base,
    )


def _parts(issue: Issue, house: HouseFormat, publication: Publication, language: Language) -> Iterator[Part]:
    standing = _standing_by_place(issue, house, publication, language)
    yield from standing.get("start", ())
    if issue.opening:
        yield Opening(issue.opening)
    yield from standing.get("after-opening", ())
    matched = match_sections(issue, house, language)
    if house.contents:
        entries = tuple(entry for section in issue.sections for entry in _entries(section.items))
        if entries:
            yield Contents(entries, heading=language.say("topics"))
    formats = tuple(zip(issue.sections, matched, strict=True))
    for index, (section, form) in enumerate(formats):
        key = form.key if form else ""
        first = key and all(before is not form for _, before in formats[:index])
        last = key and all(after is not form for _, after in formats[index + 1 :])
        if first:
            yield from standing.get(f"before:{key}", ())
        yield SectionPart(section, form, _section_contents(section.items, form))
        if last:
            yield from standing.get(f"after:{key}", ())
    yield from standing.get("end", ())
    authors = byline(issue, publication)
    if house.author_box and any(author.bio or author.picture for author in authors):
        yield AuthorBox(authors)


def _section_contents(items: tuple[Item, ...], form: SectionFormat | None) -> Contents | None:
    if form is None or not form.contents or not items:
        return None
    return Contents(tuple(_entries(items)))


def _entries(items: tuple[Item, ...]) -> Iterator[ContentsEntry]:
    return (ContentsEntry(item.title, item.anchor, item.number) for item in items if item.anchor)


def _standing_by_place(
    issue: Issue, house: HouseFormat, publication: Publication, language: Language
) -> dict[str, list[Standing]]:
    places: dict[str, list[Standing]] = {}
    for matter in house.standing:
        text = expand(matter, issue, publication, language)
        if text:
            blocks = _fragment(text, matter.path, house.reading)
            places.setdefault(matter.place, []).append(Standing(matter.snippet, blocks, matter.path))
    return places


@lru_cache(maxsize=64)
def _fragment(text: str, path: str, options: ReadingOptions) -> tuple[Block, ...]:
    # Most snippets come out the same for every issue: a build of many reads each once.
    return parse_fragment(text, path, options)[0]
