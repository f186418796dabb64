"""Mailchimp: merge tags between `*|` and `|*`, with conditions around them."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Pictures, Service, ServiceFact
from newsletter.services.notations import conditional
from newsletter.tokens import POSTAL_ADDRESS, PREFERENCES, UNSUBSCRIBE, VIEW_IN_BROWSER

_NAMES = {"first_name": "FNAME", "last_name": "LNAME", "name": "FNAME", "email": "EMAIL"}
_LONGEST = 10
"""The most characters of a merge tag's name."""

MAILCHIMP = Service(
    name="mailchimp",
    title="Mailchimp",
    docs="https://mailchimp.com/help/all-the-merge-tags-cheat-sheet/",
    addresses={
        UNSUBSCRIBE: "*|UNSUB|*",
        PREFERENCES: "*|UPDATE_PROFILE|*",
        VIEW_IN_BROWSER: "*|ARCHIVE|*",
        POSTAL_ADDRESS: "*|LIST:ADDRESSLINE|*",
    },
    personal=conditional(
        lambda name: _NAMES.get(name) or name.upper()[:_LONGEST],
        service="Mailchimp",
        given="*|IF:%s|*…",
        otherwise="*|ELSE:|*…*|END:IF|*",
        value="*|%s|*",
    ),
    reserved=("*|", "|*"),
    touching="*|",
    notes="Custom fields are the audience's merge tags, in capitals and of ten characters at most: `company` is `*|COMPANY|*`.",
    pictures=Pictures.EITHER,
    needs=(UNSUBSCRIBE, POSTAL_ADDRESS),
    adds="A footer with its own unsubscribe link, if there is none.",
    rewrites="Links, to count clicks.",
    tag=r"\*\|[A-Z][A-Z0-9_]*(?::[^|\n]{0,60})?\|\*",
    draft=DraftWay(
        "POST /3.0/campaigns, then PUT /3.0/campaigns/{id}/content",
        "A campaign is a draft (`save`) until one of its actions is called.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact("unsubscribe", Evidence.DOCUMENTED, "https://mailchimp.com/help/customize-your-footer-content"),
        ServiceFact("web view", Evidence.THIRD_PARTY, "Newspack's merge tags"),
        ServiceFact("preferences", Evidence.DOCUMENTED, "https://mailchimp.com/help/customize-your-footer-content"),
        ServiceFact("postal address", Evidence.DOCUMENTED, "https://mailchimp.com/help/customize-your-footer-content"),
        ServiceFact("fields", Evidence.THIRD_PARTY, "ten public repositories agree"),
    ),
)
