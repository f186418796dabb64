"""From an address to an answer: HEAD first, GET where that is not understood, redirects one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from newsletter.check.links_base import Hop, LinkAnswer
from newsletter.linkcheck.fetch import request
from newsletter.linkcheck.guard import RefusedError, destination, redirected

if TYPE_CHECKING:
    from newsletter.linkcheck.base import Policy
    from newsletter.linkcheck.fetch import Response

REDIRECTS = frozenset({301, 302, 303, 307, 308})
WAIT = frozenset({429, 503})
"""Too many requests; not now. Either may come with the time to wait (RFC 9110 §10.2.3)."""
_WAITED_FOR = 2
"""How often one address is asked again because the site said so."""


class Turns(Protocol):
    """Who may ask a site when."""

    def take(self, host: str) -> None:
        """Waits until it is our turn to ask `host`."""

    def rest(self, host: str, seconds: float) -> None:
        """Nobody is to ask `host` for so long."""


def ask(address: str, policy: Policy, turns: Turns) -> LinkAnswer:
    """What the web says of `address`."""
    hops: list[Hop] = []
    seen = {address}
    end = policy.clock() + policy.patience
    current = address
    try:
        while True:
            response = _response(current, policy, turns)
            if response.status not in REDIRECTS or not response.location:
                return LinkAnswer(response.status, hops=tuple(hops))
            current = redirected(current, response.location)
            hops.append(Hop(response.status, current))
            if current in seen:
                return LinkAnswer(0, "loop", "back to where it was", tuple(hops))
            if len(hops) > policy.redirects:
                return LinkAnswer(0, "loop", f"more than {policy.redirects} redirects", tuple(hops))
            if policy.clock() > end:
                return LinkAnswer(0, "timeout", f"after {len(hops)} redirects", tuple(hops))
            seen.add(current)
    except RefusedError as refused:
        return LinkAnswer(0, refused.trouble, str(refused), tuple(hops))


def _response(address: str, policy: Policy, turns: Turns) -> Response:
    """The response to HEAD, or to GET where HEAD did not do: many a site knows nothing else."""
    waits = 0
    method = "HEAD"
    while True:
        where = destination(address, policy)
        turns.take(where.host)
        try:
            response = request(method, where, policy)
        except RefusedError as refused:
            if method == "HEAD" and refused.trouble in {"protocol", "refused", "timeout"}:
                method = "GET"
                continue
            raise
        seconds = _asked_to_wait(response, policy)
        if seconds is not None and waits < _WAITED_FOR:
            waits += 1
            turns.rest(where.host, seconds)
        elif method == "HEAD" and (response.status >= 400 or response.status < 200):
            method = "GET"
        else:
            return _whole(response)


def _asked_to_wait(response: Response, policy: Policy) -> float | None:
    """How many seconds the site asks to wait; None where it does not, or for longer than anyone would."""
    said = response.retry_after.strip()
    if response.status not in WAIT or not said.isdigit():
        return None
    seconds = float(said[:9])
    return seconds if seconds <= policy.patience else None


def _whole(response: Response) -> Response:
    """A page without anything in it cannot send its first kilobyte (416), but it is there."""
    from dataclasses import replace

    return replace(response, status=200) if response.status == 416 else response


def site_of(address: str) -> str:
    """The site that is asked for `address`: of each, one address is asked at a time."""
    return (urlsplit(address).hostname or "").lower()
