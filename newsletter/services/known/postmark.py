"""Postmark: templates in Mustachio, for broadcast streams. It has no campaigns."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Service, ServiceFact
from newsletter.services.notations import conditional, named
from newsletter.tokens import UNSUBSCRIBE

POSTMARK = Service(
    name="postmark",
    title="Postmark (templates)",
    docs="https://postmarkapp.com/support/article/1077-template-syntax",
    addresses={UNSUBSCRIBE: "{{{ pm:unsubscribe }}}"},
    # In a section, the field itself is the scope: its name would be looked up inside of it.
    personal=conditional(
        named({}),
        service="Postmark",
        given="{{#%s}}…{{/%s}}",
        otherwise="{{^%s}}…{{/%s}}",
        value="{{%s}}",
        plain_value="{{{%s}}}",
        inside=".",
    ),
    reserved=("{{",),
    touching="{}",
    notes="For a template of a broadcast stream. It has no web view and no page of preferences: those links go to your own site.",
    adds="A footer with an unsubscribe link, if there is none.",
    tag=r"\{\{\{?\s*pm:unsubscribe(?:_url)?\s*\}?\}\}",
    draft=DraftWay(
        "POST /templates",
        "A stored template is sent by nothing but a call to send with it; `/templates/validate` renders it.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact("unsubscribe", Evidence.THIRD_PARTY, "ten public repositories"),
        ServiceFact("fields", Evidence.DOCUMENTED, "https://postmarkapp.com/support/article/1077-template-syntax"),
        ServiceFact("fallback", Evidence.UNCONFIRMED, "sections and inverted sections, as Mustache has them"),
    ),
)
