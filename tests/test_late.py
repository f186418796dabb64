from __future__ import annotations

import re

import pytest

from newsletter.late import late


def test_a_late_pattern_does_what_a_compiled_one_does():
    pattern = late("(a+)b", re.IGNORECASE)
    assert pattern.findall("xAAb ab") == ["AA", "a"]
    assert pattern.sub("-", "aab") == "-"
    assert pattern.pattern == "(a+)b"


def test_a_fault_in_a_late_pattern_shows_when_it_is_used():
    pattern = late("(")
    with pytest.raises(re.error):
        pattern.match("x")
