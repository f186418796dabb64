from __future__ import annotations

import pytest

from newsletter.model import Directive, Paragraph
from newsletter.walk import blocks_text, walk_blocks
from tests.markdown.reading import Read, short_text


def test_a_directive_has_its_argument_and_blocks():
    read = Read("::: callout Forwarded *this*?\nText.\n\n- a\n:::\n\nAfter.")
    directive, after = read.blocks
    assert (directive.name, short_text(directive.argument)) == ("callout", "Forwarded *this*?")
    assert [type(block).__name__ for block in directive.blocks] == ["Paragraph", "List"]
    assert short_text(after.inlines) == "After."
    assert read.cut(directive.span) == "::: callout Forwarded *this*?\nText.\n\n- a\n:::"
    assert read.cut(directive.name_span) == "callout"
    assert read.findings == ()


def test_an_event_has_fields_with_positions():
    read = Read(
        "::: event [A tour](https://e.org)\ndate: 2026-04-21 to 2026-04-26\nplace: Shenzhen: the port\n\nText.\n:::"
    )
    event = read.block
    assert event.fields == {"date": "2026-04-21 to 2026-04-26", "place": "Shenzhen: the port"}
    assert {key: read.cut(span) for key, span in event.field_spans.items()} == event.fields
    assert short_text(event.argument) == "[A tour](https://e.org)"
    assert [short_text(block.inlines) for block in event.blocks] == ["Text."]


@pytest.mark.parametrize(
    ("line", "label", "value"),
    [
        ("seats: 40", "seats", "40"),
        ("Language: English", "Language", "English"),
        ("Entrance fee: €12, students free", "Entrance fee", "€12, students free"),
        ("座位：40", "座位", "40"),
        ("المقاعد: 40", "المقاعد", "40"),
        ("Q&A: yes", "Q&A", "yes"),
        ("register: [here](https://e.org/r)", "register", "[here](https://e.org/r)"),
        ("tickets: https://e.org/t", "tickets", "[https://e.org/t](https://e.org/t)"),
        ("date: 2026-05-01", "date", "2026-05-01"),  # a second date is not lost
    ],
)
def test_any_key_value_line_of_an_event_is_a_field(line, label, value):
    read = Read(f"::: event Tour\nDate: 2026-04-21\n{line}\nplace: here\n\nText.\n:::")
    assert read.block.fields == {"date": "2026-04-21", "place": "here"}
    (fact,) = read.block.facts
    assert (fact.label, short_text(fact.inlines)) == (label, value)
    assert line.endswith(read.cut(fact.span))
    assert [short_text(block.inlines) for block in read.block.blocks] == ["Text."]
    assert read.findings == ()


@pytest.mark.parametrize(
    "line",
    [
        "Text without a key",
        "We meet at the old lift: bring shoes",
        "https://e.org",
        "12:30 sharp",
        "- date: 2026-04-21",
        "*When:* now",
        "note:",
    ],
)
def test_another_line_and_all_that_follows_are_text(line):
    event = Read(f"::: event Tour\ndate: 2026-04-21\n{line}\nplace: here\n:::").block
    assert event.fields == {"date": "2026-04-21"}
    assert event.facts == ()
    assert event.blocks


def test_the_place_of_an_event_can_be_a_link():
    event = Read("::: event Tour\nplace: [The lift](https://e.org/map), Ghent\ntime: 20:00 <!-- ask Ann -->\n:::").block
    assert event.fields == {"time": "20:00"}
    assert [(fact.label, short_text(fact.inlines)) for fact in event.facts] == [
        ("", "[The lift](https://e.org/map), Ghent")
    ]


def test_other_directives_have_only_their_known_fields():
    audio = Read("::: audio [Listen](a.mp3)\nLength: 9 min\nseats: 40\n:::").block
    assert (audio.fields, audio.facts) == ({"length": "9 min"}, ())
    assert short_text(audio.blocks[0].inlines) == "seats: 40"
    assert Read("::: callout\ndate: Monday\n:::").block.fields == {}


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("plase: Ghent", "place"),
        ("dates: 2026-04-21", "date"),
        ("Tme: 20:00", "time"),
        ("price: 12", ""),
        ("seats: 4", ""),
        ("rate: 5", ""),
    ],
)
def test_a_misspelt_key_is_reported(line, meant):
    read = Read(f"::: event Tour\n{line}\n:::")
    assert [(found.code, found.span.line, found.span.column) for found in read.findings] == (
        [("ST151", 2, 1)] if meant else []
    )
    if meant:
        assert read.findings[0].advice.startswith(f"Did you mean `{meant}`?")


