"""Directives as HTML, for Prose: what e-mail, page and feed share. An output that needs another form overrides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import Paragraph
from newsletter.render import directives
from newsletter.render.markup import escape

if TYPE_CHECKING:
    from newsletter.model import Directive, Inline
    from newsletter.render.prose import Prose


def write_directive(prose: Prose, directive: Directive, container: str) -> str:
    """Any directive but `only`; one of a name that nobody knows is set as a call-out, so that no text is lost."""
    return _WRITERS.get(directive.name, _callout)(prose, directive, container)


def _button(prose: Prose, directive: Directive, container: str) -> str:
    link = directives.lead_link(directive)
    if link:
        label = prose.anchor(link, prose.label(directives.lead_label(directive)), container, "a.button")
    else:
        label = prose.inlines(directive.argument, container)
    button = f"<p{prose.look.attributes('p.button', container)}>{label}</p>" if label else ""
    return _lines(button, prose.blocks(directives.body(directive), container))


def _callout(prose: Prose, directive: Directive, container: str) -> str:
    tag = "aside" if prose.look.profile == "web" else "div"
    content = prose.led(directive.argument, directive.blocks, "callout")
    return f"<{tag}{prose.look.attributes('div.callout', container)}>\n{content}\n</{tag}>"


def _event(prose: Prose, directive: Directive, container: str) -> str:
    attributes = prose.look.attributes
    title = prose.line(directive.argument, "event")
    title = f"<p{attributes('p.title', 'event')}>{title}</p>" if title else ""
    facts = " · ".join(map(escape, directives.event_facts(directive, prose.language, prose.dir)))
    facts = f"<p{attributes('p.facts', 'event')}>{facts}</p>" if facts else ""
    content = _lines(title, facts, prose.blocks(directive.blocks, "event"))
    return f"<div{attributes('div.event', container)}>\n{content}\n</div>"


def _audio(prose: Prose, directive: Directive, container: str) -> str:
    attributes = prose.look.attributes
    link = directives.lead_link(directive)
    source = prose.address(link.href) if link else ""
    if link is None or not source:
        return prose.blocks((*_as_paragraph(directive.argument), *directive.blocks), container)
    label = prose.anchor(link, prose.label(directives.lead_label(directive)), "audio", "a.audio")
    length = directive.fields.get("length", "")
    about = f"<p{attributes('p', 'audio')}>{label}{' · ' + escape(length) if length else ''}</p>"
    player = f'<audio controls="" preload="none" src="{source}"></audio>' if prose.look.profile == "web" else ""
    content = _lines(about, player, prose.blocks(directives.body(directive), "audio"))
    return f"<div{attributes('div.audio', container)}>\n{content}\n</div>"


def _poll(prose: Prose, directive: Directive, container: str) -> str:
    attributes = prose.look.attributes
    question = f"<p{attributes('p.question', 'poll')}>{prose.line(directive.argument, 'poll')}</p>"
    content = _lines(question if directive.argument else "", prose.blocks(directive.blocks, "poll"))
    return f"<div{attributes('div.poll', container)}>\n{content}\n</div>"


def _as_paragraph(inlines: tuple[Inline, ...]) -> tuple[Paragraph, ...]:
    return (Paragraph(inlines),) if inlines else ()


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


_WRITERS = {"button": _button, "callout": _callout, "event": _event, "audio": _audio, "poll": _poll}
