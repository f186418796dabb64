"""A search query as people type it.

It has words, "phrases", -without, begin*, and filters such as `author:jane` or `before:2024-03`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from newsletter.archive.search.folding import asked_words, is_unspaced
from newsletter.archive.search.passages import host_key
from newsletter.errors import UsageError
from newsletter.records import dataclass
from newsletter.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILTERS = {
    "author": "who wrote the issue: a name or a part of it",
    "tag": "a tag of the issue, or its beginning with *",
    "section": "words of the section's heading",
    "before": "dated before that year, month or day",
    "after": "dated in that year, month or day, or later",
    "link": "links to that domain, its subdomains, or pages below that address",
    "is": "draft, scheduled, ready, published, revised, withdrawn, or paid",
}
"""The description of each filter, by name."""
STATES = ("draft", "scheduled", "ready", "published", "revised", "withdrawn", "paid")
_MOST = 64
"""The most terms of a query."""
_PART = re.compile(
    r'(?P<minus>[-\u2212]?)(?:(?P<key>[^\W\d_]{2,12}):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))(?P<star>\*?)'
)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_QUOTES = str.maketrans("“”„«»＂", '""""""')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow each other, in the form of the index."""

    words: tuple[str, ...]
    begins: bool = False
    """Whether the last word may be the beginning of a longer one."""

    @property
    def text(self) -> str:
        """The query in the syntax of FTS5 (sqlite.org/fts5.html §3)."""
        return f'"{" ".join(self.words)}"{" *" if self.begins else ""}'


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on an issue or a passage, or its opposite."""

    key: str
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.without or self.filters)


def read_query(text: str, *, sections: Iterable[str] = ()) -> Query:
    """Parses `text`, a search in any of `sections` or in all. Raises UsageError for an unknown filter and for a date that does not exist."""
    terms: list[Term] = []
    without: list[Term] = []
    filters = [Filter("section", section) for section in sections]
    for found in _PART.finditer(text.translate(_QUOTES)):
        key = (found["key"] or "").casefold()
        value = found["quoted"] if found["quoted"] is not None else found["plain"]
        minus = bool(found["minus"])
        if not key and value[-1:] == ":" and value[:-1].casefold() in FILTERS:
            key, value = value[:-1].casefold(), ""
        if key in FILTERS:
            filters.append(_filter(key, value + found["star"], negated=minus))
            continue
        if key:
            _refuse_near(key, value)
            value = f"{found['key']}:{value}"
        begins = bool(found["star"]) or (found["quoted"] is None and value.endswith("*"))
        term = _term(value, begins=begins)
        if term:
            (without if minus else terms).append(term)
    if len(terms) + len(without) + len(filters) > _MOST:
        raise UsageError("the search is too long", hint=f"A search can have up to {_MOST} words and filters.")
    return Query(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(without)), tuple(dict.fromkeys(filters)))


def _term(text: str, *, begins: bool) -> Term | None:
    found = tuple(asked_words(text))
    # A single character of a script without spaces begins every pair that it is in.
    alone = len(found) == 1 and len(found[0]) == 1 and is_unspaced(found[0])
    return Term(found, begins or alone) if found else None


def _refuse_near(key: str, value: str) -> None:
    if value.startswith("//"):  # an address
        return
    near = closest(key, FILTERS, cutoff=0.75, fold=str)
    if near:
        raise UsageError(f"there is no filter `{key}:`", hint=f"Did you mean `{near}:{value}`?")


def _filter(key: str, value: str, *, negated: bool) -> Filter:
    value = value.strip()
    if not value.strip("*"):
        raise UsageError(f"`{key}:` needs a value", hint=f"It takes {FILTERS[key]}.")
    if key in {"before", "after"}:
        day_of(key, value)
    if key == "is" and value.casefold() not in STATES:
        raise UsageError(f"there is no state `{value}`", hint=f"The states are: {', '.join(STATES)}.")
    if key == "link" and not link_keys(value)[0]:
        raise UsageError(
            f"`{value}` is not a domain", hint="Write a domain, as in link:example.org, or a full address."
        )
    return Filter(key, value.casefold() if key == "is" else value, negated)


def day_of(key: str, value: str) -> str:
    """The day for `before:` and `after:`: the first of a year or month, or the day itself (ISO 8601)."""
    found = _DAY.fullmatch(value)
    try:
        if found:
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)).isoformat()
    except ValueError:
        pass
    hint = f"Write {key}:2024, {key}:2024-03 or {key}:2024-03-15."
    raise UsageError(f"`{key}:{value}` is not a date", hint=hint)


def link_keys(value: str) -> tuple[str, str]:
    """The domain (in the form of `domain_key`) and the beginning of the address for `link:`.

    The latter is "" if there is only a domain.
    """
    from newsletter.check.facts.history import same_address

    whole = value if "://" in value else f"https://{value}"
    key = host_key(whole)
    address = same_address(whole)
    if not key or "." not in key.rstrip("."):
        return "", ""
    return key, address if "/" in address or "?" in address else ""


def words_of(value: str) -> Iterator[Term]:
    """The words of a filter's value, each as a term."""
    for part in value.split():
        term = _term(part, begins=part.endswith("*"))
        if term:
            yield term
