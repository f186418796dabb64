"""Letters in plain text, and HTML of email clients."""

from __future__ import annotations

import pytest

from newsletter.importing.plain_text.reading import markdown_of_text
from tests.importing.test_html import body

WORD = (
    "<p style='text-indent:-18pt;mso-list:l{list} level{level} lfo1'><span style='mso-list:Ignore'>{mark}"
    "<span>&nbsp;&nbsp; </span></span>{words}<o:p></o:p></p>"
)


def entry(words: str, mark: str = "·", level: int = 1, number: int = 0) -> str:
    return WORD.format(words=words, mark=mark, level=level, list=number)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (entry("One") + entry("Two"), "- One\n- Two"),
        (entry("One", "1.", number=1) + entry("Two", "2.", number=1), "1. One\n2. Two"),
        (entry("One") + entry("Deep", "o", 2) + entry("Two"), "- One\n  - Deep\n- Two"),
        (entry("One") + "<p>Between.</p>" + entry("Two"), "- One\n\nBetween.\n\n- Two"),
        (entry("Deep at once", level=2), "- Deep at once"),
        ("<div>Until then</div><div>--&nbsp;</div><div>Marit</div>", "Until then\n\n---\n\nMarit"),
        ("<img src='https://a.example/bridge.jpeg' alt='bridge.jpeg'>", "![](https://a.example/bridge.jpeg)"),
        (
            "<img src='https://a.example/x.png' alt='A crane, description automatically generated'>",
            "![A crane](https://a.example/x.png)",
        ),
    ],
)
def test_html_of_mail_programs_becomes_markdown(html, markdown):
    assert body(html) == markdown


def text(*lines: str, title: str = "") -> str:
    return markdown_of_text("\n".join(lines) + "\n", place="x", title=title).body


LONG = "From the harbour we hear that ships stop, and lines are wrapped at\nseventy-two columns as mail programs do, until the very end of it."


def test_nothing_above_an_underlined_section_is_taken_for_a_masthead():
    made = text("The Quay #13", "", "Hello,", "", LONG, "", "NEWS", "", "* One: https://a.example/1", "* Two", "", "MORE", "====", "", "See it.", title="The Quay #13")  # fmt: skip
    assert made == (
        f"Hello,\n\n{LONG.replace(chr(10), ' ')}\n\n## NEWS\n\n- One: https://a.example/1\n- Two\n\n## MORE\n\nSee it.\n"
    )


def test_a_masthead_above_an_underlined_title_is_left_out():
    made = markdown_of_text(f"The Quay\n3 May 2024\n\nShips stop\n==========\n\n{LONG}\n", place="x")
    assert made.title == "Ships stop"
    assert made.body == f"{LONG.replace(chr(10), ' ')}\n"


def test_a_subject_is_the_title_without_that_word():
    assert markdown_of_text(f"Subject: The Lock\n\n{LONG}\n", place="x").title == "The Lock"


def test_a_numbered_title_counts_on_above_a_list():
    made = text("T", "", "1) Locks leak", "", LONG, "", "2) Salmon climb", "", LONG, "", "3) The rest", "", "- A bridge fell.", "- A canal opened.")  # fmt: skip
    assert made.endswith("### 3. The rest\n\n- A bridge fell.\n- A canal opened.\n")


def test_an_address_in_angle_brackets_is_an_address():
    assert text("T", "", f"{LONG} See <https://a.example/2?utm_source=x>.").endswith("See https://a.example/2.\n")


@pytest.mark.parametrize(
    ("line", "gap"),
    [
        ("It was written by our harbour pilot, , who knows the tides.", "by our harbour pilot, , who knows the"),
        ("It was written by our harbour pilot, Ida, who knows the tides.", ""),
    ],
)
def test_a_name_lost_in_copying_is_reported(line, gap):
    made = markdown_of_text(f"A title\n\n{line}\n", place="a.txt")
    messages = [note.message for note in made.notes if "seems to be missing" in note.message]
    assert messages == ([f"a name or link seems to be missing in “{gap}”"] if gap else [])
