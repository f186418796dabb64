"""EM: what inboxes show of the e-mail before it is opened: its subject, and the words beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.facts.email_html import is_blank
from newsletter.check.rules.email.places import (
    CONFIGURATION,
    in_configuration,
    mail_in,
    own_template,
    visible_addresses,
)
from newsletter.check.wording import quoted
from newsletter.diagnostics import Diagnostic
from newsletter.model import Span
from newsletter.tokens import UNSUBSCRIBE, VIEW_IN_BROWSER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import Page
    from newsletter.check.facts.mail import Mail

ROOM = 110
"""Characters of preview that most inboxes show at most; what the preheader and its padding do not fill, the letter's first
words do."""
_SHOWN = 60
_REPLY = re.compile(
    r"\s*(?:re|fwd?|aw|wg|rv|antw|回复|回覆|答复|转发|轉寄)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]", re.IGNORECASE
)
_SHRILL = re.compile(r"[!！]{2,}|[!?！？]{3,}|[$€£¥]{2,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOUD_WORDS, _LOUD_LETTERS, _LOUD_SHARE = 3, 6, 0.7


def preheader(context: CheckContext) -> Iterator[Diagnostic]:
    """EM109: beside the subject, inboxes show what is not meant for there, or the subject once more."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    given, shown, behind = mail.preheader.strip(), *_preview(page)
    if not given:
        if not _is_asked_for(context):
            first = f"`{_cut(shown + behind)}`" if (shown + behind).strip() else "the first words of the letter"
            message = f"there is no preheader and no summary: beside the subject, inboxes show {first}"
            mend = "Write a `preheader`, or a `summary` that can stand in for it."
            yield context.found("EM109", context.start, message, mend=mend)
        return
    if _plain(given) in {_plain(mail.subject), _plain(context.issue.title)}:
        message = "the preheader says the same as the subject, right beside it"
        yield context.found("EM109", _preheader_place(context), message, label="say what the subject does not")
    if not _plain(shown).startswith(_plain(given)[:ROOM]):
        message = f"inboxes do not show the preheader, but {quoted(_cut(shown + behind))}"
        yield _in_head(mail, message, "Put `<mj-preview>{{ preview }}</mj-preview>` into the head.")
    elif len(shown) < ROOM and behind.strip():
        message = f"the preheader leaves room in the inbox, and {quoted(_cut(behind))} runs on behind it"
        yield _in_head(mail, message, "Use `{{ preview }}`, which is the preheader filled up with blanks.")


def loud_subject(context: CheckContext) -> Iterator[Diagnostic]:
    """EM116: the subject shouts: words in capitals, rows of exclamation marks or of currency signs.

    One that is all in capitals has a finding of TX111.
    """
    if context.mail is None:
        return
    subject = context.mail.subject
    place = _subject_place(context)
    if shrill := _SHRILL.search(subject):
        message = f"the subject has {quoted(shrill[0])}, which spam filters count against a letter"
        yield context.found("EM116", place, message, label="one is enough")
    words = [word for word in _WORD.findall(subject) if word.upper() != word.lower()]
    loud = [word for word in words if word.isupper()]
    letters = sum(map(len, words))
    if (
        not subject.isupper()
        and len(loud) >= _LOUD_WORDS
        and max(map(len, loud)) >= _LOUD_LETTERS
        and sum(map(len, loud)) >= _LOUD_SHARE * letters
    ):
        message = "the subject is in capitals, which spam filters count against a letter"
        yield context.found("EM116", place, message, label="write it as a sentence")


def false_reply(context: CheckContext) -> Iterator[Diagnostic]:
    """EM117: the subject pretends that the letter is an answer, or was passed on."""
    if context.mail is None:
        return
    found = _REPLY.match(context.mail.subject)
    if found:
        message = f"the subject begins with {quoted(found[0].strip())}, as if the letter were an answer"
        label = "leave it out: spam filters know the trick, and laws forbid it"
        yield context.found("EM117", _subject_place(context), message, label=label)


# ── Places, and what is seen ────────────────────────────────────────────────────────────────────────────────────────


def _preview(page: Page) -> tuple[str, str]:
    """What the inbox takes from the letter: the hidden text at its very beginning, and what is seen right behind it."""
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


def _subject_place(context: CheckContext) -> Span:
    front = context.issue.front
    return front.where("subject" if context.issue.subject else "title")


