"""Parts without a heading do not leak content for paying readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.build.holding import leaks
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.project.letters import letter_of, render_email
from newsletter.project.project import Project
from newsletter.render.feed import render_feed
from newsletter.render.page import render_page
from newsletter.render.text import render_text

if TYPE_CHECKING:
    from pathlib import Path

YAML = "title: Q\nurl: https://q.example/\nsender: {name: Q, email: q@q.example}\nkind: letter\n"
HOUSE = (
    "sections:\n  stories: {heading: none, required: false, items: {}}\n"
    "  club: {heading: Members only, only: paid, required: false, items: {}}\n  jobs: {heading: Jobs, required: false}\n"
)


@pytest.fixture
def issue(tmp_path: Path):
    def read(text: str):
        for path, content in {
            "newsletter.yaml": YAML,
            "templates/letter/house.yaml": HOUSE,
            "issues/ports/index.md": f"---\ntitle: P\ndate: 2024-01-31\n---\n\n{text}",
        }.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(content, encoding="utf-8")
        project = Project(load_workspace(tmp_path))
        return project, project.read(issue_files(tmp_path)[0])

    return read


def free(project: Project, parsed) -> str:
    letter = letter_of(project, parsed)
    outputs = (render_text(letter), render_page(letter, project.page_theme), render_feed(letter))
    return "\n".join((*outputs, render_email(project, letter).html))


@pytest.mark.parametrize("heading", ["Membres only", "Members  onlly", "Members only!", "MEMBERS ONLY."])
def test_a_misspelt_heading_of_a_paid_section_is_never_a_story_without_a_finding(issue, heading):
    project, parsed = issue(f"Hello.\n\n## A\n\nOne.\n\n## {heading}\n\nzsecretz\n")
    assert leaks(project, parsed) or "zsecretz" not in free(project, parsed)


@pytest.mark.parametrize(
    "text",
    [
        "## Members only\n\n### A\n\nzsecretz\n\n---\n\nzsecretz\n",
        "## Members only\n\n### A\n\nzsecretz\n\n---\n\nzsecretz\n\n## Jobs\n\nNone.\n",
        "## A\n\n::: paywall\n\nzsecretz\n\n---\n\nzsecretz\n",
        "::: only paid\n## A\n\nzsecretz\n\n---\n\nzsecretz\n:::\n\n## B\n\nTwo.\n",
        "::: only paid\n## A\n\nzsecretz\n:::\n",
        "::: only paid\n### A\n\nzsecretz\n:::\n\n### B\n\nTwo.\n",
    ],
)
def test_text_after_the_last_item_is_held_back_with_it(issue, text):
    project, parsed = issue(f"Hello.\n\n{text}")
    assert not leaks(project, parsed)
    assert "zsecretz" not in free(project, parsed)
    assert "zsecretz" in render_email(project, letter_of(project, parsed, paid=True)).html


def test_text_after_a_paid_story_is_for_all_if_it_is_outside(issue):
    project, parsed = issue("## A\n\nOne.\n\n::: only paid\n## B\n\nzsecretz\n:::\n\n---\n\nThanks.\n")
    assert "zsecretz" not in free(project, parsed)
    assert "Thanks." in render_text(letter_of(project, parsed))
