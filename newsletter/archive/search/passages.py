"""Divides an issue into passages: its head, its opening, each item, the rest of each section, its footnotes.

A passage is one result of a search. It should be one story, and contain the words that belong together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsletter.archive.search.folding import composed_text
from newsletter.model import (
    NOWHERE,
    Break,
    Code,
    CodeBlock,
    Directive,
    Emphasis,
    Figure,
    FootnoteReference,
    Heading,
    HtmlBlock,
    Image,
    Link,
    List,
    Paragraph,
    PersonalField,
    Quotation,
    RawHtml,
    Strikethrough,
    Strong,
    Table,
    Text,
    ThematicBreak,
)
from newsletter.records import dataclass
from newsletter.tokens import PLACEHOLDER
from newsletter.walk import called, inlines_within, plain_text, runs_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.check.facts.sections import MatchedSections
    from newsletter.model import Block, Inline, Issue, Section, Span

TITLE, TEXT, CAPTION = "title", "text", "caption"
"""The kinds of a run: a title, text, or what belongs to a picture (alt text, caption, credit)."""
_TAG = re.compile(r"<[^<>]*>")
_LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text without a gap: a paragraph, a caption, a title."""

    kind: str
    text: str
    lines: tuple[tuple[int, int], ...]
    """Offset in `text` and line of the source, for each line that it comes from."""
    paid: bool = False
    """Whether only paying readers get it."""

    def line_at(self, offset: int) -> int:
        """The line of the source that the character at `offset` comes from."""
        return next((line for start, line in reversed(self.lines) if start <= offset), self.lines[0][1])


@dataclass(frozen=True, slots=True)
class LinkedTo:
    """A link of a passage."""

    href: str
    """The address as the author wrote it, for people."""
    address: str
    """The address as `same_address` normalizes it."""
    host: str
    """Its domain with the last label first, each followed by a dot: `org.example.`; empty if it is not on the web."""
    text: str
    line: int
    paid: bool = False


@dataclass(frozen=True, slots=True)
class TextPassage:
    """A part of an issue that is one result of a search."""

    section: str
    """The name of its section; empty if it is in none."""
    title: str
    line: int
    anchor: str
    runs: tuple[Run, ...]
    links: tuple[LinkedTo, ...]


def passages_of(parts: MatchedSections, free: Issue | None = None) -> tuple[TextPassage, ...]:
    """The passages of an issue, beginning with its head. `free` is the part for free readers, if that is less."""
    head, *rest = _Cutter(parts, free).passages()
    return (head, *(passage for passage in rest if passage.runs or passage.links))


