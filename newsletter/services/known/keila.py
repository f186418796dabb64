"""Keila, from version 0.30 on, which takes HTML campaigns: Liquid."""

from __future__ import annotations

from newsletter.services.base import Evidence, Pictures, Service, ServiceFact
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
    notes="From version 0.30 on. Own fields are data of contacts; it shows no letter on the web and keeps no preferences: those links lead to your own site.",
    takes_text=False,
    pictures=Pictures.EITHER,
    tag=r"\{\{\s*(?:contact\.(?:first_name|last_name|email|data\.\w+)[^{}\n]*|unsubscribe_link)\s*\}\}",
    facts=(
        ServiceFact("HTML campaigns", Evidence.THIRD_PARTY, "pentacent/keila#134, by the maintainer"),
        ServiceFact("fields", Evidence.DOCUMENTED, "pentacent/keila, priv/email_templates/default-markdown-content.md"),
        ServiceFact("unsubscribe", Evidence.UNCONFIRMED, "`unsubscribe_link`"),
        ServiceFact("own fields", Evidence.UNCONFIRMED, "`contact.data`"),
        ServiceFact("plain text", Evidence.UNCONFIRMED, "made by the service"),
    ),
)
