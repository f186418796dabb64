"""Asking for the links of issues, and `newsletter check --links`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.cli import run
from newsletter.commands.links import ask_links
from newsletter.config.workspace import issue_files
from newsletter.errors import WorldError

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def press(tmp_path, web):
    """A workspace with one letter, made of what a test writes."""

    def write(body: str):
        (tmp_path / "newsletter.yaml").write_text(
            "title: Letters\nurl: https://letters.example/\nkind: letter\nsender: {name: Letters, email: a@letters.example}\n"
        )
        for name, text in {
            "templates/letter/house.yaml": "name: Letter\n",
            "issues/2026-01-31-ports/index.md": f"---\ntitle: Ports\ndate: 2026-01-31\n---\n\n{body}\n",
        }.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    return write


def asked(root, web, **options):
    return ask_links(root, issue_files(root), policy=web.policy, **{"now": NOW} | options)


def test_each_web_address_is_requested_once_and_nothing_else(press, web):
    body = "[A]({0}#x) [b]({0}#y) [c](mailto:a@b.example) [d](#e) [f]({0}?m={{{{ email }}}}) ![Ships]({1})"
    root = press(body.format(web.page("/a"), web.page("/b.png")))
    found = asked(root, web)
    assert sorted(web.lines) == ["HEAD /a", "HEAD /b.png"]
    assert (set(found.answers), found.asked) == ({web.at("/a"), web.at("/b.png")}, 2)


@pytest.mark.parametrize(
    ("front", "named"),
    [
        ("original: {}", "original"),
        ("original: {{url: {}, publication: The Tide}}", "original.url"),
        ("canonical: {}", "canonical"),
    ],
    ids=["original", "a block", "canonical"],
)
def test_an_address_in_the_front_matter_is_requested_too(press, web, capsys, monkeypatch, front, named):
    root = press("Ships wait for days.")
    file = root / "issues/2026-01-31-ports/index.md"
    said = front.format(web.at("/gone"))
    file.write_text(file.read_text().replace("date:", f"{said}\ndate:"))
    found = asked(root, web)
    assert found.answers[web.at("/gone")].status == 404
    monkeypatch.setattr("newsletter.commands.links.Policy", lambda: web.policy)
    assert run(["-C", str(root), "check", "--links", "--select", "LK2"]) == 1
    told = capsys.readouterr().out
    assert f"LK201 the page that `{named}` names answers 404, not found" in told
    assert "index.md:3:" in told


def test_the_letters_own_page_is_not_requested(press, web):
    root = press("Ships wait for days.")
    file = root / "issues/2026-01-31-ports/index.md"
    file.write_text(file.read_text().replace("date:", "canonical: https://letters.example/ports/\ndate:"))
    assert asked(root, web).answers == {}


def test_recently_requested_addresses_are_not_requested_again(press, web):
    root = press(f"[A]({web.page('/a')}) and [b]({web.at('/b')})")
    asked(root, web)
    again = asked(root, web, now=NOW + timedelta(hours=2))
    assert web.lines == ["HEAD /a", "HEAD /b", "GET /b", "HEAD /b", "GET /b"]
    assert (again.asked, len(again.answers)) == (1, 2)


def test_an_interrupted_run_continues_where_it_stopped(press, web):
    pages = [web.page(f"/{count}") for count in range(12)]
    root = press(" ".join(f"[A {count}]({page})" for count, page in enumerate(pages)))

    def interrupt(done: int, total: int) -> None:
        assert total == 12
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asked(root, web, progress=interrupt)
    known = json.loads((root / ".newsletter/cache/links.json").read_text())["memory"]["links"]
    assert len(known) == 5
    assert asked(root, web).asked == 7


def test_a_missing_network_is_reported_once_and_not_cached(press, web):
    root = press("[A](https://a.example) [b](https://b.example) [c](https://c.example)")

    def resolve(_host: str, _port: int) -> list[str]:
        raise OSError("Temporary failure in name resolution")

    with pytest.raises(WorldError, match="none of the links can be reached"):
        ask_links(root, issue_files(root), now=NOW, policy=replace(web.policy, resolve=resolve))
    assert json.loads((root / ".newsletter/cache/links.json").read_text())["memory"]["links"] == {}


def check(root, *arguments: str) -> int:
    return run(["check", "-C", str(root), "--ignore", "LK105,LK106", "--output-format", "concise", *arguments])


@pytest.fixture
def on_this_web(web, monkeypatch):
    """The command asks our small web."""
    monkeypatch.setattr("newsletter.commands.links.Policy", lambda: web.policy)


@pytest.mark.usefixtures("on_this_web")
def test_check_links_reports_broken_and_moved_links(press, web, capsys):
    root = press(f"[A]({web.at('/gone')}) [b]({web.page('/shy', 403)}) [c]({web.page('/c')})")
    assert check(root) == 0
    assert web.asked == []
    assert check(root, "--links") == 1
    shown = capsys.readouterr()
    assert shown.out.count("LK") == 1
    assert "LK201 the link answers 404, not found" in shown.out
    assert "Asked for 3 links. 1 site does not answer programs." in shown.err


@pytest.mark.usefixtures("on_this_web")
def test_check_links_fix_writes_where_pages_have_moved_to(press, web):
    web.page("/a", 301, Location="/b")
    root = press(f"[Ships]({web.at('/a')}#part) wait for {web.page('/b')}.")
    assert check(root, "--links", "--fix") == 0
    assert f"[Ships]({web.at('/b')}#part)" in (root / "issues/2026-01-31-ports/index.md").read_text()


def test_links_do_not_go_with_watching(press, capsys):
    assert check(press("Ships."), "--links", "--watch") == 2
    assert "--watch cannot be used with --links" in capsys.readouterr().err
