"""Requests many addresses at once, but only one at a time from each site, with a pause between requests."""

from __future__ import annotations

import threading
from collections import deque
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.check.facts.addresses import Hop, LinkAnswer
from newsletter.digits import whole_number
from newsletter.linkcheck.cookies import Cookies
from newsletter.linkcheck.fetch import RefusedError, destination, redirected, request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.linkcheck.fetch import Response
    from newsletter.linkcheck.policy import Policy


def ask_all(addresses: Iterable[str], policy: Policy) -> Iterator[tuple[str, LinkAnswer]]:
    """The answer for each address, as soon as it is known.

    If the iteration ends early (by closing the iterator, or by an interrupt), no more requests are made. Requests under
    way still finish.
    """
    waiting = _by_site(addresses)
    if not waiting:
        return
    jobs: SimpleQueue[str | None] = SimpleQueue()
    done: SimpleQueue[tuple[str, LinkAnswer | None]] = SimpleQueue()
    turns = PoliteTurns(policy)
    workers = min(policy.at_once, len(waiting))
    for _ in range(workers):
        # Daemon threads, so that an interrupt does not wait for the slowest site.
        threading.Thread(target=_work, args=(jobs, done, policy, turns), daemon=True).start()
    under_way = 0
    idle = deque(waiting)
    try:
        while idle or under_way:
            while idle and under_way < workers:
                jobs.put(waiting[idle.popleft()].popleft())
                under_way += 1
            address, answer = done.get()
            under_way -= 1
            if waiting[site_of(address)]:
                idle.append(site_of(address))
            if answer is None:
                raise RuntimeError(f"the request to {address} failed unexpectedly")
            yield address, answer
    finally:
        for _ in range(workers):
            jobs.put(None)


def _by_site(addresses: Iterable[str]) -> dict[str, deque[str]]:
    waiting: dict[str, deque[str]] = {}
    for address in dict.fromkeys(addresses):
        waiting.setdefault(site_of(address), deque()).append(address)
    return waiting


def _work(
    jobs: SimpleQueue[str | None],
    done: SimpleQueue[tuple[str, LinkAnswer | None]],
    policy: Policy,
    turns: PoliteTurns,
) -> None:
    while (address := jobs.get()) is not None:
        answer = None
        try:
            answer = ask(address, policy, turns)
        finally:
            done.put((address, answer))


def site_of(address: str) -> str:
    """The site of `address`. Only one address of each site is requested at a time."""
    return (urlsplit(address).hostname or "").lower()


class PoliteTurns:
    """Keeps the pauses between requests to a site, even if different addresses lead to it. It is thread-safe."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, host: str) -> None:
        """Waits until `host` may be requested."""
        while True:
            with self._lock:
                now = self._policy.clock()
                wait = self._free.get(host, now) - now
                if wait <= 0:
                    self._free[host] = now + self._policy.pause
                    return
            self._policy.sleep(wait)

    def rest(self, host: str, seconds: float) -> None:
        """Sends no requests to `host` for this time."""
        with self._lock:
            free = self._policy.clock() + seconds
            self._free[host] = max(self._free.get(host, free), free)


REDIRECTS = frozenset({301, 302, 303, 307, 308})
WAIT = frozenset({429, 503})
"""Too many requests, or unavailable now. Either may say how long to wait (RFC 9110 §10.2.3)."""
_WAITED_FOR = 2
"""How often one address is requested again at the site's request."""


_CIRCLE = "back to the first address"


def ask(address: str, policy: Policy, turns: PoliteTurns) -> LinkAnswer:
    """Requests `address`.

    If it redirects in a circle, requests it again as browsers do, because some sites answer only to them.
    """
    answer = _followed(address, policy, turns, "HEAD")
    return _followed(address, policy, turns, "GET") if answer.detail == _CIRCLE else answer


def _followed(address: str, policy: Policy, turns: PoliteTurns, method: str) -> LinkAnswer:
    """The answer for `address`, with its redirects.

    Like a browser, it follows a redirect to the same address with a new cookie. Cookies are kept only while this one
    address is followed.
    """
    hops: list[Hop] = []
    cookies = Cookies()
    seen = {(address, "")}
    redirects = 0
    end = policy.clock() + policy.patience
    current = address
    try:
        while True:
            response = _response(current, policy, turns, cookies, method)
            if response.status not in REDIRECTS or not response.location:
                return LinkAnswer(response.status, hops=tuple(hops))
            current = redirected(current, response.location)
            hops.append(Hop(response.status, current))
            redirects += 1
            if (current, cookies.of(current)) in seen:
                return LinkAnswer(0, "loop", _CIRCLE, tuple(hops))
            if redirects > policy.redirects:
                return LinkAnswer(0, "loop", f"more than {policy.redirects} redirects", tuple(hops))
            if policy.clock() > end:
                return LinkAnswer(0, "timeout", f"after {redirects} redirects", tuple(hops))
            seen.add((current, cookies.of(current)))
            _without_detour(hops, address)
    except RefusedError as refused:
        return LinkAnswer(0, refused.trouble, str(refused), tuple(hops))


def _without_detour(hops: list[Hop], address: str) -> None:
    """Removes a redirect from an address to itself."""
    stations = [address, *(hop.to for hop in hops)]
    del hops[stations.index(stations[-1]) :]


def _response(address: str, policy: Policy, turns: PoliteTurns, cookies: Cookies, method: str) -> Response:
    """The response to `method`: to HEAD, or to GET if HEAD failed, because many sites do not support it."""
    waits = 0
    while True:
        where = destination(address, policy)
        turns.take(where.host)
        try:
            response = request(method, where, policy, cookies.of(address))
            cookies.keep(address, response.cookies)
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
    """How many seconds the site asks to wait; None if it does not ask, or asks for too long."""
    seconds_text = response.retry_after.strip()
    seconds = whole_number(seconds_text)
    return float(seconds) if response.status in WAIT and seconds is not None and seconds <= policy.patience else None


def _whole(response: Response) -> Response:
    """Treats 416 as success: an empty page cannot send its first kilobyte, but it exists."""
    from dataclasses import replace

    return replace(response, status=200) if response.status == 416 else response
