"""Many addresses at once, of each site one at a time and with a pause between."""

from __future__ import annotations

import threading
from collections import deque
from queue import SimpleQueue
from typing import TYPE_CHECKING

from newsletter.linkcheck.follow import ask, site_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.links_base import LinkAnswer
    from newsletter.linkcheck.base import Policy


class PoliteTurns:
    """Gives each site its pause, whichever address leads there. For use by several threads."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, host: str) -> None:
        """Waits until it is our turn to ask `host`."""
        while True:
            with self._lock:
                now = self._policy.clock()
                wait = self._free.get(host, now) - now
                if wait <= 0:
                    self._free[host] = now + self._policy.pause
                    return
            self._policy.sleep(wait)

    def rest(self, host: str, seconds: float) -> None:
        """Nobody is to ask `host` for so long."""
        with self._lock:
            free = self._policy.clock() + seconds
            self._free[host] = max(self._free.get(host, free), free)


def ask_all(addresses: Iterable[str], policy: Policy) -> Iterator[tuple[str, LinkAnswer]]:
    """The answer for each address, as it comes in.

    Left early (by closing the iterator, or by an interrupt) it asks nothing more; what is under way ends by itself.
    """
    waiting = _by_site(addresses)
    if not waiting:
        return
    jobs: SimpleQueue[str | None] = SimpleQueue()
    done: SimpleQueue[tuple[str, LinkAnswer | None]] = SimpleQueue()
    turns = PoliteTurns(policy)
    workers = min(policy.at_once, len(waiting))
    for _ in range(workers):
        # Daemons: a person who interrupts is not made to wait for the slowest site.
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
                raise RuntimeError(f"asking {address} failed in an unforeseen way")
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
