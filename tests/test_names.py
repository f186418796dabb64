from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.names import portable_name, slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The end of the road", "the-end-of-the-road"),
        ("China’s 5% – “really”?", "chinas-5-really"),
        ("Straße, Œuvre & Smørrebrød", "strasse-oeuvre-smorrebrod"),
        ("ﬁne №7", "fine-no7"),
        ("中国", ""),
        ("word " * 30, "-".join(["word"] * 12)),
        ("x" * 90, "x" * 60),
    ],
)
def test_a_slug_is_plain_ascii_words(title, slug):
    assert slugify(title) == slug


@pytest.mark.parametrize(
    ("name", "portable"),
    [
        ("photo.jpg", "photo.jpg"),
        ("a/b\\c:d?.jpg", "a-b-c-d-.jpg"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("console.txt", "console.txt"),
        (".htaccess", "htaccess"),
        ("trailing. ", "trailing"),
        ("…", "…"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("e\u0301.png", "é.png"),
        ("no ending. But a sentence with a full stop", "no ending. But a sentence with a full stop"),
    ],
)
def test_portable_names_are_recognized(name, portable):
    assert portable_name(name) == portable


@given(st.text(max_size=300))
def test_any_text_becomes_a_stable_name(text):
    name = portable_name(text)
    assert name
    assert len(name.encode(errors="surrogatepass")) <= 255
    assert portable_name(name) == name
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert name[0] != "."
    assert name[-1] not in ". "
