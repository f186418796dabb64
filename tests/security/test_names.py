"""Names of folders, slugs and titles are percent-encoded in every address, or refused if they are not portable."""

from __future__ import annotations

import json
import re
import unicodedata
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli import run
from newsletter.names import in_address, portable_name
from newsletter.project.project import slug_problem
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

HOME = "https://letters.example/"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")  # 2026-11-18
    assert run(["init", str(tmp_path / "letter"), "--kind", "essay", *OPTIONS]) == 0
    yaml = tmp_path / "letter/newsletter.yaml"
    yaml.write_text(re.sub(r"(?m)^url: .*$", f"url: {HOME}", yaml.read_text()))
    return tmp_path / "letter"


def write(root: Path, name: str, *, slug: str = "", body: str = "Hello.", day: str = "2026-01-01") -> None:
    folder = root / "issues" / name
    folder.mkdir(parents=True)
    front = f"title: A letter\ndate: {day}\nsummary: In one line.\n" + (f"slug: {yaml_quoted(slug)}\n" if slug else "")
    text = f"---\n{front}---\n\n{body}\n\n## A section\n\nText.\n"
    (folder / "index.md").write_text(text, encoding="utf-8")


def yaml_quoted(text: str) -> str:
    """A text as double-quoted YAML, with characters escaped that no file may contain."""
    shown = json.dumps(text, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\uffff]", lambda found: f"\\u{ord(found[0]):04x}", shown)


SLUGS = [
    *(
        "c#",
        "a%2fb",
        "%2e%2e",
        "%2e%2e%2fb",
        "100%",
        "%",
        "%%",
        "%zz",
        "a b",
        "a  b",
        "a&b",
        "a&amp;b",
        "a'b",
        "a+b",
        "a=b",
    ),
    *(
        "a;b",
        "a,b",
        "a@b",
        "a!b",
        "$a",
        "(a)",
        "[a]",
        "{a}",
        "{{ a }}",
        "a^b",
        "a`b",
        "a~b",
        "~",
        "über",
        "e\u0301tude",
        "第三期",
    ),
    *(
        "رسالة",
        "👩‍👩‍👧",
        "a\u00a0b",
        "a\u3000b",
        "-a",
        "a-",
        "#",
        "##",
        "a#b?c".replace("?", ""),
        "index",
        "index.html.en",
        "paid",
        "javascript",
    ),
]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_slug_is_one_part_of_every_address(root: Path, slug: str) -> None:
    write(root, "2026-01-01-before", day="2026-01-01")
    write(root, "2026-01-02-named", slug=slug, day="2026-01-02", body="A [picture](a.mp3) of it.")
    (root / "issues/2026-01-02-named/a.mp3").write_bytes(b"ID3")
    write(root, "2026-01-03-after", day="2026-01-03")
    assert run(["-C", str(root), "build"]) in (0, 1)
    slug = unicodedata.normalize("NFC", slug)
    (folder,) = (
        path
        for path in (root / "public").iterdir()
        if path.is_dir() and path.name not in ("before", "after", "feeds", "browse")
    )
    assert folder.name == slug
    page, mail = (folder / "index.html").read_text(), (root / "build" / slug / "email.html").read_text()
    text = (root / "build" / slug / "email.txt").read_text()
    address = f"{HOME}{in_address(slug)}/"
    assert_leads_to(address, slug)
    assert f'rel="canonical" href="{escaped(address)}"' in page
    assert f'property="og:url" content="{escaped(address)}"' in page
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert {json.loads(data)["@id"], json.loads(data)["url"]} == {address}
    assert address in unescaped(mail)
    assert address in text
    for feed in ("rss.xml", "atom.xml"):
        links = {entry.link for entry in feedparser.parse((root / "feeds" / feed).read_bytes()).entries}
        assert address in links
    entries = json.loads((root / "feeds/feed.json").read_text())["items"]
    assert address in {entry["url"] for entry in entries}
    assert any(one["url"] == f"{address}a.mp3" for entry in entries for one in entry.get("attachments", ()))
    for other in ("before", "after"):
        around = (root / "public" / other / "index.html").read_text()
        hrefs = [unescaped(href) for href in re.findall(r'href="(\.\./[^"]*)"', around)]
        assert any(unquote(urlsplit(urljoin(f"{HOME}{other}/", href)).path) == f"/{slug}/index.html" for href in hrefs)
    index = [
        unescaped(href) for href in re.findall(r'href="([^"]*/index\.html)"', (root / "public/index.html").read_text())
    ]
    assert any(unquote(urlsplit(urljoin(HOME, href)).path) == f"/{slug}/index.html" for href in index)


