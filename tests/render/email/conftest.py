"""Fixtures for the tests of the email."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.bundled import templates_folder
from newsletter.render.email import EmailTheme, load_theme
from tests.render.letters import PUBLICATION

BUNDLED = templates_folder() / "theme" / "email"


@pytest.fixture(scope="session")
def theme() -> EmailTheme:
    """The bundled theme, as in a workspace without its own."""
    return load_theme(PUBLICATION, (Path("/nowhere"), BUNDLED))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The email theme folder of a workspace, empty."""
    folder = tmp_path / "templates" / "theme" / "email"
    folder.mkdir(parents=True)
    return folder
