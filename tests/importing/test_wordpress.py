"""Posts of WordPress are rendered as WordPress does, and become Markdown."""

from __future__ import annotations

import json

import pytest

from newsletter.importing.kinds.wordpress_codes import Attachment, PostParts, rendered
from newsletter.importing.letters import ForeignLetter, from_html

PARTS = PostParts(
    {"31": Attachment("https://q.example/crane.jpg", "A crane", "At noon."), "32": Attachment("https://q.example/lock.jpg")},
    {"99": "<!-- wp:paragraph --><p>Shared.</p><!-- /wp:paragraph -->"},
    json.dumps([{"id": "a1", "content": 'By <a href="https://law.example">law</a>.'}]),
)  # fmt: skip


def shown(html: str) -> tuple[str, list[str]]:
    """The body of a post, and the kinds of its notes."""
    notes = []
    html = rendered(html, PARTS, "x", notes)
    issue = from_html(ForeignLetter("x", title="T"), html)
    return issue.body.strip(), [note.kind for note in (*notes, *issue.notes)]


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<!-- wp:paragraph --><p>Closed<sup data-fn="a1" class="fn"><a href="#a1" id="a1-link">1</a></sup>.</p><!-- /wp:paragraph --><!-- wp:footnotes /-->',
         "Closed[^1].\n\n[^1]: By [law](https://law.example)."),
        ("Words[footnote]A foot.[/footnote] go on.", "Words[^1] go on.\n\n[^1]: A foot."),
        ('<!-- wp:block {"ref":99} /-->', "Shared."),
        ('<!-- wp:image --><figure><a href="https://q.example/crane.jpg"><img src="https://q.example/crane-1024x683.jpg" alt="" class="wp-image-31"/></a></figure><!-- /wp:image -->',
         "![A crane](https://q.example/crane.jpg)"),
        ('[gallery columns="2" ids="31,32"]', '::: gallery\n![A crane](https://q.example/crane.jpg "At noon.")\n![](https://q.example/lock.jpg)\n:::'),
        ("[youtube https://www.youtube.com/watch?v=dQw4w9WgXcQ]", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("[vimeo 76979871]", "https://vimeo.com/76979871"),
        ('[sourcecode language="python"]\nif a[0] < b:\n\n    pass\n[/sourcecode]', "```python\nif a[0] < b:\n\n    pass\n```"),
        ('[su_button url="https://q.example/x"]Buy[/su_button]', "::: button [Buy](https://q.example/x)\n:::"),
        ("One.\nTwo.\n\n<blockquote>Said.\n— Ola</blockquote>\nThree.", "One.\\\nTwo.\n\n> Said.\\\n> — Ola\n\nThree."),
        ("<ul>\n<li>One</li>\n\n<li>Two</li>\n</ul>\nAfter it.", "- One\n- Two\n\nAfter it."),
        ('<!-- wp:verse --><pre class="wp-block-verse">Out,\n and <em>in</em> again.</pre><!-- /wp:verse -->', "Out,\\\nand *in* again."),
        ('<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>No.</p><cite>Ola</cite></blockquote></figure>', "> No.\n>\n> — Ola"),
        ("<!-- wp:details --><details><summary>Why?</summary><p>So.</p></details>", "**Why?**\n\nSo."),
        ('<!-- wp:file --><div class="wp-block-file"><a href="https://q.example/p.pdf">Plan</a><a href="https://q.example/p.pdf" class="wp-block-file__button" download>Download</a></div>',
         "[Plan](https://q.example/p.pdf)"),
        ("<!-- wp:table --><figure><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table><figcaption>Ships</figcaption></figure>",
         "| A | B |\n| --- | --- |\n| 1 | 2 |\n\n*Ships*"),
    ],
)  # fmt: skip
def test_a_post_is_rendered_like_wordpress_does(html, markdown):
    assert shown(html)[0] == markdown


def test_a_shortcode_without_an_equivalent_is_a_comment_if_alone_and_text_otherwise():
    text, notes = shown('One.\n\n[contact-form-7 id="5"]\n\nTwo [odd x="1"]words[/odd].')
    assert text == 'One.\n\n<!-- [contact-form-7 id="5"] -->\n\nTwo \\[odd x="1"]words\\[/odd].'
    assert notes == ["kept", "kept"]


def test_a_shared_block_that_is_not_in_the_export_is_lost_and_a_list_of_posts_is_left_out():
    text, notes = shown('<p>A</p><!-- wp:block {"ref":7} /--><!-- wp:latest-posts {"postsToShow":3} /-->')
    assert (text, notes) == ("A", ["lost", "left out"])


def test_unclosed_shortcodes_are_read_in_linear_time():
    endless = "".join(
        f"{code}words " * 3000 for code in ("[footnote]", "[sourcecode]", "[caption]", "<pre>", '<sup data-fn="a1">', '<img class="')
    )  # fmt: skip
    text, _ = shown(f"<p>A</p>{endless}")
    assert text.startswith("A")


def test_blocks_that_include_each_other_are_read_in_finite_time():
    parts = PostParts({}, {"1": '<!-- wp:block {"ref":1} /-->' * 50}, "")
    notes = []
    assert len(rendered("<p>A</p>" + '<!-- wp:block {"ref":1} /-->' * 50, parts, "x", notes)) < 3_000_000
    assert [note.kind for note in notes] == ["lost"]
