"""Telling WebSub hubs that feeds have changed, so that readers hear of it at once (W3C Recommendation “WebSub”, §4 and §6).

How a publisher tells its hub is left open there; all hubs take what PubSubHubbub 0.4 §6 says: a form with `hub.mode=publish`.
Nothing of the sort is sent unless a person asks for it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import newsletter
from newsletter.certificates import default_certificates
from newsletter.check.facts.hosts import is_public
from newsletter.errors import WorldError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import httpx

PATIENCE = 10.0
"""Seconds for one step: to connect, to send, to be answered."""
LARGEST_ANSWER = 20_000
"""Bytes of an answer that are read: of a refusal, a line is shown."""
_LONGEST_WORDS = 200
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def resolve(host: str, port: int) -> tuple[str, ...]:
    """The IP addresses of a name. Raises OSError if there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def ping(
    hub: str,
    topics: Sequence[str],
    *,
    transport: httpx.BaseTransport | None = None,
    resolve: Callable[[str, int], Sequence[str]] = resolve,
) -> None:
    """Tells the hub at `hub` that the feeds at `topics` have changed. Raises WorldError if it does not hear, or will not.

    Redirects are not followed, and an address of a private network is asked only where `hub` itself says one: a name that
    leads there may be somebody else's doing.
    """
    import httpx

    name = urlsplit(hub).hostname or hub
    _refuse_private(hub, resolve)
    form = {"hub.mode": "publish", "hub.url": list(topics), "hub.topic": list(topics)}
    try:
        with (
            httpx.Client(
                timeout=PATIENCE,
                verify=default_certificates(),
                transport=transport,
                follow_redirects=False,
                trust_env=False,
                headers={"User-Agent": f"newsletter-press/{newsletter.__version__}"},
            ) as client,
            client.stream("POST", hub, data=form) as answer,
        ):
            if not answer.is_success:
                raise WorldError(f"the hub {name} {_refusal(answer)}", hint=_hint(answer.status_code))
    except httpx.TimeoutException as error:
        raise WorldError(f"the hub {name} does not answer", hint="Try again later: `newsletter feed ping`.") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        said = _words(str(error)) or "the connection ended"
        raise WorldError(f"the hub {name} cannot be reached: {said}", hint="Check its address.") from error


def _refuse_private(hub: str, resolve: Callable[[str, int], Sequence[str]]) -> None:
    parts = urlsplit(hub)
    host = parts.hostname or ""
    if _is_meant_private(host):
        return
    try:
        found = resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
    except (OSError, UnicodeError) as error:
        raise WorldError(
            f"the hub {host} cannot be found", hint="Check its address and your network connection."
        ) from error
    if private := [ip for ip in found if not is_public(ipaddress.ip_address(ip.partition("%")[0]))]:
        raise WorldError(
            f"the hub {host} is in a private network ({private[0]}), so it is not notified",
            hint="If you want to use it, write that address under `feeds: hubs:`.",
        )


def _is_meant_private(host: str) -> bool:
    """Whether a host says by itself that it is not on the web, so that whoever wrote it knows."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan"))
    return True


def _refusal(answer: httpx.Response) -> str:
    content = bytearray()
    for chunk in answer.iter_bytes():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            break
    said = _words(bytes(content[:LARGEST_ANSWER]).decode("utf-8", "replace"))
    return f"answers {answer.status_code}{f': {said}' if said and not said.startswith('<') else ''}"


def _hint(status: int) -> str:
    if 300 <= status < 400:
        return "It has moved: write its new address under `feeds: hubs:`."
    return "Try again later: `newsletter feed ping`." if status >= 500 or status == 429 else ""


def _words(said: str) -> str:
    return _CONTROLS.sub(" ", said).strip()[:_LONGEST_WORDS]
