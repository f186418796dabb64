"""The caches of builds and checks: after any changes, the results are the same as without a cache.

A small publication is changed again and again, in everything that an author may change (the issues, newsletter.yaml, the
house format, its snippets, the theme, pictures and the clock). After each change it is built and checked with the cache,
and a copy of its sources is built and checked without.
"""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import pytest
from PIL import Image

from newsletter.build.pipeline import build
from newsletter.commands.check import check_issues
from newsletter.commands.status import status_of
from newsletter.config.workspace import issue_files
from newsletter.errors import NewsletterError
from tests.sample_values import YAML

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newsletter.build.pipeline import BuildReport

OUTPUTS = ("build", "public", "feeds")
NOW = datetime(2026, 11, 1, tzinfo=UTC)

HOUSE = "name: Letter\nother_fields: true\n"
BODY = "\nShips wait for days.\n\n## News\n\nA crane [fell](https://example.org/a). ![A crane](crane.png)\n"


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    crane = path.parent / "crane.png"  # an issue without its picture would be held back
    if "](crane.png)" in text and not crane.exists():
        Image.new("RGB", (64, 64), "red").save(crane)


def outputs(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in OUTPUTS
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def fresh_build(root: Path, now: datetime) -> tuple[BuildReport, dict[str, bytes]]:
    """The report and the outputs of a build of the same sources without a cache."""
    copy = root.with_name(f"{root.name}-afresh")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(*OUTPUTS, ".newsletter"))
    report = build(copy, now=now, processes=1)
    return report, outputs(copy)


# ── Former bugs ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A publication whose issues are dated by the names of their folders."""
    root = tmp_path / "letters"
    write(root, "newsletter.yaml", YAML)
    write(root, "templates/letter/house.yaml", HOUSE + 'file_name: "{date:yyyy-MM-dd}-{slug}"\n')
    for name in ("2026-07-03", "2026-08-02", "2026-09-01"):
        write(root, f"issues/{name}-ports/index.md", f"---\ntitle: Ports {name}\nslug: {name}\n---\n{BODY}")
    return root


def assert_same_as_fresh_build(root: Path, now: datetime = NOW) -> BuildReport:
    report = build(root, now=now, processes=1, remove=True)
    fresh, made = fresh_build(root, now)
    assert report.diagnostics == fresh.diagnostics
    assert report.published == fresh.published
    assert outputs(root) == made
    return report


def test_issues_are_unpublished_once_the_house_format_reads_no_dates_from_names(
    root: Path,
) -> None:
    assert assert_same_as_fresh_build(root).published == 3
    write(root, "templates/letter/house.yaml", HOUSE)
    assert assert_same_as_fresh_build(root).published == 0


def test_issues_are_published_once_the_house_format_reads_dates_from_their_names(root: Path) -> None:
    named = (root / "templates/letter/house.yaml").read_text()
    write(root, "templates/letter/house.yaml", HOUSE)
    assert assert_same_as_fresh_build(root).published == 0
    write(root, "templates/letter/house.yaml", named)
    assert assert_same_as_fresh_build(root).published == 3
    assert {one.state for one in status_of(root, issue_files(root), now=NOW)} == {"published"}


def test_dates_follow_the_pattern_of_file_names(root: Path) -> None:
    assert_same_as_fresh_build(root)
    write(root, "templates/letter/house.yaml", HOUSE + 'file_name: "{date:yyyy-dd-MM}-{slug}"\n')
    assert_same_as_fresh_build(root)
    assert "2026-01-09" in (root / "feeds/feed.json").read_text()  # now the oldest, before the newest


def write_dated_issues(root: Path) -> tuple[str, ...]:
    """Writes the issues again, dated by their front matter. Returns their names."""
    shutil.rmtree(root / "issues")
    names = ("bridges", "locks", "ports")
    for day, name in enumerate(names, 1):
        write(root, f"issues/{name}/index.md", f"---\ntitle: {name}\ndate: 2026-09-0{day}\n---\n{BODY}")
    return names


def test_times_follow_the_time_zone(root: Path) -> None:
    write_dated_issues(root)
    now = datetime(2026, 9, 2, 20, tzinfo=UTC)
    assert assert_same_as_fresh_build(root, now).published == 2
    write(root, "newsletter.yaml", YAML + "timezone: Pacific/Auckland\n")
    assert assert_same_as_fresh_build(root, now).published == 3


