"""What is at an address on the web, if a person has asked for it to be brought along: bounded, and public addresses only."""

from __future__ import annotations

import http.client
import ssl
from typing import TYPE_CHECKING

from newsletter.linkcheck.fetch import RefusedError, TimedConnection, connected, destination, redirected

if TYPE_CHECKING:
    from newsletter.linkcheck.fetch import Endpoint
    from newsletter.linkcheck.policy import Policy

_MOVED = frozenset({301, 302, 303, 307, 308})


def download(address: str, policy: Policy, limit: int, *, accept: str = "*/*") -> bytes:
    """The body of the response to a GET request, redirects followed, of at most `limit` bytes.

    Every hop is judged again by `policy`. Raises RefusedError with what went wrong.
    """
    for _ in range(policy.redirects + 1):
        where = destination(address, policy)
        location, content = _asked(where, policy, limit, accept)
        if not location:
            return content
        address = redirected(address, location)
    raise RefusedError("loop", "it redirects without end")


def _asked(where: Endpoint, policy: Policy, limit: int, accept: str) -> tuple[str, bytes]:
    """Where the address redirects to, or what is there."""
    deadline = policy.clock() + policy.patience
    try:
        with connected(where, policy, deadline) as plain:
            client = http.client.HTTPConnection(where.host, where.port)
            client.sock = TimedConnection(plain, lambda: deadline - policy.clock())
            client.putrequest("GET", where.target, skip_host=True, skip_accept_encoding=True)
            headers = {"Host": where.host_header, "User-Agent": policy.agent, "Accept": accept}
            for name, value in {**headers, "Accept-Encoding": "identity", "Connection": "close"}.items():
                client.putheader(name, value)
            client.endheaders()
            with client.getresponse() as response:
                return _read(response, limit)
    except ssl.SSLError as error:
        raise RefusedError("tls", "its certificate is not trusted") from error
    except TimeoutError as error:
        raise RefusedError("timeout", f"it took over {policy.patience:g} seconds") from error
    except OSError as error:
        raise RefusedError("refused", (error.strerror or "no connection").lower()) from error
    except (http.client.HTTPException, ValueError) as error:
        raise RefusedError("protocol", type(error).__name__) from error


def _read(response: http.client.HTTPResponse, limit: int) -> tuple[str, bytes]:
    if response.status in _MOVED and (location := response.getheader("Location", "")):
        return location, b""
    if response.status != 200:
        raise RefusedError("status", f"the site answers with {response.status}")
    content = response.read(limit + 1)
    if len(content) > limit:
        raise RefusedError("size", f"it has over {limit // 1_000_000} MB")
    return "", content
