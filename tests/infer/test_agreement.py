"""What is inferred from letters agrees with what the check finds in them."""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings

from newsletter.commands.check import check_issues
from newsletter.commands.infer import Inferred, infer_house
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from tests.infer.letters import Made, publications, write_letters

if TYPE_CHECKING:
    from newsletter.infer import Tally

ABOUT = re.compile(r"FM10[1-7]|ST10[1-57-9]|ST11[345]|ST12[345]|ST13[2-7]")
"""The rules that a house format is asked about."""
OTHERS = ("EM", "FG", "HS", "LK", "TX")
"""Families without any of them, which would write the emails of all letters."""


def inferred(root: Path, *, backwards: bool = False) -> Inferred:
    """The house format of a workspace's letters, given in order or the other way round."""
    files = issue_files(root)
    return infer_house(load_workspace(root), files[::-1] if backwards else files, "weekly")


def checked(root: Path, text: str) -> dict[str, set[str]]:
    """By rule, the letters in which `newsletter check` finds something once the house format is in place."""
    home = root / "templates" / "weekly"
    home.mkdir(parents=True)
    (home / "house.yaml").write_text(text, encoding="utf-8")
    found: dict[str, set[str]] = defaultdict(set)
    for finding in check_issues(root, issue_files(root), ignore=OTHERS).diagnostics:
        if ABOUT.fullmatch(finding.code):
            found[finding.code].add(finding.path)
    return found


def broken_paths(tally: Tally) -> set[str]:
    """The letters that break any rule of the house format."""
    return {path for paths in tally.breaking.values() for path in paths}


@given(publications())
@settings(max_examples=12)
def test_nearly_all_issues_follow_the_house_format_inferred_from_them(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_letters(made, root)
        found = inferred(root)
        by_code = checked(root, found.text)
    assert found.tally.accepted >= 0.95 * made.letters
    assert len(set().union(*by_code.values())) <= 0.05 * made.letters


@given(publications(slips=True))
@settings(max_examples=12)
def test_the_number_at_each_rule_is_that_of_the_check(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_letters(made, root)
        found = inferred(root)
        by_code = checked(root, found.text)
    tally = found.tally
    assert {code: len(paths) for code, paths in by_code.items()} == {
        code: count for code, count in tally.codes.items() if ABOUT.fullmatch(code)
    }
    assert set().union(*by_code.values()) == broken_paths(tally)
    assert tally.accepted == made.letters - len(broken_paths(tally))


@given(publications(slips=True))
@settings(max_examples=6)
def test_the_order_of_the_input_does_not_matter(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_letters(made, root)
        assert inferred(root).text == inferred(root, backwards=True).text


def test_the_numbers_in_the_file_are_those_of_the_report(tmp_path: Path) -> None:
    from tests.infer.letters import Part

    parts = (Part("In short", "linked"), Part("What we read", "heading"), Part("Until next week", "prose"))
    write_letters(
        Made(parts, 24, titled=True, summary=True, dated=False, seed=7, slips=("gone", "fieldless")), tmp_path
    )
    found = inferred(tmp_path)
    assert re.search(r"^  summary:\n    required: true +# 23 of 24$", found.text, re.MULTILINE)
    assert found.tally.obeying(("front", "summary", "required")) == (23, 24)
