"""A form sent to an address on the web: to the IP address that was judged, and to no other."""

from __future__ import annotations

import http.client
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from newsletter.linkcheck.fetch import RefusedError, TimedConnection, connected, destination
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.linkcheck.policy import Policy


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    content: bytes
    """The beginning of the body."""


def post_form(address: str, form: Mapping[str, str | Sequence[str]], policy: Policy, limit: int) -> Answer:
    """The answer to a POST of `form`; no more than `limit` bytes of its body are read, and no redirect is followed.

    The name is resolved once: a name server that answers otherwise a moment later leads nowhere else. Raises RefusedError.
    """
    where, content = destination(address, policy), urlencode(form, doseq=True).encode()
    deadline = policy.clock() + policy.timeout
    try:
        with connected(where, policy, deadline) as plain:
            client = http.client.HTTPConnection(where.host, where.port)
            client.sock = TimedConnection(plain, lambda: deadline - policy.clock())
            client.putrequest("POST", where.target, skip_host=True, skip_accept_encoding=True)
            headers = {"Host": where.host_header, "User-Agent": policy.agent, "Accept": "*/*", "Connection": "close"}
            kind = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(content))}
            for name, value in {**headers, **kind}.items():
                client.putheader(name, value)
            client.endheaders(content)
            with client.getresponse() as response:
                return Answer(response.status, b"" if response.status < 300 else response.read(limit))
    except ssl.SSLError as error:
        raise RefusedError("tls", "its certificate is not trusted") from error
    except TimeoutError as error:
        raise RefusedError("timeout", f"waited {policy.timeout:g} seconds") from error
    except OSError as error:
        raise RefusedError("refused", (error.strerror or "the connection ended").lower()) from error
    except (http.client.HTTPException, ValueError) as error:
        raise RefusedError("protocol", "it does not speak HTTP") from error
