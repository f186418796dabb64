"""No service at all: the letter as one complete message, as a mail program opens it and a server takes it."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from newsletter.services.base import Service, TokenContext


def _personal(_name: str, fallback: str, place: TokenContext) -> str:
    """Nobody is there to fill a field: its fallback, escaped for where it stands."""
    if place is TokenContext.ADDRESS:
        return quote(fallback, safe="")
    return fallback if place is TokenContext.TEXT else escape(fallback)


EML = Service(
    name="eml",
    title="One complete message, for mail programs and servers",
    docs="https://www.rfc-editor.org/rfc/rfc5322",
    addresses={},
    personal=_personal,
    notes="Personal fields stand at their fallbacks; `--token name=value` says one. Without `--token unsubscribe_url=…` readers "
    "unsubscribe by a mail to the sender.",
    message=True,
)
