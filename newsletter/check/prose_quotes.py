"""TX: straight or typographic quotation marks, as the house has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.prose import Kind
from newsletter.check.quotes import APOSTROPHE, pairs_of, read_marks
from newsletter.diagnostics import Edit, Fix
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.check.prose import Passage, Prose
    from newsletter.diagnostics import Diagnostic

_TYPOGRAPHIC = late("[“”„‟‘’‚‛]")
_TO_STRAIGHT = {**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'")}
_WIDE = late("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def quote_style(context: CheckContext) -> Iterator[Diagnostic]:
    """TX105: quotation marks and apostrophes are straight where the house sets typographic ones, or the reverse."""
    style = context.house.text.quotes
    if style == "typographic":
        yield from _straight(context)
    elif style == "straight":
        yield from _typographic(context)


def _straight(context: CheckContext) -> Iterator[Diagnostic]:
    prose, language = context.prose, context.issue.language or context.publication.language
    pairs = pairs_of(language)
    for index, passage in enumerate(prose.passages):
        if not passage.prose or not _has_straight(prose.text, passage):
            continue
        marks = [
            mark
            for mark in read_marks(
                prose.text, passage.start, passage.end, language, but=prose.is_escaped, goes_on=_goes_on(prose, index)
            )
            if mark.role != "prime"
        ]
        wanted = {
            ("open", '"'): pairs.double[0] if pairs else "",
            ("close", '"'): pairs.double[1] if pairs else "",
            ("open", "'"): pairs.single[0] if pairs else "",
            ("close", "'"): pairs.single[1] if pairs else "",
            ("apostrophe", "'"): APOSTROPHE,
        }
        found = [(mark.at, wanted.get((mark.role, mark.char), "")) for mark in marks]
        yield from _finding(context, passage, found, "straight", "typographic")


def _typographic(context: CheckContext) -> Iterator[Diagnostic]:
    prose = context.prose
    if prose.text.isascii():
        return
    for passage in prose.passages:
        if passage.prose and not _WIDE.search(prose.text, passage.start, passage.end):
            matches = _TYPOGRAPHIC.finditer(prose.text, passage.start, passage.end)
            found = [
                (match.start(), _TO_STRAIGHT[match[0]] if passage.quotable else "")
                for match in matches
                if not prose.is_escaped(match.start())
            ]
            yield from _finding(context, passage, found, "typographic", "straight")


def _finding(
    context: CheckContext, passage: Passage, found: list[tuple[int, str]], has: str, asked: str
) -> Iterator[Diagnostic]:
    """One finding for all marks of a passage: who types straight quotes does so all along."""
    if not found:
        return
    prose = context.prose
    edits = tuple(
        Edit(prose.place(at, at + 1), mark)
        for at, mark in found
        if mark and passage.mendable and prose.is_verbatim(at, at + 1)
    )
    first = prose.text[found[0][0]]
    what = "apostrophe" if first in "'’" else "quotation mark"
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    yield context.found(
        "TX105",
        prose.place(found[0][0], found[0][0] + 1),
        f"a {has} {what}{more} in this {_named(passage)}",
        label=f"{context.asker} sets {asked} ones",
        fix=Fix(edits, f"write {asked} quotation marks") if edits else None,
    )


def _named(passage: Passage) -> str:
    return f"`{passage.field}`" if passage.kind is Kind.FIELD else str(passage.kind)


def _has_straight(text: str, passage: Passage) -> bool:
    return text.find('"', passage.start, passage.end) >= 0 or text.find("'", passage.start, passage.end) >= 0


def _goes_on(prose: Prose, index: int) -> bool:
    """Whether the next paragraph opens the quotation anew that this one leaves open."""
    following = prose.passages[index + 1 : index + 2]
    return bool(following) and prose.text_of(following[0]).startswith('"')
