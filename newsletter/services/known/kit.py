"""Kit, formerly ConvertKit: Liquid; as far as is known, it escapes nothing."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Service, ServiceFact
from newsletter.services.notations import liquid, named
from newsletter.tokens import POSTAL_ADDRESS, PREFERENCES, UNSUBSCRIBE

_NAMES = {"email": "subscriber.email_address", "name": "subscriber.first_name"}

KIT = Service(
    name="kit",
    title="Kit (ConvertKit)",
    docs="https://developers.kit.com/plugins/content-blocks/dynamic-blocks/liquid-templates",
    addresses={
        UNSUBSCRIBE: "{{ unsubscribe_url }}",
        PREFERENCES: "{{ subscriber_preferences_url }}",
        POSTAL_ADDRESS: "{{ address }}",
    },
    personal=liquid(named(_NAMES, "subscriber."), escaping="escape"),
    reserved=("{{", "{%", "{#"),
    touching="{}%",
    notes="Choose an email template without a look of its own. It has no web view of an email: the link goes to your web archive.",
    takes_text=False,
    needs=(UNSUBSCRIBE, POSTAL_ADDRESS),
    adds="What the chosen email template has.",
    tag=r"\{\{\s*(?:subscriber\.[\w.]+|unsubscribe_link|subscriber_preferences_url)[^{}\n]*\}\}",
    draft=DraftWay(
        "POST /v4/broadcasts",
        "With `send_at: null` and `public: false`; without a filter, all subscribers are the audience.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact("unsubscribe", Evidence.DOCUMENTED, "Kit's help, article 2810454"),
        ServiceFact("preferences", Evidence.THIRD_PARTY, "nine public repositories"),
        ServiceFact("postal address", Evidence.THIRD_PARTY, "several public repositories"),
        ServiceFact(
            "fields",
            Evidence.DOCUMENTED,
            "https://developers.kit.com/plugins/content-blocks/dynamic-blocks/liquid-templates",
        ),
        ServiceFact("fallback", Evidence.THIRD_PARTY, "Liquid's filter `default`, as users write it"),
        ServiceFact("plain text", Evidence.DOCUMENTED, "Kit's OpenAPI, v4"),
    ),
)