def test_after_a_build_of_one_issue_the_others_are_checked_again_later(root: Path) -> None:
    assert_same_as_fresh_build(root)
    write(root, "templates/letter/house.yaml", HOUSE + 'file_name: "{date:yyyy-dd-MM}-{slug}"\n')
    build(root, now=NOW, processes=1, only=issue_files(root)[:1])
    assert_same_as_fresh_build(root)


def test_templates_behind_a_symbolic_link_are_read_again(root: Path) -> None:
    (root / "templates/letter").rename(root / "shared")
    (root / "templates/letter").symlink_to("../shared")
    (root / "shared/again").symlink_to("../templates")
    assert assert_same_as_fresh_build(root).published == 3
    write(root, "shared/house.yaml", HOUSE)
    assert assert_same_as_fresh_build(root).published == 0


# ── Any changes ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Change(NamedTuple):
    """A change by the author, and the number of its variant."""

    what: str
    choice: int


NAMES = ("2026-09-01-ports", "2026-08-15-locks", "issue-7")
HEADS = (
    "title: Ports",
    "title: Ports\ndate: 2026-09-05",
    "title: Locks\ndate: 2026-10-05\nslug: bridge",
    "title: Bridges\nnumber: 3\ndate: 2026-09-05T23:30",
    "title: Ports\ndate: 2026-09-05\ndraft: true",
    "title: Ports\ndate: 2026-12-05\nauthors: [ada]\ntags: [sea]",
    "date: 2026-09-05\nsummary: What the harbour said.",
    "title: Ports\ndate: 2026-09-05\nlanguage: de\nedition: special",
)
BODIES = (
    BODY,
    "\n# Ports\n\nShips.\n\n## News\n\nMore.\n",
    "\n## News\n\n### 1. One\n\nText. ![A crane](crane.gif)\n\n### 2. Two\n\nText.\n",
    "\nShips.\n\n## Jobs\n\n::: only paid\nSecret.\n:::\n\n::: callout\nAttached: [plan](plan.pdf)\n:::\n",
)
HOUSES = (
    "",
    'file_name: "{date:yyyy-MM-dd}-{slug}"\n',
    'file_name: ["{date:yyyy-dd-MM}-{slug}", "issue-{number}"]\n',
    "standing: {badge: end}\n",
    "sections: {news: {heading: News, only: paid}, other: {required: false}}\n",
    "section_level: 3\ncontents: true\n",
    "variants: {special: {when: {edition: special}, contents: true, author_box: true}}\n",
    "eras: [{until: 2026-09-02, contents: true, words: at least 900}]\n",
    "extends: essay\n",
)
SETTINGS = (
    "kind: letter\n",
    "kind: letter\nlanguage: fr\n",
    "kind: letter\ntimezone: Pacific/Auckland\n",
    "kind: letter\nauthors: {ada: {name: Ada, picture: ada.png}}\n",
    "kind: letter\nfeeds: {entries: 1, tag: 'letters.example,2020'}\n",
    "kind: letter\ntheme: {light: {accent: '#a03020'}}\n",
    "kind: essay\n",
)
THEMES = ("", "p { margin: 0 0 3px }\n", "a { color: #123456 }\n")
SNIPPETS = ("A badge, {date:d MMMM}.\n", "![A badge](badge.png)\n", "Number {number}. ![B](badge.png)\n")
COLOURS = ("red", "blue")
CLOCKS = tuple(
    datetime(2026, month, day, hour, tzinfo=UTC) for month, day, hour in ((11, 1, 0), (9, 5, 11), (9, 5, 23))
)


def apply(root: Path, change: Change, clock: list[datetime]) -> None:
    what, choice = change
    _CHANGES[what](root, choice, clock)


