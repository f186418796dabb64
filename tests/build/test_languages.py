"""The two publications of tests/workspaces, built completely: one right-to-left, one in Chinese."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from newsletter.build.pipeline import build
from newsletter.bundled import templates_folder
from newsletter.commands.check import check_issues
from newsletter.config.workspace import issue_files
from newsletter.language import load_language

WORKSPACES = Path(__file__).parents[1] / "workspaces"
NOW = datetime(2027, 1, 1, tzinfo=UTC)
SAMPLE_DAY = date(2026, 3, 2)
SLUGS = {"arabic": "manarat-al-iskandariya", "chinese": "qiao"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Each workspace, checked and built in its own folder: name -> (root, findings)."""
    built = {}
    for name in SLUGS:
        root = tmp_path_factory.mktemp("languages") / name
        shutil.copytree(
            WORKSPACES / name, root, ignore=shutil.ignore_patterns("build", "public", "feeds", ".newsletter")
        )
        findings = check_issues(root, issue_files(root)).diagnostics
        assert build(root, now=NOW, fresh=True).diagnostics == ()
        built[name] = root, findings
    return built


def read(made, name, path):
    return (made[name][0] / path.replace("SLUG", SLUGS[name])).read_text("utf-8")


@pytest.mark.parametrize("name", SLUGS)
def test_the_publications_have_no_findings_and_small_pictures(made, name):
    root, findings = made[name]
    assert findings == ()
    pictures = list(root.glob("issues/*/*.png"))
    assert len(pictures) == 2
    assert all(picture.stat().st_size < 60_000 for picture in pictures)


@pytest.mark.parametrize("path", ["build/SLUG/email.html", "public/SLUG/index.html", "public/index.html"])
def test_pages_and_emails_declare_direction_script_and_language(made, path):
    arabic, chinese = read(made, "arabic", path), read(made, "chinese", path)
    assert '<html lang="ar-EG" dir="rtl"' in arabic
    assert '<html lang="zh-CN" dir="ltr"' in chinese
    if path.startswith("public"):
        assert 'data-face="arab"' in arabic
        assert 'data-face="hans"' in chinese


def test_numbers_in_an_egyptian_issue_have_its_digits(made):
    for path in ("build/SLUG/email.html", "build/SLUG/email.txt", "public/SLUG/index.html", "public/index.html"):
        assert "١٢ أكتوبر ٢٠٢٦" in read(made, "arabic", path)
    assert re.search(r'<p class="kicker">[^<]*٧</p>', read(made, "arabic", "public/index.html"))
    mail = read(made, "arabic", "build/SLUG/email.html")
    assert "list-style-type:arabic-indic" in mail
    seen = re.sub(r"<style.*?</style>|<!--.*?-->|<(code|pre)\b.*?</\1>|<[^>]*>|&#?\w+;", " ", mail, flags=re.DOTALL)
    assert not re.search(r"\d", re.sub(r"[٠-٩]", "", seen.replace("1849", "")))  # the year in the English quotation


def test_english_in_an_arabic_issue_is_left_to_right(made):
    mail = read(made, "arabic", "build/SLUG/email.html")
    quotation = mail[: mail.index("Sail on!")]
    assert 'dir="ltr"' in quotation[quotation.rindex("<table") - 400 :]
    assert "border-left:3px solid" in quotation
    assert "border-right:3px solid" in mail
    assert '<span dir="ltr">La Lanterna</span>' in mail
    assert "\u2066Daniel Okafor\u2069" in read(made, "arabic", "build/SLUG/email.txt")
    page = read(made, "arabic", "public/SLUG/index.html")
    assert '<blockquote dir="ltr">' in page
    assert re.search(r'<pre dir="ltr"', page)
    assert page.count('<blockquote class="upright">') == 1


