"""The record: a line an event, each with a checksum, read back as it was written or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive.record import (
    PUBLISHED,
    RECORD,
    REVISED,
    WITHDRAWN,
    Record,
    Version,
    folder_for,
    hash_of,
    line_of,
    load_record,
    read_record,
    traces_of,
)
from newsletter.errors import ConfigurationError
from newsletter.names import portable_name, same_file_key
from tests.archive.places import put

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
MARK = hash_of(b"")


def version(slug: str = "ports", *, note: str = "", title: str = "On ports", folder: str = "ports") -> Version:
    files = {"source/issues/ports/index.md": MARK, "page/index.html": MARK}
    return Version(AT, note, "issues/ports/index.md", slug, title, AT, "0.1", {}, folder, files, {})


def published(name: str = "tag:a.example,2024:ports", **said: str) -> bytes:
    return line_of(PUBLISHED, name, AT, version(**said))


NAME = "tag:a.example,2024:ports"
WHOLE = published() + line_of(REVISED, NAME, AT + timedelta(1), version("harbours", note="Better."), "Better.")


def test_nothing_published_is_an_empty_record(tmp_path: Path) -> None:
    assert not load_record(tmp_path)
    assert load_record(tmp_path) == Record()


def test_events_add_up(tmp_path: Path) -> None:
    put(tmp_path, RECORD, WHOLE + line_of(WITHDRAWN, NAME, AT + timedelta(2), note="A mistake."))
    (issue,) = load_record(tmp_path).issues
    assert (issue.slug, issue.former_slugs) == ("harbours", ("ports",))
    assert [revision.note for revision in issue.revisions] == ["Better."]
    assert (issue.withdrawn, issue.reason) == (AT + timedelta(2), "A mistake.")
    record = load_record(tmp_path)
    assert record.by_slug("PORTS") == record.by_name("ports") == record.of("issues/ports/index.md") == issue
    assert traces_of(record) == (("harbours", ""), ("ports", ""))


@given(
    st.text(min_size=1).filter(lambda text: "\x00" not in text),
    st.text(),
    st.dictionaries(st.sampled_from(["kit", "ghost"]), st.text()),
)
def test_a_written_record_is_read_again(title: str, note: str, services: dict[str, str]) -> None:
    given_version = version(title=title, note=note)
    line = line_of(PUBLISHED, NAME, AT, given_version, note)
    assert line.count(b"\n") == 1
    (issue,) = read_record(line).issues
    assert issue.title == title.encode("utf-8", "replace").decode()
    assert issue.latest.note == note.encode("utf-8", "replace").decode()


@given(st.data())
def test_an_altered_line_is_reported_with_its_number(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(WHOLE) - 1))
    byte = data.draw(st.integers(32, 126))
    altered = WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :]
    try:
        read = json.loads("[" + ",".join(altered.decode().splitlines()) + "]")
    except ValueError:
        read = None
    if read == json.loads("[" + ",".join(WHOLE.decode().splitlines()) + "]"):
        return  # a blank that says nothing
    with pytest.raises(ConfigurationError, match=rf"{RECORD}:[12]: "):
        read_record(altered)


@given(st.integers(1, len(WHOLE) - 1))
def test_an_incomplete_record_is_reported(length: int) -> None:
    if WHOLE[:length].endswith(b"\n"):
        return
    with pytest.raises(ConfigurationError, match="incomplete"):
        read_record(WHOLE[:length])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (published() + published(), ":2: .*already published"),
        (line_of(WITHDRAWN, NAME, AT), "never published"),
        (WHOLE + line_of(WITHDRAWN, NAME, AT) + line_of(REVISED, NAME, AT, version(), "x"), ":4: .*already withdrawn"),
        (b"<<<<<<< ours\n" + published(), ":1: this is a merge conflict"),
        (line_of("burnt", NAME, AT), "never published"),
        (published() + line_of("burnt", NAME, AT), "a newer version"),
        (published(folder="../../etc"), "not a path inside a folder"),
        (published(slug="a/../../b"), "is not a folder name"),
        (b"[]\n", "was changed"),
        (b"[" * 100_000 + b"\n", "not valid JSON"),
    ],
)
def test_an_impossible_event_is_reported(content: bytes, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_record(content)


def test_all_faults_are_reported_at_once() -> None:
    lines = b"".join(
        published(f"tag:a.example,2024:{number}").replace(b"On ports", b"On cranes") for number in range(8)
    )
    with pytest.raises(ConfigurationError) as error:
        read_record(lines)
    assert str(error.value).count(RECORD) == 5
    assert "3 more lines" in str(error.value)


@given(st.lists(st.text(min_size=1, max_size=300), unique=True, max_size=8))
def test_every_id_has_a_unique_portable_folder(names: list[str]) -> None:
    from newsletter.config.publication import FeedSettings
    from newsletter.names import composed

    assert FeedSettings
    folders: list[str] = []
    for name in dict.fromkeys(composed(name.encode("utf-8", "replace").decode()) for name in names):
        from urllib.parse import quote

        folders.append(folder_for(f"tag:a.example,2024:{quote(name, safe='')}", folders))
    assert len({same_file_key(folder) for folder in folders}) == len(folders)
    for folder in folders:
        assert portable_name(folder) == folder
        assert same_file_key(folder) not in {"paid", "record.jsonl", "services.json"}
