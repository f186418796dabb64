"""The search field over the list of issues.

It searches like `newsletter archive search`, without blocking the rest of the preview.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from newsletter.archive.search.passages import TITLE
from newsletter.archive.search.snippets import snippet_of
from newsletter.commands.search import search
from newsletter.errors import NewsletterError
from newsletter.report.base import safe

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from newsletter.archive.search.index import Hit
    from newsletter.commands.search import Searched

LIMIT = 20
"""The most hits that are shown."""


class Searcher:
    """Searches the workspace at `root`, one search at a time.

    `key_of` gives the key of the issue in a file, "" if there is none.
    """

    def __init__(self, root: Path, now: Callable[[], datetime], key_of: Callable[[str], str]) -> None:
        self._root = root
        self._now = now
        self._key_of = key_of
        self._one = threading.Lock()

    def search(self, text: str) -> dict[str, Any]:
        """The results of a search as plain values, or the error in the search."""
        with self._one:
            try:
                text = _begun(text)
                # In this process: other processes would be forks of one with threads.
                searched = search(self._root, text, now=self._now(), limit=LIMIT, processes=1)
            except NewsletterError as error:
                return {
                    "hits": [],
                    "total": 0,
                    "more": False,
                    "spread": False,
                    "said": f"{error}. {error.hint}".strip(),
                }
        found = searched.found
        return {
            "hits": [self._hit(hit, searched) for hit in found.hits],
            "total": found.total,
            "more": found.more,
            "spread": found.spread,
            "said": "",
        }

    def _hit(self, hit: Hit, searched: Searched) -> dict[str, Any]:
        snippet = snippet_of(hit.passage, searched.query.terms)
        issue = hit.issue
        about = ["" if issue.number is None else f"No. {issue.number}", issue.day, hit.passage.section]
        if hit.paid:
            about.append("for paying readers only" if snippet.paid else "in part for paying readers only")
        return {
            "key": self._key_of(issue.path),
            "place": f"{issue.path}:{snippet.line}",
            "anchor": hit.passage.anchor,
            "title": safe(" ".join((hit.passage.title or issue.title).split())),
            "about": safe(" · ".join(" ".join(each.split()) for each in about if each and each != hit.passage.title)),
            "pieces": [] if snippet.kind == TITLE else [[safe(text), marked] for text, marked in snippet.pieces],
        }


def _begun(text: str) -> str:
    """The search text while it is being typed: its last word may be incomplete."""
    last = text.rsplit(" ", maxsplit=1)[-1]
    return f"{text}*" if last[-1:].isalnum() and not set(last) & set(':"') and text.count('"') % 2 == 0 else text
