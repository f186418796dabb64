"""Two spellings of a word are one where readers take them for one, and any part of a text without spaces is found."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive.search.folding import asked_words, composed_text, placed_words, words

LETTERS = st.text(
    st.one_of(
        st.sampled_from("aeéÉüßøŁıİ 'ʼ-.“”\u200b\u00ad\n0٣"),
        st.sampled_from("中国氢能制造商、。「」のがカギャー한국어의"),
        st.sampled_from("ภาษาไทยลาวສາລາວ"),
        st.sampled_from("كَتَبَ مُعَلِّمٌـשָׁלוֹם हिन्दी"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Électrolyseur", "electrolyseur"),
        ("STRASSE", "Straße"),
        ("Łódź", "lodz"),
        ("smørrebrød", "smorrebrod"),
        ("İstanbul", "istanbul"),
        ("ﬁnance", "finance"),
        ("ｉＰｈｏｎｅ", "iphone"),
        ("soft\u00adhyphen", "softhyphen"),
        ("كَتَبَ", "كتب"),
        ("أحمد", "احمد"),
        ("جمـــيل", "جميل"),
        ("שָׁלוֹם", "שלום"),
        ("Ёлка", "елка"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        (unicodedata.normalize("NFD", "한국어"), "한국어"),
        (unicodedata.normalize("NFD", "naïve"), "naive"),
    ],
)
def test_spellings_of_the_same_word_are_normalized_alike(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("हिन्दी", "हन्द"), ("rose", "roses")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_words_are_separated_as_people_do() -> None:
    assert words("State-of-the-art: l’école, https://example.org/a_b") == [
        *["state", "of", "the", "art", "l", "ecole", "https", "example", "org", "a", "b"]
    ]


def test_text_without_spaces_is_divided_into_pairs() -> None:
    assert words("5G中国氢能。") == ["5g", "中国", "国氢", "氢能", "能"]
    assert asked_words("国氢能") == ["国氢", "氢能"]
    assert asked_words("氢") == ["氢"]


@given(LETTERS)
def test_placed_words_are_the_same_words(text: str) -> None:
    composed = composed_text(text)
    placed = placed_words(composed)
    assert [each.word for each in placed] == words(text)
    assert all(0 <= each.start < each.end <= len(composed) for each in placed)


@given(st.text("中国氢能制造商の한국ภาษา", min_size=2, max_size=20), st.data())
def test_any_part_of_a_text_without_spaces_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    asked, held = asked_words(text[start:end]), words(text)
    assert any(held[at : at + len(asked)] == asked for at in range(len(held)))
