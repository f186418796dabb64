"""Rewrites the inline content of a body: pictures, links, tags, comments and attributes of site generators."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from newsletter.blocks.sites import film_of
from newsletter.digits import unescape
from newsletter.importing.addresses import bare_address
from newsletter.importing.base import ImportNote
from newsletter.importing.counting import WITH_HTML
from newsletter.importing.html.frames import FRAMES, frame_source, largest, picture_source, words_for
from newsletter.importing.mapped import MappedText, TextChange
from newsletter.importing.markdown.pictures import missing, picture_markdown
from newsletter.importing.markup import destination, escaped, link, lowered, raised
from newsletter.markdown.parse import parse_snippet
from newsletter.markdown.source import Source
from newsletter.model import (
    CodeBlock,
    Figure,
    Heading,
    HtmlBlock,
    Image,
    Link,
    LinkForm,
    Paragraph,
    RawHtml,
    Span,
    Table,
)
from newsletter.names import slugify
from newsletter.walk import plain_text, top_blocks, walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.importing.markdown.body import BodyPlace
    from newsletter.model import Inline, Issue


_MARKS = re.compile(r"(?:more|excerpt|read ?more|break|end ?excerpt|toc|tableofcontents)", re.IGNORECASE)
"""Comments with which site generators separate the summary of a post from the rest."""
_ATTRIBUTES = re.compile(r"\{:\s*[^}\n]*\}|(?<=[ \t])\{[#.][\w -]+\}(?=[ \t]*$)", re.MULTILINE)
"""Attribute lists of kramdown and Pandoc."""
_ID = re.compile(r"""<[A-Za-z][^<>]{0,500}?\s(?:id|name)\s*=\s*["']?([\w-]+)[^<>]{0,500}>""")
_BOLD_ENTRY = re.compile(r"^[ \t]*[-*+][ \t]+\*\*(.{1,200}?)[:：.]?\*\*", re.MULTILINE)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//|#|\{\{)", re.IGNORECASE)
_TAG = re.compile(r"<\s*(/?)\s*([A-Za-z][\w-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_BREAKS_BEFORE = re.compile(r"(?:\A|\n[ \t>]*\n)(?:[ \t>\n]|<br\s*/?>){0,40}\Z", re.IGNORECASE)
_PARAGRAPH_ENDS = r"(?:\n[ \t>]*(?:\n|\Z|[-*+][ \t]|\d{1,9}[.)][ \t]|#)|\Z)"
_BREAKS_AFTER = re.compile(
    rf"(?:[ \t]|<br\s*/?>|(?!{_PARAGRAPH_ENDS})\n[ \t>]*){{0,40}}{_PARAGRAPH_ENDS}", re.IGNORECASE
)
_PLAYER = re.compile(
    r"<\s*(/?)\s*(iframe|embed|object|video|audio|source|picture|param)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"^(?:\[TOC\]|\[\[_?TOC_?\]\]|[*+-][ \t]+(?:TOC|toc|Contents|Table of [Cc]ontents)[ \t]*\n\{:[ \t]*toc[^}\n]*\})[ \t]*$",
    re.MULTILINE,
)
"""The place for a table of contents that a generator makes."""
_SUP_OR_SUB = re.compile(r"<(sup|sub)>([^<>\[\]`*_\n]{1,60})</\1>", re.IGNORECASE)
"""Plain text in a superscript or subscript."""
_AS_MARKDOWN = {"b": "**", "strong": "**", "i": "*", "em": "*", "del": "~~", "s": "~~", "strike": "~~"}
_REGION = re.compile(
    r"^[ ]{0,3}<(?:(?P<whole>table|figure|script|style)|(?P<part>iframe|form|object|video|audio|embed))\b",
    re.MULTILINE | re.IGNORECASE,
)
_FRAME_LINE = re.compile(
    r"^[ \t]*(?:</?(?:div|section|center|article|aside|main|header|footer|nav|span|p|font|small)\b[^>\n]*>[ \t]*)+$",
    re.MULTILINE | re.IGNORECASE,
)
_DROPPED = re.compile(r"\s*<(script|style|form)\b", re.IGNORECASE)


