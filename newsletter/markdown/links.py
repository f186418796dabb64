"""The inline rules for links, pictures, personal fields and footnotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.common.utils import normalizeReference, unescapeAll
from markdown_it.helpers import parseLinkTitle

from newsletter.diagnostics import Severity
from newsletter.markdown.addresses import parse_destination
from newsletter.markdown.fields import FIELD, FIELD_HERE, is_plain, meant, meant_name, with_placeholders_for
from newsletter.markdown.inline import NO
from newsletter.markdown.reading import did_you_mean
from newsletter.model import NOWHERE, FootnoteReference, Image, Link, LinkForm, Paragraph, PersonalField
from newsletter.records import dataclass
from newsletter.tokens import SERVICE_TOKENS, placeholder
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from newsletter.markdown.inline import InlineReader
    from newsletter.markdown.reading import ReadingState
    from newsletter.model import Span

_SPACE = " \t\n"
_FOOTNOTE = re.compile(r"\[\^([^\s\]]+)\]")


@dataclass(slots=True)
class _Target:
    """The target of a link or picture."""

    href: str
    title: str
    form: LinkForm
    href_span: Span
    title_span: Span
    end: int
    """The offset after the whole construct."""


def link(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """`[text](address "title")`, `[text][label]`, `[label][]`, `[label]`, and `[^footnote]`."""
    if run.text.startswith("[^", at) and (end := _footnote(run, at, high, silent)) > 0:
        return end
    label_end = run.label_end(at, high, nested=False)
    target = _target(run, at + 1, label_end, high, silent) if label_end >= 0 else None
    if target is None:
        if not silent and run.text.startswith("[^", at):
            _undefined_footnote(run, at, high)
        return NO
    if silent:
        return target.end
    inlines = run.read_within(at, at + 1, label_end, in_link=True)
    if run.in_link:
        return run.take(at, target.end, *inlines)
    span = run.span(at, target.end)
    return run.take(
        at,
        target.end,
        Link(run.reading.place_of(target.href), inlines, target.title, target.form, span, target.href_span),
    )


def image(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """Parses a picture: a link with `!` in front. Returns the offset after it."""
    if not run.text.startswith("[", at + 1) or at + 1 >= high:
        return NO
    label_end = run.label_end(at + 1, high, nested=True)
    if label_end < 0:
        return NO
    target = _target(run, at + 2, label_end, high, silent)
    if target is None:
        return NO
    if silent:
        return target.end
    words = run.read_within(at, at + 2, label_end, in_link=run.in_link)
    alt, spoken, span = plain_text(words), plain_text(words, placeholder), run.span(at, target.end)
    shown = Image(
        target.href, alt, target.title, span, target.href_span, target.title_span, spoken if spoken != alt else ""
    )
    return run.take(at, target.end, shown)


def _target(run: InlineReader, start: int, label_end: int, high: int, silent: bool) -> _Target | None:
    """The target of the construct with the text `start:label_end`; None if it is not a link."""
    if run.text.startswith("(", label_end + 1) and label_end + 1 < high:
        found = _inline_target(run, label_end + 2, high, silent)
        if found:
            return found
    return _reference_target(run, start, label_end, high, silent)


def _inline_target(run: InlineReader, start: int, high: int, silent: bool) -> _Target | None:
    text = run.text
    start = _skip_space(text, start, high)
    href, end = parse_destination(text, start, high, run.reading.options.personal_fields) or ("", start)
    begin = after = _skip_space(text, end, high)
    title = ""
    if end < begin < high and (found := parseLinkTitle(text, begin, high)).ok:
        title, after = title_of(found.str, text[begin : found.pos], run.reading), found.pos
    close = _skip_space(text, after, high)
    if close >= high or text[close] != ")":
        return None
    if silent:
        return _Target(href, title, LinkForm.INLINE, NOWHERE, NOWHERE, close + 1)
    pointed = end > start and text[start] == "<"
    href_span = run.span(start + pointed, end - pointed)
    title_span = run.span(begin + 1, after - 1) if title else NOWHERE
    _report_unknown_fields(run, start, end)
    return _Target(href, title, LinkForm.INLINE, href_span, title_span, close + 1)


def title_of(read: str, written: str, reading: ReadingState) -> str:
    """A title with its personal fields as placeholders.

    `read` is markdown-it's result, `written` the source.
    """
    if "{{" not in written:
        return read
    return unescapeAll(with_placeholders_for(written[1:-1], reading.options.personal_fields))


def _reference_target(run: InlineReader, start: int, label_end: int, high: int, silent: bool) -> _Target | None:
    text, references = run.text, run.reading.references
    if not references:
        return None
    label, end = "", label_end + 1
    if text.startswith("[", end) and end < high:
        close = run.label_end(end, high, nested=True)
        if close >= 0:
            label, end = text[end + 1 : close], close + 1
    definition = references.get(normalizeReference(label or text[start:label_end]))
    if definition is None:
        return None
    if not silent:
        definition.used = True
    return _Target(
        definition.href, definition.title, LinkForm.REFERENCE, definition.href_span, definition.title_span, end
    )


def _skip_space(text: str, at: int, high: int) -> int:
    while at < high and text[at] in _SPACE:
        at += 1
    return at


def personal_field(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """`{{ name | fallback }}`; an unknown name stays text, with a finding if it looks like a typo."""
    tripled = run.text.startswith("{{{", at)  # Mustache's form without escaping
    found = FIELD_HERE.match(run.text, at + tripled, high) if run.text.startswith("{{", at) else None
    if not found or (tripled and not run.text.startswith("}", found.end())):
        return NO
    end = found.end() + tripled
    if field := meant(found, run.reading.options.personal_fields):
        return end if silent else run.take(at, end, PersonalField(*field, run.span(at, end)))
    if tripled or not is_plain(found):
        return NO
    if not silent:
        _report_unknown_field(run, found)
    return end if "\n" not in found[0] else at + 2


def _report_unknown_fields(run: InlineReader, start: int, end: int) -> None:
    """Records the unknown names in an address that look like personal fields."""
    if run.text.find("{{", start, end) < 0:
        return
    for found in FIELD.finditer(run.text, start, end):
        if is_plain(found) and not meant_name(found[1], run.reading.options.personal_fields):
            _report_unknown_field(run, found)


def _report_unknown_field(run: InlineReader, found: re.Match[str]) -> None:
    """Reports ST121."""
    name, known = found[1], sorted(run.reading.options.personal_fields)
    advice = (
        f"It stays as it is.{did_you_mean(name, known)} Known are {', '.join(f'`{field}`' for field in known)}; "
        "add others in newsletter.yaml, or write `\\{{` for plain braces."
        if known
        else "It stays as it is: newsletter.yaml has no personal fields."
    )
    if name in SERVICE_TOKENS:
        advice = "It stays as it is. Remove it: the email already has this link at the top or in the footer."
    message = f"there is no personal field `{name}`"
    run.reading.find(run.span(*found.span()), "ST121", message, advice, severity=Severity.WARNING)


def _footnote(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """`[^label]`, where a footnote of that label is defined."""
    found = _FOOTNOTE.match(run.text, at, high)
    if not found or found[1] not in run.reading.footnote_labels:
        return NO
    if silent:
        return found.end()
    note = run.reading.refer(found[1])
    span = run.span(at, found.end())
    return run.take(at, found.end(), FootnoteReference(note.label, note.number, note.references, span))


def _undefined_footnote(run: InlineReader, at: int, high: int) -> None:
    """Reports ST130 for `[^label]` if no footnote has that label."""
    if found := _FOOTNOTE.match(run.text, at, high):
        hint = did_you_mean(found[1], sorted(run.reading.footnote_labels))
        advice = f"It stays as text. Write its note as `{found[0]}: text` in a paragraph of its own.{hint}"
        message = f"there is no footnote `{found[0]}`"
        run.reading.find(run.span(*found.span()), "ST130", message, advice, severity=Severity.WARNING)


def inline_note(run: InlineReader, at: int, high: int, silent: bool) -> int:
    """`^[text of the note]`."""
    if not run.text.startswith("[", at + 1) or at + 1 >= high:
        return NO
    close = run.label_end(at + 1, high, nested=True)
    if close < 0:
        return NO
    end = close + 1
    if silent:
        return end
    span = run.span(at, end)
    note = run.reading.refer(f"^{span.start}")
    inlines = run.read_within(at, at + 2, close, in_link=False)
    note.span = span
    note.blocks = (Paragraph(inlines, run.span(at + 2, close)),)
    return run.take(at, end, FootnoteReference(note.label, note.number, 1, span))
