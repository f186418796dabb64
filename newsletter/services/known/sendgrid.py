"""Twilio SendGrid, Single Sends of Marketing Campaigns: Handlebars."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Service, ServiceFact
from newsletter.services.notations import handlebars, named
from newsletter.tokens import POSTAL_ADDRESS, PREFERENCES, UNSUBSCRIBE, VIEW_IN_BROWSER

_POSTAL = "{{Sender_Address}}, {{Sender_City}}, {{Sender_State}} {{Sender_Zip}}, {{Sender_Country}}"

SENDGRID = Service(
    name="sendgrid",
    title="Twilio SendGrid (Single Sends)",
    docs="https://www.twilio.com/docs/sendgrid/ui/sending-email/editor",
    addresses={
        UNSUBSCRIBE: "{{{unsubscribe}}}",
        PREFERENCES: "{{{unsubscribe_preferences}}}",
        VIEW_IN_BROWSER: "{{Weblink}}",
        POSTAL_ADDRESS: _POSTAL,
    },
    # With two braces, the value is escaped for HTML.
    text_addresses={
        VIEW_IN_BROWSER: "{{{Weblink}}}",
        POSTAL_ADDRESS: _POSTAL.replace("{{", "{{{").replace("}}", "}}}"),
    },
    personal=handlebars(named({"name": "first_name"}), service="SendGrid"),
    reserved=("{{", "{%", "{#", "<%"),
    touching="{}\\",
    notes="Use the code editor, and turn off automatic plain text. The `<%asm_…%>` tags of transactional mail must not be in it.",
    adds="Its own plain text where `generate_plain_content` is left on.",
    rewrites="Links, to count clicks.",
    tag=r"\{\{\{?\s*(?:unsubscribe(?:_preferences)?|Weblink|Sender_[A-Z]\w+|insert\s[^{}\n]*)\s*\}?\}\}|<%asm_\w+%>",
    draft=DraftWay(
        "POST /v3/marketing/singlesends",
        "Without `send_at` it stays a draft; sending is a call of its own.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact("unsubscribe", Evidence.DOCUMENTED, "Twilio docs, Choose an email editor"),
        ServiceFact("web view", Evidence.DOCUMENTED, "Twilio docs, Choose an email editor"),
        ServiceFact("preferences", Evidence.DOCUMENTED, "Twilio docs, Choose an email editor"),
        ServiceFact("postal address", Evidence.DOCUMENTED, "Twilio docs, Choose an email editor"),
        ServiceFact("fields", Evidence.RUN, "Handlebars"),
    ),
)
