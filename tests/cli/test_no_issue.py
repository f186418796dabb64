"""Arguments that are not issues, and files that nothing reads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import run
from newsletter.config.workspace import issue_files
from newsletter.project.watching import IssueWatch

if TYPE_CHECKING:
    from pathlib import Path

LETTER = "---\ntitle: Ports\n---\n\nHello.\n"
PUBLICATION = "title: L\nurl: https://letters.example/\nsender: {name: L, email: l@letters.example}\nkind: letter\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "letters"
    for name, text in {
        "newsletter.yaml": PUBLICATION + "address: Ghent\ncheck: {select: [FM101]}\n",
        "templates/letter/house.yaml": "front: {title: required}\n",
        "issues/ports/index.md": LETTER,
        "issues/ports/notes.md": "Notes to myself.",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.chdir(root)
    return root


def write(root: Path, name: str, text: str = LETTER) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


NO_ISSUES = [
    ("issues/2024/piers/index.md", "issues/2024/piers/index.md", "directly in issues/"),
    ("issues/2024/piers/index.md", "issues/2024/piers", "directly in issues/"),
    ("issues/2024/piers/index.md", "issues/2024", "has no index.md"),
    ("issues/piers/Index.md", "issues/piers/Index.md", "in lower case"),
    ("issues/piers/Index.md", "issues/piers", "Rename its Index.md to index.md"),
    ("issues/piers/letter.md", "issues/piers/letter.md", "is its index.md"),
    ("issues/piers/letter.md", "issues/piers/", "Rename its letter.md to index.md"),
    ("issues/piers/index.markdown", "issues/piers/index.markdown", "Rename it to index.md"),
    ("issues/piers.markdown", "issues/piers.markdown", "Rename it to piers.md"),
    ("issues/piers.MD", "issues/piers.MD", "Rename it to piers.md"),
    ("issues/piers/piers.jpg", "issues/piers", "has no index.md"),
    ("issues/piers/piers.jpg", "issues/piers/piers.jpg", "not next to an issue"),
    ("issues/.piers/index.md", "issues/.piers/index.md", "hidden"),
    ("drafts/piers/index.md", "drafts/piers/index.md", "issues are in issues/"),
    ("README.md", "README.md", "issues are in issues/"),
    ("README.md", "newsletter.yaml", "issues are in issues/"),
]


@pytest.mark.parametrize("command", [["check"], ["status"], ["build"], ["export", "--for", "html"]], ids=lambda c: c[0])
@pytest.mark.parametrize(("file", "name", "expected"), NO_ISSUES)
def test_an_argument_that_is_not_an_issue_is_an_error_with_its_reason(
    file: str, name: str, expected: str, command: list[str], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, file)
    assert run([*command, name]) == 2
    reported = capsys.readouterr()
    assert expected in reported.err
    assert reported.out == ""
    if command != ["export", "--for", "html"]:
        assert run([*command, "ports", name]) == 2, "nor beside one that is"


def test_an_issue_can_be_given_by_the_name_of_a_symbolic_link(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "elsewhere/piers/index.md", "Hello.\n")
    (root / "issues/piers").symlink_to("../elsewhere/piers")
    (root / "issues/quays.md").symlink_to("../elsewhere/piers/index.md")
    for name in ("issues/piers", "issues/piers/index.md", "piers", "issues/quays.md"):
        capsys.readouterr()
        assert run(["check", name]) == 1, name
        assert "FM101" in capsys.readouterr().out
    assert run(["check", "-C", "issues/ports", "."]) == 0


@pytest.mark.parametrize("name", ["issues", "issues/", "."])
def test_the_folder_of_all_issues_means_all(name: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "issues/piers.md", "Hello.\n")
    assert run(["check", name]) == 1
    assert "in 1 of 2 issues" in capsys.readouterr().out


def test_a_workspace_may_be_behind_a_symbolic_link(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root.parent / "link").symlink_to(root)
    monkeypatch.chdir(root.parent / "link")
    assert run(["check", "issues/ports"]) == 0
    assert run(["check", str(root.parent / "link/issues/ports/index.md")]) == 0
    assert run(["-C", "issues", "check", "ports"]) == 0


@pytest.mark.parametrize("typed", ["WINTER-PORTS", "Winter ports", "winter", "wnter-ports"])
def test_a_name_that_is_nearly_that_of_an_issue_is_suggested(
    typed: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, "issues/2024-01-31-winter-ports/index.md")
    assert run(["check", typed]) == 2
    assert "winter-ports`?" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "status"])
def test_files_that_nothing_reads_are_reported_once(
    command: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run([command])
    assert capsys.readouterr().err == ""
    write(root, "issues/2024/piers/index.md")
    write(root, "issues/quays.markdown")
    write(root, "issues/ports/older/index.md")
    write(root, "issues/ports/pictures/source.md")
    assert run([command]) == 0
    reported = capsys.readouterr().err.splitlines()
    assert [line.partition(" is not read by any command: ")[0] for line in reported] == [
        "issues/2024/piers/index.md",
        "issues/ports/older/index.md",
        "issues/quays.markdown",
    ]
    write(root, "issues/2024/locks/index.md")
    run([command])
    assert capsys.readouterr().err.endswith("1 more Markdown file in issues/, too\n")
    run([command, "ports"])
    assert capsys.readouterr().err == "", "whoever names an issue asks for no other"


@pytest.mark.parametrize("name", ["house.yml", "House.yaml"])
def test_a_house_format_under_another_name_is_reported(
    name: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, f"templates/note/{name}", "front: {title: required}\n")
    run(["check"])
    advice = "a house format is called house.yaml. Rename it to house.yaml."
    assert capsys.readouterr().err == f"templates/note/{name} is not read by any command: {advice}\n"
    write(root, "templates/note/house.yaml", "front: {title: required}\n")
    run(["check"])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["newsletter.yml", "Newsletter.yaml"])
def test_settings_under_another_name_are_found(name: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "newsletter.yaml").rename(root / name)
    assert run(["check", "-C", "issues"]) == 2
    assert f"Rename {root / name} to newsletter.yaml." in capsys.readouterr().err
    assert run([]) == 0
    assert f"There is {root / name}. To use it, rename it to newsletter.yaml." in capsys.readouterr().out


def test_unread_files_are_not_in_machine_output(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, "issues/quays.markdown")
    run(["check", "--output-format", "json"])
    assert "quays" not in capsys.readouterr().out


# ── Watching ────────────────────────────────────────────────────────────────────────────────────────────────────────


def watched(root: Path, watch: IssueWatch, *changed: str) -> list[str]:
    return [file.name for file in watch.after(changed, issue_files(root))]


def test_new_and_renamed_folders_are_checked(root: Path) -> None:
    watch = IssueWatch(root)
    watch.all(issue_files(root))
    write(root, "elsewhere/piers/index.md")
    (root / "elsewhere/piers").rename(root / "issues/piers")
    assert watched(root, watch, "issues/piers") == ["piers"]
    (root / "issues/piers").rename(root / "issues/quays")
    assert watched(root, watch, "issues/piers", "issues/quays") == ["quays"]
    write(root, "issues/locks/index.md")
    assert watched(root, watch, "issues/locks/lock.jpg") == ["locks"], "whatever of it was named"
    assert watched(root, watch, "issues/quays/sub") == ["quays"], "what came into it"
    assert watched(root, watch, "issues/none") == []


@pytest.mark.parametrize("way", ["moved in", "renamed", "copied"])
def test_a_watching_check_detects_folders_like_the_preview(
    way: str, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from newsletter.project import watching

    write(root, "elsewhere/piers/index.md", "Hello.\n")
    if way == "renamed":
        (root / "elsewhere/piers").rename(root / "issues/quays")
    stop, began = threading.Event(), threading.Event()
    seen: list[str] = []
    real = watching.changes

    def changes(folder: Path):
        began.set()
        yield from real(folder, stop, settled=5, look=20)

    def check(_root: Path, files, **_: object):
        seen.extend(file.name for file in files)
        from newsletter.commands.check import Checked

        if any(file.name.startswith("piers") for file in files):
            stop.set()
        return Checked(())

    monkeypatch.setattr(watching, "changes", changes)
    monkeypatch.setattr("newsletter.commands.check.check_issues", check)
    ending = threading.Thread(target=lambda: run(["check", "--watch"]))
    ending.start()
    import shutil

    for turn in range(200):  # the watcher starts at an unknown time in the other thread
        if stop.wait(0.05):
            break
        target = root / f"issues/piers-{turn}"
        if way == "copied":
            shutil.copytree(root / "elsewhere/piers", target)
        elif way == "moved in":
            shutil.copytree(root / "elsewhere/piers", root / f"elsewhere/{turn}")
            (root / f"elsewhere/{turn}").rename(target)
        else:
            source = root / "issues/quays" if turn == 0 else root / f"issues/piers-{turn - 1}"
            source.rename(target)
    stop.set()
    ending.join(10)
    assert any(name.startswith("piers") for name in seen)
