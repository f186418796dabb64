"""Films and posts: recognized by their addresses, and shown as a picture or a card in every output."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import NOWHERE, Directive, Figure, Link, LinkForm, List, Paragraph, Picture, ReadingOptions, Text
from newsletter.render.directives.embeds import POST, VIDEO, Embed, embed_in, host_of, marked_sources, site_of
from newsletter.render.images.plan import make_image, plan_images

if TYPE_CHECKING:
    from pathlib import Path

FILM = "https://youtu.be/dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("href", "title", "kind"),
    [
        (FILM, "YouTube", VIDEO),
        ("https://www.youtube.com/watch?v=abc", "YouTube", VIDEO),
        ("https://m.youtube.com/watch?app=1&v=abc", "YouTube", VIDEO),
        ("https://youtube.com/shorts/abc", "YouTube", VIDEO),
        ("https://vimeo.com/123456789", "Vimeo", VIDEO),
        ("https://player.vimeo.com/video/123456789", "Vimeo", VIDEO),
        ("https://www.loom.com/share/0281766fa2d04bb788eaf19e65135184", "Loom", VIDEO),
        ("https://www.tiktok.com/@jane.roe/video/7106594312292453675", "TikTok", VIDEO),
        ("https://www.instagram.com/reel/Cabc-1/", "Instagram", VIDEO),
        ("https://www.bilibili.com/video/BV1xx411c7mD", "Bilibili", VIDEO),
        ("https://videos.example/w/4KnEUFFHVpTNY9Cdtmcdze", "PeerTube", VIDEO),
        ("https://videos.example/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d", "PeerTube", VIDEO),
        ("https://x.com/jane/status/1234567890", "X", POST),
        ("https://mobile.twitter.com/jane/status/1234567890?s=20", "X", POST),
        ("https://bsky.app/profile/jane.example/post/3kabc", "Bluesky", POST),
        ("https://mastodon.example/@jane/112233445566778899", "Mastodon", POST),
        ("https://social.example/@jane@other.example/112233445566778899", "Mastodon", POST),
        ("https://www.linkedin.com/posts/jane-roe_ships-activity-1", "LinkedIn", POST),
        ("https://old.reddit.com/r/ships/comments/abc/title/", "Reddit", POST),
    ],
)
def test_films_and_posts_are_recognized_by_their_address(href: str, title: str, kind: str):
    site = site_of(href)
    assert site is not None
    assert (site.title, site.kind) == (title, kind)


@pytest.mark.parametrize(
    "href",
    [
        "https://www.youtube.com/@somebody",
        "https://www.youtube.com/",
        "https://vimeo.com/features",
        "https://x.com/jane",
        "https://mastodon.example/@jane",
        "https://medium.example/@jane/how-i-built-a-lock-3f2a1b",
        "https://example.org/watch?v=abc",
        "https://notyoutube.com/watch?v=abc",
        "https://youtube.com.evil.example/watch?v=abc",
        "https://www.linkedin.com/in/jane",
        "mailto:jane@youtube.com",
        "film.mp4",
        "https://[broken/watch?v=1",
        "",
    ],
)
def test_other_addresses_are_not_embeds(href: str):
    assert site_of(href) is None


def test_the_host_of_an_address_is_found():
    assert [host_of(href) for href in ("https://www.a.example/x", "a.mp4", "https://[x")] == ["a.example", "", ""]


def blocks(read, body: str):
    return read(body).opening


def embeds(read, body: str) -> list[Embed | None]:
    return [embed_in(block) for block in blocks(read, body)]


@pytest.fixture
def read():
    return lambda body: Reader(body).issue


class Reader:
    """An issue of a few blocks."""

    def __init__(self, body: str) -> None:
        source = Source(f"---\ntitle: Films\n---\n\n{body}\n", "issues/a/index.md")
        self.issue, self.findings = parse(source, name="a", options=ReadingOptions())


def test_a_link_alone_in_a_paragraph_is_an_embed(read):
    bare, titled, text = embeds(read, f"{FILM}\n\n[How a lift works]({FILM})\n\nSee {FILM}.")
    assert (bare.site, bare.title, bare.figure) == ("YouTube", (), None)
    assert titled.title[0].text == "How a lift works"
    assert text is None


def test_a_picture_on_the_next_line_belongs_to_the_embed(read):
    for body in (f"{FILM}\n![A lift](lift.jpg)", f"![A lift](lift.jpg)\n{FILM}"):
        (found,) = embeds(read, body)
        assert (found.figure.image.src, found.figure.image.alt) == ("lift.jpg#play", "A lift")
    assert embeds(read, f"![A lift](lift.jpg) {FILM}") == [None]
    assert embeds(read, f"{FILM}\n{FILM}2") == [None]


def test_a_picture_with_a_link_to_a_film_is_an_embed(read):
    (film,) = embeds(read, f'[![A lift](lift.jpg "By night. Photo: Jane Roe")]({FILM})')
    assert (film.figure.image.src, film.figure.link, film.figure.credit[0].text) == ("lift.jpg#play", None, "Jane Roe")
    (post,) = embeds(read, "[![A lift](lift.jpg)](https://bsky.app/profile/a.example/post/3k)")
    assert (post.kind, post.figure.image.src) == (POST, "lift.jpg")
    assert embeds(read, "[![A lift](lift.jpg)](https://example.org/)") == [None]


def test_a_picture_on_the_web_gets_no_play_mark(read):
    (film,) = embeds(read, f"[![A lift](https://x.example/lift.jpg)]({FILM})")
    assert film.figure.image.src == "https://x.example/lift.jpg"


def test_a_directive_has_length_picture_and_text(read):
    (film,) = embeds(read, f"::: video [The lift]({FILM})\nlength: 3:40\n\n![Below](lift.jpg)\n\nIn May.\n:::")
    assert (film.site, film.length, film.title[0].inlines[0].text) == ("YouTube", "3:40", "The lift")
    assert (film.figure.image.src, len(film.blocks)) == ("lift.jpg#play", 1)
    (plain,) = embeds(read, f"::: video [The lift]({FILM})\nmark: no\n![Below](lift.jpg)\n:::")
    assert plain.figure.image.src == "lift.jpg"
    (elsewhere,) = embeds(read, "::: video [A film](https://www.films.example/1)\n:::")
    assert elsewhere.site == "films.example"
    (own,) = embeds(read, "::: video [A film](film.mp4)\n![Ours](lift.jpg)\n:::")
    assert own.site == ""
    (post,) = embeds(read, "::: post [Jane](https://x.com/jane/status/12345)\nThe lift is out.\n:::")
    assert (post.kind, len(post.blocks)) == (POST, 1)


def test_a_link_in_a_list_or_a_note_stays_a_reference(read):
    link = Link(FILM, (Text(FILM),), form=LinkForm.BARE)
    paragraph = Paragraph((link,))
    assert embed_in(paragraph) is not None
    assert embed_in(paragraph, "item") is None
    assert embed_in(paragraph, "footnote") is None
    (found,) = blocks(read, f"- {FILM}\n- {FILM}2")
    assert type(found) is List


def test_play_marks_are_drawn_only_on_pictures_of_films(read):
    issue = read(
        f"[![A](a.jpg)]({FILM})\n\n![B](b.jpg)\n\n[![B](b.jpg)]({FILM})\n\n{FILM}\n![C](c.jpg)\n\n"
        "::: video [Own](film.mp4)\n![D](d.jpg)\n:::"
    )
    marked, unmarked = marked_sources(issue)
    assert marked == ("a.jpg#play", "b.jpg#play", "c.jpg#play", "d.jpg#play")
    assert unmarked == {"a.jpg", "c.jpg"}


def test_a_picture_used_elsewhere_is_also_made_without_a_mark(read):
    issue = read(f"{FILM}\n![A](a.jpg)\n\n- {FILM}\n  ![B](b.jpg)\n")
    assert marked_sources(issue) == (("a.jpg#play",), {"a.jpg"})
    cover = Picture("a.jpg", "A")
    assert marked_sources(replace(issue, cover=cover)) == (("a.jpg#play",), frozenset())


def test_the_mark_is_drawn_into_the_picture(tmp_path: Path):
    Image.new("RGB", (1200, 600), "#ffffff").save(tmp_path / "lift.png")
    plain = plan_images(["lift.png"], tmp_path, tmp_path)["lift.png"]
    marked = plan_images(["lift.png#play"], tmp_path, tmp_path, mark=True)["lift.png#play"]
    assert plain.name != marked.name
    (tmp_path / "out.png").write_bytes(make_image(tmp_path, marked))
    with Image.open(tmp_path / "out.png") as image:
        pixels = image.convert("RGB")
    assert pixels.size == (1120, 560)
    assert pixels.getpixel((5, 5)) == (255, 255, 255)
    assert sum(pixels.getpixel((560 - 60, 280))) < 300  # the disc
    assert pixels.getpixel((560, 280)) == (255, 255, 255)  # the triangle


def test_a_block_without_a_link_is_not_an_embed():
    assert embed_in(Directive("video", (Text("A film"),))) is None
    assert embed_in(Figure(None, span=NOWHERE)) is None  # type: ignore[arg-type] # only its link is asked for
