"""Downloads and sends content at the request of a person: a file or a form.

The size is limited, and only the IP address that was checked is contacted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from newsletter.linkcheck.fetch import RefusedError, answered, destination, redirected, refusals
from newsletter.records import dataclass

if TYPE_CHECKING:
    import http.client
    from collections.abc import Mapping, Sequence

    from newsletter.linkcheck.fetch import Endpoint
    from newsletter.linkcheck.policy import Policy

_MOVED = frozenset({301, 302, 303, 307, 308})


def download(address: str, policy: Policy, limit: int, *, accept: str = "*/*") -> bytes:
    """The body of the response to a GET request, with redirects followed, of at most `limit` bytes.

    Every redirect is checked by `policy`. Raises RefusedError with the reason.
    """
    for _ in range(policy.redirects + 1):
        where = destination(address, policy)
        location, content = _asked(where, policy, limit, accept)
        if not location:
            return content
        address = redirected(address, location)
    raise RefusedError("loop", "it redirects without end")


def _asked(where: Endpoint, policy: Policy, limit: int, accept: str) -> tuple[str, bytes]:
    """The target of a redirect, or the content at the address."""
    deadline = policy.clock() + policy.patience
    headers = {"Accept": accept, "Accept-Encoding": "identity", "Connection": "close"}
    with refusals(policy.patience), answered("GET", where, policy, deadline, headers) as response:
        return _read(response, limit)


def _read(response: http.client.HTTPResponse, limit: int) -> tuple[str, bytes]:
    if response.status in _MOVED and (location := response.getheader("Location", "")):
        return location, b""
    if response.status != 200:
        raise RefusedError("status", f"the site answers with {response.status}")
    content = response.read(limit + 1)
    if len(content) > limit:
        raise RefusedError("size", f"it has over {limit // 1_000_000} MB")
    return "", content


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request."""

    status: int
    content: bytes
    """The beginning of the body."""


def post_form(address: str, form: Mapping[str, str | Sequence[str]], policy: Policy, limit: int) -> Answer:
    """The answer to a POST of `form`. At most `limit` bytes of its body are read, and no redirect is followed.

    The name is resolved only once, so that a name server cannot redirect the connection with a second answer. Raises
    RefusedError.
    """
    where, content = destination(address, policy), urlencode(form, doseq=True).encode()
    deadline = policy.clock() + policy.timeout
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(content))}
    headers = {"Accept": "*/*", "Connection": "close", **kind}
    with refusals(policy.timeout), answered("POST", where, policy, deadline, headers, content) as response:
        return Answer(response.status, b"" if response.status < 300 else response.read(limit))
