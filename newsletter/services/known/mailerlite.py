"""MailerLite: tags in single braces with a dollar sign."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from newsletter.services.base import CannotExpressError, DraftWay, Evidence, Service, ServiceFact, TokenContext
from newsletter.services.notations import only_email_in_addresses
from newsletter.tokens import PREFERENCES, UNSUBSCRIBE, VIEW_IN_BROWSER

_NAMES = {"first_name": "name"}


def _personal(name: str, fallback: str, place: TokenContext) -> str:
    """`{$name|default('there')}`. The service accepts single quotes only; with others, the whole tag is empty."""
    only_email_in_addresses(name, place, "MailerLite")
    called = _NAMES.get(name, name)
    if not fallback:
        return f"{{${called}}}"
    if place.encoded:
        return f"{{${called}|default('{quote(fallback, safe='')}')}}"
    if not place.plain:
        fallback = escape(fallback).replace("{", "&#123;").replace("}", "&#125;")
    elif set(fallback) & set("'{}"):
        raise CannotExpressError(
            f"the fallback of `{name}`, {fallback!r}, cannot be written for MailerLite: it is in single quotes",
            hint="Leave out the braces, and write ’ for the apostrophe.",
        )
    return f"{{${called}|default('{fallback}')}}"


MAILERLITE = Service(
    name="mailerlite",
    title="MailerLite",
    docs="https://www.mailerlite.com/help/how-to-use-the-custom-html-editor",
    addresses={UNSUBSCRIBE: "{$unsubscribe}", PREFERENCES: "{$preferences}", VIEW_IN_BROWSER: "{$url}"},
    personal=_personal,
    reserved=("{$",),
    touching="{}",
    notes="HTML of your own is a feature of the Advanced plan. The first name is its field `name`.",
    tag=r"\{\$(?:(?:unsubscribe|preferences|url|name|last_name|email)|[a-z_]+\|default\([^{}\n]*\))\}",
    draft=DraftWay("POST /api/campaigns", "A campaign is a draft until it is scheduled.", Evidence.THIRD_PARTY),
    facts=(
        ServiceFact(
            "unsubscribe", Evidence.DOCUMENTED, "developers-classic.mailerlite.com, put-custom-content-to-campaign"
        ),
        ServiceFact(
            "web view", Evidence.DOCUMENTED, "developers-classic.mailerlite.com, put-custom-content-to-campaign"
        ),
        ServiceFact("preferences", Evidence.THIRD_PARTY, "public repositories"),
        ServiceFact("fields", Evidence.THIRD_PARTY, "users who quote MailerLite's help"),
    ),
)
