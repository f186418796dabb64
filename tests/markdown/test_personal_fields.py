from __future__ import annotations

import pytest

from newsletter.model import PersonalField
from newsletter.walk import address_parts, images_in, links_in
from tests.markdown.reading import Read, inlines_of


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Dear {{ first_name | there }},", "Dear {{first_name|there}},"),
        ("{{email}}", "{{email|}}"),
        ("{{ first_name |\nold   friend }}", "{{first_name|old friend}}"),
        ("*{{ name }}* [for {{ name }}](x)", "*{{name|}}* [for {{name|}}](x)"),
        (r"\{{ name }} and \\{{ name }}", r"{{ name }} and \{{name|}}"),
        ("`{{ name }}`", "`{{ name }}`"),
        (
            "{{ page.title | strip }} {% if x %} {x} {{ }} {{ a b }}",
            "{{ page.title | strip }} {% if x %} {x} {{ }} {{ a b }}",
        ),
    ],
)
def test_only_known_names_in_double_braces_are_fields(text, read):
    found = Read(text)
    assert inlines_of(text) == read
    assert found.findings == ()


def test_an_unknown_name_stays_text_with_a_finding():
    read = Read("> Dear {{ firstname | you }}, [a](/x?{{emial}})")
    assert read.found() == [
        ("ST121", 1, 8, "{{ firstname | you }}"),
        ("ST121", 1, 38, "{{emial}}"),
    ]
    assert "Did you mean `first_name`?" in read.findings[0].advice
    (link,) = links_in(read.issue)
    assert link.href == "/x?%7B%7Bemial%7D%7D"


def test_addresses_of_links_and_pictures_can_have_fields():
    read = Read(
        "[a](https://e.org/{{name}}/?m={{ email | a (b) }}&x=ü) ![b](<p {{email}}.png>) [c]\n\n[c]: /?{{ name }}\n"
    )
    first, last = links_in(read.issue)
    (image,) = images_in(read.issue)
    assert first.href == "https://e.org/{{ name }}/?m={{ email | a (b) }}&x=%C3%BC"
    assert read.cut(first.href_span) == "https://e.org/{{name}}/?m={{ email | a (b) }}&x=ü"
    assert image.src == "p%20{{ email }}.png"
    assert last.href == "/?{{ name }}"
    assert address_parts(first.href) == (
        *("https://e.org/", PersonalField("name"), "/?m=", PersonalField("email", "a (b)"), "&x=%C3%BC"),
    )


def test_an_address_may_be_only_a_field():
    (link,) = links_in(Read("[profile]({{ profile }})", personal_fields=frozenset({"profile"})).issue)
    assert address_parts(link.href) == (PersonalField("profile"),)


def test_escaped_braces_in_an_address_are_not_a_field():
    (link,) = links_in(Read(r"[a](/\{{name}})").issue)
    assert address_parts(link.href) == ("/%7B%7Bname%7D%7D",)


def test_words_of_a_caption_around_a_field_have_their_position():
    read = Read('![A ship](p.png "An old ship for {{ name | you }}, an old one. Photo: {{ name }}")')
    (figure,) = read.blocks
    assert [read.cut(inline.span) for inline in (*figure.caption, *figure.credit)] == [
        *("An old ship for ", "{{ name | you }}", ", an old one.", "{{ name }}"),
    ]


def test_an_address_set_by_the_tool_is_not_a_field():
    (finding,) = Read("[Leave]({{ unsubscribe_url }})").findings
    assert (finding.code, "Remove it" in finding.advice) == ("ST121", True)
