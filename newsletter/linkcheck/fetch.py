"""One request, to one IP address, with one deadline; of the response no more than its head is read."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from functools import cache
from typing import TYPE_CHECKING, Any

from newsletter.errors import WorldError
from newsletter.linkcheck.guard import RefusedError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.linkcheck.base import Policy
    from newsletter.linkcheck.guard import Destination

_TRIES = 3
"""Of the IP addresses of one site, how many are tried."""
_BYTES = 1024
"""Asked for where the whole body is not wanted, and never read."""


@dataclass(frozen=True, slots=True)
class Response:
    """The head of a response."""

    status: int
    location: str = ""
    retry_after: str = ""


def request(method: str, where: Destination, policy: Policy) -> Response:
    """The head of the response to a HEAD or GET request.

    Raises RefusedError with what went wrong where there is none.
    """
    deadline = policy.clock() + policy.timeout
    try:
        with _connected(where, policy, deadline) as connection:
            return _asked(method, where, policy, _Timed(connection, lambda: deadline - policy.clock()))
    except ssl.SSLCertVerificationError as error:
        raise RefusedError("tls", error.verify_message.rstrip(".")) from error
    except ssl.SSLError as error:
        raise RefusedError("tls", (error.reason or "no connection").replace("_", " ").lower()) from error
    except TimeoutError as error:
        raise RefusedError("timeout", f"waited {policy.timeout:g} seconds") from error
    except ConnectionError as error:
        raise RefusedError("refused", (error.strerror or "").lower()) from error
    except OSError as error:
        raise RefusedError("refused", (error.strerror or "").lower()) from error
    except (http.client.HTTPException, ValueError) as error:
        raise RefusedError("protocol", type(error).__name__) from error


def _connected(where: Destination, policy: Policy, deadline: float) -> socket.socket:
    """A connection to one of the IP addresses, encrypted where the scheme asks for that."""
    failure: OSError = TimeoutError()
    for ip in where.ips[:_TRIES]:
        left = deadline - policy.clock()
        if left <= 0:
            break
        try:
            plain = socket.create_connection((ip, where.port), timeout=left)
        except OSError as error:
            failure = error
            continue
        if where.scheme == "http":
            return plain
        plain.settimeout(max(deadline - policy.clock(), 0.001))
        trusted = policy.certificates or default_certificates()
        try:
            return trusted.wrap_socket(plain, server_hostname=where.host)
        except BaseException:
            plain.close()
            raise
    raise failure


def _asked(method: str, where: Destination, policy: Policy, connection: _Timed) -> Response:
    client = http.client.HTTPConnection(where.host, where.port)
    client.sock = connection
    client.putrequest(method, where.target, skip_host=True, skip_accept_encoding=True)
    client.putheader("Host", where.host_header)
    client.putheader("User-Agent", policy.agent)
    client.putheader("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
    client.putheader("Accept-Encoding", "identity")
    if method == "GET":
        client.putheader("Range", f"bytes=0-{_BYTES - 1}")
    client.putheader("Connection", "close")
    client.endheaders()
    with client.getresponse() as response:
        location, retry = response.getheader("Location", ""), response.getheader("Retry-After", "")
        return Response(response.status, location, retry)


class _Timed:
    """A socket as http.client uses it, all of whose waiting together has one end.

    A socket's own time-out starts anew with every byte: a site that sends one a second would hold us for ever.
    """

    def __init__(self, connection: socket.socket, left: Callable[[], float]) -> None:
        self._connection = connection
        self._left = left

    def sendall(self, content: Any) -> None:
        self._connection.settimeout(_positive(self._left()))
        self._connection.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._connection, self._left))

    def close(self) -> None:
        """The connection is closed by whoever opened it."""


class _TimedReader(io.RawIOBase):
    def __init__(self, connection: socket.socket, left: Callable[[], float]) -> None:
        self._connection = connection
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(_positive(self._left()))
        return self._connection.recv_into(buffer)


def _positive(left: float) -> float:
    if left <= 0:
        raise TimeoutError
    return left


@cache
def default_certificates() -> ssl.SSLContext:
    """Whom the system trusts; where Python finds nobody, those of the package certifi.

    Raises WorldError where there is neither: without them every site would look like a fraud.
    """
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if paths.cafile or paths.capath or context.cert_store_stats()["x509_ca"]:
        return context
    try:
        import certifi  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise WorldError(
            "this Python finds no certificates to check sites by", hint="`pip install certifi` gives it some"
        ) from error
    context.load_verify_locations(certifi.where())
    return context
