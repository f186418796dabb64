"""LK: addresses that work, but not as well as they could; and slips of the pen within an address."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsletter.check.facts.addresses import replacing, source_of, tracking_names, without_tracking, written
from newsletter.check.facts.hosts import is_host, same_site, unreachable_host
from newsletter.check.rule import rule
from newsletter.check.wording import count_of, quoted
from newsletter.diagnostics import Severity
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.check.facts.addresses import AddressUse
    from newsletter.diagnostics import Diagnostic, Fix

SHORTENERS = frozenset(
    """
    adf.ly bit.do bit.ly bitly.com bl.ink buff.ly chilp.it cli.gs cutt.ly db.tt dlvr.it fb.me goo.gl hyperurl.co ift.tt
    is.gd j.mp lc.chat lnkd.in mcaf.ee ow.ly po.st q.gs qr.ae rb.gy rebrand.ly rotf.lol s.coop s.id shorte.st shorturl.at
    shorturl.com snip.ly soo.gd su.pr t.co t.ly tiny.cc tiny.one tinyurl.com tny.im tr.im trib.al u.to urlr.me v.gd
    vzturl.com wa.link x.co y2u.be zpr.io
    """.split()
)
"""Services that shorten any address for anybody. Short forms that one site has for its own pages (youtu.be, wp.me) are none."""


@rule("LK106", "plain-http", "Addresses begin with https", "links", severity=Severity.WARNING)
def plain_http(context: CheckContext) -> Iterator[Diagnostic]:
    """LK106: `http:`, told once for each site."""
    if context.house.links.http:
        return
    plain = [use for use in written(context) if use.address.scheme == "http" and _reachable(use)]
    by_host = sorted(plain, key=lambda use: (use.address.host, use.span.start))
    for host, group in groupby(by_host, key=lambda use: use.address.host):
        first, *others = group
        more = f", as {count_of(len(others), 'other address')} of this site do" if others else ""
        yield context.found(
            "LK106",
            first.span,
            f"the address begins with `http:`{more}".replace("addresss", "addresses"),
            label="not encrypted on its way",
            mend=f"Try `https://{host}`: nearly every site has it.",
        )


def _reachable(use: AddressUse) -> bool:
    host = use.address.host
    return bool(host) and is_host(host) and not unreachable_host(host)


@rule(
    "LK107",
    "tracking-parameters",
    "Addresses do not tell who clicked",
    "links",
    severity=Severity.WARNING,
    fixable=True,
)
def tracking(context: CheckContext) -> Iterator[Diagnostic]:
    """LK107: the address tells who clicked. Those of the publication's own site may: they are its own statistics."""
    if context.house.links.tracking:
        return
    own = urlsplit(context.publication.url).hostname or ""
    for use in written(context):
        address = use.address
        if not (address.on_web and address.query) or (own and same_site(address.host, own)):
            continue
        names = list(dict.fromkeys(tracking_names(address.query, address.host, address.path)))
        if names:
            yield context.found(
                "LK107",
                use.span,
                f"the address carries {', '.join(map(quoted, names))}",
                label="tells its site where readers come from; none of it is needed",
                fix=_untracked(context, use),
            )


def _untracked(context: CheckContext, use: AddressUse) -> Fix | None:
    text = source_of(context, use.span)
    left = without_tracking(text, use.address.host, use.address.path)
    if left == text or "\\" in text or "&#" in text:
        return None
    return replacing(context, use.span.start, use.span.end, left, "take the tracking parameters out of the address")


@rule("LK108", "shortened-address", "Addresses show where they lead", "links", severity=Severity.WARNING)
def shortener(context: CheckContext) -> Iterator[Diagnostic]:
    """LK108: a shortened address hides where it leads, and dies with the service that made it."""
    if context.house.links.shorteners:
        return
    for use in written(context):
        host = use.address.host.removeprefix("www.")
        if use.address.on_web and host in SHORTENERS and use.address.path.strip("/"):
            yield context.found(
                "LK108",
                use.span,
                f"{quoted(host)} hides where this leads",
                label="write the whole address",
            )


# ── Slips of the pen ────────────────────────────────────────────────────────────────────────────────────────────────

_PUNCTUATION = late(r"(?:[,;:.]+|(?:%E3%80%8[12]|%EF%BC%8C|%EF%BC%9[AB]|%EF%BC%89|%E2%80%9[9D])+)\Z", re.IGNORECASE)
"""`,` `;` `:` `.`; `、` `。` `，` `：` `；` `）`; closing quotation marks."""
_OPENING = {"%E2%80%9D": "%E2%80%9C", "%E2%80%99": "%E2%80%98", "%EF%BC%89": "%EF%BC%88"}
"""What closes something that the address opened is its own."""
_WIKI = late(r"wiki|fandom", re.IGNORECASE)
_SURELY = frozenset(",;，；、。”’")


