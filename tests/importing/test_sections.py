from __future__ import annotations

import pytest

from newsletter.importing.letters import number_in
from newsletter.importing.sections import sectioned


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("# T\n\n## A\n\nx\n\n### b\n\ny", "## A\n\nx\n\n### b\n\ny\n"),
        ("#### A\n\nx\n\n##### b\n\ny", "## A\n\nx\n\n### b\n\ny\n"),
        ("## News\n\n## 1. A\n\nx\n\n## 2. B\n\ny\n\n## Book\n\nz", "## News\n\n### 1. A\n\nx\n\n### 2. B\n\ny\n\n## Book\n\nz\n"),
        ("## News\n\n**1. [A](https://a.example)**\n\nx\n\n**2. B**\n\ny\n\n**3. C**\n\nz", "## News\n\n### 1. [A](https://a.example)\n\nx\n\n### 2. B\n\ny\n\n### 3. C\n\nz\n"),
        ("1. A\n\nx\n\n2. B\n\ny\n\n3. C\n\nz", "## 1. A\n\nx\n\n## 2. B\n\ny\n\n## 3. C\n\nz\n"),
        ("1. A\n\nx\n\n2. B\n\ny\n\n3. C\n\nz\n\n## Book\n\nb", "## 1. A\n\nx\n\n## 2. B\n\ny\n\n## 3. C\n\nz\n\n## Book\n\nb\n"),
        ("**A**\n\nx\n\n**B**\n\ny", "## A\n\nx\n\n## B\n\ny\n"),
        ("**A**\n\n**B**\n\ny", "**A**\n\n**B**\n\ny\n"),
        ("T\n===\n\nA\n---\n\nx\n\n### B\n\ny", "## A\n\nx\n\n### B\n\ny\n"),
        ("```\n# no\n\n## heading\n```", "```\n# no\n\n## heading\n```\n"),
        ("## In this issue\n\n- A\n- B\n- C\n\n## A\n\nx\n\n## B\n\ny\n\n## C\n\nz", "## In this issue\n\n## A\n\nx\n\n## B\n\ny\n\n## C\n\nz\n"),
    ],
)  # fmt: skip
def test_headings_are_sections_and_items(given, expected):
    assert sectioned(given, title="T").body == expected


def test_a_heading_above_all_others_that_is_not_the_title_is_reported():
    made = sectioned("# A quiet ship\n\n## One\n\nx", title="Ships")
    assert (made.lead, made.body) == ("A quiet ship", "## One\n\nx\n")


@pytest.mark.parametrize(
    ("title", "number"),
    [("Tech Digest #3", 3), ("Issue 12: Ports", 12), ("The Quay, No. 7", 7), ("第 8 期", 8), ("Ports in 2024", None), ("#1,5 million boats", None)],
)  # fmt: skip
def test_the_number_of_an_issue_is_in_its_title(title, number):
    assert number_in(title) == number


def test_thousands_of_lone_numbers_are_read_in_linear_time():
    numbers = "\n\n".join(["1."] * 10_000)
    assert sectioned(f"{numbers}\n\n## A\n\nx").body.endswith("## A\n\nx\n")
