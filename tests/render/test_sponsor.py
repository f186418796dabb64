"""`::: sponsor`: the sponsors booked for an issue fill its places, and unbooked places are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.commands.check import check_issues
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.project.letters import letter_of, render
from newsletter.project.project import Project
from newsletter.services.campaign import Campaign, with_campaign
from tests.render.rendered import render_all

if TYPE_CHECKING:
    from pathlib import Path

SPONSORS = """sponsors:
  pilots:
    name: North Sea Pilots
    url: https://pilots.example/
    text: Book a *pilot* by [phone](https://pilots.example/phone).
    booked: [2026-03-04, "15"]
    until: 2026-04-01
  maps:
    name: Maps & Sons
    url: https://maps.example/
    text: Maps of every canal.
    booked: 14
    utm: {source: keeper, campaign: spring}
"""
PLACE = "::: sponsor\n:::\n"
OWN = "::: sponsor [Ropes](https://ropes.example/)\nRope by the metre.\n:::\n"


def test_a_booked_sponsor_is_shown_with_a_label_in_the_issues_language(tmp_path: Path):
    made = render_all(tmp_path, PLACE, workspace=SPONSORS, language="de")
    assert '<aside class="sponsor" aria-label="Anzeige: North Sea Pilots">' in made.page
    assert '<a rel="sponsored" href="https://pilots.example/">North Sea Pilots</a>' in made.page
    assert '<a rel="sponsored" href="https://pilots.example/phone">phone</a>' in made.page
    assert "Anzeige: North Sea Pilots [1]\nBook a _pilot_ by phone [2]." in made.text
    assert "<strong>Anzeige: <a rel=" in made.feed
    assert ">Anzeige</p>" in made.email
    assert "Maps" not in made.page


@pytest.mark.parametrize("body", [PLACE, f"{PLACE}\n## News\n\n{PLACE}", f"## News\n\n### 1. A\n\n{PLACE}"])
def test_a_part_that_is_only_an_unbooked_place_is_checked(tmp_path: Path, body: str):
    render_all(tmp_path, body)
    assert check_issues(tmp_path, issue_files(tmp_path)).diagnostics  # in the email, too, whose parts are traced


def test_an_unbooked_place_is_left_out(tmp_path: Path):
    made = render_all(tmp_path, f"A.\n\n{PLACE}\n{PLACE}\nB.\n", workspace=SPONSORS)
    assert made.page.count('class="sponsor') == 1
    assert made.email.count(">Sponsor</p>") == 1
    without = render_all(tmp_path, f"A.\n\n{PLACE}\nB.\n")
    assert "sponsor" not in without.page
    assert "Sponsor" not in without.text


@pytest.mark.parametrize("front", ["number: 14\n", ""])
def test_places_are_filled_in_the_order_of_newsletter_yaml(tmp_path: Path, front: str):
    page = render_all(tmp_path, f"{PLACE}\n{PLACE}", workspace=SPONSORS, front=front).page
    assert ("Maps &amp; Sons" in page) == bool(front)


def test_a_named_sponsor_is_not_shown_twice(tmp_path: Path):
    body = f"{PLACE}\n::: sponsor pilots\nOther words.\n:::\n"
    page = render_all(tmp_path, body, workspace=SPONSORS, front="number: 14\n").page
    assert page.count(">North Sea Pilots<") == 1
    assert "Other words." in page
    assert page.index("Maps &amp; Sons") < page.index("North Sea Pilots")


def test_an_issue_may_have_its_own_sponsor(tmp_path: Path):
    made = render_all(tmp_path, OWN)
    assert '<a rel="sponsored" href="https://ropes.example/">Ropes</a>' in made.page
    assert "Sponsor: Ropes [1]\nRope by the metre." in made.text


def test_a_picture_is_beside_the_text(tmp_path: Path):
    render_all(tmp_path, PLACE)
    pictured = SPONSORS.replace("until:", "picture: issues/2026-03-04-tides/square.jpg\n    alt: A pilot\n    until:")
    made = render_all(tmp_path, PLACE, workspace=pictured)
    assert '<aside class="sponsor pictured"' in made.page
    assert 'alt="A pilot" width="240" height="240"' in made.page
    assert 'class="w33"' in made.email
    assert 'src="https://letters.example/tides/square-' in made.email


def test_a_snippet_may_contain_the_place(tmp_path: Path):
    render_all(tmp_path, "A.\n", workspace=SPONSORS)
    house = tmp_path / "templates/loose"
    (house / "snippets").mkdir()
    (house / "snippets/paid.md").write_text(PLACE, encoding="utf-8")
    (house / "house.yaml").write_text("name: Loose\nstanding: {paid: end}\n", encoding="utf-8")
    project = Project(load_workspace(tmp_path))
    made = render(project, letter_of(project, project.read(issue_files(tmp_path)[0])))
    assert "North Sea Pilots" in made.page


def test_after_its_last_day_a_sponsor_is_left_out_only_on_the_page(tmp_path: Path):
    render_all(tmp_path, f"A.\n\n{PLACE}", workspace=SPONSORS)
    project = Project(load_workspace(tmp_path))
    parsed = project.read(issue_files(tmp_path)[0])
    made = render(project, letter_of(project, parsed, lapsed=("pilots",)))
    assert "North Sea Pilots" not in made.page
    assert "North Sea Pilots" in made.html
    assert "North Sea Pilots" in made.text


def test_links_of_a_sponsor_have_their_own_campaign_parameters(tmp_path: Path):
    render_all(
        tmp_path, f"[A](https://a.example/)\n\n{PLACE}", workspace=SPONSORS, front="number: 14\n".replace("14", "14")
    )
    (tmp_path / "newsletter.yaml").write_text(
        (tmp_path / "newsletter.yaml").read_text("utf-8").replace("[2026-03-04, ", "["), "utf-8"
    )
    project = Project(load_workspace(tmp_path))
    letter = letter_of(project, project.read(issue_files(tmp_path)[0]))
    ours = Campaign((("utm_source", "letter"), ("utm_medium", "email"), ("utm_campaign", "tides")), "none", ())
    html = render(project, with_campaign(letter, ours)).html
    assert "https://a.example/?utm_source=letter&amp;utm_medium=email&amp;utm_campaign=tides" in html
    assert "https://maps.example/?utm_source=keeper&amp;utm_medium=email&amp;utm_campaign=spring" in html
    alone = render(project, with_campaign(letter, None)).html
    assert 'href="https://a.example/"' in alone
    assert "https://maps.example/?utm_source=keeper&amp;utm_campaign=spring" in alone


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("offer.pdf", True),
        ("www.pilots.example", True),
        ("/offer", True),
        ("#offer", True),
        ("https://pilots.example/offer", False),
        ("mailto:crew@pilots.example", False),
        ("https://pilots.example/{{ first_name | reader }}", False),
    ],
)
def test_a_sponsors_link_that_does_not_work_in_email_is_reported_in_newsletter_yaml(
    tmp_path: Path, address: str, expected: bool
):
    render_all(tmp_path, PLACE, workspace=SPONSORS.replace("https://pilots.example/phone", address))
    found = check_issues(tmp_path, issue_files(tmp_path), select=["CF"]).diagnostics
    assert [(one.code, one.path) for one in found] == [("CF012", "newsletter.yaml")] * expected
    assert all(address in one.message and one.span.line for one in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Ropes <b>by the metre</b>.", "`<b>`"), ('"::: callot Ropes\\nBy the metre.\\n:::"', "`callot`")],
)
def test_broken_syntax_in_a_sponsors_text_is_reported(tmp_path: Path, text: str, expected: str):
    render_all(tmp_path, PLACE, workspace=SPONSORS.replace("Maps of every canal.", text))
    (found,) = {one.message for one in check_issues(tmp_path, issue_files(tmp_path), select=["CF"]).diagnostics}
    assert found.startswith("`sponsors.maps.text`: ")
    assert expected in found
