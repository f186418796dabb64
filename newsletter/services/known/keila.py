"""Keila, from version 0.30 on, which accepts HTML campaigns: Liquid."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Pictures, Service, ServiceFact
from newsletter.services.notations import liquid, named
from newsletter.tokens import UNSUBSCRIBE

_NAMES = {
    "first_name": "contact.first_name",
    "last_name": "contact.last_name",
    "name": "contact.first_name",
    "email": "contact.email",
}

KEILA = Service(
    name="keila",
    title="Keila",
    docs="https://www.keila.io/docs",
    addresses={UNSUBSCRIBE: "{{ unsubscribe_link }}"},
    personal=liquid(named(_NAMES, "contact.data."), escaping="escape"),
    reserved=("{{", "{%", "{#"),
    touching="{}%",
    notes="From version 0.30 on. Custom fields are data of contacts; it has no web view and no page of preferences: those links go to your own site.",
    takes_text=False,
    pictures=Pictures.EITHER,
    tag=r"\{\{\s*(?:contact\.(?:first_name|last_name|email|data\.\w+)[^{}\n]*|unsubscribe_link)\s*\}\}",
    draft=DraftWay(
        "POST /api/v1/campaigns",
        "A campaign is sent or scheduled by an action of its own alone.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact(
            "HTML campaigns", Evidence.DOCUMENTED, "pentacent/keila, lib/keila_web/api/schemas/mailings_campaign.ex"
        ),
        ServiceFact("fields", Evidence.DOCUMENTED, "pentacent/keila, priv/email_templates/default-markdown-content.md"),
        ServiceFact(
            "unsubscribe", Evidence.DOCUMENTED, "pentacent/keila, priv/email_templates/default-html-content.html"
        ),
        ServiceFact("own fields", Evidence.DOCUMENTED, "pentacent/keila, lib/keila/mailings/renderer.ex"),
        ServiceFact(
            "plain text",
            Evidence.DOCUMENTED,
            "pentacent/keila, lib/keila/mailings/renderer/body_renderer/html.ex: made of the HTML",
        ),
    ),
)
