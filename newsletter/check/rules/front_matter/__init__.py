"""The rules about front matter, in the order of their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rules.configuration import yaml_rules
from newsletter.check.rules.front_matter import fields, identity, release, standard

if TYPE_CHECKING:
    from newsletter.check.rule import Rule

FRONT_MATTER: tuple[Rule, ...] = (
    *yaml_rules("FM", "the front matter"),
    fields.missing_field,
    fields.unknown_field,
    fields.wrong_type,
    fields.field_length,
    fields.field_pattern,
    fields.field_choice,
    identity.file_name,
    identity.duplicate,
    identity.unknown_author,
    standard.subject_length,
    standard.preheader_length,
    standard.summary_length,
    standard.language_tag,
    release.held_back,
    release.misplaced,
    standard.original_address,
    standard.period,
    standard.updated,
    standard.spelled_twice,
    standard.former_address,
)
