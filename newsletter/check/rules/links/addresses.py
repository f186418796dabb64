"""LK: addresses that do not work, or not for every reader; typing errors in addresses; and private data in them."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.facts.addresses import is_on_disk, tracking_names, without_tracking, written
from newsletter.check.facts.hosts import is_host, unreachable_host
from newsletter.check.rule import WARNING, rule
from newsletter.check.rules.links.markup import unsafe_text
from newsletter.check.wording import count_of, quoted
from newsletter.digits import whole_number
from newsletter.late import late
from newsletter.markdown.addresses import refused_scheme
from newsletter.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.addresses import AddressUse
    from newsletter.diagnostics import Diagnostic, Fix

_SLASHES = re.compile(r"(https?)(?:;?//|:/(?!/)|:(?!/)|//:|:///+)(?=[\w\[-])", re.IGNORECASE)
"""`https//`, `https:/x`, `https:x`, `https:///x`: one typo away from `https://`."""
_TWICE = re.compile(r"https?:?//(?:%20|%C2%A0|\s)*(?=https?:?//?[\w-])", re.IGNORECASE)
_WRAPPED = re.compile(r"\((https?://[^()]*)\)", re.IGNORECASE)
MAIL = late(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*")
_USUAL = frozenset(
    "http https mailto tel sms ftp ftps sftp ssh git geo irc ircs xmpp magnet webcal nntp news gopher gemini feed "
    "matrix signal tg skype facetime callto bitcoin lightning ethereum ipfs ipns urn doi tag ws wss rtsp steam".split()
)


@rule("LK101", "malformed-address", "Addresses can lead somewhere", "links", fixable=True)
def malformed(context: CheckContext) -> Iterator[Diagnostic]:
    """LK101: the address cannot work."""
    for use in written(context.links, pictures=True):
        text = context.text_at(use.span)
        if use.link and not use.href:
            yield context.found("LK101", use.link.span, "the link has no address")
        elif message := _slip(use, text) or _bad_host(use) or _odd_scheme(use):
            fix = _without_slip(context, use, text)
            yield context.found("LK101", use.span, message, advice=_right_scheme(use), fix=fix)


def _slip(use: AddressUse, text: str) -> str:
    address = use.address
    if (
        not address.scheme
        and address.authority is not None
        and is_host(address.host)
        and not unreachable_host(address.host)
    ):
        return f"the address {quoted(text)} has no scheme: in an email it is the address of a file"
    if _WRAPPED.fullmatch(text):
        return f"the address {quoted(text)} has its own parentheses"
    if _TWICE.match(text):
        return f"the address {quoted(text)} begins twice"
    if not use.address.on_web and (found := _SLASHES.match(text)):
        return f"the address {quoted(text)} begins with {quoted(found[0])}"
    return ""


def begins_wrongly(text: str) -> bool:
    """Whether an address, as written, begins in a way that LK101 reports."""
    return bool(_WRAPPED.fullmatch(text) or _SLASHES.match(text))


def _bad_host(use: AddressUse) -> str:
    address = use.address
    if address.scheme not in {"http", "https"} or _TWICE.match(use.href):
        return ""
    if not address.host:
        return f"the address {quoted(use.href)} names no site"
    if not is_host(address.host):
        return f"{quoted(unquote(address.host))} cannot be the name of a site"
    if address.port and not 0 < (whole_number(address.port) or 0) < 65536:
        return f"the address has {quoted(address.port)} in place of a port"
    return ""


def _odd_scheme(use: AddressUse) -> str:
    scheme = use.address.scheme
    return (
        f"no address begins with {quoted(scheme + ':')}"
        if _right_scheme(use) and not refused_scheme(f"{scheme}:")
        else ""
    )


def _right_scheme(use: AddressUse) -> str:
    scheme = use.address.scheme
    if not scheme or scheme in _USUAL or refused_scheme(f"{scheme}:"):
        return ""
    meant = closest(scheme, ("http", "https", "mailto"))
    return f"Did you mean `{meant}:`?" if meant else ""


def _without_slip(context: CheckContext, use: AddressUse, text: str) -> Fix | None:
    start = use.span.start
    if wrapped := _WRAPPED.fullmatch(text):
        return context.replacing(start, use.span.end, wrapped[1], "remove the parentheses around the address")
    if twice := _TWICE.match(text):
        right = _SLASHES.sub(r"\1://", text[twice.end() :], count=1)
        return context.replacing(start, use.span.end, right, "remove the second beginning of the address")
    if text.startswith("//") and not use.address.scheme:
        return context.replacing(start, start, "https:", "begin the address with https:")
    found = _SLASHES.match(text) if not use.address.on_web else None
    if found:
        return context.replacing(start, start + found.end(), f"{found[1]}://", f"begin the address with {found[1]}://")
    return None


@rule("LK103", "unsafe-scheme", "No link runs a script or leads to a disk", "links")
def unsafe_scheme(context: CheckContext) -> Iterator[Diagnostic]:
    """LK103: the address runs a script, or is a path on the writer's computer."""
    for use in written(context.links, pictures=True):
        scheme = refused_scheme(use.href)
        if scheme and not (
            use.link is None and (scheme == "data" or is_on_disk(use.href))
        ):  # reported by FG114 and FG105
            yield _unsafe(context, scheme, use.span.start, use.span.end)
    yield from (_unsafe(context, scheme, start, end) for scheme, start, end in unsafe_text(context))


