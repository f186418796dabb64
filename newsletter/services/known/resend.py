"""Resend, Broadcasts: three braces, a fallback after a bar, and nothing is escaped."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from newsletter.services.base import CannotExpressError, DraftWay, Evidence, Service, ServiceFact, TokenContext
from newsletter.services.notations import only_email_in_addresses
from newsletter.tokens import UNSUBSCRIBE


def _personal(name: str, fallback: str, place: TokenContext) -> str:
    """`{{{contact.first_name|there}}}`, without spaces."""
    only_email_in_addresses(name, place, "Resend")
    called = "first_name" if name == "name" else name
    if place.encoded:
        fallback = quote(fallback, safe="")
    elif not place.plain:
        fallback = escape(fallback).replace("{", "&#123;").replace("}", "&#125;").replace("|", "&#124;")
    elif set(fallback) & set("{}|"):
        raise CannotExpressError(
            f"the fallback of `{name}`, {fallback!r}, cannot be written for Resend: braces and bars are its own",
            hint="Leave out the braces and the bar.",
        )
    return f"{{{{{{contact.{called}|{fallback}}}}}}}" if fallback else f"{{{{{{contact.{called}}}}}}}"


RESEND = Service(
    name="resend",
    title="Resend (Broadcasts)",
    docs="https://resend.com/docs/dashboard/broadcasts/introduction",
    addresses={UNSUBSCRIBE: "{{{RESEND_UNSUBSCRIBE_URL}}}"},
    personal=_personal,
    reserved=("{{", "{%", "{#"),
    touching="{}|",
    notes="It has no web view and no page of preferences: those links go to your own site. Custom fields are properties of contacts.",
    tag=r"\{\{\{\s*(?:RESEND_UNSUBSCRIBE_URL|contact\.\w+(?:\|[^{}\n]*)?|FIRST_NAME(?:\|[^{}\n]*)?)\s*\}\}\}",
    draft=DraftWay("POST /broadcasts", "With `send: false`, its default.", Evidence.DOCUMENTED),
    facts=(
        ServiceFact(
            "unsubscribe", Evidence.DOCUMENTED, "https://resend.com/docs/dashboard/broadcasts/send-broadcast-with-api"
        ),
        ServiceFact("fields", Evidence.DOCUMENTED, "https://resend.com/docs, contacts/properties"),
    ),
)
