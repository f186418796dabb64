"""Front matter that is not recognized, because it is not at the top, or has other fences or none.

It would be published as text, and its values (`draft: true`) would be ignored. So text that looks like front matter
holds the issue back. The keys decide. At the very top, one known key is enough; further down, several, or one that is
unmistakable.
"""

from __future__ import annotations

import re
from itertools import takewhile
from textwrap import dedent
from typing import TYPE_CHECKING, NamedTuple

from newsletter.diagnostics import Diagnostic, Edit, Fix
from newsletter.late import late
from newsletter.markdown.release import is_about_release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.markdown.source import Source

CODE = "FM131"
LOOKED_AT = 60
"""The number of lines at the top in which misplaced front matter is searched."""
LONGEST = 20_000
"""The number of characters at the top in which misplaced front matter is searched."""
_ADVICE = "Begin the file with a `---` line, followed by the `name: value` lines and another `---` line."
_TYPICAL = frozenset("title draft layout slug permalink published".split())
"""Keys of which one is enough, anywhere."""
_KNOWN = _TYPICAL | frozenset(
    """
    subtitle date author authors tags tag categories category summary description excerpt subject preheader number issue
    language lang kind updated lastmod template series keywords cover from postid
    """.split()
)
_UNSEEN = late(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u00ad\u034f\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffd]"
)
_DASHES = str.maketrans({**dict.fromkeys("‐‑‒−﹣－", "-"), "–": "--", "—": "---", "―": "---", "﹘": "---"})
"""Dashes, and the characters into which editors turn two and three of them."""
_FENCE = re.compile(r"(?P<mark>-{2,}|(?:- ){2,}-|\+{3,}|={3,}|;{3,}|\*{3,}|_{3,}|~{3,}|`{3,})(?P<rest>.*)")
_MAY_BEGIN = frozenset("-+=;*_~` \t<") | {chr(code) for code in (*range(32), 127)}
_CLOSES = re.compile(r"(?:-+|(?:- )+-|\.{3,}|\++|=+|;+|\*+|_+|~+|`+)")
_FENCE_ALONE = re.compile(r"(?:(?:-{2,}|(?:- ){2,}-|\+{3,}|={3,}|;{3,}|\*{3,}|_{3,}|~{3,}|`{3,}|\.{3}) ?(?:ya?ml)?)?")
"""A line with only a fence."""
_ENTRY = re.compile(
    r"(?:\.\.[ ]|:|#\+|@|//[ ]?|%[ ]?)?[\"']?(?P<key>[^\W\d][\w .-]{0,39}?)[\"']?[ \t]*(?:[:=](?=[ \t]|$)|=(?=[^\s=]))"
)
"""A line of YAML or TOML, or of reST, Org and others with their mark before it."""
_MORE = re.compile(r"[ \t]+\S|-(?:[ \t]|$)|#(?!#)|\[.*\]$|[\]}]")
"""A line that continues an entry or is none: a list entry, a comment, a TOML table."""
_JSON = re.compile(r"\{\s*\"(?P<key>[^\"\n]{1,40})\"\s*:")
_COMMENT = re.compile(r"<!--.*?-->[ \t]*\n?", re.DOTALL)


class Misplaced(NamedTuple):
    """Text that looks like front matter and is read as text."""

    start: int
    end: int
    """The end of its first line."""
    why: str
    advice: str = _ADVICE
    fence: int | None = None
    """The start of the opening fence's line; None if there is none, or if it cannot be rewritten."""


def misplaced_faults(source: Source, body_start: int) -> tuple[Diagnostic, ...]:
    """FM131 if there is front matter after `body_start`, the start of the body; at most one."""
    found = misplaced_front(source.text, body_start)
    if found is None:
        return ()
    span = source.span(found.start, found.end)
    message = f"the front matter is not at the top: {found.why}"
    label = "held back, because readers would see it as text"
    fix = None if body_start else _fix(source, found)
    return (Diagnostic(source.path, span, CODE, message, label=label, advice=found.advice, fix=fix),)


def misplaced_front(text: str, begin: int) -> Misplaced | None:
    """The first stretch from `begin` on that looks like front matter; None if there is none."""
    top, own = _first(text, begin), begin > 0
    if not own and (found := _commented(text, top) or _json(text, top) or _bare(text, top)):
        return found
    return _fenced(text, top, own=own)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _clean(line: str) -> str:
    """A line without invisible characters, and with plain dashes."""
    line = line.strip(" \t")
    if line.isascii() and line.isprintable():
        return line
    return _UNSEEN.sub("", line).translate(_DASHES).strip(" \t")


