"""Links of snippets are treated like those of issues: checked at their place, and files beside the snippet are published."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from newsletter.build.pipeline import build
from newsletter.cli import run
from newsletter.commands.check import check_issues
from newsletter.commands.links import ask_links
from newsletter.config.workspace import issue_files
from newsletter.linkcheck import Policy
from tests.build.snippets import BODY, FRONT, ISSUE, NOW, SNIPPETS, TIPS, findings, make_letters, tips

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic

PDF = b"%PDF-1.4 prices"


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one issue, and a snippet that links to its own file."""
    monkeypatch.chdir(tmp_path)
    make_letters(tmp_path, "[What it costs](prices.pdf)\n")
    (tmp_path / SNIPPETS / "prices.pdf").write_bytes(PDF)
    return tmp_path


def found(root: Path) -> list[Diagnostic]:
    return findings(root, "LK")


def links(text: str) -> list[str]:
    return [address for address in re.findall(r'href="([^"]*)"', text) if "prices" in address or "plan-" in address]


def test_a_file_beside_a_snippet_is_published_and_linked_in_every_output(letters: Path) -> None:
    report = build(letters, now=NOW)
    assert not report.diagnostics
    assert (letters / "public/ports/prices.pdf").read_bytes() == PDF
    assert links((letters / "public/ports/index.html").read_text()) == ["prices.pdf"]
    address = "https://letters.example/ports/prices.pdf"
    assert links((letters / "build/ports/email.html").read_text()) == [address]
    assert address in (letters / "build/ports/email.txt").read_text()
    assert address in (letters / "feeds/atom.xml").read_text()
    assert address in json.loads((letters / "feeds/feed.json").read_text())["items"][0]["content_html"]
    assert not found(letters)


def test_an_issue_keeps_its_own_file_of_the_same_name(letters: Path) -> None:
    own = letters / ISSUE.replace("index.md", "prices.pdf")
    own.write_bytes(b"%PDF-1.4 of the issue")
    (letters / ISSUE).write_text(f"{FRONT}{BODY}\nThe [prices of ports](prices.pdf) rose.\n")
    build(letters, now=NOW)
    page = links((letters / "public/ports/index.html").read_text())
    assert len(set(page)) == 2
    assert [(letters / "public/ports" / name).read_bytes() for name in page] == [own.read_bytes(), PDF]


def test_a_changed_file_is_published_again_and_a_missing_one_holds_the_issue_back(letters: Path) -> None:
    build(letters, now=NOW)
    (letters / SNIPPETS / "prices.pdf").write_bytes(b"%PDF-1.4 higher prices")
    build(letters, now=NOW)
    assert (letters / "public/ports/prices.pdf").read_bytes() == b"%PDF-1.4 higher prices"
    (letters / SNIPPETS / "prices.pdf").unlink()
    report = build(letters, now=NOW)
    assert [(one.path, one.code, one.span.line) for one in report.diagnostics] == [(TIPS, "LK104", 3)]
    assert (letters / "public/ports/prices.pdf").is_file()  # the published files stay


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("[a](missing.pdf)", "LK104"),
        ("[a](folder/prices.pdf)", "LK104"),
        ("[a](www.example.org/x)", "LK104"),
        ("[a](http//example.org)", "LK101"),
        ("[a](javascript:alert)", "LK103"),
        ("[a](file:///C:/prices.pdf)", "LK103"),
        ("[a](http://127.0.0.1/x)", "LK105"),
        ("[a](http://example.org/x)", "LK106"),
        ("[a](mailto:nobody)", "LK120"),
        ("[a](https://jane:secret@example.org/)", "LK123"),
        ("[a](plan-{number}.pdf)", "LK104"),
    ],
)
def test_a_broken_link_is_reported_at_its_place_in_the_snippet(letters: Path, link: str, code: str) -> None:
    tips(letters, f"{link}\n")
    assert [(one.path, one.code, one.span.line) for one in found(letters) if one.code == code] == [(TIPS, code, 3)]
    tips(letters, f"<!-- check: ignore {code} -->\n\n{link}\n")
    assert code not in {one.code for one in found(letters)}


@pytest.mark.parametrize(
    "link",
    [
        "[a]({url}prices)",
        "[a](mailto:{reply_to})",
        "[a](mailto:letters@letters.example?subject={title})",
        "[a](https://example.org/{{ first_name | reader }})",
        "[a](prices.pdf)",
        "[a](../../../issues/2024-01-31-ports/index.md)",
        "[a](#ports)",
        "[a]({{ unsubscribe_url }})",
    ],
)
def test_a_working_link_is_not_reported(letters: Path, link: str) -> None:
    tips(letters, f"{link}\n")
    assert not found(letters)


