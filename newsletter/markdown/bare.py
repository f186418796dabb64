"""The inline rules for web and email addresses without link syntax, in any script.

They are GitHub's (GitHub Flavored Markdown, extended autolinks) where those are clear. Where a character could also be
part of the sentence, the rules follow browsers. Where the end of the address is ambiguous, the address ends there and a
finding reports it. An email address is linked as a whole or not at all, because a part of it would be another person's
address.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity
from newsletter.late import late
from newsletter.markdown.addresses import normalise
from newsletter.markdown.fields import FIELD_HERE, as_inlines, meant_name, with_placeholders_for
from newsletter.markdown.inline import NO
from newsletter.model import Link, LinkForm

if TYPE_CHECKING:
    from newsletter.markdown.inline import InlineReader

_CJK = (
    "\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
_PUNCTUATION = "\u2010-\u2027\u2030-\u205e\u00ab\u00bb\u00a0\u2000-\u200f"
_HTTP = re.compile(r"(?i:https?)://(?:[A-Za-z0-9_]|[^\x00-\xa0]|\[[0-9A-Fa-f:.]+\])")
_SURE = late(rf"(?:(?!\{{\{{)[^\s<>`|\\{_CJK}{_PUNCTUATION}])*")
"""The part that certainly belongs to an address.

