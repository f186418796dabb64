"""RSS 2.0 and Atom 1.0 (RFC 4287) through feedgen.

Each format is built separately, because feedgen's shared fields fit neither. The link added last becomes the channel's.
Links of Atom entries lose their rel and type. `CDATA` is written out as a type of content. Entries come out reversed.
`updated` and `lastBuildDate` get the current time. Elements that feedgen does not have are in extensions.py.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from newsletter.feeds.base import clean, cover_address, last_updated, line, moment, uri
from newsletter.feeds.documents import FeedFormat, address_of
from newsletter.feeds.extensions import AtomEntry, FeedLinks, ItunesChannel, ItunesItem, NoFeed, RssItem
from newsletter.feeds.identity import (
    authors_of,
    describe,
    differing_language,
    feed_id,
    feed_language,
    feed_title,
    hubs_of,
    recordings,
    text_of,
)
from newsletter.render.letter import host_of

if TYPE_CHECKING:
    from newsletter.config.publication import Publication
    from newsletter.feeds.documents import FeedDocument
    from newsletter.feeds.identity import FeedLogo, Texts
    from newsletter.model import Published

GENERATOR = "newsletter-press"
_TYPES = {FeedFormat.RSS: "application/rss+xml", FeedFormat.ATOM: "application/atom+xml"}


def rss(
    publication: Publication, document: FeedDocument, texts: Texts = text_of, logo: FeedLogo | None = None
) -> bytes:
    """An RSS 2.0 feed of the entries of `document`; `texts` gives their full texts."""
    feed = _feed(publication, document)
    feed.load_extension("dc", atom=False)
    feed.register_extension("ours", NoFeed, RssItem, atom=False)
    podcast = not document.campaign and any(map(recordings, document.entries))
    if podcast:
        feed.register_extension("itunes", ItunesChannel, ItunesItem, atom=False)
        feed.itunes.publication = publication
    feed.description(escape(describe(publication), quote=False))
    if logo:
        size = {"width": str(logo.width), "height": str(logo.height)} if logo.width else {}
        feed.image(url=uri(logo.url), title=feed_title(publication, document), link=uri(publication.url), **size)
    for entry in document.entries:
        item = _entry(document, feed, entry)
        item.pubDate(moment(entry.date))
        # Most readers take this text and the channel's for HTML, but not a summary or a subtitle.
        item.description(escape(line(entry.summary), quote=False) or None)
        item.content(clean(texts(entry)) or None)
        # RSS requires an email address in <author>; a name alone goes into Dublin Core's element.
        item.dc.dc_creator([name for name, _ in authors_of(publication, entry)])
        if language := differing_language(publication, document, entry):
            item.dc.dc_language(language)
        if entry.original:
            item.source(uri(entry.original.url), line(entry.original.publication) or host_of(entry.original.url))
            item.dc.dc_source(uri(entry.original.url))
        if entry.updated != entry.date:
            item.ours.updated = moment(entry.updated).isoformat()
        if podcast:
            item.itunes.entry = entry
        for enclosure in () if document.campaign else entry.enclosures[:1]:  # RSS allows only one.
            item.enclosure(uri(enclosure.url), enclosure.length, enclosure.media_type)
    return _plain_as_numbers(feed.rss_str(pretty=True))


_TEXT = re.compile(rb">([^<>&]*&[^<>]*)</([a-z:A-Z]+)>")
_HTML = frozenset({b"description", b"content:encoded"})
"""Elements that readers take for HTML.

They are escaped twice: then HTML readers show the text, and other readers get no unsafe markup.
"""


def _plain_as_numbers(written: bytes) -> bytes:
    """`&` and `<` of plain text as numeric references, which are safe in readers that take every text for HTML.

    See the RSS Best Practices Profile.
    """
    return _TEXT.sub(lambda found: found[0] if found[2] in _HTML else _as_numbers(found), written)


def _as_numbers(found: re.Match[bytes]) -> bytes:
    return found[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def atom(
    publication: Publication, document: FeedDocument, texts: Texts = text_of, logo: FeedLogo | None = None
) -> bytes:
    """An Atom feed of the entries of `document`; `texts` gives their full texts."""
    feed = _feed(publication, document)
    feed.author(name=line(publication.sender.name) or line(publication.title))
    feed.logo(uri(logo.url) if logo else None)
    feed.register_extension("ours", NoFeed, AtomEntry, rss=False)
    for entry in document.entries:
        item = _entry(document, feed, entry)
        item.published(moment(entry.date))
        item.updated(moment(entry.updated))
        if summary := line(entry.summary):
            # Plain text would be correct, too, but validators take it for undeclared HTML.
            marked = _LOOKS_MARKED.search(summary)
            item.summary(escape(summary, quote=False) if marked else summary, type="html" if marked else None)
        item.content(clean(texts(entry)) or None, type="html")
        item.author([{"name": name, "uri": url or None} for name, url in authors_of(publication, entry)])
        item.ours.entry = entry
        item.ours.language = differing_language(publication, document, entry)
    return bytes(feed.atom_str(pretty=True))


_LOOKS_MARKED = re.compile(r"</\w|&#?\w")


def _feed(publication: Publication, document: FeedDocument) -> Any:
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.load_extension("media")
    feed.register_extension("links", FeedLinks)
    feed.id(feed_id(publication, document))
    feed.title(feed_title(publication, document))
    feed.subtitle(describe(publication))
    feed.language(feed_language(publication, document))
    feed.generator(GENERATOR)
    feed.updated(last_updated(document.entries))
    feed.link(href=address_of(publication, document.path), rel="self", type=_TYPES[document.form])
    # The last of the links, because it becomes the address of the RSS channel.
    feed.link(href=uri(publication.url), rel="alternate", type="text/html")
    feed.links.others = _others(publication, document)
    feed.links.archive = bool(document.current)
    return feed


def _others(publication: Publication, document: FeedDocument) -> list[dict[str, str]]:
    """The links to a hub (WebSub §4), and through the history (RFC 5005 §4)."""
    hubs = [{"rel": "hub", "href": uri(hub)} for hub in hubs_of(publication, document)]
    pages = (("current", document.current), ("prev-archive", document.previous), ("next-archive", document.following))
    media_type = _TYPES[document.form]
    return hubs + [
        {"rel": rel, "type": media_type, "href": address_of(publication, path)} for rel, path in pages if path
    ]


def _entry(document: FeedDocument, feed: Any, entry: Published) -> Any:
    item = feed.add_entry(order="append")
    item.id(entry.id)  # This also sets the guid, but not as a permalink.
    item.title(line(entry.title) or entry.slug)
    item.link(href=uri(entry.url), rel="alternate", type="text/html")
    item.category([{"term": tag} for tag in dict.fromkeys(map(line, entry.tags)) if tag])
    if entry.cover:
        picture = {
            "url": cover_address(entry),
            "group": None,
            "width": str(entry.cover.width),
            "height": str(entry.cover.height),
        }
        if document.campaign:  # Mailchimp does not use a thumbnail.
            item.media.content(**picture, medium="image", type=entry.cover.media_type)
        else:
            item.media.thumbnail(**picture)
    return item
