from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.importing.html.converting import markdown_of
from newsletter.importing.markup import escaped, paragraph
from newsletter.importing.pictures import IssueFiles
from newsletter.importing.plain_text.reading import markdown_of_text
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import (
    CodeBlock,
    Directive,
    Heading,
    HtmlBlock,
    Link,
    LinkForm,
    Paragraph,
    PersonalField,
    ReadingOptions,
    Table,
)
from newsletter.walk import figures_in, plain_text, walk_blocks, walk_inlines

MARKS = "*_`~[]()<>{}#+-=|:!&;\\\"'.0123456789 \n\tab/@^$%xé漢"
TEXTS = st.text(alphabet=MARKS, max_size=60) | st.lists(
    st.sampled_from(
        "a word . ** __ ``` ~~ [a](b) ![a](b) <b> <!-- --> {{ email }} {% if %} ::: only paid\n::: # ## > - 1. 1) --- === | a | [^1] [^1]: [x]: &amp; &lt; \\ \n https://a.example/_b_ <https://a.example> "
        "a@b.example :: 、 　 *|FNAME|* {period} {{email}} %% ``".split(" ")
    ),
    max_size=12,
).map(" ".join)


def read(markdown: str):
    return parse(Source(markdown, "index.md"), name="x", options=ReadingOptions())[0]


def words(text: str) -> str:
    return "".join(text.split())


@given(TEXTS)
def test_text_gains_no_meaning(text):
    lines = "\n".join(line for line in text.split("\n") if line.strip())
    issue = read(f"---\ntitle: x\n---\n\n{paragraph(escaped(lines))}\n")
    blocks = list(walk_blocks(issue))
    assert all(isinstance(block, Paragraph) for block in blocks)
    inlines = list(walk_inlines(issue))
    assert not any(isinstance(inline, PersonalField) for inline in inlines)
    assert all(inline.form in {LinkForm.AUTOLINK, LinkForm.BARE} for inline in inlines if isinstance(inline, Link))
    assert words("".join(plain_text(block.inlines) for block in blocks)) == words(lines)


PLAIN = st.text(alphabet=MARKS.replace("\n", ""), max_size=40).filter(lambda text: "{{" not in text and "%" not in text)


@pytest.mark.parametrize(
    "shape",
    ["<p>{}</p>", "<h2>{}</h2>", "<ul><li>{}</li></ul>", "<blockquote>{}</blockquote>", "<p><b>{}</b></p>", "{}"],
)
@given(text=PLAIN)
def test_text_of_a_page_gains_no_meaning(shape, text):
    given_text = f"x {text} y"
    html = shape.format(given_text.replace("&", "&amp;").replace("<", "&lt;"))
    markdown = markdown_of(html, IssueFiles("x"), place="x").body
    issue = read(f"---\ntitle: x\n---\n\n{markdown}")
    assert (issue.notes, issue.footnotes, issue.definitions) == ((), (), ())
    inlines = list(walk_inlines(issue))
    assert all(inline.form in {LinkForm.AUTOLINK, LinkForm.BARE} for inline in inlines if isinstance(inline, Link))
    shown = "".join(plain_text(section.title) for section in issue.sections) + "".join(
        plain_text(block.inlines) for block in walk_blocks(issue) if isinstance(block, (Paragraph, Heading))
    )
    assert words(shown) == words(given_text)


@given(TEXTS)
def test_a_plain_text_gains_no_meaning(text):
    issue = read(f"---\ntitle: x\n---\n\n{markdown_of_text(text, place='x').body}")
    assert (issue.notes, issue.footnotes, issue.definitions) == ((), (), ())
    assert not any(isinstance(block, (Directive, HtmlBlock, CodeBlock, Table)) for block in walk_blocks(issue))


@given(st.text(alphabet=MARKS + "<>/=\"'", max_size=200))
def test_no_text_raises_and_no_html_is_left(text):
    issue = read(f"---\ntitle: x\n---\n\n{markdown_of(text, IssueFiles('x'), place='x').body}")
    assert not any(isinstance(block, HtmlBlock) for block in walk_blocks(issue))


@given(alt=PLAIN, caption=PLAIN)
def test_the_texts_of_a_picture_gain_no_meaning(alt, caption):
    alt, caption = f"x {alt} y", f"x {caption} y"
    texts = [one.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for one in (alt, caption)]
    html = f'<figure><img src="https://a.example/x.png" alt="{texts[0]}"><figcaption>{texts[1]}</figcaption></figure>'
    issue = read(f"---\ntitle: x\n---\n\n{markdown_of(html, IssueFiles('x'), place='x').body}")
    (figure,) = figures_in(issue)
    assert words(figure.image.alt) == words(alt)
    assert words(plain_text(figure.caption)) + words(plain_text(figure.credit)) in {
        words(caption),
        words(caption).replace(":", "", 1),
    }


@given(text=PLAIN)
def test_the_words_of_a_link_gain_no_meaning(text):
    html = f'<p><a href="https://a.example/x">x {text.replace("&", "&amp;").replace("<", "&lt;")} y</a></p>'
    issue = read(f"---\ntitle: x\n---\n\n{markdown_of(html, IssueFiles('x'), place='x').body}")
    (link,) = [one for one in walk_inlines(issue) if isinstance(one, Link)]
    assert words(plain_text(link.inlines)) == words(f"x {text} y")
