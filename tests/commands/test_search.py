"""Search in past issues: by words, by links, and in the archive only. The index is never trusted."""

from __future__ import annotations

import os
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from newsletter.archive.search.snippets import snippet_of
from newsletter.commands import indexing
from newsletter.commands.indexing import FILE, SEAL, open_index
from newsletter.commands.search import search, search_link
from newsletter.errors import UsageError, WorldError
from tests.archive.past import FROST, NOW, make_past, record

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.commands.search import Searched

LOCKS_FILE = "issues/2024-02-01-locks-that-leak/index.md"
FROST_FILE = "issues/2024-01-01-frost/index.md"


@pytest.fixture
def past(tmp_path: Path) -> Path:
    return make_past(tmp_path)


def places(searched: Searched) -> set[str]:
    """File and line of each hit."""
    found = set()
    for hit in searched.found.hits:
        snippet = snippet_of(hit.passage, searched.query.terms)
        found.add(f"{hit.issue.path.split('/')[1].removesuffix('.md')}:{snippet.line}")
    return found


LOCKS_, FROST_ = "2024-02-01-locks-that-leak", "2024-01-01-frost"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("electrolysers", {f"{LOCKS_}:18", f"{FROST_}:17", "what-comes:9"}),
        ("ÉLECTROLYSERS hebei", {f"{LOCKS_}:15", f"{FROST_}:17"}),
        ('"takes the lead in"', {f"{LOCKS_}:17"}),
        ('"the takes lead"', set()),
        ("electro*", {f"{LOCKS_}:18", f"{FROST_}:17", "what-comes:9"}),
        ("electro", set()),
        ("electrolysers -hebei", {"what-comes:9"}),
        ("electrolysers author:keeper", {f"{LOCKS_}:18"}),
        ("electrolysers author:stone", {f"{FROST_}:17"}),
        ("electrolysers -author:stone -is:draft", {f"{LOCKS_}:18"}),
        ("electrolysers tag:winter", {f"{FROST_}:17"}),
        ("electrolysers tag:win", set()),
        ("electrolysers tag:win*", {f"{FROST_}:17"}),
        ("electrolysers before:2024-02", {f"{FROST_}:17"}),
        ("electrolysers after:2024-02-01", {f"{LOCKS_}:18", "what-comes:9"}),
        ("electrolysers is:draft", {"what-comes:9"}),
        ("electrolysers is:published", {f"{LOCKS_}:18", f"{FROST_}:17"}),
        ("electrolysers section:news link:example.org", {f"{LOCKS_}:18", f"{FROST_}:17"}),
        ("link:news.example.org", {f"{LOCKS_}:24"}),
        ("link:example.org/story story", {f"{LOCKS_}:15", f"{FROST_}:11", f"{FROST_}:17"}),
        ("section:sign-off", {f"{LOCKS_}:32"}),
        ("xinhua", {f"{LOCKS_}:20"}),
        ("bolt", {f"{LOCKS_}:20"}),
        ("gap cover", set()),
        ("国氢能", {f"{FROST_}:13"}),
        ("氢", {f"{FROST_}:13"}),
        ("能国", set()),
        ("ไทยไม่", {f"{FROST_}:13"}),
        ("كتب المعلم", {f"{FROST_}:13"}),
        ("strasse", {f"{FROST_}:15"}),
        ("news.example.org", {f"{LOCKS_}:22"}),
        ("sluice is:paid", {f"{LOCKS_}:27"}),
    ],
)
def test_queries_find_the_expected_places(past: Path, asked: str, found: set[str]) -> None:
    assert places(search(past, asked, now=NOW)) == found


def test_words_that_are_in_several_passages_find_their_issue(past: Path) -> None:
    searched = search(past, "gates hebei", now=NOW)
    assert searched.found.spread
    assert [hit.issue.title for hit in searched.found.hits] == ["Locks that leak"]
    assert not search(past, "gates ภาษาไทย", now=NOW).found.hits


def test_titles_rank_above_text_and_newer_issues_first(past: Path) -> None:
    for name, text in {"a": "## Zebra\n\nOne.", "b": "## News\n\nA zebra.", "c": "## News\n\nA zebra."}.items():
        day = {"a": "2024-01-01", "b": "2024-01-02", "c": "2024-01-03"}[name]
        (past / f"issues/{name}.md").write_text(f"---\ntitle: {name}\ndate: {day}\n---\n\n{text}\n", encoding="utf-8")
    assert [hit.issue.title for hit in search(past, "zebra", now=NOW).found.hits] == ["a", "c", "b"]


def test_paid_text_is_found_and_marked(past: Path) -> None:
    (hit,) = search(past, "grease", now=NOW).found.hits
    assert hit.paid
    assert snippet_of(hit.passage, search(past, "grease", now=NOW).query.terms).paid
    (free,) = search(past, '"nothing of it"', now=NOW).found.hits
    assert not snippet_of(free.passage, search(past, '"nothing of it"', now=NOW).query.terms).paid


