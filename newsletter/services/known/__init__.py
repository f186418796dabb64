"""The mailing services that are known by name, one module each. SERVICES lists all of them."""

from __future__ import annotations

from newsletter.services.known.beehiiv import BEEHIIV
from newsletter.services.known.brevo import BREVO
from newsletter.services.known.buttondown import BUTTONDOWN
from newsletter.services.known.campaign_monitor import CAMPAIGN_MONITOR
from newsletter.services.known.eml import EML
from newsletter.services.known.ghost import GHOST
from newsletter.services.known.html import GENERIC, GENERIC_DJANGO
from newsletter.services.known.keila import KEILA
from newsletter.services.known.kit import KIT
from newsletter.services.known.klaviyo import KLAVIYO
from newsletter.services.known.listmonk import LISTMONK
from newsletter.services.known.mailchimp import MAILCHIMP
from newsletter.services.known.mailcoach import MAILCOACH
from newsletter.services.known.mailerlite import MAILERLITE
from newsletter.services.known.mailgun import MAILGUN
from newsletter.services.known.postmark import POSTMARK
from newsletter.services.known.resend import RESEND
from newsletter.services.known.sendgrid import SENDGRID
from newsletter.services.known.ses import SES
from newsletter.services.known.substack import SUBSTACK

__all__ = ["EML", "GENERIC", "SERVICES"]

SERVICES = (
    GENERIC,
    GENERIC_DJANGO,
    EML,
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
    SUBSTACK,
    BEEHIIV,
    MAILCOACH,
    KEILA,
)
"""The services, in the order of the documentation. To add one, list it here."""
