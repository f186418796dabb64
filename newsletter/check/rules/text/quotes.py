"""TX: straight or typographic quotation marks, as the house has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.facts.prose import EDGE, STAND_IN, Kind
from newsletter.check.rule import rule
from newsletter.diagnostics import Edit, Fix, Severity
from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.prose import Prose, Stretch
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
"""By BCP 47 tag, as style guides of the language have it (CLDR, `delimiters`, where they agree with it)."""
APOSTROPHE = "’"

_ELISIONS = {
    "en": "tis twas twere twould til till em n cause cos cuz bout round neath gainst nuff nother tude burbs hood".split(),
    "nl": "t s n m k r ns".split(),
    "af": "n t k s".split(),
    "de": "s n ne nen nem ner ns is ist rein raus runter rüber".split(),
    "fr": "tit".split(),
}
"""Words whose beginning is left out: the mark in front of them is an apostrophe."""
_ABBREVIATED_YEAR = late(r"\d\d(?!\d)")
_UNSPACED = late("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_WORD = late(r"\w+")
_OPENERS = frozenset("([{<¿¡-–—/=+*~\u00a0" + "“‘„‚«‹「")
_STRAIGHT = late("[\"']")


@dataclass(slots=True)
class QuoteMark:
    """A straight mark, and what it stands for."""

    at: int
    char: str
    role: str = ""
    """"open", "close", "apostrophe"; "prime" for what is no quotation mark at all; "" where it cannot be told."""


def pairs_of(language: str) -> Pairs | None:
    """The marks of a language; None where they are not known."""
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
    """The straight marks of the passage `text[start:end]` `but` those at some offsets, each with its role.

    `goes_on` says that the next passage opens a quotation anew, so that one here may stay open.
    """
    marks = [
        QuoteMark(match.start(), match[0]) for match in _STRAIGHT.finditer(text, start, end) if not but(match.start())
    ]
    if not marks:
        return []
    roles: dict[int, str] = {}
    opened: list[QuoteMark] = []
    elisions = _ELISIONS.get(language.partition("-")[0].lower(), [])
    for mark in marks:
        mark.role = _role(text, mark, start, end, opened, roles, elisions)
        roles[mark.at] = mark.role
        if mark.role == "open":
            opened.append(mark)
        elif mark.role == "close":
            while opened and opened[-1].char != mark.char:
                opened.pop().role = ""
            if opened:
                opened.pop()
            else:
                mark.role = ""
    for mark in opened:
        if not (goes_on and mark.char == '"' and len(opened) == 1):
            mark.role = ""
    if any(not mark.role for mark in marks):
        # One of them is missing or too many: which belong together is for a person to say.
        for mark in marks:
            if mark.role != "prime" and not (mark.char == "'" and _is_within_word(text, mark.at, start, end)):
                mark.role = ""
    return marks


def _is_within_word(text: str, at: int, start: int, end: int) -> bool:
    return start < at < end - 1 and _is_inside(text[at - 1]) and _is_inside(text[at + 1])


def _role(
    text: str,
    mark: QuoteMark,
    start: int,
    end: int,
    opened: list[QuoteMark],
    roles: dict[int, str],
    elisions: list[str],
) -> str:
    before = text[mark.at - 1] if mark.at > start else EDGE
    after = text[mark.at + 1] if mark.at + 1 < end else EDGE
    is_open = any(other.char == mark.char for other in opened)
    begins = _is_outside(before) or before in _OPENERS or roles.get(mark.at - 1) == "open"
    ends = _is_outside(_beyond(text, mark.at, end))
    if mark.char == "'":
        if _is_inside(before) and _is_inside(after):
            return "prime" if before.isdigit() and after.isdigit() else "apostrophe"
        if begins and _is_elision(text, mark.at + 1, elisions):
            return "apostrophe"
    if _UNSPACED.match(before):  # where no word has a blank before it, marks open and close by turns
        return "close" if is_open else "open" if mark.char == '"' else ""
    if mark.char == '"' and _is_inside(before) and _is_inside(after) and not is_open:
        return "prime"  # a Hebrew abbreviation, or code
    if before.isdigit() and not is_open:
        return "prime" if mark.char == '"' or not after.isalpha() else "apostrophe"
    if begins and ends:
        return ""
    if begins:
        return "open"
    if is_open:
        return "close"
    # Behind a word and with nothing to close: `the dogs' home`.
    return "apostrophe" if mark.char == "'" and _is_inside(before) else ""


def _beyond(text: str, at: int, end: int) -> str:
    """The next character that is no straight mark itself."""
    at += 1
    while at < end and text[at] in "\"'":
        at += 1
    return text[at] if at < end else EDGE


def _is_outside(char: str) -> bool:
    return char == EDGE or char.isspace()


def _is_inside(char: str) -> bool:
    return char.isalnum() or char == STAND_IN


def _is_elision(text: str, at: int, elisions: list[str]) -> bool:
    if _ABBREVIATED_YEAR.match(text, at):
        return True
    word = _WORD.match(text, at)
    return bool(word and word[0].lower() in elisions)


# ── TX: straight or typographic quotation marks, as the house has it ──────────────────────────────────────────────────


_TYPOGRAPHIC = late("[“”„‟‘’‚‛]")
_TO_STRAIGHT = {**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'")}
_WIDE = late("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


@rule(
    "TX105",
    "quote-style",
    "Quotation marks and apostrophes are of the kind that the house sets",
    "text",
    severity=Severity.WARNING,
    fixable=True,
)
def quote_style(context: CheckContext) -> Iterator[Diagnostic]:
    """TX105: quotation marks and apostrophes are straight where the house sets typographic ones, or the reverse."""
    style = context.house.text.quotes
    if style == "typographic":
        yield from _straight(context)
    elif style == "straight":
        yield from _typographic(context)


def _straight(context: CheckContext) -> Iterator[Diagnostic]:
    prose, language = context.prose, context.issue.language or context.publication.language
    pairs = pairs_of(language)
    for index, passage in enumerate(prose.passages):
        if not passage.prose or not _has_straight(prose.text, passage):
            continue
        marks = [
            mark
            for mark in read_marks(
                prose.text, passage.start, passage.end, language, but=prose.is_escaped, goes_on=_goes_on(prose, index)
            )
            if mark.role != "prime"
        ]
        wanted = {
            ("open", '"'): pairs.double[0] if pairs else "",
            ("close", '"'): pairs.double[1] if pairs else "",
            ("open", "'"): pairs.single[0] if pairs else "",
            ("close", "'"): pairs.single[1] if pairs else "",
            ("apostrophe", "'"): APOSTROPHE,
        }
        found = [(mark.at, wanted.get((mark.role, mark.char), "")) for mark in marks]
        yield from _finding(context, passage, found, "straight", "typographic")


def _typographic(context: CheckContext) -> Iterator[Diagnostic]:
    prose = context.prose
    if prose.text.isascii():
        return
    for passage in prose.passages:
        if passage.prose and not _WIDE.search(prose.text, passage.start, passage.end):
            matches = _TYPOGRAPHIC.finditer(prose.text, passage.start, passage.end)
            found = [
                (match.start(), _TO_STRAIGHT[match[0]] if passage.quotable else "")
                for match in matches
                if not prose.is_escaped(match.start())
            ]
            yield from _finding(context, passage, found, "typographic", "straight")


def _finding(
    context: CheckContext, passage: Stretch, found: list[tuple[int, str]], has: str, asked: str
) -> Iterator[Diagnostic]:
    """One finding for all marks of a passage: who types straight quotes does so all along."""
    if not found:
        return
    prose = context.prose
    edits = tuple(
        Edit(prose.place(at, at + 1), mark)
        for at, mark in found
        if mark and passage.mendable and prose.is_verbatim(at, at + 1)
    )
    first = prose.text[found[0][0]]
    what = "apostrophe" if first in "'’" else "quotation mark"
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    yield context.found(
        "TX105",
        prose.place(found[0][0], found[0][0] + 1),
        f"a {has} {what}{more} in this {_named(passage)}",
        label=f"{context.asker} sets {asked} ones",
        fix=Fix(edits, f"write {asked} quotation marks") if edits else None,
    )


def _named(passage: Stretch) -> str:
    return f"`{passage.field}`" if passage.kind is Kind.FIELD else str(passage.kind)


def _has_straight(text: str, passage: Stretch) -> bool:
    return text.find('"', passage.start, passage.end) >= 0 or text.find("'", passage.start, passage.end) >= 0


def _goes_on(prose: Prose, index: int) -> bool:
    """Whether the next paragraph opens the quotation anew that this one leaves open."""
    following = prose.passages[index + 1 : index + 2]
    return bool(following) and prose.text_of(following[0]).startswith('"')
