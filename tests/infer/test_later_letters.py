"""What is inferred from the letters of some years is kept to by those that follow, and slips in these are still found."""

from __future__ import annotations

import random
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.commands.check import check_issues
from newsletter.commands.infer import infer_house
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.commands.infer import Inferred

YAML = "title: L\nurl: https://letters.example/\nsender: {name: L, email: l@letters.example}\nkind: weekly\naddress: Ghent\n"
EMAILS = ("EM",)
"""The rules that no house format is asked about, and that write an email first."""
WORDS = "harbour kettle ferry winter garden ledger copper signal window market bridge lantern river engine".split()


def text(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(least, most))).capitalize() + "."


def items(chance: random.Random, least: int, most: int) -> str:
    rows = range(chance.randint(least, most))
    return "\n".join(
        f"- [{text(chance, 3, 6)}](https://example.org/{chance.random()}) {text(chance, 5, 40)}" for _ in rows
    )


def grouped(number: int, chance: random.Random) -> str:
    """Sections under headings of their own level."""
    parts = [("News", ["Ships", "Ports"]), ("The end", ["People"])]
    body = ""
    for group, sections in parts:
        body += f"# {group}\n\n"
        for section in sections:
            body += f"## {section}\n\n{items(chance, 2, 8)}\n\n"
    return body


def deeper(number: int, chance: random.Random) -> str:
    return re.sub("^#", "##", grouped(number, chance), flags=re.MULTILINE)


def quoting(number: int, chance: random.Random) -> str:
    """A section at a level of its own, as some have it."""
    quote = f"# Quote of the Week\n\n> {text(chance, 8, 30)}\n\n"
    return f"## News\n\n{items(chance, 3, 9)}\n\n## Jobs\n\n{text(chance, 20, 60)}\n\n{quote if number % 5 else ''}"


def plain(number: int, chance: random.Random) -> str:
    return f"{text(chance, 20, 70)}\n\n## News\n\n{items(chance, 3, 9)}\n\n## Jobs\n\n{text(chance, 20, 60)}\n"


def growing(number: int, chance: random.Random) -> str:
    """A list that grows by and by."""
    return (
        f"## News\n\n{items(chance, 3 + number // 12, 6 + number // 8)}\n\n## Jobs\n\n{text(chance, 20, 40 + number)}\n"
    )


SHAPES: dict[str, Callable[[int, random.Random], str]] = {
    "grouped": grouped,
    "deeper": deeper,
    "quoting": quoting,
    "plain": plain,
    "growing": growing,
}


def write(root: Path, shape: str, count: int = 40) -> None:
    chance = random.Random(shape)
    (root / "newsletter.yaml").write_text(YAML)
    for number in range(1, count + 1):
        home = root / f"issues/2024-{1 + number // 28:02}-{1 + number % 28:02}-letter-{number}"
        home.mkdir(parents=True)
        head = f"---\ntitle: Letter {number}\nnumber: {number}\ndate: {home.name[:10]}\n---\n\n"
        (home / "index.md").write_text(head + SHAPES[shape](number, chance))


def inferred(root: Path, share: float = 0.8) -> Inferred:
    """From the older ones; the format is put in place."""
    files = sorted(issue_files(root), key=lambda file: file.name)
    found = infer_house(load_workspace(root), files[: int(share * len(files))], "weekly")
    (root / "templates/weekly").mkdir(parents=True, exist_ok=True)
    (root / "templates/weekly/house.yaml").write_text(found.text)
    return found


