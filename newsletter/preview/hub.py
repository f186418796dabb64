"""The hub: notifies every open page of changes.

A slow page gets fewer notifications, but never late ones, and no queue builds up.
"""

from __future__ import annotations

import asyncio

from newsletter.records import dataclass

MOST = 64
"""The most pages that can listen at once."""


class Listener:
    """The changes that one page has not received yet, each once."""

    def __init__(self) -> None:
        self._topics: dict[str, None] = {}
        self._news = asyncio.Event()

    def notify(self, topic: str) -> None:
        """Adds a change."""
        self._topics[topic] = None
        self._news.set()

    async def hear(self) -> list[str]:
        """Waits for changes, and returns them."""
        await self._news.wait()
        self._news.clear()
        topics, self._topics = list(self._topics), {}
        return topics


class Hub:
    """All listeners. Only for the event loop's thread, except for `tell_from_thread`."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.closed = False

    def open(self) -> None:
        """Starts; from now on it belongs to the running event loop."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Ends all listeners."""
        self.closed = True
        for listener in self._listeners:
            listener.notify("bye")

    def join(self) -> Listener | None:
        """Adds a listener; None if there are too many already."""
        if len(self._listeners) >= MOST or self.closed:
            return None
        listener = Listener()
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Removes the listener of a page that was closed."""
        self._listeners.discard(listener)

    @property
    def count(self) -> int:
        """The number of listeners."""
        return len(self._listeners)

    def notify_from_thread(self, change: Change) -> None:
        """Passes on a change, from any thread."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._notify, change)

    def _notify(self, change: Change) -> None:
        topics = [f"issue {key}" for key in sorted(change.issues)] + [f"about {key}" for key in sorted(change.about)]
        topics += ["list"] * change.listing + [f"bug {change.bug}"] * bool(change.bug)
        for listener in self._listeners:
            for topic in topics:
                listener.notify(topic)


@dataclass(frozen=True, slots=True)
class Change:
    """The changes after reading the disk again, or after background work."""

    issues: frozenset[str] = frozenset()
    """Keys of issues whose picture may have changed."""
    about: frozenset[str] = frozenset()
    """Keys of issues that have new details, but the same picture."""
    listing: bool = False
    """Whether the list of issues may have changed."""
    bug: str = ""
    """A bug of this program that occurred."""

    def and_then(self, later: Change) -> Change:
        """Combines this change with a later one."""
        listing = self.listing or later.listing
        return Change(self.issues | later.issues, self.about | later.about, listing, later.bug or self.bug)
