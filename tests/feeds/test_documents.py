"""Which feeds there are: the newest issues, the history in pages, and groups by tag, author and language."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.publication import FeedSettings, PodcastSettings, Publication, Sender
from newsletter.feeds import MAIN, FeedFormat, feed_documents, main_document, write_document
from newsletter.feeds.documents import address_of, folder_name
from newsletter.model import Enclosure, Published
from newsletter.names import portable_name, same_file_key
from tests.feeds.rules import check_atom, check_feed, check_json, check_rss, one, texts

PUBLICATION = Publication(
    title="The Lock Keeper",
    url="https://letters.example/",
    sender=Sender("Jane Roe", "jane@letters.example"),
    language="en",
    feeds=FeedSettings(tag="letters.example,2024"),
)
FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def issue(number: int, **fields: object) -> Published:
    """The issue of the week of that number."""
    date = FIRST + timedelta(weeks=number)
    plain = Published(
        id=f"tag:letters.example,2024:{number}",
        slug=f"letter-{number}",
        url=f"https://letters.example/letter-{number}/",
        title=f"Letter {number}",
        date=date,
        updated=date,
        number=number,
        html=f"<p>Letter {number}</p>",
    )
    return replace(plain, **fields)


def with_feeds(**settings: object) -> Publication:
    return replace(PUBLICATION, feeds=replace(PUBLICATION.feeds, **settings))


def documents(publication: Publication, issues: list[Published], form: FeedFormat = FeedFormat.ATOM):
    return {each.path: each for each in feed_documents(publication, issues) if each.form is form}


def ids(document) -> list[str]:
    return [entry.id for entry in document.entries]


# ── The history (RFC 5005 §4) ───────────────────────────────────────────────────────────────────────────────────────


def walked(publication: Publication, issues: list[Published], form: FeedFormat) -> list[str]:
    """The ids that a reader has who goes from the feed back to its beginning, newest first."""
    known = documents(publication, issues, form)
    at, found = f"feeds/{form}", []
    while at:
        found += [each for each in ids(known[at]) if each not in found]
        at = known[at].previous
    return found


@pytest.mark.parametrize("form", FeedFormat)
@given(count=st.integers(0, 70), entries=st.integers(1, 30))
def test_following_the_history_gives_every_issue(form: FeedFormat, count: int, entries: int):
    issues = [issue(number) for number in range(count)]
    assert set(walked(with_feeds(entries=entries), issues, form)) == {each.id for each in issues}


@given(count=st.integers(0, 70), entries=st.integers(1, 30))
def test_a_page_of_the_history_never_changes(count: int, entries: int):
    publication = with_feeds(entries=entries)
    issues = [issue(number) for number in range(count + 1)]
    before, after = documents(publication, issues[:-1]), documents(publication, issues)
    for path, page in before.items():
        if page.current:
            assert ids(after[path]) == ids(page)
            assert after[path].previous == page.previous


def test_few_issues_have_no_history():
    issues = [issue(number) for number in range(20)]
    assert {each.path for each in feed_documents(PUBLICATION, issues)} == set(MAIN)


def test_pages_lead_to_each_other_and_to_their_feed():
    known = documents(PUBLICATION, [issue(number) for number in range(65)])
    feed, first, second, third = (
        known[path] for path in ("feeds/atom.xml", *(f"feeds/archive/atom-000{number}.xml" for number in (1, 2, 3)))
    )
    assert [feed.previous, third.previous, second.previous, first.previous] == [third.path, second.path, first.path, ""]
    assert [first.following, second.following, third.following] == [second.path, third.path, ""]
    assert {first.current, second.current, third.current} == {feed.path}
    assert ids(first) == [issue(number).id for number in range(19, -1, -1)]


def test_every_page_is_valid_and_one_feed_with_the_others():
    issues = [issue(number) for number in range(45)]
    written = {each.path: write_document(PUBLICATION, each) for each in feed_documents(PUBLICATION, issues)}
    for path, content in written.items():
        check_feed(content, address_of(PUBLICATION, path))
    pages = [check_atom(written[path]) for path in ("feeds/atom.xml", "feeds/archive/atom-0001.xml")]
    assert one(pages[0], "a:id") == one(pages[1], "a:id")
    assert (
        check_rss(written["feeds/archive/rss-0002.xml"]).find(
            "fh:archive", {"fh": "http://purl.org/syndication/history/1.0"}
        )
        is not None
    )
    assert check_json(written["feeds/feed.json"])["next_url"] == "https://letters.example/feeds/archive/feed-0002.json"


def test_pages_of_another_size_have_other_addresses():
    issues = [issue(number) for number in range(45)]
    small = {path for path in documents(with_feeds(entries=10), issues) if "archive" in path}
    assert small == {f"feeds/archive-10/atom-000{number}.xml" for number in range(1, 5)}


def test_a_revised_old_issue_returns_to_the_feed():
    issues = [issue(number) for number in range(45)]
    issues[3] = replace(issues[3], updated=issues[40].date)
    issues[4] = replace(issues[4], updated=issues[4].date + timedelta(days=1))  # long before what the feed has
    feed = documents(PUBLICATION, issues)["feeds/atom.xml"]
    assert ids(feed)[-2:] == [issue(25).id, issue(3).id]
    assert issue(4).id not in ids(feed)


# ── Groups ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_groups_have_feeds_if_they_are_configured():
    issues = [
        issue(1, tags=("Canals", "locks"), authors=("Jane Roe",), language="nl"),
        issue(2, tags=("canals",), authors=("Jane Roe", "Jan Smit")),
        issue(3),
    ]
    assert set(documents(PUBLICATION, issues)) == {"feeds/atom.xml"}
    known = documents(with_feeds(by=("tag", "author", "language")), issues)
    assert {path: len(each.entries) for path, each in known.items() if each.group} == {
        "feeds/tag/canals/atom.xml": 2,
        "feeds/tag/locks/atom.xml": 1,
        "feeds/author/jan-smit/atom.xml": 1,
        "feeds/author/jane-roe/atom.xml": 2,
        "feeds/language/en/atom.xml": 2,
        "feeds/language/nl/atom.xml": 1,
    }


def test_a_group_has_its_own_title_and_id():
    issues = [issue(1, tags=("Canals",), language="nl"), issue(2, tags=("Canals",))]
    publication = with_feeds(by=("tag", "language"))
    known = documents(publication, issues)
    feed = check_atom(write_document(publication, known["feeds/tag/canals/atom.xml"]))
    assert one(feed, "a:title") == "The Lock Keeper: Canals"
    assert one(feed, "a:id") == "tag:letters.example,2024:tag/canals/"
    dutch = check_rss(
        write_document(publication, documents(publication, issues, FeedFormat.RSS)["feeds/language/nl/rss.xml"])
    )
    assert one(dutch, "language") == "nl"
    assert texts(dutch, "item/dc:language") == []


def test_a_group_holds_as_many_issues_as_a_feed_does():
    issues = [issue(number, tags=("locks",)) for number in range(30)]
    known = documents(with_feeds(by=("tag",), entries=5), issues)
    assert ids(known["feeds/tag/locks/atom.xml"]) == [issue(number).id for number in range(29, 24, -1)]


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300)


@given(one=names, other=names)
def test_two_names_share_a_folder_only_if_they_are_equal(one: str, other: str):
    folders = [folder_name(name) for name in (one, other)]
    alike = [" ".join(name.casefold().split()) for name in (one, other)]
    if same_file_key(folders[0]) == same_file_key(folders[1]) and alike[0].isascii() and alike[1].isascii():
        assert alike[0].replace(" ", "-") == alike[1].replace(" ", "-") or folders[0] == folders[1]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("C++", "C#"),
        ("C", "C++"),
        ("con", "con."),
        ("index", "Index!"),
        ("☕", "🍵"),
        ("..", "."),
        ("a" * 300, "a" * 301),
        ("a/b", "a b"),
    ],
)
def test_names_that_look_alike_in_addresses_are_distinguished(name: str, other: str):
    assert same_file_key(folder_name(name)) != same_file_key(folder_name(other))


@given(name=names)
def test_a_folder_is_safe_everywhere(name: str):
    folder = folder_name(name)
    assert folder
    assert portable_name(folder) == folder
    assert not set(folder) & set('/\\:*?"<>|#%&')
    assert len(folder.encode()) < 200
    assert folder not in {"index", "con", "..", "."}


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Canals", "canals"),
        ("open source", "open-source"),
        ("Open-Source", "open-source"),
        ("桥梁", "桥梁"),
        ("1 & 2", "1-2-4b70a3d6"),
    ],
)
def test_plain_names_stay_plain(name: str, folder: str):
    assert folder_name(name).startswith(folder.rpartition("-")[0] or folder)
    assert len(folder_name(name)) == len(folder)


def test_names_in_two_compositions_are_one():
    assert folder_name("cafe\u0301") == folder_name("caf\u00e9")


# ── Hubs, campaigns, podcasts ───────────────────────────────────────────────────────────────────────────────────────


def test_the_feeds_of_all_issues_name_their_hub():
    publication = with_feeds(hubs=("https://hub.example/",), by=("tag",), campaign="kit")
    issues = [issue(number, tags=("locks",)) for number in range(30)]
    for document in feed_documents(publication, issues):
        written = write_document(publication, document)
        assert (b"https://hub.example/" in written) == (document.path in MAIN)
        check_feed(written, address_of(publication, document.path))
    feed = json.loads(write_document(publication, main_document(publication, issues, FeedFormat.JSON)))
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_a_campaign_feed_has_its_own_text():
    publication = with_feeds(campaign="mailchimp")
    issues = [issue(1, enclosures=(Enclosure("https://letters.example/a.mp3", "audio/mpeg", 3),))]
    (document,) = (each for each in feed_documents(publication, issues) if each.campaign)
    channel = check_rss(
        write_document(publication, document, lambda _: "<p>For mail</p>"), address_of(publication, document.path)
    )
    assert document.path == "feeds/campaign.xml"
    assert texts(channel, "item/content:encoded") == [] or texts(channel, "item/content:encoded") == ["<p>For mail</p>"]
    assert channel.find("item/enclosure") is None  # services take it for the picture


def test_recordings_have_the_elements_that_podcast_directories_require():
    publication = with_feeds(podcast=PodcastSettings("Society & Culture > Documentary", explicit=True))
    heard = issue(2, enclosures=(Enclosure("https://letters.example/a.mp3", "audio/mpeg", 3, 660),))
    channel = check_rss(write_document(publication, main_document(publication, [issue(1), heard], FeedFormat.RSS)))
    assert one(channel, "itunes:explicit") == "true"
    assert one(channel, "item/itunes:duration") == "660"
    silent = check_rss(write_document(publication, main_document(publication, [issue(1)], FeedFormat.RSS)))
    assert silent.find("itunes:explicit", {"itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}) is None
