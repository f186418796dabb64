"""Campaign Monitor: tags in square brackets, and its own elements in place of some links."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from newsletter.late import late
from newsletter.services.base import MARK, CannotExpressError, DraftWay, Evidence, Service, ServiceFact, TokenContext
from newsletter.services.notations import only_email_in_addresses
from newsletter.tokens import PREFERENCES, UNSUBSCRIBE, VIEW_IN_BROWSER

_NAMES = {"first_name": "firstname", "last_name": "lastname", "name": "firstname"}
_ELEMENTS = {UNSUBSCRIBE: "unsubscribe", PREFERENCES: "preferences", VIEW_IN_BROWSER: "webversion"}
_LINK = late(rf'<a\b([^>]*?)\shref="\s*{MARK.pattern}\s*"([^>]*)>(.*?)</a\s*>', re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r'\sstyle="[^"]*"', re.IGNORECASE)


def _personal(name: str, fallback: str, place: TokenContext) -> str:
    """`[firstname,fallback=there]`. Nothing is quoted, so a fallback cannot contain the characters that end the tag."""
    only_email_in_addresses(name, place, "Campaign Monitor")
    called = _NAMES.get(name, name)
    if place.encoded:
        fallback = quote(fallback, safe="")
    elif not place.plain:
        fallback = escape(fallback).replace("[", "&#91;").replace("]", "&#93;")
    elif set(fallback) & set("[]"):
        raise CannotExpressError(
            f"the fallback of `{name}`, {fallback!r}, cannot be written for Campaign Monitor: a `]` ends it",
            hint="Leave out the brackets.",
        )
    return f"[{called},fallback={fallback}]" if fallback or called != "email" else "[email]"


def _as_elements(html: str) -> str:
    """The HTML with the service's own elements for addresses that it makes for each reader: `<unsubscribe>words</unsubscribe>`."""
    return _LINK.sub(_element, html)


def _element(link: re.Match[str]) -> str:
    before, name, _place, _number, after, words = link.groups()
    if name not in _ELEMENTS:
        return link[0]
    style = _STYLE.search(before + after)
    inner = f"<span{style[0]}>{words}</span>" if style else words
    return f"<{_ELEMENTS[name]}>{inner}</{_ELEMENTS[name]}>"


CAMPAIGN_MONITOR = Service(
    name="campaign-monitor",
    title="Campaign Monitor",
    docs="https://help.campaignmonitor.com/personalize-your-emails",
    # Elsewhere such a token has no address: in a button in a comment for Outlook, for example.
    addresses={UNSUBSCRIBE: "[unsubscribe]", PREFERENCES: "[preferences]", VIEW_IN_BROWSER: "[webversion]"},
    personal=_personal,
    reserved=("<unsubscribe", "<webversion", "<preferences", "</unsubscribe", "</webversion", "</preferences"),
    patterns=(r"\[(?=[A-Za-z]\w*(?:,\s*fallback\s*=|\]))",),
    touching="[]",
    notes="The links to unsubscribe, to the web view and to preferences become its own elements. Custom fields have the names of your list.",
    rewrites="Moves style sheets into the elements, and links, to count clicks.",
    tag=r"\[[A-Za-z]\w*,\s*fallback\s*=[^\]\n]*\]|\[(?:unsubscribe|webversion|preferences|firstname|lastname|fullname)\](?![(\[])"
    r"|</?(?:unsubscribe|webversion|preferences)\b[^>\n]*>",
    last_step=_as_elements,
    draft=DraftWay(
        "POST /api/v3.3/campaigns/{clientid}.json",
        "Creates a draft; the HTML is fetched from an address, so it must be on the web before.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact("unsubscribe", Evidence.THIRD_PARTY, "Newsletter Glue, and many others"),
        ServiceFact("web view", Evidence.THIRD_PARTY, "Newsletter Glue"),
        ServiceFact("preferences", Evidence.THIRD_PARTY, "Newsletter Glue"),
        ServiceFact("fields", Evidence.THIRD_PARTY, "six public repositories"),
        ServiceFact("part of an address", Evidence.UNCONFIRMED, "no filter is known that encodes"),
    ),
)
