"""What the frame is given: light and dark at will, colours turned round, rows of inboxes, and the source."""

from __future__ import annotations

import html as entities
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.preview import inbox
from newsletter.preview.dark import Scheme, dark_colour, in_scheme, inverted
from newsletter.preview.documents import lines
from newsletter.preview.request import ViewRequest, view_request
from newsletter.preview.views import without_pictures
from newsletter.render.columns import display_width

# ── Light and dark ──────────────────────────────────────────────────────────────────────────────────────────────────

ALWAYS, NEVER = "(min-width:0px)", "(min-width:999999px)"


@pytest.mark.parametrize(
    ("given_", "dark", "light"),
    [
        ("<style>@media (prefers-color-scheme:dark){a{b:c}}</style>", ALWAYS, NEVER),
        ("<style>@media screen and ( Prefers-Color-Scheme : DARK ) {}</style>", ALWAYS, NEVER),
        ("<style>@media (prefers-color-scheme: light){}</style>", NEVER, ALWAYS),
        ("<style>@media (prefers-color-scheme){}</style>", ALWAYS, ALWAYS),
        ('<source srcset="a.png" media="(prefers-color-scheme: dark)">', ALWAYS, NEVER),
        ('<meta name="color-scheme" content="light dark">', 'content="dark"', 'content="light"'),
        ("<style>:root{color-scheme:light dark;supported-color-schemes:light dark}</style>", ":dark;supported-color-schemes:dark}", ":light;supported-color-schemes:light}"),
    ],
)  # fmt: skip
def test_what_a_letter_asks_about_the_scheme_is_answered(given_, dark, light):
    assert dark in in_scheme(given_, Scheme.DARK)
    assert light in in_scheme(given_, Scheme.LIGHT)
    assert light in in_scheme(given_, Scheme.FORCED)


def test_a_letter_about_dark_mode_keeps_its_words():
    words = "<p>Write <code>@media (prefers-color-scheme: dark)</code> and color-scheme: light dark</p>"
    assert in_scheme(words, Scheme.DARK) == words
    assert inverted(f"<head></head>{words}").endswith(words)


# ── Forced dark ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("light", "dark"),
    [("#ffffff", "#333333"), ("white", "#333333"), ("#000", "#ffffff"), ("rgb(255, 255, 255)", "#333333"), ("hsl(0 0% 100%)", "#333333"),
     ("rgba(255,255,255,.5)", "#33333380"), ("#ffffff80", "#33333380"), ("rgb(1.2.3,1,1)", "rgb(1.2.3,1,1)"), ("#12345", "#12345")],
)  # fmt: skip
def test_lightness_is_turned_round(light, dark):
    assert dark_colour(light) == dark


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_becomes_a_colour(number):
    assert re.fullmatch("#[0-9a-f]{6}", dark_colour(f"#{number:06x}"))


def test_colours_are_turned_round_where_they_are_colours_only():
    letter = (
        "<html><head><style>#fff{color:#000;background:url(#fff.png) white}a:hover{color:red}</style></head>"
        '<body bgcolor="#ffffff"><p style="color:#000000;font-family:\'Black\'" title="color:#000">#000 white</p></body></html>'
    )
    dark = inverted(letter)
    assert "#fff{color:#ffffff;background:url(#fff.png) #333333}" in dark
    assert 'bgcolor="#333333"' in dark
    assert 'style="color:#ffffff;font-family:\'Black\'" title="color:#000">#000 white<' in dark


# ── Pictures off ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_pictures_nothing_is_loaded():
    html = '<img alt="src=a" src="a.png" srcset=\'b.png 2x\'><td background="c.png" style="background:url(d.png)"><a href="e.png">src="f.png"</a>'
    assert without_pictures(html) == '<img alt="src=a"><td  style="background:none"><a href="e.png">src="f.png"</a>'


# ── Inboxes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_short_preheader_lets_the_letter_show_behind_it():
    html = "<head><title>no</title></head><body><div style='display:none'>Short.</div><style>p{}</style><p>Then the   letter &amp; its text</p></body>"
    row = inbox.rows("Post", "Hello", "Short.", html, "desktop")[-1]
    assert (row.own, row.bleed) == (("Short.",), (" Then the letter & its text",))


def test_characters_that_hold_the_text_off_do_so():
    html = f"<body><div>Short.{'&#847;&zwnj;&nbsp;' * 150}</div><p>Then the letter</p></body>"
    for device in ("phone", "desktop"):
        for row in inbox.rows("Post", "Hello", "Short.", html, device):
            assert ("".join(row.own), "".join(row.bleed)) == ("Short.", "")


def test_what_holds_the_text_off_breaks_no_line():
    html = f"<body><div>Two words.{'&#847;&zwnj;&nbsp;' * 150}</div><p>Then the letter</p></body>"
    for row in inbox.rows("Post", "Hello", "Two words.", html, "phone"):
        assert row.own[0] == "Two words."


def test_gmail_gives_the_preview_what_the_subject_leaves():
    long = inbox.rows("Post", "x" * 200, "Short.", "<body>Short.</body>", "desktop")[0]
    assert long.subject.endswith("…")
    assert display_width(long.subject) <= 120
    assert long.own == ()


@given(st.text(st.sampled_from("ab 鐵道é́🙂—"), max_size=120), st.integers(0, 60))
def test_no_cut_is_wider_than_its_room(text, room):
    assert display_width(inbox.cut(text, room)) <= room
    shown = list(inbox.lines(text, room, 2))
    assert len(shown) <= 2
    assert all(display_width(line) <= room for line, _ in shown)
    assert all(text[start:].startswith(line.removesuffix("…").rstrip()) for line, start in shown)


def test_wide_characters_count_two():
    assert inbox.cut("鐵道日報的消息", 8) == "鐵道日…"


# ── Source ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.text(st.sampled_from("<>/!-ab =\"'&\n"), max_size=80))
def test_the_source_is_shown_whole(html):
    shown = entities.unescape(re.sub("</?span[^>]*>", "", "\n".join(lines(html))))
    assert shown.replace("\n", "") == html.replace("\n", "")


# ── Wishes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_understood_is_at_its_default():
    assert (
        view_request({"view": "../etc", "scheme": "pink", "fill": "nobody-knows", "device": "watch"}) == ViewRequest()
    )
    assert view_request({"view": "web", "scheme": "dark", "pictures": "off"}) == ViewRequest(
        "web", Scheme.DARK, pictures=False
    )
