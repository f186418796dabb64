"""Buttondown: Django templates. Its `naked` template accepts a whole document; it makes the plain text itself."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Pictures, Service, ServiceFact
from newsletter.services.notations import django, named
from newsletter.tokens import PREFERENCES, UNSUBSCRIBE, VIEW_IN_BROWSER

BUTTONDOWN = Service(
    name="buttondown",
    title="Buttondown",
    docs="https://docs.buttondown.com/templating",
    addresses={
        UNSUBSCRIBE: "{{ unsubscribe_url }}",
        PREFERENCES: "{{ manage_subscription_url }}",
        VIEW_IN_BROWSER: "{{ email.absolute_url }}",
    },
    personal=django(named({"email": "subscriber.email"}, "subscriber.metadata.")),
    reserved=("{{", "{%", "{#"),
    touching="{}%",
    notes="Choose the template `naked`, a paid feature. The first line marks the body as HTML. Personal fields are metadata of subscribers; "
    "the page of preferences needs the Portal.",
    takes_text=False,
    pictures=Pictures.EITHER,
    adds="An unsubscribe link, if there is none.",
    tag=r"\{\{\s*(?:subscriber\.[\w.]+|email\.absolute_url|manage_subscription_url)[^{}\n]*\}\}",
    last_step=lambda html: f"<!-- buttondown-editor-mode: fancy -->{html}",
    draft=DraftWay(
        "POST /v1/emails",
        'Only with `"status": "draft"`; a key with `sending_access: none` cannot send.',
        Evidence.DOCUMENTED,
        sends=True,
    ),
    facts=(
        ServiceFact("unsubscribe", Evidence.DOCUMENTED, "buttondown/docs, naked-mode.mdoc"),
        ServiceFact("web view", Evidence.DOCUMENTED, "buttondown/docs, templating.mdoc"),
        ServiceFact("preferences", Evidence.DOCUMENTED, "buttondown/docs, templating.mdoc"),
        ServiceFact("fields", Evidence.RUN, "Django 5.2"),
        ServiceFact("plain text", Evidence.DOCUMENTED, "buttondown/docs, openapi.json"),
        ServiceFact("first line", Evidence.DOCUMENTED, "buttondown/docs, api-emails-create.mdoc"),
    ),
)
