"""The index: an SQLite file with the passages of all issues and the words of each (FTS5, contentless).

The time of a search hardly grows with the number of issues. The index is made from the sources and can be made again at
any time. It must only be opened if this program wrote it (see commands/indexing.py).

The id of an issue contains its date, and the id of a passage contains that of its issue. So if a word is in too many
passages to rank them all, the newest are found first.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from newsletter.archive.search.folding import words
from newsletter.archive.search.passages import (
    CAPTION,
    TEXT,
    TITLE,
    LinkedTo,
    Run,
    TextPassage,
    address_text,
)
from newsletter.archive.search.query import Filter, Query, Term, day_of, link_keys, words_of
from newsletter.errors import UsageError
from newsletter.records import dataclass
from newsletter.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

VERSION = 1
"""The version of the tables below. It must be raised with each change of the tables or their content."""
_SCHEMA = """
CREATE TABLE issues(id INTEGER PRIMARY KEY, path TEXT UNIQUE, mark TEXT, day TEXT, authors TEXT, tags TEXT, facts TEXT);
CREATE TABLE unread(path TEXT PRIMARY KEY, mark TEXT);
CREATE TABLE passages(id INTEGER PRIMARY KEY, section TEXT, paid INTEGER, body BLOB);
CREATE TABLE links(host TEXT, address TEXT, passage INTEGER, place INTEGER,
                   PRIMARY KEY(host, address, passage, place)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(title, text, captions, links, content='', tokenize='ascii', prefix='2 3');
"""
_WEIGHTS = "8.0, 1.0, 1.2, 0.7"
"""The weight of a word in each column of `words` (bm25)."""
_MINUTES, _ALIKE, _INSIDE = 26, 16, 12
"""Bits of a passage's id: the minute of its issue since 1970, the number of the issue in that minute, and of the passage in it."""
MOST = 3000
"""The number of passages that are ranked. If more match, only the newest are ranked."""


_PLAIN = re.compile(r"[a-z]{4,30}")
"""Words in which typos are recognized."""
_TYPO = 0.8
"""The least likeness (difflib's ratio) of a word that is suggested."""


@dataclass(frozen=True, slots=True)
class IndexedIssue:
    """An issue in the index, without its text. Plain values."""

    path: str
    """The file from which it was read, relative to the workspace; for a deleted issue, its frozen source."""
    title: str
    slug: str = ""
    id: str = ""
    kind: str = ""
    number: int | None = None
    date: str = ""
    """ISO 8601 with offset; empty if it has none."""
    day: str = ""
    """The date alone; if it has none, the date at the beginning of its file name."""
    draft: bool = False
    language: str = ""
    authors: Sequence[str] = ()
    """Names, as readers see them."""
    tags: Sequence[str] = ()
    words: int = 0
    items: int = 0
    figures: int = 0
    links: int = 0
    sections: Sequence[str] = ()
    """The headings of its sections, in order."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches."""

    issue: IndexedIssue
    passage: TextPassage
    paid: bool
    """Whether a part of it is only for paying readers."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The results, best first."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    """The number of passages, or of issues if the words are `spread`."""
    more: bool = False
    """Whether there are more than `total`, which were not examined."""
    spread: bool = False
    """Whether no passage has all words, and these issues have them in several."""


@dataclass(frozen=True, slots=True)
class LinkHit:
    """A link that matches."""

    issue: IndexedIssue
    passage: TextPassage
    link: LinkedTo


def connect(path: Path, *, write: bool = False) -> sqlite3.Connection:
    """The index in the file at `path`, for reading, or for writing without other users. Raises sqlite3.Error."""
    # Opened as immutable: without locks, and without reading the journal of an interrupted process.
    asked = "mode=rwc" if write else "mode=ro&immutable=1"
    found = sqlite3.connect(f"{path.absolute().as_uri()}?{asked}", uri=True, isolation_level=None)
    found.execute("PRAGMA trusted_schema = OFF")
    if write:
        found.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
    return found


class IndexWriter:
    """Writes an index that no other process has open."""

    def __init__(self, path: Path, *, new: bool) -> None:
        self._base = connect(path, write=True)
        if new:
            try:
                self._base.executescript(_SCHEMA)
            except sqlite3.OperationalError as error:
                self._base.close()
                if "fts5" not in str(error):  # such as a full disk
                    raise
                raise UsageError(
                    f"the archive cannot be searched: this Python has SQLite {sqlite3.sqlite_version} without FTS5",
                    hint="Use a Python whose SQLite includes FTS5, such as the one from python.org or from a Linux distribution.",
                ) from error
        self._base.execute("BEGIN")

    def add(self, issue: IndexedIssue, passages: Sequence[TextPassage], mark: str, moment: float | None) -> None:
        """Adds an issue. `mark` shows later whether it has changed; `moment` is its date in seconds since 1970."""
        number = self._free_id(moment, issue.number or 0)
        authors = " | ".join(" ".join(words(name)) for name in issue.authors)
        tags = "|".join(" ".join(words(tag)) for tag in issue.tags)
        facts = _to_json(asdict(issue))
        row = (number, issue.path, mark, issue.day, f" {authors} ", f"|{tags}|", facts)
        self._base.execute("INSERT INTO issues VALUES(?, ?, ?, ?, ?, ?, ?)", row)
        for at, passage in enumerate(passages[: 1 << _INSIDE]):
            self._put(number << _INSIDE | at, passage)

    def _put(self, number: int, passage: TextPassage) -> None:
        paid = any(run.paid for run in passage.runs) or any(link.paid for link in passage.links)
        section = f" {' '.join(words(passage.section))} "
        self._base.execute("INSERT INTO passages VALUES(?, ?, ?, ?)", (number, section, paid, _packed(passage)))
        self._base.execute(
            "INSERT INTO words(rowid, title, text, captions, links) VALUES(?, ?, ?, ?, ?)", (number, *_columns(passage))
        )
        rows = [(link.host, link.address, number, at) for at, link in enumerate(passage.links)]
        self._base.executemany("INSERT INTO links VALUES(?, ?, ?, ?)", rows)

    def _free_id(self, moment: float | None, number: int) -> int:
        """An unused id, made from the minute and, if possible, in order of number."""
        last = (1 << _MINUTES) - 1
        minute = last if moment is None else min(max(int(moment // 60), 0), last - 1)
        first, end = minute << _ALIKE, (minute + 1 << _ALIKE) - 1
        wanted = first + min(max(number, 0), end - first)
        taken = self._base.execute("SELECT id FROM issues WHERE id BETWEEN ? AND ?", (first, end))
        ids = {each for (each,) in taken}
        return next(each for each in chain(range(wanted, end + 1), range(wanted, first, -1)) if each not in ids)

    def remove(self, path: str) -> None:
        """Removes an issue, if the index has it."""
        self._base.execute("DELETE FROM unread WHERE path = ?", (path,))
        found = self._base.execute("SELECT id FROM issues WHERE path = ?", (path,)).fetchone()
        if found is None:
            return
        inside = (found[0] << _INSIDE, (found[0] + 1 << _INSIDE) - 1)
        for number, body in self._base.execute(
            "SELECT id, body FROM passages WHERE id BETWEEN ? AND ?", inside
        ).fetchall():
            passage = _unpacked(body)
            # To delete a row, a contentless index needs its content.
            self._base.execute(
                "INSERT INTO words(words, rowid, title, text, captions, links) VALUES('delete', ?, ?, ?, ?, ?)",
                (number, *_columns(passage)),
            )
            rows = [(link.host, link.address, number, at) for at, link in enumerate(passage.links)]
            self._base.executemany(
                "DELETE FROM links WHERE host = ? AND address = ? AND passage = ? AND place = ?", rows
            )
        self._base.execute("DELETE FROM passages WHERE id BETWEEN ? AND ?", inside)
        self._base.execute("DELETE FROM issues WHERE id = ?", (found[0],))

    def note(self, path: str, mark: str) -> None:
        """Records that the issue cannot be read, so that its passages are not in the index."""
        self._base.execute("INSERT INTO unread VALUES(?, ?)", (path, mark))

    def remark(self, path: str, mark: str) -> None:
        """Records a new mark for an unchanged issue."""
        self._base.execute("UPDATE issues SET mark = ? WHERE path = ?", (mark, path))
        self._base.execute("UPDATE unread SET mark = ? WHERE path = ?", (mark, path))

    def close(self) -> None:
        """Writes everything to the file."""
        self._base.execute("COMMIT")
        self._base.close()

    def optimise(self) -> None:
        """Merges the parts of the index that were added issue by issue."""
        self._base.execute("INSERT INTO words(words) VALUES('optimize')")


def _columns(passage: TextPassage) -> tuple[str, str, str, str]:
    """The words of a passage, for each column of the index."""
    texts: dict[str, list[str]] = {TITLE: [], TEXT: [], CAPTION: []}
    for run in passage.runs:
        texts[run.kind] += words(run.text)
    links = [word for link in passage.links for word in words(address_text(link.href))]
    title, text, captions = (" ".join(texts[kind]) for kind in (TITLE, TEXT, CAPTION))
    return title, text, captions, " ".join(links)


def _packed(passage: TextPassage) -> bytes:
    plain = [
        passage.section,
        passage.title,
        passage.line,
        passage.anchor,
        [[run.kind, run.text, run.lines, run.paid] for run in passage.runs],
        [[link.href, link.address, link.host, link.text, link.line, link.paid] for link in passage.links],
    ]
    return zlib.compress(_to_json(plain).encode(), 1)


def _unpacked(body: bytes) -> TextPassage:
    section, title, line, anchor, runs, links = json.loads(zlib.decompress(body))
    return TextPassage(
        section,
        title,
        line,
        anchor,
        tuple(Run(kind, text, tuple((start, at) for start, at in lines), paid) for kind, text, lines, paid in runs),
        tuple(LinkedTo(*link) for link in links),
    )


def _to_json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode()  # SQLite cannot store a lone surrogate


class Index:
    """An index for reading. Raises sqlite3.Error if it is damaged."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def close(self) -> None:
        """Closes the file."""
        self._base.close()

    def marks(self) -> dict[str, str]:
        """The mark of each issue, by path."""
        return dict(self._base.execute("SELECT path, mark FROM issues UNION ALL SELECT path, mark FROM unread"))

    def ids(self) -> list[tuple[str, str]]:
        """Path and permanent id of each issue."""
        return self._base.execute("SELECT path, json_extract(facts, '$.id') FROM issues").fetchall()

    def issues(self) -> Iterator[IndexedIssue]:
        """All issues, oldest first; those without a date last."""
        for (facts,) in self._base.execute("SELECT facts FROM issues ORDER BY id"):
            yield _issue(facts)

    def links(self) -> Iterator[tuple[str, str]]:
        """The domain (see `domain_of`) of each link on the web, and the path of the issue that it is in."""
        paths = dict(self._base.execute("SELECT id, path FROM issues"))
        for host, passage in self._base.execute("SELECT host, passage FROM links WHERE host != ''"):
            yield host, paths[passage >> _INSIDE]

    def search(self, query: Query, *, limit: int, among: Collection[str] | None = None) -> Hits:
        """The best passages for a query; `among` are the paths of the issues that count, if not all do."""
        conditions, values = _conditions(query.filters)
        if among is not None:
            conditions.append("issues.path IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(among)))
        if not query.terms:
            return self._filtered(query, conditions, values, limit)
        asked = " AND ".join(term.text for term in query.terms)
        rows = self._rows(_match(asked, query.without), conditions, values)
        if not rows and len(query.terms) > 1:
            return self._spread(query, conditions, values, limit)
        rows.sort(key=lambda row: (row[1], -row[0]))
        found = self._hits([number for number, _ in rows[:limit]])
        return Hits(found, min(len(rows), MOST), len(rows) > MOST)

    def _rows(self, match: str, conditions: Sequence[str], values: Sequence[Any]) -> list[tuple[int, float]]:
        """The newest passages that match, each with its rank; lower is better."""
        where = "".join(f" AND {condition}" for condition in conditions)
        # In this order, because otherwise SQLite would read every issue.
        joined = f" CROSS JOIN passages ON passages.id = words.rowid CROSS JOIN issues ON issues.id = words.rowid >> {_INSIDE}"
        asked = (
            f"SELECT words.rowid, bm25(words, {_WEIGHTS}) FROM words{joined if where else ''} "  # noqa: S608 - of our own parts
            f"WHERE words MATCH ?{where} ORDER BY words.rowid DESC LIMIT {MOST + 1}"
        )
        return self._base.execute(asked, (match, *values)).fetchall()

    def _spread(self, query: Query, conditions: Sequence[str], values: Sequence[Any], limit: int) -> Hits:
        """The issues that have all words, but not in one passage."""
        common = set.intersection(*map(self._issues_with, query.terms))
        common -= set().union(*map(self._issues_with, query.without))
        if not common:
            return Hits()
        every = json.dumps(sorted(common))
        conditions = [*conditions, "issues.id IN (SELECT value FROM json_each(?))"]
        asked = " OR ".join(term.text for term in query.terms)
        rows = self._rows(asked, conditions, [*values, every])
        best: dict[int, tuple[float, int]] = {}
        for number, rank in rows:
            best[number >> _INSIDE] = min(best.get(number >> _INSIDE, (rank, number)), (rank, number))
        chosen = sorted(best.values())
        return Hits(self._hits([number for _, number in chosen[:limit]]), len(chosen), len(rows) > MOST, spread=True)

    def _issues_with(self, term: Term) -> set[int]:
        asked = "SELECT rowid FROM words WHERE words MATCH ?"
        return {number >> _INSIDE for (number,) in self._base.execute(asked, (term.text,))}

    def nearest(self, query: Query) -> dict[str, str]:
        """For each word of a query that is in no issue, the most similar word that is, if there is one."""
        missing = [
            word
            for term in query.terms
            if not term.begins
            for word in term.words
            if _PLAIN.fullmatch(word) and not self._has(word)
        ]
        if not missing:
            return {}
        self._base.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, words, row)")
        found = {}
        for word in dict.fromkeys(missing):
            asked = "SELECT term FROM temp.vocabulary WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ? ORDER BY doc DESC"
            near = self._base.execute(asked, (word[0], _behind(word[0]), len(word) - 2, len(word) + 2))
            if meant := closest(word, [term for (term,) in near if _PLAIN.fullmatch(term)], cutoff=_TYPO):
                found[word] = meant
        return found

    def _has(self, word: str) -> bool:
        return (
            self._base.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (f'"{word}"',)).fetchone() is not None
        )

    def _filtered(self, query: Query, conditions: list[str], values: list[Any], limit: int) -> Hits:
        """The passages for a query that has only filters, newest first. If it asks for issues, their heads."""
        if query.without:
            conditions.append("passages.id NOT IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(" OR ".join(term.text for term in query.without))
        asked_of_passages = query.without or any(
            each.key in {"section", "link"} or each.value == "paid" for each in query.filters
        )
        inside = f"BETWEEN issues.id << {_INSIDE} AND (issues.id << {_INSIDE}) + {(1 << _INSIDE) - 1}"
        asked = (
            f"SELECT passages.id FROM issues CROSS JOIN passages "  # noqa: S608 - of our own parts
            f"ON passages.id {inside if asked_of_passages else f'= issues.id << {_INSIDE}'} "
            f"WHERE {' AND '.join(conditions) or '1'} ORDER BY passages.id DESC LIMIT {MOST + 1}"
        )
        rows = [number for (number,) in self._base.execute(asked, values)]
        # The newest first, and within an issue in order.
        rows.sort(key=lambda number: (-(number >> _INSIDE), number))
        return Hits(self._hits(rows[:limit]), min(len(rows), MOST), len(rows) > MOST)

    def _hits(self, numbers: Sequence[int]) -> tuple[Hit, ...]:
        issues = self._issues({number >> _INSIDE for number in numbers})
        found = []
        for number in numbers:
            paid, body = self._base.execute("SELECT paid, body FROM passages WHERE id = ?", (number,)).fetchone()
            found.append(Hit(issues[number >> _INSIDE], _unpacked(body), bool(paid)))
        return tuple(found)

    def _issues(self, numbers: Iterable[int]) -> Mapping[int, IndexedIssue]:
        asked = "SELECT id, facts FROM issues WHERE id IN (SELECT value FROM json_each(?))"
        return {number: _issue(facts) for number, facts in self._base.execute(asked, (json.dumps(sorted(numbers)),))}

    def with_address(self, host: str, address: str) -> tuple[LinkHit, ...]:
        """The links to an address (see `same_address`) of a domain (see `domain_key`), the newest first."""
        return self._link_hits("host = ? AND address = ?", (host, address))

    def with_page(self, host: str, page: str) -> tuple[LinkHit, ...]:
        """The links to a page, with any query and fragment."""
        bare = "substr(address, 1, length(?1)) = ?1 AND substr(address, length(?1) + 1, 1) IN ('', '/', '?', '#')"
        return tuple(
            hit for hit in self._link_hits(f"host = ?2 AND {bare}", (page, host)) if page_of(hit.link.address) == page
        )

    def with_domain(self, host: str, *, but: str, limit: int) -> tuple[tuple[LinkHit, ...], int, int]:
        """The newest links to a domain and its subdomains, how many there are, and in how many issues; all `but` those to a page."""
        where = (
            "host >= ?1 AND host < ?2 AND NOT (host = ?1 AND substr(address, 1, length(?3)) = ?3 "
            "AND substr(address, length(?3) + 1, 1) IN ('', '/', '?', '#'))"
        )
        values = (host, _behind(host), but)
        asked = f"SELECT count(*), count(DISTINCT passage >> {_INSIDE}) FROM links WHERE {where}"  # noqa: S608 - of our own parts
        times, issues = self._base.execute(asked, values).fetchone()
        return self._link_hits(where, values, limit), times, issues

    def _link_hits(self, where: str, values: Sequence[str], limit: int = MOST) -> tuple[LinkHit, ...]:
        asked = f"SELECT passage, place FROM links WHERE {where} ORDER BY passage DESC, place LIMIT {limit}"  # noqa: S608 - of our own parts
        rows = self._base.execute(asked, tuple(values)).fetchall()
        hits = dict(zip((number for number, _ in rows), self._hits([number for number, _ in rows]), strict=True))
        return tuple(
            LinkHit(hits[number].issue, hits[number].passage, hits[number].passage.links[at]) for number, at in rows
        )


def page_of(address: str) -> str:
    """An address, as `same_address` has it, without its query and fragment."""
    return address.partition("#")[0].partition("?")[0].rstrip("/")


def _behind(beginning: str) -> str:
    """The first text in sort order after all texts with this beginning."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


def _issue(facts: str) -> IndexedIssue:
    return IndexedIssue(**json.loads(facts))


def _match(asked: str, without: Sequence[Term]) -> str:
    """The query in the syntax of FTS5 (sqlite.org/fts5.html §3)."""
    return f"({asked}) NOT ({' OR '.join(term.text for term in without)})" if without else asked


def _conditions(filters: Sequence[Filter]) -> tuple[list[str], list[Any]]:
    """The conditions of filters, in SQL. Filters by state are resolved before."""
    conditions: list[str] = []
    values: list[Any] = []
    for each in filters:
        condition, asked = _condition(each)
        if condition:
            conditions.append(f"NOT ({condition})" if each.negated else condition)
            values += asked
    return conditions, values


def _condition(each: Filter) -> tuple[str, list[Any]]:
    match each.key:
        case "before":
            return "issues.day != '' AND issues.day < ?", [day_of(each.key, each.value)]
        case "after":
            return "issues.day >= ?", [day_of(each.key, each.value)]
        case "tag":
            wanted = "|" + " ".join(words(each.value)) + ("" if each.value.endswith("*") else "|")
            return "instr(issues.tags, ?)", [wanted]
        case "author" | "section":
            column = "issues.authors" if each.key == "author" else "passages.section"
            terms = [f" {' '.join(term.words)}{'' if term.begins else ' '}" for term in words_of(each.value)]
            return " AND ".join([f"instr({column}, ?)"] * len(terms)) or "0", [*terms]
        case "link":
            host, address = link_keys(each.value)
            if address:
                inside = "SELECT passage FROM links WHERE host = ? AND address >= ? AND address < ?"
                return f"passages.id IN ({inside})", [host, address, _behind(address)]
            return "passages.id IN (SELECT passage FROM links WHERE host >= ? AND host < ?)", [host, _behind(host)]
        case "is" if each.value == "paid":
            return "passages.paid", []
        case _:
            return "", []
