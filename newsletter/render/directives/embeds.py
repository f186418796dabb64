"""Videos and posts, `::: video` and `::: post`: how a letter shows content from another site.

An email plays nothing, and a page that embeds another site tells that site who reads. So every output shows the
author's picture or a card with text, and a link to the content. There are three equivalent ways to write it. The first
is `::: video` or `::: post`. The second is a picture that links to a video or post, alone in its paragraph. The third
is a link to one, alone in its paragraph or with a picture on the next line.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.blocks.leading import body, lead_link
from newsletter.blocks.sites import EMBED, FILMS, POST, VIDEO, host_of, player_of, site_of
from newsletter.language.scripts import isolated
from newsletter.markdown.fields import as_inlines
from newsletter.model import Break, Directive, Figure, Image, Link, LinkForm, List, Paragraph, Text
from newsletter.pictures import is_local
from newsletter.records import dataclass
from newsletter.render.html_blocks import caption, captioned, lines
from newsletter.render.markup import escape, escape_attribute, unlinked
from newsletter.render.text_blocks import figure_text, spaced
from newsletter.walk import images_in, plain_text, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.language import Language
    from newsletter.model import Block, Inline, Issue
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import BlockWriter, HtmlWriter
    from newsletter.render.text_blocks import TextWriter

MARK = "#play"
"""The suffix of the address of a picture with a play mark drawn on it."""


@dataclass(frozen=True, slots=True)
class Embed:
    """A video or a post, with what is shown in its place."""

    kind: str
    """`video` or `post`."""
    link: Link
    title: tuple[Inline, ...]
    """The author's title for it; empty if there is only its address."""
    site: str
    """The name of the site, such as `YouTube`, else the host; empty for one of the letter's own files."""
    figure: Figure | None = None
    """The picture without its link; its address ends in MARK if it needs a play mark."""
    length: str = ""
    """The length as written: `3:40`."""
    blocks: tuple[Block, ...] = ()
    """The other content: the text of a post."""

    def call(self, language: Language) -> str:
        """The call to action: `Watch on YouTube`."""
        if self.kind == POST:
            return language.say("see_post", site=self.site) if self.site else language.say("see_post_here")
        return language.say("watch_on", site=self.site) if self.site else language.say("watch")


def embed_in(block: Block, container: str = "") -> Embed | None:
    """The embedded thing in `block`, within `container` (see html.Look); None if it is not an embed."""
    kind = type(block)
    if kind is Paragraph:
        # In lists and notes, a link alone stays an ordinary reference.
        return None if container in {"item", "footnote"} else _of_paragraph(block)  # type: ignore[arg-type] # by `kind`
    if kind is Figure:
        return _of_figure(block)  # type: ignore[arg-type]
    if kind is Directive and block.name in {VIDEO, POST, EMBED}:  # type: ignore[union-attr]
        return _of_directive(block)  # type: ignore[arg-type]
    return None


def _of_paragraph(paragraph: Paragraph) -> Embed | None:
    """A link alone, or a link and a picture on separate lines."""
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
    link, blocks = lead_link(directive), body(directive)
    figure = next((block for block in blocks if isinstance(block, Figure)), None)
    if link is None and figure is not None:
        link = figure.link
    if link is None:
        return None
    site = site_of(link.href)
    rest = tuple(block for block in blocks if block is not figure)
    words = directive.argument or _words(link)
    title = tuple(one for one in words if not (type(one) is Link and _is_address(one)))
    plain = replace(figure, link=None) if figure else None
    kind = directive.name
    if kind == EMBED:
        kind = site.kind if site else VIDEO if link.href.rpartition(".")[2].lower() in FILMS else POST
    shown = plain if directive.fields.get("mark") == "no" else _marked(plain, kind)
    return Embed(
        kind,
        link,
        title if plain_text(title).strip() else (),
        site.title if site else host_of(link.href),
        shown,
        directive.fields.get("length", ""),
        rest,
    )


def _words(link: Link) -> tuple[Inline, ...]:
    """The text of a link, unless it is only the address."""
    return () if _is_address(link) else link.inlines


