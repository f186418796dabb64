"""The page of each rule: docs/rules/ of a checkout, shipped inside the wheel."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.check.base import Rule


def pages_folder() -> Path:
    """The folder with the pages that came with the tool."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "docs" / "rules"


def rule_page(rule: Rule) -> str:
    """What docs/rules/ says of a rule, as Markdown; of a page shared by a family, what is said of all and of this one."""
    text = (pages_folder() / rule.page_name).read_text(encoding="utf-8")
    if not rule.page:
        return text
    shared, *parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    own = [part for part in parts if part.startswith(f"## {rule.code} ")]
    return (shared + "".join(own)).rstrip() + "\n"
