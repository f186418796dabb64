"""A link to the file of another issue leads to the page of that issue, at its slug."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.cli import run
from newsletter.config.workspace import issue_files
from newsletter.project.letters import letter_of, render
from newsletter.project.project import open_project

if TYPE_CHECKING:
    from pathlib import Path

LOCKS = "---\ntitle: Locks\nslug: on-locks\ndate: 2026-01-05\n---\n\nOf locks.\n\n## A lift\n\nIt lifts.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "newsletter.yaml").write_text(
        "title: Letters\nurl: https://letters.example/\nkind: letter\naddress: Ghent\n"
        "sender: {name: Letters, email: a@letters.example}\n"
    )
    (tmp_path / "templates/letter").mkdir(parents=True)
    (tmp_path / "templates/letter/house.yaml").write_text("name: Letter\n")
    folder = tmp_path / "issues/2026-01-05-locks"
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(LOCKS)
    return tmp_path


def rendered(root: Path, link: str, name: str = "2026-02-05-ships"):
    file = root / "issues" / name / "index.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"---\ntitle: Ships\ndate: 2026-02-05\n---\n\nSee [the last]({link}).\n")
    project = open_project(root)
    ships = next(each for each in issue_files(root) if each.name == name)
    return render(project, letter_of(project, project.read(ships)))


@pytest.mark.parametrize("link", ["../2026-01-05-locks/index.md", "../2026-01-05-locks/index.md#a-lift"])
def test_a_link_to_an_issue_file_leads_to_its_page(root, link):
    made, place = rendered(root, link), link.partition("#")[2] and "#a-lift"
    assert f'href="https://letters.example/on-locks/{place}"' in made.html
    assert f"https://letters.example/on-locks/{place}" in made.text
    assert f'href="../on-locks/index.html{place}"' in made.page


def test_a_link_to_a_single_file_issue_leads_to_its_page(root):
    (root / "issues/2026-01-12-canals.md").write_text(LOCKS.replace("on-locks", "on-canals"))
    assert 'href="https://letters.example/on-canals/"' in rendered(root, "../2026-01-12-canals.md").html


def test_a_slug_in_another_script_is_encoded(root):
    (root / "issues/2026-01-05-locks/index.md").write_text(LOCKS.replace("on-locks", "über-schleusen"))
    assert 'href="https://letters.example/%C3%BCber-schleusen/"' in rendered(root, "../2026-01-05-locks/index.md").html


@pytest.mark.parametrize(
    "link", ["../2026-01-05-gone/index.md", "../../../etc/passwd.md", "../2026-01-05-locks/other.md"]
)
def test_other_links_are_unchanged(root, link):
    assert "/on-locks/" not in rendered(root, link).html


def test_an_issue_with_unreadable_front_matter_has_the_address_of_its_name(root):
    (root / "issues/2026-01-05-locks/index.md").write_bytes(b"---\ntitle: [\n---\n\xff")
    assert 'href="https://letters.example/locks/"' in rendered(root, "../2026-01-05-locks/index.md").html


def test_a_build_follows_the_slug_of_the_other_issue(root, capsys):
    rendered(root, "../2026-01-05-locks/index.md")
    assert run(["-C", str(root), "build"]) == 0, capsys.readouterr()
    page = root / "public/ships/index.html"
    assert "../on-locks/index.html" in page.read_text("utf-8")
    (root / "issues/2026-01-05-locks/index.md").write_text(LOCKS.replace("on-locks", "of-locks"))
    assert run(["-C", str(root), "build", "--remove"]) == 0, capsys.readouterr()
    assert "../of-locks/index.html" in page.read_text("utf-8")
