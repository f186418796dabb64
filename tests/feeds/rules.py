"""The rules for feeds: RFC 4287, RFC 5005, the RSS Best Practices Profile, JSON Feed 1.1, and those of the W3C's
validator.

Each function takes a feed as it is served, and fails if a rule is broken.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import lxml.html
from lxml import etree

from newsletter.config.podcasts import CATEGORIES
from newsletter.config.wellformed import language_flaw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SCHEMA = json.loads((Path(__file__).parent / "jsonfeed-1.1.schema.json").read_text())


def check_feed(feed: bytes, address: str) -> None:
    """Checks a feed that is served at `address` against the rules of its format."""
    if address.endswith(".json"):
        check_json(feed, address)
    elif b"<rss" in feed[:200]:
        check_rss(feed, address)
    else:
        check_atom(feed, address)


def texts(element: etree._Element, path: str) -> list[str]:
    """The texts of all elements at a path."""
    return [str(found.text or "") for found in element.findall(path, NAMES)]


def one(element: etree._Element, path: str) -> str:
    """The text of the one element at a path."""
    (found,) = texts(element, path)
    return found


def at_most_one(element: etree._Element, *paths: str) -> None:
    """Fails if an element occurs twice."""
    for path in paths:
        assert len(element.findall(path, NAMES)) <= 1, path


def is_address(value: str) -> bool:
    """Whether a value is an absolute web address in the characters of a URI (RFC 3986)."""
    return re.fullmatch(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", value) is not None


def is_id(value: str) -> bool:
    """Whether a value is an absolute URI, as an id must be (RFC 4287 §4.2.6)."""
    return re.fullmatch(r"[a-z][a-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", value) is not None


def is_rfc3339(value: str) -> bool:
    """Whether a value is a time in the format of Atom and JSON Feed."""
    written = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", value) is not None
    return written and datetime.fromisoformat(value).tzinfo is not None


def is_rfc822(value: str) -> bool:
    """Whether a value is a time in the format of RSS, with the correct weekday."""
    form = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d"
    if not re.fullmatch(form + r" [+-]\d{4}", value):
        return False
    return value.startswith(parsedate_to_datetime(value).strftime("%a"))


def is_media_type(value: str) -> bool:
    """RFC 6838 §4.2."""
    return re.fullmatch(r"[a-z0-9][\w!#$&^.+-]*/[a-z0-9][\w!#$&^.+-]*", value, re.IGNORECASE) is not None


_ELEMENTS = frozenset(
    "a abbr acronym address article aside b bdi big blockquote br caption center cite code col colgroup data dd del details dfn div dl "
    "dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q rp rt ruby s samp section "
    "small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
"""The HTML elements that the validator calls safe, except for media, forms and dialogs."""
_STYLES = frozenset(
    "width height margin padding border border-collapse white-space text-align font-weight max-width list-style-type".split()
)


def check_html(html: str, *, styled: bool = False) -> None:
    """Fails if a fragment is not safe, or depends on the address where it is read."""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    places = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(places)) == len(places)
    for element in root.iter():
        assert element.tag in _ELEMENTS, element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name != "class"
            if name == "style":
                assert styled
                assert {each.split(":")[0].strip() for each in value.split(";") if each.strip()} <= _STYLES
            if name in {"href", "src"}:
                local = value.startswith("#") and not styled and name == "href"
                assert value[1:] in places if local else re.match(r"(?:https?://|mailto:|tel:|sms:)\S+$", value), value
        if element.tag == "img":
            assert element.get("alt") is not None
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]", html)


_CHANNEL = frozenset("title link description language lastBuildDate generator docs image item".split())
_ITEM = frozenset("title link description category enclosure guid pubDate source".split())


def check_rss(feed: bytes, address: str = "") -> etree._Element:
    """Checks the feed against the specification and the profile of the RSS Advisory Board. Returns its channel."""
    root = etree.fromstring(feed)
    assert feed.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert root.tag == "rss"
    assert root.get("version") == "2.0"
    (channel,) = root
    for name in ("title", "link", "description", "language", "lastBuildDate", "generator"):
        assert one(channel, name).strip()
    assert {child.tag for child in channel if "{" not in child.tag} <= _CHANNEL
    at_most_one(
        channel, "docs", "image", "itunes:author", "itunes:explicit", "itunes:owner", "itunes:image", "fh:archive"
    )
    assert is_address(one(channel, "link"))
    assert language_flaw(one(channel, "language")) is None
    assert is_rfc822(one(channel, "lastBuildDate"))
    _check_links(channel, "application/rss+xml", address)
    for image in channel.findall("image"):
        _check_image(channel, image)
    items = channel.findall("item")
    assert list(channel)[len(channel) - len(items) :] == items  # metadata comes first
    guids = texts(channel, "item/guid")
    assert len(set(guids)) == len(guids) == len(items)
    styled = address.endswith("/campaign.xml")
    for item in items:
        check_item(item, styled=styled)
    _check_podcast(channel)
    _check_plain(feed)
    return channel


def _check_image(channel: etree._Element, image: etree._Element) -> None:
    assert one(image, "title") == one(channel, "title")
    assert one(image, "link") == one(channel, "link")
    assert is_address(one(image, "url"))
    assert re.search(r"\.(?:png|jpe?g|gif)$", one(image, "url"))
    for name, most in (("width", 144), ("height", 400)):
        assert all(0 < int(size) <= most for size in texts(image, name))


def check_item(item: etree._Element, *, styled: bool = False) -> None:
    """Checks one item."""
    tags = [child.tag for child in item]
    assert {tag for tag in tags if "{" not in tag} <= _ITEM  # no <author>, because it must contain an email address
    at_most_one(item, "description", "content:encoded", "enclosure", "source", "pubDate", "a:updated", "dc:language")
    assert one(item, "title").strip()
    assert is_address(one(item, "link"))
    assert is_rfc822(one(item, "pubDate"))
    encoded = "{http://purl.org/rss/1.0/modules/content/}encoded"
    if "description" in tags and encoded in tags:
        assert tags.index("description") < tags.index(encoded)
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"
    assert is_id(str(guid.text))
    assert all(is_rfc3339(moment) for moment in texts(item, "a:updated"))
    assert all(language_flaw(language) is None for language in texts(item, "dc:language"))
    assert all(category.strip() for category in texts(item, "category"))
    for enclosure in item.findall("enclosure"):
        assert is_address(enclosure.attrib["url"])
        assert enclosure.attrib["length"].isdigit()
        assert is_media_type(enclosure.attrib["type"])
    for source in item.findall("source"):
        assert is_address(source.attrib["url"])
    for html in texts(item, "content:encoded"):
        check_html(html, styled=styled)
    _check_pictures(item)


def _check_pictures(entry: etree._Element) -> None:
    for picture in (*entry.findall("media:thumbnail", NAMES), *entry.findall("media:content", NAMES)):
        assert is_address(picture.attrib["url"])
        assert int(picture.attrib["width"]) > 0
        assert int(picture.attrib["height"]) > 0


def _check_podcast(channel: etree._Element) -> None:
    """Checks the elements that podcast directories require of a feed with recordings."""
    if not channel.findall("itunes:explicit", NAMES):
        assert not channel.findall("item/itunes:duration", NAMES)
        return
    assert one(channel, "itunes:explicit") in {"true", "false"}
    assert one(channel, "itunes:type") in {"episodic", "serial"}
    assert "@" in one(channel, "itunes:owner/itunes:email")
    for category in channel.findall("itunes:category", NAMES):
        within = [each.attrib["text"] for each in category.findall("itunes:category", NAMES)]
        assert " > ".join([category.attrib["text"], *within]) in CATEGORIES
    for item in channel.findall("item"):
        assert all(int(seconds) > 0 for seconds in texts(item, "itunes:duration"))
        assert all(int(number) > 0 for number in texts(item, "itunes:episode"))
        assert bool(item.findall("itunes:title", NAMES)) == bool(item.findall("enclosure"))


def _check_plain(feed: bytes) -> None:
    """Plain text has `&` and `<` as hexadecimal numbers (RSS Best Practices Profile, “Character data”)."""
    for found in re.finditer(rb">([^<>]*)</([\w:]+)>", feed):
        html = found[2] in {b"description", b"content:encoded"}
        assert html or not re.search(rb"&(?:amp|lt);", found[1]), found[0]


_ONCE = ("a:id", "a:title", "a:updated")
_NOT_TWICE = ("a:subtitle", "a:generator", "a:icon", "a:logo", "a:rights", "fh:archive")


def check_atom(feed: bytes, address: str = "") -> etree._Element:
    """Checks the feed against RFC 4287. Returns its root."""
    root = etree.fromstring(feed)
    assert root.tag == f"{{{NAMES['a']}}}feed"
    assert language_flaw(root.attrib[LANG]) is None
    for name in _ONCE:
        assert one(root, name).strip()
    at_most_one(root, *_NOT_TWICE)
    assert is_id(one(root, "a:id"))
    assert is_rfc3339(one(root, "a:updated"))
    assert all(is_address(picture) for picture in (*texts(root, "a:logo"), *texts(root, "a:icon")))
    _check_links(root, "application/atom+xml", address)
    entries = root.findall("a:entry", NAMES)
    assert list(root)[len(root) - len(entries) :] == entries
    ids = texts(root, "a:entry/a:id")
    assert len({*ids, one(root, "a:id")}) == len(ids) + 1
    for entry in entries:
        check_entry(entry, has_author=root.find("a:author/a:name", NAMES) is not None)
    latest = [datetime.fromisoformat(moment) for moment in texts(root, "a:entry/a:updated")]
    assert not latest or datetime.fromisoformat(one(root, "a:updated")) >= max(latest)
    return root


def check_entry(entry: etree._Element, *, has_author: bool) -> None:
    """Checks one entry."""
    for name in (*_ONCE, "a:published"):
        assert one(entry, name).strip()
    at_most_one(entry, "a:summary", "a:content", "a:rights", "a:source")
    assert is_id(one(entry, "a:id"))
    moments = [one(entry, "a:published"), one(entry, "a:updated")]
    assert all(map(is_rfc3339, moments))
    assert has_author or entry.findall("a:author/a:name", NAMES)
    assert all(name.strip() for name in texts(entry, "a:author/a:name"))
    assert all(map(is_address, texts(entry, "a:author/a:uri")))
    assert all(category.attrib["term"].strip() for category in entry.findall("a:category", NAMES))
    assert LANG not in entry.attrib or language_flaw(entry.attrib[LANG]) is None
    for text in entry.xpath("a:title|a:summary|a:content", namespaces=NAMES):
        assert text.get("type", "text") in {"text", "html"}
        assert len(text) == 0
    for summary in entry.findall("a:summary", NAMES):
        assert summary.get("type") == "html" or not re.search(r"</\w", str(summary.text))
    for html in texts(entry, "a:content"):
        check_html(html)
    links = entry.findall("a:link", NAMES)
    assert [link.get("rel") for link in links].count("alternate") == 1
    for link in links:
        assert link.attrib["rel"] in {"alternate", "enclosure", "via", "related"}
        assert is_address(link.attrib["href"])
        assert is_media_type(link.attrib["type"])
        assert link.get("length", "1").isdigit()
    _check_pictures(entry)


def _check_links(feed: etree._Element, media_type: str, address: str) -> None:
    """RFC 4287 §4.2.7, RFC 5005 §4, WebSub §4."""
    links = [dict(link.attrib) for link in feed.findall("a:link", NAMES)]
    assert all(is_address(str(link["href"])) for link in links)
    rels = [link.get("rel") for link in links]
    assert set(rels) <= {"self", "alternate", "hub", "current", "prev-archive", "next-archive"}
    (myself,) = [link for link in links if link["rel"] == "self"]
    assert myself["type"] == media_type
    assert not address or myself["href"] == address
    for rel in ("alternate", "current", "prev-archive", "next-archive"):
        assert rels.count(rel) <= 1
    archive = feed.find("fh:archive", NAMES) is not None
    assert archive == ("current" in rels)  # §4: an archive names its feed, and that feed is not an archive
    assert archive or "next-archive" not in rels
    assert not (archive and "hub" in rels)
    for link in links:
        assert link["rel"] not in {"current", "prev-archive", "next-archive"} or link["type"] == media_type
        assert not address or link["rel"] not in {"prev-archive", "next-archive"} or link["href"] != address


def check_json(feed: bytes, address: str = "") -> Any:
    """Checks the feed against JSON Feed 1.1. Returns it."""
    read = json.loads(feed.decode())
    jsonschema.validate(read, _SCHEMA)
    assert not address or read["feed_url"] == address
    assert read.get("next_url", "") != read["feed_url"]
    ids = [item["id"] for item in read["items"]]
    assert len(set(ids)) == len(ids)
    for item in read["items"]:
        _all(is_rfc3339, (item[name] for name in ("date_published", "date_modified") if name in item))
        _all(is_address, (item[name] for name in ("url", "external_url", "image") if name in item))
        assert item.get("content_html") or item.get("content_text")
        check_html(item.get("content_html", ""))
        for attachment in item.get("attachments", ()):
            assert is_address(attachment["url"])
            assert is_media_type(attachment["mime_type"])
        _all(lambda language: language_flaw(language) is None, [item["language"]] if "language" in item else [])
    return read


def _all(holds: Callable[[str], bool], values: Iterable[str]) -> None:
    for value in values:
        assert holds(value), value
