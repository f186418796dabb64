"""The identity of a feed: its id, title, language and authors, and the files that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.feeds.base import line, uri
from newsletter.feeds.documents import FOLDER, MAIN
from newsletter.records import dataclass

if TYPE_CHECKING:
    from newsletter.config.publication import Publication
    from newsletter.feeds.documents import FeedDocument
    from newsletter.model import Enclosure, Published

Texts = Callable[["Published"], str]
"""Gives the full text of an entry, a fragment of HTML."""


def text_of(entry: Published) -> str:
    """The text that is included with an entry."""
    return entry.html


@dataclass(frozen=True, slots=True)
class FeedLogo:
    """The picture that readers show beside a feed."""

    url: str
    """Absolute."""
    width: int = 0
    """The displayed width in CSS pixels; 0 if unknown. RSS allows 144."""
    height: int = 0


def feed_id(publication: Publication, document: FeedDocument | None = None) -> str:
    """The permanent id of a feed: a tag: URI of the publication (RFC 4151), or else an address.

    All pages of one history are one feed. The id of an issue has no slash, so it differs from the id of every group.
    """
    group = document.group if document else None
    if publication.feeds.tag:
        return f"tag:{publication.feeds.tag}:{quote(group.folder) + '/' if group else ''}"
    return uri(publication.url + (f"{FOLDER}/{group.folder}/" if group else ""))


def feed_title(publication: Publication, document: FeedDocument) -> str:
    """The title of a feed: the publication, followed by the name of the group."""
    title = line(publication.title)
    return f"{title}: {document.group.name}" if document.group else title


def feed_language(publication: Publication, document: FeedDocument) -> str:
    """The language of entries without a language of their own."""
    group = document.group
    return group.name if group and group.by == "language" else publication.language


def differing_language(publication: Publication, document: FeedDocument, entry: Published) -> str:
    """The language of an entry if it differs from that of its feed."""
    language = entry.language or publication.language
    return language if language != feed_language(publication, document) else ""


def hubs_of(publication: Publication, document: FeedDocument) -> tuple[str, ...]:
    """The hubs of a feed. Only the feeds of all issues have hubs, because hubs are notified of these alone."""
    return publication.feeds.hubs if document.path in MAIN else ()


def describe(publication: Publication) -> str:
    """The description of the publication; its title if there is none."""
    return line(publication.description) or line(publication.title)


def authors_of(publication: Publication, entry: Published) -> list[tuple[str, str]]:
    """The name of each author of an entry, and the address of their page if newsletter.yaml has one."""
    urls = {author.name: author.url for author in publication.authors.values()}
    return [(name, uri(urls[each]) if urls.get(each) else "") for each in entry.authors if (name := line(each))]


def recordings(entry: Published) -> list[Enclosure]:
    """The audio of an entry."""
    return [enclosure for enclosure in entry.enclosures if enclosure.media_type.startswith("audio/")]
