"""The commands of the tutorials are run, and the pages must show their current output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import tutorial_pictures as pictures

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("page", ["tutorial.md", "tutorial-import.md", "tutorial-team.md"])
def test_a_tutorial_shows_what_its_commands_print(page: str):
    run = subprocess.run(
        [sys.executable, "docs/tutorial.py", "--check", page],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_each_step_of_the_first_tutorial_has_its_own_picture():
    page = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    _, *steps = re.split(r"^## (?=\d)", page, flags=re.MULTILINE)
    assert len(steps) == 8
    shown = [re.findall(r"<!-- picture: .+ -->\n!\[([^\]]{20,})\]\(pictures/([^)]+)\)", step) for step in steps]
    assert [len(step) for step in shown] == [1] * 8
    assert len({name for ((_, name),) in shown}) == 8


@pytest.mark.parametrize("path", sorted((ROOT / "docs/pictures").iterdir()), ids=lambda path: path.name)
def test_pictures_of_the_tutorials_are_small(path: Path):
    assert path.stat().st_size <= pictures.HEAVIEST


def test_a_picture_with_other_words_is_outdated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from PIL import Image

    class Browser:
        """Any picture will do."""

    def take(_browser: object) -> bytes:
        Image.new("RGB", (2, 2)).save(tmp_path / "taken.png")
        return (tmp_path / "taken.png").read_bytes()

    monkeypatch.setattr(pictures, "PICTURES", tmp_path)
    subject = pictures.Subject("1 error", take)
    assert pictures.is_stale("check.png", subject), "there is none"
    pictures.save("check.png", subject, Browser())
    assert not pictures.is_stale("check.png", subject)
    assert not pictures.is_stale("check.png", pictures.Subject("1\n error ", take)), "blanks are not words"
    assert pictures.is_stale("check.png", pictures.Subject("2 errors", take))
