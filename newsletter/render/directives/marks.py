"""Marks blocks in HTML with their name and settings, so that an import of our own output finds them again.

The attributes are `data-block`, and `data-` with the name of a setting that cannot be seen otherwise. No program needs
them to show the block. On the page, the classes say the name and most settings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.blocks.charts import read_chart
from newsletter.blocks.leading import body, lead_link
from newsletter.model import List, Paragraph
from newsletter.render.markup import escape_attribute
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.language import Language
    from newsletter.model import Directive, Table

SETTINGS = {
    "gallery": ("ratio", "columns"),
    "beside": ("side", "width", "shape"),
    "chart": ("type", "unit", "max"),
    "columns": (),
    "stat": (),
    "sponsor": (),
    "callout": (),
    "button": (),
    "quote-card": (),
    "divider": (),
    "event": ("date", "time", "place"),
}
"""The blocks that are marked, each with the settings that are not in its text."""
_ONLY_HERE = {"gallery": ("ratio",), "chart": ("unit", "max"), "event": ("date", "time", "place")}
"""The settings that no class on the page has."""


def on_page(html: str, directive: Directive) -> str:
    """The HTML of a block on a page, with its settings at the element with the class of its name."""
    if directive.name == "button":
        return f"<p{_mark(directive)}{html[2:]}" if _texts(directive) and html.startswith("<p") else html
    written = _settings(directive, _ONLY_HERE.get(directive.name, ()))
    if not written:
        return html
    return re.sub(rf' class="{directive.name}\b[^"]*"', lambda found: f"{found[0]}{written}", html, count=1)


def in_feed(html: str, directive: Directive) -> str:
    """The HTML of a block in a feed, within one marked element. A button is marked itself."""
    if directive.name not in SETTINGS or not html.strip():
        return html
    if directive.name == "button":
        return html.replace("<p>", f"<p{_mark(directive)}>", 1) if html.startswith("<p><a ") else html
    if directive.name in ("callout", "event") and html.startswith("<div>"):
        return html.replace("<div>", f"<div{_mark(directive)}>", 1)
    return f"<div{_mark(directive)}>\n{html}\n</div>"


def in_email(html: str, directive: Directive, language: Language) -> str:
    """The HTML of a block in an email, marked at its table. The figures of a chart are added as text.

    A button without text below it is not marked: an import knows it by its style.
    """
    first = html.find(_TABLE)
    if directive.name not in SETTINGS or first < 0 or (directive.name == "button" and not _texts(directive)):
        return html
    if first and directive.name != "columns":  # text instead of the block, with a table below it
        return html
    figures = ""
    if directive.name == "chart":
        chart = read_chart(directive, language)
        if chart.table is None or not chart.drawable:
            return html
        figures = f' data-figures="{escape_attribute(_figures(chart.table))}"'
    return f"{html[:first]}<table{_mark(directive)}{figures}{html[first + len('<table') :]}"


_TABLE = '<table role="presentation"'


def _mark(directive: Directive) -> str:
    # Facts of an event are in a paragraph that could also be its text.
    facts = f' data-facts="{len(directive.facts)}"' if directive.name == "event" and directive.facts else ""
    texts = f' data-texts="{count}"' if directive.name == "button" and (count := _texts(directive)) else ""
    return f' data-block="{directive.name}"{_settings(directive, SETTINGS[directive.name])}{facts}{texts}'


def _texts(button: Directive) -> int:
    """The elements after a button that are its text; 0 if they cannot be counted, or the button has no link."""
    blocks = body(button)
    return len(blocks) if lead_link(button) and all(isinstance(one, (Paragraph, List)) for one in blocks) else 0


def _settings(directive: Directive, names: Sequence[str]) -> str:
    given = ((name, value) for name, value in directive.fields.items() if name in names and value)
    return "".join(f' data-{name}="{escape_attribute(value)}"' for name, value in given)


def _figures(table: Table) -> str:
    """The cells of a table, separated by `|`, a row a line."""
    rows = (table.head, *table.rows)
    return "\n".join("|".join(plain_text(cell.inlines).replace("|", "¦").strip() for cell in row) for row in rows)