def _is_address(link: Link) -> bool:
    return link.form in {LinkForm.BARE, LinkForm.AUTOLINK} or plain_text(link.inlines).startswith(
        ("http://", "https://")
    )


def _title_of(image: Image) -> tuple[Inline, ...]:
    return as_inlines(" ".join(image.title.split()), image.title_span)


def _marked(figure: Figure | None, kind: str) -> Figure | None:
    """The figure with a play mark on its picture, if the file type allows one."""
    if figure is None or kind != VIDEO or not is_local(figure.image.src) or figure.image.src.endswith(MARK):
        return figure
    return replace(figure, image=replace(figure.image, src=figure.image.src + MARK))


def _references(issue: Issue) -> Iterator[Block]:
    """Blocks in which an address is not embedded (list items and notes), and galleries, which show pictures."""
    for block in walk_blocks(issue):
        if type(block) is Directive and block.name == "gallery":
            yield from block.blocks
        for item in block.items if isinstance(block, List) else ():
            yield from (inner for inner in item.blocks if type(inner) is Paragraph)
    for note in issue.footnotes:
        yield from (inner for inner in note.blocks if type(inner) is Paragraph)


def marked_sources(issue: Issue) -> tuple[tuple[str, ...], frozenset[str]]:
    """The pictures of an issue that get a play mark, and those that are only shown with one.

    The addresses of the former end in MARK.
    """
    marked, plain = [], [image.src for image in images_in(issue)]
    if issue.cover:
        plain.append(issue.cover.src)
    references = {id(block) for block in _references(issue)}
    for block in walk_blocks(issue):
        embed = None if id(block) in references else embed_in(block)
        if embed and embed.figure and embed.figure.image.src.endswith(MARK):
            src = embed.figure.image.src
            marked.append(src)
            # Not for one of the letter's own videos: the page's player draws its own mark.
            if embed.site and src.removesuffix(MARK) in plain:
                plain.remove(src.removesuffix(MARK))
    unmarked = frozenset(src.removesuffix(MARK) for src in marked) - frozenset(plain)
    return tuple(dict.fromkeys(marked)), unmarked


def embedding(write: BlockWriter, write_embed: BlockWriter) -> BlockWriter:
    """Writes an embed with `write_embed`, and every other block, or one that cannot be followed, with `write`."""

    def written(writer: HtmlWriter, block: Block, container: str) -> str:
        embed = embed_in(block, container)
        if embed and writer.address(embed.link.href):
            return write_embed(writer, embed, container)
        return write(writer, block, container)

    return written


def embed_html(writer: HtmlWriter, embed: Embed, container: str) -> str:
    """A picture and a line of text that link to the content.

    On the page, one of the letter's own videos plays in place.
    """
    film = ""
    if writer.look.profile == "web":
        film = _elsewhere(writer, embed) if embed.site else _player(writer, embed)
    shown = film or _picture(writer, embed)
    figure = captioned(writer, shown, embed.figure, container) if shown else ""
    if figure and writer.look.profile == "web" and _is_upright(writer, embed.figure):
        figure = f'<div class="upright">\n{figure}\n</div>'
    call = escape(isolated(embed.call(writer.language), writer.dir))
    lead, *facts = [writer.label(embed.title), call] if embed.title else [call]
    facts += [escape(embed.length)] if embed.length else []
    rest = "".join(f" · {fact}" for fact in facts)
    call = f"<p{writer.attributes('p.call', 'embed')}>{writer.anchor(embed.link, lead, 'embed', 'a.call')}{rest}</p>"
    about = writer.blocks(embed.blocks, "embed")
    content = lines(figure, call, about) if embed.kind == VIDEO else lines(about, figure, call)
    return f"<div{writer.attributes('div.embed', container)}>\n{content}\n</div>"


def _is_upright(writer: HtmlWriter, figure: Figure | None) -> bool:
    """Whether a video is in portrait format, which would fill the screen on a desktop."""
    _, width, height = writer.source(figure.image) if figure else ("", 0, 0)
    return height > width


