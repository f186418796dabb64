"""RSS 2.0 and Atom 1.0 (RFC 4287) through feedgen.

The two are built separately, each with what its format wants, because feedgen's shared fields fit neither: the link
added last becomes the channel's, links of Atom entries lose their rel and type, `CDATA` is written out as a type of
content, entries come out reversed, and `updated` and `lastBuildDate` are whatever time it is.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from newsletter.feeds.base import (
    ATOM_PATH,
    RSS_PATH,
    clean,
    cover_address,
    describe,
    feed_id,
    last_updated,
    line,
    moment,
    newest_first,
    uri,
)
from newsletter.render.letter import host_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.config.publication import Publication
    from newsletter.model import Enclosure, Original, Published

GENERATOR = "newsletter-press"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def rss(publication: Publication, entries: Sequence[Published], *, logo: str = "") -> bytes:
    """An RSS 2.0 feed of the newest of `entries`, given in any order; `logo` is an absolute address."""
    newest = newest_first(publication, entries)
    feed = _feed(publication, newest, RSS_PATH, "application/rss+xml")
    feed.load_extension("dc", atom=False)
    # A description is HTML by convention, of the channel and of an item; a summary and a subtitle are not.
    feed.description(escape(describe(publication), quote=False))
    if logo:
        feed.image(url=uri(logo), title=line(publication.title), link=uri(publication.url))
    for entry in newest:
        item = _entry(feed, entry)
        item.pubDate(moment(entry.date))
        item.description(escape(line(entry.summary), quote=False) or None)
        item.content(clean(entry.html) or None)
        # RSS wants an e-mail address in <author>; a name alone goes into Dublin Core's.
        item.dc.dc_creator([line(name) for name in entry.authors])
        if _differs(publication, entry):
            item.dc.dc_language(entry.language)
        if entry.original:
            item.source(uri(entry.original.url), line(entry.original.publication) or host_of(entry.original.url))
            item.dc.dc_source(uri(entry.original.url))
        for enclosure in entry.enclosures[:1]:  # RSS has room for one
            item.enclosure(uri(enclosure.url), enclosure.length, enclosure.media_type)
    return bytes(feed.rss_str(pretty=True))


def atom(publication: Publication, entries: Sequence[Published], *, logo: str = "") -> bytes:
    """An Atom feed of the newest of `entries`, given in any order; `logo` is an absolute address."""
    newest = newest_first(publication, entries)
    feed = _feed(publication, newest, ATOM_PATH, "application/atom+xml")
    feed.author(name=line(publication.sender.name) or line(publication.title))
    feed.logo(uri(logo) if logo else None)
    for entry in newest:
        item = _entry(feed, entry)
        item.published(moment(entry.date))
        item.updated(moment(entry.updated))
        item.summary(line(entry.summary) or None)
        item.content(clean(entry.html) or None, type="html")
        item.author([{"name": line(name)} for name in entry.authors])
        item.register_extension("mended", _Mended, rss=False)
        if _differs(publication, entry):
            item.mended.language = entry.language
        item.mended.enclosures = entry.enclosures
        item.mended.original = entry.original
    return bytes(feed.atom_str(pretty=True))


def _feed(publication: Publication, newest: Sequence[Published], path: str, media_type: str) -> Any:
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.load_extension("media")
    feed.id(feed_id(publication))
    feed.title(line(publication.title))
    feed.subtitle(describe(publication))
    feed.language(publication.language)
    feed.generator(GENERATOR)
    feed.updated(last_updated(newest))
    feed.link(href=uri(publication.url + path), rel="self", type=media_type)
    # Last of the links: it becomes the address of the RSS channel.
    feed.link(href=uri(publication.url), rel="alternate", type="text/html")
    return feed


def _entry(feed: Any, entry: Published) -> Any:
    item = feed.add_entry(order="append")
    item.id(entry.id)  # which sets the guid too, not as a permalink
    item.title(line(entry.title) or entry.slug)
    item.link(href=uri(entry.url), rel="alternate", type="text/html")
    item.category([{"term": tag} for tag in dict.fromkeys(map(line, entry.tags)) if tag])
    if entry.cover:
        size = {"width": str(entry.cover.width), "height": str(entry.cover.height)}
        item.media.thumbnail(url=cover_address(entry), group=None, **size)
    return item


def _differs(publication: Publication, entry: Published) -> bool:
    return bool(entry.language) and entry.language != publication.language


class _Mended:
    """What feedgen leaves out of an Atom entry: of links all but the address, and the entry's language."""

    def __init__(self) -> None:
        self.language = ""
        self.enclosures: tuple[Enclosure, ...] = ()
        self.original: Original | None = None

    def extend_atom(self, element: Any) -> Any:
        from feedgen.util import xml_elem

        if self.language:
            element.set(_XML_LANG, self.language)
        for link in element.iterfind("link"):
            link.attrib.update({"rel": "alternate", "type": "text/html"})
        if self.original:
            named = line(self.original.title) or line(self.original.publication)
            titled = {"title": named} if named else {}
            xml_elem("link", element, rel="via", type="text/html", href=uri(self.original.url), **titled)
        for enclosure in self.enclosures:
            attributes = {"rel": "enclosure", "type": enclosure.media_type, "href": uri(enclosure.url)}
            length = {"length": str(enclosure.length)} if enclosure.length else {}
            xml_elem("link", element, **attributes, **length)
        return element
