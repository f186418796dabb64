"""What all forms of a report share: how it is to be shown, and where a finding ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Span


def _as_it_is(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True)
class Display:
    """How findings are shown. Nothing of it changes what is said."""

    colour: bool = False
    columns: int = 0
    """Of the terminal, to which long lines are fitted; 0: there is none."""
    path: Callable[[str], str] = _as_it_is
    """From a file, as a finding has it, to how whoever reads the report finds it: from where a person stands, or from
    the root of the repository."""
    statistics: bool = False
    """Whether the counts by rule are asked for."""


def end_of(found: Diagnostic, text: str | None) -> tuple[int, int]:
    """Line and column behind the last character; without the text, a finding is taken to be on one line."""
    return end_of_span(found.span, text)


def end_of_span(span: Span, text: str | None) -> tuple[int, int]:
    """As `end_of`, for any place in `text`."""
    within = (text or "")[span.start : span.end]
    breaks = within.count("\n")
    if breaks:
        return span.line + breaks, len(within) - within.rfind("\n")
    return span.line, span.column + max(span.end - span.start, 0)