def _picture(writer: HtmlWriter, embed: Embed) -> str:
    """The picture, linked; empty if there is none."""
    if embed.figure is None:
        return ""
    return writer.anchor(embed.link, writer.picture(embed.figure.image, "figure"), "figure", "a.picture")


def _elsewhere(writer: HtmlWriter, embed: Embed) -> str:
    """The picture of a video in a frame; a click loads the site's player into it.

    Before the click, nothing is loaded from the site. The frame shows a page of ours that is one link to the player. So
    it needs no script. If frames are not shown, the line below still links to the video.
    """
    player = player_of(embed.link.href)
    if not player or embed.figure is None:
        return ""
    src, width, height = writer.source(embed.figure.image)
    if not (src and width and height):
        return ""
    # Personal fields have their fallbacks: a placeholder is escaped once when it is filled, and here twice is needed.
    title = escape(plain_text(embed.title) or embed.figure.image.alt)
    label = escape_attribute(" · ".join(filter(None, (plain_text(embed.title), embed.call(writer.language)))))
    style = "html,body{margin:0;height:100%}img{display:block;width:100%;height:100%;object-fit:cover}"
    picture = f'<img src="{src}" alt="{escape_attribute(embed.figure.image.alt)}">'
    page = (
        f'<!doctype html><html lang="{escape_attribute(writer.language.code)}"><title>{title}</title><style>{style}</style>'
        f'<a href="{escape_attribute(player)}" aria-label="{label}">{picture}</a>'
    )
    size = f'width="{width}" height="{height}"'
    may = 'allow="autoplay; encrypted-media; fullscreen; picture-in-picture" allowfullscreen=""'
    return (
        f'<iframe class="player" srcdoc="{escape_attribute(page)}" title="{label}" {size} {may} '
        f'referrerpolicy="strict-origin-when-cross-origin"></iframe>'
    )


def _player(writer: HtmlWriter, embed: Embed) -> str:
    """The player for one of the letter's own videos; empty for a file that browsers do not play."""
    media_type = FILMS.get(embed.link.href.rpartition(".")[2].lower())
    if media_type is None:
        return ""
    poster = ""
    if embed.figure:
        image = embed.figure.image
        src, width, height = writer.look.image(replace(image, src=image.src.removesuffix(MARK)))
        size = f' width="{width}" height="{height}"' if width and height else ""
        poster = f' poster="{escape_attribute(src)}"{size}'
    source = f'<source src="{writer.address(embed.link.href)}" type="{media_type}" />'
    return f'<video controls="" preload="none" playsinline=""{poster}>{source}</video>'


def embed_email(templates: Templates, writer: HtmlWriter, embed: Embed, _container: str) -> str:
    """The embed in its template."""
    figure, picture = embed.figure, ""
    if figure and _is_upright(writer, figure):
        with templates.part(50):
            picture = templates.picture(writer, figure.image, embed.link, fluid=False)
    elif figure:
        picture = templates.picture(writer, figure.image, embed.link)
    return templates.render(
        writer,
        "embed",
        "embed",
        href=writer.address(embed.link.href),
        picture=picture,
        caption=templates.zone("figure", caption(writer, figure)) if figure else "",
        title=writer.label(embed.title),
        label=escape(isolated(embed.call(writer.language), writer.dir)),
        site=escape(embed.site),
        length=escape(embed.length),
        html=writer.blocks(embed.blocks, "embed"),
        video="1" if embed.kind == VIDEO else "",
    )


def embed_text(writer: TextWriter, block: Block, width: int) -> list[str] | None:
    """The description of the picture, the other content, and the address on its own line.

    None for a block that is not an embed.
    """
    embed = embed_in(block, "footnote" if writer.in_notes else "")
    if embed is None:
        return None
    shown = figure_text(writer, embed.figure, width) if embed.figure and not embed.title else []
    call = " · ".join(filter(None, (embed.call(writer.language), embed.length)))
    label = writer.with_aside(writer.inlines(unlinked(embed.title)), call) if embed.title else call
    pointed, about = writer.pointed(label, embed.link.href, width), writer.blocks(embed.blocks, width)
    return spaced([shown, pointed, about] if embed.kind == VIDEO else [about, shown, pointed])
