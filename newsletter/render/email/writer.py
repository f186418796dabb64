"""The parts needed to lay out one letter: its look, the writer of its prose, its slots, and templates filled with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter import tokens
from newsletter.diagnostics import Diagnostic
from newsletter.errors import ConfigurationError
from newsletter.model import Heading, Span
from newsletter.names import composed
from newsletter.render.directives.table import email_writers
from newsletter.render.email.blocks import SIDES, BlockTemplates
from newsletter.render.email.inspection import find_faults, is_balanced, is_row
from newsletter.render.email.styles import SHEET, fill_variables
from newsletter.render.email.trace import Slots
from newsletter.render.html import HtmlWriter, note_anchor, reference_anchor
from newsletter.render.letter import path_of_publication
from newsletter.render.markup import absolute, escape_attribute, is_absolute, page_of_issue
from newsletter.render.templates import BROKEN
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.config.publication import Author
    from newsletter.model import Image, Inline
    from newsletter.render.email.styles import Attributes
    from newsletter.render.email.theme import EmailTheme
    from newsletter.render.email.trace import EmailTrace
    from newsletter.render.letter import Letter

_NARROW = re.compile(r'<img [^>]*\bwidth="(\d+)"[^>]*;max-width:\1px')
_CLASSES = re.compile(r'class(?<=\bclass)="([^"]*)"')
"""The classes of an element.

