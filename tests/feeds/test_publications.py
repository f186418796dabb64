"""The feeds of whole publications, of every kind that there can be: valid, complete, and read by feedparser without complaint."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import feedparser
import pytest

from newsletter.cli import run
from newsletter.commands.feeds import write_feeds
from newsletter.config.load import load_workspace
from tests.feeds.rules import NAMES, check_atom, check_feed, check_rss, one, texts
from tests.judges import workspaces
from tests.sample_values import OPTIONS, with_every_feed

if TYPE_CHECKING:
    from collections.abc import Callable

WORKSPACES = Path(__file__).parents[1] / "workspaces"


def copied(name: str) -> Callable[[Path], None]:
    return lambda folder: shutil.copytree(WORKSPACES / name, folder, dirs_exist_ok=True) and None


PUBLICATIONS: dict[str, Callable[[Path], None]] = {
    "sample": workspaces.sample,
    "torture": workspaces.torture,
    "arabic": copied("arabic"),
    "chinese": copied("chinese"),
}
ASKED = "  entries: 2\n  by: [tag, author, language]\n  hubs: https://hub.example/\n  campaign: mailchimp\n"


@pytest.fixture(scope="module", params=PUBLICATIONS)
def publication(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose feeds of every kind are written."""
    root = tmp_path_factory.mktemp(request.param)
    PUBLICATIONS[request.param](root)
    settings = root / "newsletter.yaml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("\nfeeds:\n", f"\nfeeds:\n{ASKED}") if "\nfeeds:\n" in text else f"{text}\nfeeds:\n{ASKED}"
    settings.write_text(text, encoding="utf-8")
    assert write_feeds(root, now=workspaces.NOW).diagnostics == ()
    return root


def feeds_of(root: Path) -> dict[str, bytes]:
    """Every feed that is served, by its address."""
    url = load_workspace(root).publication.url
    served = (path for path in (root / "public/feeds").rglob("*") if path.suffix in {".xml", ".json"})
    return {url + path.relative_to(root / "public").as_posix(): path.read_bytes() for path in served}


def test_every_feed_is_valid_by_the_strictest_rules(publication: Path):
    feeds = feeds_of(publication)
    assert len(feeds) > 8
    for address, feed in feeds.items():
        check_feed(feed, quote(address, safe=":/%"))


def test_feedparser_reads_every_feed_without_complaint(publication: Path):
    for address, feed in feeds_of(publication).items():
        if address.endswith(".xml"):
            read = feedparser.parse(feed)
            assert read.bozo is False, address
            assert all(entry.link and entry.title and entry.id for entry in read.entries)


def test_the_three_formats_have_the_same_content(publication: Path):
    url = load_workspace(publication).publication.url
    feeds = feeds_of(publication)
    channel, feed = check_rss(feeds[f"{url}feeds/rss.xml"]), check_atom(feeds[f"{url}feeds/atom.xml"])
    items = json.loads(feeds[f"{url}feeds/feed.json"])["items"]
    ids = [item["id"] for item in items]
    assert texts(channel, "item/guid") == texts(feed, "a:entry/a:id") == ids
    bodies = [item.get("content_html", "") for item in items]
    assert [text for text in texts(feed, "a:entry/a:content") if text] == [text for text in bodies if text]


def test_an_entry_has_nothing_that_is_only_for_the_email(publication: Path):
    for feed in feeds_of(publication).values():
        text = unescape(feed.decode())
        assert not re.search(r"unsubscribe_url|view_in_browser|\ufdd0", text)


def test_footnotes_of_the_campaign_have_no_links(publication: Path):
    url = load_workspace(publication).publication.url
    channel = check_rss(feeds_of(publication)[f"{url}feeds/campaign.xml"], f"{url}feeds/campaign.xml")
    bodies = texts(channel, "item/content:encoded")
    assert bodies
    for body in bodies:
        assert not re.search(r'href="[^"]*#fn|<figure|<sup><a|↩', body)
        assert all("max-width:100%" in picture for picture in re.findall("<img[^>]*>", body))
    for item in channel.findall("item"):
        for picture in item.findall("media:content", NAMES):
            assert picture.get("medium") == "image"


def test_right_to_left_text_is_marked(publication: Path):
    """Readers of feeds go by nothing else."""
    for item in json.loads((publication / "public/feeds/feed.json").read_bytes())["items"]:
        language = item.get("language") or load_workspace(publication).publication.language
        assert item.get("content_html", "").startswith('<div dir="rtl" lang="ar') == language.startswith("ar")


def test_writing_again_changes_nothing(publication: Path):
    before = feeds_of(publication)
    again = write_feeds(publication, now=workspaces.NOW)
    assert again.written == ()
    assert feeds_of(publication) == before


def test_the_logo_is_beside_the_feeds(publication: Path):
    settings = load_workspace(publication).publication
    feed = check_atom((publication / "feeds/atom.xml").read_bytes())
    if settings.theme.logo:
        file = one(feed, "a:logo").removeprefix(settings.url)
        assert (publication / "public" / file).is_file()
    else:
        assert texts(feed, "a:logo") == []


@pytest.mark.parametrize(
    ("service", "tag"),
    [
        ("mailchimp", "*|FNAME|*"),
        ("kit", "{{ subscriber.first_name }}"),
        ("buttondown", "{% if x %}"),
        ("mailerlite", "{$name}"),
    ],
)
def test_a_campaign_feed_contains_nothing_that_its_service_reads_as_a_tag(service: str, tag: str, tmp_path: Path):
    assert run(["init", str(tmp_path), "--kind", "essay", *OPTIONS]) == 0
    with_every_feed(tmp_path)
    settings = tmp_path / "newsletter.yaml"
    settings.write_text(settings.read_text().replace("campaign: mailchimp", f"campaign: {service}"))
    (tmp_path / "issues").mkdir()
    text = f"---\ntitle: About `{tag}`\ndate: 2026-01-01\nsummary: x\n---\n\nWrite `{tag}` there.\n"
    (tmp_path / "issues/2026-01-01-tags.md").write_text(text)
    assert write_feeds(tmp_path, now=workspaces.NOW).diagnostics == ()
    item = check_rss((tmp_path / "public/feeds/campaign.xml").read_bytes()).find("item")
    assert item is not None
    body = one(item, "content:encoded")
    assert tag not in one(item, "title")
    assert tag not in body
    assert tag in unescape(body)
    assert tag in (tmp_path / "public/feeds/feed.json").read_text()