def test_snippets_mark_their_hits_and_name_the_line_of_the_source(past: Path) -> None:
    searched = search(past, '"takes the lead in electrolysers"', now=NOW)
    snippet = snippet_of(searched.found.hits[0].passage, searched.query.terms)
    assert [text for text, marked in snippet.pieces if marked] == ["takes the lead in électrolysers"]
    assert snippet.line == 17


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", "the search has no words"),
        ("auther:jane", "Did you mean `author:jane`"),
        ("before:soon", "not a date"),
        ("before:2024-13", "not a date"),
        ("is:gone", "there is no state"),
        ("link:nonsense", "not a domain"),
        ("tag:", "needs a value"),
        ("x " * 100, "too long"),
    ],
)
def test_an_invalid_query_is_explained(past: Path, asked: str, expected: str) -> None:
    with pytest.raises(UsageError) as error:
        search(
            past, " ".join(f"{word}{at}" for at, word in enumerate(asked.split())) if "x x" in asked else asked, now=NOW
        )
    assert expected in f"{error.value} {error.value.hint}"


@pytest.mark.parametrize(
    "asked",
    [
        '"',
        "-",
        "*",
        '"" ""',
        "a OR b",
        "NEAR(a b)",
        "title:x",
        "'; drop table words;",
        "https://example.org/x:y",
        "\0",
        "{a}",
        "^a",
    ],
)
def test_no_character_is_an_operator_of_the_index(past: Path, asked: str) -> None:
    if any(char.isalnum() for char in asked):
        search(past, asked, now=NOW)
        return
    with pytest.raises(UsageError, match="the search has no words"):
        search(past, asked, now=NOW)


# ── Links ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "asked", ["https://example.org/story", "http://www.example.org/story/", "example.org/story?utm_medium=x"]
)
def test_an_earlier_link_is_found_despite_scheme_and_tracking(past: Path, asked: str) -> None:
    ran = search_link(past, asked, now=NOW)
    assert [(hit.issue.title, hit.link.line) for hit in ran.exact] == [("Locks that leak", 15), ("Frost", 11)]
    assert [hit.link.href for hit in ran.page] == ["https://example.org/story/#part"]
    assert [hit.link.href for hit in ran.domain] == ["https://news.example.org/two?id=5"]
    assert ran.ran


def test_a_new_link_reports_its_page_and_domain(past: Path) -> None:
    ran = search_link(past, "https://news.example.org/two?id=6", now=NOW)
    assert not ran.exact
    assert [hit.link.href for hit in ran.page] == ["https://news.example.org/two?id=5"]
    other = search_link(past, "https://example.org/stories", now=NOW)
    assert not other.ran
    assert (len(other.domain), other.times, other.issues) == (4, 4, 2)
    with pytest.raises(UsageError):
        search_link(past, "mailto:ann@example.org", now=NOW)


# ── Issues only in the archive ─────────────────────────────────────────────────────────────────────────────────────


def test_removed_issues_are_found_in_the_archive(past: Path) -> None:
    record(past, FROST_FILE, sent=FROST)
    shutil.rmtree(past / "issues/2024-01-01-frost")
    searched = search(past, "pound", now=NOW)
    (hit,) = searched.found.hits
    assert hit.issue.path == f"archive/2024-01-01-frost/source/{FROST_FILE}"
    assert searched.states.of(hit.issue) == "published"
    assert searched.states.is_gone(hit.issue)
    assert (past / hit.issue.path).exists()
    assert not search(past, "leak is:published", now=NOW).found.hits, "the record says what was published"
    assert search(past, "leak is:ready", now=NOW).found.hits


def test_the_state_of_an_issue_comes_from_the_record(past: Path) -> None:
    record(past, FROST_FILE, sent=FROST)
    record(past, FROST_FILE, sent=FROST, note="A word", withdrawn=True)
    assert [hit.issue.title for hit in search(past, "is:withdrawn", now=NOW).found.hits] == ["Frost"]


# ── The index ───────────────────────────────────────────────────────────────────────────────────────────────────────