def _preheader_place(context: CheckContext) -> Span:
    front = context.issue.front
    return front.where("preheader" if context.issue.preheader else "summary")


def _is_asked_for(context: CheckContext) -> bool:
    """Whether the house format asks for a preheader or a summary: then its own rule says that it is missing."""
    return any(field.name in {"preheader", "summary"} and field.required for field in context.house.fields)


def _in_head(mail: Mail, message: str, mend: str) -> Diagnostic:
    path = own_template(mail, "head.mjml", "letter.mjml") or "newsletter.yaml"
    return Diagnostic(path, Span(0, 0), "EM109", message, mend=mend)


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1].rstrip()}…"


# ── EM: what every letter to many people must have: a way out, a postal address, a way to its web page ────────────────


_WAY_OUT = re.compile(r"unsub|opt-?_?out|abmeld|d[ée]sabonn|desinscri|désinscri|afmeld|uitschrij", re.IGNORECASE)
"""In an address that a template has of its own: `*|UNSUB|*`, `%unsubscribe_url%`, a page of the publication."""
_ADDRESS_TAG = re.compile(r"\*\|[a-z_:]*address[a-z_:]*\|\*|%%?[a-z_]*address[a-z_]*%%?")
"""A merge tag for the postal address that a template has of its own: `*|LIST:ADDRESS|*`."""
_TO_THE_WEB = re.compile(r"archive|browser|webversion|web_version|view_|permalink|online", re.IGNORECASE)


def no_way_out(context: CheckContext) -> Iterator[Diagnostic]:
    """EM104: readers cannot unsubscribe."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    token = mail.tokens.get(UNSUBSCRIBE, "")
    if not any(token in href or _WAY_OUT.search(href) for href in visible_addresses(page)):
        message = "the e-mail has no link to unsubscribe"
        mend = "Put `{{ unsubscribe_url }}` into the footer: mass mail must have it, and Gmail and Yahoo refuse what has not."
        yield _missing(mail, "EM104", message, mend)
    elif token and token not in mail.text:
        yield _missing(mail, "EM104", "the text part of the e-mail has no address to unsubscribe at", "")


def no_address(context: CheckContext) -> Iterator[Diagnostic]:
    """EM105: the e-mail does not say where the sender can be reached by post."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    address = context.publication.address
    if not address:
        message = f"{CONFIGURATION} has no postal `address`"
        mend = "Write it as `address:`; mass mail must carry one in most countries."
        yield in_configuration(mail, (), "EM105", message, mend=mend)
    elif _bare(address) not in _seen(page) and not _ADDRESS_TAG.search(_seen(page)):
        yield _missing(
            mail, "EM105", "the e-mail does not show the postal address", "Put `{{ address }}` into the footer."
        )


def no_web_version(context: CheckContext) -> Iterator[Diagnostic]:
    """EM106: there is no link to the letter on the web."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    own = f"{context.publication.url}{context.issue.slug}/"
    tokens = (mail.tokens.get(VIEW_IN_BROWSER, own), own)
    if not any(href.startswith(tokens) or _is_other_token(href) for href in visible_addresses(page)):
        message = "the e-mail has no link to its page on the web"
        mend = "Put `{{ view_url }}` into a template: it is for those whose mail program shows the letter badly."
        yield _missing(mail, "EM106", message, mend, "topline.mjml")


def _is_other_token(href: str) -> bool:
    """Whether an address is a merge tag for the web version that a template has of its own: `*|ARCHIVE|*`."""
    return not href.lower().startswith(("http", "mailto", "#")) and _TO_THE_WEB.search(href) is not None


def _missing(mail: Mail, code: str, message: str, mend: str, *names: str) -> Diagnostic:
    """A finding about what the workspace's templates leave out: at the one that should have it."""
    path = own_template(mail, *names, "footer.mjml", "letter.mjml") or own_template(mail, *_file_names(mail))
    return Diagnostic(path or CONFIGURATION, Span(0, 0), code, message, mend=mend)


def _file_names(mail: Mail) -> list[str]:
    return [path.rpartition("/")[2] for path in mail.templates if path.endswith(".mjml")]


def _seen(page: Page) -> str:
    return _bare(" ".join(run.text for run in page.runs if page.shows(run)))


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()
