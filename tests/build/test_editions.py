"""Nothing for paying readers is in any output of the free edition."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from newsletter.build.facts import BuildJob
from newsletter.build.issue import make
from newsletter.build.pipeline import build
from newsletter.build.write import site_outputs
from newsletter.commands.export import export
from newsletter.commands.feeds import write_feeds
from newsletter.commands.init import start_workspace
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.errors import ConfigurationError, UsageError
from newsletter.project.letters import has_paid_edition, letter_of, render_email
from newsletter.project.project import Project
from tests.sample_values import SAMPLE_VALUES, with_every_feed

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NAME = "2026-10-01-tables"
FOLDER = f"issues/{NAME}"
HOUSE = """
name: Letter
other_fields: true
author_box: true
contents: true
standing:
  box: start
  upgrade: end
sections:
  news: {heading: News, items: {numbered: true}, contents: true, required: false}
  deep: {heading: "Deep dive: {title}", only: paid, required: false}
  other: {required: false, repeat: any}
"""


def png() -> bytes:
    """A small picture."""
    made = BytesIO()
    Image.new("RGB", (4, 4), "#a6341b").save(made, "PNG")
    return made.getvalue()


PNG = png()

FRONT = """---
title: The tables
subtitle: What the moon does
date: 2026-10-01
number: 7
summary: What this letter is about, in one line of text.
authors: [editor]
tags: [moon]
kind: letter
---

"""


@pytest.fixture(scope="module")
def template_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("letters")
    start_workspace(root, kind="essay", title="The letter", **SAMPLE_VALUES)
    with (root / "newsletter.yaml").open("a") as settings:
        settings.write("subscribe_url: https://letters.example/subscribe\n")
    with_every_feed(root)
    house = root / "templates/letter"
    (house / "snippets").mkdir(parents=True)
    (house / "house.yaml").write_text(HOUSE.replace("repeat: any", "repeat: at least 0"))
    (house / "snippets/box.md").write_text("::: only paid\nThank you, zpaidbox.\n:::\n\n::: only free\nzfreebox\n:::\n")
    (house / "snippets/upgrade.md").write_text("::: only free\nzfreeupgrade\n:::\n")
    return root


def write(root: Path, body: str) -> None:
    """The issue, and a file for each picture and attachment that it names."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    (folder / "index.md").write_text(FRONT + body, encoding="utf-8")
    for name in re.findall(r"\(([a-z0-9]+\.(?:png|pdf|mp3))", body):
        (folder / name).write_bytes(PNG if name.endswith("png") else name.encode())


# ── Generated issues ────────────────────────────────────────────────────────────────────────────────────────

PIECES = (
    '{0} and [{0} words](https://example.org/{0} "{0} title") and `{0}` and {{{{ first_name | {0} }}}}.',
    '![{0} alt]({0}.png "{0} caption. Photo: {0} maker")',
    "[{0} file]({0}.pdf) and ![{0} in line]({0}.png)",
    "- {0} first\n- {0} second\n\n  {0} below",
    "1. {0} one\n2. {0} two",
    "- [x] {0} task",
    "> {0} said\n> — {0}, [somewhere](https://example.org/{0})",
    "```python\n{0} = 1\n```",
    "| {0} head |\n| --- |\n| {0} cell |",
    "#### {0} heading\n\n{0} below",
    "{0} noted[^{0}].",
    "::: callout {0} title\n{0} text\n:::",
    "::: button [{0} label](https://example.org/{0})\n:::",
    "::: event [{0} walk](https://example.org/{0})\ndate: 2026-12-04\nplace: {0} hall\n\n{0} bring boots\n:::",
    "::: audio [{0} listen]({0}.mp3)\nlength: {0} minutes\n:::",
    "::: audio [{0} far away](https://audio.example/{0}.mp3)\nlength: {0} minutes\nbytes: 123456\n:::",
    "::: poll {0} which?\n- [{0} a](https://example.org/{0})\n- [{0} b](https://example.org/{0}b)\n:::",
    "[{0} reference][{0}]\n\n[{0}]: https://example.org/ref-{0}",
    "[inside](#{0}-place)\n\n#### {0} place\n\n{0} there",
    "---\n\n{0} after a break",
    "::: video [{0} film](https://www.youtube.com/watch?v={0})\nlength: {0} minutes\n\n![{0} still]({0}.png)\n:::",
    "::: post [{0} writer](https://bsky.app/profile/{0}/post/{0})\n{0} says\n\n![{0} seen]({0}.png)\n:::",
    "https://vimeo.com/{0}\n![{0} frame]({0}.png)",
    "[![{0} film]({0}.png)](https://www.youtube.com/watch?v={0})",
    "{0} https://example.org/bare-{0} <https://example.org/auto-{0}>",
)
HELD_BACK = (
    "only paid",
    "only email paid",
    "only PAID, email",
    "only payed",
    "only",
    "only premium members",
    "onyl paid",
    "paid",
)


