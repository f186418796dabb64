"""The files of a Markdown tree as posts, with metadata from front matter, file names and headings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from newsletter.importing.markdown.matter import ForeignFront, foreign_front
from newsletter.importing.moments import day_in, moment_of
from newsletter.infer import levels_of
from newsletter.infer.course import natural
from newsletter.markdown.release import held_by, only_holds
from newsletter.names import portable_name, same_file_key, slugify
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

_HEADING = re.compile(r"^(?:#{1,6}[ \t].*|(?:```|~~~).*)$", re.MULTILINE)
_FIRST_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*$|\A\s*(\S.*)\n=+[ \t]*$", re.MULTILINE)
_NUMBER = re.compile(
    r"(?:#|\b(?:issue|no\.?|nr\.?|number|edition|episode|vol\.?|volume|ausgabe|numéro|numero|núm\.?|nummer|week|выпуск)\s*#?|第)\s*(\d{1,5})\b",
    re.IGNORECASE,
)
_NUMBERED_NAME = re.compile(r"(?:[a-z]+[-_ ])?(\d{1,5})$", re.IGNORECASE)
_DATED_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-\S")


@dataclass(frozen=True, slots=True)
class Post:
    """A file that becomes an issue, before its body is converted."""

    name: str
    """The path in the source."""
    front: ForeignFront
    title: str
    """Empty if neither the front matter nor a heading has a title."""
    date: datetime | None
    number: int | None
    slug: str
    folder: str
    """The name of its folder below issues/, unique within the import."""
    headings: str
    """The lines of its body that begin with `#`, which show the level of sections."""
    level: int = 0
    """The level of the headings that open its sections; 0 for its highest level."""
    draft: bool = False
    held: tuple[str, ...] = ()
    """The keys of the front matter that make it a draft without plainly saying so."""


def read_post(name: str, text: str, *, keys: bool, draft: bool = False) -> Post:
    """Reads a file as a post. `draft` is whether its folder makes it a draft."""
    front = foreign_front(text, name, keys=keys)
    body = text[front.start :]
    stem = _stem(name)
    day, rest = day_in(stem)
    date = moment_of(front.get("date", "published_at", "publishDate", "pubDate", "published", "created", "posted"))
    title = front.text("title", "headline", "name" if not front.get("title") else "title")
    slug = front.text("slug").strip("/") or rest or stem
    headed = _FIRST_HEADING.search(body[:2000])
    heading = (headed[1] or headed[2]) if headed else ""
    return Post(
        name,
        front,
        title,
        date or (moment_of(day) if day else None),
        _number(front, title or heading, rest or stem),
        slug,
        "",
        "\n".join(_HEADING.findall(body)),
        draft=draft or is_draft(front, date or moment_of(day)),
        held=() if draft else _held(front, date or moment_of(day)),
    )


def _stem(name: str) -> str:
    folder, _, file = name.rpartition("/")
    stem = file.rpartition(".")[0] or file
    return folder.rpartition("/")[2] if stem.lower() in {"index", "_index", "readme"} and folder else stem


def _number(front: ForeignFront, title: str, stem: str) -> int | None:
    given = front.text("number", "issue", "issue_number", "issueNumber", "edition", "nr")
    found = re.fullmatch(r"#?(\d{1,6})", given) or _NUMBER.search(title) or _NUMBERED_NAME.fullmatch(stem)
    return int(found[1]) if found else None


def is_draft(front: ForeignFront, date: datetime | None = None) -> bool:
    """Whether the front matter marks a post as unpublished, in the notation of any tool.

    Unclear values count as unpublished.
    """
    values = {key: value for key, value in front.values.items() if (key.casefold(), value) != ("draft", "false")}
    if any(held_by(values, date.date() if date else None, UTC)):
        return True
    return front.text("status").casefold() == "skip"  # Pelican's status for files to ignore


def _held(front: ForeignFront, date: datetime | None) -> tuple[str, ...]:
    """The keys that make a post a draft; empty if one of them plainly says that it is a draft."""
    keys = list(held_by(front.values, date.date() if date else None, UTC))
    plainly = any(only_holds(path[-1], front.values.get(path[-1])) for path in keys if len(path) == 1)
    return () if plainly else tuple(".".join(path) for path in keys if ".".join(path).casefold() != "draft")


def in_order(posts: Sequence[Post]) -> list[Post]:
    """The posts, oldest first, with the level of their sections, unique folders, and unique numbers if any."""
    ordered = sorted(posts, key=lambda post: (str(post.date.date()) if post.date else "", natural(post.name)))
    if all(post.date is None for post in ordered) and all(post.number is not None for post in ordered):
        ordered.sort(key=lambda post: post.number or 0)
    explicit = any(post.front.get("number", "issue_number", "issueNumber") for post in ordered)
    counted = Counter(post.number for post in ordered if post.number is not None and not post.draft)
    meant = sum(not post.draft for post in ordered)
    numbered = explicit or (max(counted.values(), default=0) == 1 and sum(counted.values()) >= 0.8 * meant)
    levels = levels_of([post.headings for post in ordered])
    top = _open_at_the_top(ordered)
    taken: set[str] = set()
    return [
        replace(
            post,
            level=1 if top else levels.at(place),
            number=post.number if numbered else None,
            folder=_free(_folder(post), taken),
        )
        for place, post in enumerate(ordered)
    ]


def _open_at_the_top(posts: Sequence[Post]) -> bool:
    """Whether sections open with `#`: most posts with headings have several of them, so they are not titles."""
    headed = [post.headings.split("\n") for post in posts if post.headings]
    several = sum(sum(line.startswith("# ") for line in lines) > 1 for lines in headed)
    return bool(headed) and 2 * several > len(headed)


def _folder(post: Post) -> str:
    """The file name if it begins with a date, otherwise date and slug, or the slug alone if there is no date."""
    stem = _stem(post.name)
    if _DATED_NAME.match(stem) and re.fullmatch(r"[\w.+-]+", stem):
        return portable_name(stem.lower())
    if _DATED_NAME.match(post.slug):
        return portable_name(slugify(post.slug, any_script=True))
    slug = slugify(post.slug, any_script=True) or slugify(post.title, any_script=True) or "issue"
    return f"{post.date.date()}-{slug}" if post.date else slug


def _free(folder: str, taken: set[str]) -> str:
    name, number = folder, 2
    while same_file_key(name) in taken:
        name, number = f"{folder}-{number}", number + 1
    taken.add(same_file_key(name))
    return name


KNOWN_KEYS = frozenset(
    """
    title date slug tags keywords author authors byline summary description excerpt subtitle number issue_number issuenumber
    language lang locale draft published publish public status permalink url aliases redirect_from redirect_to canonical_url
    canonical canonicalurl layout image cover images featured_image header thumbnail teaser guid id modified updated lastmod
    last_modified_at publishdate pubdate published_at template save_as category categories
    """.split()
)
"""Keys whose values are imported under other names, or have no meaning outside the original site."""
CONFLICTING_KEYS = frozenset("kind period preheader subject original former updated".split())
"""Keys that have a meaning in this tool, but may have had another one in the source."""


def further(front: ForeignFront, report: Callable[[str, str], None]) -> dict[str, Any]:
    """The front matter that is kept unchanged. `report` is called with the kind and message of a note for other keys."""
    kept: dict[str, Any] = {}
    for key, value in front.values.items():
        if value in (None, "", [], {}):
            continue
        if key.casefold() in CONFLICTING_KEYS:
            report("left out", f"`{key}` of the front matter, which has another meaning here")
        elif key.casefold() in {"layout", "template", "eleventycomputed", "eleventynavigation", "resources", "cascade"}:
            report("left out", f"`{key}` of the front matter")
        elif key.casefold() not in KNOWN_KEYS and re.fullmatch(r"[^\W\d]\w*(?:[-.]\w+)*", key):
            kept[key] = value
    for key in ("category", "categories"):
        if isinstance(category := front.get(key), str):
            kept.setdefault(key, category)
    return kept


def tags_of(front: ForeignFront, *, spaces: bool) -> tuple[str, ...]:
    """The tags, the keywords, and the categories if they are a list."""
    names = front.names("tags", "keywords", spaces=spaces)
    if isinstance(front.get("categories"), list):
        names += front.names("categories")
    return tuple(dict.fromkeys(names))
