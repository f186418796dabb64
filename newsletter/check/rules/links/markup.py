"""LK: Markdown links that stay text by mistake, and the definitions of reference links."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.facts.prose import code_in
from newsletter.check.rule import WARNING, rule
from newsletter.check.wording import quoted
from newsletter.diagnostics import Edit, Fix
from newsletter.digits import unescape
from newsletter.hints import HINT
from newsletter.late import late
from newsletter.markdown.addresses import refused_scheme
from newsletter.model import Text
from newsletter.records import dataclass
from newsletter.suggest import did_you_mean
from newsletter.walk import walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import LinkDefinition, Span

_JOINT = re.compile(r"\](?:\(|\[|[ \t]\()|\)\[")
"""The place where the text of a link meets its address or label; in the last form, the two are swapped."""
_BEGINS = late(r"[ \t]*<?(?:https?:|www\.|mailto:|ftp:|\.{1,2}/|/[\w-]|#[\w-])", re.IGNORECASE)
_FULL = re.compile(r"[ \t]*<?(?:https?://|www\.|mailto:)", re.IGNORECASE)
_FILE = late(r"[^\n]*\.(?:jpe?g|png|gif|webp|svg|avif|pdf|md|html?|mp3|m4a|zip|docx?|xlsx?|pptx?)\Z", re.IGNORECASE)
_REFUSED = re.compile(r"[ \t]*<?(javascript|vbscript|data|file):", re.IGNORECASE)
_TITLE = re.compile(r"""[ \t]+(?:"[^"]*"|'[^']*')[ \t]*\Z""")
_FARTHEST = 400
"""The longest distance in characters between the two ends of a link."""


@dataclass(frozen=True, slots=True)
class Joint:
    """A place in plain text that looks like the middle of a link."""

    kind: str
    """`](`, `][`, `] (` or `)[`."""
    opens: int
    """The offset at which the bracket or parenthesis in front opens."""
    at: int
    """The offset at which it closes."""
    start: int
    """The offset after the mark that opens the second half."""
    end: int
    """The offset at which the second half closes; -1 if it does not."""
    shown: str
    """The content of the first half."""
    inside: str
    """The content of the second half; if it does not close, the text up to the end of the line."""


@rule("LK102", "stays-text", "Text that looks like a link is one", "text", fixable=True)
def stays_text(context: CheckContext) -> Iterator[Diagnostic]:
    """LK102: text looks like a link or a picture, but is neither."""
    for joint in joints(context):
        reported = _REFUSED.match(joint.inside) or HINT.search(joint.inside)
        if joint.kind != "][" and not reported and not any(word in joint.inside for word in context.house.never):
            yield from _finding(context, joint)


def _finding(context: CheckContext, joint: Joint) -> Iterator[Diagnostic]:
    noun = "picture" if context.source.text[max(joint.opens - 1, 0)] == "!" else "link"
    closed, is_full = joint.end >= 0, joint.end >= 0 and _FULL.match(joint.inside) is not None
    whole = context.span(joint.opens - (noun == "picture"), joint.end + 1 if closed else joint.at + 2)
    if joint.kind == ")[":
        if is_full and "(" not in joint.shown:
            right = f"[{joint.shown}]({joint.inside})"
            fix = context.replacing(joint.opens, joint.end + 1, right, "swap the brackets")
            yield context.found("LK102", whole, "the brackets of this link are the wrong way round", fix=fix)
    elif joint.kind == "] (":
        label = joint.shown.strip()
        if is_full and not label.isdigit() and len(label) > 1:
            message = f"a space breaks this {noun}"
            fix = context.replacing(joint.at + 1, joint.at + 2, "", "remove the space from the link")
            yield context.found("LK102", whole, message, label="write `](` without it", fix=fix)
    elif not closed:
        if _BEGINS.match(joint.inside) or _was_meant(context, joint):
            yield context.found("LK102", whole, f"the address of this {noun} is never closed", label="`)` is missing")
    elif _BEGINS.match(joint.inside) or _FILE.match(_TITLE.sub("", joint.inside)) or _was_meant(context, joint):
        yield _unreadable(context, joint, noun)


