"""newsletter check --fix: what it fixes and keeps, and that all other bytes are unchanged."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check import RULES
from newsletter.check.families import pages_folder
from newsletter.cli import run
from newsletter.commands import fix as fixing_module
from newsletter.commands.check import check_files, open_check
from newsletter.commands.fix import fix_files, plan_fixes, write_fixes
from newsletter.config.workspace import issue_files
from newsletter.diagnostics import Diagnostic, Edit, Fix
from newsletter.errors import UsageError, WorldError
from newsletter.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.check import Settings
    from newsletter.project.project import Project

HOUSE = """
name: Letter
other_fields: true
sections:
  news: {heading: News, items: {numbered: true}}
  any: {required: false, repeat: 0-}
text: {quotes: typographic}
spelling: {GitHub: [Github, github]}
"""
HEAD = "---\ntitle: Ports\nnumber: 1\ndate: 2024-01-31\n---\n\n"
FAULTY = HEAD + (
    "## news\n\n### 1. Ships wait\n\nFor days, says [ the port ](https://ports.example/story?utm_source=letter).\n\n"
    "### 3. Cranes rust\n\nFor years, Github says.\n"
)
FIXED = HEAD + (
    "## News\n\n### 1. Ships wait\n\nFor days, says [the port](https://ports.example/story).\n\n"
    "### 2. Cranes rust\n\nFor years, GitHub says.\n"
)


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a house format, and an issue with mistakes of several families."""
    root = tmp_path / "letters"
    make(root)
    write(root, FAULTY)
    monkeypatch.chdir(root)
    return root


def make(root: Path) -> None:
    (root / "templates/letter").mkdir(parents=True)
    (root / "issues").mkdir()
    (root / "newsletter.yaml").write_text(
        "title: Letters\nurl: https://letters.example/\nsender: {name: L, email: l@letters.example}\nkind: letter\n"
        "check: {ignore: [EM]}\n"
    )
    (root / "templates/letter/house.yaml").write_text(HOUSE)


def write(root: Path, text: str | bytes, name: str = "2024-01-31-ports") -> Path:
    path = root / f"issues/{name}.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def fix(root: Path, **options: tuple[str, ...]) -> int:
    """The number of fixed findings, after fixing all issues."""
    fixed = plan_fixes(root, issue_files(root), **options)
    write_fixes(root, fixed)
    return fixed.fixed_count


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_safe_fixes_are_applied_at_once(letters: Path):
    assert fix(letters) == 5
    assert (letters / "issues/2024-01-31-ports.md").read_text() == FIXED


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", ["\n", "", "\n\n\n"])
def test_byte_order_mark_line_ends_and_the_end_of_the_file_are_kept(mark: bytes, end: bytes, last: str, letters: Path):
    def as_file(text: str) -> bytes:
        return mark + (text.rstrip("\n") + last).encode().replace(b"\n", end)

    path = write(letters, as_file(FAULTY))
    assert fix(letters) == 5
    assert path.read_bytes() == as_file(FIXED)


def test_mixed_line_ends_are_kept(letters: Path):
    lines, wanted = FAULTY.split("\n"), FIXED.split("\n")
    ends = ["\n" if at % 2 else "\r\n" for at in range(len(lines))]
    path = write(letters, "".join(line + end for line, end in zip(lines, ends, strict=True)))
    fix(letters)
    assert path.read_bytes().decode() == "".join(line + end for line, end in zip(wanted, ends, strict=True))


def test_a_file_that_is_not_utf8_is_not_changed(letters: Path):
    path = write(letters, FAULTY.replace("Ships", "Schüfe").encode("latin-1"))
    before = path.read_bytes()
    assert fix(letters) == 0
    assert path.read_bytes() == before


def test_a_symbolic_link_is_followed_when_writing(letters: Path):
    path = write(letters, FAULTY)
    target = letters / "text.md"
    path.rename(target)
    path.symlink_to(target)
    fix(letters)
    assert path.is_symlink()
    assert target.read_text() == FIXED


