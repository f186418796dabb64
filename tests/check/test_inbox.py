"""The subject and preheader that the inbox shows, and the fields used in their place."""

from __future__ import annotations

import pytest

LONG = "Three ports are full, and the ships that wait have begun to unload each other. " * 2
HOUSE = "front: {title: {length: at most 200}}"


def codes(checker, front: str) -> list[str]:
    found = checker.check(f"---\ndate: 2024-01-31\n{front}\n---\n\nShips wait for days.\n")
    return [one.code for one in found if one.code in {"FM104", "FM110", "FM111"}]


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (f"title: Ports\nsummary: {LONG}", ["FM111"]),
        (f"title: Ports\nsubtitle: {LONG}", ["FM111"]),
        (f"title: Ports\nsummary: {LONG[:150]}", []),
        ("title: Ports\nsubtitle: Short", []),
        (f"title: Ports\nsummary: {LONG}\npreheader: {LONG[:90]}", []),
        (f"title: Ports\nsubtitle: {LONG}\nsummary: {LONG[:90]}", []),
    ],
)
def test_the_text_used_as_preheader_is_measured(checker, front, expected):
    assert codes(checker, front) == expected


def test_a_title_used_as_subject_is_measured_despite_the_limit_for_titles(checker):
    checker.house(HOUSE)
    assert codes(checker, f"title: {LONG[:100]}") == ["FM110"]
    assert codes(checker, f"title: {LONG[:100]}\nsubject: Ships wait for days") == []
