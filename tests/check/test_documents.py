"""Whole letters that state in their header what is found in them: code, line, column, and `warning` where it is one.

They stand in tests/documents/, with the house formats that they are held against. A line `# finds nothing` says that a
letter is right.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

DOCUMENTS = Path(__file__).parent.parent / "documents"
_EXPECTED = re.compile(
    r"^# finds (?P<code>[A-Z]{2}\d{3}) (?P<line>\d+):(?P<column>\d+)(?P<warning> warning)?$", re.MULTILINE
)


@pytest.mark.parametrize("document", sorted(DOCUMENTS.glob("*.md")), ids=lambda file: file.stem)
def test_in_a_letter_is_found_what_it_states(document: Path, desk):
    shutil.copytree(DOCUMENTS / "templates", desk.root / "templates", dirs_exist_ok=True)
    desk.house("name: Plain", "plain")
    text = document.read_text(encoding="utf-8")
    stated = sorted(
        (int(match["line"]), int(match["column"]), match["code"], "warning" if match["warning"] else "error")
        for match in _EXPECTED.finditer(text)
    )
    assert stated or "\n# finds nothing\n" in text
    found = desk.check(text, paths=(f"issues/{document.stem}/index.md",))
    assert sorted((one.span.line, one.span.column, one.code, str(one.severity)) for one in found) == stated
