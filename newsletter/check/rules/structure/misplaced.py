"""ST133: headings at the wrong level: they have the words of a section, but open none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rule import rule
from newsletter.diagnostics import Edit, Fix
from newsletter.house.headings import fits, fold, is_fixed
from newsletter.model import Heading
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.model import Block, Inline, Issue


def find_misplaced(
    issue: Issue, house: HouseFormat, matched: Sequence[SectionFormat | None], language: Language
) -> dict[int, SectionFormat]:
    """Headings that would be those of absent sections, were they at the sections' level: by offset, which section.

    Only fixed headings are looked for, and only of sections that nothing else in the issue is.
    """
    present = {wanted.key for wanted in matched if wanted is not None}
    absent = [wanted for wanted in house.sections if wanted.key not in present and any(map(is_fixed, wanted.headings))]
    found: dict[int, SectionFormat] = {}
    for start, inlines in _headings(issue) if absent else ():
        heading = fold(plain_text(inlines))
        for wanted in absent:
            fixed = (pattern for pattern in wanted.headings if is_fixed(pattern))
            if any(fits(heading, pattern, language, forgiving=True) for pattern in fixed):
                found[start] = wanted
                absent.remove(wanted)
                break
    return found


def _headings(issue: Issue) -> Iterator[tuple[int, tuple[Inline, ...]]]:
    """Every heading that opens no section, by where its line begins, in the order of the text."""
    yield from _in_blocks(issue.opening)
    for section in issue.sections:
        yield from _in_blocks(section.blocks)
        for item in section.items:
            yield item.span.start, item.title
            yield from _in_blocks(item.blocks)


def _in_blocks(blocks: Sequence[Block]) -> Iterator[tuple[int, tuple[Inline, ...]]]:
    return ((block.span.start, block.inlines) for block in blocks if isinstance(block, Heading))


@rule("ST133", "wrong-level", "Headings of sections are at the sections' level", "structure", fixable=True)
def wrong_level(context: CheckContext) -> Iterator[Diagnostic]:
    """ST133: a section's heading is at another level than sections are."""
    marks = "#" * context.house.reading.section_level
    for start in sorted(context.misplaced):
        end = _line_end(context.source.text, start)
        line = context.source.text[start:end].rstrip()
        written = line[: len(line) - len(line.lstrip("#"))]
        yield context.found(
            "ST133",
            context.span(start, start + len(line)),
            f"a section's heading is written as one of level {len(written) or 1}",
            label=f"{context.asker} opens sections with `{marks}`",
            fix=_fix(context, start, written, marks) if written else None,
            about=("sections",),
        )


def _fix(context: CheckContext, start: int, written: str, marks: str) -> Fix:
    edit = Edit(context.span(start, start + len(written)), marks)
    return Fix((edit,), f"open the section with {marks}")


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
