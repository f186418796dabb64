"""What laying out one letter takes: its prose, its slots, and templates filled with both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic
from newsletter.errors import ConfigurationError
from newsletter.model import Span
from newsletter.render.email.blocks import SIDES, BlockTemplates
from newsletter.render.email.inspection import find_faults, is_balanced, is_row
from newsletter.render.email.look import EmailLook
from newsletter.render.email.styles import SHEET, fill_variables
from newsletter.render.email.trace import Slots
from newsletter.render.html import HtmlWriter
from newsletter.render.markup import escape, escape_attribute
from newsletter.render.templates import BROKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.config.publication import Author
    from newsletter.model import Inline
    from newsletter.render.email.theme import EmailTheme
    from newsletter.render.email.trace import EmailTrace
    from newsletter.render.letter import Letter


class Writer:
    """Writes the texts of one letter into slots, and templates around them."""

    def __init__(self, letter: Letter, theme: EmailTheme, trace: EmailTrace | None = None) -> None:
        self.letter = letter
        self.theme = theme
        self.slots = Slots()
        self.trace = trace
        """Notes where the HTML comes from; None where nobody asks."""
        self.sides = SIDES[letter.language.dir]
        """What every template is given of the script's direction."""
        self.blocks = BlockTemplates(theme, self.sides, trace)
        look = EmailLook(letter, theme.attributes, letter.language.dir)
        self.prose = HtmlWriter(look, letter.language, self.blocks.overrides(), trace=trace)

    def text(self, text: str) -> str:
        """A slot of plain text, fit for an attribute too: a template may use it in either place."""
        return self.slots(escape_attribute(text))

    def words(self, text: str) -> str:
        """As `text`, for what people read: closed off where it runs the other way than the letter."""
        return self.text(self.letter.language.isolated(text))

    def numeral(self, number: int | None) -> str:
        """A slot of a number in the digits of the language; empty for none."""
        return "" if number is None else self.text(self.letter.language.numeral(number))

    def say(self, key: str, **fields: object) -> str:
        """A slot of fixed words in the letter's language."""
        return self.text(self.letter.language.say(key, **fields))

    def inlines(self, inlines: Sequence[Inline], container: str) -> str:
        """A slot of inline content."""
        return self.slots.prose(self.blocks.zone(container, self.prose.line(inlines, container)))

    def author(self, author: Author, container: str = "") -> str:
        """An author's name as HTML, linked where there is a page."""
        href = self.prose.address(author.url)
        name = escape(self.letter.language.isolated(author.name))
        return f'<a href="{href}"{self.prose.look.attributes("a", container)}>{name}</a>' if href else name

    def render(self, template: str, values: dict[str, object]) -> str:
        """A template of MJML, filled; one of the workspace's own is checked. Raises ConfigurationError that names it."""
        shared = {**self.sides, "lang": self.letter.language.code, "say": self.say}
        piece = self.theme.render(f"{template}.mjml", {**shared, **values})
        if f"{template}.mjml" in self.theme.own:
            _inspect(template, piece)
        return piece

    def finish_style(self, style: str) -> str:
        """Declarations from the style sheet with this letter's sides and the theme's tokens."""
        return fill_variables(style, self.theme.design.variables(self.sides["start"], self.sides["end"]), SHEET)


def _inspect(template: str, piece: str) -> None:
    """What only shows once a template is filled."""
    name = f"templates/theme/email/{template}.mjml"
    parent = "" if template == "letter" else ("mj-wrapper" if is_row(piece) else "mj-column")
    fault = next(find_faults(piece, parent), None)
    if fault:
        found = Diagnostic(name, Span(0, 0), fault.code, fault.message, mend=fault.mend)
        raise ConfigurationError(f"{name}: {fault.message}", (found,), hint=fault.mend)
    if not is_balanced(piece):
        problem, mend = "its tags do not close in order", "MJML is XML: <br />, not <br>."
        raise ConfigurationError(
            f"{name}: {problem}", (Diagnostic(name, Span(0, 0), BROKEN, problem, mend=mend),), hint=mend
        )
