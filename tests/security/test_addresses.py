"""Addresses that run code, lead to a disk or have no scheme are found in any spelling, and never published."""

from __future__ import annotations

import json
import re
import socket
import threading
from html import unescape
from typing import TYPE_CHECKING

import feedparser
import pytest
from PIL import Image

from newsletter.bundled import templates_folder
from newsletter.cli import run
from newsletter.render.markup import is_safe
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")  # 2026-11-18
    assert run(["init", str(tmp_path / "letter"), "--kind", "essay", *OPTIONS]) == 0
    return tmp_path / "letter"


def write(root: Path, body: str) -> None:
    folder = root / "issues/2026-01-01-a"
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 4)).save(folder / "a.png")
    front = "title: A\ndate: 2026-01-01\nsummary: x\n"
    (folder / "index.md").write_text(f"---\n{front}---\n\n{body}\n\n## A section\n\nText.\n", encoding="utf-8")


def codes(root: Path, capsys: pytest.CaptureFixture[str], *wanted: str) -> list[str]:
    """The codes of a check's findings that are in `wanted`."""
    capsys.readouterr()
    run(["-C", str(root), "check", "--output-format", "json"])
    return [found["code"] for found in json.loads(capsys.readouterr().out)["findings"] if found["code"] in wanted]


def addresses(root: Path) -> list[str]:
    """Every address in any output."""
    found = []
    for top in ("build", "public"):
        for path in (root / top).rglob("*.html"):
            found += [unescape(one) for one in re.findall(r'(?:href|src|srcset)="([^"]*)"', path.read_text())]
    for entry in feedparser.parse((root / "feeds/rss.xml").read_bytes()).entries:
        found += [
            unescape(one)
            for one in re.findall(r'(?:href|src)="([^"]*)"', entry.get("content", [{}])[0].get("value", ""))
        ]
    return found


ADDRESSES = ("LK101", "LK103", "LK104", "LK105", "FG104", "FG105")
UNSAFE = [
    *("[k](javascript:alert(1))", "[k](&#106;avascript:alert(1))", "[k](&#x6a;avascript:x)", "[k](&#000106;avascript:x)", "[k](java\tscript:x)"),
    *("[k]( javascript:x)", "[k](JaVaScRiPt:x)", "[k](javascript&colon;x)", "[k](javascript&#58;x)", "[k](javascript\\:x)", "[k](&#x20;javascript:x)"),
    *("[k](vbscript:x)", "[k](data:text/html,x)", "[k](file:///etc/passwd)", "[k](&#102;ile:///x)", "[k](<javascript:x>)", "[k](view-source:x)"),
    *("[k](blob:x)", "[k](about:blank)", "[k](jar:x!/y)", "[k](ms-msdt:/id)", "[k](intent:x)", "[k](search-ms:query=x)", "[k](feed:javascript:x)"),
    *("[k][r]\n\n[r]: javascript:x", "[k][r]\n\n[r]: &#106;avascript:x", "[k][r]\n\n[r]:\n  javascript:x", "[r]\n\n[r]: <data:text/html,x>"),
    *("<javascript:alert(1)>", "<&#106;avascript:x>", "<file:///etc/passwd>", "![k](javascript:x)", "![k](&#106;avascript:x)"),
    *("[![k](a.png)](javascript:x)", "::: button\n[k](&#106;avascript:x)\n:::", "| a |\n|--|\n| [k](javascript:x) |"),
    *("> [k](&#106;avascript:x)", "- [k](vbscript:x)", "### [k](javascript:x)", "a[^1]\n\n[^1]: [k](&#106;avascript:x)", "**[k](javascript:x)**"),
    *("[k](C:\\x.pdf)", "[k](C:/x.pdf)", "[k](<C:\\my files\\x.pdf>)", "[k](d:x)"),
]  # fmt: skip


@pytest.mark.parametrize("body", UNSAFE)
def test_an_executable_or_disk_address_is_one_finding_and_never_published(
    root: Path, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, body)
    assert codes(root, capsys, *ADDRESSES) == ["LK103"]
    assert run(["-C", str(root), "build"]) in {0, 1}
    assert all(map(is_safe, addresses(root)))
    assert not [
        one
        for one in addresses(root)
        if re.match(r"(?i)[\s\x00-\x20]*(?:javascript|vbscript|data|file|feed|[a-z]):(?!//fonts)", one)
    ]


