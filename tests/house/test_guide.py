"""The guide's examples are valid house formats, and name existing rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "house-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
RULES = Path(__file__).parents[2] / "docs" / "rules"


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_guide_is_valid(example, house_from):
    sections = "" if "sections:" in example else "sections:\n  news: {heading: News}\n"
    _, faults = house_from(example + sections, subscribe="Subscribe.", tips="Tell us.", signed="Written by")
    assert faults == ()


def test_every_rule_that_the_guide_names_has_a_page():
    pages = re.findall(r"\.\./rules/(\w+\.md)", GUIDE)
    assert pages
    assert [page for page in pages if not (RULES / page).is_file()] == []
