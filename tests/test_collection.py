"""Every file of tests is collected: pytest leaves out folders with certain names by default, such as `build`."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

TESTS = Path(__file__).parent


def test_no_folder_with_tests_is_left_out(pytestconfig: pytest.Config):
    left_out = pytestconfig.getini("norecursedirs")
    folders = {path.relative_to(TESTS).parent for path in TESTS.rglob("test_*.py") if "node_modules" not in path.parts}
    assert Path("build") in folders
    assert not {
        str(folder) for folder in folders for name in folder.parts if any(fnmatch(name, each) for each in left_out)
    }
