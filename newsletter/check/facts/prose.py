"""The prose of an issue as one flat text, with a map back to the source. The rules about text read it.

Marks of emphasis are left out. Each part that is not prose (code, addresses, pictures, personal fields, HTML, template
tags) is replaced by one character. So a rule can search a whole issue with one expression, and find the source of every
character.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from newsletter.editions.names import ONLY
from newsletter.late import late
from newsletter.model import (
    Break,
    Code,
    CodeBlock,
    Directive,
    Emphasis,
    Figure,
    Heading,
    Image,
    Link,
    LinkForm,
    List,
    Opener,
    Paragraph,
    Quotation,
    RawHtml,
    Span,
    Strikethrough,
    Strong,
    Table,
    Text,
)
from newsletter.records import dataclass
from newsletter.walk import children, walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.markdown.source import Source
    from newsletter.model import Block, Inline, Issue
    from newsletter.model import Path as YamlPath

STAND_IN = "\ufddd"
"""In the flat text: something visible that is not prose.

The source cannot contain this character, because reading removes it.
"""
HARD_BREAK = "\u2028"
"""In the flat text: a line break that readers see. All others are plain newlines."""
EDGE = "\ufdde"
"""In the flat text: the end of a passage."""


class ProseKind(StrEnum):
    """The kinds of passages."""

    FIELD = "field"  # of the front matter
    HEADING = "heading"  # of a section, an item, or deeper
    PARAGRAPH = "paragraph"
    CELL = "cell"  # of a table
    CAPTION = "caption"
    CREDIT = "credit"
    ALT = "alt text"
    ATTRIBUTION = "attribution"
    ARGUMENT = "argument"  # of a directive
    FACT = "fact"  # of an event


@dataclass(frozen=True, slots=True)
class ProseBlock:
    """A passage of prose that is read as a unit: a heading, a paragraph, a cell, or the alt text of a picture."""

    kind: ProseKind
    start: int
    """Offsets in the flat text."""
    end: int
    span: Span
    """All of it in the source, including marks and parts that are not prose."""
    field: str = ""
    """The dotted name of a field of the front matter."""
    prose: bool = True
    """Whether it is for readers; False for fields that the publication uses internally."""
    mendable: bool = True
    """Whether single characters may be changed in the source; False if YAML escapes or folds them."""
    quotable: bool = True
    """Whether a straight quotation mark may be inserted; False if the mark would end the text, in YAML and in titles."""


@dataclass(frozen=True, slots=True)
class FlatText:
    """The flat text and its map.

    Piece `i` begins at `starts[i]`; in the source, it is from `sources[i]` to `ends[i]`.
    """

    text: str
    passages: tuple[ProseBlock, ...]
    joints: tuple[int, ...]
    """Offsets at which a link begins or ends, in increasing order."""
    starts: Sequence[int]
    sources: Sequence[int]
    ends: Sequence[int]
    exact: Sequence[bool]
    """Whether the piece is the same in the source, character by character."""


class Prose:
    """The prose of `issue`, read from `source`. Everything is computed when it is first needed."""

    def __init__(self, issue: Issue, source: Source) -> None:
        self._issue = issue
        self._source = source

    @cached_property
    def flat(self) -> FlatText:
        """The flat text and its map."""
        return flatten(self._issue, self._source)

    @property
    def text(self) -> str:
        """The flat text: all passages, each followed by an EDGE."""
        return self.flat.text

    @property
    def passages(self) -> tuple[ProseBlock, ...]:
        """The passages in the order of the source, beginning with the front matter."""
        return self.flat.passages

    @cached_property
    def _passage_starts(self) -> list[int]:
        return [passage.start for passage in self.passages]

    def index_at(self, offset: int) -> int:
        """The index of the passage that contains the character at `offset` of the flat text."""
        return bisect_right(self._passage_starts, offset) - 1

    def passage_at(self, offset: int) -> ProseBlock:
        """The passage that contains the character at `offset` of the flat text."""
        return self.passages[self.index_at(offset)]

    def text_of(self, passage: ProseBlock) -> str:
        """The text of a passage."""
        return self.flat.text[passage.start : passage.end]

    def of_kind(self, *kinds: ProseKind) -> Iterator[ProseBlock]:
        """The passages of these kinds, without internal fields."""
        return (passage for passage in self.passages if passage.kind in kinds and passage.prose)

    def place(self, start: int, end: int) -> Span:
        """The source of `text[start:end]`, which must be in one passage. A part of an escape gives the whole escape."""
        flat = self.flat
        first, last = bisect_right(flat.starts, start) - 1, bisect_right(flat.starts, max(end - 1, start)) - 1
        begin = flat.sources[first] + (start - flat.starts[first] if flat.exact[first] else 0)
        finish = flat.sources[last] + end - flat.starts[last] if flat.exact[last] else flat.ends[last]
        return self._source.span(begin, max(begin, finish))

    def is_verbatim(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` is the same in the source, without escapes and marks."""
        span = self.place(start, end)
        return self._source.text[span.start : span.end] == self.flat.text[start:end]

    def is_mendable(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` can be replaced in the source: it is the same there, and is not a label.

        The text of `[the log]` and of `![the log][]` is also the label of its definition.
        """
        if not self.is_verbatim(start, end) or not self.passage_at(start).mendable:
            return False
        at = self.place(start, end).start
        return not any(label.start <= at < label.end for label in self._labels)

    @cached_property
    def _labels(self) -> list[Span]:
        return [inline.span for inline in walk_inlines(self._issue) if _is_label(inline, self._source.text)]

    def is_escaped(self, offset: int) -> bool:
        r"""Whether the character at `offset` is written as an escape or entity: `\"`, `&quot;`."""
        return not self.flat.exact[bisect_right(self.flat.starts, offset) - 1]

    def has_joint(self, start: int, end: int) -> bool:
        """Whether a link begins or ends between `start` and `end`, both included."""
        joints = self.flat.joints
        at = bisect_left(joints, start)
        return at < len(joints) and joints[at] <= end

    def has_mark_in_address(self, passage: ProseBlock, mark: str) -> bool:
        """Whether a bare address in a passage contains `mark`. The flat text does not show addresses."""
        return any(
            mark in self._source.text[span.start : span.end]
            for span in self._bare
            if passage.span.start <= span.start < passage.span.end
        )

    @cached_property
    def _bare(self) -> list[Span]:
        links = (inline for inline in walk_inlines(self._issue) if isinstance(inline, Link))
        return [link.span for link in links if link.form is LinkForm.BARE]


_WITHOUT_LABEL = re.compile(r"\](?:\[\s*\])?\Z")


def _is_label(inline: Inline, text: str) -> bool:
    """Whether the text of a link or picture is also its label: `[text]`, `[text][]`, `![text]`, `![text][]`."""
    if isinstance(inline, Link) and inline.form is LinkForm.REFERENCE and inline.inlines:
        end = inline.inlines[-1].span.end
    elif isinstance(inline, Image) and not inline.span.start <= inline.src_span.start < inline.span.end:
        end = max(
            text.rfind("](", inline.span.start, inline.span.end), text.rfind("][", inline.span.start, inline.span.end)
        )
        end = inline.span.end - 1 if end < 0 else end
    else:
        return False
    return bool(_WITHOUT_LABEL.fullmatch(text[end : inline.span.end].lstrip()))


def code_in(issue: Issue) -> list[Span]:
    """The spans of code, in blocks and in lines, which may contain anything."""
    blocks = [block.span for block in walk_blocks(issue) if isinstance(block, CodeBlock)]
    return blocks + [inline.span for inline in walk_inlines(issue) if isinstance(inline, Code)]


_MARKUP = late(r"</?[A-Za-z][^<>]*>|\{%[^{}]*%\}|\{\{[^{}]*\}\}|\{:[^{}]*\}")
"""Text of the issue that is not prose: refused HTML, template tags, attributes of kramdown."""
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_PROSE_FIELDS = frozenset(
    ("title", "subtitle", "summary", "preheader", "subject", "cover.alt", "cover.caption", "cover.credit")
)
"""The fields that readers see in every house format."""


def flatten(issue: Issue, source: Source) -> FlatText:
    """The prose of `issue` with its place in `source`, beginning with the front matter."""
    writer = _ProseWriter(source)
    values = sorted(_texts(issue.front.values, ()), key=lambda entry: issue.front.where(*entry[0]).start)
    for path, text in values:
        if path not in issue.front.broken and path in issue.front.value_spans:
            writer.field(".".join(map(str, path)), text, issue.front.where(*path))
    for part in _parts(issue):
        if isinstance(part, _Run):
            writer.run(part)
        else:
            writer.alt(part)
    return writer.result()


def _texts(value: object, path: YamlPath) -> Iterator[tuple[YamlPath, str]]:
    """Every text of a YAML value, with its path."""
    if isinstance(value, str) and value:
        yield path, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, (*path, key))