@pytest.mark.parametrize(
    ("name", "line", "meant"),
    [
        ("audio", "lenght: 3:40", "length"),
        ("audio", "Lengt: 3:40", "length"),
        ("audio", "byte: 12345678", "bytes"),
        ("audio", "tpye: audio/mpeg", "type"),
        ("video", "lenght: 3:40", "length"),
        ("video", "makr: none", "mark"),
        ("audio", "speaker: Jane", ""),
        ("audio", "Time: noon, on the quay", ""),
        ("video", "Mars: from above", ""),
    ],
)
def test_a_misspelt_key_of_a_recording_is_reported_and_other_lines_are_text(name, line, meant):
    read = Read(f"::: {name} [Hear it](letter.mp3)\n{line}\n:::")
    found = [(one.code, one.span.line, one.advice.partition("?")[0]) for one in read.findings]
    assert found == ([("ST181", 2, f"Did you mean `{meant}`")] if meant else [])
    assert (line in blocks_text(read.issue.opening)) is not bool(meant)


def test_a_repeated_key_of_a_recording_is_reported():
    read = Read("::: audio [Hear it](letter.mp3)\nlength: 3:40\nlength: 4:40\n:::")
    assert [(one.code, one.span.line) for one in read.findings] == [("ST181", 3)]
    assert dict(read.block.fields) == {"length": "3:40"}


def test_the_lines_of_an_event_that_is_nested_too_deep_stay_text():
    deep = "\n\n".join("::: callout" for _ in range(70))
    read = Read(f"{deep}\n\n::: event Tour\ndate: 2026-04-21\nseats: 40\n:::\n")
    inlines_of = blocks_text(read.issue.opening)
    assert "date: 2026-04-21" in inlines_of
    assert "seats: 40" in inlines_of


@pytest.mark.parametrize("fence", [":::", "::::"])
def test_directives_can_be_nested(fence):
    text = f"{fence} callout\n::: button [a](b)\n:::\n::: only web\nText.\n:::\n{fence}\n"
    read = Read(text)
    assert [(type(block).__name__) for block in read.block.blocks] == ["Directive", "Directive"]
    assert read.findings == ()


def test_directives_can_be_in_lists_and_quotations():
    read = Read("- ::: callout\n  a\n  :::\n- b\n\n> ::: button [c](d)\n> :::\n> e")
    assert [block.name for block in walk_blocks(read.issue) if isinstance(block, Directive)] == ["callout", "button"]
    assert read.findings == ()


def test_an_unclosed_directive_ends_with_its_container():
    read = Read("> ::: callout Title\n> a\n>\n> b\n\nc")
    quotation, after = read.blocks
    assert [short_text(block.inlines) for block in quotation.blocks[0].blocks] == ["a", "b"]
    assert short_text(after.inlines) == "c"
    assert read.found() == [("ST119", 1, 3, "::: callout Title")]


def test_an_unknown_directive_keeps_all_words():
    read = Read("a\n\n::: buton [b](c) d\ne\n:::\n\nf")
    assert [short_text(block.inlines) for block in read.blocks] == ["a", "[b](c) d", "e", "f"]
    assert read.found() == [("ST118", 3, 5, "buton")]
    assert "Did you mean `button`?" in read.findings[0].advice


def test_an_extra_closing_line_is_reported():
    read = Read("a\n:::\n\nb\n\n  ::::\n")
    assert [short_text(block.inlines) for block in read.blocks] == ["a", "b"]
    assert read.found() == [("ST120", 2, 1, ":::"), ("ST120", 6, 3, "::::")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("::: button Subscribe\n:::", "the button has no link"),
        ("::: audio\nNo link.\n:::", "the audio has no link"),
        ("::: poll Which?\n- Ports\n:::", "the poll has no answers"),
        ("::: event\n:::", "the event has no name"),
    ],
)
def test_an_incomplete_directive_is_reported(text, problem):
    read = Read(text)
    assert isinstance(read.block, Directive)
    assert [(found.code, found.message) for found in read.findings] == [("ST122", problem)]


@pytest.mark.parametrize(
    "text", ["a ::: callout", "    ::: callout", "```\n::: callout\n```", ":: callout", r"\::: callout"]
)
def test_colons_elsewhere_are_text(text):
    read = Read(text)
    assert not isinstance(read.block, Directive)
    assert read.findings == ()


def test_a_heading_in_a_directive_opens_no_section():
    read = Read("::: callout\n## Title\n:::\n\n## Section\n")
    assert len(read.issue.sections) == 1
    assert not isinstance(read.block.blocks[0], Paragraph)


def test_a_rule_of_colons_may_follow_the_name():
    assert short_text(Read("::: callout Title :::\na\n:::").block.argument) == "Title"
