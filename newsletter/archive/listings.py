"""The indexes of the archive: by year, tag, author, section and linked site, and the list of all picture credits.

Each year, tag and author has a page. A section or site with only one issue is a line in the list of all names, with a
link to that issue. Otherwise there would be thousands of pages with one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from newsletter.archive.pages import FIRST_SCREEN, SitePage, by_year, fill, index_entry, shown_mark
from newsletter.names import in_address
from newsletter.records import dataclass
from newsletter.render.indexes import FOLDER, KINDS, index_address, index_key, index_slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.config.publication import Publication
    from newsletter.language import Language
    from newsletter.model import Published
    from newsletter.render.page import PageTheme

_Line = TypeVar("_Line")
HUB = f"{FOLDER}/all/index.html"
CREDITS = f"{FOLDER}/credits/index.html"
ON_A_PAGE = 100
"""The number of issues on a page of a list."""
NAMES_ON_A_PAGE = 1000
OFTEN = 24
"""The number of names of each kind on the page of all indexes: those with most issues."""
WORDS = {kind: kind for kind in KINDS} | {"sites": "linked_sites"}
"""The name of each list, as a key of the language's words."""
_ALWAYS = frozenset(("years", "tags", "authors"))


@dataclass(frozen=True, slots=True)
class Member:
    """An issue in an index, and the place in its page to which the entry links."""

    entry: Published
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The issues under one name in an index, newest first."""

    name: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class NameLine:
    """A line in a list of names."""

    name: str
    address: str
    """The address from the top of the site."""
    count: int


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to the previous or next page of a list."""

    address: str
    """The address, relative to the page."""
    number: int


def groups_of(kind: str, entries: Sequence[Published]) -> tuple[Group, ...]:
    """The groups of an index, in order. Names that differ only in case, Unicode form or spaces are one."""
    members: dict[str, dict[str, Member]] = {}
    names: dict[str, str] = {}
    spelled: dict[str, dict[str, Member]] = {}
    """The members under each spelling of a name."""
    for entry in reversed(entries):
        for name, anchor in _names(kind, entry):
            under = spelled.get(name)
            if under is None:
                if not name.strip():
                    continue
                key = index_key(name)
                names.setdefault(key, name)  # the first spelling, so that a later typo renames nothing
                under = spelled[name] = members.setdefault(key, {})
            if entry.id not in under:
                under[entry.id] = Member(entry, anchor)
    found = [Group(names[key], tuple(reversed(each.values()))) for key, each in members.items()]
    if kind == "years":
        return tuple(sorted(found, key=lambda group: group.name, reverse=True))
    return tuple(sorted(found, key=lambda group: (index_key(group.name), group.name)))


def _names(kind: str, entry: Published) -> Iterator[tuple[str, str]]:
    match kind:
        case "years":
            yield str(entry.date.year), ""
        case "tags":
            yield from ((tag, "") for tag in entry.tags)
        case "authors":
            yield from ((author, "") for author in entry.authors)
        case "sections":
            yield from entry.sections
        case _:
            yield from ((site, "") for site in entry.sites)


def browse_pages(
    publication: Publication, entries: Sequence[Published], language: Language, theme: PageTheme
) -> Iterator[SitePage]:
    """All pages below browse/; `entries` newest first."""
    lists = {kind: groups for kind in KINDS if (groups := groups_of(kind, entries))}
    index_pages = _IndexPages(publication, language, theme)
    yield index_pages.hub(lists)
    for kind, groups in lists.items():
        yield from index_pages.names(kind, groups)
        for group in groups:
            if _has_page(kind, group):
                yield from index_pages.group(kind, group)
    yield index_pages.credits(entries)


def _has_page(kind: str, group: Group) -> bool:
    return kind in _ALWAYS or len(group.members) > 1


def _line(kind: str, group: Group) -> NameLine:
    if _has_page(kind, group):
        return NameLine(group.name, index_address(kind, group.name), len(group.members))
    (member,) = group.members
    anchor = f"#{in_address(member.anchor)}" if member.anchor else ""
    return NameLine(group.name, f"{in_address(member.entry.slug)}/index.html{anchor}", 1)


def _file(kind: str, slug: str, page: int) -> str:
    """The path of a page. A slug contains no underscore, so no two pages have the same path."""
    return f"{FOLDER}/{kind}/{slug}{f'_{page}' if page > 1 else ''}.html"


