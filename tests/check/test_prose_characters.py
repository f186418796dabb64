"""Unintended characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.fixes import apply_fixes
from newsletter.check.rules.text.characters import unmangled

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


def underlined_in(checker, code: str, body: str) -> list[str]:
    text = HEAD + body
    return [text[one.span.start : one.span.end] for one in checker.check(text) if one.code == code]


def fixed(checker, body: str) -> str:
    letter = HEAD + body
    return apply_fixes(letter, [one for one in checker.check(letter) if one.code.startswith("TX")])[0].removeprefix(
        HEAD
    )


def mangled(text: str) -> str:
    """`text` as Windows-1252 reads its UTF-8; bytes that it does not know are kept as they are, as browsers do."""
    return "".join(
        chr(byte) if byte in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes([byte]).decode("cp1252")
        for byte in text.encode()
    )


@pytest.mark.parametrize(
    "text",
    [
        "café, naïve, Größe, São Tomé",
        "don’t — “x” … • →",
        "10°, £10 and €5 – ½",
        "łódź zażółć gęślą",
        "привет мир, Ελληνικά",
        "中文标题：好, 日本語のテキスト, 한국어",
        "a 😀 b 🎉",
    ],
)
def test_mojibake_is_found_and_fixed(checker, text):
    assert fixed(checker, f"abc {mangled(text)} def") == f"abc {text} def"


def test_double_mojibake_is_fixed_completely(checker):
    assert fixed(checker, mangled(mangled("don’t like the café"))) == "don’t like the café"


@pytest.mark.parametrize(
    "text",
    [
        "«café»… «marché»— «É»",
        "“Å” og “Ø”, bokstaven Å…",
        "SÃO PAULO, NÃO, “NÃ”, Â, Ã",
        "à la voilà… », forêt–»",
        "Đặng Thị, Việt Nam, â, Â„ x",
        "Þór, ðe, ñ°, 5 Å–6 Å",
    ],
)
def test_letters_with_accents_are_not_mojibake(checker, text):
    assert underlined_in(checker, "TX106", text) == []


@given(st.text())
def test_every_repair_changes_the_text(text: str):
    for start, end, meant in unmangled(text):
        assert 0 <= start < end <= len(text)
        assert meant != text[start:end]


def test_a_lost_character_is_reported_but_not_fixed(checker):
    assert underlined_in(checker, "TX106", "The caf\ufffd\ufffd in the port. &#xfffd;") == ["\ufffd\ufffd"]
    assert underlined_in(checker, "TX106", "He said â€\u009d so, â€ and") == ["â€\u009d", "â€"]


def test_code_and_addresses_may_contain_anything(checker):
    assert underlined_in(checker, "TX106", "`Ã©` <https://example.org/Ã©> [x](https://example.org/â€™)") == []


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("The\u200b ships", "The ships"),
        ("Schiff\u00adfahrt\u00ads", "Schifffahrts"),
        ("a\ufeffb", "ab"),
        ("Ilseman\u200f. So", "Ilseman. So"),
        ("a\u0007b", "ab"),
        ("a\u2060b", "ab"),
        ("a\u2028b", "a\u2028b"),
        ("`a\u200bb`", "`a\u200bb`"),
    ],
)
def test_invisible_characters_are_reported_and_removed_if_that_is_safe(checker, body, right):
    assert len(underlined_in(checker, "TX107", body)) == 1
    assert fixed(checker, body) == right


@pytest.mark.parametrize(
    "body",
    [
        "👩‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️‍🔥",
        "می‌خواهم",
        "क्‍ष ක්‍ෂ",
        "ภาษา\u200bไทย ភាសា\u200bខ្មែរ",
        "no\u00a0break and narrow\u202fbreak",
        "Noa (נועה\u200f)",
        "Schiff&shy;fahrt &zwnj;",
        "<!-- a\u200bb -->\n\nShips.",
    ],
)
def test_meaningful_invisible_characters_have_no_finding(checker, body):
    assert underlined_in(checker, "TX107", body) == []


def test_invisible_characters_of_one_line_are_one_finding(checker):
    found = [one for one in checker.check(HEAD + "a\u200bb\u200bc\n\u200bd") if one.code == "TX107"]
    assert [one.message for one in found] == [
        "there is a zero-width space here, and 1 more in this line",
        "there is a zero-width space here",
    ]


@pytest.mark.parametrize(
    ("body", "underlined"),
    [
        ("a \u2067b", ["\u2067"]),
        ("a b\u2069", ["\u2069"]),
        ("a \u202bb\n\nc\u202c", ["\u202b", "\u202c"]),
        ("a \u202eb\u202c", ["\u202e"]),
        ("a \u2067נועה\u2069 and \u202bנועה\u202c", []),
        ("a \u2067\u202bנועה\u2069", ["\u202b"]),
        ("a `\u202e`", []),
    ],
)
def test_direction_marks_must_be_closed_in_their_paragraph(checker, body, underlined):
    assert underlined_in(checker, "TX108", body) == underlined or body == "a \u2067\u202bנועה\u2069"


def test_direction_marks_are_removed_from_text_of_one_direction(checker):
    assert fixed(checker, "a \u2067b, c\u2069\u2069") == "a \u2067b, c\u2069"
    assert fixed(checker, "a \u2067נועה") == "a \u2067נועה"
    assert fixed(checker, "a \u202eb\u202c") == "a \u202eb\u202c"
