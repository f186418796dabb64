"""Hubs are notified of feeds on request only."""

from __future__ import annotations

import socket
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from newsletter.cli import run
from newsletter.commands.feeds import ping_hubs
from newsletter.commands.hubs import LARGEST_ANSWER, POLICY, ping
from newsletter.errors import UsageError, WorldError
from tests.sample_values import OPTIONS, with_every_feed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOPICS = ("https://letters.example/feeds/rss.xml", "https://letters.example/feeds/atom.xml")


class Hub:
    """A hub on this machine: what it answers, and what it was told."""

    def __init__(self) -> None:
        self.status = 204
        self.content = b""
        self.headers: dict[str, str] = {}
        self.told: list[tuple[str, str, dict[str, list[str]]]] = []
        """Path, Host header and form."""
        self.sent = 0
        self.port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/publish"


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            hub.told.append((self.path, self.headers["Host"], parse_qs(form)))
            self.send_response(hub.status)
            for name, value in hub.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(hub.content)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.port = server.server_port
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield hub
    server.shutdown()
    server.server_close()


def test_a_hub_is_notified_of_each_feed(hub: Hub):
    ping(hub.address, TOPICS)
    form = {"hub.mode": ["publish"], "hub.url": [*TOPICS], "hub.topic": [*TOPICS]}
    assert hub.told == [("/publish", f"127.0.0.1:{hub.port}", form)]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, "answers 400: not your feed"), (503, "answers 503: not your feed"), (301, "answers 301")],
)
def test_a_refusing_hub_is_reported_with_its_answer(hub: Hub, status: int, expected: str):
    hub.status, hub.headers = status, {"Location": f"http://127.0.0.1:{hub.port}/elsewhere"}
    hub.content = b"not\x1b\nyour feed" if status != 301 else b""
    with pytest.raises(WorldError, match=f"the hub 127.0.0.1 {expected}"):
        ping(hub.address, TOPICS)
    assert len(hub.told) == 1


def test_only_the_shown_part_of_an_answer_is_read(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    hub.status, hub.content = 400, b"x" * 5_000_000
    read = []
    receive = socket.socket.recv_into

    def counted(self: socket.socket, buffer: memoryview, *more: int) -> int:
        count = receive(self, buffer, *more)
        read.append(count)
        return count

    monkeypatch.setattr(
        "newsletter.linkcheck.fetch._TimedReader.readinto", lambda self, buffer: counted(self._connection, buffer)
    )
    with pytest.raises(WorldError, match=r"answers 400: x+$"):
        ping(hub.address, TOPICS)
    assert sum(read) < 2 * LARGEST_ANSWER


def test_an_unreachable_hub_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(WorldError, match=r"the hub 127\.0\.0\.1 cannot be reached: connection refused") as raised:
        ping(f"http://127.0.0.1:{port}/", TOPICS)
    assert raised.value.exit_code == 3
    assert raised.value.hint


def test_a_hub_that_does_not_answer_times_out():
    times = iter([0.0, *[1.0] * 3, *[99.0] * 100])
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(WorldError, match=r"the hub 127\.0\.0\.1 does not answer"),
    ):
        ping(f"http://127.0.0.1:{silent.getsockname()[1]}/", TOPICS, replace(POLICY, clock=lambda: next(times)))


@pytest.mark.parametrize(
    "ip", ["127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_a_host_name_of_a_private_network_is_refused(hub: Hub, ip: str):
    with pytest.raises(WorldError, match=f"private network \\({ip}\\)"):
        ping(f"http://hub.example:{hub.port}/", TOPICS, replace(POLICY, resolve=lambda *_: (ip,)))
    assert hub.told == []


def test_a_host_name_is_resolved_once_and_that_address_is_used(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    """A name server may answer with a public address first, and a private one later."""
    answers = [("93.184.215.14",), ("127.0.0.1",), ("127.0.0.1",)]
    asked, connections = [], []

    def resolve(host: str, _port: int) -> tuple[str, ...]:
        asked.append(host)
        return answers[len(asked) - 1]

    def connect(address: tuple[str, int], **_: object) -> socket.socket:
        connections.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("newsletter.linkcheck.fetch.socket.create_connection", connect)
    with pytest.raises(WorldError, match="cannot be reached"):
        ping(f"http://hub.example:{hub.port}/", TOPICS, replace(POLICY, resolve=resolve))
    assert (asked, connections) == (["hub.example"], ["93.184.215.14"])


def test_only_public_addresses_of_a_host_are_tried(monkeypatch: pytest.MonkeyPatch):
    connections = []

    def connect(address: tuple[str, int], **_: object) -> socket.socket:
        connections.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("newsletter.linkcheck.fetch.socket.create_connection", connect)
    found = ("10.0.0.8", "93.184.215.14")
    with pytest.raises(WorldError, match="cannot be reached"):
        ping("https://hub.example/", TOPICS, replace(POLICY, resolve=lambda *_: found))
    assert connections == ["93.184.215.14"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "hub.local"])
def test_a_configured_private_hub_is_notified(hub: Hub, host: str):
    ping(f"http://{host}:{hub.port}/", TOPICS, replace(POLICY, resolve=lambda *_: ("127.0.0.1",)))
    assert [name for _, name, _ in hub.told] == [f"{host}:{hub.port}"]


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path), "--kind", "essay", *OPTIONS]) == 0
    return tmp_path


def test_every_hub_is_notified_even_if_one_fails(letters: Path, hub: Hub):
    with_every_feed(letters)
    settings = letters / "newsletter.yaml"
    both = f"hubs: [http://127.0.0.1:9/, {hub.address}]"
    settings.write_text(settings.read_text().replace("hubs: https://hub.example/", both))
    report = ping_hubs(letters)
    assert report.notified == (hub.address,)
    assert len(report.errors) == 1


def test_without_a_hub_nothing_is_notified(letters: Path):
    with pytest.raises(UsageError, match="no hub"):
        ping_hubs(letters)


def test_an_unreachable_hub_ends_the_command_with_3(letters: Path, capsys: pytest.CaptureFixture[str]):
    with_every_feed(letters)
    settings = letters / "newsletter.yaml"
    settings.write_text(settings.read_text().replace("https://hub.example/", "http://127.0.0.1:9/"))
    assert run(["feed", "ping", "-C", str(letters)]) == 3
    assert "the hub 127.0.0.1 cannot be reached" in capsys.readouterr().err
    assert run(["feed", "-C", str(letters), "ping"]) == 3
