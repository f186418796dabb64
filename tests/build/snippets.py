"""A workspace with one letter and a snippet: what the tests of snippets share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.commands.check import check_issues
from newsletter.config.workspace import issue_files

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SNIPPETS = "templates/letter/snippets"
TIPS = f"{SNIPPETS}/tips.md"
ISSUE = "issues/2024-01-31-ports/index.md"
YAML = """title: Letters
url: https://letters.example/
subscribe_url: https://letters.example/join
sender: {name: Letters, email: letters@letters.example}
address: Sluisweg 7, 9000 Ghent
kind: letter
"""
FRONT = (
    "---\ntitle: Ports\nnumber: 3\ndate: 2024-01-31\nsummary: What this letter is about, in one line of text.\n---\n\n"
)
BODY = "Ships wait for days before they may enter the port, and nobody knows why that is.\n"


def make_letters(root: Path, snippet: str, house: str = "") -> None:
    """Write a workspace whose letter ends with the snippet `tips`; `house` is added to its house format."""
    house = f"name: Letter\n{house}standing:\n  tips: end\n"
    for name, text in (("newsletter.yaml", YAML), ("templates/letter/house.yaml", house), (ISSUE, FRONT + BODY)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    tips(root, snippet)


def tips(root: Path, text: str) -> None:
    """Write the snippet, with a sentence above its text."""
    (root / SNIPPETS).mkdir(parents=True, exist_ok=True)
    (root / TIPS).write_text(f"Ask us anything that you want to know about cranes.\n\n{text}")


def findings(root: Path, family: str) -> list[Diagnostic]:
    """The findings of a family of rules."""
    return [one for one in check_issues(root, issue_files(root)).diagnostics if one.code.startswith(family)]
