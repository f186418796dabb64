"""Issue + house format + publication -> Letter: the parts in the order that readers meet them."""

from __future__ import annotations

import posixpath
from dataclasses import field, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from newsletter.blocks.leading import lead_link
from newsletter.blocks.sponsors import NAME as SPONSOR
from newsletter.blocks.sponsors import sponsor_places
from newsletter.config.publication import Author
from newsletter.editions import (
    OUTPUTS,
    Limit,
    Readers,
    blocks_for,
    edition_of,
    has_limits,
    is_for_some_readers,
    limits_in,
)
from newsletter.house.match import limits_of, match_sections
from newsletter.house.snippets import expand
from newsletter.markdown.fields import at_fallbacks
from newsletter.markdown.parse import parse_fragment
from newsletter.model import Directive, Image, Link, Opener, Paragraph, Text
from newsletter.names import goes_out, in_address
from newsletter.pictures import is_local
from newsletter.records import dataclass
from newsletter.render.contents import contents_heading, contents_of
from newsletter.render.directives.toc import has_toc, with_contents
from newsletter.render.letter import AuthorBox, Contents, Letter, Opening, Part, SectionPart, Standing, of_publication
from newsletter.render.sponsors import with_sponsors
from newsletter.walk import images_in, links_in, walk_blocks, words_in_issue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from newsletter.config.publication import Publication
    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.model import Block, ImageFile, Issue, ReadingOptions, Section
    from newsletter.render.letter import Neighbour

    Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class Whole:
    """All of an issue, for all readers together."""

    issue: Issue
    matched: tuple[SectionFormat | None, ...]
    """The house format's entry for each section."""
    limits: tuple[Limit | None, ...]
    """For each section, the readers to which the house format limits it."""
    standing: Mapping[str, tuple[Standing, ...]]
    """Standing matter by its place."""
    written_for_all: bool
    """Whether everybody gets the whole text of the issue in every output, as in most issues."""
    limited: bool
    """Whether any part of it or of its standing matter is limited to some readers or outputs."""
    editions: bool
    """Whether paying readers get different content."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of an issue that some readers get."""

    issue: Issue
    matched: tuple[SectionFormat | None, ...]


def whole_of(
    issue: Issue,
    house: HouseFormat,
    publication: Publication,
    language: Language,
    matched: tuple[SectionFormat | None, ...] | None = None,
) -> Whole:
    """The whole of `issue`; `matched` is the house format's entry for each section, if known."""
    matched = match_sections(issue, house, language) if matched is None else matched
    limits = limits_of(issue, matched)
    standing = _standing(issue, house, publication, language)
    of_standing = [
        limit for several in standing.values() for one in several for limit in limits_in(walk_blocks(one.blocks))
    ]
    for_all = not has_limits(issue, limits)
    return Whole(
        issue,
        matched,
        limits,
        standing,
        written_for_all=for_all,
        limited=bool(of_standing) or not for_all,
        editions=any(limit.named for limit in of_standing) or (not for_all and is_for_some_readers(issue, limits)),
    )


def shown_of(whole: Whole, readers: Readers, publication: Publication, language: Language) -> Shown:
    """The part of an issue that `readers` get; the same object if they get all of it."""
    if whole.written_for_all:
        return Shown(whole.issue, whole.matched)
    edition = edition_of(whole.issue, readers, whole.limits, lambda wall: (call_to_pay(wall, publication, language),))
    return Shown(edition.issue, tuple(whole.matched[index] for index in edition.kept))


def call_to_pay(wall: Directive, publication: Publication, language: Language) -> Directive:
    """The text in place of a paywall for free readers: what they miss, and how to become a paying reader.

    Text after `::: paywall` replaces the fixed text; a link in it is the target of the button.
    """
    link = lead_link(wall)
    words = language.words
    inlines = wall.argument if wall.argument and link is None else (Text(words["rest_for_paying"]),)
    address = publication.subscribe_url
    label = link or (Link(address, (Text(words["become_paying"]),)) if address else None)
    button = (Directive("button", (label,), span=wall.span),) if label else ()
    return Directive("callout", blocks=(Paragraph(inlines, wall.span), *button), span=wall.span)


def _standing(
    issue: Issue, house: HouseFormat, publication: Publication, language: Language
) -> dict[str, tuple[Standing, ...]]:
    places: dict[str, tuple[Standing, ...]] = {}
    for matter in house.standing:
        text = expand(matter, issue, publication, language)
        if text:
            one = Standing(matter.snippet, _fragment(text, matter.path, house.reading), matter.path)
            places[matter.place] = (*places.get(matter.place, ()), one)
    return places


@lru_cache(maxsize=64)
def _fragment(text: str, path: str, options: ReadingOptions) -> tuple[Block, ...]:
    # Most snippets are the same for every issue: a build of many issues reads each snippet once.
    return with_shared_files(parse_fragment(text, path, options)[0], path.rpartition("/")[0])