def _issue(root: Path, choice: int, _: list[datetime]) -> None:
    name, head, body = (listed[choice // by % len(listed)] for listed, by in ((NAMES, 1), (HEADS, 3), (BODIES, 24)))
    write(root, f"issues/{name}/index.md", f"---\n{head}\n---\n{body}")


def _removed(root: Path, choice: int, _: list[datetime]) -> None:
    shutil.rmtree(root / "issues" / NAMES[choice % len(NAMES)], ignore_errors=True)


def _picture(root: Path, choice: int, _: list[datetime]) -> None:
    name = ("crane.png", "crane.gif", "crane.still.png", "badge.png", "plan.pdf")[choice % 5]
    home = root / "issues" / NAMES[choice // 5 % len(NAMES)]
    if not home.is_dir():
        return
    if choice // 15 % 3 == 2:
        (home / name).unlink(missing_ok=True)
    elif name.endswith(".pdf"):
        (home / name).write_bytes(b"%PDF-1.4 " + str(choice % 2).encode())
    else:
        frames = [Image.new("RGB", (24, 24), colour) for colour in (COLOURS[choice % 2], "green")]
        frames[0].save(home / name, **({"save_all": True, "append_images": frames[1:]} if name.endswith("gif") else {}))


def _portrait(root: Path, choice: int, _: list[datetime]) -> None:
    Image.new("RGB", (24, 24), COLOURS[choice % 2]).save(root / "ada.png")


def _text(name: str, texts: tuple[str, ...], before: str = "") -> Callable[[Path, int, list[datetime]], None]:
    return lambda root, choice, _: write(root, name, before + texts[choice % len(texts)])


def _clock(_root: Path, choice: int, clock: list[datetime]) -> None:
    clock[0] = CLOCKS[choice % len(CLOCKS)]


def _sheet(root: Path, choice: int, _: list[datetime]) -> None:
    write(root, "templates/theme/page/style.css", THEMES[choice % len(THEMES)])


_CHANGES: dict[str, Callable[[Path, int, list[datetime]], None]] = {
    "issue": _issue,
    "removed": _removed,
    "picture": _picture,
    "portrait": _portrait,
    "house": _text("templates/letter/house.yaml", HOUSES, HOUSE),
    "settings": _text("newsletter.yaml", SETTINGS, YAML.replace("kind: letter\n", "")),
    "sheet": _sheet,
    "snippet": _text("templates/letter/snippets/badge.md", SNIPPETS),
    "clock": _clock,
}


def outcome(root: Path, now: datetime) -> tuple[object, ...]:
    """The result of a build: its error, or its findings and published issues."""
    try:
        report = build(root, now=now, processes=1, remove=True)
    except NewsletterError as error:
        return type(error), str(error).replace(str(root), "")
    # An issue that cannot be built stays published unchanged.
    return report.diagnostics, None if report.diagnostics else report.published


def findings(root: Path) -> object:
    try:
        return check_issues(root, issue_files(root)).diagnostics
    except NewsletterError as error:
        return type(error), str(error).replace(str(root), "")


START = (
    *(Change(what, 0) for what in ("settings", "snippet", "portrait", "picture")),
    Change("house", 1),
    *(Change("issue", choice) for choice in (0, 4, 8)),
)
"""A correct publication, dated by the names of folders and by front matter."""


def sources(root: Path) -> dict[str, str]:
    """The sources, for the message of a failure."""
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8", "replace")
        for top in ("newsletter.yaml", "templates", "issues")
        for path in sorted([root / top] if (root / top).is_file() else (root / top).rglob("*"))
        if path.is_file() and path.suffix in {".yaml", ".md", ".css"}
    }


@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_builds_and_checks_equal_fresh_ones(tmp_path: Path, seed: int) -> None:
    chance, root, clock = random.Random(seed), tmp_path / "letters", [NOW]
    for change in START:
        apply(root, change, clock)
    steps = [*_CHANGES, "house", "house", "issue", "issue"]
    chance.shuffle(steps)
    done: list[Change] = []
    for step in ("clock", *steps):
        done.append(Change(step, chance.randrange(96) if done else 0))
        apply(root, done[-1], clock)
        copy = root.with_name("afresh")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*OUTPUTS, ".newsletter"))
        assert findings(root) == findings(copy), (done, sources(copy))
        one, other = outcome(root, clock[0]), outcome(copy, clock[0])
        assert one == other, (done, sources(copy))
        if other[0] == ():  # an issue that cannot be built stays unchanged
            assert outputs(root) == outputs(copy), (done, sources(copy))
