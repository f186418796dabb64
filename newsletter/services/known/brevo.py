"""Brevo, formerly Sendinblue: templates like Django's, with the account's attributes in capitals."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Service, ServiceFact
from newsletter.services.notations import django
from newsletter.tokens import PREFERENCES, UNSUBSCRIBE, VIEW_IN_BROWSER

_NAMES = {"first_name": "FIRSTNAME", "last_name": "LASTNAME", "name": "FIRSTNAME"}

BREVO = Service(
    name="brevo",
    title="Brevo",
    docs="https://help.brevo.com/hc/en-us/articles/4402386448530",
    addresses={
        UNSUBSCRIBE: "{{ unsubscribe }}",
        PREFERENCES: "{{ update_profile }}",
        VIEW_IN_BROWSER: "{{ mirror }}",
    },
    personal=django(lambda name: f"contact.{_NAMES.get(name) or name.upper()}"),
    reserved=("{{", "{%", "{#"),
    touching="{}%",
    notes="Attributes have the names of your account: a French account has PRENOM. Set it with `--token first_name=…`. The page of "
    "preferences needs a form to update profiles.",
    takes_text=False,
    limit=1_000_000,
    tag=r"\{\{\s*(?:contact\.[A-Z0-9_]+[^{}\n]*|mirror|unsubscribe|update_profile)\s*\}\}",
    draft=DraftWay("POST /v3/emailCampaigns", "Without `scheduledAt` it stays a draft.", Evidence.DOCUMENTED),
    facts=(
        ServiceFact("unsubscribe", Evidence.THIRD_PARTY, "eight public repositories"),
        ServiceFact("web view", Evidence.THIRD_PARTY, "eight public repositories"),
        ServiceFact("preferences", Evidence.DOCUMENTED, "https://developers.brevo.com/reference/create-email-campaign"),
        ServiceFact("fields", Evidence.DOCUMENTED, "https://help.brevo.com, articles 4402386448530 and 4405381108626"),
        ServiceFact("part of an address", Evidence.UNCONFIRMED, "Django's filter `urlencode`"),
        ServiceFact("plain text", Evidence.DOCUMENTED, "brevo-python 5.1, email_campaigns"),
        ServiceFact("limit", Evidence.DOCUMENTED, "brevo-python 5.1, email_campaigns"),
    ),
)
