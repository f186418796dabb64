"""`newsletter import`: only new and complete issues, nothing overwritten, and a report of everything not imported."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.cli import run
from newsletter.commands.importing import import_source, remote_pictures
from newsletter.config.load import load_workspace
from newsletter.config.yaml import load
from newsletter.importing.base import Cover, ImportedIssue
from newsletter.importing.issue_file import issue_text
from newsletter.importing.ledger import Entry, Ledger
from tests.importing.test_sources import zipped
from tests.importing.trees import HUGO, JEKYLL, PLAIN, grown
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    monkeypatch.chdir(tmp_path)
    assert run(["init", "letters", "--kind", "essay", *OPTIONS]) == 0
    monkeypatch.chdir(tmp_path / "letters")
    return tmp_path / "letters"


@pytest.fixture
def jekyll(tmp_path):
    return grown(tmp_path / "site", JEKYLL)


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_issues_are_imported_with_their_pictures_and_reported(workspace, jekyll, capsys):
    assert run(["import", "../site"]) == 0
    printed = capsys.readouterr().out
    assert "../site: a Jekyll site (The Lock Keeper, https://locks.example/, en-GB)" in printed
    assert "3 issues imported, 1 skipped" in printed
    assert "  it is not Markdown: _posts/2023-12-31-page.html" in printed
    assert "{% chart locks %}: the tag has no meaning here: _posts/2024-01-31-ports.md:31" in printed
    made = set(files(workspace / "issues"))
    assert {
        "2024-01-31-ports/index.md",
        "2024-01-31-ports/lock.png",
        "2024-02-29-salmon/index.md",
        "later/index.md",
    } <= made
    front = (workspace / "issues/2024-01-31-ports/index.md").read_text().split("---\n")[1]
    assert (
        front
        == """\
title: "Ports #14"
number: 14
date: 2024-01-31 09:00+01:00
authors: [maarten]
tags: [ports, cranes]
id: "https://locks.example/2024/01/ports"
former: ["/2024/01/ports/", "/old/ports.html"]
sponsor:
  name: Cranes Ltd
  link: "https://cranes.example"
