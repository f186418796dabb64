"""Publishing, revising and withdrawing: what readers get, and what is kept of it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.archive.record import RECORD, hash_of, load_record
from newsletter.build.pipeline import build
from newsletter.cli import run
from newsletter.commands.check import check_issues
from newsletter.commands.feeds import write_feeds
from newsletter.commands.new import draft
from newsletter.commands.status import status_of
from newsletter.config.workspace import issue_files
from newsletter.errors import FindingsError, UsageError, WorldError
from tests.archive.places import (
    LATER,
    NOW,
    entries,
    is_whole,
    listed,
    page,
    pages,
    publish_in,
    put,
    recorded,
    start,
    text,
    tree,
    unpublish_in,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return start(tmp_path / "letters", "ports", "cranes")


@pytest.fixture
def out(root: Path) -> Path:
    """Both are published."""
    publish_in(root, all_past=True)
    return root


def codes(error: pytest.ExceptionInfo[FindingsError]) -> list[str]:
    return [found.code for found in error.value.diagnostics]


# ── Publishing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_published_files_are_frozen_with_their_source_and_recorded_with_hashes(out: Path) -> None:
    version = recorded(out, "ports").latest
    (card,) = [name for name in version.files if name.startswith("page/card-")]
    assert set(version.files) == {
        card,
        "email.html",
        "email.txt",
        "letter.json",
        "page/index.html",
        "source/issues/ports/index.md",
    }
    for name, mark in version.names.items():
        assert hash_of((out / name).read_bytes()) == mark
    assert (out / version.source).read_bytes() == (out / "issues/ports/index.md").read_bytes()
    assert (out / "archive/ports/page/index.html").read_text() == page(out, "ports")
    assert json.loads((out / "archive/ports/letter.json").read_bytes())["subject"] == "On ports"


def test_the_record_has_a_line_for_each_event_and_is_append_only(out: Path) -> None:
    before = (out / RECORD).read_bytes()
    assert [json.loads(line)["event"] for line in before.splitlines()] == ["published", "published"]
    put(out, "issues/ports/index.md", text("On ports", "Ships wait for weeks."))
    publish_in(out, "ports", revise="It is weeks, not days.", now=LATER)
    assert (out / RECORD).read_bytes().startswith(before)


def test_a_publication_that_never_published_is_unchanged(root: Path) -> None:
    report = build(root, now=NOW)
    assert report.published == 2
    assert not report.ready
    assert not (root / "archive").exists()


def test_the_first_issue_takes_no_other_off_the_web(root: Path) -> None:
    with pytest.raises(UsageError, match="would be removed") as error:
        publish_in(root, "ports")
    assert "--all-past" in error.value.hint
    assert not (root / "archive").exists()


def test_all_issues_on_the_web_are_recorded_unchanged(root: Path) -> None:
    build(root, now=NOW)
    before = tree(root, "public", "feeds", "build")
    report = publish_in(root, all_past=True)
    assert [done.event for done in report.done] == ["published", "published"]
    assert tree(root, "public", "feeds", "build") == before
    assert {done.event for done in publish_in(root, all_past=True).done} == set()


def test_an_issue_that_cannot_be_built_is_not_recorded(root: Path) -> None:
    put(root, "issues/locks/index.md", text("On locks", "![A lock](lock.png)", day="2026-10-05"))
    put(root, "issues/barges/index.md", text("On barges", day="2026-10-06", more="slug: ports\n"))
    report = publish_in(root, all_past=True)
    assert {done.issue for done in report.done} == {"issues/ports/index.md", "issues/cranes/index.md"}
    assert {(found.code, found.path) for found in report.left} == {
        ("FG104", "issues/locks/index.md"),
        ("HS109", "issues/barges/index.md"),
    }
    assert pages(root) == {"ports", "cranes"}
    assert is_whole(root)


def test_publishing_twice_is_publishing_once(out: Path) -> None:
    before = tree(out)
    assert [done.event for done in publish_in(out, "ports", "cranes", now=LATER).done] == ["already", "already"]
    assert tree(out) == before


def test_from_then_on_the_record_decides_what_is_public(out: Path) -> None:
    put(out, "issues/locks/index.md", text("On locks", day="2026-10-05"))
    report = build(out, now=NOW)
    assert report.ready == ("issues/locks/index.md",)
    assert "locks" not in pages(out)
    assert "locks" not in entries(out)
    assert "On locks" not in listed(out)
    assert {status.name: status.state for status in status_of(out, issue_files(out), now=NOW)} == {
        "cranes": "published",
        "locks": "ready",
        "ports": "published",
    }
    publish_in(out, "locks")
    assert "locks" in pages(out) & set(entries(out))
    assert "On locks" in page(out, "cranes")  # as the next one
    assert not build(out, now=NOW).written


@pytest.mark.parametrize(
    ("more", "day", "said"),
    [
        ("draft: true\n", "2026-10-05", "it is a draft"),
        ("", "2026-12-24", "is in the future"),
        ("", "", "it has no date"),
    ],
)
def test_future_issues_and_drafts_are_not_published(out: Path, more: str, day: str, said: str) -> None:
    put(out, "issues/locks/index.md", text("On locks", day=day, more=more))
    before = tree(out)
    with pytest.raises(UsageError, match=f"issues/locks/index.md: .*{said}"):
        publish_in(out, "locks")
    assert tree(out) == before


def test_an_issue_with_errors_is_not_published(out: Path) -> None:
    put(out, "issues/locks/index.md", text("On locks", "![A lock](lock.png)", day="2026-10-05"))
    before = tree(out)
    with pytest.raises(FindingsError) as error:
        publish_in(out, "locks")
    assert "FG104" in codes(error)
    assert tree(out) == before


# ── A published issue that has changed ────────────────────────────────────────────────────────────────────────────────


def change(root: Path, name: str = "ports", body: str = "Ships wait for weeks.") -> None:
    put(root, f"issues/{name}/index.md", text(f"On {name}", body))


def test_a_change_is_a_finding_and_readers_see_what_was_published(out: Path) -> None:
    change(out)
    found = check_issues(out, issue_files(out)).diagnostics
    assert [(one.code, one.path) for one in found] == [("HS108", "issues/ports/index.md")]
    before = tree(out, "public", "feeds")
    assert build(out, now=NOW).changed == ("issues/ports/index.md",)
    assert tree(out, "public", "feeds") == before
    with pytest.raises(FindingsError) as error:
        publish_in(out, "ports")
    assert codes(error) == ["HS108"]
    assert {one.name: one.state for one in status_of(out, issue_files(out), now=NOW)}["ports"] == "changed"


def test_readers_of_a_fresh_clone_see_what_was_published_too(out: Path) -> None:
    before = tree(out, "public", "feeds", "build")
    change(out)
    for folder in (".newsletter", "public", "build"):
        for path in sorted((out / folder).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    build(out, now=NOW)
    assert tree(out, "public", "feeds", "build") == before


def test_a_revision_is_shown_on_the_page_and_in_the_feed(out: Path) -> None:
    identity, published = entries(out)["ports"]["id"], entries(out)["ports"]["date_published"]
    change(out)
    report = publish_in(out, "ports", revise="It is weeks, <not> days.", now=LATER)
    assert [(done.event, done.folder) for done in report.done] == [("revised", "archive/ports/revision-1/")]
    assert "Updated November 5, 2026: It is weeks, &lt;not&gt; days." in page(out, "ports")
    assert "weeks" in page(out, "ports")
    entry = entries(out)["ports"]
    assert (entry["id"], entry["date_published"]) == (identity, published)
    assert datetime.fromisoformat(entry["date_modified"]) == LATER
    assert "Ships wait for days." in (out / recorded(out, "ports").versions[0].source).read_text()
    assert is_whole(out)
    assert not check_issues(out, issue_files(out)).diagnostics
    publish_in(out, "ports", revise="It is weeks, <not> days.", now=LATER + timedelta(days=1))
    assert len(recorded(out, "ports").revisions) == 1  # nothing had changed since


def test_a_picture_is_a_part_of_what_was_published(root: Path) -> None:
    put(root, "issues/ports/index.md", text("On ports", "![A port](port.png)"))
    Image.new("RGB", (80, 60), "red").save(root / "issues/ports/port.png")
    publish_in(root, all_past=True)
    assert "source/issues/ports/port.png" in recorded(root, "ports").files
    Image.new("RGB", (80, 60), "blue").save(root / "issues/ports/port.png")
    found = check_issues(root, issue_files(root)).diagnostics
    assert ["`port.png` changed" in one.message for one in found if one.code == "HS108"] == [True]
    before = tree(root, "public")
    build(root, now=NOW)
    assert tree(root, "public") == before


def test_a_page_outlives_its_source(out: Path) -> None:
    before = tree(out, "public", "feeds")
    (out / "issues/ports/index.md").unlink()
    (out / "issues/ports").rmdir()
    build(out, now=NOW)
    build(out, now=NOW, fresh=True)
    assert tree(out, "public", "feeds") == before


def test_files_beside_a_single_file_issue_are_frozen_at_their_paths(tmp_path: Path) -> None:
    root = start(tmp_path)
    put(root, "issues/ports.md", text("On ports"))
    put(
        root,
        "issues/cranes.md",
        text("On cranes", "See [ports](ports.md). ![A crane](pics/a.png) ![One](../shared/b.png)"),
    )
    for name in ("issues/pics/a.png", "shared/b.png"):
        (root / name).parent.mkdir()
        Image.new("RGB", (80, 60), "red").save(root / name)
    publish_in(root, all_past=True)
    before = tree(root, "public", "feeds")
    assert set(recorded(root, "cranes").latest.sources) == {"issues/cranes.md", "issues/pics/a.png", "shared/b.png"}
    put(root, "issues/cranes.md", "gone")
    shutil.rmtree(root / "issues/pics")
    shutil.rmtree(root / "shared")
    build(root, now=NOW, fresh=True)
    assert tree(root, "public", "feeds") == before


def test_without_its_frozen_source_the_frozen_page_stays(out: Path) -> None:
    before = page(out, "ports")
    (out / "issues/ports/index.md").unlink()
    (out / "archive/ports/source/issues/ports/index.md").unlink()
    build(out, now=NOW, fresh=True)
    assert page(out, "ports") == before
    assert "On ports" in listed(out)
    assert "ports" in entries(out)


def test_feeds_alone_follow_the_record(out: Path) -> None:
    put(out, "issues/locks/index.md", text("On locks", day="2026-10-05"))
    change(out)
    before = tree(out, "feeds")
    (out / "feeds/rss.xml").unlink()
    assert write_feeds(out, now=NOW).written == ("feeds/rss.xml",)
    assert tree(out, "feeds") == before


# ── Names: ids and addresses ────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_address_leaves_a_page_that_redirects(out: Path) -> None:
    identity = entries(out)["ports"]["id"]
    put(out, "issues/ports/index.md", text("On ports", more="slug: harbours\n"))
    publish_in(out, "ports", revise="A better name.", now=LATER)
    assert 'url=../harbours/"' in page(out, "ports")
    assert "On ports" in page(out, "harbours")
    assert entries(out)["ports"]["id"] == identity
    assert entries(out)["ports"]["url"] == "https://letters.example/harbours/"
    assert not (out / "public/_redirects").exists()


@pytest.mark.parametrize(
    ("host", "file", "line"),
    [
        ("netlify", "_redirects", "/letters/ports/* /letters/harbours/:splat 301!\n"),
        ("cloudflare", "_redirects", "/letters/ports /letters/harbours/ 301\n/letters/ports/ /letters/harbours/ 301\n"),
        ("apache", ".htaccess", 'RedirectPermanent "/letters/ports/" "https://a.example/letters/harbours/"\n'),
    ],
)
def test_a_host_with_a_redirect_file_gets_one(out: Path, host: str, file: str, line: str) -> None:
    yaml = (out / "newsletter.yaml").read_text().replace("letters.example/", "a.example/letters/")
    put(out, "newsletter.yaml", f"{yaml}archive: {{redirects: {host}}}\n")
    put(out, "issues/ports/index.md", text("On ports", more="slug: harbours\n"))
    publish_in(out, "ports", revise="A better name.", now=LATER)
    assert (out / "public" / file).read_text() == line
    put(out, "newsletter.yaml", yaml)
    build(out, now=NOW)
    assert not (out / "public" / file).exists()


@pytest.mark.parametrize(
    ("host", "file", "line"),
    [
        ("netlify", "_redirects", "/2020/ports.html /ports/ 301!\n"),
        ("cloudflare", "_redirects", "/2020/ports.html /ports/ 301\n"),
        ("apache", ".htaccess", 'RedirectPermanent "/2020/ports.html" "https://letters.example/ports/"\n'),
    ],
)
def test_the_redirect_file_has_former_addresses_with_or_without_a_record(
    root: Path, host: str, file: str, line: str
) -> None:
    put(root, "newsletter.yaml", (root / "newsletter.yaml").read_text() + f"archive: {{redirects: {host}}}\n")
    put(root, "issues/ports/index.md", text("On ports", more="former: [/2020/ports.html]\n"))
    build(root, now=NOW)
    assert (root / "public" / file).read_text() == line
    assert 'url=../ports/"' in (root / "public/2020/ports.html").read_text()


def test_a_moved_folder_is_recognized_by_its_text(out: Path) -> None:
    (out / "issues/ports").rename(out / "issues/harbours")
    build(out, now=NOW)
    assert "On ports" in page(out, "ports")
    assert "harbours" not in pages(out)
    publish_in(out, "harbours", revise="Moved.", now=LATER)
    assert recorded(out, "ports").slug == "harbours"
    assert {"ports", "harbours"} <= pages(out)
    assert set(entries(out)) == {"ports", "cranes"}


def test_ids_survive_another_domain(out: Path) -> None:
    before = {entry["id"] for entry in entries(out).values()}
    put(out, "newsletter.yaml", (out / "newsletter.yaml").read_text().replace("letters.example", "post.example"))
    build(out, now=NOW)
    assert {entry["id"] for entry in entries(out).values()} == before
    assert entries(out)["ports"]["url"] == "https://post.example/ports/"


def test_a_withdrawn_page_says_so_and_its_address_is_never_reused(out: Path) -> None:
    unpublish_in(out, "ports", reason="A mistake.")
    assert "This issue was withdrawn" in page(out, "ports")
    assert "noindex" in page(out, "ports")
    assert set(entries(out)) == {"cranes"}
    assert "On ports" not in listed(out)
    assert "A mistake." not in "".join(map(str, tree(out, "public", "feeds").values()))
    assert recorded(out, "ports").reason == "A mistake."
    assert [done.event for done in unpublish_in(out, "ports").done] == ["already"]
    assert is_whole(out)
    assert check_issues(out, issue_files(out)).diagnostics == ()  # nothing in it is wrong
    with pytest.raises(FindingsError) as error:
        publish_in(out, "ports")
    assert codes(error) == ["HS109"]
    assert "give it a new `id` and a new `slug`" in error.value.diagnostics[0].advice
    put(out, "issues/ports/index.md", text("On ports", more="id: other\n"))
    with pytest.raises(FindingsError) as error:
        publish_in(out, "ports")
    assert codes(error) == ["HS109"]  # its address
    assert [status.state for status in status_of(out, issue_files(out), now=NOW)] == ["published", "held back"]
    assert [build(out, now=NOW).taken for _ in range(2)] == [("issues/ports/index.md",)] * 2
    put(out, "issues/ports/index.md", text("On ports", more="id: other\nslug: other\n"))
    publish_in(out, "ports")
    assert {"ports", "other"} <= pages(out)
    assert "This issue was withdrawn" in page(out, "ports")


def test_an_issue_whose_file_is_gone_can_be_withdrawn(out: Path) -> None:
    (out / "issues/ports/index.md").unlink()
    unpublish_in(out, "ports")
    assert set(entries(out)) == {"cranes"}


def test_an_unpublished_issue_cannot_be_withdrawn(out: Path) -> None:
    put(out, "issues/locks/index.md", text("On locks"))
    for name in ("locks", "nothing"):
        with pytest.raises(UsageError):
            unpublish_in(out, name)


def test_a_former_address_is_never_given_to_another_issue(out: Path) -> None:
    put(out, "issues/ports/index.md", text("On ports", more="slug: harbours\n"))
    publish_in(out, "ports", revise="A better name.", now=LATER)
    put(out, "issues/locks/index.md", text("On locks", more="slug: PORTS\n"))
    assert "HS109" in {found.code for found in check_issues(out, issue_files(out)).diagnostics}
    with pytest.raises(FindingsError) as error:
        publish_in(out, "locks")
    assert "HS109" in codes(error)


@pytest.mark.parametrize(
    "names",
    [
        ("Hello", "hello"),
        ("caf\u00e9", "cafe\u0301"),
        ("C++", "C#"),
        ("x" * 150 + "a", "x" * 150 + "b"),
        ("\U0001f680", "\U0001f681"),
    ],
)
def test_names_that_some_file_systems_treat_as_one_are_distinguished_or_refused(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    root = start(tmp_path)
    put(root, "issues/one/index.md", text("One", more=f'id: "{names[0]}"\nslug: one\n'))
    put(root, "issues/two/index.md", text("Two", more=f'id: "{names[1]}"\nslug: two\n', day="2026-10-02"))
    if names[0].startswith("caf"):  # one id, composed in two ways
        with pytest.raises(FindingsError) as error:
            publish_in(root, "one", "two")
        assert set(codes(error)) == {"HS109"}
        return
    publish_in(root, "one", "two")
    folders = [issue.folder for issue in load_record(root).issues]
    assert len({folder.casefold() for folder in folders}) == 2
    assert is_whole(root)


@pytest.mark.parametrize(
    "name", ["con", "..", "index", "paid", "record.jsonl", "services.json", "x" * 300, ".", "a/b", "\U0001f680"]
)
def test_an_id_that_is_not_a_valid_folder_name_is_archived(tmp_path: Path, name: str) -> None:
    root = start(tmp_path)
    put(root, "issues/one/index.md", text("One", more=f'id: "{name}"\n'))
    publish_in(root, "one")
    assert recorded(root, name).folder not in {"..", ".", "paid", "con", "record.jsonl"}
    assert is_whole(root)
    assert {path.name for path in root.iterdir()} == {
        ".newsletter", "archive", "build", "feeds", "issues", "newsletter.yaml", "public", "templates",
    }  # fmt: skip


@pytest.mark.parametrize("slug", ["con", "..", "index.html", "feeds", "x" * 300])
def test_a_slug_that_is_not_a_valid_folder_name_is_refused(tmp_path: Path, slug: str) -> None:
    root = start(tmp_path)
    put(root, "issues/one/index.md", text("One", more=f'slug: "{slug}"\n'))
    with pytest.raises(FindingsError) as error:
        publish_in(root, "one")
    assert codes(error)[0] == "FM105"
    assert slug in error.value.diagnostics[0].message
    assert not (root / "archive").exists()


def test_two_issues_of_one_id_are_not_published(out: Path) -> None:
    put(out, "issues/locks/index.md", text("On locks", more="id: ports\n"))
    with pytest.raises(FindingsError) as error:
        publish_in(out, "locks")
    assert codes(error) == ["HS109"]


# ── What only paying readers get ──────────────────────────────────────────────────────────────────────────────────────

PAID = text("On ports", "Ships wait.\n\n::: only paid\nThe secret harbour.\n:::")


def test_files_for_paying_readers_are_separate_and_ignored_by_git(root: Path) -> None:
    put(root, "issues/ports/index.md", PAID)
    publish_in(root, all_past=True)
    version = recorded(root, "ports").latest
    assert set(version.paid) == {
        "email-paid.html",
        "email-paid.txt",
        "letter-paid.json",
        "source/issues/ports/index.md",
    }
    for name, content in tree(root, "archive", "public", "feeds").items():
        assert name.startswith("archive/paid/") or b"secret harbour" not in content, name
    assert (root / "archive/paid/.gitignore").read_text().splitlines()[-1] == "*"
    assert is_whole(root)


def test_files_for_paying_readers_can_be_kept_in_a_private_repository(root: Path) -> None:
    put(root, "newsletter.yaml", (root / "newsletter.yaml").read_text() + "archive: {paid_in_git: true}\n")
    put(root, "issues/ports/index.md", PAID)
    publish_in(root, all_past=True)
    assert (root / "archive/paid/ports/email-paid.html").exists()
    assert not (root / "archive/paid/.gitignore").exists()


def test_a_clone_without_the_paid_files_keeps_the_page(root: Path) -> None:
    put(root, "issues/ports/index.md", PAID)
    publish_in(root, all_past=True)
    before = page(root, "ports")
    for path in sorted((root / "archive/paid").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    put(root, "issues/ports/index.md", PAID + "\nA change.\n")
    build(root, now=NOW, fresh=True)
    assert page(root, "ports") == before


def test_different_line_ends_are_not_a_change(out: Path) -> None:
    path = out / "issues/ports/index.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert not check_issues(out, issue_files(out)).diagnostics
    before = tree(out, "public", "feeds")
    assert not build(out, now=NOW).changed
    assert tree(out, "public", "feeds") == before
    assert "* -text" in (out / "archive/.gitattributes").read_text()


def test_drafts_at_services_are_recorded(out: Path) -> None:
    push = {"kit": {"locks": {"all": {"id": "17", "content": "x", "mark": "y", "url": "https://kit.example/17"}}}}
    put(out, "archive/services.json", json.dumps(push))
    put(out, "issues/locks/index.md", text("On locks", day="2026-10-05"))
    publish_in(out, "locks")
    assert recorded(out, "locks").services == {"kit": {"all": {"id": "17", "url": "https://kit.example/17"}}}
    assert recorded(out, "ports").services == {}


def test_saving_during_publication_publishes_nothing(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import newsletter.commands.publish as command

    put(out, "issues/locks/index.md", text("On locks", day="2026-10-05"))
    real = command.make_all

    def make_all(*given: object, **named: object) -> None:
        real(*given, **named)
        put(out, "issues/locks/index.md", text("On locks", "Another text.", day="2026-10-05"))

    monkeypatch.setattr(command, "make_all", make_all)
    before = tree(out)
    with pytest.raises(WorldError, match="changed while it was being published"):
        publish_in(out, "locks")
    assert tree(out) == before


# ── The next issue ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_next_issue_is_offered_the_corrections_since_the_last(out: Path) -> None:
    change(out)
    publish_in(out, "ports", revise="It is weeks --> not <!-- days.", now=LATER)
    drafted = draft(out, "On locks", now=LATER)
    offered = (out / drafted.path).read_text()
    assert "- [On ports](https://letters.example/ports/): It is weeks \u2013> not <\u2013 days.\n-->\n" in offered
    found = check_issues(out, [file for file in issue_files(out) if file.path == drafted.path]).diagnostics
    assert {one.code for one in found} <= {"ST112", "HS106"}
    put(out, drafted.path, offered.replace("TK", "").replace("draft: true", "summary: What locks are for, in a line."))
    build(out, now=LATER)
    publish_in(out, "2026-11-05-on-locks", now=LATER + timedelta(days=1))
    assert "weeks" not in page(out, "on-locks")
    unpublish_in(out, "2026-11-05-on-locks", now=LATER + timedelta(days=1))
    shutil.rmtree(out / "issues/2026-11-05-on-locks")
    again = draft(out, "On locks", now=LATER)
    assert again.path == "issues/2026-11-05-on-locks-2/index.md"  # the first name is used up
    shutil.rmtree(out / "issues/2026-11-05-on-locks-2")
    publish_in(out, "cranes", now=LATER)
    put(out, "issues/locks/index.md", text("On locks", day="2026-11-05"))
    publish_in(out, "locks", now=LATER + timedelta(days=1))
    assert "Corrected" not in (out / draft(out, "On barges", now=LATER + timedelta(days=2)).path).read_text()


# ── At the keyboard ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_times_are_in_the_publications_time_zone(root: Path) -> None:
    put(root, "newsletter.yaml", (root / "newsletter.yaml").read_text() + "timezone: Asia/Tokyo\n")
    publish_in(root, all_past=True, now=datetime(2026, 11, 1, 20, 30, 5, 999, tzinfo=UTC))
    assert recorded(root, "ports").published.isoformat() == "2026-11-02T05:30:05+09:00"


def test_the_previews_list_follows_the_record(out: Path) -> None:
    from newsletter.build.issue import facts_from
    from newsletter.preview.listing import _is_public
    from newsletter.project.project import open_project

    put(out, "issues/locks/index.md", text("On locks", day="2026-10-05"))
    project = open_project(out)
    facts = [facts_from(project.publication, project.read_front(file)) for file in issue_files(out)]
    assert {one.slug: _is_public(one, NOW, project) for one in facts} == {"cranes": True, "locks": False, "ports": True}
    publish_in(out, "locks")
    assert all(_is_public(one, NOW, project) for one in facts)


def test_a_missing_hub_is_an_error_before_anything_is_published(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(out, "issues/locks/index.md", text("On locks", day="2026-10-05"))
    assert run(["publish", "-C", str(out), "locks", "--ping"]) == 2
    assert "there is no hub to notify" in capsys.readouterr().err
    assert "locks" not in pages(out)


def test_in_a_terminal_the_result_and_its_place_are_printed(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    assert run(["publish", "-C", str(root)]) == 2
    assert run(["publish", "-C", str(root), "ports"]) == 2
    assert "--all-past" in capsys.readouterr().err
    assert run(["publish", "-C", str(root), "--all-past"]) == 0
    said = capsys.readouterr().out
    assert "published" in said
    assert "archive/ports/" in said
    assert "https://letters.example/ports/" in said
    assert run(["publish", "-C", str(root), "--all-past"]) == 0
    assert "nothing to do" in capsys.readouterr().out
    change(root)
    assert run(["build", "-C", str(root)]) == 0
    assert "has changed since it was published" in capsys.readouterr().err
    assert run(["publish", "-C", str(root), "ports"]) == 1
    assert "HS108" in capsys.readouterr().err
    assert run(["publish", "-C", str(root), "ports", "--revise", "Weeks."]) == 0
    assert run(["unpublish", "-C", str(root), "cranes"]) == 0
    assert "withdrawn" in capsys.readouterr().out
    assert run(["archive", "verify", "-C", str(root)]) == 0
    (root / "archive/ports/email.txt").unlink()
    assert run(["archive", "verify", "-C", str(root)]) == 1
    assert "missing     archive/ports/email.txt" in capsys.readouterr().out
    assert run(["archive", "verify", "--repair", "-C", str(root)]) == 0
    put(root, RECORD, b"torn")
    assert run(["build", "-C", str(root)]) == 2
    assert "archive/record.jsonl:1: the line is incomplete" in capsys.readouterr().err


def test_frozen_files_are_the_same_if_outputs_wait_on_disk(root: Path, tmp_path: Path, monkeypatch) -> None:
    publish_in(root, all_past=True)
    other = start(tmp_path / "other", "ports", "cranes")
    monkeypatch.setattr("newsletter.build.pipeline.IN_MEMORY", 0)
    publish_in(other, all_past=True)
    assert tree(other) == tree(root)
    assert any(name.startswith("archive/") and name.endswith("email.html") for name in tree(root))
