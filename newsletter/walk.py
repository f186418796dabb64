"""Walking over what was read: every block, inline, link, picture and word of a document, in the order of the source.

All walkers take an Issue, a Section, an Item or a sequence of blocks. Those of a whole issue end with its footnotes.
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
"""Characters of scripts that set no space between words: Han, kana, bopomofo and their punctuation; Hangul is not one."""
_WIDE_MARKS = frozenset("、。〈〉《》「」『』【】〔〕〖〗！（），．：；？［］｛｝")
_FURTHER = re.compile("[^\x00-\u0dff\u2000-\u2bff]")
"""Characters that may belong to a script without spaces."""
_IDEOGRAPH = late(
    "[\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff]"
)
_UNSPACED_LETTERS = {
    late("[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46]"): 3.5,  # Thai
    late("[\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf]"): 3.0,  # Lao
    late("[\u1000-\u102a\u103f\u1050-\u1055]"): 2.25,  # Burmese
    re.compile("[\u1780-\u17b3]"): 3.25,  # Khmer
}
"""Letters, without the marks above and below them, and how many of them a word has: as ICU's dictionaries divide texts."""
_NO_LETTER = late(
    "[\u0f0b\u0f0c\u3000-\u3004\u3008-\u303f\u30a0\u30fb\uff00-\uff0f\uff1a-\uff20\uff3b-\uff3d\uff5b-\uff65]"
)
"""The marks between words in Tibetan, Chinese and Japanese: their lines have no other blanks."""
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


# ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def walk_blocks(where: Where) -> Iterator[Block]:
    """Every block, each before those inside it. Titles of sections and items are no blocks."""
    if type(where) is Issue:
        return iter(_walked(where).blocks)
    return _with_inner(top_blocks(where))