"""
    )


def test_importing_twice_is_importing_once(workspace, jekyll, capsys):
    run(["import", "../site"])
    before = files(workspace)
    capsys.readouterr()
    assert run(["import", "../site"]) == 0
    assert "0 issues imported, 3 already here, 1 skipped" in capsys.readouterr().out
    assert files(workspace) == before


def test_only_new_issues_are_imported(workspace, jekyll, capsys):
    run(["import", "../site"])
    grown(jekyll, {"_posts/2024-03-31-new.md": "---\ntitle: New\n---\nNew.\n"})
    capsys.readouterr()
    assert run(["import", "../site"]) == 0
    assert "1 issue imported, 3 already here" in capsys.readouterr().out


def test_an_edited_issue_stays_unchanged_and_is_reported(workspace, jekyll, capsys):
    run(["import", "../site"])
    edited = workspace / "issues/2024-02-29-salmon/index.md"
    edited.write_text(edited.read_text() + "\nMine.\n")
    (jekyll / "_posts/2024-02-29-salmon.md").write_text("---\ntitle: Other\n---\nOther.\n")
    capsys.readouterr()
    run(["import", "../site"])
    assert "imported before as 2024-02-29-salmon and edited since, so it is left unchanged" in capsys.readouterr().out
    assert edited.read_text().endswith("\nMine.\n")


def test_an_issue_that_was_deleted_does_not_come_back(workspace, jekyll, capsys):
    run(["import", "../site"])
    (workspace / "issues/2024-02-29-salmon/index.md").unlink()
    capsys.readouterr()
    run(["import", "../site"])
    assert "imported before as 2024-02-29-salmon, which is no longer there" in capsys.readouterr().out
    assert not (workspace / "issues/2024-02-29-salmon/index.md").exists()


def test_issues_written_before_an_interruption_are_known_without_the_ledger(workspace, jekyll, capsys):
    run(["import", "../site"])
    (workspace / "imports.json").unlink()
    before = files(workspace)
    capsys.readouterr()
    assert run(["import", "../site"]) == 0
    assert "0 issues imported, 3 already here" in capsys.readouterr().out
    assert {name: content for name, content in files(workspace).items() if name != "imports.json"} == before


def test_an_existing_issue_is_not_overwritten(workspace, jekyll, capsys):
    mine = workspace / "issues/2024-01-31-ports/index.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("---\ntitle: Mine\n---\n\nMine.\n")
    assert run(["import", "../site"]) == 1
    assert "there is already another issue called 2024-01-31-ports" in capsys.readouterr().out
    assert mine.read_text().endswith("Mine.\n")
    assert not (mine.parent / "lock.png").exists()


def test_two_issues_with_the_same_slug_get_different_addresses(workspace, tmp_path, capsys):
    grown(tmp_path / "site", {f"2024-0{month}-01-news.md": f"Letter {month}\n" for month in (1, 2)})
    assert run(["import", "../site"]) == 0
    capsys.readouterr()
    second = (workspace / "issues/2024-02-01-news/index.md").read_text()
    assert "slug: news-2024-02-01\n" in second or 'slug: "news-2024-02-01"' in second
    run(["check", "--select", "FM108"])
    assert "FM108" not in capsys.readouterr().out


def test_a_long_feed_is_imported_in_its_order(workspace, tmp_path, capsys):
    """With several processes, if there are several cores."""
    entries = "".join(
        f"<item><title>Tide {n}</title><guid>{n}</guid><pubDate>{n:02} Jan 2024 09:00:00 GMT</pubDate>"
        f"<description>&lt;p>Tide {n}&lt;/p>&lt;p>{'Low. ' * 200}&lt;/p></description></item>"
        for n in (*range(1, 32), 7)
    )
    (tmp_path / "feed.xml").write_text(f"<rss version='2.0'><channel><title>T</title>{entries}</channel></rss>")
    assert run(["import", "../feed.xml", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [one["source"] for one in printed["imported"]] == [f"feed.xml:{n}" for n in range(1, 32)]
    assert [one["source"] for one in printed["skipped"]] == ["feed.xml:7#2"]
    assert (workspace / "issues/2024-01-31-tide-31/index.md").read_text().split("\n\n")[1] == "Tide 31"


_NAMESAKES = (
    "<item><title>Tide</title>{guid_a}<pubDate>Mon, 01 Jan 2024 09:00:00 GMT</pubDate><description>Low.</description></item>"
    "<item><title>Tide</title>{guid_b}<pubDate>Mon, 01 Jan 2024 09:00:00 GMT</pubDate><description>High.</description></item>"
)


@pytest.mark.parametrize(
    ("guid_a", "guid_b"),
    [("<guid>a</guid>", "<guid>b</guid>"), ("", ""), ("<link>https://a.example/</link>", "<link>https://a.example/</link>")],
)  # fmt: skip
def test_two_letters_with_the_same_day_and_title_get_different_names(workspace, tmp_path, capsys, guid_a, guid_b):
    entries = _NAMESAKES.format(guid_a=guid_a, guid_b=guid_b)
    (tmp_path / "feed.xml").write_text(f"<rss version='2.0'><channel><title>T</title>{entries}</channel></rss>")
    run(["import", "../feed.xml", "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert [one["path"] for one in printed["imported"]] == ["issues/2024-01-01-tide", "issues/2024-01-01-tide-2"]
    assert not printed["skipped"]
    assert any("it is called 2024-01-01-tide-2" in note["message"] for note in printed["imported"][1]["notes"])
    run(["check", "--select", "FM108"])
    assert "FM108" not in capsys.readouterr().out
    before = files(workspace)
    assert run(["import", "../feed.xml"]) == 0
    assert "0 issues imported, 2 already here" in capsys.readouterr().out
    (workspace / "imports.json").unlink()  # as after a run that was killed
    assert run(["import", "../feed.xml"]) == 0
    assert "0 issues imported, 2 already here" in capsys.readouterr().out
    assert files(workspace) == before


def test_entries_without_ids_that_all_lead_to_one_page_are_all_imported(workspace, tmp_path, capsys):
    entries = "".join(
        f"<item><title>Tide {n}</title><link>https://a.example/</link><pubDate>0{n} Jan 2024 09:00:00 GMT</pubDate>"
        f"<description>Low {n}.</description></item>"
        for n in range(1, 4)
    )
    (tmp_path / "feed.xml").write_text(f"<rss version='2.0'><channel><title>T</title>{entries}</channel></rss>")
    run(["import", "../feed.xml", "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert [one["path"][7:] for one in printed["imported"]] == [f"2024-01-0{n}-tide-{n}" for n in range(1, 4)]


def test_a_feed_under_another_name_has_the_same_issues(workspace, tmp_path, capsys):
    entries = _NAMESAKES.format(guid_a="<guid>a</guid>", guid_b="<guid>b</guid>")
    for name in ("feed.xml", "feed-2.xml"):
        (tmp_path / name).write_text(f"<rss version='2.0'><channel><title>T</title>{entries}</channel></rss>")
    run(["import", "../feed.xml"])
    before = set(files(workspace))
    run(["import", "../feed-2.xml"])
    assert set(files(workspace)) == before


def test_a_dry_run_reports_everything_and_writes_nothing(workspace, jekyll, capsys):
    before = files(workspace)
    assert run(["import", "../site", "--dry-run"]) == 0
    assert "3 issues would be imported" in capsys.readouterr().out
    assert files(workspace) == before


def test_the_report_as_json_and_as_a_file(workspace, jekyll, capsys):
    run(["import", "../site", "--json", "--report", "report.txt"])
    report = json.loads(capsys.readouterr().out)
    assert report["kind"] == "jekyll"
    assert report["totals"] == {"imported": 3, "known": 0, "skipped": 1}
    assert report["publication"]["timezone"] == "Europe/Brussels"
    (ports,) = (one for one in report["imported"] if one["path"] == "issues/2024-01-31-ports")
    assert ports["before"]["links"] == ports["after"]["links"] == 5
    assert "issues/2024-01-31-ports  from _posts/2024-01-31-ports.md" in (workspace / "report.txt").read_text()


def test_a_lost_part_is_a_finding(workspace, tmp_path, capsys):
    grown(tmp_path / "site", {"2024-01-31-a.md": "![x](gone.png)\n"})
    assert run(["import", "../site", "-q"]) == 1
    assert "1 thing of the source could not be imported" in capsys.readouterr().err


def test_an_unknown_source_is_an_error(workspace, tmp_path, capsys):
    (tmp_path / "x.bin").write_bytes(b"\0\1\2")
    assert run(["import", "../x.bin"]) == 2
    assert "is not a known type of source" in capsys.readouterr().err
    assert run(["import", "../x.bin", "--as", "jekyl"]) == 2
    assert "jekyll" in capsys.readouterr().err


@pytest.mark.parametrize("source", [".", "issues", "templates/note", "issues/../issues"])
def test_the_workspace_is_not_imported_into_itself(workspace, source, capsys):
    (workspace / "templates/note").mkdir(parents=True, exist_ok=True)
    (workspace / "issues").mkdir(exist_ok=True)
    assert run(["import", source]) == 2
    assert f"{source} belongs to this workspace" in capsys.readouterr().err


def test_a_source_may_be_anywhere_else_in_the_workspace(workspace, capsys):
    grown(workspace / "old", {"2024-01-31-a.md": "Text.\n"})
    assert run(["import", "old"]) == 0


def test_a_zip_is_read_as_the_folder_in_it(workspace, tmp_path, capsys):
    packed = {f"site-main/{name}": text if isinstance(text, bytes) else text.encode() for name, text in JEKYLL.items()}
    zipped(tmp_path / "site.zip", packed)
    assert run(["import", "../site.zip"]) == 0
    assert "a Jekyll site" in capsys.readouterr().out
    assert (workspace / "issues/2024-01-31-ports/lock.png").exists()


TABLE = """post_id,post_date,is_published,type,title
1.ports,2024-01-05T08:00:00.000Z,true,newsletter,Ports
2.locks,2024-01-12T08:00:00.000Z,true,newsletter,Locks
"""


@pytest.mark.parametrize("export", ["substack", "buttondown", "markdown", "mailchimp"])
@pytest.mark.parametrize(("harm", "reason"), [("locked", "it is encrypted"), ("bomb", "times its size")])
def test_a_refused_entry_is_reported_with_its_reason_and_the_rest_is_imported(
    workspace, tmp_path, capsys, export, harm, reason
):
    table, good, bad = {
        "substack": ({"posts.csv": TABLE.encode()}, "posts/1.ports.html", "posts/2.locks.html"),
        "buttondown": (
            {
                "emails.csv": b"id,secondary_id,subject,publish_date,slug\n1,1,Ports,2024-01-05,ports\n2,2,Locks,2024-01-12,locks\n"
            },
            "emails/ports.md",
            "emails/locks.md",
        ),
        "markdown": ({}, "2024-01-05-ports.md", "2024-01-12-locks.md"),
        "mailchimp": ({}, "campaigns_content/1_ports.html", "campaigns_content/2_locks.html"),
    }[export]
    content = b"a" * 5_000_000 if harm == "bomb" else b"hidden"
    path = zipped(tmp_path / "x.zip", {**table, good: b"<p>Ships wait.</p>", bad: content, "../../x.md": b"out"})
    if harm == "locked":
        raw = bytearray(path.read_bytes())
        raw[raw.rindex(b"PK\x01\x02", 0, raw.rindex(bad.encode())) + 8] |= 1
        path.write_bytes(raw)
    assert run(["import", str(path), "--as", export, "--report", "report.json"]) == 1
    report = json.loads((workspace / "report.json").read_text())
    assert len(report["imported"]) == 1
    skipped = {one["source"]: one["reason"] for one in report["skipped"]}
    assert set(skipped) == {bad, "../../x.md"}
    assert reason in skipped[bad]
    assert "lead out of the folder" in skipped["../../x.md"]
    assert [one["fault"] for one in report["skipped"]] == [True, True]


def test_a_zip_with_a_password_is_reported(workspace, tmp_path, capsys):
    path = zipped(tmp_path / "x.zip", {"posts.csv": TABLE.encode()})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert run(["import", str(path)]) == 2
    assert "posts.csv cannot be read: it is encrypted" in capsys.readouterr().err


def test_a_ledger_that_cannot_be_read_stops_before_anything_is_written(workspace, jekyll, capsys):
    (workspace / "imports.json").write_text("{]")
    assert run(["import", "../site"]) == 2
    assert "imports.json cannot be read" in capsys.readouterr().err
    assert not (workspace / "issues/2024-01-31-ports").exists()


def test_the_ledger_is_read_as_it_was_written(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add("jekyll", "_posts/ü.md", Entry("2024-ü", "ab"))
    (tmp_path / "imports.json").write_bytes(ledger.content())
    assert Ledger(tmp_path).entries == ledger.entries


_PATH = st.lists(
    st.sampled_from(["..", ".", "a", "con", "_posts", "2024-01-31-x.md", "index.md", "A", "a.md", "\u202e", "ü"]),
    min_size=1,
    max_size=4,
).map("/".join)
_FRONT = st.sampled_from(
    [
        "slug: ../../evil",
        "slug: /etc/x",
        "slug: con",
        "slug: feeds",
        "permalink: /../../x",
        "title: ../x",
        "id: ../x",
        "cover: ../../secret.png",
        "image: /etc/passwd",
    ]
)


@settings(max_examples=25)
@given(
    st.dictionaries(
        _PATH, st.tuples(_FRONT, st.sampled_from(["![x](../../secret.png)", "[x](/etc/passwd)", "text"])), max_size=4
    )
)
def test_a_hostile_tree_writes_nothing_outside_of_issues(tmp_path_factory, entries):
    base = tmp_path_factory.mktemp("hostile")
    root = base / "workspace"
    root.mkdir()
    (root / "newsletter.yaml").write_text(
        "title: T\nurl: https://t.test/\nsender: {name: T, email: t@t.test}\naddress: Street 5, Ghent\nkind: essay\n"
    )
    (base / "secret.png").write_bytes(b"secret")
    source = zipped(
        base / "x.zip",
        {name: f"---\n{front}\n---\n{body}\n".encode() for name, (front, body) in entries.items()}
        | {"good.md": b"Good\n"},
    )
    before = files(base)
    import_source(root, source, kind="markdown")
    again = import_source(root, source, kind="markdown")
    after = files(base)
    assert again.imported == ()
    new = set(after) - set(before)
    assert all(re.match(r"workspace/(?:issues/[^/]+/[^/]+$|imports\.json$)", name) for name in new)
    assert not any(content == b"secret" for name, content in after.items() if name != "secret.png")
    assert all(after[name] == content for name, content in before.items())


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp")), max_size=40)


@settings(max_examples=60)
@given(
    _TEXT,
    st.dictionaries(
        _TEXT.filter(str.strip),
        st.recursive(
            _TEXT.filter(bool) | st.booleans() | st.integers(),
            lambda inner: st.lists(inner, min_size=1, max_size=3),
            max_leaves=4,
        ),
        max_size=3,
    ),
)
def test_front_matter_keeps_its_values(title, fields):
    taken = {
        "title",
        "subtitle",
        "number",
        "date",
        "kind",
        "summary",
        "authors",
        "tags",
        "language",
        "cover",
        "draft",
        "slug",
        "id",
        "canonical",
        "former",
    }
    fields = {key: value for key, value in fields.items() if key not in taken}
    text = issue_text(ImportedIssue(title or "T", "Body\n", "a", fields=fields))
    document, faults = load(text.split("---\n", 1)[1].rsplit("\n---\n\nBody", 1)[0] + "\n", "x", "FM")
    assert faults == ()
    assert document.text("title") == (title or "T").strip()
    assert set(document.values) == {"title", *fields} or any("\ufffd" in key for key in document.values)


def test_the_date_keeps_its_zone_and_a_cover_its_texts():
    zone = timezone(timedelta(hours=-5))
    issue = ImportedIssue(
        "T", "", "a", date=datetime(2024, 1, 31, 9, 30, tzinfo=zone), cover=Cover("x.png", "An X: here", credit="Jane")
    )
    assert (
        issue_text(issue, slug="other", kind="digest")
        == """\