def assert_leads_to(address: str, slug: str) -> None:
    parts = urlsplit(address)
    assert re.fullmatch(r"[A-Za-z0-9._~!$&'()*+,;=@%/-]*", parts.path)
    assert (parts.netloc, parts.query, parts.fragment) == ("letters.example", "", "")
    assert [unquote(part) for part in parts.path.split("/")] == ["", slug, ""]


def escaped(address: str) -> str:
    return address.replace("&", "&amp;").replace("'", "&#39;")


def unescaped(href: str) -> str:
    return href.replace("&amp;", "&").replace("&#39;", "'")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_every_valid_slug_is_one_part_of_an_address(slug: str) -> None:
    if not slug_problem(slug):
        assert_leads_to(f"{HOME}{in_address(slug)}/", slug)
        assert portable_name(slug) or slug != slug.strip(" .")


@pytest.mark.parametrize(
    "slug",
    [
        *("con", "CON", "nul", "com1", "lpt9.txt", "con.letter", "aux", "conin$", "COM¹"),
        *(
            "a.",
            "a..",
            "a ",
            ".",
            "..",
            "...",
            ".a",
            "a/b",
            "../b",
            "a\\b",
            "a:b",
            "a?b",
            "a*b",
            'a"b',
            "a<b",
            "a>b",
            "a|b",
        ),
        *(
            "a\u202eb",
            "a\u200bb",
            "\ufeffa",
            "a\u00adb",
            "a\u2066b",
            "a\uffffb",
            "a\x85b",
            "a\x9bb",
            "a\x7fb",
            "feeds",
            "Index.html",
        ),
        "x" * 201,
    ],
)
def test_a_slug_that_is_not_a_portable_folder_name_is_a_finding(
    root: Path, slug: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if slug == "a ":
        assert slug_problem(slug)  # YAML's quotes keep the space, and reading removes it
        return
    write(root, "2026-01-02-named", slug=slug)
    assert run(["-C", str(root), "check"]) == 1
    said = capsys.readouterr()
    assert re.search(r"FM105|FM00\d", said.out)
    assert "Traceback" not in said.err
    assert run(["-C", str(root), "build"]) == 1
    assert not list((root / "public").glob("*/index.html"))


@pytest.mark.parametrize(
    "title",
    [
        "Con",
        "NUL",
        "Aux.",
        "com1",
        "LPT9",
        "Feeds",
        "con: a story",
        "CON IN$",
        "...",
        "?",
        "#",
        "a/b",
        "..",
        "../../x",
        "C:\\x",
        "第三期",
        "%2e%2e",
        "\ud800x",
    ],
)
def test_a_drafted_issue_can_be_built(root: Path, title: str) -> None:
    assert run(["-C", str(root), "new", title]) == 0
    (path,) = (root / "issues").glob("*/index.md")
    assert portable_name(path.parent.name) == path.parent.name
    path.write_text(path.read_text().replace("draft: true", "# ready"), encoding="utf-8")
    run(["-C", str(root), "check"])
    assert run(["-C", str(root), "build"]) in (0, 1)
    assert len(list((root / "public").glob("*/index.html"))) == 1


def test_an_issue_named_by_the_house_format_can_be_built(root: Path) -> None:
    kind = root / "templates/essay"
    kind.mkdir(parents=True, exist_ok=True)
    (kind / "house.yaml").write_text('name: Essay\nfile_name: "{slug}"\n')
    assert run(["-C", str(root), "new", "Feeds"]) == 0
    assert (root / "issues/feeds-issue/index.md").exists()


def test_an_export_accepts_any_slug(root: Path) -> None:
    write(root, "2026-01-02-named", slug="c# =?utf-8?q?a=0D=0ABcc:_x?=".replace("?", "").replace(":", ""))
    assert run(["-C", str(root), "export", "named", "--for", "eml"]) == 0
    (path,) = (root / "build").rglob("*.eml")
    html = message_from_bytes(path.read_bytes(), policy=default).get_body(("html",)).get_content()
    assert "https://letters.example/c%23%20" in html