def test_the_feeds_are_in_the_language(made):
    assert "<language>ar-EG</language>" in read(made, "arabic", "feeds/rss.xml")
    assert 'xml:lang="ar-EG"' in read(made, "arabic", "feeds/atom.xml")
    assert '"language": "zh-CN"' in read(made, "chinese", "feeds/feed.json")


def test_the_chinese_text_has_chinese_punctuation_and_line_breaks(made):
    text = read(made, "chinese", "build/SLUG/email.txt")
    assert "作者：林晚舟和Maya Brandt · 约2分钟读完" in text
    assert "（图：渡口来信）" in text
    assert "——张嘉贞，《石桥铭序》 [1]" in text
    assert "粘在一起。1053年动工" in text
    assert not any(line[:1] in set("，。、；：！？）」』》”") for line in text.split("\n"))


def test_the_languages_in_the_guide_can_be_added(tmp_path):
    guide = (templates_folder().parent / "docs/guide/languages.md").read_text("utf-8")
    example = re.search(r"```yaml\n(.*?)```", guide, re.DOTALL)[1]
    assert yaml.safe_load(example).keys() == {"words", "address_form", "plurals", "dates", "lists", "numbers"}
    (tmp_path / "strings").mkdir()
    (tmp_path / "strings" / "sk.yaml").write_text(example, "utf-8")
    slovak = load_language("sk", [tmp_path, templates_folder() / "theme"])
    assert [slovak.say("minutes", count=count) for count in (1, 3, 7)] == [
        "1 minúta čítania",
        "3 minúty čítania",
        "7 minút čítania",
    ]
    assert slovak.long_date(datetime(2026, 9, 30, tzinfo=UTC)) == "30. septembra 2026"
    assert slovak.joined(["Ann", "Bo", "Cy"]) == "Ann, Bo a Cy"
    assert slovak.say("reason", title="X") == "Tento list dostávate, lebo odoberáte X."
    assert slovak.words["archive"] == "Archive"


def test_the_guide_has_a_rendered_sample_of_every_language():
    guide = (templates_folder().parent / "docs/guide/languages.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| [^|]+ \| `([\w-]+)` \| ([^|]+) \|", guide, re.MULTILINE))
    theme = templates_folder() / "theme"
    assert rows.keys() == {
        path.stem for path in (theme / "strings").glob("*.yaml") if "\n  read_on_web:" in path.read_text("utf-8")
    }
    for code, sample in rows.items():
        spoken = load_language(code, [theme])
        parts = spoken.say("number", number=21), spoken.long_date(SAMPLE_DAY), spoken.say("minutes", count=5)
        assert sample == " · ".join(parts)


@pytest.mark.parametrize(
    ("language", "form", "expected"),
    [
        ("de", "", "Du erhältst diese E-Mail, weil du"),
        ("de", "informal", "Du erhältst diese E-Mail, weil du"),
        ("de", "formal", "Sie erhalten diese E-Mail, weil Sie"),
        ("fr", "informal", "Tu reçois cette lettre au titre de ton abonnement"),
        ("ru", "informal", "Это письмо пришло тебе"),
        ("ko", "informal", "이 메일을 보내 드려요"),
        ("sv", "formal", "Du får det här brevet"),
    ],
)
def test_the_form_of_address_follows_newsletter_yaml(tmp_path, language, form, expected):
    (tmp_path / "newsletter.yaml").write_text(
        "title: X\nurl: https://x.example/\nsender: {name: X, email: x@x.example}\n"
        f"kind: essay\nlanguage: {language}\n" + (f"address_form: {form}\n" if form else ""),
        "utf-8",
    )
    issue = tmp_path / "issues/x"
    issue.mkdir(parents=True)
    (issue / "index.md").write_text("---\ntitle: X\ndate: 2026-01-05\n---\n\nText.\n", "utf-8")
    build(tmp_path, now=NOW, fresh=True)
    assert expected in (tmp_path / "build/x/email.html").read_text("utf-8").replace("\n", " ")
    assert expected in " ".join((tmp_path / "build/x/email.txt").read_text("utf-8").split())
