"""The hooks for pre-commit, and the CI files of the guide."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from newsletter.cli import run

ROOT = Path(__file__).resolve().parent.parent
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
PUBLICATION = "title: L\nurl: https://letters.example/\nsender: {name: L, email: l@letters.example}\nkind: letter\n"
FILES = {
    "newsletter.yaml": PUBLICATION,
    "templates/letter/house.yaml": "front: {title: required}\n",
    "templates/letter/snippets/box.md": "Hello.\n",
    "issues/ports/index.md": "---\ntitle: Ports\n---\n\nHello.\n",
    "issues/ports/crane.jpg": "",
    "issues/ships/index.md": "---\ntilte: Ships\n---\n\nHello.\n",
    "issues/ships/ship.jpg": "",
    "README.md": "Ours.\n",
}


def run_hook(hook: str, files: list[str], *, args: tuple[str, ...] = (), pattern: str = "") -> int | None:
    """Runs the entry of a hook on its files, as pre-commit does, if there are any."""
    wanted = [name for name in files if re.search(pattern or HOOKS[hook]["files"], name)]
    if not wanted:
        return None
    program, *words = shlex.split(HOOKS[hook]["entry"])
    assert program == "newsletter"
    return run([*words, *args, *(wanted if HOOKS[hook].get("pass_filenames", True) else [])])


def write(root: Path) -> None:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "status"),
    [
        (["issues/ports/index.md"], 0),
        (["issues/ports/index.md", "issues/ports/crane.jpg"], 0),
        (["issues/ports/crane.jpg", "issues/ships/index.md"], 1),
        (["issues/ships/ship.jpg"], 1),
        (["README.md", "newsletter.yaml"], None),
    ],
    ids=str,
)
def test_the_issues_of_a_commit_are_checked(files, status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run_hook("newsletter-check", files) == status


@pytest.mark.parametrize(
    ("files", "status"),
    [
        (["newsletter.yaml"], 1),
        (["templates/letter/house.yaml"], 1),
        (["templates/letter/snippets/box.md", "README.md"], 1),
        (["issues/ports/index.md", "README.md", "docs/newsletter.yaml"], None),
    ],
    ids=str,
)
def test_all_issues_are_checked_if_their_rules_change(files, status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run_hook("newsletter-check-all", files) == status


def test_a_workspace_may_be_a_folder_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "letters")
    monkeypatch.chdir(tmp_path)
    where = {"args": ("-C", "letters"), "pattern": "^letters/issues/"}
    assert run_hook("newsletter-check", ["letters/issues/ports/crane.jpg"], **where) == 0
    assert run_hook("newsletter-check", ["letters/issues/ships/index.md"], **where) == 1


def test_every_hook_has_a_name_and_description():
    for hook in HOOKS.values():
        assert {"id", "name", "description", "entry", "language", "files"} <= hook.keys()
        assert hook["language"] == "python"


def test_the_yaml_of_the_guide_is_valid():
    guide = (ROOT / "docs/guide/ci.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)
    documents = [yaml.safe_load(block) for block in blocks]
    workflows = [document for document in documents if isinstance(document, dict) and "jobs" in document]
    assert len(workflows) == 4
    hooks = [
        hook["id"]
        for document in documents
        if isinstance(document, dict)
        for repo in document.get("repos", ())
        for hook in repo["hooks"]
    ]
    assert set(hooks) == set(HOOKS)
