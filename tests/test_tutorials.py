"""The tutorials are run as a reader would run them, and show what the commands print now."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
