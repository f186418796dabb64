"""Reading house.yaml key by key: each value is asked for by its type, and every fault is collected with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from newsletter.diagnostics import Diagnostic
from newsletter.house.format import Bounds, Need

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from enum import StrEnum

    from newsletter.model import Path, Span, YamlDocument

UNKNOWN_KEY = "HF011"
WRONG_VALUE = "HF012"
CONTRADICTION = "HF101"
HEADING = "HF102"
TWICE = "HF103"
SNIPPET = "HF104"
PLACE = "HF105"
EXPRESSION = "HF106"
SNIPPET_FIELD = "HF107"

ANY = Bounds()

_RANGE = re.compile(r"(\d+)\s*(?:-|–|to)\s*(\d+)|(?:at least\s+)(\d+)|(\d+)\s*[-–]|(?:at most\s+|[-–]\s*)(\d+)|(\d+)")
_MISSING = object()
_Choice = TypeVar("_Choice", bound="StrEnum")


def suggestion(word: str, known: Sequence[str]) -> str:
    """`did you mean …?` where `known` has something close, else what there is."""
    from difflib import get_close_matches

    close = get_close_matches(word.lower(), known, n=1)
    return f"Did you mean `{close[0]}`?" if close else f"There is: {', '.join(known)}." if known else ""


class Faults:
    """The faults found in one house format."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Diagnostic] = []

    def add(self, code: str, span: Span, message: str, mend: str = "", *, label: str = "", path: str = "") -> None:
        """One fault more, in house.yaml unless `path` names another file."""
        self.found.append(Diagnostic(path or self.path, span, code, message, label=label, mend=mend))


