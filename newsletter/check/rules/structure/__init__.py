"""The rules about structure, in the order of their codes."""

from __future__ import annotations

from newsletter.check.rule import WARNING, Rule
from newsletter.check.rules.structure import (
    contents,
    counts,
    editions,
    events,
    fields,
    foreign,
    headings,
    held,
    items,
    leftovers,
    passages,
    quotations,
    sections,
)
from newsletter.diagnostics import Severity


def _read(code: str, name: str, summary: str, severity: Severity = Severity.ERROR) -> Rule:
    """A rule whose findings are made while reading, before there is anything to check."""
    return Rule(code, name, summary, "text", severity=severity)


STRUCTURE: tuple[Rule, ...] = (
    sections.missing_section,
    sections.unknown_section,
    sections.repeated_section,
    items.unlinked_title,
    sections.out_of_order,
    sections.empty_section,
    items.item_count,
    counts.word_count,
    items.item_number,
    headings.title_in_body,
    headings.skipped_level,
    leftovers.leftover_hint,
    counts.figure_count,
    items.category,
    items.item_author,
    _read("ST116", "raw-html", "The text has no raw HTML, unless the house format allows it"),
    _read("ST117", "type-parameter", "What looks like HTML but is not, as `Vec<T>`, stands in code", WARNING),
    _read("ST118", "unknown-directive", "Each directive is one that exists"),
    _read("ST119", "unclosed-directive", "Each directive is closed"),
    _read("ST120", "stray-closing", "No `:::` closes what was never opened"),
    _read("ST121", "unknown-personal-field", "Each personal field is one that the publication knows", WARNING),
    _read("ST122", "incomplete-directive", "Each directive has what it needs"),
    leftovers.never_word,
    headings.nearly_matching,
    items.item_picture,
    _read("ST126", "unclosed-comment", "Each comment is closed"),
    _read("ST127", "too-deep", "Lists and quotations are not nested too deep to be read"),
    leftovers.useless_ignore,
    _read("ST129", "unused-footnote", "The text refers to each footnote, and each has a label of its own", WARNING),
    _read("ST130", "undefined-footnote", "Each footnote that the text refers to is there", WARNING),
    _read("ST131", "surplus-cells", "No row of a table has more cells than its head"),
    sections.missing_of_set,
    headings.wrong_level,
    sections.first_and_last,
    items.item_length,
    items.full_stop,
    items.link_kind,
    counts.passage,
    items.bold_title,
    _read("ST140", "unknown-reader", "`only` names readers and outputs that exist"),
    _read("ST141", "paywall-place", "The paywall stands by itself, once"),
    editions.lost_place,
    editions.for_nobody,
    held.half_a_fence,
    editions.told_to_all,
    _read("ST149", "too-much", "The issue is no larger than can be read in seconds"),
    events.event_date,
    _read("ST151", "misspelt-fact", "The keys of a directive's lines are not slips of those it knows", WARNING),
    contents.written_contents,
    headings.text_made_heading,
    foreign.nested_comment,
    foreign.template_leftover,
    foreign.foreign_markup,
    foreign.dated_by_name,
    passages.begins_and_ends,
    quotations.unsourced_quotation,
    items.title_tag,
    fields.foreign_tag,
    fields.field_without_address,
)
