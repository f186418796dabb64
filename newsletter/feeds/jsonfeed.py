"""JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsletter.feeds.base import JSON_PATH, clean, cover_address, line, moment, newest_first, uri

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.config.publication import Publication
    from newsletter.model import Enclosure, Published

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(publication: Publication, entries: Sequence[Published], *, logo: str = "") -> bytes:
    """A JSON Feed of the newest of `entries`, given in any order; `logo` is an absolute address."""
    feed = {
        "version": VERSION,
        "title": line(publication.title),
        "home_page_url": uri(publication.url),
        "feed_url": uri(publication.url + JSON_PATH),
        "description": line(publication.description),
        "icon": uri(logo) if logo else "",
        "authors": _authors([publication.sender.name]),
        "language": publication.language,
    }
    items = [_item(publication, entry) for entry in newest_first(publication, entries)]
    return (json.dumps({**_given(feed), "items": items}, ensure_ascii=False, indent=2) + "\n").encode()


def _item(publication: Publication, entry: Published) -> dict[str, Any]:
    html = clean(entry.html)
    item = {
        "id": entry.id,
        "url": uri(entry.url),
        "external_url": uri(entry.original.url) if entry.original else "",
        "title": line(entry.title),
        "content_html": html,
        # An item must have content of one kind or the other.
        "content_text": "" if html else line(entry.summary) or line(entry.title) or entry.slug,
        "summary": line(entry.summary),
        "image": cover_address(entry),
        "date_published": moment(entry.date).isoformat(),
        "date_modified": moment(entry.updated).isoformat() if entry.updated != entry.date else "",
        "authors": _authors(entry.authors),
        "tags": [tag for tag in dict.fromkeys(map(line, entry.tags)) if tag],
        "language": entry.language if entry.language != publication.language else "",
        "attachments": [_attachment(enclosure) for enclosure in entry.enclosures],
    }
    return _given(item)


def _authors(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": name} for name in map(line, names) if name]


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    size = {"size_in_bytes": enclosure.length} if enclosure.length else {}
    return {"url": uri(enclosure.url), "mime_type": enclosure.media_type, **size}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what has no value: an empty string or list says nothing."""
    return {key: value for key, value in values.items() if value}