@cache
def format_of(shape: str) -> str:
    """What is inferred from the older letters of a shape, once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), shape)
        return inferred(Path(folder)).text


def broken(root: Path, share: float = 0.8) -> set[str]:
    """The newest letters that do not keep to the format."""
    files = sorted(issue_files(root), key=lambda file: file.name)[int(share * len(issue_files(root))) :]
    found = check_issues(root, files, ignore=EMAILS).diagnostics
    return {one.path for one in found if one.about and one.severity is Severity.ERROR}


@pytest.mark.parametrize("shape", SHAPES)
def test_later_issues_follow_the_inferred_format(tmp_path: Path, shape: str) -> None:
    write(tmp_path, shape)
    found = inferred(tmp_path)
    assert found.tally.accepted >= 31
    assert broken(tmp_path) == set(), found.text


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("slip", ["gone", "renamed", "unlinked", "empty", "titled"])
def test_mistakes_in_later_issues_are_found(tmp_path: Path, shape: str, slip: str) -> None:
    write(tmp_path, shape)
    (tmp_path / "templates/weekly").mkdir(parents=True)
    (tmp_path / "templates/weekly/house.yaml").write_text(format_of(shape))
    last = max(tmp_path.glob("issues/*/index.md"))
    before = last.read_text()
    marks = "###" if shape == "deeper" else "##"
    heading = re.search(rf"^{marks} .*\n", before, re.MULTILINE)
    after = {
        "gone": lambda: re.sub(rf"^{marks} .*?(?=^#)", "", before, count=1, flags=re.MULTILINE | re.DOTALL),
        "renamed": lambda: before.replace(heading[0], f"{marks} Something else entirely\n"),
        "unlinked": lambda: re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", before),
        "empty": lambda: (
            before[: heading.end()] + re.sub(r"^(?!#).*\n", "", before[heading.end() :], flags=re.MULTILINE)
        ),
        "titled": lambda: before.replace("title: Letter", "title: A letter without a"),
    }[slip]()
    assert after != before
    last.write_text(after)
    files = issue_files(tmp_path)
    own = [file for file in files if file.path.split("/")[1] == last.parent.name]
    found = check_issues(tmp_path, own, ignore=EMAILS).diagnostics
    assert [one for one in found if one.severity is Severity.ERROR]


# ── Groups and levels ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("shape", ["grouped", "deeper"])
def test_headings_above_sections_are_groups(tmp_path: Path, shape: str) -> None:
    write(tmp_path, shape)
    found = inferred(tmp_path, 1)
    assert [(one.heading, one.sections, one.required) for one in found.plan.groups] == [
        ("News", ("ships", "ports"), True),
        ("The end", ("people",), True),
    ]
    assert "groups:" in found.text
    assert found.tally.accepted == found.tally.clean == 40


def test_a_title_in_the_text_is_no_group(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    for number, path in enumerate(sorted(tmp_path.glob("issues/*/index.md"))):
        path.write_text(
            path.read_text().replace("---\n\n", f"---\n\n# {WORDS[number % 14]} {WORDS[number % 13]}\n\n", 1)
        )
    assert inferred(tmp_path, 1).plan.groups == ()


@pytest.mark.parametrize("heading", ["Letter {n}", "The harbour letter, number {n}"])
def test_a_recurring_title_with_a_number_is_not_a_group(tmp_path: Path, heading: str) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("---\n\n", f"---\n\n# {heading.format(n=n)}\n\n", 1))
    assert inferred(tmp_path, 1).plan.groups == ()


def test_a_section_has_a_level_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, "quoting")
    found = inferred(tmp_path, 1)
    assert [(one.key, one.level) for one in found.plan.sections] == [("news", 0), ("jobs", 0), ("quote-of-the-week", 1)]
    assert re.search(r"heading: Quote of the Week\n +level: 1 ", found.text)
    assert found.tally.clean == 40


# ── What the letters contradict ─────────────────────────────────────────────────────────────────────────────────────


def change(root: Path, change: Callable[[int, str], str]) -> None:
    for number, path in enumerate(sorted(root.glob("issues/*/index.md")), 1):
        path.write_text(change(number, path.read_text()))


def test_no_rule_that_the_issues_contradict_is_written(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    # In every seventh letter a list has no links; the last ones have another title and no jobs.
    change(tmp_path, lambda n, text: re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text) if n % 7 == 0 else text)
    change(tmp_path, lambda n, text: text.replace("title: Letter ", "title: Post ") if n > 33 else text)
    change(tmp_path, lambda n, text: text[: text.index("## Jobs")] if n > 34 else text)
    found = inferred(tmp_path, 1)
    newest = sorted(path.parent.name for path in tmp_path.glob("issues/*/index.md"))[32:]
    for subject, rule in found.rules:
        good, total = found.tally.obeying(subject)
        late = [path for path in found.tally.breaking.get(subject, ()) if path.split("/")[1] in newest]
        assert good >= 0.95 * total, rule
        assert len(late) <= 1, rule


def test_a_rule_followed_since_some_issue_applies_since_then(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    other = {n: f"title: {WORDS[n]} and {WORDS[-n]}\n" for n in (1, 2, 4, 5, 7, 8)}
    change(tmp_path, lambda n, text: text.replace(f"title: Letter {n}\n", other.get(n, f"title: Letter {n}\n")))
    found = inferred(tmp_path, 1)
    assert re.search(r"form: \{is: 'Letter \{number\}', since: (6|9)\}", found.text), found.text


def test_removed_rules_are_reported(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text[: text.index("## Jobs")] if n > 35 else text)
    found = inferred(tmp_path, 1)
    assert any(line.startswith("`sections.jobs.required`") for line in found.plan.left_out) or "until" in found.text


def test_an_empty_field_counts_as_present(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("---\n\n", f"guest: {'Ann Vos' if n > 20 else ''}\n---\n\n", 1))
    found = inferred(tmp_path, 1)
    guest = next(one for one in found.plan.fields if one.name == "guest")
    assert guest.stretch.whole
    assert found.tally.accepted == 40
    assert not re.search(r"guest:.*\n +since", found.text)


def test_occasional_fields_are_allowed_and_not_unknown(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("---\n\n", f"field{n}: x\n---\n\n", 1) if n % 4 == 0 else text)
    found = inferred(tmp_path, 1)
    assert "other_fields: true" in found.text
    assert "no other fields" not in found.text
    assert ("front",) not in dict(found.rules)


def test_a_heading_that_is_misspelt_once_stays_a_rule(tmp_path: Path) -> None:
    write(tmp_path, "plain", 9)
    change(tmp_path, lambda n, text: text.replace("## Jobs", "## jobs") if n == 3 else text)
    assert "forgive" not in inferred(tmp_path, 1).text
