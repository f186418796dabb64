"""Reads text between angle brackets: comments are notes to the writer, HTML is refused or cleaned by nh3.

If the house format allows HTML, it is cleaned before anything else sees it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from newsletter.diagnostics import Severity
from newsletter.markdown.hidden import without_hidden
from newsletter.markdown.html_fields import HeldFields
from newsletter.markdown.html_pictures import pictures_in
from newsletter.model import Heading, HtmlBlock, Note, RawHtml
from newsletter.tokens import MASKED, RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.markdown.reading import ReadingState
    from newsletter.model import Block, Inline, Span

if TYPE_CHECKING:
    Node = TypeVar("Node", Inline, Block)

_ELEMENTS = frozenset(
    """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo big blockquote body br button canvas
    caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset
    figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins
    kbd label legend li link main map mark marquee math menu meta meter nav noframes noscript object ol optgroup option
    output p param picture pre progress q rp rt ruby s samp script search section select slot small source span strike
    strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var
    video wbr
    """.split()
)
"""The names of HTML's elements, obsolete ones too. Any other name in angle brackets is read as a type parameter."""
_BLOCKS = frozenset(
    "article aside blockquote caption center col colgroup dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hgroup hr li nav ol p pre summary table tbody td th thead tr ul".split()
)
"""Elements that end the paragraph around them, so they are not inline content."""
_TAKEN_OUT = {
    **dict.fromkeys(
        ("iframe", "object", "embed", "frame", "frameset", "video", "audio", "canvas", "applet"), "picture"
    ),
    **dict.fromkeys(("form", "input", "select", "textarea", "button", "dialog"), "form"),
    **dict.fromkeys(("script", "style", "link", "meta", "base", "template", "noscript", "svg", "math"), "safe"),
}
"""Elements with visible content or behaviour that readers would miss; other tags are removed without loss."""
_INSTEAD = {
    "picture": "Email clients do not show it. Write a picture that links to it, or a directive: `::: video`, `::: audio`, `::: post`.",
    "form": "Email clients do not send it. Link to a page with it, as `::: button [What it says](address)`.",
    "safe": "Write it as Markdown, or with elements that only format text.",
}
_NOSCRIPT = re.compile(r"</?noscript\b[^<>]*>", re.IGNORECASE)
_MARK = "\ufdd8"
"""The separator of pieces of HTML that are cleaned together. It never occurs in the source."""
_BLOCK = f'<div title="{_MARK}"></div>'
"""The mark between blocks. Like Markdown's own blocks, it ends an open paragraph."""
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_REFERENCE = re.compile(r"&#([xX][0-9a-fA-F]+|[0-9]+);?")
_COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.DOTALL)


def comment_end(text: str, at: int, high: int) -> int:
    """The end of the comment that begins at `at` (CommonMark §6.6), or -1 if it is never closed."""
    for empty in ("<!-->", "<!--->"):
        if text.startswith(empty, at):
            return at + len(empty)
    close = text.find("-->", at + 4, high)
    return close + 3 if close >= 0 else -1


def note_down(reading: ReadingState, text: str, span: Span) -> None:
    """Keeps a comment as a note to the writer."""
    reading.notes.append(Note(text[4:-3].strip(), span))


def note_down_all(reading: ReadingState, start: int, end: int) -> None:
    """Keeps every comment in a stretch of raw HTML as a note."""
    text, noted = reading.source.text, {note.span.start: note.span.end for note in reading.notes}
    while (at := text.find("<!--", start, end)) >= 0:
        if at in noted:
            start = noted[at]
            continue
        stop = comment_end(text, at, end)
        if stop < 0:
            report_unclosed(reading, reading.source.span(at, at + 4))
            return
        note_down(reading, text[at:stop], reading.source.span(at, stop))
        start = stop


def without_comments(reading: ReadingState, value: str, at: int) -> str:
    """A value that is not Markdown, without its comments, which are kept as notes; `at` is its offset."""
    while (start := value.find("<!--")) >= 0:
        end = comment_end(value, start, len(value))
        if end < 0:
            report_unclosed(reading, reading.source.span(at + start, at + start + 4))
            break
        note_down(reading, value[start:end], reading.source.span(at + start, at + end))
        value = value[:start] + MASKED * (end - start) + value[end:]
    return unmasked(value).strip() if MASKED in value else value


def unmasked(text: str) -> str:
    """`text` without masked comments, for text that is not read as inline content."""
    return text.replace(MASKED, "")


