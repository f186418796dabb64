"""Explains the complaint of a YAML parser in an author's words: where the typo is, what it is, and how to fix it.

The parser says what it expected next; this looks in the line for typing errors that people make. All offsets are of the
YAML text itself, in characters. Only words of messages that libyaml and PyYAML's own parser share are used.
"""

from __future__ import annotations

import re

from newsletter.config.yaml_events import TOO_DEEP, Complaint, YamlFault, quoted

_ENTRY = re.compile(
    r"[ \t]*(?:-[ \t]+)*(?P<key>[^\s#:'\"\[{][^:\n]*|'[^'\n]*'[ \t]*|\"[^\"\n]*\"[ \t]*):[ \t]+(?P<value>\S[^\n]*)"
)
_GLUED = re.compile(r"[ \t]*(?:-[ \t]+)*(?P<key>[A-Za-z_][\w-]*):(?=[^\s/:])")
_NAMED = re.compile(r"[ \t]*[A-Za-z_][\w-]*:(?:\s|$)")
_HASHTAG = re.compile(r"(?<=[\s\[{,])(#[^\s,\]}#]+)")
_OUTERMOST = re.compile(r"^[^\s#\]}]", re.MULTILINE)
_BRACKET_OR_COMMENT = re.compile(r"[\[{\]}]|(?<=[\s\[{,])#[^\n]*")
_CLOSERS = {"[": "]", "{": "}"}
_NEVER_FIRST = frozenset("@`%*&!]},|>?-")
"""The characters that cannot begin a text without quotes.

A dash, `?` and `|` are only wrong before a space; elsewhere the parser does not complain.
"""
_SPELT = {"`": "a backtick", ",": "a comma", "-": "a dash"}


def explain(text: str, complaint: Complaint) -> YamlFault:
    """The typo behind `complaint` about `text`."""
    at = min(max(complaint.at, 0), len(text))
    if complaint.problem == TOO_DEEP:
        return YamlFault(at, at + 1, "lists and mappings are nested too deeply", "Nest them less deeply.")
    for explanation in (_tab, _quotes, _missing_space, _bracket, _value, _line_without_name, _place):
        if fault := explanation(text, at, complaint):
            return fault
    end = max(_rest(text, at), at)
    return YamlFault(at, end, "this is not valid YAML", "Put text with special characters in quotes.")


def _line(text: str, at: int) -> tuple[int, int]:
    """Start and end of the line that contains `at`. After all content, those of the last line with content."""
    at = min(at, len(text.rstrip()))
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _above(text: str, start: int) -> int:
    """The start of the line above the line that begins at `start`."""
    return text.rfind("\n", 0, max(start - 1, 0)) + 1


def _rest(text: str, at: int) -> int:
    """The end of the content from `at` to the end of its line."""
    end = text.find("\n", at)
    return at + len(text[at : len(text) if end < 0 else end].rstrip())


def _content(text: str, start: int) -> int:
    """The start of the content after the indentation, in the line that begins at `start`."""
    end = text.find("\n", start)
    line = text[start : len(text) if end < 0 else end]
    return start + len(line) - len(line.lstrip())


def _tab(text: str, at: int, complaint: Complaint) -> YamlFault | None:
    for place in (at, max(complaint.since, 0)):
        start, _ = _line(text, place)
        tab = text.find("\t", start, _content(text, start))
        if tab >= 0:
            return YamlFault(tab, tab + 1, "a tab indents this line", "Indent with spaces, as YAML requires.", "006")
    return None


def _quotes(text: str, at: int, complaint: Complaint) -> YamlFault | None:
    """Unclosed quotation marks, and invalid escapes."""
    since = complaint.since
    if "scalar" not in complaint.context or "quote" not in complaint.context or since < 0:
        return None
    if "escape" in complaint.problem:
        at = text.rfind("\\", 0, at + 1)
        message = f"`{text[at : at + 2]}` means nothing in double quotes"
        return YamlFault(at, at + 2, message, "Write two backslashes for one, or use single quotes.")
    quote = text[since : since + 1]
    other = "single" if quote == '"' else "double"
    advice = f"Close it with another `{quote}`, or put the whole value in {other} quotes."
    return YamlFault(since, _rest(text, since), f"the text that begins with `{quote}` is never closed", advice)


def _missing_space(text: str, at: int, complaint: Complaint) -> YamlFault | None:
    """`title:The end`: in the line itself, or in the line above, which YAML then reads as one text with this line."""
    if "simple key" not in complaint.context and "mapping values" not in complaint.problem:
        return None
    start, _ = _line(text, at)
    match = _GLUED.match(text, start) or _GLUED.match(text, _above(text, start))
    if not match:
        return None
    message = f"no space follows the colon of `{match['key']}:`"
    return YamlFault(
        match.start("key"), match.end(), message, f"Write `{match['key']}: ` with a space after the colon."
    )


