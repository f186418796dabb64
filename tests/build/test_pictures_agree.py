"""`check` and `build` agree on every picture: a check reports exactly what a build cannot make."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.build.pipeline import build
from newsletter.commands.check import check_issues
from newsletter.commands.init import start_workspace
from newsletter.config.workspace import issue_files
from newsletter.project import picture_memory
from tests.build.test_build import broken_png
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def picture(kind: str, frames: int = 1, mode: str = "RGB", size: tuple[int, int] = (240, 160)) -> bytes:
    images = [Image.effect_noise(size, 40 + 20 * at).convert(mode) for at in range(frames)]
    out = BytesIO()
    several = {"save_all": True, "append_images": images[1:], "duration": 100} if frames > 1 else {}
    images[0].save(out, kind, **several)
    return out.getvalue()


def svg(attributes: str, inside: str = '<rect width="100" height="50" fill="red"/>') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


SOUND = {
    "photo.jpg": picture("JPEG"),
    "drawing.png": picture("PNG", mode="RGBA"),
    "still.gif": picture("GIF", mode="P"),
    "moving.gif": picture("GIF", 4, "P"),
    "still.webp": picture("WEBP"),
    "moving.webp": picture("WEBP", 4),
    "moving.png": picture("PNG", 3),
    "photo.avif": picture("AVIF"),
    "scan.tif": picture("TIFF"),
    "scan.bmp": picture("BMP"),
}
SVGS = {
    "pt": svg('width="100pt" height="50pt" viewBox="0 0 100 50"'),
    "mm": svg('width="100mm" height="50mm"'),
    "cm": svg('width="10cm" height="5cm"'),
    "in": svg('width="4in" height="2in"'),
    "pc": svg('width="20pc" height="10pc"'),
    "em": svg('width="20em" height="10em"'),
    "ex": svg('width="20ex" height="10ex"'),
    "percent": svg('width="100%" height="100%" viewBox="0 0 100 50"'),
    "upper case": svg('width="100PT" height="50Pt"'),
    "no size": svg(""),
    "auto": svg('width="auto" height="auto"'),
    "nothing": svg('width="0" height="0"'),
    "less than nothing": svg('width="-5" height="5"'),
    "an empty box": svg('viewBox="0 0 0 0"'),
    "a bad box": svg('viewBox="a b"'),
    "huge": svg('width="900000pt" height="2pt"'),
    "tiny": svg('width="0.01pt" height="0.01pt"'),
    "inner lengths": svg('width="3in" height="1in"', '<rect x="1pt" width="1cm" height="5mm" stroke-width="1pt"/>'),
    "a pattern of nothing": svg('width="9" height="9"', '<pattern id="a"/><rect width="9" height="9" fill="url(#a)"/>'),
    "graphviz": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n'
        b' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
        b'<svg width="89pt" height="116pt"\n viewBox="0.00 0.00 89.00 116.00" xmlns="http://www.w3.org/2000/svg"'
        b' xmlns:xlink="http://www.w3.org/1999/xlink"><g transform="scale(1 1) rotate(0) translate(4 112)">'
        b'<ellipse fill="none" stroke="black" cx="27" cy="-90" rx="27" ry="18"/>'
        b'<text text-anchor="middle" x="27" y="-86.3" font-family="Times,serif" font-size="14.00">a</text></g></svg>'
    ),
}
DAMAGES = {
    "nothing": lambda content: content,
    "half of it": lambda content: content[: len(content) // 2],
    "all but the end": lambda content: content[:-20],
    "its end is zeros": lambda content: content[: len(content) * 2 // 3] + bytes(len(content) // 3),
    "zeros in the middle": lambda content: (
        content[: len(content) // 2] + bytes(200) + content[len(content) // 2 + 200 :]
    ),
    "ones in the middle": lambda content: (
        content[: len(content) // 3] + b"\xff" * 99 + content[len(content) // 3 + 99 :]
    ),
    "its header alone": lambda content: content[:60],
}


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    root = tmp_path / "letter"
    start_workspace(root, kind="essay", title="The letter", **SAMPLE_VALUES)
    return root


def show(root: Path, name: str, content: bytes) -> None:
    folder = root / "issues/2026-06-01-june"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    text = f"---\ntitle: Hello\ndate: 2026-06-01\nnumber: 1\nauthors: [editor]\n---\n\n![A port]({name})\n\n## A\n\nWords.\n"
    (folder / "index.md").write_text(text)


def check(root: Path) -> list[str]:
    found = check_issues(root, issue_files(root), select=["FG106"]).diagnostics
    return [one.message for one in found if one.code == "FG106"]


def findings_of_both(root: Path) -> list[str]:
    """The findings of check and build about pictures."""
    reported = check(root)
    built = [one for one in build(root, now=NOW).diagnostics if one.code == "FG106"]
    assert [one.message for one in built] == reported
    return reported


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", SOUND)
def test_check_finds_what_build_cannot_make(letter: Path, name: str, damage):
    show(letter, name, damage(SOUND[name]))
    reported = findings_of_both(letter)
    if damage is DAMAGES["nothing"]:
        assert reported == []
    if damage is DAMAGES["half of it"] and name != "moving.gif":
        assert reported


@pytest.mark.parametrize("content", SVGS.values(), ids=SVGS)
def test_svgs_in_every_unit_are_rendered(letter: Path, content: bytes):
    show(letter, "drawing.svg", content)
    assert findings_of_both(letter) == []
    (made,) = (letter / "public").glob("*/drawing-*.png")
    assert Image.open(made).convert("RGBA").getextrema()[3][1] > 0


def test_an_svg_that_cannot_be_rendered_is_reported(letter: Path):
    filters = '<filter id="a"><feMorphology radius="900"/></filter><rect filter="url(#a)" width="3000" height="3000"/>'
    show(letter, "drawing.svg", svg('width="3000" height="3000"', f'<g filter="url(#b)">{filters}</g>' * 9))
    findings_of_both(letter)


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The pictures that a check makes to test them."""
    from newsletter.render.images import plan

    names, really = [], plan.picture_fault
    monkeypatch.setattr(plan, "picture_fault", lambda file, root: names.append(file.name) or really(file, root))
    picture_memory._fault.cache_clear()
    return names