The pattern begins with a word rather than with `\\b`, so that `re` searches for the word, in a tenth of the time.
"""


class EmailLook:
    """The look of one letter in an email: styles from the table, absolute addresses (see html.Look)."""

    profile = "email"

    def __init__(self, letter: Letter, by_direction: Mapping[str, Attributes]) -> None:
        self._letter = letter
        self._by_direction = by_direction
        self._anchors: frozenset[str] | None = None

    def attributes(self, tag: str, container: str, direction: str, /) -> str:
        """Style and class from the table."""
        return self._by_direction[direction][tag, container]

    def link(self, href: str) -> str:
        """`href` for an email: absolute, or an anchor of this letter."""
        letter = self._letter
        if href.startswith("#"):
            anchor = composed(unquote(href[1:]))  # `#%C3%BCber-uns`, as Markdown parsers write it
            return f"#{anchor}" if anchor in self.anchors else letter.page_url + href
        if href.startswith(tokens.OPEN) or is_absolute(href):
            return f"https:{href}" if href.startswith("//") else href
        attached = letter.attachments.get(href)
        if attached:
            return absolute(letter.page_url, attached)
        picture = letter.images.get(href)
        if picture:
            return letter.picture_base + picture.name
        missing = path_of_publication(href).rpartition("/")[2]
        return page_of_issue(letter, href) or absolute(letter.page_url, missing or href)

    def image(self, image: Image) -> tuple[str, int, int]:
        """The processed picture; a picture from elsewhere as it is."""
        made = self._letter.images.get(image.src)
        if made:
            return self._letter.picture_base + made.name, made.width, made.height
        here = image.src.startswith(tokens.OPEN)
        return (image.src if here else absolute(self._letter.page_url, image.src)), 0, 0

    @property
    def anchors(self) -> frozenset[str]:
        """Every `id` in this letter, computed when the first link needs it."""
        if self._anchors is None:
            self._anchors = frozenset(_anchors(self._letter))
        return self._anchors


def _anchors(letter: Letter) -> Iterator[str]:
    for section in letter.issue.sections:
        if section.anchor:
            yield section.anchor
        yield from (item.anchor for item in section.items)
    yield from (block.anchor for block in walk_blocks(letter.issue) if isinstance(block, Heading))
    for note in letter.footnotes:
        yield note_anchor(note.number)
        yield from (reference_anchor(note.number, count) for count in range(1, note.references + 1))


class EmailWriter:
    """Writes the texts of one letter into slots, and templates around them."""

    def __init__(self, letter: Letter, theme: EmailTheme, trace: EmailTrace | None = None) -> None:
        self.letter = letter
        self.theme = theme
        self.slots = Slots()
        self.trace = trace
        """Records the sources of the HTML; None if nobody needs them."""
        self.sides = SIDES[letter.language.dir]
        """The start and end sides of the script, which every template gets."""
        self.blocks = BlockTemplates(letter, theme, trace)
        writers = self.blocks.in_boxes(email_writers(self.blocks, self.blocks.writers()))
        self.prose = HtmlWriter(
            EmailLook(letter, theme.attributes), letter.language, writers, trace, self.blocks.in_line
        )

    def text(self, text: str) -> str:
        """A slot of plain text that a template may use in text or in an attribute."""
        return self.slots(escape_attribute(text))

    def words(self, text: str) -> str:
        """Visible text as `text` writes it, isolated if its direction differs from the letter's."""
        return self.text(self.letter.language.isolated(text))

    def numeral(self, number: int | None) -> str:
        """A slot of a number in the digits of the language; empty if there is none."""
        return "" if number is None else self.text(self.letter.language.numeral(number))

    def say(self, key: str, **fields: object) -> str:
        """A slot of a fixed phrase in the letter's language."""
        return self.text(self.letter.language.say(key, **fields))

    def html(self, html: str, container: str = "") -> str:
        """A slot for output of `prose`; `container` is given if the HTML itself does not show it."""
        return self.slots.prose(self.blocks.zone(container, html) if container else html)

    def inlines(self, inlines: Sequence[Inline], container: str) -> str:
        """A slot of inline content."""
        return self.html(self.prose.line(inlines, container), container)

    def classes(self) -> frozenset[str]:
        """The classes used in slots so far: the style sheet is reduced to what the letter needs."""
        styled = (html for html in (*self.slots, *self.blocks.aside) if 'class="' in html)
        found = (names for html in styled for names in _CLASSES.findall(html))
        return frozenset(name for names in found for name in names.split())

    def narrow(self) -> tuple[int, ...]:
        """The widths of pictures that stay narrower than their column, in CSS pixels, each once."""
        pictured = (html for html in (*self.slots, *self.blocks.aside) if "<img " in html)
        found = (width for html in pictured for width in _NARROW.findall(html))
        return tuple(sorted(set(map(int, found))))

    def author(self, author: Author, container: str = "") -> str:
        """An author's name as HTML, linked if there is a page."""
        return self.prose.linked(author.name, author.url, container)

    def render(self, template: str, values: dict[str, object]) -> str:
        """Fills an MJML template; one of the workspace's own is checked.

        Raises ConfigurationError with its name.
        """
        shared = {**self.sides, "lang": self.letter.language.code, "say": self.say}
        piece = self.theme.render(f"{template}.mjml", {**shared, **values})
        if f"{template}.mjml" in self.theme.own:
            _inspect(template, piece)
        return piece

    def finish_style(self, style: str) -> str:
        """Declarations of the style sheet with this letter's sides and the theme's tokens."""
        return fill_variables(style, self.theme.design.variables(self.sides["start"], self.sides["end"]), SHEET)


def _inspect(template: str, piece: str) -> None:
    """Checks for problems that only a filled template shows."""
    name = f"templates/theme/email/{template}.mjml"
    parent = "" if template == "letter" else ("mj-wrapper" if is_row(piece) else "mj-column")
    fault = next(find_faults(piece, parent), None)
    if fault:
        found = Diagnostic(name, Span(0, 0), fault.code, fault.message, advice=fault.advice)
        raise ConfigurationError(f"{name}: {fault.message}", (found,), hint=fault.advice)
    if not is_balanced(piece):
        problem, advice = "its tags do not close in order", "MJML is XML: <br />, not <br>."
        raise ConfigurationError(
            f"{name}: {problem}", (Diagnostic(name, Span(0, 0), BROKEN, problem, advice=advice),), hint=advice
        )
