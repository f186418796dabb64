"""`newsletter rule`: lists and explanations, as text and JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from newsletter.check import RULES
from newsletter.check.families import FAMILIES, family_of
from newsletter.cli import run
from newsletter.report.page import page_as_text

if TYPE_CHECKING:
    from pathlib import Path


def test_every_rule_is_listed_under_the_heading_of_its_family(capsys: pytest.CaptureFixture[str]):
    assert run(["rule"]) == 0
    family, listed = "", {}
    for line in capsys.readouterr().out.splitlines():
        if heading := re.match("([A-Z]{2})  ", line):
            family = heading[1]
        elif rule := re.match(r"  ([A-Z]{2}\d{3})  (error|warning|off) +", line):
            listed[rule[1]] = (family, rule[2])
    assert listed == {rule.code: (rule.family, str(rule.severity)) for rule in RULES}


def test_every_rule_is_in_a_family_with_a_description():
    assert {rule.family for rule in RULES} <= {family.code for family in FAMILIES}
    assert family_of("st104") == family_of("ST")
    assert family_of("QQ") is None


@pytest.mark.parametrize("family", ["ST", "st"])
def test_a_family_can_be_listed(family: str, capsys: pytest.CaptureFixture[str]):
    assert run(["rule", family]) == 0
    shown = capsys.readouterr().out
    assert set(re.findall(r"^  ([A-Z]{2})\d{3}", shown, re.MULTILINE)) == {"ST"}


@pytest.mark.parametrize("name", ["ST104", "st104", "unlinked-title"])
def test_without_a_terminal_a_page_is_markdown(name: str, capsys: pytest.CaptureFixture[str]):
    assert run(["rule", name]) == 0
    assert capsys.readouterr().out.startswith("# ST104 · unlinked-title\n\n")


def test_rules_can_be_printed_as_json(capsys: pytest.CaptureFixture[str]):
    assert run(["rule", "--output-format", "json"]) == 0
    assert [rule["code"] for rule in json.loads(capsys.readouterr().out)] == [rule.code for rule in RULES]
    assert run(["rule", "FM101", "--output-format", "json"]) == 0
    rule = json.loads(capsys.readouterr().out)
    assert (rule["name"], rule["severity"], rule["warning_in_drafts"]) == ("missing-field", "error", True)
    assert rule["page"].startswith("# FM101")


def test_a_page_on_a_terminal_is_text():
    page = """\
# ST104 · unlinked-title

The title is a [link](../guide/checking.md), see [RFC](https://rfc.example/). **Never** bare; write `[a](b)`, a long line that has
to be wrapped.

- one
- two
  goes on

| a | b |
| --- | --- |
| `x` | yes |

```yaml templates/letter/house.yaml
sections:
  news: {}
```
"""
    assert (
        page_as_text(page, columns=60)
        == """\
ST104 · unlinked-title

The title is a link, see RFC <https://rfc.example/>. Never
bare; write `[a](b)`, a long line that has to be wrapped.

- one
- two goes on

a    b
`x`  yes

    (templates/letter/house.yaml)
    sections:
      news: {}
"""
    )
    assert page_as_text(page, colour=True).startswith("\x1b[1mST104 · unlinked-title\x1b[0m\n")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_on_a_terminal_has_no_markdown_marks(rule):
    from newsletter.check.families import page_of

    shown = page_as_text(page_of(rule.code))
    prose = "\n".join(line for line in shown.split("\n") if not line.startswith("    "))
    prose = re.sub("(`+).+?\\1", "", prose, flags=re.DOTALL)
    assert not re.search(r"^#|^```|^\||\]\(|\*\*", prose, re.MULTILINE)
    assert all(len(line) <= 80 for line in shown.split("\n") if not line.startswith("    "))


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("ST104", ["templates/letter/house.yaml:5: `items: {link: required, last: {link: optional}}`"]),
        (
            "FM101",
            ["templates/letter/house.yaml:2: `front: {title: required, mood: {required: true}, place: optional}`"],
        ),
        ("ST123", ["templates/letter/house.yaml:6: `never: [LINK_HERE]`"]),
        ("TX101", []),
    ],
)
def test_in_a_workspace_a_rule_names_the_lines_that_configure_it(
    code: str, lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "templates/letter").mkdir(parents=True)
    (tmp_path / "templates/letter/house.yaml").write_text(
        "name: Letter\nfront: {title: required, mood: {required: true}, place: optional}\nsections:\n  news:\n"
        "    items: {link: required, last: {link: optional}}\nnever: [LINK_HERE]\n"
    )
    (tmp_path / "newsletter.yaml").write_text(
        "title: L\nurl: https://letters.example/\nsender: {name: L, email: l@letters.example}\nkind: letter\n"
    )
    monkeypatch.chdir(tmp_path)
    assert run(["rule", code]) == 0
    shown = capsys.readouterr().out
    _, _, listed = shown.partition("\nThe house formats of this workspace mention it:\n\n")
    assert [line.removeprefix("- ") for line in listed.splitlines()] == lines


def test_outside_a_workspace_only_the_page_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert run(["rule", "ST104"]) == 0
    assert "in this workspace" not in capsys.readouterr().out
