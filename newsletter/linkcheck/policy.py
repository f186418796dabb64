"""The limits of a link check: what is allowed and what is polite. Every part of a check follows them."""

from __future__ import annotations

import socket
import time
from dataclasses import field
from typing import TYPE_CHECKING

import newsletter
from newsletter.check.facts.hosts import is_public
from newsletter.records import dataclass

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

    from newsletter.check.facts.hosts import Ip

PORTS = frozenset({80, 443, 8080, 8443})
"""The usual ports of web sites. A link to another port is not followed."""


def resolve(host: str, port: int) -> tuple[str, ...]:
    """The IP addresses of a name, in the order in which the system would try them. Raises OSError if there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def is_allowed(ip: Ip, port: int) -> bool:
    """Whether a connection is allowed: only to public addresses, and to the ports of the web."""
    return port in PORTS and is_public(ip)


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of a link check. The defaults are for the open web."""

    at_once: int = 8
    """The number of sites that are requested at the same time, with one address at a time for each."""
    pause: float = 0.5
    """Seconds between two requests to one site."""
    timeout: float = 10.0
    """Seconds for one request, from connecting to the end of its headers."""
    patience: float = 30.0
    """The seconds for one address with all its redirects, and the longest that a site may ask to wait."""
    redirects: int = 10
    agent: str = f"newsletter-press/{newsletter.__version__} (link check)"
    """The User-Agent (RFC 9110 §10.1.5)."""
    resolve: Callable[[str, int], Sequence[str]] = resolve
    allow: Callable[[Ip, int], bool] = is_allowed
    certificates: ssl.SSLContext | None = None
    """The certificates to trust; None for those of the system."""
    clock: Callable[[], float] = time.monotonic
    """The seconds of a clock, only for timeouts and pauses."""
    sleep: Callable[[float], None] = field(default=time.sleep)
