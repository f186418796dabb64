from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import newsletter
from newsletter.late import late


def test_a_late_pattern_matches_like_a_compiled_one():
    pattern = late("(a+)b", re.IGNORECASE)
    assert pattern.findall("xAAb ab") == ["AA", "a"]
    assert pattern.sub("-", "aab") == "-"
    assert pattern.pattern == "(a+)b"


def test_an_error_in_a_late_pattern_is_raised_on_first_use():
    pattern = late("(")
    with pytest.raises(re.error):
        pattern.match("x")


def test_every_late_pattern_of_the_program_can_be_compiled():
    package = Path(newsletter.__file__).parent
    checked = 0
    for path in sorted(package.rglob("*.py")):
        if "late(" in path.read_text(encoding="utf-8") and path.name != "late.py":
            names = path.relative_to(package.parent).with_suffix("").parts
            module = import_module(".".join(names).removesuffix(".__init__"))
            for name, value in vars(module).items():
                if type(value) is type(late("")):
                    assert isinstance(value.pattern, str), name
                    checked += 1
    assert checked