@pytest.mark.parametrize(
    "body",
    [
        *("[k](<java\tscript:x>)", "[k](java&Tab;script:x)", "[k](java&NewLine;script:x)", "[k](jav&#x09;ascript:x)", "[k](java\\script:x)"),
        *("[k](&zwnj;javascript:x)", "[k](%6aavascript:x)", "[k](java\u200bscript:x)", "[k](&#1;javascript:x)", "[k](<java script:x>)"),
    ],
)  # fmt: skip
def test_an_address_that_only_lax_parsers_execute_is_a_finding(
    root: Path, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, body)
    assert len(codes(root, capsys, *ADDRESSES)) == 1
    run(["-C", str(root), "build"])
    assert not [one for one in addresses(root) if re.match(r"(?i)javascript:", re.sub(r"[\s\x00-\x20]", "", one))]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        *((f"![A lock]({path})", "FG105") for path in (r"C:\x.png", "C:/x.png", r"<C:\my pictures\x.png>", r"\\server\share\x.png", "/home/me/x.png", "~/x.png", r"D:\a\b.jpg")),
        ("![A lock](file:///c:/x.png)", "LK103"),
        ("![A lock](pics\\x.png)", "FG104"),
        *((f"[k]({path})", "LK101") for path in ("//letters.example/x", "//letters.example", "//letters.example:8080/x?y#z")),
        ("![A lock](//letters.example/x.png)", "LK101"),
        ("[k][r]\n\n[r]: //letters.example/x", "LK101"),
        *((f"[k]({path})", "LK105") for path in ("//host/x", "//localhost/x", "//10.0.0.1/x")),
        ("![A lock](//host/x.png)", "LK105"),
    ],
)  # fmt: skip
def test_an_address_of_a_disk_or_without_a_scheme_is_one_finding(
    root: Path, body: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, body)
    assert codes(root, capsys, *ADDRESSES) == [code]
    assert run(["-C", str(root), "build"]) in {0, 1}


def test_a_missing_scheme_is_fixed(root: Path) -> None:
    write(root, "[k](//letters.example/x) and ![A lock](//letters.example/x.png)")
    run(["-C", str(root), "check", "--fix"])
    text = (root / "issues/2026-01-01-a/index.md").read_text()
    assert "[k](https://letters.example/x) and ![A lock](https://letters.example/x.png)" in text


@pytest.mark.parametrize(
    "body",
    [
        *("`[k](javascript:x)`", "```\n[k](javascript:x)\n[r]: javascript:x\n<javascript:x>\n```", "<!-- [k](javascript:x) -->", "`<file:///x>`"),
        *("a[^1]\n\n[^1]: data: what was counted", "The data: all of it.", "[k](https://a.example/javascript:x)", "[k](https://a.example/?q=data:x)", "[k](mailto:a@b.example)"),
    ],
)  # fmt: skip
def test_correct_addresses_and_other_text_have_no_finding(
    root: Path, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, body)
    assert codes(root, capsys, "LK101", "LK103") == []


# ── Style sheets ────────────────────────────────────────────────────────────────────────────────────────────────────


def own_template(root: Path, name: str, text: str) -> None:
    path = root / "templates/theme/email" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def source(name: str) -> str:
    return (templates_folder() / "theme/email" / name).read_text()


RULES = ['@import "{}";', "@import url({});", "@import url('{}') screen;", "@IMPORT '{}';", "@\\69mport '{}';"]
FILES = ["file:///etc/hostname", "/etc/hostname", "ftp://127.0.0.1/x", "other.css"]
TABLE, INLINED = "", "\np:first-child { color: red }\n"
"""The rest of the style sheet: nothing, so that it becomes a table; a rule that no table can express, so that it is inlined."""


@pytest.mark.parametrize(
    ("rule", "where", "more"),
    [
        *((rule, "web", TABLE) for rule in RULES),
        *((RULES[0], where, TABLE) for where in FILES),
        (RULES[0], "web", INLINED),
    ],
)
def test_a_style_sheet_loads_no_other(
    root: Path, rule: str, where: str, more: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve_once, args=(server, asked), daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.css" if where == "web" else where
        own_template(root, "prose.css", rule.format(address) + "\n" + source("prose.css") + more)
        write(root, "Hello.")
        ended = run(["-C", str(root), "build"])
    assert asked == []
    said = capsys.readouterr().err
    assert (ended, "it imports" in said or "cannot be used" in said) == (2, True) or "69mport" in rule
    assert not [path for path in (root / "build").rglob("*.html") if "hostname" in path.read_text()]


def _serve_once(server: socket.socket, asked: list[bytes]) -> None:
    try:
        connection, _ = server.accept()
    except OSError:
        return
    with connection:
        asked.append(connection.recv(500))


@pytest.mark.parametrize(
    "sheet",
    [
        *("@import url(https://fonts.example/x.css);", "@import 'file:///c:/x.css';", "body { background: url(file:///c:/x.png) }", "@import url(//fonts.example/x);"),
    ],
)  # fmt: skip
def test_a_remote_style_sheet_in_a_template_is_a_finding_at_its_place(
    root: Path, sheet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own_template(root, "head.css", f"/* ours */\n{sheet}\n{source('head.css')}")
    write(root, "Hello.")
    capsys.readouterr()
    run(["-C", str(root), "check", "--output-format", "json"])
    found = [one for one in json.loads(capsys.readouterr().out)["findings"] if one["code"] == "EM107"]
    assert [(one["path"].endswith("templates/theme/email/head.css"), one["start"]["line"]) for one in found] == [
        (True, 2)
    ]
