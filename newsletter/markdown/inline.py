"""Reading inline content: from the characters of a paragraph, heading or cell to inlines that know their place.

The grammar is CommonMark's as markdown-it reads it, with the same order of precedence, so that the two agree on every
text that holds nothing of our own dialect. The walk is our own because markdown-it's tokens do not say where they stand.
A rule gets the run, the offset of the character it answers to and the end of what may be read; it gives the offset
behind what it took, or `NO`. When `silent`, it only says how far it would go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.common.entities import entities
from markdown_it.common.utils import fromCodePoint, isValidEntityCode

from newsletter.diagnostics import Severity
from newsletter.late import late
from newsletter.markdown import links, markup
from newsletter.markdown.addresses import FIELD_HERE
from newsletter.markdown.context import did_you_mean
from newsletter.markdown.emphasis import EmphasisMark, assemble, flanking
from newsletter.model import Break, Code, PersonalField, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.markdown.context import Context
    from newsletter.markdown.source import Places
    from newsletter.model import Inline

NO = -1
_SPECIAL = re.compile(r"[\n!&*<\[\\^_`{~:@]")
_NEWLINE = late(r"\n")
_SPECIAL_OR_W = late(r"[\n!&*<\[\\^_`{~:@w]")
_LABEL_SPECIAL = re.compile(r"[!&<\[\]\\^`{]")
_ESCAPABLE = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ENTITY = late(r"&(?:#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}))|([A-Za-z][A-Za-z0-9]{1,31}));")
_BLANKS = " \t"
_DEEPEST_BRACKETS = 32
"""How many brackets are looked into, one in another, to see whether the outermost is a link."""
_DEEPEST_LABELS = 12
"""How deep pictures and notes are read in the texts of one another; what is deeper stays as it is written."""


class InlineRun:
    """One stretch of inline content while it is read."""

    __slots__ = (
        *("_backticks", "_brackets", "_depth", "_labels", "_skips", "commented", "context", "in_link"),
        *("pending", "pieces", "places", "special", "text", "unclosed"),
    )

    def __init__(self, text: str, places: Places, context: Context) -> None:
        self.text = text
        self.places = places
        self.context = context
        self.pieces: list[Inline | EmphasisMark | tuple[int, int]] = []
        """What has been read: inlines, marks of emphasis, and stretches of plain text as (start, end)."""
        self.pending = 0
        """Where the plain text begins that is not in `pieces` yet."""
        self.in_link = False
        self.commented = False
        """Whether a comment was left out, so that blanks and line breaks around it may have to go too."""
        self.unclosed = False
        """Whether a comment has been met that nothing closes: one finding is enough."""
        self.special = _SPECIAL_OR_W if "www." in text else _SPECIAL
        self._labels: dict[int, tuple[int, bool]] = {}
        """By opening bracket: where it closes, and whether a link stands between."""
        self._skips: dict[int, int] = {}
        self._brackets = 0
        self._depth = 0
        self._backticks: dict[int, int] | None = None

    def read(self, low: int, high: int) -> tuple[Inline, ...]:
        """The inlines of `text[low:high]`."""
        outer, self.pieces, self.pending = (self.pieces, self.pending), [], low
        self._depth += 1
        special = self.special if self._depth <= _DEEPEST_LABELS else _NEWLINE
        text, search, position = self.text, special.search, low
        while found := search(text, position, high):
            at = found.start()
            end = RULES[text[at]](self, at, high, False)
            position = end if end > at else at + 1
        self._depth -= 1
        self.flush(high)
        if self.commented and self.pieces and isinstance(self.pieces[-1], Break):
            self.pieces.pop()
        inlines = assemble(self.pieces, self)
        self.pieces, self.pending = outer
        return inlines

    def flush(self, end: int) -> None:
        """Makes a piece of the plain text up to `end`."""
        if end > self.pending:
            self.pieces.append((self.pending, end))

    def take(self, start: int, end: int, *pieces: Inline | EmphasisMark) -> int:
        """Adds what was read from `start` to `end`, behind the plain text before it. Gives `end`."""
        self.flush(start)
        self.pieces += pieces
        self.pending = end
        return end

    def text_piece(self, start: int, end: int) -> Text:
        """`text[start:end]` as it stands."""
        return Text(self.text[start:end], self.context.span(self.places, start, end))

    def label_end(self, start: int, high: int, *, nested: bool) -> int:
        """Where the bracket opened at `start` closes, or NO; NO too where a link stands inside, unless `nested`."""
        found = self._labels.get(start)
        if found is None:
            self._match_brackets(start, high)
            found = self._labels[start]
        end, holds_link = found
        return end if end < high and (nested or not holds_link) else NO

    def _match_brackets(self, start: int, high: int) -> None:
        """Notes down where the bracket at `start` closes, and every bracket passed on the way."""
        text, labels, position = self.text, self._labels, start + 1
        opened = [(start, False)]
        while opened and (found := _LABEL_SPECIAL.search(text, position, high)):
            at = found.start()
            if text[at] == "]":
                begin, holds_link = opened.pop()
                labels[begin] = at, holds_link
                if holds_link and opened:
                    opened[-1] = opened[-1][0], True
                position = at + 1
                continue
            position = self._skip(at, high)
            if text[at] == "[":
                if position == at + 1:
                    opened.append((at, False))
                else:
                    opened[-1] = opened[-1][0], True
        for begin, holds_link in opened:
            labels[begin] = NO, holds_link

    def _skip(self, at: int, high: int) -> int:
        """Where the construct at `at` ends; the next character where there is none."""
        end = self._skips.get(at)
        if end is None:
            if self._brackets >= _DEEPEST_BRACKETS:
                return high
            self._brackets += 1
            end = max(RULES[self.text[at]](self, at, high, True), at + 1)
            self._brackets -= 1
            self._skips[at] = end
        return end

    def last_backticks(self, length: int) -> int:
        """Where the last run of exactly so many backticks begins, or NO."""
        if self._backticks is None:
            self._backticks = {len(run[0]): run.start() for run in re.finditer("`+", self.text)}
        return self._backticks.get(length, NO)


def read_inlines(text: str, places: Places, context: Context) -> tuple[Inline, ...]:
    """The inlines of a whole stretch of content."""
    if not text:
        return ()
    return InlineRun(text, places, context).read(0, len(text))


# ── Rules ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _newline(run: InlineRun, at: int, high: int, silent: bool) -> int:
    text, end = run.text, at + 1
    while end < high and text[end] in _BLANKS:
        end += 1
    if silent:
        return end
    start = at
    while start > run.pending and text[start - 1] == " ":
        start -= 1
    if run.commented and start == run.pending and (not run.pieces or isinstance(run.pieces[-1], Break)):
        return run.take(start, end)  # nothing but a comment stands on this line
    hard = at - start > 1
    return run.take(start, end, Break(hard, run.context.span(run.places, start if hard else at, at + 1)))


def _escape(run: InlineRun, at: int, high: int, silent: bool) -> int:
    text = run.text
    if at + 1 >= high:
        return NO
    char = text[at + 1]
    if char == "\n":
        end = at + 2
        while end < high and text[end] in _BLANKS:
            end += 1
        return end if silent else run.take(at, end, Break(True, run.context.span(run.places, at, at + 2)))
    if silent or char not in _ESCAPABLE:
        return at + 2
    return run.take(at, at + 2, Text(char, run.context.span(run.places, at, at + 2)))


def _entity(run: InlineRun, at: int, high: int, silent: bool) -> int:
    found = _ENTITY.match(run.text, at, high)
    if not found:
        return NO
    if found[3]:
        char = entities.get(found[3])
        if char is None:
            return NO
    else:
        code = int(found[1], 16) if found[1] else int(found[2])
        char = fromCodePoint(code) if isValidEntityCode(code) else "\ufffd"
    end = found.end()
    return end if silent else run.take(at, end, Text(char, run.context.span(run.places, at, end)))


def _backtick(run: InlineRun, at: int, high: int, silent: bool) -> int:
    text, inner = run.text, at
    while inner < high and text[inner] == "`":
        inner += 1
    length = inner - at
    if run.last_backticks(length) < inner:
        return inner
    close = inner
    while (close := text.find("`", close, high)) >= 0:
        end = close
        while end < len(text) and text[end] == "`":
            end += 1
        if end > high:
            break
        if end - close == length:
            return end if silent else run.take(at, end, _code(run, at, end, text[inner:close]))
        close = end
    return inner


def _code(run: InlineRun, start: int, end: int, content: str) -> Code:
    content = content.replace("\n", " ")
    if content[0] == " " and content[-1] == " " and content.strip(" "):
        content = content[1:-1]
    return Code(content, run.context.span(run.places, start, end))


def _marks(run: InlineRun, at: int, high: int, silent: bool) -> int:
    """`*`, `_` and `~`: which of them are emphasis shows only at the end of the run."""
    if silent:
        return NO
    text, end = run.text, at + 1
    char = text[at]
    while end < high and text[end] == char:
        end += 1
    if char == "~" and end - at < 2:
        return end
    opens, closes = flanking(text, at, end, 0, high)
    if not opens and not closes:
        return end
    run.flush(at)
    run.pending = end
    width = 2 if char == "~" else 1
    lone = (end - at) % width
    if lone:
        run.pieces.append(EmphasisMark(char, at, 1, 0, opens=False, closes=False))
    for start in range(at + lone, end, width):
        run.pieces.append(EmphasisMark(char, start, width, 0 if width == 2 else end - at, opens=opens, closes=closes))
    return end


def _field(run: InlineRun, at: int, high: int, silent: bool) -> int:
    """`{{ name | fallback }}`; a name nobody knows is text, with a finding where it looks like a slip."""
    found = FIELD_HERE.match(run.text, at, high) if run.text.startswith("{{", at) else None
    if not found:
        return NO
    name, end = found[1], found.end()
    context = run.context
    if name in context.options.personal_fields:
        fallback = " ".join((found[2] or "").split())
        return end if silent else run.take(at, end, PersonalField(name, fallback, context.span(run.places, at, end)))
    if not silent:
        unknown_field(context, name, run.places, at, end)
    return end if "\n" not in found[0] else at + 2


def unknown_field(context: Context, name: str, places: Places, start: int, end: int) -> None:
    """Notes down ST121."""
    known = sorted(context.options.personal_fields)
    context.find(
        context.span(places, start, end),
        "ST121",
        f"no personal field is called `{name}`",
        f"It stays as it is.{did_you_mean(name, known)} Known are {', '.join(f'`{field}`' for field in known)}; "
        "add others in newsletter.yaml, or write `\\{{` for plain braces."
        if known
        else "It stays as it is: newsletter.yaml names no personal fields.",
        severity=Severity.WARNING,
    )


RULES: dict[str, Callable[[InlineRun, int, int, bool], int]] = {
    "\n": _newline,
    "\\": _escape,
    "&": _entity,
    "`": _backtick,
    "*": _marks,
    "_": _marks,
    "~": _marks,
    "{": _field,
    "[": links.link,
    "!": links.image,
    "^": links.inline_note,
    "<": markup.angle,
    ":": links.bare_url,
    "w": links.bare_www,
    "@": links.bare_mail,
}
"""By the character that a rule answers to."""
