"""FM140: mistakes in `original`, the first publication of an issue."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("front", "found"),
    [
        ("original: tide.example/a", [("FM140", 4, 11, "`original` is not a web address")]),
        ("original: {url: tide.example/a}", [("FM140", 4, 17, "`original.url` is not a web address")]),
        (
            "original: {url: 'https://tide.example/high water'}",
            [("FM140", 4, 17, "`original.url` is not a web address")],
        ),
        ("original: {url: /a, publication: Tide}", [("FM140", 4, 17, "`original.url` is not a web address")]),
        ("original:\n  url: ftp://tide.example/a", [("FM140", 5, 8, "`original.url` is not a web address")]),
        (
            "original: {url: 'https://jane:secret@tide.example'}",
            [("FM140", 4, 17, "`original.url` has a user name or password in it")],
        ),
        ("original: {publication: The Tide}", [("FM140", 4, 11, "`original.url` is missing")]),
        ("original: {url: , publication: The Tide}", [("FM140", 4, 17, "`original.url` is empty")]),
        ("original: {url: 7, publication: The Tide}", [("FM140", 4, 17, "`original.url` is not a web address")]),
        ("original: [https://tide.example/a]", [("FM103", 4, 11, "`original` must be where it was first published")]),
        (
            "original: {url: https://tide.example/a, publisher: Tide}",
            [("FM102", 4, 41, "the letter has no field `original.publisher`")],
        ),
        (
            "original: {url: https://tide.example/a, title: [High, water]}",
            [("FM140", 4, 48, "`original.title` must be a text")],
        ),
        ("original: https://letters.example/letter/", [("FM140", 4, 11, "`original` is this issue's own page")]),
        ("canonical: the journal", [("FM140", 4, 12, "`canonical` is not a web address")]),
        ("canonical: /a", [("FM140", 4, 12, "`canonical` is not a web address")]),
        ("canonical: [a]", [("FM103", 4, 12, "`canonical` must be a text")]),
        ("original:", []),
        ("original: https://tide.example/a", []),
        ("original: {url: https://tide.example/a, title: High water, publication: The Tide}", []),
        ("canonical: https://letters.example/letter/", []),
        ("original: {url: https://tide.example/a, title: 1848, publication: 2026-01-01}", []),
        ("original: {url: TK(address), publication: The Tide}", [("ST112", 4, 17, "")]),
    ],
)
def test_mistakes_in_original_are_reported_at_their_place(front: str, found: list[tuple[str, int, int, str]], checker):
    text = f"---\ntitle: The flood\ndate: 2024-01-31\n{front}\n---\n\nWords of the letter.\n"
    reported = [(one.code, one.span.line, one.span.column, one.message) for one in checker.check(text)]
    assert len(reported) == len(found), reported
    for one, (code, line, column, message) in zip(reported, found, strict=True):
        assert one[:3] == (code, line, column)
        assert one[3].startswith(message)
