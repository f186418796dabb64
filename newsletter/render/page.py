"""The web page of an issue: semantic HTML that needs no script, from the templates in templates/theme/page/."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, ClassVar

from markupsafe import Markup

from newsletter.files import is_there, read_text
from newsletter.language.scripts import script_of
from newsletter.model import Figure, Opener
from newsletter.pictures.svg import MEDIA_TYPE as SVG
from newsletter.records import dataclass
from newsletter.render.design import custom_properties, face_name, load_design, shown
from newsletter.render.directives.table import HTML
from newsletter.render.html import HtmlWriter, unbroken
from newsletter.render.html_blocks import footnotes, roundup_entries
from newsletter.render.indexes import index_address
from newsletter.render.kicker import split_category, split_title
from newsletter.render.letter import (
    AuthorBox,
    Contents,
    Letter,
    Opening,
    SectionPart,
    Standing,
    byline,
    cover_figure,
    first_published,
    of_publication,
)
from newsletter.render.markup import beside_page, escape, escape_attribute, filled_here, fit, is_safe, with_values
from newsletter.render.metadata import description, linked_data, open_graph
from newsletter.render.templates import fill_template, make_environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jinja2 import Environment

    from newsletter.config.publication import Author, Publication, Theme
    from newsletter.model import Block, Image, ImageFile, Item
    from newsletter.render.design import Face
    from newsletter.render.letter import ContentsEntry, Neighbour, Part

STYLESHEET = "style.css"
SEARCH_SCRIPT = "search.js"
BLOCKS = "blocks.css"
"""The style sheet of blocks such as galleries and charts, published before the main one."""


@dataclass(frozen=True, slots=True)
class PageTheme:
    """The templates and the style sheet of the web."""

    environment: Environment
    stylesheet: str
    """The style sheet of all pages, with the design tokens first."""
    faces: Mapping[str, Face] = field(default_factory=dict)
    """The typography of scripts other than Latin."""
    search_script: str = ""
    """The script of the search page, which is the only script."""

    def face(self, tag: str) -> str:
        """The value of `data-face` for a language (BCP 47); empty for languages without special typography."""
        return face_name(script_of(tag), self.faces)

    def fill(self, template: str, **values: object) -> str:
        """Fills `template`.

        Raises ConfigurationError with its file and line for any error in it.
        """
        return fit(fill_template(self.environment, template, values, home="templates/theme/page"))


def load_page_theme(folders: Sequence[Path], theme: Theme, *, remember: bool = False) -> PageTheme:
    """Loads each file of the theme from the first folder that has it: a workspace's own, then the bundled one.

    The style sheet begins with the tokens of `theme`. With `remember`, compiled templates are kept for the next run.
    Raises ConfigurationError for tokens that cannot be used.
    """
    design = load_design(theme, [folder.parent for folder in folders])
    sheets = [next(path for folder in folders if is_there(path := folder / name)) for name in (BLOCKS, STYLESHEET)]
    style = custom_properties(design) + "".join(read_text(sheet, shown(sheet))[0] for sheet in sheets)
    script = next(folder / SEARCH_SCRIPT for folder in folders if is_there(folder / SEARCH_SCRIPT))
    return PageTheme(
        make_environment(folders, remember=remember), style, design.faces, read_text(script, shown(script))[0]
    )


def render_page(letter: Letter, theme: PageTheme) -> str:
    """The page, to be written as index.html into a folder beside the style sheet, with its pictures in the same folder."""
    letter = letter.shown_in("web")
    look = PageLook(letter)
    writer = HtmlWriter(look, letter.language, HTML, frame=look.framed)
    cover = cover_figure(letter)
    page = theme.fill(
        "page.html",
        letter=letter,
        issue=letter.issue,
        headline=_safe(unbroken(letter.language.isolated(letter.issue.title))),
        publication=letter.publication,
        language=letter.language,
        face=theme.face(letter.language.code),
        words=letter.language.words,
        home="../",
        graph=open_graph(letter),
        description=description(letter),
        linked_data=_safe(linked_data(letter)),
        logo=letter.images.get(of_publication(letter.publication.theme.logo)),
        logo_dark=letter.images.get(of_publication(letter.publication.theme.logo_dark)),
        cover=_safe(writer.block(cover) if cover else ""),
        byline=_safe(_byline(letter)),
        original=_safe(first_published(letter, writer.linked)),
        parts=part_views(letter, writer),
        footnotes=_safe(footnotes(writer, letter.footnotes)),
        rail=rail_of(letter, writer),
        filed=filed_under(letter),
        previous=_neighbour(letter.previous, letter.publication),
        following=_neighbour(letter.following, letter.publication),
    )
    return filled_here(letter, page)


class PageLook:
    """The web's look: classes from style.css, and addresses relative to the page.

    It is for one letter (see html.Look).
    """

    profile = "web"

    def __init__(self, letter: Letter) -> None:
        self._letter = letter
        self._pictures = 0

    def attributes(self, tag: str, _container: str, _direction: str, /) -> str:
        """A class if style.css needs one. The first picture loads at once, the others when they come near."""
        if tag == "img":
            self._pictures += 1
            return "" if self._pictures == 1 else _LAZY
        return _CLASSES[tag]

    def link(self, href: str) -> str:
        """The address from this page: its own files are beside it, those of other issues a folder up.

        All other addresses stay as written.
        """
        return beside_page(self._letter, href)

    def image(self, image: Image) -> tuple[str, int, int]:
        """The file made from the author's picture; a picture elsewhere as it is."""
        made = self._letter.images.get(image.src)
        return (made.name, made.width, made.height) if made else (with_values(self._letter, image.src), 0, 0)

    def framed(self, image: Image, written: str) -> str:
        """The `<img>` with the web's additions: the picture in its original format, and a still for readers without animations."""
        made = self._letter.images.get(image.src)
        if made is None:
            return written
        if made.width < _FILLS:
            written = written.replace("<img ", '<img class="small" ', 1)
        elif made.pixel_width >= _WIDE and made.pixel_width >= _LANDSCAPE * made.pixel_height:
            written = written.replace("<img ", '<img class="wide" ', 1)
        if not (made.web or made.still):
            return written
        sources = f'<source srcset="{made.web}" type="{made.web_type}" />' if made.web else ""
        still = made.still or (made.name if made.moves else "")
        if still:
            sources = f'<source srcset="{still}" media="(prefers-reduced-motion: reduce)" />{sources}'
        if made.web_type == SVG and made.ground:
            written = written.replace("<img ", f'<img style="background:{made.ground}" ', 1)
        return f"<picture>{sources}{written}</picture>"


