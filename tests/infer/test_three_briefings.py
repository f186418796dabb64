"""Three briefings of one letter say what the letter is made of: what is inferred, drafted and found in a fourth."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import run
from newsletter.house.format import Bounds, Need
from newsletter.house.load import load_house

if TYPE_CHECKING:
    from newsletter.house.format import HouseFormat

BRIEFINGS = Path(__file__).parent / "briefings"
FOURTH = "2026-12-04-ice"
BOXES = ("notice", "after-on-the-water", "closing")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace of the three, with the house format inferred from them, and the current directory in it."""
    shutil.copytree(BRIEFINGS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    assert run(["house", "infer", "-o", "templates/tide/house.yaml"]) == 0
    return tmp_path


@pytest.fixture
def house(workspace: Path) -> HouseFormat:
    return of_issue(workspace, 23)


def of_issue(workspace: Path, number: int) -> HouseFormat:
    found, faults = load_house("tide", (workspace / "templates",), workspace)
    assert not faults
    return found.for_issue(number=number)


def fourth(workspace: Path, old: str = "", new: str = "") -> None:
    """The fourth letter, as it is written from now on: without what the tool inserts; `old` is replaced by `new`."""
    text = (BRIEFINGS / "later" / f"{FOURTH}.md").read_text(encoding="utf-8")
    for box in BOXES:
        standing = (workspace / "templates" / "tide" / "snippets" / f"{box}.md").read_text(encoding="utf-8")
        assert standing in text
        text = text.replace(standing, "")
    assert old in text
    (workspace / "issues" / f"{FOURTH}.md").write_text(text.replace(old, new, 1), encoding="utf-8")


def test_stories_are_recognized_with_their_number_links_and_exception(house: HouseFormat) -> None:
    news = next(one for one in house.sections if one.key == "on-the-water")
    assert news.headings == ("On the water – {date:MMMM yyyy}",)
    assert news.contents_written
    assert news.items is not None
    assert news.items.last is not None
    assert (news.items.count, news.items.numbered, news.items.link) == (Bounds(7, 7), True, Need.REQUIRED)
    assert (news.items.last.link, news.items.last.look) == (Need.OPTIONAL, "roundup")
    assert not news.items.last.inner.free


@pytest.mark.parametrize("entry", [r"#### \1 WORD\n\n\2\n", r"**\1.** \2\n", r"- \2"])
def test_a_round_up_is_recognized_in_any_notation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str) -> None:
    shutil.copytree(BRIEFINGS, tmp_path, dirs_exist_ok=True)
    for path in (tmp_path / "issues").iterdir():
        text = path.read_text(encoding="utf-8")
        of_this = entry.replace("WORD", path.stem.rpartition("-")[2])
        path.write_text(re.sub(r"^- \*\*(.+?)\.\*\* (.+)$", of_this, text, flags=re.MULTILINE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["house", "infer", "-o", "templates/tide/house.yaml"]) == 0
    items = next(one.items for one in of_issue(tmp_path, 23).sections if one.key == "on-the-water")
    assert items is not None
    assert items.last is not None
    assert (items.last.look, items.link, items.last.link) == ("roundup", Need.REQUIRED, Need.OPTIONAL)
    assert not items.last.inner.free


def test_sections_under_headings_of_the_level_above_are_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(BRIEFINGS, tmp_path, dirs_exist_ok=True)
    for path in (tmp_path / "issues").iterdir():
        text = re.sub(r"^#", "##", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        text = text.replace("### On the water", "## News\n\n### On the water")
        path.write_text(text.replace("### Book of", "## Around us\n\n### Book of"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["house", "infer", "-o", "templates/tide/house.yaml"]) == 0
    found = of_issue(tmp_path, 23)
    assert [(one.key, one.sections) for one in found.groups] == [
        ("news", ("on-the-water",)),
        ("around", ("book-of-the-month", "work-on-the-quay", "until-next-month")),
    ]


def test_text_around_them_is_recognized(house: HouseFormat) -> None:
    essay, _, book, jobs, close = house.sections
    assert (essay.key, essay.free, essay.need, essay.words.free) == ("essay", True, Need.REQUIRED, False)
    assert book.headings == ("Book of the month: {title}",)
    assert jobs.items is not None
    assert (jobs.items.shape, jobs.items.link, jobs.items.link_kinds) == (
        "bullet",
        Need.REQUIRED,
        ("work-on-the-quay",),
    )
    assert house.links.kinds == {"work-on-the-quay": ("jobs.tide.example",)}
    assert close.headings == ("Until next month",)
    assert house.consecutive


def test_text_in_all_issues_becomes_standing_matter_of_the_next(workspace: Path, house: HouseFormat) -> None:
    assert house.standing == ()
    now = of_issue(workspace, 24)
    assert [(one.snippet, one.place) for one in now.standing] == [
        ("notice", "after-opening"),
        ("after-on-the-water", "after:on-the-water"),
        ("closing", "end"),
    ]
    assert now.standing[0].text.startswith("*The Tide Table* comes on the first Friday of the month.")


def test_a_box_with_a_personal_field_is_standing_matter_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = "::: callout Dear {{ first_name | reader }}\nWas this forwarded?\n\nSubscribe [on our page](https://tide.example/).\n:::"
    shutil.copytree(BRIEFINGS, tmp_path, dirs_exist_ok=True)
    for path in (tmp_path / "issues").iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("## Book of", f"{box}\n\n## Book of"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["house", "infer", "-o", "templates/tide/house.yaml"]) == 0
    text = (tmp_path / "templates" / "tide" / "snippets" / "after-on-the-water.md").read_text(encoding="utf-8")
    assert text.endswith(f"\n\n{box}\n")
    assert run(["check"]) == 0


def test_a_text_that_begins_a_section_is_not_a_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(BRIEFINGS, tmp_path, dirs_exist_ok=True)
    for path in (tmp_path / "issues").iterdir():
        text = path.read_text(encoding="utf-8")
        line = "These are the jobs that we heard of, and more than that we do not know."
        path.write_text(text.replace("## Work on the quay\n", f"## Work on the quay\n\n{line}\n"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["house", "infer", "-o", "templates/tide/house.yaml"]) == 0
    names = sorted(path.stem for path in (tmp_path / "templates" / "tide" / "snippets").iterdir())
    assert names == sorted(BOXES)


@pytest.mark.usefixtures("workspace")
def test_the_three_issues_pass_the_check() -> None:
    assert run(["check"]) == 0


def test_a_new_issue_is_drafted_in_the_inferred_format(workspace: Path) -> None:
    assert run(["new", "Cold ports", "--date", "2026-12-04"]) == 0
    text = next((workspace / "issues").glob("2026-12-04*/index.md")).read_text(encoding="utf-8")
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == [
        "## TK(a heading of your own)",
        "## On the water – December 2026",
        *(f"### {number}. [TK(title)](TK(address))" for number in range(1, 7)),
        "### 7. TK(title)",
        "## Book of the month: TK(title)",
        "## Work on the quay",
        "## Until next month",
    ]
    assert "number: 24" in text


def test_a_similar_fourth_issue_passes(workspace: Path) -> None:
    fourth(workspace)
    assert run(["check"]) == 0


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            "### 3. [Steam from the sluice](https://news3.example/2026-12-04-ice/3)",
            "### 3. Steam from the sluice",
            "ST104",
        ),
        ("### 4. ", "### 5. ", "ST109"),
        ("December 2026", "November 2026", "ST124"),
        ("## Until next month\n\nNext time it will be spring. Keep your feet dry.\n", "", "ST101"),
        ("- Cranes in mittens\n", "", "ST155"),
        ("number: 24", "number: 25", "HS"),
        ("https://jobs.tide.example/24/1", "https://work.example/24/1", "ST137"),
    ],
)
def test_one_fault_in_the_fourth_issue_is_found(
    workspace: Path, old: str, new: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fourth(workspace, old, new)
    capsys.readouterr()
    assert run(["check", "--output-format", "concise"]) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("issues/")]
    assert len(told) == 1, told
    assert f" {code}" in told[0]
