"""The cache of web answers between runs. Without it, everything is requested again, with the same results."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from newsletter.check.facts.addresses import Hop, LinkAnswer
from newsletter.memory import recall, store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FORMAT = 1
"""Raised when the format of the file changes. Older files are then ignored."""
_WELL = timedelta(days=7)
_REFUSED = timedelta(days=1)
_ILL = timedelta(hours=1)
_FORGOTTEN = timedelta(days=90)


class Memory:
    """The answers that are known. `now` is the time of the run, with a time zone."""

    def __init__(self, root: Path, path: str, now: datetime) -> None:
        self._root = root
        self._path = path
        self._now = now
        self._known = _load(root, path)

    def fresh(self, addresses: Iterable[str]) -> dict[str, LinkAnswer]:
        """The addresses among `addresses` whose answer is recent enough."""
        found = {}
        for address in addresses:
            entry = self._known.get(address)
            if entry is not None and timedelta(0) <= self._now - entry[0] <= keeps(entry[1]):
                found[address] = entry[1]
        return found

    def add(self, address: str, answer: LinkAnswer) -> None:
        """Adds an answer."""
        self._known[address] = self._now, answer

    def forget(self, addresses: Iterable[str]) -> None:
        """Forgets the answers for these addresses."""
        for address in addresses:
            self._known.pop(address, None)

    def save(self) -> None:
        """Writes the file, without expired answers.

        If it cannot be written, the next run requests the addresses again.
        """
        young = {
            address: _plain(at, answer)
            for address, (at, answer) in sorted(self._known.items())
            if self._now - at < _FORGOTTEN
        }
        store(self._root, self._path, {"format": FORMAT, "links": young})


def keeps(answer: LinkAnswer) -> timedelta:
    """How long an answer is valid: a week if the link works, an hour if there is an error that may be fixed soon."""
    if 200 <= answer.status < 400:
        return _WELL
    if answer.status and answer.status < 500 and answer.status not in {404, 410}:
        return _REFUSED  # A site that only answers people (403) or got too many requests (429).
    return _ILL


def _plain(at: datetime, answer: LinkAnswer) -> dict[str, Any]:
    entry: dict[str, Any] = {"at": at.isoformat(timespec="seconds")}
    if answer.status:
        entry["status"] = answer.status
    if answer.trouble:
        entry["trouble"] = answer.trouble
    if answer.detail:
        entry["detail"] = answer.detail
    if answer.hops:
        entry["hops"] = [[hop.status, hop.to] for hop in answer.hops]
    return entry


def _load(root: Path, path: str) -> dict[str, tuple[datetime, LinkAnswer]]:
    try:
        stored = recall(root, path)
        if stored["format"] != FORMAT:
            return {}
        links: Mapping[str, Mapping[str, Any]] = stored["links"]
        return {address: _entry(plain) for address, plain in links.items()}
    except (ValueError, KeyError, TypeError, AttributeError):  # Missing or broken: it is only a cache.
        return {}


def _entry(plain: Mapping[str, Any]) -> tuple[datetime, LinkAnswer]:
    hops = tuple(Hop(int(status), str(to)) for status, to in plain.get("hops", ()))
    answer = LinkAnswer(int(plain.get("status", 0)), str(plain.get("trouble", "")), str(plain.get("detail", "")), hops)
    at = datetime.fromisoformat(plain["at"])
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return at, answer
