"""Comments across blocks: they end at their closing mark, and none of their words is published."""

from __future__ import annotations

import pytest

from newsletter.model import CodeBlock, Directive, HtmlBlock
from newsletter.walk import blocks_text, plain_text, top_blocks, walk_blocks, walk_inlines
from tests.markdown.reading import Read

CONTAINERS = {
    "paragraph": "before {}\n\nafter",
    "own line": "before\n{}\n\nafter",
    "heading": "## before {}\n\nafter",
    "list": "- before\n\n  {}\n\nafter",
    "below a list": "- before\n{}\n\nafter",
    "tight list": "- before {}\n- after",
    "nested list": "- before\n  1. one\n     - two {}\n\nafter",
    "quotation": "> before\n> {}\n\nafter",
    "list in a quotation": "> - before {}\n\nafter",
    "quotation in a list": "- > before {}\n\nafter",
    "cell": "| before {} | b |\n|--|--|\n| c | after |",
    "directive": "::: callout before\n{}\n\nafter\n:::",
    "argument": "::: callout before {}\nafter\n:::",
    "field": "::: event before\ndate: 2024-01-31 {}\n\nafter\n:::",
    "footnote": "before[^1] after\n\n[^1]: note\n    {}\n",
    "emphasis": "**before {}** after",
    "link": "[before {}](https://a.example/) after",
    "caption": "![before](a.png)\n*one {}*\n\nafter",
    "html": "before\n\n<div>\n{}\n</div>\n\nafter",
    "only": "before\n\n::: only email\n- {}\n:::\n\nafter",
}
COMMENTS = {
    "one line": "<!-- secret -->",
    "lines": "<!-- secret\nsecret -->",
    "blank line": "<!--\n\nsecret\n\n-->",
    "at the margin": "<!-- x\n\nsecret\n-->",
    "indented": "<!--\n\n      secret\n   -->",
    "fence": "<!--\n```\nsecret\n```\n\nsecret\n-->",
    "half a fence": "<!-- x\n\n```\nsecret -->",
    "backticks": "<!-- `secret\n\nsecret` -->",
    "quotation": "<!-- x\n> secret\n>\n> secret\n-->",
    "list": "<!-- x\n\n- secret\n  - secret\n\n-->",
    "heading": "<!-- x\n\n## secret\n\nsecret -->",
    "directive": "<!-- x\n\n::: only paid\nsecret\n:::\n\n-->",
    "table": "<!-- | secret |\n|--|\n\n| secret | -->",
    "bar": "<!-- secret | secret -->",
    "link": "<!-- [secret](\n\nsecret) -->",
    "another begins": "<!-- secret <!-- secret\n\nsecret -->",
    "two": "<!-- secret\n\nsecret --> <!-- secret\n\nsecret -->",
    "definition": "<!-- x\n\n[secret]: https://secret.example/\n\n-->",
}


def visible_words(read: Read) -> str:
    """All words that a reader could see."""
    issue = read.issue
    parts = [plain_text(section.title) for section in issue.sections]
    parts += [blocks_text(top_blocks(issue)), plain_text(walk_inlines(issue))]
    for block in walk_blocks(issue):
        if isinstance(block, CodeBlock):
            parts.append(block.text)
        elif isinstance(block, HtmlBlock):
            parts.append(block.html)
        elif isinstance(block, Directive):
            parts += [*block.fields.values(), block.name]
    return "\n".join(parts)


@pytest.mark.parametrize("html", [False, True], ids=["markdown", "html"])
@pytest.mark.parametrize("comment", COMMENTS.values(), ids=COMMENTS)
@pytest.mark.parametrize("container", CONTAINERS.values(), ids=CONTAINERS)
def test_no_word_of_a_comment_is_visible(container: str, comment: str, html: bool):
    read = Read(container.replace("{}", comment), allow_html=html)
    words = visible_words(read)
    assert "secret" not in words
    assert not any("\ufdd0" <= char <= "\ufddf" for char in words)
    assert "before" in words
    assert "after" in words
    assert "secret" in "".join(note.text for note in read.issue.notes)
    assert not any(found.code == "ST126" for found in read.findings)


@pytest.mark.parametrize("container", CONTAINERS.values(), ids=CONTAINERS)
def test_an_unclosed_comment_is_reported(container: str):
    read = Read(container.replace("{}", "<!-- secret\n\nsecret"))
    assert [found.code for found in read.findings if found.code == "ST126"] == ["ST126"]


def test_text_after_a_comment_across_blocks_keeps_its_position():
    read = Read("> one <!-- a\n>\n> b --> two\n\n- three\n  <!--\n\n-->\nfour [five](u)")
    (link,) = [one for one in walk_inlines(read.issue) if hasattr(one, "href")]
    assert (read.cut(link.span), link.span.line) == ("[five](u)", 9)
    assert blocks_text(top_blocks(read.issue)).split() == ["one", "two", "three", "four", "five"]


def test_a_comment_within_one_block_is_parsed_once():
    """None of these is parsed twice."""
    for text in ("a <!-- b\nc --> d", "<!--\n\na\n-->\nb", "`<!--` and -->", "```\n<!--\n```\n-->", "    <!--\n\n-->"):
        read = Read(text)
        assert not read.findings