def test_a_picture_is_made_once_for_each_content(letter: Path, made: list[str]):
    broken_png(letter / "broken.png")
    broken = (letter / "broken.png").read_bytes()
    show(letter, "drawing.png", broken)
    first = check(letter)
    assert (len(first), made) == (1, ["drawing.png"])
    picture_memory._fault.cache_clear()
    assert check(letter) == first
    folder = letter / "issues/2026-06-01-june"
    os.utime(folder / "drawing.png", (1, 1))
    assert check(letter) == first
    shutil.copy(folder / "drawing.png", folder / "again.png")
    show(letter, "again.png", broken)
    assert check(letter) == [first[0].replace("drawing", "again")]
    assert made == ["drawing.png"]
    show(letter, "drawing.png", SOUND["drawing.png"])
    assert check(letter) == []
    assert made == ["drawing.png"] * 2


def test_pictures_are_not_made_if_no_rule_needs_them(letter: Path, made: list[str]):
    show(letter, "photo.jpg", SOUND["photo.jpg"])
    check_issues(letter, issue_files(letter), select=["ST"])
    assert made == []


def test_both_report_pictures_of_newsletter_yaml(letter: Path):
    broken_png(letter / "logo.png")
    file = letter / "newsletter.yaml"
    file.write_text(f"{file.read_text()}\ntheme: {{logo: logo.png, logo_alt: The letter}}\n")
    show(letter, "photo.jpg", SOUND["photo.jpg"])
    built = build(letter, now=NOW).diagnostics
    reported = check_issues(letter, issue_files(letter), select=["CF"]).diagnostics
    assert [(one.code, one.message, one.span) for one in reported] == [
        (one.code, one.message, one.span) for one in built
    ]
    assert [one.code for one in reported] == ["CF016"]
