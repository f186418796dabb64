"""Numbers of thousands of digits, in any place, are a finding or plain text, never an error of Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from newsletter.bundled import templates_folder
from newsletter.cli import run
from newsletter.digits import unescape, whole_number
from newsletter.infer.course import natural
from newsletter.linkcheck import Policy
from newsletter.linkcheck.crawl import _asked_to_wait
from newsletter.linkcheck.fetch import Response
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

BIG = "9" * 5000
ARABIC = "٣" * 5000
COMMANDS = (["check"], ["build"], ["status"], ["export", "2026-01-01-a", "--for", "eml"])


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")  # 2026-11-18
    assert run(["init", str(tmp_path / "letter"), "--kind", "essay", *OPTIONS]) == 0
    return tmp_path / "letter"


def write(root: Path, front: str, body: str = "Hello.", name: str = "2026-01-01-a") -> None:
    folder = root / "issues" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(f"---\n{front}\n---\n\n{body}\n\n## A section\n\nText.\n", encoding="utf-8")


def assert_no_crash(root: Path, *commands: list[str]) -> None:
    for command in commands or COMMANDS:
        assert run(["-C", str(root), *command]) in {0, 1, 2}


@pytest.mark.parametrize(
    "front",
    [
        *(f"number: {number}" for number in (BIG, f"-{BIG}", f"+{BIG}", f"'{BIG}'", f"'{ARABIC}'", f"0x{BIG}", f"0o{'7' * 9000}")),
        *(f"number: {number}" for number in (f"0b{'1' * 20000}", f"{BIG}.5", f"1e{BIG}", f"1:{BIG}:2", f"{'1_' * 3000}1", BIG[:19], "0" * 5000 + "7")),
        *(f"number: {number}" for number in (f"!!int {BIG}", f"!!float '{BIG}'", f"[{BIG}]", f"{{{BIG}: {BIG}}}", ".inf", f"&{BIG} 1")),
        *(f"date: {date}" for date in (f"{BIG}-01-01", f"2026-01-01T00:00:00.{BIG}", f"2026-01-01T00:00+{BIG}:00", f"2026-{BIG}-01", f"2026-01-01 {BIG}:00")),
        *(f"title: {title}" for title in (BIG, f"{BIG}. A", f'"&#{BIG};"', f"Issue {BIG}")),
        *(f"{key}: {BIG}" for key in ("slug", "id", "tags", "authors", "cover", "kind", "summary", "preheader", BIG)),
    ],
    ids=lambda front: front[:30],
)  # fmt: skip
def test_numbers_in_front_matter_may_have_any_length(root: Path, front: str) -> None:
    rest = {"title": "A", "date": "2026-01-01", "summary": "x"}
    rest.pop(front.partition(":")[0], None)
    write(root, "\n".join([front, *(f"{key}: {value}" for key, value in rest.items())]))
    assert_no_crash(root)


@pytest.mark.parametrize(
    "body",
    [
        *(f"{BIG}. item", f"{BIG}) item", f"### {BIG}. A", f"### {ARABIC}. A", f"a[^{BIG}]\n\n[^{BIG}]: b"),
        *(f"&#{BIG};", f"&#x{BIG};", f"<p>&#{BIG};</p>", f'<a href="https://a.example/&#{BIG};">x</a>', f"<b title='&#{BIG};'>x</b>"),
        *(f"[x](https://a.example/?a&#{BIG};)", f"[x](&#{BIG};)", f"{{{{ first_name | &#{BIG}; }}}}", f"<!--[if mso]>&#{BIG};<![endif]-->"),
        *(f"![x](x.svg){{width={BIG}}}", f"<table><tr><td colspan={BIG}>x</table>", f"<ol start={BIG}><li>x</ol>", f"[x](https://a.example:{BIG}/)"),
        *(f'<p style="color:rgb({BIG},{BIG},{BIG});width:{BIG}px;font-size:{BIG}pt">x</p>', f"[x](http://{BIG}.{BIG}/) [y](http://{BIG}/)"),
        *(f"::: event\ndate: {BIG}-01-01\n:::", f"::: poll\n{BIG}\n:::", f"::: button\n[{BIG}](https://a.example/{BIG})\n:::", f"© {BIG} The letter"),
        *(f"https://youtu.be/abcdefghijk?t={BIG}", f"::: audio\na.mp3\nlength: {BIG}\n:::", f"[x](<http://[::{BIG}]/>)", f"Copyright © {BIG}–{BIG}"),
    ],
    ids=lambda body: body[:30],
)  # fmt: skip
def test_numbers_in_text_may_have_any_length(root: Path, body: str) -> None:
    write(root, "title: A\ndate: 2026-01-01\nsummary: x", body)
    (root / "issues/2026-01-01-a/x.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{BIG}" height="1e{BIG}" viewBox="0 0 {BIG} 1e{BIG}">'
        f'<feTurbulence numOctaves="{BIG}"/></svg>'
    )
    assert_no_crash(root)


def numbers_of_house_formats() -> list[tuple[str, int, int]]:
    """Every number in the bundled house formats: kind, start and end."""
    found = []
    for kind in ("briefing", "digest", "essay"):
        text = (templates_folder() / kind / "house.yaml").read_text()
        found += [(kind, match.start(), match.end()) for match in re.finditer(r"(?<=[ \[{-])\d+(?=[\s,\]}-])", text)]
    return found


@pytest.mark.parametrize("spot", numbers_of_house_formats(), ids=lambda spot: f"{spot[0]} {spot[1]}")
def test_every_number_of_a_house_format_may_have_any_length(root: Path, spot: tuple[str, int, int]) -> None:
    kind, start, end = spot
    text = (templates_folder() / kind / "house.yaml").read_text()
    folder = root / "templates" / kind
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "house.yaml").write_text(text[:start] + BIG + text[end:])
    write(root, f"title: A\ndate: 2026-01-01\nsummary: x\nkind: {kind}")
    assert_no_crash(root, ["check"], ["house", "show", kind])


@pytest.mark.parametrize(
    "more",
    [
        *(f"words: {{at least: {BIG}}}", f"words: at least {BIG}", f"words: {BIG}-{BIG}", f"words: {BIG}", f"words: {ARABIC}"),
        *(f"eras:\n- since: number {BIG}\n  words: 1", f"eras:\n- since: {BIG}\n  words: 1", f"since: '#{BIG}'"),
        *(f"front:\n  number: {{between: {BIG}}}", f"front:\n  x: {{length: {BIG}}}", f"sections:\n- heading: A\n  items: {BIG}"),
        *(f"sections:\n- heading: A\n  items: at most {BIG}", f"sections:\n- heading: A\n  repeats: {BIG}", f"file_name: '{{number:{BIG}}}-{{slug}}'"),
        *("front:\n  title: {form: 'Issue {number}'}", "file_name: '{number}-{slug}'", f"contents: {BIG}"),
    ],
    ids=lambda more: more[:40],
)  # fmt: skip
def test_a_house_format_may_require_numbers_of_any_length(root: Path, more: str) -> None:
    folder = root / "templates/essay"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "house.yaml").write_text(f"name: essay\n{more}\n")
    write(root, f"title: Issue {BIG}\ndate: 2026-01-01\nsummary: x")
    write(root, "title: A\ndate: 2026-01-01\nsummary: x", name=f"{BIG[:150]}-a")
    assert_no_crash(root, ["check"], ["house", "show"], ["build"])


@pytest.mark.parametrize(
    "line",
    [
        *(f"feeds: {{entries: {BIG}}}", f"theme: {{width: {BIG}}}", f"email: {{clients: {{gmail: {BIG}}}}}", f"title: {BIG}", f"url: https://a.example:{BIG}/"),
        *(f"check: {{severity: {BIG}}}", f"links: {{timeout: {BIG}}}", f"language: {BIG}", f"timezone: '{BIG}'", f"{BIG}: {BIG}", f"address: {BIG}"),
    ],
    ids=lambda line: line[:30],
)  # fmt: skip
def test_numbers_in_the_configuration_may_have_any_length(root: Path, line: str) -> None:
    yaml = root / "newsletter.yaml"
    key = line.partition(":")[0]
    kept = [old for old in yaml.read_text().splitlines() if not old.startswith(f"{key}:")]
    yaml.write_text("\n".join([*kept, line]) + "\n")
    write(root, "title: A\ndate: 2026-01-01\nsummary: x")
    assert_no_crash(root, ["check"], ["build"])


@pytest.mark.parametrize("name", ["prose.mjml", "footer.mjml", "button.html"])
@pytest.mark.parametrize(
    "text",
    [f"&#{BIG};", f'<a href="&#{BIG};" style="font-size:{BIG}px;color:rgb({BIG},1,1)">a</a>'],
    ids=["text", "tag"],
)
def test_numbers_in_a_template_may_have_any_length(root: Path, name: str, text: str) -> None:
    source = (templates_folder() / "theme/email" / name).read_text()
    own = root / "templates/theme/email" / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(re.sub(r"(</mj-text>|</a>|</td>)", lambda found: text + found[0], source, count=1))
    write(root, "title: A\ndate: 2026-01-01\nsummary: x", "::: button\n[x](https://a.example/)\n:::")
    assert_no_crash(root)


def test_a_house_format_is_inferred_from_issues_with_numbers_of_any_length(root: Path) -> None:
    for number in range(4):
        write(
            root,
            f"title: Issue {number}{BIG}\ndate: 2026-01-0{number + 1}\nx: {BIG}",
            f"{BIG}. one",
            f"2026-01-0{number + 1}-a",
        )
    assert_no_crash(root, ["house", "infer", str(root / "issues"), "-o", str(root / "inferred")])
    assert natural(f"issue-{BIG}") < natural(f"issue-1{BIG}")
    assert natural("issue-9") < natural("issue-10") == natural("issue-010")


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "A", "--number", BIG],
        ["new", "A", "--date", f"{BIG}-01-01"],
        ["preview", "--port", BIG],
        ["lsp", "--port", BIG],
    ],
)
def test_numbers_in_options_may_have_any_length(root: Path, arguments: list[str]) -> None:
    assert_no_crash(root, arguments)


def test_a_character_reference_may_have_any_length() -> None:
    assert unescape(f"&#{BIG};a&#65;&amp;&#{'0' * 5000}66;&#x{BIG};") == "\ufffdaA&B\ufffd"
    assert whole_number("٣" * 18) == int("3" * 18)
    assert whole_number("3" * 19) is None


NO_NUMBERS = (BIG, ARABIC, "²", "①", "½", "፩", "-1", "1e9", "0", "")
"""What is no number of a few digits. `str.isdigit` is true for some of which `int` makes no number."""


def test_only_decimal_digits_are_a_number() -> None:
    assert [whole_number(text) for text in NO_NUMBERS] == [None] * 8 + [0, None]
    assert whole_number("٣") == 3


@pytest.mark.parametrize("number", NO_NUMBERS, ids=lambda number: number[:3])
def test_numbers_in_an_imported_page_may_be_anything(root: Path, tmp_path: Path, number: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>A letter</title></head><body><article><h1>A letter</h1><p>Some text of the letter.</p>"
        f"<table><tr><th colspan='{number}' rowspan='{number}'>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
        f"<ol start='{number}'><li>One</li><li value='{number}'>Two</li></ol>"
        f"<p><img src='x.png' alt='A gate' width='{number}' height='{number}px' srcset='y.png {number}w'></p>"
        f"<p><a href='https://twitter.com/ada'><img src='icon.png' width='{number}px'></a></p>"
        f"<div data-block='gallery' data-columns='{number}'><p>Words.</p></div>"
        f"<div data-block='event' data-facts='{number}' data-date='{number}'><p>Fair.</p></div>"
        f"<pre data-kept={number}>code</article></body></html>",
        encoding="utf-8",
    )
    assert run(["-C", str(root), "import", str(page)]) in {0, 1}
    text = next(root.glob("issues/*/index.md")).read_text(encoding="utf-8")
    assert "Some text of the letter." in text
    assert "One" in text


@pytest.mark.parametrize("number", NO_NUMBERS, ids=lambda number: number[:3])
def test_a_port_may_be_anything(root: Path, number: str) -> None:
    write(root, "title: A\ndate: 2026-01-01\nsummary: x", f"[A site](https://example.org:{number}/x) has more.")
    assert_no_crash(root)


@pytest.mark.parametrize("number", NO_NUMBERS, ids=lambda number: number[:3])
def test_a_server_may_ask_to_wait_for_anything(number: str) -> None:
    response = Response(429, retry_after=number)
    assert _asked_to_wait(response, Policy()) == (0.0 if number == "0" else None)
