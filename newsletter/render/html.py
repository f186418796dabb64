"""Inline content as HTML, and blocks as the given writer writes them: for email, page and feed.

A `Look` has the differences between the three. All output is well-formed XML too (`<br />`, every tag closed, every
attribute quoted), since MJML's parser and some feed readers require it.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from newsletter import tokens
from newsletter.language.scripts import has_right_to_left, is_upright, other_direction
from newsletter.markdown.html_pictures import ATTRIBUTE, IMG
from newsletter.model import (
    Break,
    Code,
    CodeBlock,
    Directive,
    Emphasis,
    FootnoteReference,
    Image,
    Link,
    PersonalField,
    RawHtml,
    Strikethrough,
    Strong,
    Text,
)
from newsletter.render.directives.only import OPENED, is_shown
from newsletter.render.letter import path_of_publication
from newsletter.render.markup import escape, escape_attribute, is_safe, joins, unlinked, with_placeholders
from newsletter.walk import blocks_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from newsletter.language import Language
    from newsletter.model import Block, HtmlBlock, Inline, Span

    BlockWriter = Callable[["HtmlWriter", Any, str], str]
    """Writes one kind of block, which is in the container that is named last (see Look)."""


class Look(Protocol):
    """The look of one output, and the targets of its links and pictures."""

    @property
    def profile(self) -> str:
        """`email`, `web` or `feed`: the names in `::: only`."""

    def attributes(self, tag: str, container: str, direction: str, /) -> str:
        """The attributes of an element, with a leading space: ` style="…"`, ` class="…"` or nothing.

        `tag` is the element's name. A dot and its purpose follow if the name alone is not enough. These are
        `p.attribution`, `td.right`, `li.task`, `span.keyword` (see highlight.ROLES), `span.credit`, `a.noteref`,
        `a.backlink`, `a.button`, `p.button`, `p.head` (of a column) and `div.event`. `em.upright` and
        `blockquote.upright` are for scripts without italics. `container` is the nearest of: the caller's container,
        `quotation`, `item` (of a list), `cell`, `callout`, `event`, `poll`, `audio`, `figure`, `footnote`, `code`.
        `direction` is that of the block: `ltr` or `rtl`.
        """

    def link(self, href: str) -> str:
        """The address for this output (absolute, or relative to the page). It is called only for safe schemes."""

    def image(self, image: Image) -> tuple[str, int, int]:
        """Address, width and height of a picture as shown, in CSS pixels; 0 and 0 if unknown."""


class Trace(Protocol):
    """Records the source of each piece of HTML."""

    def wrap(self, html: str, span: Span, /) -> str:
        """`html` marked as written for `span`; an empty text stays empty."""


class HtmlWriter:
    """Writes blocks and inlines as HTML in one look.

    `writers` has a writer for each kind of block. `trace` gets each block and link. `frame` adds what an output needs
    around the HTML of a picture.
    """

    def __init__(
        self,
        look: Look,
        language: Language,
        writers: Mapping[type, BlockWriter],
        trace: Trace | None = None,
        frame: Callable[[Image, str], str] | None = None,
    ) -> None:
        self.look = look
        self.language = language
        self.dir = language.dir
        """The direction of the current text."""
        self._block_dir = language.dir
        """The direction of the current block, even inside a line with another direction."""
        self._unmixed = False
        """Whether the current text is assumed to have no right-to-left letters; see `_if_unmixed`."""
        self._met_other = False
        """Whether such a letter was found anyway."""
        self._writers = writers
        self._trace = trace
        self._frame = frame

    def blocks(self, blocks: Sequence[Block], container: str = "") -> str:
        """Blocks as HTML, each on its own line; those for other outputs are left out."""
        return "\n".join(filter(None, [self.block(block, container) for block in blocks]))

    def block(self, block: Block, container: str = "") -> str:
        """One block as HTML; empty if this output does not show it."""
        if type(block) is Directive and block.name in OPENED:
            return self.blocks(block.blocks, container) if is_shown(block, self.look.profile) else ""
        write = self._writers[type(block)]
        html = self._if_unmixed(write, block, container)
        if html is None:
            direction = self._direction_of(block)
            html = self._turned(write, block, container, direction) if direction else write(self, block, container)
        return self.noted(html, block.span)

    def inlines(self, inlines: Sequence[Inline], container: str = "") -> str:
        """Inline content as HTML."""
        written = []
        for index, inline in enumerate(inlines):
            if type(inline) is Text:
                if self._unmixed and not self._met_other:
                    self._met_other = has_right_to_left(inline.text)
                written.append(unbroken(inline.text) if container == "title" else escape(inline.text))
            elif type(inline) is Break and not inline.hard and joins(inlines, index):
                continue
            else:
                written.append(_INLINES[type(inline)](self, inline, container))
        return "".join(written)

    def line(self, inlines: Sequence[Inline], container: str = "") -> str:
        """Separate inline content (a title, a cell, an answer), isolated if its direction differs."""
        html = self._if_unmixed(HtmlWriter.inlines, inlines, container)
        if html is not None:
            return html
        direction = other_direction(plain_text(inlines), self.dir)
        if not direction:
            return self.inlines(inlines, container)
        with self.running(direction):
            return f'<span dir="{direction}">{self.inlines(inlines, container)}</span>'

    def label(self, inlines: Sequence[Inline]) -> str:
        """Inline content as HTML without links, notes and pictures: for contents lists, and titles that are links."""
        return self.line(unlinked(inlines))

    def attributes(self, tag: str, container: str) -> str:
        """The attributes of an element from the look, with a leading space."""
        return self.look.attributes(tag, container, self._block_dir)

    def id(self, anchor: str) -> str:
        """The `id` attribute for `anchor`, with a leading space."""
        if self.look.profile == "feed":
            # A feed reader shows many letters on one page: only notes have ids, which the look makes unique.
            place = self.look.link(f"#{anchor}") if anchor.startswith(_NOTES) else ""
            anchor = place[1:] if place.startswith("#") else ""
        return f' id="{escape_attribute(anchor)}"' if anchor else ""

    def address(self, href: str) -> str:
        """`href` as the value of an attribute; empty if unsafe.

        It is resolved and escaped, with personal fields as placeholders.
        """
        href = with_placeholders(href)
        return escape_attribute(self.look.link(href)) if href and is_safe(href) else ""

    def anchor(self, link: Link, content: str, container: str = "", tag: str = "a") -> str:
        """`content` (HTML) as the text of `link`; `content` alone if the address cannot be followed."""
        href = self.address(link.href)
        if not href:
            return content
        title = f' title="{escape_attribute(link.title)}"' if link.title else ""
        other = self.other_direction(link.inlines)
        title += f' dir="{other}"' if other else ""
        return f'<a href="{href}"{title}{self.attributes(tag, container)}>{content}</a>'

    def linked(self, text: str, href: str, container: str = "attribution") -> str:
        """A name or a title as the text of a link; plain if there is no usable address."""
        shown = escape(self.language.isolated(text))
        address = self.address(href)
        return f'<a href="{address}"{self.attributes("a", container)}>{shown}</a>' if address else shown

    def source(self, image: Image) -> tuple[str, int, int]:
        """The address from the look's `image`, as the value of an attribute; empty if it cannot be loaded."""
        if not image.src or not is_safe(with_placeholders(image.src)):
            return "", 0, 0
        src, width, height = self.look.image(replace(image, src=with_placeholders(image.src)))
        if path_of_publication(image.src) and not width:
            return "", 0, 0  # the file is missing, or not a picture
        return escape_attribute(src), width, height

    def picture(self, image: Image, container: str = "") -> str:
        """The `<img />` of a picture; its alt text if the address cannot be loaded."""
        src, width, height = self.source(image)
        if not src:
            return escape(image.spoken or image.alt)
        size = f' width="{width}" height="{height}"' if width and height else ""
        alt = escape_attribute(image.spoken or image.alt)
        written = f'<img src="{src}" alt="{alt}"{size}{self.attributes("img", container)} />'
        return self._frame(image, written) if self._frame else written

    def own_html(self, written: RawHtml | HtmlBlock, container: str = "") -> str:
        """HTML of the author.

        Its pictures are processed like those of Markdown, but keep the size that it gives.
        """
        if not written.images:
            return written.html
        images = iter(written.images)
        return IMG.sub(lambda tag: self._own_picture(next(images), tag[1], container), written.html)

    def _own_picture(self, image: Image, attributes: str, container: str) -> str:
        own = "".join(
            attribute[0] for attribute in ATTRIBUTE.finditer(attributes) if attribute[1] not in {"src", "alt"}
        )
        if not any(f' {name}="' in own for name in ("width", "height")):
            return self.picture(image, container).replace("<img ", f"<img{own} ", 1)
        src, _, _ = self.source(image)
        alt = escape_attribute(image.spoken or image.alt)
        return f'<img src="{src}" alt="{alt}"{own}{self.attributes("img", container)} />' if src else escape(alt)

    def noted(self, html: str, span: Span) -> str:
        """`html` with the trace's mark for `span`."""
        return self._trace.wrap(html, span) if self._trace else html

    def _if_unmixed(self, write: Callable[[HtmlWriter, Any, str], str], content: Any, container: str) -> str | None:
        """The output of `write`, or nothing if part of it may have another direction and must be examined.

        A left-to-right letter hardly ever has right-to-left text. Writing first and noticing such text takes a tenth of
        the time of examining each text before.
        """
        if self._unmixed:
            return write(self, content, container)
        if self.dir == "rtl":
            return None
        self._unmixed, self._met_other = True, False
        try:
            html = write(self, content, container)
        finally:
            self._unmixed = False
        return None if self._met_other else html

    def other_direction(self, inlines: Sequence[Inline], label: str = "") -> str:
        """The direction of text after a label, if it differs from its surroundings; else empty."""
        return "" if self._unmixed else other_direction(label + plain_text(inlines), self.dir)

    def _direction_of(self, block: Block) -> str:
        """The direction of a block, if it differs from its surroundings; else empty.

        Code keeps the direction of its surroundings.
        """
        if type(block) is CodeBlock:
            return "ltr" if self.dir == "rtl" else ""
        return other_direction(blocks_text((block,)), self.dir)

    @contextmanager
    def running(self, direction: str) -> Iterator[None]:
        """Within the `with` block, text has this `direction`."""
        before, self.dir = self.dir, direction
        try:
            yield
        finally:
            self.dir = before

    def _turned(self, write: BlockWriter, block: Block, container: str, direction: str) -> str:
        """A block with another direction, with all its content."""
        before, self._block_dir = self._block_dir, direction
        try:
            with self.running(direction):
                return turned(write(self, block, container), direction, aligned=self.look.profile == "email")
        finally:
            self._block_dir = before


