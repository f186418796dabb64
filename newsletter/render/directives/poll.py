"""`::: poll`: a question with answers to click on, each a list entry that is a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.blocks.leading import first_link
from newsletter.model import Link, List, Paragraph
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.html_blocks import lines
from newsletter.render.text_blocks import hanging, spaced

if TYPE_CHECKING:
    from newsletter.model import Block, Directive, ListItem
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter


def _choices(poll: Directive) -> tuple[Link, ...]:
    """The answers: the first link of each item of its lists."""
    found = []
    for item in _items(poll):
        links = [first_link(block.inlines) for block in item.blocks if isinstance(block, Paragraph)]
        found += [link for link in links if link][:1]
    return tuple(found)


def _items(poll: Directive) -> list[ListItem]:
    return [item for block in poll.blocks if isinstance(block, List) for item in block.items]


def _html(writer: HtmlWriter, poll: Directive, container: str) -> str:
    question = f"<p{writer.attributes('p.question', 'poll')}>{writer.line(poll.argument, 'poll')}</p>"
    content = lines(question if poll.argument else "", writer.blocks(poll.blocks, "poll"))
    return f"<div{writer.attributes('div.poll', container)}>\n{content}\n</div>"


def _email(templates: Templates, writer: HtmlWriter, poll: Directive, container: str) -> str:
    from markupsafe import Markup

    links = [(writer.address(link.href), writer.label(link.inlines)) for link in _choices(poll)]
    choices = [{"href": Markup(href), "label": Markup(label)} for href, label in links if href]  # noqa: S704
    whole = len(choices) == len(_items(poll))
    others = [block for block in poll.blocks if not isinstance(block, List)]
    # An answer without a usable link stays in the list.
    html = writer.blocks(others if whole else poll.blocks, container)
    question = writer.line(poll.argument, "poll")
    traits = {"choices": choices if whole else []}
    return templates.render(writer, "poll", "poll", traits, question=question, html=html)


def _text(writer: TextWriter, poll: Directive, width: int) -> list[str]:
    return spaced([writer.title(poll.argument, width), *(_block_text(writer, block, width) for block in poll.blocks)])


def _block_text(writer: TextWriter, block: Block, width: int) -> list[str]:
    if not isinstance(block, List):
        return writer.block(block, width)
    return [line for item in block.items for line in _choice_text(writer, item, width)]


def _choice_text(writer: TextWriter, item: ListItem, width: int) -> list[str]:
    only = item.blocks[0] if len(item.blocks) == 1 else None
    if isinstance(only, Paragraph) and len(only.inlines) == 1 and isinstance(only.inlines[0], Link):
        link = only.inlines[0]
        return hanging(writer.pointed(writer.inlines(link.inlines), link.href, width - 2), "- ")
    return writer.list_item(item, "- ", width)


POLL = DirectiveForms(_html, _email, _text)
