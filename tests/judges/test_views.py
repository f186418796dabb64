"""An email as parsed by browsers and by Outlook on Windows: in both, all tags close in order and are at allowed places."""

from __future__ import annotations

import re

import pytest

from tests.judges.views import Outline, browser_view, holds, word_view

VIEWS = {"browser": browser_view, "Word": word_view}


@pytest.fixture(scope="module")
def emails(documents):
    """The emails among the documents."""
    return [document for document in documents if document.kind == "email"]


@pytest.mark.parametrize("view", VIEWS)
def test_every_tag_closes_in_order(emails, view):
    faults = {email.name: Outline(VIEWS[view](email.html)).faults for email in emails}
    assert {name: found for name, found in faults.items() if found} == {}


def test_every_page_closes_in_order(documents):
    faults = {one.name: Outline(one.html).faults for one in documents if one.kind != "email"}
    assert {name: found for name, found in faults.items() if found} == {}


def test_all_comments_are_conditions_for_word_and_none_is_nested(emails):
    for email in emails:
        inside = [found for found in re.findall(r"<!--(.*?)-->", email.html, re.DOTALL) if "<!--" in found]
        assert inside == [], email.name
        opened, closed = (len(re.findall(mark, email.html)) for mark in (r"<!--\[if ", r"<!\[endif\]-->"))
        assert opened == closed, email.name
        plain = re.sub(r"<!--\[if [^\]]*\]>|<!\[endif\]-->|<!-->|<!--(?=<!\[endif)", "", email.html)
        assert "<!--" not in plain.replace("&lt;!--", ""), email.name


def test_word_gets_the_width_of_the_email(emails):
    for email in emails:
        assert re.search(r'<table[^>]* width="\d{3}"', word_view(email.html)), email.name


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("mso", True),
        ("mso | IE", True),
        ("!mso", False),
        ("IE", False),
        ("!mso | IE", False),
        ("gte mso 9", True),
        ("lte mso 11", False),
        ("(gte mso 9)&(lt mso 17)", True),
    ],
)
def test_conditions_are_evaluated_as_in_word(condition, expected):
    assert holds(condition) is expected


def test_an_unknown_condition_is_not_a_condition():
    with pytest.raises(ValueError, match="outlook"):
        holds("outlook")


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p>a<p>b</p></p>", "<p> within <p>"),
        ("<table><td>a</td></table>", "<td> right within <table>"),
        ("<table>a<tr><td></td></tr></table>", "text right within <table>"),
        ("<div><span></div></span>", "</div> where div span is open"),
        ("<div>", "never closed: div"),
        ("<div />", "left open by HTML"),
        ('<a href="x">a<b><a href="y">b</a></b></a>', "<a> within <a>"),
        ("<p>a</p></p>", "</p> where nothing is open"),
    ],
)
def test_the_outline_finds_faults(html, fault):
    assert fault in " ".join(Outline(html).faults)


def test_each_view_has_its_own_content():
    html = (
        "a<!--[if mso]>b<![endif]-->c<!--[if !mso]><!-->d<!--<![endif]-->e<!--[if lte mso 11]>f<![endif]--><!-- g -->"
    )
    assert browser_view(html) == "acde"
    assert word_view(html) == "abce"
