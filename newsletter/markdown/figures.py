"""Figures: pictures alone in a paragraph, with their caption and credit."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from newsletter.markdown.fields import placed_inlines
from newsletter.markdown.sections import text_from
from newsletter.model import Break, Emphasis, Figure, Image, Link, List, Paragraph, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.markdown.reading import ReadingState
    from newsletter.markdown.source import Source
    from newsletter.model import Block, Inline, Quotation

_OPENING = "(（[［"
_JOINING = (",", ";", "/", "|", "·", "&", "，", "；", "、")
_CLOSING = {"(": ")", "（": "）", "[": "]", "［": "］"}


def figures_of(inlines: Sequence[Inline], reading: ReadingState) -> list[Block]:
    """The figures in a paragraph; none if it contains anything but pictures.

    A line in italics under the last picture is its caption.
    """
    pictures, rest = [], list(inlines)
    if len(rest) > 2 and isinstance(rest[-1], Emphasis) and isinstance(rest[-2], Break):
        under, rest = rest[-1].inlines, rest[:-2]
    else:
        under = ()
    for inline in rest:
        if isinstance(inline, Image) or (isinstance(inline, Link) and _lone_image(inline)):
            pictures.append(inline)
        elif not (isinstance(inline, Break) or (isinstance(inline, Text) and not inline.text.strip())):
            return []
    figures = [_figure(picture, reading) for picture in pictures]
    if figures and under:
        figures[-1] = _with_caption(figures[-1], under, reading)
    return list(figures)


def captioned(blocks: Sequence[Block], reading: ReadingState) -> list[Block]:
    """The blocks with captions added: a paragraph in italics directly below a figure without a caption becomes its caption."""
    found: list[Block] = []
    for block in blocks:
        above = found[-1] if found else None
        if isinstance(above, Figure) and isinstance(block, Paragraph) and (words := _all_in_italics(block)):
            figure = _with_caption(above, words, reading)
            if figure is not above:
                found[-1] = figure
                continue
        found.append(block)
    return found


def _lone_image(link: Link) -> Image | None:
    inlines = [inline for inline in link.inlines if not (isinstance(inline, Text) and not inline.text.strip())]
    return inlines[0] if len(inlines) == 1 and isinstance(inlines[0], Image) else None


def _figure(picture: Inline, reading: ReadingState) -> Figure:
    link = picture if isinstance(picture, Link) else None
    image = _lone_image(link) if link else picture
    assert isinstance(image, Image)  # noqa: S101 - figures_of lets nothing else through
    span = link.span if link else image.span
    title = " ".join(image.title.split())
    words = placed_inlines(title, reading.source, image.title_span, reading.options.personal_fields)
    caption, word, credit = split_credit(words, reading.options.credit_words)
    return Figure(image, caption, credit, word, link, span)


def _with_caption(figure: Figure, words: tuple[Inline, ...], reading: ReadingState) -> Figure:
    """The figure with the text below it as caption; unchanged if it has a caption already and the text is no credit."""
    caption, word, credit = split_credit(words, reading.options.credit_words)
    if not figure.caption and not (figure.credit and credit):
        return replace(figure, caption=caption, credit=credit or figure.credit, credit_word=word or figure.credit_word)
    if not caption and credit and not figure.credit:
        return replace(figure, credit=credit, credit_word=word)
    return figure


def _all_in_italics(paragraph: Paragraph) -> tuple[Inline, ...]:
    inlines = paragraph.inlines
    return inlines[0].inlines if len(inlines) == 1 and isinstance(inlines[0], Emphasis) else ()


def split_credit(
    words: tuple[Inline, ...], credit_words: tuple[str, ...]
) -> tuple[tuple[Inline, ...], str, tuple[Inline, ...]]:
    """A caption, the credit word in it, and the credit after that word.

    The word begins the caption or a sentence of it, or is in brackets at its end, or is spelt exactly as in the house
    format. The last credit counts, together with those joined to it by a comma or the like.
    """
    for index in range(len(words) - 1, -1, -1):
        text = words[index]
        if not isinstance(text, Text):
            continue
        found = _credit(text.text, credit_words)
        if not found:
            continue
        before = (*words[:index], text_from(text, 0, found.start()))
        credit = (text_from(text, found.end()), *words[index + 1 :])
        return _trimmed(before, end=True), found["word"] or found["exact"], _closed(_trimmed(credit), found["open"])
    return words, "", ()


def _credit(text: str, credit_words: tuple[str, ...]) -> re.Match[str] | None:
    found = list(_credit_pattern(credit_words).finditer(text))
    while len(found) > 1 and text[: found[-1].start()].rstrip().endswith(_JOINING):
        found.pop()
    return found[-1] if found else None


@cache
def _credit_pattern(credit_words: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(re.escape(word) for word in sorted(credit_words, key=len, reverse=True)) or "(?!)"
    word = rf"(?:{names})(?:\s+(?i:{names}))?(?:\s+by)?"
    brackets = re.escape(_OPENING)
    begins = rf"(?:^|(?<=[.!?…。！？｡;；,，、/|·•—–)）”\"-]))\s*|\s*(?=[{brackets}])"
    return re.compile(rf"(?:(?:{begins})(?P<open>[{brackets}]?)(?P<word>(?i:{word}))|\s+(?P<exact>{word}))\s*[:：]\s*")


def _closed(credit: tuple[Inline, ...], bracket: str | None) -> tuple[Inline, ...]:
    """The credit without the closing bracket whose opening bracket is before its word."""
    last = credit[-1] if credit else None
    if bracket and isinstance(last, Text) and last.text.rstrip(". ").endswith(_CLOSING[bracket]):
        return _trimmed((*credit[:-1], text_from(last, 0, len(last.text.rstrip(". ")) - 1)), end=True)
    return credit


def _trimmed(inlines: tuple[Inline, ...], *, end: bool = False) -> tuple[Inline, ...]:
    """The inlines without the spaces and empty texts at their end, or at their beginning."""
    while inlines:
        edge = inlines[-1 if end else 0]
        if isinstance(edge, Text):
            stripped = edge.text.rstrip() if end else edge.text.lstrip()
            start = 0 if end else len(edge.text) - len(stripped)
            kept = text_from(edge, start, start + len(stripped))
            rest = inlines[:-1] if end else inlines[1:]
            if kept.text:
                return (*rest, kept) if end else (kept, *rest)
            inlines = rest
        elif isinstance(edge, Break):
            inlines = inlines[:-1] if end else inlines[1:]
        else:
            break
    return inlines


_DASH = re.compile(r"\s*(?:[—–―]+|--+)\s*")


def with_attribution(quotation: Quotation, source: Source) -> Quotation:
    """The quotation with its last line as attribution, if that begins with a dash and is under other text.

    `- Name` directly under the text is an attribution too, although Markdown takes it for a list of one entry.
    """
    blocks = quotation.blocks
    last = blocks[-1] if blocks else None
    if isinstance(last, Paragraph):
        kept, line = _last_line(last.inlines)
        name = _behind_dash(line)
        if name and (kept or len(blocks) > 1) and not (kept and _behind_dash(_last_line(kept)[1])):
            left: tuple[Block, ...] = (replace(last, inlines=kept),) if kept else ()
            return replace(quotation, blocks=(*blocks[:-1], *left), attribution=name)
    if isinstance(last, List):
        if len(blocks) > 1 and (entry := _single_entry(last, blocks[-2], source)):
            return replace(quotation, blocks=blocks[:-1], attribution=entry)
        left_over, name = _lazy_line(last)
        if name:
            return replace(quotation, blocks=(*blocks[:-1], left_over), attribution=name)
    return quotation


def _lazy_line(entries: List) -> tuple[List, tuple[Inline, ...]]:
    """A line with a dash directly below a list, which Markdown reads as part of the list's last paragraph."""
    item = entries.items[-1]
    last = item.blocks[-1] if item.blocks else None
    name: tuple[Inline, ...] = ()
    if isinstance(last, List):
        last, name = _lazy_line(last)
    elif isinstance(last, Paragraph):
        kept, line = _last_line(last.inlines)
        if kept and line and line[0].span.column < last.span.column:
            last, name = replace(last, inlines=kept), _behind_dash(line)
    if not last or not name:
        return entries, ()
    shortened = replace(item, blocks=(*item.blocks[:-1], last))
    return replace(entries, items=(*entries.items[:-1], shortened)), name


def _last_line(inlines: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    """The text before the last line break, and the text after it."""
    for index in range(len(inlines) - 1, -1, -1):
        if isinstance(inlines[index], Break):
            return inlines[:index], inlines[index + 1 :]
    return (), inlines


def _behind_dash(line: Sequence[Inline]) -> tuple[Inline, ...]:
    """The line without the dash at its start; empty if there is no dash, or no text after it."""
    first = line[0] if line else None
    found = _DASH.match(first.text) if isinstance(first, Text) else None
    if not isinstance(first, Text) or not found:
        return ()
    rest = text_from(first, found.end())
    return (rest, *line[1:]) if rest.text else tuple(line[1:])


def _single_entry(entries: List, above: Block, source: Source) -> tuple[Inline, ...]:
    """The text of the only entry of a bullet list directly under a paragraph."""
    item = entries.items[0]
    if entries.ordered or len(entries.items) != 1 or len(item.blocks) != 1 or source.text[item.span.start] != "-":
        return ()
    entry = item.blocks[0]
    directly = isinstance(above, Paragraph) and source.position(above.span.end)[0] + 1 == entries.span.line
    return entry.inlines if directly and isinstance(entry, Paragraph) and item.checked is None else ()
