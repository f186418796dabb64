"""One issue and all its outputs: email, text, page and feed.

The email is for a service whose tokens show what was requested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.project.letters import letter_of, render, render_email
from newsletter.project.project import Project
from newsletter.render.feed import render_feed
from newsletter.services import Service, TokenContext, filled
from newsletter.tokens import SERVICE_TOKENS

if TYPE_CHECKING:
    from pathlib import Path

NAME = "2026-10-01-ports"
HOUSE = "name: Essay\nother_fields: true\nallow_html: true\ncover: true\n"
CONFIGURATION = """title: Ports
url: https://letters.example/
sender: {name: Ports, email: letters@letters.example}
address: 1 Quay Street, 8400 Ostend
kind: essay
"""
FIELDS = 'fields: {survey_url: "", company: Acme & Sons, site: "https://sites.example/x?a=1&b=2"}\n'


def show_token(name: str, fallback: str, place: TokenContext) -> str:
    """A token that shows its name, its fallback and its place."""
    return f"[[{name}:{fallback}:{place.name}]]"


SHOWING_TOKENS = Service(
    "telling", "Telling", "https://telling.example/", {name: f"[[{name}]]" for name in SERVICE_TOKENS}, show_token
)


class Renderer:
    """A workspace with one issue, and all its outputs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "templates/essay").mkdir(parents=True)
        (root / "templates/essay/house.yaml").write_text(HOUSE)
        (root / "newsletter.yaml").write_text(CONFIGURATION + FIELDS)
        (root / "issues" / NAME).mkdir(parents=True)

    def outputs(
        self, body: str, *front: str, service: Service = SHOWING_TOKENS, tokens: dict[str, str] | None = None
    ) -> Outputs:
        head = "\n".join(("title: Ports", "date: 2026-10-01", *front))
        (self.root / "issues" / NAME / "index.md").write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")
        workspace = load_workspace(self.root)
        project = Project(workspace)
        (file,) = issue_files(self.root)
        letter = letter_of(project, project.read(file))
        html, text = filled(render_email(project, letter), service, tokens=tokens or {})
        return Outputs(html, text, render(project, letter).page, render_feed(letter))


class Outputs:
    def __init__(self, html: str, text: str, page: str, feed: str) -> None:
        self.html, self.text, self.page, self.feed = html, text, page, feed
        self.body = html[html.index("<body") :]
