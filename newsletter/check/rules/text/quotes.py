"""TX: straight or typographic quotation marks, as the house format asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.facts.prose import EDGE, STAND_IN, ProseKind
from newsletter.check.rule import WARNING, rule
from newsletter.diagnostics import Edit, Fix
from newsletter.language import primary_language
from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.prose import Prose, ProseBlock
    from newsletter.diagnostics import Diagnostic


class Pairs(NamedTuple):
    """The marks of a language."""

    double: tuple[str, str]
    single: tuple[str, str]


_ENGLISH = Pairs(("“", "”"), ("‘", "’"))
_GERMAN = Pairs(("„", "“"), ("‚", "‘"))
_SWEDISH = Pairs(("”", "”"), ("’", "’"))
_POLISH = Pairs(("„", "”"), ("‚", "’"))
_RUSSIAN = Pairs(("«", "»"), ("„", "“"))
_SPANISH = Pairs(("«", "»"), ("“", "”"))
PAIRS: dict[str, Pairs] = {
    **dict.fromkeys(("en", "nl", "pt", "tr", "ga", "cy", "af", "id", "ms", "vi", "th", "ko", "zh", "hi"), _ENGLISH),
    **dict.fromkeys(("de", "cs", "sk", "sl", "is", "lb", "et", "lt"), _GERMAN),
    **dict.fromkeys(("sv", "fi"), _SWEDISH),
    **dict.fromkeys(("pl", "ro", "hu", "hr", "sr", "bs"), _POLISH),
    **dict.fromkeys(("ru", "uk", "be", "bg"), _RUSSIAN),
    **dict.fromkeys(("es", "it", "ca", "gl", "el"), _SPANISH),
    **dict.fromkeys(("nb", "nn", "no", "da"), Pairs(("«", "»"), ("‘", "’"))),
    "fr": Pairs(("«\u00a0", "\u00a0»"), ("“", "”")),
    "de-CH": Pairs(("«", "»"), ("‹", "›")),
    "fr-CH": Pairs(("«", "»"), ("‹", "›")),
    "it-CH": Pairs(("«", "»"), ("‹", "›")),
    "da": Pairs(("»", "«"), ("›", "‹")),
}
"""The quotation marks by BCP 47 tag, from the language's style guides (CLDR's `delimiters` where it agrees with them)."""
APOSTROPHE = "’"

_ELISIONS = {
    "en": "tis twas twere twould til till em n cause cos cuz bout round neath gainst nuff nother tude burbs hood".split(),
    "nl": "t s n m k r ns".split(),
    "af": "n t k s".split(),
    "de": "s n ne nen nem ner ns is ist rein raus runter rüber".split(),
    "fr": "tit".split(),
    "it": "sta sto sti ste na ndrangheta l".split(),
    "pt": "tá tô tava tou cê bora pera".split(),
}
"""Shortened words that begin with an apostrophe."""
_ABBREVIATED_YEAR = re.compile(r"\d\d(?!\d)")
_WIDE = late("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_WORD = re.compile(r"\w+")
_OPENERS = frozenset("([{<¿¡-–—/=+*~\u00a0" + "“‘„‚«‹「")
_STRAIGHT = re.compile("[\"']")
_BEYOND = re.compile("[\"']+([^\"'])")


@dataclass(slots=True)
class QuoteMark:
    """A straight mark, the text around it in its passage, and its role."""

    at: int
    char: str
    before: str
    """The character before it; EDGE if there is none."""
    after: str
    beyond: str
    """The next character that is no straight mark."""
    elides: bool
    """Whether a shortened word follows: `'til`, `'90s`."""
    role: str = ""
    """"open", "close" or "apostrophe"; "prime" if it is no quotation mark; "" if the role is unknown."""

    @property
    def within_word(self) -> bool:
        """Whether letters or digits are on both sides."""
        return _is_inside(self.before) and _is_inside(self.after)


def pairs_of(language: str) -> Pairs | None:
    """The marks of a language; None if the table does not have it."""
    parts = language.split("-")
    region = f"{parts[0].lower()}-{parts[-1].upper()}"
    return PAIRS.get(region) or PAIRS.get(parts[0].lower())


def read_marks(
    text: str,
    start: int,
    end: int,
    language: str,
    *,
    but: Callable[[int], bool] = lambda _: False,
    goes_on: bool = False,
) -> list[QuoteMark]:
    """The straight marks of the passage `text[start:end]`, each with its role. `but` excludes offsets.

    With `goes_on`, the next passage opens the quotation again, so that the one here may stay open.
    """
    elisions = _ELISIONS.get(primary_language(language), [])
    offsets = (match.start() for match in _STRAIGHT.finditer(text, start, end))
    marks = [_mark(text[start:end], at - start, start, elisions) for at in offsets if not but(at)]
    opened = _pair(marks)
    for mark in opened:
        if not (goes_on and mark.char == '"' and len(opened) == 1):
            mark.role = ""
    if not all(mark.role for mark in marks):
        # A mark is missing or extra, and a person has to decide which ones form a pair.
        for mark in marks:
            if mark.role != "prime" and not (mark.char == "'" and mark.within_word):
                mark.role = ""
    return marks


def _mark(passage: str, at: int, start: int, elisions: list[str]) -> QuoteMark:
    """The mark at offset `at` of a passage that begins at `start` of the text."""
    word, beyond = _WORD.match(passage, at + 1), _BEYOND.match(passage, at)
    return QuoteMark(
        start + at,
        passage[at],
        before=passage[at - 1] if at else EDGE,
        after=passage[at + 1 : at + 2] or EDGE,
        beyond=beyond[1] if beyond else EDGE,
        elides=bool(_ABBREVIATED_YEAR.match(passage, at + 1) or (word and word[0].lower() in elisions)),
    )


def _pair(marks: list[QuoteMark]) -> list[QuoteMark]:
    """Sets the role of each mark; returns the opening marks that are not closed."""
    opened: list[QuoteMark] = []
    last_opening = -2
    for mark in marks:
        is_open = any(other.char == mark.char for other in opened)
        mark.role = _role(mark, is_open=is_open, after_opening=mark.at - 1 == last_opening)
        if mark.role == "open":
            opened.append(mark)
            last_opening = mark.at
        elif mark.role == "close":
            while opened and opened[-1].char != mark.char:
                opened.pop().role = ""
            if opened:
                opened.pop()
            else:
                mark.role = ""
    return opened


def _role(mark: QuoteMark, *, is_open: bool, after_opening: bool) -> str:
    """The role of a mark. `is_open`: a mark of this kind is open. `after_opening`: the mark follows an opening mark."""
    single = mark.char == "'"
    begins = after_opening or _is_outside(mark.before) or mark.before in _OPENERS
    if single and mark.within_word and is_open and "가" <= mark.before <= "힣":
        return "close"  # Korean has no apostrophes, and attaches particles to the end of a quotation
    if single and mark.within_word:
        return "prime" if mark.before.isdigit() and mark.after.isdigit() else "apostrophe"
    if single and begins and mark.elides:
        return "apostrophe"
    if _WIDE.match(mark.before):  # if there are no spaces before words, marks open and close in turn
        return "close" if is_open else "" if single else "open"
    if mark.within_word and not is_open:
        return "prime"  # a Hebrew abbreviation, or code
    if mark.before.isdigit() and not is_open:
        return "apostrophe" if single and mark.after.isalpha() else "prime"
    if begins:
        return "" if _is_outside(mark.beyond) else "open"
    if is_open:
        return "close"
    # After a word, with no open quotation: `the dogs' home`.
    return "apostrophe" if single and _is_inside(mark.before) else ""


def _is_outside(char: str) -> bool:
    return char == EDGE or char.isspace()


def _is_inside(char: str) -> bool:
    return char.isalnum() or char == STAND_IN


_TYPOGRAPHIC = re.compile("[“”„‟‘’‚‛]")
_TO_STRAIGHT = {**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'")}


@rule(
    "TX105",
    "quote-style",
    "Quotation marks and apostrophes match the house format",
    "text",
    severity=WARNING,
    fixable=True,
    keys=("text.quotes",),
)
def quote_style(context: CheckContext) -> Iterator[Diagnostic]:
    """TX105: quotation marks and apostrophes are straight and the house format asks for typographic ones, or the reverse."""
    style = context.house.text.quotes
    if style == "typographic":
        yield from _straight(context)
    elif style == "straight":
        yield from _typographic(context)


def _straight(context: CheckContext) -> Iterator[Diagnostic]:
    prose, language = context.prose, context.language_tag
    pairs = pairs_of(language)
    wanted = {("apostrophe", "'"): APOSTROPHE}
    if pairs:
        wanted |= {("open", '"'): pairs.double[0], ("close", '"'): pairs.double[1]}
        wanted |= {("open", "'"): pairs.single[0], ("close", "'"): pairs.single[1]}
    for index, passage in enumerate(prose.passages):
        if not passage.prose or not _STRAIGHT.search(prose.text, passage.start, passage.end):
            continue
        goes_on = _goes_on(prose, index)
        marks = read_marks(prose.text, passage.start, passage.end, language, but=prose.is_escaped, goes_on=goes_on)
        found = [(mark.at, wanted.get((mark.role, mark.char), "")) for mark in marks if mark.role != "prime"]
        yield from _finding(context, passage, found, "straight", "typographic")


def _typographic(context: CheckContext) -> Iterator[Diagnostic]:
    prose = context.prose
    if prose.text.isascii():
        return
    for passage in prose.passages:
        if passage.prose and not _WIDE.search(prose.text, passage.start, passage.end):
            marks = (
                (match.start(), match[0]) for match in _TYPOGRAPHIC.finditer(prose.text, passage.start, passage.end)
            )
            found = [
                (at, _TO_STRAIGHT[mark] if passage.quotable else "") for at, mark in marks if not prose.is_escaped(at)
            ]
            yield from _finding(context, passage, found, "typographic", "straight")


def _finding(
    context: CheckContext, passage: ProseBlock, found: list[tuple[int, str]], has: str, asked: str
) -> Iterator[Diagnostic]:
    """One finding for all marks of a passage, which are mostly of one kind."""
    if not found:
        return
    prose = context.prose
    edits = tuple(Edit(prose.place(at, at + 1), mark) for at, mark in found if mark and prose.is_mendable(at, at + 1))
    first = prose.text[found[0][0]]
    what = "apostrophe" if first in "'’" else "quotation mark"
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    yield context.found(
        "TX105",
        prose.place(found[0][0], found[0][0] + 1),
        f"a {has} {what}{more} in this {_named(passage)}",
        label=f"{context.asker} uses {asked} ones",
        fix=Fix(edits, f"write {asked} quotation marks") if edits else None,
    )


def _named(passage: ProseBlock) -> str:
    return f"`{passage.field}`" if passage.kind is ProseKind.FIELD else str(passage.kind)


def _goes_on(prose: Prose, index: int) -> bool:
    """Whether the next paragraph begins with a quotation mark, and so continues the quotation."""
    following = prose.passages[index + 1 : index + 2]
    return bool(following) and prose.text_of(following[0]).startswith('"')
