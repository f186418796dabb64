"""The inline rules by their special character; this module has those for emphasis, escapes, code and angle brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.common.entities import entities
from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.common.utils import fromCodePoint, isValidEntityCode
from markdown_it.rules_inline.autolink import AUTOLINK_RE, EMAIL_RE

from newsletter.late import late
from newsletter.markdown import bare, links
from newsletter.markdown.addresses import normalise
from newsletter.markdown.emphasis import EmphasisMark, flanking
from newsletter.markdown.fields import as_inlines, with_placeholders_for
from newsletter.markdown.html import comment_end, note_down, refuse, report_unclosed, unmasked
from newsletter.markdown.inline import NO, InlineReader
from newsletter.model import Break, Code, Link, LinkForm, RawHtml, Text
from newsletter.tokens import MASKED

if TYPE_CHECKING:
    from newsletter.markdown.inline import Rule
    from newsletter.markdown.reading import ReadingState
    from newsletter.markdown.source import SourceMap
    from newsletter.model import Inline

_ESCAPABLE = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ENTITY = late(r"&(?:#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}))|([A-Za-z][A-Za-z0-9]{1,31}));")
_BLANKS = " \t"
_REFUSED_SCHEMES = ("javascript:", "vbscript:", "file:", "data:")


def read_inlines(text: str, source_map: SourceMap, reading: ReadingState) -> tuple[Inline, ...]:
    """The inlines of a whole stretch of content."""
    if not text:
        return ()
    special = _SPECIAL if "www." in text else _SPECIAL_BUT_W
    return InlineReader(text, source_map, reading, RULES, special).read(0, len(text))


def newline(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """The end of a line; a line break if two spaces are before it."""
    end = _past_blanks(run.text, at + 1, high)
    if silent:
        return end
    start = at
    while start > run.pending and run.text[start - 1] == " ":
        start -= 1
    if run.commented and start == run.pending and (not run.pieces or isinstance(run.pieces[-1], Break)):
        return run.take(start, end)  # only a comment is on this line
    hard = at - start > 1
    return run.take(start, end, Break(hard, run.span(start if hard else at, at + 1)))


def escape(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """A backslash: a line break before a line end, an escape before punctuation."""
    if at + 1 >= high:
        return NO
    char = run.text[at + 1]
    if char == "\n":
        end = _past_blanks(run.text, at + 2, high)
        return end if silent else run.take(at, end, Break(True, run.span(at, at + 2)))
    if silent or char not in _ESCAPABLE:
        return at + 2
    return run.take(at, at + 2, Text(char, run.span(at, at + 2)))


def entity(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """`&amp;`, `&#8212;`, `&#x2014;`."""
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
    return end if silent else run.take(at, end, Text(char, run.span(at, end)))


def backtick(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """Code between equally many backticks on both sides."""
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
            return end if silent else run.take(at, end, Code(_code(text[inner:close]), run.span(at, end)))
        close = end
    return inner


def _code(content: str) -> str:
    content = unmasked(content).replace("\n", " ") or " "
    padded = content[0] == " " and content[-1] == " " and content.strip(" ")
    return content[1:-1] if padded else content


def marks(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """`*`, `_` and `~`: which of them are emphasis is decided at the end of the content."""
    if silent:
        return NO
    text, end = run.text, at + 1
    char = text[at]
    while end < high and text[end] == char:
        end += 1
    if char == "~" and end - at < 2:
        return end
    opens, closes = flanking(text, at, end, 0, high)
    if not opens and not closes and end - at == 1:
        return end
    width, length = (2, 0) if char == "~" else (1, end - at)
    lone = (end - at) % width
    odd = [EmphasisMark(char, at, 1, 0, opens=False, closes=False)] if lone else []
    starts = range(at + lone, end, width)
    return run.take(at, end, *odd, *(EmphasisMark(char, start, width, length, opens, closes) for start in starts))


def _past_blanks(text: str, at: int, high: int) -> int:
    while at < high and text[at] in _BLANKS:
        at += 1
    return at


def angle(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """An autolink, a comment, raw HTML, or a type parameter that only looks like it."""
    text = run.text
    if text.startswith("<!--", at):
        return _comment(run, at, high, silent)
    close = text.find(">", at + 1, high)
    if close < 0:
        return NO
    end = _autolink(run, at, close, silent)
    if end > 0:
        return end
    found = HTML_TAG_RE.match(text, at, high)
    if not found:
        return NO
    end = found.end()
    if run.reading.options.allow_html:
        return end if silent else run.take(at, end, RawHtml(found[0], run.span(at, end)))
    if not silent:
        refuse(run.reading, found[0], run.span(at, end))
    return end if "\n" not in found[0] else at + 1


def _autolink(run: InlineReader, at: int, close: int, silent: bool) -> int:
    address = run.text[at + 1 : close]
    if AUTOLINK_RE.match(address):
        if address.lower().startswith(_REFUSED_SCHEMES):
            return NO
        scheme = ""
    elif EMAIL_RE.match(address):
        scheme = "mailto:"
    else:
        return NO
    if silent:
        return close + 1
    within = run.span(at + 1, close)
    words = as_inlines(with_placeholders_for(address, run.reading.options.personal_fields), within)
    if run.in_link:  # no link inside a link: only its text is kept
        return run.take(at, close + 1, *words)
    href = normalise(scheme + address, run.reading.options.personal_fields)
    link = Link(href, words, "", LinkForm.AUTOLINK, run.span(at, close + 1), within)
    return run.take(at, close + 1, link)


def _comment(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """A comment leaves no trace: neither double spaces nor an empty line."""
    text, end = run.text, NO if run.unclosed else comment_end(run.text, at, high)
    if silent:
        return end
    if end < 0:
        if not run.unclosed:
            report_unclosed(run.reading, run.span(at, at + 4))
        run.unclosed = True
        return at + 4
    note_down(run.reading, text[at:end], run.span(at, end))
    return _leave_out(run, at, end, high)


def masked(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """The rest of a comment that begins or ends in another block."""
    end = at
    while end < high and run.text[end] == MASKED:
        end += 1
    return end if silent else _leave_out(run, at, end, high)


def _leave_out(run: InlineReader, at: int, end: int, high: int) -> int:
    text, run.commented = run.text, True
    stop = _past_blanks(text, end, high)
    if stop >= high or text[stop] == "\n":
        run.flush(at)
        _trim_blanks(run)
        run.pending = stop
        return stop
    follows_blank = at == 0 or text[at - 1] in " \t\n"
    return run.take(at, stop if follows_blank else end)


def _trim_blanks(run: InlineReader) -> None:
    """Removes the spaces at the end of the content read so far."""
    while run.pieces and isinstance(piece := run.pieces[-1], tuple):
        start, end = piece
        while end > start and run.text[end - 1] in _BLANKS:
            end -= 1
        run.pieces.pop()
        if end > start:
            run.pieces.append((start, end))
            return


RULES: dict[str, Rule] = {
    "\n": newline,
    "\\": escape,
    "&": entity,
    "`": backtick,
    "*": marks,
    "_": marks,
    "~": marks,
    "{": links.personal_field,
    "[": links.link,
    "!": links.image,
    "^": links.inline_note,
    "<": angle,
    ":": bare.url,
    "w": bare.www,
    "@": bare.mail,
    MASKED: masked,
}
"""The rules by the character that triggers them."""
_SPECIAL = re.compile(f"[{re.escape(''.join(RULES))}]")
_SPECIAL_BUT_W = re.compile(_SPECIAL.pattern.replace("w", ""))
"""Hardly any text has `www.`, and stopping at each `w` would be slow."""
