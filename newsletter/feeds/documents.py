"""The feeds and their entries: all issues, one feed for each tag, author or language, older pages, and the feed of a campaign.

Everything is computed from facts about the issues, without their text, so that thousands of them cost little.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.feeds.base import line, uri
from newsletter.names import composed, in_address, portable_name, slugify
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.config.publication import Publication
    from newsletter.model import Published

FOLDER = "feeds"
"""The folder of feeds, below the publication's address."""


class FeedFormat(StrEnum):
    """A format, by the name of its file."""

    RSS = "rss.xml"
    ATOM = "atom.xml"
    JSON = "feed.json"


RSS_PATH, ATOM_PATH, JSON_PATH = (f"{FOLDER}/{form}" for form in FeedFormat)
"""The feeds of all issues."""
CAMPAIGN_PATH = f"{FOLDER}/campaign.xml"
"""The feed from which a mailing service makes letters."""
MAIN = (RSS_PATH, ATOM_PATH, JSON_PATH)
LARGEST_PAGE = 20
"""The most issues on a page of the history.

With their full texts, a page has some hundred KB, and takes some MB of memory.
"""


@dataclass(frozen=True, slots=True)
class FeedGroup:
    """Issues that share a tag, an author or a language."""

    by: str
    """The kind of group: one of FEED_GROUPS."""
    name: str
    """The name that readers see; for a language, its tag (BCP 47)."""
    folder: str
    """The folder of its feeds, below FOLDER: `tag/canals`."""
    entries: tuple[Published, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One feed in one format, without the texts of its entries."""

    path: str
    """The path below the publication's address."""
    form: FeedFormat
    entries: tuple[Published, ...]
    """Newest first; their full texts are empty."""
    group: FeedGroup | None = None
    """The group whose feed it is; None for the feed of all issues."""
    current: str = ""
    """For a page of the history: the path of the feed that it belongs to (RFC 5005 §4)."""
    previous: str = ""
    """The path of the page with older issues."""
    following: str = ""
    """The path of the page with newer issues; empty for the newest page."""
    campaign: bool = False
    """Whether a mailing service makes letters from it."""


def feed_documents(publication: Publication, entries: Iterable[Published]) -> list[FeedDocument]:
    """Every feed of the publication, with its issues, which can be given in any order.

    Raises UsageError if two issues have one id.
    """
    ordered = _in_order(entries)
    documents = [document for form in FeedFormat for document in _with_history(publication, ordered, form)]
    for group in groups_of(publication, ordered):
        newest = group.entries[: publication.feeds.entries]
        documents += [FeedDocument(f"{FOLDER}/{group.folder}/{form}", form, newest, group=group) for form in FeedFormat]
    if publication.feeds.campaign:
        newest = tuple(ordered[: publication.feeds.entries])
        documents.append(FeedDocument(CAMPAIGN_PATH, FeedFormat.RSS, newest, campaign=True))
    return documents


def main_document(publication: Publication, entries: Iterable[Published], form: FeedFormat) -> FeedDocument:
    """The feed of all issues in one format. Raises UsageError if two issues have one id."""
    return next(_with_history(publication, _in_order(entries), form))


def _in_order(entries: Iterable[Published]) -> list[Published]:
    """Newest first."""
    ordered = sorted(entries, key=lambda entry: (entry.date, entry.number or 0, entry.id), reverse=True)
    owners: dict[str, Published] = {}
    for entry in ordered:
        owner = owners.setdefault(entry.id, entry)
        if owner is not entry:
            raise UsageError(
                f"two issues have the id {entry.id}: {owner.slug} and {entry.slug}",
                hint="Feed readers would treat them as one. Give one of them another `id` in its front matter.",
            )
    return ordered


def page_size(publication: Publication) -> int:
    """The number of issues on a page of the history.

    It is at most the size of the feed. Otherwise some issues would be in neither: dropped from the feed, but too few
    for a page.
    """
    return min(publication.feeds.entries, LARGEST_PAGE)


def _with_history(publication: Publication, ordered: Sequence[Published], form: FeedFormat) -> Iterator[FeedDocument]:
    """The feed of the newest issues, and the pages of older ones (RFC 5005 §4), from the newest page on.

    A page exists once it is full and the feed has dropped one of its issues. From then on it never changes.
    """
    newest = publication.feeds.entries
    size = page_size(publication)
    dropped = max(0, len(ordered) - newest)
    pages = -(-dropped // size)
    paths = ["", *(_page_path(form, size, number) for number in range(1, pages + 1)), ""]
    yield FeedDocument(f"{FOLDER}/{form}", form, _current(ordered, newest), previous=paths[pages])
    for number in range(pages, 0, -1):
        last = len(ordered) - (number - 1) * size
        yield FeedDocument(
            paths[number],
            form,
            tuple(ordered[last - size : last]),
            current=f"{FOLDER}/{form}",
            previous=paths[number - 1],
            following=paths[number + 1],
        )


def _current(ordered: Sequence[Published], newest: int) -> tuple[Published, ...]:
    """The newest issues, and older ones that were revised since.

    Readers do not request a page of the history again (RFC 5005 §4.1).
    """
    shown = ordered[:newest]
    since = min((entry.date for entry in shown), default=None)
    revised = [entry for entry in ordered[newest:] if since and entry.updated > since and entry.updated > entry.date]
    return (*shown, *revised[:newest])


def _page_path(form: FeedFormat, size: int, number: int) -> str:
    """The path of a page. It contains the page size, because the content at an address must not change."""
    folder = "archive" if size == LARGEST_PAGE else f"archive-{size}"
    stem, _, ending = form.partition(".")
    return f"{FOLDER}/{folder}/{stem}-{number:04}.{ending}"


def groups_of(publication: Publication, ordered: Sequence[Published]) -> Iterator[FeedGroup]:
    """The groups for which newsletter.yaml sets feeds, in the order of their folders. `ordered` has the newest issue first.

    Names are equal if they differ only in case, in composition, or in a space or hyphen between words.
    """
    for by in publication.feeds.by:
        spellings: dict[str, Counter[str]] = {}
        members: dict[str, dict[str, Published]] = {}
        for entry in ordered:
            for name in filter(None, map(line, _names(publication, entry, by))):
                key = _folded(name)
                spellings.setdefault(key, Counter())[name] += 1
                members.setdefault(key, {})[entry.id] = entry
        for folder, key in sorted((f"{by}/{folder_name(key)}", key) for key in members):
            name = min(spellings[key], key=lambda spelling: (-spellings[key][spelling], spelling))
            yield FeedGroup(by, name, folder, tuple(members[key].values()))


def _names(publication: Publication, entry: Published, by: str) -> Sequence[str]:
    match by:
        case "tag":
            return entry.tags
        case "author":
            return entry.authors
        case _:
            return (entry.language or publication.language,)


_JOINED = re.compile(r"(?<=\w)[- ]+(?=\w)")
_DIGEST = 4
"""The size of the hash in bytes. Of similar names, one pair in four thousand million would get the same hash."""


def folder_name(name: str) -> str:
    """The name of a folder for a tag or an author: safe everywhere, unique, and independent of other names.

    If an address cannot express the whole name (`C++`, an emoji, `con`, three hundred characters), a hash is added.
    """
    key = _folded(name)
    slug = slugify(key, any_script=True)
    if slug == key and portable_name(slug) == slug and slug not in _TAKEN:
        return slug
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).hexdigest()
    return f"{slug}-{digest}" if slug else digest


def _folded(name: str) -> str:
    """A form of the name in which equal names are identical."""
    return _JOINED.sub("-", " ".join(composed(name).casefold().split()))


_TAKEN = frozenset({"index"})
"""Names that servers use for the page of a folder."""


def address_of(publication: Publication, path: str) -> str:
    """The address of the document at `path`."""
    return uri(publication.url) + "/".join(map(in_address, path.split("/")))
