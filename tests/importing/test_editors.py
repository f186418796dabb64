"""Blocks of the editors of Substack, Ghost and WordPress, from exports and pages, become Markdown."""

from __future__ import annotations

import json
from html import escape

import pytest

from newsletter.importing.base import ImportedIssue
from newsletter.importing.letters import ForeignLetter, from_html
from newsletter.importing.registry import kind_of
from newsletter.importing.sources import ImportSource
from tests.importing.test_html import body, converted


def data(**given) -> str:
    """Substack's data attribute."""
    return f'data-attrs="{escape(json.dumps(given))}"'


SUBSTACK = [
    ('<div class="pullquote"><p>Nobody asked.</p></div>', "> Nobody asked."),
    ('<div class="callout-block" data-callout="true"><p>Mark the date.</p></div>', "::: callout\nMark the date.\n:::"),
    (
        (
            '<div class="preformatted-block"><label class="hide-text">Text within this block will keep its spacing</label>'
            '<pre class="text">The tide goes out,\n  and in again.</pre></div>'
        ),
        "The tide goes out,\\\nand in again.",
    ),
    (
        (
            f'<div class="embedded-post-wrap" {data(url="https://o.example/p/dams", title="Dams", publication_name="Other")}>'
            "<a>Dams are back.</a></div>"
        ),
        "[Dams](https://o.example/p/dams) (Other)",
    ),
    (
        f'<div class="comment" {data(commentId=7, comment={"body": "A note.", "name": "Sam", "handle": "sam"})}></div>',
        "::: post [Sam](https://substack.com/@sam/note/c-7)\nA note.\n:::",
    ),
    (
        f'<div class="twitter-embed" {data(url="https://x.com/j/status/17", full_text="It &lt;floats&gt;", name="Jane")}></div>',
        "::: post [Jane](https://x.com/j/status/17)\nIt \\<floats>\n:::",
    ),
    (
        (
            f'<div class="datawrapper-wrap" {data(url="https://dw.example/1/", thumbnail_url="https://s.example/t.png", title="Ships")}>'
            '<iframe src="https://dw.example/1/"></iframe></div>'
        ),
        "[![Ships](https://s.example/t.png)](https://dw.example/1/)",
    ),
    (
        (
            f'<iframe class="apple-podcast" {data(title="Tides", targetUrl="https://pod.example/1")} src="https://embed.pod.example/1">'
            "</iframe>"
        ),
        "[Tides](https://pod.example/1)",
    ),
    (
        f'<div class="image-gallery-embed" {data(gallery={"images": [{"src": "https://s.example/1.jpg"}, {"src": "https://s.example/2.jpg"}], "caption": "Cranes", "alt": "Two"})}></div>',
        "::: gallery Cranes\n![Two](https://s.example/1.jpg)\n![Two](https://s.example/2.jpg)\n:::",
    ),
]
GHOST = [
    (
        (
            '<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="https://p.example/d"><div>'
            '<div class="kg-bookmark-title">Dams</div><div class="kg-bookmark-description">Back.</div>'
            '<img class="kg-bookmark-icon" src="https://p.example/i.png"><span class="kg-bookmark-author">The Paper</span></div>'
            '<img src="https://p.example/t.png"></a><figcaption>Worth it</figcaption></figure>'
        ),
        "[Dams](https://p.example/d) (The Paper): Worth it",
    ),
    (
        '<div class="kg-card kg-callout-card"><div class="kg-callout-emoji">!</div><div class="kg-callout-text">Mind it</div></div>',
        "::: callout\n! Mind it\n:::",
    ),
    (
        '<div class="kg-card kg-toggle-card"><div><h4 class="kg-toggle-heading-text">Why?</h4></div><div><p>So.</p></div></div>',
        "**Why?**\n\nSo.",
    ),
    (
        (
            '<div class="kg-card kg-file-card"><a class="kg-file-card-container" href="https://q.example/p.pdf"><div><div class="kg-file-card-title">Plan</div>'
            '<div class="kg-file-card-caption">Of 1931</div><div class="kg-file-card-filesize">1 MB</div></div></a></div>'
        ),
        "[Plan](https://q.example/p.pdf): Of 1931",
    ),
    (
        '<figure class="kg-card kg-video-card"><div><video src="https://q.example/v.mp4"></video></div><figcaption>It moves</figcaption></figure>',
        "::: video [It moves](https://q.example/v.mp4)\n:::",
    ),
    (
        '<div class="kg-cta-content"><div><p>Ropes that hold.</p></div><a href="https://r.example" class="kg-cta-button">Look</a></div>',
        "Ropes that hold.\n\n::: button [Look](https://r.example)\n:::",
    ),
    (
        (
            '<figure class="kg-card kg-gallery-card"><div><img src="https://q.example/a.jpg" alt="A"><img src="https://q.example/b.jpg" alt="B"></div>'
            "<figcaption>Cranes</figcaption></figure>"
        ),
        "::: gallery Cranes\n![A](https://q.example/a.jpg)\n![B](https://q.example/b.jpg)\n:::",
    ),
    (
        '<!--kg-gated-block:begin nonMember:false memberSegment:"status:-free" --><p>Paid.</p><!--kg-gated-block:end--><p>All.</p>',
        "::: only paid\nPaid.\n:::\n\nAll.",
    ),
    (
        '<!--kg-gated-block:begin nonMember:true memberSegment:"status:free" --><p>Join.</p><!--kg-gated-block:end-->',
        "::: only free\nJoin.\n:::",
    ),
    (
        '<!--kg-gated-block:begin nonMember:true memberSegment:"status:free,status:-free" --><p>All.</p><!--kg-gated-block:end-->',
        "All.",
    ),
    ("<!--kg-gated-block:begin --><p>Who knows.</p><!--kg-gated-block:end-->", "::: only paid\nWho knows.\n:::"),
]


