"""Hubs are told of feeds, on request, and nothing else happens."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import httpx
import pytest

from newsletter.cli import run
from newsletter.commands.feeds import ping_hubs
from newsletter.errors import UsageError, WorldError
from newsletter.feeds.hubs import LARGEST_ANSWER, ping
from tests.told import OPTIONS, with_every_feed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HUB = "https://hub.example/publish"
TOPICS = ("https://letters.example/feeds/rss.xml", "https://letters.example/feeds/atom.xml")


def public(_host: str, _port: int) -> tuple[str, ...]:
    return ("93.184.215.14",)


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.MockTransport:
    return httpx.MockTransport(answer)


def test_a_hub_is_told_each_feed():
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, str(request.url), parse_qs(request.content.decode())))
        return httpx.Response(204)

    ping(HUB, TOPICS, transport=answering(answer), resolve=public)
    ((method, url, form),) = asked
    assert (method, url) == ("POST", HUB)
    assert form == {"hub.mode": ["publish"], "hub.url": [*TOPICS], "hub.topic": [*TOPICS]}


@pytest.mark.parametrize(
    ("status", "said"), [(400, "answers 400: not your feed"), (503, "answers 503: not your feed"), (301, "answers 301")]
)
def test_a_hub_that_will_not_is_told_with_what_it_says(status: int, said: str):
    content = "not\x1b\nyour feed" if status != 301 else ""
    answer = httpx.Response(status, text=content, headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(WorldError, match=f"the hub hub.example {said}"):
        ping(HUB, TOPICS, transport=answering(lambda _: answer), resolve=public)


def test_no_more_of_an_answer_is_read_than_is_shown():
    read = []

    def forever():
        while True:
            read.append(1)
            yield b"x" * 10_000

    answer = httpx.Response(400, content=forever())
    with pytest.raises(WorldError, match=r"answers 400: x+$"):
        ping(HUB, TOPICS, transport=answering(lambda _: answer), resolve=public)
    assert len(read) <= LARGEST_ANSWER // 10_000 + 1


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout("late"), httpx.ReadError("gone")])
def test_a_hub_that_does_not_hear_is_an_error_of_the_world(error: httpx.TransportError):
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(WorldError, match="the hub hub") as raised:
        ping(HUB, TOPICS, transport=answering(answer), resolve=public)
    assert raised.value.exit_code == 3
    assert raised.value.hint


@pytest.mark.parametrize(
    "ip", ["127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_a_name_that_leads_into_a_private_network_is_not_asked(ip: str):
    with pytest.raises(WorldError, match="private network"):
        ping(HUB, TOPICS, transport=answering(lambda _: httpx.Response(204)), resolve=lambda *_: (ip,))


@pytest.mark.parametrize(
    "hub", ["http://localhost:8080/", "http://127.0.0.1:8080/", "http://[::1]/", "http://hub.local/"]
)
def test_a_private_hub_that_somebody_wrote_down_is_asked(hub: str):
    ping(hub, TOPICS, transport=answering(lambda _: httpx.Response(204)), resolve=lambda *_: ("127.0.0.1",))


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path), "--kind", "essay", *OPTIONS]) == 0
    return tmp_path


def test_every_hub_is_told_also_where_one_does_not_hear(letters: Path, monkeypatch: pytest.MonkeyPatch):
    with_every_feed(letters)
    settings = letters / "newsletter.yaml"
    both = "hubs: [http://127.0.0.1:1/, http://127.0.0.1:2/]"
    settings.write_text(settings.read_text().replace("hubs: https://hub.example/", both))

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(204 if request.url.port == 2 else 500)

    report = ping_hubs(letters, transport=answering(answer))
    assert report.told == ("http://127.0.0.1:2/",)
    assert len(report.errors) == 1


def test_without_a_hub_there_is_nothing_to_tell(letters: Path):
    with pytest.raises(UsageError, match="no hub"):
        ping_hubs(letters)


def test_a_hub_that_cannot_be_reached_ends_with_3(letters: Path, capsys: pytest.CaptureFixture[str]):
    with_every_feed(letters)
    settings = letters / "newsletter.yaml"
    settings.write_text(settings.read_text().replace("https://hub.example/", "http://127.0.0.1:9/"))
    assert run(["feed", "ping", "-C", str(letters)]) == 3
    assert "the hub 127.0.0.1 cannot be reached" in capsys.readouterr().err
    assert run(["feed", "-C", str(letters), "ping"]) == 3
