"""What directives hold, apart from how any output shows it: who sees it, where a button leads, when an event is."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from newsletter.editions import ONLY, PAYWALL, Readers, limit_of
from newsletter.language.scripts import isolated
from newsletter.late import late
from newsletter.model import Directive, Link, List, Paragraph
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.language import Language
    from newsletter.model import Block, Inline

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FROM_TO = late(
    rf"({_ISO_DATE.pattern})(?:\s+(?:to|until|tot|t/m|à|au|bis|al?|hasta|إلى|تا|עד)\s+|\s*(?:至|到|から|[-–—〜～/]|--)\s*)({_ISO_DATE.pattern})"
)
"""Two dates in any of the ways that people join them, ISO 8601's `/` among them."""


def is_shown(directive: Directive, profile: str) -> bool:
    """Whether `profile` (email, web, text, feed) shows this: not what an `::: only` keeps for others, nor a paywall.

    A letter is made for its readers before it gets here (newsletter.editions). What still names readers who pay was never
    asked about, and is shown to nobody.
    """
    if directive.name == ONLY:
        return limit_of(directive).admits(Readers(output=profile))
    return directive.name != PAYWALL


def lead_link(directive: Directive) -> Link | None:
    """The link that a button, audio or event is about: in its argument, else the first of its first paragraph."""
    found = _first_link(directive.argument)
    if found is None and directive.blocks and isinstance(directive.blocks[0], Paragraph):
        found = _first_link(directive.blocks[0].inlines)
    return found


def lead_label(directive: Directive) -> tuple[Inline, ...]:
    """The words on a button: the argument's, else those of the link."""
    link = lead_link(directive)
    return directive.argument or (link.inlines if link else ())


def body(directive: Directive) -> tuple[Block, ...]:
    """Its blocks, without the paragraph that only gives the link of `lead_link`."""
    first = directive.blocks[0] if directive.blocks else None
    given_in_argument = _first_link(directive.argument) is not None
    if given_in_argument or not isinstance(first, Paragraph) or _first_link(first.inlines) is None:
        return directive.blocks
    rest = [inline for inline in first.inlines if not isinstance(inline, Link)]
    return directive.blocks if plain_text(tuple(rest)).strip() else directive.blocks[1:]


def lead_stop(argument: Sequence[Inline]) -> str:
    """The full stop that an argument lacks where text runs on behind it; nothing where it has an end of its own."""
    words = plain_text(argument).rstrip()
    return "" if not words or unicodedata.category(words[-1]).startswith("P") else "."


def choices(directive: Directive) -> tuple[Link, ...]:
    """The answers of a poll: the first link of each item of its lists."""
    found = []
    for block in directive.blocks:
        if isinstance(block, List):
            for item in block.items:
                links = [_first_link(inner.inlines) for inner in item.blocks if isinstance(inner, Paragraph)]
                found += [link for link in links if link][:1]
    return tuple(found)


def event_facts(directive: Directive, language: Language, direction: str = "") -> tuple[str, ...]:
    """When and where an event is, as far as it says so, then its other fields as `name: value`.

    `direction` is which way they are to run, where that is not the language's own: an English event in an Arabic letter.
    """
    direction = direction or language.dir
    facts = []
    for name, value in directive.fields.items():
        if name == "date":
            facts.append(event_dates(value, language))
        else:
            facts.append(value if name in {"time", "place"} else language.say("labelled", label=name, text=value))
    return tuple(isolated(fact, direction) for fact in facts if fact)


def event_dates(value: str, language: Language) -> str:
    """The `date:` of an event as readers of `language` write it; what is not an ISO date stays as the author wrote it."""
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


def _first_link(inlines: tuple[Inline, ...]) -> Link | None:
    for inline in inlines:
        if isinstance(inline, Link):
            return inline
        found = _first_link(getattr(inline, "inlines", ()))
        if found:
            return found
    return None
