"""The facts about services as tables for terminals, programs and the documentation, made from the services' records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.services.base import CannotExpressError, Evidence, Form, Pictures, Service, TokenContext
from newsletter.tokens import POSTAL_ADDRESS, PREFERENCES, UNSUBSCRIBE, VIEW_IN_BROWSER

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKENS = {
    UNSUBSCRIBE: "unsubscribe",
    PREFERENCES: "preferences",
    VIEW_IN_BROWSER: "web view",
    POSTAL_ADDRESS: "postal address",
}
"""The tokens that a service replaces itself, as people call them."""
FIELDS = (("first_name", "there"), ("email", ""), ("company", "your company"))
"""The personal fields that examples show: a usual one, the email address, and one of the publication's own."""
_FORMS = {
    Form.DOCUMENT: "HTML document",
    Form.FRAGMENT: "HTML for its frame",
    Form.PASTED: "HTML to paste",
    Form.MESSAGE: "message",
}
_PICTURES = {
    Pictures.HOSTED: "pictures on your site",
    Pictures.UPLOADED: "pictures uploaded",
    Pictures.EITHER: "pictures on your site or there",
}


def takes(service: Service) -> str:
    """The form that a service accepts, in a few words."""
    parts = [_FORMS[service.form]]
    if service.form is not Form.MESSAGE:
        parts += ["plain text" if service.takes_text else "makes its own plain text", _PICTURES[service.pictures]]
    if service.limit:
        parts.append(f"at most {service.limit:,} bytes")
    return ", ".join(parts)


def needs(service: Service) -> str:
    """The parts that a service requires in every email."""
    return ", ".join(TOKENS[name] for name in service.needs) or "–"


def draft(service: Service) -> str:
    """The call that makes an email a draft at the service, and whether that call sends by default."""
    if service.draft is None:
        return "–"
    return f"{service.draft.way}{' (sends by default)' if service.draft.sends else ''}"


def evidence(service: Service) -> str:
    """The evidence for the facts: those that are less than documented, by kind of evidence; else the weakest kind."""
    unsure = {
        degree: ", ".join(fact.about for fact in service.facts if fact.evidence is degree)
        for degree in (Evidence.THIRD_PARTY, Evidence.UNCONFIRMED)
    }
    text = "; ".join(f"{degree.value}: {about}" for degree, about in unsure.items() if about)
    order = list(Evidence)
    return text or max((fact.evidence for fact in service.facts), key=order.index).value


def tokens(service: Service) -> Iterator[tuple[str, str, str]]:
    """The label of each token, and its text in HTML and in plain text; empty if the service has none."""
    for name, called in TOKENS.items():
        yield called, service.address(name, TokenContext.ADDRESS) or "", _in_text(service, name)
    for name, fallback in FIELDS:
        shown = f"{{{{ {name} | {fallback} }}}}" if fallback else f"{{{{ {name} }}}}"
        yield (
            shown,
            _field(service, name, fallback, TokenContext.HTML),
            _field(service, name, fallback, TokenContext.TEXT) if service.takes_text else "",
        )
    yield (
        "{{ email }} in an address",
        _field(service, "email", "", TokenContext.ADDRESS),
        _field(service, "email", "", TokenContext.TEXT_ADDRESS) if service.takes_text else "",
    )


def _in_text(service: Service, name: str) -> str:
    return (service.address(name, TokenContext.TEXT) or "") if service.takes_text else ""


def _field(service: Service, name: str, fallback: str, place: TokenContext) -> str:
    try:
        return service.personal(name, fallback, place)
    except CannotExpressError:
        return ""


def as_data(service: Service) -> dict[str, Any]:
    """The record as data for programs, without its functions."""
    return {
        "name": service.name,
        "title": service.title,
        "docs": service.docs,
        "takes": {
            "form": service.form.value,
            "plain_text": service.takes_text,
            "pictures": service.pictures.value,
            "most_bytes": service.limit or None,
        },
        "tokens": [{"for": each, "html": html or None, "text": text or None} for each, html, text in tokens(service)],
        "needs": list(service.needs),
        "adds": service.adds,
        "rewrites": service.rewrites,
        "notes": service.notes,
        "draft": service.draft
        and {
            "way": service.draft.way,
            "certain": service.draft.certain,
            "sends_by_default": service.draft.sends,
            "evidence": service.draft.evidence.value,
        },
        "evidence": [
            {"about": fact.about, "how_sure": fact.evidence.value, "source": fact.source} for fact in service.facts
        ],
    }
