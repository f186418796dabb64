"""The content of the frame: light and dark, inverted colours, rows of inboxes, and the source."""

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
def test_media_queries_about_the_scheme_are_replaced(given_, dark, light):
    assert dark in in_scheme(given_, Scheme.DARK)
    assert light in in_scheme(given_, Scheme.LIGHT)
    assert light in in_scheme(given_, Scheme.FORCED)


def test_text_about_dark_mode_is_unchanged():
    words = "<p>Write <code>@media (prefers-color-scheme: dark)</code> and color-scheme: light dark</p>"
    assert in_scheme(words, Scheme.DARK) == words
    assert inverted(f"<head></head>{words}").endswith(words)


# ── Forced dark ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("light", "dark"),
    [("#ffffff", "#333333"), ("white", "#333333"), ("#000", "#ffffff"), ("rgb(255, 255, 255)", "#333333"), ("hsl(0 0% 100%)", "#333333"),
     ("rgba(255,255,255,.5)", "#33333380"), ("#ffffff80", "#33333380"), ("rgb(1.2.3,1,1)", "rgb(1.2.3,1,1)"), ("#12345", "#12345")],
)  # fmt: skip
def test_lightness_is_inverted(light, dark):
    assert dark_colour(light) == dark


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_becomes_a_colour(number):
    assert re.fullmatch("#[0-9a-f]{6}", dark_colour(f"#{number:06x}"))


def test_only_colour_values_are_inverted():
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


def test_after_a_short_preheader_the_text_of_the_email_is_shown():
    html = "<head><title>no</title></head><body><div style='display:none'>Short.</div><style>p{}</style><p>Then the   letter &amp; its text</p></body>"
    row = inbox.rows("Post", "Hello", "Short.", html, "desktop")[-1]
    assert (row.own, row.bleed) == (("Short.",), (" Then the letter & its text",))


def test_padding_characters_hide_the_text_of_the_email():
    html = f"<body><div>Short.{'&#847;&zwnj;&nbsp;' * 150}</div><p>Then the letter</p></body>"
    for device in ("phone", "desktop"):
        for row in inbox.rows("Post", "Hello", "Short.", html, device):
            assert ("".join(row.own), "".join(row.bleed)) == ("Short.", "")


def test_padding_characters_break_no_line():
    html = f"<body><div>Two words.{'&#847;&zwnj;&nbsp;' * 150}</div><p>Then the letter</p></body>"
    for row in inbox.rows("Post", "Hello", "Two words.", html, "phone"):
        assert row.own[0] == "Two words."


def test_in_gmail_the_preview_has_the_space_after_the_subject():
    long = inbox.rows("Post", "x" * 200, "Short.", "<body>Short.</body>", "desktop")[0]
    assert long.subject.endswith("…")
    assert display_width(long.subject) <= 120
    assert long.own == ()


@given(st.text(st.sampled_from("ab 鐵道é́🙂—"), max_size=120), st.integers(0, 60))
def test_truncated_text_is_never_wider_than_its_space(text, room):
    assert display_width(inbox.cut(text, room)) <= room
    shown = list(inbox.lines(text, room, 2))
    assert len(shown) <= 2
    assert all(display_width(line) <= room for line, _ in shown)
    assert all(text[start:].startswith(line.removesuffix("…").rstrip()) for line, start in shown)


def test_wide_characters_count_twice():
    assert inbox.cut("鐵道日報的消息", 8) == "鐵道日…"


# ── Source ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.text(st.sampled_from("<>/!-ab =\"'&\n"), max_size=80))
def test_the_source_is_shown_completely(html):
    shown = entities.unescape(re.sub("</?span[^>]*>", "", "\n".join(lines(html))))
    assert shown.replace("\n", "") == html.replace("\n", "")


# ── Request parameters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_invalid_values_get_their_default():
    assert (
        view_request({"view": "../etc", "scheme": "pink", "fill": "nobody-knows", "device": "watch"}) == ViewRequest()
    )
    assert view_request({"view": "web", "scheme": "dark", "pictures": "off"}) == ViewRequest(
        "web", Scheme.DARK, pictures=False
    )
