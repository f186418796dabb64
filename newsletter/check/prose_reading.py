"""From an issue to its flat text: see prose.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose import EDGE, HARD_BREAK, STAND_IN, FlatText, Kind, Passage
from newsletter.late import late
from newsletter.model import (
    Break,
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
from newsletter.walk import children

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletter.issue.source import Source
    from newsletter.model import Block, Inline, Issue
    from newsletter.model import Path as YamlPath

_MARKUP = late(r"</?[A-Za-z][^<>]*>|\{%[^{}]*%\}|\{\{[^{}]*\}\}|\{:[^{}]*\}")
"""What is no prose though it is text to us: HTML that is refused, tags of other templates, attributes of kramdown."""
_LINE_BREAK = late(r"<br\b", re.IGNORECASE)
_PROSE_FIELDS = frozenset(
    ("title", "subtitle", "summary", "preheader", "subject", "cover.alt", "cover.caption", "cover.credit")
)
"""The fields that readers read, whatever the house format says."""


def flatten(issue: Issue, source: Source) -> FlatText:
    """The prose of `issue`, front matter first, and where it stands in `source`."""
    reader = _Reader(source)
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


class _Reader:
    """Gathers passages and pieces."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._passages: list[Passage] = []
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
        self._passages.append(Passage(kind, start, self._size, span, field, prose, mendable, quotable))
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
