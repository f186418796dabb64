"""EM: what spam filters count against a letter, and readers too: hardly any text, one big link, hidden words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.facts.colours import contrast
from newsletter.check.facts.email_html import UNKNOWN, is_blank
from newsletter.check.rules.email.places import at_offset, by_hand, mail_in
from newsletter.check.wording import count_of, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import Element, Page, TextRun
    from newsletter.check.facts.mail import Mail
    from newsletter.diagnostics import Diagnostic

LITTLE = 200
"""Characters: with less text than this, a letter with pictures is taken for one picture with an address."""
ONE_LINK = 0.6
"""Of the text, in a single link."""
_INVISIBLE = 1.15
_LETTERS = re.compile(r"[^\W_]+")
_WORTH = 20
"""Hidden characters worth telling: less is a spacer."""
_TEXT_PART = 0.5
"""Of what the HTML says, that the text part says at least."""
_FRAME = frozenset({"style", "frame"})


def mostly_pictures(context: CheckContext) -> Iterator[Diagnostic]:
    """EM118: there are pictures, and hardly any text."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    pictures = [element for element in page.elements if element.name == "img" and _in_letter(mail, element.start)]
    if not pictures:
        return
    said = sum(len(_squeezed(run.text)) for run in _shown(mail, page))
    if said < LITTLE:
        text = count_of(said, "character") + " of text" if said else "no text"
        message = f"the letter is {count_of(len(pictures), 'picture')} and {text}"
        label = "who sees no pictures gets nothing, and spam filters take it for an advertisement"
        yield at_offset(context, mail, pictures[0].start, "EM118", message, label=label)


def one_link(context: CheckContext) -> Iterator[Diagnostic]:
    """EM140: most of the text is one link."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    whole = sum(len(_squeezed(run.text)) for run in _shown(mail, page))
    if whole < LITTLE:
        return
    for element in page.elements:
        if element.name == "a" and element.attributes.get("href") and _in_letter(mail, element.start):
            linked = sum(len(_squeezed(run.text)) for run in page.within(element)[1])
            if linked > ONE_LINK * whole:
                message = f"{linked / whole:.0%} of the letter's text is one link"
                label = "link the words that say where it leads"
                yield at_offset(context, mail, element.start, "EM140", message, label=label)


def hidden_text(context: CheckContext) -> Iterator[Diagnostic]:
    """EM119: the e-mail holds text that nobody is to see."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    told: set[int] = set()
    first = True
    for run in page.runs:
        if is_blank(run.text) or run.element < 0:
            continue
        hidden = not page.shows(run)
        if first:
            first = False
            if hidden:  # the preheader
                told.add(_cause(page, run).index)
        if len(_squeezed(run.text)) < _WORTH:
            continue
        look = page.look(run)
        if hidden or (UNKNOWN not in (look.text, look.ground) and contrast(look.text, look.ground) < _INVISIBLE):
            cause = _cause(page, run) if hidden else page.elements[run.element]
            if cause.index not in told and by_hand(context, mail, cause.start):
                told.add(cause.index)
                message = f"{quoted(run.text.strip())} is hidden from readers"
                label = "spam filters know the trick"
                yield at_offset(context, mail, cause.start, "EM119", message, label=label)


def thin_text_part(context: CheckContext) -> Iterator[Diagnostic]:
    """EM144: the text part leaves out most of what the letter says."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    plain = _letters(mail.text)
    said = (_letters(run.text) for run in _shown(mail, page) if len(run.text) >= _WORTH)
    told = [text for text in said if len(text) >= _WORTH]
    whole = sum(map(len, told))
    there = 0
    for text in told:
        there += len(text) if text[:_WORTH] in plain else 0
        if there >= _TEXT_PART * whole:
            return
    if whole >= LITTLE:
        message = f"the text part has {there / whole:.0%} of what the HTML says: filters want both to say the same"
        mend = "Say in `::: only text` what the text part leaves out."
        yield context.found("EM144", context.start, message, mend=mend)


def _cause(page: Page, run: TextRun) -> Element:
    """The outermost element that hides a run."""
    causes = (
        element
        for element in page.around(run.element)
        if page.is_hidden(element.index) and not page.is_hidden(element.parent)
    )
    return next(causes, page.elements[run.element])


def _in_letter(mail: Mail, offset: int) -> bool:
    return mail.parts[mail.piece_at(offset).part].kind not in _FRAME


def _shown(mail: Mail, page: Page) -> Iterator[TextRun]:
    """What readers see between masthead and foot."""
    pieces = iter(mail.pieces)
    piece = next(pieces, None)
    for run in page.runs:
        while piece is not None and piece.end <= run.start:
            piece = next(pieces, None)
        if piece is not None and mail.parts[piece.part].kind not in _FRAME and page.shows(run):
            yield run


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(text.casefold()))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
