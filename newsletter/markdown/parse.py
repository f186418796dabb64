"""Reads a source text into an Issue: all steps, in one place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.diagnostics import in_order
from newsletter.editions import ONLY
from newsletter.markdown.block_rules import block_parser
from newsletter.markdown.bounds import too_much
from newsletter.markdown.front_matter import at_their_fallbacks, issue_fields, read_front
from newsletter.markdown.html import beyond_their_blocks, masked, note_down
from newsletter.markdown.reading import ReadingState
from newsletter.markdown.sections import other_anchors, sections_of
from newsletter.markdown.source import Source
from newsletter.markdown.tree import Tree
from newsletter.model import Directive, FootnoteReference, Issue, LinkDefinition, List, Quotation, YamlDocument
from newsletter.walk import children, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from newsletter.diagnostics import Diagnostic
    from newsletter.markdown.front_matter import Front
    from newsletter.markdown.sections import OpensSection
    from newsletter.model import Block, Footnote, OpenedDirective, ReadingOptions

_WIDE = frozenset(("zh", "yue", "wuu", "nan", "hak", "ja", "ko"))
"""Languages with wide characters, in which marks of emphasis have no spaces around them."""


def parse(
    source: Source,
    *,
    name: str,
    options: ReadingOptions,
    front: Front | None = None,
    default_kind: str = "",
    default_language: str = "en",
    timezone: str = "UTC",
    opens_section: OpensSection | None = None,
) -> tuple[Issue, tuple[Diagnostic, ...]]:
    """The issue in `source`, and the faults of its body.

    `name` is that of its folder or file. `front` is its front matter if it was read (and reported on) before; otherwise
    its faults are included. `opens_section` separates headings of sections from those of stories on the same level. An
    issue that exceeds a limit has no body. No text raises an exception.
    """
    faults: tuple[Diagnostic, ...] = ()
    if front is None:
        front, faults = read_front(source, timezone)
    fields = at_their_fallbacks(issue_fields(front, name, timezone), options.personal_fields)
    language = fields["language"] or default_language
    wide = language.lower().split("-")[0] in _WIDE
    reading, blocks, footnotes = (
        (ReadingState(source, options), (), ())
        if front.too_much
        else _read(source, options, front.body_start, front.body_line, wide=wide)
    )
    opening, sections = sections_of(blocks, options, source, len(source.text), opens_section)
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
        opened=_in_order(reading),
        **fields | {"kind": fields["kind"] or default_kind, "language": fields["language"] or default_language},
    )
    return issue, in_order((*faults, *reading.findings))


def parse_fragment(text: str, path: str, options: ReadingOptions) -> tuple[tuple[Block, ...], tuple[Diagnostic, ...]]:
    """The blocks of a piece of Markdown that is not an issue (standing matter), and its faults.

    It has no front matter, no sections and no footnotes: headings stay headings.
    """
    issue, faults = parse_snippet(Source(text, path), options)
    return (*issue.opening, *(block for note in issue.footnotes for block in note.blocks)), faults


def parse_snippet(source: Source, options: ReadingOptions) -> tuple[Issue, tuple[Diagnostic, ...]]:
    """A piece of Markdown read like an issue: all its blocks are the opening.

    A footnote is shown to the readers of its references.
    """
    if beyond := too_much(source):
        return Issue(source.path, slug="", kind="", front=YamlDocument({}, {}, {})), (beyond,)
    reading, blocks, footnotes = _read(source, options, 0, 1)
    issue = Issue(
        source.path,
        slug="",
        kind="",
        front=YamlDocument({}, {}, {}),
        opening=blocks,
        footnotes=_for_their_readers(blocks, footnotes),
        notes=tuple(sorted(reading.notes, key=lambda note: note.span.start)),
        opened=_in_order(reading),
    )
    return issue, in_order(reading.findings)


def _for_their_readers(blocks: Sequence[Block], footnotes: Sequence[Footnote]) -> tuple[Footnote, ...]:
    """Each footnote in the `only` of its first reference; unchanged if any reference is in none.

    A reference may be in a footnote, which has a smaller number then.
    """
    whole = list(blocks)
    kept = []
    for note in footnotes:
        found: list[tuple[Directive, ...]] = []
        _note_references(note.label, whole, (), found)
        inner = note.blocks
        for directive in reversed(found[0] if found and all(found) else ()):
            inner = (replace(directive, blocks=inner),)
        whole += inner
        kept.append(replace(note, blocks=inner))
    return tuple(kept)


def _note_references(
    label: str, blocks: Sequence[Block], within: tuple[Directive, ...], found: list[tuple[Directive, ...]]
) -> None:
    """Records, for each reference to a footnote, the `only` directives around it, outermost first."""
    for block in blocks:
        inner = (*within, block) if isinstance(block, Directive) and block.name == ONLY else within
        own = children(block)
        if own:
            _note_references(label, own, inner, found)
        here = walk_inlines((replace(block, blocks=()) if isinstance(block, (Directive, Quotation)) else block,))
        if not isinstance(block, List):
            found.extend(inner for one in here if isinstance(one, FootnoteReference) and one.label == label)


def _in_order(reading: ReadingState) -> tuple[OpenedDirective, ...]:
    return tuple(sorted(reading.opened, key=lambda opened: opened.name_span.start))


_ROUNDS = 8
"""The most passes over a text with comments that end after their blocks."""


def _read(
    source: Source, options: ReadingOptions, start: int, line: int, *, wide: bool = False
) -> tuple[ReadingState, tuple[Block, ...], tuple[Footnote, ...]]:
    """The blocks of the source from `start` on, which is the beginning of `line`, and its footnotes."""
    comments: list[tuple[int, int]] = []
    places: dict[str, str] = {}
    for _ in range(_ROUNDS):
        reading, blocks, footnotes = _read_once(source, options, start, line, comments, places, wide=wide)
        more = beyond_their_blocks(source.text, reading.unclosed, comments)
        others = {} if more or places else _places_elsewhere(reading)
        if not more and not others:
            return reading, blocks, footnotes
        comments += more
        places |= others
    return _read_once(source, options, start, line, comments, places, wide=wide)


def _places_elsewhere(reading: ReadingState) -> dict[str, str]:
    """Anchors of other programs that links use, with our headings' anchors for them."""
    missing = reading.anchor_links.difference(anchor for _, anchor in reading.headings)
    if not missing:
        return {}
    return {name: anchor for name, anchor in other_anchors(reading.headings).items() if name in missing}


def _read_once(
    source: Source,
    options: ReadingOptions,
    start: int,
    line: int,
    comments: Sequence[tuple[int, int]],
    places: dict[str, str],
    *,
    wide: bool,
) -> tuple[ReadingState, tuple[Block, ...], tuple[Footnote, ...]]:
    """The state, the blocks and the footnotes of a text with these comments masked."""
    parser, reading = block_parser(options), ReadingState(source, options, places=places, wide=wide)
    tokens: list[Token] = []
    for begin, end in comments:
        note_down(reading, source.text[begin:end], source.span(begin, end))
    text = masked(source.text, comments)[start:] if comments else source.text[start:]
    parser.block.parse(text, parser, {"base": start, "reading": reading}, tokens)
    return reading, *Tree(tokens, reading, line).read()
