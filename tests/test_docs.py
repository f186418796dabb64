"""The documents: their links work, and generated pages match the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")


def local_links(document: Path) -> list[str]:
    """The targets of a document's links within the repository, without those in code."""
    links = LINK.findall(CODE.sub("", document.read_text(encoding="utf-8")))
    return [link for link in links if not re.match(r"[a-z]+:|#", link)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_links_of_a_document_lead_to_existing_files(document):
    broken = [
        link for link in local_links(document) if not (document.parent / unquote(link.partition("#")[0])).exists()
    ]
    assert broken == []


def test_each_picture_is_used():
    shown = {Path(unquote(link)).name for document in DOCUMENTS for link in local_links(document)}
    assert {path.name for path in (ROOT / "docs/pictures").iterdir()} - shown == set()


def test_each_promise_of_the_security_page_names_existing_tests():
    page = ROOT / "docs/security.md"
    promised = page.read_text(encoding="utf-8").partition("## What is promised")[2].partition("## How to report")[0]
    for promise in re.split(r"^### ", promised, flags=re.MULTILINE)[1:]:
        tests = [link for link in LINK.findall(promise) if "tests/" in link]
        assert tests, promise.partition("\n")[0]
        for test in tests:
            assert "\ndef test_" in (page.parent / test).read_text(encoding="utf-8"), test


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_security_page_is_linked(document):
    assert "docs/security.md" in local_links(ROOT / document)


def test_the_generated_pages_are_up_to_date():
    run = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "40"},
    )
    assert run.returncode == 0, run.stdout + run.stderr
