"""EM: text that can be read on its ground, by day and by night: the theme's colours, and those that templates write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.email_base import CONFIGURATION, mail_in, source_of, span_in, style_place
from newsletter.check.email_colours import LARGE, TEXT, contrast, nearest_passing, ratio
from newsletter.check.email_dark import dark_looks
from newsletter.check.email_html import UNKNOWN
from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.base import CheckContext, Mail
    from newsletter.check.email_base import Place
    from newsletter.check.email_html import Look, Page, Run


class Pair(NamedTuple):
    """A colour of text on a colour behind it, as the templates use them."""

    text: str
    ground: str
    what: str
    """What readers see in it."""
    need: str = "need"


PAIRS = (
    Pair("ink", "card", "the text", "needs"),
    Pair("ink", "tint", "call-outs and code"),
    Pair("soft", "card", "captions and dates"),
    Pair("soft", "paper", "the lines above and below the letter"),
    Pair("soft", "tint", "comments in code"),
    Pair("accent", "card", "headings and numbers"),
    Pair("accent", "tint", "keywords in code"),
    Pair("on_accent", "accent", "buttons"),
    Pair("code_string", "tint", "strings in code"),
    Pair("code_name", "tint", "names in code"),
)
"""All small or bold below 18.66 pixels somewhere, so that each needs 4.5 to 1."""
_LARGE_PIXELS, _LARGE_BOLD_PIXELS = 24, 18.66
_CLASS_OF_TEXT = (
    "Give it the class of its colour, which the dark changes: `t` for text, `s` for quiet text, `k` for the accent."
)
_CLASS_OF_GROUND = (
    "Give it the class `b`, whose ground the dark changes, or a class of your own and a rule for it in dark.css."
)
_INVISIBLE = 1.15
"""Below this contrast a text is hidden rather than hard to read: that is another rule's."""


def theme_contrast(context: CheckContext) -> Iterator[Diagnostic]:
    """EM114: a colour of the theme is hard to read on another that stands behind it."""
    mail = context.mail
    if mail is None:
        return
    for mode, colours in (("light", mail.light), ("dark", mail.dark)):
        for token, failing in _culprits(mail, mode, colours).items():
            place = _place(mail, mode, token)
            if place:
                yield _finding(place, token, mode, colours, failing)


def _culprits(mail: Mail, mode: str, colours: Mapping[str, str]) -> dict[str, list[Pair]]:
    """The pairs that fail, by the token that is to be changed: the text's, unless only its ground is the workspace's own."""
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
    pair = failing[0]  # the one that readers see most of
    measured = contrast(colours[pair.text], colours[pair.ground])
    by = "by day" if mode == "light" else "in the dark"
    message = (
        f"`{pair.text}` {colours[pair.text]} on `{pair.ground}` {colours[pair.ground]} has a contrast of "
        f"{ratio(measured)} {by}; {pair.what} {pair.need} 4.5"
    )
    all_of_it = [pair for pair in PAIRS if token in (pair.text, pair.ground)]
    tried = _mended(token, colours, all_of_it) or _mended(token, colours, failing)
    mend = f'The nearest that can be read: "{tried}".' if tried else "No lighter or darker one will do: change both."
    return Diagnostic(*place, "EM114", message, mend=mend)


def _mended(token: str, colours: Mapping[str, str], pairs: list[Pair]) -> str:
    """The nearest to the colour of `token` that can be read in all of `pairs`; empty where there is none."""
    others = [colours[pair.ground if pair.text == token else pair.text] for pair in pairs]
    return nearest_passing(colours[token], [(other, TEXT) for other in others])


def _place(mail: Mail, mode: str, token: str) -> Place | None:
    """Where the workspace gives a colour: newsletter.yaml, or a look of its own; None where it is the bundled one."""
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


# ── What came out ───────────────────────────────────────────────────────────────────────────────────────────────────


def written_contrast(context: CheckContext) -> Iterator[Diagnostic]:
    """EM115: a text is hard to read in the colours that a template, or HTML in the issue, gives it."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    yield from _by_night(context, mail, page)
    known = {(mail.light.get(pair.text), mail.light.get(pair.ground)) for pair in PAIRS}
    told = set()
    for run in page.runs:
        if not any(map(str.isalnum, run.text)) or not page.shows(run):
            continue
        look = page.look(run)
        text, ground = look.text, look.ground
        if UNKNOWN in {text, ground} or (text, ground) in known:
            continue
        measured, needed = contrast(text, ground), _needed(look)
        if _INVISIBLE <= measured < needed:
            message = f"{text} on {ground} has a contrast of {ratio(measured)}; text needs {needed:g}"
            tried = nearest_passing(text, [(ground, needed)])
            mend = f"The nearest that can be read: {tried}." if tried else ""
            finding = Diagnostic(*_place_of(context, mail, page, run), "EM115", message, mend=mend)
            if (finding.path, finding.span, text, ground) not in told:
                told.add((finding.path, finding.span, text, ground))
                yield finding


def _needed(look: Look) -> float:
    return LARGE if (look.size or 0) >= (_LARGE_BOLD_PIXELS if look.bold else _LARGE_PIXELS) else TEXT


def _by_night(context: CheckContext, mail: Mail, page: Page) -> Iterator[Diagnostic]:
    """What can be read by day, and not where the letter is asked for its dark colours: the half of a pair stays light."""
    if not mail.templates:
        return  # the bundled theme is held to its colours by its tests, and HTML in an issue loses its styles
    looks, told = dark_looks(page), set()
    for run in page.runs if looks else ():
        if run.element < 0 or not any(map(str.isalnum, run.text)) or not page.shows(run):
            continue
        day, (text, ground) = page.look(run), looks[run.element]
        if UNKNOWN in {text, ground, day.text, day.ground} or (text, ground) == (day.text, day.ground):
            continue
        measured, needed = contrast(text, ground), _needed(day)
        if measured >= needed or contrast(day.text, day.ground) < needed:
            continue
        of_text = text == day.text
        names = ("color",) if of_text else ("background-color", "background", "bgcolor")
        place = style_place(context, mail, page, run.element, *names)
        if place and (place, text, ground) not in told:
            told.add((place, text, ground))
            message = f"in the dark, {text} on {ground} has a contrast of {ratio(measured)}; text needs {needed:g}"
            yield Diagnostic(*place, "EM115", message, mend=_CLASS_OF_TEXT if of_text else _CLASS_OF_GROUND)


def _place_of(context: CheckContext, mail: Mail, page: Page, run: Run) -> Place:
    """Where the colour of a run is given, else that of its ground, else the run itself."""
    return (
        style_place(context, mail, page, run.element, "color")
        or style_place(context, mail, page, run.element, "background-color", "background", "bgcolor")
        or source_of(context, mail, page.elements[run.element].start)
    )