def with_shared_files(blocks: tuple[Block, ...], folder: str) -> tuple[Block, ...]:
    """The blocks of a snippet in `folder`, relative to the workspace, with its own files named from the workspace.

    These are its pictures, and the files beside it that it links to. Addresses that lead out of the workspace stay as
    they are written; a check reports them.
    """
    named = any(is_local(image.src) for image in images_in(blocks)) or any(
        goes_out(link.href) for link in links_in(blocks)
    )
    return _moved(blocks, folder) if named and not folder.startswith("/") else blocks


def _moved(part: Node, folder: str) -> Node:
    if isinstance(part, tuple):
        return type(part)(_moved(each, folder) for each in part)
    if isinstance(part, Image):
        path = posixpath.normpath(posixpath.join(folder, part.src))
        inside = is_local(part.src) and not path.startswith("../") and "{{" not in part.src
        return replace(part, src=of_publication(path)) if inside else part
    if isinstance(part, Link) and goes_out(part.href):
        part = replace(part, href=of_publication(posixpath.join(folder, part.href)))
    if not hasattr(part, "__match_args__"):
        return part
    changed = {
        one.name: moved
        for one in fields(part)  # type: ignore[arg-type]
        if isinstance(value := getattr(part, one.name), tuple) or hasattr(value, "__match_args__")
        if (moved := _moved(value, folder)) != value
    }
    return replace(part, **changed) if changed else part  # type: ignore[type-var]


WORDS_A_MINUTE = 220
"""Reading speed on a screen, in words: studies of silent reading give 200 to 240."""
CHARACTERS_A_MINUTE = 500
"""The reading speed in Chinese and Japanese, in which each character counts as a word."""


def page_url(publication: Publication, slug: str) -> str:
    """The absolute address of an issue's web page; ends in "/"."""
    return f"{publication.url}{in_address(slug)}/"


def reading_minutes(issue: Issue) -> int:
    """Minutes to read the whole issue, at least 1."""
    by_character = issue.language.lower().startswith(("zh", "ja"))
    return max(1, round(words_in_issue(issue) / (CHARACTERS_A_MINUTE if by_character else WORDS_A_MINUTE)))


def byline(issue: Issue, publication: Publication) -> tuple[Author, ...]:
    """The issue's authors as in newsletter.yaml; an unknown name is used as written."""
    return tuple(publication.authors.get(key) or Author(key=key, name=key) for key in issue.authors)


Files = tuple["Mapping[str, ImageFile]", "Mapping[str, str]"]
"""The pictures and the attachments of an issue, by their address as written."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The data besides the issue that laying out a letter needs."""

    house: HouseFormat
    publication: Publication
    language: Language
    files: Callable[[Issue, Sequence[Block]], Files]
    """Returns the files of the given blocks of the issue and of standing matter."""
    previous: Neighbour | None = None
    following: Neighbour | None = None
    picture_base: str | None = None
    """The prefix of each picture's name in the email; by default the address of the web page."""
    slugs: Mapping[str, str] = field(default_factory=dict)
    """The slugs of other issues, as in the letter."""
    lapsed: Collection[str] = ()
    """The sponsors that the web page no longer shows."""


def compose(whole: Whole, around: Surroundings, *, paid: bool = False) -> Letter:
    """The letter of an issue for paying readers or the others, with its variants if the outputs differ."""
    letter = _laid_out(whole, Readers(paid), around)
    if not whole.limited:
        return letter
    variants = {output: _variant(letter, whole, Readers(paid, output), around) for output in OUTPUTS}
    return replace(letter, variants=variants)


def _variant(letter: Letter, whole: Whole, readers: Readers, around: Surroundings) -> Letter:
    """The letter for `readers`; if only standing matter differs, all that was computed for the issue is reused."""
    if not whole.written_for_all:
        return _laid_out(whole, readers, around)
    shown, standing = shown_of(whole, readers, around.publication, around.language), _standing_for(whole, readers)
    images, attachments = around.files(shown.issue, blocks_of(standing))
    return replace(letter, parts=_all_parts(shown, standing, around), images=images, attachments=attachments)


def _laid_out(whole: Whole, readers: Readers, around: Surroundings) -> Letter:
    publication, language = around.publication, around.language
    shown = shown_of(whole, readers, publication, language)
    issue = shown.issue
    standing = _standing_for(whole, readers)
    images, attachments = around.files(issue, blocks_of(standing))
    address = page_url(publication, issue.slug)
    return Letter(
        issue=replace(issue, summary=summary_of(issue, publication)) if "summary" in issue.personal else issue,
        publication=publication,
        house=around.house,
        language=language,
        parts=_all_parts(shown, standing, around),
        footnotes=issue.footnotes,
        subject=issue.personal.get("subject") or issue.subject or issue.title,
        preheader=_in_front(issue, "preheader") or _in_front(issue, "summary"),
        page_url=address,
        date_text=language.long_date(issue.date) if issue.date else "",
        minutes=reading_minutes(issue),
        byline=byline(issue, publication),
        images=images,
        attachments=attachments,
        slugs=around.slugs,
        previous=around.previous,
        following=around.following,
        picture_base=address if around.picture_base is None else around.picture_base,
        edition=("paid" if readers.pay else "free") if whole.editions else "",
    )


