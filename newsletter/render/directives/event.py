"""`::: event`: an event, with its `date`, `time`, `place` and other facts as `name: value`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.language.moments import written_out
from newsletter.language.scripts import isolated
from newsletter.model import Text
from newsletter.render.columns import wrap
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.html_blocks import lines
from newsletter.render.markup import escape
from newsletter.render.text_blocks import spaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.language import Language
    from newsletter.model import Directive, Fact, Inline
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter


def event_facts(event: Directive, language: Language, direction: str = "") -> tuple[str, ...]:
    """When and where an event is, as far as its fields say, followed by its other fields as `name: value`.

    `direction` is the direction of the text where it is not the language's own: an English event in an Arabic letter.
    """
    direction = direction or language.dir
    facts = []
    for name, value in event.fields.items():
        if name == "date":
            facts.append(written_out(value, language))
        else:
            facts.append(value if name in {"time", "place"} else language.say("labelled", label=name, text=value))
    return tuple(isolated(fact, direction) for fact in facts if fact)


def _written(
    event: Directive,
    language: Language,
    direction: str,
    value: Callable[[tuple[Inline, ...]], str],
    plain: Callable[[str], str],
) -> tuple[str, str]:
    """The facts of an event, one per line.

    `value` formats a value, `plain` a plain text.
    """
    when = [plain(fact) for fact in event_facts(event, language, direction)]
    further = []
    for fact in event.facts:
        text = value(_dated(fact, language))
        if fact.label:
            label = plain(isolated(fact.label, direction))
            further.append(language.around("labelled", label=label, text=text))
        else:
            when.append(text)
    return " · ".join(when), " · ".join(further)


def _dated(fact: Fact, language: Language) -> tuple[Inline, ...]:
    """The value of a fact with its dates as readers write them."""
    return tuple(
        replace(inline, text=written_out(inline.text, language)) if isinstance(inline, Text) else inline
        for inline in fact.inlines
    )


def _in_html(writer: HtmlWriter, event: Directive) -> tuple[str, str]:
    return _written(event, writer.language, writer.dir, lambda inlines: writer.line(inlines, "event"), escape)


def _html(writer: HtmlWriter, event: Directive, container: str) -> str:
    title = writer.line(event.argument, "event")
    if writer.look.profile == "web":
        return _card(writer, event, container, title)
    facts = "<br />".join(filter(None, _in_html(writer, event)))
    content = lines(
        f"<p{writer.attributes('p.title', 'event')}>{title}</p>" if title else "",
        f"<p{writer.attributes('p.facts', 'event')}>{facts}</p>" if facts else "",
        writer.blocks(event.blocks, "event"),
    )
    return f"<div{writer.attributes('div.event', container)}>\n{content}\n</div>"


def _card(writer: HtmlWriter, event: Directive, container: str, title: str) -> str:
    """The card of an event, as in the email: time and place, then the title, then the other facts."""
    when, further = _in_html(writer, event)
    content = lines(
        f'<p class="when">{when}</p>' if when else "",
        f"<p{writer.attributes('p.title', 'event')}>{title}</p>" if title else "",
        f"<p{writer.attributes('p.facts', 'event')}>{further}</p>" if further else "",
        writer.blocks(event.blocks, "event"),
    )
    return f"<div{writer.attributes('div.event', container)}>\n{content}\n</div>"


def _email(templates: Templates, writer: HtmlWriter, event: Directive, _container: str) -> str:
    title, (facts, further) = writer.line(event.argument, "event"), _in_html(writer, event)
    html = writer.blocks(event.blocks, "event")
    return templates.render(writer, "event", "event", title=title, facts=facts, further=further, html=html)


def _text(writer: TextWriter, event: Directive, width: int) -> list[str]:
    written = _written(event, writer.language, writer.language.dir, writer.inlines, str)
    about = [*writer.title(event.argument, width), *(line for facts in written if facts for line in wrap(facts, width))]
    return spaced([about, writer.blocks(event.blocks, width)])


EVENT = DirectiveForms(_html, _email, _text)
