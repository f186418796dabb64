"""Pictures of snippets and of an author's HTML are treated like all others: found, checked, made, shown, exported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.build.pipeline import build
from newsletter.cli import run
from tests.build.snippets import BODY, FRONT, ISSUE, NOW, SNIPPETS, TIPS, findings, make_letters, tips

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic


def draw(path: Path, colour: str, size: tuple[int, int] = (1400, 700)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one issue, and a snippet with its own picture."""
    monkeypatch.chdir(tmp_path)
    make_letters(tmp_path, "![A crane at work](crane.jpg)\n", house="allow_html: true\n")
    draw(tmp_path / SNIPPETS / "crane.jpg", "green")
    return tmp_path


def found(root: Path) -> list[Diagnostic]:
    return findings(root, "FG")


def sources(html: str) -> list[str]:
    return re.findall(r'<img[^>]* src="([^"]*)"', html)


def colour_of(path: Path) -> str:
    with Image.open(path) as image:
        red, green, blue = image.convert("RGB").getpixel((5, 5))
    return max((red, "red"), (green, "green"), (blue, "blue"))[1]


# ── Snippets ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_beside_its_snippet_is_in_every_output(letters: Path) -> None:
    draw(letters / ISSUE.replace("index.md", "crane.jpg"), "red")  # in the issue, which does not name it
    assert found(letters) == []
    assert build(letters, now=NOW).diagnostics == ()
    (name,) = sources((letters / "public/ports/index.html").read_text())
    assert colour_of(letters / "public/ports" / name) == "green"
    assert sources((letters / "build/ports/email.html").read_text()) == [f"https://letters.example/ports/{name}"]
    assert f"https://letters.example/ports/{name}" in (letters / "feeds/rss.xml").read_text()


def test_an_issue_and_a_snippet_may_have_pictures_of_the_same_name(letters: Path) -> None:
    draw(letters / ISSUE.replace("index.md", "crane.jpg"), "red")
    (letters / ISSUE).write_text(f"{FRONT}{BODY}\n![The crane of this issue](crane.jpg)\n")
    build(letters, now=NOW)
    names = sources((letters / "public/ports/index.html").read_text())
    assert [colour_of(letters / "public/ports" / name) for name in names] == ["red", "green"]


def test_an_export_contains_the_pictures_of_snippets(letters: Path, tmp_path: Path) -> None:
    assert run(["export", "ports", "--for", "mailchimp", "-o", "out"]) == 0
    (name,) = [path.name for path in (letters / "out").rglob("*.jpg")]
    assert name.startswith("crane-")
    assert name in (letters / "out/ports.html").read_text()


def test_a_faulty_picture_is_reported_in_the_snippet(letters: Path) -> None:
    (letters / SNIPPETS / "words.png").write_text("words")
    tips(letters, "![](crane.jpg)\n\n![A hat](hat.jpg)\n\n![Some words](words.png)\n\n![crane.jpg](../crane.jpg)\n")
    lines = [(one.path, one.span.line, one.code) for one in found(letters)]
    assert lines == [(TIPS, 3, "FG101"), (TIPS, 5, "FG104"), (TIPS, 7, "FG106"), (TIPS, 9, "FG107"), (TIPS, 9, "FG104")]
    missing = next(one for one in found(letters) if one.code == "FG104")
    assert missing.label == f"looked for in {SNIPPETS}/"


def test_a_similar_file_name_is_suggested(letters: Path) -> None:
    tips(letters, "![A crane at work](crain.jpg)\n")
    assert [one.advice for one in found(letters)] == ["Did you mean `crane.jpg`?"]


def test_a_comment_in_the_snippet_ignores_findings_there(letters: Path) -> None:
    tips(letters, "<!-- check: ignore FG101 -->\n![](crane.jpg)\n\n![](crane.jpg)\n")
    assert [(one.span.line, one.code) for one in found(letters)] == [(6, "FG101")]


