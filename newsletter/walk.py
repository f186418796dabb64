"""Walks over a parsed document: every block, inline, link, picture and word, in the order of the source.

All walkers take an Issue, a Section, an Item or a sequence of blocks. For an issue, the footnotes come last.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain, pairwise
from math import ceil
from typing import TYPE_CHECKING

from newsletter.late import late
from newsletter.model import (
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
    Issue,
    Item,
    Link,
    List,
    Opener,
    Paragraph,
    PersonalField,
    Quotation,
    RawHtml,
    Section,
    Strikethrough,
    Strong,
    Table,
    Text,
    ThematicBreak,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from newsletter.model import Block, Inline

if TYPE_CHECKING:
    Where = Issue | Section | Item | Sequence[Block]

_UNSPACED = late(
    "[\u2e80-\u303f\u3041-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\U00020000-\U0003ffff]"
)
"""Characters of scripts without spaces between words: Han, kana, bopomofo and their punctuation.

Hangul is not among them.
"""
_WIDE_MARKS = frozenset("、。〈〉《》「」『』【】〔〕〖〗！（），．：；？［］｛｝")
_FURTHER = re.compile("[^\x00-\u0dff\u2000-\u2bff]")
"""A quick test for characters that may belong to a script without spaces."""
_IDEOGRAPH = late(
    "[\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff]"
)
_UNSPACED_LETTERS = {
    late("[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46]"): 3.5,  # Thai
    late("[\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf]"): 3.0,  # Lao
    late("[\u1000-\u102a\u103f\u1050-\u1055]"): 2.25,  # Burmese
    late("[\u1780-\u17b3]"): 3.25,  # Khmer
}
"""The letters of a script, without marks above and below, and the average number of them in a word.

The numbers were measured with ICU's dictionaries.
"""
_NO_LETTER = late(
    "[\u0f0b\u0f0c\u3000-\u3004\u3008-\u303f\u30a0\u30fb\uff00-\uff0f\uff1a-\uff20\uff3b-\uff3d\uff5b-\uff65]"
)
"""The marks between words in Tibetan, Chinese and Japanese. They stand in place of spaces."""
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_ASCII_MARKS = {code: None for code in range(128) if not chr(code).isalnum() and not chr(code).isspace()}
"""Without these, what is left of an ASCII text is its words."""


def walk_blocks(where: Where) -> Iterator[Block]:
    """Every block, followed by the blocks inside it. Titles of sections and items are not blocks."""
    if type(where) is Issue:
        return iter(_walked(where).blocks)
    return _with_inner(top_blocks(where))


def _with_inner(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if type(block) in _NESTING:
            yield from _with_inner(children(block))


_NESTING = frozenset({Quotation, Directive, List})
"""The blocks that contain blocks."""


def children(block: Block) -> Sequence[Block]:
    """The blocks directly inside a block."""
    match block:
        case Quotation() | Directive():
            return block.blocks
        case List():
            return tuple(chain.from_iterable(item.blocks for item in block.items))
        case _:
            return ()


def top_blocks(where: Where) -> Iterator[Block]:
    """The outermost blocks, including those of items and footnotes."""
    return chain.from_iterable(blocks for _, blocks in _parts(where))


def _parts(where: Where) -> Iterator[tuple[tuple[Inline, ...], Sequence[Block]]]:
    """The title, if there is one, and the blocks of each part that has blocks of its own."""
    match where:
        case Issue():
            yield (), where.opening
            for section in where.sections:
                yield from _parts(section)
            for note in where.footnotes:
                yield (), note.blocks
        case Section():
            yield where.title, where.blocks
            for item in where.items:
                yield item.title, item.blocks
        case Item():
            yield where.title, where.blocks
        case _:
            yield (), where


def called(section: Section) -> str:
    """The name of a section in lists: its heading, else its kind."""
    if section.title or section.opener is Opener.HEADING:
        return plain_text(section.title)
    return "Stories" if section.opener is Opener.ITEMS else "Closing"


def under_headings(blocks: Sequence[Block]) -> tuple[Sequence[Block], list[Sequence[Block]]]:
    """The blocks before the first heading of the highest level in `blocks`; then each such heading with everything below it."""
    top = min((block.level for block in blocks if type(block) is Heading), default=0)
    starts = [at for at, block in enumerate(blocks) if type(block) is Heading and block.level == top]
    ends = [*starts[1:], len(blocks)]
    before = blocks[: starts[0]] if starts else blocks
    return before, [blocks[start:end] for start, end in zip(starts, ends, strict=False)]


def walk_inlines(where: Where) -> Iterator[Inline]:
    """Every inline, followed by those inside it: of titles, text, captions, credits, attributions, arguments and cells.

    A figure yields its link, or its picture if it has no link. A link yields the pictures inside it, and so does HTML.
    """
    if type(where) is Issue:
        return iter(_walked(where).inlines)
    return _inlines(where)


def _inlines(where: Where) -> Iterator[Inline]:
    for run in _runs(where):
        yield from inlines_within(run)


class _Walked:
    """The blocks and inlines of an issue, computed once."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_with_inner(top_blocks(self.issue)))

    @cached_property
    def inlines(self) -> tuple[Inline, ...]:
        return tuple(_inlines(self.issue))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return tuple(inline for inline in self.inlines if isinstance(inline, Link))

    @cached_property
    def images(self) -> tuple[Image, ...]:
        return tuple(inline for inline in self.inlines if isinstance(inline, Image))


