"""FM: the fields that the tool itself uses, and the limits set for them by inboxes, feeds and addresses."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.check.rule import WARNING, rule
from newsletter.check.rules.front_matter.fields import dotted, fits, given
from newsletter.check.wording import quoted
from newsletter.config.site_paths import site_path
from newsletter.config.wellformed import language_flaw, web_address_flaw
from newsletter.hints import HINT
from newsletter.house.format import Bounds, FieldType
from newsletter.house.headings import date_values, fold
from newsletter.names import composed, in_address
from newsletter.period import BETWEEN, LONGEST, period_of, read_period, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Path

SUBJECT = Bounds(10, 78)
"""Characters: phones show about 40 and desktops about 70; RFC 5322 §2.1.1 asks for lines of at most 78."""
PREHEADER = Bounds(30, 150)
"""Characters. After a shorter one, inboxes show the first words of the email; of a longer one, they cut the end."""
SUMMARY = Bounds(30, 320)
"""Characters of a summary: feed readers, link previews and (without a preheader) inboxes show it."""


@rule("FM110", "subject-length", "The subject fits in an inbox", "front matter", severity=WARNING)
def subject_length(context: CheckContext) -> Iterator[Diagnostic]:
    """FM110: the subject is too short or too long for inboxes. A title used as the subject may be short."""
    issue = context.issue
    if issue.subject:
        yield from _outside(context, "FM110", "subject", issue.subject, SUBJECT)
    elif issue.title:
        advice = "Shorten it, or give the email a `subject` of its own."
        yield from _outside(
            context, "FM110", "title", issue.title, Bounds(None, SUBJECT.maximum), advice, stands_in=True
        )


@rule("FM111", "preheader-length", "The preheader fits in an inbox", "front matter", severity=WARNING)
def preheader_length(context: CheckContext) -> Iterator[Diagnostic]:
    """FM111: the preheader is too short or too long for inboxes.

    Without a preheader, the summary or the standfirst is used, which may be short.
    """
    issue = context.issue
    if issue.preheader:
        yield from _outside(context, "FM111", "preheader", issue.preheader, PREHEADER)
        return
    name, text = ("summary", issue.summary) if issue.summary else ("subtitle", issue.subtitle)
    advice = "Give the email a `preheader` of its own, or shorten it."
    yield from _outside(context, "FM111", name, text, Bounds(None, PREHEADER.maximum), advice, stands_in=True)


@rule("FM112", "summary-length", "The summary fits in feeds and previews", "front matter", severity=WARNING)
def summary_length(context: CheckContext) -> Iterator[Diagnostic]:
    """FM112: the summary is too short to be useful, or too long for feeds and link previews."""
    if context.issue.summary:
        yield from _outside(context, "FM112", "summary", context.issue.summary, SUMMARY)


@rule("FM113", "language-tag", "The language is a BCP 47 tag", "front matter")
def language_tag(context: CheckContext) -> Iterator[Diagnostic]:
    """FM113: the language is not a BCP 47 tag, so screen readers and hyphenation would use the wrong language."""
    front = context.issue.front
    for name in ("language", "lang"):
        tag = front.values.get(name)
        flaw = language_flaw(tag) if isinstance(tag, str) and tag else None
        if flaw:
            yield context.found("FM113", front.where(name), f"`{tag}` {flaw.problem}", advice=flaw.advice)


@rule("FM140", "original-address", "The address of the first publication is a web address", "front matter")
def original_address(context: CheckContext) -> Iterator[Diagnostic]:
    """FM140: `original` or `canonical` has no web address, or has the address of this issue, so search engines cannot use it."""
    values, original = context.issue.front.values, context.issue.front.values.get("original")
    if isinstance(original, dict):
        yield from _no_address(context, original.get("url"), "original", "url")
        for part in ("title", "publication"):
            if isinstance(original.get(part), list | dict):
                place, advice = context.issue.front.where("original", part), f'Put it in quotes: `{part}: "…"`.'
                yield context.found("FM140", place, f"`original.{part}` must be a text", advice=advice)
    elif isinstance(original, str) and original.strip():
        yield from _no_address(context, original, "original")
    if isinstance(values.get("canonical"), str) and str(values["canonical"]).strip():
        yield from _no_address(context, values["canonical"], "canonical")


@rule("FM160", "former-address", "Former addresses can redirect", "front matter")
def former_address(context: CheckContext) -> Iterator[Diagnostic]:
    """FM160: an entry of `former` cannot be the address of a page on the site."""
    front, given = context.issue.front, context.issue.front.values.get("former")
    paths: list[Path] = [("former", at) for at in range(len(given))] if isinstance(given, list) else [("former",)]
    for path in paths:
        written = front.text(*path)
        if written and not HINT.search(written) and not site_path(written, context.publication.url):
            advice = "Write its address or path, as `/2024/01/31/ports.html`, or remove it."
            message = f"the former address `{written}` cannot be the address of a page"
            yield context.found("FM160", front.where(*path), message, advice=advice)


def _no_address(context: CheckContext, value: object, *path: str) -> Iterator[Diagnostic]:
    place, name = context.issue.front.where(*path), dotted(path)
    if isinstance(value, str) and HINT.search(value):
        return  # reported by another rule
    if value is None or not str(value).strip():
        problem = "is empty" if path in context.issue.front.key_spans else "is missing"
        advice = "Write the web address where it was first published, as in `original: {url: https://journal.example/the-tide, publication: The Tide}`."
        yield context.found("FM140", place, f"`{name}` {problem}", advice=advice)
    elif flaw := web_address_flaw(str(value).strip()):
        yield context.found("FM140", place, f"`{name}` {flaw.problem}", advice=flaw.advice)
    elif path[0] == "original" and str(value).strip().rstrip("/") == _own_page(context):
        advice = "Write where it was first published, or remove `original`."
        yield context.found("FM140", place, f"`{name}` is this issue's own page", advice=advice)


def _own_page(context: CheckContext) -> str:
    return f"{context.publication.url}{in_address(context.issue.slug)}"


@rule("FM141", "period", "The period is valid", "front matter")
def period(context: CheckContext) -> Iterator[Diagnostic]:
    """FM141: a `period` is no month, quarter, year, week, or range of two days in order."""
    for path, wanted, value in given(context):
        if wanted.type is FieldType.PERIOD and fits(wanted, value) and read_period(value) is None:
            place, meant = context.issue.front.where(*path), _meant_period(context, value)
            advice = f"Write `{wanted.name}: {meant}`." if meant else _PERIODS
            shown = quoted(context.text_at(place), 40)
            yield context.found("FM141", place, f"`{dotted(path)}` is not a period: {shown}", advice=advice)


_PERIODS = (
    "Write a month (2026-11), a quarter (2026-Q3), a week (2026-W47), a year (2026), "
    "or the first and the last day (2026-11-01/2026-11-15)."
)


def _meant_period(context: CheckContext, value: object) -> str:
    """The period that was probably meant: the name of a month read, or two days put in order; "" if unknown."""
    if len(str(value)) > LONGEST:
        return ""
    if isinstance(value, list):
        turned: object = value[::-1]
    else:
        turned = [part.strip() for part in re.split(BETWEEN, str(value))][::-1]
    if found := read_period(turned):
        return written(found)
    text, calendar = fold(str(value)), context.language.calendar
    for pattern in (
        calendar.month_year,
        "MMMM yyyy",
        "MMM yyyy",
        "LLLL yyyy",
        "MM/yyyy",
        "MM.yyyy",
        "yyyy/MM",
        "yyyy.MM",
        "yyyyMM",
    ):
        values = date_values(text.title(), pattern, calendar) or date_values(text, pattern, calendar)
        if found := period_of(values):
            return written(found)
    return ""


@rule("FM151", "spelled-twice", "No tag or author has two spellings", "front matter", severity=WARNING)
def spelled_twice(context: CheckContext) -> Iterator[Diagnostic]:
    """FM151: two entries of a list are the same name in two Unicode forms (NFC, NFD). The name counts once."""
    front = context.issue.front
    for key in ("tags", "authors"):
        value = front.values.get(key)
        seen: dict[str, str] = {}
        for index in range(len(value)) if isinstance(value, list) else ():
            text = front.text(key, index) or front.text(key, index, "name")
            if seen.setdefault(composed(text), text) != text:
                message = f"{quoted(composed(text))} is already in `{key}`, with its characters encoded another way"
                yield context.found("FM151", front.where(key, index), message, advice="Keep one of the two.")


@rule("FM150", "updated", "`updated` is not before the date or in the future", "front matter", severity=WARNING)
def updated(context: CheckContext) -> Iterator[Diagnostic]:
    """FM150: `updated` is before the date of the issue, or in the future.

    If `updated` has no time, only the days are compared.
    """
    issue, front = context.issue, context.issue.front
    if issue.updated is None:
        return
    shown = front.text("updated")
    if issue.date is not None and _before(
        issue.updated, issue.date, plain=not isinstance(front.values["updated"], datetime)
    ):
        message = (
            f"`updated` is {shown}, before the issue's date, {front.text('date') or issue.date.date().isoformat()}"
        )
        yield context.found("FM150", front.where("updated"), message, advice="Correct it, or remove it.")
    elif context.now is not None and issue.updated > context.now:
        advice = "Feed readers show it as the time of the revision: write the day on which you revised it."
        yield context.found(
            "FM150", front.where("updated"), f"`updated` is {shown}, which is in the future", advice=advice
        )


def _before(one: datetime, other: datetime, *, plain: bool) -> bool:
    return one.date() < other.date() if plain else one < other


def _outside(
    context: CheckContext, code: str, name: str, text: str, bounds: Bounds, advice: str = "", *, stands_in: bool = False
) -> Iterator[Diagnostic]:
    own = any(field.name == name and not field.length.free for field in context.house.fields)
    if len(text) in bounds or (own and not stands_in):
        return  # FM104 reports the bounds in the house format, unless the field is used in place of another
    asked = f"at most {bounds.maximum}" if bounds.minimum is None else f"{bounds.minimum}–{bounds.maximum}"
    message = f"the {name} has {len(text)} characters; inboxes have room for {asked}"
    if name == "summary" and not stands_in:
        message = f"the summary has {len(text)} characters; {asked} serve feeds and link previews best"
    place = context.issue.front.where(name)
    yield context.found(code, place, message, advice=advice or f"Write it in {asked} characters.")
