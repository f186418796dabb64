"""Findings for people: `full` shows the source line underlined where it hurts, `concise` one finding a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity
from newsletter.report.display import columns, safe, width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.diagnostics import Diagnostic

MAX_WIDTH = 100
"""Columns of a source line; what is longer is cut around the place."""
_LEAD = 24
"""Columns kept before the place when a line is cut."""

_ACCENTS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33"}
_QUIET = "2"


def render_full(diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str], colour: bool) -> str:
    """Each finding with its source line, the place underlined, how to mend it and where to read more."""
    lines = {path: text.split("\n") for path, text in sources.items()}
    return "\n".join(_full(found, lines.get(found.path, []), colour) for found in diagnostics)


def render_concise(diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str], colour: bool) -> str:  # noqa: ARG001
    """`path:line:column: CODE message`, one a line."""
    return "".join(_headline(found, colour) + "\n" for found in diagnostics)


def _headline(found: Diagnostic, colour: bool) -> str:
    code = _paint(found.code, _ACCENTS[found.severity], colour)
    weight = "" if found.severity is Severity.ERROR else f"{found.severity}: "
    return f"{safe(found.path)}:{found.span.line}:{found.span.column}: {code} {weight}{safe(found.message)}"


def _full(found: Diagnostic, lines: list[str], colour: bool) -> str:
    parts = [_headline(found, colour)]
    number = str(found.span.line)
    gutter = " " * len(number)
    bar = _paint("|", _QUIET, colour)
    if found.span.line <= len(lines):
        shown, before, carets = _excerpt(lines[found.span.line - 1], found)
        underline = _paint(" ".join(filter(None, ("^" * carets, safe(found.label)))), _ACCENTS[found.severity], colour)
        parts += [
            f"{gutter} {bar}",
            f"{_paint(number, _QUIET, colour)} {bar} {shown}".rstrip(),
            f"{gutter} {bar} {' ' * before}{underline}",
        ]
    elif found.label:
        parts.append(f"{gutter} = note: {safe(found.label)}")
    if found.mend:
        parts.append(f"{gutter} = mend: {safe(found.mend)}")
    if found.fix:
        parts.append(f"{gutter} = fix: {safe(found.fix.title)} (newsletter check --fix)")
    parts.append(f"{gutter} = help: newsletter rule {found.code}")
    return "\n".join(parts) + "\n"


def _excerpt(line: str, found: Diagnostic) -> tuple[str, int, int]:
    """The line as shown, the columns before the place, and the columns to underline (at least one)."""
    start = min(found.span.column - 1, len(line))
    end = min(start + max(found.span.end - found.span.start, 0), len(line))
    before = columns(line[:start])
    marked = columns(line[start:end], width(before))
    after = columns(line[end:], width(before) + width(marked))
    if width(before) + width(marked) + width(after) > MAX_WIDTH:
        before = _tail(before, max(_LEAD, MAX_WIDTH - width(marked) - width(after)))
        marked = _head(marked, MAX_WIDTH - width(before))
        after = _head(after, MAX_WIDTH - width(before) - width(marked)) if not marked.endswith("…") else ""
    return before + marked + after, width(before), max(width(marked), 1)


def _head(text: str, room: int) -> str:
    """The start of `text`, at most `room` columns wide, with … where something is left out."""
    if width(text) <= room:
        return text
    kept = text[: max(room - 1, 0)]
    while width(kept) > max(room - 1, 0):
        kept = kept[:-1]
    return kept + "…"


def _tail(text: str, room: int) -> str:
    """The end of `text`, at most `room` columns wide, with … where something is left out."""
    if width(text) <= room:
        return text
    kept = text[-(room - 1) :] if room > 1 else ""
    while width(kept) > room - 1:
        kept = kept[1:]
    return "…" + kept


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour and text else text
