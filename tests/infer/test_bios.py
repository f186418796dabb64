"""Texts about the authors at the end of the issues are shown by the author box, from the next issue on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.commands.infer import infer_house
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.house.load import load_house
from tests.infer.test_later_letters import broken, change, inferred, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BIOS = {
    "Marit Verlaat": "*Marit Verlaat keeps the lock at the old harbour, and writes about boats.*",
    "Jan Kok": "**Jan Kok** was a ferry captain for thirty years. He lives in Ghent.",
    "Ida Roe": "Our guest Ida Roe paints ships, mostly those that are no more.",
}


def by(name: str, text: str, bio: str) -> str:
    return f"{text.replace('---', f'---{chr(10)}authors: [{name}]', 1)}\n{bio}\n"


def writer(number: int) -> str:
    return "Ida Roe" if number == 7 else ("Marit Verlaat", "Jan Kok")[number % 2]


def test_texts_that_differ_by_author_become_the_author_box(tmp_path: Path) -> None:
    write(tmp_path, "plain", 24)
    change(tmp_path, lambda n, text: by(writer(n), text, BIOS[writer(n)]))
    found = inferred(tmp_path, 1)
    assert "\nauthor_box: {is: true, since: 25}\n" in found.text
    assert f"# > Marit Verlaat: {BIOS['Marit Verlaat']} (in 12)\n" in found.text
    assert f"# > Ida Roe: {BIOS['Ida Roe']} (in 1)\n" in found.text
    assert broken(tmp_path, 0) == set()
    versions, faults = load_house("weekly", (tmp_path / "templates",), tmp_path)
    assert (versions.latest.author_box, faults) == (True, ())


def test_an_issue_without_the_text_is_not_too_short_from_then_on(tmp_path: Path) -> None:
    write(tmp_path, "plain", 24)
    change(tmp_path, lambda n, text: by(writer(n), text, BIOS[writer(n)]))
    whole = inferred(tmp_path, 1).plan
    files = sorted(issue_files(tmp_path), key=lambda file: file.name)
    proposed = infer_house(load_workspace(tmp_path), files, "weekly", standing=False)
    assert (whole.sections[-1].words.minimum or 0) < (proposed.plan.sections[-1].words.minimum or 0)
    assert "\n# author_box: true\n" in proposed.text


def test_the_name_may_be_that_of_a_key(tmp_path: Path) -> None:
    write(tmp_path, "plain", 24)
    configuration = tmp_path / "newsletter.yaml"
    configuration.write_text(f"{configuration.read_text()}authors: {{marit: {{name: Marit Verlaat}}}}\n")
    change(tmp_path, lambda n, text: by(writer(n).replace("Marit Verlaat", "marit"), text, BIOS[writer(n)]))
    assert "author_box: {is: true" in inferred(tmp_path, 1).text


@pytest.mark.parametrize(
    "text_of",
    [
        lambda n: ("Marit Verlaat", BIOS["Marit Verlaat"]),
        lambda n: (writer(n), BIOS[writer(n)] if n % 5 else ""),
        lambda n: (writer(n), f"{writer(n)} was at the harbour again, and saw {n} ships that day."),
        lambda n: (writer(n), f"— {writer(n)}"),
        lambda n: (writer(n), "All who write for this letter live near the water, and like it."),
    ],
    ids=["one author", "one in five lacks it", "never the same", "a signature", "no name"],
)
def test_other_endings_are_not_author_boxes(tmp_path: Path, text_of: Callable[[int], tuple[str, str]]) -> None:
    write(tmp_path, "plain", 24)
    change(tmp_path, lambda n, text: by(text_of(n)[0], text, text_of(n)[1]))
    assert "author_box" not in inferred(tmp_path, 1).text


def test_seven_issues_are_not_enough(tmp_path: Path) -> None:
    write(tmp_path, "plain", 7)
    change(tmp_path, lambda n, text: by(writer(n), text, BIOS[writer(n)]))
    assert "author_box" not in inferred(tmp_path, 1).text
