"""TX: code that is opened and not closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.late import late
from newsletter.model import CodeBlock
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic


_BACKTICKS = late("`+")
_FENCE = late(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])?[ \t]*(`{3,}|~{3,})")


def stray_backtick(context: CheckContext) -> Iterator[Diagnostic]:
    """TX104: code that is opened and never closed."""
    prose = context.prose
    told = -1
    for match in _BACKTICKS.finditer(prose.text):
        index = prose.index_at(match.start())
        if prose.passages[index].field and prose.text_of(prose.passages[index]).count("`") % 2 == 0:
            continue  # front matter is no Markdown: its backticks are never code, and pairs of them are meant
        if index != told and prose.passages[index].prose and not prose.is_escaped(match.start()):
            told = index
            yield context.found(
                "TX104",
                prose.place(*match.span()),
                "a backtick that opens or closes no code",
                label="its other half is missing",
                mend="Close the code, or write \\` for a backtick that readers are to see.",
            )
    yield from _unclosed_fences(context)


def _unclosed_fences(context: CheckContext) -> Iterator[Diagnostic]:
    text = context.source.text
    for block in walk_blocks(context.issue) if "```" in text or "~~~" in text else ():
        if not isinstance(block, CodeBlock):
            continue
        written = text[block.span.start : block.span.end]
        fence = _FENCE.match(written)
        if not fence or block.text.lstrip().startswith(fence[1]):  # the latter is code by indentation
            continue
        closing = written.rstrip().rpartition("\n")[2].lstrip(" \t>").rstrip()
        if "\n" not in written.rstrip() or not (set(closing) == {fence[1][0]} and len(closing) >= len(fence[1])):
            place = context.span(block.span.start + fence.start(1), block.span.start + fence.end(1))
            yield context.found(
                "TX104", place, "the code that begins here is never closed", label=f"close it by a line of {fence[1]}"
            )
