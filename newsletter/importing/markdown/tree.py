"""Reads a Markdown tree: posts become issues, with their pictures and files, links between them, and old addresses.

Jekyll, Hugo, Pelican, Eleventy and plain folders differ in which files are posts, in the template language, and in the
address of a post. A `TreeSite` contains these differences; the rest is shared.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsletter.config.wellformed import language_flaw
from newsletter.importing.addresses import bare_address, joined_address, picture_address, split_address
from newsletter.importing.base import Counts, Cover, Found, ImportedIssue, ImportNote, Skipped, SourcePicture
from newsletter.importing.mapped import MappedText
from newsletter.importing.markdown.body import BodyPlace
from newsletter.importing.markdown.converting import converted_body
from newsletter.importing.markdown.pictures import missing, picture_markdown
from newsletter.importing.markdown.posts import Post, further, in_order, read_post, tags_of
from newsletter.importing.pictures import IssueFiles
from newsletter.importing.sources import LARGEST_PICTURE, EntryError
from newsletter.importing.tags.liquid import LiquidSite, resolved
from newsletter.importing.tags.shortcodes import HugoSite, without_shortcodes
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsletter.importing.base import NoteKind
    from newsletter.importing.markdown.sites import SiteFacts
    from newsletter.importing.sources import ImportSource

LARGEST_POST = 10_000_000
"""The largest Markdown file, in bytes."""
MARKDOWN = (".md", ".markdown", ".mkd", ".mdown", ".mkdn", ".mdx")
_FILES = frozenset("pdf mp3 m4a ogg opus wav mp4 webm csv txt epub ics zip xlsx docx pptx".split())
"""Extensions of linked files that are imported."""
_PICTURES = frozenset("png jpg jpeg jpe jfif gif webp svg avif bmp tif tiff".split())
_PELICAN = re.compile(
    r"^(?:(?:\{|%7B)(?:static|filename|attach)(?:\}|%7D)|(?:\||%7C)(?:static|filename|attach)(?:\||%7C))", re.IGNORECASE
)
_FILES_OF_COVER = ("image", "file", "src", "path", "url", "overlay_image", "feature")
_OF_COVER = frozenset((*_FILES_OF_COVER, "alt", "caption", "credit"))
_COVERS = ("cover", "image", "featured_image", "featuredImage", "header", "images", "thumbnail", "teaser", "hero")


@dataclass(frozen=True, slots=True)
class TreeSite:
    """The settings and functions that differ between kinds of trees."""

    facts: SiteFacts
    posts: tuple[tuple[str, bool], ...]
    """The files that are issues, and whether the folder makes each a draft."""
    skipped: tuple[Skipped, ...]
    """Files that look like issues but are not."""
    permalink: Callable[[Post, SiteFacts], str]
    """Returns the old path of a post, with a leading slash; empty if it is unknown."""
    feed_id: Callable[[Post, str, SiteFacts], str]
    """Returns the id of a post in the site's feed, from its absolute address; empty if it is unknown."""
    folders: tuple[str, ...] = ()
    """Folders with pictures and files below the root (`static/`), besides the root and the folder of the post."""
    includes: tuple[str, ...] = ()
    """Folders with includes or templates of shortcodes."""
    templates: str = ""
    """The template language: `liquid`, `shortcodes`, or empty for none."""
    keys: bool = False
    """Whether lines `Key: value` are front matter."""
    tags_by_blanks: bool = False


def read_tree(source: ImportSource, site: TreeSite) -> Found:
    """Reads the tree. Each file is read twice: first for the order and numbers, then for its text."""
    posts: list[Post] = []
    skipped: list[Skipped] = [*site.skipped]
    for name, draft in site.posts:
        try:
            text, _ = source.text(name, LARGEST_POST)
        except EntryError as error:
            skipped.append(Skipped(name, str(error), fault=True))
            continue
        posts.append(read_post(name, text, keys=site.keys, draft=draft))
    facts = site.facts
    reader = _TreeReader(source, site, in_order(posts))
    return Found(
        reader.issues(skipped),
        len(posts) + len(skipped),
        title=facts.title,
        description=facts.description,
        sender=facts.sender,
        email=facts.email,
        url=facts.url,
        language="" if language_flaw(facts.language) else facts.language,
        timezone=facts.timezone if _zone(facts.timezone) else "",
    )


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