def _strong(writer: HtmlWriter, strong: Strong, container: str) -> str:
    return f"<strong{writer.attributes('strong', container)}>{writer.inlines(strong.inlines, container)}</strong>"


def _emphasis(writer: HtmlWriter, emphasis: Emphasis, container: str) -> str:
    kind = "em.upright" if is_upright(plain_text(emphasis.inlines)) else "em"
    return f"<em{writer.attributes(kind, container)}>{writer.inlines(emphasis.inlines, container)}</em>"


def _strikethrough(writer: HtmlWriter, struck: Strikethrough, container: str) -> str:
    return f"<del{writer.attributes('del', container)}>{writer.inlines(struck.inlines, container)}</del>"


def _code(writer: HtmlWriter, code: Code, container: str) -> str:
    direction = ' dir="ltr"' if writer.dir == "rtl" else ""
    return f"<code{direction}{writer.attributes('code', container)}>{escape(code.text)}</code>"


def _link(writer: HtmlWriter, link: Link, container: str) -> str:
    return writer.noted(writer.anchor(link, writer.inlines(link.inlines, container), container), link.span)


def _note_reference(writer: HtmlWriter, reference: FootnoteReference, container: str) -> str:
    place = writer.id(reference_anchor(reference.number, reference.occurrence))
    href = escape_attribute(writer.look.link(f"#{note_anchor(reference.number)}"))
    number = writer.language.numeral(reference.number)
    attributes = writer.attributes("a.noteref", container)
    if writer.look.profile == "web" and reference.occurrence == 1:
        attributes += f' style="--ref:--r{reference.number}"'  # the note can be set beside it: see style.css
    where = note_link(writer, href, place)
    anchor = f"<a{where}{attributes}>{number}</a>" if where else number
    return f"<sup{writer.attributes('sup', container)}>{anchor}</sup>"


