"""A small workspace whose issue is rendered and checked only by the rules about email clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check import Settings, check
from newsletter.config.load import load_workspace
from newsletter.config.workspace import IssueFile
from newsletter.diagnostics import Severity
from newsletter.project.checking import mail_of
from newsletter.project.project import Project

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic

ISSUE = "issues/letter/index.md"
CODES = ("EM120", "EM121", "EM122")
HEAD = """\
title: Letters
url: https://letters.example/
sender: {name: Letters, email: letters@letters.example}
address: Sluisweg 7, Ghent
kind: letter
"""


class Letters:
    """Writes files, and returns the findings."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("newsletter.yaml", HEAD)
        self.write("templates/letter/house.yaml", "name: Letter\nallow_html: true\n")

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def template(self, name: str, text: str) -> None:
        self.write(f"templates/theme/email/{name}", text)

    def configure(self, more: str) -> None:
        self.write("newsletter.yaml", HEAD + more)

    def found(self, body: str = "Ships wait.", *, everything: bool = False) -> list[Diagnostic]:
        """The findings in an issue with `body`; with `everything`, also those that readers would not notice."""
        self.write(ISSUE, f"---\ntitle: Ports\ndate: 2026-01-31\n---\n\n{body}\n")
        project = Project(load_workspace(self.root), cache=self.root / ".newsletter/cache")
        reading = project.read(IssueFile(ISSUE, "issues/letter", "letter"))
        severities = {"EM122": Severity.WARNING} if everything else {}
        findings = check(
            reading.issue,
            reading.house,
            source=reading.source,
            language=project.language(reading.issue.language),
            root=self.root,
            publication=project.publication,
            settings=Settings(select=CODES[:2] if not everything else CODES, severities=severities),
            mail=mail_of(project, reading),
        )
        return [finding for finding in findings if finding.code in CODES]

    def places(self, body: str = "Ships wait.", *, everything: bool = False) -> list[tuple[str, str, str]]:
        """Code, place and underlined text of each finding."""
        shown = []
        for found in self.found(body, everything=everything):
            text = (self.root / found.path).read_text(encoding="utf-8")
            line = text.split("\n")[found.span.line - 1]
            start = found.span.column - 1
            assert text[found.span.start : found.span.end] == line[start : start + found.span.end - found.span.start]
            place = f"{found.path.rpartition('/')[2]}:{found.span.line}"
            shown.append((found.code, place, text[found.span.start : found.span.end]))
        return shown


@pytest.fixture
def letters(tmp_path: Path) -> Letters:
    return Letters(tmp_path)
