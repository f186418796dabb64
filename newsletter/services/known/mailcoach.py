"""Mailcoach, from version 6 on: Twig."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Pictures, Service, ServiceFact
from newsletter.services.notations import conditional, named
from newsletter.tokens import UNSUBSCRIBE, VIEW_IN_BROWSER

_NAMES = {
    "first_name": "subscriber.first_name",
    "last_name": "subscriber.last_name",
    "name": "subscriber.first_name",
    "email": "subscriber.email",
}

MAILCOACH = Service(
    name="mailcoach",
    title="Mailcoach",
    docs="https://mailcoach.app/features/twig-templates",
    addresses={UNSUBSCRIBE: "{{ unsubscribeUrl }}", VIEW_IN_BROWSER: "{{ webviewUrl }}"},
    personal=conditional(
        named(_NAMES, "subscriber.extra_attributes."),
        service="Mailcoach",
        given="{% if %s %}…",
        otherwise="{% else %}…{% endif %}",
        value="{{ %s|e }}",
        plain_value="{{ %s }}",
        encoded_value="{{ %s|url_encode }}",
    ),
    reserved=("{{", "{%", "{#"),
    touching="{}%",
    notes="From version 6 on. Custom fields are extra attributes of subscribers; it has no page of preferences: that link goes to your own site.",
    takes_text=False,
    pictures=Pictures.EITHER,
    tag=r"\{\{\s*(?:unsubscribeUrl|webviewUrl|unsubscribeTag\[[^{}\n]*)\s*\}\}|::(?:unsubscribeUrl|webviewUrl)::",
    draft=DraftWay(
        "POST /api/campaigns",
        "Creating a campaign makes a draft; sending is an action of its own.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact(
            "unsubscribe",
            Evidence.DOCUMENTED,
            "https://mailcoach.app/docs/self-hosted/v6/campaigns/creating-a-campaign",
        ),
        ServiceFact(
            "web view", Evidence.DOCUMENTED, "https://mailcoach.app/docs/self-hosted/v6/campaigns/creating-a-campaign"
        ),
        ServiceFact("fields", Evidence.DOCUMENTED, "https://mailcoach.app/features/twig-templates; run with Twig 3.5"),
        ServiceFact("own fields", Evidence.UNCONFIRMED, "`subscriber.extra_attributes`"),
        ServiceFact("plain text", Evidence.UNCONFIRMED, "made by the service"),
    ),
)
