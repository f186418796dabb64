"""Elements that feedgen does not have, as our own extensions of feedgen's elements.

feedgen creates the object of each class itself, so its values are set afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.config.podcasts import category_path
from newsletter.feeds.base import cover_address, line, uri
from newsletter.feeds.identity import recordings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.config.publication import Publication
    from newsletter.model import Published

_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class NoFeed:
    """The feed part of extensions that only affect entries."""

    def extend_ns(self) -> dict[str, str]:
        """The XML namespaces: none."""
        return {}

    def extend_rss(self, root: Any) -> Any:
        """The RSS elements: none."""
        return root

    extend_atom = extend_rss


class FeedLinks(NoFeed):
    """The links of a feed, except to itself and to its publication.

    feedgen writes some of them in Atom and none in RSS.
    """

    def __init__(self) -> None:
        self.others: Sequence[dict[str, str]] = ()
        """The attributes of each link."""
        self.archive = False
        """Whether the feed is a page of the history (RFC 5005 §4)."""

    def extend_ns(self) -> dict[str, str]:
        """The namespace of the history, if the feed is part of one."""
        return {"fh": _HISTORY} if self.archive else {}

    def extend_rss(self, root: Any) -> Any:
        """Adds links to the channel, as Atom elements (RSS Best Practices Profile, “atom:link”)."""
        self._extend(root[0], f"{{{_ATOM}}}link")
        return root

    def extend_atom(self, root: Any) -> Any:
        """Adds links to the feed."""
        self._extend(root, "link")
        return root

    def _extend(self, element: Any, tag: str) -> None:
        from feedgen.util import xml_elem

        for link in self.others:
            xml_elem(tag, element, **link)
        if self.archive:
            xml_elem(f"{{{_HISTORY}}}archive", element)


class AtomEntry(NoFeed):
    """The links of an entry except its address, and its language."""

    def __init__(self) -> None:
        self.entry: Published | None = None
        self.language = ""

    def extend_atom(self, element: Any) -> Any:
        """Adds further links, and the language."""
        from feedgen.util import xml_elem

        entry = self.entry
        if entry is None:
            return element
        if self.language:
            element.set(_XML_LANG, self.language)
        for link in element.iterfind("link"):
            link.attrib.update({"rel": "alternate", "type": "text/html"})
        if original := entry.original:
            named = line(original.title) or line(original.publication)
            titled = {"title": named} if named else {}
            xml_elem("link", element, rel="via", type="text/html", href=uri(original.url), **titled)
        for enclosure in entry.enclosures:
            attributes = {"rel": "enclosure", "type": enclosure.media_type, "href": uri(enclosure.url)}
            length = {"length": str(enclosure.length)} if enclosure.length else {}
            xml_elem("link", element, **attributes, **length)
        return element


class RssItem(NoFeed):
    """The time of an item's last revision. RSS has no element of its own for it."""

    def __init__(self) -> None:
        self.updated = ""

    def extend_rss(self, item: Any) -> Any:
        """Adds Atom's element (RFC 4287 §4.2.15)."""
        from feedgen.util import xml_elem

        if self.updated:
            xml_elem(f"{{{_ATOM}}}updated", item).text = self.updated
        return item


class ItunesChannel(NoFeed):
    """The elements that podcast directories require of a feed with recordings (Apple, “A Podcaster's Guide to RSS”)."""

    def __init__(self) -> None:
        self.publication: Publication | None = None

    def extend_ns(self) -> dict[str, str]:
        """Apple's namespace."""
        return {"itunes": _ITUNES}

    def extend_rss(self, root: Any) -> Any:
        """Adds the author, whether it is for children, and the category."""
        if (publication := self.publication) is None:
            return root
        channel, podcast = root[0], publication.feeds.podcast
        _add(channel, "author", line(publication.sender.name))
        _add(channel, "type", "episodic")
        _add(channel, "explicit", "true" if podcast.explicit else "false")
        if podcast.image:
            _add(channel, "image", href=uri(podcast.image))
        within = channel
        for category in filter(None, category_path(podcast.category).split(" > ")):
            within = _add(within, "category", text=category)
        owner = _add(channel, "owner")
        _add(owner, "name", line(publication.sender.name))
        _add(owner, "email", publication.sender.email)
        return root


class ItunesItem(NoFeed):
    """The elements for an item with a recording. Adds nothing to other items."""

    def __init__(self) -> None:
        self.entry: Published | None = None

    def extend_rss(self, item: Any) -> Any:
        """Adds the duration and the picture.

        The author is in `dc:creator`: readers would count Apple's element as another author.
        """
        entry = self.entry
        if entry is None or not (heard := recordings(entry)):
            return item
        _add(item, "title", line(entry.title) or entry.slug)
        if entry.number is not None and entry.number > 0:
            _add(item, "episode", str(entry.number))
        if heard[0].seconds:
            _add(item, "duration", str(heard[0].seconds))
        if entry.cover:
            _add(item, "image", href=cover_address(entry))
        return item


def _add(element: Any, tag: str, words: str = "", **attributes: str) -> Any:
    from feedgen.util import xml_elem

    added = xml_elem(f"{{{_ITUNES}}}{tag}", element, **attributes)
    added.text = words or None
    return added
