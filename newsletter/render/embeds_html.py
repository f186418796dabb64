"""Films and posts as HTML, for page and feed; an e-mail has a template for them (embed.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.render.embeds import FILMS, MARK
from newsletter.render.markup import escape, escape_attribute
from newsletter.render.sites import VIDEO
from newsletter.scripts import isolated

if TYPE_CHECKING:
    from newsletter.render.embeds import Embed
    from newsletter.render.prose import Prose


def write_embed(prose: Prose, embed: Embed, container: str) -> str:
    """A picture and a line of words that lead to it; on the page, a film of the letter's own plays where it stands."""
    attributes = prose.look.attributes
    film = _player(prose, embed) if prose.look.profile == "web" and not embed.site else ""
    shown = film or picture_of(prose, embed)
    caption = prose.caption(embed.figure) if embed.figure else ""
    if caption:
        caption = f"\n<figcaption{attributes('figcaption', 'figure')}>{caption}</figcaption>"
    figure = f"<figure{attributes('figure', container)}>{shown}{caption}</figure>" if shown else ""
    facts = [escape(embed.length)] if embed.length else []
    if embed.title:
        lead, facts = prose.label(embed.title), [escape(isolated(embed.call(prose.language), prose.dir)), *facts]
    else:
        lead = escape(isolated(embed.call(prose.language), prose.dir))
    rest = "".join(f" · {fact}" for fact in facts)
    call = f"<p{attributes('p.call', 'embed')}>{prose.anchor(embed.link, lead, 'embed', 'a.call')}{rest}</p>"
    about = prose.blocks(embed.blocks, "embed")
    content = "\n".join(filter(None, (figure, call, about) if embed.kind == VIDEO else (about, figure, call)))
    return f"<div{attributes('div.embed', container)}>\n{content}\n</div>"


def picture_of(prose: Prose, embed: Embed) -> str:
    """The picture, linked; empty where there is none."""
    if embed.figure is None:
        return ""
    return prose.anchor(embed.link, prose.picture(embed.figure.image, "figure"), "figure", "a.picture")


def _player(prose: Prose, embed: Embed) -> str:
    """What plays a film of the letter's own; empty where it is none that browsers play."""
    from dataclasses import replace

    media_type = FILMS.get(embed.link.href.rpartition(".")[2].lower())
    if media_type is None:
        return ""
    poster = ""
    if embed.figure:
        image = embed.figure.image
        src, width, height = prose.look.image(replace(image, src=image.src.removesuffix(MARK)))
        size = f' width="{width}" height="{height}"' if width and height else ""
        poster = f' poster="{escape_attribute(src)}"{size}'
    address = prose.address(embed.link.href)
    return f'<video controls="" preload="none" playsinline=""{poster}><source src="{address}" type="{media_type}" /></video>'
