"""The sources of an email's HTML, recorded while it is written, so that a finding can name the author's line.

Blocks and links of an author are enclosed in marks (noncharacters, see tokens.py). Templates are recognized by the
slots in them. The marks are removed before the HTML leaves this package.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from newsletter.model import NOWHERE, MailPart, MailPiece
from newsletter.render.letter import Opening, SectionPart, Standing
from newsletter.walk import called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newsletter.model import Block, Span
    from newsletter.render.letter import Contents

_OPEN, _CLOSE = "\ufdd4", "\ufdd5"
_MARK = re.compile(f"{_OPEN}(?:(\\d+)|([a-z.-]+)){_CLOSE}|{_CLOSE}")
"""Opens what was written for a span (by its number) or by a template; both end alike."""
_SLOT = re.compile(r"@\[(\d+)\]")
_TAG = re.compile(r"<!--.*?-->|<(/)[a-z][^>]*>|<([a-z][a-z0-9]*)[^>]*?(/?)>", re.DOTALL)
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link"})
_BODY = re.compile(r"<body\b")


class _Source(NamedTuple):  # Not a record: comparisons for every slot and mark of a letter would be slow.
    """The source of a piece of HTML."""

    part: int
    template: str = ""
    path: str = ""
    span: Span = NOWHERE


def _start(blocks: Sequence[Block]) -> Span:
    """The place of the first block. There is none if the only one was a place for a sponsor that nobody booked."""
    return blocks[0].span if blocks else NOWHERE


class EmailTrace:
    """The sources of one letter, in the order in which it is written. `path` is the file of its issue."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.parts: list[MailPart] = [MailPart("style", "style", 0), MailPart("frame", "frame", 0)]
        self._current = _Source(1)
        self._spans: list[Span] = []
        self._by_slot: dict[int, _Source] = {}

    def begin(self, kind: str, label: str = "", path: str = "", span: Span = NOWHERE) -> None:
        """The output from here on belongs to another part."""
        self.parts.append(MailPart(kind, label or kind, 0, path, span))
        self._current = _Source(len(self.parts) - 1, "", path, span)

    def begin_part(self, part: Opening | Standing | Contents | SectionPart) -> None:
        """The output from here on belongs to `part` of the letter."""
        if isinstance(part, SectionPart):
            section = part.section
            self.begin("section", called(section), self._path, section.title_span)
        elif isinstance(part, Standing):
            self.begin("standing", part.name, part.path, _start(part.blocks))
        elif isinstance(part, Opening):
            self.begin("opening", path=self._path, span=_start(part.blocks))
        else:
            self.begin("contents")

    def at(self, span: Span) -> None:
        """The output from here on comes from `span`, in the same part."""
        self._current = _Source(self._current.part, "", self._current.path, span)

    def wrap(self, html: str, span: Span) -> str:
        """`html` marked as written for `span` of the file that the part comes from."""
        if not html or span is NOWHERE:
            return html
        self._spans.append(span)
        return f"{_OPEN}{len(self._spans) - 1}{_CLOSE}{html}{_CLOSE}"

    def block(self, html: str, template: str) -> str:
        """`html` marked as the output of a block's template; the blocks inside have their own marks."""
        return f"{_OPEN}{template}{_CLOSE}{html}{_CLOSE}" if html else ""

    def filled(self, template: str, mjml: str) -> None:
        """Records that a template was filled for the current part; `mjml` has the slots of all its texts."""
        source = _Source(self._current.part, template, self._current.path, self._current.span)
        for slot in _SLOT.finditer(mjml):
            self._by_slot.setdefault(int(slot[1]), source)

    def finish(self, compiled: str, slots: Slots) -> tuple[str, tuple[MailPart, ...], tuple[MailPiece, ...]]:
        """The email without marks, the sizes of its parts, and its pieces."""
        written: list[str] = []
        pieces: list[MailPiece] = []
        at = start = 0
        last: _Source | None = None
        for html, source in self._stretches(compiled, slots):
            if not html:
                continue
            if source is not last and source != last:
                if last is not None:
                    pieces.append(MailPiece(start, at, *last))
                start, last = at, source
            written.append(html)
            at += len(html)
        if last is not None:
            pieces.append(MailPiece(start, at, *last))
        whole = "".join(written)
        return whole, self._sized(whole, pieces), tuple(pieces)

    def _sized(self, html: str, pieces: list[MailPiece]) -> tuple[MailPart, ...]:
        sizes = sizes_of_parts(html, pieces, len(self.parts))
        return tuple(
            MailPart(part.kind, part.label, size, part.path, part.span)
            for part, size in zip(self.parts, sizes, strict=True)
        )

    def _stretches(self, compiled: str, slots: Slots) -> list[tuple[str, _Source]]:
        """The HTML, cut where its source changes."""
        body = _BODY.search(compiled)
        begin = body.start() if body else 0
        frame = current = _Source(1)
        stretches = [(slots.fill(compiled[:begin]), _Source(0))]
        between, *others = _SLOT.split(compiled[begin:])
        for number, behind in zip(others[::2], others[1::2], strict=True):
            text = slots.text_of(int(number))
            if text is None:  # the author's own characters
                between = f"{between}@[{number}]{behind}"
                continue
            source = self._by_slot.get(int(number), frame)
            if source != current:
                cut = _end_of_closers(between)
                stretches.append((between[:cut], current))
                between = between[cut:]
            stretches.append((between, source))
            stretches += self._marked(text, _Source(source.part, "", source.path, source.span))
            between, current = behind, source
        cut = _end_of_closers(between)
        return [*stretches, (between[:cut], current), (between[cut:], frame)]

    def _marked(self, text: str, source: _Source) -> Iterator[tuple[str, _Source]]:
        """A text of an author, cut at its marks."""
        inside = [source]
        html, *others = _MARK.split(text)
        yield html, source
        for number, template, behind in zip(others[::3], others[1::3], others[2::3], strict=True):
            if number:
                inside.append(_Source(source.part, "", source.path, self._spans[int(number)]))
            elif template:
                inside.append(_Source(source.part, template, source.path, inside[-1].span))
            elif len(inside) > 1:
                inside.pop()
            yield behind, inside[-1]


