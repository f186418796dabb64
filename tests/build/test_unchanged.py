"""A build with nothing to do looks at stamps alone. It plans again after any change of what outputs depend on.

Each change is made to a small publication that was just built. The next build must plan, and give what a build without a
cache gives.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

import newsletter.build.recorded
import newsletter.build.unchanged
from newsletter.build.pipeline import BuildReport, build
from newsletter.build.state import MANIFEST, STATE
from newsletter.build.texts import FOLDER as TEXTS
from newsletter.build.unchanged import FILE, Settled
from newsletter.commands.publish import publish
from newsletter.config.workspace import issue_files
from newsletter.errors import NewsletterError, UsageError
from tests.build.test_remembered import assert_same_as_fresh_build, outputs
from tests.sample_values import YAML as PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[[Path], object]

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
YAML = f"""\
{PLAIN}authors: {{ann: {{name: Ann, picture: ann.png}}}}
sponsors: {{pilots: {{name: Pilots, text: Book one., booked: locks, until: 2026-11-20}}}}
"""
ISSUE = """\
---
title: {title}
date: {date}
authors: [ann]
---

Ships wait for days.

::: sponsor
:::

## News

A crane fell. ![A crane](crane.png)
"""
ISSUES = {"bridges": "2026-09-01", "locks": "2026-10-01", "ports": "2026-12-01"}


@pytest.fixture
def root(tmp_path: Path, surveys: list[str]) -> Path:
    """A publication with two published issues and a future one, which was just built."""
    root = tmp_path / "letters"
    write(root, "newsletter.yaml", YAML)
    write(root, "templates/letter/house.yaml", "name: Letter\nother_fields: true\n")
    draw(root, "ann.png", "red")
    for name, date in ISSUES.items():
        write(root, f"issues/{name}/index.md", ISSUE.format(title=name.title(), date=date))
        draw(root, f"issues/{name}/crane.png", "red")
    age(root)
    build(root, now=NOW, processes=1)
    surveys.clear()
    return root


@pytest.fixture
def surveys(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The surveys of builds of a workspace that is named `letters`."""
    done: list[str] = []
    real = newsletter.build.recorded.survey

    def counted(work):
        done.extend([work.root.name] if work.root.name == "letters" else [])
        real(work)

    monkeypatch.setattr(newsletter.build.recorded, "survey", counted)
    return done


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def draw(root: Path, name: str, colour: str) -> None:
    Image.new("RGB", (64, 64), colour).save(root / name)


def age(root: Path) -> None:
    """Makes files old, so that their times alone show whether they change."""
    for path in root.rglob("*"):
        os.utime(path, (1_700_000_000.5, 1_700_000_000.5))