@dataclass(frozen=True, slots=True)
class _Run:
    """Inlines that form a passage. Each picture among them becomes a passage after it."""

    kind: ProseKind
    inlines: Sequence[Inline]
    span: Span | None = None
    """The span, if it is not that of the inlines."""
    quotable: bool = True
    prose: bool = True


def _parts(issue: Issue) -> Iterator[_Run | Image]:
    """The runs of text and the pictures of figures, in the order of the source, with footnotes last."""
    yield from _parts_in(issue.opening)
    for section in issue.sections:
        if section.opener is Opener.HEADING:
            yield _Run(ProseKind.HEADING, section.title, section.title_span)
        yield from _parts_in(section.blocks)
        for item in section.items:
            yield _Run(ProseKind.HEADING, item.title, item.title_span)
            yield from _parts_in(item.blocks)
    for note in issue.footnotes:
        yield from _parts_in(note.blocks)


def _parts_in(blocks: Iterable[Block]) -> Iterator[_Run | Image]:
    for block in blocks:
        match block:
            case Paragraph():
                yield _Run(ProseKind.PARAGRAPH, block.inlines, block.span)
            case Heading():
                yield _Run(ProseKind.HEADING, block.inlines, block.text_span)
            case List():
                yield from _parts_in(children(block))
            case Quotation():
                yield from _parts_in(block.blocks)
                yield _Run(ProseKind.ATTRIBUTION, block.attribution)
            case Directive():
                yield _Run(ProseKind.ARGUMENT, block.argument, prose=block.name != ONLY)
                yield from (_Run(ProseKind.FACT, fact.inlines, fact.span) for fact in block.facts)
                yield from _parts_in(block.blocks)
            case Table():
                for cell in chain(block.head, *block.rows):
                    yield _Run(ProseKind.CELL, cell.inlines, cell.span)
            case Figure():
                yield block.image
                title = block.image.title_span
                for kind, words in ((ProseKind.CAPTION, block.caption), (ProseKind.CREDIT, block.credit)):
                    in_title = any(
                        isinstance(word, Text) and title.start <= word.span.start < title.end for word in words
                    )
                    yield _Run(kind, words, quotable=not in_title)
            case _:
                continue


