"""What a YAML parser's complaint means in an author's words: where the slip is, what it is, how to mend it.

The parser says what it had hoped to read next; this looks at the line for the slips people make. All offsets are of
the YAML text itself, in characters.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ENTRY = re.compile(
    r"[ \t]*(?:-[ \t]+)*(?P<key>[^\s#:'\"\[{][^:\n]*?|'[^'\n]*'|\"[^\"\n]*\")[ \t]*:(?P<gap>[ \t]+)(?P<value>\S[^\n]*)"
)
_GLUED = re.compile(r"[ \t]*(?:-[ \t]+)*(?P<key>[A-Za-z_][\w-]*):(?=[^\s/:])")
_NAMED = re.compile(r"[ \t]*[A-Za-z_][\w-]*:(?:\s|$)")
_CLOSERS = {"[": "]", "{": "}"}
_NEVER_FIRST = {
    "@": "`@`",
    "`": "a backtick",
    "%": "`%`",
    "*": "`*`",
    "&": "`&`",
    "!": "`!`",
    "]": "`]`",
    "}": "`}`",
    ",": "a comma",
    "|": "`|`",
    ">": "`>`",
    "?": "`?`",
    "-": "a dash",
}


TOO_DEEP = "nested too deeply"
"""The problem of a complaint that is ours, not the parser's."""


class Complaint(NamedTuple):
    """What the parser said; an offset is -1 where it gave none."""

    problem: str
    at: int
    context: str = ""
    since: int = -1
    """Where the construct began that could not be read to its end."""


class Fault(NamedTuple):
    """A slip, as a finding will tell it."""

    start: int
    end: int
    code: str
    message: str
    mend: str


