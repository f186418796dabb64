"""`::: toc`: the contents list where the writer wants it, not in its usual place.

Its entries are known only when the letter is laid out. Until then it is empty (see `with_contents`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.blocks.leading import first_link
from newsletter.model import Directive, Link, List, ListItem, Paragraph, Text
from newsletter.render.columns import wrap
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.markup import escape, escape_attribute, unlinked
from newsletter.render.text_blocks import hanging, spaced
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.model import Block, Issue
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.letter import ContentsEntry
    from newsletter.render.text_blocks import TextWriter

NAME = "toc"


def has_toc(issue: Issue) -> bool:
    """Whether the writer has placed a contents list."""
    return any(opened.name == NAME for opened in issue.opened)


def with_contents(blocks: Sequence[Block], entries: Iterable[ContentsEntry]) -> tuple[Block, ...]:
    """`blocks`, with the list of `entries` in each toc."""
    entries = tuple(entries)
    items = tuple(ListItem((Paragraph((Link(f"#{entry.anchor}", unlinked(entry.title)),)),)) for entry in entries)
    first = entries[0].number if entries else None
    listed = List(items, ordered=first is not None, start=first or 1)
    return tuple(_filled(blocks, listed))


def _filled(blocks: Sequence[Block], listed: List) -> Iterator[Block]:
    for block in blocks:
        if type(block) is Directive and block.name == NAME:
            yield replace(block, blocks=(listed,) if listed.items else ())
        elif type(block) is Directive and block.blocks:
            yield replace(block, blocks=tuple(_filled(block.blocks, listed)))
        else:
            yield block


def _entries(toc: Directive) -> Iterator[tuple[int | None, Link]]:
    """The entries, with numbers if they are numbered."""
    listed = next((block for block in toc.blocks if isinstance(block, List)), List(()))
    for number, item in enumerate(listed.items, listed.start):
        first = item.blocks[0] if item.blocks else None
        link = first_link(first.inlines) if isinstance(first, Paragraph) else None
        if link:
            yield number if listed.ordered else None, link


def _html(writer: HtmlWriter, toc: Directive, _container: str) -> str:
    entries = list(_entries(toc))
    if writer.look.profile != "web" or not entries:  # a feed reader shows many letters on one page
        return ""
    written = []
    for number, link in entries:
        mark = f'<span class="numeral">{writer.language.numeral(number)}</span> ' if number is not None else ""
        written.append(f'<li>{mark}<a href="{writer.address(link.href)}">{writer.label(link.inlines)}</a></li>')
    heading = writer.label(toc.argument) or escape(writer.language.words["contents"])
    label = escape_attribute(plain_text(toc.argument).strip() or writer.language.words["contents"])
    items = "\n".join(written)
    return (
        f'<nav class="contents" aria-label="{label}">\n<p class="heading">{heading}</p>\n<ol>\n{items}\n</ol>\n</nav>'
    )


def _email(templates: Templates, writer: HtmlWriter, toc: Directive, _container: str) -> str:
    from markupsafe import Markup

    entries = [
        {
            "number": writer.language.numeral(number) if number is not None else "",
            "href": Markup(writer.address(link.href)),  # noqa: S704 (written by HtmlWriter)
            "title": Markup(writer.label(link.inlines)),  # noqa: S704
        }
        for number, link in _entries(toc)
    ]
    if not entries:
        return ""
    heading = writer.label(toc.argument) or escape(writer.language.words["contents"])
    traits = {"entries": entries, "numbered": any(entry["number"] for entry in entries)}
    return templates.render(writer, "toc", "title", traits, heading=heading)


def _text(writer: TextWriter, toc: Directive, width: int) -> list[str]:
    entries, listed = list(_entries(toc)), []
    room = max((len(f"{number}. ") for number, _ in entries if number is not None), default=0)
    for number, link in entries:
        marker = f"{writer.language.numeral(number)}. ".rjust(room) if number is not None else "- "
        listed += hanging(wrap(writer.inlines(link.inlines), width - len(marker)), marker)
    heading = writer.title(toc.argument or (Text(writer.language.words["contents"]),), width) if entries else []
    return spaced([heading, listed])


TOC = DirectiveForms(_html, _email, _text)
