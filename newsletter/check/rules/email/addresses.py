"""EM: the addresses in the email: those that every bulk email must have, and links that do not work in an email."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.rules.email.traced import TOP
from newsletter.check.wording import quoted
from newsletter.config.workspace import CONFIGURATION
from newsletter.diagnostics import Diagnostic
from newsletter.markdown.source import Source
from newsletter.names import in_address
from newsletter.tokens import UNSUBSCRIBE, VIEW_IN_BROWSER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import Page
    from newsletter.check.facts.email_tags import Tag
    from newsletter.check.rules.email.traced import TracedMail

_WAY_OUT = re.compile(r"unsub|opt-?_?out|abmeld|d[ée]sabonn|desinscri|désinscri|afmeld|uitschrij", re.IGNORECASE)
"""An unsubscribe address in a template: `*|UNSUB|*`, `%unsubscribe_url%`, or a page of the publication."""
_ADDRESS_TAG = re.compile(r"\*\|[a-z_:]*address[a-z_:]*\|\*|%%?[a-z_]*address[a-z_]*%%?")
"""A merge tag for the postal address, written in a template: `*|LIST:ADDRESS|*`."""
_TO_THE_WEB = re.compile(r"archive|browser|webversion|web_version|view_|permalink|online", re.IGNORECASE)


def no_way_out(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM104: readers cannot unsubscribe."""
    token = traced.mail.tokens.get(UNSUBSCRIBE, "")
    if not any(token in href or _WAY_OUT.search(href) for href in _visible_addresses(traced.page)):
        message = "the email has no unsubscribe link"
        advice = "Put `{{ unsubscribe_url }}` into the footer. Mass email must have one: Gmail and Yahoo reject messages without it."
        yield _missing(traced, "EM104", message, advice)
    elif token and token not in traced.mail.text:
        yield _missing(traced, "EM104", "the plain-text part of the email has no unsubscribe link", "")


