"""TX: characters typed by mistake: wrongly decoded or invisible ones, and marks that change the text direction."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from newsletter.check.facts.prose import code_in
from newsletter.check.kept import LINE_BREAKS
from newsletter.check.rule import WARNING, rule
from newsletter.diagnostics import Edit, Fix
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic

_LEAD = "\u00c2-\u00f4"
_TRAIL = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
MANGLED = re.compile(f"[{_LEAD}][{_TRAIL}]|[\u0080-\u009f]")
"""A quick test for mojibake."""
_MAY_LEAD = re.compile("[\u0080-\u009f\u00c2-\u00f4]")
"""Characters with which mojibake begins. Most texts have none of them, even with curly quotes and dashes."""
_SEQUENCE = f"(?:[\u00c2-\u00df][{_TRAIL}]|[\u00e0-\u00ef][{_TRAIL}]{{2}}|[\u00f0-\u00f4][{_TRAIL}]{{3}})"
_RUN = late(f"{_SEQUENCE}+|â€(?=[\\s.,;:!?]|$)|[\u0080-\u009f]")
_PUNCTUATION = frozenset("‘’“”‚„…–—‹›«»")
"""Characters that may follow an accented capital: `«CAFÉ»`, `“Ã”`."""
_DEEPEST = 3


@cache
def _bytes_of() -> dict[str, int]:
    """The byte of each character in Windows-1252, else in Latin-1."""
    found = {chr(code): code for code in range(0x80, 0x100)}
    for code in range(0x80, 0xA0):
        try:
            found[bytes([code]).decode("cp1252")] = code
        except UnicodeDecodeError:
            continue
    return found


def unmangled(text: str) -> list[tuple[int, int, str]]:
    """Start and end of each piece of mojibake in `text`, and its original text; "" if that is lost."""
    sure: list[tuple[int, int, str]] = []
    doubtful: list[tuple[int, int, str]] = []
    for match in _RUN.finditer(text):
        meant = _decoded(match[0])
        if meant is None:
            continue
        (sure if _is_sure(text, match, meant) else doubtful).append((*match.span(), meant))
    return sorted([*sure, *doubtful]) if sure else []


def _decoded(run: str) -> str | None:
    """The original text of `run`, decoded as often as it was encoded.

    None if it is no mojibake, "" if too much is lost.
    """
    if run == "â€":
        return ""
    if len(run) == 1:  # a byte of Windows-1252 that was decoded as Latin-1
        return bytes([ord(run)]).decode("cp1252", "ignore")
    meant = None
    for _ in range(_DEEPEST):
        decoded = _once(meant or run)
        if decoded is None:
            break
        meant = decoded
    return meant


def _once(run: str) -> str | None:
    table = _bytes_of()
    if not any(char in table for char in run):
        return None
    try:
        decoded = b"".join(bytes([table[char]]) if char in table else char.encode("ascii") for char in run)
        found = decoded.decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None
    return (
        found if all(char.isprintable() or char in "\u00a0\u00ad\ufeff\u200b\u200d\ufe0f" for char in found) else None
    )


def _is_sure(text: str, match: re.Match[str], meant: str) -> bool:
    """Whether this is certainly mojibake."""
    run = match[0]
    lead = run[0]
    if run == "â€" or len(run) == 1:
        return True
    if lead in "âð" or run.startswith(("ï»¿", "ï¼", "ï½", "ï¿", "ï¬")):
        return True
    if lead in "ÂÃ":
        return run[1] not in _PUNCTUATION or len(run) > 3
    if "\u00e0" <= lead <= "\u00ef":  # `é»…`, as in `«café»…`, is not Chinese
        return len(meant) > 1
    inside = text[match.start() - 1 : match.start()].isalpha() and text[match.end() : match.end() + 1].isalpha()
    return len(meant) > 1 or (inside and not run[1].isalpha())


_LOST = "\ufffd"


@rule("TX106", "mojibake", "No character was read in the wrong encoding", "text", fixable=True)
def mojibake(context: CheckContext) -> Iterator[Diagnostic]:
    """TX106: characters that were decoded with the wrong encoding, such as `Ã©` for `é`."""
    written = context.source.text
    # Entities, and escapes in front matter, can make such characters.
    if not (_MAY_LEAD.search(written) or _LOST in written or "&" in written or "\\" in written):
        return
    prose = context.prose
    if _MAY_LEAD.search(prose.text) and MANGLED.search(prose.text):
        for start, end, meant in unmangled(prose.text):
            place = prose.place(start, end)
            fixable = bool(meant) and prose.is_mendable(start, end)
            yield context.found(
                "TX106",
                place,
                f"`{prose.text[start:end]}` is a character in the wrong encoding",
                label=f"probably `{meant}`" if meant else "check the original text",
                fix=Fix((Edit(place, meant),), f"write `{meant}`") if fixable else None,
            )
    if not context.broken_front:  # a file that is not UTF-8 has been reported already
        yield from _lost(context)


def _lost(context: CheckContext) -> Iterator[Diagnostic]:
    prose = context.prose
    if _LOST not in prose.text:
        return
    for match in re.finditer(f"{_LOST}+", prose.text):
        if not prose.is_escaped(match.start()):
            label = "check the original text"
            yield context.found("TX106", prose.place(*match.span()), "a character was lost here", label=label)


_NAMES = {
    "\u00ad": "a soft hyphen",
    "\u034f": "a grapheme joiner",
    "\u061c": "an Arabic letter mark",
    "\u115f": "a Hangul filler",
    "\u1160": "a Hangul filler",
    "\u180e": "a Mongolian vowel separator",
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u200e": "a left-to-right mark",
    "\u200f": "a right-to-left mark",
    "\u2028": "a line separator",
    "\u2029": "a paragraph separator",
    "\u2060": "a word joiner",
    "\u3164": "a Hangul filler",
    "\ufeff": "a byte order mark",
    "\uffa0": "a Hangul filler",
}
_INVISIBLE = late(
    "[\x01-\x08\x0b-\x1f\x7f\u00ad\u061c\u180e\u200b-\u200f\u2028\u2029\u2060-\u2064\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_RIGHT_TO_LEFT = late(
    "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_JOINING = late(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff]"
)
"""Scripts whose letters join, or combine, and which use ZWJ and ZWNJ in words."""
_UNSPACED = late("[\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u19e0-\u1aaf]")
"""Scripts without spaces, where a zero-width space marks a possible line end: Thai, Lao, Tibetan, Burmese, Khmer."""
_EMOJI = late("[\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001fbff\U000e0020-\U000e007f]")
_UNHARMED = frozenset("\u00ad\u200b\u200e\u200f\u2060\u180e\ufeff\u061c\u2062\u2063\u2064")
"""Characters that can be removed without a visible change."""


@rule("TX107", "invisible-character", "No unwanted invisible character is left", "text", severity=WARNING, fixable=True)
def invisible(context: CheckContext) -> Iterator[Diagnostic]:
    """TX107: invisible characters that have an effect, such as zero-width spaces, which break searches and addresses."""
    text = context.source.text
    strange = [match.start() for match in _INVISIBLE.finditer(text)] if not _is_plain(text) else []
    strange = [at for at in strange if not _belongs(text, at) and not context.is_unread(at)]
    if not strange:
        return
    code = code_in(context.issue)
    for (_, char), places in groupby(strange, lambda at: (context.source.position(at)[0], text[at])):
        offsets = list(places)
        first, name = offsets[0], _name(char)
        more = f", and {len(offsets) - 1} more in this line" if len(offsets) > 1 else ""
        edits = tuple(
            Edit(context.span(at, at + 1), _instead(text, at))
            for at in offsets
            if not any(span.start <= at < span.end for span in code)
        )
        safe = char in _UNHARMED or unicodedata.category(char) == "Cc"
        yield context.found(
            "TX107",
            context.span(first, first + 1),
            f"there is {name} here{more}",
            label="it is invisible; remove it",
            fix=Fix(edits, f"remove {name}") if safe and len(edits) == len(offsets) else None,
        )


def _instead(text: str, at: int) -> str:
    """The replacement for a removed character: a space if two words would be joined, else nothing."""
    parted = text[max(at - 1, 0) : at].isspace() or text[at + 1 : at + 2].isspace() or not 0 < at < len(text) - 1
    return " " if text[at] in LINE_BREAKS and not parted else ""


def _is_plain(text: str) -> bool:
    return text.isascii() and text.replace("\n", "").replace("\t", "").isprintable()


def _name(char: str) -> str:
    known = _NAMES.get(char)
    if known:
        return known
    return f"the {'control' if unicodedata.category(char) == 'Cc' else 'invisible'} character U+{ord(char):04X}"


def _belongs(text: str, at: int) -> bool:
    """Whether the invisible character at `at` is part of a word or an emoji, or sets the direction of text that needs it."""
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if char in "\u200c\u200d":
        joins = _JOINING.match(before) or _JOINING.match(after)
        return bool(joins or (char == "\u200d" and _EMOJI.match(before) and _EMOJI.match(after)))
    if char == "\u200b":
        return bool(_UNSPACED.match(before) or _UNSPACED.match(after))
    if char in "\u200e\u200f\u061c":
        end = text.find("\n", at)
        return bool(_RIGHT_TO_LEFT.search(text, text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end))
    if char >= "\U000e0020":
        return bool(_EMOJI.match(before))
    return char == "\ufeff" and at == 0


_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OVERRIDES = "\u202d\u202e"
_TURN_NAMES = {
    "\u202a": "left-to-right embedding",
    "\u202b": "right-to-left embedding",
    "\u202c": "end of an embedding",
    "\u202d": "left-to-right override",
    "\u202e": "right-to-left override",
    "\u2066": "left-to-right isolate",
    "\u2067": "right-to-left isolate",
    "\u2068": "isolate",
    "\u2069": "end of an isolate",
}


@rule(
    "TX108", "turned-text", "Marks that change the direction of text are closed", "text", severity=WARNING, fixable=True
)
def turned_text(context: CheckContext) -> Iterator[Diagnostic]:
    """TX108: a mark that changes the text direction is not closed in its paragraph, or reverses letters."""
    prose = context.prose
    if prose.text.isascii():
        return
    offsets = (match.start() for match in _TURNS.finditer(prose.text))
    for index, marks in groupby(offsets, prose.index_at):
        for at, message in _unbalanced(prose.text, list(marks)):
            passage = prose.passages[index]
            place = prose.place(at, at + 1)
            # In text of one direction the mark has no use; otherwise a person has to decide.
            safe = not _RIGHT_TO_LEFT.search(prose.text_of(passage)) and prose.text[at] not in _OVERRIDES
            fix = Fix((Edit(place, ""),), "remove the mark") if safe and prose.is_mendable(at, at + 1) else None
            yield context.found("TX108", place, message, label=f"U+{ord(prose.text[at]):04X}", fix=fix)


def _unbalanced(text: str, offsets: list[int]) -> Iterator[tuple[int, str]]:
    """The marks of a paragraph that are not closed or that close nothing (UAX #9, BD9 and BD13), and every override."""
    opened: list[int] = []
    for at in offsets:
        char = text[at]
        if char in "\u202c\u2069":
            openers = "\u2066\u2067\u2068" if char == "\u2069" else "\u202a\u202b\u202d\u202e"
            if any(text[other] in openers for other in opened):
                while opened and text[opened[-1]] not in openers:
                    opened.pop()
                opened.pop()
            else:
                yield at, f"the {_TURN_NAMES[char]} ends nothing"
            continue
        opened.append(at)
        if char in _OVERRIDES:
            yield at, f"a {_TURN_NAMES[char]} changes the order of the characters after it"
    for at in opened:
        if text[at] not in _OVERRIDES:
            yield at, f"the {_TURN_NAMES[text[at]]} is not ended in this paragraph"
