"""What an author writes between angle brackets: comments are notes to the writer, HTML is refused or cleaned by nh3.

Where the house format allows HTML, it is cleaned before anything else sees it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from newsletter.diagnostics import Severity
from newsletter.markdown.hidden import without_hidden
from newsletter.markdown.html_fields import HeldFields
from newsletter.model import Heading, HtmlBlock, Note, RawHtml
from newsletter.tokens import RESERVED

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
"""The names of HTML's elements, old ones too. Any other name between angle brackets is taken for a type parameter."""
_BLOCKS = frozenset(
    "article aside blockquote caption center col colgroup dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hgroup hr li nav ol p pre summary table tbody td th thead tr ul".split()
)
"""Elements that end the paragraph they stand in, so that they are no inline content."""
_MARK = "\ufdd8"
"""What separates two pieces of HTML while they are cleaned together; reading lets none through."""
_BLOCK = f'<div title="{_MARK}"></div>'
"""The same between blocks: as Markdown's own blocks do, it ends a paragraph that is still open."""
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_REFERENCE = re.compile(r"&#([xX][0-9a-fA-F]+|[0-9]+);?")
_COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.DOTALL)


# ── Comments ────────────────────────────────────────────────────────────────────────────────────────────────────────


def comment_end(text: str, at: int, high: int) -> int:
    """Where the comment that begins at `at` ends (CommonMark §6.6), or -1 where it is never closed."""
    for empty in ("<!-->", "<!--->"):
        if text.startswith(empty, at):
            return at + len(empty)
    close = text.find("-->", at + 4, high)
    return close + 3 if close >= 0 else -1


def note_down(reading: ReadingState, text: str, span: Span) -> None:
    """Keeps a comment as a note to the writer."""
    reading.notes.append(Note(text[4:-3].strip(), span))


def note_down_all(reading: ReadingState, start: int, end: int) -> None:
    """Keeps every comment in a stretch of the source, which is raw HTML, as a note."""
    text = reading.source.text
    while (at := text.find("<!--", start, end)) >= 0 and (stop := comment_end(text, at, end)) > 0:
        note_down(reading, text[at:stop], reading.source.span(at, stop))
        start = stop


def report_unclosed(reading: ReadingState, span: Span) -> None:
    """Notes down ST126."""
    mend = "It stays as text. Close it with `-->` before the next blank line or the end of what it stands in."
    reading.find(span, "ST126", "this comment is never closed", mend)


# ── HTML that is not read ───────────────────────────────────────────────────────────────────────────────────────────


def refuse(reading: ReadingState, tag: str, span: Span) -> None:
    """Notes down ST116 for raw HTML, ST117 for what only looks like it. Either stays as text."""
    name = tag.strip("</>").split()[0].rstrip("/").lower() if tag[1] not in "!?" else tag[:2]
    if tag.startswith("</"):
        if name in reading.refused_tags:
            return
    else:
        reading.refused_tags.add(name)
    if name in _ELEMENTS or tag[1] in "!?":
        message = f"raw HTML is not read here: `{_shortened(tag)}`"
        mend = "It stays as text. Write it as Markdown, or as code between backticks; the house format can allow HTML."
        reading.find(span, "ST116", message, mend)
    else:
        message = f"`{_shortened(tag)}` looks like an HTML tag"
        mend = "It stays as text. Put it between backticks, as code."
        reading.find(span, "ST117", message, mend, severity=Severity.WARNING)


def _shortened(tag: str) -> str:
    tag = " ".join(tag.split())
    return tag if len(tag) <= 40 else tag[:39] + "…"


# ── HTML that is ────────────────────────────────────────────────────────────────────────────────────────────────────


def cleaned(nodes: Sequence[Node], reading: ReadingState) -> list[Node]:
    """The nodes of one parent with their HTML cleaned.

    Pieces are cleaned together, so that `<b>` keeps the `</b>` that stands behind some Markdown; blocks only up to the
    next heading, where a letter begins a new row. What is not safe to send is taken out, with a finding; what is never
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
            found.append(replace(node, html=html))
        elif left.strip() and _COMMENT.sub("", node.html).strip() and not node.html.startswith("</"):
            in_line = inline and _names(node.html) <= _BLOCKS
            reading.find(
                node.span,
                "ST116",
                f"this HTML is taken out: it {'cannot stand in a line of text' if in_line else 'is not safe in a letter'}",
                "Write it as Markdown, or with elements that do no more than set text.",
            )
    last = next((node for node in reversed(nodes) if isinstance(node, (RawHtml, HtmlBlock))), None)
    if last and (closing := next(kept, "")):
        found.append(replace(last, html=closing))
    return found


def _as_browsers(html: str, attributes: set[str], written: Callable[[str, str, str], str | None]) -> str:
    """HTML with all tags closed, as browsers read it; nothing is safe in it."""
    import nh3

    tags = set(_ELEMENTS) - {"script", "style"}
    return nh3.clean(html, tags=tags, attributes={"*": attributes}, attribute_filter=written, link_rel=None)


def _report_open(nodes: Sequence[Node], behind: Sequence[bool], reading: ReadingState) -> None:
    """Notes down ST116 for what hides all that follows."""
    first = len(behind) - 1
    while first and behind[first - 1]:
        first -= 1
    tags = [node for node in nodes if isinstance(node, (RawHtml, HtmlBlock))]
    mend = "Close its element where what is to be hidden ends, or write a comment: <!-- … -->."
    reading.find(tags[first].span, "ST116", "this HTML hides all that follows, up to the next heading", mend)


def _clean(pieces: Sequence[str], *, inline: bool) -> list[str]:
    """Each piece cleaned, then what closes the elements that no piece closes."""
    import nh3

    tags = nh3.ALLOWED_TAGS - _BLOCKS if inline else nh3.ALLOWED_TAGS
    between = _MARK if inline else _BLOCK

    def clean(html: str) -> str:
        return nh3.clean(_REFERENCE.sub(_lost, html), tags=tags, attributes=_attributes(), link_rel=None)

    def together(pieces: Sequence[str]) -> list[str]:
        return clean(between.join([*pieces, ""])).split(between)

    found = together(pieces)
    if len(found) <= len(pieces):  # an element that is taken out with all it holds spans several pieces
        found = together([piece if _names(piece) <= nh3.ALLOWED_TAGS else "" for piece in pieces])
    return found if len(found) == len(pieces) + 1 else [clean(piece) for piece in pieces]


@cache
def _attributes() -> dict[str, set[str]]:
    """What an element may say: as nh3 has it, and how the entries of a list are numbered."""
    import nh3

    return {**nh3.ALLOWED_ATTRIBUTES, "ol": {"start", "type", "reversed"}, "ul": {"type"}, "li": {"value", "type"}}


def _lost(found: re.Match[str]) -> str:
    """A reference to a character, but for one that is reserved: written out, it would pass for a mark of ours."""
    digits = found[1].lower().lstrip("x0") or "0"
    reserved = len(digits) < 8 and RESERVED.match(chr(min(int(digits, 16 if found[1][0] in "xX" else 10), 0xFFFF)))
    return "\ufffd" if reserved else found[0]


def _names(html: str) -> set[str]:
    """The names of the elements in a piece of HTML."""
    return {name.lower() for name in _NAME.findall(html)}