def indented(text: str, first: str, rest: str) -> str:
    return "\n".join((first if not index else rest) + line for index, line in enumerate(text.split("\n")))


def around(text: str, holder: str, colons: str) -> str:
    """Blocks within another block, as Markdown."""
    match holder:
        case "list":
            return f"- free item\n\n{indented(text, '  ', '  ')}\n\n- free item"
        case "quotation":
            return indented(f"free words\n\n{text}\n\nfree words", "> ", "> ")
        case "callout":
            return f"{colons}: callout Free\nfree\n\n{text}\n{colons}:"
        case "web":
            return f"{colons}: only email web\n{text}\n{colons}:"
        case _:
            return text


@st.composite
def issues(draw: st.DrawFn) -> tuple[str, set[str], set[str]]:
    """An issue, the words in it that are for paying readers, and those for all."""
    held: set[str] = set()
    free: set[str] = set()
    notes: list[str] = []

    def piece(*, paid: bool) -> str:
        marks = held if paid else free
        mark = f"z{'paid' if paid else 'free'}{len(marks)}z"
        marks.add(mark)
        text = draw(st.sampled_from(PIECES)).format(mark)
        if f"[^{mark}]" in text:
            notes.append(f"[^{mark}]: {mark} note, [{mark} link](https://example.org/note-{mark}).")
        return text

    def block(*, walled: bool) -> str:
        kind = draw(st.sampled_from(("free", "held", "held", "within", "sections", "items")))
        colons = draw(st.sampled_from((":::", "::::")))
        if kind == "free":
            return piece(paid=walled)
        name = draw(st.sampled_from(HELD_BACK))
        inner = "\n\n".join(piece(paid=True) for _ in range(draw(st.integers(1, 3))))
        if kind in ("sections", "items"):
            level = "##" if kind == "sections" else "###"
            mark = f"zpaid{len(held)}z"
            held.add(mark)
            inner = f"{level} {mark} headline\n\n{inner}"
        # Directives in it have three colons, so more are needed around them.
        text = f"{colons}: {name}\n{inner}\n{colons}:"
        return (
            around(text, draw(st.sampled_from(("list", "quotation", "callout", "web"))), f"{colons}::")
            if kind == "within"
            else text
        )

    wall_at = draw(st.integers(1, 12))
    walled = False
    parts: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        parts += [block(walled=walled) for _ in range(draw(st.integers(0, 2)))]
        if not walled and len(parts) >= wall_at:
            parts.append("::: paywall")
            walled = True
        if walled:
            mark = f"zpaid{len(held)}z"
            held.add(mark)
            parts.append(f"## {mark} section\n\n{piece(paid=True)}")
        elif draw(st.booleans()):
            mark = f"zpaid{len(held)}z"
            held.add(mark)
            parts.append(f"## Deep dive: {mark}\n\n{piece(paid=True)}\n\n### {number}. {mark}\n\n{piece(paid=True)}")
            parts.append(f"## After {number}")
        else:
            parts.append(f"## Section {number}\n\n### 1. Item\n\n{piece(paid=False)}")
    return "\n\n".join((*parts, *notes)) + "\n", held, free


