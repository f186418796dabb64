from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink

from newsletter.markdown.addresses import encoded
from newsletter.model import LinkForm
from newsletter.walk import images_in, links_in
from tests.markdown.reading import Read, inlines_of


def links(text, **options):
    return [(link.href, link.form.value) for link in links_in(Read(text, **options).issue)]


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("https://example.com", "https://example.com"),
        ("See https://example.com/a.", "https://example.com/a"),
        ("(https://example.com/a_(b))", "https://example.com/a_(b)"),
        ("https://example.com/a) b", "https://example.com/a"),
        ("[https://example.com/a]", "https://example.com/a"),
        ("https://example.com/?q=a&hl=en", "https://example.com/?q=a&hl=en"),
        ("https://example.com/?q=a&copy;", "https://example.com/?q=a"),
        ("https://example.com/he<lp", "https://example.com/he"),
        ("HTTPS://Example.com/A", "HTTPS://Example.com/A"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("“https://example.com/a”", "https://example.com/a"),
        ("'https://example.com/a'", "https://example.com/a"),
        ("詳細はhttps://example.com/aをご覧ください。", "https://example.com/a"),
        ("https://example.com/a。下一句", "https://example.com/a"),
        ("（https://example.com/a）", "https://example.com/a"),
        ("https://example.com/a、b", "https://example.com/a"),
        ("**https://example.com/a_b**", "https://example.com/a_b"),
        ("_https://example.com/a_", "https://example.com/a"),
        ("https://example.com/straße", "https://example.com/stra%C3%9Fe"),
        ("www.example.com/help for", "http://www.example.com/help"),
        ("Visit www.example.com.", "http://www.example.com"),
        ("www.example.com/search?q=Markup+(business)))", "http://www.example.com/search?q=Markup+(business)"),
        ("write to foo@bar.example, now", "mailto:foo@bar.example"),
        ("hello+xyz@mail.example", "mailto:hello+xyz@mail.example"),
        ("a.b-c_d@a.b.", "mailto:a.b-c_d@a.b"),
    ],
)
def test_a_bare_address_is_a_link_without_trailing_punctuation(text, linked):
    assert links(text) == [(linked, "bare")]


@pytest.mark.parametrize(
    "text",
    [
        *("xhttps://example.com", "ftp://example.com", "https://", "http:// x", "`https://example.com`", "xwww.a.com"),
        *("www.a_b", "hello@mail+xyz.example", "a.b@a.b-", "a.b@a.b_", "@name", "a@b", "time: 12:30"),
    ],
)
def test_what_only_resembles_an_address_is_text(text):
    assert links(text) == []


def test_no_address_is_linked_inside_a_link():
    assert links("[https://a.example and <https://b.example>](/c)") == [("/c", "inline")]
    assert inlines_of("[<https://b.example>](/c)") == "[https://b.example](/c)"


def test_links_of_every_form_are_recognized():
    text = "[a](/b) [c][d] [d][] [d] <https://e.org> <f@g.example>\n\n[d]: /dd\n"
    assert links(text) == [
        *(("/b", "inline"), ("/dd", "reference"), ("/dd", "reference"), ("/dd", "reference")),
        *(("https://e.org", "autolink"), ("mailto:f@g.example", "autolink")),
    ]


def test_a_reference_has_the_address_of_its_definition():
    read = Read("See [the *report*][r].\n\n> [R]:\n>   <a b.html>\n>   'The title'\n")
    (link,) = links_in(read.issue)
    assert (link.href, link.title, link.form) == ("a%20b.html", "The title", LinkForm.REFERENCE)
    assert read.cut(link.span) == "[the *report*][r]"
    assert read.cut(link.href_span) == "a b.html"
    assert (link.href_span.line, link.href_span.column) == (4, 6)
    (definition,) = read.issue.definitions
    assert (definition.label, definition.href, definition.used) == ("R", "a%20b.html", True)
    assert read.cut(definition.span) == "[R]:\n>   <a b.html>\n>   'The title'"


def test_the_first_of_two_definitions_is_used_and_both_are_reported():
    read = Read("[a]\n\n[a]: /one\n[A]: /two\n[b]: /three 'broken\n")
    assert [link.href for link in links_in(read.issue)] == ["/one"]
    assert [(found.label, found.href, found.used) for found in read.issue.definitions] == [
        ("a", "/one", True),
        ("A", "/two", False),
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JAVASCRIPT:x", "vbscript:x", "data:text/html,x", "file:///x"]
)
def test_dangerous_addresses_are_not_links(address):
    assert links(f"[a]({address}) <{address}> [b]\n\n[b]: {address}\n") == []


def test_addresses_are_encoded_once():
    assert links("[a](/ü%20b) [c](<d e>) [f](https://bücher.example/)") == [
        ("/%C3%BC%20b", "inline"),
        ("d%20e", "inline"),
        ("https://xn--bcher-kva.example/", "inline"),
    ]


def test_an_inline_picture_has_its_alt_text_and_position():
    read = Read('Look: ![the *big* [one](x) &amp; `more`](a.png "T \\" u") here')
    (image,) = images_in(read.issue)
    assert (image.src, image.alt, image.title) == ("a.png", "the big one & more", 'T " u')
    assert read.cut(image.span) == '![the *big* [one](x) &amp; `more`](a.png "T \\" u")'
    assert (read.cut(image.src_span), read.cut(image.title_span)) == ("a.png", 'T \\" u')


def test_a_picture_inside_a_link_and_the_link_are_each_found_once():
    read = Read("So [![a](b.png)](c) it is")
    assert [link.href for link in links_in(read.issue)] == ["c"]
    assert [image.src for image in images_in(read.issue)] == ["b.png"]


def test_positions_are_correct_after_tabs_lazy_lines_and_wide_characters():
    read = Read("> -\t𠮷 [a](b)\n[c](d)\n\n1.\t> | x | y |\n\t> |---|---|\n\t> | | \\| [e](f) `g\\|h` |\n")
    places = [(read.cut(link.span), link.span.line, link.span.column) for link in links_in(read.issue)]
    assert places == [("[a](b)", 1, 7), ("[c](d)", 2, 1), ("[e](f)", 6, 11)]


def test_positions_are_correct_in_paragraphs_indented_by_wide_spaces():
    read = Read("\u3000\n\u3000\u3000開頭 [a](b)\n\u3000[c](d)\u3000\n")
    places = [(read.cut(link.span), link.span.line, link.span.column) for link in links_in(read.issue)]
    assert places == [("[a](b)", 2, 6), ("[c](d)", 3, 2)]


@given(
    st.text(alphabet="htps:/.ab?#&=%20[]{}()~'@\\ü|^ ", max_size=20),
    st.sampled_from(["", "https://", "http://a.b", "a/b", "//a", "/"]),
)
def test_addresses_that_need_encoding_are_recognized(rest, start):
    assert encoded(start + rest) == normalizeLink(start + rest)