class _Cutter:
    """Divides one issue into passages."""

    def __init__(self, parts: MatchedSections, free: Issue | None) -> None:
        self._parts = parts
        self._free = None if free is None else frozenset(_places(free))

    def passages(self) -> Iterator[TextPassage]:
        issue = self._parts.issue
        yield self._head(issue)
        yield self._passage("", "", issue.opening[0].span.line if issue.opening else 1, "", (), issue.opening)
        for section, items in zip(issue.sections, self._parts.items, strict=True):
            name = called(section)
            line = section.title_span.line
            rest = tuple(_beside(_all_blocks(section), [(item.span.start, item.span.end) for item in items]))
            yield self._passage(name, plain_text(section.title), line, section.anchor, section.title, rest)
            for item in items:
                title = plain_text(item.title)
                anchor = item.anchor or section.anchor
                yield self._passage(name, title, item.title_span.line, anchor, item.title, item.blocks)
        notes = tuple(block for note in issue.footnotes for block in note.blocks)
        yield self._passage("", "", notes[0].span.line if notes else 1, "", (), notes)

    def _head(self, issue: Issue) -> TextPassage:
        """The passage of the front matter, with the line of each text."""
        front_fields = [("title", TITLE), ("subtitle", TEXT), ("summary", TEXT), ("subject", TEXT), ("preheader", TEXT)]
        runs = [
            Run(kind, composed_text(text), ((0, issue.front.where(name).line),))
            for name, kind in front_fields
            if (text := getattr(issue, name))
        ]
        if issue.cover:
            line = issue.front.where("cover").line
            texts = (issue.cover.alt, issue.cover.caption, issue.cover.credit)
            runs += [Run(CAPTION, composed_text(text), ((0, line),)) for text in texts if text]
        links: tuple[LinkedTo, ...] = ()
        if issue.original and issue.original.url:
            links = tuple(
                _links([(issue.original.url, issue.original.title, issue.front.where("original").line, False)])
            )
        return TextPassage("", issue.title, issue.front.where("title").line, "", tuple(runs), links)

    def _passage(
        self, section: str, title: str, line: int, anchor: str, inlines: Sequence[Inline], blocks: Sequence[Block]
    ) -> TextPassage:
        runs = list(self._run(TITLE, inlines, line)) if inlines else []
        links = self._linked(inlines, line)
        for kind, run, at in _runs(blocks):
            if isinstance(run, str):
                text = composed_text(PLACEHOLDER.sub(lambda found: found[3], run).strip())
                runs += [Run(kind, text, ((0, at.line),), self._is_paid(at))] if text else []
            else:
                runs += self._run(kind, run, at.line)
                links += self._linked(run, at.line)
        return TextPassage(section, title, line, anchor, tuple(runs), tuple(_links(links)))

    def _run(self, kind: str, inlines: Iterable[Inline], line: int) -> Iterator[Run]:
        pieces: list[str] = []
        lines: list[tuple[int, int]] = []
        length = 0
        paid = False
        for piece, span in _flow(inlines):
            text = composed_text(piece)
            at = span.line if span is not NOWHERE else line
            if text and (not lines or lines[-1][1] != at):
                lines.append((length, at))
            paid = paid or self._is_paid(span)
            pieces.append(text)
            length += len(text)
        whole = "".join(pieces)
        if whole.strip():
            yield Run(kind, whole, tuple(lines) or ((0, line),), paid)
        for inline in inlines_within(inlines):
            if isinstance(inline, Image) and inline.alt:
                yield Run(CAPTION, composed_text(inline.alt), ((0, inline.span.line),), self._is_paid(inline.span))

    def _linked(self, inlines: Iterable[Inline], line: int) -> list[tuple[str, str, int, bool]]:
        return [
            (
                link.href,
                plain_text(link.inlines),
                link.span.line if link.span is not NOWHERE else line,
                self._is_paid(link.span),
            )
            for link in inlines_within(inlines)
            if isinstance(link, Link)
        ]

    def _is_paid(self, span: Span) -> bool:
        return self._free is not None and span is not NOWHERE and span.end > 0 and span.start not in self._free


def _links(found: Iterable[tuple[str, str, int, bool]]) -> Iterator[LinkedTo]:
    from newsletter.check.facts.history import same_address  # it imports all rules, which a search does not need

    for href, text, line, paid in found:
        if href and not href.startswith("#") and len(href) <= _LONGEST_ADDRESS:
            yield LinkedTo(href, same_address(href), host_key(href), text, line, paid)


