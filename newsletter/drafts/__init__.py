"""Makes an issue a draft at a mailing service, through the service's API.

The draft is created once and then updated, and never sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.drafts.base import no_api
from newsletter.drafts.beehiiv import BEEHIIV
from newsletter.drafts.brevo import BREVO
from newsletter.drafts.buttondown import BUTTONDOWN
from newsletter.drafts.campaign_monitor import CAMPAIGN_MONITOR
from newsletter.drafts.ghost import GHOST
from newsletter.drafts.keila import KEILA
from newsletter.drafts.kit import KIT
from newsletter.drafts.klaviyo import KLAVIYO
from newsletter.drafts.listmonk import LISTMONK
from newsletter.drafts.mailchimp import MAILCHIMP
from newsletter.drafts.mailcoach import MAILCOACH
from newsletter.drafts.mailerlite import MAILERLITE
from newsletter.drafts.mailgun import MAILGUN
from newsletter.drafts.postmark import POSTMARK
from newsletter.drafts.resend import RESEND
from newsletter.drafts.sendgrid import SENDGRID
from newsletter.drafts.ses import SES
from newsletter.services import service_named

if TYPE_CHECKING:
    from newsletter.drafts.base import DraftApi

APIS = (
    MAILCHIMP,
    BUTTONDOWN,
    LISTMONK,
    GHOST,
    KIT,
    BREVO,
    SENDGRID,
    MAILGUN,
    POSTMARK,
    SES,
    MAILERLITE,
    KLAVIYO,
    CAMPAIGN_MONITOR,
    RESEND,
    BEEHIIV,
    MAILCOACH,
    KEILA,
)
"""The services, in the order of the documentation. To add one, list it here."""


def api_named(service: str) -> DraftApi:
    """The API of a service. Raises UsageError for a service without one here, and for an unknown name."""
    for api in APIS:
        if api.service == service:
            return api
    service_named(service)
    raise no_api(service, [api.service for api in APIS])
