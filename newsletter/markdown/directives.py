"""Directives: the lines `::: name` and `:::`, and the blocks between them."""

from __future__ import annotations

import re
from dataclasses import field, replace
from typing import TYPE_CHECKING, NamedTuple

from newsletter.diagnostics import Severity
from newsletter.editions import NAMES as READERS
from newsletter.editions import ONLY, PAYWALL, limit_from, meant_directive, meant_name
from newsletter.late import late
from newsletter.markdown.figures import with_attribution
from newsletter.markdown.inline_rules import read_inlines
from newsletter.markdown.reading import did_you_mean
from newsletter.model import BLOCK_NAMES, Directive, Fact, OpenedDirective, Paragraph, Quotation, Text
from newsletter.records import dataclass
from newsletter.suggest import closest
from newsletter.tokens import placeholder
from newsletter.walk import links_in, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    from newsletter.markdown.reading import ReadingState
    from newsletter.model import Block, Inline, Span

NAMES = (*BLOCK_NAMES, ONLY, PAYWALL)
FIELDS = {
    "event": ("date", "time", "place"),
    "audio": ("length", "bytes", "type"),
    "video": ("length", "mark"),
    "embed": ("length", "mark"),
    "gallery": ("ratio", "columns"),
    "beside": ("side", "width", "shape"),
    "chart": ("type", "unit", "source", "max"),
    "stat": ("change",),
}
"""The directives that take `key: value` lines at the top of their body, and the keys they know."""
WORDED = {"chart": "source", "stat": "change"}
"""The key whose value keeps its links and emphasis: it is a Fact."""
EVENT = "event"
"""It accepts lines with any key."""
ALONE = frozenset({"toc", "divider"})
"""Directives without content: a single line that need not be closed."""

_BLANK = "[\\s\\x1c-\\x1f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
"""Invisible characters: spaces, direction marks, remains of pasted text. A directive is recognized despite them."""
_FENCE = re.compile(rf"{_BLANK}*+(:{{3,}}+){_BLANK}*+(?:(\S++){_BLANK}*+(.*))?$")
_FIELD = re.compile(r"([A-Za-z]+)[ \t]*:(?:[ \t]+(.*))?$")
_FACT = late(r"([^\W\d_][\w'’./&()-]*(?:[ ][\w'’./&()-]+){0,2})[ \t]*(?:：[ \t]*|:[ \t]+)(\S.*)$")
"""A fact of an event: its key has at most three words, because a sentence may contain a colon, too."""


