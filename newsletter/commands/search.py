"""Searches past issues for words and links."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any, TypeVar

from newsletter.archive.matching import assign, changes
from newsletter.archive.record import Record, load_record
from newsletter.archive.search.index import page_of
from newsletter.archive.search.passages import domain_of, host_key
from newsletter.archive.search.query import read_query
from newsletter.archive.search.snippets import snippet_of
from newsletter.commands.indexing import forget_index, open_index
from newsletter.errors import UsageError, WorldError
from newsletter.project.hashes import Hashes
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsletter.archive.record import RecordedIssue
    from newsletter.archive.search.index import Hit, Hits, Index, IndexedIssue, LinkHit
    from newsletter.archive.search.query import Query

Answer = TypeVar("Answer")
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:(?!\d|//)|(?!https?:)[a-z][a-z0-9+.-]*://", re.IGNORECASE)
"""The scheme of an address that is not on the web (`mailto:`, `ftp://`), but not a host with a port."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The results of a search."""

    query: Query
    found: Hits
    states: States
    nearest: Mapping[str, str]
    """If nothing was found: for each word that no issue has, the words that it may be a typo of."""


@dataclass(frozen=True, slots=True)
class LinkSearch:
    """The past uses of a link, the newest first. Each hit is only in the closest of the three groups."""

    address: str
    exact: tuple[LinkHit, ...]
    """The same address, ignoring the scheme, `www.`, tracking parameters and a slash at the end."""
    page: tuple[LinkHit, ...]
    """The same page with another query or fragment."""
    domain: tuple[LinkHit, ...]
    """Other pages of the same domain. If there are many, only the newest."""
    times: int
    """The number of links to other pages of the domain."""
    issues: int
    """The number of issues that have it."""
    host: str
    states: States

    @property
    def ran(self) -> bool:
        """Whether the link, or its page, was used before."""
        return bool(self.exact or self.page)


class States:
    """The states of the issues of an index at `now`.

    They come from the record if there is one; otherwise from the date and `draft`.
    """

    def __init__(self, root: Path, record: Record, now: datetime, index: Index) -> None:
        self._record = record
        self._now = now
        self._sources = {issue.source: issue for issue in record.issues}
        self._known: dict[str, RecordedIssue] = {}
        """The recorded entry of each issue, by path."""
        self._hashes = Hashes(root)
        self._hidden: frozenset[str] = frozenset()
        """Frozen texts of issues that are in the workspace under another name."""
        if record:
            ids = index.ids()
            self._known = assign(record, [each for each in ids if each[0] not in self._sources], self._hashes.of)
            self.save()
            there = {recorded.id for recorded in self._known.values()}
            frozen = {path: self._sources[path] for path, _ in ids if path in self._sources}
            self._hidden = frozenset(path for path, recorded in frozen.items() if recorded.id in there)
            self._known |= frozen

    def recorded(self, issue: IndexedIssue) -> RecordedIssue | None:
        """The entry of the record, for an issue in issues/ and for a frozen one."""
        return self._known.get(issue.path)

    def is_gone(self, issue: IndexedIssue) -> bool:
        """Whether it is only in archive/."""
        return issue.path in self._sources

    def is_hidden(self, issue: IndexedIssue) -> bool:
        """Whether it is the frozen text of an issue that is in the workspace under another name."""
        return issue.path in self._hidden

    def changed(self, issue: IndexedIssue) -> tuple[str, ...]:
        """The files of a published issue that have changed since it was published, by path relative to the workspace."""
        recorded = self.recorded(issue)
        if recorded is None or recorded.withdrawn or self.is_gone(issue):
            return ()
        return changes(recorded, issue.path, self._hashes)

    def save(self) -> None:
        """Saves the hashes of files, so that the next run reads only what is new."""
        self._hashes.save()

    def of(self, issue: IndexedIssue) -> str:
        """The state: draft, scheduled, ready, published, revised or withdrawn.

        Scheduled means that its date is in the future; ready means that only `newsletter publish` is missing.
        """
        recorded = self.recorded(issue)
        if recorded is not None:
            if recorded.withdrawn:
                return "withdrawn"
            return "revised" if recorded.revisions else "published"
        if issue.draft or not issue.date:
            return "draft"
        from datetime import datetime

        if datetime.fromisoformat(issue.date) > self._now:
            return "scheduled"
        # If there is a record, it decides what was published.
        return "ready" if self._record else "published"

    def among(self, query: Query, index: Index) -> set[str] | None:
        """The paths of the issues that match the `is:` of a search; None if all of them do."""
        asked = [each for each in query.filters if each.key == "is" and each.value != "paid"]
        if not asked and not self._hidden:
            return None
        return {
            issue.path
            for issue in index.issues()
            if not self.is_hidden(issue)
            and all(self._fits(self.of(issue), each.value) != each.negated for each in asked)
        }

    @staticmethod
    def _fits(state: str, wanted: str) -> bool:
        # Revised issues are published, too.
        return state == wanted or (wanted == "published" and state == "revised")


