"""ST: placeholders and notes that must not be published."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.facts.prose import code_in
from newsletter.check.rule import WARNING, rule
from newsletter.check.settings import ignore_comments
from newsletter.check.wording import quoted
from newsletter.hints import HINT, hint
from newsletter.model import Text
from newsletter.suggest import did_you_mean
from newsletter.walk import walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic

_HINT_BEGINS = hint("").removesuffix(")")
_SPACED = "[0-9A-Za-z\u00c0-\u024f\u0370-\u052f]"
"""Letters of scripts that put spaces between words. There, a word is found only if it is a whole word."""


@rule("ST112", "leftover-hint", "No hint of the draft is left", "text", gap=True)
def leftover_hint(context: CheckContext) -> Iterator[Diagnostic]:
    """ST112: a hint of the draft was not replaced. Code is not checked, because `TK(` may be part of it."""
    text = context.source.text
    if _HINT_BEGINS not in text:
        return
    code = code_in(context.issue)
    for match in HINT.finditer(text):
        start = match.start()
        if not context.is_unread(start) and not any(span.start <= start < span.end for span in code):
            place = context.span(start, min(context.line_end(start), match.end()))
            yield context.found("ST112", place, "a hint is not filled in yet", label="write this, or remove it")


@rule("ST123", "never-word", "No word that must not be published is left", "text", keys=("never",))
def never_word(context: CheckContext) -> Iterator[Diagnostic]:
    """ST123: words that the house format never allows to be published, in all text that readers can see."""
    if not context.house.never:
        return
    text = context.source.text
    # Looking for plain words is many times faster than the expression, and nearly always enough.
    here = tuple(word for word in context.house.never if word in text)
    places = {
        (match.start(), match.end()): match[0]
        for match in (never_pattern(here).finditer(text) if here else ())
        if not context.is_unread(match.start())
    }
    places.update(_written_otherwise(context))
    for (start, end), word in sorted(places.items()):
        yield context.found(
            "ST123",
            context.span(start, end),
            f"{quoted(word)} must not be published",
            label="replace it with the final text",
            about=("never",),
        )


def _written_otherwise(context: CheckContext) -> Iterator[tuple[tuple[int, int], str]]:
    """Placeholders that are written with escapes or entities: `INSERT&#95;LINK`."""
    if "\\" not in context.source.text and "&" not in context.source.text:
        return
    pattern = never_pattern(context.house.never)
    for stretch in _text_stretches(context):
        for match in pattern.finditer("".join(piece.text for piece in stretch)):
            yield (_offset(stretch, match.start()), _offset(stretch, match.end() - 1, end=True)), match[0]
    for picture in context.pictures:
        written = context.source.text[picture.span.start : picture.span.end]
        for match in pattern.finditer(picture.alt):
            if match[0] not in written:
                yield (picture.span.start, picture.span.end), match[0]


def _text_stretches(context: CheckContext) -> Iterator[list[Text]]:
    """Neighbouring texts: each escape splits a text."""
    stretch: list[Text] = []
    for inline in walk_inlines(context.issue):
        if isinstance(inline, Text) and stretch and stretch[-1].span.end == inline.span.start:
            stretch.append(inline)
        elif isinstance(inline, Text):
            yield stretch
            stretch = [inline]
    yield stretch


def _offset(stretch: list[Text], index: int, *, end: bool = False) -> int:
    """The source offset of the start or end of the character at `index` of the joined texts."""
    for piece in stretch:
        if index < len(piece.text):
            exact = piece.span.end - piece.span.start == len(piece.text)
            if exact:
                return piece.span.start + index + end
            return piece.span.end if end else piece.span.start
        index -= len(piece.text)
    return stretch[-1].span.end


@lru_cache(maxsize=32)
def never_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of `words`, exactly as written and as whole words, longest first."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(_whole(word) for word in ordered if word))


def _whole(word: str) -> str:
    before = f"(?<!{_SPACED})" if re.match(_SPACED, word) else ""
    behind = f"(?!{_SPACED})" if re.search(_SPACED + "$", word) else ""
    return f"{before}{re.escape(word)}{behind}"


@rule("ST128", "useless-ignore", "Comments that ignore findings name rules that exist", "text", severity=WARNING)
def useless_ignore(context: CheckContext) -> Iterator[Diagnostic]:
    """ST128: a comment that ignores findings names no rule, or an unknown one."""
    for comment in ignore_comments(context.issue):
        span = comment.note.span
        if not comment.understood:
            advice = did_you_mean(comment.word, ("ignore", "ignore-file"), "Write `check: ignore ST104`.")
            yield context.found("ST128", span, f"a comment cannot say `check: {comment.word}`", advice=advice)
        elif not comment.codes:
            yield context.found(
                "ST128", span, "the comment names no rule to ignore", advice="Write `check: ignore ST104`."
            )
        for code in comment.codes if comment.understood else ():
            if not any(known.startswith(code.upper()) for known in context.codes):
                at = context.source.text.find(code, span.start, span.end)
                place = span if at < 0 else context.span(at, at + len(code))
                yield context.found(
                    "ST128", place, f"no rule begins with {quoted(code)}", advice=did_you_mean(code, context.codes)
                )
