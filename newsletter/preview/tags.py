"""The text in place of each merge tag: the tag of a service, or the data of a reader."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from newsletter.records import dataclass
from newsletter.services import EML, GENERIC, CannotExpressError, TokenContext
from newsletter.services.filling import SAMPLE_READER, Filling
from newsletter.tokens import SERVICE_TOKENS, VIEW_IN_BROWSER, fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.config.publication import Publication
    from newsletter.services import Service

READER, NOBODY = "reader", "nobody"
SHOWN = (GENERIC, EML)
"""Services whose tags are offered. A menu of all services would be too long."""
_MARK = '<span style="background:#ffe9a8;color:#3d2f00;border-radius:3px;padding:0 2px">'


@dataclass(frozen=True, slots=True)
class Fill:
    """A way to fill in tokens, as the page offers it."""

    key: str
    title: str


def fills() -> tuple[Fill, ...]:
    """All fills, in the order of the menu."""
    readers = Fill(READER, "A reader, Noor Peeters"), Fill(NOBODY, "A reader without a name")
    return *readers, *(Fill(service.name, f"Tags: {service.title}") for service in SHOWN)


def filled(html: str, key: str, *, page_url: str, publication: Publication) -> str:
    """The `html` of a letter with its tokens filled by the fill `key`."""
    service = _service(key)
    if service:
        return _marked(service).html(html)
    values = _values(key, page_url, publication)
    return fill(html, lambda name, fallback: values.get(name) or fallback, escape)


def filled_text(text: str, key: str, *, page_url: str, publication: Publication) -> str:
    """The plain-text part, in the same way."""
    service = _service(key)
    if service:
        return Filling(_lenient(service), {}).text(text)
    values = _values(key, page_url, publication)
    return fill(text, lambda name, fallback: values.get(name) or fallback)


def _service(key: str) -> Service | None:
    return next((service for service in SHOWN if service.name == key), None)


def _values(key: str, page_url: str, publication: Publication) -> Mapping[str, str]:
    """The value of each token. Personal fields without a value get their fallback."""
    addresses = {name: f"{publication.url}#{name.removesuffix('_url').replace('_', '-')}" for name in SERVICE_TOKENS}
    addresses[VIEW_IN_BROWSER] = page_url
    return addresses if key == NOBODY else {**publication.personal_fields, **SAMPLE_READER, **addresses}


def _marked(service: Service) -> Filling:
    """Fills with the service's own tags, and marks them in text."""
    lenient = _lenient(service)

    def personal(name: str, fallback: str, place: TokenContext) -> str:
        tag = lenient.personal(name, fallback, place)
        return f"{_MARK}{tag}</span>" if place is TokenContext.HTML else tag

    return Filling(replace(lenient, personal=personal), {})


def _lenient(service: Service) -> Service:
    """The service, with a description in place of each token that it does not support.

    An export refuses such a token; a preview shows the rest.
    """

    def personal(name: str, fallback: str, place: TokenContext) -> str:
        try:
            return service.personal(name, fallback, place)
        except CannotExpressError:
            return fallback or f"[{name}]"

    missing = {name: f"#{service.name}-has-no-{name}" for name in SERVICE_TOKENS if name not in service.addresses}
    addresses = {**missing, **service.addresses}
    # Changes to the finished HTML are for the service's engine; here only people read it.
    return replace(service, personal=personal, addresses=addresses, last_step=None, last_text_step=None)