class _TreeReader:
    def __init__(self, source: ImportSource, site: TreeSite, posts: Sequence[Post]) -> None:
        self.source = source
        self.site = site
        self.posts = posts
        self.names = frozenset(source.names())
        self.called: dict[str, list[str]] = defaultdict(list)
        """The pictures and files in the source, by file name in lower case."""
        for name in source.names():
            if _ending(name) in _PICTURES | _FILES:
                self.called[name.rpartition("/")[2].casefold()].append(name)
        self.zone = _zone(site.facts.timezone)
        self.paths: dict[str, Post] = {}
        self.by_name = {post.name: post for post in posts}
        self.issue_links = frozenset(f"../{post.folder}/index.md" for post in posts)
        """Links that a template has already resolved."""
        self.slugs: dict[str, list[Post]] = defaultdict(list)
        """The posts whose old paths are unknown, by slug."""
        for post in posts:
            if path := self.path_of(post):
                self.paths.setdefault(_same_path(path), post)
            else:
                self.slugs[post.slug.casefold()].append(post)

    def issues(self, skipped: Iterable[Skipped]) -> Iterator[ImportedIssue | Skipped]:
        yield from skipped
        for post in self.posts:
            try:
                text, notes = self.source.text(post.name, LARGEST_POST)
            except EntryError as error:
                yield Skipped(post.name, str(error), fault=True)
                continue
            yield _PostReader(self, post).read(text, notes)

    def path_of(self, post: Post) -> str:
        """The old path of a post, with a leading slash; empty if it is unknown."""
        path = self.site.permalink(post, self.site.facts)
        return path if not path or path.startswith(("/", "http")) else f"/{path}"

    def address_of(self, post: Post) -> str:
        """The old address of a post; empty if it is unknown."""
        path = self.path_of(post)
        if path.startswith("http"):
            return path
        url = self.site.facts.url
        return url.rstrip("/") + path if path and url else ""

    def post_for(self, path: str, base: str) -> Post | None:
        """The post that a path in the text of `base` refers to, as a file or as an address; None if there is none."""
        bare = unquote(path.partition("#")[0].partition("?")[0])
        bare = _PELICAN.sub("", bare)
        if not bare:
            return None
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(base), bare))
        root = self.site.facts.root
        for name in (
            beside,
            root + bare.lstrip("/"),
            *(root + folder + bare.lstrip("/") for folder in self.site.folders),
        ):
            for ending in ("", *MARKDOWN, "/index.md"):
                if post := self.by_name.get(name + ending):
                    return post
        return self._post_at(_same_path(bare)) if bare.startswith("/") else None

    def _post_at(self, path: str) -> Post | None:
        """The post at an old path, otherwise the only post with this slug if nothing or only a date precedes it."""
        if post := self.paths.get(path):
            return post
        date, _, slug = path.rpartition("/")
        called = self.slugs.get(slug, ())
        return (
            called[0] if len(called) == 1 and re.fullmatch(r"(?:\d{1,4}/){0,3}", f"{date}/" if date else "") else None
        )

    def file_for(self, address: str, base: str) -> str:
        """The file in the source that an address in the text of `base` refers to; empty if there is none."""
        path = self.path_on_site(address)
        path = _PELICAN.sub("", unquote(path.partition("#")[0].partition("?")[0]))
        if not path or path.endswith("/"):
            return ""
        root, bare = self.site.facts.root, path.lstrip("/")
        folders = [f"{root}{folder}{bare}" for folder in ("", *self.site.folders)]
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(base), bare))
        for name in [*folders, beside] if path.startswith("/") else [beside, *folders]:
            if name in self.names:
                return name
        found = self.called.get(bare.rpartition("/")[2].casefold(), [])
        return found[0] if len(found) == 1 else ""

    def path_on_site(self, address: str) -> str:
        """The path of an address on the site itself; empty for other sites."""
        if not re.match(r"(?:[a-z][a-z0-9+.-]*:)?//|[a-z]+:", address, re.IGNORECASE):
            base = split_address(self.site.facts.url).path.rstrip("/")
            return address.removeprefix(base) if base and address.startswith(f"{base}/") else address
        try:
            parts, own = split_address(address), split_address(self.site.facts.url)
        except ValueError:
            return ""
        if not own.hostname or parts.hostname != own.hostname or not parts.path.startswith(own.path):
            return ""
        return "/" + parts.path.removeprefix(own.path).lstrip("/")


