from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter.house.format import StandingMatter
from newsletter.house.snippets import expand
from newsletter.model import Issue, YamlDocument

ISSUE = Issue(
    "i.md",
    "i",
    "letter",
    YamlDocument({}, {}, {}),
    title="The end: of *the* road",
    number=14,
    date=datetime(2024, 1, 31, tzinfo=UTC),
    authors=("ann", "Jo Doe"),
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("From {publication}.", "From The Harbour Letter."),
        ("No. {number} of {date:MMMM yyyy}, {date}", "No. 14 of January 2024, 31 January 2024"),
        ("By {authors}", "By Ann Vos, Jo Doe"),
        ("[Subscribe]({subscribe_url})", "[Subscribe](https://letters.example/subscribe)"),
        ("[Write](mailto:{reply_to})", "[Write](mailto:ann@letters.example)"),
        ("You read {title}.", "You read The end: of \\*the\\* road."),
        (
            "[Reply](mailto:{reply_to}?subject={title})",
            "[Reply](mailto:ann@letters.example?subject=The%20end%3A%20of%20%2Athe%2A%20road)",
        ),
        ("Dear {{ first_name | reader }}", "Dear {{ first_name | reader }}"),
        ("A \\{title} and { title }", "A \\{title} and { title }"),
        ("{unknown} stays", "{unknown} stays"),
    ],
)
def test_fields_of_a_snippet_are_filled(written, expected, publication, english):
    assert expand(StandingMatter("s", "end", written, "s.md"), ISSUE, publication, english) == expected


@pytest.mark.parametrize("field", ["{subscribe_url}", "{number}", "{date:MMMM}", "{date}", "{subtitle}", "{address}"])
def test_a_snippet_whose_field_is_empty_is_left_out(field, publication, english):
    issue = replace(ISSUE, number=None, date=None)
    bare = replace(publication, subscribe_url="")
    assert expand(StandingMatter("s", "end", f"Text {field}.", "s.md"), issue, bare, english) is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("- not a bullet", "\\- not a bullet"),
        ("1. not a list", "1\\. not a list"),
        ("# not a heading", "\\# not a heading"),
        ("::: not a directive", "\\::: not a directive"),
        ("{{ name }}", "\\{\\{ name \\}\\}"),
        ("a <b> & [c](d)", "a \\<b\\> \\& \\[c\\](d)"),
    ],
)
def test_a_value_never_becomes_markup(title, expected, publication, english):
    matter = StandingMatter("s", "end", "Read:\n\n{title}\n", "s.md")
    assert expand(matter, replace(ISSUE, title=title), publication, english) == f"Read:\n\n{expected}\n"


def test_an_address_cannot_end_its_link(publication, english):
    odd = replace(publication, subscribe_url="https://a.example/x (1)")
    matter = StandingMatter("s", "end", "[S]({subscribe_url})", "s.md")
    assert expand(matter, ISSUE, odd, english) == "[S](https://a.example/x%20%281%29)"