def test_a_finding_in_a_snippet_is_reported_once(letters: Path) -> None:
    tips(letters, "![](crane.jpg)\n")
    for day, more in (("2024-02-29", ""), ("2024-03-31", "draft: true\n")):
        path = letters / f"issues/{day}-other/index.md"
        path.parent.mkdir()
        path.write_text(FRONT.replace("2024-01-31", day).replace("\n---\n\n", f"\n{more}---\n\n") + BODY)
    assert [(one.path, one.code, str(one.severity)) for one in found(letters)] == [(TIPS, "FG101", "error")]


@pytest.mark.parametrize(
    ("name", "code"), [("hat.jpg", "FG104"), ("words.png", "FG106"), ("../../../../x.png", "FG105")]
)
def test_an_issue_without_its_snippets_picture_is_not_built_or_exported(letters: Path, name: str, code: str) -> None:
    (letters / SNIPPETS / "words.png").write_text("words")
    tips(letters, f"![A hat]({name})\n")
    report = build(letters, now=NOW)
    assert [(one.path, one.span.line, one.code) for one in report.diagnostics] == [(TIPS, 3, code)]
    assert not (letters / "public/ports").exists()
    assert run(["export", "ports", "--for", "mailchimp"]) == 1


def test_a_picture_with_broken_pixels_is_reported_in_the_snippet(letters: Path) -> None:
    whole = (letters / SNIPPETS / "crane.jpg").read_bytes()
    (letters / SNIPPETS / "crane.jpg").write_bytes(whole[: len(whole) // 3])
    assert [(one.path, one.span.line, one.code) for one in found(letters)] == [(TIPS, 3, "FG106")]
    report = build(letters, now=NOW)
    assert [(one.path, one.span.line, one.code) for one in report.diagnostics] == [(TIPS, 3, "FG106")]


@pytest.mark.parametrize("name", ["crane.jpg", "../../../logos/crane.jpg"])
def test_an_issue_is_built_again_after_a_picture_of_its_snippet_changed(letters: Path, name: str) -> None:
    draw(letters / SNIPPETS / name, "green")
    tips(letters, f"![A crane at work]({name})\n")
    build(letters, now=NOW)
    assert not build(letters, now=NOW).written
    draw(letters / SNIPPETS / name, "blue")
    assert build(letters, now=NOW).written
    (shown,) = sources((letters / "public/ports/index.html").read_text())
    assert colour_of(letters / "public/ports" / shown) == "blue"


def test_a_picture_for_paying_readers_is_not_published(letters: Path) -> None:
    tips(letters, "::: only paid\n![A crane at work](crane.jpg)\n:::\n\n::: only free\n![A hat](hat.png)\n:::\n")
    draw(letters / SNIPPETS / "hat.png", "red")
    build(letters, now=NOW)
    shown = {path.name for path in (letters / "public/ports").iterdir() if path.suffix in {".jpg", ".png"}}
    assert {name.partition("-")[0] for name in shown} == {"card", "hat"}
    assert [path.name.partition("-")[0] for path in (letters / "build/ports").rglob("*.jpg")] == ["crane"]
    assert sources((letters / "build/ports/email-paid.html").read_text())[0].startswith(
        "https://letters.example/ports/paid/crane-"
    )


def test_a_gallery_and_a_chart_in_a_snippet_are_shown(letters: Path) -> None:
    draw(letters / SNIPPETS / "hat.png", "red")
    gallery = "::: gallery\n![A crane at work](crane.jpg)\n\n![A hat](hat.png)\n:::\n"
    tips(
        letters,
        f"{gallery}\n::: chart Ships\ntype: line\n| year | ships |\n|---|---|\n| 2020 | 3 |\n| 2021 | 5 |\n:::\n",
    )
    assert build(letters, now=NOW).diagnostics == ()
    names = [source.rpartition("/")[2] for source in sources((letters / "build/ports/email.html").read_text())]
    assert {name.partition("-")[0] for name in names} >= {"crane", "hat", "chart"}
    assert all((letters / "public/ports" / name).exists() for name in names)


# ── An author's own HTML ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="none.jpg" alt="A hat">', [("FG104", "none.jpg")]),
        ("<div>\n<IMG alt='A hat'\n  src='none.jpg'>\n</div>", [("FG104", "none.jpg")]),
        ("Words <img src=none.jpg alt=hat> and words.", [("FG104", "none.jpg")]),
        ('<img src="stack.jpg">', [("FG101", '<img src="stack.jpg">')]),
        ('> <div><img src="stack.jpg" alt=""></div>', [("FG101", '<img src="stack.jpg" alt="">')]),
        ('<img src="stack.jpg" alt="IMG_2041">', [("FG107", '<img src="stack.jpg" alt="IMG_2041">')]),
        ('<img src="stack.jpg" alt="Image of a port">', [("FG108", '<img src="stack.jpg" alt="Image of a port">')]),
        ('<img src="../../../x.jpg" alt="A hat">', [("FG105", "../../../x.jpg")]),
        ('<img src="http://a.example/x.jpg" alt="A hat">', [("FG115", "http://a.example/x.jpg")]),
        ('<img src="words.png" alt="A hat">', [("FG106", "words.png")]),
        ('<!-- <img src="a.jpg"> --><p><img src="stack.jpg" alt="A &quot;hat&quot;"> <img src="b.jpg" alt="B"></p>', [("FG104", "b.jpg")]),
        ('<img src="{{ map_url }}" alt="Your map">', []),
        ('<img src="stack.jpg" alt="A hat" width="300">', []),
    ],
)  # fmt: skip
def test_pictures_in_html_are_checked_as_those_of_markdown(letters: Path, html: str, expected: list[object]) -> None:
    draw(letters / ISSUE.replace("index.md", "stack.jpg"), "red")
    (letters / ISSUE).with_name("words.png").write_text("words")
    text = f"{FRONT}{BODY}\n{html}\n"
    (letters / ISSUE).write_text(text)
    assert [(one.code, text[one.span.start : one.span.end]) for one in found(letters)] == expected