def note_link(writer: HtmlWriter, href: str, others: str) -> str:
    """The attributes of a link to or from a note, with a leading space; empty if the output has no such links.

    In feeds the address comes last. In HTML the order makes no difference. But if a relative address comes first,
    validators report it, even if it stays inside the entry.
    """
    if not href:
        return ""
    return f'{others} href="{href}"' if writer.look.profile == "feed" else f' href="{href}"{others}'


_INLINES: dict[type, Callable[[HtmlWriter, Any, str], str]] = {
    Break: lambda _writer, line_end, _container: "<br />\n" if line_end.hard else "\n",
    Code: _code,
    Emphasis: _emphasis,
    Strong: _strong,
    Strikethrough: _strikethrough,
    Link: _link,
    Image: HtmlWriter.picture,
    PersonalField: lambda _writer, field, _container: tokens.placeholder(field.name, field.fallback),
    FootnoteReference: _note_reference,
    RawHtml: HtmlWriter.own_html,
}
"""The writers of all inlines except text."""


_NOTES = ("fn:", "fnref:")


def note_anchor(number: int) -> str:
    """The `id` of a footnote.

    It has a colon, which the anchor of a heading never has, so the two never collide.
    """
    return f"fn:{number}"


def reference_anchor(number: int, occurrence: int) -> str:
    """The `id` of the reference to a footnote."""
    return f"fnref:{number}" if occurrence == 1 else f"fnref:{number}:{occurrence}"