def test_a_file_outside_the_workspace_is_not_written(letters: Path):
    path = write(letters, FAULTY)
    target = letters.parent / "elsewhere.md"
    path.rename(target)
    path.symlink_to(target)
    with pytest.raises(UsageError, match="leads out of the workspace"):
        fix(letters)
    assert target.read_text() == FAULTY


def test_a_file_that_was_changed_in_the_meantime_is_not_written(letters: Path):
    fixed = plan_fixes(letters, issue_files(letters))
    path = write(letters, FAULTY + "More.\n")
    with pytest.raises(WorldError, match="changed during the check"):
        write_fixes(letters, fixed)
    assert path.read_text() == FAULTY + "More.\n"


def test_the_permissions_of_a_file_are_kept(letters: Path):
    path = write(letters, FAULTY)
    path.chmod(0o640)
    fix(letters)
    assert path.stat().st_mode & 0o777 == 0o640


# ── Which findings are fixed ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_findings_of_selected_rules_are_fixed(letters: Path):
    assert fix(letters, select=("ST109",)) == 1
    assert fix(letters, ignore=("LK", "TX")) == 1  # the heading
    assert "utm_source" in (letters / "issues/2024-01-31-ports.md").read_text()


def test_ignored_findings_are_not_fixed(letters: Path):
    comment = " <!-- check: ignore ST109: counted so by the port -->"
    path = write(letters, FAULTY.replace("### 3. Cranes rust", f"### 3. Cranes rust{comment}"))
    fix(letters)
    assert f"### 3. Cranes rust{comment}" in path.read_text()


def test_fixes_that_never_end_leave_the_file_unchanged(letters: Path, monkeypatch: pytest.MonkeyPatch):
    def endless(project, reading, *_: object) -> tuple[Diagnostic, ...]:
        return (Diagnostic(reading.file.path, Span(0, 0), "ST109", "more", fix=Fix((Edit(Span(0, 0), "x"),), "add x")),)

    monkeypatch.setattr(fixing_module, "check_parsed", endless)
    assert fix(letters) == 0
    assert (letters / "issues/2024-01-31-ports.md").read_text() == FAULTY


# ── The command ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_reports_fixed_and_remaining_findings(letters: Path, capsys: pytest.CaptureFixture[str]):
    write(letters, FAULTY.replace("number: 1", "number: one"))
    assert run(["check", "--fix"]) == 1
    out = capsys.readouterr().out
    assert "Fixed 5 findings in 1 issue." in out
    assert "FM103" in out
    assert out.endswith("1 error in the issue\n")
    write(letters, FAULTY)
    assert run(["check", "--fix"]) == 0
    assert capsys.readouterr().out == "Fixed 5 findings in 1 issue.\nThe issue is clean.\n"
    assert run(["check", "--fix"]) == 0
    assert capsys.readouterr().out == "The issue is clean.\n"


@pytest.mark.parametrize("picture", ["![Cranes](<port cranes.jpg>)", "![](<Port (1).JPG>)"])
def test_a_paragraph_that_was_meant_as_a_picture_becomes_one(picture: str, letters: Path):
    path = write(letters, HEAD + f"## News\n\n{picture.replace('<', '').replace('>', '')}\n")
    assert fix(letters, select=("LK102",)) == 1
    assert picture in path.read_text()


def test_a_fix_that_would_change_more_is_not_offered_after_it_was_refused(
    letters: Path, capsys: pytest.CaptureFixture[str]
):
    write(letters, HEAD + "## News\n\n### 1. Cranes\n\n![Cranes](port cranes.jpg)\n\n*By night.*\n")
    assert run(["check", "--fix", "--select", "LK102"]) == 1
    out = capsys.readouterr().out
    assert "the address of this picture has a blank in it" in out
    assert "check --fix" not in out


def test_a_check_reports_what_could_be_fixed(letters: Path, capsys: pytest.CaptureFixture[str]):
    run(["check"])
    assert capsys.readouterr().out.endswith("; `newsletter check --fix` fixes them\n")


