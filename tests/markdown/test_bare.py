"""Bare addresses are linked as browsers read them, or reported; a mailbox is never changed into another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.build.pipeline import build
from newsletter.commands.init import start_workspace
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import Link, ReadingOptions
from newsletter.walk import plain_text, walk_inlines
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from pathlib import Path

Read = tuple[list[str], list[str]]


def read(text: str) -> Read:
    """The linked addresses as written, and the codes of the findings."""
    issue, found = parse(Source(text, "x.md"), name="x", options=ReadingOptions())
    links = [plain_text(one.inlines) for one in walk_inlines(issue) if isinstance(one, Link)]
    return links, [one.code for one in found]


WHOLE = [
    "https://ja.wikipedia.org/wiki/運河",
    "https://ja.wikipedia.org/wiki/C言語",
    "https://zh.wikipedia.org/wiki/運河_(水利)",
    "https://example.org/a/運河-2024年",
    "https://example.org/報告/運河",
    "https://example.org/?q=運河と水門",
    "https://example.org/#運河",
    "https://例え.テスト/パス",
    "https://www.例え.jp/",
    "https://bücher.example/straße",
    "https://ru.wikipedia.org/wiki/Канал_(гидрография)",
    "https://hi.wikipedia.org/wiki/हिन्दी",
    "https://th.wikipedia.org/wiki/คลอง",
    "https://fa.wikipedia.org/wiki/می‌خواهم",
    "https://ar.wikipedia.org/wiki/قناة",
    "https://example.org/2020–2021",
    "https://example.org/a‐b‑c‒d",
    "https://example.org/a|b|c",
    "https://example.org/o'neil",
    "https://example.org/l’été",
    "https://en.wikipedia.org/wiki/Lock_(water_navigation)",
    "https://user:p!s@example.org/a,b;c=d",
    "https://[::1]:80/x",
    "https://🎉.ws/x",
]
CONTEXTS = [
    "{}",
    "See {}.",
    "See {}, then.",
    "See {}!",
    "({})",
    "“{}”",
    "「{}」",
    "**{}**",
    "见 {}。",
    "{}؟",
    "{}।",
    "{}: so",
    "* {}",
    "> {}",
    "({}).",
    "{}…",
]


@pytest.mark.parametrize("around", CONTEXTS)
@pytest.mark.parametrize("address", WHOLE)
def test_an_address_is_linked_as_a_whole(address: str, around: str) -> None:
    assert read(around.format(address)) == ([address], [])


@pytest.mark.parametrize(
    ("text", "linked", "expected"),
    [
        ("https://example.org/a—b", "https://example.org/a", True),
        ("https://example.org/story’s author", "https://example.org/story", True),
        ("https://example.com/page查看全文", "https://example.com/page", True),
        ("https://example.org/2024年報告", "https://example.org/2024", True),
        ("https://example.org/提供下载", "https://example.org/", True),
        ("詳細はhttps://example.com/aをご覧ください。", "https://example.com/a", False),
        ("https://example.com/a에서", "https://example.com/a", False),
        ("https://example.org—the site", "https://example.org", False),
        ("https://example.org’s page", "https://example.org", False),
        ("https://example.org's page", "https://example.org", False),
        ("https://example.org/a – b", "https://example.org/a", False),
        ("https://example.org/a — b", "https://example.org/a", False),
        ("https://example.org/a | b", "https://example.org/a", False),
        ("https://example.org/a|", "https://example.org/a", False),
        ("https://example.jpで", "https://example.jp", False),
    ],
)
def test_an_ambiguous_end_of_an_address_is_reported(text: str, linked: str, expected: bool) -> None:
    assert read(text) == ([linked], ["LK141"] * expected)


def test_a_bar_or_comma_separates_two_addresses() -> None:
    assert read("https://a.org/b|https://c.org/d")[0] == ["https://a.org/b", "https://c.org/d"]
    assert read("https://a.org,https://c.org")[0] == ["https://a.org", "https://c.org"]


MAILBOXES = [
    *("jane@x.org", "o'neil@x.org", "jürgen@x.org", "名@例.jp", "हिन्दी@x.org", "иван@почта.рф", "x@y.co", "x@y.co.uk"),
    *("first_last@x.org", "a+b@x.org", "a.b-c@x-y.org", "jane@x.köln", "jane@例え.テスト", "d'arcy.o'neil@x.org"),
]
MAIL_CONTEXTS = [
    "{}",
    "Write to {}.",
    "({})",
    "“{}”",
    "'{}'",
    "**{}**",
    "{}, or",
    "{}’s",
    "{}: x",
    "Mail: {}!",
    "<b>{}</b>",
]


@pytest.mark.parametrize("around", MAIL_CONTEXTS)
@pytest.mark.parametrize("mailbox", MAILBOXES)
def test_a_mailbox_is_linked_as_a_whole(mailbox: str, around: str) -> None:
    links, reported = read(around.format(mailbox))
    assert links == [mailbox]
    assert "LK142" not in reported


@pytest.mark.parametrize(
    "text", ["请联系jane@x.org谢谢", "メールはjane@x.orgまで", "Mail：jane@x.org。", "_Mail:_ jane@x.org"]
)
def test_in_scripts_without_spaces_a_mailbox_begins_at_latin_letters(text: str) -> None:
    assert read(text) == (["jane@x.org"], [])


NO_MAILBOX = [
    *("first.last@", "a+b@", "@jane@x.org", "jquery@3.5.1", "x@y", "jane@x.org/inbox", "jane@x.org@y.org"),
]
UNREPORTED_PART = [
    *("R&D@x.org", "R&amp;D@x.org", "R&#38;D@x.org", "o’neil@x.org", "a/b@x.org", "user=jane@x.org", "100%jane@x.org"),
    *(
        "*o*neil@x.org",
        "o\\'neil@x.org",
        "a\\+b@x.org",
        "a|b@x.org",
        "`x`jane@x.org",
        "a!b@x.org",
        "#jane@x.org",
        "a~b@x.org",
    ),
]


@pytest.mark.parametrize("text", [*NO_MAILBOX, *UNREPORTED_PART])
def test_a_part_of_a_mailbox_is_never_linked(text: str) -> None:
    links, reported = read(text)
    assert links == []
    assert reported == ["LK142"] * (text in UNREPORTED_PART)


@given(
    st.text(st.sampled_from("ab.+-_'’&/=!#%*~|éя名 (,:;\"\\"), min_size=0, max_size=8),
    st.sampled_from(["x.org", "y.co.uk", "例.jp"]),
)
def test_a_linked_mailbox_is_always_the_visible_one(before: str, host: str) -> None:
    text = f"{before}jane@{host}"
    links, _ = read(text)
    for linked in links:
        name = linked.removesuffix(f"@{host}")
        assert text.endswith(linked)
        last = text.removesuffix(linked)[-1:]
        assert not last.isalnum() or (last == "名" and name[0].isascii())
        assert last not in {"&", "/", "=", "!", "#", "%", "|", "+", "-"}


def test_all_outputs_link_to_the_written_mailbox(tmp_path: Path) -> None:
    start_workspace(tmp_path, kind="essay", title="Letters", **SAMPLE_VALUES)
    path = tmp_path / "issues/2026-06-01-x/index.md"
    path.parent.mkdir(parents=True)
    body = "Write to o'neil@x.org, a+b@x.org or 名@例.jp, not to R&D@x.org; see https://ja.wikipedia.org/wiki/運河."
    path.write_text(f"---\ntitle: Ports\nnumber: 1\ndate: 2026-06-01\nsummary: One.\n---\n\n{body}\n", "utf-8")
    build(tmp_path, now=datetime(2026, 11, 1, tzinfo=UTC))
    page = (tmp_path / "public/x/index.html").read_text("utf-8")
    mail, text = ((tmp_path / "build/x" / name).read_text("utf-8") for name in ("email.html", "email.txt"))
    for output in (page, mail):
        assert 'href="mailto:o\'neil@x.org"' in unquote(output).replace("&#39;", "'")
        assert 'href="mailto:a+b@x.org"' in output
        assert 'href="mailto:名@xn--fsq.jp"' in unquote(output)
        assert "mailto:D@" not in output
        assert 'href="https://ja.wikipedia.org/wiki/運河"' in unquote(output)
    assert "mailto:" not in text, "the mailbox itself is there"
    assert all(word in text for word in ("o'neil@x.org", "a+b@x.org", "名@例.jp", "R&D@x.org", "wiki/運河"))
