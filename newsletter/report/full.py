"""Findings for people: `full` shows the source line with the error underlined, `concise` one finding per line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import PurePath
from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity
from newsletter.report.base import columns, safe, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.diagnostics import Diagnostic, HouseLine
    from newsletter.report.base import Display

MANY = 20
"""A rule with findings in more issues than this is reported once for all of them."""
MAX_WIDTH = 100
"""The columns of a source line without a terminal width. Longer lines are cut around the position."""
_NARROWEST = 30
"""Below this number of columns, long lines are left to the terminal."""
_ASKED = 60
"""The columns of a line of house.yaml that are shown."""
HINTS = "ST112"
"""The rule about hints that have not been filled in."""
_OF_WHAT_IT_IS_MADE = frozenset("ST101 ST102 ST103 ST105 ST132 ST134 FM101 FM102".split())
"""The rules about which parts and fields an issue has."""
_MANY = 3
"""If at least this many parts differ from house.yaml, the mistake may be in house.yaml and not in the letter."""
_LEAD = 24
"""The columns kept before the position when a line is cut."""
_NEAR = 4
"""The characters on each side of a position that are measured, for each column there is room for: some characters take no
column. A line may have thousands of findings, so not all of it is measured for each."""

_CONTINUED = "    "
"""The prefix of each line of a message after the first."""
_GLUE = "\N{NO-BREAK SPACE}"
_TOGETHER = re.compile(r"`[^`]+`|\([^()]+\)")
"""Text that should not be broken over two lines: code, and text in brackets."""

_ACCENTS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33"}
_STRONG = "1"
_QUIET = "2"


def render_full(diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str], display: Display) -> str:
    """Each finding with its source line, the error underlined, how to fix it and where to read more.

    The open hints of a draft are one block for each issue. Findings of one rule in more than MANY issues are shown
    once, with their number and how to turn the rule off. If `display` asks for each, neither is grouped.
    """
    lines = {path: text.split("\n") for path, text in sources.items()}
    often = {} if display.each else _often(diagnostics)
    blocks: list[Iterable[str]] = []
    reported: set[str] = set()
    for group in _gathered(diagnostics, display):
        code = group[0].code
        if code in reported:
            continue
        block = (_full if len(group) == 1 else _waiting)(group, lines.get(group[0].path, []), display)
        if code in often:
            reported.add(code)
            block = chain(block, _of_many(group[0], *often[code], display))
        blocks.append(block)
    return "\n".join("\n".join(block) + "\n" for block in (*blocks, *_doubts(diagnostics, display)))


def _often(diagnostics: Sequence[Diagnostic]) -> dict[str, tuple[int, int]]:
    """The number of findings and of issues with them, by code, for rules with findings in more than MANY issues."""
    issues: dict[str, set[str]] = {}
    for found in diagnostics:
        issues.setdefault(found.code, set()).add(found.path)
    many = {code: len(paths) for code, paths in issues.items() if len(paths) > MANY}
    total = Counter(found.code for found in diagnostics if found.code in many)
    return {code: (total[code], count) for code, count in many.items()}


def _of_many(found: Diagnostic, count: int, issues: int, display: Display) -> Iterator[str]:
    """The number of findings that one finding represents, how to see them, and how to turn them all off."""
    gutter, code = " " * len(str(found.span.line)), found.code
    yield from _note(
        "note", f"{code} was found {count:,} times in {issues:,} issues; this is the first", gutter, display
    )
    yield from _note("all", f"newsletter check --select {code} --output-format concise", gutter, display)
    yield from _note("off", f"`check: {{ignore: [{code}]}}` in newsletter.yaml", gutter, display)


def _gathered(diagnostics: Sequence[Diagnostic], display: Display) -> Iterator[list[Diagnostic]]:
    """The findings one by one, but all hints of an issue together, in the place of the first."""
    hints: dict[str, list[Diagnostic]] = {}
    for found in diagnostics:
        if found.code == HINTS and not display.each:
            hints.setdefault(found.path, []).append(found)
    for found in diagnostics:
        if found.path not in hints or found.code != HINTS:
            yield [found]
        elif hints[found.path][0] is found:
            yield hints[found.path]


def _waiting(group: Sequence[Diagnostic], lines: list[str], display: Display) -> Iterator[str]:
    """The hints of one issue, one source line for each."""
    first = group[0]
    yield _headline(replace(first, message=f"{len(group)} hints are not filled in yet"), display)
    numbers = list(dict.fromkeys(found.span.line for found in group))
    gutter = " " * len(str(numbers[-1]))
    bar = display.painted("|", _QUIET)
    room = max(display.columns - len(gutter) - len(" | "), _NARROWEST) if display.columns else MAX_WIDTH
    yield f"{gutter} {bar}"
    for number in numbers:
        shown = _head(columns(lines[number - 1]), room) if number <= len(lines) else ""
        yield f"{display.painted(f'{number:>{len(gutter)}}', _QUIET)} {bar} {shown}".rstrip()
    yield f"{gutter} {bar} {display.painted('write these, or remove them', _ACCENTS[first.severity])}"
    yield from _note("help", f"newsletter rule {first.code}; newsletter check -v shows each", gutter, display)


def _doubts(diagnostics: Sequence[Diagnostic], display: Display) -> Iterator[list[str]]:
    """The advice for a house format that may be wrong: an issue of another kind breaks many of its requirements."""
    missed: Counter[tuple[str, str]] = Counter()
    for found in diagnostics:
        if found.asked and found.code in _OF_WHAT_IT_IS_MADE and found.severity is Severity.ERROR:
            missed[found.asked.path, found.path] += 1
    by_house: dict[str, list[str]] = {}
    for (house, issue), count in missed.items():
        if count >= _MANY:
            by_house.setdefault(house, []).append(issue)
    for house, issues in by_house.items():
        of = safe(display.path(issues[0])) if len(issues) == 1 else f"{len(issues)} issues"
        # The format of a bundled kind is outside of the workspace.
        own = f"copy it to templates/{house.split('/')[-2]}/ and " if PurePath(house).is_absolute() else ""
        advice = (
            f"{of} {'differs' if len(issues) == 1 else 'differ'} from {safe(display.path(house))}. "
            f"If that is intended, {own}change the format: `required: false` for a part that may be missing, `since` or `until` for rules "
            "that apply only from or until an issue (an era), `variants` for special issues. See `newsletter house show`."
        )
        first, *more = _folded(advice, display.columns) if display.columns else [advice]
        yield [f"{display.painted('note:', _STRONG)} {first}", *more]


def render_concise(diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str], display: Display) -> str:  # noqa: ARG001
    """`path:line:column: CODE message`, one per line."""
    return "".join(_headline(found, display) + "\n" for found in diagnostics)


def _headline(found: Diagnostic, display: Display) -> str:
    # Path, line and column come first and together, as terminals and editors expect them.
    place = f"{safe(display.path(found.path))}:{found.span.line}:{found.span.column}:"
    code = found.code + ("" if found.severity is Severity.ERROR else f" {found.severity}:")
    begun = width(place) + width(code) + 2
    first, *more = _folded(safe(found.message), display.columns, begun) if display.columns else [safe(found.message)]
    line = f"{display.painted(place, _STRONG)} {display.painted(code, _ACCENTS[found.severity])} {first}".rstrip()
    return "\n".join([line, *(_CONTINUED + rest for rest in more)])


def _full(group: Sequence[Diagnostic], lines: list[str], display: Display) -> Iterator[str]:
    (found,) = group
    accent = _ACCENTS[found.severity]
    number = str(found.span.line)
    gutter = " " * len(number)
    bar = display.painted("|", _QUIET)
    yield _headline(found, display)
    if found.span.line <= len(lines):
        room = max(display.columns - len(number) - len(" | "), _NARROWEST) if display.columns else MAX_WIDTH
        shown, before, carets = _excerpt(lines[found.span.line - 1], found, room)
        yield f"{gutter} {bar}"
        yield f"{display.painted(number, _QUIET)} {bar} {shown}".rstrip()
        for indent, text in _underline(before, carets, safe(found.label), room if display.columns else 0):
            yield f"{gutter} {bar} {' ' * indent}{display.painted(text, accent)}"
    elif found.label:
        yield from _note("note", found.label, gutter, display)
    if found.advice:
        yield from _note("fix", found.advice, gutter, display)
    if found.fix:
        yield from _note("fix", f"{found.fix.title} (newsletter check --fix)", gutter, display)
    if found.asked:
        yield from _note("asked", _asked(found.asked, display), gutter, display)
    yield from _note("help", f"newsletter rule {found.code}", gutter, display)


def _asked(asked: HouseLine, display: Display) -> str:
    """The line of house.yaml: `templates/briefing/house.yaml:31:7: `link: required``."""
    line = asked.text if width(asked.text) <= _ASKED else _head(asked.text, _ASKED)
    return f"{display.path(asked.path)}:{asked.span.line}:{asked.span.column}: `{line}`"


def _underline(before: int, carets: int, label: str, room: int) -> Iterator[tuple[int, str]]:
    """The line below the source, with the label beside it, or under it if the terminal is too narrow for both."""
    marks = "^" * carets
    if not label or not room or before + carets + 1 + width(label) <= room:
        yield before, f"{marks} {label}".rstrip()
        return
    yield before, marks
    indent = before if room - before >= _NARROWEST else max(min(before, room - width(label)), 0)
    for line in _folded(label, room - indent):
        yield indent, line


def _note(name: str, text: str, gutter: str, display: Display) -> Iterator[str]:
    start = f"{gutter} = {name}: "
    first, *more = _folded(safe(text), display.columns - len(start)) if display.columns else [safe(text)]
    yield f"{gutter} {display.painted('=', _QUIET)} {display.painted(name + ':', _STRONG)} {first}"
    for line in more:
        yield " " * len(start) + line


def _folded(text: str, room: int, begun: int = 0) -> list[str]:
    """The text in lines of at most `room` columns, of which `begun` are used on the first line. Code is not broken.

    If there are too few columns for readable text, it stays on one line.
    """
    if room < _NARROWEST or begun + width(text) <= room:
        return [text]
    from newsletter.render.columns import wrap  # Imported only if a line is too long.

    glued = _TOGETHER.sub(lambda part: part[0].replace(" ", _GLUE) if len(part[0]) <= room else part[0], text)
    if begun:
        # Wrapped after a placeholder as long as the text before it. If no word fits there, all go on the next line.
        first, *more = wrap("x" * (begun - 1) + " " + glued, room)
        rest = wrap(" ".join(more), room - len(_CONTINUED)) if more else []
        return [line.replace(_GLUE, " ") for line in (first[begun:], *rest)]
    return [line.replace(_GLUE, " ") for line in wrap(glued, room)]


def _excerpt(line: str, found: Diagnostic, room: int) -> tuple[str, int, int]:
    """The line as shown, the columns before the place, and the columns to underline (at least one)."""
    start = min(found.span.column - 1, len(line))
    near = _NEAR * room
    line = line[max(start - near, 0) : start + near]
    start = min(start, near)
    end = min(start + max(found.span.end - found.span.start, 0), len(line))
    before = columns(line[:start])
    marked = columns(line[start:end], width(before))
    after = columns(line[end:], width(before) + width(marked))
    if width(before) + width(marked) + width(after) > room:
        before = _tail(before, max(min(_LEAD, room // 2), room - width(marked) - width(after)))
        marked = _head(marked, room - width(before))
        after = _head(after, room - width(before) - width(marked)) if not marked.endswith("…") else ""
    return before + marked + after, width(before), max(width(marked), 1)


def _head(text: str, room: int) -> str:
    """The start of `text`, at most `room` columns wide, with … if it is cut."""
    if width(text) <= room:
        return text
    kept = text[: max(room - 1, 0)]
    while width(kept) > max(room - 1, 0):
        kept = kept[:-1]
    return kept + "…"


def _tail(text: str, room: int) -> str:
    """The end of `text`, at most `room` columns wide, with … if it is cut."""
    if width(text) <= room:
        return text
    kept = text[-(room - 1) :] if room > 1 else ""
    while width(kept) > room - 1:
        kept = kept[1:]
    return "…" + kept
