"""Feeds of a publication: RSS 2.0, Atom 1.0 and JSON Feed 1.1, each from the same entries and never from another feed.

All are functions of their arguments, without a clock, so that a feed in git changes only when an issue does.
documents.py decides which feeds there are; the formats write one at a time, so that at most one page of entries is in
memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.feeds.documents import (
    ATOM_PATH,
    CAMPAIGN_PATH,
    FOLDER,
    JSON_PATH,
    MAIN,
    RSS_PATH,
    FeedFormat,
    address_of,
    feed_documents,
    main_document,
)
from newsletter.feeds.identity import text_of
from newsletter.feeds.jsonfeed import json_feed
from newsletter.feeds.xml import atom, rss

if TYPE_CHECKING:
    from newsletter.config.publication import Publication
    from newsletter.feeds.documents import FeedDocument
    from newsletter.feeds.identity import FeedLogo, Texts

__all__ = [
    "ATOM_PATH",
    "CAMPAIGN_PATH",
    "FOLDER",
    "JSON_PATH",
    "MAIN",
    "RSS_PATH",
    "FeedFormat",
    "address_of",
    "feed_documents",
    "main_document",
    "write_document",
]

_WRITERS = {FeedFormat.RSS: rss, FeedFormat.ATOM: atom, FeedFormat.JSON: json_feed}


def write_document(
    publication: Publication, document: FeedDocument, texts: Texts = text_of, logo: FeedLogo | None = None
) -> bytes:
    """A feed in its format. `texts` gives the full text of an entry; it is called for one entry after the other."""
    return _WRITERS[document.form](publication, document, texts, logo)