_FILLS = 480
"""From this width in CSS pixels on, a picture is stretched to the text width, which is slightly wider than the email's."""
_WIDE, _LANDSCAPE = 1000, 1.2
"""The least pixel width of a picture that may be wider than the text, and its least ratio of width to height."""
_LAZY = ' loading="lazy" decoding="async"'


class _Classes(dict[str, str]):
    """Attributes by tag: the part of a tag after its dot is its class, with a few exceptions."""

    def __missing__(self, tag: str) -> str:
        kind = tag.partition(".")[2]
        self[tag] = f' class="{kind}"' if kind else ""
        return self[tag]


_CLASSES = _Classes(
    {
        "p.button": ' class="actions"',
        "a.noteref": ' class="noteref" role="doc-noteref"',
        "a.backlink": ' class="backlink" role="doc-backlink"',
        **dict.fromkeys(("p.attribution", "a.picture", "a.audio", "a.call"), ""),
    }
)


def _byline(letter: Letter) -> str:
    """`By Ann and Bo`, each linked if there is a page; empty for a letter without authors."""
    names = []
    for author in letter.byline:
        name = escape(letter.language.isolated(author.name))
        if author.url and is_safe(author.url):
            name = f'<a rel="author" href="{escape_attribute(author.url)}">{name}</a>'
        names.append(name)
    return byline(names, letter.language)


def _neighbour(neighbour: Neighbour | None, publication: Publication) -> Neighbour | None:
    """The address relative to a page, which works from disk too: `../slug/index.html`."""
    if neighbour is None or not neighbour.url.startswith(publication.url):
        return neighbour
    path = neighbour.url.removeprefix(publication.url)
    if neighbour.cover and path.endswith("/"):
        cover = replace(neighbour.cover, name=f"../{path}{neighbour.cover.name}")
        neighbour = replace(neighbour, cover=cover)
    return replace(neighbour, url=f"../{path}index.html" if path.endswith("/") else f"../{path}")