---
title: T
date: 2024-01-31 09:30-05:00
kind: digest
cover:
  image: x.png
  alt: "An X: here"
  credit: Jane
slug: other
---
"""
    )


def test_init_from_makes_a_publication_that_is_built(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    monkeypatch.chdir(tmp_path)
    posts = {
        f"_posts/2024-0{month}-28-letter-{month}.md": f"---\ntitle: 'Letter #{month}'\nauthor: maarten\n---\nHello.\n\n### News\n\n- [Story {month}](https://a.example/{month})\n"
        for month in range(1, 7)
    }
    grown(tmp_path / "site", {**JEKYLL, **posts})
    assert run(["init", "letters", "--from", "site", "--address", "Sluisweg 7, Ghent"]) == 0
    printed = capsys.readouterr().out
    assert "9 issues imported" in printed
    assert "the house format `letter` was inferred" in printed
    root = tmp_path / "letters"
    settings = (root / "newsletter.yaml").read_text()
    for line in (
        'title: "The Lock Keeper"',
        'description: "About rivers and canals."',
        "url: https://locks.example/",
        '  name: "Maarten Verlaat"',
        '  email: "letters@locks.example"',
        "language: en-GB",
        "timezone: Europe/Brussels",
        "kind: letter",
        '  "maarten":',
    ):
        assert line in settings
    assert "news" in (root / "templates/letter/house.yaml").read_text()
    assert (root / "public/ports/index.html").exists()
    moved = (root / "public/2024/01/ports/index.html").read_text()
    assert '<meta http-equiv="refresh" content="0; url=../../../ports/">' in moved
    assert '<link rel="canonical" href="https://locks.example/ports/">' in moved
    assert (root / "public/old/ports.html").exists()
    assert "<id>https://locks.example/2024/01/ports</id>" in (root / "feeds/atom.xml").read_text()
    assert run(["-C", "letters", "new", "The next one"]) == 0


def test_the_language_is_that_of_most_issues_if_only_they_name_one(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    monkeypatch.chdir(tmp_path)
    posts = {
        f"2024-0{month}-28-letter-{month}.md": f"---\ntitle: Letter {month}\nlang: {'en' if month == 3 else 'ja'}\n---\nHello.\n\n## News\n\n- Story {month}\n"
        for month in range(1, 7)
    }
    grown(tmp_path / "site", posts)
    assert run(["init", "letters", "--from", "site", "--title", "Letters"]) in (0, 1)
    assert "language: ja\n" in (tmp_path / "letters/newsletter.yaml").read_text()
    house = (tmp_path / "letters/templates/letter/house.yaml").read_text()
    assert "language:" in house
    assert (tmp_path / "letters/issues/2024-03-28-letter-3/index.md").read_text().count("language: en") == 1


def test_missing_facts_get_placeholders_and_are_reported(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    monkeypatch.chdir(tmp_path)
    grown(tmp_path / "site", {f"2024-0{month}-28-a{month}.md": f"# A {month}\n\nText.\n" for month in range(1, 3)})
    assert run(["init", "letters", "--from", "site"]) == 1
    printed = capsys.readouterr()
    assert "too few issues to infer a house format: using the built-in `essay`" in printed.out
    assert "CF017" in printed.out
    assert not (tmp_path / "letters/public").exists()
    assert run(["init", "letters", "--from", "site"]) == 2
    assert "`newsletter import` adds past issues to it" in capsys.readouterr().err


def test_an_unreadable_source_makes_no_publication(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.bin").write_bytes(b"\0\1")
    assert run(["init", "letters", "--from", "x.bin"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["x.bin"]


@pytest.mark.parametrize("tree", [HUGO, PLAIN])
def test_other_trees_are_imported_by_the_command_as_well(workspace, tmp_path, tree):
    grown(tmp_path / "site", tree)
    assert run(["import", "../site"]) in {0, 1}
    assert len(list((workspace / "issues").iterdir())) == 3


def test_two_letters_with_one_name_in_their_source_are_both_imported(workspace, tmp_path):
    rows = [
        "web_title,content_html,id,url",
        *(f"T,<p>{text}</p>,,https://a.example/p/t" for text in ("One", "Two", "One")),
    ]
    (tmp_path / "posts.csv").write_text("\n".join(rows))
    report = import_source(workspace, tmp_path / "posts.csv")
    assert [(one.source, one.path) for one in report.imported] == [
        ("posts.csv:t", "issues/t"),
        ("posts.csv:t#2", "issues/t-2"),
    ]
    assert [one.reason for one in report.skipped] == ["an earlier entry of the source is the same"]
    again = import_source(workspace, tmp_path / "posts.csv")
    assert (again.imported, len(again.known)) == ((), 2)


def test_pictures_that_are_never_closed_are_looked_for_in_linear_time():
    address = "https://a.example/b.png"
    assert remote_pictures("![" * 50_000 + f" ![a \\] [b\n]({address})") == (address,)


def test_a_date_that_no_issue_can_have_is_left_out(workspace, tmp_path):
    item = {"id": "1", "title": "A", "content_html": "<p>One</p>", "date_published": "0001-01-01T00:00:00+14:00"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [item]}
    (tmp_path / "feed.json").write_text(json.dumps(feed))
    (imported,) = import_source(workspace, tmp_path / "feed.json").imported
    assert imported.path == "issues/a"
    assert "the year of its date is 1, which cannot be right" in [note.message for note in imported.notes]


def test_a_letter_without_a_title_has_its_date_once_in_its_folder(workspace, tmp_path):
    item = {"id": "1", "content_html": "<p>One</p>", "date_published": "2024-01-02T10:00:00Z"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [item]}
    (tmp_path / "feed.json").write_text(json.dumps(feed))
    report = import_source(workspace, tmp_path / "feed.json")
    assert [one.path for one in report.imported] == ["issues/2024-01-02"]
    assert import_source(workspace, tmp_path / "feed.json").imported == ()


def test_of_a_zip_that_is_cut_off_only_whole_issues_are_imported(workspace, tmp_path, capsys):
    posts = {
        "_config.yml": b"title: Locks\n",
        "_posts/2024-01-28-a.md": b"---\ntitle: A\n---\nWhole.\n",
        "_posts/2024-02-28-b.md": b"---\ntitle: B\n---\nWith one.\n\n![A gate](/img/gate.png)\n",
        "_posts/2024-03-28-c.md": b"---\ntitle: C\n---\n" + bytes(range(65, 91)) * 40,
    }
    path = zipped(tmp_path / "site.zip", posts)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"28-c.md") + 20])
    assert run(["import", str(path)]) == 1
    said = capsys.readouterr().out
    assert "1 issue imported" in said
    assert "its pictures may be in the part of the zip that is missing" in said
    assert "_posts/2024-03-28-c.md" in said
    path.write_bytes(whole)
    assert run(["import", str(path)]) == 1
    assert "2 issues imported" in capsys.readouterr().out


def test_init_from_leaves_out_facts_that_newsletter_yaml_cannot_have(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = {"title": "The\nQuay\x00", "description": "Of\x1b[31m ships", "locale": "en_GB", "timezone": "Mars/Base"}
    post = {
        "type": "post",
        "status": "published",
        "html": "<p>One.</p>",
        "published_at": "2024-01-31",
        "locale": "English",
    }
    data = {
        "posts": [{**post, "id": "1", "slug": "a", "title": "A"}],
        "settings": [{"key": key, "value": value} for key, value in settings.items()],
        "users": [{"id": "1", "slug": "jane", "name": "Jane\x00 Roe", "website": "not an address", "bio": "\x07"}],
        "posts_authors": [{"post_id": "1", "author_id": "1"}],
    }
    export = {"db": [{"meta": {"exported_on": 1}, "data": data}]}
    (tmp_path / "x.json").write_text(json.dumps(export))
    assert run(["init", "letters", "--from", "x.json"]) in {0, 1}
    workspace = load_workspace(tmp_path / "letters")
    publication = workspace.publication
    assert (publication.title, publication.description) == ("The Quay", "Of [31m ships")
    assert (publication.language, publication.timezone) == ("en-GB", "UTC")
    assert publication.authors["jane"].name == "Jane Roe"
    assert "language" not in (tmp_path / "letters/issues/2024-01-31-a/index.md").read_text()
