"""Amazon SES: stored templates in Handlebars, without escaping. It has no campaigns."""

from __future__ import annotations

from newsletter.services.base import DraftWay, Evidence, Service, ServiceFact
from newsletter.services.notations import handlebars, named
from newsletter.tokens import UNSUBSCRIBE

SES = Service(
    name="ses",
    title="Amazon SES (templates)",
    docs="https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html",
    addresses={UNSUBSCRIBE: "{{amazonSESUnsubscribeUrl}}"},
    personal=handlebars(named({}), service="Amazon SES", escapes=False),
    reserved=("{{",),
    touching="{}\\",
    notes="Values are filled in as they are: escape `<` and `&` in those of your list. The address to unsubscribe needs `ListManagementOptions` with the "
    "message, and is filled in twice at most: once in the HTML, once in the text.",
    adds="The header List-Unsubscribe, with `ListManagementOptions`.",
    tag=r"\{\{\{?\s*amazonSESUnsubscribeUrl\s*\}?\}\}",
    draft=DraftWay(
        "POST /v2/email/templates",
        "A stored template sends nothing; nor can a policy without `ses:Send*`.",
        Evidence.DOCUMENTED,
    ),
    facts=(
        ServiceFact(
            "unsubscribe",
            Evidence.DOCUMENTED,
            "https://docs.aws.amazon.com/ses/latest/dg/sending-email-subscription-management.html",
        ),
        ServiceFact("fields", Evidence.THIRD_PARTY, "aws-ses-v2-local"),
        ServiceFact("nothing is escaped", Evidence.RUN, "aws-ses-v2-local 2.10"),
    ),
)