def _bracket(text: str, at: int, complaint: Complaint) -> YamlFault | None:
    if "flow" not in complaint.context:
        return None
    since = complaint.since if text[complaint.since : complaint.since + 1] in _CLOSERS else _innermost(text, at)
    if since < 0:
        return None
    opener = text[since]
    if hashed := _HASHTAG.search(text, since, max(at, since)):
        advice = f"Put it in quotes: {quoted(hashed[1])}."
        return YamlFault(
            hashed.start(1), _rest(text, hashed.start(1)), "the text after `#` is a comment", advice, "013"
        )
    closer = _CLOSERS[opener]
    if text[at:].strip() and "\n" not in text[since:at]:
        advice = "Separate the entries by commas, and put an entry with special characters in quotes."
        return YamlFault(at, max(_rest(text, at), at + 1), f"a comma or `{closer}` is missing here", advice)
    advice = f"Close it with `{closer}`, or put text that begins with `{opener}` in quotes."
    return YamlFault(since, _rest(text, since), f"the `{opener}` is never closed", advice)


def _innermost(text: str, at: int) -> int:
    """The last bracket before `at` that is still open, in the entry around it; -1 if there is none."""
    begin = max((match.start() for match in _OUTERMOST.finditer(text, 0, at)), default=0)
    opened: list[int] = []
    for match in _BRACKET_OR_COMMENT.finditer(text, begin, at):
        if match[0] in _CLOSERS:
            opened.append(match.start())
        elif match[0] in _CLOSERS.values() and opened:
            opened.pop()
    return opened[-1] if opened else -1


def _value(text: str, at: int, complaint: Complaint) -> YamlFault | None:
    """A value that needs quotes, or is only partly quoted."""
    named = "alias" in complaint.context or "anchor" in complaint.context
    start, end = _line(text, max(complaint.since, 0) if named else at)
    match = _ENTRY.match(text, start, end)
    if not match or not match.start("value") <= at <= end:
        return None
    begin, value = match.start("value"), match["value"].rstrip()
    first, finish = value[0], begin + len(value)
    advice = f"Put the whole value in quotes: {match['key'].strip()}: {quoted(value)}"
    if first in "\"'" and at > begin:
        whole = value[1:-1] if value.count(first) == 3 and value.endswith(first) else value  # 'it's'
        advice = f"Put the whole value in one pair of quotes: {quoted(whole)}"
        return YamlFault(at, finish, "there is text after the closing quotation mark", advice)
    if value.startswith("{{"):
        return YamlFault(begin, finish, _cannot_begin("{{"), advice)
    if first in _CLOSERS and at > begin:
        return YamlFault(at, finish, f"there is text after the closing `{_CLOSERS[first]}`", advice)
    if "mapping values" in complaint.problem and at > begin:
        return YamlFault(at, at + 1, "a colon and a space inside a text without quotes", advice)
    return YamlFault(begin, finish, _cannot_begin(first), advice) if first in _NEVER_FIRST else None


def _line_without_name(text: str, at: int, complaint: Complaint) -> YamlFault | None:
    """A line without `name: value`: the one in the complaint, or the one above if YAML reads both as one."""
    advice = "Give it a name and a colon, or indent it to make it part of the value above."
    simple_key = "simple key" in complaint.context and complaint.since >= 0
    start, _ = _line(text, complaint.since if simple_key else at)
    begin = _content(text, start)
    if text[begin : begin + 1] == ":":
        return YamlFault(begin, begin + 1, "a value without a name", "Write a name before the colon.")
    if not simple_key:
        if "mapping values" not in complaint.problem or begin > start or not _NAMED.match(text, start):
            return None
        begin = _above(text, start)
    return YamlFault(begin, _rest(text, begin), "this line is not a `name: value` line", advice)


def _place(text: str, at: int, complaint: Complaint) -> YamlFault | None:
    """A line in the wrong place or at the wrong indentation."""
    start, _ = _line(text, at)
    begin = _content(text, start)
    finish = _rest(text, begin)
    if "document start" in complaint.problem:
        first = len(text) - len(text.lstrip())
        message = "the first line is indented and a later one is not"
        return YamlFault(first, _rest(text, first), message, "Begin all names at the start of their lines.")
    if "'-' indicator" in complaint.problem:
        advice = "Indent what belongs to the list, or give the list a name."
        return YamlFault(begin, finish, "a list and names are mixed here", advice)
    if text[begin : begin + 2] == "- ":
        advice = "Write the list below its own name, on lines of its own."
        return YamlFault(begin, finish, "there is a list entry where a name is expected", advice)
    if "mapping values" in complaint.problem and not _NAMED.match(text, start):
        message = "a colon and a space inside a text without quotes"
        return YamlFault(at, at + 1, message, "Put the whole value in quotes.")
    if text[begin : begin + 1] in _NEVER_FIRST:
        return YamlFault(begin, finish, _cannot_begin(text[begin]), "Put it in quotes.")
    if start < begin < finish:
        advice = "Indent it as its neighbours are, or put a text that runs over several lines in quotes."
        return YamlFault(begin, finish, "this line's indentation fits none of the lines above", advice)
    return None


def _cannot_begin(first: str) -> str:
    return f"a text without quotes cannot begin with {_SPELT.get(first, f'`{first}`')}"
