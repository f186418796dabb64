"""Cross-posts: every output names the first publication for readers, search engines and feed readers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import feedparser
import pytest
from lxml import etree, html

from newsletter.bundled import templates_folder
from newsletter.cli import run

if TYPE_CHECKING:
    from pathlib import Path

ORIGINAL = "https://tide.example/high-water"
BLOCK = f"{{url: {ORIGINAL}, title: High water, publication: The Tide}}"
LANGUAGES = sorted(path.stem for path in (templates_folder() / "theme" / "strings").glob("*.yaml"))


class Outputs:
    """The outputs of one issue, built by the usual commands."""

    def __init__(self, root: Path) -> None:
        self.email = (root / "build/letter/email.html").read_text()
        self.text = (root / "build/letter/email.txt").read_text()
        self.page = (root / "public/letter/index.html").read_text()
        self.rss = (root / "feeds/rss.xml").read_bytes()
        self.atom = (root / "feeds/atom.xml").read_bytes()
        self.json = json.loads((root / "feeds/feed.json").read_text())

    @property
    def canonical(self) -> list[str]:
        return html.fromstring(self.page).xpath("//link[@rel='canonical']/@href")

    @property
    def entry(self) -> str:
        return str(self.json["items"][0]["content_html"])


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")

    def build(front: str, language: str = "en") -> Outputs:
        (tmp_path / "newsletter.yaml").write_text(
            "title: Letters\nurl: https://letters.example/\nsender: {name: Letters, email: a@letters.example}\n"
            f"kind: letter\naddress: Sluisweg 7, Ghent\nlanguage: {language}\n"
        )
        (tmp_path / "templates/letter").mkdir(parents=True, exist_ok=True)
        (tmp_path / "templates/letter/house.yaml").write_text("name: Letter\n")
        (tmp_path / "issues").mkdir(exist_ok=True)
        letter = f"---\ntitle: The flood\ndate: 2026-01-31\n{front}---\n\nWords of the letter.\n"
        (tmp_path / "issues/letter.md").write_text(letter)
        assert run(["-C", str(tmp_path), "build"]) == 0
        return Outputs(tmp_path)

    return build


def shown(markup: str) -> str:
    return " ".join(html.fromstring(markup).text_content().split())


def test_a_cross_post_names_its_first_publication_in_every_output(built):
    outputs = built(f"original: {BLOCK}\n")
    notice = "First published in The Tide as “High water”"
    for markup in (outputs.email, outputs.page, outputs.entry):
        assert notice in shown(markup)
        assert html.fromstring(markup).xpath(f"//a[@href='{ORIGINAL}']/text()") == ["High water"]
    assert f"{notice}\n{ORIGINAL}\n" in outputs.text


@pytest.mark.parametrize(
    ("front", "notice", "label"),
    [
        (f"original: {ORIGINAL}\n", "First published at tide.example", "tide.example"),
        (f"original: {{url: {ORIGINAL}}}\n", "First published at tide.example", "tide.example"),
        (f"original: {{url: {ORIGINAL}, publication: The Tide}}\n", "First published in The Tide", "The Tide"),
        (f"original: {{url: {ORIGINAL}, publication: A & B <i>}}\n", "First published in A & B <i>", "A & B <i>"),
        # The issue's own title is not repeated.
        (f"original: {{url: {ORIGINAL}, title: the Flood, publication: The Tide}}\n", "in The Tide", "The Tide"),
        (f"original: {{url: {ORIGINAL}, title: High water}}\n", "at tide.example as “High water”", "High water"),
        (f"original: {{url: {ORIGINAL}, title: 007, publication: 2026-01-01}}\n", "in 2026-01-01 as “007”", "007"),
        (
            "original: https://www.xn--mnchen-3ya.example/flut\n",
            "First published at münchen.example",
            "münchen.example",
        ),
        ("original: https://münchen.example/flut\n", "First published at münchen.example", "münchen.example"),
    ],
)
def test_the_notice_has_only_the_known_facts(front: str, notice: str, label: str, built):
    outputs = built(front)
    for markup in (outputs.email, outputs.page, outputs.entry):
        assert notice in shown(markup)
        assert "as “”" not in shown(markup)
        assert label in html.fromstring(markup).xpath("//a/text()")
    assert notice in outputs.text


def test_a_publication_without_an_address_is_named_without_a_link(built):
    outputs = built("original: {publication: The Tide}\n")
    assert "First published in The Tide" in shown(outputs.page)
    assert outputs.canonical == ["https://letters.example/letter/"]
    assert "external_url" not in outputs.json["items"][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_is_translated_in_every_language(language: str, built):
    outputs = built(f"original: {BLOCK}\n", language)
    english = language.partition("-")[0] == "en"
    for markup in (outputs.email, outputs.page, outputs.entry):
        output = shown(markup)
        assert "The Tide" in output
        assert "High water" in output
        assert ("First published" in output) == english
    assert "{" not in shown(outputs.entry)


@pytest.mark.parametrize(
    ("front", "address"),
    [
        ("", "https://letters.example/letter/"),
        (f"original: {BLOCK}\n", ORIGINAL),
        (f"original: {ORIGINAL}\n", ORIGINAL),
        ("canonical: https://tide.example/a?b=1&c=2\n", "https://tide.example/a?b=1&c=2"),
        (f"original: {BLOCK}\ncanonical: https://tide.example/first\n", "https://tide.example/first"),
        ("canonical: https://tide.example/hôtel\n", "https://tide.example/h%C3%B4tel"),
        # Something that is not a web address is not linked; `check` reports it.
        ("canonical: javascript:alert(1)\n", "https://letters.example/letter/"),
        ("original: tide.example/high-water\n", "https://letters.example/letter/"),
        ("canonical: /elsewhere/\n", "https://letters.example/letter/"),
    ],
)
def test_the_canonical_address_is_that_of_the_original(front: str, address: str, built):
    assert built(front).canonical == [address]


def test_a_canonical_address_alone_gives_no_notice(built):
    outputs = built("canonical: https://tide.example/first\n")
    assert "First published" not in outputs.email + outputs.page + outputs.text + outputs.entry
    assert "external_url" not in outputs.json["items"][0]
    assert b"<source" not in outputs.rss


def test_each_feed_format_names_the_source(built):
    outputs = built(f"original: {BLOCK}\n")
    entry = etree.fromstring(outputs.atom).find("{*}entry")
    links = {link.get("rel"): link for link in entry.findall("{*}link")}
    assert links["via"].attrib == {"rel": "via", "type": "text/html", "href": ORIGINAL, "title": "High water"}
    assert links["alternate"].get("href") == "https://letters.example/letter/", "where to read it is here"
    item = etree.fromstring(outputs.rss).find("channel/item")
    assert (item.findtext("source"), item.find("source").get("url")) == ("The Tide", ORIGINAL)
    assert item.findtext("{http://purl.org/dc/elements/1.1/}source") == ORIGINAL
    (found,) = outputs.json["items"]
    assert (found["external_url"], found["url"]) == (ORIGINAL, "https://letters.example/letter/")
    for feed in (outputs.rss, outputs.atom):
        assert not feedparser.parse(feed).bozo


def test_linked_data_names_the_original(built):
    page = html.fromstring(built(f"original: {BLOCK}\n").page)
    data = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])
    work = {"@type": "CreativeWork", "url": ORIGINAL, "name": "High water"}
    assert data["isBasedOn"] == {**work, "isPartOf": {"@type": "Periodical", "name": "The Tide"}}
