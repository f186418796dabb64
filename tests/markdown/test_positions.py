"""Every construct has its position: the source at its span is the construct."""

from __future__ import annotations

from hypothesis import given

from newsletter.markdown.parse import parse, parse_fragment
from newsletter.markdown.source import Source
from newsletter.model import (
    Code,
    Emphasis,
    Figure,
    FootnoteReference,
    Heading,
    Image,
    Link,
    LinkForm,
    List,
    PersonalField,
    ReadingOptions,
    Strikethrough,
    Strong,
    Text,
)
from newsletter.walk import figures_in, inlines_within, plain_text, walk_blocks, walk_inlines
from tests.markdown.writing import DEFINITIONS, documents

OPTIONS = ReadingOptions()
BEGINNINGS = {
    Code: ("`",),
    Emphasis: ("*", "_"),
    FootnoteReference: ("[^", "^["),
    Image: ("![",),
    PersonalField: ("{{",),
    Strikethrough: ("~~",),
    Strong: ("**", "__"),
}


def read(text):
    source = Source(text, "issues/x/index.md")
    issue, _ = parse(source, name="x", options=OPTIONS)
    return source, issue


def parsed_alone(cut):
    """The inlines of a construct that is parsed alone."""
    blocks, _ = parse_fragment(f"x {cut} x{DEFINITIONS}", "x.md", OPTIONS)
    return list(walk_inlines(blocks))


def meaning(inline):
    """A construct without its position."""
    match inline:
        case Link():
            return inline.href, inline.title, inline.form, plain_text(inline.inlines)
        case Image():
            return inline.src, inline.alt, inline.title
        case PersonalField():
            return inline.name, inline.fallback
        case Code():
            return inline.text
        case _:
            return plain_text((inline,))


@given(documents())
def test_the_span_of_every_construct_is_its_source(writing):
    source, issue = read(writing.lines[0])
    cuts = {source.text[inline.span.start : inline.span.end] for inline in walk_inlines(issue)}
    assert [raw for raw in writing.constructs if raw not in cuts] == []


@given(documents())
def test_the_source_of_a_span_is_parsed_as_the_same_construct(writing):
    source, issue = read(writing.lines[0])
    for inline in walk_inlines(issue):
        cut = source.text[inline.span.start : inline.span.end]
        if isinstance(inline, Link) and inline.form is not LinkForm.BARE:
            assert cut[0] in "[<"
        assert cut.startswith(BEGINNINGS.get(type(inline), ("",)))
        if isinstance(inline, Text):
            assert inline.text == cut or len(cut) > len(inline.text)
        elif type(inline) in (Link, Image, PersonalField, Code) and "\n" not in cut and "\\|" not in cut:
            again = next(found for found in parsed_alone(cut) if type(found) is type(inline))
            assert meaning(again) == meaning(inline)


@given(documents())
def test_the_span_of_an_address_is_its_source(writing):
    source, issue = read(writing.lines[0])
    for inline in walk_inlines(issue):
        if isinstance(inline, Link) and inline.form is LinkForm.INLINE:
            cut = source.text[inline.href_span.start : inline.href_span.end]
            assert source.text[: inline.href_span.start].endswith(("(", "(<"))
            assert source.text[inline.href_span.end] in ">) "
            assert cut.replace(" ", "%20").replace("%20", "") == inline.href.replace("%20", "").replace(" ", "")
        if isinstance(inline, Link) and inline.form is LinkForm.REFERENCE:
            assert source.text[inline.href_span.start : inline.href_span.end] in (
                "https://e.org/ref",
                "other page.html",
            )
        if isinstance(inline, Image):
            assert source.text[inline.src_span.start : inline.src_span.end] == inline.src


@given(documents())
def test_lines_and_columns_agree_with_offsets(writing):
    source, issue = read(writing.lines[0])
    spans = [inline.span for inline in walk_inlines(issue)] + [block.span for block in walk_blocks(issue)]
    spans += [place for section in issue.sections for place in (section.span, section.title_span)]
    spans += [found.span for found in (*issue.notes, *issue.definitions, *issue.footnotes)]
    lines = source.text.split("\n")
    for span in spans:
        assert 0 <= span.start <= span.end <= len(source.text)
        assert (span.line, span.column) == source.position(span.start)
        assert "\n".join(lines[span.line - 1 :])[span.column - 1 :] == source.text[span.start :]


@given(documents())
def test_headings_items_and_figures_have_their_position(writing):
    source, issue = read(writing.lines[0])
    headings = [(block.inlines, block.text_span) for block in walk_blocks(issue) if isinstance(block, Heading)]
    headings += [(section.title, section.title_span) for section in issue.sections]
    for inlines, span in headings:
        cut = source.text[span.start : span.end]
        if "\n" not in cut:
            again, _ = parse_fragment(f"# {cut}{DEFINITIONS}", "x.md", OPTIONS)
            assert plain_text(again[0].inlines) == plain_text(inlines)
    for section in issue.sections:
        for item in section.items:
            assert section.span.start < item.span.start <= item.title_span.start
            assert item.title_span.end <= item.span.end <= section.span.end
            assert source.text[item.span.start] == "#"
    for figure in figures_in(issue):
        assert source.text[figure.span.start : figure.span.end].startswith(("![", "[!["))
        assert isinstance(figure, Figure)


@given(documents())
def test_the_span_of_a_part_is_within_that_of_its_container(writing):
    _, issue = read(writing.lines[0])
    for inline in walk_inlines(issue):
        for inner in inlines_within(getattr(inline, "inlines", ())):
            assert inline.span.start <= inner.span.start <= inner.span.end <= inline.span.end
    for block in walk_blocks(issue):
        if isinstance(block, List):
            for item in block.items:
                assert block.span.start <= item.span.start <= item.span.end <= block.span.end
                for inner in item.blocks:
                    assert item.span.start < inner.span.start <= inner.span.end <= item.span.end
