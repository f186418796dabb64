"""The full text of an issue in feeds."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from newsletter.model import CodeBlock, Directive, Figure, HtmlBlock, Image, PersonalField
from newsletter.render.feed import render_feed
from newsletter.render.letter import Contents, ContentsEntry, SectionPart
from newsletter.tokens import OPEN
from tests.render import letters
from tests.render.letters import bare_letter, link, p, section, text


@pytest.fixture(scope="module")
def feed():
    return render_feed(letters.full_letter())


def test_the_text_is_a_well_formed_fragment(feed):
    ET.fromstring(f"<div>{feed}</div>")


def test_only_notes_have_ids_and_there_are_no_styles_scripts_or_classes(feed):
    assert not re.search(r"<(?:style|script|input|audio|form)|\s(?:style|class|on\w+)=", feed)
    assert all(
        re.fullmatch(r"fn(?:ref)?-[0-9a-f]{8}-\d+(?:-\d+)?", place) for place in re.findall(r'\sid="([^"]*)"', feed)
    )


def test_every_address_is_absolute_or_links_to_a_note_in_the_entry(feed):
    addresses = re.findall(r'(?:href|src)="([^"]*)"', feed)
    assert addresses
    assert all(re.match("https://|mailto:|#fn", address) for address in addresses)


def test_pictures_have_sizes(feed):
    assert '<img src="https://letters.example/tide-tables/barrier.jpg" alt="Two white steel gates' in feed
    assert feed.count('width="600" height="400"') == 1


def test_personal_fields_show_their_fallbacks(feed):
    assert "Dear reader, the tide" in feed
    assert "report?city=Ostend&amp;y=2026" in feed
    assert OPEN not in feed


def test_a_fallback_is_escaped():
    assert render_feed(bare_letter(p(PersonalField("name", "<b>")))) == "<p>&lt;b&gt;</p>"


def test_cover_and_standfirst_come_first(feed):
    assert feed.startswith("<p><em>A storm came in on the spring tide.")
    assert "<figcaption>Photo: Mara Lindqvist</figcaption>" in feed


def test_sections_and_items_are_headings(feed):
    assert "<h2>Sea news – March 2026</h2>" in feed
    assert '<h3>1. <a href="https://news.example/gates">Gates that close themselves</a></h3>' in feed


def test_contents_lists_are_left_out():
    contents = Contents((ContentsEntry(text("Only in contents"), "x", 1),), "Topics")
    letter = bare_letter(parts=(contents, SectionPart(section("S", p("x")), None, contents)))
    assert render_feed(letter) == "<h2>S</h2>\n<p>x</p>"


def test_notes_link_to_their_text_and_back_within_the_entry(feed):
    places = re.findall(r'\sid="([^"]*)"', feed)
    assert len(set(places)) == len(places) > 2
    assert {f"#{place}" for place in places} == set(re.findall(r'href="(#[^"]*)"', feed))
    assert "Measured at Ostend" in feed


def test_the_notes_of_two_issues_have_different_ids():
    one, other = (
        render_feed(replace(letters.full_letter(), page_url=f"https://letters.example/{slug}/")) for slug in "ab"
    )
    ids = [set(re.findall(r'\sid="([^"]*)"', feed)) for feed in (one, other)]
    assert not ids[0] & ids[1]


def test_audio_is_a_link(feed):
    assert '<a href="https://letters.example/tide-tables/tide.mp3">Listen to this letter</a>' in feed


def test_authors_are_named(feed):
    assert '<p><strong><a href="https://jona.example/">Jona Vermeer</a></strong> Writes about water.</p>' in feed


@pytest.mark.parametrize(("names", "shown"), [("feed", True), ("web feed", True), ("email", False), ("paid", False)])
def test_only_shows_its_content_in_the_given_outputs(names, shown):
    assert bool(render_feed(bare_letter(Directive("only", text(names), blocks=(p("x"),))))) is shown


def test_a_section_for_other_outputs_is_left_out():
    hidden = section("Mail only", Directive("only", text("email"), blocks=(p("x"),)))
    assert render_feed(bare_letter(parts=(SectionPart(hidden),))) == ""


def test_relative_addresses_are_resolved_from_the_page():
    letter = bare_letter(
        p(link("../y/", "a"), link("#b", "b"), link("?c", "c"), link("//x.example/", "d")), Figure(Image("e.png", ""))
    )
    assert re.findall(r'(?:href|src)="([^"]*)"', render_feed(letter)) == [
        "https://letters.example/y/",
        "https://letters.example/bare/#b",
        "https://letters.example/bare/?c",
        "https://x.example/",
        "https://letters.example/bare/e.png",
    ]


def test_an_empty_issue_gives_empty_text():
    assert render_feed(bare_letter()) == ""


def test_the_order_of_data_does_not_matter():
    letter = letters.full_letter()
    shuffled = replace(letter, images=dict(reversed(letter.images.items())))
    assert render_feed(shuffled) == render_feed(letter)


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ('<a href="/y/">y</a>', "https://letters.example/y/"),
        ('<a title="t" href="../y/?a&amp;b">y</a>', "https://letters.example/y/?a&amp;b"),
        ('<a href="#top">y</a>', "https://letters.example/bare/#top"),
        ('<a href="https://x.example/">y</a>', "https://x.example/"),
    ],
)
def test_addresses_in_the_authors_html_are_resolved_from_the_page(written, href):
    assert f'href="{href}"' in render_feed(bare_letter(HtmlBlock(f"<p>{written}</p>")))


def test_address_like_text_in_code_is_unchanged():
    code = CodeBlock('<a href="/y/">')
    assert 'href="/y/"' in render_feed(bare_letter(code, HtmlBlock('<p><a href="/y/">y</a></p>')))
