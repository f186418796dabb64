"""The parts of a letter as the templates of the web page see them: HTML ready to be set, and facts about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from markupsafe import Markup

from newsletter.model import Figure
from newsletter.records import dataclass
from newsletter.render.letter import AuthorBox, Contents, Letter, Opening, SectionPart, Standing, of_publication
from newsletter.render.markup import is_safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model import Block, ImageFile, Item
    from newsletter.render.prose import Prose


@dataclass(frozen=True, slots=True)
class ProseView:
    """The opening, or standing matter under its name."""

    html: Markup
    name: str = ""
    kind: ClassVar[str] = "prose"


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of a contents list."""

    title: Markup
    anchor: str
    number: int | None


@dataclass(frozen=True, slots=True)
class ContentsView:
    """A contents list; `heading` is empty inside a section."""

    heading: str
    entries: tuple[EntryView, ...]
    kind: ClassVar[str] = "contents"


@dataclass(frozen=True, slots=True)
class ItemView:
    """A story. `figure` is set where the picture stands beside the text, and is not in `html` then."""

    title: Markup
    html: Markup
    anchor: str
    number: int | None = None
    look: str = ""
    figure: Markup | None = None


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section; `html` is what stands before its items."""

    title: Markup
    html: Markup
    anchor: str
    key: str = ""
    look: str = ""
    figure: Markup | None = None
    contents: ContentsView | None = None
    items: tuple[ItemView, ...] = ()
    kind: ClassVar[str] = "section"


@dataclass(frozen=True, slots=True)
class AuthorView:
    """An author in the box at the end."""

    name: str
    url: str
    bio: str
    portrait: ImageFile | None
    """Stands beside the page."""


@dataclass(frozen=True, slots=True)
class AuthorsView:
    """The box of authors."""

    authors: tuple[AuthorView, ...]
    kind: ClassVar[str] = "authors"


PartView = ProseView | ContentsView | SectionView | AuthorsView


def part_views(letter: Letter, prose: Prose) -> tuple[PartView, ...]:
    """The parts in their order, without those that have nothing to show on the web."""
    return tuple(_views(letter, prose))


def _views(letter: Letter, prose: Prose) -> Iterator[PartView]:
    for part in letter.parts:
        if isinstance(part, (Opening, Standing)):
            html = prose.blocks(part.blocks)
            if html:
                yield ProseView(_safe(html), part.name if isinstance(part, Standing) else "opening")
        elif isinstance(part, Contents):
            yield _contents(part, prose)
        elif isinstance(part, SectionPart):
            view = _section(part, prose)
            if view.html or view.items or view.figure or not part.section.blocks:
                yield view
        elif isinstance(part, AuthorBox):
            yield AuthorsView(
                tuple(
                    AuthorView(
                        author.name,
                        author.url if is_safe(author.url) else "",
                        author.bio,
                        letter.images.get(of_publication(author.picture)),
                    )
                    for author in part.authors
                )
            )


def _contents(contents: Contents, prose: Prose) -> ContentsView:
    entries = (EntryView(_safe(prose.label(entry.title)), entry.anchor, entry.number) for entry in contents.entries)
    return ContentsView(contents.heading, tuple(entries))


def _section(part: SectionPart, prose: Prose) -> SectionView:
    section, form = part.section, part.format
    look = form.look if form else ""
    last = len(section.items) - 1
    items = []
    for index, item in enumerate(section.items):
        shape = form.items if form else None
        if shape and index == last:
            shape = shape.last or shape
        items.append(_item(item, look if look == "recommendation" else shape.look if shape else "", prose))
    figure, html = _beside(section.blocks, look, prose)
    return SectionView(
        title=_safe(prose.line(section.title)),
        html=html,
        anchor=section.anchor,
        key=form.key if form else "",
        look=look,
        figure=figure,
        contents=_contents(part.contents, prose) if part.contents else None,
        items=tuple(items),
    )


def _item(item: Item, look: str, prose: Prose) -> ItemView:
    title = _safe(prose.line(item.title, "title"))
    figure, html = _beside(item.blocks, look, prose)
    return ItemView(title, html, item.anchor, item.number, look, figure)


def _beside(blocks: Sequence[Block], look: str, prose: Prose) -> tuple[Markup | None, Markup]:
    """The first figure where it stands beside the text (a book's cover), and the rest."""
    if look == "recommendation":
        for index, block in enumerate(blocks):
            if isinstance(block, Figure):
                rest = (*blocks[:index], *blocks[index + 1 :])
                return _safe(prose.block(block)), _safe(prose.blocks(rest))
    return None, _safe(prose.blocks(blocks))


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 (written by Prose, which escapes)