class _IndexPages:
    """Makes the index pages of one archive."""

    def __init__(self, publication: Publication, language: Language, theme: PageTheme) -> None:
        self.publication, self.language, self.theme = publication, language, theme
        self._marks: dict[str, str] = {}

    def _mark(self, entry: Published) -> str:
        """The `shown_mark` of an issue, worked out once."""
        mark = self._marks.get(entry.id)
        if mark is None:
            mark = self._marks[entry.id] = shown_mark(entry)
        return mark

    def _page(self, path: str, made_from: object, template: str, **values: object) -> SitePage:
        home = "../" * path.count("/")
        fixed = {"canonical": self.publication.url + _encoded(path), **values}
        return SitePage(
            path,
            made_from,
            lambda: fill(self.theme, template, self.publication, self.language, home, **fixed).encode(),
        )

    def hub(self, lists: Mapping[str, Sequence[Group]]) -> SitePage:
        """The page of all indexes."""
        shown = []
        for kind, groups in lists.items():
            often: Sequence[Group] = groups
            if kind != "years" and len(groups) > OFTEN:
                by_count = sorted(groups, key=lambda group: -len(group.members))
                most = {group.name for group in by_count[:OFTEN]}
                often = [group for group in groups if group.name in most]
            shown.append((kind, [_line(kind, group) for group in often], len(groups)))
        return self._page(
            HUB,
            [[kind, [[line.name, line.address, line.count] for line in lines], count] for kind, lines, count in shown],
            "browse.html",
            title=self.language.words["browse_archive"],
            lists=[
                (self.language.words[WORDS[kind]], index_address(kind), lines, count) for kind, lines, count in shown
            ],
        )

    def names(self, kind: str, groups: Sequence[Group]) -> Iterator[SitePage]:
        """The list of all names of a kind."""
        lines = [_line(kind, group) for group in groups]
        for page, some, links in _paged(lines, NAMES_ON_A_PAGE, "index"):
            yield self._page(
                _file(kind, "index", page),
                [[[line.name, line.address, line.count] for line in some], len(lines)],
                "names.html",
                title=self.language.words[WORDS[kind]],
                lines=some,
                pages=links,
            )

    def group(self, kind: str, group: Group) -> Iterator[SitePage]:
        """The issues under one name."""
        slug = index_slug(group.name)
        for page, some, links in _paged(group.members, ON_A_PAGE, in_address(slug)):
            yield self._group_page(kind, group, _file(kind, slug, page), some, links)

    def _group_page(
        self, kind: str, group: Group, path: str, some: Sequence[Member], links: Mapping[str, object]
    ) -> SitePage:
        def written() -> bytes:
            listed = [
                index_entry(
                    member.entry,
                    self.publication,
                    self.language,
                    self.theme,
                    on_screen=index < FIRST_SCREEN,
                    anchor=member.anchor,
                )
                for index, member in enumerate(some)
            ]
            page = self._page(
                path,
                None,
                "listing.html",
                kind=self.language.words[WORDS[kind]],
                kind_address=index_address(kind),
                title=self.language.numeral(group.name) if kind == "years" else group.name,
                count=len(group.members),
                years=by_year(listed),
                pages=links,
            )
            return page.render()

        made_from = [
            group.name,
            len(group.members),
            [[self._mark(member.entry), member.anchor] for member in some],
        ]
        return SitePage(path, made_from, written)

    def credits(self, entries: Sequence[Published]) -> SitePage:
        """The page of picture credits, issue by issue."""
        credited = [entry for entry in entries if entry.credits]
        return self._page(
            CREDITS,
            [
                [entry.slug, entry.title, [[one.shown, one.credit, one.url] for one in entry.credits]]
                for entry in credited
            ],
            "credits.html",
            title=self.language.words["picture_credits"],
            issues=[
                (index_entry(entry, self.publication, self.language, self.theme), entry.credits) for entry in credited
            ],
        )


def _encoded(path: str) -> str:
    return "/".join(in_address(part) for part in path.split("/")).removesuffix("index.html")


def _paged(lines: Sequence[_Line], size: int, slug: str) -> Iterator[tuple[int, Sequence[_Line], Mapping[str, object]]]:
    """The pages of a list: for each its number, its lines, and links to the previous and the next page."""
    last = max(1, -(-len(lines) // size))
    for page in range(1, last + 1):
        before = PageLink(f"{slug}{f'_{page - 1}' if page > 2 else ''}.html", page - 1) if page > 1 else None
        after = PageLink(f"{slug}_{page + 1}.html", page + 1) if page < last else None
        yield (
            page,
            lines[(page - 1) * size : page * size],
            {"page": page, "last": last, "before": before, "after": after},
        )
