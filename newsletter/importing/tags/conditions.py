"""Conditions on the reader in templates of email services: `{% if subscriber.is_premium %}` and others.

An issue is the same for all readers, except for parts for paying readers. A condition on payment becomes `::: only`.
For other conditions on the reader, all branches are kept. Conditions on anything else, and code that shows conditions,
stay unchanged.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass as mutable
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.importing.base import ImportNote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TAG = re.compile(
    r"\{%-?\s*(?P<liquid>if|unless|elif|elsif|else|endif|endunless)\b(?P<liquid_condition>[^{}%\n]{0,200}?)-?%\}"
    r"|\{\{-?\s*(?P<go>if|with|range|else|end)\b(?P<go_condition>[^{}\n]{0,200}?)-?\}\}"
)
_READER = re.compile(r"(?<![^\W_])(?:subscriber|contact|recipient|member)(?![^\W_])", re.IGNORECASE)
_PAYS = re.compile(r"premium|paid|paying", re.IGNORECASE)
_NOT = re.compile(r"(?<!\w)not(?!\w)|!=|(?<!\w)ne(?!\w)|\bfalse\b", re.IGNORECASE)
_CODE = re.compile(r"^(?:`{3,}|~{3,})|`+|<(?:pre|code)\b", re.MULTILINE | re.IGNORECASE)
"""The beginning of code, in Markdown or HTML."""
_LONGEST_CODE = 20_000
"""The longest piece of code, in characters."""
_BESIDE = 200
"""The most blanks beside a tag that is alone in its line, in characters."""


@mutable(slots=True)
class _Condition:
    """A condition with all its tags, from `if` to `end`."""

    expression: str
    negated: bool
    tags: list[re.Match[str]] = field(default_factory=list)

    @property
    def pays(self) -> bool:
        return bool(_PAYS.search(self.expression))


def unconditional(text: str, report: Callable[[ImportNote], None], place: str = "") -> str:
    """The text of a letter, Markdown or HTML, without conditions on the reader.

    `report` is called with a note on each.
    """
    if not _READER.search(text) or not any(mark in text for mark in ("{%", "{{")):
        return text
    instead: dict[int, tuple[int, str]] = {}
    for condition in _conditions(text):
        if not condition.pays:
            report(ImportNote(place, "a condition on the reader was removed: all its branches are kept", "changed"))
            instead |= {tag.start(): (tag.end(), "") for tag in condition.tags}
        elif _is_in_blocks(condition, text):
            report(ImportNote(place, "a condition on what the reader pays is now `::: only`", "changed"))
            instead |= _only(condition)
    pieces, done = [], 0
    for start, (end, piece) in sorted(instead.items()):
        pieces += [text[done:start], piece]
        done = end
    return "".join((*pieces, text[done:]))


def _conditions(text: str) -> Iterator[_Condition]:
    """The complete conditions on the reader."""
    code = list(_code(text))
    starts = [start for start, _ in code]
    opened: list[_Condition] = []
    for tag in _TAG.finditer(text):
        around = bisect_right(starts, tag.start()) - 1
        if around >= 0 and tag.start() < code[around][1]:
            continue
        word = tag["liquid"] or tag["go"]
        expression = tag["liquid_condition"] or tag["go_condition"] or ""
        if word in {"if", "unless", "with", "range"}:
            opened.append(_Condition(expression, (word == "unless") != bool(_NOT.search(expression))))
        if opened:
            opened[-1].tags.append(tag)
        if opened and word.startswith("end"):
            done = opened.pop()
            if _READER.search(done.expression):
                yield done


def _code(text: str) -> Iterator[tuple[int, int]]:
    """The offsets at which each piece of code begins and ends."""
    at = 0
    while found := _CODE.search(text, at):
        mark = found[0]
        fence = mark[0] in "`~" and len(mark) >= 3
        closing = f"</{mark[1:]}" if mark[0] == "<" else f"\n{mark}" if fence else mark
        end = text.find(closing, found.end(), found.end() + _LONGEST_CODE)
        at = end + len(closing) if end >= 0 else found.end()
        if end >= 0:
            yield found.start(), at


def _is_in_blocks(condition: _Condition, text: str) -> bool:
    """Whether each tag is alone in its line, and there are at most two branches."""
    words = [tag["liquid"] or tag["go"] for tag in condition.tags]
    plain = words.count("else") <= 1 and not {"elif", "elsif"} & set(words)
    return plain and all(_is_alone(tag, text) for tag in condition.tags)


def _is_alone(tag: re.Match[str], text: str) -> bool:
    before = text[max(tag.start() - _BESIDE, 0) : tag.start()].rpartition("\n")[2]
    after = text[tag.end() : tag.end() + _BESIDE].partition("\n")[0]
    return not before.strip() and not after.strip()


def _only(condition: _Condition) -> dict[int, tuple[int, str]]:
    first, second = ("free", "paid") if condition.negated else ("paid", "free")
    found = {}
    for tag in condition.tags:
        word = tag["liquid"] or tag["go"]
        if word.startswith("end"):
            piece = "\n:::\n"
        elif word == "else":
            piece = f"\n:::\n\n::: only {second}\n"
        else:
            piece = f"\n::: only {first}\n"
        found[tag.start()] = (tag.end(), piece)
    return found
