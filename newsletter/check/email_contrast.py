"""EM: text that can be read on its ground, by day and by night: the theme's colours, and those that templates write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.email_base import CONFIGURATION, at_offset, mail_in, span_in
from newsletter.check.email_colours import LARGE, TEXT, colour_of, contrast, nearest_passing, ratio
from newsletter.check.email_html import pixels
from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.base import CheckContext, Mail
    from newsletter.check.email_base import Place
    from newsletter.check.email_html import Page, Run


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
_BOLD = re.compile(r"bold|[6-9]00")
_INVISIBLE = 1.15
"""Below this contrast a text is hidden rather than hard to read: that is another rule's."""
_FACES = {"h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "th"}


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
    known = {(mail.light.get(pair.text), mail.light.get(pair.ground)) for pair in PAIRS}
    told = set()
    for run in page.runs:
        if not any(map(str.isalnum, run.text)) or not page.shows(run):
            continue
        text, ground = colours_of(page, run)
        if not text or not ground or (text, ground) in known:
            continue
        measured, needed = contrast(text, ground), LARGE if _is_large(page, run) else TEXT
        if _INVISIBLE <= measured < needed:
            at = page.elements[run.element].start
            message = f"{text} on {ground} has a contrast of {ratio(measured)}; text needs {needed:g}"
            tried = nearest_passing(text, [(ground, needed)])
            mend = f"The nearest that can be read: {tried}." if tried else ""
            finding = at_offset(context, mail, at, "EM115", message, mend=mend)
            if (finding.path, finding.span, text, ground) not in told:
                told.add((finding.path, finding.span, text, ground))
                yield finding


def colours_of(page: Page, run: Run) -> tuple[str, str]:
    """The colours of a text and of what is behind it, by day; empty where they cannot be told from the HTML alone."""
    text, ground = "", ""
    for element in page.around(run.element):
        style = element.style
        if not text:
            given = style.get("color") or (element.attributes.get("color", "") if element.name == "font" else "")
            if not given and element.name == "a":
                return "", ""  # as the mail program has it
            text = colour_of(given) or "?" if given and given != "inherit" else ""
        if not ground:
            if "background-image" in style or "background" in element.attributes:
                return "", ""
            given = style.get("background-color") or style.get("background") or element.attributes.get("bgcolor", "")
            if given and given not in {"none", "transparent", "inherit"}:
                ground = colour_of(given) or "?"
        if text and ground:
            break
    text, ground = text or "#000000", ground or "#ffffff"
    return ("", "") if "?" in {text, ground} else (text, ground)


def size_of(page: Page, run: Run) -> float | None:
    """How large a text is shown, in pixels; None where that depends on more than lengths in pixels."""
    for element in page.around(run.element):
        given = element.style.get("font-size")
        if given:
            return pixels(given)
    return None


def _is_large(page: Page, run: Run) -> bool:
    size = size_of(page, run) or 0
    if size >= _LARGE_PIXELS:
        return True
    for element in page.around(run.element):
        weight = element.style.get("font-weight", "bold" if element.name in _FACES else "")
        if weight:
            return size >= _LARGE_BOLD_PIXELS and _BOLD.match(weight) is not None
    return False
