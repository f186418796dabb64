"""Whether issues keep the ids by which feed readers know them, compared with the current feeds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsletter.errors import UsageError
from newsletter.files import read_bytes
from newsletter.names import composed
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from newsletter.build.facts import IssueFacts

FEED = "feeds/feed.json"
"""The feed that is kept with the sources, and is the easiest to read."""
LIMIT = 100_000_000
"""The largest size of that feed, in bytes."""
_NAMED = 3


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry of the current feed."""

    id: str
    title: str
    slug: str
    """The slug of its page, if its address shows it."""


def known_entries(root: Path) -> tuple[KnownEntry, ...]:
    """The entries of the current feed.

    Empty if there is none, or if another program wrote it.
    """
    try:
        items = json.loads(read_bytes(root / FEED, LIMIT))["items"]
        return tuple(KnownEntry(str(item["id"]), str(item["title"])[:80], _slug(item.get("url"))) for item in items)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()


def _slug(url: object) -> str:
    path = urlsplit(url).path if isinstance(url, str) else ""
    return composed(unquote(path.rstrip("/").rpartition("/")[2]))


def refuse_new_ids(root: Path, public: Iterable[IssueFacts], all_ids: Iterable[str]) -> None:
    """Raises UsageError if issues in the feed would get another id, so that readers would see them again as unread.

    `public` are the issues for the feeds, `all_ids` the ids of every issue. An issue is recognized by the second half
    of its id, or by its address.
    """
    known = known_entries(root)
    lost = {entry.id: entry for entry in known} if known else {}
    for name in all_ids if lost else ():
        lost.pop(name, None)
    if not lost:
        return
    changes = list(
        _changes(lost.values(), [facts for facts in public if facts.id not in {entry.id for entry in known}])
    )
    if not changes:
        return
    raise UsageError(
        f"{_described(changes)}: feed readers would show {'it' if len(changes) == 1 else 'them'} again, as unread; nothing was written",
        hint=f"{_hint(changes)} If you want this, add --remove.",
    )


def _described(changes: list[tuple[KnownEntry, IssueFacts]]) -> str:
    entry, facts = changes[0]
    more = f" and {len(changes) - 1} more" if len(changes) > 1 else ""
    return (
        f"“{facts.title}” ({facts.path}){more} would get a different id in the feeds, {facts.id} instead of {entry.id}"
    )


def _changes(lost: Iterable[KnownEntry], new: list[IssueFacts]) -> Iterator[tuple[KnownEntry, IssueFacts]]:
    by_name = {_name(facts.id): facts for facts in new}
    by_slug = {composed(facts.slug): facts for facts in new}
    for entry in lost:
        if facts := by_name.get(_name(entry.id)) or by_slug.get(entry.slug):
            yield entry, facts


def _name(tag: str) -> str:
    """The last part of a tag: URI (RFC 4151), after the domain and its date: the name of an issue's folder."""
    return tag.split(":", 2)[-1]


def _entity(tag: str) -> str:
    return tag.split(":")[1] if tag.count(":") > 1 else ""


def _hint(changes: list[tuple[KnownEntry, IssueFacts]]) -> str:
    if changed := [entry for entry, facts in changes if _entity(entry.id) != _entity(facts.id)]:
        return f"Write `tag: {_entity(changed[0].id)}` under `feeds:` in newsletter.yaml to keep the old ids."
    lines = [f"`id: {unquote(_name(entry.id))}` into the front matter of {facts.path}" for entry, facts in changes]
    return f"Write {', '.join(lines[:_NAMED])}{f', and so in {len(lines) - _NAMED} more' if lines[_NAMED:] else ''}."