@pytest.mark.parametrize(("html", "markdown"), [*SUBSTACK, *GHOST])
def test_a_block_of_an_editor_becomes_markdown(html, markdown):
    assert body(html) == markdown


@pytest.mark.parametrize("called", ["poll-embed", "native-video-embed", "native-audio-embed"])
def test_blocks_that_only_substack_has_are_reported_as_lost(called):
    made = converted(f'<p>A</p><div class="{called}" {data(label="The bell")}></div>')
    assert made.body == "A\n"
    assert [note.kind for note in made.notes] == ["lost"]


def test_prompts_of_substack_to_pay_are_left_out():
    html = '<p>A</p><p class="button-wrapper"><a class="button primary" href="%%checkout_url%%"><span>Get 20% off</span></a></p>'
    made = converted(html)
    assert made.body == "A\n"
    assert [note.kind for note in made.notes] == ["left out"]


def test_a_picture_that_the_source_does_not_have_becomes_a_comment_with_its_text():
    html = "<figure><img src='/a.png' alt='A lock'><figcaption>At dawn</figcaption></figure><p>Text <img src='b.png' alt='B'></p>"
    assert (
        body(html)
        == "<!-- A picture is missing here: /a.png – A lock – At dawn -->\n\nText\n\n<!-- A picture is missing here: b.png – B -->"
    )


def lexical(*children) -> dict[str, object]:
    return {"root": {"type": "root", "children": list(children)}}


def ghost(tmp_path, **post) -> str:
    """The body of a post in a Ghost export."""
    row = {"id": "1", "type": "post", "status": "published", "visibility": "public", "slug": "a", "title": "A", **post}
    row = {key: json.dumps(value) if isinstance(value, dict) else value for key, value in row.items()}
    export = {"db": [{"meta": {"exported_on": 1, "version": "5"}, "data": {"posts": [row]}}]}
    (tmp_path / "x.json").write_text(json.dumps(export))
    with ImportSource(tmp_path / "x.json") as source:
        (issue,) = kind_of(source).read(source).issues
    assert isinstance(issue, ImportedIssue)
    return issue.body.strip()