class InlinePass:
    """The first pass: converts inline content and HTML to Markdown."""

    def __init__(self, issue: Issue, body: MappedText, around: BodyPlace) -> None:
        self.issue = issue
        self.body = body
        self.around = around
        self.notes: list[ImportNote] = []
        self.code = sorted(
            (block.span.start, block.span.end) for block in walk_blocks(issue) if isinstance(block, CodeBlock)
        )
        self.places = dict(self._places())
        """The anchor of the heading above each named place that the letter links to, by the name: only headings have
        anchors here."""

    def _places(self) -> Iterator[tuple[str, str]]:
        linked = {
            inline.href[1:]
            for inline in walk_inlines(self.issue)
            if isinstance(inline, Link) and inline.href[:1] == "#"
        }
        named = [(name, found) for name, found in _named_places(self.body.text) if name in linked] if linked else []
        if not named:
            return
        bare = _ATTRIBUTES.sub(lambda found: " " * len(found[0]), self.body.text)
        headings = [
            (block.span.start, block.anchor)
            for block in top_blocks(parse_snippet(Source(bare, self.around.place), WITH_HTML)[0])
            if isinstance(block, Heading) and not self.around.is_title(plain_text(block.inlines))
        ]
        own, done = {anchor for _, anchor in headings}, set[str]()
        for name, found in named:
            if name in own or name in done or self._in_code(found.start()):
                continue
            # A name on a line of its own may belong to the heading on the next line.
            if at := bisect_right(headings, found.end() + 1, key=lambda heading: heading[0]):
                done.add(name)
                anchor = headings[at - 1][1]
                message = f"links to the anchor `#{name}` now lead to the heading above it, `#{anchor}`"
                self.report("changed", message, found.start())
                yield name, anchor

    def report(self, kind: str, message: str, at: int) -> None:
        """Adds a note about the text at an offset."""
        self.notes.append(ImportNote(self.where(at), message, kind))  # type: ignore[arg-type]

    def where(self, at: int) -> str:
        """The file and line of an offset."""
        return f"{self.around.place}:{self.body.line(at)}"

    def changes(self) -> Iterator[TextChange]:
        """The changes, in any order, some of them twice."""
        regions = list(self._regions())
        whole = tuple(regions)
        for start, end in regions:
            yield self._html_block(Span(start, end))
        for block in walk_blocks(self.issue):
            if isinstance(block, HtmlBlock) and block.span.end > block.span.start:
                regions.append((block.span.start, block.span.end))
                if not _within(block.span.start, whole):
                    yield self._html_block(block.span)
        yield from self._frames(sorted(regions))
        yield from self._players(sorted(regions))
        yield from self._inlines()
        yield from self._comments()
        yield from self._attributes()

    def _inlines(self) -> Iterator[TextChange]:
        for inline in walk_inlines(self.issue):
            match inline:
                case Image():
                    yield from self._picture(inline)
                case Link():
                    yield from self._link(inline)
        for top in _runs(self.issue):
            yield from self._raw(top)

    def _picture(self, image: Image) -> Iterator[TextChange]:
        if image.span.end <= image.span.start or self.body.text[image.span.start] == "<":
            return  # a picture in raw HTML is converted with its tag
        written = self.body.text[image.src_span.start : image.src_span.end]
        src = self.around.picture(unescape(image.src), self.where(image.span.start))
        if not src:
            yield TextChange(image.span.start, image.span.end, missing(image.src, image.alt, image.title))
        elif src != image.src and written:
            yield TextChange(image.src_span.start, image.src_span.end, destination(src))

    def _link(self, link: Link) -> Iterator[TextChange]:
        written = self.body.text[link.href_span.start : link.href_span.end]
        if not written or "{{" in link.href:
            return
        if anchor := self.places.get(link.href[1:]) if link.href.startswith("#") else None:
            yield TextChange(link.href_span.start, link.href_span.end, f"#{anchor}")
            return
        if link.form in (LinkForm.AUTOLINK, LinkForm.BARE):
            clean = bare_address(link.href)
            if clean and clean != link.href and _same_target(clean, link.href):
                self.report("changed", f"tracking parameters removed from {_short(link.href)}", link.span.start)
                yield TextChange(link.href_span.start, link.href_span.end, clean)
            return
        if corrected := _corrected(link.href):
            self.report("changed", f"the address {_short(link.href)} is now {_short(corrected)}", link.span.start)
            yield TextChange(
                link.href_span.start, link.href_span.end, destination(bare_address(corrected) or corrected)
            )
            return
        if not _ADDRESS.match(link.href):
            meant = self.around.link(link.href)
            if meant:
                if meant != link.href:
                    yield TextChange(link.href_span.start, link.href_span.end, destination(meant))
            else:
                self.report(
                    "kept",
                    f"the link {_short(link.href)} goes to a page that is not in the source",
                    link.span.start,
                )
            return
        clean = bare_address(link.href)
        own = self.around.link(clean or link.href)
        if own and own != link.href:
            if own == clean:
                self.report(
                    "changed",
                    f"a link wrapper or tracking parameters removed from {_short(link.href)}",
                    link.span.start,
                )
            yield TextChange(link.href_span.start, link.href_span.end, destination(own))

    def _raw(self, inlines: Sequence[Inline]) -> Iterator[TextChange]:
        """Converts the tags in one run of inline content. Both tags of a link must be in it."""
        tags = [inline for inline in inlines if isinstance(inline, RawHtml)]
        opened: list[tuple[str, str]] = []
        dropped: list[str] = []
        done = 0
        for tag in tags:
            start, end = tag.span.start, tag.span.end
            if start < done:
                continue
            if script := _SUP_OR_SUB.match(self.body.text, start):
                made = (raised if script[1].lower() == "sup" else lowered)(unescape(script[2]))
                self.report("changed", f"{script[0]} is now {made}", start)
                done = script.end()
                yield TextChange(start, done, escaped(made))
                continue
            for found in _TAG.finditer(self.body.text, start, end):
                become = self._tag(found, opened, dropped)
                yield TextChange(found.start(), found.end(), become)
        for name in dict.fromkeys(dropped):
            self.report("changed", f"<{name}> has no equivalent: its text is kept", tags[0].span.start)

    def _tag(self, found: re.Match[str], opened: list[tuple[str, str]], dropped: list[str]) -> str:
        name, closes = found[2].lower(), bool(found[1])
        if name in _AS_MARKDOWN:
            return _AS_MARKDOWN[name]
        if name == "br":
            if self._is_at_edge(found):  # here `\` would be text, not a line break
                return ""
            return "\\\n" if self.body.text[found.end() : found.end() + 1] not in ("\n", "") else "\\"
        if name == "img":
            return self._img(_attributes(found[3]), found.start())
        if name == "a" and not closes:
            href = _attributes(found[3]).get("href", "")
            address = (bare_address(href) if _ADDRESS.match(href) else self.around.link(href)) if href else ""
            opened.append((name, address))
            return "[" if address else ""
        if name == "a":
            address = opened.pop()[1] if opened else ""
            return f"]({destination(address)})" if address else ""
        if name in {*FRAMES, "area"}:
            return "" if closes else self._frame(name, found)
        if not closes:
            dropped.append(name)
        return ""

    def _frame(self, name: str, found: re.Match[str]) -> str:
        """A link for a player, a frame or an area of an image map inside a line."""
        given = _attributes(found[3])
        source = given.get("href", "") if name == "area" else frame_source(given)
        if not source:
            return ""
        if name == "source" and self._plays(found.start()):
            return ""
        whole = bare_address(source) if _ADDRESS.match(source) else self.around.link(source)
        if not whole:
            self.report("lost", f"<{name}>: its address cannot be resolved: {_short(source)}", found.start())
            return ""
        address = film_of(whole) or whole
        self.report("changed", f"<{name}> is now a link to {_short(address)}", found.start())
        shown = link(escaped(words_for(address, given.get("title") or given.get("alt", "")), in_link=True), address)
        return f" {shown}" if name == "area" else shown

    def _plays(self, at: int) -> bool:
        """Whether a `source` is not the first of its player: further ones are other formats of the same recording."""
        before = self.body.text[max(0, at - 2000) : at]
        opened = max(before.lower().rfind("<audio"), before.lower().rfind("<video"))
        return opened >= 0 and any(frame_source(_attributes(tag[3])) for tag in _TAG.finditer(before, opened))

    def _is_at_edge(self, tag: re.Match[str]) -> bool:
        """Whether only line breaks are before or after the tag in its paragraph."""
        text, start = self.body.text, tag.start()
        before = _BREAKS_BEFORE.search(text[max(0, start - 400) : start])
        return before is not None or _BREAKS_AFTER.match(text, tag.end()) is not None

    def _img(self, attributes: dict[str, str], at: int, caption: str = "") -> str:
        src = picture_source(attributes) or self._of_its_set(at)
        if not src or attributes.get("width") in {"0", "1"} or attributes.get("height") in {"0", "1"}:
            self.report("left out", "an invisible tracking picture", at)
            return ""
        alt = " ".join(attributes.get("alt", "").split())
        name = self.around.picture(src, self.where(at))
        return (
            picture_markdown(name, alt, caption or attributes.get("title", "")) if name else missing(src, alt, caption)
        )

    def _of_its_set(self, at: int) -> str:
        """The address of the largest picture in the `picture` element around a tag; empty if there is none."""
        before = self.body.text[max(0, at - 2000) : at].lower()
        opened = before.rfind("<picture")
        if opened < 0 or "</picture" in before[opened:]:
            return ""
        tags = _TAG.finditer(self.body.text, at - len(before) + opened, at)
        return next((found for tag in tags if (found := largest(_attributes(tag[3]).get("srcset", "")))), "")

    def _regions(self) -> Iterator[tuple[int, int]]:
        """The offsets of HTML that the parser does not read as one block: tables, players, forms, scripts."""
        text, done, endless = self.body.text, 0, set()
        for found in _REGION.finditer(text):
            name = (found["whole"] or found["part"]).lower()
            if found.start() < done or name in endless or self._in_code(found.start()):
                continue
            gap = "" if found["whole"] else r"|(?=\n[ \t]*\n)|\Z"
            closed = re.compile(rf"</{name}\s*>{gap}", re.IGNORECASE).search(text, found.end())
            if closed:
                done = closed.end()
                yield found.start(), done
            else:
                endless.add(name)  # nor are those further down closed

    def _frames(self, seen: Sequence[tuple[int, int]]) -> Iterator[TextChange]:
        """Removes lines that consist of wrapper tags, such as a `</div>` whose start tag is in another block."""
        for found in _FRAME_LINE.finditer(self.body.text):
            if not _within(found.start(), seen) and not self._in_code(found.start()):
                self.report("changed", "HTML wrapper tags were removed", found.start())
                yield TextChange(found.start(), found.end(), "")

    def _players(self, seen: Sequence[tuple[int, int]]) -> Iterator[TextChange]:
        """Converts players and frames inside a line, which the parser skips because emails cannot have them."""
        notes = sorted((note.span.start, note.span.end) for note in self.issue.notes)
        for found in _PLAYER.finditer(self.body.text):
            at = found.start()
            if _within(at, seen) or _within(at, notes) or self._in_code(at) or _in_code_span(self.body.text, at):
                continue
            name, closes = found[2].lower(), bool(found[1])
            become = "" if closes or name not in FRAMES else self._frame(name, found)
            yield TextChange(at, found.end(), become)

    def _in_code(self, at: int) -> bool:
        return _within(at, self.code)

    def _html_block(self, span: Span) -> TextChange:
        html = self.body.text[span.start : span.end]
        if dropped := _DROPPED.match(html):
            self.report("left out", f"<{dropped[1].lower()}>, which an email cannot have", span.start)
            return TextChange(span.start, span.end, "")
        from newsletter.importing.markdown.fragments import fragment

        made = fragment(html, lambda attributes, caption: self._img(attributes, span.start, caption), self.around.link)
        for kind, message in made.notes:
            self.report(kind, message, span.start)
        return TextChange(span.start, span.end, self._indented(made.text, span.start))

    def _indented(self, made: str, at: int) -> str:
        """The lines of `made`, indented like the line at `at`, so that they stay in the same list entry."""
        begin = self.body.text.rfind("\n", 0, at) + 1
        line = self.body.text[begin : self.body.text.find("\n", at)]
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        lines = made.split("\n")
        lines[1:] = [f"{indent}{one}" if one else "" for one in lines[1:]]
        return (indent if begin == at else "") + "\n".join(lines)

    def _comments(self) -> Iterator[TextChange]:
        for note in self.issue.notes:
            if _MARKS.fullmatch(note.text.strip("- ")):
                self.report(
                    "left out", f"<!--{note.text}-->, which separates the summary from the rest", note.span.start
                )
                yield TextChange(note.span.start, note.span.end, "")

    def _attributes(self) -> Iterator[TextChange]:
        lists: list[tuple[int, int]] = []
        for found in _CONTENTS.finditer(self.body.text):
            if not self._in_code(found.start()):
                self.report("left out", "a marker for the table of contents: newsletter makes its own", found.start())
                lists.append(found.span())
                yield TextChange(found.start(), found.end(), "")
        for found in _ATTRIBUTES.finditer(self.body.text):
            if _within(found.start(), lists):
                continue
            if not self._in_code(found.start()) and not _in_code_span(self.body.text, found.start()):
                name = _name_in(found[0])
                if name and name not in self.places and f"(#{name})" in self.body.text:
                    self.report("lost", f"the anchor `#{name}`, which the letter links to", found.start())
                elif name not in self.places:
                    self.report("left out", "kramdown attributes, which have no meaning here", found.start())
                yield TextChange(found.start(), found.end(), "")


