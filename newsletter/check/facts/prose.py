"""The prose of an issue as one flat text, made once, with a map back to the source: what the rules of text read.

Emphasis leaves no trace in it; what is no prose (code, addresses, pictures, personal fields, HTML, template tags) is a
stand-in each. So a rule runs one expression over a whole letter, and knows for every character where it is written.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

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
"""In the flat text: something that readers see and that is no prose. Reading lets no such character through."""
HARD_BREAK = "\u2028"
"""In the flat text: the end of a line that readers see; any other is a plain newline."""
EDGE = "\ufdde"
"""In the flat text: the end of a passage."""


class Kind(StrEnum):
    """What a passage is."""

    FIELD = "field"  # of the front matter
    HEADING = "heading"  # of a section, an item, or deeper
    PARAGRAPH = "paragraph"
    CELL = "cell"  # of a table
    CAPTION = "caption"
    CREDIT = "credit"
    ALT = "alt text"
    ATTRIBUTION = "attribution"
    ARGUMENT = "argument"  # of a directive


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of prose that is read in one go: a heading, a paragraph, a cell, the alt text of a picture."""

    kind: Kind
    start: int
    """Offsets in the flat text."""
    end: int
    span: Span
    """All of it in the source, marks and what is no prose included."""
    field: str = ""
    """The dotted name of a field of the front matter."""
    prose: bool = True
    """Whether it is written for readers; False for fields that a publication has for itself."""
    mendable: bool = True
    """Whether its characters may be changed in the source one by one: not where YAML escapes or folds them."""
    quotable: bool = True
    """Whether a straight quotation mark may be put into it: not where one would end it, in YAML and in titles."""


@dataclass(frozen=True, slots=True)
class FlatText:
    """The flat text and its map. Piece `i` begins at `starts[i]` and stands at `sources[i]` to `ends[i]`."""

    text: str
    passages: tuple[Stretch, ...]
    joints: tuple[int, ...]
    """Offsets at which a link begins or ends, rising."""
    starts: Sequence[int]
    sources: Sequence[int]
    ends: Sequence[int]
    exact: Sequence[bool]
    """Whether the source has the piece character by character."""


