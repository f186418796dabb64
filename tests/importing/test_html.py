"""HTML from other tools: its Markdown, the parts that are left out, and hostile input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.importing.addresses import bare_address, is_counted, picture_address
from newsletter.importing.base import ImportedIssue
from newsletter.importing.counting import counts_of
from newsletter.importing.credits import with_credit
from newsletter.importing.html.converting import is_html, markdown_of
from newsletter.importing.html.page import TooLargeError
from newsletter.importing.letters import ForeignLetter, from_html
from newsletter.importing.pictures import IssueFiles
from newsletter.importing.registry import kind_of
from newsletter.importing.sources import ImportSource

if TYPE_CHECKING:
    from pathlib import Path


def converted(html: str, **given):
    return markdown_of(html, IssueFiles("letter.html"), place="letter.html", **given)


def body(html: str, **given) -> str:
    return converted(html, **given).body.strip()


def left_out(html: str) -> list[str]:
    return [note.message for note in converted(html).notes if note.kind == "left out"]


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>So<b> bold </b>it is</p>", "So **bold** it is"),
        ("<p><b>Title:</b>text</p>", "**Title**:text"),
        ("<p><b>標題：</b>正文</p>", "**標題：**正文"),
        ("<p><b>one</b><b> two</b></p>", "**one** **two**"),
        ("<p><b><strong>one</strong></b></p>", "**one**"),
        ("<b><p>one</p><p>two</p></b>", "**one**\n\n**two**"),
        ("<p>one<br>two<br><br>three</p>", "one\\\ntwo\n\nthree"),
        ("one<div>two</div>three", "one\n\ntwo\n\nthree"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c"),
        ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b"),
        ("<h2><b>One</b><br>two</h2>", "## One two"),
        ("<a href='https://a.example/'><h3>Card</h3></a>", "### [Card](https://a.example/)"),
        ("<p>wow!<a href='https://a.example/'>x</a></p>", "wow\\![x](https://a.example/)"),
        ("<p><a href='https://a.example/a b(c'>x [y]</a></p>", "[x \\[y\\]](https://a.example/a%20b%28c)"),
        ("<p><a href='javascript:alert(1)'>x</a></p>", "x"),
        ("<p><code>a`b</code></p>", "``a`b``"),
        ("<pre><code class='language-python'>a\n\n```\nb</code></pre>", "````python\na\n\n```\nb\n````"),
        ("<blockquote><p>Words</p><footer>— Jane</footer></blockquote>", "> Words\n>\n> — Jane"),
        ("<blockquote>Words</blockquote><p>— Jane</p>", "> Words\n>\n> — Jane"),
        ("<blockquote>Words<footer><cite>— Jane, <a href='https://a.example/'>May</a></cite></footer></blockquote>", "> Words\n>\n> — Jane, [May](https://a.example/)"),
        ("<figure><button><img src='https://a.example/x.png' alt='X'></button><figcaption>A lock</figcaption></figure>", '![X](https://a.example/x.png "A lock")'),
        ("<blockquote>Words</blockquote><p><em>— Jane</em></p>", "> Words\n>\n> — Jane"),
        ("<img src='https://a.example/x.png' alt='X'><div popover><img src='https://a.example/x-large.png' alt='X'></div>", "![X](https://a.example/x.png)"),
        ("<p>He said <q>no</q></p>", "He said “no”"),
        ("<dl><dt>Lock</dt><dd>A room for water</dd></dl>", "- **Lock**: A room for water"),
        ("<p>a&nbsp;b «&nbsp;c&nbsp;»</p>", "a b «\u00a0c\u00a0»"),
        ("<p>2<sup>10</sup> is n<sup>2</sup>, the 4<sup>th</sup> of x<sup>k</sup>, a<sup>b + c</sup></p>", "2¹⁰ is n², the 4th of x^k, a^(b + c)"),
        ("<p>CO<sub>2</sub> and x<sub>i</sub>; see<sup>[<a href='https://a.example'>1</a>]</sup></p>", "CO₂ and x_i; see\\[[1](https://a.example)]"),
        ("<hr>", "---"),
        ("<table><tr><th>A</th><th align=right>B</th></tr><tr><td>1|2</td><td>3</td></tr></table>", "| A | B |\n| --- | ---: |\n| 1\\|2 | 3 |"),
        ("<table role=presentation><tr><td><p>a</p></td><td><p>b</p></td></tr></table>", "a\n\nb"),
        ("<table cellpadding=0 border=0><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\n\nb\n\nc\n\nd"),
        ("<figure><img src='https://a.example/x.png' alt='X'><figcaption>Y. Photo by Z</figcaption></figure>", '![X](https://a.example/x.png "Y. Photo: Z")'),
        ("<img src='https://a.example/x.png'><p><em>A caption</em></p>", '![](https://a.example/x.png "A caption")'),
        ("<figure><img src='https://a.example/x.png'><figcaption>See <a href='https://b.example/'>b</a></figcaption></figure>", "![](https://a.example/x.png)\n*See [b](https://b.example/)*"),
        ("<a href='https://a.example/large/x.png'><img src='https://a.example/x.png'></a>", "![](https://a.example/x.png)"),
        ("<a href='https://b.example/'><img src='https://a.example/x.png' alt='X'></a>", "[![X](https://a.example/x.png)](https://b.example/)"),
        ("<iframe src='https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0'></iframe>", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("<iframe src='https://maps.example/m' title='A map'></iframe>", "[A map](https://maps.example/m)"),
        ("<p>See <iframe src='https://maps.example/m'></iframe> here.</p>", "See [maps.example](https://maps.example/m) here."),
        ("<p>See <iframe src='https://www.youtube.com/v/dQw4w9WgXcQ'></iframe></p>", "See\n\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("<p>At <audio src='https://a.example/a.mp3'></audio> it sings.</p>", "At [a.mp3](https://a.example/a.mp3) it sings."),
        ("<h2>Map <iframe src='https://maps.example/m'></iframe></h2>", "## Map [maps.example](https://maps.example/m)"),
        ("<ul><li>One <iframe src='https://maps.example/m'></iframe></li></ul>", "- One\n\n  [maps.example](https://maps.example/m)"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td><iframe src='https://maps.example/m'></iframe></td><td><video src='https://a.example/v.mp4'></video></td></tr></table>", "| A | B |\n| --- | --- |\n| [maps.example](https://maps.example/m) | [v.mp4](https://a.example/v.mp4) |"),
        ("<iframe src='about:blank' data-lazy-src='https://maps.example/m'></iframe>", "[maps.example](https://maps.example/m)"),
        ("<iframe src='https://player.vimeo.com/video/76979871?h=8272103f6e&dnt=1'></iframe>", "https://vimeo.com/76979871/8272103f6e"),
        ("<object data='https://a.example/plan.pdf'>No plan? <a href='https://a.example/plan.pdf'>Load it</a>.</object>", "No plan? [Load it](https://a.example/plan.pdf)."),
        ("<object data='https://a.example/plan.pdf'></object>", "[plan.pdf](https://a.example/plan.pdf)"),
        ("<object><param name='movie' value='https://www.youtube.com/v/dQw4w9WgXcQ'><embed src='https://www.youtube.com/v/dQw4w9WgXcQ'></object>", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("<lite-youtube videoid='dQw4w9WgXcQ'></lite-youtube>", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("<video poster='https://a.example/p.jpg'></video>", "![](https://a.example/p.jpg)"),
        ("<picture><source srcset='https://a.example/x.webp 2x'><img alt='X'></picture>", "![X](https://a.example/x.webp)"),
        ("<img srcset='https://a.example/s.jpg 400w, https://a.example/l.jpg 800w' alt='X'>", "![X](https://a.example/l.jpg)"),
        ("<img src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' data-srcset='https://a.example/l.jpg 400w' alt='X'>", "![X](https://a.example/l.jpg)"),
        ("<img data-src='https://a.example/x.jpg' alt='X'><noscript><img src='https://a.example/x.jpg'></noscript>", "![X](https://a.example/x.jpg)"),
        ("<noscript><img src='https://a.example/x.jpg' alt='X'></noscript>", "![X](https://a.example/x.jpg)"),
        ("<amp-img src='https://a.example/x.jpg' alt='X'></amp-img>", "![X](https://a.example/x.jpg)"),
        ("<img src='https://a.example/x.png' alt='X' usemap='#m'><map name='m'><area href='https://a.example/1' alt='One'></map>", "![X](https://a.example/x.png)\n\n- [One](https://a.example/1)"),
        ("<p>Warm <img class='emoji' alt='☀️' src='https://s.w.org/x.png'> day</p>", "Warm ☀️ day"),
        ("<p>So <math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></semantics></math><span class='katex-html'>x2</span>.</p>", "So `x^2`."),
        ("<audio src='https://a.example/talk.mp3'></audio>", "::: audio [talk.mp3](https://a.example/talk.mp3)\n:::"),
        ("<p><a class='btn' href='https://a.example/'>Come</a></p>", "::: button [Come](https://a.example/)\n:::"),
        ("<p>One</p><!--members-only--><p>Two</p>", "One\n\n::: paywall\n\nTwo"),
        ("<p>A<sup><a href='#fn1' id='r1'>1</a></sup></p><ol class='footnotes'><li id='fn1'>B <a href='#r1'>↩</a></li></ol>", "A[^1]\n\n[^1]: B"),
        ("<p>Dear *|FNAME|*, {{ subscriber.first_name | default: 'you' }}</p>", "Dear {{ first_name }}, {{ first_name | you }}"),
        ("<p>{{ nothing.known }} ::: only paid</p><p>::: paywall</p>", "\\{\\{ nothing.known }} ::: only paid\n\n\\::: paywall"),
        ("<p>&lt;!-- no --&gt; &lt;b&gt;</p>", "\\<!-- no --> \\<b>"),
        ("<p>See https://a.example/x?utm_source=y.</p>", "See https://a.example/x."),
    ],
)  # fmt: skip
def test_html_becomes_markdown(html, markdown):
    assert body(html) == markdown


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>A</p><iframe srcdoc='<p>hello</p>'></iframe>", "an iframe with its own page: hello"),
        ("<p>A</p><audio src='a.mp3'></audio>", "the source does not have the recording a.mp3"),
        ("<p>A</p><video></video>", "a player without its recording"),
        ("<p>A</p><svg><text>Ships a year</text></svg>", "an inline drawing (SVG): Ships a year"),
    ],
)
def test_content_that_cannot_be_imported_is_reported_as_lost(html, expected):
    made = converted(html)
    assert made.body == "A\n"
    assert [(note.kind, note.message) for note in made.notes] == [("lost", expected)]


def test_a_post_of_a_network_is_a_directive():
    html = (
        '<blockquote class="twitter-tweet"><p>It floats.</p>&mdash; Jane (@jane) '
        '<a href="https://twitter.com/jane/status/12345?ref_src=twsrc">May 1</a></blockquote><script src="x"></script>'
    )
    assert body(html) == "::: post [Jane](https://twitter.com/jane/status/12345)\nIt floats.\n:::"


@pytest.mark.parametrize(
    "boilerplate",
    [
        "<p><a href='*|ARCHIVE|*'>View this email in your browser</a></p>",
        "<p><a href='https://twitter.com/intent/tweet?text=x'>Tweet</a> | <a href='https://www.facebook.com/sharer.php?u=x'>Share</a></p>",
        "<nav><a href='/'>Home</a></nav>",
        "<form><input type=email><button>Subscribe</button></form>",
        "<div class='subscription-widget'>Thanks for reading!</div>",
        "<p>You received this email because you signed up. <a href='https://a.example/unsubscribe?u=1'>Unsubscribe</a></p>",
        "<p>Copyright © 2024 The Quay, All rights reserved.</p>",
        "<div class='comments-area'><h2>Comments</h2><p>Great!</p></div>",
        "<img src='https://a.example/open.gif' width=1 height=1>",
        "<div style='display:none;max-height:0'>Hidden</div>",
        "<p>Recommended by LinkedIn</p>",
        "<p>12 minutes to read</p>",
        "<p><a href='#share'>Share</a></p>",
        "<a href='https://x.com/quay'><img src='https://a.example/icon.png' width=24></a>",
    ],
)  # fmt: skip
def test_boilerplate_is_left_out_and_reported(boilerplate):
    html = (
        f"<p>Before it stands a paragraph that is long enough to be the letter.</p>{boilerplate}<p>And one behind.</p>"
    )
    assert body(html) == "Before it stands a paragraph that is long enough to be the letter.\n\nAnd one behind."
    assert left_out(html)


@pytest.mark.parametrize(
    "kept",
    [
        "<h2>Comments</h2>",
        "<p>We share this post with all who ask.</p>",
        "<p>Subscribe to the view that water is wet, as Jane does on Facebook.</p>",
        "<p>Read what <a href='https://x.com/jane/status/1'>Jane</a> said of it.</p>",
        "<h2>Latest</h2>",
    ],
)
def test_words_of_the_letter_stay(kept):
    assert not left_out(kept)
    assert body(kept)


def test_the_letter_of_a_page_is_distinguished_from_the_site():
    words = "Words of the letter that go on for long enough. " * 8
    html = f"<header><a href='/'>Site</a></header><article><h1>T</h1><p>{words}</p></article><aside>Other</aside>"
    made = converted(html, whole_page=True)
    assert "Site" not in made.body
    assert "Other" not in made.body
    assert "Site Other" in made.notes[0].message


def test_the_preheader_is_recognized():
    made = converted("<div style='display:none'>Three ports &zwnj; &nbsp; &zwnj;</div><p>Letter</p>")
    assert (made.preheader, made.body) == ("Three ports", "Letter\n")


TARGET = "https://a.example/x?id=4#y"


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/x?utm_source=z&id=4&fbclid=1#y",
        "https://www.google.com/url?q=https%3A%2F%2Fa.example%2Fx%3Fid%3D4%26utm_source%3Dz%23y&sa=D",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fx%3Fid%3D4%23y&data=05",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fx%3Fid%3D4%23y&h=1",
        "https://substack.com/redirect/2/eyJlIjoiaHR0cHM6Ly9hLmV4YW1wbGUveD9pZD00I3kifQ.sig?",
        "https://click.convertkit-mail.com/a/b/aHR0cHM6Ly9hLmV4YW1wbGUveD9pZD00I3k=",
        "https://mirror.example/url-68747470733a2f2f612e6578616d706c65/x?id=4#y",
    ],
)
def test_link_wrappers_and_tracking_parameters_are_removed(address):
    assert bare_address(address).removesuffix("#y") == TARGET.removesuffix("#y")


@pytest.mark.parametrize(
    "address", ["javascript:x", "java\nscript:x", "vbscript:x", "data:text/html,x", "\x01javascript:x", " "]
)
def test_an_address_with_a_script_is_removed(address):
    assert bare_address(address) == ""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<dl><dt>A</dt><dt>B</dt><dd><p>One</p><p>Two</p></dd></dl>", "- **A / B**: One\n\n  Two"),
        ("<dl><div><dt><b>A</b></dt><dd>One</dd><dd>Two</dd></div><dt>C</dt></dl>", "- **A**: One\n\n  Two\n\n- **C**"),
        ("<dl><dd>One</dd></dl>", "One"),
        ("<dl><dt>A</dt><dd>One<dl><dt>B</dt><dd>Two</dd></dl></dd></dl>", "- **A**: One\n  - **B**: Two"),
        ("<dl>One<p>Two</p><div><dl><dd>Three</dd></dl></div></dl>", "One\n\nTwo\n\nThree"),
        ("<dl><dt>A</dt><dd>One</dd><p>Two</p><dt>B</dt></dl>", "- **A**: One\n\nTwo\n\n- **B**"),
    ],
)
def test_a_list_of_terms_is_a_list(given, expected):
    made = converted(given)
    assert made.body.strip() == expected
    assert any("a list of terms" in note.message for note in made.notes) == ("<dt>" in given)


@pytest.mark.parametrize(
    "given",
    [
        "<table><p>One</p><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
        "<table><tr>One<th>A</th><th>B</th></tr><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        "<table><td>One</td><tbody><tr><th>A</th><th>B</th></tr><tr><form><td>1</td><td>2</td></form></tr></tbody></table>",
        "<table><caption>One</caption><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
    ],
)
def test_text_in_a_table_but_in_no_cell_is_above_it(given):
    assert body(given) == "One\n\n| A | B |\n| --- | --- |\n| 1 | 2 |"


def test_a_click_counter_that_does_not_contain_its_target_is_reported():
    made = converted('<p>A <a href="https://x.us1.list-manage.com/track/click?u=1&amp;id=2">report</a>.</p>')
    assert [(note.kind, note.message) for note in made.notes] == [
        ("kept", "a link through a click counter, of which only x.us1.list-manage.com knows the target: “report”")
    ]


def test_a_click_counter_that_does_not_contain_its_target_stays():
    address = "https://x.us1.list-manage.com/track/click?u=1&id=2"
    assert bare_address(address) == address
    assert is_counted(address)


def test_a_picture_is_the_one_that_was_uploaded():
    scaled = "https://substackcdn.com/image/fetch/w_1456,c_limit/https%3A%2F%2Fa.example%2Fpublic%2Fx.png"
    assert picture_address(scaled) == "https://a.example/public/x.png"


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("A dam. Photo by Jane", "A dam. Photo: Jane"),
        ("A dam (Image: Jane)", "A dam. Image: Jane"),
        ("Photo courtesy of the port", "Photo: the port"),
        ("© Jane", "Photo: Jane"),
        ("Photos from the tour", "Photos from the tour"),
    ],
)
def test_credits_are_written_as_here(caption, credit):
    assert with_credit(caption)[0] == credit


def test_html_is_distinguished_from_markdown():
    assert is_html("<p>One</p>")
    assert not is_html("A < B, and a list of <T>.")


N = 12_000


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "x",
        "<b><blockquote><ul><li><table><tr><td>" * 500 + "x",
        "<" * 200_000,
        "a<" * 200_000,
        "<!--" * 100_000,
        "<![CDATA[" * 100_000,
        "<?" * 100_000,
        '<a href="x' * 50_000,
        "<a '" * 50_000,
        "<script>" * 50_000 + "x",
        "<a " + "a=1 " * 100_000 + ">x</a>",
        f"<p style='{'x' * 1_000_000}'>x</p>",
        "&" * 300_000 + "&amp;" * 50_000,
        "*_`[{|~" * 30_000,
        "<p>" + "<a href='https://twitter.com/intent/tweet'>Tweet</a>" * 3_000,
        "<span>Share</span>" * 3_000,
        "<img src=a>" * 5_000,
        "“" * 100_000,
        "<style>" + "@media x{" * 50_000 + "</style>x",
    ],
)  # fmt: skip
def test_hostile_html_does_no_harm(html):
    try:
        made = converted(html)
    except TooLargeError as error:
        assert "elements" in str(error) or "characters" in str(error)  # noqa: PT017 - either may be right
    else:
        assert "<script" not in made.body.replace("\\<script", "")


def test_what_is_larger_than_a_letter_is_refused():
    with pytest.raises(TooLargeError, match="million characters"):
        converted("x" * 9_000_000)


TABLE = (
    "<table><thead><tr><th>Year</th><th>Boats</th></tr></thead><tbody><tr><td>2023</td><td>4</td></tr></tbody></table>"
)


def test_a_chart_in_a_feed_without_marks_is_the_table_of_its_figures_once():
    chart = f'<p><strong>Boats</strong></p><p><img src="https://b.example/x/chart-fabefb11.png" alt="Boats: 2023 4"></p><p><img src="https://b.example/x/chart-fabefb12.png" alt="Boats: 2023 4"></p>{TABLE}<p>Source: <a href="https://a.example/">The council</a></p>'
    table = "**Boats**\n\n| Year | Boats |\n| --- | --- |\n| 2023 | 4 |\n\nSource: [The council](https://a.example/)"
    assert body(f"<p>One</p>{chart}<p>Two</p>") == f"One\n\n{table}\n\nTwo"


def test_a_picture_with_a_name_like_that_of_a_chart_stays():
    assert "chart-fabefb11.png" in body("<p><img src='https://b.example/chart-fabefb11.png' alt='A'></p><p>Two</p>")


HEADINGS = '<h2 id="old">Old ropes</h2><p>Hemp.</p><h2><a name="new"></a>New ropes</h2><p>Nylon.</p>'


@pytest.mark.parametrize(
    "part",
    [
        '<h2>Contents</h2><ol><li><a href="#old">Old ropes</a></li><li><a href="#new">New ropes</a></li></ol>',
        '<p><b>In this issue:</b></p><ul><li><p><a href="#old">Old</a></p></li><li><a href="#new">New</a></li></ul>',
        '<p class="byline">By <a href="/ida">Ida Holm</a> · <time datetime="2024-03-04">4 March 2024</time> · 5 min read</p>',
        '<div class="tags">Tags: <a href="/t/rope">rope</a></div>',
    ],
)
def test_what_newsletter_writes_itself_is_left_out(part):
    assert body(f"{part}{HEADINGS}") == "## Old ropes\n\nHemp.\n\n## New ropes\n\nNylon."
    assert len(left_out(f"{part}{HEADINGS}")) == 1


@pytest.mark.parametrize(
    "part",
    [
        '<ul><li><a href="#old">Old ropes</a> are brown</li><li><a href="#new">New ropes</a></li></ul>',
        '<ul><li><a href="#fn1">A</a></li><li><a href="#fn2">B</a></li></ul>',
        '<ul><li><a href="https://a.example/">A</a></li><li><a href="https://b.example/">B</a></li></ul>',
        '<p class="byline">By a friend of the harbour</p>',
        '<div class="tagline">Ropes <a href="https://a.example/">and tar</a></div>',
    ],
)
def test_a_list_or_line_with_other_content_stays(part):
    assert left_out(f"{part}{HEADINGS}") in (
        [],
        ["links to anchors on the page itself (2): “Old ropes”, “New ropes”"],
        ["links to anchors on the page itself (2): “A”, “B”"],
    )
    assert body(f"{part}{HEADINGS}") != body(HEADINGS)


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Hi {{ .Subscriber.FirstName }}, the tide is out", "Hi, the tide is out"),
        ("*|FNAME|*: the tide", "The tide"),
        ("The tide of {{ subscriber.first_name | default: 'all' }}", "The tide of all"),
        ("Tide, {{ .Campaign.Name }}!", "Tide!"),
        ("The tide: 100 % of {x}", "The tide: 100 % of {x}"),
    ],
)
def test_a_title_has_no_tags_of_a_service(subject, title):
    issue = from_html(ForeignLetter("x", title=subject, templated=True), "<p>A</p>")
    assert issue.title == title
    assert any(subject in note.message for note in issue.notes) == (subject != title)


def test_braces_in_a_title_that_is_no_subject_stay():
    assert from_html(ForeignLetter("x", title="How {{ name }} works"), "<p>A</p>").title == "How {{ name }} works"


BROKEN_ADDRESSES = (
    "https://[::1",
    "http://[x/",
    "https://a.example:²/",
    "//",
    "https://",
    "?",
    "https://e.com/" + "a" * 9000,
)


@pytest.mark.parametrize("address", BROKEN_ADDRESSES, ids=lambda address: address[:20])
def test_a_broken_address_ends_no_import(tmp_path: Path, address: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        f"<html><head><title>A letter</title><link rel='canonical' href='{address}'><meta property='og:url' content='{address}'>"
        f"</head><body><article><h1>A letter</h1><p>Some <a href='{address}'>text</a> of the letter.</p>"
        f"<iframe src='{address}'></iframe><p><img src='{address}' srcset='{address} 2w' alt='A gate'></p>"
        f"<video src='{address}'></video><audio src='{address}' title='A talk'></audio>"
        f'<div class=\'tweet\' data-attrs=\'{{"url": "{address}", "full_text": "So many words."}}\'></div>'
        f"<blockquote class='twitter-tweet'><p>Quoted words.</p><a href='{address}'>1 May</a></blockquote></article></body></html>",
        encoding="utf-8",
    )
    text = imported_page(page)
    assert "of the letter." in text
    assert "Quoted words." in text


def test_elements_with_names_of_ours_are_foreign(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>A letter</title></head><body><article><h1>A letter</h1><p>Some text.</p>"
        "<x-figure>One</x-figure><x-block name='only'><p>Two</p></x-block><x-button>Three</x-button>"
        "<x-ref>Four</x-ref><x-video src='a'>Five</x-video><x-markdown>**Six**</x-markdown><x-note>Seven --></x-note>"
        "<x-only readers='paid'>Eight</x-only><x-callout>Nine</x-callout><x-paywall></x-paywall></article></body></html>"
    )
    text = imported_page(page)
    words = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    assert [word for word in words if word not in text] == []
    assert ":::" not in text
    assert "**Six**" not in text
    assert "<!--" not in text


def imported_page(page: Path) -> str:
    with ImportSource(page) as source:
        (issue,) = (one for one in kind_of(source).read(source).issues if isinstance(one, ImportedIssue))
    return issue.body


def test_tags_that_are_never_closed_are_counted_in_linear_time() -> None:
    assert counts_of("<a>One <b " + "<a " * 50_000).links == 1