def _first(text: str, at: int) -> int:
    """The start of the first line that is neither empty nor a comment."""
    while at < len(text):
        if comment := _COMMENT.match(text, at + _blank(text, at)):
            at = comment.end()
        elif _clean(text[at : _line_end(text, at)]):
            return at
        else:
            at = _line_end(text, at) + 1
    return len(text)


def _blank(text: str, at: int) -> int:
    line = text[at : _line_end(text, at)]
    return len(line) - len(line.lstrip(" \t\ufeff\u200b"))


def _lines(text: str, at: int) -> list[str]:
    """The lines from `at` on, up to the search limit."""
    return text[at : at + LONGEST].split("\n", LOOKED_AT)[:LOOKED_AT]


def _keys(lines: Sequence[str]) -> list[str] | None:
    """The keys of lines in order; None if one of the lines is not an entry."""
    keys: list[str] = []
    for line in lines:
        content = _clean(line)
        if entry := _ENTRY.match(content):
            keys.append(entry["key"])
        elif content and not (_MORE.match(line) or _MORE.match(content)):
            return None
    return keys


def _are_known(keys: Sequence[str], *, at_top: bool) -> bool:
    """Whether keys are those of front matter.

    At the top one known key is enough, in upper or lower case; elsewhere it takes two, or an unmistakable one.
    """
    if at_top:
        return any(key.casefold() in _KNOWN or is_about_release(key) for key in keys)
    return not _TYPICAL.isdisjoint(keys) or sum(key in _KNOWN or is_about_release(key) for key in keys) > 1


def _commented(text: str, top: int) -> Misplaced | None:
    """Entries in a comment above the text, as in some tools."""
    for comment in _COMMENT.finditer(text, 0, top):
        lines = comment[0].strip().removeprefix("<!--").removesuffix("-->").split("\n")
        keys = _keys([line for line in lines if not _CLOSES.fullmatch(_clean(line))])
        if keys and _are_known(keys, at_top=False):
            return Misplaced(*_place(text, comment.start()), "it is in a comment")
    return None


def _json(text: str, top: int) -> Misplaced | None:
    found = _JSON.match(text, top + _blank(text, top))
    if found is None or not _are_known([found["key"]], at_top=True):
        return None
    return Misplaced(*_place(text, top), "it is JSON", "Write it as YAML: `title: …` lines between two lines of `---`.")


def _bare(text: str, top: int) -> Misplaced | None:
    """`Key: value` lines at the very top, up to an empty line, without a fence."""
    paragraph: list[str] = []
    for line in _lines(text, top):
        if not _clean(line) or (paragraph and _CLOSES.fullmatch(_clean(line))):
            break
        paragraph.append(line)
    keys = _keys(paragraph)
    if not keys or not _ENTRY.match(_clean(paragraph[0])):
        return None
    alone = len(paragraph) == 1
    typical = [key for key in keys if key.casefold() in _TYPICAL or is_about_release(key)]
    if not (typical if alone else _are_known(keys, at_top=True)):
        return None
    return Misplaced(*_place(text, top), "there is no line `---` above it", fence=top)


def _fenced(text: str, top: int, *, own: bool) -> Misplaced | None:
    """Lines between two fences.

    `own` tells whether front matter was already read above.
    """
    lines = _lines(text, top)
    code, following = "", top
    for index, line in enumerate(lines):
        start, following = following, following + len(line) + 1
        lead = line[:1]
        if lead.isalnum() or (lead.isascii() and lead not in _MAY_BEGIN) or (line[:2] == "- " and line[2:3] != "-"):
            continue  # most texts end here, in no time
        fence = _FENCE.fullmatch(_clean(line))
        if fence is None:
            continue
        mark = fence["mark"][:3]
        if code or (mark in {"```", "~~~"} and (index or own)):  # text in code is only an example
            code = "" if code == mark and not fence["rest"] else code or mark
            continue
        at_top = not index and not own
        if (index and line.startswith(("    ", "\t"))) or (
            fence["rest"] and not at_top and not fence["rest"].startswith(" ")
        ):
            continue
        if _is_front(lines[index + 1 :], at_top=at_top):
            why, advice = _reason(text, start, line, fence, below=bool(index), own=own)
            return Misplaced(*_place(text, start), why, advice, start)
    return None