def free_outputs(project: Project, root: Path) -> dict[str, bytes]:
    """All outputs for free readers, by path, with an entry for the name of each picture."""
    (file,) = (file for file in issue_files(root) if file.name == NAME)
    made = make(project, BuildJob(file, public=True, feed=True))
    assert made.faults == ()  # correct issues are built
    outputs = {**made.outputs, **site_outputs(project, [(made.facts, made.feed, made.campaign)])}
    outputs |= dict.fromkeys(made.pictures, b"")
    outputs["facts"] = json.dumps(made.facts).encode()
    return {name: content for name, content in outputs.items() if "email-paid." not in name and "/paid/" not in name}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=issues())
def test_paid_words_are_in_no_free_output_and_all_in_the_paid_email(template_workspace: Path, drawn) -> None:
    body, held, _ = drawn
    write(template_workspace, body)
    project = Project(load_workspace(template_workspace), cache=template_workspace / ".newsletter/cache")
    for name, content in free_outputs(project, template_workspace).items():
        for mark in (*held, "zpaidbox"):
            assert mark not in name, (name, mark)
            assert mark.encode() not in content, (name, mark)
    (file,) = (file for file in issue_files(template_workspace) if file.name == NAME)
    paid = render_email(project, letter_of(project, project.read(file), paid=True))
    for mark in held:
        assert mark in paid.html, mark
        assert mark in paid.text, mark
    assert "zpaidbox" in paid.html
    assert "zfreebox" not in paid.html + paid.text


WHOLE = """zfree opening.

::: only paid
zpaid0z ![zpaid0z](zpaid0z.png "zpaid0z. Photo: zpaid0z") [zpaid0z](zpaid0z.pdf)[^zpaid0z]

::: audio [zpaid0z](zpaid0z.mp3)
:::

:::

## News

### 1. zfree first

zfree text with ![zfree](zfree.png) and [zfree](zfree.pdf) and a note[^n].

::: only paid
### 2. zpaid1z second

zpaid1z text
:::

### 3. zfree third

zfree more

## Deep dive: zpaid2z

zpaid2z text

::: paywall

## zpaid3z last

zpaid3z text

[^n]: zfree note
[^zpaid0z]: zpaid0z note
"""


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("build", "public", "feeds")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }


@pytest.fixture
def letters(tmp_path: Path, template_workspace: Path) -> Path:
    import shutil

    root = tmp_path / "letters"
    shutil.copytree(template_workspace, root, ignore=shutil.ignore_patterns("issues", "build", "public", "feeds"))
    write(root, WHOLE)
    return root


def test_builds_feeds_and_exports_have_no_paid_text_for_others(letters: Path) -> None:
    (file,) = issue_files(letters)
    build(letters, now=NOW)
    write_feeds(letters, now=NOW)
    export(letters, file, service="html", folder=None, tokens={}, now=NOW, pictures="beside")
    found = tree(letters)
    paid = {name for name in found if "email-paid." in name or "/paid/" in name}
    assert {name.rpartition("/")[2].partition("-")[0] for name in paid} >= {
        "email",
        "zpaid0z",
        "zpaid0z.pdf",
        "zpaid0z.mp3",
    }
    assert not any(name.startswith(("public/", "feeds/")) for name in paid)
    for name, content in found.items():
        if name not in paid:
            assert "zpaid" not in name
            assert b"zpaid" not in content, name
    page = found["public/tables/index.html"].decode()
    assert '<meta property="og:title" content="The tables"' in page
    assert '"isAccessibleForFree": false' in page
    assert "zpaid0z.mp3" not in found["feeds/rss.xml"].decode()
    assert (
        "2. zfree third" in re.sub("<[^>]*>", " ", found["feeds/rss.xml"].decode()).replace("\n", " ")
        or b"2. " in found["build/tables/email.txt"]
    )


