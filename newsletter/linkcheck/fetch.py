"""Makes one request to one IP address with one deadline, and reads only the head of the response."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from newsletter.certificates import default_certificates
from newsletter.check.facts.hosts import is_host, literal_ip, unreachable_host
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newsletter.linkcheck.policy import Policy

_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT = "%/:=&?~#+!$,;'@()*[]"
"""Characters that are not encoded when an address is converted to ASCII."""


class RefusedError(Exception):
    """An address that is not requested. `trouble` is one of the words of LinkAnswer; `str(error)` has details."""

    def __init__(self, trouble: str, detail: str = "") -> None:
        super().__init__(detail)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The target of one request."""

    scheme: str
    host: str
    """The host as in the Host header and in certificates, without brackets."""
    port: int
    target: str
    """Path and query, as in the first line of the request."""
    ips: tuple[str, ...]
    """The IP addresses that are allowed, in the order in which they are tried."""

    @property
    def host_header(self) -> str:
        """The Host header (RFC 9110 §7.2)."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


def destination(address: str, policy: Policy) -> Endpoint:
    """The target of a request for `address`. A name and password in it are never sent.

    Raises RefusedError if it must not be requested: it is not a web address, its name does not exist, or it is not
    public.
    """
    scheme, host, port, target = _parts(address)
    return Endpoint(scheme, host, port, target, _allowed_ips(host, port, policy))


def _parts(address: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise RefusedError("protocol", f"{address} is not an address") from error
    odd = "[" in parts.netloc and ":" not in (
        parts.hostname or ""
    )  # The notation for future IP versions (RFC 3986 §3.2.2).
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or odd:
        raise RefusedError("protocol", f"{address} is not on the web")
    host = _ascii_host(parts.hostname)
    target = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    return parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], target


def _ascii_host(host: str) -> str:
    if ":" in host:
        return host
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise RefusedError("dns", "this is not a valid domain name") from error
    if not is_host(name.lower()):
        raise RefusedError("dns", "this is not a valid domain name")
    return name.lower()


def _allowed_ips(host: str, port: int, policy: Policy) -> tuple[str, ...]:
    literal = literal_ip(f"[{host}]" if ":" in host else host)
    if literal is not None:
        found = [str(literal)]
    elif ":" in host:
        raise RefusedError("dns", "this is not a valid domain name")
    else:
        found = _resolved(host, port, policy)
    allowed = tuple(ip for ip in found if policy.allow(ip_address(ip.partition("%")[0]), port))
    if not allowed and any(policy.allow(ip_address(ip.partition("%")[0]), 443) for ip in found):
        raise RefusedError("port", f"port {port}")
    if not allowed:
        raise RefusedError("private", f"stands for {found[0]}" if found[0] != host else "")
    return allowed


def _resolved(host: str, port: int, policy: Policy) -> list[str]:
    try:
        found = list(policy.resolve(host, port))
    except (OSError, UnicodeError) as error:
        # Names that no public resolver knows may be local ones: say that instead of "no such site".
        why = unreachable_host(host)
        raise RefusedError("private" if why else "dns", f"the name {why}" if why else "") from error
    if not found:
        raise RefusedError("dns")
    return found


def redirected(address: str, location: str) -> str:
    """The absolute address that a Location header names (RFC 9110 §10.2.2), without its fragment."""
    try:
        raw = location.encode("latin-1")
        location = raw.decode("utf-8")
    except UnicodeError:
        pass
    try:
        absolute = urljoin(address, location.strip())
    except ValueError as error:
        raise RefusedError("protocol", "redirects to something that is not an address") from error
    return quote(absolute.partition("#")[0], safe=_KEPT)


_TRIES = 3
"""How many of the IP addresses of one site are tried."""
_QUOTED = 40
"""How many characters of an invalid answer are quoted."""
_BYTES = 1024
"""The number of body bytes that are requested when the body is not needed. They are never read."""


@dataclass(frozen=True, slots=True)
class Response:
    """The head of a response."""

    status: int
    location: str = ""
    retry_after: str = ""
    cookies: tuple[str, ...] = ()
    """Its Set-Cookie headers."""


def request(method: str, where: Endpoint, policy: Policy, cookie: str = "") -> Response:
    """The head of the response to a HEAD or GET request, with `cookie` as its Cookie header.

    Raises RefusedError with the reason if there is none.
    """
    deadline = policy.clock() + policy.timeout
    with refusals(policy.timeout):
        return _asked(method, where, policy, cookie, deadline)


@contextmanager
def refusals(patience: float) -> Iterator[None]:
    """Turns all errors inside the `with` block into RefusedError. `patience` is the time limit in seconds."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise RefusedError("tls", error.verify_message.rstrip(".")) from error
    except ssl.SSLError as error:
        raise RefusedError("tls", (error.reason or "no connection").replace("_", " ").lower()) from error
    except TimeoutError as error:
        raise RefusedError("timeout", f"waited {patience:g} seconds") from error
    except OSError as error:
        raise RefusedError("refused", (error.strerror or "").lower()) from error
    except (http.client.HTTPException, ValueError) as error:
        raise RefusedError("protocol", f"not HTTP: {str(error)[:_QUOTED]!r}") from error


def connected(where: Endpoint, policy: Policy, deadline: float) -> socket.socket:
    """A connection to one of the IP addresses, encrypted if the scheme requires it."""
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


def _asked(method: str, where: Endpoint, policy: Policy, cookie: str, deadline: float) -> Response:
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "identity"}
    if method == "GET":
        headers["Range"] = f"bytes=0-{_BYTES - 1}"
    if cookie:
        headers["Cookie"] = cookie
    with answered(method, where, policy, deadline, {**headers, "Connection": "close"}) as response:
        location, retry = response.getheader("Location", ""), response.getheader("Retry-After", "")
        return Response(response.status, location, retry, tuple(response.headers.get_all("Set-Cookie", ())))


@contextmanager
def answered(
    method: str, where: Endpoint, policy: Policy, deadline: float, headers: Mapping[str, str], content: bytes = b""
) -> Iterator[http.client.HTTPResponse]:
    """The response to one request, with its body still to be read, all before `deadline`.

    Raises what sockets and http.client raise.
    """
    with connected(where, policy, deadline) as connection:
        client = http.client.HTTPConnection(where.host, where.port)
        client.sock = TimedConnection(connection, lambda: deadline - policy.clock())
        client.putrequest(method, where.target, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": where.host_header, "User-Agent": policy.agent, **headers}.items():
            client.putheader(name, value)
        client.endheaders(content or None)
        with client.getresponse() as response:
            yield response


class TimedConnection:
    """A socket for http.client, with one time limit for all of its waiting.

    A socket's own timeout restarts with every byte: a site that sends one byte a second would hold us forever.
    """

    def __init__(self, connection: socket.socket, left: Callable[[], float]) -> None:
        self._connection = connection
        self._left = left

    def sendall(self, content: Any) -> None:
        """Sends everything. Raises TimeoutError if no time is left."""
        self._connection.settimeout(_positive(self._left()))
        self._connection.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """A file to read the response from, within the time limit."""
        return io.BufferedReader(_TimedReader(self._connection, self._left))

    def close(self) -> None:
        """Does nothing, because the caller closes the connection."""


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
