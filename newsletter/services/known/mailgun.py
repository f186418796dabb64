"""Mailgun: stored templates in Handlebars, and its own addresses between percent signs. It has no campaigns."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Service, ServiceFact
from newsletter.services.notations import handlebars, named
from newsletter.tokens import UNSUBSCRIBE

MAILGUN = Service(
    name="mailgun",
    title="Mailgun (templates)",
    docs="https://documentation.mailgun.com/docs/mailgun/user-manual/tracking-messages/",
    addresses={UNSUBSCRIBE: "%unsubscribe_url%"},
    personal=handlebars(named({}), service="Mailgun"),
    reserved=("{{", "%recipient", "%unsubscribe_", "%tag_unsubscribe_", "%mailing_list_unsubscribe_"),
    touching="{}%\\",
    notes="For a stored template with the engine `handlebars`; `%recipient.name%` knows no fallback. It shows no letter on the web and keeps no "
    "preferences: those links go to your own site.",
    tag=r"%(?:recipient(?:\.[\w.]+)?|(?:tag_|mailing_list_)?unsubscribe_(?:url|email))%",
    draft=DraftWay(
        "POST /v3/{domain}/templates",
        "A stored template is sent by nothing but a call to `/messages`.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact("unsubscribe", Evidence.DOCUMENTED, "https://documentation.mailgun.com, tracking-messages"),
        ServiceFact("fields", Evidence.DOCUMENTED, "mailgun.js 14, DomainTemplates: the engine is Handlebars"),
    ),
)
