"""EM: the parts of the email that inboxes show before it is opened: the subject and the preview."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.facts.email_html import is_blank
from newsletter.check.rules.email.traced import TOP
from newsletter.check.wording import quoted
from newsletter.diagnostics import Diagnostic
from newsletter.hints import HINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import Page
    from newsletter.check.rules.email.traced import TracedMail
    from newsletter.model import Span

ROOM = 110
"""The characters of preview that most inboxes show.

If the preheader and its padding are shorter, the first words of the email follow.
"""
_SHOWN = 60
_FILLED = re.compile("(?:\u034f[\u200c\\s]*)+")
"""The invisible characters that pad the preview."""


def preheader(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM109: the preview shows text that is not meant for it, or repeats the subject."""
    context, mail = traced.context, traced.mail
    given, shown, behind = mail.preheader.strip(), *_preview(traced.page)
    if not given:
        unwritten = context.issue.draft and HINT.search(context.source.text)
        if not unwritten and not _is_asked_for(context):
            first = f"`{_cut(shown + behind)}`" if (shown + behind).strip() else "the first words of the letter"
            message = f"there is no preheader and no summary: next to the subject, inboxes show {first}"
            advice = "Write a `preheader`, or a `summary`, which inboxes show if there is no preheader."
            yield context.found("EM109", context.start, message, advice=advice)
        return
    if _plain(given) in {_plain(mail.subject), _plain(context.issue.title)}:
        place = context.issue.front.where("preheader" if context.issue.preheader else "summary")
        message = "the preheader repeats the subject"
        yield context.found("EM109", place, message, label="say what the subject does not")
    if not _plain(shown).startswith(_plain(given)[:ROOM]):
        message = f"inboxes do not show the preheader, but {quoted(_cut(shown + behind))}"
        yield _in_head(traced, message, "Put `<mj-preview>{{ preview }}</mj-preview>` into the head.")
    elif len(shown) < ROOM and behind.strip():
        message = f"the preheader is short, so inboxes show {quoted(_cut(behind))} after it"
        yield _in_head(traced, message, "Use `{{ preview }}`: it fills up the preheader with invisible spaces.")


def _preview(page: Page) -> tuple[str, str]:
    """The preview that an inbox makes: the hidden text at the beginning of the email, then the visible text after it."""
    hidden: list[str] = []
    seen: list[str] = []
    for run in page.runs:
        if run.element >= 0 and not seen and not page.shows(run):
            hidden.append(run.text)
        elif page.shows(run) and not is_blank(run.text):
            seen.append(run.text)
            if sum(map(len, seen)) > ROOM:
                break
    return "".join(hidden).strip("\n"), " ".join(seen)


def _is_asked_for(context: CheckContext) -> bool:
    """Whether the house format requires a preheader or a summary. If one is missing, another rule reports it."""
    return any(field.name in {"preheader", "summary"} and field.required for field in context.house.fields)


def _in_head(traced: TracedMail, message: str, advice: str) -> Diagnostic:
    return Diagnostic(traced.own_template("head.mjml", "letter.mjml"), TOP, "EM109", message, advice=advice)


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _cut(text: str) -> str:
    line = " ".join(_FILLED.sub(" ", text).split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1].rstrip()}…"


_SHRILL = re.compile(r"[!！]{2,}|[!?！？]{3,}|[$€£¥]{2,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOUD_WORDS, _LOUD_LETTERS, _LOUD_SHARE = 3, 6, 0.7
_REPLY = re.compile(
    r"\s*(?:re|fwd?|aw|wg|rv|antw|回复|回覆|答复|转发|轉寄)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]", re.IGNORECASE
)


def loud_subject(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM116: the subject shouts: words in capitals, or rows of exclamation marks or currency signs.

    TX111 reports a subject that is all in capitals.
    """
    context, subject = traced.context, traced.mail.subject
    if shrill := _SHRILL.search(subject):
        message = f"the subject has {quoted(shrill[0])}, which spam filters count against a letter"
        yield context.found("EM116", _subject_place(context), message, label="one is enough")
    words = [word for word in _WORD.findall(subject) if word.upper() != word.lower()]
    loud = [word for word in words if word.isupper()]
    if (
        not subject.isupper()
        and len(loud) >= _LOUD_WORDS
        and max(map(len, loud)) >= _LOUD_LETTERS
        and sum(map(len, loud)) >= _LOUD_SHARE * sum(map(len, words))
    ):
        message = "the subject is in capitals, which spam filters count against a letter"
        yield context.found("EM116", _subject_place(context), message, label="write it as a sentence")


def false_reply(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM117: the subject looks like that of a reply or a forwarded email."""
    found = _REPLY.match(traced.mail.subject)
    if found:
        message = f"the subject begins with {quoted(found[0].strip())}, as if the email were a reply"
        label = "remove it: spam filters catch it, and laws forbid it"
        yield traced.context.found("EM117", _subject_place(traced.context), message, label=label)


def _subject_place(context: CheckContext) -> Span:
    return context.issue.front.where("subject" if context.issue.subject else "title")
