"""A small web on this machine: one server with any number of names, and a policy that allows requests to it.

Only the port of the test's own server is allowed. Everything else is treated as on the open web.
"""

from __future__ import annotations

import ssl
from collections import defaultdict
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from newsletter.linkcheck import Policy
from newsletter.linkcheck.policy import is_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CERTIFICATE = Path(__file__).with_name("site.pem")
"""The self-signed certificate of site.example, valid for a hundred years."""


class Web:
    """The responses of the server, by method, host and path, and the requests that it received."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
        """By method ("" for any) and path: status and headers. A path that is not in it has status 404."""
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.names: dict[str, Sequence[str]] = defaultdict(lambda: ("127.0.0.1",))
        """The IP addresses of each name."""
        self.gated: dict[str, str] = {}
        """Paths that are served only with a cookie.

        Other requests are redirected to the given path, which sets the cookie.
        """
        self.gate = lambda handler: handler.send_error(500)
        self.port = 0
        self.slept: list[float] = []
        self.now = 0.0

    def page(self, path: str, status: int = 200, method: str = "", **headers: str) -> str:
        self.answers[method, path] = status, {name.replace("_", "-"): value for name, value in headers.items()}
        return self.at(path)

    def at(self, path: str, host: str = "site.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def policy(self) -> Policy:
        return replace(
            Policy(),
            pause=0.0,
            timeout=5.0,
            resolve=lambda host, _port: self.names[host],
            allow=lambda ip, port: (str(ip), port) == ("127.0.0.1", self.port) or is_allowed(ip, port),
            sleep=self.sleep,
            clock=lambda: self.now,
        )

    @property
    def lines(self) -> list[str]:
        return [f"{method} {path}" for method, path, _ in self.asked]


def serve(web: Web, certificate: Path | None = None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            web.asked.append((self.command, self.path, dict(self.headers)))
            plain = self.path.partition("?")[0]
            if plain in web.gated and web.gated[plain] not in self.headers.get("Cookie", ""):
                web.gate(self)
                return
            status, headers = web.answers.get((self.command, plain)) or web.answers.get(("", plain)) or (404, {})
            if status == 0:  # closes the connection without a response
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        do_HEAD = do_GET = answer  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    web.port = server.server_address[1]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    server = serve(web)
    yield web
    server.shutdown()
    server.server_close()


@pytest.fixture
def secure_web() -> Iterator[Web]:
    web = Web()
    server = serve(web, CERTIFICATE)
    yield web
    server.shutdown()
    server.server_close()