@pytest.mark.parametrize(
    ("card", "markdown"),
    [
        ({"type": "call-to-action", "textValue": "<p>Ropes.</p>", "hasSponsorLabel": True, "sponsorLabel": "<p>AD</p>", "showButton": True, "buttonText": "Look", "buttonUrl": "https://r.example"},
         "AD\n\nRopes.\n\n::: button [Look](https://r.example)\n:::"),
        ({"type": "product", "productTitle": "<b>Book</b>", "productDescription": "<p>Tides.</p>", "productUrl": "https://s.example", "productButton": "Buy", "productButtonEnabled": True},
         "**Book**\n\nTides.\n\n::: button [Buy](https://s.example)\n:::"),
        ({"type": "html", "html": "<p>Paid.</p>", "visibility": {"web": {"nonMember": False, "memberSegment": "status:-free"}}}, "::: only paid\nPaid.\n:::"),
        ({"type": "html", "html": "<p>Mail.</p>", "visibility": {"showOnWeb": False, "showOnEmail": True, "segment": ""}}, "::: only email\nMail.\n:::"),
        ({"type": "html", "html": "<p>All.</p>", "visibility": {"showOnWeb": True, "showOnEmail": True, "segment": ""}}, "All."),
        ({"type": "email", "html": '<p>Hey {first_name, "you"},</p>'}, "::: only email\nHey {{ first_name | you }},\n:::"),
        ({"type": "list", "listType": "bullet", "children": [{"type": "listitem", "children": [{"type": "text", "text": "a"}]}, {"type": "listitem", "children": [{"type": "list", "children": [{"type": "listitem", "children": [{"type": "text", "text": "b"}]}]}]}]},
         "- a\n  - b"),
    ],
)  # fmt: skip
def test_a_card_of_ghosts_editor_becomes_markdown(tmp_path, card, markdown):
    assert ghost(
        tmp_path, lexical=lexical({"type": "paragraph", "children": [{"type": "text", "text": "A."}]}, card)
    ) == (f"A.\n\n{markdown}")


@pytest.mark.parametrize(
    "card",
    [
        {"type": "heading", "tag": ["h1"], "children": []},
        {"type": "heading", "tag": {}, "children": 5},
        {"type": "gallery", "images": True},
        {"type": "gallery", "images": {"src": "a.png"}},
        {"type": ["image"], "src": {}},
        {"type": "link", "url": ["x"], "children": [{"type": "text", "text": None, "format": "1"}]},
    ],
)
def test_values_of_the_wrong_type_in_ghosts_editor_end_no_import(tmp_path, card):
    before = {"type": "paragraph", "children": [{"type": "text", "text": "A."}]}
    assert ghost(tmp_path, lexical=lexical(before, card)).startswith("A.")


def test_an_end_tag_in_foreign_html_does_not_end_a_part_for_some_readers(tmp_path):
    card = {"type": "email", "html": "<p>Mail.</p></x-only><p>More.</p>"}
    text = {"type": "paragraph", "children": [{"type": "text", "text": "A."}]}
    assert ghost(tmp_path, lexical=lexical(text, card)) == "A.\n\n::: only email\nMail.\n\nMore.\n:::"


def test_footnotes_are_on_the_side_of_the_paywall_where_their_numbers_are():
    note = '<div class="footnote"><a id="footnote-1" href="#footnote-anchor-1">1</a><div class="footnote-content"><p>B.</p></div></div>'
    paid = note.replace("-1", "-2").replace(">1<", ">2<").replace("B.", "D.")
    html = f'<p>A<a id="footnote-anchor-1" href="#footnote-1">1</a></p><div class="paywall-jump"></div><p>C<a id="footnote-anchor-2" href="#footnote-2">2</a></p>{note}{paid}'
    issue = from_html(ForeignLetter("x", title="T"), html)
    assert issue.body == "A[^1]\n\n[^1]: B.\n\n::: paywall\n\nC[^2]\n\n[^2]: D.\n"
    assert [note.message for note in issue.notes if note.kind == "kept"] == [
        "footnotes were after the paywall, but are used before it (1): all readers get them, as they see their numbers"
    ]
