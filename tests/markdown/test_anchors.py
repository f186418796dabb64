"""Links to headings by the anchors of GitHub and Jekyll are resolved to our anchors."""

from __future__ import annotations

import pytest

from newsletter.check.facts.addresses import own_anchors
from newsletter.walk import links_in
from tests.markdown.reading import Read


def target_of(headings: list[str], name: str) -> str:
    text = "".join(f"## {heading}\n\nWords.\n\n" for heading in headings)
    (link,) = links_in(Read(f"[a]({name})\n\n{text}").issue)
    return link.href


@pytest.mark.parametrize(
    ("headings", "name", "anchor"),
    [
        (["Q&A"], "#qa", "#q-a"),
        (["Q & A"], "#q--a", "#q-a"),
        (["What's new?"], "#whats-new", "#what-s-new"),
        (["1. Ships wait"], "#1-ships-wait", "#ships-wait"),
        (["v1.2.3 is out"], "#v123-is-out", "#v1-2-3-is-out"),
        (["2024: a year"], "#a-year", "#2024-a-year"),
        (["🎉 Party"], "#-party", "#party"),
        (["🎉 Party"], "#party", "#party"),
        (["C++ & Rust"], "#c--rust", "#c-rust"),
        (["snake_case here"], "#snake_case-here", "#snake-case-here"),
        (["A `code` word"], "#a-code-word", "#a-code-word"),
        (["Über uns – heute"], "#über-uns--heute", "#%C3%BCber-uns-heute"),
        (["Über uns – heute"], "#%C3%BCber-uns--heute", "#%C3%BCber-uns-heute"),
        (["Über uns"], "#ber-uns", "#%C3%BCber-uns"),
        (["东京（港）"], "#东京港", "#%E4%B8%9C%E4%BA%AC-%E6%B8%AF"),
        (["News", "Ships", "News"], "#news-1", "#news-2"),
        (["Q&A", "Q&A"], "#qa-1", "#q-a-2"),
        (["**Bold** start!"], "#bold-start", "#bold-start"),
        (["हिन्दी समाचार!"], "#हिन्दी-समाचार", "#%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80-%E0%A4%B8%E0%A4%AE%E0%A4%BE%E0%A4%9A%E0%A4%BE%E0%A4%B0"),
    ],
)  # fmt: skip
def test_an_anchor_of_another_program_links_to_its_heading(headings, name, anchor):
    from urllib.parse import unquote

    assert unquote(target_of(headings, name)) == unquote(anchor)
    assert unquote(anchor[1:]) in own_anchors(Read("".join(f"## {one}\n\na\n\n" for one in headings)).issue)


@pytest.mark.parametrize(
    ("heading", "anchor", "others"),
    [
        ("Straße", "straße", ["strasse", "stra%C3%9Fe"]),
        ("GROẞE STRAẞE", "große-straße", ["grosse-strasse"]),
        ("ΛΌΓΟΣ", "λόγος", ["λόγοσ", "%CE%BB%CF%8C%CE%B3%CE%BF%CF%82"]),
        ("Ο Λόγος της Ημέρας", "ο-λόγος-της-ημέρας", ["ο-λόγοσ-τησ-ημέρασ"]),
        ("İstanbul", "i\u0307stanbul", ["istanbul", "i%CC%87stanbul"]),
        ("ﬁsh", "ﬁsh", ["fish"]),
    ],
)
def test_anchors_are_lowercase_as_on_github_and_either_spelling_works(heading, anchor, others):
    from urllib.parse import unquote

    assert Read(f"## {heading}\n\nWords.\n").issue.sections[0].anchor == anchor
    for other in (anchor, *others):
        assert unquote(target_of([heading], f"#{other}")) == f"#{anchor}"


def test_our_own_anchor_wins_over_that_of_another_program():
    assert target_of(["News", "News", "News"], "#news-2") == "#news-2"
    assert target_of(["Q&A", "QA"], "#qa") == "#qa"


@pytest.mark.parametrize("name", ["#nothing", "#", "#fn:1", "a.md#qa", "https://a.example/#qa"])
def test_other_addresses_are_unchanged(name):
    assert target_of(["Q&A"], name) == name


@pytest.mark.parametrize(
    "text",
    ["[a](#q--a)\n\n{}", "[a][b]\n\n{}\n[b]: #q--a", "- > [a](#q--a)\n\n{}", "{}\n| [a](#q--a) |\n|--|\n", "x[^1]\n\n[^1]: [a](#q--a)\n\n{}"],
)  # fmt: skip
def test_anchors_are_resolved_in_every_place(text):
    (link,) = links_in(Read(text.replace("{}", "### Q & A\n\nWords.\n")).issue)
    assert link.href == "#q-a"


def test_anchors_are_resolved_beside_a_comment_across_blocks():
    read = Read("[a](#q--a) <!-- x\n\ny -->\n\n## Q & A\n\nWords.\n")
    (link,) = links_in(read.issue)
    assert (link.href, read.cut(link.href_span)) == ("#q-a", "#q--a")
    assert read.issue.sections[0].anchor == "q-a"
