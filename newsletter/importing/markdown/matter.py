"""The front matter of other tools: YAML between `---`, TOML between `+++`, JSON, and lines `Key: value`."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import field
from typing import TYPE_CHECKING, Any

from newsletter.config.yaml import load as load_yaml
from newsletter.importing.base import ImportNote
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FENCED = re.compile(r"(?:[ \t]*\n)*(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY_LINE = re.compile(r"([A-Za-z][\w .-]{0,40}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_KEYS = frozenset(
    "title date modified tags category categories keywords slug author authors summary status template lang".split()
)
"""Lines `Key: value` are front matter only if one of these keys is among them."""
_LARGEST = 200_000
"""The longest front matter, in characters."""


@dataclass(frozen=True, slots=True)
class ForeignFront:
    """The front matter of a file from another tool."""

    values: Mapping[str, Any]
    """Plain values by key: dict, list, str, int, float, bool, None. A date is the text that was written."""
    start: int = 0
    """The offset of the body."""
    form: str = ""
    """`yaml`, `toml`, `json` or `keys`; empty if there is none."""
    notes: tuple[ImportNote, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each top-level key, if it is known."""

    def get(self, *keys: str) -> Any:
        """The first value that is not empty, in the order of `keys`, ignoring case; None if there is none."""
        folded = {key.casefold(): value for key, value in reversed(list(self.values.items()))}
        for key in keys:
            if (value := folded.get(key)) not in (None, "", [], {}):
                return value
        return None

    def text(self, *keys: str) -> str:
        """Like `get`, as text in one line; empty if the value is not text or a number."""
        value = self.get(*keys)
        return (
            " ".join(str(value).split()) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
        )

    def names(self, *keys: str, spaces: bool = False) -> tuple[str, ...]:
        """Like `get`, as names: from a list, or from text separated by commas or (with `spaces`) by blanks."""
        value = self.get(*keys)
        if isinstance(value, str):
            value = re.split(r"[,;]" if not spaces or re.search("[,;]", value) else r"\s+", value)
        if isinstance(value, dict):
            value = [value]
        if not isinstance(value, list):
            value = [] if value is None else [value]
        names = (entry.get("name", "") if isinstance(entry, dict) else entry for entry in value)
        return tuple(dict.fromkeys(name for entry in names if (name := " ".join(str(entry or "").split()))))


NO_FRONT = ForeignFront({})


def foreign_front(text: str, place: str, *, keys: bool = True) -> ForeignFront:
    """The front matter at the beginning of `text`; empty if there is none. `place` is the file in notes.

    With `keys`, lines `Key: value` are front matter, too. An entry that cannot be parsed is reported, and the rest is
    read.
    """
    if (found := _FENCED.match(text)) and found.end() <= _LARGEST:
        line = text.count("\n", 0, found.start(2)) + 1
        if found[1] == "+++":
            return _toml(found[2], found.end(), place, line)
        return _yaml(found[2], found.start(2), found.end(), place, line)
    if text.lstrip()[:1] == "{" and (read := _json(text)):
        return read
    return _key_lines(text) if keys else NO_FRONT


def _yaml(written: str, offset: int, end: int, place: str, line: int) -> ForeignFront:
    document, faults = load_yaml(written, place, "FM", offset=offset, line=line)
    values = {key: _as_written(document.values[key], (key,), document.written) for key in document.values}
    notes = tuple(
        ImportNote(f"{place}:{fault.span.line}:{fault.span.column}", f"in the front matter, {fault.message}", "lost")
        for fault in faults
    )
    lines = {str(path[0]): span.line for path, span in document.key_spans.items() if len(path) == 1}
    return ForeignFront(values, end, "yaml", notes, lines)


def _as_written(value: Any, path: tuple[str | int, ...], written: Mapping[tuple[str | int, ...], str]) -> Any:
    """A YAML value. Dates, and numbers that would lose characters (`007`, `3.10`), are the text that was written."""
    if isinstance(value, dict):
        return {key: _as_written(inner, (*path, key), written) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_written(inner, (*path, at), written) for at, inner in enumerate(value)]
    if value is None or isinstance(value, (str, bool)):
        return value
    text = written.get(path, str(value))
    return value if isinstance(value, (int, float)) and str(value) == text else text


def _toml(written: str, end: int, place: str, line: int) -> ForeignFront:
    notes: list[ImportNote] = []
    try:
        values = tomllib.loads(written)
    except ValueError as error:  # also for a number of more than 4,300 digits
        at = re.search(r"line (\d+)", str(error))
        where = f"{place}:{line + int(at[1]) - 1}" if at else f"{place}:{line}"
        notes.append(ImportNote(where, f"in the front matter, {_message_of(error)}", "lost"))
        values = _line_by_line(written)
    except RecursionError:
        notes.append(ImportNote(f"{place}:{line}", "the front matter is nested too deeply", "lost"))
        values = {}
    return ForeignFront(_plain(values), end, "toml", tuple(notes))


def _message_of(error: Exception) -> str:
    message = re.sub(r" \(at .*", "", str(error))
    return message[:1].lower() + message[1:200]


def _line_by_line(written: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for line in written.split("\n"):
        if line.startswith("["):
            break
        try:
            values.update(tomllib.loads(line))
        except (ValueError, RecursionError):
            continue
    return values


def _json(text: str) -> ForeignFront | None:
    start = len(text) - len(text.lstrip())
    try:
        values, end = json.JSONDecoder().raw_decode(text[:_LARGEST], start)
    except (ValueError, RecursionError):
        return None
    return ForeignFront(_plain(values), end, "json") if isinstance(values, dict) else None


def _plain(value: Any) -> Any:
    """A TOML or JSON value with dates as text."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _key_lines(text: str) -> ForeignFront:
    """Front matter in lines `Key: value` up to the first blank line. An indented line continues the value above."""
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    at, last = 0, ""
    for number, line in enumerate(_lines_of(text), 1):
        if not line.strip() and values:
            at += len(line)
            break
        if last and line[:1] in " \t" and line.strip():
            values[last] = f"{values[last]} {line.strip()}".strip()
        elif found := _KEY_LINE.match(line.rstrip("\n")):
            last = found[1].strip()
            if last in values:
                return NO_FRONT
            values[last], lines[last] = (found[2] or "").strip(), number
        else:
            return NO_FRONT
        at += len(line)
    if not _KEYS & {key.casefold() for key in values}:
        return NO_FRONT
    return ForeignFront(values, at, "keys", lines=lines)


def _lines_of(text: str) -> Iterable[str]:
    return text[:_LARGEST].splitlines(keepends=True)[:200]