def host_key(address: str) -> str:
    """The domain of an address with the last label first, `org.example.`; empty if it is not on the web."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "") if parts.scheme.lower() in {"http", "https"} else ""
    except ValueError:
        return ""
    return domain_key(host)


def domain_key(host: str) -> str:
    """A domain with its last label first, each with a dot after it, in ASCII (RFC 5891) and without `www`."""
    host = host.strip(".").removeprefix("www.").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return "".join(f"{label}." for label in reversed(host.split("."))) if host else ""


def domain_of(key: str) -> str:
    """A reversed domain in its usual form: `example.org` for `org.example.`."""
    return ".".join(reversed(key.rstrip(".").split(".")))


def address_text(href: str) -> str:
    """The searchable text of an address: its domain and the words of its path."""
    return unquote(href.partition("://")[2] or href.partition(":")[2] or href, errors="replace")


def _all_blocks(section: Section) -> Iterator[Block]:
    yield from section.blocks
    for item in section.items:
        yield from item.blocks


def _beside(blocks: Iterable[Block], owned: Sequence[tuple[int, int]]) -> Iterator[Block]:
    """The blocks outside of items; of lists whose entries are items, only the other entries."""
    for block in blocks:
        if _is_owned(block.span, owned):
            continue
        if isinstance(block, List) and any(_is_owned(entry.span, owned) for entry in block.items):
            for entry in block.items:
                if not _is_owned(entry.span, owned):
                    yield from entry.blocks
        else:
            yield block


def _is_owned(span: Span, owned: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span.start and span.end <= end for start, end in owned)


def _runs(blocks: Iterable[Block]) -> Iterator[tuple[str, Iterable[Inline] | str, Span]]:
    """Each run of text below blocks, with its kind and the place of its block."""
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield TEXT, block.inlines, block.span
            case Figure():
                yield CAPTION, (block.link or block.image,), block.span
                yield CAPTION, block.caption, block.span
                yield CAPTION, block.credit, block.span
            case Table():
                for row in (block.head, *block.rows):
                    for cell in row:
                        yield TEXT, cell.inlines, cell.span if cell.span is not NOWHERE else block.span
            case Quotation():
                yield from _runs(block.blocks)
                yield TEXT, block.attribution, block.span
            case List():
                for entry in block.items:
                    yield from _runs(entry.blocks)
            case Directive():
                yield TEXT, block.argument, block.span
                for name, value in block.fields.items():
                    yield TEXT, value, block.field_spans.get(name, block.span)
                for fact in block.facts:
                    yield TEXT, fact.inlines, fact.span
                yield from _runs(block.blocks)
            case CodeBlock():
                yield TEXT, block.text, block.span
            case HtmlBlock():
                yield TEXT, _TAG.sub(" ", block.html), block.span
            case ThematicBreak():
                continue


def _flow(inlines: Iterable[Inline]) -> Iterator[tuple[str, Span]]:
    """The words of a run with their places.

    A line end becomes a space if the script has spaces. Pictures are left out.
    """
    before, waiting = "", False
    for text, span in _leaves(inlines):
        if text is None:
            waiting = True
            continue
        if not text:
            continue
        if waiting and before and not runs_on(before, text[:1]):
            yield " ", span
        waiting = False
        before = text[-1:]
        yield text, span


def _leaves(inlines: Iterable[Inline]) -> Iterator[tuple[str | None, Span]]:
    for inline in inlines:
        match inline:
            case Text() | Code():
                yield inline.text, inline.span
            case Break():
                yield None, inline.span
            case Emphasis() | Strong() | Strikethrough() | Link():
                yield from _leaves(inline.inlines)
            case PersonalField():
                yield inline.fallback, inline.span
            case Image() | FootnoteReference() | RawHtml():
                continue


def _places(issue: Issue) -> Iterator[int]:
    """The place of every block, title and inline in an issue."""
    for section in issue.sections:
        yield from _inline_places(section.title)
        for item in section.items:
            yield from _inline_places(item.title)
            yield from _block_places(item.blocks)
        yield from _block_places(section.blocks)
    yield from _block_places(issue.opening)
    for note in issue.footnotes:
        yield from _block_places(note.blocks)


def _block_places(blocks: Iterable[Block]) -> Iterator[int]:
    for _, run, span in _runs(blocks):
        yield span.start
        if not isinstance(run, str):
            yield from _inline_places(run)


def _inline_places(inlines: Iterable[Inline]) -> Iterator[int]:
    for inline in inlines_within(inlines):
        yield inline.span.start
