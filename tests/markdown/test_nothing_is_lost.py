"""Any text can be parsed, and no word of it is lost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from newsletter.markdown.items import items_of
from newsletter.markdown.parse import parse, parse_fragment
from newsletter.markdown.source import Source
from newsletter.model import Code, CodeBlock, HtmlBlock, Image, Issue, ItemShape, Link, ReadingOptions, Text
from newsletter.walk import walk_blocks, walk_inlines, words_in_issue
from tests.markdown.writing import documents

MARKS = [
    *"\n \t*_~`[]()!<>{}|:-#=.1ab\\&^\"'",
    "\n\n",
    "](",
    "**",
    "~~",
    "  \n",
    "\\\n",
    "    ",
    "\u3000",
    "\ufdd0",
    "\0",
    "\r\n",
]
PIECES = [
    "[a](b)",
    "![",
    "```",
    "---\n",
    "> ",
    "- ",
    "1. ",
    "## ",
    "### ",
    "{{ name }}",
    "{{ x | y }}",
    "[^1]",
    "[^1]: ",
    "^[",
]
MORE = [
    "[r]",
    "[r]: /u\n",
    "<!--",
    "-->",
    "<!-- c -->",
    "<b>",
    "</b>",
    "|---|\n",
    "|a|b|\n",
    "::: callout ",
    "::: event\ndate: ",
    ":::",
]
BARE = [
    "https://a.b",
    "www.a.com",
    "a@b.co",
    "。字",
    "🎉",
    "&amp;",
    "*Photo: x*",
    "![a](b)",
    "> — c",
    "<script>",
    "title: x\n",
]
FRAGMENTS = st.lists(st.sampled_from([*MARKS, *PIECES, *MORE, *BARE]), max_size=40).map("".join)


@given(st.one_of(FRAGMENTS, st.text()), st.booleans())
def test_any_text_can_be_parsed(text, allow_html):
    options = ReadingOptions(allow_html=allow_html)
    source = Source(text, "x.md")
    issue, findings = parse(source, name="x", options=options)
    parse_fragment(text, "x.md", options)
    words_in_issue(issue)
    for section in issue.sections:
        for shape in ItemShape:
            items_of(section, shape)
    assert not [inline for inline in walk_inlines(issue) if isinstance(inline, Text) and "\n" in inline.text]
    for place in [inline.span for inline in walk_inlines(issue)] + [found.span for found in findings]:
        assert 0 <= place.start <= place.end <= len(source.text)
        assert (place.line, place.column) == source.position(place.start)


def all_content(issue: Issue) -> str:
    """All visible text of an issue, and its addresses, labels and comments."""
    parts = [note.text for note in issue.notes]
    parts += [f"{found.label} {found.href} {found.title}" for found in issue.definitions]
    for inline in walk_inlines(issue):
        if isinstance(inline, (Text, Code)):
            parts.append(inline.text)
        elif isinstance(inline, Link):
            parts.append(f"{inline.href} {inline.title}")
        elif isinstance(inline, Image):
            parts.append(f"{inline.src} {inline.alt} {inline.title}")
        else:
            parts += [str(getattr(inline, name, "")) for name in ("name", "fallback", "label")]
    for block in walk_blocks(issue):
        if isinstance(block, CodeBlock):
            parts.append(f"{block.language} {block.text}")
        elif isinstance(block, HtmlBlock):
            parts.append(block.html)
        else:
            parts.append(getattr(block, "name", ""))
    return " ".join(parts)


@given(documents())
def test_no_word_is_lost(writing):
    text = re.sub(r"(?s)^\ufeff?---\r?\n.*?\n---\r?\n", "", writing.lines[0])
    issue, _ = parse(Source(text, "x.md"), name="x", options=ReadingOptions())
    kept = all_content(issue)
    words = set(re.findall(r"[^\W\d_]{3,}", re.sub(r"&\w+;|&#x41;", " ", text)))
    assert {word for word in words if word not in kept} <= {"amp"}


@given(FRAGMENTS)
def test_no_word_of_combined_fragments_is_lost(scraps):
    text = scraps.replace("<!--", "").replace("\n: ", "\n") + "\n\nlast words"
    issue, _ = parse(Source(re.sub("^---", "", text), "x.md"), name="x", options=ReadingOptions())
    assert "last" in all_content(issue)
