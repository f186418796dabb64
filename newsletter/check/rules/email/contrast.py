"""EM: the contrast of text and background, in light and dark: for the theme's colours, and those that templates write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.facts.colours import LARGE, TEXT, contrast, nearest_passing, ratio
from newsletter.check.facts.email_html import UNKNOWN
from newsletter.check.rules.email.traced import span_in
from newsletter.config.workspace import CONFIGURATION
from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.facts.email_html import ComputedStyle, TextRun
    from newsletter.check.facts.mail import Mail
    from newsletter.check.rules.email.traced import Place, TracedMail


class Pair(NamedTuple):
    """A text colour and the background colour behind it, as the templates use them."""

    text: str
    ground: str
    what: str
    """The content with these colours, as readers would call it."""
    need: str = "need"


PAIRS = (
    Pair("ink", "card", "the text", "needs"),
    Pair("ink", "tint", "callouts and code"),
    Pair("soft", "card", "captions and dates"),
    Pair("soft", "paper", "the lines above and below the letter"),
    Pair("soft", "tint", "comments in code"),
    Pair("accent", "card", "headings and numbers"),
    Pair("accent", "tint", "keywords in code"),
    Pair("on_accent", "accent", "buttons"),
    Pair("code_string", "tint", "strings in code"),
    Pair("code_name", "tint", "names in code"),
)
"""The pairs of the theme. Each has text that is small, or bold below 18.66 pixels, so each needs 4.5 to 1."""


def theme_contrast(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM114: a colour of the theme is hard to read on the background colour."""
    mail = traced.mail
    for mode, colours in (("light", mail.light), ("dark", mail.dark)):
        for token, failing in _culprits(mail, mode, colours).items():
            place = _place(mail, mode, token)
            if place:
                yield _finding(place, token, mode, colours, failing)


def _culprits(mail: Mail, mode: str, colours: Mapping[str, str]) -> dict[str, list[Pair]]:
    """The failing pairs, by the token to change: that of the text, or that of the background if only that is the workspace's own."""
    found: dict[str, list[Pair]] = {}
    for pair in PAIRS:
        if pair.text in colours and pair.ground in colours:
            if contrast(colours[pair.text], colours[pair.ground]) >= TEXT:
                continue
            own_text, own_ground = _place(mail, mode, pair.text), _place(mail, mode, pair.ground)
            token = pair.ground if own_ground and not own_text else pair.text
            found.setdefault(token, []).append(pair)
    return found


def _finding(place: Place, token: str, mode: str, colours: Mapping[str, str], failing: list[Pair]) -> Diagnostic:
    pair = failing[0]  # the pair that readers see most of
    measured = contrast(colours[pair.text], colours[pair.ground])
    by = "in light mode" if mode == "light" else "in dark mode"
    message = (
        f"`{pair.text}` {colours[pair.text]} on `{pair.ground}` {colours[pair.ground]} has a contrast of "
        f"{ratio(measured)} {by}; {pair.what} {pair.need} 4.5"
    )
    all_of_it = [pair for pair in PAIRS if token in (pair.text, pair.ground)]
    tried = _nearest(token, colours, all_of_it) or _nearest(token, colours, failing)
    advice = (
        f'The nearest readable colour: "{tried}".' if tried else "No lighter or darker colour is enough: change both."
    )
    return Diagnostic(*place, "EM114", message, advice=advice)


def _nearest(token: str, colours: Mapping[str, str], pairs: list[Pair]) -> str:
    """The colour nearest to that of `token` that is readable in all of `pairs`; empty if there is none."""
    others = [colours[pair.ground if pair.text == token else pair.text] for pair in pairs]
    return nearest_passing(colours[token], [(other, TEXT) for other in others])


