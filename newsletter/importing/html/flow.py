"""Flattens the blocks of a page: removes wrappers and layout tables, and puts loose text into paragraphs.

Afterwards the page is a sequence of paragraphs, headings, lists, quotations, code, data tables, rules and `x-…`
elements, and all text is inside one of these. Entries of lists, and quotations, contain the same blocks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4.element import NavigableString, Tag

from newsletter.importing.addresses import bare_address, is_counted, split_address
from newsletter.importing.base import ImportNote
from newsletter.importing.credits import with_credit
from newsletter.importing.html.lines import (
    BLOCKS,
    HEADINGS,
    edges_of,
    is_visible,
    joined_up,
    mark_by_style,
    spread,
    text_in,
    text_of,
    trimmed,
    without_inner,
)
from newsletter.importing.html.page import GONE
from newsletter.importing.html.tables import alignment_of, has_data, outside_cells
from newsletter.importing.markup import lowered, raised
from newsletter.importing.tags.merge_tags import with_fields
from newsletter.late import late
from newsletter.tokens import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.importing.html.page import ForeignPage


_MARKS = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em", "del": "del", "s": "del", "strike": "del",
    "code": "code", "kbd": "code", "samp": "code", "tt": "code", "a": "a", "sup": "sup", "sub": "sub", "q": "q", "br": "br", "x-ref": "x-ref",
}  # fmt: skip
"""The inline elements that are kept, and the name that each gets. All others are replaced by their content."""
_ADDRESS = late(r"https?://[^\s<>\"'“”‘’()\[\]{}|\\]+(?<![.,;:!?])")
_NO_SPACE = late("[\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\u034f\u180e]+")
_BESIDE_NBSP = late("(?<![«‹„\\d])\u00a0(?![»›:;!?%€$£°\\d–—])")


def flatten(page: ForeignPage) -> None:
    """Makes the page one flat sequence of blocks."""
    flat = _Flow(page)
    blocks = list(flat.blocks(list(page.soup.children)))
    page.soup.clear()
    for block in _joined(blocks):
        inner = block.find("x-paywall") if block.name != "x-paywall" else None
        if isinstance(inner, Tag):  # the paywall becomes a block of its own, and its former parent follows
            inner.extract()
            page.soup.append(page.soup.new_tag("x-paywall"))
        page.soup.append(block)


class _Flow:
    """Turns a tree into blocks. The recursion is as deep as the tree, whose depth is limited."""

    def __init__(self, page: ForeignPage) -> None:
        self._page = page

    def blocks(self, nodes: Iterable[Any]) -> Iterator[Tag]:
        """The content of a container as blocks."""
        run: list[Any] = []
        for node in nodes:
            if isinstance(node, Tag) and node.name == GONE:
                continue
            if isinstance(node, Tag) and (node.name in BLOCKS or self._holds_block(node)):
                yield from self._paragraphs(run)
                run = []
                yield from self._block(node)
            elif isinstance(node, (Tag, NavigableString)):
                run.append(node)
        yield from self._paragraphs(run)

    def _holds_block(self, node: Tag) -> bool:
        return (
            node.name != "a" and node.find(_is_block) is not None
            if node.name != "a"
            else node.find(_is_block) is not None
        )

    def _block(self, node: Tag) -> Iterator[Tag]:
        name = node.name
        if name == "p" and node.find(_is_block) is None:
            yield from self._paragraphs(node.children)
        elif name in HEADINGS:
            yield from self._heading(node)
        elif name in {"ul", "ol", "menu", "dir"}:
            yield from self._list(node)
        elif name == "blockquote":
            yield from self._quotation(node)
        elif name == "pre":
            yield from self._code(node)
        elif name == "hr":
            yield self._new("hr")
        elif name == "table" and has_data(node):
            yield from self._table(node)
        elif name == "dl":
            yield from self._definitions(node)
        elif name in {"x-figure", "x-missing", "x-button", "x-audio", "x-video"}:
            yield self._special(node)
        elif name == "x-gallery":
            yield from self._gallery(node)
        elif name == "x-block":
            yield from self._own(node)
        elif name == "x-head":
            yield self._new(name, joined_up(trimmed(list(self._inlines(spread(node))))))
        elif name in {"x-markdown", "x-note"}:
            yield self._new(name, [NavigableString(node.get_text())])
        elif name in {"x-post", "x-footnote", "x-callout", "x-only"}:
            yield from self._holding(node)
        elif name == "x-paywall":
            yield self._new("x-paywall")
        elif name == "a" and node.get("href"):
            yield from self._linked(node)
        elif name in {"strong", "b", "em", "i"}:
            yield from self._marked(node)
        else:
            yield from self.blocks(list(node.children))

    def _gallery(self, node: Tag) -> Iterator[Tag]:
        """A gallery. If the source lacks one of its pictures, the other pictures and the caption, one below another."""
        pictures = [self._special(one) for one in node.find_all(["x-figure", "x-missing"])]
        caption = self._text(str(node.get("caption") or ""))
        if all(one.name == "x-figure" for one in pictures):
            made = self._new("x-gallery", pictures)
            made["caption"] = caption
            yield made
            return
        yield from pictures
        if caption:
            yield self._new("p", [self._new("em", [NavigableString(caption)])])

    def _own(self, node: Tag) -> Iterator[Tag]:
        """A block of this tool. If the source lacks a picture of it, its content, one below another."""
        said = [child for child in node.children if isinstance(child, Tag) and child.name in {"x-argument", "x-field"}]
        lines = [self._new(one.name, joined_up(trimmed(list(self._inlines(spread(one)))))) for one in said]
        content = list(self.blocks([child for child in node.children if child not in said]))
        if any(block.name == "x-missing" for block in content):
            yield from content
            yield from (self._new("p", list(line.children)) for line in lines if line.name == "x-argument")
            return
        for line, one in zip(lines, said, strict=True):
            line.attrs.update(one.attrs)
        made = self._new("x-block", [*lines, *content])
        made["name"] = str(node["name"])
        yield made

    def _paragraphs(self, nodes: Iterable[Any]) -> Iterator[Tag]:
        """Loose text as paragraphs. Two or more consecutive line breaks separate paragraphs."""
        inlines: list[Any] = []
        breaks = 0
        for node in self._inlines(nodes):
            if isinstance(node, Tag) and node.name == "br":
                breaks += 1
                continue
            if not isinstance(node, Tag) and breaks and not str(node).strip():
                continue
            if breaks and inlines:
                if breaks > 1:
                    yield from self._paragraph(inlines)
                    inlines = []
                else:
                    inlines.append(self._new("br"))
            breaks = 0
            inlines.append(node)
        yield from self._paragraph(inlines)

    def _paragraph(self, inlines: list[Any]) -> Iterator[Tag]:
        inlines = trimmed(inlines)
        if inlines and text_of(inlines) == "--":  # the separator above a signature
            yield self._new("hr")
        elif inlines:
            yield self._new("p", joined_up(inlines))

    def _heading(self, node: Tag) -> Iterator[Tag]:
        pictures = [self._special(figure) for figure in node.find_all("x-figure")]
        for figure in node.find_all("x-figure"):
            figure.extract()
        nodes = trimmed(list(self._inlines(spread(node))))
        inlines: list[Any] = []
        for one in nodes:
            if isinstance(one, Tag) and one.name == "strong":
                inlines += list(one.children)
            else:
                inlines.append(NavigableString(" ") if isinstance(one, Tag) and one.name == "br" else one)
        yield from pictures
        if inlines:
            yield self._new(node.name, joined_up(inlines))

    def _list(self, node: Tag) -> Iterator[Tag]:
        entries: list[Tag] = []
        for child in list(node.children):
            if isinstance(child, Tag) and child.name == "li":
                blocks = list(self.blocks(list(child.children)))
                if blocks and entries and all(block.name in {"ul", "ol"} for block in blocks):
                    for block in blocks:  # in Lexical, a list inside the previous entry
                        entries[-1].append(block)
                elif blocks:
                    entry = self._new("li", blocks)
                    if child.get("value") and not entries:
                        entry["value"] = str(child["value"])
                    entries.append(entry)
            elif isinstance(child, Tag) and child.name in {"ul", "ol"} and entries:
                for block in self._list(child):
                    entries[-1].append(block)
            elif blocks := list(self.blocks([child])):
                entries.append(self._new("li", blocks))
        if entries and all(_is_only_heading_or_figure(entry) for entry in entries):
            for entry in entries:
                yield from [block for block in entry.children if isinstance(block, Tag)]
            return
        if entries:
            made = self._new("ol" if node.name == "ol" else "ul", entries)
            start = str(node.get("start") or "")
            if start.isdecimal() and len(start) < 10:
                made["start"] = start
            yield made

    def _quotation(self, node: Tag) -> Iterator[Tag]:
        source = next(
            (
                one
                for one in node.find_all(["footer", "cite", "figcaption"])
                if one.find_parent("p") is None or text_in(one.find_parent("p")) == text_in(one)
            ),
            None,
        )
        if source is not None:
            source.extract()
        blocks = list(self.blocks(list(node.children)))
        if source is not None and text_in(source).strip("—–-― "):
            blocks.append(self._new("p", self._attribution(source)))
        if blocks:
            yield self._new("blockquote", blocks)

    def _attribution(self, source: Tag) -> list[Any]:
        """The line with the source of a quotation: a dash and the source."""
        line = joined_up(trimmed(list(self._inlines(spread(source)))))
        if len(line) == 1 and isinstance(line[0], Tag) and line[0].name == "em":
            line = list(line[0].children)  # the content of a `cite`
        if not isinstance(line[0], Tag):
            return [NavigableString(f"— {str(line[0]).lstrip('—–-― ')}"), *line[1:]]
        return [NavigableString("— "), *line]

    def _code(self, node: Tag) -> Iterator[Tag]:
        for line_break in node.find_all("br"):
            line_break.replace_with("\n")
        text = node.get_text()
        if text.strip():
            made = self._new("pre")
            made.append(NavigableString(text.replace("\r\n", "\n").strip("\n")))
            made["language"] = _language_of(node)
            yield made

    def _table(self, node: Tag) -> Iterator[Tag]:
        caption = node.find("caption")
        if caption is not None:
            yield from self._paragraphs(spread(caption))
        yield from self.blocks([one for one in outside_cells(node) if one is not caption])
        rows = []
        for row in node.find_all("tr"):
            cells = [
                self._new(cell.name, joined_up(trimmed(list(self._inlines(spread(cell))))))
                for cell in row.find_all(["td", "th"])
            ]
            for cell, made in zip(row.find_all(["td", "th"]), cells, strict=True):
                made["span"] = str(cell.get("colspan") or "1")
                made["align"] = alignment_of(cell)
            if cells:
                rows.append(self._new("tr", cells))
        if rows:
            yield self._new("x-table", rows)

    def _definitions(self, node: Tag) -> Iterator[Tag]:
        """A list of terms as a list, each entry with its term in bold; text without a term stays as it is."""
        entries: list[Tag] = []
        terms: list[Any] = []
        for child in _terms_in(node):
            if isinstance(child, Tag) and child.name == "dt":
                words = trimmed(list(self._inlines(spread(child))))
                terms += [*([NavigableString(" / ")] if terms and words else []), *words]
                continue
            blocks = list(self.blocks(child.children if isinstance(child, Tag) else child))
            if isinstance(child, Tag) and terms:
                entries.append(self._new("li", self._explained(terms, blocks)))
                terms = []
            elif isinstance(child, Tag) and entries:
                for block in blocks:
                    entries[-1].append(block)
            elif blocks:
                yield from self._term_list(entries, terms)
                yield from blocks
                entries, terms = [], []
        yield from self._term_list(entries, terms)

    def _term_list(self, entries: list[Tag], terms: list[Any]) -> Iterator[Tag]:
        """The list of the entries, and of the last terms if they have no explanation."""
        if terms:
            entries = [*entries, self._new("li", self._explained(terms, []))]
        if entries:
            message = "a list of terms is now a list with the terms in bold"
            self._page.report(ImportNote(self._page.place, message, "changed"))
            yield self._new("ul", entries)

    def _explained(self, terms: list[Any], blocks: list[Tag]) -> list[Tag]:
        """A term in bold, with the first paragraph behind it and other blocks below."""
        lead: list[Any] = [self._new("strong", without_inner("strong", terms))]
        if blocks and blocks[0].name == "p":
            lead += [NavigableString(": "), *blocks.pop(0).children]
        return [self._new("p", lead), *blocks]

    def _special(self, node: Tag) -> Tag:
        """A copy of a figure, button or player, with its attributes and text."""
        made = self._new(node.name, joined_up(trimmed(list(self._inlines(spread(node))))))
        made.attrs.update(node.attrs)
        return made

    def _holding(self, node: Tag) -> Iterator[Tag]:
        children = list(node.children)
        lead = children.pop(0) if node.name == "x-post" and children else None
        made = self._new(node.name, [*(self._inlines([lead]) if lead is not None else ()), *self.blocks(children)])
        made.attrs.update(node.attrs)
        yield made

    def _linked(self, node: Tag) -> Iterator[Tag]:
        """A link around blocks: their text becomes links, and pictures get the link."""
        href = str(node["href"])
        for block in self.blocks(list(node.children)):
            if block.name in {"p", *HEADINGS} and block.find("a") is None:
                block_children = list(block.children)
                block.clear()
                link = self._new("a", block_children)
                link["href"] = href
                block.append(link)
            elif block.name == "x-figure" and not block.get("href"):
                block["href"] = href
            yield block

    def _marked(self, node: Tag) -> Iterator[Tag]:
        """Emphasis around blocks: it moves into each paragraph."""
        for block in self.blocks(list(node.children)):
            if block.name == "p" and block.find(_MARKS[node.name]) is None:
                children = list(block.children)
                block.clear()
                block.append(self._new(_MARKS[node.name], children))
            yield block

    def _inlines(self, nodes: Iterable[Any]) -> Iterator[Any]:
        """Text and inline elements that are kept, under their normalized names.

        Others are replaced by their content.
        """
        for node in list(nodes):
            if isinstance(node, NavigableString):
                text = self._text(str(node))
                if text:
                    yield NavigableString(text)
            elif not isinstance(node, Tag):
                continue
            elif node.name == "br":
                yield self._new("br")
            elif node.name == "x-ref":
                made = self._new("x-ref")
                made["name"] = str(node["name"])
                yield made
            elif node.name == "x-figure":
                made = self._new("x-figure")
                made.attrs.update(node.attrs)
                yield made
            else:
                yield from self._marks(node)

    def _marks(self, node: Tag) -> Iterator[Any]:
        name = _MARKS.get(node.name) or mark_by_style(node)
        if name == "code":
            text = node.get_text()
            if text.strip():
                yield self._new("code", [NavigableString(text)])
            return
        inner = list(self._inlines(spread(node)))
        if name == "q":
            yield from (NavigableString("“"), *inner, NavigableString("”"))
        elif name == "a":
            yield from self._link(node, inner)
        elif name in {"sup", "sub"} and inner and all(isinstance(one, NavigableString) for one in inner):
            yield NavigableString((raised if name == "sup" else lowered)("".join(inner)))
        elif not name or name in {"sup", "sub"} or not any(is_visible(one) for one in inner):
            yield from inner
        else:
            before, inner, after = edges_of(inner)
            yield from (*before, self._new(name, without_inner(name, inner)), *after)

    def _link(self, node: Tag, inner: list[Any]) -> Iterator[Any]:
        href = str(node.get("href") or "")
        address = bare_address(href, self._page.base)
        if address.startswith("#") or not address:
            if href and not address and not href.lower().startswith(("#", "javascript:")) and OPEN not in href:
                self._page.report(
                    ImportNote(
                        self._page.place,
                        f"the link “{text_of(inner)[:60]}” has an address that cannot be opened: {href[:60]}",
                        "lost",
                    )
                )
            if address.startswith("#") and len(address) > 1:
                self._page.left.setdefault("links to anchors on the page itself", []).append(text_of(inner))
            yield from inner
            return
        if not any(is_visible(one) for one in inner):
            return
        before, inner, after = edges_of(inner)
        if is_counted(address):
            host = split_address(address).hostname
            message = f"a link through a click counter, of which only {host} knows the target: “{text_of(inner)[:60]}”"
            self._page.report(ImportNote(self._page.place, message, "kept"))
        link = self._new("a", without_inner("a", inner))
        link["href"] = address
        yield from (*before, link, *after)

    def _text(self, text: str) -> str:
        text = with_fields(text, self._page.report, self._page.place)
        text = _NO_SPACE.sub("", text)
        text = _BESIDE_NBSP.sub(" ", text)
        text = re.sub(r"[ \t\r\n\f\v]+", " ", text)
        return _ADDRESS.sub(lambda found: bare_address(found[0]) or found[0], text) if "://" in text else text

    def _new(self, name: str, children: Iterable[Any] = ()) -> Tag:
        element: Tag = self._page.soup.new_tag(name)
        for child in list(children):
            element.append(child)
        return element


def _terms_in(node: Tag) -> Iterator[Tag | list[Any]]:
    """The terms and explanations in a list of terms, and the nodes between them."""
    between: list[Any] = []
    for child in node.children:
        if not isinstance(child, Tag) or not _has_terms(child):
            between.append(child)
            continue
        yield between
        between = []
        if child.name in {"dt", "dd"}:
            yield child
        else:
            yield from _terms_in(child)
    yield between


def _has_terms(element: Tag) -> bool:
    """Whether an element is a term or explanation, or contains some of the list that it is in."""
    if element.name in {"dt", "dd"}:
        return True
    within = element.find_parent("dl")
    return element.name != "dl" and any(one.find_parent("dl") is within for one in element.find_all(["dt", "dd"]))


def _is_block(element: Tag) -> bool:
    return element.name in BLOCKS


def _is_only_heading_or_figure(entry: Tag) -> bool:
    """Whether an entry of a list begins with a heading or table, so that the list is only layout."""
    blocks = [child for child in entry.children if isinstance(child, Tag)]
    return bool(blocks) and blocks[0].name in {*HEADINGS, "x-table"}


_LANGUAGE = re.compile(
    r"(?:lang(?:uage)?-|highlight-source-|brush:\s*|sourceCode\s+)([\w+#.-]{1,20})|^([\w+#.-]{1,20})$"
)


def _language_of(pre: Tag) -> str:
    """The language of a code block, from its classes; empty if there is none."""
    inner = pre.find("code")
    for element in (inner, pre, pre.parent):
        if isinstance(element, Tag):
            for name in element.get_attribute_list("class"):
                found = (
                    _LANGUAGE.match(str(name or ""))
                    if element is not pre.parent
                    else re.match(r"(?:language-|highlight-source-)([\w+#-]+)", str(name or ""))
                )
                if found and found[1]:
                    return str(found[1])
    return (
        str(pre.get("data-lang") or "")[:20] if re.fullmatch(r"[\w+#.-]{1,20}", str(pre.get("data-lang") or "")) else ""
    )


def _joined(blocks: list[Tag]) -> Iterator[Tag]:
    """Joins a line with a source to the quotation above it, and a caption to the picture above it."""
    last: Tag | None = None
    for block in blocks:
        words = text_in(block) if block.name == "p" else ""
        if last is not None and last.name == "blockquote" and re.match(r"[—–―]\s*\S", words) and len(words) <= 200:
            if len(block.contents) == 1 and isinstance(block.contents[0], Tag) and block.contents[0].name == "em":
                block.contents[0].unwrap()
            last.append(block)
            continue
        if last is not None and last.name == "x-figure" and _is_caption(block, words) and not text_in(last):
            for child in list(block.children):
                last.append(child)
            for mark in last.find_all("em"):
                mark.unwrap()
            continue
        yield block
        last = block


def _is_caption(block: Tag, words: str) -> bool:
    """Whether a paragraph below a picture is its caption: it has a credit, or is entirely in italics."""
    if not 0 < len(words) <= 400 or block.find("x-figure") is not None:
        return False
    italic = all(
        (isinstance(child, Tag) and child.name in {"em", "br"}) or not child.get_text().strip()
        for child in block.children
    )
    return (italic and len(words) <= 250) or with_credit(words)[1] >= 0