def _is_front(lines: Sequence[str], *, at_top: bool) -> bool:
    """Whether the lines after a fence are entries, up to another fence."""
    inner: list[str] = []
    for line in lines:
        content = _clean(line)
        if inner and ((len(content) > 1 and _CLOSES.fullmatch(content)) or (at_top and not content)):
            keys = _keys(inner)
            if content or keys is None or _are_known(keys, at_top=True):
                return bool(keys) and _are_known(keys or (), at_top=at_top)
        elif content and not _FENCE.fullmatch(content):
            inner.append(line)
    return False


def _place(text: str, start: int) -> tuple[int, int]:
    """The line at `start` without its indentation."""
    end = _line_end(text, start)
    return start + len(text[start:end]) - len(text[start:end].lstrip(" \t")), max(end, start + 1)


def _reason(text: str, start: int, line: str, fence: re.Match[str], *, below: bool, own: bool) -> tuple[str, str]:
    """Why it is not recognized, and how to fix it."""
    mark, unseen = fence["mark"], _UNSEEN.search(line)
    above = _UNSEEN.sub("", text[:start]).strip()
    if mark[0] == "+":
        advice = "Write it as YAML, `title: …` in place of `title = …`, between two lines of `---`."
        return "it is TOML, between `+++`", advice
    if mark[0] in "`~":
        return "it is in a block of code", _ADVICE
    if own:
        return "there is other front matter above it", "Merge the two at the top of the file."
    if below or above:
        what = "a comment" if not below and "<!--" in above else "something"
        return f"{what} is above it", "Move it up, so that the file begins with its `---`."
    if unseen or (unseen := _UNSEEN.search(text[:start])):
        where = "is above it" if unseen.string is not line else "is in its first line"
        return f"an invisible character, U+{ord(unseen[0]):04X}, {where}", "Delete that character."
    if line[:1] in {" ", "\t"}:
        return "its first line is indented", "Remove the spaces before its `---`."
    if fence["rest"]:
        return "its first line is not `---` alone", "Remove everything after the `---`."
    return f"its first line is `{line.strip()}`", _ADVICE


def content_lines(text: str) -> list[str]:
    """The lines of a text without indentation, except empty ones and fences of front matter."""
    return [line.strip() for line in text.split("\n") if not _FENCE_ALONE.fullmatch(_clean(line))]


def _fix(source: Source, found: Misplaced) -> Fix | None:
    """The fix: its lines between two lines of `---`, at the top.

    None if that alone does not make them YAML, or if the meaning is unclear. Only other fences, indentation and
    invisible characters are removed. Comments above it move below it.
    """
    text, start = source.text, found.fence
    if start is None or (start and text[start - 1] != "\n") or _COMMENT.sub("", _UNSEEN.sub("", text[:start])).strip():
        return None
    lines = _lines(text, start)
    fenced = bool(_FENCE_ALONE.fullmatch(_clean(lines[0])))
    inner = _entries(lines[1:]) if fenced else list(takewhile(_goes_on, lines))
    if not inner or not all(map(_is_yaml, inner)):
        return None
    behind = lines[fenced + len(inner) :]
    taken = fenced + len(inner) + bool(behind and _CLOSES.fullmatch(_clean(behind[0])))
    end = min(start + sum(len(line) + 1 for line in lines[:taken]), len(text))
    comments = [comment[0].strip() + "\n" for comment in _COMMENT.finditer(text, 0, start)]
    entries = dedent("\n".join(inner))
    edit = Edit(source.span(0, end), "".join(["---\n", entries, "\n---\n", *comments]))
    return Fix((edit,), "put the front matter at the top, between two lines of `---`")


def _goes_on(line: str) -> bool:
    """Whether a line is neither empty nor a fence."""
    return not _FENCE_ALONE.fullmatch(_clean(line))


def _entries(lines: Sequence[str]) -> list[str]:
    """The lines after an opening fence: up to the closing one if all are entries, else up to an empty line."""
    for at, line in enumerate(lines):
        if _clean(line) and not _goes_on(line):
            return list(lines[:at]) if _keys(lines[:at]) else []
        if _keys([line]) is None:
            break
    return list(takewhile(_clean, lines))


def _is_yaml(line: str) -> bool:
    """Whether a line is already a YAML entry: other formats have a mark before it, or `=` in it."""
    content = _clean(line)
    if entry := _ENTRY.match(content):
        return content.lstrip("\"'").startswith(entry["key"]) and entry[0].rstrip().endswith(":")
    return not content or bool(_MORE.match(line) or _MORE.match(content))
