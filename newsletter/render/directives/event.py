"""`::: event`: what happens, with its `date`, `time`, `place` and whatever else is said of it as `name: value`."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from newsletter.language.scripts import isolated
from newsletter.late import late
from newsletter.render.columns import wrap
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.html_blocks import lines
from newsletter.render.markup import escape
from newsletter.render.text_blocks import spaced

if TYPE_CHECKING:
    from newsletter.language import Language
    from newsletter.model import Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FROM_TO = late(
    rf"({_ISO_DATE.pattern})(?:\s+(?:to|until|tot|t/m|à|au|bis|al?|hasta|fino al?|até|do|až|till?|по|до|से|sampai|hingga|đến|إلى|تا|עד)\s+|\s*(?:至|到|から|부터|[-–—〜～/]|--)\s*)({_ISO_DATE.pattern})"
)
"""Two dates in any of the ways that people join them, ISO 8601's `/` among them."""


def event_facts(event: Directive, language: Language, direction: str = "") -> tuple[str, ...]:
    """When and where an event is, as far as it says so, then its other fields as `name: value`.

    `direction` is which way they are to run, where that is not the language's own: an English event in an Arabic letter.
    """
    direction = direction or language.dir
    facts = []
    for name, value in event.fields.items():
        if name == "date":
            facts.append(_dates(value, language))
        else:
            facts.append(value if name in {"time", "place"} else language.say("labelled", label=name, text=value))
    return tuple(isolated(fact, direction) for fact in facts if fact)


def _dates(value: str, language: Language) -> str:
    """A `date:` as readers of `language` write it; what is not an ISO date stays as the author wrote it."""
    value = _FROM_TO.sub(lambda match: _interval(match, language), value)
    return _ISO_DATE.sub(lambda match: _long(match[0], language), value)


def _interval(match: re.Match[str], language: Language) -> str:
    try:
        return language.interval(date.fromisoformat(match[1]), date.fromisoformat(match[2]))
    except ValueError:
        return match[0]


def _long(iso: str, language: Language) -> str:
    try:
        return language.long_date(date.fromisoformat(iso))
    except ValueError:
        return iso


def _facts(writer: HtmlWriter, event: Directive) -> str:
    return " · ".join(map(escape, event_facts(event, writer.language, writer.dir)))


def _html(writer: HtmlWriter, event: Directive, container: str) -> str:
    title, facts = writer.line(event.argument, "event"), _facts(writer, event)
    content = lines(
        f"<p{writer.attributes('p.title', 'event')}>{title}</p>" if title else "",
        f"<p{writer.attributes('p.facts', 'event')}>{facts}</p>" if facts else "",
        writer.blocks(event.blocks, "event"),
    )
    return f"<div{writer.attributes('div.event', container)}>\n{content}\n</div>"


def _email(templates: Templates, writer: HtmlWriter, event: Directive, _container: str) -> str:
    title, facts = writer.line(event.argument, "event"), _facts(writer, event)
    html = writer.blocks(event.blocks, "event")
    return templates.render(writer, "event", "event", title=title, facts=facts, html=html)


def _text(writer: TextWriter, event: Directive, width: int) -> list[str]:
    facts = " · ".join(event_facts(event, writer.language))
    about = [*writer.title(event.argument, width), *(wrap(facts, width) if facts else ())]
    return spaced([about, writer.blocks(event.blocks, width)])


EVENT = DirectiveForms(_html, _email, _text)