def with_index(
    root: Path,
    record: Record,
    ask: Callable[[Index], Answer],
    progress: Callable[[int, int], None] | None = None,
    processes: int | None = None,
) -> Answer:
    """Calls `ask` with the current index, and returns its answer. If the index is damaged, it is made again once."""
    for last in (False, True):
        try:
            with open_index(root, record=record, progress=progress, processes=processes) as index:
                return ask(index)
        except sqlite3.Error as error:
            forget_index(root)
            if last:
                raise WorldError(f"the index of past issues cannot be used: {error}") from error
    raise AssertionError


def search(
    root: Path,
    text: str,
    *,
    now: datetime,
    sections: Iterable[str] = (),
    limit: int = 20,
    progress: Callable[[int, int], None] | None = None,
    processes: int | None = None,
) -> Searched:
    """The best passages for a search (see archive/search/query.py). Raises UsageError for an invalid search."""
    query = read_query(text, sections=sections)
    if not query:
        raise UsageError("the search has no words", hint="For example: newsletter archive search electrolyser")
    record = load_record(root)

    def ask(index: Index) -> Searched:
        states = States(root, record, now, index)
        found = index.search(query, limit=limit, among=states.among(query, index))
        return Searched(query, found, states, {} if found.hits else index.nearest(query))

    return with_index(root, record, ask, progress, processes)


def search_link(
    root: Path,
    address: str,
    *,
    now: datetime,
    limit: int = 20,
    progress: Callable[[int, int], None] | None = None,
) -> LinkSearch:
    """The past uses of a link, with `limit` links to other pages of its domain.

    Raises UsageError for an invalid web address.
    """
    from newsletter.check.facts.history import same_address

    whole = address if "://" in address else f"https://{address}"
    host, wanted = host_key(whole), same_address(whole)
    if not host or "@" in host or _OTHER_SCHEME.match(address) or any(char.isspace() for char in whole):
        raise UsageError(f"`{address}` is not a web address", hint="For example: --link https://example.org/story")
    record = load_record(root)

    def ask(index: Index) -> LinkSearch:
        states = States(root, record, now, index)

        def shown(hits: tuple[LinkHit, ...]) -> tuple[LinkHit, ...]:
            return tuple(hit for hit in hits if not states.is_hidden(hit.issue))

        page = page_of(wanted)
        domain, times, issues = index.with_domain(host, but=page, limit=limit)
        return LinkSearch(
            address=wanted,
            exact=shown(index.with_address(host, wanted)),
            page=shown(tuple(hit for hit in index.with_page(host, page) if hit.link.address != wanted)),
            domain=shown(domain),
            times=times,
            issues=issues,
            host=domain_of(host),
            states=states,
        )

    return with_index(root, record, ask, progress)


def plain_hit(hit: Hit, searched: Searched) -> dict[str, Any]:
    """A hit in the form of the JSON output: where it is, its type, and its snippet with the places of the matches."""
    snippet = snippet_of(hit.passage, searched.query.terms)
    return {
        "path": hit.issue.path,
        "line": snippet.line,
        "title": hit.passage.title or hit.issue.title,
        "section": hit.passage.section,
        "anchor": hit.passage.anchor,
        "snippet": snippet.text,
        "marks": [list(mark) for mark in snippet.marks],
        "in": snippet.kind,
        "paid": hit.paid,
        "issue": plain_issue(hit.issue, searched.states),
    }


def plain_link(hit: LinkHit, states: States) -> dict[str, Any]:
    """A past use of a link in the form of the JSON output."""
    return {
        "path": hit.issue.path,
        "line": hit.link.line,
        "url": hit.link.href,
        "text": hit.link.text,
        "title": hit.passage.title or hit.issue.title,
        "section": hit.passage.section,
        "paid": hit.link.paid,
        "issue": plain_issue(hit.issue, states),
    }


def plain_issue(issue: IndexedIssue, states: States) -> dict[str, Any]:
    """The name of an issue in plain values."""
    return {"number": issue.number, "date": issue.date, "title": issue.title, "state": states.of(issue)}
