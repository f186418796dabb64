"""Unicode NFC and NFD of a name give the same address, id, link and file."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from newsletter.build.pipeline import build
from newsletter.cli import run
from newsletter.commands.check import check_issues
from newsletter.commands.init import start_workspace
from newsletter.config.workspace import issue_files
from newsletter.names import portable_name, spelled
from newsletter.project.selection import select_issues
from tests.sample_values import SAMPLE_VALUES

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FORMS = ("NFC", "NFD")
PICTURE = Path(__file__).parents[2] / "authors/maarten.png"
NAMES = ["été", "ångström", "가나다", "がぎぐ", "tiếng-việt", "нёй", "क़लम", "ὕβριν"]


def normalized(text: str, form: str) -> str:
    return unicodedata.normalize(form, text)  # type: ignore[arg-type]


def workspace(root: Path, name: str, *, folder: str, written: str) -> Path:
    """Two issues: one called `name` with a picture, a document and a tag of that name, and one that links to it.

    `folder` is the normalization of names on disk, `written` that in the texts.
    """
    start_workspace(root, kind="essay", title="Letters", **SAMPLE_VALUES)
    on_disk, typed = normalized(name, folder), normalized(name, written)
    home = root / "issues" / f"2026-06-01-{on_disk}"
    home.mkdir(parents=True)
    (home / f"{on_disk}.pdf").write_bytes(b"%PDF")
    shutil.copy(PICTURE, home / f"{on_disk}.png")
    front = f"title: One\ndate: 2026-06-01\nnumber: 1\nauthors: [{typed}]\ntags: [{typed}]\nsummary: A summary of one line here.\n"
    text = f"---\n{front}---\n\nSee [it]({typed}.pdf) and [below](#{typed}).\n\n![A sign]({typed}.png)\n\n## {typed}\n\nText.\n"
    (home / "index.md").write_text(text, "utf-8")
    other = root / "issues/2026-07-01-other/index.md"
    other.parent.mkdir()
    front = "title: Two\ndate: 2026-07-01\nnumber: 2\nauthors: [editor]\nsummary: A summary of one line here.\n"
    link = f"../2026-06-01-{typed}/index.md#{typed}"
    other.write_text(f"---\n{front}---\n\nSee [the other]({link}).\n\n## A section\n\nText.\n", "utf-8")
    return home


def outputs(root: Path) -> dict[str, str]:
    assert not build(root, now=NOW).diagnostics
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("build", "public", "feeds")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_the_same_in_either_normalization(tmp_path: Path, name: str) -> None:
    made = {}
    for folder in FORMS:
        for written in FORMS:
            root = tmp_path / f"{folder}-{written}"
            workspace(root, name, folder=folder, written=written)
            found = [one for one in check_issues(root, issue_files(root)).diagnostics if one.code[:2] in {"LK", "FG"}]
            assert not [one for one in found if one.code in {"LK104", "LK113", "FG101"}]
            made[folder, written] = outputs(root)
    slug = normalized(name, "NFC")
    assert f"public/{slug}/index.html" in made["NFC", "NFC"]
    assert {key.rpartition("/")[0] for key in made["NFC", "NFC"]} == {
        key.rpartition("/")[0] for key in made["NFD", "NFD"]
    }
    for written in FORMS:  # the normalization of the text itself is the author's
        assert made["NFC", written] == made["NFD", written]
    page = (tmp_path / "NFD-NFD/public/other/index.html").read_text("utf-8")
    assert f'href="../{quote(slug)}/index.html#{quote(slug)}"' in page
    own = (tmp_path / "NFC-NFD/public" / slug / "index.html").read_text("utf-8")
    (anchor,) = re.findall(r'<a href="#([^"]*)"[^>]*>below', own)
    assert unquote(anchor) == slug
    for href in re.findall(r'(?:href|src)="([^":#]*\.(?:pdf|png))"', own):
        assert (tmp_path / "NFC-NFD/public" / slug / unquote(href)).exists()
    ids = {
        re.findall(r"<guid[^>]*>([^<]*)", (tmp_path / f"{form}-{form}/feeds/rss.xml").read_text())[-1] for form in FORMS
    }
    assert len(ids) == 1
    assert (
        len(
            {
                re.findall(r"<dc:creator>([^<]*)", (tmp_path / f"{form}-{form}/feeds/rss.xml").read_text())[-1]
                for form in FORMS
            }
        )
        == 1
    )


def test_a_folder_moved_to_another_system_is_not_a_new_issue(tmp_path: Path) -> None:
    home = workspace(tmp_path, "été", folder="NFD", written="NFD")
    before = outputs(tmp_path)
    home.rename(home.with_name(normalized(home.name, "NFC")))
    assert outputs(tmp_path) == before


@pytest.mark.parametrize("typed", FORMS)
@pytest.mark.parametrize("folder", FORMS)
@pytest.mark.parametrize("given", ["issues/2026-06-01-été/index.md", "issues/2026-06-01-été", "2026-06-01-été", "été"])
def test_an_issue_is_found_in_either_normalization(tmp_path: Path, folder: str, typed: str, given: str) -> None:
    workspace(tmp_path, "été", folder=folder, written="NFC")
    (file,) = select_issues(issue_files(tmp_path), [normalized(given, typed)], root=tmp_path, here=tmp_path)
    assert file.path == f"issues/{normalized('2026-06-01-été', folder)}/index.md"


def two_folders(root: Path) -> None:
    workspace(root, "été", folder="NFC", written="NFC")
    twin = root / "issues" / normalized("2026-06-01-été", "NFD")
    if twin.exists():
        pytest.skip("this file system takes both spellings for one name")
    twin.mkdir()
    text = (root / "issues/2026-06-01-été/index.md").read_text("utf-8")
    (twin / "index.md").write_text(text.replace("number: 1", "number: 3").replace("title: One", "title: Twin"), "utf-8")


def test_two_normalizations_of_one_folder_name_are_a_finding_and_do_not_stop_a_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_folders(tmp_path)
    assert run(["-C", str(tmp_path), "check"]) == 1
    reported = capsys.readouterr().out
    assert "the slug `été` is taken" in reported
    assert "differs only in how its characters are encoded" in reported
    report = build(tmp_path, now=NOW)
    assert [one.code for one in report.diagnostics] == ["FM108"]
    page = (tmp_path / "public/été/index.html").read_text("utf-8")
    assert ("<title>One" in page) != ("<title>Twin" in page)
    assert (tmp_path / "public/other/index.html").exists()
    assert [path.name for path in (tmp_path / "public").iterdir()].count("été") == 1


def test_two_normalizations_of_one_file_name_are_a_finding_and_both_are_kept(tmp_path: Path) -> None:
    home = workspace(tmp_path, "été", folder="NFC", written="NFC")
    nfd = normalized("été", "NFD")
    (home / f"{nfd}.pdf").write_bytes(b"%PDF of its own")
    if (home / "été.pdf").read_bytes() != b"%PDF":
        pytest.skip("this file system takes both spellings for one name")
    index = home / "index.md"
    index.write_text(index.read_text("utf-8") + f"\nAnd [its twin]({nfd}.pdf).\n", "utf-8")
    found = check_issues(tmp_path, issue_files(tmp_path), select=["LK140"]).diagnostics
    assert [(one.code, one.span.line) for one in found] == [("LK140", 10)]
    assert not build(tmp_path, now=NOW).diagnostics
    assert sorted(path.read_bytes() for path in (tmp_path / "public/été").glob("*.pdf")) == [
        b"%PDF",
        b"%PDF of its own",
    ]


def test_one_field_in_two_normalizations_is_a_duplicate(tmp_path: Path) -> None:
    home = workspace(tmp_path, "été", folder="NFC", written="NFC")
    nfd = normalized("été", "NFD")
    index = home / "index.md"
    index.write_text(index.read_text("utf-8").replace("number: 1\n", f"number: 1\nété: a\n{nfd}: b\n"), "utf-8")
    found = check_issues(tmp_path, issue_files(tmp_path), select=["FM002"]).diagnostics
    assert [(one.span.line, one.message) for one in found] == [
        (6, "`été` is given twice, with its characters encoded in two ways")
    ]


def test_authors_and_pictures_of_newsletter_yaml_are_found_in_either_normalization(tmp_path: Path) -> None:
    workspace(tmp_path, "été", folder="NFC", written="NFC")
    nfc, nfd = normalized("renée", "NFC"), normalized("renée", "NFD")
    (tmp_path / "authors").mkdir(exist_ok=True)
    shutil.copy(PICTURE, tmp_path / "authors" / f"{nfd}.png")
    path = tmp_path / "newsletter.yaml"
    yaml = re.sub(r"(?m)^authors:\n(?:[ #].*\n)*", "", path.read_text("utf-8"))
    path.write_text(f"{yaml}\nauthors:\n  {nfd}: {{name: Renée Roe, picture: authors/{nfc}.png}}\n", "utf-8")
    index = tmp_path / "issues/2026-06-01-été/index.md"
    index.write_text(index.read_text("utf-8").replace("authors: [été]", f"authors: [{nfc}]"), "utf-8")
    build(tmp_path, now=NOW)
    assert "Renée Roe" in (tmp_path / "public/été/index.html").read_text("utf-8")


names = st.text(st.characters(categories=["L", "M", "N"]), min_size=1, max_size=8)


@settings(max_examples=60)
@given(names)
def test_any_name_is_found_on_disk_in_either_normalization(name: str) -> None:
    assume(portable_name(normalized(name, "NFC")) == normalized(name, "NFC"))
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMS:
            place = Path(folder) / form / normalized(name, form)
            place.mkdir(parents=True)
            (place / normalized(f"{name}.md", form)).touch()
            for typed in FORMS:
                found = spelled(Path(folder) / form, normalized(f"{name}/{name}.md", typed))
                assert (Path(folder) / form / found).is_file()