_LAST: list[_Walked] = []
"""The issues that were walked last.

Reading, checking and rendering an issue need its blocks and inlines thirty times.
"""
_KEPT = 4


def _walked(issue: Issue) -> _Walked:
    for walked in tuple(_LAST):
        if walked.issue is issue:
            return walked
    walked = _Walked(issue)
    _LAST.insert(0, walked)
    del _LAST[_KEPT:]
    return walked


def inlines_within(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """The inlines and all that are inside them."""
    for inline in inlines:
        yield inline
        if type(inline) in _PLAIN:
            continue
        if isinstance(inline, (Emphasis, Strong, Strikethrough, Link)):
            yield from inlines_within(inline.inlines)
        elif isinstance(inline, RawHtml):
            yield from inline.images


_PLAIN = frozenset({Text, Break, Code, Image, PersonalField, FootnoteReference})
"""The inlines that contain no others."""


def _runs(where: Where) -> Iterator[Iterable[Inline]]:
    """The sequences of inlines, in the order of the source."""
    for title, blocks in _parts(where):
        yield title
        for block in blocks:
            yield from _runs_of(block)


def _runs_of(block: Block) -> Iterator[Iterable[Inline]]:
    match block:
        case Paragraph() | Heading():
            yield block.inlines
        case Figure():
            yield (block.link or block.image,)
            yield block.caption
            yield block.credit
        case Table():
            for cell in chain(block.head, *block.rows):
                yield cell.inlines
        case Quotation():
            yield from _runs(block.blocks)
            yield block.attribution
        case Directive():
            yield block.argument
            yield from (fact.inlines for fact in block.facts)
            yield from _runs(block.blocks)
        case List():
            yield from _runs(children(block))
        case HtmlBlock():
            yield block.images
        case CodeBlock() | ThematicBreak():
            return


def links_in(where: Where) -> Iterator[Link]:
    """Every link, including those around pictures."""
    if type(where) is Issue:
        return iter(_walked(where).links)
    return (inline for inline in walk_inlines(where) if isinstance(inline, Link))


def images_in(where: Where) -> Iterator[Image]:
    """Every picture of the text, in figures and in lines. The cover is in the front matter and is not included."""
    if type(where) is Issue:
        return iter(_walked(where).images)
    return (inline for inline in walk_inlines(where) if isinstance(inline, Image))


def figures_in(where: Where) -> Iterator[Figure]:
    """Every figure, including those in lists and quotations."""
    return (block for block in walk_blocks(where) if isinstance(block, Figure))


_FIELD_IN_ADDRESS = re.compile(r"\{\{ ([A-Za-z_][A-Za-z0-9_]*)(?: \| ([^{}|]*))? \}\}")


def address_parts(address: str) -> tuple[str | PersonalField, ...]:
    """The `href` of a link or `src` of a picture, split into text and personal fields.

    All other braces in an address are percent-encoded, so they cannot be mistaken for a field.
    """
    if "{{" not in address:
        return (address,)
    parts: list[str | PersonalField] = []
    done = 0
    for found in _FIELD_IN_ADDRESS.finditer(address):
        parts += [address[done : found.start()], PersonalField(found[1], found[2] or "")]
        done = found.end()
    return tuple(part for part in (*parts, address[done:]) if part)


def plain_text(inlines: Iterable[Inline], field: Callable[[str, str], str] | None = None) -> str:
    """The text without markup, on one line.

    Pictures become their alt text and personal fields their fallback; footnote numbers are left out. `field` returns another text for a personal field, from its name and fallback. A line end becomes a space, except
    between two characters of a script without spaces.
    """
    words: list[str] = []
    _add_words(words, inlines, field)
    text = "".join(words)
    if "\n" not in text:
        return text
    lines = text.split("\n")
    joined = [lines[0]]
    for before, after in pairwise(lines):
        joined += ["" if runs_on(before[-1:], after[:1]) else " ", after]
    return "".join(joined)


def runs_on(before: str, after: str) -> bool:
    """Whether a line end between two characters is not a space (CSS Text 4, §4.1.3).

    That is so between `桥` and `梁`, both of scripts without spaces, and beside wide punctuation, which has space of its
    own. Between `桥` and `2` it is a space.
    """
    if not before or not after or (before.isascii() and after.isascii()):
        return False
    if _UNSPACED.match(before) and _UNSPACED.match(after):
        return True
    return before in _WIDE_MARKS or after in _WIDE_MARKS


def _add_words(words: list[str], inlines: Iterable[Inline], field: Callable[[str, str], str] | None) -> None:
    for inline in inlines:
        if isinstance(inline, (Text, Code)):
            words.append(inline.text)
        elif isinstance(inline, (Link, Emphasis, Strong, Strikethrough)):
            _add_words(words, inline.inlines, field)
        elif isinstance(inline, Break):
            words.append("\n")
        elif isinstance(inline, Image):
            words.append((inline.spoken if field else "") or inline.alt)
        elif isinstance(inline, PersonalField):
            words.append(field(inline.name, inline.fallback) if field else inline.fallback)


def blocks_text(blocks: Iterable[Block]) -> str:
    """The visible text of the blocks, a line for each sequence of inlines, without code blocks and alt texts."""
    return "\n".join(
        plain_text(inline for inline in run if not isinstance(inline, Image))
        for block in blocks
        if not isinstance(block, CodeBlock)
        for run in _reading_runs(block)
    )


def _reading_runs(block: Block) -> Iterator[Iterable[Inline]]:
    if isinstance(block, Figure):
        yield block.caption
        yield block.credit
    elif isinstance(block, (List, Quotation, Directive)):
        for inner in children(block):
            yield from _reading_runs(inner)
        if isinstance(block, Directive):
            yield from (fact.inlines for fact in block.facts)
        yield block.argument if isinstance(block, Directive) else ()
        yield block.attribution if isinstance(block, Quotation) else ()
    else:
        yield from _runs_of(block)


def count_words(text: str) -> int:
    """The number of words in a text, counted for each script as word processors do.

    In scripts with spaces (Latin, Cyrillic, Arabic, Hangul …), a word is any text between spaces or em dashes that has
    a letter or digit. In Chinese and Japanese, each character is a word, except punctuation. In Tibetan, marked
    syllables are counted. In Thai, Lao, Burmese and Khmer, which mark nothing, the number of letters is divided by the
    average length of a word.
    """
    return _sum_of((_tally(text),))


_Tally = tuple[int, ...]
"""The number of words that can be counted, and the number of letters of each script in `_UNSPACED_LETTERS`."""


def _tally(text: str) -> _Tally:
    ideographs, unspaced = 0, _NO_UNSPACED
    text = text.replace("—", " ")
    if text.isascii():
        return (len(text.translate(_ASCII_MARKS).split()), *unspaced)
    if _FURTHER.search(text):
        text, ideographs = _IDEOGRAPH.subn(" ", text)
        text = _NO_LETTER.sub(" ", text)
        text, unspaced = _without_unspaced(text)
    # A shortcut: most words begin with a letter, and only the others are searched for one.
    spaced = text.split()
    marks = sum([not _LETTER_OR_DIGIT.search(word) for word in spaced if not word[0].isalnum()])
    return (len(spaced) - marks + ideographs, *unspaced)


_NO_UNSPACED = (0,) * len(_UNSPACED_LETTERS)


def _without_unspaced(text: str) -> tuple[str, _Tally]:
    """`text` without the letters of scripts that do not mark words, and the number of letters of each script."""
    counts = []
    for letters in _UNSPACED_LETTERS:
        text, count = letters.subn(" ", text)
        counts.append(count)
    return text, tuple(counts)


def _sum_of(tallies: Iterable[_Tally]) -> int:
    """The number of words in several texts together."""
    words, *unspaced = map(sum, zip((0, *_NO_UNSPACED), *tallies, strict=True))
    return words + sum(ceil(count / a_word) for count, a_word in zip(unspaced, _UNSPACED_LETTERS.values(), strict=True))


_TALLIES: dict[int, tuple[Block, _Tally]] = {}
"""The tallies of the last blocks, by the id of the block.

A block is counted for its item, its section and its issue.
"""
_TALLIED = 1024


def _tally_of(block: Block) -> _Tally:
    known = _TALLIES.get(id(block))
    if known is not None and known[0] is block:
        return known[1]
    tally = _tally(blocks_text((block,)))
    if len(_TALLIES) >= _TALLIED:
        _TALLIES.clear()
    _TALLIES[id(block)] = block, tally
    return tally


def words_in(blocks: Iterable[Block]) -> int:
    """The number of words that a reader sees in the blocks: see `count_words` and `blocks_text`."""
    return _sum_of(map(_tally_of, blocks))


def words_in_issue(issue: Issue) -> int:
    """The number of words in an issue: titles of sections and items, text, captions and footnotes."""
    titles = [plain_text(section.title) for section in issue.sections]
    titles += [plain_text(item.title) for section in issue.sections for item in section.items]
    return count_words("\n".join(titles)) + words_in(top_blocks(issue))
