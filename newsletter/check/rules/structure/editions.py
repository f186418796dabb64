"""The rules about who gets what: `::: only`, and the paywall."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from newsletter.check.rule import WARNING, rule
from newsletter.check.wording import quoted
from newsletter.editions import (
    ONLY,
    OUTPUTS,
    PAYWALL,
    Readers,
    edition_of,
    for_readers,
    has_limits,
    is_for_some_readers,
    limit_of,
)
from newsletter.house.match import limits_of
from newsletter.late import late
from newsletter.model import Directive
from newsletter.walk import blocks_text, children, count_words, top_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.editions import Limit
    from newsletter.model import Block, Issue, Span

_EVERYBODY = (*(Readers(output=output) for output in OUTPUTS), Readers(paid=True, output="email"))
"""One of each kind of reader whose text may differ."""
_CALLED = {"email": "the email", "text": "the plain text", "web": "the web page"}
_ENDS = late(r"(?<=[.!?…])\s+|(?<=[。！？])|\n")
_FEWEST_WORDS = 6
"""A sentence of at least this many words is hardly the same in two places by chance."""


def _limits(context: CheckContext) -> tuple[Limit | None, ...]:
    return limits_of(context.issue, context.matched)


@rule("ST142", "lost-place", "Links within the letter lead to text that their readers get", "links", severity=WARNING)
def lost_place(context: CheckContext) -> Iterator[Diagnostic]:
    """ST142: a link leads to a heading, or a number to a footnote, that some of its readers do not get."""
    issue, limits = context.issue, _limits(context)
    inside = issue.footnotes or any(use.href.startswith("#") for use in context.links)
    if not has_limits(issue, limits) or not inside:
        return
    lost: dict[int, tuple[str, str, Span, list[Readers]]] = {}
    for readers in (one for one in _EVERYBODY if one.output != "feed"):
        edition = edition_of(issue, readers, limits)
        for link in edition.lost:
            span = link.href_span if link.href_span.end else link.span
            finding = f"the place that {quoted(link.href)} leads to", "there, this is text without a link"
            lost.setdefault(link.span.start, (*finding, span, []))[3].append(readers)
        for mark in edition.unnoted:
            finding = f"the footnote `[^{mark.label}]`", "there, this is left out; write the note outside of `only`"
            lost.setdefault(mark.span.start, (*finding, mark.span, []))[3].append(readers)
    for _, (what, label, span, whose) in sorted(lost.items()):
        yield context.found("ST142", span, f"{what} is not in {_letters(whose)}", label=label)


def _letters(whose: Sequence[Readers]) -> str:
    if all(not readers.paid for readers in whose) and len(whose) == len(_CALLED):
        return "the free edition"
    return " and ".join(dict.fromkeys(_CALLED[readers.output] for readers in whose))


@rule("ST143", "for-nobody", "Each `only` has readers", "text", severity=WARNING)
def for_nobody(context: CheckContext) -> Iterator[Diagnostic]:
    """ST143: a block that no reader gets."""
    if not has_limits(context.issue):
        return
    seen: set[int] = set()
    for directive, readers in _Reach().of_issue(context.issue):
        if readers or directive.name_span.start in seen:
            continue
        seen.add(directive.name_span.start)
        span = context.span(directive.name_span.start, context.line_end(directive.name_span.start))
        limit = limit_of(directive)
        public = limit.named == {"paid"} and limit.outputs and limit.outputs <= {"web", "feed"}
        yield context.found(
            "ST143",
            span,
            "no reader gets this",
            label="the web page and the feeds are for everybody"
            if public
            else "the part around it is for other readers",
            advice="Write `only paid` for the email of paying readers." if public else "",
        )


class _Reach:
    """The readers of each `only` in an issue."""

    def __init__(self) -> None:
        self._walled = False

    def of_issue(self, issue: Issue) -> Iterator[tuple[Directive, tuple[Readers, ...]]]:
        """The `only` directives with known names, and their readers, outermost first.

        Content of one without readers is skipped.
        """
        yield from self._of(issue.opening, _EVERYBODY, named=False)
        for section in issue.sections:
            yield from self._of(section.blocks, _EVERYBODY, named=False)
            for item in section.items:
                yield from self._of(item.blocks, _EVERYBODY, named=False)

    def _of(
        self, blocks: Sequence[Block], readers: tuple[Readers, ...], *, named: bool
    ) -> Iterator[tuple[Directive, tuple[Readers, ...]]]:
        for block in blocks:
            inner, by_name = readers, named
            if isinstance(block, Directive) and block.name == PAYWALL:
                self._walled = True
            elif isinstance(block, Directive) and block.name == ONLY:
                limit = limit_of(block)
                by_name = named or bool(limit.named)
                inner = tuple(one for one in readers if limit.admits(one) and (by_name or one.pay or not self._walled))
                if limit.unknown or not (limit.outputs or limit.audiences):
                    continue
                yield block, inner
            if inner:
                yield from self._of(children(block), inner, named=by_name)


@rule(
    "ST145",
    "told-to-all",
    "Public text does not repeat text for paying readers",
    "front matter",
    severity=WARNING,
)
def given_to_all(context: CheckContext) -> Iterator[Diagnostic]:
    """ST145: a field that everybody sees, such as title or summary, repeats a sentence for paying readers only."""
    issue, limits = context.issue, _limits(context)
    if not is_for_some_readers(issue, limits):
        return
    held = _sentences(issue) - _sentences(for_readers(issue, paid=False, limits=limits))
    if not held:
        return
    cover = issue.cover
    fields = {key: getattr(issue, key) for key in ("title", "subtitle", "subject", "preheader", "summary")}
    shown: list[tuple[tuple[str, ...], str]] = [((key,), text) for key, text in fields.items()]
    shown += [(("cover", key), getattr(cover, key)) for key in ("alt", "caption", "credit")] if cover else []
    for path, text in shown:
        plain = _plain(text)
        repeated = next((sentence for sentence in sorted(held) if sentence in plain), None)
        if repeated:
            yield context.found(
                "ST145",
                issue.front.where(*path),
                f"`{'.'.join(path)}` shows everybody what is only for paying readers",
                label=f"{quoted(repeated)} is in a part for them",
            )


def _sentences(issue: Issue) -> frozenset[str]:
    blocks = (*issue.opening, *chain.from_iterable(map(top_blocks, issue.sections)))
    sentences = (_plain(sentence) for sentence in _ENDS.split(blocks_text(blocks)))
    return frozenset(sentence for sentence in sentences if count_words(sentence) >= _FEWEST_WORDS)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".。")