_REMARKS = frozenset("sic;emphasis added;emphasis mine;translation;citation needed;inaudible;laughter".split(";"))
"""Words that an editor puts in brackets, often before a remark in parentheses."""


def _was_meant(context: CheckContext, joint: Joint) -> bool:
    """Whether `[words](address)` was meant as a link.

    Code (`list[0](x)`), notes (`[1](see there)`) and tags were not.
    """
    before = context.source.text[joint.opens - 1] if joint.opens else " "
    words = joint.shown.strip().lstrip("^")
    remark = words.casefold() in _REMARKS
    code = before.isalnum() or before in "])_`" or not any(char.isalpha() for char in words)
    return not code and not remark and len(words) > 1 and not joint.inside.lstrip().startswith(("{", "\\"))


def _unreadable(context: CheckContext, joint: Joint, noun: str) -> Diagnostic:
    span, address = context.span(joint.start, joint.end), _TITLE.sub("", joint.inside)
    first, _, behind = address.strip().partition(" ")
    if "](" in joint.shown:
        message, label, advice = f"this {noun} has a link in its text, so it stays text", "", "Separate the two."
    elif first.startswith("<") and ">" not in address:
        message, label, advice = f"the address of this {noun} is never closed", "`>` is missing", ""
    elif _is_no_title(behind.strip()) or not re.search(r"\s", address.strip()):
        message, label = f"this {noun} cannot be read: the text after its address is not a title", ""
        advice = 'Write a title as `"Title"`, between straight quotation marks, and those within it as `\\"`.'
    else:
        message = (
            f"the address of this {noun} has a {'line end' if chr(10) in address else 'blank'} in it, so it stays text"
        )
        label = "put it between `<` and `>`, or remove the space"
        label = "remove it, or write a space as `%20`" if "://" in address or "\n" in address else label
        advice = ""
    return context.found("LK102", span, message, label=label, advice=advice, fix=_pointed(context, joint, address))


def _is_no_title(words: str) -> bool:
    """Whether the text after an address was meant as a title. Parentheses are also in names of files: `port (1).jpg`."""
    if words.startswith("("):
        return words.endswith(")")
    return words.startswith(("“", "”", "„", "«", "‘", "’", '"', "'"))


def _pointed(context: CheckContext, joint: Joint, address: str) -> Fix | None:
    stripped = address.strip()
    if (
        not re.search(r"\s", stripped)
        or "](" in joint.shown
        or "\n" in address
        or set(stripped) & set("<>\"'")
        or "://" in stripped
    ):
        return None
    start = joint.start + address.index(stripped)
    return context.replacing(start, start + len(stripped), f"<{stripped}>", "put the address between angle brackets")


_ELSEWHERE = late(
    r"^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\n?[ \t]*(?P<defined>\S+)|<(?P<auto>[^\s<>]+:[^\s<>]*)>", re.MULTILINE
)
"""Other places of an address than parentheses: a definition, and angle brackets."""
_MAY_BE_SCHEME = re.compile(r"[^:&()]{0,80}[:&]")
"""A quick test: the end is looked for only if a colon, or an entity that may be one, follows soon."""
_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff]+")
"""Characters in an address that browsers and some other programs ignore."""
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")


def unsafe_text(context: CheckContext) -> Iterator[tuple[str, int, int]]:
    """The scheme, start and end of addresses that were refused as links and stay text."""
    text = context.source.text
    links = _stretches(use.span for use in context.links)
    for match in _all_joints(text):
        if match[0] == "](" and not _covers(links, match.end()) and _MAY_BE_SCHEME.match(text, match.end()):
            end = _closing(text, match.end(), "(", ")")
            yield from _refused(context, match.end(), end if end >= 0 else context.line_end(match.end()))
    elsewhere = _ELSEWHERE.finditer(text, context.body_start) if "]:" in text or "<" in text else ()
    for match in elsewhere:
        if not (match["auto"] and match.start() and text[match.start() - 1] in "(`"):
            yield from _refused(context, *match.span("defined" if match["defined"] else "auto"))


