"""The rules about structure that go beyond one section: sets of sections, levels, first and last, and how items are written."""

from __future__ import annotations

from newsletter.check.rules.structure import counts, items, misplaced, sections

STRUCTURE = (
    sections.missing_of_set,
    misplaced.wrong_level,
    sections.first_and_last,
    items.item_length,
    items.full_stop,
    items.link_kind,
    counts.passage,
    items.bold_title,
)
