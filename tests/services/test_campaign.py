"""Campaign parameters are added only at export, to the author's links to the web, in HTML and text alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli import run
from newsletter.services.campaign import Campaign, tagged
from tests.sample_values import OPTIONS
from tests.services.test_contract import VisibleHtml

if TYPE_CHECKING:
    from pathlib import Path

CAMPAIGN = Campaign((("utm_source", "the keeper"), ("utm_medium", "email")), "item", ("shop.example",))
SET = "?utm_source=the%20keeper&utm_medium=email&utm_content=news%2Fa-ship"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://a.example/", "https://a.example/" + SET),
        ("http://a.example", "http://a.example" + SET),
        ("https://a.example/?q=1#part", "https://a.example/?q=1&" + SET[1:] + "#part"),
        ("https://a.example/?q=1&", "https://a.example/?q=1&" + SET[1:]),
        ("https://a.example/?", "https://a.example/" + SET),
        ("https://a.example/#part?x", "https://a.example/" + SET + "#part?x"),
        ("https://a.example/?utm_source=mine", "https://a.example/?utm_source=mine&" + SET.partition("&")[2]),
        ("https://a.example/?to={{ email | a?b }}", "https://a.example/?to={{ email | a?b }}&" + SET[1:]),
        ("https://a.example/{{ email | a#?b }}", "https://a.example/{{ email | a#?b }}" + SET),
        ("https://not-shop.example/", "https://not-shop.example/" + SET),
        ("https://shop.example/x", None),
        ("https://WWW.shop.example:8080/x?y", None),
        ("https://me@shop.example/", None),
        ("mailto:a@a.example?subject=x", None),
        ("#part", None),
        ("report.pdf", None),
        ("//a.example/", None),
        ("tel:+321", None),
        ("{{ site }}", None),
        ("{{ site }}/path?x", None),
        ("https://{{ site }}/", None),
    ],
)
def test_missing_parameters_are_added_to_an_address(address, wanted):
    assert tagged(address, CAMPAIGN, "news", "a-ship") == (wanted or address)
    assert tagged(wanted or address, CAMPAIGN, "news", "a-ship") == (
        wanted or address
    )  # adding them again changes nothing


@given(
    st.from_regex(
        r"https://[a-z]{1,5}\.example(/[a-z0-9%._~-]{0,6})?(\?[a-z0-9=&;%+]{0,12})?(#[a-z0-9?/]{0,6})?", fullmatch=True
    )
)
def test_nothing_in_an_address_is_lost(address):
    before, after = urlsplit(address), urlsplit(tagged(address, CAMPAIGN, "news"))
    assert (before.scheme, before.netloc, before.path, before.fragment) == (
        after.scheme,
        after.netloc,
        after.path,
        after.fragment,
    )
    kept, there = (parse_qsl(each.query, keep_blank_values=True) for each in (before, after))
    assert there[: len(kept)] == kept or not kept
    assert [name for name, _ in there[len(kept) :]] == ["utm_source", "utm_medium", "utm_content"] or "utm_" in address


# ── Whole issues ───────────────────────────────────────────────────────────────────────────────────────────────────

BODY = """
An opening with [a link](https://a.example/opening) and <https://bare.example/>.

## News of the river

### [A ship](https://a.example/ship?x=1#top)

Write to [me](mailto:me@a.example), see [below](#below), [the shop](https://www.shop.example/) and [yours]({{ site | https://a.example/site }}).[^1]

::: button [Join](https://a.example/join)

::: only paid
[Paid](https://a.example/paid)
:::

[^1]: A [note](https://a.example/note).
"""
SETTINGS = """
fields: {site: https://letters.example/}
links:
  utm:
    source: the-lock-keeper
    campaign: "no-{number}-{date}"
    leave_out: [shop.example]
    services:
      buttondown: {medium: newsletter}
    editions:
      paid: {campaign: "members-{slug}"}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "letters"
    assert run(["init", str(root), "--kind", "essay", *OPTIONS]) == 0
    issue = root / "issues/2026-11-27-a-letter/index.md"
    issue.parent.mkdir(parents=True)
    issue.write_text(f"---\ntitle: A letter\nnumber: 7\ndate: 2026-11-27\nsummary: S.\n---\n{BODY}", encoding="utf-8")
    configure(root, SETTINGS)
    return root


def configure(root: Path, more: str) -> None:
    path = root / "newsletter.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\npaid_url: https://members.example/\n{more}", encoding="utf-8")


def exported(root: Path, *more: str, service: str = "html") -> tuple[str, str]:
    out = root / "out"
    assert run(["export", "a-letter", "--for", service, "-C", str(root), "-o", str(out), "-q", *more]) == 0
    name = "a-letter-paid" if "paid" in more else "a-letter"
    text = out / f"{name}.txt"
    return (out / f"{name}.html").read_text(encoding="utf-8"), text.read_text(
        encoding="utf-8"
    ) if text.is_file() else ""


def utm(address: str) -> dict[str, str]:
    return {
        name.removeprefix("utm_"): value
        for name, value in parse_qsl(urlsplit(address).query)
        if name.startswith("utm_")
    }


def by_path(links: list[str]) -> dict[str, str]:
    return {
        urlsplit(link).path: link
        for link in links
        if "a.example" in link and link.startswith("http") and "/site" not in link
    }


def test_parameters_name_the_place_of_a_link_in_html_and_text(root):
    html, text = exported(root)
    links = VisibleHtml(html).links
    common = {"source": "the-lock-keeper", "medium": "email", "campaign": "no-7-2026-11-27"}
    found = by_path(links)
    assert utm(found["/opening"]) == {**common, "content": "opening"}
    assert utm(found["/ship"]) == {**common, "content": "news-of-the-river/a-ship"}
    assert utm(found["/join"]) == {**common, "content": "news-of-the-river/a-ship"}
    assert utm(found["/note"]) == {**common, "content": "notes"}
    assert found["/ship"].startswith("https://a.example/ship?x=1&utm_")
    assert found["/ship"].endswith("#top")
    assert found == by_path(re.findall(r"https?://[^\s<>]+", text))


def test_other_addresses_get_no_parameters(root):
    html, text = exported(root)
    others = [link for link in VisibleHtml(html).links if "utm_" not in link]
    assert "mailto:me@a.example" in others
    assert "https://www.shop.example/" in others
    assert "{{ unsubscribe_url }}" in others
    assert "{{ view_in_browser_url }}" in others
    assert any(link.startswith("{{ site") for link in others)
    assert not re.search(r"(?:unsubscribe|preferences|view_in_browser)_url \}\}[^\s<>]*utm_", html + text)
    assert "utm_" not in " ".join(src for src, _ in VisibleHtml(html).pictures)


def test_services_and_editions_have_their_own_parameters(root):
    html, _ = exported(root, service="buttondown")
    assert utm(by_path(VisibleHtml(html).links)["/ship"])["medium"] == "newsletter"
    html, _ = exported(root, "--edition", "paid")
    assert utm(by_path(VisibleHtml(html).links)["/paid"])["campaign"] == "members-a-letter"
    html, _ = exported(root, service="ghost")
    assert utm(by_path(VisibleHtml(html).links)["/ship"])["source"] == "the-lock-keeper"


def test_source_build_and_checks_have_no_parameters(root, capsys):
    exported(root)
    assert "utm_" not in (root / "issues/2026-11-27-a-letter/index.md").read_text(encoding="utf-8")
    assert run(["build", "-C", str(root), "-q"]) == 0
    written = [path for path in root.rglob("*.html") if "out" not in path.parts] + list(root.glob("feeds/*"))
    assert written
    assert not [path for path in written if "utm_" in path.read_text(encoding="utf-8")]
    capsys.readouterr()
    run(["check", "-C", str(root)])
    assert "LK107" not in capsys.readouterr().out


@pytest.mark.parametrize(("content", "wanted"), [("section", "news-of-the-river"), ("none", None)])
def test_the_publication_configures_how_the_place_is_named(root, content, wanted):
    path = root / "newsletter.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("    leave_out", f"    content: {content}\n    leave_out"),
        encoding="utf-8",
    )
    assert utm(by_path(VisibleHtml(exported(root)[0]).links)["/ship"]).get("content") == wanted


def test_without_a_source_links_are_unchanged(root):
    path = root / "newsletter.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("    source: the-lock-keeper\n", ""), encoding="utf-8")
    assert "utm_" not in "".join(exported(root))


@pytest.mark.parametrize(
    ("yaml", "line"),
    [
        ("links: {utm: {source: a, leave_out: ['https://shop.example/']}}", "is not a host name"),
        ("links: {utm: {source: a, content: items}}", "items"),
        ("links: {utm: {source: a, services: {mailchimp: {sauce: b}}}}", "sauce"),
        ("links: {utm: {source: a, services: {mailchip: {source: b}}}}", "Did you mean `mailchimp`?"),
        ("links: {utm: {source: a, editions: {members: {source: b}}}}", "members"),
    ],
)
def test_a_mistake_in_newsletter_yaml_is_reported_with_its_line(root, capsys, yaml, line):
    path = root / "newsletter.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("links:")] + yaml + "\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["export", "a-letter", "--for", "html", "-C", str(root)]) == 2
    output = capsys.readouterr()
    assert re.search(r"newsletter\.yaml:\d+:\d+: CF01", output.out + output.err)
    assert line in output.out + output.err
