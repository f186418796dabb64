"""LK: addresses that lead nowhere, or not where every reader can follow."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.facts.addresses import replacing, source_of, written
from newsletter.check.facts.hosts import is_host, unreachable_host
from newsletter.check.rule import rule
from newsletter.check.wording import quoted
from newsletter.late import late
from newsletter.suggest import closest, did_you_mean
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.check.base import CheckContext
    from newsletter.check.facts.addresses import AddressUse
    from newsletter.diagnostics import Diagnostic, Fix

UNSAFE = frozenset(
    {"javascript", "vbscript", "livescript", "data", "file", "blob", "filesystem", "view-source", "about", "chrome"}
)
"""Schemes that run something, or that lead to one person's own disk or browser."""

_SLASHES = late(r"(https?)(?:;?//|:/(?!/)|:(?!/)|//:|:///+)(?=[\w\[-])", re.IGNORECASE)
"""`https//`, `https:/x`, `https:x`, `https:///x`: one slip away from `https://`."""
_TWICE = late(r"https?:?//(?:%20|%C2%A0|\s)*(?=https?:?//?[\w-])", re.IGNORECASE)
_WRAPPED = late(r"\((https?://[^()]*)\)", re.IGNORECASE)
_MAIL = late(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*")
_USUAL = frozenset(
    "http https mailto tel sms ftp ftps sftp ssh git geo irc ircs xmpp magnet webcal nntp news gopher gemini feed "
    "matrix signal tg skype facetime callto bitcoin lightning ethereum ipfs ipns urn doi tag ws wss rtsp steam".split()
)


@rule("LK101", "malformed-address", "Addresses can lead somewhere", "links", fixable=True)
def malformed(context: CheckContext) -> Iterator[Diagnostic]:
    """LK101: the address cannot lead anywhere."""
    for use in written(context, pictures=True):
        text = source_of(context, use.span)
        message = _empty(use) or _slip(use, text) or _bad_host(use) or _odd_scheme(use)
        if message:
            yield context.found(
                "LK101",
                use.link.span if use.link and not use.href else use.span,
                message,
                mend=_right_scheme(use),
                fix=_without_slip(context, use, text),
            )


def _empty(use: AddressUse) -> str:
    return "the link has no address" if use.link and not use.href else ""


def _slip(use: AddressUse, text: str) -> str:
    if _WRAPPED.fullmatch(text):
        return f"the address {quoted(text)} stands in parentheses of its own"
    if _TWICE.match(text):
        return f"the address {quoted(text)} begins twice"
    if (found := _SLASHES.match(text)) and not use.address.on_web:
        return f"the address {quoted(text)} begins with {quoted(found[0])}"
    return ""


def _bad_host(use: AddressUse) -> str:
    address = use.address
    if address.scheme not in {"http", "https"} or _TWICE.match(use.href):
        return ""
    if not address.host:
        return f"the address {quoted(use.href)} names no site"
    if not is_host(address.host):
        return f"{quoted(unquote(address.host))} cannot be the name of a site"
    if address.port and not (address.port.isdigit() and 0 < int(address.port[:6]) < 65536):
        return f"the address has {quoted(address.port)} where a port would stand"
    return ""


def _odd_scheme(use: AddressUse) -> str:
    scheme = use.address.scheme
    return f"no address begins with {quoted(scheme + ':')}" if _right_scheme(use) and scheme not in UNSAFE else ""


def _right_scheme(use: AddressUse) -> str:
    scheme = use.address.scheme
    if not scheme or scheme in _USUAL or scheme in UNSAFE:
        return ""
    meant = closest(scheme, ("http", "https", "mailto"))
    return f"Did you mean `{meant}:`?" if meant else ""


def _without_slip(context: CheckContext, use: AddressUse, text: str) -> Fix | None:
    start = use.span.start
    if wrapped := _WRAPPED.fullmatch(text):
        return replacing(context, start, use.span.end, wrapped[1], "take the parentheses around the address out")
    if twice := _TWICE.match(text):
        right = _SLASHES.sub(r"\1://", text[twice.end() :], count=1)
        return replacing(context, start, use.span.end, right, "let the address begin once")
    found = _SLASHES.match(text) if not use.address.on_web else None
    if found:
        return replacing(context, start, start + found.end(), f"{found[1]}://", f"begin the address with {found[1]}://")
    return None


@rule("LK103", "unsafe-scheme", "No link runs a script or leads to a disk", "links")
def unsafe_scheme(context: CheckContext) -> Iterator[Diagnostic]:
    """LK103: the address runs something, or leads to the writer's own disk."""
    from newsletter.check.rules.links.written import unsafe_text

    for use in written(context):
        if use.address.scheme in UNSAFE:
            yield unsafe(context, use.address.scheme, use.span.start, use.span.end)
    yield from (unsafe(context, scheme, start, end) for scheme, start, end in unsafe_text(context))


def unsafe(context: CheckContext, scheme: str, start: int, end: int) -> Diagnostic:
    """The finding."""
    own = scheme in {"file", "blob", "filesystem"}
    shows = context.source.text[:start].rpartition("[")[0].endswith("!")
    return context.found(
        "LK103",
        context.span(start, end),
        f"a letter cannot {'show' if shows else 'link to'} {quoted(scheme + ':')}",
        label="leads to the writer's own computer" if own else "mail programs refuse it",
        mend="Put the file beside the issue and link to its name." if scheme == "file" else "",
    )


@rule("LK104", "relative-address", "Relative links lead to files and issues that are there", "links", fixable=True)
def relative(context: CheckContext) -> Iterator[Diagnostic]:
    """LK104: a relative address that leads to no file beside the issue and to no other issue."""
    for use in written(context):
        address = use.address
        if address.scheme or address.authority is not None or not address.path or address.path.startswith("/"):
            continue
        text = source_of(context, use.span)
        if _WRAPPED.fullmatch(text) or _SLASHES.match(text) or leads_somewhere(context, use.href):
            continue
        yield _unmarked(context, use, text) or what_is_missing(context, use)


_WEB = late(r"www\.[\w-]+\.[\w.-]+(?:[/?#:].*)?", re.IGNORECASE | re.DOTALL)
_DOMAIN = late(
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|edu|gov|io|dev|app|info|co|eu|uk|de|fr|nl|be|es|it|ch|at|us|ca|au|jp|"
    r"cn|in|br|ai|me|tv|xyz|news|blog)(?::\d+)?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
"""What a person takes for the address of a site: endings that are none of a file's, and some countries'."""


def _unmarked(context: CheckContext, use: AddressUse, text: str) -> Diagnostic | None:
    """The finding for an address of the web or of a mailbox that lacks what it begins with."""
    if _MAIL.fullmatch(text):
        lacks = "mailto:"
    elif _WEB.fullmatch(text) or _DOMAIN.fullmatch(text):
        lacks = "https://"
    else:
        return None
    said = plain_text(use.link.inlines) if use.link and lacks == "https://" and not _WEB.fullmatch(text) else ""
    return context.found(
        "LK104",
        use.span,
        f"the address {quoted(text)} lacks its `{lacks}`",
        label="a place on the letter's own site, as it stands",
        # `node.kubernetes.io/name` that links to itself was hardly meant as a site.
        fix=None
        if said == text
        else replacing(context, use.span.start, use.span.start, lacks, f"put {lacks} in front"),
    )


@rule("LK105", "private-host", "Links lead where every reader can go", "links")
def private_host(context: CheckContext) -> Iterator[Diagnostic]:
    """LK105: the address leads into a private network, or to the reader's own computer."""
    for use in written(context, pictures=True):
        host = use.address.host
        if host and is_host(host) and not _TWICE.match(use.href) and (why := unreachable_host(host)):
            yield context.found("LK105", use.span, f"{quoted(host)} {why}", label="no reader gets there")


@rule("LK123", "password-in-address", "No address holds a password", "links")
def password(context: CheckContext) -> Iterator[Diagnostic]:
    """LK123: the address holds a password."""
    for use in written(context, pictures=True):
        name, colon, secret = use.address.user.partition(":")
        if use.address.on_web and colon and secret:
            start = source_of(context, use.span).find(use.address.user)
            place = context.span(use.span.start + start, use.span.start + start + len(use.address.user))
            yield context.found(
                "LK123",
                place if start >= 0 else use.span,
                f"the address tells every reader the password of {quoted(name)}",
                mend="Take it out, and change the password: it may have been read.",
            )


@rule("LK120", "mail-address", "Mail can go to each mail address", "links")
def mail_address(context: CheckContext) -> Iterator[Diagnostic]:
    """LK120: a `mailto:` address to which no mail can go."""
    for use in written(context):
        address = use.address
        if address.scheme != "mailto":
            continue
        who = unquote(address.path)
        if address.authority is not None:
            yield context.found("LK120", use.span, "`mailto:` has no slashes behind it", label="write `mailto:name@…`")
        elif not who and "to=" not in address.query and not address.query:
            yield context.found("LK120", use.span, "`mailto:` names nobody")
        elif wrong := next((one for one in who.split(",") if who and not _MAIL.fullmatch(one)), None):
            yield context.found(
                "LK120", use.span, f"{quoted(wrong) if wrong.strip() else 'nothing'} is no mail address"
            )


# ── Where relative links lead: to files beside the issue, which go out with it, and to other issues ───────────────────


_ISSUE = late(r"(?:^|/)(?:\d{4}-\d{2}-\d{2}-)?([^/]+?)(?:/index)?\.md$")
_WHOLE = "Write the whole address, from `https://` on."
_ISSUE_PAGE = late(r"\.\./([^/]+)/(?:index\.html)?$")


def leads_somewhere(context: CheckContext, href: str) -> bool:
    """Whether a relative address leads to a file that goes out with the letter, or to another issue."""
    path = _path(href)
    if path.endswith(".md"):
        return _is_issue(context, path)
    if page := _ISSUE_PAGE.fullmatch(path):
        return page[1] in _slugs(context)
    return href in context.files or (_goes_out(href) and _is_file(_folder(context) / path))


def what_is_missing(context: CheckContext, use: AddressUse) -> Diagnostic:
    """The finding for a relative address that leads nowhere."""
    path = _path(use.href)
    if path.endswith(".md"):
        names = [other.path.removeprefix("issues/") for other in context.others]
        mend = did_you_mean(path.removeprefix("../"), names, _WHOLE)
        return context.found("LK104", use.span, f"there is no issue {quoted(path)}", mend=mend)
    if _is_file(_folder(context) / path):
        return context.found(
            "LK104",
            use.span,
            f"{quoted(path)} does not go out with the letter",
            label="only a file right beside the issue does, by its name alone",
            mend="Move it beside the issue and link to its name.",
        )
    mend = did_you_mean(path, _names(_folder(context)), _WHOLE)
    return context.found("LK104", use.span, f"{quoted(use.href)} leads nowhere from a mail", mend=mend)


def _path(href: str) -> str:
    return unquote(re.split(r"[?#]", href, maxsplit=1)[0])


def _goes_out(href: str) -> bool:
    """Whether it is a bare name: those files go out beside the letter's page."""
    name = unquote(href)
    return name[:1] not in {"", "."} and not set(name) & set("/\\:#?%{")


def _is_issue(context: CheckContext, path: str) -> bool:
    found = _ISSUE.search(path)
    name = found[1] if found else ""
    return name in _slugs(context) or (_inside(context, path) and _is_file(_folder(context) / path))


def _slugs(context: CheckContext) -> set[str]:
    return {context.issue.slug, *(other.slug for other in context.others)}


def _inside(context: CheckContext, path: str) -> bool:
    try:
        return (_folder(context) / path).resolve().is_relative_to(context.root.resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def _folder(context: CheckContext) -> Path:
    return (context.root / context.issue.path).parent


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long, or a NUL
        return False


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 (names only)
    except OSError:
        return []