class _ProseWriter:
    """Writes the flat text and its map, by pieces and passages."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._passages: list[ProseBlock] = []
        self._texts: list[str] = []
        self._parts: list[str] = []
        """The parts of the passage that is being written."""
        self._joints: list[int] = []
        self._starts: list[int] = []
        self._sources: list[int] = []
        self._ends: list[int] = []
        self._exact: list[bool] = []
        self._size = 0

    def result(self) -> FlatText:
        """The text and the map."""
        passages, joints = tuple(self._passages), tuple(self._joints)
        return FlatText("".join(self._texts), passages, joints, self._starts, self._sources, self._ends, self._exact)

    def field(self, name: str, text: str, span: Span) -> None:
        """Adds a field of the front matter."""
        written = self._source.text[span.start : span.end]
        shift = 0 if written == text else 1 if written[1:-1] == text else -1
        if shift >= 0:
            self._add(text, span.start + shift, span.end - shift)
        else:
            self._align(text, span.start, span.end, escapes=False)
        self._close(ProseKind.FIELD, span, name, prose=name in _PROSE_FIELDS, mendable=shift >= 0, quotable=False)

    def run(self, run: _Run) -> None:
        """Adds a passage, and one for each picture in it."""
        images: list[Image] = []
        if run.inlines:
            self._inlines(run.inlines, images)
            span = run.span or self._source.span(run.inlines[0].span.start, run.inlines[-1].span.end)
            self._close(run.kind, span, prose=run.prose, quotable=run.quotable)
        for image in images:
            self.alt(image)

    def alt(self, image: Image) -> None:
        """Adds the alt text of a picture."""
        begin = image.span.start + 2
        if not image.alt:
            return
        if self._source.text.startswith(image.alt, begin):
            self._add(image.alt, begin, begin + len(image.alt))
        else:
            self._align(image.alt, begin, image.src_span.start if image.src_span.start > begin else image.span.end)
        self._close(ProseKind.ALT, image.span)

    def _close(
        self,
        kind: ProseKind,
        span: Span,
        field: str = "",
        *,
        prose: bool = True,
        mendable: bool = True,
        quotable: bool = True,
    ) -> None:
        """Ends the passage that is being written."""
        text = "".join(self._parts)
        self._parts.clear()
        if "<" in text or "{" in text:
            text = _MARKUP.sub(_stand_in, text)
        start = self._size - len(text)
        self._passages.append(ProseBlock(kind, start, self._size, span, field, prose, mendable, quotable))
        self._texts += [text, EDGE]
        self._size += 1

    def _inlines(self, inlines: Iterable[Inline], images: list[Image]) -> None:
        """Adds the pieces of a line. Its pictures are added to `images`."""
        for inline in inlines:
            start, end = inline.span.start, inline.span.end
            if isinstance(inline, Text):
                if len(inline.text) == end - start or len(inline.text) == 1:
                    self._add(inline.text, start, end)
                else:
                    self._align(inline.text, start, end)
            elif isinstance(inline, (Emphasis, Strong, Strikethrough)):
                self._inlines(inline.inlines, images)
            elif isinstance(inline, Link) and inline.form not in {LinkForm.BARE, LinkForm.AUTOLINK}:
                self._joints.append(self._size)
                self._inlines(inline.inlines, images)
                self._joints.append(self._size)
            elif isinstance(inline, Break):
                self._add(HARD_BREAK if inline.hard else "\n", start, end)
            elif isinstance(inline, RawHtml) and _LINE_BREAK.match(inline.html):
                self._add(HARD_BREAK, start, end)
            else:
                self._add(STAND_IN, start, end)
                if isinstance(inline, Image):
                    images.append(inline)

    def _add(self, text: str, start: int, end: int) -> None:
        self._parts.append(text)
        self._starts.append(self._size)
        self._sources.append(start)
        self._ends.append(end)
        self._exact.append(end - start == len(text))
        self._size += len(text)

    def _align(self, text: str, start: int, end: int, *, escapes: bool = True) -> None:
        """Adds a text that differs from its source, matched character by character as far as possible."""
        source, at = self._source.text, start
        runs: list[tuple[str, int, int]] = []
        for char in text:
            found = source.find(char, at, end)
            if found < 0 and char.isspace():
                runs.append((char, at, at))  # a line end that YAML adds
                continue
            if found < 0:
                self._add(text, start, end)
                return
            if escapes and found > at and source[found - 1] == "\\":
                runs.append((char, found - 1, found + 1))  # an escape
            elif runs and runs[-1][2] == found and len(runs[-1][0]) == found - runs[-1][1]:
                runs[-1] = (runs[-1][0] + char, runs[-1][1], found + 1)
            else:
                runs.append((char, found, found + 1))
            at = found + 1
        for run in runs:
            self._add(*run)


def _stand_in(tag: re.Match[str]) -> str:
    return (HARD_BREAK if _LINE_BREAK.match(tag[0]) else STAND_IN) * len(tag[0])
