"""Directives: what `::: name` opens and `:::` closes, once the blocks between are known."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.issue.blocks import too_deep
from newsletter.issue.context import did_you_mean
from newsletter.issue.inline import read_inlines
from newsletter.model import Directive, Paragraph
from newsletter.records import dataclass
from newsletter.walk import links_in, plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from newsletter.issue.context import Context
    from newsletter.model import Block, Inline, Span

NAMES = ("button", "callout", "event", "audio", "poll", "only")
EDITIONS = ("email", "web", "text", "feed", "paid")
"""What `::: only` may name."""


@dataclass(slots=True)
class DirectiveFrame:
    """A directive that is open while its blocks are gathered."""

    token: Token
    argument: tuple[Inline, ...]
    argument_span: Span
    kept: bool
    """Whether it becomes a Directive; its blocks stand by themselves where its name is unknown."""
    blocks: list[Block] = field(default_factory=list)


def open_directive(token: Token, context: Context, *, flat: bool) -> DirectiveFrame:
    """The directive that a line opens; `flat` where directives are nested too deep to keep another."""
    places = token.meta["places"]
    span = context.span(places, 0, len(token.content))
    if token.info not in NAMES:
        context.find(
            context.source.span(*token.meta["name"]),
            "ST118",
            f"there is no directive called `{token.info}`",
            f"What it holds is kept as ordinary text.{did_you_mean(token.info, NAMES)} There are {', '.join(NAMES)}.",
        )
    if flat:
        too_deep(context, context.source.span(*token.meta["name"]))
    return DirectiveFrame(token, read_inlines(token.content, places, context), span, token.info in NAMES and not flat)


def matching_frame(frames: Sequence[DirectiveFrame], markup: str) -> int | None:
    """Which open directive a closing line ends: the innermost one opened by as many colons, else by fewer."""
    lengths = [len(frame.token.markup) for frame in frames]
    exact = [index for index, length in enumerate(lengths) if length == len(markup)]
    shorter = [index for index, length in enumerate(lengths) if length < len(markup)]
    return exact[-1] if exact else shorter[-1] if shorter else None


def stray_close(token: Token, context: Context) -> None:
    """Notes down ST120."""
    context.find(
        context.source.span(token.meta["start"], token.meta["end"]),
        "ST120",
        "this closes a directive, but none is open here",
        "Take the line away, or open the directive above it with `::: name`.",
    )


def close_directive(frame: DirectiveFrame, end: int, *, closed: bool, context: Context) -> list[Block]:
    """The finished directive; the bare blocks where its name is unknown."""
    token = frame.token
    where = context.source.span(token.meta["start"], token.meta["end"])
    if not closed and frame.kept:
        context.find(
            where,
            "ST119",
            f"the directive `{token.info}` is never closed",
            "It goes on to the end of what it stands in. Write `:::` on a line of its own behind its last block.",
        )
    if not frame.kept:
        argument = [Paragraph(frame.argument, frame.argument_span)] if frame.argument else []
        return [*argument, *frame.blocks]
    directive = Directive(
        token.info,
        frame.argument,
        token.meta["fields"],
        {key: context.source.span(*place) for key, place in token.meta["spans"].items()},
        tuple(frame.blocks),
        context.source.span(token.meta["start"], end),
        context.source.span(*token.meta["name"]),
    )
    missing = _missing(directive)
    if missing:
        context.find(where, "ST122", *missing)
    return [directive]


def _missing(directive: Directive) -> tuple[str, str] | None:
    """What a directive lacks, and the mend."""
    name = directive.name
    if name in ("button", "audio") and not any(True for _ in links_in((directive,))):
        return f"the {name} has no link", f"Write `::: {name} [What it says](address)`."
    if name == "poll" and not any(True for _ in links_in(directive.blocks)):
        return "the poll has no answers", "Write each answer as a list entry that is a link: `- [Answer](address)`."
    if name == "event" and not directive.argument and not directive.blocks:
        return "the event has no name", "Write `::: event [Its name](address)`."
    if name == "only":
        words = [word for word in re.split(r"[\s,|]+", plain_text(directive.argument).lower()) if word]
        wrong = [word for word in words if word not in EDITIONS]
        if wrong or not words:
            problem = f"`{wrong[0]}` is nothing that a letter is made as" if wrong else "it does not say for whom it is"
            hint = did_you_mean(wrong[0], EDITIONS) if wrong else ""
            return problem, f"Write one or more of {', '.join(EDITIONS)} behind `only`.{hint}"
    return None
