"""EM: signs of spam, for filters and for readers: hardly any text, one big link, hidden text."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from newsletter.check.facts.colours import contrast
from newsletter.check.facts.email_html import UNKNOWN, is_blank
from newsletter.check.wording import count_of, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.facts.email_html import ComputedStyle, Element, Page, TextRun
    from newsletter.check.facts.mail import Mail
    from newsletter.check.rules.email.traced import TracedMail
    from newsletter.diagnostics import Diagnostic

LITTLE = 200
"""Characters. Filters take an email with pictures and less text than this for a picture with an address."""
ONE_LINK = 0.6
"""The share of the text that may be in one link."""
_INVISIBLE = 1.15
_LETTERS = re.compile(r"[^\W_]+")
_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
_OTHER_LINES = re.compile(r"^([\x00-\x09\x0b-\x7f]*+[^\x00-\x7f].*)", re.MULTILINE)
"""A line that is not all ASCII."""
_LOWER = bytes(range(256)).lower()
_WORTH = 20
"""The fewest hidden characters that are reported: shorter ones are spacers."""
_TEXT_PART = 0.5
"""The smallest share of the HTML's words that the plain-text part must have."""
_FRAME = frozenset({"style", "frame"})


def mostly_pictures(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM118: there are pictures, and hardly any text."""
    pictures = [one for one in _elements(traced, "img") if not traced.page.is_hidden(one.number)]
    if not pictures:
        return
    shown = _length(_shown(traced))
    if shown < LITTLE:
        text = count_of(shown, "character") + " of text" if shown else "no text"
        message = f"the letter is {count_of(len(pictures), 'picture')} and {text}"
        label = "readers without pictures see nothing, and spam filters treat it as an advertisement"
        yield traced.found(pictures[0].start, "EM118", message, label=label)


def hidden_text(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM119: the email has hidden text."""
    page = traced.page
    reported: set[int] = set()
    first = next((run for run in page.runs if run.element >= 0 and not is_blank(run.text)), None)
    if first and not page.shows(first):  # the preheader
        reported.add(_cause(page, first).number)
    runs = page.runs if any(map(_has_the_colour_of_its_ground, page.styles_of(page.shown))) else page.unshown
    for run in runs:
        if is_blank(run.text) or run.element < 0:
            continue
        hidden = not page.shows(run)
        if (hidden or _has_the_colour_of_its_ground(page.style_of(run))) and len(_squeezed(run.text)) >= _WORTH:
            cause = _cause(page, run) if hidden else page.elements[run.element]
            if cause.number not in reported and traced.by_hand(cause.start):
                reported.add(cause.number)
                message = f"{quoted(run.text.strip())} is hidden from readers"
                yield traced.found(cause.start, "EM119", message, label="spam filters catch this")


def one_link(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM140: most of the text is in one link."""
    links = [element for element in _elements(traced, "a") if element.attributes.get("href")]
    linked = [traced.page.within(element)[1] for element in links]
    shown = _shown(traced)
    most = max((sum(len(run.text) for run in runs) for runs in linked), default=0)
    if most <= ONE_LINK * len("".join("".join(run.text for run in shown).split())):
        return  # as in most letters, also if blanks are counted in links only
    whole = _length(shown)
    for element, runs in zip(links, linked, strict=True) if whole >= LITTLE else ():
        length = _length(runs)
        if length > ONE_LINK * whole:
            message = f"{length / whole:.0%} of the letter's text is one link"
            yield traced.found(element.start, "EM140", message, label="link the words that say where it leads")


def thin_text_part(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM144: the plain-text part leaves out most of the email's text."""
    plain = _letters(traced.mail.text)
    texts = (_letters(run.text) for run in _shown(traced) if len(run.text) >= _WORTH)
    passages = [text for text in texts if len(text) >= _WORTH]
    whole = sum(map(len, passages))
    there = 0
    for text in passages:
        there += len(text) if text[:_WORTH] in plain else 0
        if there >= _TEXT_PART * whole:
            return
    if whole >= LITTLE:
        message = f"the plain-text part has {there / whole:.0%} of the text in the HTML: spam filters expect both to say the same"
        advice = "Use `::: only text` to add what the plain-text part leaves out."
        yield traced.context.found("EM144", traced.context.start, message, advice=advice)


def _cause(page: Page, run: TextRun) -> Element:
    """The outermost element that makes a run hidden."""
    causes = (
        element
        for element in page.around(run.element)
        if page.is_hidden(element.number) and not page.is_hidden(element.parent)
    )
    return next(causes, page.elements[run.element])


def _has_the_colour_of_its_ground(style: ComputedStyle) -> bool:
    return UNKNOWN not in (style.text, style.ground) and contrast(style.text, style.ground) < _INVISIBLE


def _elements(traced: TracedMail, name: str) -> list[Element]:
    """The elements called `name` between masthead and footer."""
    return [
        element
        for element in traced.page.named(name)
        if _in_letter(traced.mail, traced.mail.piece_at(element.start).part)
    ]


def _shown(traced: TracedMail) -> list[TextRun]:
    """The text that readers see between masthead and footer."""
    inside = [_in_letter(traced.mail, part) for part in range(len(traced.mail.parts))]
    runs: list[TextRun] = []
    for is_inside, pieces in groupby(traced.mail.pieces, lambda piece: inside[piece.part]):
        if is_inside:
            first, *others = pieces
            runs += traced.page.shown_between(first.start, others[-1].end if others else first.end)
    return runs


def _in_letter(mail: Mail, part: int) -> bool:
    return mail.parts[part].kind not in _FRAME


def _length(runs: Iterable[TextRun]) -> int:
    return sum(len(_squeezed(run.text)) for run in runs)


def _letters(text: str) -> str:
    # Most lines are ASCII. Reading them together, and as bytes, takes a hundredth of the time.
    return "".join(map(_letters_of_lines, (text,) if text.isascii() else _OTHER_LINES.split(text)))


def _letters_of_lines(lines: str) -> str:
    if lines.isascii():
        return lines.encode().translate(_LOWER, _ASCII_MARKS).decode()
    return "".join(_LETTERS.findall(lines.casefold()))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