@dataclass(frozen=True, slots=True)
class RailEntry:
    """A line of the contents list beside the text on a large screen; lines `within` another are indented."""

    title: Markup
    anchor: str
    number: int | None = None
    within: tuple[RailEntry, ...] = ()


_WORTH_A_RAIL = 3
"""The least entries: a shorter letter needs no list."""
_LONGEST_RAIL = 40
"""The most entries: a longer list has only the sections."""


def rail_of(letter: Letter, writer: HtmlWriter) -> tuple[RailEntry, ...]:
    """The sections of a letter, with the stories of sections that number or list them; empty if too short."""
    listed = {entry.anchor for part in letter.parts for entry in _entries_of(part)}
    sections = [part.section for part in letter.parts if isinstance(part, SectionPart)]
    entries: list[RailEntry] = []
    for section in sections:
        inner = tuple(
            RailEntry(_safe(writer.label(item.title)), item.anchor, item.number)
            for item in section.items
            if item.anchor and item.title and (item.anchor in listed or item.number is not None)
        )
        if section.title and section.anchor:
            entries.append(RailEntry(_safe(writer.label(section.title)), section.anchor, within=inner))
        else:
            entries += inner
    if sum(1 + len(entry.within) for entry in entries) > _LONGEST_RAIL:
        entries = [replace(entry, within=()) for entry in entries if entry.number is None]
    long_enough = sum(1 + len(entry.within) for entry in entries) >= _WORTH_A_RAIL
    return tuple(entries) if long_enough else ()


def _entries_of(part: Part) -> Sequence[ContentsEntry]:
    contents = part if isinstance(part, Contents) else part.contents if isinstance(part, SectionPart) else None
    return contents.entries if contents else ()


@dataclass(frozen=True, slots=True)
class Filed:
    """The index pages that list an issue."""

    kind: str
    """`tags` or `authors`."""
    names: tuple[tuple[str, str], ...]
    """Each name with its address from the top of the site."""


def filed_under(letter: Letter) -> tuple[Filed, ...]:
    """The index pages that list the letter: by its authors and its tags."""
    named = {"authors": [author.name for author in letter.byline], "tags": letter.issue.tags}
    return tuple(
        Filed(kind, tuple((name, index_address(kind, name)) for name in dict.fromkeys(names) if name.strip()))
        for kind, names in named.items()
        if any(name.strip() for name in names)
    )


