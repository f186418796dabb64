"""Issue + house format + publication -> Letter: the parts in the order that readers meet them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.editions import OUTPUTS, Readers, blocks_for
from newsletter.records import dataclass
from newsletter.render.audiences import shown_of, whole_of
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
    from collections.abc import Callable, Iterator, Mapping

    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.model import ImageFile, Issue, Item
    from newsletter.render.audiences import Shown, Whole
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


Files = tuple["Mapping[str, ImageFile]", "Mapping[str, str]"]
"""The pictures and the attachments of an issue, by their address as written."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a letter is laid out with, besides the issue."""

    house: HouseFormat
    publication: Publication
    language: Language
    files: Callable[[Issue], Files]
    """Gives those of what some readers get of the issue."""
    previous: Neighbour | None = None
    following: Neighbour | None = None
    picture_base: str | None = None
    """What stands before the name of each picture in the e-mail; by default the address of the web page."""


def compose(issue: Issue, around: Surroundings, *, paid: bool = False) -> Letter:
    """The letter of an issue for paying readers or the others, with its variants where the outputs differ."""
    whole = whole_of(issue, around.house, around.publication, around.language)
    letter = _laid_out(whole, Readers(paid), around)
    if not whole.limited:
        return letter
    variants = {output: _variant(letter, whole, Readers(paid, output), around) for output in OUTPUTS}
    return replace(letter, variants=variants)


def _variant(letter: Letter, whole: Whole, readers: Readers, around: Surroundings) -> Letter:
    """The letter for `readers`; where only standing matter differs, all that was worked out of the issue stays."""
    if not whole.written_for_all:
        return _laid_out(whole, readers, around)
    shown = shown_of(whole, readers, around.publication, around.language)
    return replace(letter, parts=tuple(_parts(shown, _standing_for(whole, readers), around)))


def _laid_out(whole: Whole, readers: Readers, around: Surroundings) -> Letter:
    publication, language = around.publication, around.language
    shown = shown_of(whole, readers, publication, language)
    issue = shown.issue
    images, attachments = around.files(issue)
    address = page_url(publication, issue.slug)
    return Letter(
        issue=issue,
        publication=publication,
        house=around.house,
        language=language,
        parts=tuple(_parts(shown, _standing_for(whole, readers), around)),
        footnotes=issue.footnotes,
        subject=issue.subject or issue.title,
        preheader=issue.preheader or issue.summary,
        page_url=address,
        date_text=language.long_date(issue.date) if issue.date else "",
        minutes=reading_minutes(issue),
        byline=byline(issue, publication),
        images=images,
        attachments=attachments,
        previous=around.previous,
        following=around.following,
        picture_base=address if around.picture_base is None else around.picture_base,
        edition=("paid" if readers.pay else "free") if whole.editions else "",
    )


def _standing_for(whole: Whole, readers: Readers) -> Mapping[str, tuple[Standing, ...]]:
    """Standing matter as `readers` get it; what is empty for them goes."""
    if not whole.limited:
        return whole.standing
    sifted = {
        place: [replace(one, blocks=blocks_for(one.blocks, readers)) for one in several]
        for place, several in whole.standing.items()
    }
    return {place: tuple(one for one in several if one.blocks) for place, several in sifted.items()}


def _parts(shown: Shown, standing: Mapping[str, tuple[Standing, ...]], around: Surroundings) -> Iterator[Part]:
    issue, house = shown.issue, around.house
    yield from standing.get("start", ())
    if issue.opening:
        yield Opening(issue.opening)
    yield from standing.get("after-opening", ())
    if house.contents:
        entries = tuple(entry for section in issue.sections for entry in _entries(section.items))
        if entries:
            yield Contents(entries, heading=around.language.say("topics"))
    formats = tuple(zip(issue.sections, shown.matched, strict=True))
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
    authors = byline(issue, around.publication)
    if house.author_box and any(author.bio or author.picture for author in authors):
        yield AuthorBox(authors)


def _section_contents(items: tuple[Item, ...], form: SectionFormat | None) -> Contents | None:
    entries = tuple(_entries(items)) if form and form.contents else ()
    return Contents(entries) if entries else None


def _entries(items: tuple[Item, ...]) -> Iterator[ContentsEntry]:
    return (ContentsEntry(item.title, item.anchor, item.number) for item in items if item.anchor and item.title)
