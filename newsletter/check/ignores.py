"""Comments that ignore findings: `<!-- check: ignore ST104 -->` for one spot, `ignore-file` for the whole file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.late import late
from newsletter.records import dataclass
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Issue, Note, Span

_COMMAND = late(r"check:\s*(?P<word>\S*)\s*(?P<rest>.*)", re.DOTALL)
_CODE = late(r"[A-Z]{2}\d{0,3}", re.IGNORECASE)
_TO_THE_END = 1 << 60


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """What a comment that begins with `check:` says."""

    word: str
    """`ignore`, `ignore-file`, or what was written in their place."""
    codes: tuple[str, ...]
    """As written; a reason may follow them."""
    note: Note

    @property
    def understood(self) -> bool:
        """Whether it is one of the two words that exist."""
        return self.word in {"ignore", "ignore-file"}


@dataclass(frozen=True, slots=True)
class IgnoredPlace:
    """Where findings of which codes do not count."""

    prefixes: tuple[str, ...]
    start: int
    end: int
    line: int = 0
    """Findings on this line do not count either, also before `start`."""

    def covers(self, found: Diagnostic) -> bool:
        """Whether `found` is one that does not count."""
        here = self.start <= found.span.start <= self.end or found.span.line == self.line
        return here and found.code.startswith(self.prefixes)


def ignore_comments(issue: Issue) -> Iterator[IgnoreComment]:
    """The comments of `issue` that begin with `check:`, in order."""
    for note in issue.notes:
        match = _COMMAND.match(note.text)
        if match:
            yield IgnoreComment(match["word"], _leading_codes(match["rest"]), note)


def ignored_places(issue: Issue) -> tuple[IgnoredPlace, ...]:
    """Where the comments of `issue` take effect.

    `ignore` holds for the line that the comment stands on and, where it stands there alone, for the block after it.
    """
    comments = [comment for comment in ignore_comments(issue) if comment.understood and comment.codes]
    if not comments:
        return ()
    stretches = sorted(_stretches(issue))
    return tuple(_place(comment, stretches) for comment in comments)


def _place(comment: IgnoreComment, stretches: list[tuple[int, int, bool]]) -> IgnoredPlace:
    prefixes = tuple(code.upper() for code in comment.codes)
    span = comment.note.span
    if comment.word == "ignore-file":
        return IgnoredPlace(prefixes, 0, _TO_THE_END)
    within = any(leaf and start <= span.start <= end for start, end, leaf in stretches)
    return IgnoredPlace(prefixes, span.start, span.end if within else _end_of_next(span, stretches), span.line)


def _end_of_next(span: Span, stretches: list[tuple[int, int, bool]]) -> int:
    following = [(start, -end) for start, end, _ in stretches if start >= span.end]
    return -min(following)[1] if following else _TO_THE_END


def _stretches(issue: Issue) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether text stands in it directly, of each block and heading."""
    for section in issue.sections:
        yield section.title_span.start, section.title_span.end, True
        for item in section.items:
            yield item.title_span.start, item.title_span.end, True
    for block in walk_blocks(issue):
        leaf = type(block).__name__ not in {"List", "Quotation", "Directive"}
        yield block.span.start, block.span.end, leaf


def _leading_codes(text: str) -> tuple[str, ...]:
    """What is listed: all up to a colon, or to the first word that neither follows a comma nor looks like a code."""
    codes: list[str] = []
    listed = True
    for word in text.replace(",", ", ").split():
        if not listed and not _CODE.fullmatch(word.rstrip(",:.")):
            break
        listed = word.endswith(",")
        if word.strip(",:."):
            codes.append(word.strip(",:."))
        if word.endswith(":"):
            break
    return tuple(codes)