class Entry:
    """One mapping of the file. Ask for each key, then call `done`, which finds the keys that nobody asked for."""

    def __init__(self, document: YamlDocument, path: Path, values: dict[str, object], faults: Faults) -> None:
        self.document = document
        self.path = path
        self.values = values
        self.faults = faults
        self._known: list[str] = []

    # ── where things stand ──────────────────────────────────────────────────────────────────────────────────────────

    def where(self, *path: str | int) -> Span:
        """The place of a value in this mapping; without a path, of the key that holds the mapping."""
        return self.document.where(*self.path, *path) if path else self.document.where_key(*self.path)

    def wrong(self, key: str, wanted: str, *path: str | int, mend: str = "") -> None:
        """A value of the wrong type or out of its range; silent where the YAML itself was at fault."""
        if (*self.path, key) in self.document.broken:
            return
        self.faults.add(WRONG_VALUE, self.where(key, *path), f"`{key}` must be {wanted}", mend)

    def done(self) -> None:
        """Reports the keys that have no meaning here."""
        for key in self.values:
            if key not in self._known:
                place = self.document.where_key(*self.path, key)
                # In { } a comma ends a value, so that the rest of a sentence becomes a key without a value.
                cut = self.values[key] is None and " " in key
                mend = "A text with a comma needs quotation marks in { }." if cut else suggestion(key, self._known)
                self.faults.add(UNKNOWN_KEY, place, f"there is no key `{key}` here", mend)

    def _take(self, key: str) -> object:
        self._known.append(key)
        value = self.values.get(key, _MISSING)
        return _MISSING if value is None else value

    def has(self, key: str) -> bool:
        """Whether the key stands here with a value."""
        return self.values.get(key) is not None

    # ── values by type ──────────────────────────────────────────────────────────────────────────────────────────────

    def text(self, key: str, default: str = "") -> str:
        """A text; a number counts as the text it is written as."""
        value = self._take(key)
        if value is _MISSING:
            return default
        text = _as_text(value)
        if text is None:
            self.wrong(key, "a text", mend=_quote_mend(value))
        return default if text is None else text

    def texts(self, key: str, *, several: str = "a text or a list of texts") -> tuple[str, ...] | None:
        """A list of texts, or one; None where the key is not there."""
        value = self._take(key)
        if value is _MISSING:
            return None
        found = []
        for number, entry in enumerate(value if isinstance(value, list) else [value]):
            text = _as_text(entry)
            if text is None or not text.strip():
                self.wrong(key, several, *([number] if isinstance(value, list) else []), mend=_quote_mend(entry))
            else:
                found.append(text)
        return tuple(found)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false; `yes` and `no`, which are texts in YAML 1.2, are taken for what they say."""
        value = self._take(key)
        if value is _MISSING:
            return default
        plain = {"yes": True, "no": False}.get(value.lower()) if isinstance(value, str) else value
        if not isinstance(plain, bool):
            self.wrong(key, "true or false")
            return default
        return plain

    def number(self, key: str, default: int, *, within: Bounds) -> int:
        """A whole number."""
        value = self._take(key)
        if value is _MISSING:
            return default
        if isinstance(value, bool) or value not in within or not isinstance(value, int):
            self.wrong(key, f"a whole number from {within.minimum} to {within.maximum}")
            return default
        return value

    def bounds(self, key: str, default: Bounds = ANY) -> Bounds:
        """How many: `7`, `5-9`, `at least 5`, `at most 9` (or `5-`, `-9`)."""
        value = self._take(key)
        if value is _MISSING:
            return default
        bounds = _as_bounds(value)
        if bounds is None:
            self.wrong(key, "a number or a range", mend="Write 7, 5-9, at least 5 or at most 9.")
            return default
        low, high = bounds.minimum, bounds.maximum
        if low is not None and high is not None and low > high:
            message = f"`{key}` can never hold: at least {low} and at most {high}"
            self.faults.add(CONTRADICTION, self.where(key), message, f"Write {high}-{low}.")
            return default
        return bounds

    def choice(self, key: str, choices: type[_Choice], default: _Choice) -> _Choice:
        """One of the words of an enumeration."""
        return choices(self.word(key, tuple(choices), default))

    def word(self, key: str, words: Sequence[str], default: str) -> str:
        """One of the given words."""
        value = self._take(key)
        if value is _MISSING:
            return default
        if value not in words or not isinstance(value, str):
            shown = " or ".join(word for word in words if word)
            self.wrong(key, shown, mend=suggestion(str(value), [word for word in words if word]))
            return default
        return value

    def need(self, key: str, default: Need = Need.OPTIONAL) -> Need:
        """`required`, `optional` or `forbidden`."""
        return self.choice(key, Need, default)

    # ── what is nested ──────────────────────────────────────────────────────────────────────────────────────────────

    def child(self, key: str) -> Entry | None:
        """The mapping behind a key; None where it is not there."""
        value = self._take(key)
        if value is _MISSING:
            return None
        if not isinstance(value, dict):
            self.wrong(key, "a block of keys and values")
            return None
        return Entry(self.document, (*self.path, key), value, self.faults)

    def children(self) -> Iterator[tuple[str, object]]:
        """Every key of this mapping, whatever its name, with its value."""
        for key, value in self.values.items():
            self._known.append(key)
            yield key, value

    def inner(self, key: str, value: object) -> Entry:
        """The entry of one of the `children`: an empty one where the value is no mapping."""
        if value is not None and not isinstance(value, dict):
            self.faults.add(WRONG_VALUE, self.where(key), f"`{key}` must be a block of keys and values")
        return Entry(self.document, (*self.path, key), value if isinstance(value, dict) else {}, self.faults)


def _as_text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _quote_mend(value: object) -> str:
    if isinstance(value, dict):
        return "A text that starts with a brace needs quotation marks around it."
    return "Put quotation marks around it." if value is not None else ""


def _as_bounds(value: object) -> Bounds | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Bounds(None, -value) if value < 0 else Bounds(value, value)
    match = _RANGE.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        return None
    low, high, at_least, open_end, at_most, exactly = (
        None if group is None else int(group) for group in match.groups()
    )
    if exactly is not None:
        return Bounds(exactly, exactly)
    first = next((bound for bound in (low, at_least, open_end) if bound is not None), None)
    return Bounds(first, high if high is not None else at_most)