def test_a_file_named_by_the_issue_number_is_published(letters: Path) -> None:
    tips(letters, "[The plan](plan-{number}.pdf)\n")
    (letters / SNIPPETS / "plan-3.pdf").write_bytes(PDF)
    build(letters, now=NOW)
    assert links((letters / "public/ports/index.html").read_text()) == ["plan-3.pdf"]
    (letters / SNIPPETS / "plan-3.pdf").write_bytes(b"%PDF-1.4 another")
    build(letters, now=NOW)
    assert (letters / "public/ports/plan-3.pdf").read_bytes() == b"%PDF-1.4 another"


def test_a_finding_in_the_issue_is_not_repeated_for_its_snippets(letters: Path) -> None:
    (letters / ISSUE).write_text(f"{FRONT}{BODY}\nA [script](javascript:alert) here.\n")
    assert [(one.path, one.code) for one in found(letters)] == [(ISSUE, "LK103")]


def test_fix_gives_advice_for_a_snippet_and_does_not_change_it(
    letters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tips(letters, "[a](www.example.org/x)\n")
    before = (letters / TIPS).read_text()
    run(["check", "--fix"])
    assert (letters / TIPS).read_text() == before
    assert "Put https:// in front." in capsys.readouterr().out


def test_link_checks_include_snippets_with_filled_fields(letters: Path) -> None:
    tips(
        letters,
        "[a](https://private.example/{number}) [b](https://private.example/b) [c](https://x.example/{{ first_name }})\n",
    )
    asked = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    answers = ask_links(letters, issue_files(letters), now=NOW, policy=Policy(resolve=resolve)).answers
    assert set(answers) == {"https://private.example/3", "https://private.example/b"}
    reported = check_issues(letters, issue_files(letters), live=answers).diagnostics
    assert [(one.path, one.span.line) for one in reported if one.code == "LK208"] == [(TIPS, 3), (TIPS, 3)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TK(our address)", "ST112"),
        ("[INSERT]", "ST123"),
        ("::: callot Title\nWrite to us.\n:::", "ST118"),
        ("::: button\nNothing\n:::", "ST122"),
        ("<script>alert(1)</script>", "ST116"),
        ("A note[^1].", "ST130"),
        ("See [our list][nowhere].", "LK110"),
        ("Write to us TK.", "TX110"),
        ("A cafÃ© nearby.", "TX106"),
        ("Write to the the editor.", "TX101"),
        ("<!-- check: ignore ST999 -->", "ST128"),
    ],
)
def test_broken_or_unfinished_text_in_snippets_is_reported(letters: Path, text: str, code: str) -> None:
    (letters / "templates/letter/house.yaml").write_text("name: Letter\nstanding:\n  tips: end\nnever: ['[INSERT]']\n")
    tips(letters, f"{text}\n")
    assert (TIPS, code, 3) in {(one.path, one.code, one.span.line) for one in everything(letters)}
    if code != "ST128":
        tips(letters, f"<!-- check: ignore-file {code} -->\n\n{text}\n")
        assert code not in {one.code for one in everything(letters)}


def test_an_unused_snippet_is_not_checked(letters: Path) -> None:
    (letters / ISSUE).write_text(f"{FRONT}{BODY}".replace("number: 3\n", ""))
    tips(letters, "Number {number}: TK(what) [x](missing.pdf)\n")
    assert not [one for one in everything(letters) if one.path == TIPS]


def everything(root: Path) -> tuple[Diagnostic, ...]:
    return check_issues(root, issue_files(root)).diagnostics


def test_a_file_for_paying_readers_is_only_in_their_edition(letters: Path) -> None:
    tips(letters, "[All](prices.pdf)\n\n::: only paid\n[Prices for members](members.pdf)\n:::\n")
    (letters / SNIPPETS / "members.pdf").write_bytes(b"%PDF-1.4 members")
    report = build(letters, now=NOW)
    assert not report.diagnostics
    assert not [path for path in (letters / "public").rglob("*") if "members" in path.name]
    shown = [path for folder in ("public", "feeds") for path in (letters / folder).rglob("*") if path.is_file()]
    assert not [path for path in shown if b"members.pdf" in path.read_bytes()]
    assert "members.pdf" not in (letters / "build/ports/email.html").read_text()
    assert (letters / "build/ports/paid/members.pdf").read_bytes() == b"%PDF-1.4 members"
    assert "members.pdf" in (letters / "build/ports/email-paid.html").read_text()
    assert (letters / "public/ports/prices.pdf").read_bytes() == PDF
