"""A check reports pictures that a build refuses, and continues."""

from __future__ import annotations

import os
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.cli import run
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A sound PNG with `chunks` behind its header."""
    out = BytesIO()
    Image.new("RGB", (600, 400), "#aa3311").save(out, "PNG")
    whole = out.getvalue()
    more = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return whole[:33] + more + whole[33:]


def gif(frames: int, size: tuple[int, int]) -> bytes:
    """A GIF with `frames` frames of one pixel on a canvas of this size."""
    frame = b"\x21\xf9\x04\x00\x01\x00\x00\x00" + b"\x2c" + struct.pack("<4HB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    head = b"GIF89a" + struct.pack("<2H", *size) + b"\x80\x00\x00" + b"\0\0\0\xff\xff\xff"
    return head + frame * frames + b"\x3b"


def apng(frames: int) -> bytes:
    return png((b"acTL", struct.pack(">II", frames, 0)))


def moving_png() -> bytes:
    """An animated PNG that has all its declared frames."""
    made = BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    frames[0].save(made, "PNG", save_all=True, append_images=frames[1:], duration=100)
    return made.getvalue()


BOMB = zlib.compress(bytes(50_000_000), 9)
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a profile that unpacks to 50 MB": ("a.png", lambda: png((b"iCCP", b"sRGB\0\0" + BOMB)), "unpack"),
    "a packed note": ("a.png", lambda: png((b"zTXt", b"Comment\0\0" + BOMB)), "unpack"),
    "an international note": ("a.png", lambda: png((b"iTXt", b"Comment\0\1\0en\0x\0" + BOMB)), "unpack"),
    "many notes": ("a.png", lambda: png(*[(b"zTXt", b"C\0\0" + zlib.compress(bytes(1 << 20)))] * 65), "unpack"),
    "10,000 frames": ("a.gif", lambda: gif(10_000, (600, 400)), "too long: 10,000 frames"),
    "10,000 frames of an animated PNG": ("a.png", lambda: apng(10_000), "too long: 10,000 frames"),
    "four billion frames": ("a.png", lambda: apng(0xFFFFFFFF), "too long"),
    "a canvas that unpacks to gigabytes": ("a.gif", lambda: gif(1, (65_535, 65_535)), "too large"),
    "nothing": ("a.png", lambda: b"", "not a picture"),
    "a text": ("a.jpg", lambda: b"no picture at all", "not a picture"),
    "cut off": ("a.png", lambda: png()[:-30], "cut off"),
}


@pytest.fixture
def letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    monkeypatch.chdir(tmp_path)
    assert run(["init", "letter", "--kind", "essay", *OPTIONS]) == 0
    monkeypatch.chdir(tmp_path / "letter")
    return tmp_path / "letter"


def write(root: Path, name: str, picture: str) -> Path:
    path = root / f"issues/{name}/index.md"
    path.parent.mkdir(parents=True)
    path.write_text(
        f"---\ntitle: Letter {name}\ndate: 2026-07-01\nsummary: What this is about.\nauthors: [editor]\n---\n\n"
        f"The opening.\n\n![A field]({picture})\n\nThe end of it, the the end.\n"
    )
    return path.parent


@pytest.mark.parametrize("name", REFUSED)
def test_a_check_finds_pictures_that_a_build_refuses(
    name: str, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, make, said = REFUSED[name]
    (write(letter, "one", file) / file).write_bytes(make())
    (write(letter, "two", "b.png") / "b.png").write_bytes(png())
    for command in (["check"], ["build"]):
        capsys.readouterr()
        assert run(command) == 1
        told = "".join(capsys.readouterr())
        assert "FG106" in told
        assert said in told
        if command == ["check"]:
            assert told.count("TX101") >= 2 or told.count("the the") >= 2, "it goes on after it"
    assert (letter / "public/two/index.html").exists()
    assert not (letter / "public/one").exists()


@pytest.mark.parametrize("kind", ["pipe", "endless", "gone"])
def test_an_unreadable_file_is_found_by_check_and_build(
    kind: str, letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = write(letter, "one", "a.png")
    if kind == "pipe":
        os.mkfifo(here / "a.png")
    else:
        (here / "a.png").symlink_to("/dev/zero" if kind == "endless" else here / "nowhere.png")
    for command in (["check"], ["build"]):
        capsys.readouterr()
        ended = run(command)
        assert "Traceback" not in "".join(capsys.readouterr())
        assert ended in {0, 1}
    assert not list(letter.glob("public/one/a-*"))


@pytest.mark.parametrize(
    "sound", [png(), png((b"zTXt", b"C\0\0" + zlib.compress(b"me"))), gif(200, (600, 400)), moving_png()]
)
def test_a_valid_picture_has_no_finding(sound: bytes, letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "a.gif" if sound[:3] == b"GIF" else "a.png"
    (write(letter, "one", name) / name).write_bytes(sound)
    run(["check"])
    assert "FG106" not in "".join(capsys.readouterr())