def test_free_readers_see_a_notice_at_the_paywall(letters: Path) -> None:
    write(letters, "a\n\n::: paywall\n\nb\n")
    build(letters, now=NOW)
    for name in ("build/tables/email.txt", "build/tables/email.html", "public/tables/index.html", "feeds/feed.json"):
        text = (letters / name).read_text()
        assert "The rest of this letter is for paying readers." in text
        assert "https://letters.example/subscribe" in text
    assert "for paying readers" not in (letters / "build/tables/email-paid.txt").read_text()


def test_the_text_of_a_paywall_replaces_the_default(letters: Path) -> None:
    write(letters, "a\n\n::: paywall The tables are for members.\n\nb\n")
    build(letters, now=NOW)
    text = (letters / "build/tables/email.txt").read_text()
    assert "The tables are for members.\n\nBecome a paying reader:\nhttps://letters.example/subscribe\n" in text
    write(letters, "a\n\n::: paywall [Join us](https://letters.example/join)\n\nb\n")
    build(letters, now=NOW)
    text = (letters / "build/tables/email.txt").read_text()
    assert "The rest of this letter is for paying readers.\n\nJoin us:\nhttps://letters.example/join\n" in text


def test_an_issue_that_is_the_same_for_all_has_one_edition(letters: Path) -> None:
    write(letters, "a\n")
    (letters / "templates/letter/snippets/box.md").write_text("x")
    (letters / "templates/letter/snippets/upgrade.md").write_text("x")
    build(letters, now=NOW)
    assert not (letters / "build/tables/email-paid.html").exists()
    (file,) = issue_files(letters)
    with pytest.raises(UsageError, match="has no paid edition"):
        export(letters, file, service="html", folder=None, tokens={}, now=NOW, paid=True)


@pytest.mark.parametrize("only", [False, True])
def test_text_that_became_paid_is_removed_by_the_next_build(letters: Path, only: bool) -> None:
    write(letters, "![zpaid](zpaid.png)\n\n[zpaid](zpaid.pdf)\n")
    build(letters, now=NOW)
    assert list((letters / "public/tables").glob("zpaid*"))
    write(letters, "a\n\n::: only paid\n![zpaid](zpaid.png)\n\n[zpaid](zpaid.pdf)\n:::\n")
    build(letters, now=NOW, only=issue_files(letters) if only else ())
    for path in (*(letters / "public").rglob("*"), *(letters / "feeds").rglob("*")):
        assert "zpaid" not in path.name
        assert path.is_dir() or b"zpaid" not in path.read_bytes(), path
    assert list((letters / "build/tables/paid").glob("zpaid*"))
    write(letters, "a\n")
    for name in ("box", "upgrade"):
        (letters / f"templates/letter/snippets/{name}.md").write_text("x")
    report = build(letters, now=NOW, only=issue_files(letters) if only else ())
    assert "build/tables/email-paid.html" in report.removed
    assert not list((letters / "build/tables").glob("*paid*/*"))


def test_text_that_became_paid_is_removed_even_without_a_cache(letters: Path) -> None:
    write(letters, "![zpaid](zpaid.png)\n\n[zpaid](zpaid.pdf)\n")
    build(letters, now=NOW)
    write(letters, "a\n\n::: only paid\n![zpaid](zpaid.png)\n\n[zpaid](zpaid.pdf)\n:::\n")
    report = build(letters, now=NOW, only=issue_files(letters), fresh=True)
    assert report.site_left
    assert "public/tables/zpaid.pdf" in report.removed
    assert not list((letters / "public/tables").glob("zpaid*"))


def test_the_paid_export_needs_an_address_for_its_files(letters: Path) -> None:
    (file,) = issue_files(letters)
    with pytest.raises(UsageError, match=r"zpaid0z\.mp3 and 2 more has no web address") as raised:
        export(letters, file, service="html", folder=None, tokens={}, now=NOW, paid=True)
    assert "paid_url" in raised.value.hint
    yaml = letters / "newsletter.yaml"
    yaml.write_text(yaml.read_text() + "\npaid_url: https://members.example/files\n")
    exported = export(letters, file, service="html", folder=None, tokens={}, now=NOW, paid=True)
    folder, names = exported.place, exported.files
    assert folder == letters / "build/tables/for-html-paid"
    assert {"tables-paid.html", "tables-paid.txt"} <= set(names)
    html = (folder / "tables-paid.html").read_text()
    assert "https://members.example/files/tables/zpaid0z.pdf" in html
    assert re.search(r'src="https://members\.example/files/tables/zpaid0z-[0-9a-f]+\.png"', html)
    assert "https://letters.example/tables/zfree.pdf" in html


