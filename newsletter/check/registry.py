"""All rules, in the order of their codes. A rule that is not here does not exist."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from newsletter.check.base import CheckContext, Rule
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

    from newsletter.diagnostics import Diagnostic


def _useless_ignore(context: CheckContext) -> Iterator[Diagnostic]:
    return leftovers.useless_ignore(context, tuple(rule.code for rule in RULES))


RULES: tuple[Rule, ...] = (
    *FRONT_MATTER,
    Rule("FM101", "missing-field", "Required fields are there", "front matter", front_matter.missing_field, gap=True),
    Rule("FM102", "unknown-field", "Fields are those of the house format", "front matter", front_matter.unknown_field),
    Rule("FM103", "wrong-type", "Values are of their field's type", "front matter", front_matter.wrong_type),
    Rule("FM104", "field-length", "Values are as long or large as asked", "front matter", front_matter.field_length),
    Rule("FM105", "field-pattern", "Texts have the form asked for", "front matter", front_matter.field_pattern),
    Rule("FM106", "field-choice", "Texts are among those to choose from", "front matter", front_matter.field_choice),
    Rule("FM107", "file-name", "Date, slug and number agree with the file's name", "front matter", identity.file_name),
    Rule("FM108", "duplicate-issue", "No other issue has this number or slug", "all issues", identity.duplicate),
    Rule(
        "FM109",
        "unknown-author",
        "Authors are in newsletter.yaml, or plain names",
        "front matter",
        identity.unknown_author,
    ),
    Rule(
        "FM110",
        "subject-length",
        "The subject is as long as inboxes show",
        "front matter",
        front_matter.subject_length,
        Severity.WARNING,
    ),
    Rule(
        "FM111",
        "preheader-length",
        "The preheader is as long as inboxes show",
        "front matter",
        front_matter.preheader_length,
        Severity.WARNING,
    ),
    Rule(
        "FM112",
        "summary-length",
        "The summary is as long as feeds and previews show",
        "front matter",
        front_matter.summary_length,
        Severity.WARNING,
    ),
    Rule("FM113", "language-tag", "The language is a tag of BCP 47", "front matter", front_matter.language_tag),
    Rule("ST101", "missing-section", "Required sections are there", "structure", sections.missing_section, gap=True),
    Rule("ST102", "unknown-section", "Sections are those of the house format", "structure", sections.unknown_section),
    Rule("ST103", "repeated-section", "Sections come as often as they may", "structure", sections.repeated_section),
    Rule("ST104", "unlinked-title", "Titles of items are linked", "structure", items.unlinked_title),
    Rule("ST105", "out-of-order", "Sections come in the order asked for", "structure", sections.out_of_order),
    Rule(
        "ST106", "empty-section", "Something stands under each heading", "structure", sections.empty_section, gap=True
    ),
    Rule("ST107", "item-count", "Sections have as many items as asked", "structure", items.item_count, gap=True),
    Rule("ST108", "word-count", "Issue, sections and items are as long as asked", "text", counts.word_count, gap=True),
    Rule("ST109", "item-number", "Items are numbered 1, 2, 3 …", "structure", items.item_number, fixable=True),
    Rule("ST110", "title-in-body", "The title is in the front matter only", "structure", sections.title_in_body),
    Rule(
        "ST111",
        "skipped-level",
        "Headings go down one level at a time",
        "structure",
        sections.skipped_level,
        fixable=True,
    ),
    Rule("ST112", "leftover-hint", "No hint of the draft is left", "text", leftovers.leftover_hint, gap=True),
    Rule("ST113", "figure-count", "Sections have as many figures as asked", "figures", counts.figure_count, gap=True),
    Rule("ST114", "item-category", "Titles begin with a category of the list", "structure", items.category),
    Rule("ST115", "item-author", "Items name their author", "structure", items.item_author),
    *TEXT[:-2],
    Rule("ST123", "never-word", "Words that must not be published are not there", "text", leftovers.never_word),
    Rule(
        "ST124",
        "nearly-matching-heading",
        "Headings are written as asked",
        "structure",
        sections.nearly_matching,
        fixable=True,
    ),
    Rule("ST125", "item-picture", "Items have a picture", "figures", items.item_picture, gap=True),
    *TEXT[-2:],
    Rule(
        "ST128",
        "useless-ignore",
        "Comments that ignore findings name rules that exist",
        "text",
        _useless_ignore,
        severity=Severity.WARNING,
    ),
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
