"""What the inbox shows of a letter, whatever stands in for it."""

from __future__ import annotations

import pytest

LONG = "Three ports are full, and the ships that wait have begun to unload each other. " * 2
HOUSE = "front: {title: {length: at most 200}}"


def codes(desk, front: str) -> list[str]:
    found = desk.check(f"---\ndate: 2024-01-31\n{front}\n---\n\nShips wait for days.\n")
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
def test_what_stands_in_for_the_preheader_is_measured(desk, front, expected):
    assert codes(desk, front) == expected


def test_a_title_that_stands_in_for_the_subject_is_measured_whatever_the_house_format_says_of_titles(desk):
    desk.house(HOUSE)
    assert codes(desk, f"title: {LONG[:100]}") == ["FM110"]
    assert codes(desk, f"title: {LONG[:100]}\nsubject: Ships wait for days") == []
