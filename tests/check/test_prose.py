"""The flat text: its content, and the position of every character in the source."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.facts.prose import EDGE, HARD_BREAK, STAND_IN, Prose, ProseKind
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import ReadingOptions


def prose_of(text: str, *, html: bool = False) -> tuple[Prose, Source]:
    source = Source(text, "x.md")
    issue, _ = parse(source, name="x", options=ReadingOptions(allow_html=html))
    return Prose(issue, source), source


def flat(text: str, *, html: bool = False) -> list[tuple[str, str]]:
    prose, _ = prose_of(text, html=html)
    return [(passage.kind.value, prose.text_of(passage)) for passage in prose.passages]


def test_emphasis_marks_are_removed_and_other_content_is_one_character():
    assert flat("A *b **c*** ~~d~~ [e `f`](x) <https://x.example> {{ name }}[^1]\n\n[^1]: g &amp; \\*") == [
        ("paragraph", f"A b c d e {STAND_IN} {STAND_IN} {STAND_IN}{STAND_IN}"),
        ("paragraph", "g & *"),
    ]


def test_every_kind_of_text_is_a_passage():
    text = "---\ntitle: T\nown: {a: [O]}\n---\n\nP\n\n## S\n\n### 1. I\n\n#### H\n\n- L\n\n> Q\n> — A\n\n"
    text += (
        "| C |\n|---|\n| D |\n\n![alt](x.png 'Cap. Photo: X')\n\nin ![alt2](y.png) line\n\n::: callout Arg\nB\n:::\n"
    )
    assert flat(text) == [
        ("field", "T"),
        ("field", "O"),
        ("paragraph", "P"),
        ("heading", "S"),
        ("heading", "I"),
        ("heading", "H"),
        ("paragraph", "L"),
        ("paragraph", "Q"),
        ("attribution", "A"),
        ("cell", "C"),
        ("cell", "D"),
        ("alt text", "alt"),
        ("caption", "Cap."),
        ("credit", "X"),
        ("paragraph", f"in {STAND_IN} line"),
        ("alt text", "alt2"),
        ("argument", "Arg"),
        ("paragraph", "B"),
    ]


def test_html_and_template_tags_are_not_prose():
    body = 'A <b class="x">b</b> {% include "x" %} {{ page.title }} {:target="_blank"}'
    for html in (False, True):
        (_, text), *_ = flat(body, html=html)
        assert text.replace(STAND_IN, "") == "A b   "


def test_hard_line_breaks_differ_from_soft_ones():
    assert flat("a\nb  \nc\\\nd<br>e", html=True) == [("paragraph", f"a\nb{HARD_BREAK}c{HARD_BREAK}d{HARD_BREAK}e")]


def test_a_position_covers_a_whole_escape_and_the_marks_within():
    prose, source = prose_of("x &amp; y *b* c\\*d")
    assert prose.text == f"x & y b c*d{EDGE}"
    span = prose.place(2, 3)
    assert source.text[span.start : span.end] == "&amp;"
    span = prose.place(4, 9)
    assert source.text[span.start : span.end] == "y *b* c"
    assert prose.is_escaped(2)
    assert not prose.is_escaped(4)
    assert prose.is_verbatim(6, 7)
    assert not prose.is_verbatim(4, 9)


def test_text_that_yaml_folds_or_escapes_cannot_be_fixed():
    prose, _ = prose_of('---\ntitle: "a \\"b\\""\nsubtitle: \'c\'\nsummary: >\n  d\n  e\n---\n')
    assert [(prose.text_of(passage), passage.mendable) for passage in prose.passages] == [
        ('a "b"', False),
        ("c", True),
        ("d e\n", False),
    ]


PIECES = [
    "a",
    "*",
    "**",
    "`",
    "[",
    "](x)",
    "\\",
    "&amp;",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "| ",
    "|",
    "|---|",
    "<b>",
    "'",
    '"',
    "![",
    " ",
    "## ",
    "[^1]",
    "é",
    "{{ name }}",
    "  \n",
    "::: callout x\n",
    ":::\n",
    "---\n",
    "title: ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_every_character_has_its_position_in_the_source(text: str):
    prose, source = prose_of(text)
    flat = prose.flat
    assert prose.text.count(EDGE) == len(prose.passages)
    for passage in prose.passages:
        assert prose.text[passage.end] == EDGE
        for at in range(passage.start, passage.end):
            span = prose.place(at, at + 1)
            assert 0 <= span.start <= span.end <= len(source.text)
            assert prose.passage_at(at) is passage
            if not prose.is_escaped(at) and prose.text[at] not in (STAND_IN, HARD_BREAK, "\n"):
                assert source.text[span.start : span.end] == prose.text[at]
    assert list(flat.starts) == sorted(flat.starts)
    assert {passage.kind for passage in prose.passages} <= set(ProseKind)
