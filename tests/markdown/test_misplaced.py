"""Front matter that is read as text, and other text that resembles it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.markdown.front_matter import read_front
from newsletter.markdown.misplaced import misplaced_front
from newsletter.markdown.source import Source

HEAD = "title: Ports\ndate: 2024-01-31\ndraft: true\n"
FENCED = f"---\n{HEAD}---\n"


def found_in(text: str) -> tuple[str, str] | None:
    source = Source(text, "x.md")
    found = misplaced_front(source.text, read_front(source)[0].body_start)
    return found and (source.text[found.start : found.end], found.why)


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        (f"<!-- a note -->\n{FENCED}Body", "---", "a comment is above it"),
        (f"<!-- a\n\nnote -->\n\n<!-- b -->\n{FENCED}Body", "---", "a comment is above it"),
        (f"<!-- a note -->\r\n{FENCED}Body".replace("\n", "\r\n"), "---", "a comment is above it"),
        (f"<!-- a note --> {FENCED}Body", "---", "a comment is above it"),
        (f"# Ports\n{FENCED}Body", "---", "something is above it"),
        (f"Sent in by Jane.\n\n{FENCED}Body", "---", "something is above it"),
        (f"<p>\n{FENCED}Body", "---", "something is above it"),
        (f"{{% comment %}}\n{FENCED}Body", "---", "something is above it"),
        (f" {FENCED}Body", "---", "its first line is indented"),
        (f"\t{FENCED}Body", "---", "its first line is indented"),
        ("    ---\n    title: Ports\n    ---\nBody", "---", "its first line is indented"),
        (f"\u200b{FENCED}Body", "\u200b---", "an invisible character, U+200B, is in its first line"),
        (f"\ufeff\ufeff{FENCED}Body", "\ufeff---", "an invisible character, U+FEFF, is in its first line"),
        (f"\u00a0{FENCED}Body", "\u00a0---", "an invisible character, U+00A0, is in its first line"),
        (f"\u200b\n{FENCED}Body", "---", "an invisible character, U+200B, is above it"),
        (f"\x0c{FENCED}Body", "\x0c---", "an invisible character, U+000C, is in its first line"),
        (f"-\u2060--\n{HEAD}---\nBody", "-\u2060--", "an invisible character, U+2060, is in its first line"),
        (f"---yaml\n{HEAD}---\nBody", "---yaml", "its first line is not `---` alone"),
        (f"--- # my letter\n{HEAD}---\nBody", "--- # my letter", "its first line is not `---` alone"),
        (f"—\n{HEAD}—\nBody", "—", "its first line is `—`"),
        (f"----\n{HEAD}----\nBody", "----", "its first line is `----`"),
        (f"===\n{HEAD}===\nBody", "===", "its first line is `===`"),
        (f"- - -\n{HEAD}- - -\nBody", "- - -", "its first line is `- - -`"),
        ('+++\ntitle = "Ports"\ndraft=true\n[extra]\na = 1\n+++\nBody', "+++", "it is TOML, between `+++`"),
        (f"+++\n{FENCED}Body", "+++", "it is TOML, between `+++`"),
        (f"```yaml\n{HEAD}```\nBody", "```yaml", "it is in a block of code"),
        (f"```\n{FENCED}```\nBody", "```", "it is in a block of code"),
        (f"---\ntitle: Piers\n---\n\n{FENCED}Body", "---", "there is other front matter above it"),
        ("---\ntitle: Piers\n---\n+++\ntitle = 'x'\n+++\nBody", "+++", "it is TOML, between `+++`"),
        ("<!--\n.. title: Ports\n.. status: draft\n-->\nBody", "<!--", "it is in a comment"),
        (f"<!--\n{FENCED}-->\n\nBody", "<!--", "it is in a comment"),
        ("<!-- draft: true -->\nBody", "<!-- draft: true -->", "it is in a comment"),
        ('{\n  "title": "Ports"\n}\nBody', "{", "it is JSON"),
        (f"{HEAD}\nBody", "title: Ports", "there is no line `---` above it"),
        (f"{HEAD}---\nBody", "title: Ports", "there is no line `---` above it"),
        ("Title: Ports\nAuthor: Jane\n\nBody", "Title: Ports", "there is no line `---` above it"),
        ("draft: true\n\nBody", "draft: true", "there is no line `---` above it"),
        ("#+TITLE: Ports\n#+DATE: 2024\n\nBody", "#+TITLE: Ports", "there is no line `---` above it"),
        (f"\u200b---\n{HEAD}\nBody", "\u200b---", "an invisible character, U+200B, is in its first line"),
        (f"<!-- a note -->\n---\n{HEAD}\nBody", "---", "a comment is above it"),
    ],
)
def test_misplaced_front_matter_is_found_at_its_beginning(text, where, why):
    assert found_in(text) == (where, why)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello: this is\nme\n\n---\nNote: x\n---\n",
        "---\n\nBody",
        "Note: this week only\n\nBody",
        "When: Friday\nWhere: Ghent\n\nBody",
        "- title: a list\n- date: of words\n",
        "Name | Date\n--- | ---\na | b\n",
        f"{FENCED}Text\n\n---\n\nMore",
        f"{FENCED}Text\n\n---\nPlace: Ghent\n---\nMore",
        f"{FENCED}Text\n\n```yaml\n{FENCED}```\n\n~~~\n{FENCED}~~~\n",
        f"{FENCED}```yaml\n{HEAD}```\n",
        f"{FENCED}Text\n\n    ---\n    title: Ports\n    draft: true\n    ---\n",
        f"{FENCED}Ports\n===\n\nPiers\n---\n",
        f"\n\n{FENCED}Body",
        "<!-- Date: to be found out -->\nBody",
        f"{FENCED}<!-- title: or Piers? -->\nBody",
    ],
)
def test_real_front_matter_and_other_text_are_not_reported(text):
    assert found_in(text) is None


@given(above=st.text(alphabet=" \t\u200b\ufeff\u2060\u00a0\u00ad", min_size=1, max_size=6), blank=st.booleans())
def test_invisible_characters_do_not_hide_front_matter(above, blank):
    text = above + ("\n" if blank else "") + FENCED + "Body"
    front = read_front(Source(text, "x.md"))[0]
    assert bool(front.document.values) != bool(found_in(text))


@given(st.text(alphabet='-+=~`_ \n:ax<!>{}"\u200b—', max_size=80))
def test_the_search_handles_any_text(text):
    found_in(text)
