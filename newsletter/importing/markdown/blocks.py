"""Rewrites the blocks of a body: levels of headings, numbered items, and lines that credit a picture."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.importing.counting import WITH_HTML
from newsletter.importing.mapped import MappedText, TextChange
from newsletter.markdown.parse import parse_snippet
from newsletter.markdown.source import Source
from newsletter.model import (
    Break,
    Emphasis,
    Figure,
    Heading,
    Image,
    Paragraph,
    Strong,
)
from newsletter.walk import plain_text, top_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.importing.base import ImportNote
    from newsletter.importing.markdown.body import BodyPlace
    from newsletter.model import Block


_CREDIT = re.compile(rf"(?:{'|'.join(WITH_HTML.credit_words)}s?)(?: credits?| by)?\s*[:：]\s*\S", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:No\.?\s*|#)?(\d{1,3})\s*[.):–—-]\s+(?=\S)")


class BlockPass:
    """The second pass: levels of headings, numbered titles, credits of pictures."""

    def __init__(self, body: MappedText, around: BodyPlace) -> None:
        self.body = body
        self.around = around
        self.notes: list[ImportNote] = []
        self.title = ""
        self.issue, _ = parse_snippet(Source(body.text, around.place), WITH_HTML)

    def changes(self) -> Iterator[TextChange]:
        """The changes, in any order. `title` is then known."""
        blocks = list(top_blocks(self.issue))
        headings = [block for block in blocks if isinstance(block, Heading)]
        if headings and (change := self._repeated(blocks, headings)):
            yield change
            headings = headings[1:]
        yield from self._levels(blocks, headings)
        yield from _credits(blocks, self.body.text)

    def _repeated(self, blocks: Sequence[Block], headings: Sequence[Heading]) -> TextChange | None:
        """Removes the first heading if it is the title: the known title again, or the only heading of level 1."""
        first = headings[0]
        text = plain_text(first.inlines).strip()
        alone = first.level == 1 and all(other.level > 1 for other in headings[1:])
        if not self.around.title and alone and blocks[0] is first:
            self.title = text
        elif not self.around.is_title(text):
            return None
        return TextChange(first.span.start, first.span.end, "")

    def _levels(self, blocks: Sequence[Block], headings: Sequence[Heading]) -> Iterator[TextChange]:
        level = self.around.level
        if headings and (not level or all(heading.level != level for heading in headings)):
            level = min(heading.level for heading in headings)
        groups, above = _groups(blocks, level), 1
        for heading in headings:
            below = min(heading.level - level + 2, above + 1, 6)
            wanted = below if heading.level >= level else 1 if heading in groups else 2
            above = max(wanted, 2)
            text = self.body.text[heading.text_span.start : heading.text_span.end]
            text = re.sub(r"^(\d{1,3})[)]\s+", r"\1. ", text) if wanted == 3 else text
            line = f"{'#' * wanted} {' '.join(text.split())}".rstrip()
            if line != self.body.text[heading.span.start : heading.span.end]:
                yield TextChange(heading.span.start, heading.span.end, line)
        yield from self._numbered(blocks)

    def _numbered(self, blocks: Sequence[Block]) -> Iterator[TextChange]:
        """Makes headings of paragraphs that are only a bold title with a number, counting from 1."""
        expected = 1
        found: list[tuple[Paragraph, str]] = []
        for block in blocks:
            if isinstance(block, Heading):
                expected = 1
            elif isinstance(block, Paragraph) and len(block.inlines) == 1 and isinstance(block.inlines[0], Strong):
                number = _NUMBERED.match(plain_text(block.inlines))
                if number and int(number[1]) == expected:
                    found.append((block, number[1]))
                    expected += 1
        if len(found) < 2:
            return
        for titled, place in found:
            inner = self.body.text[titled.span.start : titled.span.end].strip()
            text = _NUMBERED.sub("", inner.strip("*_ "), count=1)
            if "\n" not in text:
                yield TextChange(titled.span.start, titled.span.end, f"### {place}. {text.strip('*_ ')}")


def _groups(blocks: Sequence[Block], level: int) -> frozenset[Heading]:
    """The headings above the level of sections without text of their own: a section follows directly."""
    return frozenset(
        one
        for one, other in pairwise(blocks)
        if isinstance(one, Heading) and one.level < level and isinstance(other, Heading) and other.level == level
    )


def _credits(blocks: Sequence[Block], text: str) -> Iterator[TextChange]:
    """Makes `Photo: …` below a picture its credit: the next line of its paragraph, or the next paragraph."""
    for one, other in pairwise(blocks):
        if isinstance(one, Figure) and not one.credit and isinstance(other, Paragraph):
            line = text[other.span.start : other.span.end]
            if _CREDIT.match(line) and len(line) < 300 and "\n" not in line and not re.search(r"[*_]", line):
                yield TextChange(other.span.start, other.span.end, f"*{line}*")
    for block in blocks:
        if not isinstance(block, Paragraph) or len(block.inlines) < 3:
            continue
        image, gap, *rest = block.inlines
        if (
            isinstance(image, Image)
            and isinstance(gap, Break)
            and not any(isinstance(one, (Break, Image)) for one in rest)
        ):
            line = text[gap.span.end : block.span.end].strip()
            bare = line.strip("*_") if len(rest) == 1 and isinstance(rest[0], Emphasis) else line
            if _CREDIT.match(bare) or (len(rest) == 1 and isinstance(rest[0], Emphasis)):
                yield TextChange(gap.span.start, block.span.end, f"\n\n*{bare}*")