def edit(name: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def edit_unseen(root: Path) -> None:
    """Changes an issue, but neither its size nor the time that programs can set."""
    found = (root / "issues/locks/index.md").stat()
    edit("issues/locks/index.md", "days", "ages")(root)
    os.utime(root / "issues/locks/index.md", ns=(found.st_atime_ns, found.st_mtime_ns))


def append(name: str) -> Change:
    return lambda root: (root / name).write_bytes((root / name).read_bytes() + b" ")


def remove(pattern: str) -> Change:
    return lambda root: next(root.glob(pattern)).unlink()


CHANGES: dict[str, Change] = {
    "an issue": edit("issues/locks/index.md", "wait", "waited"),
    "an issue, its size and time the same": edit_unseen,
    "a future issue": edit("issues/ports/index.md", "wait", "waited"),
    "a new issue": lambda root: shutil.copytree(root / "issues/locks", root / "issues/tides"),
    "a new issue in a file": lambda root: write(
        root, "issues/tides.md", "---\ntitle: Tides\ndate: 2026-09-20\n---\n\nA.\n"
    ),
    "an issue removed": lambda root: shutil.rmtree(root / "issues/bridges"),
    "an issue hidden": lambda root: (root / "issues/bridges").rename(root / "issues/.bridges"),
    "an issue renamed": lambda root: (root / "issues/bridges").rename(root / "issues/arches"),
    "an issue in place of a folder": lambda root: (root / "issues/bridges").rename(root / "issues/bridges.md"),
    "all issues removed": lambda root: shutil.rmtree(root / "issues"),
    "a picture": lambda root: draw(root, "issues/locks/crane.png", "blue"),
    "a snippet": lambda root: write(root, "templates/letter/snippets/end.md", "Bye.\n"),
    "the house format": edit("templates/letter/house.yaml", "name: Letter", "name: Letter\ncontents: true"),
    "the theme": lambda root: write(root, "templates/theme/page/style.css", "p { margin: 0 0 3px }\n"),
    "newsletter.yaml": edit("newsletter.yaml", "title: Letters", "title: Bottles"),
    "a portrait": lambda root: draw(root, "ann.png", "blue"),
    "an email": append("build/locks/email.html"),
    "a text": append("build/locks/email.txt"),
    "a page": append("public/locks/index.html"),
    "the index": append("public/index.html"),
    "a feed": append("public/feeds/rss.xml"),
    "a feed in git": append("feeds/atom.xml"),
    "an email removed": remove("build/locks/email.html"),
    "a page of a future issue removed": remove("build/ports/*.html"),
    "a card removed": remove("public/locks/card-*.png"),
    "a feed removed": remove("feeds/feed.json"),
    "all outputs removed": lambda root: [shutil.rmtree(root / name) for name in ("build", "public", "feeds")],
    "a text for feeds removed": remove(f"{TEXTS}/*/*"),
    "the state removed": remove(STATE),
    "the state damaged": append(STATE),
    "the manifest removed": remove(MANIFEST),
    "an old output in the manifest": lambda root: [
        write(root, "public/old/index.html", "Old."),
        edit(MANIFEST, '"outputs": [', '"outputs": [\n "public/old/index.html",')(root),
    ],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_build_plans_again_after_a_change(root: Path, surveys: list[str], change: Change):
    build(root, now=NOW, processes=1)
    assert not surveys
    change(root)
    assert_same_as_fresh_build(root, NOW)
    assert surveys
    surveys.clear()
    assert_same_as_fresh_build(root, NOW)
    assert not surveys


@pytest.mark.parametrize(
    ("now", "planned"),
    [
        (datetime(2026, 10, 1, tzinfo=UTC), False),  # when the last issue came
        (datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 23, tzinfo=UTC), False),  # the last day of the sponsor
        (datetime(2026, 11, 21, tzinfo=UTC), True),
        (datetime(2026, 12, 1, tzinfo=UTC), True),  # when the next issue comes
    ],
)
def test_a_build_plans_again_when_a_date_has_come(root: Path, surveys: list[str], now: datetime, planned: bool):
    assert_same_as_fresh_build(root, now)
    assert bool(surveys) == planned


HARMLESS: dict[str, Change] = {
    "a folder without an issue": lambda root: write(root, "issues/pictures/readme.txt", "None here."),
    "another file": lambda root: write(root, "issues/readme.txt", "None here."),
    "a hidden issue": lambda root: write(root, "issues/.tides.md", "---\ntitle: Tides\n---\n"),
    "a file that no build made": lambda root: write(root, "public/kept.txt", "Mine."),
    "an unused picture": lambda root: draw(root, "issues/locks/gate.png", "blue"),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_a_build_does_not_plan_for_files_that_it_does_not_use(root: Path, surveys: list[str], change: Change):
    change(root)
    report = build(root, now=NOW, processes=1)
    assert not surveys
    assert (report.issues, report.published, report.made, report.written, report.removed) == (3, 2, (), (), ())


def test_the_report_of_a_build_with_nothing_to_do_has_the_errors_of_issues(root: Path, surveys: list[str]):
    write(root, "issues/locks/index.md", ISSUE.format(title="Locks", date="2026-10-01") + "\n[Here](http://)\n")
    errors = build(root, now=NOW, processes=1).errors
    assert errors
    surveys.clear()
    assert build(root, now=NOW, processes=1).errors == errors
    assert not surveys


def test_a_build_with_nothing_to_do_reports_all_that_does_not_depend_on_work():
    """What is not in it is empty when there is nothing to do, or such a build always plans."""
    left_out = {"made", "written", "removed", "diagnostics", "refused", "waiting", "site_left", "invented", "held"}
    assert {field.name for field in fields(BuildReport)} - left_out == {field.name for field in fields(Settled)}


def test_with_strict_or_fresh_or_for_chosen_issues_a_build_always_plans(root: Path, surveys: list[str]):
    build(root, now=NOW, processes=1, strict=True)
    build(root, now=NOW, processes=1, fresh=True)
    build(root, now=NOW, processes=1, only=issue_files(root)[:1])
    assert len(surveys) == 3


def test_after_a_build_of_chosen_issues_the_others_are_planned(root: Path, surveys: list[str]):
    edit("issues/locks/index.md", "wait", "waited")(root)
    edit("issues/bridges/index.md", "wait", "waited")(root)
    build(root, now=NOW, processes=1, only=issue_files(root)[:1])
    assert_same_as_fresh_build(root, NOW)
    assert len(surveys) == 2


def test_an_issue_that_cannot_be_built_is_reported_each_time(root: Path):
    edit("issues/locks/index.md", "crane.png", "none.png")(root)
    first = build(root, now=NOW, processes=1)
    assert first.diagnostics
    assert build(root, now=NOW, processes=1).diagnostics == first.diagnostics


@pytest.mark.parametrize("link", ["issues/locks", "issues/locks/index.md"])
def test_a_source_that_becomes_a_link_out_of_the_workspace_is_refused(root: Path, link: str):
    (root / link).rename(root.parent / "elsewhere")
    (root / link).symlink_to(root.parent / "elsewhere")
    with pytest.raises(UsageError, match="leads out of the workspace"):
        build(root, now=NOW, processes=1)


def test_a_file_that_had_just_changed_is_compared_by_its_content(
    root: Path, surveys: list[str], monkeypatch: pytest.MonkeyPatch
):
    """It may change again within a tick of the clock, with the same stamp."""
    future = time.time() + 1000
    os.utime(root / "issues/locks/index.md", (future, future))
    os.utime(root / "issues/ports/crane.png", (future, future))
    build(root, now=NOW, processes=1)
    surveys.clear()
    read: list[str] = []
    real = newsletter.build.unchanged.fingerprint_of
    monkeypatch.setattr(
        newsletter.build.unchanged,
        "fingerprint_of",
        lambda path: read.append(path.relative_to(root).as_posix()) or real(path),
    )
    build(root, now=NOW, processes=1)
    assert not surveys
    assert {name for name in read if name.startswith("issues/")} == {"issues/locks/index.md", "issues/ports/crane.png"}


@pytest.fixture
def published(root: Path, surveys: list[str]) -> Path:
    """A publication whose issues are in a record; one has changed since it was published, one was deleted."""
    write(root, "issues/tides.md", "---\ntitle: Tides\ndate: 2026-09-20\n---\n\nHigh.\n")
    publish(root, issue_files(root)[:2], now=NOW, all_past=True)
    edit("issues/locks/index.md", "wait", "waited")(root)
    (root / "issues/tides.md").unlink()
    age(root)
    build(root, now=NOW, processes=1)
    surveys.clear()
    return root


def test_a_record_is_no_reason_to_plan(published: Path, surveys: list[str]):
    report = build(published, now=NOW, processes=1)
    assert not surveys
    assert report.changed == ("issues/locks/index.md",)


RECORDED: dict[str, Change] = {
    "a changed issue": edit("issues/locks/index.md", "waited", "waits"),
    "a changed issue, changed back": edit("issues/locks/index.md", "waited", "wait"),
    "an issue": edit("issues/bridges/index.md", "wait", "waited"),
    "a picture": lambda root: draw(root, "issues/bridges/crane.png", "blue"),
    "a frozen text": lambda root: append(
        next(root.glob("archive/*/source/issues/tides.md")).relative_to(root).as_posix()
    )(root),
    "the record": lambda root: (root / "archive/record.jsonl").write_text(
        re.sub(r"^.*tides.*\n", "", (root / "archive/record.jsonl").read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    ),
}


@pytest.mark.parametrize("change", RECORDED.values(), ids=RECORDED)
def test_a_build_plans_again_after_a_change_of_what_was_published(published: Path, surveys: list[str], change: Change):
    change(published)
    build(published, now=NOW, processes=1, remove=True)
    assert surveys
    kept = outputs(published)
    build(published, now=NOW, processes=1, fresh=True, remove=True)
    assert outputs(published) == kept


def test_a_damaged_record_is_reported(published: Path):
    append("archive/record.jsonl")(published)
    with pytest.raises(NewsletterError, match="the record of published issues cannot be used"):
        build(published, now=NOW, processes=1)


@pytest.mark.parametrize("damage", [append(FILE), remove(FILE), lambda root: write(root, FILE, "{}")])
def test_without_its_stamps_a_build_plans_and_makes_nothing(root: Path, surveys: list[str], damage: Change):
    damage(root)
    assert build(root, now=NOW, processes=1).made == ()
    assert len(surveys) == 1
    assert build(root, now=NOW, processes=1).made == ()
    assert len(surveys) == 1
