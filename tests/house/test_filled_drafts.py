"""The promise of `newsletter new`: a new draft has findings only at its hints, and none after they are filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from PIL import Image

from newsletter.bundled import templates_folder
from newsletter.check import check
from newsletter.diagnostics import Severity
from newsletter.hints import HINT
from newsletter.house.draft import draft_issue
from newsletter.house.load import load_house
from newsletter.house.match import is_heading_of
from newsletter.house.snippets import expand
from newsletter.language import load_language
from newsletter.markdown.parse import parse, parse_fragment
from newsletter.markdown.source import Source
from tests.house.filling import fill

NAME = "2024-01-31-the-end-of-the-road"
FOLDER = f"issues/{NAME}"
KINDS = ["briefing", "essay", "digest"]

EXACTING = """\
name: Exacting
front:
  title: {required: true, length: 5-60}
  mood: {required: true, choices: [calm, wild]}
  tags: {required: true, length: at least 1}
  cover: required
  weather: {required: true, fields: {sky: {required: true, length: 10-40}, sun: optional}}
opening: {required: true, words: 20-60}
sections:
  stories:
    heading: "Number {number}: {title}"
    figures: at least 2
    items: {count: 2-4, numbered: true, link: required, picture: required, categories: [Ports, Ships], words: 30-90}
  bullets:
    heading: ["Links of {date:d MMMM}{any}"]
    items: {shape: bullet, count: 3, link: required, author: required}
  leads:
    items: {shape: lead, count: 2-5, words: 15-40}
  numbered:
    heading: Numbered
    items: {shape: numbered, numbered: true, count: 2-5, link: required, words: 10-40}
  part:
    repeat: 2-3
    words: 40-90
figures: {caption: required, credit: required}
"""
SECTIONLESS = """\
name: Sectionless
contents: true
contents_of: categories
sections:
  stories:
    heading: none
    items: {count: 3-9, categories: [Ports, Ships], link: required, words: 10-40, last: {look: roundup, link: optional, entries: 3}}
  links: {heading: Links, items: {shape: bullet, count: 2}}
  farewell: {heading: none, words: 5-30}
"""
FRAMED = """\
name: Framed
begins: "Letter {number}, {date:MMMM do}:"
contains: {"No. {number}": 2}
ends: Until next month!
opening: {required: true, words: 20-60, ends: "Read on."}
sections:
  news: {heading: News, begins: In short., ends: That was it., words: 20-60}
  quote: {heading: "Quote of {date:MMMM}", level: 1, words: 10-60}
  stories: {heading: Stories, level: 3, items: {count: 2, numbered: true}}
  notes: {heading: Notes, items: {shape: numbered, numbered: true, title: 0, words: 5-30, count: 3}}
  leads: {heading: Leads, items: {shape: bullet, title: 0, words: 5-30, count: 2}}
groups:
  all: {heading: All of it, level: 2, sections: [stories]}
  end: {heading: The end, sections: []}
quotations: {source: required}
"""


@pytest.fixture(scope="session")
def language():
    return load_language("en", (templates_folder() / "theme",))


@pytest.fixture
def check_text(tmp_path, publication, language):
    """Findings in the text of an issue, by a house format."""
    (tmp_path / FOLDER).mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(tmp_path / FOLDER / "picture.jpg")

    def findings(text, house):
        source = Source(text, f"{FOLDER}/index.md")
        issue, found = parse(
            source,
            name=NAME,
            options=house.reading,
            default_kind=publication.kind,
            default_language="en",
            opens_section=partial(is_heading_of, house=house, language=language),
        )
        return check(
            issue, house, source=source, language=language, root=tmp_path, publication=publication, found=found
        )

    return findings


@pytest.fixture
def house_of(tmp_path, house_from):
    def load(kind):
        if text := {"exacting": EXACTING, "framed": FRAMED, "sectionless": SECTIONLESS}.get(kind):
            return replace(house_from(text)[0], kind=kind)
        return load_house(kind, (templates_folder(),), tmp_path)[0].latest

    return load


def drafted(house, publication, language, title="The end of the road"):
    day = date(2024, 1, 31)
    return draft_issue(house, publication, language, title=title, number=14, date=day, authors=("ann",))


@pytest.mark.parametrize("kind", [*KINDS, "exacting", "framed", "sectionless"])
def test_a_draft_filled_in_at_its_hints_has_no_finding(kind, house_of, check_text, publication, language):
    house = house_of(kind)
    text = fill(drafted(house, publication, language))
    found = check_text(text, house)
    # The inserted picture is a few pixels wide.
    assert [finding for finding in found if finding.code != "FG111"] == [], text


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_new_draft_only_its_hints_are_reported(kind, house_of, check_text, publication, language):
    house = house_of(kind)
    text = drafted(house, publication, language)
    found = check_text(text, house)
    hints = {finding.span.start for finding in found if finding.code == "ST112"}
    notes = text.index("<!--"), text.index("-->")
    expected = {hint.start() for hint in HINT.finditer(text) if not notes[0] < hint.start() < notes[1]}
    assert hints == expected
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", ["Issue #14: the *end*", "- <b>No</b>", "「終わり」", "🚗 \"'\\"])
def test_no_title_breaks_a_draft(kind, title, house_of, check_text, publication, language):
    house = house_of(kind)
    found = check_text(fill(drafted(house, publication, language, title=title)), house)
    # An unclosed quotation mark is reported correctly, and comes from the title.
    assert [finding for finding in found if finding.code != "TX102"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_bundled_snippets_have_no_finding(kind, house_of, publication, language):
    house = house_of(kind)
    source = Source(drafted(house, publication, language), "i.md")
    issue, _ = parse(source, name=NAME, options=house.reading)
    for matter in house.standing:
        text = expand(matter, issue, publication, language)
        assert text is not None
        blocks, found = parse_fragment(text, matter.path, house.reading)
        assert found == ()
        assert blocks


def test_snippets_that_invite_to_subscribe_need_an_address(house_of, publication, language):
    bare = replace(publication, subscribe_url="")
    source = Source("", "i.md")
    issue, _ = parse(source, name=NAME, options=house_of("essay").reading)
    left = {kind: [m.snippet for m in house_of(kind).standing if expand(m, issue, bare, language)] for kind in KINDS}
    assert left == {"briefing": ["tips"], "essay": [], "digest": []}


def test_filling_does_not_change_comments():
    text = fill("---\ndraft: true # x\n---\n<!-- TK(a) -->\nTK(b; 3–5 words)\n")
    assert text.startswith("---\n---\n<!-- TK(a) -->\n")
    assert len(text.splitlines()[-1].split()) == 3