def quoted(value: str) -> str:
    """`value` as a quoted YAML text on one line."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def explain(text: str, complaint: Complaint) -> Fault:
    """The slip behind `complaint` about `text`."""
    at = min(max(complaint.at, 0), len(text))
    for explanation in (_depth, _tab, _unclosed_quote, _inside_quote, _missing_space, _bracket, _value, _structure):
        if fault := explanation(text, at, complaint):
            return fault
    start, end = _line(text, at)
    return Fault(
        min(at, end), max(end, at), "001", "this is not valid YAML", "Put text with special characters in quotes."
    )


def _line(text: str, at: int) -> tuple[int, int]:
    """Start and end of the line that holds `at`, for an end of text, of the last line with content."""
    if not text[at:].strip():
        at = len(text.rstrip())
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _rest(text: str, at: int) -> int:
    """The end of what is written from `at` to the end of its line."""
    end = text.find("\n", at)
    return max(at, at + len(text[at : len(text) if end < 0 else end].rstrip()))


def _depth(text: str, at: int, complaint: Complaint) -> Fault | None:
    if complaint.problem != TOO_DEEP:
        return None
    return Fault(at, at + 1, "001", "lists and mappings are nested too deeply", "Nest them less deeply.")


def _tab(text: str, at: int, complaint: Complaint) -> Fault | None:
    for place in (at, complaint.since):
        if place < 0:
            continue
        start, end = _line(text, place)
        indentation = re.match(r"[ \t]*", text[start:end])
        tab = text.find("\t", start, start + (indentation.end() if indentation else 0))
        if tab >= 0:
            return Fault(
                tab, tab + 1, "006", "a tab indents this line", "Indent with spaces; YAML does not allow tabs there."
            )
    return None


def _unclosed_quote(text: str, _at: int, complaint: Complaint) -> Fault | None:
    since = complaint.since
    if "scalar" not in complaint.context or "end of stream" not in complaint.problem or since < 0:
        return None
    quote = text[since : since + 1]
    return Fault(
        since,
        _rest(text, since),
        "001",
        f"the text that begins with `{quote}` is never closed",
        f"Close it with another `{quote}`, or put the whole value in {'double' if quote != chr(34) else 'single'} quotes.",
    )


def _inside_quote(text: str, at: int, complaint: Complaint) -> Fault | None:
    if "quoted scalar" not in complaint.context and "quoted" not in complaint.context:
        return None
    if "escape" in complaint.problem:
        at = text.rfind("\\", 0, at + 1) if text[at : at + 1] != "\\" else at
        found = text[at : at + 2]
        return Fault(
            at, at + len(found), "001", f"`{found}` means nothing in double quotes", "Write \\\\ for a backslash."
        )
    return Fault(
        max(complaint.since, 0),
        _rest(text, max(complaint.since, 0)),
        "001",
        "this quoted text runs on into what follows",
        "Close the quotes on the same line.",
    )


def _missing_space(text: str, at: int, complaint: Complaint) -> Fault | None:
    """`title:The end`: the line itself, or the one above, which YAML then reads as one text with this line."""
    start, end = _line(text, at)
    above, _ = _line(text, max(start - 1, 0))
    for begin in (start, above):
        match = _GLUED.match(text, begin)
        if match and ("simple key" in complaint.context or "mapping values" in complaint.problem):
            colon = match.end() - 1
            return Fault(
                match.start("key"),
                colon + 1,
                "001",
                f"no space follows the colon of `{match['key']}:`",
                f"Write `{match['key']}: ` with a space behind the colon.",
            )
    return None


def _bracket(text: str, at: int, complaint: Complaint) -> Fault | None:
    since = complaint.since
    if "flow" not in complaint.context or since < 0:
        return None
    opener = text[since : since + 1]
    if opener not in _CLOSERS:
        return None
    closer = _CLOSERS[opener]
    if text[at:].strip() and "\n" not in text[since:at]:
        return Fault(
            at,
            _rest(text, at) or at + 1,
            "001",
            f"a comma or `{closer}` is missing here",
            "Separate the entries by commas, or put text that begins with a bracket in quotes.",
        )
    return Fault(
        since,
        _rest(text, since),
        "001",
        f"the `{opener}` is never closed",
        f"Close it with `{closer}`, or put text that begins with `{opener}` in quotes.",
    )


def _value(text: str, at: int, complaint: Complaint) -> Fault | None:
    """A value that had to be quoted."""
    start, end = _line(
        text, max(complaint.since, 0) if "alias" in complaint.context or "anchor" in complaint.context else at
    )
    match = _ENTRY.match(text, start, end)
    if not match or not match.start("value") <= at <= end:
        return None
    begin, value = match.start("value"), match["value"].rstrip()
    mend = f"Put the whole value in quotes: {match['key'].strip()}: {quoted(value)}"
    first = value[0]
    if first in "\"'" and at > begin:
        whole = value[1:-1] if value.count(first) == 3 and value.endswith(first) else value  # noqa: PLR2004  ('it's')
        mend = f"Put the whole value in one pair of quotes: {quoted(whole)}"
        return Fault(at, begin + len(value), "001", "text goes on behind the closing quotation mark", mend)
    if first in "[{" and at > begin:
        return Fault(at, begin + len(value), "001", f"text goes on behind the closing `{_CLOSERS[first]}`", mend)
    if "mapping values" in complaint.problem and at > begin:
        return Fault(at, at + 1, "001", "a colon and a space inside a text without quotes", mend)
    if first in _NEVER_FIRST:
        return Fault(
            begin, begin + len(value), "001", f"a text without quotes cannot begin with {_NEVER_FIRST[first]}", mend
        )
    return None


def _structure(text: str, at: int, complaint: Complaint) -> Fault | None:
    """Indentation, and lines that are no `name: value`."""
    simple_key = "simple key" in complaint.context and complaint.since >= 0
    start, end = _line(text, complaint.since if simple_key else at)
    content = text[start:end]
    begin = start + len(content) - len(content.lstrip())
    finish = _rest(text, begin)
    if simple_key:
        return Fault(
            begin,
            finish,
            "001",
            "this line is no `name: value`",
            "Give it a name and a colon, or indent it to make it part of the value above.",
        )
    if "document start" in complaint.problem:
        first = len(text) - len(text.lstrip())
        return Fault(
            first,
            _rest(text, first),
            "001",
            "the first line is indented and a later one is not",
            "Begin all names at the start of their lines.",
        )
    if "'-' indicator" in complaint.problem:
        return Fault(
            begin,
            finish,
            "001",
            "a list and names are mixed here",
            "Indent what belongs to the list, or give the list a name.",
        )
    if text[begin : begin + 2] == "- ":
        return Fault(
            begin,
            finish,
            "001",
            "a list entry stands where a name is expected",
            "Write the list below its own name, on lines of its own.",
        )
    if "mapping values" in complaint.problem and not _NAMED.match(text, start):
        return Fault(
            at,
            min(at + 1, len(text)),
            "001",
            "a colon and a space inside a text without quotes",
            "Put the whole value in quotes.",
        )
    if text[begin : begin + 1] in _NEVER_FIRST:
        return Fault(
            begin,
            finish,
            "001",
            f"a text without quotes cannot begin with {_NEVER_FIRST[text[begin]]}",
            "Put it in quotes.",
        )
    if begin > start and begin < finish:
        return Fault(
            begin,
            finish,
            "001",
            "this line's indentation fits none of the lines above",
            "Indent it as its neighbours are, or put a text that runs over several lines in quotes.",
        )
    return None