_COMPOUND = re.compile(r"(?<![\w-])(?:\w{1,3}-\w{1,8}|\w{4,8}-\w{1,3})(?![\w-])")
"""A short compound with a hyphen, whose parts should stay together: RISC-V, T-shirt, COVID-19."""
_SEPARATOR = re.compile(r"(?<=\S) (?=[-–—|·•] )")


def unbroken(title: str) -> str:
    """A title as HTML without line breaks inside a short compound or before a dash, bar or dot between its parts."""
    html = _SEPARATOR.sub("\u00a0", escape(title))
    if "-" not in html:
        return html
    return _COMPOUND.sub(lambda found: f'<span style="white-space:nowrap">{found[0]}</span>', html)


_START = re.compile(r"<([a-z][a-z0-9]*)([^<>]*?)(\s*/?)>")
_STYLE = ' style="'
_VOID = frozenset({"br", "hr", "img"})
_DIRECTION = ' dir="'


def turned(html: str, direction: str, *, aligned: bool) -> str:
    """`html` of one block with `dir` on its outermost element, unless it has one.

    With `aligned`, the text alignment is set too, for email clients.
    """
    found = _START.match(html) if _is_one(html) else None
    align = f"text-align:{'left' if direction == 'ltr' else 'right'}"
    if found is None:
        style = f'{_STYLE}{align}"' if aligned else ""
        return f'<div dir="{direction}"{style}>{html}</div>' if html else ""
    if _DIRECTION in found[2]:
        return html  # code, for example, which is left-to-right in every letter
    attributes = with_style(found[2], align) if aligned else found[2]
    return f'<{found[1]} dir="{direction}"{attributes}{found[3]}>{html[found.end() :]}'


def _is_one(html: str) -> bool:
    """Whether `html` is a single element, rather than several siblings, such as a card and the text about it."""
    start = _START.match(html)
    if start is None:
        return False
    depth = 0
    for tag in re.finditer(rf"<(/?){start[1]}(?=[\s/>])[^<>]*?(/?)>", html):
        depth += -1 if tag[1] else 0 if tag[2] or start[1] in _VOID else 1
        if depth == 0:
            return not html[tag.end() :].strip()
    return False


def with_style(attributes: str, declaration: str) -> str:
    """The attributes of a tag, with one more style declaration."""
    if _STYLE in attributes:
        return attributes.replace(_STYLE, f"{_STYLE}{declaration};", 1)
    return f'{attributes}{_STYLE}{declaration}"'