def _with_inner(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if type(block) in _NESTING:
            yield from _with_inner(children(block))


_NESTING = frozenset({Quotation, Directive, List})
"""The blocks that have others inside."""


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
    """The blocks that are in no other, those of items and footnotes included."""
    return chain.from_iterable(blocks for _, blocks in _parts(where))


def _parts(where: Where) -> Iterator[tuple[tuple[Inline, ...], Sequence[Block]]]:
    """The title, if there is one, and the blocks of each part that has any of its own."""
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
    """The name of a section in lists of its parts: its heading, else its kind."""
    if section.title or section.opener is Opener.HEADING:
        return plain_text(section.title)
    return "Stories" if section.opener is Opener.ITEMS else "Closing"


def under_headings(blocks: Sequence[Block]) -> tuple[Sequence[Block], list[Sequence[Block]]]:
    """The blocks before the first of the highest headings among `blocks`; then each of these headings with everything below it."""
    top = min((block.level for block in blocks if type(block) is Heading), default=0)
    starts = [at for at, block in enumerate(blocks) if type(block) is Heading and block.level == top]
    ends = [*starts[1:], len(blocks)]
    before = blocks[: starts[0]] if starts else blocks
    return before, [blocks[start:end] for start, end in zip(starts, ends, strict=False)]


# ── Inlines ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def walk_inlines(where: Where) -> Iterator[Inline]:
    """Every inline, each before those inside it: of titles, text, captions, credits, attributions, arguments, cells.

    A figure gives its link, or its picture if it has none; a link, and HTML of the author, give the pictures inside them.
    """
    if type(where) is Issue:
        return iter(_walked(where).inlines)
    return _inlines(where)


def _inlines(where: Where) -> Iterator[Inline]:
    for run in _runs(where):
        yield from inlines_within(run)


class _Walked:
    """The blocks and inlines of an issue, each walked once."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_with_inner(top_blocks(self.issue)))

    @cached_property
    def inlines(self) -> tuple[Inline, ...]:
        return tuple(_inlines(self.issue))


_LAST: list[_Walked] = []
"""The issues that were walked last: reading, checking and rendering one asks for its blocks and inlines thirty times."""
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
"""The inlines that have no others inside."""


def _runs(where: Where) -> Iterator[Iterable[Inline]]:
    """The runs of inlines, in the order of the source."""
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
    """Every link, around pictures too."""
    return (inline for inline in walk_inlines(where) if isinstance(inline, Link))


def images_in(where: Where) -> Iterator[Image]:
    """Every picture of the text: of figures and in lines. The cover is in front matter and is not one."""
    return (inline for inline in walk_inlines(where) if isinstance(inline, Image))


def figures_in(where: Where) -> Iterator[Figure]:
    """Every figure, in lists and quotations too."""
    return (block for block in walk_blocks(where) if isinstance(block, Figure))


_FIELD_IN_ADDRESS = re.compile(r"\{\{ ([A-Za-z_][A-Za-z0-9_]*)(?: \| ([^{}|]*))? \}\}")


def address_parts(address: str) -> tuple[str | PersonalField, ...]:
    """The `href` of a link or `src` of a picture, cut into text and the personal fields in it.

    Any other brace of an address is percent-encoded, so that a field cannot be mistaken.
    """
    if "{{" not in address:
        return (address,)
    parts: list[str | PersonalField] = []
    done = 0
    for found in _FIELD_IN_ADDRESS.finditer(address):
        parts += [address[done : found.start()], PersonalField(found[1], found[2] or "")]
        done = found.end()
    return tuple(part for part in (*parts, address[done:]) if part)


# ── Text ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def plain_text(inlines: Iterable[Inline], field: Callable[[str, str], str] | None = None) -> str:
    """The words alone, on one line: alt texts for pictures, fallbacks for personal fields, no footnote numbers.

    `field` writes a personal field otherwise, from its name and fallback.

    The end of a line is a space, but nothing between two characters of a script that sets no spaces.
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
    """Whether a line end between two characters is no space: both are of scripts without, or one brings its own.

    So it is between `桥` and `梁`, and beside wide punctuation; between `桥` and `2` it is a space (CSS Text 4, §4.1.3).
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
    """The text of the blocks for a reader: a line for each run of text, without code blocks and alt texts."""
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


# ── Counting ────────────────────────────────────────────────────────────────────────────────────────────────────────


def count_words(text: str) -> int:
    """How many words a text has, by the convention of word processors for each script.

    Where words are spaced (Latin, Cyrillic, Arabic, Hangul …), what is between spaces or em dashes and holds a
    letter or digit is one word. Each Chinese or Japanese character is one, but not their punctuation. Tibetan marks the
    end of each syllable, and these are counted. Thai, Lao, Burmese and Khmer mark nothing: so and this many letters are one.
    """
    return _sum_of((_tally(text),))


_Tally = tuple[int, ...]
"""The words of a text that can be distinguished, and of each script of `_UNSPACED_LETTERS` its letters."""


def _tally(text: str) -> _Tally:
    ideographs, unspaced = 0, _NO_UNSPACED
    text = text.replace("—", " ")
    if not text.isascii() and _FURTHER.search(text):
        text, ideographs = _IDEOGRAPH.subn(" ", text)
        text = _NO_LETTER.sub(" ", text)
        text, unspaced = _without_unspaced(text)
    # Most words begin with a letter: only the others are searched for one.
    spaced = text.split()
    marks = sum([not _LETTER_OR_DIGIT.search(word) for word in spaced if not word[0].isalnum()])
    return (len(spaced) - marks + ideographs, *unspaced)


_NO_UNSPACED = (0,) * len(_UNSPACED_LETTERS)


def _without_unspaced(text: str) -> tuple[str, _Tally]:
    """`text` without the letters of scripts that mark no words, and how many each script has."""
    counts = []
    for letters in _UNSPACED_LETTERS:
        text, count = letters.subn(" ", text)
        counts.append(count)
    return text, tuple(counts)


def _sum_of(tallies: Iterable[_Tally]) -> int:
    """How many words several texts have together."""
    words, *unspaced = map(sum, zip((0, *_NO_UNSPACED), *tallies, strict=True))
    return words + sum(ceil(count / a_word) for count, a_word in zip(unspaced, _UNSPACED_LETTERS.values(), strict=True))


_TALLIES: dict[int, tuple[Block, _Tally]] = {}
"""The tallies of the last blocks, by their ids: one block is counted for its item, its section and its issue."""
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
    """How many words a reader reads in the blocks: see `count_words` and `blocks_text`."""
    return _sum_of(map(_tally_of, blocks))


def words_in_issue(issue: Issue) -> int:
    """How many words a letter has: titles of sections and items, text, captions and footnotes."""
    titles = [plain_text(section.title) for section in issue.sections]
    titles += [plain_text(item.title) for section in issue.sections for item in section.items]
    return count_words("\n".join(titles)) + words_in(top_blocks(issue))