It takes 5 ms to compile, as long as reading a whole letter, and most letters do not need it.
"""
_IDEOGRAPH = late(f"[{_CJK}]")
_GLUED = late("[\u3041-\u309f\uac00-\ud7a3]")
"""Hiragana and Hangul: particles that follow a word, and so an address, without a space."""
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[\w-]+")
_PATH = re.compile(r"[/?#]")
_NOT_IN_HOSTS = re.compile(r"[/?#'\"!(),;]")
_DASHES = frozenset("\u2010\u2011\u2012\u2013")
_JOINERS = frozenset("\u200c\u200d")
_DOUBTFUL = frozenset("\u2014\u2015\u2019|") | _DASHES
"""Characters that may also separate words of the sentence: dashes, apostrophes, bars."""
_BETWEEN = frozenset("/=#&-_+(@")
"""Characters of addresses that are never followed by the rest of a sentence."""
_WIKI = re.compile(r"wiki", re.IGNORECASE)
_TRAILING = frozenset("?!.,:*_~'\"")
_TRAILING_ENTITY = re.compile(r"&[A-Za-z0-9]+;$")
_PAIRS = {")": "(", "]": "["}


def url(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """`https://…` without link syntax."""
    if silent or run.in_link or not run.text.startswith("//", at + 1):
        return NO
    start = at - 5 if run.text[max(at - 5, 0) : at].lower() == "https" else at - 4
    if start < run.pending or (start > 0 and run.text[start - 1].isascii() and run.text[start - 1].isalnum()):
        return NO
    if not _HTTP.match(run.text, start, high):
        return NO
    return _address(run, start, at + 3, high, "")


def www(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """`www.…` without link syntax."""
    before = run.text[at - 1] if at else " "
    if (
        silent
        or run.in_link
        or not run.text.startswith("www.", at)
        or (before.isascii() and before not in " \t\n*_~([\"'")
    ):
        return NO
    end, _ = _end_of(run, at, high)
    domain = _DOMAIN.match(run.text, at, end)
    if not domain or "_" in "".join(domain[0].split(".")[-2:]):
        return NO
    return _address(run, at, at, high, "http://")


def _address(run: InlineReader, start: int, host: int, high: int, scheme: str) -> int:
    """Takes the address that begins at `start`, with its host at `host`."""
    text = run.text
    stop, doubtful = _end_of(run, host, high)
    field = _last_field(run, start, stop)
    end = max(field, _trimmed_end(text, field or start, stop))
    if end <= host:
        return NO
    if doubtful and end == stop:
        _cut(run, end, high)
    return _linked(run, start, end, scheme)


def _end_of(run: InlineReader, host: int, high: int) -> tuple[int, bool]:
    """The end of the address with its host at `host`, and whether the next characters may belong to it."""
    text, at = run.text, host
    while True:
        sure = _SURE.match(text, at, high)
        at = sure.end() if sure else at
        if at > host and (field := _field_end(run, at, high)):
            at = field
            continue
        end = _end_of_host(text, host, at)
        if end < at:
            return end, False
        further = _further(text, host, at, high)
        if further <= at:
            return at, further == at
        at = further


def _field_end(run: InlineReader, at: int, high: int) -> int:
    """The end of the personal field that begins at `at`; 0 if there is none."""
    found = FIELD_HERE.match(run.text, at, high)
    return found.end() if found and meant_name(found[1], run.reading.options.personal_fields) else 0


def _last_field(run: InlineReader, start: int, end: int) -> int:
    """The end of the last personal field of an address, which belongs to it whatever its last character; 0 if there is none."""
    return max((_field_end(run, found.start(), end) for found in FIELD_HERE.finditer(run.text, start, end)), default=0)


def _end_of_host(text: str, host: int, at: int) -> int:
    """The end of a host that is followed by a character hosts cannot have, as in `https://example.org's`; else `at`."""
    found = _NOT_IN_HOSTS.search(text, host, at)
    return found.start() if found and found[0] not in "/?#" and "@" not in text[found.start() : at] else at


def _further(text: str, host: int, at: int, high: int) -> int:
    """The end of the address, at a character that could be part of the sentence.

    The result is `at` if that is unclear, and less if the address ends.
    """
    char, before, after = text[at : at + 1], text[at - 1], text[at + 1 : min(at + 2, high)]
    in_path = _PATH.search(text, host, at) is not None
    if at >= high:
        return NO
    if _IDEOGRAPH.match(char):
        return _ideographs(text, host, at, high) if char.isalnum() else NO
    if char in _JOINERS:
        return at + 1 if in_path and _joined(before) and _joined(after) else NO
    if char not in _DOUBTFUL or not in_path or not after.isalnum():
        return NO
    if char == "|":
        return NO if re.match(r"https?:|www\.", text[at + 1 : high], re.IGNORECASE) else at + 1
    if char == "\u2019":
        return at if re.match(r"s(?!\w)", text[at + 1 : high]) else at + 1
    return at + 1 if char in _DASHES else at


def _joined(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char)[0] in "LM"


def _ideographs(text: str, host: int, at: int, high: int) -> int:
    """The end of the address, at a letter of a script that has no space between an address and the sentence."""
    end = at
    while end < high and _IDEOGRAPH.match(text[end]) and (text[end].isalnum() or text[end] in "\u3099\u309a"):
        end += 1
    before, path = text[at - 1], _PATH.search(text, host, at)
    if not path:
        # A host in such letters begins with them, or has a dot or a slash after them.
        labelled = before in ".-" and text[end : end + 1] in {".", "/"}
        return end if at == host or labelled or _IDEOGRAPH.match(text[host]) else NO
    if _WIKI.search(text, host, at) or _IDEOGRAPH.search(text, host, at):
        return end
    if before in _BETWEEN:
        return end if at > path.end() or text[end : end + 1] in _BETWEEN else at
    return NO if _GLUED.match(text[at]) else at


def _trimmed_end(text: str, start: int, end: int) -> int:
    """The end of a bare address: before punctuation, entities and closing brackets that belong to the sentence."""
    address = text[start:end]
    while address:
        last = address[-1]
        if last in _TRAILING or (last in _PAIRS and address.count(last) > address.count(_PAIRS[last])):
            address = address[:-1]
        elif last == ";":
            entity = _TRAILING_ENTITY.search(address)
            address = address[: entity.start()] if entity else address[:-1]
        elif not last.isascii() and unicodedata.category(last)[0] == "P":
            address = address[:-1]
        else:
            break
    return start + len(address)


def _cut(run: InlineReader, end: int, high: int) -> None:
    """Reports LK141: it is unclear where an address ends."""
    rest = re.match(r"\S{1,12}", run.text[end:high])
    written = rest[0] if rest else ""
    advice = "If the address continues, write all of it between `<` and `>`. If not, put a space there."
    message = f"the address ends before `{written}`, which may be part of it"
    run.reading.find(run.span(end, end + len(written)), "LK141", message, advice, severity=Severity.WARNING)


def _linked(run: InlineReader, start: int, end: int, scheme: str) -> int:
    text, span = run.text[start:end], run.span(start, end)
    href = normalise(scheme + text, run.reading.options.personal_fields)
    words = as_inlines(with_placeholders_for(text, run.reading.options.personal_fields), span)
    return run.take(start, end, Link(href, words, "", LinkForm.BARE, span, span))


_LOCAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-'")
"""The ASCII characters that are common before the `@` of an email address."""
_ALSO_LOCAL = frozenset("!#$%&*/=?^`{|}~'\u2019\\")
"""Other characters that are allowed there (RFC 5322, atext), or similar to these.

