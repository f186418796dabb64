"""Directives as HTML, for Prose: what e-mail, page and feed share. An output that needs another form overrides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.language.scripts import isolated
from newsletter.model import Paragraph
from newsletter.render.directives import directive_facts
from newsletter.render.directives.embeds import FILMS, MARK, VIDEO
from newsletter.render.markup import escape, escape_attribute

if TYPE_CHECKING:
    from newsletter.model import Directive, Inline
    from newsletter.render.directives.embeds import Embed
    from newsletter.render.html import HtmlWriter


def write_directive(prose: HtmlWriter, directive: Directive, container: str) -> str:
    """Any directive but `only`; one of a name that nobody knows is set as a call-out, so that no text is lost."""
    return _WRITERS.get(directive.name, _callout)(prose, directive, container)


def _button(prose: HtmlWriter, directive: Directive, container: str) -> str:
    link = directive_facts.lead_link(directive)
    if link:
        label = prose.anchor(link, prose.label(directive_facts.lead_label(directive)), container, "a.button")
    else:
        label = prose.inlines(directive.argument, container)
    button = f"<p{prose.look.attributes('p.button', container)}>{label}</p>" if label else ""
    return _lines(button, prose.blocks(directive_facts.body(directive), container))


def _callout(prose: HtmlWriter, directive: Directive, container: str) -> str:
    tag = "aside" if prose.look.profile == "web" else "div"
    content = prose.led(directive.argument, directive.blocks, "callout")
    return f"<{tag}{prose.look.attributes('div.callout', container)}>\n{content}\n</{tag}>"


def _event(prose: HtmlWriter, directive: Directive, container: str) -> str:
    attributes = prose.look.attributes
    title = prose.line(directive.argument, "event")
    title = f"<p{attributes('p.title', 'event')}>{title}</p>" if title else ""
    facts = " · ".join(map(escape, directive_facts.event_facts(directive, prose.language, prose.dir)))
    facts = f"<p{attributes('p.facts', 'event')}>{facts}</p>" if facts else ""
    content = _lines(title, facts, prose.blocks(directive.blocks, "event"))
    return f"<div{attributes('div.event', container)}>\n{content}\n</div>"


def _audio(prose: HtmlWriter, directive: Directive, container: str) -> str:
    attributes = prose.look.attributes
    link = directive_facts.lead_link(directive)
    source = prose.address(link.href) if link else ""
    if link is None or not source:
        return prose.blocks((*_as_paragraph(directive.argument), *directive.blocks), container)
    label = prose.anchor(link, prose.label(directive_facts.lead_label(directive)), "audio", "a.audio")
    length = directive.fields.get("length", "")
    about = f"<p{attributes('p', 'audio')}>{label}{' · ' + escape(length) if length else ''}</p>"
    player = f'<audio controls="" preload="none" src="{source}"></audio>' if prose.look.profile == "web" else ""
    content = _lines(about, player, prose.blocks(directive_facts.body(directive), "audio"))
    return f"<div{attributes('div.audio', container)}>\n{content}\n</div>"


def _poll(prose: HtmlWriter, directive: Directive, container: str) -> str:
    attributes = prose.look.attributes
    question = f"<p{attributes('p.question', 'poll')}>{prose.line(directive.argument, 'poll')}</p>"
    content = _lines(question if directive.argument else "", prose.blocks(directive.blocks, "poll"))
    return f"<div{attributes('div.poll', container)}>\n{content}\n</div>"


def _as_paragraph(inlines: tuple[Inline, ...]) -> tuple[Paragraph, ...]:
    return (Paragraph(inlines),) if inlines else ()


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


_WRITERS = {"button": _button, "callout": _callout, "event": _event, "audio": _audio, "poll": _poll}


# ── Films and posts as HTML, for page and feed; an e-mail has a template for them (embed.html) ────────────────────────


def write_embed(prose: HtmlWriter, embed: Embed, container: str) -> str:
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


def picture_of(prose: HtmlWriter, embed: Embed) -> str:
    """The picture, linked; empty where there is none."""
    if embed.figure is None:
        return ""
    return prose.anchor(embed.link, prose.picture(embed.figure.image, "figure"), "figure", "a.picture")


def _player(prose: HtmlWriter, embed: Embed) -> str:
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
