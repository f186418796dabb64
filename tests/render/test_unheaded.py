"""Stories without a section, text after the last item, contents lists and round-ups of sub-headed entries, in every output."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.project.letters import letter_of, render_email
from newsletter.project.project import Project
from newsletter.render.feed import render_feed
from newsletter.render.page import render_page
from newsletter.render.text import render_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Made = Callable[[str, str], Mapping[str, str]]

YAML = (
    "title: Quays\nurl: https://letters.example/\nsender: {name: Quays, email: q@letters.example}\n"
    "address: Quay 1, Ghent\nkind: letter\n"
)
HEAD = "---\ntitle: Ports\nnumber: 7\ndate: 2024-01-31\nsummary: What happened.\n---\n\n"


@pytest.fixture
def render_issue(tmp_path: Path) -> Made:
    """All outputs of an issue, by its house format and its text."""

    def render_outputs(house: str, text: str) -> Mapping[str, str]:
        for path, content in {
            "newsletter.yaml": YAML,
            "templates/letter/house.yaml": house,
            "templates/letter/snippets/tips.md": "Tell us more.",
            "issues/ports/index.md": HEAD + text,
        }.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(content, encoding="utf-8")
        project = Project(load_workspace(tmp_path))
        letter = letter_of(project, project.read(issue_files(tmp_path)[0]))
        return {
            "email": render_email(project, letter).html,
            "text": render_text(letter),
            "web": render_page(letter, project.page_theme),
            "feed": render_feed(letter),
        }

    return render_outputs


def words(html: str) -> str:
    return " ".join(re.sub(r"<(style|head|title)\b.*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL).split())


STORIES = "sections:\n  stories: {heading: none, items: {}}\n  thanks: {heading: none, required: false}\n"
TEXT = "Hello.\n\n## [A lock](https://a.example/lock) opens\n\nAfter nine years.\n\n## 2. A crane thinks\n\nIt saves power.\n\n---\n\nThanks.\n"


@pytest.mark.parametrize("output", ["email", "text", "web", "feed"])
@pytest.mark.parametrize("marks", ["##", "###"])
def test_stories_and_closing_are_in_every_output_in_order(render_issue, output, marks):
    shown = words(render_issue(STORIES, TEXT.replace("##", marks))[output])
    places = [shown.index(printed) for printed in ("Hello.", "After nine", "A crane thinks", "It saves", "Thanks.")]
    assert places == sorted(places)


def test_titles_of_stories_are_headings_directly_below_the_title(render_issue):
    outputs = render_issue(STORIES, TEXT)
    for output in ("email", "web", "feed"):
        found = re.findall(r"<h([1-6])\b", outputs[output])
        assert [level for level in found if level != "1"] == ["2", "2"], output
    assert '<section id=""' not in outputs["web"]
    assert 'id=""' not in outputs["email"]


def test_addresses_are_below_the_story_in_the_text(render_issue):
    text = render_issue(STORIES, TEXT)["text"]
    assert text.index("[1] https://a.example/lock") < text.index("A crane thinks")


def test_no_empty_heading_is_underlined_in_the_text(render_issue):
    assert not re.search(
        r"^-+$", render_issue(STORIES, TEXT)["text"].split("\n\n\n", 2)[2].rsplit("\n\n\n", 1)[0], re.MULTILINE
    )


ROUNDUP = "sections:\n  news: {heading: News, items: {last: {look: roundup}}}\nstanding: {tips: after news}\n"
ENTRIES = "## News\n\n### Big\n\nText.\n\n### In short\n\nFirst this.\n\n#### Ships\n\nThey sail.\n\nSlowly.\n\n#### [Quays](https://q.example/)\n\n- One\n- Two\n"


def test_each_sub_headed_entry_is_one_entry(render_issue):
    outputs = render_issue(ROUNDUP, ENTRIES)
    cells = re.findall(r'<td[^>]*style="padding:13px 0 14px[^"]*"[^>]*>(.*?)</td>', outputs["email"], re.DOTALL)
    assert [words(cell) for cell in cells] == ["First this.", "Ships They sail. Slowly.", "Quays One Two"]
    assert outputs["web"].count('<div class="whole">') == 2
    assert [words(part) for part in re.findall(r"<h4.*?>(.*?)</h4>", outputs["web"])] == ["Ships", "Quays"]


@pytest.mark.parametrize(
    "entries", ["-\n-\n", "####\n\n####\n", "#### A\n\n#### B\n", "-\n\n#### A\n\n-\n", "####\n\n---\n\n---\n"]
)
def test_empty_entries_are_rendered(render_issue, entries):
    assert all(render_issue(ROUNDUP, f"## News\n\n### In short\n\n{entries}").values())


def test_text_after_the_last_item_is_not_an_entry_of_the_round_up(render_issue):
    outputs = render_issue(ROUNDUP, ENTRIES + "\n---\n\nThanks to **all**.\n")
    cells = re.findall(r'<td[^>]*style="padding:13px 0 14px[^"]*"[^>]*>(.*?)</td>', outputs["email"], re.DOTALL)
    assert words(cells[-1]) == "Quays One Two"
    assert not re.search(r'class="[^"]*roundup[^"]*"(?:(?!</section>).)*Thanks', outputs["web"], re.DOTALL)
    for output in ("email", "web", "text", "feed"):
        shown = words(outputs[output])
        assert shown.index("Thanks to") < shown.index("Tell us more."), output


CONTENTS = "contents: true\nsections:\n  news: {heading: News, items: {categories: any}, required: false}\n  jobs: {heading: Jobs}\n"
NEWS = "Hello.\n\n## News\n\n### Chips: A\n\na\n\n### Ports: B\n\nb\n\n### chips: C\n\nc\n\n## Jobs\n\nNone.\n"


@pytest.mark.parametrize(
    ("more", "heading", "entries"),
    [
        ("", "Topics in this issue", ["Chips: A", "Ports: B", "chips: C"]),
        ("contents_of: categories\n", "Topics in this issue", ["Chips", "Ports"]),
        ("contents_of: sections\n", "Topics in this issue", ["News", "Jobs"]),
        (
            "contents_heading: 'In issue {number} of {date:MMMM}'\n",
            "In issue 7 of January",
            ["Chips: A", "Ports: B", "chips: C"],
        ),
    ],
)
def test_a_contents_list_has_the_configured_entries(render_issue, more, heading, entries):
    outputs = render_issue(CONTENTS + more, NEWS)
    listed = re.search(r'<nav class="contents".*?</nav>', outputs["web"], re.DOTALL)[0]
    assert [words(entry) for entry in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)] == entries
    for address in re.findall(r'href="#([^"]+)"', listed):
        assert f'id="{address}"' in outputs["web"]
        assert f'id="{address}"' in outputs["email"]
    for output in ("email", "web", "text"):
        assert heading in words(outputs[output]), output
    assert all(f"- {entry}\n" in outputs["text"] for entry in entries)


def test_a_section_can_have_its_own_contents_list_of_categories(render_issue):
    house = "sections:\n  news: {heading: News, contents: true, contents_of: categories, contents_heading: Fields, items: {categories: any}}\n  jobs: {heading: Jobs}\n"
    shown = render_issue(house, NEWS)["text"]
    assert "Fields\n------\n\n- Chips\n- Ports\n" in shown
