"""EM: what every letter to many people must have: a way out, a postal address, a way to its web page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.email_base import CONFIGURATION, in_configuration, mail_in, own_template, visible_addresses
from newsletter.diagnostics import Diagnostic
from newsletter.model import Span
from newsletter.tokens import UNSUBSCRIBE, VIEW_IN_BROWSER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext, Mail
    from newsletter.check.email_html import Page

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
    elif _plain(address) not in _seen(page) and not _ADDRESS_TAG.search(_seen(page)):
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
    return _plain(" ".join(run.text for run in page.runs if page.shows(run)))


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