@dataclass(frozen=True, slots=True)
class ProseView:
    """The opening, or standing matter with its name."""

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
    """A story.

    `figure` is set if the picture is beside the text, and is then not in `html`. `tag` is the HTML tag of its title.
    """

    title: Markup
    html: Markup
    anchor: str
    category: Markup = Markup("")
    """The category, in small letters above the title."""
    number: int | None = None
    look: str = ""
    figure: Markup | None = None
    tag: str = "h3"


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section; `html` is its content before its items.

    `bare` is set if it has no heading: it has the stories, or what follows them.
    """

    title: Markup
    html: Markup
    anchor: str
    work: Markup = Markup("")
    """The title of the recommended work; then `title` is the kicker above it."""
    key: str = ""
    look: str = ""
    figure: Markup | None = None
    contents: ContentsView | None = None
    items: tuple[ItemView, ...] = ()
    bare: str = ""
    """"stories" or "closing"; empty if it has a heading."""
    kind: ClassVar[str] = "section"


@dataclass(frozen=True, slots=True)
class AuthorView:
    """An author in the box at the end."""

    name: str
    url: str
    bio: str
    portrait: ImageFile | None
    """A file beside the page."""


@dataclass(frozen=True, slots=True)
class AuthorsView:
    """The box of authors."""

    authors: tuple[AuthorView, ...]
    kind: ClassVar[str] = "authors"


PartView = ProseView | ContentsView | SectionView | AuthorsView


def part_views(letter: Letter, writer: HtmlWriter) -> tuple[PartView, ...]:
    """The parts in order, without those that the web does not show."""
    return tuple(filter(None, (_view(part, letter, writer) for part in letter.parts)))


def _view(part: Part, letter: Letter, writer: HtmlWriter) -> PartView | None:
    match part:
        case Opening() | Standing():
            html = writer.blocks(part.blocks)
            return ProseView(_safe(html), part.name if isinstance(part, Standing) else "opening") if html else None
        case Contents():
            return _contents(part, writer)
        case SectionPart():
            view = _section(part, writer)
            return view if view.html or view.items or view.figure or not part.section.blocks else None
        case AuthorBox():
            return AuthorsView(tuple(_author(author, letter) for author in part.authors))


def _author(author: Author, letter: Letter) -> AuthorView:
    portrait = letter.images.get(of_publication(author.picture))
    return AuthorView(author.name, author.url if is_safe(author.url) else "", author.bio, portrait)


def _contents(contents: Contents, writer: HtmlWriter) -> ContentsView:
    entries = (EntryView(_safe(writer.label(entry.title)), entry.anchor, entry.number) for entry in contents.entries)
    return ContentsView(contents.heading, tuple(entries))


def _section(part: SectionPart, writer: HtmlWriter) -> SectionView:
    section, form = part.section, part.format
    look, shape = (form.look, form.items) if form else ("", None)
    of_items = look if look == "recommendation" else shape.look if shape else ""
    of_last = shape.last.look if shape and shape.last and look != "recommendation" else of_items
    labelled = shape is not None and shape.categories is not None
    tag = "h3" if section.opener is Opener.HEADING else "h2"
    items = [_item(item, of_items, writer, tag, labelled=labelled) for item in section.items[:-1]]
    items += [_item(item, of_last, writer, tag, labelled=labelled) for item in section.items[-1:]]
    figure, html = _beside(section.blocks, look, writer)
    # `## Book of the month: The Long Ebb`: the section is the kicker, the work is beside its cover.
    names_work = look == "recommendation" and bool(section.blocks)
    title, work = split_title(section.title) if names_work else (section.title, ())
    return SectionView(
        title=_safe(writer.line(title, "title")),
        html=html,
        anchor=section.anchor,
        work=_safe(writer.line(work, "title")),
        key=form.key if form else "",
        look=look,
        figure=figure,
        contents=_contents(part.contents, writer) if part.contents else None,
        items=tuple(items),
        bare=_BARE[section.opener],
    )


_BARE = {Opener.HEADING: "", Opener.ITEMS: "stories", Opener.RULE: "closing"}


def _item(item: Item, look: str, writer: HtmlWriter, tag: str, *, labelled: bool) -> ItemView:
    # `Dams: The Klamath runs free again`
    category, title = split_category(item.title, labelled=labelled and look not in _UNLABELLED)
    figure, html = _beside(item.blocks, look, writer)
    return ItemView(
        title=_safe(writer.line(title, "title")),
        html=html,
        anchor=item.anchor,
        category=_safe(writer.line(category, "title")),
        number=item.number,
        look=look,
        figure=figure,
        tag=tag,
    )


_UNLABELLED = frozenset(("roundup", "recommendation"))
"""Looks that keep the category in the title."""


def _beside(blocks: Sequence[Block], look: str, writer: HtmlWriter) -> tuple[Markup | None, Markup]:
    """The first figure, if this look shows it beside the text (a book's cover), and the other blocks."""
    figure = next((block for block in blocks if isinstance(block, Figure)), None) if look == "recommendation" else None
    if figure is None:
        return None, _safe(_roundup(blocks, writer) if look == "roundup" else writer.blocks(blocks))
    return _safe(writer.block(figure)), _safe(writer.blocks([block for block in blocks if block is not figure]))


def _roundup(blocks: Sequence[Block], writer: HtmlWriter) -> str:
    """Short items; items of several paragraphs are grouped, since there is a line between two items."""
    written = [
        f'<div class="whole">\n{writer.blocks(entry)}\n</div>' if entry[1:] else writer.blocks(entry)
        for entry in roundup_entries(blocks)
    ]
    return "\n".join(filter(None, written))


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 (whoever has written it escapes)