They are not taken as part of the address, but the address is never cut at one.
"""
_MARKS = frozenset("*_~")
"""Characters that Markdown uses around words."""
_ENTITY_BEFORE = re.compile(r"&#?\w+;$")


def mail(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """`name@example.com` without link syntax."""
    if silent or run.in_link:
        return NO
    text, start, end = run.text, _start_of_name(run.text, run.pending, at), _end_of_domain(run.text, at + 1, high)
    if start == at or end == NO or text[end - 1] in "-_" or text[end : min(end + 1, high)] in {"@", "/"}:
        return NO
    if start and text[start - 1] == "@":  # `@name@example.org` is an account on another site, not an email address
        return NO
    if start and _goes_on_before(text, start):
        _not_linked(run, start, end)
        return NO
    return _linked(run, start, end, "mailto:")


def _start_of_name(text: str, low: int, at: int) -> int:
    """The start of the name that ends at `at`, before the `@` of an email address."""
    start = at
    while start > low and (text[start - 1] in _LOCAL or _of_any_script(text[start - 1])):
        start -= 1
    for place in range(at - 1, start, -1):
        # Chinese and Japanese have no space before a name in Latin letters: 联系jane@example.org.
        if text[place].isascii() and _IDEOGRAPH.match(text[place - 1]):
            start = place
            break
    while start < at and text[start] in ".'":
        start += 1
    return start


def _of_any_script(char: str) -> bool:
    return not char.isascii() and (char.isalnum() or unicodedata.category(char)[0] == "M")


def _goes_on_before(text: str, start: int) -> bool:
    """Whether the name may begin before `start`, with characters that are not taken as part of it."""
    before = text[start - 1]
    if before == ";" and (entity := _ENTITY_BEFORE.search(text, 0, start)):
        stands_for = unescape(entity[0])
        return stands_for.isalnum() or stands_for in _ALSO_LOCAL
    attached = text[start - 2 : start - 1] if start > 1 else ""
    if before in _MARKS or before in "'\u2019":
        return attached.isalnum() or attached == "\\"
    if before == ".":  # which no name begins with
        return text[:start].rstrip(".").endswith("}")
    return before in _ALSO_LOCAL or before in _LOCAL


def _end_of_domain(text: str, start: int, high: int) -> int:
    """The end of the domain that begins at `start`; NO if there is none."""
    end, labels, label = start, 0, ""
    while (behind := _end_of_label(text, end, high)) > end:
        label, end, labels = text[end:behind], behind, labels + 1
        if text[end : end + 1] != "." or _end_of_label(text, end + 1, high) == end + 1:
            break
        end += 1
    return end if labels > 1 and not label.isdecimal() else NO


def _end_of_label(text: str, start: int, high: int) -> int:
    """The end of a label of a domain.

    Ideographs may follow Latin letters only if the label began with ideographs.
    """
    end = start
    while end < high and (text[end] in "-_" or text[end].isalnum() or _of_any_script(text[end])):
        if end > start and _IDEOGRAPH.match(text[end]) and not _IDEOGRAPH.match(text[start]):
            break
        end += 1
    return end


def _not_linked(run: InlineReader, start: int, end: int) -> None:
    """Reports LK142: only a part of what looks like an email address could be linked."""
    whole = re.search(r"\S*$", run.text[:start])
    begin = whole.start() if whole else start
    advice = "Write `[name](mailto:…)` with the whole address, or a space before it."
    message = f"`{run.text[begin:end]}` is not linked: it is unclear where the address begins"
    run.reading.find(run.span(begin, end), "LK142", message, advice, severity=Severity.WARNING)