def no_address(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM105: the email has no postal address of the sender."""
    address, page = traced.context.publication.address, traced.page
    if not address:
        message = f"{CONFIGURATION} has no postal `address`"
        advice = "Add it as `address:`. Most countries require one in mass email."
        yield traced.found_in_configuration((), "EM105", message, advice=advice)
        return
    shown = " ".join(run.text for run in page.shown)
    if address in shown:
        return
    seen = _bare(shown)
    if _bare(address) not in seen and not _ADDRESS_TAG.search(seen):
        message = "the email does not show the postal address"
        yield _missing(traced, "EM105", message, "Put `{{ address }}` into the footer.")


def no_web_version(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM106: there is no link to the web version."""
    own = f"{traced.context.publication.url}{in_address(traced.context.issue.slug)}/"
    tokens = (traced.mail.tokens.get(VIEW_IN_BROWSER, own), own)
    if not any(href.startswith(tokens) or _is_other_token(href) for href in _visible_addresses(traced.page)):
        message = "the email has no link to its page on the web"
        advice = "Put `{{ view_url }}` into a template, for readers whose email client shows the email badly."
        yield _missing(traced, "EM106", message, advice, "topline.mjml")


def _visible_addresses(page: Page) -> Iterator[str]:
    """The target of each visible link."""
    for element in page.named("a"):
        if "href" in element.attributes and not page.is_hidden(element.number):
            yield element.attributes["href"].strip()


def _is_other_token(href: str) -> bool:
    """Whether an address is a service's merge tag for the web version, written in a template: `*|ARCHIVE|*`."""
    return not href.lower().startswith(("http", "mailto", "#")) and _TO_THE_WEB.search(href) is not None


def _missing(traced: TracedMail, code: str, message: str, advice: str, *names: str) -> Diagnostic:
    """A finding about something that the templates of the workspace lack, at the template that should have it."""
    others = (path.rpartition("/")[2] for path in traced.mail.templates if path.endswith(".mjml"))
    path = traced.own_template(*names, "footer.mjml", "letter.mjml", *others)
    return Diagnostic(path, TOP, code, message, advice=advice)


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TOKEN = re.compile(r"\{\{|\{%|\*\||%[\w{]|\[\[|\$\{|<%|##")
"""The beginnings of the services' merge tags, which the service replaces by an address."""


def not_absolute(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM107: an address does not work from an email, or a picture is loaded over plain http."""
    yield from _sheets(traced)
    page, url = traced.page, traced.context.publication.url
    if url.lower().startswith("http:") and any(tag.attributes.get("src", "").startswith(url) for tag in page.tags):
        message = "pictures use `http:`, which many email clients do not load"
        advice = "Serve the archive over https, and write `https://`."
        yield traced.found_in_configuration(("url",), "EM107", message, advice=advice)
    anchors = {tag.attributes.get("id") for tag in page.tags} | {
        tag.attributes.get("name") for tag in page.tags if tag.name == "a"
    }
    problems = {tag: problem for tag in page.tags if (problem := _problem(tag, anchors))}
    for element in page.elements if problems else ():
        problem = problems.get(element.tag)
        if problem and traced.by_hand(element.start):
            yield traced.found(element.start, "EM107", problem.message, advice=problem.advice)


_SHEET = re.compile(
    r"<link\b(?=[^>]*stylesheet)[^>]*?\bhref\s*=\s*[\"']?(?P<link>[^\"'\s>]+)"
    r"|@import\s*(?:url\(\s*)?[\"']?(?P<import>[^\"')\s;]+)"
    r"|(?P<file>file:/[^\"')\s>]*)",
    re.IGNORECASE,
)
"""Resources that a template would load when the email is opened: a style sheet on another host, or a local file."""


def _sheets(traced: TracedMail) -> Iterator[Diagnostic]:
    for path, text in traced.mail.templates.items():
        for found in _SHEET.finditer(text):
            address = found[found.lastgroup or 0]
            if _TOKEN.match(address):
                continue
            what = f"the style sheet {quoted(address)} is on another site: many email clients ignore it"
            if address.lower().startswith("file:"):
                what = f"{quoted(address)} is a file on your own computer: readers cannot open it"
            advice = "Copy its content into the template."
            yield Diagnostic(path, Source(text, path).span(*found.span()), "EM107", what, advice=advice)


class _Problem(NamedTuple):
    """The problem with an address, and how to fix it."""

    message: str
    advice: str = "Write the full address, starting with `https://`."


def _problem(tag: Tag, anchors: set[str | None]) -> _Problem | None:
    """The problem with the address of a link or picture; None for one that works in an email."""
    key = {"a": "href", "img": "src", "area": "href"}.get(tag.name, "background")
    address = tag.attributes.get(key)
    if address is None:
        return None
    address = address.strip()
    shown = quoted(address)
    what = {"src": "the picture's address", "href": "the address"}.get(key, "the background's address")
    if _TOKEN.match(address):
        return None
    if address.startswith("#"):
        if address in {"#", "#top"} or address[1:] in anchors:
            return None
        return _Problem(f"nothing in the email has the id that {shown} leads to", advice="")
    if address.startswith("//"):
        return _Problem(f"{what} {shown} has no scheme: in an email it is the address of a file")
    if not _SCHEME.match(address):
        return _Problem(f"{what} {shown} does not work in an email" if address else f"{what} is empty")
    if tag.name == "img" and address.lower().startswith("http:"):
        return _Problem(f"{what} {shown} uses `http:`, which many email clients do not load")
    return None


_FOREIGN = re.compile(r"\*\|[A-Z][A-Z0-9_:]*\|\*|%%[A-Za-z_]\w*%%|\{\{[^{}\n]{1,60}\}\}|\{%[^{}%\n]{1,60}%\}")
_OTHERS = re.compile(r"\*\|[A-Z][A-Z0-9_:]*\|\*|%%[A-Za-z_]\w*%%")
_STARRED = re.compile(r"\|[A-Z][A-Z0-9_]*(?::[^|]*)?\|")
"""The text that Markdown makes of `*|FNAME|*`, which it reads as emphasis."""
_PRIVATE = re.compile("[\ufdd0-\ufdef]")
_EMPTY = frozenset({"None", "undefined", "null", "NaN", "[object Object]", "Undefined"})
_UNRESOLVED = re.compile("[|\ufdd0-\ufdef]|%%|" + "|".join(map(re.escape, sorted(_EMPTY))))
"""A quick test: every text with a problem matches it."""
_SHOWN = ("href", "src", "alt", "title", "aria-label")
_CODE = frozenset({"code", "pre", "kbd", "samp"})


def unresolved(traced: TracedMail) -> Iterator[Diagnostic]:
    """EM108: readers would see a merge tag, or a template's word for an empty value."""
    page = traced.page
    yield from _in_front(traced.context)
    yield from _in_settings(traced)
    for run in page.runs if _may_be_unresolved(page) else ():
        if not _UNRESOLVED.search(run.text) or not (page.shows(run) or _PRIVATE.search(run.text)):
            continue
        left = _left_over(traced, run.start, run.text, run.element)
        if left:
            yield _left_finding(traced, page.elements[run.element].start, left)
    empty = {tag: found for tag in page.tags if (found := [*_left_in(tag)])}
    for element in page.elements if empty else ():
        for name, value in empty.get(element.tag, ()):
            if _PRIVATE.search(value) or traced.by_hand(element.start):
                message = f"`{name}` is `{value}`: a template leaves its value empty"
                yield traced.found(element.start, "EM108", message)


def _left_in(tag: Tag) -> Iterator[tuple[str, str]]:
    """The attributes of a tag whose values look like those of an empty template, with these values."""
    for name in _SHOWN:
        if name in tag.attributes:
            value = tag.attributes[name].strip()
            if value in _EMPTY or _PRIVATE.search(value):
                yield name, value


def _may_be_unresolved(page: Page) -> bool:
    """Whether any run may match `_UNRESOLVED`. One search in all of them takes a tenth of the time of one in each."""
    whole = "".join(run.text for run in page.runs)
    return "|" in whole or "%%" in whole or any(word in whole for word in _EMPTY) or bool(_PRIVATE.search(whole))


def _in_front(context: CheckContext) -> Iterator[Diagnostic]:
    """EM108 for the texts that inboxes show: no service fills in merge tags there."""
    issue = context.issue
    for name in ("title", "subject", "subtitle", "preheader", "summary"):
        found = _FOREIGN.search(str(getattr(issue, name)))
        if found:
            message = f"{quoted(found[0])} in the {name} is not filled in: readers see it as it is"
            yield context.found(
                "EM108",
                issue.front.where(name),
                message,
                advice="Personal fields work in the text, and in `subject`, `preheader` and `summary`.",
            )


def _in_settings(traced: TracedMail) -> Iterator[Diagnostic]:
    for name in ("title", "reason", "address"):
        found = _FOREIGN.search(str(getattr(traced.context.publication, name)))
        if found:
            message = f"{quoted(found[0])} in `{name}` is not filled in: readers see it as it is"
            yield traced.found_in_configuration((name,), "EM108", message)


def _left_over(traced: TracedMail, start: int, text: str, element: int) -> str:
    page = traced.page
    if found := _PRIVATE.search(text):
        return found[0]
    if traced.is_authors(start):
        if any(around.name in _CODE for around in page.around(element)):
            return ""
        found = _OTHERS.search(text)
        starred = element >= 0 and page.elements[element].name == "em" and _STARRED.fullmatch(text)
        return found[0] if found else f"*{text}*" if starred else ""
    return text.strip() if text.strip() in _EMPTY and traced.by_hand(start) else ""


def _left_finding(traced: TracedMail, at: int, left: str) -> Diagnostic:
    if _PRIVATE.search(left):
        return traced.found(at, "EM108", "a placeholder of newsletter itself is left in the email")
    if left in _EMPTY:
        return traced.found(at, "EM108", f"readers see `{left}`: a template uses a value that does not exist")
    message = (
        f"{quoted(left)} is the merge tag of one service: on the web and in all other services readers see it as it is"
    )
    found = traced.found(at, "EM108", message, advice="Write a personal field: `{{ first_name | there }}`.")
    context, span = traced.context, traced.mail.piece_at(at).span
    start = context.source.text.find(left, span.start, span.end) if found.path == context.issue.path else -1
    return found if start < 0 else replace(found, span=context.span(start, start + len(left)))
