"""Reads a YAML text: its characters, its events, its syntax errors one after another, and the finished document."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, cast

from newsletter.config.yaml_events import Walk, YamlFault
from newsletter.diagnostics import Diagnostic, in_order
from newsletter.late import late
from newsletter.model import Span, YamlDocument
from newsletter.names import composed
from newsletter.tokens import RESERVED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model import Path

_MOST_SYNTAX_FAULTS = 10
LARGEST = 200_000
"""The largest configuration file, in characters. The largest house.yaml that is known has 11,000."""
_UNUSUAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufddf\ufeff\ufffe\uffff]")
_FORBIDDEN = late("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""The characters that YAML 1.2 does not allow in a text (§5.1), and a byte order mark in its middle."""
_HIDDEN = {0x85: "\ufddd", 0x2028: "\ufdde", 0x2029: "\ufddf"}
"""YAML 1.1, which libyaml reads, ends a line at these three; YAML 1.2 does not.

Reserved characters replace them while the text is parsed, one for one, so that offsets stay the same.
"""
_SHOWN = {ord(hidden): chr(char) for char, hidden in _HIDDEN.items()}
_TOP_LEVEL = re.compile(r"^(?![-\s#\]}]|$)", re.MULTILINE)
"""The beginning of an entry of the outermost mapping."""
_ENTRY = re.compile(r"(?P<key>\w[\w .-]*):(?:[ \t]+|$)(?P<value>[^\n]*)", re.MULTILINE)


def load(
    text: str, path: str, family: str, *, offset: int = 0, line: int = 1, timezone: str = "UTC"
) -> tuple[YamlDocument, tuple[Diagnostic, ...]]:
    """The document in `text`, and all its errors.

    `offset` (characters) and `line` are the position of `text` in the file `path`: spans and findings are positions in
    the file. `family` is the prefix of the findings' codes: FM, HF or CF. Dates with a time but no zone are in
    `timezone` (an IANA name). An entry that cannot be read is reported, and left out or kept as plain text; the rest is
    still read. `document.broken` names the values that were already reported. No text raises an exception.
    """
    if text.startswith("\ufeff"):
        text, offset = text[1:], offset + 1
    if len(text) > LARGEST:
        place = _Places("", offset, line).span(0, 0)
        message = f"the file is too large: {len(text):,} characters; the limit is {LARGEST:,}"
        advice = "Remove what was pasted by mistake."
        return YamlDocument({}, {}, {(): place}), (Diagnostic(path, place, f"{family}001", message, advice=advice),)
    cleaned, faults = _clean(text)
    unusual = cleaned is not text
    walk, syntax = _read(cleaned, timezone, line)
    walk.faults += syntax
    places = _Places(text, offset, line)
    walk.spans.setdefault((), (0, len(text.rstrip())))
    if unusual:
        _show(walk)
    faults += walk.faults
    document = YamlDocument(
        walk.values, places.spans(walk.keys), places.spans(walk.spans), frozenset(walk.broken), walk.written
    )
    if not faults:
        return document, ()
    return document, in_order(
        Diagnostic(path, places.span(fault.start, fault.end), family + fault.code, fault.message, advice=fault.advice)
        for fault in faults
    )


def with_composed_keys(document: YamlDocument, path: str, family: str) -> tuple[YamlDocument, tuple[Diagnostic, ...]]:
    """The document with all keys in Unicode NFC, as names are compared.

    If a key is given in two spellings, the first one counts.
    """
    if all(isinstance(at[-1], int) or at[-1].isascii() for at in document.key_spans if at):
        return document, ()
    faults: list[Diagnostic] = []

    def name(at: Path) -> Path:
        return tuple(composed(step) if isinstance(step, str) else step for step in at)

    def value_of(value: object, at: Path) -> object:
        if isinstance(value, list):
            return [value_of(inner, (*at, index)) for index, inner in enumerate(value)]
        if not isinstance(value, dict):
            return value
        named: dict[str, object] = {}
        for key, inner in value.items():
            if composed(key) in named:
                message = f"`{composed(key)}` is given twice, with its characters encoded in two ways"
                span = document.where_key(*at, key)
                faults.append(Diagnostic(path, span, f"{family}002", message, advice="Keep one of the two."))
            named.setdefault(composed(key), value_of(inner, (*at, key)))
        return named

    values = cast("dict[str, object]", value_of(document.values, ()))
    # Earlier entries replace later ones of the same name.
    return YamlDocument(
        values,
        {name(at): span for at, span in reversed(tuple(document.key_spans.items()))},
        {name(at): span for at, span in reversed(tuple(document.value_spans.items()))},
        frozenset(map(name, document.broken)),
        {name(at): text for at, text in reversed(tuple(document.written.items()))},
    ), tuple(faults)