def _runs(issue: Issue) -> Iterator[tuple[Inline, ...]]:
    """The runs of inline content of all blocks that may contain HTML."""
    for block in walk_blocks(issue):
        match block:
            case Paragraph() | Heading():
                yield tuple(walk_inlines((block,)))
            case Table():
                for cell in (*block.head, *(cell for row in block.rows for cell in row)):
                    yield tuple(walk_inlines((Paragraph(cell.inlines),)))
            case Figure():
                yield tuple(walk_inlines((block,)))


def _attributes(written: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(written)
    return {one[1].lower(): unescape(one[2] or one[3] or one[4] or "") for one in found}


def _corrected(address: str) -> str:
    """The corrected form of an address in brackets or without a scheme; empty if it needs no correction."""
    if found := re.fullmatch(r"[(<\[]\s*(https?://\S+?)\s*[)>\]]", address):
        return found[1]
    return f"https://{address}" if re.match(r"www\.[\w-]+\.[a-z]{2,}(?:[/?#]|$)", address, re.IGNORECASE) else ""


def _same_target(clean: str, address: str) -> bool:
    return clean.rstrip("/") != address.rstrip("/")


def _short(address: str) -> str:
    return address if len(address) < 70 else f"{address[:66]}…"


def _named_places(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Named places in order of precedence: kramdown attributes, HTML ids, list entries by their bold titles."""
    yield from ((_name_in(found[0]), found) for found in _ATTRIBUTES.finditer(text))
    yield from ((found[1], found) for found in _ID.finditer(text))
    yield from ((slugify(found[1], any_script=True), found) for found in _BOLD_ENTRY.finditer(text))


def _name_in(attributes: str) -> str:
    """The id in an attribute list; empty if there is none."""
    named = re.search(r"#([\w-]+)", attributes)
    return named[1] if named else ""


def _within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether an offset is inside one of the spans, which must be sorted."""
    before = bisect_right(spans, at, key=lambda span: span[0])
    return before > 0 and at < spans[before - 1][1]


def _in_code_span(text: str, at: int) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line.count("`") % 2 == 1
