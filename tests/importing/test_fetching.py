"""`--fetch-images`: pictures are downloaded only on request, and never from private addresses."""

from __future__ import annotations

from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from newsletter.importing.base import Cover, ImportedIssue
from newsletter.importing.fetching import fetch_pictures
from newsletter.linkcheck.policy import Policy, is_allowed
from tests.importing.trees import png

if TYPE_CHECKING:
    from collections.abc import Iterator


class Site:
    """A server on this machine with the name site.example, and a policy that allows only its port."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        self.names = {"site.example": "127.0.0.1", "inside.example": "10.0.0.7"}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                status, headers, body = site.pages.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, path: str, host: str = "site.example") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def policy(self) -> Policy:
        return replace(
            Policy(),
            patience=5.0,
            resolve=lambda host, _port: (self.names[host],),
            allow=lambda ip, port: is_allowed(ip, port) or (str(ip) == "127.0.0.1" and port == self.port),
        )


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def fetched(site: Site, body: str, **fields) -> ImportedIssue:
    return fetch_pictures(ImportedIssue("T", body, "a.md", **fields), site.policy)


def test_pictures_of_the_body_and_the_cover_are_saved_beside_the_issue(site):
    site.pages["/a/lock.png"] = (200, {}, png())
    site.pages["/moved.png"] = (302, {"Location": "/cover.png"}, b"")
    site.pages["/cover.png"] = (200, {}, png(9, 9))
    body = f'![A lock]({site.at("/a/lock.png?w=1")} "Dawn")\n\n![again]({site.at("/a/lock.png?w=1")})\n'
    site.pages["/a/lock.png?w=1"] = site.pages["/a/lock.png"]
    issue = fetched(site, body, cover=Cover(site.at("/moved.png")))
    assert issue.body == '![A lock](lock.png "Dawn")\n\n![again](lock.png)\n'
    assert issue.cover == Cover("moved.png")
    assert dict(issue.pictures) == {"lock.png": png(), "moved.png": png(9, 9)}
    assert site.asked.count("/a/lock.png?w=1") == 1


def test_a_picture_that_cannot_be_downloaded_stays_on_the_web_and_is_reported(site):
    site.pages["/page"] = (200, {}, b"<html>")
    site.pages["/loop.png"] = (302, {"Location": "/loop.png"}, b"")
    site.pages["/inside.png"] = (302, {"Location": site.at("/x.png", "inside.example")}, b"")
    addresses = [site.at(path) for path in ("/gone.png", "/page", "/loop.png", "/inside.png")]
    addresses.append(site.at("/x.png", "inside.example"))
    body = "\n\n".join(f"![x]({address})" for address in addresses) + "\n"
    issue = fetched(site, body)
    assert issue.body == body
    assert issue.pictures == {}
    messages = "\n".join(note.message for note in issue.notes)
    for why in (
        "the site answers with 404",
        "is not a picture",
        "it redirects without end",
        "its address is not public",
    ):
        assert why in messages
    assert messages.count("its address is not public") == 2
    assert len(issue.notes) == 5


def test_a_picture_that_is_too_large_is_not_downloaded_completely(site, monkeypatch):
    monkeypatch.setattr("newsletter.importing.fetching.LARGEST", 1_000_000)
    site.pages["/large.png"] = (200, {}, png() + bytes(1_500_000))
    issue = fetched(site, f"![x]({site.at('/large.png')})\n")
    assert "it has over 1 MB" in issue.notes[0].message


def test_the_number_of_downloads_per_issue_is_limited(site, monkeypatch):
    monkeypatch.setattr("newsletter.importing.fetching.MOST", 2)
    body = "\n\n".join(f"![x]({site.at(f'/{number}.png')})" for number in range(4))
    issue = fetched(site, body)
    assert len(site.asked) == 2
    assert sum("at most 2 are downloaded" in note.message for note in issue.notes) == 2


def test_a_picture_in_code_is_text(site):
    body = f"```\n![x]({site.at('/a.png')})\n```\n"
    assert fetched(site, body).body == body
    assert site.asked == []
