"""All rules, in the order of their codes. A rule that is not here does not exist."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from newsletter.check.rule import Rule, rule
from newsletter.check.rules import front_matter, identity
from newsletter.check.rules.editions import EDITIONS
from newsletter.check.rules.email import EMAIL, EMAIL_CLIENTS
from newsletter.check.rules.figures import FIGURES
from newsletter.check.rules.history import HISTORY
from newsletter.check.rules.links import LINKS
from newsletter.check.rules.reading import CONFIGURATION, FRONT_MATTER, TEXT
from newsletter.check.rules.structure import STRUCTURE, counts, items, sections
from newsletter.check.rules.text import PROSE, leftovers
from newsletter.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic


@rule(
    "ST128", "useless-ignore", "Comments that ignore findings name rules that exist", "text", severity=Severity.WARNING
)
def _useless_ignore(context: CheckContext) -> Iterator[Diagnostic]:
    return leftovers.useless_ignore(context, tuple(rule.code for rule in RULES))


RULES: tuple[Rule, ...] = (
    *FRONT_MATTER,
    front_matter.missing_field,
    front_matter.unknown_field,
    front_matter.wrong_type,
    front_matter.field_length,
    front_matter.field_pattern,
    front_matter.field_choice,
    identity.file_name,
    identity.duplicate,
    identity.unknown_author,
    front_matter.subject_length,
    front_matter.preheader_length,
    front_matter.summary_length,
    front_matter.language_tag,
    sections.missing_section,
    sections.unknown_section,
    sections.repeated_section,
    items.unlinked_title,
    sections.out_of_order,
    sections.empty_section,
    items.item_count,
    counts.word_count,
    items.item_number,
    sections.title_in_body,
    sections.skipped_level,
    leftovers.leftover_hint,
    counts.figure_count,
    items.category,
    items.item_author,
    *TEXT[:-2],
    leftovers.never_word,
    sections.nearly_matching,
    items.item_picture,
    *TEXT[-2:],
    _useless_ignore,
    *STRUCTURE,
    *EDITIONS,
    *LINKS,
    *FIGURES,
    *PROSE,
    *EMAIL,
    *EMAIL_CLIENTS,
    *HISTORY,
    *CONFIGURATION,
)


@cache
def _index() -> dict[str, Rule]:
    # Of rules of one name, as those of YAML are in each family, the first is found by it.
    return {**{rule.name: rule for rule in reversed(RULES)}, **{rule.code: rule for rule in RULES}}


def rule_of(code: str) -> Rule | None:
    """The rule with this code, in capital or small letters, or with this name; None where there is none."""
    return _index().get(code) or _index().get(code.upper())
