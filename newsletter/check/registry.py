"""All rules, in the order of their codes. A rule that is not here does not exist."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from newsletter.check.rules.configuration import CONFIGURATION
from newsletter.check.rules.email import EMAIL, EMAIL_CLIENTS
from newsletter.check.rules.exporting import EXPORTING
from newsletter.check.rules.figures import FIGURES
from newsletter.check.rules.front_matter import FRONT_MATTER
from newsletter.check.rules.history import HISTORY
from newsletter.check.rules.links import LINKS
from newsletter.check.rules.structure import STRUCTURE
from newsletter.check.rules.text import TEXT

if TYPE_CHECKING:
    from newsletter.check.rule import Rule

RULES: tuple[Rule, ...] = (
    *FRONT_MATTER,
    *STRUCTURE,
    *LINKS,
    *FIGURES,
    *TEXT,
    *EMAIL,
    *EMAIL_CLIENTS,
    *HISTORY,
    *EXPORTING,
    *CONFIGURATION,
)
CODES = tuple(rule.code for rule in RULES)


@cache
def _index() -> dict[str, Rule]:
    # Some rules share a name, such as those about YAML in each family. The name then finds the first.
    return {**{rule.name: rule for rule in reversed(RULES)}, **{rule.code: rule for rule in RULES}}


def rule_of(code: str) -> Rule | None:
    """The rule with this code, in upper or lower case, or with this name; None if there is none."""
    return _index().get(code) or _index().get(code.upper())