def _unsafe(context: CheckContext, scheme: str, start: int, end: int) -> Diagnostic:
    own = scheme in {"file", "blob", "filesystem"} or len(scheme) == 1
    shows = context.source.text[:start].rpartition("[")[0].endswith("!")
    return context.found(
        "LK103",
        context.span(start, end),
        f"an email cannot {'show' if shows else 'link to'} {quoted(scheme + ':')}",
        label="leads to the writer's own computer" if own else "email clients refuse it",
        advice="Put the file next to the issue and link to its name." if own and scheme != "blob" else "",
    )


@rule("LK105", "private-host", "Links lead to public addresses", "links")
def private_host(context: CheckContext) -> Iterator[Diagnostic]:
    """LK105: the address is in a private network, or on the reader's own computer."""
    for use in written(context.links, pictures=True):
        host = use.address.host
        if host and is_host(host) and not _TWICE.match(use.href) and (why := unreachable_host(host)):
            yield context.found("LK105", use.span, f"{quoted(host)} {why}", label=_unseen(use))


def _unseen(use: AddressUse) -> str:
    return "readers cannot reach it" if use.link is not None else "readers cannot see it"


@rule("LK123", "password-in-address", "No address contains a password", "links")
def password(context: CheckContext) -> Iterator[Diagnostic]:
    """LK123: the address contains a password."""
    for use in written(context.links, pictures=True):
        name, colon, secret = use.address.user.partition(":")
        if use.address.on_web and colon and secret:
            start = context.text_at(use.span).find(use.address.user)
            place = context.span(use.span.start + start, use.span.start + start + len(use.address.user))
            yield context.found(
                "LK123",
                place if start >= 0 else use.span,
                f"the address shows every reader the password of {quoted(name)}",
                advice="Remove it and change the password: someone may have read it.",
            )


@rule("LK120", "mail-address", "`mailto:` is followed by an email address", "links")
def mail_address(context: CheckContext) -> Iterator[Diagnostic]:
    """LK120: a `mailto:` address that cannot receive email."""
    for use in written(context.links):
        address = use.address
        if address.scheme != "mailto" or "{{" in use.href.partition("?")[0]:
            continue  # the address in a personal field is known only when the email is sent
        who = unquote(address.path)
        if address.authority is not None:
            yield context.found("LK120", use.span, "`mailto:` takes no slashes", label="write `mailto:name@…`")
        elif not who and "to=" not in address.query and not address.query:
            yield context.found("LK120", use.span, "`mailto:` has no email address")
        elif wrong := next((one for one in who.split(",") if who and not MAIL.fullmatch(one)), None):
            yield context.found(
                "LK120", use.span, f"{quoted(wrong) if wrong.strip() else 'nothing'} is not an email address"
            )


SHORTENERS = frozenset(
    """
    adf.ly bit.do bit.ly bitly.com bl.ink buff.ly chilp.it cli.gs cutt.ly db.tt dlvr.it fb.me goo.gl hyperurl.co ift.tt
    is.gd j.mp lc.chat lnkd.in mcaf.ee ow.ly po.st q.gs qr.ae rb.gy rebrand.ly rotf.lol s.coop s.id shorte.st shorturl.at
    shorturl.com snip.ly soo.gd su.pr t.co t.ly tiny.cc tiny.one tinyurl.com tny.im tr.im trib.al u.to urlr.me v.gd
    vzturl.com wa.link x.co y2u.be zpr.io
    """.split()
)
"""Services that shorten any address for anyone.

A site's short forms for its own pages (youtu.be, wp.me) are not among them.
"""


@rule("LK106", "plain-http", "Addresses begin with https", "links", severity=WARNING, keys=("links.http",))
def plain_http(context: CheckContext) -> Iterator[Diagnostic]:
    """LK106: a link uses plain `http:`. Reported once for each site."""
    if context.house.links.http:
        return
    plain = [use for use in written(context.links) if use.address.scheme == "http" and _reachable(use)]
    by_host = sorted(plain, key=lambda use: (use.address.host, use.span.start))
    for host, group in groupby(by_host, key=lambda use: use.address.host):
        first, *others = group
        more = f", as {count_of(len(others), 'other address')} of this site do" if others else ""
        yield context.found(
            "LK106",
            first.span,
            f"the address begins with `http:`{more}",
            label="the connection is not encrypted",
            advice=f"Try `https://{host}`: nearly every site has it.",
        )


