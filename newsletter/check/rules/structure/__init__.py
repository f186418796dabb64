"""The rules about structure, in the order of their codes."""

from __future__ import annotations

from newsletter.check.rule import WARNING, Rule
from newsletter.check.rules.structure import (
    blocks,
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


def _read(
    code: str,
    name: str,
    summary: str,
    severity: Severity = Severity.ERROR,
    *,
    keys: tuple[str, ...] = (),
    settings: tuple[str, ...] = (),
) -> Rule:
    """A rule whose findings are made while the issue is read, not by a function."""
    return Rule(code, name, summary, "text", severity=severity, keys=keys, settings=settings)


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
    _read("ST116", "raw-html", "The text has no raw HTML, unless the house format allows it", keys=("allow_html",)),
    _read("ST117", "type-parameter", "Text that only looks like HTML, such as `Vec<T>`, is in code", WARNING),
    _read("ST118", "unknown-directive", "Each directive exists"),
    _read("ST119", "unclosed-directive", "Each directive is closed"),
    _read("ST120", "stray-closing", "Each closing `:::` belongs to a directive"),
    _read(
        "ST121", "unknown-personal-field", "The publication knows each personal field", WARNING, settings=("fields",)
    ),
    _read("ST122", "incomplete-directive", "Each directive has what it needs"),
    leftovers.never_word,
    headings.nearly_matching,
    items.item_picture,
    _read("ST126", "unclosed-comment", "Each comment is closed"),
    _read("ST127", "too-deep", "Lists and quotations are not nested too deeply"),
    leftovers.useless_ignore,
    _read("ST129", "unused-footnote", "The text refers to each footnote, and each has its own label", WARNING),
    _read("ST130", "undefined-footnote", "Each footnote that the text refers to exists", WARNING),
    _read("ST131", "surplus-cells", "No row of a table has more cells than its header"),
    sections.missing_of_set,
    headings.wrong_level,
    sections.first_and_last,
    items.item_length,
    items.full_stop,
    items.link_kind,
    counts.passage,
    items.bold_title,
    _read("ST140", "unknown-reader", "`only` names readers and outputs that exist"),
    _read("ST141", "paywall-place", "The paywall is on a line of its own, once"),
    editions.lost_place,
    editions.for_nobody,
    held.half_a_fence,
    editions.given_to_all,
    _read("ST149", "too-much", "The issue is small enough to read in seconds"),
    events.event_date,
    _read("ST151", "misspelt-fact", "No key under an event is misspelt", WARNING),
    contents.written_contents,
    headings.text_made_heading,
    foreign.nested_comment,
    foreign.template_leftover,
    foreign.foreign_markup,
    foreign.dated_by_name,
    passages.begins_and_ends,
    quotations.unsourced_quotation,
    items.title_tag,
    blocks.block_content,
    blocks.block_setting,
    blocks.chart_figure,
    blocks.sponsor,
    blocks.wanted_block,
    blocks.unmeasured_recording,
    fields.foreign_tag,
    fields.field_without_address,
)

_OF_SNIPPETS = (leftovers.leftover_hint, leftovers.never_word, leftovers.useless_ignore)
OF_SNIPPETS = frozenset(rule.code for rule in _OF_SNIPPETS)
"""The codes of the rules that also check snippets: for text that must never reach a reader."""
