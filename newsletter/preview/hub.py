"""The hub: notifies every open page of changes. A page that does not listen gets fewer notifications, never late ones, and none pile up."""

from __future__ import annotations

import asyncio

from newsletter.records import dataclass

MOST = 64
"""Pages that can listen at once."""


class Listener:
    """The changes that one page has not heard of yet, each once."""

    def __init__(self) -> None:
        self._topics: dict[str, None] = {}
        self._news = asyncio.Event()

    def tell(self, topic: str) -> None:
        """Something has changed."""
        self._topics[topic] = None
        self._news.set()

    async def hear(self) -> list[str]:
        """The changes, as soon as there are any."""
        await self._news.wait()
        self._news.clear()
        topics, self._topics = list(self._topics), {}
        return topics


class Hub:
    """All listeners. Of the event loop's thread, except for `tell_from_thread`."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.closed = False

    def open(self) -> None:
        """Belongs to the running event loop from now on."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Sends all listeners away."""
        self.closed = True
        for listener in self._listeners:
            listener.tell("bye")

    def join(self) -> Listener | None:
        """A new listener; None if there are as many as there can be."""
        if len(self._listeners) >= MOST or self.closed:
            return None
        listener = Listener()
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """A page has gone."""
        self._listeners.discard(listener)

    @property
    def count(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def tell_from_thread(self, change: Change) -> None:
        """Passes on what has changed, from any thread."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, change)

    def _tell(self, change: Change) -> None:
        topics = [f"issue {key}" for key in sorted(change.issues)] + [f"about {key}" for key in sorted(change.about)]
        topics += ["list"] * change.listing + [f"bug {change.bug}"] * bool(change.bug)
        for listener in self._listeners:
            for topic in topics:
                listener.tell(topic)


# ── What is told to the pages ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Change:
    """The result of looking at the disk again, or of work in idle time."""

    issues: frozenset[str] = frozenset()
    """Keys of issues whose picture may be another one."""
    about: frozenset[str] = frozenset()
    """Keys of issues of which the same picture is known better."""
    listing: bool = False
    """Whether the list of issues may be another one."""
    bug: str = ""
    """A bug of this program that occurred."""

    def and_then(self, later: Change) -> Change:
        """This and what came after it."""
        listing = self.listing or later.listing
        return Change(self.issues | later.issues, self.about | later.about, listing, later.bug or self.bug)