def test_the_diff_shows_the_fixes_and_writes_nothing(letters: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["check", "--diff"]) == 1
    shown = capsys.readouterr()
    assert shown.err == "`newsletter check --fix` would fix 5 findings in 1 issue.\n"
    path = letters / "issues/2024-01-31-ports.md"
    assert path.read_text() == FAULTY
    subprocess.run(["git", "apply", "-p0"], input=shown.out.encode(), check=True, capture_output=True)
    assert path.read_text() == FIXED
    assert run(["check", "--diff"]) == 0
    assert capsys.readouterr().out == ""


def test_the_diff_works_with_git_and_patch(letters: Path, capsys: pytest.CaptureFixture[str]):
    write(letters, FAULTY.rstrip("\n").replace("\n", "\r\n"))
    run(["check", "--diff"])
    assert capsys.readouterr().out.endswith("+For years, GitHub says.\n\\ No newline at end of file\n")


@pytest.mark.parametrize(
    "options", [["--diff", "--statistics"], ["--diff", "--output-format", "json"], ["--fix", "--watch"]]
)
def test_incompatible_options_are_refused(options: list[str], letters: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["check", *options]) == 2
    assert "cannot be used with" in capsys.readouterr().err


# ── Any issue ──────────────────────────────────────────────────────────────────────────────────────────────────────


def faulty_documents() -> Iterator[str]:
    """The failing examples on the pages of fixable rules, without front matter."""
    for rule in RULES:
        text = (pages_folder() / rule.page_name).read_text(encoding="utf-8") if rule.fixable else ""
        failing = re.search(r"^## Fails\n(.*?)^## Passes", text, re.DOTALL | re.MULTILINE)
        for fence in re.findall(
            r"^```markdown[^\n]*\n(.*?)^```$", failing[1] if failing else "", re.DOTALL | re.MULTILINE
        ):
            yield fence.rpartition("\n---\n")[2].strip("\n")


PIECES = [
    *faulty_documents(),
    "## news",
    "## NEWS",
    "### 3. [ A title ](https://a.example/?fbclid=1)",
    "### Cranes",
    "#### Deep",
]
PIECES += [
    "He said \"wait\" and 'go'.",
    "Github, github",
    "CafÃ©",
    "- 3. a\n- b",
    "3. a\n4. b",
    "> ### 7. Quoted",
    '`code "x"`',
]
PIECES += [
    "::: callout\n### 9. In\n:::",
    "[x]: https://unused.example/",
    "<!-- check: ignore ST109 -->",
    "**1. Bold**",
    "text ",
]


@st.composite
def issues_with_faults(draw: st.DrawFn) -> bytes:
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
    gap = draw(st.sampled_from(["\n\n", "\n"]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return (mark + (HEAD + gap.join(pieces) + draw(st.sampled_from(["", "\n"]))).replace("\n", end)).encode()


@pytest.fixture(scope="module")
def project_and_settings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Settings]:
    root = tmp_path_factory.mktemp("any") / "letters"
    make(root)
    return open_check(root)


@given(content=issues_with_faults())
def test_fixing_twice_equals_fixing_once(content: bytes, project_and_settings: tuple[Project, Settings]):
    project, options = project_and_settings
    root = project.workspace.root
    path = write(root, content)
    before = check_files(project, issue_files(root), options)
    write_fixes(root, fix_files(project, issue_files(root), options))
    once = path.read_bytes()
    again = fix_files(project, issue_files(root), options)
    assert again.changes == ()
    assert not any(found.fix for found in again.left.diagnostics)
    assert len(again.left.diagnostics) <= len(before)
    assert once.startswith(b"\xef\xbb\xbf") == content.startswith(b"\xef\xbb\xbf")
    assert (b"\r\n" in once) == (b"\r\n" in content)
    assert b"\r\n" not in once or once.count(b"\r\n") == once.count(b"\n")
