"""Renders all outputs of an issue from Markdown, for the tests of blocks, in a workspace with three pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.project.letters import letter_of, render
from newsletter.project.project import Project
from newsletter.records import dataclass
from newsletter.render.feed import render_feed
from tests.judges.workspaces import draw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic
    from newsletter.model import ImageFile

WORKSPACE = """title: Tide Tables
url: https://letters.example/
sender: {name: Tide Tables, email: letters@letters.example}
address: 1 Quay Street, Ostend
language: LANGUAGE
kind: loose
"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The outputs of an issue, and the findings of parsing it."""

    email: str
    text: str
    page: str
    feed: str
    images: Mapping[str, ImageFile]
    found: tuple[Diagnostic, ...]

    @property
    def codes(self) -> list[str]:
        """The codes of the findings."""
        return [one.code for one in self.found]


def render_all(root: Path, body: str, *, language: str = "en", workspace: str = "", front: str = "") -> Rendered:
    """The outputs of an issue with the text `body`.

    `workspace` and `front` are additional lines of newsletter.yaml and the front matter.
    """
    folder = root / "issues" / "2026-03-04-tides"
    folder.mkdir(parents=True, exist_ok=True)
    for name, size in (("wide.png", (1600, 500)), ("tall.png", (400, 900)), ("square.jpg", (700, 700))):
        if not (folder / name).exists():
            draw(folder / name, size)
    (root / "newsletter.yaml").write_text(WORKSPACE.replace("LANGUAGE", language) + workspace, encoding="utf-8")
    house = root / "templates" / "loose" / "house.yaml"
    house.parent.mkdir(parents=True, exist_ok=True)
    house.write_text("name: Loose\nother_fields: true\n", encoding="utf-8")
    head = f"---\ntitle: Tides\ndate: 2026-03-04\nsummary: About tides.\n{front}---\n\n"
    (folder / "index.md").write_text(head + body, encoding="utf-8")
    project = Project(load_workspace(root))
    parsed = project.read(issue_files(root)[0])
    letter = letter_of(project, parsed)
    made = render(project, letter)
    return Rendered(made.html, made.text, made.page, render_feed(letter), letter.images, parsed.diagnostics)
