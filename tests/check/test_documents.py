"""Complete issues that list the expected findings in their header: code, line, column, and `warning` if it is one.

They are in tests/documents/, with their house formats. A line `# finds nothing` says that an issue is correct.
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
def test_a_document_has_exactly_the_findings_in_its_header(document: Path, checker):
    shutil.copytree(DOCUMENTS / "templates", checker.root / "templates", dirs_exist_ok=True)
    checker.house("name: Plain", "plain")
    text = document.read_text(encoding="utf-8")
    stated = sorted(
        (int(match["line"]), int(match["column"]), match["code"], "warning" if match["warning"] else "error")
        for match in _EXPECTED.finditer(text)
    )
    assert stated or "\n# finds nothing\n" in text
    found = checker.check(text, paths=(f"issues/{document.stem}/index.md",))
    assert sorted((one.span.line, one.span.column, one.code, str(one.severity)) for one in found) == stated