class _PostReader:
    """Converts one post to an issue."""

    def __init__(self, tree: _TreeReader, post: Post) -> None:
        self.tree = tree
        self.post = post
        self.front = post.front
        self.issue_files = IssueFiles(post.name)
        self.notes: list[ImportNote] = []
        self.lost_cover = ""
        """A comment for a cover that the source does not have."""
        self.missing = 0
        """The number of pictures that templates show and the source does not have. They are no longer in the text."""

    def read(self, text: str, notes: Sequence[ImportNote]) -> ImportedIssue:
        post, front = self.post, self.front
        self.notes += [*notes, *front.notes]
        for name in post.held:
            self.report("changed", f"it is a draft here, because `{name}` in the front matter may hold it back")
        body = self._without_templates(MappedText(text[front.start :], text.count("\n", 0, front.start) + 1))
        around = BodyPlace(post.name, self.picture, self.link, post.level, post.title)
        converted = converted_body(body, around)
        self.notes += converted.notes
        cover = self._cover()
        fields = further(front, partial(self.report))
        title = post.title or converted.title or self._title_from_name()
        path = self.tree.path_of(post)
        address = self.tree.address_of(post)
        language = front.text("language", "lang", "locale").replace("_", "-")
        return ImportedIssue(
            title,
            f"{self.lost_cover}\n\n{converted.text}" if self.lost_cover else converted.text,
            post.name,
            date=self._date(post.date),
            number=post.number,
            slug=post.slug,
            id=front.text("guid") or (self.tree.site.feed_id(post, address, self.tree.site.facts) if address else ""),
            subtitle=front.text("subtitle", "tagline"),
            summary=front.text("summary", "description", "excerpt"),
            tags=tags_of(front, spaces=self.tree.site.tags_by_blanks),
            authors=front.names("authors", "author", "byline"),
            language="" if language_flaw(language) else language,
            draft=post.draft,
            canonical=front.text("canonical_url", "canonicalUrl", "canonical"),
            former=tuple(dict.fromkeys(filter(None, (path, *front.names("aliases", "redirect_from"))))),
            cover=cover,
            fields=fields,
            folder=post.folder,
            pictures=self.issue_files.contents,
            notes=(*self.notes, *self.issue_files.notes),
            before=converted.before + Counts(pictures=self.missing),
        )

    def report(self, kind: NoteKind, message: str) -> None:
        self.notes.append(ImportNote(self.post.name, message, kind))

    def _date(self, date: datetime | None) -> datetime | None:
        """The date in the time zone of the site, if it has a time without a zone."""
        if date and date.tzinfo is None and self.tree.zone and (date.hour or date.minute):
            return date.replace(tzinfo=self.tree.zone)
        return date

    def _title_from_name(self) -> str:
        words = re.sub(r"[-_.]+", " ", self.post.slug).strip() or self.post.name
        self.report("changed", "it has no title: one was made from the file name")
        return words[:1].upper() + words[1:]

    def _without_templates(self, body: MappedText) -> MappedText:
        values = dict(self.front.values)
        if self.tree.site.templates == "liquid":
            site = LiquidSite(self.tree.site.facts.values, self._include, self._address_in_tag, self._picture_of)
            body, notes = resolved(body, {**values, "title": self.post.title}, site, self.post.name)
            self.notes += notes
        elif self.tree.site.templates == "shortcodes":
            hugo = HugoSite(partial(self._address_in_tag, "ref"), self._template, self._picture_of)
            body, notes = without_shortcodes(body, values, hugo, self.post.name)
            self.notes += notes
        return body

    def _include(self, name: str) -> str | None:
        root = self.tree.site.facts.root
        folders = [f"{root}{folder}" for folder in self.tree.site.includes] + [f"{posixpath.dirname(self.post.name)}/"]
        for folder in folders:
            for ending in ("", ".html", ".md", ".liquid", ".njk"):
                wanted = posixpath.normpath(f"{folder}{name}{ending}")
                if wanted in self.tree.names:
                    try:
                        return self.tree.source.text(wanted, 1_000_000)[0]
                    except EntryError:
                        return None
        return None

    def _template(self, name: str) -> str | None:
        return self._include(f"{name}.html")

    def _address_in_tag(self, kind: str, target: str) -> str:
        wanted = target.strip().strip("\"'").strip("/")
        if kind == "post_url":
            posts = (post for post in self.tree.posts if re.search(rf"(?:^|/){re.escape(wanted)}\.\w+$", post.name))
            post = next(posts, None)
        else:
            post = self.tree.post_for(wanted, self.post.name)
            if post is None:
                tail = wanted.removesuffix(".md")
                post = next(
                    (
                        one
                        for one in self.tree.posts
                        if re.search(rf"(?:^|/){re.escape(tail)}(?:/index)?\.\w+$", one.name)
                    ),
                    None,
                )
        if post:
            return f"../{post.folder}/index.md"
        if kind == "link" and self.tree.site.facts.url:
            return joined_address(
                self.tree.site.facts.url, re.sub(r"(?:index)?\.(?:md|markdown|html)$", "", wanted) + "/"
            )
        return ""

    def _picture_of(self, given: Mapping[str, str]) -> str:
        src = next(
            (given[key] for key in ("src", "file", "url", "path", "image", "name", "filename") if given.get(key)), ""
        )
        if not src:
            return ""
        alt, caption = given.get("alt", ""), given.get("caption") or given.get("title", "")
        credit = given.get("credit", "") or given.get("attr", "")
        origin = next(
            (given[key] for key in ("credit_link", "attrlink", "source_link", "source_url") if given.get(key)), ""
        )
        name = self.picture(src, self.post.name)
        if not name:
            self.missing += 1
            return f"\n{missing(src, alt, ' – '.join(filter(None, (caption, credit, origin, given.get('link')))))}\n"
        shown = picture_markdown(name, alt, caption, credit, given.get("link", ""), origin)
        return f"\n{shown}\n"

    def picture(self, address: str, place: str) -> str:
        """The destination of a picture in Markdown: a file beside the issue or an address; empty if it is lost."""
        address = _PELICAN.sub("", address)
        if address.startswith("data:"):
            return self.issue_files.add(SourcePicture(address, _inline_picture(address)), place)
        name = self.tree.file_for(address, self.post.name)
        if name:
            try:
                return self.issue_files.add(SourcePicture(name, self.tree.source.read(name, LARGEST_PICTURE)), place)
            except EntryError as error:
                self.notes.append(ImportNote(place, f"the picture {name}: {error}", "lost"))
                return ""
        if not re.match(r"(?:https?:)?//", address, re.IGNORECASE) and self.tree.site.facts.url and "{" not in address:
            path = self.tree.path_of(self.post) or "/"
            address = joined_address(joined_address(self.tree.site.facts.url, path), address)
        return self.issue_files.add(SourcePicture(picture_address(address) or address), place)

    def link(self, address: str) -> str:
        """The new target of a link: an issue, an imported file or the old site; empty if it is unknown."""
        if address in self.tree.issue_links:
            return address
        path = self.tree.path_on_site(address)
        if not path:
            return bare_address(address)
        place = f"#{path.partition('#')[2]}" if "#" in path else ""
        if post := self.tree.post_for(path, self.post.name):
            return f"../{post.folder}/index.md{place}" if post is not self.post else place or "#"
        name = self.tree.file_for(path, self.post.name)
        if name and (file := self._file(name)):
            return file
        url = self.tree.site.facts.url
        if url and path.startswith("/"):
            return url.rstrip("/") + path
        if url and (own := self.tree.address_of(self.post)):
            return bare_address(path, own)
        return ""

    def _file(self, name: str) -> str:
        """The name beside the issue of a linked file; empty if it is not imported."""
        if _ending(name) in _PICTURES:
            return self.picture(f"/{name.removeprefix(self.tree.site.facts.root)}", self.post.name)
        if _ending(name) not in _FILES:
            return ""
        try:
            return self.issue_files.add_file(name, self.tree.source.read(name, LARGEST_PICTURE))
        except EntryError as error:
            self.report("lost", f"the file {name}: {error}")
            return ""

    def _cover(self) -> Cover | None:
        for key in _COVERS:
            value: Any = self.front.get(key)
            if isinstance(value, list):
                value = value[0] if value else None
            given = value if isinstance(value, dict) else {"image": value} if isinstance(value, str) else {}
            src = next((given[one] for one in _FILES_OF_COVER if isinstance(given.get(one), str)), "")
            if not src:
                continue
            self._rest_of_cover(key, given)
            details = {one: " ".join(str(given.get(one) or "").split()) for one in ("alt", "caption", "credit")}
            alt = details["alt"] or self.front.text("image_alt", "cover_alt")
            if name := self.picture(src, self.post.name):
                return Cover(name, alt, details["caption"], details["credit"])
            self.lost_cover = self.lost_cover or missing(
                src, alt, " – ".join(filter(None, (details["caption"], details["credit"])))
            )
        return None

    def _rest_of_cover(self, key: str, given: Mapping[str, Any]) -> None:
        """Reports the parts of a cover that have no equivalent here."""
        for name, value in given.items():
            if name not in _OF_COVER and isinstance(value, (str, int)) and value:
                self.report("left out", f"`{key}.{name}` of the front matter: {str(value)[:200]}")


def _inline_picture(address: str) -> bytes | None:
    import base64
    import binascii

    head, _, packed = address.partition(",")
    if not head.endswith(";base64") or len(packed) > LARGEST_PICTURE:
        return None
    try:
        return base64.b64decode(unquote(packed))
    except (ValueError, binascii.Error):
        return None


def _ending(name: str) -> str:
    return name.rpartition(".")[2].casefold()


def _same_path(path: str) -> str:
    """A path without differences that hosts ignore: `/a/`, `/a`, `/a.html` and `/a/index.html` are the same."""
    bare = unquote(path).strip("/").casefold()
    return re.sub(r"(?:/?index)?\.html?$", "", bare)
