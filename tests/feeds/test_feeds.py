"""The feeds: what is in them, and that the strictest readers take them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newsletter.config.publication import FeedSettings, Publication, Sender
from newsletter.errors import UsageError
from newsletter.feeds import FeedFormat, main_document, write_document
from newsletter.feeds.base import clean
from newsletter.feeds.identity import FeedLogo
from newsletter.model import Enclosure, ImageFile, Published
from tests.feeds.rules import LANG, NAMES, check_atom, check_json, check_rss, one, texts

if TYPE_CHECKING:
    from collections.abc import Sequence


def written_as(form: FeedFormat):
    """The feed of all issues in a format."""

    def write(publication: Publication, issues: Sequence[Published], logo: FeedLogo | None = None) -> bytes:
        return write_document(publication, main_document(publication, issues, form), logo=logo)

    return write


rss, atom, json_feed = map(written_as, FeedFormat)
BRUSSELS = ZoneInfo("Europe/Brussels")
PUBLICATION = Publication(
    title="The Lock Keeper",
    url="https://letters.example/lock-keeper/",
    sender=Sender("Jane Roe", "jane@letters.example"),
    description="Rivers, canals & ports",
    feeds=FeedSettings(tag="letters.example,2024"),
)


def issue(number: int, **fields: object) -> Published:
    """The issue of the first of a month of 2024."""
    date = datetime(2024, number, 1, 7, 30, tzinfo=BRUSSELS)
    plain = Published(
        id=f"tag:letters.example,2024:2024-{number:02}-01",
        slug=f"letter-{number}",
        url=f"https://letters.example/lock-keeper/letter-{number}/",
        title=f"Letter {number}",
        date=date,
        updated=date,
        number=number,
        summary=f"Lifts < locks & letter {number}",
        html=f"<p>Letter {number}: 1 &lt; 2 &amp; so on</p>\n<p>More.</p>",
    )
    return replace(plain, **fields)


def full_issue(number: int) -> Published:
    return issue(
        number,
        updated=datetime(2024, number, 3, 12, tzinfo=BRUSSELS),
        authors=("Jane Roe", "Jan Smit"),
        tags=("locks", "lifts & inclines", "locks"),
        language="nl-BE",
        cover=ImageFile("issues/x/cover.jpg", "cover-0a1b2c3d.jpg", 560, 315, "image/jpeg"),
        enclosures=(
            Enclosure("https://letters.example/a.mp3", "audio/mpeg", 12345),
            Enclosure("https://letters.example/b.ogg", "audio/ogg"),
        ),
    )


ISSUES = (issue(2), full_issue(3), issue(1, html="", summary=""))
LOGO = FeedLogo("https://letters.example/lock-keeper/logo.png", 144, 60)


@pytest.mark.parametrize("logo", [None, LOGO])
@pytest.mark.parametrize("issues", [(), ISSUES])
def test_every_feed_is_valid_by_the_strictest_rules(issues: tuple[Published, ...], logo: FeedLogo | None):
    check_rss(rss(PUBLICATION, issues, logo=logo))
    check_atom(atom(PUBLICATION, issues, logo=logo))
    check_json(json_feed(PUBLICATION, issues, logo=logo))


@pytest.mark.parametrize("write", [rss, atom])
def test_feedparser_reads_every_entry_without_complaint(write):
    feed = feedparser.parse(write(PUBLICATION, ISSUES))
    assert feed.bozo is False
    assert [entry.title for entry in feed.entries] == ["Letter 3", "Letter 2", "Letter 1"]
    assert feed.feed.link == PUBLICATION.url
    assert feed.entries[0].link == "https://letters.example/lock-keeper/letter-3/"
    assert feed.entries[0].content[0].value.startswith("<p>Letter 3: 1 &lt; 2 &amp; so on</p>")
    assert [author.name for author in feed.entries[0].authors] == ["Jane Roe", "Jan Smit"]


texts_of_any_kind = st.text(st.characters(codec=None), max_size=40)


@given(title=texts_of_any_kind, html=texts_of_any_kind, tag=texts_of_any_kind, author=texts_of_any_kind)
def test_no_text_makes_a_feed_that_cannot_be_read(title: str, html: str, tag: str, author: str):
    one_issue = issue(1, title=title, summary=title, html=f"<p>{escape(html)}</p>", tags=(tag,), authors=(author,))
    named = replace(PUBLICATION, title=f"x {title}", description=title)
    check_rss(rss(named, [one_issue]))
    check_atom(atom(named, [one_issue]))
    check_json(json_feed(named, [one_issue]))


@given(html=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1))
def test_every_feed_has_the_full_text_unchanged(html: str):
    one_issue = issue(1, html=html, summary="")
    assert texts(etree.fromstring(rss(PUBLICATION, [one_issue])), "channel/item/description") == [html]
    assert texts(etree.fromstring(atom(PUBLICATION, [one_issue])), "a:entry/a:content") == [html]
    assert json.loads(json_feed(PUBLICATION, [one_issue]))["items"][0]["content_html"] == html


# ── What is in them ─────────────────────────────────────────────────────────────────────────────────────────────────


def titles(write, publication: Publication, issues: list[Published]) -> list[str]:
    written = write(publication, issues)
    if write is json_feed:
        return [item["title"] for item in json.loads(written)["items"]]
    return texts(etree.fromstring(written), "channel/item/title" if write is rss else "a:entry/a:title")


@pytest.mark.parametrize("write", [rss, atom, json_feed])
def test_the_newest_issues_come_first_up_to_the_configured_number(write):
    publication = replace(PUBLICATION, feeds=FeedSettings(entries=3, tag="letters.example,2024"))
    issues = [issue(number) for number in (4, 1, 5, 2, 3)]
    assert titles(write, publication, issues) == ["Letter 5", "Letter 4", "Letter 3"]


@pytest.mark.parametrize("write", [rss, atom, json_feed])
def test_issues_at_the_same_time_are_ordered_by_number(write):
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    issues = [issue(number, date=moment) for number in (2, 3, 1)]
    assert titles(write, PUBLICATION, issues) == ["Letter 3", "Letter 2", "Letter 1"]


@pytest.mark.parametrize("write", [rss, atom, json_feed])
def test_the_order_in_which_issues_are_given_changes_no_byte(write):
    assert write(PUBLICATION, ISSUES) == write(PUBLICATION, ISSUES[::-1])


@pytest.mark.parametrize("write", [rss, atom, json_feed])
def test_two_issues_of_one_id_are_refused_with_both_named(write):
    with pytest.raises(UsageError, match="letter-2 and letter-1"):
        write(PUBLICATION, [issue(1), issue(2, id=issue(1).id)])


def test_a_feed_was_updated_when_its_latest_revision_was():
    revised = issue(1, updated=datetime(2024, 8, 9, 10, tzinfo=UTC))
    channel = check_rss(rss(PUBLICATION, [revised, issue(2)]))
    assert one(channel, "lastBuildDate") == "Fri, 09 Aug 2024 10:00:00 +0000"
    assert one(check_atom(atom(PUBLICATION, [revised, issue(2)])), "a:updated") == "2024-08-09T10:00:00+00:00"


def test_a_feed_without_issues_carries_no_time_of_day():
    assert one(check_rss(rss(PUBLICATION, [])), "lastBuildDate") == "Thu, 01 Jan 1970 00:00:00 +0000"
    assert one(check_atom(atom(PUBLICATION, [])), "a:updated") == "1970-01-01T00:00:00+00:00"


def test_each_feed_names_its_own_address_and_that_of_the_site():
    home = PUBLICATION.url
    channel = check_rss(rss(PUBLICATION, ISSUES))
    assert one(channel, "link") == home
    assert channel.find("a:link", NAMES).get("href") == home + "feeds/rss.xml"
    links = {
        link.get("rel"): link.get("href") for link in check_atom(atom(PUBLICATION, ISSUES)).findall("a:link", NAMES)
    }
    assert links == {"self": home + "feeds/atom.xml", "alternate": home}
    feed = json.loads(json_feed(PUBLICATION, ISSUES))
    assert (feed["feed_url"], feed["home_page_url"]) == (home + "feeds/feed.json", home)


def test_a_summary_reads_the_same_in_every_feed():
    item = check_rss(rss(PUBLICATION, ISSUES)).findall("item")[0]
    assert one(item, "description") == "Lifts &lt; locks &amp; letter 3"  # HTML by convention
    entry = check_atom(atom(PUBLICATION, ISSUES)).findall("a:entry", NAMES)[0]
    assert one(entry, "a:summary") == "Lifts < locks & letter 3"  # plain text
    assert json.loads(json_feed(PUBLICATION, ISSUES))["items"][0]["summary"] == "Lifts < locks & letter 3"


def test_the_full_text_is_html_in_every_feed_and_never_cdata():
    item = check_rss(rss(PUBLICATION, ISSUES)).findall("item")[0]
    assert one(item, "content:encoded") == issue(3).html
    content = check_atom(atom(PUBLICATION, ISSUES)).find("a:entry/a:content", NAMES)
    assert (content.get("type"), content.text) == ("html", issue(3).html)
    assert b"CDATA" not in rss(PUBLICATION, ISSUES) + atom(PUBLICATION, ISSUES)


def test_atom_carries_every_enclosure_and_rss_the_first():
    entry = check_atom(atom(PUBLICATION, ISSUES)).findall("a:entry", NAMES)[0]
    enclosures = [dict(link.attrib) for link in entry.findall("a:link", NAMES) if link.get("rel") == "enclosure"]
    assert enclosures == [
        {"rel": "enclosure", "type": "audio/mpeg", "href": "https://letters.example/a.mp3", "length": "12345"},
        {"rel": "enclosure", "type": "audio/ogg", "href": "https://letters.example/b.ogg"},
    ]
    item = check_rss(rss(PUBLICATION, ISSUES)).findall("item")[0]
    assert [dict(found.attrib) for found in item.findall("enclosure")] == [
        {"url": "https://letters.example/a.mp3", "type": "audio/mpeg", "length": "12345"}
    ]
    assert json.loads(json_feed(PUBLICATION, ISSUES))["items"][0]["attachments"] == [
        {"url": "https://letters.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12345},
        {"url": "https://letters.example/b.ogg", "mime_type": "audio/ogg"},
    ]


def test_authors_tags_cover_and_language_are_in_the_feed():
    item = check_rss(rss(PUBLICATION, ISSUES)).findall("item")[0]
    assert texts(item, "dc:creator") == ["Jane Roe", "Jan Smit"]
    assert texts(item, "category") == ["locks", "lifts & inclines"]
    assert one(item, "dc:language") == "nl-BE"
    assert item.find("media:thumbnail", NAMES).get("url") == issue(3).url + "cover-0a1b2c3d.jpg"
    entries = check_atom(atom(PUBLICATION, ISSUES)).findall("a:entry", NAMES)
    assert texts(entries[0], "a:author/a:name") == ["Jane Roe", "Jan Smit"]
    assert [category.get("term") for category in entries[0].findall("a:category", NAMES)] == [
        "locks",
        "lifts & inclines",
    ]
    assert [entry.get(LANG) for entry in entries] == ["nl-BE", None, None]
    first = json.loads(json_feed(PUBLICATION, ISSUES))["items"][0]
    assert first["image"] == issue(3).url + "cover-0a1b2c3d.jpg"
    assert first["tags"] == ["locks", "lifts & inclines"]
    assert first["language"] == "nl-BE"


def test_an_issue_without_text_is_still_an_entry():
    empty = issue(1, html="", summary="")
    assert len(check_rss(rss(PUBLICATION, [empty])).findall("item")) == 1
    assert len(check_atom(atom(PUBLICATION, [empty])).findall("a:entry", NAMES)) == 1
    assert json.loads(json_feed(PUBLICATION, [empty]))["items"][0]["content_text"] == "Letter 1"


def test_addresses_are_written_in_ascii():
    abroad = replace(PUBLICATION, url="https://bücher.example/brücken/")
    channel = check_rss(rss(abroad, [issue(1, url="https://bücher.example/brücken/höhe 1/")]))
    assert one(channel, "link") == "https://xn--bcher-kva.example/br%C3%BCcken/"
    assert one(channel, "item/link") == "https://xn--bcher-kva.example/br%C3%BCcken/h%C3%B6he%201/"


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (datetime(1920, 5, 1, 12, tzinfo=ZoneInfo("Europe/Amsterdam")), "1920-05-01T11:40:32+00:00"),
        (datetime(2024, 5, 1, 12, 0, 0, 250, tzinfo=ZoneInfo("Asia/Kolkata")), "2024-05-01T12:00:00+05:30"),
    ],
)
def test_times_keep_their_offset_if_the_format_allows_it(date: datetime, written: str):
    old = issue(1, date=date, updated=date)
    published = one(check_atom(atom(PUBLICATION, [old])), "a:entry/a:published")
    assert datetime.fromisoformat(published) - date < timedelta(seconds=1)
    assert (published[-6:] == "+00:00") == (written[-6:] == "+00:00")
    check_rss(rss(PUBLICATION, [old]))


def test_a_publication_without_a_tag_uri_uses_its_address_as_id():
    untagged = replace(PUBLICATION, feeds=FeedSettings())
    assert one(check_atom(atom(untagged, ISSUES)), "a:id") == PUBLICATION.url


def test_feeds_kept_in_git_change_only_where_an_issue_does():
    before = rss(PUBLICATION, [issue(1), issue(2)]).splitlines()
    after = rss(PUBLICATION, [issue(1), issue(2, title="Retitled")]).splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [b"      <title>Retitled</title>"]


def test_importing_the_feeds_does_not_import_feedgen():
    code = "import sys, newsletter.feeds; print([name for name in sys.modules if name.startswith(('feedgen', 'lxml'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e"])
def test_a_line_separator_keeps_two_words_apart(char: str):
    assert clean(f"one{char}two\x08three") == "one twothree"
