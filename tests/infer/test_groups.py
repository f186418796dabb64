"""Headings at the level of the sections are groups, if they only stand above sections that recur."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import run
from newsletter.commands.check import check_issues
from newsletter.config.workspace import issue_files
from newsletter.infer import inner_groups
from tests.infer.test_later_letters import EMAILS, SHAPES, change, inferred, items, text, write

if TYPE_CHECKING:
    import random
    from pathlib import Path


def with_a_group(number: int, chance: random.Random) -> str:
    crate = f"## Crate of the week\n\n{text(chance, 20, 60)}\n\n"
    updates = "".join(f"### {name}\n\n{items(chance, 2, 6)}\n\n" for name in ("Official", "Blogs"))
    jobs = f"## Jobs\n\n{text(chance, 20, 60)}\n\n## Events\n\n{items(chance, 2, 6)}\n"
    return f"{text(chance, 20, 40)}\n\n{crate}## Updates\n\n{updates}{jobs}"


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(SHAPES, "with a group", with_a_group)
    write(tmp_path, "with a group", 20)
    return tmp_path


def test_recurring_headings_under_an_empty_one_are_its_sections(letters: Path) -> None:
    found = inferred(letters, 1)
    assert [(one.heading, one.level, one.sections, one.required) for one in found.plan.groups] == [
        ("Updates", 2, ("official", "blogs"), True)
    ]
    assert [(one.key, one.level) for one in found.plan.sections] == [
        *(("crate-of-the-week", 0), ("official", 3), ("blogs", 3), ("jobs", 0), ("events", 0)),
    ]
    assert found.tally.accepted == found.tally.clean == 20


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("## Updates\n\n", "", "ST101"),
        ("### Blogs", "### Blocks", "ST101"),
        ("### Blogs", "## Blogs", "ST133"),
    ],
)
def test_mistakes_in_a_later_issue_are_found(letters: Path, before: str, after: str, code: str) -> None:
    inferred(letters)
    last = max(letters.glob("issues/*/index.md"))
    last.write_text(last.read_text().replace(before, after, 1))
    files = [file for file in issue_files(letters) if file.path.split("/")[1] == last.parent.name]
    assert code in {one.code for one in check_issues(letters, files, ignore=EMAILS).diagnostics}


def test_more_of_them_than_other_sections_give_the_level(letters: Path) -> None:
    more = "".join(f"### {name}\n\nAll is well.\n\n" for name in ("Tools", "Talks", "Papers"))
    change(letters, lambda n, text: text.replace("### Official", f"{more}### Official"))
    found = inferred(letters, 1)
    assert found.plan.level == 3
    assert [(one.heading, one.level, one.sections) for one in found.plan.groups] == [
        ("Updates", 0, ("tools", "talks", "papers", "official", "blogs"))
    ]


BODY = "## Updates\n\n### Official\n\nText.\n\n### Blogs\n\nText.\n\n## Jobs\n\nText.\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda n, text: text.replace("## Updates\n", f"## Updates\n\nThis was week {n}.\n"),
        lambda n, text: text.replace("### Official", f"### Ship {n}").replace("### Blogs", f"### Port {n}"),
        lambda n, text: text.replace("### Official", "### 1. Official").replace("### Blogs", "### 2. Blogs"),
        lambda n, text: text.replace("### Blogs\n\nText.\n\n", f"### Port {n}\n\nText.\n\n"),
        lambda n, text: text.replace("## Jobs\n\n", "## Jobs\n\nText.\n\n### Blogs\n\n"),
        lambda n, text: text.replace("### Blogs", "### Official"),
        lambda n, text: text.replace("## Updates", f"## Updates of week {n}"),
        lambda n, text: f"```\n{text}```\n",
    ],
    ids=["text", "titles that differ", "numbers", "one that differs", "elsewhere too", "twice", "heading", "code"],
)
def test_other_headings_are_no_groups(change: object) -> None:
    assert callable(change)
    bodies = [change(n, BODY) for n in range(12)]
    assert inner_groups(bodies, 2).groups == ()


def test_three_issues_are_enough_and_two_are_not() -> None:
    assert len(inner_groups([BODY] * 3, 2).groups) == 1
    assert inner_groups([BODY] * 2, 2).groups == ()


def test_a_section_of_an_existing_house_format_stays_a_section(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = letters / "templates/weekly/house.yaml"
    house.parent.mkdir(parents=True)
    house.write_text("name: Weekly\nsections:\n  updates:\n    heading: Updates\n")
    monkeypatch.chdir(letters)
    assert run(["house", "infer", "--into", str(house)]) in (0, 1)
    assert "groups:" not in house.read_text()
    assert re.search(r"^  jobs:$|^  jobs: ", house.read_text(), re.MULTILINE)
