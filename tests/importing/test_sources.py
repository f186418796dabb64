"""Sources of imports: folders, zips and files, some of them malicious."""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import UsageError
from newsletter.importing.charsets import decoded
from newsletter.importing.sources import EntryError, ImportSource


def zipped(path: Path, entries: dict[str, bytes], **attributes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, (2024, 1, 31, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in attributes.items():
                setattr(info, key, value)
            archive.writestr(info, content)
    return path


def test_a_folder_is_listed_without_system_files(tmp_path):
    for name in ("b.md", "posts/a.md", ".git/config", "posts/.DS_Store", "node_modules/x.md", ".eleventy.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    with ImportSource(tmp_path) as source:
        assert source.is_folder
        assert source.names() == (".eleventy.js", "b.md", "posts/a.md")
        assert source.read("posts/a.md") == b"x"
        assert source.refused == ()


def test_a_file_lists_only_its_own_name(tmp_path):
    (tmp_path / "feed.xml").write_text("<rss/>")
    with ImportSource(tmp_path / "feed.xml") as source:
        assert (source.is_folder, source.names()) == (False, ("feed.xml",))
        assert source.text("feed.xml") == ("<rss/>", ())


def test_a_missing_source_is_reported(tmp_path):
    with pytest.raises(UsageError, match="there is no past"):
        ImportSource(tmp_path / "past", "past")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="a device or a pipe"):
        ImportSource(tmp_path / "pipe", "pipe")


def test_links_in_a_folder_are_not_followed(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "site/a.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "site/above").symlink_to(tmp_path)
    with ImportSource(tmp_path / "site") as source:
        assert source.names() == ()
        assert [(one.source, one.fault) for one in source.refused] == [("a.md", True), ("above", True)]
        with pytest.raises(EntryError):
            source.read("a.md")


@pytest.mark.parametrize(
    "name",
    [
        "../evil.md",
        "/etc/evil.md",
        "a/../../evil.md",
        "C:/evil.md",
        "a\\..\\evil.md",
        "..\\evil.md",
        "a//b.md",
        "./a.md",
    ],
)
def test_an_entry_outside_the_folder_is_refused_and_the_rest_is_read(tmp_path, name):
    path = zipped(tmp_path / "x.zip", {name: b"evil", "good.md": b"good"})
    with ImportSource(path) as source:
        assert source.names() == ("good.md",)
        assert "lead out of the folder" in source.refused[0].reason
        assert source.refused[0].fault


def test_a_link_in_a_zip_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", {"link.md": b"/etc/passwd"}, external_attr=0o120777 << 16)
    with ImportSource(path) as source:
        assert source.names() == ()
        assert source.refused[0].reason == "it is a link, and links are not followed"


def test_an_encrypted_entry_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", {"a.md": b"hidden"})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    with ImportSource(path) as source:
        assert source.refused[0].reason == "it is encrypted"


def test_a_zip_bomb_is_refused_by_its_unpacked_size(tmp_path):
    path = zipped(tmp_path / "x.zip", {"bomb.md": bytes(20_000_000), "good.md": b"good"})
    with ImportSource(path) as source:
        assert source.names() == ("good.md",)
        assert "times its size" in source.refused[0].reason


def test_a_zip_gives_no_more_bytes_than_it_declares(tmp_path):
    path = zipped(tmp_path / "x.zip", {"liar.md": bytes(5_000_000)})
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 100)
    path.write_bytes(raw)
    with ImportSource(path) as source, pytest.raises(EntryError, match="damaged or cut off"):
        source.read("liar.md")


def test_overlapping_entries_are_refused_and_the_rest_is_read(tmp_path):
    path = zipped(tmp_path / "x.zip", {"a.md": b"a" * 1000, "b.md": b"b" * 1000, "good.md": b"good"})
    raw = bytearray(path.read_bytes())
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[second + 42 : second + 46] = struct.pack("<I", 5)
    path.write_bytes(raw)
    with ImportSource(path, "x.zip") as source:
        assert source.names() == ("good.md",)
        assert {one.source: one.reason for one in source.refused} == {
            "a.md": "it overlaps the entry b.md",
            "b.md": "it overlaps the entry a.md",
        }


def test_an_entry_that_ends_after_the_zip_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", {"a.md": b"a" * 1000, "b.md": b"b" * 1000})
    raw = bytearray(path.read_bytes())
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[second + 20 : second + 24] = struct.pack("<I", 100_000)
    path.write_bytes(raw)
    with ImportSource(path, "x.zip") as source:
        assert source.names() == ("a.md",)
        assert [one.reason for one in source.refused] == ["it is longer than the zip"]


def test_a_zip_without_a_complete_file_is_reported(tmp_path):
    path = zipped(tmp_path / "x.zip", {"a.md": os.urandom(1000)})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UsageError, match=r"x\.zip is cut off: it has no complete file"):
        ImportSource(path, "x.zip")


CUT = "the zip is cut off here. What follows is missing, and only the whole zip says what it was"
FILES = {"a.md": b"first " * 400, "b/c.md": os.urandom(900), "d.md": b"last " * 400, "e.md": b"none"}


def streamed(path, files):
    """A zip as services write it, whose entries have their sizes behind them."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError

        def tell(self):
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    path.write_bytes(pipe.getvalue())
    return path


@pytest.mark.parametrize("write", [zipped, streamed])
def test_the_complete_files_of_a_zip_that_is_cut_off_are_read(tmp_path, write):
    path = write(tmp_path / "x.zip", FILES)
    raw = path.read_bytes()
    path.write_bytes(raw[: raw.index(b"d.md") + 20])
    with ImportSource(path, "x.zip") as source:
        assert source.names() == ("a.md", "b/c.md")
        assert [source.read(name) for name in source.names()] == [FILES["a.md"], FILES["b/c.md"]]
        assert source.read("a.md", first=10) == FILES["a.md"][:10]
        assert [(one.source, one.reason, one.fault) for one in source.refused] == [("d.md", CUT, True)]
        assert source.is_cut


@pytest.mark.parametrize("write", [zipped, streamed])
def test_a_zip_without_its_list_of_files_says_that_more_may_be_missing(tmp_path, write):
    path = write(tmp_path / "x.zip", FILES)
    raw = path.read_bytes()
    path.write_bytes(raw[: raw.index(b"PK\x01\x02") + 9])
    with ImportSource(path, "x.zip") as source:
        assert source.names() == tuple(sorted(FILES))
        assert [(one.source, one.reason) for one in source.refused] == [("what follows e.md", CUT)]


@given(st.integers(30, 4000), st.booleans())
def test_no_file_of_a_zip_that_is_cut_off_is_less_than_whole(cut, stream):
    with tempfile.TemporaryDirectory() as folder:
        path = (streamed if stream else zipped)(Path(folder, "x.zip"), FILES)
        path.write_bytes(path.read_bytes()[:cut])
        try:
            with ImportSource(path) as source:
                assert {name: source.read(name) for name in source.names()}.items() <= FILES.items()
        except UsageError as error:
            assert "cut off" in str(error)  # noqa: PT017 - either may be right


@pytest.mark.parametrize("write", [zipped, streamed])
def test_dangerous_entries_of_a_zip_that_is_cut_off_are_refused_as_ever(tmp_path, write):
    path = write(
        tmp_path / "x.zip", {"../out.md": b"x" * 50, "good.md": b"good", "bomb.md": bytes(30_000_000), "e.md": b"e"}
    )
    raw = path.read_bytes()
    path.write_bytes(raw[: raw.index(b"PK\x01\x02")])
    with ImportSource(path, "x.zip") as source:
        assert set(source.names()) <= {"good.md", "e.md"}
        assert "good.md" in source.names()
        refused = {one.source: one.reason for one in source.refused}
        assert "lead out" in refused["../out.md"]
        assert "times its size" in refused["bomb.md"] or refused["bomb.md"] == CUT


@pytest.mark.parametrize("at", [200, 3])
def test_a_damaged_entry_of_a_zip_that_is_cut_off_is_reported(tmp_path, at):
    path = zipped(tmp_path / "x.zip", {"a.md": os.urandom(1000), "b.md": b"good", "c.md": b"c"})
    raw = bytearray(path.read_bytes()[: path.read_bytes().index(b"PK\x01\x02")])
    raw[raw.index(b"a.md") + at + 1] ^= 0xFF
    path.write_bytes(raw)
    with ImportSource(path) as source, pytest.raises(EntryError, match="damaged"):
        source.read("a.md")


def test_a_damaged_entry_is_reported_when_it_is_read(tmp_path):
    path = zipped(tmp_path / "x.zip", {"a.md": os.urandom(1000), "b.md": b"good"})
    raw = bytearray(path.read_bytes())
    raw[200] ^= 0xFF
    path.write_bytes(raw)
    with ImportSource(path) as source:
        with pytest.raises(EntryError, match="damaged"):
            source.read("a.md")
        assert source.read("b.md") == b"good"


def test_of_two_entries_with_one_name_the_second_is_a_finding(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", "first")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.md", "second")
    with ImportSource(path) as source:
        assert source.read("a.md") == b"first"
        assert source.refused[0].reason == "another entry has its name"


def test_more_than_is_allowed_of_one_file_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", {"a.md": os.urandom(3000)})
    (tmp_path / "a.md").write_bytes(bytes(3000))
    with ImportSource(path) as source, pytest.raises(EntryError, match="the limit is"):
        source.read("a.md", 2000)
    with ImportSource(tmp_path) as folder, pytest.raises(EntryError, match="the limit is"):
        folder.read("a.md", 2000)


@given(st.binary(max_size=400))
def test_no_bytes_in_a_zip_raise_undocumented_errors(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("zips") / "x.zip"
    good = io.BytesIO()
    with zipfile.ZipFile(good, "w") as archive:
        archive.writestr("a.md", "text")
    raw = good.getvalue()
    path.write_bytes(raw[: len(raw) // 2] + content + raw[len(raw) // 2 :])
    try:
        with ImportSource(path) as source:
            for name in source.names():
                assert ".." not in name.split("/")
                try:
                    source.read(name)
                except EntryError:
                    continue
    except UsageError:
        pass


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_with_a_byte_order_mark_or_in_utf_8_is_read_without_a_note(charset):
    assert decoded("Schöne Grüße, 運河".encode(charset)) == ("Schöne Grüße, 運河", "")


def test_a_declared_charset_is_used_if_the_bytes_are_not_utf_8():
    assert decoded('<?xml version="1.0" encoding="koi8-r"?>Мост'.encode("koi8-r"))[0].endswith("Мост")
    assert decoded('<meta charset="shift_jis">橋'.encode("cp932"))[0].endswith("橋")
    assert decoded("橋".encode("iso-2022-jp"), "ISO-2022-JP") == ("橋", "")


def test_utf_8_precedes_a_declared_charset():
    assert decoded('<meta charset="iso-8859-1">Grüße'.encode())[0].endswith("Grüße")


def test_an_unknown_charset_is_ignored():
    bomb = zlib.compress(bytes(1000))
    for declared in ("zlib", "rot13", "unicode_escape", "idna", "../x"):
        text, note = decoded(b"caf\xe9" + bomb[:0], declared)
        assert (text, "windows-1252" in note) == ("café", True)


def test_a_few_damaged_characters_do_not_spoil_the_rest():
    text, note = decoded(("Grüße " * 20).encode() + b"\xff")
    assert text.startswith("Grüße")
    assert "a character that is damaged" in note


def test_line_ends_are_line_feeds():
    assert decoded(b"a\r\nb\rc")[0] == "a\nb\nc"
