"""What readers would notice between two texts is told, and what they would not is not."""

from __future__ import annotations

import pytest

from newsletter.archive.differences import Differences, Readable, differences, only_words
from newsletter.archive.search.passages import passages_of
from newsletter.bundled import templates_folder
from newsletter.check.facts.sections import MatchedSections
from newsletter.house.format import HouseFormat
from newsletter.language import load_language
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import ReadingOptions

TEXT = """\
---
title: Locks
date: 2024-02-01
tags: [a]
---

The opening says what is to come, and when.

## News

### [One](https://example.org/one)

A lock keeper finds the water, every night at ten, and the water finds the gap in the old gate below the mill.

![A gate](gate.jpg "The gate. Photo: Ann")

### [Two](https://example.org/two)

Second story, with [a link](https://example.org/x).

## End

Bye.
"""


def readable(text: str) -> Readable:
    language = load_language("en", (templates_folder() / "theme",), "")
    issue, _ = parse(Source(text, "issues/x/index.md"), name="x", options=ReadingOptions())
    return Readable(issue, passages_of(MatchedSections(issue, HouseFormat("note", "Note", ""), language)))


def between(before: str, after: str) -> Differences:
    return differences(readable(before), readable(after))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("every night at ten,", "every night\nat ten,"),
        ("[a link](https://example.org/x).", "[a link][x].\n\n[x]: https://example.org/x\n\n<!-- a note -->"),
        ("## End", "## End ##"),
        ("https://example.org/x", "http://www.example.org/x?utm_source=a"),
    ],
)
def test_another_notation_is_not_a_difference(old: str, new: str) -> None:
    assert old in TEXT
    assert not between(TEXT, TEXT.replace(old, new))


def test_changed_words_are_shown_with_the_words_around_them() -> None:
    found = between(TEXT, TEXT.replace("every night at ten", "each morning at ten").replace("old gate", "gate"))
    (part,) = found.parts
    assert (part.section, part.title, part.line) == ("News", "One", 11)
    (paragraph,) = part.paragraphs
    assert only_words(paragraph) == (
        "A lock keeper finds the water, [-every night-]{+each morning+} at ten, and the water finds the gap in the [-old -]gate below the mill."
    )
    assert found.words == (2, 3)


def test_fields_links_and_figures_are_listed_separately() -> None:
    new = TEXT.replace("title: Locks", "title: Gates").replace("example.org/x", "example.org/y")
    found = between(
        TEXT, new.replace("[Two](https://example.org/two)", "Two").replace("The gate. Photo: Ann", "Photo: Ann")
    )
    assert [(field.name, field.before, field.after) for field in found.fields] == [("title", "Locks", "Gates")]
    (part,) = found.parts
    assert [(link.what, link.text, link.before, link.after) for link in part.links] == [
        ("changed", "a link", "https://example.org/x", "https://example.org/y"),
        ("removed", "Two", "https://example.org/two", ""),
    ]
    (figure,) = found.figures
    assert (figure.what, figure.source) == ("changed", "gate.jpg")
    assert [(field.name, field.before, field.after) for field in figure.fields] == [("caption", "The gate.", "")]


def test_moved_added_removed_and_renamed_passages_are_recognized() -> None:
    one, two = TEXT.index("### [One]"), TEXT.index("### [Two]")
    end = TEXT.index("## End")
    swapped = TEXT[:one] + TEXT[two:end] + TEXT[one:two] + TEXT[end:]
    moved = between(TEXT, swapped)
    assert [(part.what, part.moved) for part in moved.parts] == [("moved", True)]
    gone = between(TEXT, TEXT[:two] + TEXT[end:])
    assert [(part.what, part.title) for part in gone.parts] == [("removed", "Two")]
    come = between(TEXT[:two] + TEXT[end:], TEXT)
    assert [(part.what, part.title) for part in come.parts] == [("added", "Two")]
    (renamed,) = between(TEXT, TEXT.replace("[One]", "[First]")).parts
    assert renamed.renamed is not None
    assert renamed.renamed.after == "News › First"
    assert not renamed.paragraphs


def test_chinese_is_compared_by_characters() -> None:
    found = between("## 甲\n\n中国氢能制造商。\n", "## 甲\n\n中国电能制造商。\n")
    assert only_words(found.parts[0].paragraphs[0]) == "中国[-氢-]{+电+}能制造商。"


def test_long_texts_are_compared_in_bounded_time() -> None:
    words = " ".join(f"w{number * 7919 % 100_003}" for number in range(30_000))
    other = " ".join(f"w{number * 6007 % 100_003}" for number in range(30_000))
    (part,) = between(f"## A\n\n{words}\n", f"## A\n\n{other}\n").parts
    assert [piece.what for piece in part.paragraphs[0]] == ["removed", "added"]
