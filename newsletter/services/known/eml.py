"""No service: the email as a message file, which email clients open and mail servers accept."""

from __future__ import annotations

from newsletter.services.base import Evidence, Form, Pictures, Service, ServiceFact
from newsletter.services.notations import at_fallback

EML = Service(
    name="eml",
    title="One complete message, for email clients and servers",
    docs="https://www.rfc-editor.org/rfc/rfc5322",
    addresses={},
    personal=at_fallback,
    notes="Personal fields show their fallbacks; `--token name=value` sets one. Without `--token unsubscribe_url=…` readers "
    "unsubscribe by a mail to the sender.",
    form=Form.MESSAGE,
    pictures=Pictures.EITHER,
    needs=(),
    facts=(ServiceFact("message", Evidence.RUN, "Python's own parser of messages, and its list of defects"),),
)
