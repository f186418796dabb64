"""The card that link previews show of an issue: under a name that says all it was made from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.project.project import Project
    from newsletter.render.images.cards import CardText
    from newsletter.render.letter import Letter


def with_card(project: Project, letter: Letter) -> tuple[Letter, dict[str, bytes]]:
    """A letter with the card that its page names, if newsletter.yaml wants one, and the card's file."""
    social = letter.publication.web.social
    if social == "none" or (social == "cover" and letter.issue.cover):
        return letter, {}
    from newsletter.render.images.cards import card_name, draw_card
    from newsletter.render.images.plan import own_fonts, own_fonts_of_theme

    text, colours = card_text(letter), project.design.light
    fonts = (*own_fonts(project.workspace.root), *own_fonts_of_theme())
    name = card_name(text, colours, fonts)
    if not name:
        return letter, {}
    variants = {output: replace(variant, card=name) for output, variant in letter.variants.items()}
    return replace(letter, card=name, variants=variants), {name: draw_card(text, colours, fonts)}


def card_text(letter: Letter) -> CardText:
    """The text on the card of a letter."""
    from newsletter.render.images.cards import CardText

    issue, language = letter.issue, letter.language
    number = language.say("number", number=issue.number) if issue.number is not None else ""
    return CardText(
        title=issue.title,
        publication=letter.publication.title,
        about=issue.subtitle or issue.summary,
        dateline=" · ".join(filter(None, (number, letter.date_text))),
        language=language.code,
        dir=language.dir,
    )
