"""`newsletter review`, and the CI script that uses it: a summary of the changes of issues, for reviewers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter import cli
from newsletter.commands.review import changes

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "docs/ci/newsletter-ci.sh"
CONFIGURATION = "title: The Lock Keeper\nurl: https://letters.example/\nsender: {name: The Lock Keeper, email: l@letters.example}\nkind: essay\ncheck: {select: [FG]}\n"


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@a.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", root, *identity, *arguments], check=True, capture_output=True)


def issue(root: Path, name: str, body: str, front: str = "") -> Path:
    path = root / f"issues/{name}/index.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\ntitle: {name.title()}\ndate: 2026-10-30\nsummary: About {name}.\n{front}---\n\n{body}\n", "utf-8"
    )
    return path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A workspace within a repository, with two issues in its one commit."""
    root = tmp_path / "repository/letters"
    root.mkdir(parents=True)
    (root / "newsletter.yaml").write_text(CONFIGURATION, "utf-8")
    issue(root, "ships", "A ship climbs the lock. [More](https://a.example/)")
    issue(root, "locks", "A lock waits.")
    git(root.parent, "init", "-q", "-b", "main")
    git(root.parent, "add", "-A")
    git(root.parent, "commit", "-qm", "first")
    return root


def review(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = cli.run(["-C", str(root), "review", *arguments])
    done = capsys.readouterr()
    assert code == 0, done.err
    return done.out


def test_without_changes_there_is_nothing_to_review(repository, capsys):
    assert review(repository, capsys, "--since", "main") == "No issue is changed.\n"


def test_a_changed_issue_is_summarized(repository, capsys):
    issue(repository, "ships", "Two ships climb the lock. [More](https://b.example/)\n\n## Teh end")
    text = review(repository, capsys, "--since", "main", "--preview", "https://ci.example/1")
    assert "### Ships" in text
    assert "Locks" not in text
    assert "**The Lock Keeper** · Ships — About ships." in text
    assert "KB email" in text
    assert "“A ship climbs” is now “Two ships climb”" in text
    assert "link gone: https://a.example/" in text
    assert "link new: https://b.example/" in text
    assert "(https://ci.example/1)" in text


def test_a_new_issue_is_reported_before_it_is_committed(repository, capsys):
    issue(repository, "ports", "A port.")
    text = review(repository, capsys, "--since", "main")
    assert "### Ports (new)" in text
    assert "What readers get" not in text


def test_a_changed_picture_counts_for_its_issue(repository, capsys):
    (repository / "issues/locks/lock.png").write_bytes(b"\x89PNG")
    assert "### Locks" in review(repository, capsys, "--since", "main")


def test_an_unreadable_issue_is_reported_and_others_are_summarized(repository, capsys):
    issue(repository, "ships", "A ship.", front="date: [\n")
    issue(repository, "locks", "Two locks wait.")
    text = review(repository, capsys, "--since", "main")
    assert "Two locks wait" in text
    assert "error" in text


def test_the_authors_text_is_escaped_in_the_comment(repository, capsys):
    issue(repository, "ships", "@everyone <img src=x onerror=alert(1)> [a](b) `c` **d** # e")
    text = review(repository, capsys, "--since", "main")
    assert "@everyone" not in text
    assert "<img" not in text.replace("\\<img", "")
    assert "[a](b)" not in text


@pytest.mark.parametrize("since", ["--output=x", "nowhere", "", " ", "main; rm -rf x", "main\nmain"])
def test_an_unknown_commit_is_refused(repository, capsys, since):
    code = cli.run(["-C", str(repository), "review", f"--since={since}"])
    done = capsys.readouterr()
    if since:
        assert code == 2
        assert "is not a commit" in done.err
        assert not list(repository.glob("x"))


def test_names_are_those_of_issues_without_drafts(repository, capsys):
    issue(repository, "ships", "Two ships.")
    issue(repository, "ports", "A port.", front="draft: true\n")
    assert review(repository, capsys, "--since", "main", "--names") == "ships\n"


def test_pictures_are_compared():
    assert list(changes('<p>A</p><img src="a.png">', '<p>A</p><img src="b.png">')) == [
        "picture gone: a.png",
        "picture new: b.png",
    ]


# ── The script ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with `newsletter` in it, like an installed program."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "newsletter"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m newsletter "$@"\n')
    script.chmod(0o755)
    return folder


def run(root: Path, program: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    path = f"{program}:{os.environ['PATH']}"
    return subprocess.run(
        [shutil.which("sh") or "/bin/sh", SCRIPT, *arguments],
        cwd=root,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_script_writes_the_comment_and_the_preview(repository, program, tmp_path):
    issue(repository, "ships", "Two ships climb the lock. ")
    done = run(repository, program, "review", SINCE="main", OUT=str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "“A ship climbs” is now" in (tmp_path / "out/review.md").read_text("utf-8")
    assert list((tmp_path / "out/preview").rglob("*.html"))


def test_the_script_has_the_exit_code_of_the_check(repository, program, tmp_path):
    issue(repository, "ships", "![](nowhere.png)")
    done = run(repository, program, "review", SINCE="main", OUT=str(tmp_path / "out"), FORMAT="github")
    assert done.returncode == 1
    assert "::error" in done.stdout
    assert "error" in (tmp_path / "out/review.md").read_text("utf-8")


def test_the_script_pushes_changed_issues(repository, program):
    issue(repository, "ships", "Two ships.")
    done = run(repository, program, "push", SINCE="main", SERVICE="nowhere")
    assert done.returncode == 2
    assert "there is no mailing service `nowhere`" in done.stderr
    git(repository, "commit", "-qam", "second")
    assert run(repository, program, "push", SINCE="main", SERVICE="nowhere").returncode == 0


def test_the_script_explains_its_usage(repository, program):
    done = run(repository, program)
    assert done.returncode == 2
    assert "SERVICE" in done.stderr


def test_the_action_uses_existing_inputs_and_files():
    import yaml

    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    scripts = [step.get("run", "") for step in action["runs"]["steps"]]
    assert sum("docs/ci/newsletter-ci.sh" in script for script in scripts) == 2
    # Text from others (a branch, a title) never becomes part of a command.
    assert not any("${{" in script for script in scripts)