class _Places:
    """Converts offsets of the text to positions in the file."""

    def __init__(self, text: str, offset: int, line: int) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._length = len(text)
        self._offset = offset
        self._line = line

    def span(self, start: int, end: int) -> Span:
        start = min(max(start, 0), self._length)
        end = min(max(end, start), self._length)
        row = bisect_right(self._starts, start) - 1
        return Span(self._offset + start, self._offset + end, self._line + row, start - self._starts[row] + 1)

    def spans(self, ends: Mapping[Path, tuple[int, int]]) -> dict[Path, Span]:
        return {at: self.span(*both) for at, both in ends.items()}


def _clean(text: str) -> tuple[str, list[YamlFault]]:
    """`text` without characters that the parser treats differently from YAML 1.2, at the same offsets."""
    if not _UNUSUAL.search(text):
        return text, []
    faults = [
        YamlFault(match.start(), match.end(), f"an invisible character, U+{ord(match[0]):04X}", "Delete it.")
        for match in _FORBIDDEN.finditer(text)
    ]
    return _FORBIDDEN.sub("\ufffd", RESERVED.sub("\ufffd", text)).translate(_HIDDEN), faults


def _show(walk: Walk) -> None:
    """Restores the characters that were replaced."""

    def shown(value: Any) -> Any:
        if isinstance(value, str):
            return value.translate(_SHOWN)
        if isinstance(value, dict):
            return {shown(key): shown(child) for key, child in value.items()}
        return type(value)(map(shown, value)) if isinstance(value, list | tuple | set) else value

    walk.values, walk.broken = shown(walk.values), shown(walk.broken)
    walk.keys = {shown(path): ends for path, ends in walk.keys.items()}
    walk.spans = {shown(path): ends for path, ends in walk.spans.items()}
    walk.written = {shown(path): text for path, text in walk.written.items()}
    walk.faults = [fault._replace(message=shown(fault.message), advice=shown(fault.advice)) for fault in walk.faults]


def _read(text: str, timezone: str, line: int) -> tuple[Walk, list[YamlFault]]:
    """Walks `text` to its end.

    If the parser fails in an entry, the entry is reported and blanked out, and the rest is read again.
    """
    faults: list[YamlFault] = []
    blanked: list[tuple[int, int]] = []
    remaining = text
    walk = Walk(remaining, timezone, line)
    if walk.complaint and "<<<<<<<" in text:
        remaining, faults = _without_conflicts(text)
        walk = Walk(remaining, timezone, line)
    while walk.complaint and len(faults) < _MOST_SYNTAX_FAULTS:
        from newsletter.config.yaml_faults import explain  # Most files have no typo to be explained.

        fault = explain(remaining, walk.complaint)
        faults.append(fault)
        start, end = _entry(remaining, fault.start)
        if not remaining[start:end].strip():
            break
        blanked.append((start, end))
        remaining = remaining[:start] + _NOT_LINE_END.sub(" ", remaining[start:end]) + remaining[end:]
        walk = Walk(remaining, timezone, line)
    for start, end in blanked:
        _keep_what_can_be_read(walk, text, start, end)
    return walk, faults


def _without_conflicts(text: str) -> tuple[str, list[YamlFault]]:
    """`text` with one side of each merge conflict (git) and its markers blanked out, and the conflicts."""
    faults: list[YamlFault] = []
    kept: list[str] = []
    at, side = 0, ""
    for line in text.splitlines(keepends=True):
        marker = match[1] if (match := _CONFLICT.match(line)) else ""
        if marker == "<<<<<<<":
            advice = "Keep the lines of one side or of both, and delete the conflict markers."
            faults.append(YamlFault(at, at + len(line.rstrip()), "this is a merge conflict", advice))
        is_blank = bool(marker and faults) or side in {"|||||||", "======="}
        kept.append(_NOT_LINE_END.sub(" ", line) if is_blank else line)
        side = marker or side
        at += len(line)
    return "".join(kept), faults


_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: |$)")
_NOT_LINE_END = re.compile(r"[^\r\n]")


def _entry(text: str, at: int) -> tuple[int, int]:
    """Start and end of the outermost `name: value` around `at`, including its further lines."""
    start = 0
    for match in _TOP_LEVEL.finditer(text):
        if match.start() > at:
            return start, match.start()
        start = match.start()
    return start, len(text)


def _keep_what_can_be_read(walk: Walk, text: str, start: int, end: int) -> None:
    """Restores the entry that was blanked out: a value on one line as plain text, any other value as nothing."""
    match = _ENTRY.match(text, start, end)
    key = match["key"].rstrip() if match else ""
    if not match or key in walk.values:
        return
    path = (key,)
    written = match["value"].rstrip()
    one_line = not text[match.end() : end].strip()
    walk.values[key] = written.strip("\"'") if one_line and written[:1] not in ("[", "{", "") else None
    walk.keys[path] = (start, start + len(key))
    walk.spans[path] = (match.start("value"), match.start("value") + len(written))
    walk.broken.add(path)
