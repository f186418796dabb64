"""Habits of letters: sources of quotations, titles in bold; and front matter that says something of the past alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.infer.test_later_letters import broken, change, inferred, write

if TYPE_CHECKING:
    from pathlib import Path

QUOTE = "\n> The lock leaks.\n>\n> — The keeper\n"


def test_a_rule_that_quotations_name_their_source_is_inferred(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: f"{text.rstrip()}\n{QUOTE}")
    assert re.search(r"\nquotations:\n  source: required +# all 32", inferred(tmp_path).text)
    assert broken(tmp_path) == set()
    last = max(tmp_path.glob("issues/*/index.md"))
    last.write_text(last.read_text().replace("— The keeper", "It does."))
    assert broken(tmp_path) == {last.relative_to(tmp_path).as_posix()}


def test_no_rule_is_inferred_if_some_quotations_have_no_source(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(
        tmp_path, lambda n, text: f"{text.rstrip()}\n{QUOTE if n % 4 else QUOTE.replace('— The keeper', 'It does.')}"
    )
    assert "quotations" not in inferred(tmp_path, 1).text


def test_no_rule_is_inferred_from_a_few_quotations(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: f"{text.rstrip()}\n{QUOTE if n % 5 == 0 else ''}")
    assert "quotations" not in inferred(tmp_path, 1).text


def test_a_rule_that_titles_are_bold_is_inferred(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: re.sub(r"^- (\[[^]]*\]\([^)]*\))", r"- **\1**", text, flags=re.MULTILINE))
    assert re.search(r"      bold: required +# all ", inferred(tmp_path).text)
    assert broken(tmp_path) == set()
    last = max(tmp_path.glob("issues/*/index.md"))
    last.write_text(last.read_text().replace("**", ""))
    assert broken(tmp_path) == {last.relative_to(tmp_path).as_posix()}


def test_former_addresses_make_no_rule_for_the_next_issue(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("---\n", f"---\nid: https://l.example/?p={n}\nformer: [/p/{n}]\n", 1))
    text = inferred(tmp_path).text
    assert re.search(r"  id: optional.*\n  former: optional", text)
    change(tmp_path, lambda n, text: re.sub("id: .*\nformer: .*\n", "", text) if n > 32 else text)
    assert broken(tmp_path) == set()


def test_what_all_issues_say_alike_need_not_be_said_again(tmp_path: Path) -> None:
    write(tmp_path, "plain", 20)
    change(tmp_path, lambda n, text: text.replace("number:", "language: nl\ntype: newsletter\nnumber:", 1))
    text = inferred(tmp_path, 1).text
    assert re.search(r"^  language: optional +# in 20 of 20$", text, re.MULTILINE)
    assert re.search(r"^  type: +# in 20 of 20\n    choices: \[newsletter\] +# all 20$", text, re.MULTILINE)


def test_what_one_issue_says_otherwise_is_said_by_each(tmp_path: Path) -> None:
    write(tmp_path, "plain", 20)
    change(tmp_path, lambda n, text: text.replace("number:", f"type: {'extra' if n % 5 == 0 else 'usual'}\nnumber:", 1))
    assert re.search(
        r"^  type:\n    required: true +# all 20\n    choices: \[usual, extra\]",
        inferred(tmp_path, 1).text,
        re.MULTILINE,
    )
