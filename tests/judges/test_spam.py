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


GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
"""The standard test text, which every filter takes for spam."""


def reports(messages: list[bytes], home: Path) -> list[tuple[float, str]]:
    """The points of messages, and the reports, in order. A message that is spam has its report twice."""
    spamassassin = shutil.which("spamassassin")
    if spamassassin is None:
        pytest.skip("SpamAssassin is not installed (on Debian: apt-get install spamassassin)")
    (home / "none").write_text("")
    paths = [home / f"{number}.eml" for number in range(len(messages))]
    for path, message in zip(paths, messages, strict=True):
        path.write_bytes(message)
    done = subprocess.run(
        [spamassassin, "--local", "--test-mode", "--cf", "use_bayes 0", "--prefspath", str(home / "none"), *paths],
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8"},
    )
    report = done.stdout.decode("utf-8", "replace")
    found = list(_POINTS.finditer(report))
    assert len(found) >= len(messages), report + done.stderr.decode("utf-8", "replace")
    ends = [*(one.start() for one in found[1:]), len(report)]
    return [(float(one[1]), report[one.start() : end]) for one, end in zip(found, ends, strict=True)]


@pytest.fixture(scope="module")
def emails() -> list[tuple[str, bytes]]:
    """The emails of each sample issue, with its name."""
    now = datetime(2026, 10, 30, 12, tzinfo=UTC)
    sent = [(file, proofs(ROOT, file, ["marit@letters.example"], fields={}, now=now)) for file in issue_files(ROOT)]
    return [(file.name, proof.content) for file, of_issue in sent for proof in of_issue]


@pytest.fixture(scope="module")
def judged(emails: list[tuple[str, bytes]], tmp_path_factory: pytest.TempPathFactory) -> list[tuple[float, str]]:
    """Their points and reports. Starting SpamAssassin takes a second, so it is started once for all."""
    return reports([content for _, content in emails], tmp_path_factory.mktemp("spam"))


@pytest.mark.parametrize("name", [file.name for file in issue_files(ROOT)])
def test_a_sample_email_is_not_spam(name, emails, judged):
    assert len(judged) == len(emails), "one is spam"
    of_issue = [each for (issue, _), each in zip(emails, judged, strict=True) if issue == name]
    assert of_issue
    for found, report in of_issue:
        assert found < AT_MOST, report


def test_the_filter_detects_spam(tmp_path):
    found, _ = reports([f"Subject: A test\n\n{GTUBE}\n".encode()], tmp_path)[0]
    assert found > 100