def _reachable(use: AddressUse) -> bool:
    host = use.address.host
    return bool(host) and is_host(host) and not unreachable_host(host)


@rule(
    "LK107",
    "tracking-parameters",
    "Addresses have no tracking parameters",
    "links",
    severity=WARNING,
    fixable=True,
    keys=("links.tracking", "links.keep_parameters"),
    settings=("links.keep_parameters",),
)
def tracking(context: CheckContext) -> Iterator[Diagnostic]:
    """LK107: an address has tracking parameters that identify the reader. The publication's own site is exempt."""
    if context.house.links.tracking:
        return
    for use in written(context.links):
        address = use.address
        if not (address.on_web and address.query) or context.is_own_site(address.host):
            continue
        names = list(dict.fromkeys(tracking_names(address.query, address.host, address.path, _kept(context))))
        if names:
            yield context.found(
                "LK107",
                use.span,
                f"the address has the tracking {'parameter' if len(names) == 1 else 'parameters'} {', '.join(map(quoted, names))}",
                label="this tells the site where readers come from, and the link works without it",
                advice="Remove it. To keep what a sponsor counts, list the parameter or the site: `links: {keep_parameters: [utm_source]}`.",
                fix=_untracked(context, use),
            )


def _kept(context: CheckContext) -> tuple[str, ...]:
    return (*context.publication.links.keep_parameters, *context.house.links.keep_parameters)


def _untracked(context: CheckContext, use: AddressUse) -> Fix | None:
    text = context.text_at(use.span)
    left = without_tracking(text, use.address.host, use.address.path, _kept(context))
    if left == text or "\\" in text or "&#" in text:
        return None
    return context.replacing(use.span.start, use.span.end, left, "remove the tracking parameters from the address")


@rule(
    "LK108",
    "shortened-address",
    "Addresses do not use a link shortener",
    "links",
    severity=WARNING,
    keys=("links.shorteners",),
)
def shortener(context: CheckContext) -> Iterator[Diagnostic]:
    """LK108: a shortened address hides its target, and stops working with the service that made it."""
    if context.house.links.shorteners:
        return
    for use in written(context.links):
        host = use.address.host.removeprefix("www.")
        if use.address.on_web and host in SHORTENERS and use.address.path.strip("/"):
            yield context.found(
                "LK108", use.span, f"{quoted(host)} hides where this leads", label="write the full address"
            )


_PUNCTUATION = late(r"(?:[,;:.]+|(?:%E3%80%8[12]|%EF%BC%8C|%EF%BC%9[AB]|%EF%BC%89|%E2%80%9[9D])+)\Z", re.IGNORECASE)
"""`,` `;` `:` `.`; `、` `。` `，` `：` `；` `）`; closing quotation marks."""
_OPENING = {"%E2%80%9D": "%E2%80%9C", "%E2%80%99": "%E2%80%98", "%EF%BC%89": "%EF%BC%88"}
"""A closing character belongs to the address if the address has this opening one."""
_WIKI = re.compile(r"wiki|fandom", re.IGNORECASE)
_SURELY = frozenset(",;，；、。”’")


@rule(
    "LK118",
    "swallowed-punctuation",
    "Addresses do not end in punctuation",
    "links",
    severity=WARNING,
    fixable=True,
)
def swallowed(context: CheckContext) -> Iterator[Diagnostic]:
    """LK118: punctuation of the sentence became part of the address."""
    for use in written(context.links):
        found = _PUNCTUATION.search(use.href) if use.address.on_web and is_host(use.address.host) else None
        if not found or _OPENING.get(found[0].upper(), " ") in use.href.upper() or _may_end_so(use, unquote(found[0])):
            continue
        text, mark = context.text_at(use.span), unquote(found[0])
        fix = None
        if text.endswith((mark, found[0])) and set(mark) <= _SURELY and not re.search(r"&#?\w+;\Z", text):
            end = use.span.end - len(mark if text.endswith(mark) else found[0])
            fix = context.replacing(end, use.span.end, "", f"remove the {mark} from the address")
        yield context.found(
            "LK118", use.span, f"the address ends in {quoted(mark)}", label="part of the sentence?", fix=fix
        )


def _may_end_so(use: AddressUse, mark: str) -> bool:
    """Whether the mark may be part of the address: `Apple_Inc.`, a search for `what.`, or a fragment."""
    address = use.address
    if address.fragment:
        return True
    if mark in {".", ":", "..."}:
        return bool(address.query) or bool(_WIKI.search(address.host + address.path)) or address.path in {"", "/"}
    return False