@rule(
    "LK118",
    "swallowed-punctuation",
    "Addresses end where the sentence goes on",
    "links",
    severity=Severity.WARNING,
    fixable=True,
)
def swallowed(context: CheckContext) -> Iterator[Diagnostic]:
    """LK118: punctuation of the sentence went into the address."""
    for use in written(context):
        found = _PUNCTUATION.search(use.href) if use.address.on_web and is_host(use.address.host) else None
        if not found or _OPENING.get(found[0].upper(), " ") in use.href.upper() or _may_end_so(use, unquote(found[0])):
            continue
        text, mark = source_of(context, use.span), unquote(found[0])
        fix = None
        if text.endswith((mark, found[0])) and set(mark) <= _SURELY and not re.search(r"&#?\w+;\Z", text):
            end = use.span.end - len(mark if text.endswith(mark) else found[0])
            fix = replacing(context, end, use.span.end, "", f"take the {mark} out of the address")
        yield context.found(
            "LK118", use.span, f"the address ends in {quoted(mark)}", label="part of the sentence?", fix=fix
        )


def _may_end_so(use: AddressUse, mark: str) -> bool:
    """Whether that may well be part of it: `Apple_Inc.`, a search for `what.`, a fragment, which may be anything."""
    address = use.address
    if address.fragment:
        return True
    if mark in {".", ":", "..."}:
        return bool(address.query) or bool(_WIKI.search(address.host + address.path)) or address.path in {"", "/"}
    return False


@rule("LK119", "unbalanced-parentheses", "Addresses have parentheses in pairs", "links", severity=Severity.WARNING)
def unbalanced(context: CheckContext) -> Iterator[Diagnostic]:
    """LK119: one parenthesis of a pair is in the address, the other is not."""
    for use in written(context):
        opened, closed = use.href.count("("), use.href.count(")")
        if use.address.on_web and opened != closed and not source_of(context, use.span).startswith("("):
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
_BLANK_END = late(r"(?:%20|%09|%0A|%0D|%C2%A0|%E3%80%80)+\Z", re.IGNORECASE)
_CUT = late(r"(?:%E2%80%A6|\.\.\.)\Z", re.IGNORECASE)


@rule(
    "LK121",
    "stray-characters",
    "Addresses hold no invisible characters",
    "links",
    severity=Severity.WARNING,
    fixable=True,
)
def stray_characters(context: CheckContext) -> Iterator[Diagnostic]:
    """LK121: characters that nobody meant to be in an address: invisible ones, a blank at its end, the … of a cut one."""
    for use in written(context):
        address = use.address
        if not address.on_web or not is_host(address.host) or not ("%" in use.href or use.href.endswith("...")):
            continue
        if what := next((what for code, what in _STRAY.items() if code in use.href.upper()), ""):
            yield context.found("LK121", use.span, f"the address holds {what}", fix=_seen_only(context, use))
        elif found := _BLANK_END.search(use.href):
            yield context.found(
                "LK121",
                use.span,
                "the address ends in a blank",
                label=f"as `{found[0]}`",
                fix=_ending_cut(context, use, found[0]),
            )
        elif _CUT.search(use.href):
            yield context.found(
                "LK121", use.span, "the address ends in `…`", label="copied from where it was shown cut short?"
            )


def _seen_only(context: CheckContext, use: AddressUse) -> Fix | None:
    text = source_of(context, use.span)
    codes = "|".join(code for code in _STRAY if code != "%EF%BF%BD")
    seen = re.sub(
        codes, "", re.sub("[\u00ad\u200b\u200e\u200f\u202a\u202c\u2060\ufeff]", "", text), flags=re.IGNORECASE
    )
    if seen == text or "%EF%BF%BD" in use.href.upper():
        return None
    return replacing(context, use.span.start, use.span.end, seen, "take the invisible characters out of the address")


def _ending_cut(context: CheckContext, use: AddressUse, ending: str) -> Fix | None:
    text = source_of(context, use.span)
    if not text.endswith(ending):
        return None
    end = use.span.end
    return replacing(context, end - len(ending), end, "", "take the blank off the end of the address")


_ENCODED_TWICE = late(
    r"%25(?:2[0-9A-F]|3[A-F]|40|5[BCDE]|7[BCD]|(?:C[2-9A-F]|D[0-9A-F]|E[0-9A-F])%25[89AB][0-9A-F])", re.IGNORECASE
)


@rule("LK122", "double-encoded", "Addresses are encoded once", "links", severity=Severity.WARNING)
def double_encoded(context: CheckContext) -> Iterator[Diagnostic]:
    """LK122: `%2520`: a blank encoded, and the `%` of that encoded again. In a query it may be another address."""
    for use in written(context):
        found = _ENCODED_TWICE.search(use.address.path) if use.address.on_web else None
        if found:
            yield context.found(
                "LK122",
                use.span,
                f"the address has {quoted(found[0])} where {quoted('%' + found[0][3:].replace('%25', '%'))} was meant",
                label="encoded twice",
            )
