"""JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsletter.feeds.base import clean, cover_address, line, moment, uri
from newsletter.feeds.documents import address_of
from newsletter.feeds.identity import authors_of, differing_language, feed_language, feed_title, hubs_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.config.publication import Publication
    from newsletter.feeds.documents import FeedDocument
    from newsletter.feeds.identity import FeedLogo, Texts
    from newsletter.model import Enclosure, Published

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(
    publication: Publication, document: FeedDocument, texts: Texts = text_of, logo: FeedLogo | None = None
) -> bytes:
    """A JSON Feed of the entries of `document`; `texts` gives their full texts."""
    feed = {
        "version": VERSION,
        "title": feed_title(publication, document),
        "home_page_url": uri(publication.url),
        "feed_url": address_of(publication, document.path),
        "description": line(publication.description),
        "next_url": address_of(publication, document.previous) if document.previous else "",
        "icon": uri(logo.url) if logo else "",
        "authors": _authors([(line(publication.sender.name), "")]),
        "language": feed_language(publication, document),
        "hubs": [{"type": "WebSub", "url": uri(hub)} for hub in hubs_of(publication, document)],
    }
    items = [_item(publication, document, entry, texts) for entry in document.entries]
    return (json.dumps({**_given(feed), "items": items}, ensure_ascii=False, indent=2) + "\n").encode()


def _item(publication: Publication, document: FeedDocument, entry: Published, texts: Texts) -> dict[str, Any]:
    html = clean(texts(entry))
    item = {
        "id": entry.id,
        "url": uri(entry.url),
        "external_url": uri(entry.original.url) if entry.original else "",
        "title": line(entry.title),
        "content_html": html,
        # The specification requires one kind of content.
        "content_text": "" if html else line(entry.summary) or line(entry.title) or entry.slug,
        "summary": line(entry.summary),
        "image": cover_address(entry),
        "date_published": moment(entry.date).isoformat(),
        "date_modified": moment(entry.updated).isoformat() if entry.updated != entry.date else "",
        "authors": _authors(authors_of(publication, entry)),
        "tags": [tag for tag in dict.fromkeys(map(line, entry.tags)) if tag],
        "language": differing_language(publication, document, entry),
        "attachments": [_attachment(enclosure) for enclosure in entry.enclosures],
    }
    return _given(item)


def _authors(authors: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [_given({"name": name, "url": url}) for name, url in authors if name]


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    known = {"size_in_bytes": enclosure.length, "duration_in_seconds": enclosure.seconds}
    return {"url": uri(enclosure.url), "mime_type": enclosure.media_type, **_given(known)}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without empty strings and lists."""
    return {key: value for key, value in values.items() if value}
