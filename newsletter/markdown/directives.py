"""Directives: what `::: name` opens and `:::` closes, once the blocks between are known."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.editions import NAMES as READERS
from newsletter.editions import ONLY, PAYWALL, limit_from, meant_directive, meant_name
from newsletter.markdown.blocks import too_deep
from newsletter.markdown.context import did_you_mean
from newsletter.markdown.inline import read_inlines
from newsletter.model import Directive, Paragraph, Text
from newsletter.records import dataclass
from newsletter.walk import links_in, plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from newsletter.markdown.context import Context
    from newsletter.model import Block, Inline, Span

NAMES = ("button", "callout", "event", "audio", "video", "post", "poll", ONLY, PAYWALL)
EDITIONS = READERS
"""What `::: only` may name."""


@dataclass(slots=True)
class DirectiveFrame:
    """A directive that is open while its blocks are gathered."""

    token: Token
    name: str
    """Empty where it is unknown, so that its blocks stand by themselves."""
    argument: tuple[Inline, ...]
    argument_span: Span
    kept: bool
    """Whether it becomes a Directive."""
    blocks: list[Block] = field(default_factory=list)

    @property
    def names_readers(self) -> bool:
        """Whether it is an `only` for some readers."""
        return self.name == ONLY and self.kept and bool(limit_from(plain_text(self.argument)).named)


def directive_name(token: Token, context: Context) -> str:
    """The name of the directive that a line opens; "" for one that there is not, which is noted down.

    What looks as if it were to hold something back does so, however it is misspelt; "paid" is an `only paid` then.
    """
    if token.info in NAMES:
        return token.info
    meant = meant_directive(token.info, token.content)
    context.find(
        context.source.span(*token.meta["name"]),
        "ST118",
        f"there is no directive called `{token.info}`",
        _TAKEN_FOR.get(meant)
        or f"What it holds is kept as ordinary text.{did_you_mean(token.info, NAMES)} There are {', '.join(NAMES)}.",
    )
    return meant


_TAKEN_FOR = {
    ONLY: "Did you mean `only`? To be safe, it is read as that.",
    PAYWALL: "Did you mean `paywall`? To be safe, it is read as that: all below it is for paying readers.",
    "paid": "To be safe, only paying readers get what it holds. Write `::: only paid`, if that is meant.",
}


def open_directive(token: Token, context: Context, *, name: str, flat: bool) -> DirectiveFrame:
    """The directive that a line opens; `flat` where directives are nested too deep to keep another."""
    places = token.meta["places"]
    span = context.span(places, 0, len(token.content))
    argument = read_inlines(token.content, places, context)
    if name == "paid":
        name, argument = ONLY, (Text("paid"),)
    if flat:
        too_deep(context, context.source.span(*token.meta["name"]))
    return DirectiveFrame(token, name, argument, span, bool(name) and not flat)


def wall(token: Token, context: Context, *, inside: bool) -> Directive:
    """`::: paywall`: a line by itself, with nothing in it."""
    span = context.source.span(token.meta["start"], token.meta["end"])
    if context.paywall is not None:
        message = f"there is a paywall already, in line {context.paywall.line}"
        context.find(span, "ST141", message, "Take one of them out: all below the first is for paying readers.")
    elif inside:
        context.find(span, "ST141", "the paywall stands in a list, a quotation or another directive", _PUT_IT)
    context.paywall = context.paywall or span
    argument = read_inlines(token.content, token.meta["places"], context)
    return Directive(PAYWALL, argument, span=span, name_span=context.source.span(*token.meta["name"]))


_PUT_IT = (
    "All below it, to the end of the letter, is for paying readers. Write it by itself, between two paragraphs; "
    "or `::: only paid` around a part."
)


def matching_frame(frames: Sequence[DirectiveFrame], markup: str) -> int | None:
    """Which open directive a closing line ends: the innermost one opened by as many colons, else by fewer."""
    lengths = [len(frame.token.markup) for frame in frames]
    exact = [index for index, length in enumerate(lengths) if length == len(markup)]
    shorter = [index for index, length in enumerate(lengths) if length < len(markup)]
    return exact[-1] if exact else shorter[-1] if shorter else None


def stray_close(token: Token, context: Context) -> None:
    """Notes down ST120."""
    mend = "Take the line away, or open the directive above it with `::: name`."
    if context.paywall is not None:
        mend = "A paywall is never closed: all below it is for paying readers. For a part of it, write `::: only paid`."
    context.find(
        context.source.span(token.meta["start"], token.meta["end"]),
        "ST120",
        "this closes a directive, but none is open here",
        mend,
    )


def close_directive(frame: DirectiveFrame, end: int, *, closed: bool, cut: bool, context: Context) -> list[Block]:
    """The finished directive; the bare blocks where its name is unknown.

    One that was not closed was `cut` where it stands in a list item, a quotation or a footnote that ended; one that was, where
    the line that closes it may have been meant for what stands in it. What was meant to be for paying readers may go on
    behind it: so all that follows is for them, too.
    """
    token = frame.token
    where = context.source.span(token.meta["start"], token.meta["end"])
    held = cut and frame.name == ONLY and limit_from(plain_text(frame.argument)).named == {"paid"}
    if not closed and frame.kept:
        how_far = (
            "To be safe, it goes on to the end of the letter" if held else "It goes on to the end of what it stands in"
        )
        mend = f"{how_far}. Write `:::` on a line of its own behind its last block."
        context.find(where, "ST119", f"the directive `{token.info}` is never closed", mend)
    if not frame.kept:
        argument = [Paragraph(frame.argument, frame.argument_span)] if frame.argument else []
        return [*argument, *frame.blocks]
    directive = Directive(
        frame.name,
        frame.argument,
        token.meta["fields"],
        {key: context.source.span(*place) for key, place in token.meta["spans"].items()},
        tuple(frame.blocks),
        context.source.span(token.meta["start"], end),
        context.source.span(*token.meta["name"]),
    )
    if directive.name == ONLY:
        if token.info == ONLY:
            _note_unknown(directive, where, context)
    elif missing := _missing(directive):
        context.find(where, "ST122", *missing)
    return [directive, Directive(PAYWALL, span=where)] if held else [directive]


def _note_unknown(only: Directive, where: Span, context: Context) -> None:
    """Notes down ST140, for a name that nobody has, or none."""
    limit = limit_from(plain_text(only.argument))
    if limit.outputs or limit.audiences or limit.unknown:
        for word in limit.unknown[:1]:
            meant = meant_name(word)
            hint = f"Did you mean `{meant}`?" if meant else f"Write one or more of {', '.join(READERS)}."
            message = f"`{word}` is neither a reader nor an output of the letter"
            context.find(where, "ST140", message, f"{hint} Until then only paying readers get this.")
    else:
        message = "`only` does not say for whom"
        mend = f"Write one or more of {', '.join(READERS)} behind it. Until then only paying readers get this."
        context.find(where, "ST140", message, mend)


def _missing(directive: Directive) -> tuple[str, str] | None:
    """What a directive lacks, and the mend."""
    name = directive.name
    if name in ("button", "audio", "video", "post") and not any(True for _ in links_in((directive,))):
        return f"the {name} has no link", f"Write `::: {name} [What it says](address)`."
    if name == "poll" and not any(True for _ in links_in(directive.blocks)):
        return "the poll has no answers", "Write each answer as a list entry that is a link: `- [Answer](address)`."
    if name == "event" and not directive.argument and not directive.blocks:
        return "the event has no name", "Write `::: event [Its name](address)`."
    return None