def read_paths(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read = indexing._read
    paths: list[str] = []

    def noted(project: object, job: object) -> object:
        paths.append(job.file.path)  # type: ignore[attr-defined]
        return read(project, job)  # type: ignore[arg-type]

    monkeypatch.setattr(indexing, "_read", noted)
    return paths


def grow_old(root: Path) -> None:
    """Gives every file an older modification time."""
    for path in root.glob("issues/**/*.md"):
        os.utime(path, (1_600_000_000, 1_600_000_000))


def test_only_changed_issues_are_read_again(past: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "is_recent", lambda _stamp, _saved: False)
    paths = read_paths(monkeypatch)
    search(past, "water", now=NOW)
    assert len(paths) == 3
    paths.clear()
    search(past, "water", now=NOW)
    assert paths == []
    file = past / LOCKS_FILE
    file.write_text(file.read_text().replace("Nothing of it", "A hippopotamus"))
    assert search(past, "hippopotamus", now=NOW).found.total == 1
    assert search(past, "nothing", now=NOW).found.total == 0
    assert paths == [LOCKS_FILE]
    file.unlink()
    (past / "issues/new.md").write_text("---\ntitle: New\n---\n\nAn okapi.\n")
    assert search(past, "hippopotamus", now=NOW).found.total == 0
    assert search(past, "okapi", now=NOW).found.total == 1


def test_a_folder_that_becomes_an_issue_is_found(past: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "is_recent", lambda _stamp, _saved: False)
    (past / "issues/later").mkdir()
    assert search(past, "numbat", now=NOW).found.total == 0
    (past / "issues/later/index.md").write_text("---\ntitle: x\n---\n\nA numbat.\n")
    assert search(past, "numbat", now=NOW).found.total == 1
    (past / "issues/later/index.md").unlink()
    assert search(past, "numbat", now=NOW).found.total == 0


def test_an_index_of_another_machine_is_not_opened(past: Path) -> None:
    search(past, "water", now=NOW)
    index = past / FILE
    content = index.read_bytes()
    forged = past / "forged.sqlite"
    forged.write_bytes(content)
    with sqlite3.connect(forged) as base:
        base.execute("UPDATE issues SET facts = replace(facts, 'Locks', 'Forged')")
    base.close()
    forged.replace(index)
    assert {hit.issue.title for hit in search(past, "gates", now=NOW).found.hits} == {"Locks that leak"}


@pytest.mark.parametrize("damage", [b"", b"no index", None])
def test_a_damaged_index_is_rebuilt(past: Path, damage: bytes | None) -> None:
    search(past, "water", now=NOW)
    if damage is None:
        (past / FILE).unlink()
    else:
        (past / FILE).write_bytes(damage)
    assert search(past, "leak", now=NOW).found.total
    assert {path.name for path in (past / ".newsletter").iterdir()} == {"search.sqlite", "search.json"}


def test_undetected_damage_of_the_index_is_repaired(past: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    search(past, "water", now=NOW)
    content = (past / FILE).read_bytes()
    (past / FILE).write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    sealed = indexing._sealed
    asked: list[int] = []

    def believed(root: Path, base: str) -> tuple[int, object] | None:
        asked.append(1)
        return (10**18, None) if len(asked) == 1 else sealed(root, base)

    monkeypatch.setattr(indexing, "_sealed", believed)
    assert search(past, "leak", now=NOW).found.total


def test_an_index_is_never_a_symbolic_link(past: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (past / ".newsletter").symlink_to(elsewhere)
    assert search(past, "leak", now=NOW).found.total
    assert list(elsewhere.iterdir()) == []


def test_issues_read_before_an_interruption_are_kept(past: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "is_recent", lambda _stamp, _saved: False)

    def interrupted(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(past, "water", now=NOW, progress=interrupted)
    paths = read_paths(monkeypatch)
    search(past, "water", now=NOW)
    assert len(paths) == 1


def test_an_unreadable_issue_does_not_affect_others(past: Path) -> None:
    (past / "issues/broken.md").write_bytes(b"---\ntitle: [\n---\n\xff\xfe text of an antelope")
    (past / "issues/large.md").write_text("---\ntitle: x\n---\n" + "a" * 3_000_000)
    assert search(past, "leak", now=NOW).found.total
    assert search(past, "antelope", now=NOW).found.total == 1


def test_results_do_not_depend_on_the_history_of_the_index(past: Path, tmp_path: Path) -> None:
    questions = ("electrolysers", "hebei", "国氢能", "tag:locks", "story")
    file = past / FROST_FILE
    for text in (FROST.replace("boat", "barge"), FROST.replace("Hebei", "Hubei"), FROST):
        file.write_text(text)
        search(past, "water", now=NOW)
    grown = [places(search(past, asked, now=NOW)) for asked in questions]
    shutil.rmtree(past / ".newsletter")
    assert grown == [places(search(past, asked, now=NOW)) for asked in questions]
    with open_index(past) as index:
        assert len(index.marks()) == 3
    assert (past / SEAL).exists()


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("electrolyzers", {"electrolyzers": "electrolysers"}),
        ("electrolysers electrolyzers", {"electrolyzers": "electrolysers"}),
        ("electrolyzers*", {}),
        ("xylophones", {}),
        ("electrolysers", {}),
    ],
)
def test_a_similar_word_is_suggested_for_an_unknown_one(past, asked, nearest):
    assert search(past, asked, now=NOW).nearest == nearest


def test_a_full_disk_is_not_taken_for_a_missing_part_of_sqlite(past: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("newsletter.archive.search.index._SCHEMA", "PRAGMA max_page_count = 1; CREATE TABLE a(b);")
    with pytest.raises(WorldError, match="cannot be used: database or disk is full"):
        search(past, "gates", now=NOW)


def test_a_folder_in_which_no_file_can_be_made_does_not_prevent_a_search(past: Path, monkeypatch: pytest.MonkeyPatch):
    def full(path: Path, **_: object) -> None:
        if path.parent.name == ".newsletter":
            raise OSError(28, "No space left on device")
        path.write_bytes(b"")

    monkeypatch.setattr("pathlib.Path.touch", full)
    assert places(search(past, "gates", now=NOW))
    assert not (past / FILE).exists()
