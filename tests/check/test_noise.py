"""Frequent findings are combined, and can be turned off by configuration."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"
SPONSOR = "https://sponsor.example/a?id=1&utm_source=letters&utm_medium=mail"


def findings_of(checker, text: str, code: str):
    return [one for one in checker.check(HEAD + text + "\n") if one.code == code]


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        ("[]", "https://sponsor.example/a?id=1"),
        ("[utm_source]", "https://sponsor.example/a?id=1&utm_source=letters"),
        ("['utm_*']", ""),
        ("[UTM_Source, utm_medium]", ""),
        ("[sponsor.example]", ""),
        ("['*.sponsor.example']", ""),
        ("[onsor.example]", "https://sponsor.example/a?id=1"),
        ("[other.example, utm_medium]", "https://sponsor.example/a?id=1&utm_medium=mail"),
    ],
)
def test_parameters_to_keep_have_no_finding_and_stay_in_the_fix(checker, keep, left):
    checker.house(f"links: {{keep_parameters: {keep}}}")
    found = findings_of(checker, f"See [a port]({SPONSOR}).", "LK107")
    assert [edit.text for one in found for edit in one.fix.edits] == ([left] if left else [])


def test_newsletter_yaml_keeps_parameters_for_all_kinds(checker):
    from dataclasses import replace

    from newsletter.config.load import load_workspace

    checker.configure("links: {keep_parameters: [utm_source, utm_medium]}\n")
    publication = load_workspace(checker.root).publication
    assert publication.links.keep_parameters == ("utm_source", "utm_medium")
    checker.publication = replace(checker.publication, links=publication.links)
    assert findings_of(checker, f"See [a port]({SPONSOR}).", "LK107") == []


@pytest.mark.parametrize(("count", "found"), [(1, 1), (3, 3), (4, 1), (30, 1)])
def test_many_pictures_from_the_web_are_one_finding(checker, count, found):
    text = "\n\n".join(f"![Ship {at}](https://a.example/{at}.webp)" for at in range(count))
    reported = findings_of(checker, text, "FG112")
    assert len(reported) == found
    assert (f"{count} pictures in this issue" in reported[0].message) == (count >= 4)


@pytest.mark.parametrize(("day", "count"), [("2023-12-31", 1), ("2023-05-01", 1), ("2023-01-31", 0), ("2022-12-24", 0)])
def test_a_picture_from_last_year_may_be_reused(checker, day, count):
    picture = "![Ships](https://a.example/ships.png)\n"
    texts = (f"---\ntitle: A\ndate: {day}\n---\n\n{picture}", HEAD + picture)
    found = checker.check(*texts, paths=("issues/a/index.md", "issues/b/index.md"))
    assert sum(one.code == "HS102" for one in found) == count


STORIES = "## News\n\n" + "\n".join(f"### [Story {at}](https://a.example/{at})\n\nWords.\n" for at in range(1, 6))


@pytest.mark.parametrize(
    ("before", "count"),
    [
        ("- [One](https://a.example/1)\n- [Two](https://a.example/2)\n\n", 0),
        (
            "## Highlights\n\n- [One](https://a.example/1)\n- [Two](https://a.example/2)\n- [Three](https://a.example/3)\n\n",
            0,
        ),
        ("## Jobs\n\n- [One](https://a.example/1)\n- [B](https://b.example/)\n- [C](https://c.example/)\n\n", 1),
        ("## Jobs\n\n- [One](https://a.example/1)\n\n", 1),
    ],
)
def test_highlights_may_repeat_stories_of_the_same_issue(checker, before, count):
    assert len(findings_of(checker, before + STORIES, "LK117")) == count
