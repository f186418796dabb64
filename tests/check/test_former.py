"""FM160: former addresses that cannot have a page."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("front", "found"),
    [
        ("former: [/2024/01/31/ports.html, https://old.example/p/ports]", []),
        ("former: /p/ports", []),
        ("former:", []),
        ("former: [TK(address)]", [("ST112", 4, 10)]),
        ("former: [/p/x, /../x]", [("FM160", 4, 16)]),
        ("former: https://old.example/?p=12", [("FM160", 4, 9)]),
        ("former:\n  - /\n  - /con/x", [("FM160", 5, 5), ("FM160", 6, 5)]),
    ],
)
def test_an_unusable_former_address_is_reported_at_its_place(front, found, checker):
    text = f"---\ntitle: The flood\ndate: 2024-01-31\n{front}\n---\n\nWords of the letter.\n"
    assert [(one.code, one.span.line, one.span.column) for one in checker.check(text)] == found
