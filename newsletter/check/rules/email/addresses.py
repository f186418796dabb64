"""EM: addresses and tokens that work in a mail, wherever it is opened."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.check.rules.email.places import at_offset, by_hand, in_configuration, is_authors, mail_in
from newsletter.check.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import Element, Page
    from newsletter.check.facts.mail import Mail
    from newsletter.diagnostics import Diagnostic

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TOKEN = re.compile(r"\{\{|\{%|\*\||%[\w{]|\[\[|\$\{|<%|##")
"""What the merge tags of services begin with: the service makes an address of it."""
_FOREIGN = re.compile(r"\*\|[A-Z][A-Z0-9_:]*\|\*|%%[A-Za-z_]\w*%%|\{\{[^{}\n]{1,60}\}\}|\{%[^{}%\n]{1,60}%\}")
_OTHERS = re.compile(r"\*\|[A-Z][A-Z0-9_:]*\|\*|%%[A-Za-z_]\w*%%")
_STARRED = re.compile(r"\|[A-Z][A-Z0-9_]*(?::[^|]*)?\|")
"""What Markdown makes of `*|FNAME|*`: emphasis."""
_PRIVATE = re.compile("[\ufdd0-\ufdef]")
_EMPTY = frozenset({"None", "undefined", "null", "NaN", "[object Object]", "Undefined"})
_TELLING = re.compile("[|\ufdd0-\ufdef]|%%|" + "|".join(map(re.escape, sorted(_EMPTY))))
"""What is in every text that may be found at fault."""
_SHOWN = ("href", "src", "alt", "title", "aria-label")
_CODE = frozenset({"code", "pre", "kbd", "samp"})


def not_absolute(context: CheckContext) -> Iterator[Diagnostic]:
    """EM107: an address leads nowhere from a mail, or a picture is fetched in the open."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    if context.publication.url.lower().startswith("http:") and any(
        element.attributes.get("src", "").startswith(context.publication.url) for element in page.elements
    ):
        message = "pictures are fetched by `http:`, which many mail programs do not do"
        yield in_configuration(
            mail, ("url",), "EM107", message, mend="Serve the archive by https, and write `https://`."
        )
    anchors = {element.attributes.get("id") for element in page.elements} | {
        element.attributes.get("name") for element in page.elements if element.name == "a"
    }
    for element in page.elements:
        problem = _problem(element, anchors)
        if problem and by_hand(context, mail, element.start):
            mend = "" if "id that" in problem else "Write the whole address, from `https://` on."
            yield at_offset(context, mail, element.start, "EM107", problem, mend=mend)


def _problem(element: Element, anchors: set[str | None]) -> str:
    """What is wrong with where an element leads."""
    key = {"a": "href", "img": "src", "area": "href"}.get(element.name, "background")
    address = element.attributes.get(key)
    if address is None:
        return ""
    address = address.strip()
    shown = quoted(address)
    what = (
        "the picture's address"
        if element.name == "img"
        else "the address"
        if key == "href"
        else "the background's address"
    )
    if _TOKEN.match(address):
        return ""
    if address.startswith("#"):
        if address in {"#", "#top"} or address[1:] in anchors:
            return ""
        return f"nothing in the e-mail has the id that {shown} leads to"
    if address.startswith("//"):
        return f"{what} {shown} has no scheme: in a mail it is the address of a file"
    if not _SCHEME.match(address):
        return f"{what} {shown} leads nowhere from a mail" if address else f"{what} is empty"
    if element.name == "img" and address.lower().startswith("http:"):
        return f"{what} {shown} is fetched by `http:`, which many mail programs do not do"
    return ""


def unresolved(context: CheckContext) -> Iterator[Diagnostic]:
    """EM108: readers would see a merge tag, or what a template has in the place of nothing."""
    found = mail_in(context)
    if found is None:
        return
    mail, page = found
    yield from _in_front(context)
    yield from _in_settings(context, mail)
    for run in page.runs:
        if not _TELLING.search(run.text) or not (page.shows(run) or _PRIVATE.search(run.text)):
            continue
        left = _left_over(context, mail, page, run.start, run.text, run.element)
        if left:
            yield _left_finding(context, mail, page.elements[run.element].start, left)
    for element in page.elements:
        for name in _SHOWN:
            value = element.attributes.get(name, "").strip()
            if (value in _EMPTY and by_hand(context, mail, element.start)) or _PRIVATE.search(value):
                message = f"`{name}` is `{value}`: a template fills it with nothing"
                yield at_offset(context, mail, element.start, "EM108", message)


def _left_over(context: CheckContext, mail: Mail, page: Page, start: int, text: str, element: int) -> str:
    if found := _PRIVATE.search(text):
        return found[0]
    if is_authors(mail, start):
        if any(around.name in _CODE for around in page.around(element)):
            return ""
        found = _OTHERS.search(text)
        starred = element >= 0 and page.elements[element].name == "em" and _STARRED.fullmatch(text)
        return found[0] if found else f"*{text}*" if starred else ""
    return text.strip() if text.strip() in _EMPTY and by_hand(context, mail, start) else ""


def _left_finding(context: CheckContext, mail: Mail, at: int, left: str) -> Diagnostic:
    if _PRIVATE.search(left):
        return at_offset(context, mail, at, "EM108", "a token of the program itself was left in the e-mail")
    if left in _EMPTY:
        message = f"readers see `{left}`: a template writes a value that there is none of"
        return at_offset(context, mail, at, "EM108", message)
    message = f"{quoted(left)} is the merge tag of one service; on the web and in all others it stands there as it is"
    found = at_offset(context, mail, at, "EM108", message, mend="Write a personal field: `{{ first_name | there }}`.")
    span = mail.piece_at(at).span
    start = context.source.text.find(left, span.start, span.end) if found.path == context.issue.path else -1
    return found if start < 0 else replace(found, span=context.span(start, start + len(left)))


def _in_front(context: CheckContext) -> Iterator[Diagnostic]:
    """What inboxes show is filled by no service."""
    issue = context.issue
    for name in ("title", "subject", "subtitle", "preheader", "summary"):
        found = _FOREIGN.search(str(getattr(issue, name)))
        if found:
            message = f"{quoted(found[0])} in the {name} is not filled in: readers see it as it stands"
            yield context.found("EM108", issue.front.where(name), message, mend="Personal fields work in the text.")


def _in_settings(context: CheckContext, mail: Mail) -> Iterator[Diagnostic]:
    for name in ("title", "reason", "address"):
        found = _FOREIGN.search(str(getattr(context.publication, name)))
        if found:
            message = f"{quoted(found[0])} in `{name}` is not filled in: readers see it as it stands"
            yield in_configuration(mail, (name,), "EM108", message)
