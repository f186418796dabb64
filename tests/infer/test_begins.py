"""What openings and sections begin with is a rule where nearly all issues begin so, and no letter more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from newsletter.infer.begins import beginning
from tests.infer.test_later_letters import WORDS, broken, change, inferred, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("texts", "shared"),
    [
        ([f"Next deadline: {word} and more" for word in WORDS], "Next deadline:"),
        ([f"This week's letter has {word}" for word in WORDS], "This week's letter has"),
        ([f"This week's letter sails{word[:2]}" for word in WORDS], "This week's letter"),
        ([f"The market of week {n}" for n in range(20)], "The market of week"),
        ([f"今週のニュースレターでは、{word}" for word in WORDS], "今週のニュースレターでは、"),
        ([f"今週のニュースレターでは{char}" for char in "川船港橋湖海岸波風雨"], ""),
        ([f"In May {word}" for word in WORDS], ""),
        (["All ships are in the harbour."] * 12, ""),
        ([f"Next deadline: {word}" for word in WORDS[:7]], ""),
        ([f"Dear {{{{ first_name }}}}, hello {word}" for word in WORDS], ""),
        ([], ""),
        ([""] * 12, ""),
    ],
)
def test_the_common_beginning_of_texts_is_found(texts, shared):
    assert beginning(texts) == shared


def test_one_in_twenty_may_begin_differently():
    texts = [f"Next deadline: {n}" for n in range(19)]
    assert beginning([*texts, "It is out."]) == "Next deadline:"
    assert beginning([*texts, "It is out.", "Out!"]) == ""


def test_the_beginnings_of_sections_and_openings_become_rules(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("## Jobs\n\n", f"## Jobs\n\n**Apply until:** May {n}. "))
    change(tmp_path, lambda n, text: re.sub("---\n\n", "---\n\nOn the water: ", text, count=1))
    found = inferred(tmp_path)
    assert re.search(r"opening:\n(?:  .*\n)*  begins: 'On the water:'", found.text)
    assert re.search(r"  jobs:.*(?:\n    .*)*\n    begins: 'Apply until: May' +# all 32", found.text)
    assert broken(tmp_path) == set()
    last = max(tmp_path.glob("issues/*/index.md"))
    last.write_text(last.read_text().replace("**Apply until:**", "**Ends:**"))
    assert broken(tmp_path) == {last.relative_to(tmp_path).as_posix()}


def test_a_beginning_since_some_issue_has_an_era(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(
        tmp_path, lambda n, text: text.replace("## Jobs\n\n", "## Jobs\n\nApply until: " if n > 14 else "## Jobs\n\n")
    )
    assert "begins: {is: 'Apply until:', since: 15} # all " in inferred(tmp_path, 1).text


def test_a_beginning_that_a_later_issue_lacks_is_removed(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(
        tmp_path, lambda n, text: text.replace("## Jobs\n\n", "## Jobs\n\nApply until: " if n % 9 else "## Jobs\n\n")
    )
    assert "begins" not in inferred(tmp_path, 1).text
