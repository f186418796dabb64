"""The commands: their output, files and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import COMMANDS, group, run
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace, and the current directory in it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    monkeypatch.chdir(tmp_path)
    assert run(["init", "my-letter", "--kind", "essay", *OPTIONS]) == 0
    monkeypatch.chdir(tmp_path / "my-letter")
    return tmp_path / "my-letter"


def only_issue(letter: Path) -> Path:
    (path,) = (letter / "issues").glob("*/index.md")
    return path


def finish(path: Path) -> None:
    """Removes the line that marks a draft."""
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("draft: true")))


def test_a_new_workspace_drafts_checks_and_builds(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "Hello"]) == 0
    assert run(["check"]) == 0, "what a draft still lacks is a warning"
    assert "ST112" in capsys.readouterr().out
    assert run(["build"]) == 0
    assert (letter / "build/hello/email.html").exists()
    assert (letter / "public/index.html").exists()


@pytest.mark.parametrize("kind", ["briefing", "essay", "digest"])
def test_every_bundled_kind_starts_a_workspace(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "x", "--kind", kind, *OPTIONS]) == 0
    assert run(["-C", "x", "new", "Hello"]) == 0
    assert run(["check", "-C", "x"]) == 0
    assert run(["build", "-C", "x"]) == 0


def test_a_build_of_one_issue_reports_what_is_not_built(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "Hello"])
    run(["new", "Goodbye"])
    capsys.readouterr()
    assert run(["build", "hello"]) == 0
    assert "archive and feeds and 1 other issue are as before: `newsletter build` builds all" in capsys.readouterr().err
    run(["build"])
    assert run(["build", "hello"]) == 0
    assert "as before" not in capsys.readouterr().err


def test_warnings_fail_a_strict_check(letter: Path) -> None:
    run(["new", "Hello"])
    assert run(["check", "--strict"]) == 1


def test_a_finished_issue_without_a_required_part_fails_the_check(
    letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["new", "Hello"])
    finish(only_issue(letter))
    assert run(["check", "--output-format", "concise"]) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if "ST112" in line]
    assert lines
    assert all(line.startswith("issues/2026-09-21-hello/index.md:") for line in lines)


def test_findings_as_json_are_only_json(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "Hello"])
    capsys.readouterr()
    run(["check", "--output-format", "json"])
    assert json.loads(capsys.readouterr().out)["findings"]


def test_init_does_not_change_existing_files(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (letter / "newsletter.yaml").read_bytes()
    assert run(["init", "."]) == 2
    assert "already a workspace" in capsys.readouterr().err
    assert (letter / "newsletter.yaml").read_bytes() == before


def test_new_does_not_overwrite_an_issue(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "Hello"])
    only_issue(letter).write_text("precious")
    assert run(["new", "Hello"]) == 2
    assert only_issue(letter).read_text() == "precious"


def test_new_uses_the_number_after_the_highest(letter: Path) -> None:
    run(["new", "One", "--kind", "digest", "--date", "2026-01-05"])
    run(["new", "Two", "--kind", "digest", "--date", "2026-01-06"])
    assert "number: 2" in (letter / "issues/2026-01-06-two/index.md").read_text()


def test_an_export_is_beside_the_built_email(letter: Path) -> None:
    run(["new", "Hello"])
    assert run(["build"]) == 0
    assert run(["export", "hello", "--for", "html"]) == 0
    assert sorted(path.name for path in (letter / "build/hello").iterdir()) == [
        "email.html",
        "email.txt",
        "for-html",
        "page.html",
    ]
    assert run(["build"]) == 0
    assert (letter / "build/hello/for-html/hello.html").exists()


def test_export_writes_the_files_for_a_service(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "Hello"])
    path = only_issue(letter)
    path.write_text(path.read_text() + "\nDear {{ first_name | reader }}, a {{ b }} stays.\n")
    assert run(["export", "hello", "--for", "html", "-o", "out", "--token", "first_name=*|FNAME|*"]) == 0
    html, text = (letter / "out/hello.html").read_text(), (letter / "out/hello.txt").read_text()
    assert "Dear *|FNAME|*, a" in html
    assert "Dear *|FNAME|*, a" in text
    assert "unsubscribe_url" in html


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["export", "nothing", "--for", "html"], "there is no issue `nothing`"),
        (["export", "hello", "--for", "mailchump"], "mailchump"),
        (["export", "hello", "--for", "html", "--token", "frist_name=x"], "first_name"),
        (["export", "hello", "--for", "html", "--token", "x"], "NAME=VALUE"),
        (["check", "--select", "QQ"], "QQ"),
        (["new", " "], "title"),
        (["new", "Hello", "--kind", "breifing"], "briefing"),
        (["rule", "ST999"], "ST999"),
        (["chekc"], "check"),
        (["build", "helo"], "hello"),
    ],
)
def test_impossible_requests_have_a_clear_message(
    arguments: list[str], expected: str, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["new", "Hello"])
    capsys.readouterr()
    assert run(arguments) == 2
    reported = capsys.readouterr()
    assert expected in reported.err
    assert "Traceback" not in reported.err
    assert not reported.out


def test_outside_a_workspace_commands_report_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["build"]) == 2
    assert "newsletter.yaml" in capsys.readouterr().err


def test_an_invalid_newsletter_yaml_is_reported_with_line_and_column(
    letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = letter / "newsletter.yaml"
    path.write_text(path.read_text().replace("timezone: UTC", "timezone: Mars/Base\ntilte: x"))
    assert run(["build"]) == 2
    reported = capsys.readouterr().err
    assert "newsletter.yaml:" in reported
    assert "Mars/Base" in reported
    assert "title" in reported
    assert not (letter / "build").exists()


def test_an_issue_of_an_unknown_kind_has_one_finding_and_is_not_built(
    letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["new", "Hello"])
    path = only_issue(letter)
    path.write_text(
        "---\ntitle: Hello\nkind: essai\n---\n\n## A section that the essay would have words about\n\nText.\n"
    )
    capsys.readouterr()
    assert run(["check", "--output-format", "concise"]) == 1
    reported = capsys.readouterr().out
    assert "there is no kind `essai`" in reported
    assert len(reported.splitlines()) == 1
    assert run(["build"]) == 1
    assert not (letter / "build/hello").exists()


def test_a_build_with_nothing_to_do_counts_what_cannot_be_built(
    letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["new", "One"])
    run(["new", "Two"])
    run(["build"])
    assert run(["build"]) == 0
    assert "nothing to do: 2 issues, all up to date; " in capsys.readouterr().out
    issue = next(letter.glob("issues/*two/index.md"))
    issue.write_text(issue.read_text().replace("---\n", "---\nkind: nosuch\n", 1))
    run(["build"])
    assert run(["build"]) == 1
    assert "nothing to do: 2 issues, 1 up to date, 1 cannot be built; " in capsys.readouterr().out
    (letter / "newsletter.yaml").write_text((letter / "newsletter.yaml").read_text() + "\ndescription: Another one.\n")
    assert run(["build"]) == 1
    assert "built 1 of 2 issues, 1 cannot be built" in capsys.readouterr().out


def test_a_house_format_is_checked_before_there_is_an_issue(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check"]) == 0
    house = letter / "templates/essay/house.yaml"
    house.write_text(house.read_text().replace("sections:", "sectoins:"))
    assert run(["check"]) == 2
    assert "Did you mean `sections`?" in capsys.readouterr().err


def test_a_former_address_belongs_to_one_issue(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    former = {
        "one": "[/p/ships.html, '', /two/, /one/]",
        "two": "https://old.example/P/Ships.html",
        "three": "[/p/other]",
    }
    (letter / "issues").mkdir()
    for day, (name, written) in enumerate(former.items(), 1):
        text = f"---\ntitle: {name}\ndate: 2026-01-0{day}\nformer: {written}\n---\n\nHello.\n"
        (letter / f"issues/{name}.md").write_text(text)
    assert run(["check", "--select", "FM108", "--output-format", "concise"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "issues/one.md:4:10: FM108 the former address `/p/ships.html` is taken",
        "issues/one.md:4:29: FM108 the former address `/two/` is taken",
        "issues/two.md:4:9: FM108 the former address `https://old.example/P/Ships.html` is taken",
    ]


def test_an_issue_without_a_kind_is_reported(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "Hello"])
    path = letter / "newsletter.yaml"
    path.write_text(path.read_text().replace("kind: essay\n", ""))
    assert run(["check"]) == 1
    assert "the issue has no kind" in capsys.readouterr().out
    assert run(["new", "Another"]) == 2
    assert "no kind is given" in capsys.readouterr().err


def test_an_unknown_kind_in_newsletter_yaml_is_reported_at_its_place(
    letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["new", "Hello"])
    path = letter / "newsletter.yaml"
    path.write_text(path.read_text().replace("kind: essay", "kind: essai"))
    line = path.read_text().splitlines().index("kind: essai") + 1
    for command in ("check", "build", "feed", "status"):
        capsys.readouterr()
        assert run([command]) == 2
        assert f"newsletter.yaml:{line}:7: CF012 there is no kind `essai`" in capsys.readouterr().err


@pytest.mark.parametrize("broken", ["date: [\ndraft: true", "date: 2026-01-06\nslug: hello"])
def test_feed_writes_nothing_if_an_issue_has_errors(
    broken: str, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["new", "Hello", "--date", "2026-01-05"])
    finish(only_issue(letter))
    other = letter / "issues/2026-01-06-other/index.md"
    other.parent.mkdir()
    other.write_text(f"---\ntitle: Other\n{broken}\n---\n\nNot to be seen yet.\n")
    assert run(["feed"]) == 1
    assert "issues/2026-01-06-other/index.md:" in capsys.readouterr().out
    assert not (letter / "feeds").exists()


def test_feed_writes_the_same_feeds_as_build(letter: Path) -> None:
    run(["new", "Hello", "--date", "2026-01-05"])
    finish(only_issue(letter))
    assert run(["feed"]) == 0
    alone = {file.name: file.read_bytes() for file in (letter / "feeds").iterdir()}
    assert run(["build"]) == 0
    assert alone == {file.name: file.read_bytes() for file in (letter / "feeds").iterdir()}


def test_status_shows_states_and_sections(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "Hello"])
    capsys.readouterr()
    assert run(["status", "hello"]) == 0
    reported = capsys.readouterr().out
    assert "draft" in reported
    assert "words" in reported


def test_status_shows_how_much_of_an_issue_is_free(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "Hello"])
    path = only_issue(letter)
    head = path.read_text().split("---\n")[1]
    path.write_text(f"---\n{head}---\n\none two three\n\n::: paywall\n\nfour five\n")
    capsys.readouterr()
    assert run(["status"]) == 0
    assert "5 words, 3 of them free" in capsys.readouterr().out


def test_export_writes_either_edition_or_reports_that_there_is_only_one(
    letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["new", "Hello"])
    path = only_issue(letter)
    whole = path.read_text()
    export = ["export", path.parent.name, "--for", "html", "--edition", "paid"]
    assert run(export) == 2
    assert "has no paid edition: all readers get the same letter" in capsys.readouterr().err
    path.write_text(f"{whole}\n::: paywall\n\nThe rest.\n")
    assert run(export) == 0
    reported = capsys.readouterr().out
    assert "5 files for html, for paying readers: build/hello/for-html-paid" in reported
    assert "free edition" not in reported
    assert "The rest." in (letter / "build/hello/for-html-paid/hello-paid.txt").read_text()
    assert run(export[:4]) == 0
    assert "`--edition paid` exports the one for paying readers" in capsys.readouterr().out
    assert "The rest." not in (letter / "build/hello/for-html/hello.txt").read_text()


def test_a_file_in_place_of_a_folder_ends_the_command_with_3(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "Hello"])
    (letter / "build").write_text("in the way")
    assert run(["build"]) == 3
    assert "build" in capsys.readouterr().err
    assert (letter / "build").read_text() == "in the way"
    assert not (letter / "public").exists()


@pytest.mark.parametrize("folder", [".", "issues", "templates"])
@pytest.mark.parametrize("command", [["export", "hello", "--for", "html", "-o"], ["preview", "--export"]])
def test_an_export_does_not_write_among_the_issues(
    letter: Path, command: list[str], folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["new", "Hello"])
    finish(only_issue(letter))
    before = sorted(letter.rglob("*.*"))
    assert run([*command, folder]) == 2
    assert "is not for exports: it belongs to the workspace" in capsys.readouterr().err
    assert [path for path in sorted(letter.rglob("*.*")) if ".newsletter" not in path.parts] == before


def test_a_file_that_cannot_be_written_is_named_with_its_folder(
    letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["new", "Hello"])
    (letter / "look").mkdir()
    (letter / "look/issues").write_text("in the way")
    assert run(["preview", "--export", "look"]) == 3
    assert "look/issues" in capsys.readouterr().err
    assert run(["init", "look/issues/letter"]) == 3
    assert "look/issues is a file but must be a folder" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage:")
    command = group.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.name == name


def test_help_imports_no_slow_packages() -> None:
    import subprocess
    import sys

    code = "import sys; from newsletter.cli import run; run(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for module in ("yaml", "markdown_it", "jinja2", "mjml", "premailer", "feedgen", "lxml", "PIL", "pygments"):
        assert f"'{module}'" not in done.stdout, module


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_closed_output_pipe_is_not_an_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-m", "newsletter", "rule"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("moment", ["soon", "-", "9" * 30])
def test_an_invalid_time_is_refused(
    moment: str, letter: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
    assert run(["build"]) == 2
    assert "SOURCE_DATE_EPOCH cannot be" in capsys.readouterr().err
    assert not (letter / "public").exists()


def test_an_issue_about_another_month_can_be_drafted(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (letter / "templates/essay/house.yaml").write_text(
        'file_name: "{period:yyyy-MM}-{slug}"\nsections: {news: {heading: "News of {period:MMMM yyyy}"}}\n'
    )
    assert run(["new", "Ports", "--date", "2026-12-19", "--period", "2026-11"]) == 0
    draft = (letter / "issues/2026-11-ports/index.md").read_text()
    assert "\ndate: 2026-12-19\n" in draft
    assert "\nperiod: 2026-11\n" in draft
    assert "\n## News of November 2026\n" in draft
    assert run(["new", "Ports", "--date", "2026-12-19"]) == 0
    assert "\n## News of December 2026\n" in (letter / "issues/2026-12-ports/index.md").read_text()
    # Without other information, the file name has the month.
    named = letter / "issues/2026-11-ports/index.md"
    named.write_text("---\ntitle: Ports\ndate: 2026-12-19\n---\n\n## News of November 2026\n\nShips wait.\n")
    assert run(["check", str(named)]) == 0
    named.write_text(named.read_text().replace("November", "December"))
    assert run(["check", str(named)]) == 1
    assert "ST124" in capsys.readouterr().out
    assert run(["new", "Ports", "--period", "last month"]) == 2
    assert "`last month` is not a period" in capsys.readouterr().err


def test_an_error_in_another_workspace_shows_the_line_of_that_workspace(
    letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command is started in one workspace and works on another, and shows lines of the other."""
    other = tmp_path / "other"
    assert run(["init", str(other), "--kind", "essay", *OPTIONS]) == 0
    (other / "newsletter.yaml").write_text("title: Ports\nurl: nowhere\n")
    for command in (["build"], ["check"], ["status"], ["feed"], ["house", "show", "essay"]):
        capsys.readouterr()
        assert run(["-C", str(other), *command]) == 2
        output = "".join(capsys.readouterr())
        assert "2 | url: nowhere" in output, output
        assert f"..{os.sep}other{os.sep}newsletter.yaml" in output
