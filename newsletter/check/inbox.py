"""FM: what the inbox shows of a letter before it is opened, and the language that it says it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.house.format import Bounds
from newsletter.yamlread.wellformed import language_flaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic

SUBJECT = Bounds(10, 78)
"""Characters: phones show about 40 and desktops about 70; RFC 5322 §2.1.1 asks for lines of at most 78."""
PREHEADER = Bounds(30, 150)
"""Below, the first words of the letter run on behind it; above, no inbox shows the rest."""
SUMMARY = Bounds(30, 320)
"""What feed readers and link previews show, and the inbox where there is no preheader."""


def subject_length(context: CheckContext) -> Iterator[Diagnostic]:
    """FM110: the subject is shorter or longer than inboxes show well.

    A title that stands in for it may be short, as the name of the letter stands beside it.
    """
    issue = context.issue
    if issue.subject:
        yield from _outside(context, "FM110", "subject", issue.subject, SUBJECT)
    elif issue.title:
        mend = "Shorten it, or give the e-mail a `subject` of its own."
        yield from _outside(context, "FM110", "title", issue.title, Bounds(None, SUBJECT.maximum), mend)


def preheader_length(context: CheckContext) -> Iterator[Diagnostic]:
    """FM111: the preheader is shorter or longer than inboxes show."""
    if context.issue.preheader:
        yield from _outside(context, "FM111", "preheader", context.issue.preheader, PREHEADER)


def summary_length(context: CheckContext) -> Iterator[Diagnostic]:
    """FM112: the summary is too short to tell anything, or longer than what shows it has room for."""
    if context.issue.summary:
        yield from _outside(context, "FM112", "summary", context.issue.summary, SUMMARY)


def language_tag(context: CheckContext) -> Iterator[Diagnostic]:
    """FM113: the language is no tag of BCP 47, so that screen readers and hyphenation go wrong."""
    front = context.issue.front
    for name in ("language", "lang"):
        given = front.values.get(name)
        flaw = language_flaw(given) if isinstance(given, str) and given else None
        if flaw:
            yield context.found("FM113", front.where(name), f"`{given}` {flaw.problem}", mend=flaw.mend)


def _outside(
    context: CheckContext, code: str, name: str, text: str, bounds: Bounds, mend: str = ""
) -> Iterator[Diagnostic]:
    if len(text) in bounds or any(field.name == name and not field.length.free for field in context.house.fields):
        return  # the house format's own bounds are FM104's
    asked = f"at most {bounds.maximum}" if bounds.minimum is None else f"{bounds.minimum}–{bounds.maximum}"
    message = f"the {name} has {len(text)} characters; inboxes have room for {asked}"
    if name == "summary":
        message = f"the summary has {len(text)} characters; {asked} serve feeds and link previews best"
    place = context.issue.front.where(name)
    yield context.found(code, place, message, mend=mend or f"Write it in {asked} characters.")