def test_pictures_beside_the_export_need_no_address(letters: Path) -> None:
    write(letters, "a\n\n::: only paid\n![zpaid](zpaid.png)\n:::\n")
    (file,) = issue_files(letters)
    with pytest.raises(UsageError) as raised:
        export(letters, file, service="html", folder=None, tokens={}, now=NOW, paid=True)
    assert "--pictures beside" in raised.value.hint
    names = export(letters, file, service="html", folder=None, tokens={}, now=NOW, paid=True, pictures="beside").files
    assert any(name.startswith("images-paid/zpaid") for name in names)


def test_an_export_removes_pictures_of_an_earlier_one(letters: Path) -> None:
    write(letters, "![zpaid](zpaid.png)\n")
    (file,) = issue_files(letters)
    folder = export(letters, file, service="html", folder=None, tokens={}, now=NOW, pictures="beside").place
    assert list((folder / "images").glob("zpaid*"))
    write(letters, "a\n\n::: only paid\n![zpaid](zpaid.png)\n:::\n")
    export(letters, file, service="html", folder=None, tokens={}, now=NOW, pictures="beside")
    assert not list(folder.rglob("zpaid*"))
    export(letters, file, service="html", folder=folder, tokens={}, now=NOW, pictures="beside", paid=True)
    assert not list((folder / "images").glob("zpaid*"))
    assert list((folder / "images-paid").glob("zpaid*"))


def test_both_editions_have_the_same_subject_and_preheader(letters: Path) -> None:
    project = Project(load_workspace(letters))
    parsed = project.read(issue_files(letters)[0])
    free, paid = letter_of(project, parsed), letter_of(project, parsed, paid=True)
    assert (free.subject, free.preheader) == (paid.subject, paid.preheader)
    assert (free.edition, paid.edition) == ("free", "paid")
    assert has_paid_edition(project, parsed)
    assert paid.minutes >= free.minutes


@pytest.mark.parametrize(
    "body",
    [
        "a\n\n:: only paid\n\nzpaid\n",
        "a\n\n：：：only paid\nzpaid\n：：：\n",
        "a\n\n    ::: only paid\n    zpaid\n",
        "a\n\n<!--members-only-->\n\nzpaid\n",
        "a\n\n### Deep dive: moon\n\nzpaid\n",
        "a\n\n## Deep dvie: moon\n\nzpaid\n",
        "a\n\n## Deep dive\n\nzpaid\n",
    ],
)
def test_an_issue_with_a_disabled_marker_is_not_built_or_exported(letters: Path, body: str) -> None:
    house = letters / "templates/letter/house.yaml"
    house.write_text(house.read_text().replace('"Deep dive: {title}"', "[Deep dive, 'Deep dive: moon']"))
    write(letters, "a\n")
    build(letters, now=NOW)
    before = tree(letters)
    write(letters, body)
    if "## Deep dive\n" not in body:
        (file,) = issue_files(letters)
        report = build(letters, now=NOW)
        assert [found.code for found in report.diagnostics] in (["ST144"], ["ST133"], ["ST124"])
        assert write_feeds(letters, now=NOW).diagnostics == report.diagnostics
        with pytest.raises(ConfigurationError, match="would show everyone"):
            export(letters, file, service="html", folder=None, tokens={}, now=NOW)
        assert tree(letters) == before
        code = report.diagnostics[0].code
        write(letters, f"<!-- check: ignore-file {code} -->\n\n{body}")
        assert build(letters, now=NOW).diagnostics == ()
    else:
        assert build(letters, now=NOW).diagnostics == ()
        assert not any(b"zpaid" in text for name, text in tree(letters).items() if "email-paid." not in name)
