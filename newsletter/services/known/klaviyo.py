"""Klaviyo: Django templates, with its own tags for addresses."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Pictures, Service, ServiceFact
from newsletter.services.notations import django
from newsletter.tokens import POSTAL_ADDRESS, PREFERENCES, UNSUBSCRIBE, VIEW_IN_BROWSER

_NAMES = {"first_name": "first_name", "last_name": "last_name", "name": "first_name", "email": "email"}

KLAVIYO = Service(
    name="klaviyo",
    title="Klaviyo",
    docs="https://developers.klaviyo.com/en/docs/django_message_design",
    addresses={
        UNSUBSCRIBE: "{% unsubscribe_link %}",
        PREFERENCES: "{% manage_preferences_link %}",
        VIEW_IN_BROWSER: "{% web_view_link %}",
        POSTAL_ADDRESS: "{{ organization.full_address }}",
    },
    personal=django(lambda name: _NAMES.get(name) or f"person|lookup:'{name}'"),
    reserved=("{{", "{%", "{#"),
    touching="{}%",
    notes="Custom fields are properties of profiles, called as there: `person|lookup:'company'`.",
    pictures=Pictures.EITHER,
    tag=r"\{%\s*(?:unsubscribe(?:_link)?|manage_preferences(?:_link)?|web_view(?:_link)?)(?:\s[^{}%\n]*)?\s*%\}"
    r"|\{\{\s*(?:organization\.\w+|person(?:\.|\|)[^{}\n]*)\s*\}\}",
    draft=DraftWay(
        "POST /api/templates, /api/campaigns, /api/campaign-message-assign-template",
        "Only a campaign-send-job sends.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact("unsubscribe", Evidence.DOCUMENTED, "https://developers.klaviyo.com/en/docs/django_message_design"),
        ServiceFact("web view", Evidence.DOCUMENTED, "https://developers.klaviyo.com/en/docs/django_message_design"),
        ServiceFact("preferences", Evidence.DOCUMENTED, "https://developers.klaviyo.com/en/docs/django_message_design"),
        ServiceFact(
            "postal address", Evidence.DOCUMENTED, "https://developers.klaviyo.com/en/docs/django_message_design"
        ),
        ServiceFact(
            "fields",
            Evidence.DOCUMENTED,
            "https://developers.klaviyo.com/en/docs/glossary_of_variable_filters; run with Django 5.2",
        ),
        ServiceFact("pictures", Evidence.DOCUMENTED, "klaviyo/openapi, image-upload"),
    ),
)