def report_unclosed(reading: ReadingState, span: Span) -> None:
    """Reports ST126."""
    reading.unclosed.append(span.start)
    advice = "It stays as text. Close it with `-->`."
    reading.find(span, "ST126", "this comment is never closed", advice)


# A blank line, or the end of a list item, a quotation or a cell, ends a block but not a comment. If a comment is
# closed only after the end of its block, the text is read again with that comment masked.

_CONTAINERS = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)*")


def beyond_their_blocks(text: str, unclosed: Sequence[int], known: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places of comments that begin at `unclosed` and end after their block, except inside `known` comments."""
    before, found, done = sorted(known), [], 0
    for at in sorted(unclosed):
        earlier = bisect_right(before, (at, len(text))) - 1
        close = text.find("-->", at + 4)
        if close >= 0 and at >= done and (earlier < 0 or at >= before[earlier][1]):
            done = close + 3
            found.append((at, done))
    return found


def masked(text: str, comments: Sequence[tuple[int, int]]) -> str:
    """`text` with each character of these comments masked, or a space if nothing else is on the line; of the same length."""
    done, parts = 0, []
    for start, end in sorted(comments):
        parts += [text[done:start], _mask(text, start, end)]
        done = end
    return "".join((*parts, text[done:]))


def _mask(text: str, start: int, end: int) -> str:
    """The replacement for `text[start:end]`.

    Quotation marks of Markdown (`>`) stay, so that the text after it is still in the quotation.
    """
    begin = text.rfind("\n", 0, start) + 1
    containers = _CONTAINERS.match(text, begin, start)
    depth = containers[0].count(">") if containers else 0
    first, *others = text[start:end].split("\n")
    stop = text.find("\n", end)
    follows = bool(text[end : stop if stop >= 0 else len(text)].strip())
    prefix = re.compile(rf"[ \t]*(?:>[ \t]*){{0,{depth}}}")
    lines = [MASKED * len(first)]
    for number, line in enumerate(others, 1):
        kept = prefix.match(line)
        lead = kept[0] if kept else ""
        filler = MASKED if follows and number == len(others) else " "
        lines.append(lead + filler * (len(line) - len(lead)))
    return "\n".join(lines)


def refuse(reading: ReadingState, tag: str, span: Span) -> None:
    """Reports ST116 for raw HTML, ST117 for text that only looks like it. Both stay as text."""
    name = tag.strip("</>").split()[0].rstrip("/").lower() if tag[1] not in "!?" else tag[:2]
    if tag.startswith("</"):
        if name in reading.refused_tags:
            return
    else:
        reading.refused_tags.add(name)
    if (name in _ELEMENTS and not _is_parameter(reading, tag, span)) or tag[1] in "!?":
        what = {"!": "a declaration", "?": "an instruction to a program"}.get(tag[1], "raw HTML")
        message = f"{what} is not supported: `{_shortened(tag)}`"
        advice = f"It stays as text. {_as_markdown(name, _line_before(reading, span))}"
        reading.find(span, "ST116", message, advice)
    else:
        message = f"`{_shortened(tag)}` looks like an HTML tag"
        advice = "It stays as text. Put it between backticks, as code."
        reading.find(span, "ST117", message, advice, severity=Severity.WARNING)


def _line_before(reading: ReadingState, span: Span) -> str:
    """The text before a tag on its line, without quotation marks of Markdown (`>`)."""
    text = reading.source.text
    return text[text.rfind("\n", 0, span.start) + 1 : span.start].lstrip(" \t>")


def _as_markdown(name: str, before: str) -> str:
    """The Markdown that replaces an element; `before` is the text before it on its line."""
    in_heading = re.match(r"#{1,6}[ \t]", before) is not None
    if name in _HEADINGS and in_heading:
        return "Remove the tags: this is a heading already."
    if name in _HEADINGS and before:
        return "Write a heading on a line of its own: `## Heading`, or `## [Heading](address)`."
    if name in _BOLD_TAGS and (in_heading or before.endswith(("**", "__"))):
        return "Remove the tags: this is bold already."
    if name in _ITALIC_TAGS and re.search(r"(?<![*_])[*_]$", before):
        return "Remove the tags: this is emphasised already."
    if name == "br" and in_heading:
        return "Remove it: a heading breaks where its line is full."
    if name == "a" and before.endswith("["):
        return "Remove the tags: this is the text of a link already."
    return _AS_MARKDOWN.get(name) or _INSTEAD.get(_TAKEN_OUT.get(name, ""), _AS_ANY)


_AS_ANY = "Write it as Markdown, or as code between backticks; the house format can allow HTML."
_BOLD, _ITALIC = "Write `**bold**`.", "Write `*emphasis*`."
_LIST = "Write a list: each entry begins with `- ` or `1. `."
_TABLE = "Write a table: cells between `|`, and `|---|` below the heads; the house format can allow HTML."
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD_TAGS = frozenset(("b", "strong"))
_ITALIC_TAGS = frozenset(("i", "em", "cite"))
_WRAPPERS = frozenset(
    "div span p center font section article main header footer big small u hgroup bdo bdi marquee".split()
)
"""Elements that only set a style or group content."""
_AS_MARKDOWN = {
    **dict.fromkeys(_WRAPPERS, "Remove the tags and keep what they enclose: the theme decides how it looks."),
    "br": "End the line with a backslash, or begin a new paragraph.",
    "hr": "Write `---` between two blank lines.",
    "img": "Write `![What it shows](file.png)`.",
    "a": "Write `[text](address)`; for a place to link to, a heading.",
    **dict.fromkeys(_BOLD_TAGS, _BOLD),
    **dict.fromkeys(_ITALIC_TAGS, _ITALIC),
    **dict.fromkeys(("code", "pre", "tt", "kbd", "samp"), "Write code between backticks."),
    **dict.fromkeys(("ul", "ol", "li"), _LIST),
    **dict.fromkeys(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"), _TABLE),
    **dict.fromkeys(_HEADINGS, "Write a heading: `## Heading`."),
    "blockquote": "Write `> ` in front of each line.",
    "s": "Write `~~struck~~`.",
    "del": "Write `~~struck~~`.",
}


def _is_parameter(reading: ReadingState, tag: str, span: Span) -> bool:
    """Whether a tag is a type parameter with the name of an element: `reduce<A>(`, `List<S>`."""
    before = reading.source.text[span.start - 1 : span.start]
    return len(tag) == len("<A>") and tag[1].isupper() and (before.isalnum() or before == "_")


def _shortened(tag: str) -> str:
    tag = " ".join(tag.split())
    return tag if len(tag) <= 40 else tag[:39] + "…"


def cleaned(nodes: Sequence[Node], reading: ReadingState) -> list[Node]:
    """The nodes of one parent with their HTML cleaned.

    Pieces are cleaned together, so that `<b>` keeps its `</b>` after some Markdown; blocks only up to the next
    heading, where an email begins a new row. Unsafe content is removed, with a finding. An element that is never
    closed is closed at the end.
    """
    found: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if isinstance(node, Heading):
            found += _cleaned(run, reading)
            found.append(node)
            run.clear()
        else:
            run.append(node)
    return found + _cleaned(run, reading)


def _cleaned(nodes: Sequence[Node], reading: ReadingState) -> list[Node]:
    pieces = [node.html for node in nodes if isinstance(node, (RawHtml, HtmlBlock))]
    if not pieces:
        return list(nodes)
    inline = any(isinstance(node, RawHtml) for node in nodes)
    held = HeldFields(pieces, reading.options.personal_fields)
    seen, behind = without_hidden(held.pieces, _MARK if inline else _BLOCK, _as_browsers) or (held.pieces, [False])
    if behind[-1]:
        _report_open(nodes, behind, reading)
    hidden = zip(seen, behind, strict=False)
    kept = iter([held.given_back(html) for html in _clean(seen, inline=inline)])
    found: list[Node] = []
    unseen = False
    for node in nodes:
        if not isinstance(node, (RawHtml, HtmlBlock)):
            found += [] if unseen else [node]
            continue
        left, unseen = next(hidden, (node.html, False))
        if (html := next(kept)).strip():
            found.append(replace(node, html=html, images=pictures_in(html, node.span, reading.source)))
            _report_lost(node, reading)
        elif left.strip() and _COMMENT.sub("", node.html).strip() and not node.html.startswith("</"):
            _report_removed(node, reading, inline=inline)
    last = next((node for node in reversed(nodes) if isinstance(node, (RawHtml, HtmlBlock))), None)
    if last and (closing := next(kept, "")):
        found.append(replace(last, html=closing))
    return found


def _report_removed(node: RawHtml | HtmlBlock, reading: ReadingState, *, inline: bool) -> None:
    """Reports ST116 for HTML that is removed completely."""
    names = _names(node.html)
    advice = next((_INSTEAD[_TAKEN_OUT[name]] for name in sorted(names) if name in _TAKEN_OUT), "")
    message = "this HTML is removed: it is not safe in a letter"
    if "noscript" in names:
        message = "this HTML is removed: its tags have no effect in an email, and their content is shown"
    elif names and not advice:
        name = min(names)
        lost = "cannot be part of a line of text" if inline and names <= _BLOCKS else "has no effect in a letter"
        message = f"`<{name}>` {lost}: its tags are removed, and their content is shown"
        advice = _as_markdown(name, _line_before(reading, node.span))
    reading.find(node.span, "ST116", message, advice or _INSTEAD["safe"])


def _report_lost(node: RawHtml | HtmlBlock, reading: ReadingState) -> None:
    """Reports ST116 for each element that is removed from HTML of which the rest stays."""
    reported: set[str] = set()
    for tag in _NAME.finditer(_COMMENT.sub(lambda comment: " " * len(comment[0]), node.html)):
        name = tag[1].lower()
        if name in reported or tag[0].startswith("</") or name not in _TAKEN_OUT:
            continue
        reported.add(name)
        at = reading.source.text.find(tag[0], node.span.start, node.span.end)
        place = reading.source.span(at, at + len(tag[0])) if at >= 0 else node.span
        what = "its tags are removed, and their content is shown" if name == "noscript" else "it is removed"
        reading.find(place, "ST116", f"`<{name}>` cannot be in an email: {what}", _INSTEAD[_TAKEN_OUT[name]])


def _as_browsers(html: str, attributes: set[str], written: Callable[[str, str, str], str | None]) -> str:
    """HTML with all tags closed, as browsers read it; it is not cleaned."""
    import nh3

    tags = set(_ELEMENTS) - {"script", "style"}
    return nh3.clean(html, tags=tags, attributes={"*": attributes}, attribute_filter=written, link_rel=None)


def _report_open(nodes: Sequence[Node], behind: Sequence[bool], reading: ReadingState) -> None:
    """Reports ST116 for an unclosed element that hides everything after it."""
    first = len(behind) - 1
    while first and behind[first - 1]:
        first -= 1
    tags = [node for node in nodes if isinstance(node, (RawHtml, HtmlBlock))]
    advice = "Close its element where the hidden text ends, or write a comment: <!-- … -->."
    reading.find(tags[first].span, "ST116", "this HTML hides everything up to the next heading", advice)


def _clean(pieces: Sequence[str], *, inline: bool) -> list[str]:
    """Each piece cleaned, then the closing tags of elements that no piece closes."""
    import nh3

    tags = nh3.ALLOWED_TAGS - _BLOCKS if inline else nh3.ALLOWED_TAGS
    between = _MARK if inline else _BLOCK

    def clean(html: str) -> str:
        # Readers see the content of `<noscript>` because emails run no scripts; nh3 would show its markup as text.
        shown = _NOSCRIPT.sub("", _REFERENCE.sub(_lost, html))
        return nh3.clean(shown, tags=tags, attributes=_attributes(), link_rel=None)

    def together(pieces: Sequence[str]) -> list[str]:
        return clean(between.join([*pieces, ""])).split(between)

    found = together(pieces)
    if len(found) <= len(pieces):  # an element that is removed with its content spans several pieces
        found = together([piece if _names(piece) <= nh3.ALLOWED_TAGS else "" for piece in pieces])
    return found if len(found) == len(pieces) + 1 else [clean(piece) for piece in pieces]


@cache
def _attributes() -> dict[str, set[str]]:
    """The allowed attributes of an element: those of nh3, and those for the numbers of list entries."""
    import nh3

    return {**nh3.ALLOWED_ATTRIBUTES, "ol": {"start", "type", "reversed"}, "ul": {"type"}, "li": {"value", "type"}}


def _lost(found: re.Match[str]) -> str:
    """A character reference, unless its character is reserved: decoded, it would look like one of our marks."""
    digits = found[1].lower().lstrip("x0") or "0"
    reserved = len(digits) < 8 and RESERVED.match(chr(min(int(digits, 16 if found[1][0] in "xX" else 10), 0xFFFF)))
    return "\ufffd" if reserved else found[0]


def _names(html: str) -> set[str]:
    """The names of the elements in a piece of HTML."""
    return {name.lower() for name in _NAME.findall(html)}
