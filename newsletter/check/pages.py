"""The page of each rule: docs/rules/ of a checkout, shipped inside the wheel."""

from __future__ import annotations

import re
from pathlib import Path

from newsletter.check.rules import RULES, rule_of
from newsletter.check.wording import closest
from newsletter.errors import UsageError


def pages_folder() -> Path:
    """The folder with the pages that came with the tool."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "docs" / "rules"


def page_of(code: str) -> str:
    """What docs/rules/ says of a rule, as Markdown; of a page shared by a family, what is said of all and of this one.

    `code` may be in small letters, or the rule's name. Raises UsageError where there is no such rule.
    """
    rule = rule_of(code)
    if rule is None:
        known = [name for rule in RULES for name in (rule.code, rule.name)]
        near = closest(code, known)
        msg = f"there is no rule `{code}`"
        raise UsageError(msg, hint=f"did you mean `{near}`?" if near else "`newsletter rule` lists all rules")
    text = (pages_folder() / rule.page_name).read_text(encoding="utf-8")
    if not rule.page:
        return text
    shared, *parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    own = [part for part in parts if part.startswith(f"## {rule.code} ")]
    return (shared + "".join(own)).rstrip() + "\n"