def _refused(context: CheckContext, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    written = context.source.text[start:end]
    if ":" not in written and "&" not in written:
        return
    read = _IN_ADDRESS.sub("", unescape(_ESCAPED.sub("", written)))
    scheme = refused_scheme(read.removeprefix("<"))
    code = scheme and (
        context.is_unread(start) or any(span.start <= start < span.end for span in code_in(context.issue))
    )
    linked = scheme and any(use.span.start < end and start < use.span.end for use in context.links)
    if len(scheme) > 1 and not read.endswith(":") and not code and not linked:
        yield scheme, start, end


@rule("LK110", "undefined-reference", "Each link by label has a definition", "text")
def undefined_reference(context: CheckContext) -> Iterator[Diagnostic]:
    """LK110: `[text][label]` has a label that is not defined."""
    labels = [definition.label for definition in context.issue.definitions]
    for joint in joints(context):
        wanted = " ".join((joint.inside or joint.shown).split())
        if joint.kind != "][" or joint.end < 0 or not _is_reference(context, joint, wanted):
            continue
        definition = f"Add its address on its own line: `[{_cut(wanted)}]: https://…`."
        yield context.found(
            "LK110",
            context.span(joint.opens, joint.end + 1),
            f"the link {quoted(wanted)} has no definition",
            label="readers see it as text, with its brackets",
            advice=did_you_mean(wanted, labels, definition),
        )


def _is_reference(context: CheckContext, joint: Joint, wanted: str) -> bool:
    """Whether it was meant as a reference link. Code such as `list[0][1]` and notes such as `[1][2]` were not."""
    before, shown = context.source.text[joint.opens - 1] if joint.opens else " ", joint.shown.strip()
    if before.isalnum() or before in "])_" or wanted.startswith("^") or shown.startswith("^"):
        return False
    return len(shown) > 1 and len(wanted) > 1 and not (shown.isdigit() and wanted.isdigit())


def _cut(label: str) -> str:
    return label if len(label) <= 30 else label[:29] + "…"


@lru_cache(maxsize=4)
def _all_joints(text: str) -> tuple[re.Match[str], ...]:
    """The matches in a text, remembered because three rules ask for them."""
    return tuple(_JOINT.finditer(text))


def joints(context: CheckContext) -> list[Joint]:
    """Every place in the plain text of the issue that looks like the middle of a link."""
    text = context.source.text
    links = _stretches(use.link.span for use in context.links if use.link is not None)
    candidates = [match for match in _all_joints(text) if not _covers(links, match.start())]
    if not candidates:
        return []
    plain = _stretches(
        inline.span
        for inline in walk_inlines(context.issue)
        if isinstance(inline, Text) and inline.span.end - inline.span.start == len(inline.text)
    )
    found = []
    for match in candidates:
        at, start = match.span()
        opens = _opening(text, at) if _covers(plain, at) and _covers(plain, start - 1) else -1
        if opens >= 0 and _covers(plain, opens):
            end = _closing(text, start, match[0][-1], ")" if match[0][-1] == "(" else "]")
            inside = text[start : end if end >= 0 else context.line_end(start)]
            found.append(Joint(match[0], opens, at, start, end, text[opens + 1 : at], inside))
    return found


Stretches = tuple[list[int], list[int]]
"""The starts of some stretches of text, in order, and their ends. Stretches do not overlap."""


def _stretches(spans: Iterable[Span]) -> Stretches:
    ordered = sorted({(span.start, span.end) for span in spans})
    return [start for start, _ in ordered], [end for _, end in ordered]


def _covers(stretches: Stretches, offset: int) -> bool:
    starts, ends = stretches
    at = bisect_right(starts, offset) - 1
    return at >= 0 and offset < ends[at]


def _opening(text: str, close: int) -> int:
    """The offset at which the bracket that closes at `close` opens, in the same paragraph; -1 if it does not."""
    closing, depth = text[close], 0
    opening = "[" if closing == "]" else "("
    for at in range(close, max(close - _FARTHEST, -1), -1):
        if text[at] == closing:
            depth += 1
        elif text[at] == opening:
            depth -= 1
            if not depth:
                return at
        elif text[at] == "\n" and text[at - 1 : at] == "\n":
            break
    return -1


def _closing(text: str, start: int, opening: str, closing: str) -> int:
    depth = 1
    for at in range(start, min(start + _FARTHEST, len(text))):
        if text[at] == opening:
            depth += 1
        elif text[at] == closing:
            depth -= 1
            if not depth:
                return at
        elif text[at] == "\n" and text[at + 1 : at + 2] in {"\n", ""}:
            break
    return -1


_MANY = 10
"""From this many unused definitions on, they are kept on purpose, and one finding reports all of them."""


def _label(definition: LinkDefinition) -> str:
    """The label as CommonMark compares labels (§4.7)."""
    return " ".join(definition.label.split()).casefold()


def _first_of_each(definitions: Sequence[LinkDefinition]) -> dict[str, LinkDefinition]:
    first: dict[str, LinkDefinition] = {}
    for definition in definitions:
        first.setdefault(_label(definition), definition)
    return first


@rule("LK111", "unused-definition", "Each definition is used", "links", severity=WARNING, fixable=True)
def unused_definition(context: CheckContext) -> Iterator[Diagnostic]:
    """LK111: a definition is not used, or repeats another one."""
    first = _first_of_each(context.issue.definitions)
    unused = [
        definition
        for definition in context.issue.definitions
        if not definition.used
        and not _is_note(definition)
        and (first[_label(definition)] is definition or first[_label(definition)].href == definition.href)
    ]
    if len(unused) >= _MANY:
        edits = [edit for definition in unused for edit in _without(context, definition)]
        fix = Fix(tuple(edits), "remove the unused definitions") if edits else None
        total = len(context.issue.definitions)
        message = f"{len(unused)} of the {total} link definitions are never used, starting with this one"
        yield context.found("LK111", unused[0].span, message, fix=fix)
        return
    for definition in unused:
        earlier = first[_label(definition)]
        repeats = earlier is not definition
        edits = list(_without(context, definition))
        yield context.found(
            "LK111",
            definition.span,
            f"{quoted(definition.label)} is already defined in line {earlier.span.line}"
            if repeats
            else f"no link uses {quoted(definition.label)}",
            fix=Fix(tuple(edits), "remove the definition") if edits else None,
        )


def _is_note(definition: LinkDefinition) -> bool:
    """Whether a definition is a comment written in Markdown: `[//]: # (…)`, `[comment]: <> (…)`."""
    return definition.href in {"", "#"} or not any(char.isalnum() for char in definition.label)


def _without(context: CheckContext, definition: LinkDefinition) -> Iterator[Edit]:
    """The edits that remove the lines of a definition; none if its lines have other text."""
    text, span = context.source.text, definition.span
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end + 1
    if not text[start : span.start].strip() and not text[span.end : end].strip():
        yield Edit(context.span(start, end), "")


@rule("LK112", "conflicting-definition", "Each label has one address", "links")
def conflicting_definition(context: CheckContext) -> Iterator[Diagnostic]:
    """LK112: a label is defined twice with different addresses. The first definition counts."""
    first = _first_of_each(context.issue.definitions)
    for definition in context.issue.definitions:
        counts = first[_label(definition)]
        if counts is not definition and counts.href != definition.href and not _is_note(definition):
            yield context.found(
                "LK112",
                definition.span,
                f"{quoted(definition.label)} already leads to {quoted(counts.href)}, defined in line {counts.span.line}",
                label="this one is ignored",
            )