def directive(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """A line of three or more colons: with a name it opens a directive, without one it closes it.

    Lines are only marked here. They are paired when the blocks of a container are collected (tree.py).
    """
    start = state.bMarks[startLine] + state.tShift[startLine]
    first = state.src[start : start + 1]
    if (first != ":" and (not first or first.isprintable())) or state.is_code_block(startLine):
        return False
    found = _FENCE.match(state.src, start, state.eMarks[startLine])
    if not found:
        return False
    if silent:
        return True
    source, base = state.env["reading"].source, state.env["base"]
    token = state.push("directive_open" if found[2] else "directive_close", "", 0)
    token.map = [startLine, startLine + 1]
    token.markup = found[1]
    token.meta["end"] = base + found.end(1)
    state.line = startLine + 1
    if found[2]:
        token.info, token.content = found[2], _without_colons(found[3])
        token.meta["end"] = base + state.eMarks[startLine]
        token.meta["name"] = source.span(base + found.start(2), base + found.end(2))
        token.meta["source_map"] = source.map_from(base + found.start(3))
        _take_fields(state, token, endLine)
    return True


def _without_colons(argument: str) -> str:
    """The text after a name, without spaces and closing colons."""
    bare = argument.rstrip()
    kept = bare.rstrip(":")
    closed = len(bare) - len(kept) >= len(":::") and (not kept or kept[-1].isspace())
    return (kept if closed else bare).rstrip()


def _take_fields(state: StateBlock, token: Token, end: int) -> None:
    """Reads the `key: value` lines directly below the opening line of a directive with fields."""
    known = FIELDS.get(token.info, ())
    given: list[_Given] = []
    source, base = state.env["reading"].source, state.env["base"]
    while known and state.line < end and not state.isEmpty(state.line):
        line = state.line
        start = state.bMarks[line] + state.tShift[line]
        found = _field_at(state.src, start, state.eMarks[line], known, token.info)
        if found is None or state.sCount[line] < state.blkIndent:
            break
        key = found[1].lower() if found[1].lower() in known else found[1]
        value = (found[2] or "").rstrip()
        at = base + (found.start(2) if value else found.end(1))
        key_span = source.span(base + found.start(1), base + found.end(1))
        given.append(_Given(key, value, at, at + len(value), key_span))
        state.line = line + 1
    token.meta["given"] = given


def _field_at(text: str, start: int, end: int, known: Sequence[str], name: str) -> re.Match[str] | None:
    found = _FIELD.match(text, start, end)
    if found and (found[1].lower() in known or (name != EVENT and _slip_of(found[1], known, name))):
        return found
    return _FACT.match(text, start, end) if name == EVENT else None


def _slip_of(key: str, known: Sequence[str], name: str) -> str:
    """The known key that `key` is, or of which it is a typo; else empty."""
    if len(key) > _LONGEST_SLIP:
        return ""
    if name in _BEFORE_TEXT and (mixed := [one for one in known if sorted(one) == sorted(key.lower())]):
        return mixed[0]
    return closest(key, known, cutoff=_SLIP if name in {*_BEFORE_TEXT, EVENT} else _SETTING_SLIP)


class _Given(NamedTuple):
    """A `key: value` line."""

    key: str
    value: str
    start: int
    """The start of the value in the source; `end` is its end."""
    end: int
    key_span: Span


@dataclass(slots=True)
class DirectiveFrame:
    """An open directive while its blocks are collected."""

    token: Token
    name: str
    """Empty if it is unknown; then its blocks are kept without it."""
    argument: tuple[Inline, ...]
    argument_span: Span
    given: list[tuple[_Given, tuple[Inline, ...]]]
    """The `key: value` lines, each with its value as inlines."""
    kept: bool
    """Whether it becomes a Directive."""
    blocks: list[Block] = field(default_factory=list)

    @property
    def names_readers(self) -> bool:
        """Whether it is an `only` for some readers."""
        return self.name == ONLY and self.kept and bool(limit_from(plain_text(self.argument)).named)


def line_of(token: Token, reading: ReadingState) -> Span:
    """The line that opens or closes a directive."""
    return reading.source.span(token.meta["start"], token.meta["end"])


def directive_name(token: Token, reading: ReadingState) -> str:
    """The name of the directive that a line opens; "" for an unknown one, which is reported.

    A directive that seems to limit its text to some readers does so, even if misspelt; "paid" then means `only paid`.
    """
    if token.info in NAMES:
        return token.info
    meant = meant_directive(token.info, token.content)
    hint = " Did you mean `callout`?" if token.info.lower() in _CALLOUTS else did_you_mean(token.info, NAMES)
    choices = "" if hint else f" Choose one of: {', '.join(NAMES)}."
    advice = _TAKEN_FOR.get(meant) or f"Its content is kept as ordinary text.{hint}{choices}"
    reading.find(token.meta["name"], "ST118", f"there is no directive `{token.info}`", advice)
    return meant


_CALLOUTS = frozenset(
    "note tip info important warning caution danger admonition details hint success quote abstract".split()
)
"""The names that other programs use for callouts."""
_TAKEN_FOR = {
    ONLY: "Did you mean `only`? To be safe, it is read as one.",
    PAYWALL: "Did you mean `paywall`? To be safe, it is read as one: everything below it is for paying readers.",
    "paid": "To be safe, only paying readers get its content. If you want that, write `::: only paid`.",
}


def open_directive(token: Token, reading: ReadingState, *, name: str, flat: bool) -> DirectiveFrame:
    """The directive that a line opens; `flat` if directives are nested too deep to keep another."""
    argument = read_inlines(token.content, token.meta["source_map"], reading)
    if name == "paid":
        name, argument = ONLY, (Text("paid"),)
    if flat:
        reading.too_deep(token.meta["name"])
    span = token.meta["source_map"].span(0, len(token.content))
    lines = token.meta["given"]
    given = [(one, read_inlines(one.value, reading.source.map_from(one.start), reading)) for one in lines]
    return DirectiveFrame(token, name, argument, span, given, bool(name) and not flat)


def wall(token: Token, reading: ReadingState, *, inside: bool) -> Directive:
    """`::: paywall`: a single line without content."""
    span = line_of(token, reading)
    if reading.paywall is not None:
        message = f"there is already a paywall in line {reading.paywall.line}"
        reading.find(span, "ST141", message, "Remove one of them: everything below the first is for paying readers.")
    elif inside:
        reading.find(span, "ST141", "the paywall is inside a list, a quotation or another directive", _PUT_IT)
    reading.paywall = reading.paywall or span
    _note_opened(PAYWALL, "", span.start, len(reading.source.text), token, reading)
    argument = read_inlines(token.content, token.meta["source_map"], reading)
    return Directive(PAYWALL, argument, span=span, name_span=token.meta["name"])


def alone(token: Token, name: str, reading: ReadingState) -> Directive:
    """A directive without content."""
    span = line_of(token, reading)
    _note_opened(name, "", span.start, span.end, token, reading)
    argument = read_inlines(token.content, token.meta["source_map"], reading)
    return Directive(name, argument, span=span, name_span=token.meta["name"])


def _note_opened(name: str, argument: str, start: int, end: int, token: Token, reading: ReadingState) -> None:
    span = reading.source.span(start, max(end, token.meta["end"]))
    reading.opened.append(OpenedDirective(name, argument, span, token.meta["name"]))


_PUT_IT = (
    "Everything below it, to the end of the issue, is for paying readers. Write it on its own, between two paragraphs, "
    "or put `::: only paid` around a part."
)


def matching_frame(frames: Sequence[DirectiveFrame], markup: str) -> int | None:
    """The open directive that a closing line ends: the innermost with the same number of colons, else with fewer."""
    lengths = [len(frame.token.markup) for frame in frames]
    exact = [index for index, length in enumerate(lengths) if length == len(markup)]
    shorter = [index for index, length in enumerate(lengths) if length < len(markup)]
    return exact[-1] if exact else shorter[-1] if shorter else None


def stray_close(token: Token, reading: ReadingState) -> None:
    """Reports ST120."""
    advice = "Remove the line, or open the directive above it with `::: name`."
    if reading.paywall is not None:
        advice = "A paywall is not closed: everything below it is for paying readers. For a part of the text, write `::: only paid`."
    reading.find(line_of(token, reading), "ST120", "this closes a directive, but none is open here", advice)


def close_directive(frame: DirectiveFrame, end: int, *, closed: bool, cut: bool, reading: ReadingState) -> list[Block]:
    """The finished directive; only its blocks if its name is unknown.

    An unclosed directive was `cut` if it is in a list item, a quotation or a footnote that ended. In a closed
    directive, the closing line may have been meant for an inner one. Text for paying readers may continue after it, so
    everything after it is for them, too.
    """
    token = frame.token
    where = line_of(token, reading)
    readers = plain_text(frame.argument) if frame.name == ONLY else ""
    held = cut and frame.name == ONLY and limit_from(plain_text(frame.argument)).named == {"paid"}
    far = len(reading.source.text) if held else end
    _note_opened(frame.name if frame.kept else "", readers, token.meta["start"], far, token, reading)
    if not closed and frame.kept:
        how_far = (
            "To be safe, it continues to the end of the issue"
            if held
            else "It continues to the end of the block around it"
        )
        advice = f"{how_far}. Write `:::` on a line of its own after its last block."
        reading.find(where, "ST119", f"the directive `{token.info}` is never closed", advice)
    if not frame.kept:
        argument = [Paragraph(frame.argument, frame.argument_span)] if frame.argument else []
        return [*argument, *_as_paragraphs(frame, reading), *frame.blocks]
    directive = _with_fields(frame, reading.source.span(token.meta["start"], end), reading)
    if directive.name == "quote-card" and directive.blocks:
        directive = _as_quotation(directive, reading)
    if directive.name == ONLY:
        if token.info == ONLY:
            _note_unknown(directive, where, reading)
    elif missing := _missing(directive):
        reading.find(where, "ST122", *missing)
    return [directive, Directive(PAYWALL, span=where)] if held else [directive]


def _with_fields(frame: DirectiveFrame, span: Span, reading: ReadingState) -> Directive:
    """The directive with its fields.

    Values with more than plain text, and values of other keys, become facts.
    """
    fields, spans, facts = {}, {}, []
    known = FIELDS.get(frame.name, ())
    for one, inlines in frame.given:
        place = reading.source.span(one.start, one.end)
        own = one.key not in known or one.key in spans
        if own:
            _note_slip(one, frame.name, reading)
        if own and frame.name != EVENT:
            continue  # a typo or a duplicate, already reported
        if WORDED.get(frame.name) == one.key:
            facts.append(Fact(one.key, inlines, place))
        elif own or (frame.name == EVENT and not all(isinstance(inline, Text) for inline in inlines)):
            facts.append(Fact(one.key if own else "", inlines, place))
        else:
            fields[one.key] = plain_text(inlines, placeholder).strip()
        if not own:
            spans[one.key] = place
    blocks = tuple(frame.blocks)
    name = frame.token.meta["name"]
    return Directive(frame.name, frame.argument, fields, spans, blocks, span, name, tuple(facts))


def _as_quotation(card: Directive, reading: ReadingState) -> Directive:
    """A quote card that contains one quotation.

    Its source comes after a dash below it, or after the name of the card.
    """
    first = card.blocks[0]
    if isinstance(first, Quotation) and len(card.blocks) == 1:
        quotation = first
    else:
        quotation = with_attribution(Quotation(card.blocks, (), card.span), reading.source)
    if card.argument and not quotation.attribution:
        return replace(card, argument=(), blocks=(replace(quotation, attribution=card.argument),))
    return replace(card, blocks=(quotation,))


def _as_paragraphs(frame: DirectiveFrame, reading: ReadingState) -> Iterator[Paragraph]:
    """The `key: value` lines of a directive that stays text."""
    for one, inlines in frame.given:
        span = reading.source.span(one.key_span.start, one.end)
        yield Paragraph((Text(f"{one.key}: ", one.key_span), *inlines), span)


def _note_slip(one: _Given, name: str, reading: ReadingState) -> None:
    """Reports ST151 for a typo of a known key; ST181 if readers do not get the line."""
    meant = _slip_of(one.key, FIELDS.get(name, ()), name)
    if name != EVENT:
        again = f"`{one.key}` is repeated"
        message = again if meant == one.key else f"the {name} has no `{one.key}`"
        advice = "Remove one of the lines." if meant == one.key else f"Did you mean `{meant}`?"
        reading.find(one.key_span, "ST181", message, f"{advice} Until then this line is left out.")
    elif meant and meant != one.key:
        advice = f"Did you mean `{meant}`? As it is, readers see the line with its key."
        reading.find(one.key_span, "ST151", f"the {name} has no `{one.key}`", advice, severity=Severity.WARNING)


_LONGEST_SLIP = 9
_SLIP = 0.8
"""The least similarity (difflib's ratio) of a typo to a known key: `price` is not a typo of `place`."""
_BEFORE_TEXT = frozenset({"audio", "video"})
"""Their text may begin with such a line: `Time: noon` is no typo of `type`, but `tpye`, with swapped letters, is."""
_SETTING_SLIP = 0.7
"""The least likeness of a typo in a key if no other keys are allowed: `tpye` for `type`."""


def _note_unknown(only: Directive, where: Span, reading: ReadingState) -> None:
    """Reports ST140 for an unknown or missing name."""
    limit = limit_from(plain_text(only.argument))
    if limit.outputs or limit.audiences or limit.unknown:
        for word in limit.unknown[:1]:
            meant = meant_name(word)
            hint = f"Did you mean `{meant}`?" if meant else f"Write one or more of {', '.join(READERS)}."
            message = f"`{word}` is not a known reader or output"
            reading.find(where, "ST140", message, f"{hint} Until then only paying readers get this.")
    else:
        message = "`only` does not name any readers"
        advice = f"Write one or more of {', '.join(READERS)} after it. Until then only paying readers get this."
        reading.find(where, "ST140", message, advice)


def _missing(directive: Directive) -> tuple[str, str] | None:
    """The message for what a directive lacks, and the fix."""
    name = directive.name
    if name in ("button", "audio", "video", "post", "embed") and not any(True for _ in links_in((directive,))):
        return f"the {name} has no link", f"Write `::: {name} [What it says](address)`."
    if name == "poll" and not any(True for _ in links_in(directive.blocks)):
        return "the poll has no answers", "Write each answer as a list entry that is a link: `- [Answer](address)`."
    if name == "event" and not directive.argument and not directive.blocks:
        return "the event has no name", "Write `::: event [Its name](address)`."
    return None
