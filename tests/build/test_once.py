"""Work is done once: a build reads each front matter and each text once, and plans each picture once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.build.pipeline import build
from newsletter.commands.check import check_issues
from newsletter.config.workspace import issue_files

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 29, tzinfo=UTC)
YAML = """\
title: The Canal Post
url: https://letters.example/
sender: {name: The Canal Post, email: post@letters.example}
address: Lock House, 9000 Ghent
kind: letter
paid_url: https://paid.example/
theme: {logo: logo.png, logo_dark: logo-dark.png}
authors:
  ann: {name: Ann Keeper, bio: Keeps a lock., picture: ann.png}
"""
ISSUE = """\
---
title: Locks {number}
date: 2026-0{number}-01
summary: What the gates do at night.
authors: [ann]
cover: {image: cover.png, alt: A lock}
---

Dear reader, the gates are old.

## News

![A gate](gate.png)

[![The lift](lift.png)](https://youtu.be/dQw4w9WgXcQ)

::: only paid
![The map of the gaps](map.png)
:::
"""
PICTURES = ("cover.png", "gate.png", "lift.png", "map.png")
SHOWN = ("cover.png", "gate.png", "lift.png#play", "map.png")
"""The planned pictures: that of a film only with a play mark."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    picture = BytesIO()
    Image.new("RGB", (640, 200), "#a6341b").save(picture, "PNG")
    files = {name: picture.getvalue() for name in ("logo.png", "logo-dark.png", "ann.png")}
    files |= {"newsletter.yaml": YAML.encode(), "templates/letter/house.yaml": b"name: Letter\nauthor_box: true\n"}
    for number in (1, 2, 3):
        folder = f"issues/locks-{number}"
        files[f"{folder}/index.md"] = ISSUE.replace("{number}", str(number)).encode()
        files |= {f"{folder}/{name}": picture.getvalue() for name in PICTURES}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture
def work_done(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """A counter of (action, file)."""
    counted: Counter[tuple[str, str]] = Counter()

    def count(place: str, names: Callable[..., list[str]]) -> None:
        module, _, name = place.rpartition(".")
        real = getattr(__import__(module, fromlist=[name]), name)

        def counting(*given, **named):
            counted.update((name, each) for each in names(*given))
            return real(*given, **named)

        monkeypatch.setattr(place, counting)

    count("newsletter.project.project.read_front", lambda source, *_: [source.path])
    count("newsletter.project.project.parse", lambda source: [source.path])
    count("newsletter.render.layout.whole_of", lambda issue, *_: [issue.path])
    count(
        "newsletter.render.images.plan.plan_images",
        lambda sources, folder, root: [f"{(folder / name).relative_to(root)}" for name in sources],
    )
    return counted


def everything(root: Path) -> set[tuple[str, str]]:
    """Every (action, file) of the workspace."""
    work = {(name, file.path) for name in ("read_front", "parse", "whole_of") for file in issue_files(root)}
    pictures = {f"{file.folder}/{name}" for file in issue_files(root) for name in SHOWN}
    return work | {("plan_images", name) for name in (*pictures, "logo.png", "logo-dark.png", "ann.png")}


def test_a_build_of_two_editions_does_everything_once(root: Path, work_done: Counter[tuple[str, str]]):
    assert not build(root, now=NOW).diagnostics
    assert work_done == Counter(everything(root))


def test_a_build_with_nothing_to_do_does_nothing(root: Path, work_done: Counter[tuple[str, str]]):
    build(root, now=NOW)
    work_done.clear()
    build(root, now=NOW)
    assert not work_done


def test_a_check_of_two_editions_does_everything_once(root: Path, work_done: Counter[tuple[str, str]]):
    check_issues(root, issue_files(root))
    assert max(work_done.values()) == 1


def test_a_build_with_nothing_to_do_loads_neither_rules_nor_markdown(tmp_path):
    (tmp_path / "newsletter.yaml").write_text(
        "title: T\nurl: https://t.test/\nsender: {name: T, email: t@t.test}\naddress: Street 5, Ghent\nkind: essay\n"
    )
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "2026-01-01-locks.md").write_text("---\ntitle: Locks\ndate: 2026-01-01\n---\n\nWords.\n")
    build(tmp_path, now=NOW)
    heavy = ("newsletter.check", "newsletter.markdown", "newsletter.render", "markdown_it", "yaml", "jinja2", "PIL")
    code = (
        "import sys; from newsletter.cli import run; status = run(['build', '--quiet']); "
        f"print(status, [name for name in sys.modules if name.startswith({heavy!r})])"
    )
    work_done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"SOURCE_DATE_EPOCH": f"{NOW.timestamp():.0f}", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert work_done.stdout == "0 []\n"
