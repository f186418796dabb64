"""Headings in capitals, lengths, sentences, and copyright lines."""

from __future__ import annotations

import pytest

from newsletter.check.rules.text.style import sentences

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


def underlined_in(checker, code: str, body: str, head: str = HEAD) -> list[str]:
    text = head + body
    return [text[one.span.start : one.span.end] for one in checker.check(text) if one.code == code]


@pytest.mark.parametrize(
    ("heading", "shouts"),
    [
        ("SHIPS WAIT FOR DAYS", True),
        ("NEWS OF THE WEEK", True),
        ("[SHIPS WAITING](https://example.org/)", True),
        ("SHIPPING NEWS!", True),
        ("НОВОСТИ ПОРТОВОГО ГОРОДА", True),
        ("NEWS", False),
        ("NASA & ESA", False),
        ("EU–US HTTP/2 API", False),
        ("GPT-4 VS BERT", False),
        ("Ships of the EU", False),
        ("港口新闻 本周", False),
        ("2024年: P2Pトランザクション リレー", False),
        ("2024: 10 000", False),
        ("`CODE` AND", False),
    ],
)
def test_headings_with_words_in_capitals_are_reported(checker, heading, shouts):
    assert bool(underlined_in(checker, "TX111", f"## {heading}\n\nShips.")) is shouts


def test_a_subject_in_capitals_is_reported(checker):
    head = "---\ntitle: Ports\nsubject: READ THIS NOW\ndate: 2024-01-31\n---\n\n"
    assert underlined_in(checker, "TX111", "Ships.", head) == ["READ THIS NOW"]


@pytest.mark.parametrize(
    ("body", "stale"),
    [
        ("© 2023 Letters", ["2023"]),
        ("Copyright © 2021–2023 Letters. All rights reserved.", ["2023"]),
        ("(c) 2023", ["2023"]),
        ("Copyright 2019-22, Letters", ["22"]),
        ("© 2024 Letters", []),
        ("© 2021–2024 Letters", []),
        ("© 2021–present Letters", []),
        ("© 2019 Another Paper", []),
        ("The picture is © 2019 Letters.", []),
        ("The copyright of 1976 is a law.", []),
        ("A 501(c)3 and 2019", []),
        ("![x](stack.jpg '© 2019 Letters')", []),
    ],
)
def test_the_publications_copyright_must_have_the_issues_year(checker, body, stale):
    assert underlined_in(checker, "TX109", f"Ships.\n\n{body}") == stale


def test_without_an_issue_date_no_copyright_year_is_outdated(checker):
    assert underlined_in(checker, "TX109", "© 2019 Letters", "---\ntitle: Ports\n---\n\n") == []


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("One. Two! Three?", "en", ["One.", "Two!", "Three?"]),
        ("Dr. Smith of Acme Inc. said so. He did.", "en", ["Dr. Smith of Acme Inc. said so.", "He did."]),
        ("J. R. R. Tolkien, U.S. citizen, e.g. here.", "en", ["J. R. R. Tolkien, U.S. citizen, e.g. here."]),
        ("It costs 3.50. Yahoo! is cheap … they say.", "en", ["It costs 3.50.", "Yahoo! is cheap … they say."]),
        ("“Wait.” She left. (So did he.) Then?", "en", ["“Wait.”", "She left.", "(So did he.)", "Then?"]),
        ("He bought pens, etc. Then he left.", "en", ["He bought pens, etc.", "Then he left."]),
        ("Am 3. Mai kam das Schiff. Am 4. ging es.", "de", ["Am 3. Mai kam das Schiff.", "Am 4. ging es."]),
        ("这是一句。这是第二句！「好。」他说。", "zh", ["这是一句。", "这是第二句！", "「好。」", "他说。"]),
        ("One line\u2028another", "en", ["One line", "another"]),
        ("", "en", []),
        ("  ", "en", []),
    ],
)
def test_the_ends_of_sentences_are_recognized(text, language, parts):
    assert [text[start:end] for start, end in sentences(text, language)] == parts


def test_long_sentences_and_paragraphs_are_reported_only_if_configured(checker):
    body = "Ships wait for days and days and days. Now.\n\n- " + "word " * 12
    assert underlined_in(checker, "TX112", body) == underlined_in(checker, "TX113", body) == []
    checker.house("text:\n  sentence: at most 5\n  paragraph: at most 10")
    assert underlined_in(checker, "TX112", body) == ["Ships wait for days and days and days.", ("word " * 12).strip()]
    assert underlined_in(checker, "TX113", body) == [("word " * 12).strip()]


def test_of_a_long_sentence_the_first_line_is_underlined(checker):
    checker.house("text:\n  sentence: at most 3")
    assert underlined_in(checker, "TX112", "Ships wait\nfor days\nand days.") == ["Ships wait"]


def test_words_in_chinese_sentences_are_counted_by_characters(checker):
    checker.house("text:\n  sentence: at most 5")
    assert underlined_in(checker, "TX112", "船在港口等了三天。好。") == ["船在港口等了三天。"]
