"""The spam score of sent emails: SpamAssassin with the rules of its package, without network."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.commands.send import proofs
from newsletter.config.workspace import issue_files

ROOT = Path(__file__).resolve().parent.parent.parent
AT_MOST = 2.0
"""Points. Most servers mark a message from 5 on. The author's text may add points, too."""
_POINTS = re.compile(r"Content analysis details:\s+\((-?[\d.]+) points")


def points(message: bytes, home: Path) -> tuple[float, str]:
    """The points of a message, and the report."""
    spamassassin = shutil.which("spamassassin")
    if spamassassin is None:
        pytest.skip("SpamAssassin is not installed (on Debian: apt-get install spamassassin)")
    done = subprocess.run(
        [spamassassin, "--local", "--test-mode", "--cf", "use_bayes 0", "--prefspath", str(home / "none")],
        input=message,
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8"},
    )
    report = done.stdout.decode("utf-8", "replace")
    found = _POINTS.search(report)
    assert found, report + done.stderr.decode("utf-8", "replace")
    return float(found[1]), report[found.start() :]


@pytest.mark.parametrize("file", issue_files(ROOT), ids=lambda file: file.name)
def test_a_sample_email_is_not_spam(file, tmp_path):
    (tmp_path / "none").write_text("")
    sent = proofs(ROOT, file, ["marit@letters.example"], fields={}, now=datetime(2026, 10, 30, 12, tzinfo=UTC))
    for proof in sent:
        found, report = points(proof.content, tmp_path)
        assert found < AT_MOST, report


def test_the_filter_detects_spam(tmp_path):
    (tmp_path / "none").write_text("")
    test_string = (
        "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"  # the standard test text, GTUBE
    )
    found, _ = points(f"Subject: A test\n\n{test_string}\n".encode(), tmp_path)
    assert found > 100