def _in_front(issue: Issue, key: str) -> str:
    """A text of the front matter, with personal fields as placeholders."""
    return issue.personal.get(key) or str(getattr(issue, key))


def summary_of(issue: Issue, publication: Publication) -> str:
    """The summary for all readers: personal fields without a fallback get the publication's."""
    return at_fallbacks(_in_front(issue, "summary"), publication.personal_fields)


def standing_of(whole: Whole, readers: Readers) -> tuple[Block, ...]:
    """All blocks of standing matter that `readers` get."""
    return blocks_of(_standing_for(whole, readers))


def blocks_of(standing: Mapping[str, tuple[Standing, ...]]) -> tuple[Block, ...]:
    """The blocks of standing matter at all its places."""
    return tuple(block for several in standing.values() for one in several for block in one.blocks)


def _standing_for(whole: Whole, readers: Readers) -> Mapping[str, tuple[Standing, ...]]:
    """Standing matter for `readers`, without empty entries."""
    if not whole.limited:
        return whole.standing
    sifted = {
        place: [replace(one, blocks=blocks_for(one.blocks, readers)) for one in several]
        for place, several in whole.standing.items()
    }
    return {place: tuple(one for one in several if one.blocks) for place, several in sifted.items()}


def _all_parts(shown: Shown, standing: Mapping[str, tuple[Standing, ...]], around: Surroundings) -> tuple[Part, ...]:
    """All parts, with their sponsor places filled."""
    parts, issue = tuple(_parts(shown, standing, around)), shown.issue
    placed = any(opened.name == SPONSOR for opened in issue.opened)
    if not placed and not any(sponsor_places(one.blocks) for several in standing.values() for one in several):
        return parts
    return with_sponsors(parts, issue, around.publication.sponsors, around.lapsed)


def _parts(shown: Shown, standing: Mapping[str, tuple[Standing, ...]], around: Surroundings) -> Iterator[Part]:
    issue, house = shown.issue, around.house
    placed = has_toc(issue)
    if placed:
        issue = _with_toc(issue, house)
    yield from standing.get("start", ())
    if issue.opening:
        yield Opening(issue.opening)
    yield from standing.get("after-opening", ())
    if house.contents and not placed:
        entries = contents_of(issue.sections, house.contents_of)
        if entries:
            heading = contents_heading(house.contents_heading, issue, around.language)
            yield Contents(entries, heading=heading or around.language.say("topics"))
    formats = tuple(zip(issue.sections, shown.matched, strict=True))
    belongs = tuple(_belonging(formats))
    for index, ((section, form), key) in enumerate(zip(formats, belongs, strict=True)):
        if key and key not in belongs[:index]:
            yield from standing.get(f"before:{key}", ())
        yield SectionPart(section, form, _section_contents(section, form, issue, around.language))
        if key and key not in belongs[index + 1 :]:
            yield from standing.get(f"after:{key}", ())
    yield from standing.get("end", ())
    authors = byline(issue, around.publication)
    if house.author_box and any(author.bio or author.picture for author in authors):
        yield AuthorBox(authors)


def _with_toc(issue: Issue, house: HouseFormat) -> Issue:
    """The issue with the entries of `::: toc`: as in the house format's list, or its sections."""
    entries = contents_of(issue.sections, house.contents_of) or contents_of(issue.sections, "sections")

    def filled(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return with_contents(blocks, entries)

    sections = [
        replace(
            section,
            blocks=filled(section.blocks),
            items=tuple(replace(item, blocks=filled(item.blocks)) for item in section.items),
        )
        for section in issue.sections
    ]
    return replace(issue, opening=filled(issue.opening), sections=tuple(sections))


def _belonging(formats: Iterable[tuple[Section, SectionFormat | None]]) -> Iterator[str]:
    """The key of each section for standing matter; a part after `---` without a key belongs to the section above."""
    above = ""
    for section, form in formats:
        above = form.key if form else above if section.opener is Opener.RULE else ""
        yield above


def _section_contents(
    section: Section, form: SectionFormat | None, issue: Issue, language: Language
) -> Contents | None:
    entries = contents_of((section,), form.contents_of) if form and form.contents else ()
    return Contents(entries, contents_heading(form.contents_heading, issue, language)) if form and entries else None
