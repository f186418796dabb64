"""Films and posts: what a letter shows of something that is played or read elsewhere.

A mail plays nothing, and a page that lets another site in tells it who reads. So every output shows a picture that the author
gave, or a card in words, and links to the place. Three ways of writing come to the same: `::: video` and `::: post`; a picture
that links to a film or a post, alone in its paragraph; a link to one, alone in its paragraph or with a picture on the next line.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.model import Break, Directive, Figure, Image, Link, LinkForm, List, Paragraph, Text
from newsletter.pictures import is_local
from newsletter.records import dataclass
from newsletter.render import directives
from newsletter.render.sites import POST, VIDEO, host_of, site_of
from newsletter.walk import images_in, plain_text, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.language import Language
    from newsletter.model import Block, Inline, Issue

MARK = "#play"
"""Behind the address of a picture: with a play mark drawn on it."""
FILMS = {"mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mov": "video/quicktime"}
"""Files that a browser plays by itself, by their ending."""


@dataclass(frozen=True, slots=True)
class Embed:
    """A film or a post, with what stands for it."""

    kind: str
    """`video` or `post`."""
    link: Link
    title: tuple[Inline, ...]
    """What the author calls it; empty where there is only its address."""
    site: str
    """`YouTube`, else the host; empty for a file of the letter's own."""
    figure: Figure | None = None
    """The picture, its link taken off; its address ends in MARK where a play mark is wanted."""
    length: str = ""
    """As written: `3:40`."""
    blocks: tuple[Block, ...] = ()
    """What else is said of it: the words of a post."""

    def call(self, language: Language) -> str:
        """What readers are asked to do: `Watch on YouTube`."""
        if self.kind == POST:
            return language.say("see_post", site=self.site) if self.site else language.say("see_post_here")
        return language.say("watch_on", site=self.site) if self.site else language.say("watch")


def embed_in(block: Block, container: str = "") -> Embed | None:
    """What `block` embeds, standing in `container` (see prose.Look); None for what is as it reads."""
    kind = type(block)
    if kind is Paragraph:
        # In lists and notes a link alone is a reference, and stays one.
        return None if container in {"item", "footnote"} else _of_paragraph(block)  # type: ignore[arg-type] # by `kind`
    if kind is Figure:
        return _of_figure(block)  # type: ignore[arg-type]
    if kind is Directive and block.name in {VIDEO, POST}:  # type: ignore[union-attr]
        return _of_directive(block)  # type: ignore[arg-type]
    return None


def _of_paragraph(paragraph: Paragraph) -> Embed | None:
    """A link alone, or a link and a picture on lines of their own."""
    if len(paragraph.inlines) > 5 or not any(type(inline) is Link for inline in paragraph.inlines):
        return None
    shown = [
        one for one in paragraph.inlines if not (type(one) is Break or (type(one) is Text and not one.text.strip()))
    ]
    links = [one for one in shown if type(one) is Link]
    images = [one for one in shown if type(one) is Image]
    if len(links) != 1 or len(images) > 1 or len(shown) != len(links) + len(images):
        return None
    if images and not any(type(one) is Break for one in paragraph.inlines):
        return None
    link, site = links[0], site_of(links[0].href)
    if site is None or any(True for _ in images_in((Paragraph((link,)),))):
        return None
    figure = Figure(images[0], _title_of(images[0])) if images else None
    return Embed(site.kind, link, _words(link), site.title, _marked(figure, site.kind))


def _of_figure(figure: Figure) -> Embed | None:
    link = figure.link
    site = site_of(link.href) if link else None
    if link is None or site is None:
        return None
    return Embed(site.kind, link, (), site.title, _marked(replace(figure, link=None), site.kind))


def _of_directive(directive: Directive) -> Embed | None:
    link = directives.lead_link(directive)
    body = directives.body(directive)
    figure = next((block for block in body if isinstance(block, Figure)), None)
    if link is None and figure is not None:
        link = figure.link
    if link is None:
        return None
    site = site_of(link.href)
    rest = tuple(block for block in body if block is not figure)
    words = (
        directive.argument
        if any(type(one) is Link for one in directive.argument)
        else directive.argument or _words(link)
    )
    title = tuple(one for one in words if not (type(one) is Link and _is_address(one)))
    plain = replace(figure, link=None) if figure else None
    shown = plain if directive.fields.get("mark") == "no" else _marked(plain, directive.name)
    return Embed(
        directive.name,
        link,
        title if _has_words(title) else (),
        site.title if site else host_of(link.href),
        shown,
        directive.fields.get("length", ""),
        rest,
    )


def _words(link: Link) -> tuple[Inline, ...]:
    """What a link says, where it says anything but its address."""
    return () if _is_address(link) else link.inlines


def _is_address(link: Link) -> bool:
    return link.form in {LinkForm.BARE, LinkForm.AUTOLINK} or plain_text(link.inlines).startswith(
        ("http://", "https://")
    )


def _has_words(inlines: tuple[Inline, ...]) -> bool:
    return bool(plain_text(inlines).strip())


def _title_of(image: Image) -> tuple[Inline, ...]:
    title = " ".join(image.title.split())
    return (Text(title, image.title_span),) if title else ()


def _marked(figure: Figure | None, kind: str) -> Figure | None:
    """With a play mark on its picture, where it is a file that one can be drawn on."""
    if figure is None or kind != VIDEO or not is_local(figure.image.src) or figure.image.src.endswith(MARK):
        return figure
    return replace(figure, image=replace(figure.image, src=figure.image.src + MARK))


def _references(issue: Issue) -> Iterator[Block]:
    """What stands in list items and notes, where an address stays one."""
    for block in walk_blocks(issue):
        for item in block.items if isinstance(block, List) else ():
            yield from (inner for inner in item.blocks if type(inner) is Paragraph)
    for note in issue.footnotes:
        yield from (inner for inner in note.blocks if type(inner) is Paragraph)


def marked_sources(issue: Issue) -> tuple[tuple[str, ...], frozenset[str]]:
    """The pictures of an issue that get a play mark, their addresses ending in MARK; and those shown in no other way."""
    marked, plain = [], [image.src for image in images_in(issue)]
    if issue.cover:
        plain.append(issue.cover.src)
    references = {id(block) for block in _references(issue)}
    for block in walk_blocks(issue):
        embed = None if id(block) in references else embed_in(block)
        if embed and embed.figure and embed.figure.image.src.endswith(MARK):
            src = embed.figure.image.src
            marked.append(src)
            # Not of a film of the letter's own: the page's player puts a mark of its own on it.
            if embed.site and src.removesuffix(MARK) in plain:
                plain.remove(src.removesuffix(MARK))
    unmarked = frozenset(src.removesuffix(MARK) for src in marked) - frozenset(plain)
    return tuple(dict.fromkeys(marked)), unmarked
