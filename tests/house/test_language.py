"""Other keys of a house format: order, sets, groups, allowed differences, wording, links, text and pictures."""

from __future__ import annotations

import pytest

from newsletter.house.format import Bounds, LinkFormat, Need, Passage, PictureFormat, TextFormat

WHOLE = """\
file_name: "{date:yyyy-MM-dd}-{slug}"
front:
  number: {required: true, consecutive: true}
  title: {form: ["Letter {number}", "Letter {number}: {title}"]}
forgive: [case, quotes]
contains: {"<!-- more -->": 1}
opening: {contains: Welcome to Ports!}
sections:
  hello: {heading: any, place: first, forgive: nothing}
  news:
    heading: News
    contains: ["Next:", Later]
    items:
      shape: bullet
      title: at most 80
      length: 20-400
      full_stop: required
      credit: required
      bold: required
      links_to: [source, video]
  jobs: {heading: Jobs, forgive: all}
  events: {heading: Events}
  end: {heading: Until then, place: last}
order: [news, [jobs, events]]
sets:
  monthly: [jobs, events]
  more: {sections: [news, jobs], count: 2}
groups:
  inside: {heading: Inside, sections: [news, jobs]}
  outside: {heading: Outside, sections: [events], required: false}
spelling: {GitHub: [Github, github], e-mail: email}
avoid: {synergy: Say what it does., leverage: ""}
links:
  kinds: {source: [github.com, code.example/ports], video: youtube.com}
  repeats: [jobs, opening]
  http: true
text: {quotes: typographic, sentence: at most 40, paragraph: 5-150, placeholders: [XXX]}
figures: {weight: 500, width: 600, formats: [jpg, png]}
"""


@pytest.fixture
def house(house_from):
    house, faults = house_from(WHOLE)
    assert faults == ()
    return house


def test_names_and_numbers_have_patterns(house):
    fields = {field.name: field for field in house.fields}
    assert house.file_names == ("{date:yyyy-MM-dd}-{slug}",)
    assert fields["title"].forms == ("Letter {number}", "Letter {number}: {title}")
    assert fields["number"].consecutive
    assert house.consecutive


def test_sections_have_ranks_and_positions(house):
    assert [(section.key, section.rank, section.place) for section in house.sections] == [
        ("hello", None, "first"),
        ("news", 0, ""),
        ("jobs", 1, ""),
        ("events", 1, ""),
        ("end", None, "last"),
    ]
    assert house.sections[0].headings == ()


def test_allowed_differences_are_set_for_all_or_for_one_section(house):
    hello, news, jobs, *_ = house.sections
    assert news.forgive == {"case", "quotes"}
    assert jobs.forgive == {"case", "quotes", "dashes", "emoji"}
    assert hello.forgive == frozenset()


def test_passages_can_be_anywhere_in_the_opening_or_in_a_section(house):
    assert house.contains == (Passage("<!-- more -->", Bounds(1, 1)),)
    assert house.opening_contains == (Passage("Welcome to Ports!"),)
    assert house.sections[1].contains == (Passage("Next:"), Passage("Later"))


def test_the_form_of_items_is_read(house):
    items = house.sections[1].items
    assert (items.title, items.length) == (Bounds(None, 80), Bounds(20, 400))
    assert (items.full_stop, items.credit, items.bold) == (Need.REQUIRED,) * 3
    assert items.link_kinds == ("source", "video")


def test_sets_and_groups_name_their_sections(house):
    assert [(one.name, one.sections, one.count) for one in house.sets] == [
        ("monthly", ("jobs", "events"), Bounds(1, None)),
        ("more", ("news", "jobs"), Bounds(2, 2)),
    ]
    assert [(one.key, one.headings, one.sections, one.required) for one in house.groups] == [
        ("inside", ("Inside",), ("news", "jobs"), True),
        ("outside", ("Outside",), ("events",), False),
    ]


def test_words_links_text_and_pictures_are_read(house):
    assert house.wording.spelling == {"GitHub": ("Github", "github"), "e-mail": ("email",)}
    assert house.wording.avoid == {"synergy": "Say what it does.", "leverage": ""}
    kinds = {"source": ("github.com", "code.example/ports"), "video": ("youtube.com",)}
    assert house.links == LinkFormat(kinds, http=True, repeats=("jobs", "opening"))
    assert house.text == TextFormat("typographic", Bounds(None, 40), Bounds(5, 150), ("XXX",))
    assert house.pictures == PictureFormat(500, 600, ("jpg", "png"))


SECTION = "sections:\n  news: {heading: News}\n"
FAULTS = {
    "an order that is no order": ("HF012", "order: ⟦random⟧\n", "cannot be `random`"),
    "a section that is not there": ("HF108", SECTION + "order: [⟦nwes⟧]\n", "no section `nwes`"),
    "a section twice": ("HF103", SECTION + "order: [news, [⟦news⟧]]\n", "listed twice"),
    "an entry that is no key": ("HF012", SECTION + "order: [⟦5⟧]\n", "must be the key of a section"),
    "a set of unknown sections": ("HF108", SECTION + "sets: {a: [⟦nws⟧]}\n", "no section `nws`"),
    "more of a set than there are": ("HF101", SECTION + "sets: {a: {sections: [news], count: ⟦3⟧}}\n", "but has 1"),
    "a group without a heading": ("HF012", SECTION + "groups: {⟦a⟧: {sections: [news]}}\n", "has no heading"),
    "what cannot be forgiven": ("HF012", "forgive: [⟦colour⟧]\n", "not a known difference"),
    "two first sections": (
        "HF101",
        "sections:\n  a: {heading: A, place: first}\n  b: {heading: B, place: ⟦first⟧}\n",
        "cannot both be the first section",
    ),
    "an address for a domain": ("HF012", "links: {kinds: {source: [⟦https://github.com/⟧]}}\n", "not a domain"),
    "a kind of link that is not there": (
        "HF108",
        "sections:\n  n: {heading: N, items: {links_to: ⟦sauce⟧}}\n",
        "no kind of link `sauce`",
    ),
    "a spelling that is right and wrong": ("HF101", "spelling: {GitHub: ⟦GitHub⟧}\n", "listed as both right and wrong"),
    "a spelling of nothing": ("HF012", "spelling: {⟦GitHub⟧: []}\n", "no wrong spellings"),
    "a format of pictures": ("HF012", "figures: {formats: [⟦jpeg⟧]}\n", "not a picture format"),
    "a form": ("HF102", "file_name: ⟦'{slag}'⟧\n", "no field `{slag}`"),
    "a date that goes on": ("HF101", "front: {date: {consecutive: ⟦true⟧}}\n", "only `number` continues"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_the_only_finding_at_its_place(house_from, name):
    code, marked, message = FAULTS[name]
    start, text = marked.index("⟦"), marked.replace("⟦", "").replace("⟧", "")
    _, faults = house_from(text)
    assert [(fault.code, fault.span.start, fault.span.end) for fault in faults] == [
        (code, start, marked.index("⟧") - 1)
    ]
    assert message in faults[0].message