@rule("LK119", "unbalanced-parentheses", "Parentheses in addresses are paired", "links", severity=WARNING)
def unbalanced(context: CheckContext) -> Iterator[Diagnostic]:
    """LK119: one parenthesis of a pair is in the address, and the other is outside."""
    for use in written(context.links):
        plain = unquote(use.href.partition("#:~:")[0])  # a text fragment may quote any text of the page
        opened, closed = plain.count("("), plain.count(")")
        paired = opened == closed or use.href.count("(") == use.href.count(")")
        if use.address.on_web and not paired and not context.text_at(use.span).startswith("("):
            lacks, has = (")", "(") if opened > closed else ("(", ")")
            yield context.found(
                "LK119",
                use.span,
                f"the address has `{has}` without `{lacks}`",
                label="cut short?" if lacks == ")" else "part of the sentence?",
            )


_STRAY = {
    "%E2%80%8B": "an invisible space (U+200B)",
    "%E2%81%A0": "an invisible joiner (U+2060)",
    "%EF%BB%BF": "an invisible mark (U+FEFF)",
    "%C2%AD": "an invisible hyphen (U+00AD)",
    "%E2%80%AA": "an invisible mark of direction (U+202A)",
    "%E2%80%AC": "an invisible mark of direction (U+202C)",
    "%E2%80%8E": "an invisible mark of direction (U+200E)",
    "%E2%80%8F": "an invisible mark of direction (U+200F)",
    "%EF%BF%BD": "a character that was lost (U+FFFD)",
}
_BLANK_END = re.compile(r"(?:%20|%09|%0A|%0D|%C2%A0|%E3%80%80)+\Z", re.IGNORECASE)
_CUT = re.compile(r"(?:%E2%80%A6|\.\.\.)\Z", re.IGNORECASE)


@rule("LK121", "stray-characters", "Addresses have no invisible characters", "links", severity=WARNING, fixable=True)
def stray_characters(context: CheckContext) -> Iterator[Diagnostic]:
    """LK121: characters that do not belong in an address: invisible ones, a space at its end, or the … of a shortened one."""
    for use in written(context.links):
        address = use.address
        if not address.on_web or not is_host(address.host) or not ("%" in use.href or use.href.endswith("...")):
            continue
        if what := next((what for code, what in _STRAY.items() if code in use.href.upper()), ""):
            yield context.found("LK121", use.span, f"the address contains {what}", fix=_seen_only(context, use))
        elif found := _BLANK_END.search(use.href):
            yield context.found(
                "LK121",
                use.span,
                "the address ends with a space",
                label=f"as `{found[0]}`",
                fix=_ending_cut(context, use, found[0]),
            )
        elif _CUT.search(use.href):
            yield context.found(
                "LK121", use.span, "the address ends in `…`", label="copied from a place that shortened it?"
            )


def _seen_only(context: CheckContext, use: AddressUse) -> Fix | None:
    text = context.text_at(use.span)
    codes = "|".join(code for code in _STRAY if code != "%EF%BF%BD")
    seen = re.sub(
        codes, "", re.sub("[\u00ad\u200b\u200e\u200f\u202a\u202c\u2060\ufeff]", "", text), flags=re.IGNORECASE
    )
    if seen == text or "%EF%BF%BD" in use.href.upper():
        return None
    return context.replacing(use.span.start, use.span.end, seen, "remove the invisible characters from the address")


def _ending_cut(context: CheckContext, use: AddressUse, ending: str) -> Fix | None:
    text = context.text_at(use.span)
    if not text.endswith(ending):
        return None
    end = use.span.end
    return context.replacing(end - len(ending), end, "", "remove the space at the end of the address")


_ENCODED_TWICE = late(
    r"%25(?:2[0-9A-F]|3[A-F]|40|5[BCDE]|7[BCD]|(?:C[2-9A-F]|D[0-9A-F]|E[0-9A-F])%25[89AB][0-9A-F])", re.IGNORECASE
)


@rule("LK122", "double-encoded", "Addresses are encoded once", "links", severity=WARNING)
def double_encoded(context: CheckContext) -> Iterator[Diagnostic]:
    """LK122: `%2520`: an encoded space was encoded once more.

    In a query it may be right, as part of another address.
    """
    for use in written(context.links):
        found = _ENCODED_TWICE.search(use.address.path) if use.address.on_web else None
        if found:
            yield context.found(
                "LK122",
                use.span,
                f"the address has {quoted(found[0])} where {quoted('%' + found[0][3:].replace('%25', '%'))} was meant",
                label="encoded twice",
            )