def test_pictures_in_html_have_the_given_size(letters: Path) -> None:
    draw(letters / ISSUE.replace("index.md", "stack.jpg"), "red")
    picture = '<img src="stack.jpg" alt="A &quot;stack&quot;"{}>'
    plain, small = picture.format(""), picture.format(' width="120"')
    html = f"<div>{plain}</div>\n\nSmall: {small}."
    (letters / ISSUE).write_text(f"{FRONT}{BODY}\n{html}\n")
    build(letters, now=NOW)
    page, mail = (letters / name for name in ("public/ports/index.html", "build/ports/email.html"))
    for path, before in ((page, ""), (mail, "https://letters.example/ports/")):
        first, second, _ = re.findall("<img[^>]*>", path.read_text())
        name = sources(first)[0].removeprefix(before)
        assert colour_of(letters / "public/ports" / name) == "red"
        assert 'width="560" height="280"' in first
        assert 'width="120"' in second
        assert "560" not in second
        assert 'alt="A &quot;stack&quot;"' in first


def test_an_address_or_text_with_a_personal_field_is_kept(letters: Path) -> None:
    (letters / ISSUE).write_text(
        f'{FRONT}{BODY}\n<img src="https://a.example/{{{{ first_name | you }}}}.png" alt="Of {{{{ first_name | You }}}}">\n'
    )
    assert run(["export", "ports", "--for", "listmonk", "-o", "out"]) == 0
    html = (letters / "out/ports.html").read_text()
    assert '<img src="https://a.example/{{ .Subscriber.FirstName | default `you` }}.png"' in html
    assert 'alt="Of {{ .Subscriber.FirstName | default `You` }}"' in html
    build(letters, now=NOW)
    page = (letters / "public/ports/index.html").read_text()
    assert '<img src="https://a.example/you.png" alt="Of You"' in page
