"""One mapping of a configuration file: the rows of its keys, and a table that reads each key."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from newsletter.config.wellformed import Flaw
from newsletter.diagnostics import Diagnostic, in_order
from newsletter.late import late
from newsletter.names import composed
from newsletter.records import dataclass
from newsletter.suggest import closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from enum import StrEnum

    from newsletter.model import Path, Span, YamlDocument

    Reader = Callable[["ConfigTable", "Key", Any, Any], object]
    """From a table, a key of it, what holds otherwise, and what else there is to know, to what the key says."""


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


_Record = TypeVar("_Record", bound=_Dataclass)

Check = Callable[[str], Flaw | None]
"""A function that finds an error in a text, or returns None."""

UNKNOWN = "011"
WRONG = "012"
MISSING = "014"
_SECRET = late(r"pass(?:word|wd|phrase)?$|secret|token$|api[_-]?key|^key$", re.IGNORECASE)
"""Names of keys that probably hold a password or an API key."""
_KINDS = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a mapping"}


def nearest(word: str, known: Iterable[str]) -> str:
    """The entry of `known` that a key or name is most likely a typo of, ignoring hyphens; "" if none is close."""
    return closest(word, known, fold=_without_hyphens)


def _without_hyphens(name: str) -> str:
    return name.lower().replace("-", "_")


def read_table(
    document: YamlDocument, text: str, path: str, family: str, files: Mapping[Path, tuple[str, str]] | None = None
) -> ConfigTable:
    """The outermost mapping of a document that was read from `text`, the content of the file `path`.

    If a document is combined from several files, `files` has the path and text of each value's file.
    """
    return ConfigTable(document, (), document.values, _Report(text, path, family, files or {}))


class _Report:
    """The state that all tables of one file share."""

    def __init__(self, text: str, path: str, family: str, files: Mapping[Path, tuple[str, str]]) -> None:
        self.family = family
        self.faults: list[Diagnostic] = []
        self.tables: list[ConfigTable] = []
        self._file = (path, text)
        self._files = files

    def file(self, place: Path) -> tuple[str, str]:
        """The path and text of the file that a value is in, or its nearest ancestor that exists."""
        if self._files:
            for length in range(len(place), -1, -1):
                if place[:length] in self._files:
                    return self._files[place[:length]]
        return self._file


class ConfigTable:
    """A mapping of which each key is read once.

    `findings` of any table gives the errors of the whole file. Every method that reads gives its default if the key is
    absent, empty, or has an error.
    """

    def __init__(self, document: YamlDocument, at: Path, values: Mapping[str, object] | None, report: _Report) -> None:
        self._document = document
        self._at = at
        self._report = report
        self._absent = values is None
        """Whether the mapping does not exist. Then no key in it is reported as missing."""
        self._values = values or {}
        self._asked: dict[str, None] = {}
        self._missing: list[str] = []
        report.tables.append(self)

    def text(
        self,
        key: str,
        default: str = "",
        *,
        required: bool = False,
        lines: bool = False,
        choices: Sequence[str] = (),
        check: Check | None = None,
    ) -> str:
        """A text without space around it. A number or date is returned as it is written.

        With `lines`, it may have several lines.
        """
        value = self._ask(key, required=required)
        if value is None:
            return default
        text = self._as_text(value, key)
        if text is None or self._broken(key):
            return default
        text = text.strip()
        if "\n" in text and not lines:
            self.fault(
                f"{self.named(key)} must be a single line", key, advice="Write it on one line, or fold it with `>`."
            )
        elif not text and required:
            self.fault(f"{self.named(key)} is empty", key, advice="Fill it in.")
        elif choices and text not in choices:
            self._no_choice(key, text, choices)
        elif not text and check:
            return default  # as without the key: nothing that is checked can be empty
        elif check and (flaw := check(text)):
            self.fault(f"{self.named(key)} {flaw.problem}", key, advice=flaw.advice)
        else:
            return text
        return default

    def number(self, key: str, default: int = 0, *, minimum: int | None = None, maximum: int | None = None) -> int:
        """A whole number from `minimum` to `maximum`."""
        value = self._ask(key)
        if value is None or self._broken(key):
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(f"{self.named(key)} must be a whole number, not {_kind(value)}", key)
        elif (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            bounds = [f"at least {minimum}"] * (minimum is not None) + [f"at most {maximum}"] * (maximum is not None)
            self.fault(f"{self.named(key)} must be {' and '.join(bounds)}", key)
        else:
            return value
        return default

    def flag(self, key: str, *, default: bool = False) -> bool:
        """The boolean at `key`; `default` if there is none. Any other value is a fault."""
        value = self._ask(key)
        if value is None or self._broken(key):
            return default
        if not isinstance(value, bool):
            meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(str(value).lower())
            self.fault(f"{self.named(key)} must be true or false", key, advice=f"Write {meant}." if meant else "")
            return default
        return value

    def texts(self, key: str, *, check: Check | None = None) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        value = self._ask(key)
        if value is None or self._broken(key):
            return ()
        found = []
        entries = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, entry in entries:
            steps: Path = (key,) if index is None else (key, index)
            text = self._as_text(entry, *steps) if entry is not None else None
            if entry is None:
                self.fault(f"{self.named(*steps)} is empty", *steps)
            elif text is not None and check and (flaw := check(text)):
                self.fault(f"`{text}` {flaw.problem}", *steps, advice=flaw.advice)
            elif text is not None:
                found.append(text)
        return tuple(found)

    def table(self, key: str, *, required: bool = False) -> ConfigTable:
        """A mapping; an empty one if there is none."""
        value = self._ask(key, required=required)
        if isinstance(value, dict):
            return ConfigTable(self._document, (*self._at, key), value, self._report)
        if value is not None and not self._broken(key):
            self.fault(f"{self.named(key)} must be `name: value` lines, not {_kind(value)}", key)
        return ConfigTable(self._document, (*self._at, key), None, self._report)

    def tables(self, key: str) -> Iterator[tuple[str, ConfigTable]]:
        """The mappings by name in a mapping of mappings."""
        inner = self.table(key)
        for name in inner.names():
            yield name, inner.table(name)

    def value(self, key: str) -> object:
        """The value, of whatever type; None if there is none."""
        return self._ask(key)

    def names(self) -> tuple[str, ...]:
        """All keys, for a mapping whose keys the author chooses."""
        return tuple(self._values)

    def where(self, *steps: str | int) -> Span:
        """The position of a value."""
        return self._document.where(*self._at, *steps)

    def where_key(self, *steps: str | int) -> Span:
        """The position of the key of a value."""
        return self._document.where_key(*self._at, *steps)

    def fault(self, message: str, *steps: str | int, advice: str = "", code: str = WRONG, at_key: bool = False) -> None:
        """Reports an error in the value, or in the key, at `steps` from this mapping."""
        report = self._report
        path = (*self._at, *steps)
        span = self._document.where_key(*path) if at_key else self._document.where(*path)
        if span.end == span.start and self._document.key_spans.get(path):
            span = self._document.where_key(*path)
        report.faults.append(Diagnostic(report.file(path)[0], span, report.family + code, message, advice=advice))

    def findings(self) -> tuple[Diagnostic, ...]:
        """All errors in the file, unknown keys included, in order."""
        for table in self._report.tables:
            table.report_keys()
        return in_order(self._report.faults)

    def report_keys(self) -> None:
        """Reports every unknown key, and every missing key that was not merely misspelt."""
        misspelt = set()
        for key in self._values:
            if key not in self._asked:
                close = nearest(key, self._asked)
                misspelt.add(close)
                advice = f"Did you mean `{close}`?" if close else self._elsewhere(key) or self._known_keys()
                if _SECRET.search(str(key)):
                    self._secret(key)
                    continue
                self.fault(f"{self.named(key)} is not a known key", key, advice=advice, code=UNKNOWN, at_key=True)
        for key in self._missing:
            if key not in misspelt:
                advice = f"Add a line `{key}: …`."
                self.fault(f"{self.named(key)} is missing", advice=advice, code=MISSING, at_key=True)

    def _known_keys(self) -> str:
        return f"Choose one of: {', '.join(f'`{known}`' for known in self._asked)}."

    def _elsewhere(self, key: str) -> str:
        """The advice for a key that is known in one other place of the file; empty if it is known in none or several."""
        places = {table.place_of(key) for table in self._report.tables} - {""}
        return f"Did you mean {places.pop()}? {self._known_keys()}" if len(places) == 1 else ""

    def place_of(self, key: str) -> str:
        """A key of this mapping in words; empty if it is not a known key here."""
        if key not in self._asked:
            return ""
        return self.named(key) if self._at else f"the key `{key}` at the top level"

    def named(self, *steps: str | int) -> str:
        """The name of a value in messages: `theme.width`, `authors[2]`."""
        name = ""
        for step in (*self._at, *steps):
            name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
        return f"`{name}`"

    def _secret(self, key: str) -> None:
        """Reports a password.

        In a file that is kept in git, all who can read the repository know it, and it stays in the history.
        """
        advice = "Delete the line, and change the secret if the file has been shared. Store it with `newsletter login`. In CI, set it in the environment."
        self.fault(
            f"{self.named(key)} is a secret and must not be in this file", key, advice=advice, code=UNKNOWN, at_key=True
        )

    def _ask(self, key: str, *, required: bool = False) -> object:
        self._asked[key] = None
        value = self._values.get(key)
        if value is None and required and not self._absent and not self._broken(key):
            if key in self._values:
                self.fault(f"{self.named(key)} is empty", key, advice="Fill it in.")
            else:
                self._missing.append(key)
        return value

    def _broken(self, *steps: str | int) -> bool:
        return (*self._at, *steps) in self._document.broken

    def _as_text(self, value: object, *steps: str | int) -> str | None:
        if isinstance(value, str):
            return composed(value)  # Most are names, or are compared with other texts.
        if isinstance(value, int | float | date) and not isinstance(value, bool):
            span = self._document.where(*self._at, *steps)
            return self._report.file((*self._at, *steps))[1][span.start : span.end]
        advice = "If it is text, put it in quotes." if not isinstance(value, list) else ""
        self.fault(f"{self.named(*steps)} must be text, not {_kind(value)}", *steps, advice=advice)
        return None

    def _no_choice(self, key: str, text: str, choices: Sequence[str]) -> None:
        listed = ", ".join(f"`{choice}`" for choice in choices)
        advice = did_you_mean(text, choices, f"Write one of {listed}.", fold=_without_hyphens)
        self.fault(f"{self.named(key)} cannot be `{text}`", key, advice=advice)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a date")


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a configuration file, as one row. All code that reads, explains or checks the key uses the row."""

    name: str
    kind: StrEnum
    """The kind of its value."""
    about: str
    """The description that editors show, in Markdown; one line."""
    field: str = ""
    """The field of the record for its value; empty if it has the same name."""
    of: str = ""
    """The content of a block: which block it is, what is under each name, or what the names refer to."""
    choices: Sequence[str] = ()
    """The allowed words, or the allowed entries of a list."""
    least: int | None = None
    most: int | None = None
    pattern: str | re.Pattern[str] = ""
    """A pattern for the whole text, or for each name in the block."""
    taken: Collection[str] = ()
    """Names that cannot be used in the block."""
    check: Check | None = None
    """The check for a text."""
    required: bool = False
    default: object = None
    """The default, if editors show it."""
    examples: Sequence[object] = ()
    phrase: str = ""
    """The phrase for it in a description of the format in words. `{}` stands for its value."""

    @property
    def fills(self) -> str:
        """The field of the record for its value."""
        return self.field or self.name


def fill(
    record: _Record, keys: Sequence[Key], table: ConfigTable, readers: Mapping[StrEnum, Reader], known: object
) -> _Record:
    """A record in which the values of `table` replace its own, read in the order of its fields.

    A record within it takes keys from the same table. A key whose kind has no reader is read by code of its own.
    """
    rows = {key.fills: key for key in keys if key.kind in readers}
    values: dict[str, Any] = {}
    for name in record.__dataclass_fields__:
        held = getattr(record, name)
        if key := rows.get(name):
            values[name] = readers[key.kind](table, key, held, known)
        elif not rows.keys().isdisjoint(getattr(held, "__dataclass_fields__", ())):
            values[name] = fill(held, keys, table, readers, known)
    return replace(record, **values)


def read_number(table: ConfigTable, key: Key, otherwise: int | None, _known: object) -> int | None:
    """A whole number within the bounds of its row. If the value is not a number, None is kept."""
    number = table.number(key.name, -1 if otherwise is None else otherwise, minimum=key.least, maximum=key.most)
    return None if otherwise is None and number < 0 else number
