"""EM: text that can be read on its ground, by day and by night: the theme's colours, and those that templates write."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.facts.colours import LARGE, TEXT, colour_of, contrast, nearest_passing, ratio
from newsletter.check.facts.email_html import UNKNOWN, declarations
from newsletter.check.rules.email.places import CONFIGURATION, mail_in, source_of, span_in, style_place
from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import ComputedStyle, Element, Page, TextRun
    from newsletter.check.facts.mail import Mail
    from newsletter.check.rules.email.places import Place

_DARK = re.compile(r"@media[^{}]*prefers-color-scheme\s*:\s*dark[^{}]*\{((?:[^{}]*\{[^{}]*\})*)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PART = re.compile(r"\s*(>)?\s*([a-z][a-z0-9]*)?((?:\.[\w-]+)*)", re.IGNORECASE)
_GROUNDS = ("background-color", "background")
_IMPORTANT = "!important"


class _Compound(NamedTuple):
    """`td.a.b` of a selector."""

    tag: str
    classes: frozenset[str]
    is_child: bool
    """Whether it stands directly in the one before it."""


class _Rule(NamedTuple):
    """A colour for the elements that a selector is about."""

    selector: tuple[_Compound, ...]
    is_ground: bool
    colour: str
    important: bool
    weight: tuple[int, int]
    """Its specificity: classes, then tags."""


class DarkLook(NamedTuple):
    """The colours of an element and its ground, `#rrggbb`; UNKNOWN where they cannot be told."""

    text: str = UNKNOWN
    ground: str = UNKNOWN


def dark_looks(page: Page) -> list[DarkLook]:
    """How each element of the e-mail is shown in the dark, by its index; nothing where its rules are beyond this reader."""
    rules: list[_Rule] = []
    for _, style in page.styles:
        for block in _DARK.findall(_COMMENT.sub("", style)):
            for selectors, body in _RULE.findall(block):
                read = _rules(selectors.strip(), body)
                if read is None:
                    return []
                rules += read
    if not rules:
        return []
    looks: list[DarkLook] = []
    for element in page.elements:
        around = looks[element.parent] if element.parent >= 0 else DarkLook()
        looks.append(_look(page, element, rules, around))
    return looks


def _rules(selectors: str, body: str) -> list[_Rule] | None:
    """The rules of one block; None where it gives a colour to what only a browser could find."""
    said = declarations(body)
    given = [(name in _GROUNDS, said[name]) for name in ("color", *_GROUNDS) if name in said]
    if not given:
        return []
    found = []
    for text in selectors.split(","):
        selector = _selector(text)
        if selector is None:
            return None
        weight = sum(len(part.classes) for part in selector), sum(bool(part.tag) for part in selector)
        for is_ground, value in given:
            colour = colour_of(value) or UNKNOWN
            found.append(_Rule(selector, is_ground, colour, _IMPORTANT in value, weight))
    return found


def _selector(text: str) -> tuple[_Compound, ...] | None:
    parts, at, text = [], 0, text.strip()
    while at < len(text):
        found = _PART.match(text, at)
        if found is None or not (found[2] or found[3]):
            return None
        parts.append(_Compound((found[2] or "").lower(), frozenset(found[3].split(".")[1:]), bool(found[1])))
        at = found.end()
        if at < len(text) and text[at] not in " \t\n>":
            return None
    return tuple(parts) or None


def _look(page: Page, element: Element, rules: Sequence[_Rule], around: DarkLook) -> DarkLook:
    style = element.style
    text = style.get("color") or (element.attributes.get("color", "") if element.name == "font" else "")
    ground = next((style[name] for name in _GROUNDS if name in style), "") or element.attributes.get("bgcolor", "")
    classes = _classes(element.attributes.get("class", ""))
    matched = [rule for rule in rules if _is_about(page, element, classes, rule.selector)]
    own_text = _won(matched, text, is_ground=False)
    own_ground = UNKNOWN if "background-image" in style else _won(matched, ground, is_ground=True)
    if not own_text and element.name == "a" and "href" in element.attributes:
        own_text = UNKNOWN  # that of the mail program
    return DarkLook(own_text or around.text, own_ground or around.ground)


def _won(matched: Sequence[_Rule], inline: str, *, is_ground: bool) -> str:
    """What an element has in the end; empty where nothing says so."""
    rules = [rule for rule in matched if rule.is_ground is is_ground and (rule.important or not inline)]
    if rules:
        return max(reversed(rules), key=lambda rule: (rule.important, rule.weight)).colour  # of equals, the last
    if inline in {"", "inherit", "none", "transparent", "initial"}:
        return ""
    return colour_of(inline) or UNKNOWN


def _is_about(page: Page, element: Element, classes: frozenset[str], selector: tuple[_Compound, ...]) -> bool:
    *before, last = selector
    if not _fits(element, classes, last):
        return False
    return not before or any(_leads_up(page, element.parent, tuple(before), is_child=last.is_child))


def _leads_up(page: Page, index: int, selector: tuple[_Compound, ...], *, is_child: bool) -> Iterator[bool]:
    for around in page.around(index):
        if _fits(around, _classes(around.attributes.get("class", "")), selector[-1]):
            rest = selector[:-1]
            yield not rest or any(_leads_up(page, around.parent, rest, is_child=selector[-1].is_child))
        if is_child:
            return


def _fits(element: Element, classes: frozenset[str], compound: _Compound) -> bool:
    return (not compound.tag or compound.tag == element.name) and compound.classes <= classes


@lru_cache(maxsize=512)
def _classes(value: str) -> frozenset[str]:
    return frozenset(value.split())


# EM: text that can be read on its ground, by day and by night: the theme's colours, and those that templates write


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


def _needed(look: ComputedStyle) -> float:
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


def _place_of(context: CheckContext, mail: Mail, page: Page, run: TextRun) -> Place:
    """Where the colour of a run is given, else that of its ground, else the run itself."""
    return (
        style_place(context, mail, page, run.element, "color")
        or style_place(context, mail, page, run.element, "background-color", "background", "bgcolor")
        or source_of(context, mail, page.elements[run.element].start)
    )