def sizes_of_parts(html: str, pieces: Sequence[MailPiece], count: int) -> list[int]:
    """The bytes of each of `count` parts in UTF-8."""
    sizes = [0] * count
    for part, together in groupby(pieces, attrgetter("part")):
        first, *others = together
        end = others[-1].end if others else first.end
        sizes[part] += len(html[first.start : end].encode("utf-8", "surrogatepass"))
    return sizes


@lru_cache(maxsize=1024)
def _end_of_closers(between: str) -> int:
    """The place between two slots where the template of the first ends: where the fewest tags are open."""
    first, opened = between.find(">"), between.find("<")
    least = start = first + 1 if first >= 0 and (opened < 0 or first < opened) else 0  # no cut inside a tag
    depth = lowest = 0
    for tag in _TAG.finditer(between, start):
        if tag[1]:
            depth -= 1
            if depth < lowest:
                lowest, least = depth, tag.end()
        elif tag[2] and not tag[3] and tag[2].lower() not in _VOID:
            depth += 1
    return least


# The compiler reads XML, rejects much of HTML, and mangles attribute values. So templates get a
# placeholder for each text, and the text is inserted after compiling. This also saves the compiler work.


class Slots:
    """The texts of one letter, by the number of their mark."""

    __slots__ = ("_prose", "_texts")

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._prose: list[int] = []

    def __call__(self, html: str) -> str:
        """A mark in place of `html` (escaped for its place).

        It is empty for an empty text, so that templates can test it.
        """
        if not html:
            return ""
        self._texts.append(html)
        return f"@[{len(self._texts) - 1}]"

    def prose(self, html: str) -> str:
        """The mark of output of HtmlWriter: the part of a letter to which an author's style sheet applies."""
        if html:
            self._prose.append(len(self._texts))
        return self(html)

    def restyle(self, styled: Callable[[Sequence[str]], Sequence[str]]) -> None:
        """Replaces all prose with the results of `styled`, which returns as many texts as it gets."""
        for index, text in zip(self._prose, styled([self._texts[index] for index in self._prose]), strict=True):
            self._texts[index] = text

    def change(self, changed: Callable[[str], str]) -> None:
        """Replaces every text with the result of `changed`."""
        self._texts = [changed(text) for text in self._texts]

    def text_of(self, number: int) -> str | None:
        """The text of mark `number`; None if there is no such mark."""
        return self._texts[number] if number < len(self._texts) else None

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def fill(self, compiled: str) -> str:
        """`compiled` with each mark replaced by its text.

        Marks inside texts stay: they are the author's.
        """
        texts = self._texts
        last = len(texts)
        return _SLOT.sub(lambda mark: texts[int(mark[1])] if int(mark[1]) < last else mark[0], compiled)
