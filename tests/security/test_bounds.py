"""No input takes too long: input above a limit is refused with the limit, and all else is read in seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.hostile import BODIES, FRONT, WITHIN, workspace
from newsletter.config.yaml import LARGEST as LARGEST_YAML
from newsletter.config.yaml import load
from newsletter.markdown.bounds import BOUNDS, LARGEST, LARGEST_FRONT, MOST_BLOCKS, MOST_MARKS_ON_A_LETTER, too_much
from newsletter.markdown.parse import parse, parse_fragment
from newsletter.markdown.source import Source
from newsletter.model import ReadingOptions

ROOT = Path(__file__).resolve().parent.parent.parent
REFUSED = (
    *(
        "open links",
        "40,000 open links",
        "open brackets",
        "open pictures",
        "open comments",
        "20,000 open comments",
        "comments",
    ),
    *("marks in a heading", "marks in a paragraph", "underscores", "list items", "numbered items", "headings", "items"),
    *(
        "footnotes",
        "many footnotes",
        "table rows",
        "tags",
        "addresses",
        "mail addresses",
        "directives",
        "colons",
        "Chinese",
    ),
    "a picture a line",
)
"""Input that took more than 20 seconds, or hundreds of megabytes."""


def message_for(text: str) -> str:
    found = too_much(Source(text, "a.md"))
    return found.message if found else ""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as a process. A minute is more than six times the allowed time, and less than it once took."""
    return subprocess.run(
        [sys.executable, "-m", "newsletter", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1796000000", "PATH": ""},
    )


@pytest.mark.parametrize("name", REFUSED)
def test_input_that_would_take_too_long_is_refused_before_parsing(name):
    text = FRONT + BODIES[name]()
    issue, found = parse(Source(text, "a.md"), name="a", options=ReadingOptions())
    assert [each.code for each in found] == ["ST149"]
    assert "the limit is" in found[0].message or "more than" in found[0].message
    assert not issue.opening
    assert not issue.sections


@pytest.mark.parametrize("name", REFUSED)
def test_a_snippet_is_refused_like_an_issue(name):
    blocks, found = parse_fragment(BODIES[name](), "snippets/a.md", ReadingOptions())
    assert (blocks, [each.code for each in found]) == ((), ["ST149"])


@pytest.mark.parametrize("name", [name for name in WITHIN if not name.startswith("footnotes")])
def test_input_within_the_limits_is_read(name):
    assert message_for(WITHIN[name]()) == ""


@pytest.mark.parametrize("bound", [bound for bound in BOUNDS if bound.marks != ("|",)], ids=lambda bound: bound.called)
def test_each_limit_is_exact_and_named(bound):
    mark = bound.marks[0]
    parted = "a" if mark == "\n" else "\n\n"
    if not bound.in_stretch:
        as_many = "a".join([""] + [mark] * bound.most)
        assert message_for(as_many) == ""
        assert f"{bound.most + 1:,} {bound.called}; the limit is {bound.most:,}" in message_for(as_many + mark)
        return
    assert message_for(mark * bound.in_stretch) == ""
    assert f"{bound.called} without a blank line between" in message_for(mark * (bound.in_stretch + 1))
    assert message_for((mark * bound.in_stretch + parted) * (bound.most // bound.in_stretch)) == ""
    assert f"the limit is {bound.most:,}" in message_for(
        (mark * bound.in_stretch + parted) * (bound.most // bound.in_stretch + 1)
    )


@pytest.mark.parametrize("piece", ["a\n\n", "- a\n", "1. a\n", "> a\n", "|a\n", "# a\n", "\t- a\n", "<!--a\n"])
def test_blocks_of_every_kind_are_counted(piece):
    assert f"more than {MOST_BLOCKS:,}" in message_for(piece * (MOST_BLOCKS + 2)) or "the limit is" in message_for(
        piece * (MOST_BLOCKS + 2)
    )
    assert message_for(piece * 1_500) == ""


@pytest.mark.parametrize("mark", ["\u0301", "\u0e49", "\u20dd", "\u0903", "\ufe0f", "\U000e0101", "\u0301\u0316"])
@pytest.mark.parametrize("base", ["a", "ש", "漢", ""])
def test_marks_on_one_character_are_limited_in_every_script(base, mark):
    assert message_for(base + mark * (MOST_MARKS_ON_A_LETTER + 1)) != ""
    assert message_for((base + mark * (40 // len(mark)) + "b") * 100) == ""


def test_front_matter_is_limited_whatever_its_content():
    for filling in ("a: b\n", "- a\n", "# a\n", "a: [\n", "title: a\u0301\n"):
        text = "---\n" + filling * (LARGEST_FRONT // len(filling) + 1) + "---\nText.\n"
        _, found = parse(Source(text, "a.md"), name="a", options=ReadingOptions())
        assert [each.code for each in found] == ["ST149"], filling


def test_the_cells_of_a_line_are_limited():
    assert message_for("|" * 200 + "\na") == ""
    assert "201 vertical bars on one line" in message_for("a\n" * 300 + "|" * 201)
    assert message_for(("a" + "|" * 100 + "\n") * 100) == ""
    assert "bars of tables without a blank line between" in message_for(("a" + "|" * 100 + "\n") * 101)


def test_an_issue_has_at_most_2_mb_in_bytes():
    assert message_for("word " * (LARGEST // 5)) == ""
    assert f"the limit is {LARGEST:,}" in message_for("word " * (LARGEST // 5) + "words")
    assert f"the limit is {LARGEST:,}" in message_for("שלום " * (LARGEST // 9 + 1))


def large(folder: Path, limit: str = "") -> None:
    """A workspace with an issue of 2.6 MB in 8,400 paragraphs."""
    (folder / "issues/2026-01-01-long").mkdir(parents=True)
    (folder / "newsletter.yaml").write_text(
        f"title: A\nurl: https://a.example/\nsender: {{name: A, email: a@a.example}}\nkind: essay\n{limit}", "utf-8"
    )
    paragraph = "The lock keeper counts the ships that pass. " * 7
    text = "---\ntitle: Long\ndate: 2026-01-01\n---\n\n" + f"{paragraph}\n\n" * 8_400
    (folder / "issues/2026-01-01-long/index.md").write_text(text, "utf-8")


def test_the_publication_may_raise_the_limit_for_every_command(tmp_path):
    large(tmp_path, "issue_limit: 3\n")
    checked = run(tmp_path, "check", "--output-format", "concise", "--select", "ST149,FM0")
    assert (checked.returncode, checked.stdout.strip()) == (0, ""), checked.stdout + checked.stderr
    assert run(tmp_path, "build").returncode == 0
    assert (tmp_path / "build/long/email.html").stat().st_size > 2_600_000
    assert run(tmp_path, "build").returncode == 0


def test_an_issue_above_the_limit_is_refused_with_the_key_to_change(tmp_path):
    large(tmp_path)
    checked = run(tmp_path, "check")
    assert checked.returncode == 1
    assert "issue_limit" in checked.stdout
    assert run(tmp_path, "build").returncode == 1
    assert not (tmp_path / "build/long").exists()
    (tmp_path / "newsletter.yaml").write_text(
        (tmp_path / "newsletter.yaml").read_text("utf-8") + "issue_limit: 3\n", "utf-8"
    )
    assert run(tmp_path, "build").returncode == 0
    assert (tmp_path / "build/long/email.html").exists()


@pytest.mark.parametrize(
    "bound", [bound for bound in BOUNDS if bound.called != "lines"], ids=lambda bound: bound.called
)
def test_limits_for_a_whole_issue_grow_with_the_allowed_size(bound):
    text = f"{bound.marks[0]}\n\n" * (bound.most + 1)
    if bound.most < MOST_BLOCKS // 2:
        assert too_much(Source(text, "a.md")) is not None
    assert too_much(Source(text, "a.md"), 20 * LARGEST) is None


def test_no_real_issue_comes_near_a_limit():
    letters = [*ROOT.glob("issues/*/*.md"), *ROOT.glob("tests/documents/*.md"), *ROOT.glob("docs/guide/*.md")]
    assert len(letters) > 15
    for letter in letters:
        text = letter.read_text("utf-8")
        assert message_for(text) == "", letter
        assert message_for(f"{text}\n\n" * 2) == "", letter


def test_configuration_files_are_limited():
    document, found = load("a: b # c\n" * (LARGEST_YAML // 9 + 1), "house.yaml", "HF")
    assert (document.values, [each.code for each in found]) == ({}, ["HF001"])
    assert f"the limit is {LARGEST_YAML:,}" in found[0].message


@pytest.mark.parametrize(
    "name", ["open links", "20,000 open comments", "marks in a heading", "list items", "right to left", "zero width"]
)
@pytest.mark.parametrize("command", ["check", "build"])
def test_commands_end_and_name_the_limit(tmp_path, name, command):
    workspace(tmp_path, BODIES[name]())
    done = run(tmp_path, command)
    assert "Traceback" not in done.stderr
    assert done.returncode in {0, 1}
    if name in REFUSED:
        assert done.returncode == 1
        assert "ST149" in done.stdout + done.stderr
        assert not (tmp_path / "build/2026-10-01-a").exists()


@pytest.mark.parametrize("turned_off", ["severity: {ST149: off}", "ignore: [ST149]", "ignore: [ST]", "select: [TX]"])
def test_no_setting_disables_the_limits(tmp_path, turned_off):
    workspace(tmp_path, "<!-- check: ignore-file ST149 -->\n\n" + BODIES["list items"]())
    with (tmp_path / "newsletter.yaml").open("a", encoding="utf-8") as file:
        file.write(f"check: {{{turned_off}}}\n")
    done = run(tmp_path, "check")
    assert (done.returncode, done.stdout.count("ST149 ")) == (1, 1)


def house(folder: Path, text: str) -> None:
    workspace(folder, "Text.\n")
    (folder / "templates/essay").mkdir(parents=True)
    (folder / "templates/essay/house.yaml").write_text(text, "utf-8")


def test_too_many_eras_are_refused(tmp_path):
    eras = "".join(f"      - until: {100_000 + number}\n        heading: News {number}\n" for number in range(2_000))
    house(tmp_path, f"name: Essay\nsections:\n  news:\n    heading: News\n    eras:\n{eras}")
    done = run(tmp_path, "check")
    assert done.returncode == 2
    assert "changes at 2,000 numbers and dates; the limit is 100" in done.stderr


def test_the_allowed_number_of_eras_is_read(tmp_path):
    eras = "".join(f"      - until: {100_000 + number}\n        heading: News {number}\n" for number in range(99))
    house(tmp_path, f"name: Essay\nsections:\n  news:\n    heading: News\n    eras:\n{eras}")
    assert run(tmp_path, "check").returncode == 1


@pytest.mark.parametrize("fields", [3, 5, 9])
def test_a_heading_pattern_with_many_fields_is_matched_in_bounded_time(tmp_path, fields):
    heading = " – ".join(["{title}"] * fields) + " !"
    house(tmp_path, f"name: Essay\nsections:\n  news:\n    heading: '{heading}'\n")
    issue = tmp_path / "issues/2026-10-01-a.md"
    issue.write_text(FRONT + "## " + "a – " * 4_000 + "\n\nText.\n", "utf-8")
    assert run(tmp_path, "check").returncode in {1, 2}
