"""Habits of letters: sources of quotations, titles in bold; and front matter that says something of the past alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.infer.test_later_letters import broken, change, inferred, write

if TYPE_CHECKING:
    from pathlib import Path

QUOTE = "\n> The lock leaks.\n>\n> — The keeper\n"


def test_that_quotations_name_their_source_is_written_and_kept_to(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: f"{text.rstrip()}\n{QUOTE}")
    assert re.search(r"\nquotations:\n  source: required +# all 32", inferred(tmp_path).text)
    assert broken(tmp_path) == set()
    last = max(tmp_path.glob("issues/*/index.md"))
    last.write_text(last.read_text().replace("— The keeper", "It does."))
    assert broken(tmp_path) == {last.relative_to(tmp_path).as_posix()}


def test_quotations_of_which_some_have_no_source_make_no_rule(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(
        tmp_path, lambda n, text: f"{text.rstrip()}\n{QUOTE if n % 4 else QUOTE.replace('— The keeper', 'It does.')}"
    )
    assert "quotations" not in inferred(tmp_path, 1).text


def test_a_few_quotations_make_no_rule(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: f"{text.rstrip()}\n{QUOTE if n % 5 == 0 else ''}")
    assert "quotations" not in inferred(tmp_path, 1).text


def test_that_titles_are_in_bold_is_written_and_kept_to(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: re.sub(r"^- (\[[^]]*\]\([^)]*\))", r"- **\1**", text, flags=re.MULTILINE))
    assert re.search(r"      bold: required +# all ", inferred(tmp_path).text)
    assert broken(tmp_path) == set()
    last = max(tmp_path.glob("issues/*/index.md"))
    last.write_text(last.read_text().replace("**", ""))
    assert broken(tmp_path) == {last.relative_to(tmp_path).as_posix()}


def test_where_issues_were_before_asks_nothing_of_the_next(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("---\n", f"---\nid: https://l.example/?p={n}\nformer: [/p/{n}]\n", 1))
    text = inferred(tmp_path).text
    assert re.search(r"  id: optional.*\n  former: optional", text)
    change(tmp_path, lambda n, text: re.sub("id: .*\nformer: .*\n", "", text) if n > 32 else text)
    assert broken(tmp_path) == set()
