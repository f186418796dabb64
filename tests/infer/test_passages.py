"""A text that a section has in nearly all issues, somewhere after its beginning, is a rule, and no text more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from newsletter.infer.passages import candidates
from tests.infer.test_later_letters import broken, change, inferred, write

if TYPE_CHECKING:
    from pathlib import Path

OFFER = "Do you need somebody for your crew? [Write to us](mailto:crew@letters.example)."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**Apply until:** May 4", {"**Apply until:**"}),
        ("**Apply until: May 4**", {"**Apply until:"}),
        ("Where: the old harbour", {"Where:"}),
        ("締め切り：五月四日", {"締め切り："}),
        (OFFER, {OFFER}),
        ("None this week.", set()),
        ("At 10:30 we open", set()),
        ("https://example.org/a", set()),
        ("Dear {{ first_name }}: hello", set()),
        ("*All ships are back in the harbour. " + "They rest. " * 20, {"All ships are back in the harbour."}),
    ],
)
def test_labels_and_short_sentences_can_be_passages(text: str, found: set[str]) -> None:
    assert candidates([text]) == found


def test_titles_with_categories_have_no_labels() -> None:
    assert candidates(["Where: the old harbour"], labels=False) == set()


def test_a_recurring_sentence_in_a_section_becomes_a_rule(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("## Jobs\n\n", f"## Jobs\n\n{OFFER}\n\nMay {n}. "))
    found = inferred(tmp_path)
    assert f"    contains: {OFFER} # all 32\n" in found.text
    assert broken(tmp_path) == set()
    last = max(tmp_path.glob("issues/*/index.md"))
    last.write_text(last.read_text().replace("your crew", "crews"))
    assert broken(tmp_path) == {last.relative_to(tmp_path).as_posix()}


def test_labels_of_entries_are_written_together(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    entries = "- **Where:** pier {n}\n- **When:** on day {n}\n"
    change(tmp_path, lambda n, text: text.replace("## Jobs\n\n", f"## Jobs\n\nDay {n}.\n\n{entries.format(n=n)}\n"))
    assert re.search(r"    contains: \['\*\*Where:\*\*', '\*\*When:\*\*'\] +# all 40\n", inferred(tmp_path, 1).text)


def test_a_sentence_that_began_later_is_required_since_then(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("## Jobs\n\n", f"## Jobs\n\n{OFFER if n > 14 else ''}\n\nDay {n}. "))
    assert f"contains: {{is: '{OFFER}', since: 15}} # all " in inferred(tmp_path, 1).text


def test_a_marker_of_every_issue_is_required_of_the_issue(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("## News", "<!--more-->\n\n## News"))
    assert re.search(
        r"^contains: <!--more--> +# all 40$|^contains: '<!--more-->' +# all 40$",
        inferred(tmp_path, 1).text,
        re.MULTILINE,
    )


def test_a_text_that_one_in_nine_lacks_is_no_rule(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("## Jobs\n\n", f"## Jobs\n\n{OFFER if n % 9 else ''}\n\nDay {n}. "))
    assert "contains:" not in inferred(tmp_path, 1).text


def test_seven_issues_are_not_enough(tmp_path: Path) -> None:
    write(tmp_path, "plain", 7)
    change(tmp_path, lambda n, text: text.replace("## Jobs\n\n", f"## Jobs\n\n{OFFER}\n\nDay {n}. "))
    assert "contains:" not in inferred(tmp_path, 1).text


def test_text_that_the_tool_inserts_is_not_required(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: f"{text}\n{OFFER}\n")
    found = inferred(tmp_path, 1)
    assert "standing:" in found.text
    assert "contains:" not in found.text


def test_the_beginning_of_a_section_is_not_required_twice(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    change(tmp_path, lambda n, text: text.replace("## Jobs\n\n", f"## Jobs\n\n**Apply until:** day {n}. "))
    text = inferred(tmp_path, 1).text
    assert "begins:" in text
    assert "contains:" not in text


def test_a_sentence_with_links_that_it_begins_with_is_not_asked_for_twice(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    offer = "*You find the [crew of the harbour][crew] and its [ships](https://ships.example/) on pier three and on all others of this town.*"
    change(
        tmp_path,
        lambda n, text: (
            f"{text.replace('## Jobs', f'## Jobs{chr(10)}{chr(10)}{offer}')}\n[crew]: https://crew.example/\n"
        ),
    )
    text = inferred(tmp_path, 1).text
    assert "begins:" in text
    assert "contains:" not in text