def _place(mail: Mail, mode: str, token: str) -> Place | None:
    """The place where the workspace sets a colour: newsletter.yaml, or a look; None if the bundled theme sets it."""
    path = ("theme", "colors", mode, token)
    if path in mail.yaml:
        return CONFIGURATION, mail.yaml[path]
    colours = mail.light if mode == "light" else mail.dark
    for name, text in mail.templates.items():
        if name.endswith(".json"):
            start = text.find(f'"{mode}"')
            written = re.compile(rf'"{token}"\s*:\s*"{re.escape(colours[token])}"', re.IGNORECASE)
            if start >= 0 and (found := written.search(text, start)):
                return name, span_in(text, *found.span())
    return None


_LARGE_PIXELS, _LARGE_BOLD_PIXELS = 24, 18.66
_TEXT_PROPERTIES = ("color",)
_GROUND_PROPERTIES = ("background-color", "background", "bgcolor")
_CLASS_OF_TEXT = (
    "Give it the class of its colour, which dark mode changes: `t` for text, `s` for quiet text, `k` for the accent."
)
_CLASS_OF_GROUND = (
    "Give it the class `b`, whose background dark mode changes, or your own class with a rule in dark.css."
)
_INVISIBLE = 1.15
"""Below this contrast a text is hidden, which another rule reports."""


def written_contrast(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM115: a text is hard to read in the colours set by a template, or by HTML in the issue."""
    mail, page = traced.mail, traced.page
    yield from _by_night(traced)
    known = {(mail.light.get(pair.text), mail.light.get(pair.ground)) for pair in PAIRS}
    hard = {
        style
        for style in page.styles_of_words
        if UNKNOWN not in {style.text, style.ground}
        and (style.text, style.ground) not in known
        and _INVISIBLE <= contrast(style.text, style.ground) < _needed(style)
    }
    reported = set()
    for run in page.words if hard else ():
        style = page.style_of(run)
        if style not in hard:
            continue
        text, ground, needed = style.text, style.ground, _needed(style)
        place = _place_of(traced, run)
        if (place, text, ground) not in reported:
            reported.add((place, text, ground))
            message = f"{text} on {ground} has a contrast of {ratio(contrast(text, ground))}; text needs {needed:g}"
            tried = nearest_passing(text, [(ground, needed)])
            advice = f"The nearest readable colour: {tried}." if tried else ""
            yield Diagnostic(*place, "EM115", message, advice=advice)


def _by_night(traced: TracedMail) -> Iterator[Diagnostic]:
    """Text that is readable in light mode but not in dark mode: only one colour of the pair changes."""
    page, reported = traced.page, set()
    if not traced.mail.templates or not page.dark_colours:
        return  # the bundled theme is checked by its tests, and HTML in an issue loses its styles
    for run in page.words:
        if run.element < 0:
            continue
        day, (text, ground) = page.style_of(run), page.dark_colours[run.element]
        if UNKNOWN in {text, ground, day.text, day.ground} or (text, ground) == (day.text, day.ground):
            continue
        measured, needed = contrast(text, ground), _needed(day)
        if measured >= needed or contrast(day.text, day.ground) < needed:
            continue
        of_text = text == day.text
        place = traced.style_place(run.element, *(_TEXT_PROPERTIES if of_text else _GROUND_PROPERTIES))
        if place and (place, text, ground) not in reported:
            reported.add((place, text, ground))
            message = f"in dark mode, {text} on {ground} has a contrast of {ratio(measured)}; text needs {needed:g}"
            yield Diagnostic(*place, "EM115", message, advice=_CLASS_OF_TEXT if of_text else _CLASS_OF_GROUND)


def _needed(style: ComputedStyle) -> float:
    return LARGE if (style.size or 0) >= (_LARGE_BOLD_PIXELS if style.bold else _LARGE_PIXELS) else TEXT


def _place_of(traced: TracedMail, run: TextRun) -> Place:
    """The place where the text colour of a run is set, else its background colour, else the run itself."""
    return (
        traced.style_place(run.element, *_TEXT_PROPERTIES)
        or traced.style_place(run.element, *_GROUND_PROPERTIES)
        or traced.source_of(traced.page.elements[run.element].start)
    )