class Prose:
    """The prose of `issue`, as it stands in `source`. Nothing is worked out before it is asked for."""

    def __init__(self, issue: Issue, source: Source) -> None:
        self._issue = issue
        self._source = source

    @cached_property
    def flat(self) -> FlatText:
        """The flat text and its map."""
        return flatten(self._issue, self._source)

    @property
    def text(self) -> str:
        """The flat text: all passages, each with an EDGE behind it."""
        return self.flat.text

    @property
    def passages(self) -> tuple[Stretch, ...]:
        """The passages, in the order of the source; the front matter first."""
        return self.flat.passages

    @cached_property
    def _passage_starts(self) -> list[int]:
        return [passage.start for passage in self.passages]

    def index_at(self, offset: int) -> int:
        """The index of the passage that the character at `offset` of the flat text is in."""
        return bisect_right(self._passage_starts, offset) - 1

    def passage_at(self, offset: int) -> Stretch:
        """The passage that the character at `offset` of the flat text is in."""
        return self.passages[self.index_at(offset)]

    def text_of(self, passage: Stretch) -> str:
        """The words of a passage."""
        return self.flat.text[passage.start : passage.end]

    def of_kind(self, *kinds: Kind) -> Iterator[Stretch]:
        """The passages of these kinds that readers read."""
        return (passage for passage in self.passages if passage.kind in kinds and passage.prose)

    def place(self, start: int, end: int) -> Span:
        """Where `text[start:end]`, of one passage, stands in the source; the whole escape for a part of one."""
        flat = self.flat
        first, last = bisect_right(flat.starts, start) - 1, bisect_right(flat.starts, max(end - 1, start)) - 1
        begin = flat.sources[first] + (start - flat.starts[first] if flat.exact[first] else 0)
        finish = flat.sources[last] + end - flat.starts[last] if flat.exact[last] else flat.ends[last]
        return self._source.span(begin, max(begin, finish))

    def is_verbatim(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` stands in the source just so, neither escaped nor broken up by marks."""
        span = self.place(start, end)
        return self._source.text[span.start : span.end] == self.flat.text[start:end]

    def is_escaped(self, offset: int) -> bool:
        r"""Whether the character at `offset` is written as an escape or entity: `\"`, `&quot;`."""
        return not self.flat.exact[bisect_right(self.flat.starts, offset) - 1]

    def has_joint(self, start: int, end: int) -> bool:
        """Whether a link begins or ends from `start` to `end`, both included."""
        joints = self.flat.joints
        at = bisect_left(joints, start)
        return at < len(joints) and joints[at] <= end


def code_in(issue: Issue) -> list[Span]:
    """Where code stands, blocks and in lines: anything may be written there."""
    blocks = [block.span for block in walk_blocks(issue) if isinstance(block, CodeBlock)]
    return blocks + [inline.span for inline in walk_inlines(issue) if isinstance(inline, Code)]


# ── From an issue to its flat text: see prose.py ──────────────────────────────────────────────────────────────────────


_MARKUP = late(r"</?[A-Za-z][^<>]*>|\{%[^{}]*%\}|\{\{[^{}]*\}\}|\{:[^{}]*\}")
"""What is no prose though it is text to us: HTML that is refused, tags of other templates, attributes of kramdown."""
_LINE_BREAK = late(r"<br\b", re.IGNORECASE)
_PROSE_FIELDS = frozenset(
    ("title", "subtitle", "summary", "preheader", "subject", "cover.alt", "cover.caption", "cover.credit")
)
"""The fields that readers read, whatever the house format says."""


def flatten(issue: Issue, source: Source) -> FlatText:
    """The prose of `issue`, front matter first, and where it stands in `source`."""
    reader = _ProseReader(source)
    reader.front(issue)
    reader.blocks(issue.opening)
    for section in issue.sections:
        reader.run(Kind.HEADING, section.title, section.title_span)
        reader.blocks(section.blocks)
        for item in section.items:
            reader.run(Kind.HEADING, item.title, item.title_span)
            reader.blocks(item.blocks)
    for note in issue.footnotes:
        reader.blocks(note.blocks)
    return reader.result()


class _ProseReader:
    """Gathers passages and pieces."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._passages: list[Stretch] = []
        self._texts: list[str] = []
        self._parts: list[str] = []
        """Of the passage that is being read."""
        self._joints: list[int] = []
        self._starts: list[int] = []
        self._sources: list[int] = []
        self._ends: list[int] = []
        self._exact: list[bool] = []
        self._size = 0
        self._images: list[Image] = []
        """Pictures in the line that is being read: their alt texts are passages of their own, after it."""

    def result(self) -> FlatText:
        return FlatText(
            "".join(self._texts),
            tuple(self._passages),
            tuple(self._joints),
            self._starts,
            self._sources,
            self._ends,
            self._exact,
        )

    # ── The front matter ────────────────────────────────────────────────────────────────────────────────────────────

    def front(self, issue: Issue) -> None:
        """The texts of the front matter, in the order in which they stand there."""
        values = sorted(_texts(issue.front.values, ()), key=lambda entry: issue.front.where(*entry[0]).start)
        for path, text in values:
            span = issue.front.where(*path)
            if path in issue.front.broken or path not in issue.front.value_spans:
                continue
            self._field(".".join(map(str, path)), text, span)

    def _field(self, name: str, text: str, span: Span) -> None:
        written = self._source.text[span.start : span.end]
        shift = 0 if written == text else 1 if written[1:-1] == text else -1
        if shift >= 0:
            self._add(text, span.start + shift, span.end - shift)
        else:
            self._align(text, span.start, span.end)
        self._close(Kind.FIELD, span, field=name, prose=name in _PROSE_FIELDS, mendable=shift >= 0, quotable=False)

    # ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self.run(Kind.PARAGRAPH, block.inlines, block.span)
            case List():
                self.blocks(children(block))
            case Heading():
                self.run(Kind.HEADING, block.inlines, block.text_span)
            case Figure():
                self._figure(block)
            case Quotation():
                self.blocks(block.blocks)
                self.run(Kind.ATTRIBUTION, block.attribution)
            case Directive():
                self.run(Kind.ARGUMENT, block.argument)
                self.blocks(block.blocks)
            case Table():
                for cell in (*block.head, *(cell for row in block.rows for cell in row)):
                    self.run(Kind.CELL, cell.inlines, cell.span)
            case _:
                return

    def _figure(self, figure: Figure) -> None:
        self._alt(figure.image)
        title = figure.image.title_span
        for kind, words in ((Kind.CAPTION, figure.caption), (Kind.CREDIT, figure.credit)):
            in_title = any(isinstance(word, Text) and title.start <= word.span.start < title.end for word in words)
            self.run(kind, words, quotable=not in_title)

    def _alt(self, image: Image) -> None:
        begin = image.span.start + 2
        if not image.alt:
            return
        if self._source.text.startswith(image.alt, begin):
            self._add(image.alt, begin, begin + len(image.alt))
        else:
            self._align(image.alt, begin, image.src_span.start if image.src_span.start > begin else image.span.end)
        self._close(Kind.ALT, image.span)

    # ── Inlines ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self, kind: Kind, inlines: Sequence[Inline], span: Span | None = None, *, quotable: bool = True) -> None:
        """One passage, and one for each picture in it."""
        if not inlines:
            return
        self._inlines(inlines)
        whole = span or self._source.span(inlines[0].span.start, inlines[-1].span.end)
        self._close(kind, whole, quotable=quotable)
        images, self._images = self._images, []
        for image in images:
            self._alt(image)

    def _inlines(self, inlines: Iterable[Inline]) -> None:
        for inline in inlines:
            if isinstance(inline, Text):
                text, span = inline.text, inline.span
                if len(text) == span.end - span.start or len(text) == 1:
                    self._add(text, span.start, span.end)
                else:
                    self._align(text, span.start, span.end)
            elif isinstance(inline, (Emphasis, Strong, Strikethrough)):
                self._inlines(inline.inlines)
            elif isinstance(inline, Link) and inline.form not in {LinkForm.BARE, LinkForm.AUTOLINK}:
                self._joints.append(self._size)
                self._inlines(inline.inlines)
                self._joints.append(self._size)
            elif isinstance(inline, Break):
                self._add(HARD_BREAK if inline.hard else "\n", inline.span.start, inline.span.end)
            elif isinstance(inline, RawHtml) and _LINE_BREAK.match(inline.html):
                self._add(HARD_BREAK, inline.span.start, inline.span.end)
            else:
                self._add(STAND_IN, inline.span.start, inline.span.end)
                if isinstance(inline, Image):
                    self._images.append(inline)

    # ── Pieces ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _add(self, text: str, start: int, end: int) -> None:
        self._parts.append(text)
        self._starts.append(self._size)
        self._sources.append(start)
        self._ends.append(end)
        self._exact.append(end - start == len(text))
        self._size += len(text)

    def _align(self, text: str, start: int, end: int) -> None:
        """A text that the source says otherwise, put beside it character by character as far as they agree."""
        source, at = self._source.text, start
        runs: list[tuple[str, int, int]] = []
        for char in text:
            found = source.find(char, at, end)
            if found < 0 and char.isspace():
                runs.append((char, at, at))  # the end of a line that YAML adds
                continue
            if found < 0:
                self._add(text, start, end)
                return
            if runs and runs[-1][2] == found:
                runs[-1] = (runs[-1][0] + char, runs[-1][1], found + 1)
            else:
                runs.append((char, found, found + 1))
            at = found + 1
        for run in runs:
            self._add(*run)

    def _close(
        self,
        kind: Kind,
        span: Span,
        *,
        field: str = "",
        prose: bool = True,
        mendable: bool = True,
        quotable: bool = True,
    ) -> None:
        text = "".join(self._parts)
        self._parts.clear()
        if "<" in text or "{" in text:
            text = _MARKUP.sub(_stand_in, text)
        start = self._size - len(text)
        self._passages.append(Stretch(kind, start, self._size, span, field, prose, mendable, quotable))
        self._texts += [text, EDGE]
        self._size += 1


def _stand_in(tag: re.Match[str]) -> str:
    return (HARD_BREAK if _LINE_BREAK.match(tag[0]) else STAND_IN) * len(tag[0])


def _texts(value: object, path: YamlPath) -> list[tuple[YamlPath, str]]:
    """Every text of a YAML value, with its path."""
    if isinstance(value, str):
        return [(path, value)] if value else []
    if isinstance(value, dict):
        return [entry for key, inner in value.items() for entry in _texts(inner, (*path, key))]
    if isinstance(value, list):
        return [entry for index, inner in enumerate(value) for entry in _texts(inner, (*path, index))]
    return []
