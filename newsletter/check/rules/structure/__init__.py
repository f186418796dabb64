"""The rules about structure that go beyond one section: sets of sections, levels, first and last, and how items are written."""

from __future__ import annotations

from newsletter.check.base import Rule
from newsletter.check.rules.structure import counts, items, misplaced, sections

STRUCTURE = (
    Rule("ST132", "section-set", "Some sections of a set are there", "structure", sections.missing_of_set, gap=True),
    Rule(
        "ST133",
        "wrong-level",
        "Headings of sections are at the sections' level",
        "structure",
        misplaced.wrong_level,
        fixable=True,
    ),
    Rule("ST134", "first-or-last", "Sections come first or last as asked", "structure", sections.first_and_last),
    Rule("ST135", "item-length", "Titles and items have as many characters as asked", "text", items.item_length),
    Rule(
        "ST136",
        "full-stop",
        "Items end in a full stop, or in none, as asked",
        "text",
        items.full_stop,
        fixable=True,
    ),
    Rule("ST137", "link-kind", "Titles lead to the kind of place asked for", "structure", items.link_kind),
    Rule("ST138", "passage", "What each issue says is said as often as asked", "text", counts.passage, gap=True),
    Rule("ST139", "bold-title", "Titles are in bold, or not, as asked", "structure", items.bold_title),
)
