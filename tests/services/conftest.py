"""The issues that are exported for every service: the samples, one with many special characters, and one in two
editions.

Each is rendered once in each form.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.commands.handing_over import rendering_for, with_address_of
from newsletter.config.workspace import issue_files
from newsletter.project.letters import letter_of
from newsletter.project.project import open_project
from newsletter.services.notations import at_fallback

if TYPE_CHECKING:
    from newsletter.model import Rendering
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project
    from newsletter.render.letter import Letter
    from newsletter.services import Service

CHECKOUT = Path(__file__).parents[2]
LETTERS = Path(__file__).parent / "letters"


@dataclass(frozen=True)
class Sample:
    """An issue for one edition, and its renderings by form."""

    name: str
    project: Project
    parsed: ParsedIssue
    letter: Letter
    paid: bool
    made: dict[object, Rendering]

    def rendering(self, service: Service) -> Rendering:
        letter = with_address_of(service, self.letter)
        key = (service.form, service.personal is at_fallback, letter.publication.address)
        if key not in self.made:
            self.made[key] = rendering_for(self.project, letter, service, ())
        return self.made[key]


def sample_workspace(root: Path) -> Path:
    root.mkdir(parents=True)
    for name in ("newsletter.yaml", "issues", "templates", "authors"):
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        elif source.is_file():
            shutil.copy(source, root / name)
    for file in sorted(LETTERS.glob("*.md")):
        folder = root / "issues" / f"2026-11-20-{file.stem}"
        folder.mkdir()
        shutil.copy(file, folder / "index.md")
        picture = BytesIO()
        Image.new("RGB", (600, 300), "#336699").save(picture, "PNG")
        (folder / "map.png").write_bytes(picture.getvalue())
    return root


@pytest.fixture(scope="session")
def workspace(tmp_path_factory) -> Path:
    return sample_workspace(tmp_path_factory.mktemp("services") / "letters")


@pytest.fixture(scope="session")
def samples(workspace) -> list[Sample]:
    project = open_project(workspace)
    found = []
    for file in issue_files(workspace):
        parsed = project.read(file)
        for paid in (False, True):
            letter = letter_of(project, parsed, paid=paid)
            if paid and not letter.edition:
                continue
            name = f"{letter.issue.slug}{'-paid' if paid else ''}"
            found.append(Sample(name, project, parsed, letter, paid, {}))
    return found
