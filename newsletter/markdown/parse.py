"""From a source text to an Issue: the whole way of reading, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.diagnostics import in_order
from newsletter.markdown.block_rules import block_parser
from newsletter.markdown.bounds import too_much
from newsletter.markdown.front_matter import issue_fields, read_front
from newsletter.markdown.reading import ReadingState
from newsletter.markdown.sections import sections_of
from newsletter.markdown.source import Source
from newsletter.markdown.tree import Tree
from newsletter.model import Issue, LinkDefinition

if TYPE_CHECKING:
    from markdown_it.token import Token

    from newsletter.diagnostics import Diagnostic
    from newsletter.markdown.front_matter import Front
    from newsletter.model import Block, Footnote, ReadingOptions


def parse(
    source: Source,
    *,
    name: str,
    options: ReadingOptions,
    front: Front | None = None,
    default_kind: str = "",
    default_language: str = "en",
    timezone: str = "UTC",
) -> tuple[Issue, tuple[Diagnostic, ...]]:
    """The issue that `source` is, and the faults of its body.

    `name` is that of its folder or file. `front` is its front matter where that has been read (and reported on) before;
    otherwise its faults are among those given. What goes beyond a bound has no body. No text whatever raises.
    """
    faults: tuple[Diagnostic, ...] = ()
    if front is None:
        front, faults = read_front(source, timezone)
    reading = ReadingState(source, options)
    blocks, footnotes = ((), ()) if front.too_much else _read(reading, front.body_start, front.body_line)
    fields = issue_fields(source, front, name, timezone)
    opening, sections = sections_of(blocks, options.section_level, source, len(source.text))
    issue = Issue(
        source.path,
        front=front.document,
        opening=opening,
        sections=sections,
        footnotes=footnotes,
        notes=tuple(sorted(reading.notes, key=lambda note: note.span.start)),
        definitions=tuple(
            LinkDefinition(found.label, found.href, found.title, found.span, found.used)
            for found in reading.definitions
        ),
        **fields | {"kind": fields["kind"] or default_kind, "language": fields["language"] or default_language},
    )
    return issue, in_order((*faults, *reading.findings))


def parse_fragment(text: str, path: str, options: ReadingOptions) -> tuple[tuple[Block, ...], tuple[Diagnostic, ...]]:
    """The blocks of a piece of Markdown that is no issue (standing matter), and its faults.

    It has no front matter, no sections and no footnotes: headings stay headings.
    """
    reading = ReadingState(Source(text, path), options)
    if beyond := too_much(reading.source):
        return (), (beyond,)
    blocks, footnotes = _read(reading, 0, 1)
    return (*blocks, *(block for note in footnotes for block in note.blocks)), in_order(reading.findings)


def _read(reading: ReadingState, start: int, line: int) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
    """The blocks of the source from `start` on, which is the beginning of `line`, and its footnotes."""
    tokens: list[Token] = []
    parser = block_parser(reading.options)
    parser.block.parse(reading.source.text[start:], parser, {"base": start, "reading": reading}, tokens)
    return Tree(tokens, reading, line).read()
