"""Mailgun. It has no campaigns, so the email is stored as a template, which is not sent by itself.

Source: documentation.mailgun.com, domain-templates (create a template, update a version), and Mailgun's own SDKs,
mailgun.js 14 and mailgun 1.10 for Python. Fields are sent as a form. A template has no plain text: a message asks for
it with `t:text=yes`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.drafts.base import DraftApi, RemoteDraft, required

if TYPE_CHECKING:
    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"template": {"name": "‹name›", "version": {"tag": "letter", "template": "", "headers": {}}}}
_TAG = "letter"
"""The tag of our only version of a template."""


def _address(settings: Settings, _secret: Secret) -> str:
    host = "api.eu.mailgun.net" if settings.get("region") == "eu" else "api.mailgun.net"
    return f"https://{host}/v3/{quote(str(settings['domain']), safe='')}"


def _headers(_settings: Settings, secret: Secret) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'api:{secret.reveal()}'.encode()).decode()}"}


def _name(draft: Draft) -> str:
    """The name in lower case, because Mailgun converts it."""
    return f"n-{draft.key}".lower()


def version(draft: Draft) -> dict[str, str]:
    """The content of a template's version, for both calls."""
    headers = {"Subject": draft.subject, "From": f"{draft.sender_name} <{draft.sender_email}>"}
    if draft.reply_to:
        headers["Reply-To"] = draft.reply_to
    return {"template": draft.html, "comment": draft.name, "headers": json.dumps(headers, ensure_ascii=False)}


def payload(draft: Draft) -> dict[str, str]:
    """The template with its first version, for the call that creates it."""
    return {"name": _name(draft), "description": draft.name, "tag": _TAG, "engine": "handlebars", **version(draft)}


def _create(client: Client, draft: Draft) -> str:
    client.call("POST", "/templates", data=payload(draft), sample={})
    return _name(draft)


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    fields = {**version(draft), "active": "yes"}
    client.call("PUT", f"/templates/{remote.id}/versions/{_TAG}", data=fields, sample={}, repeatable=True)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/templates/{draft_id}", params={"active": "yes"}, sample=_SAMPLE)
    if found is None:
        return None
    held = found["template"].get("version") or {}
    headers = held.get("headers") or {}
    subject = headers.get("Subject") if isinstance(headers, dict) else ""
    return RemoteDraft(str(found["template"]["name"]), "template", True, subject or "", held.get("template") or "")


def _find(client: Client, draft: Draft) -> str | None:
    found = _read(client, _name(draft))
    return found.id if found else None


def _look(client: Client, settings: Settings) -> list[str]:
    client.get("/templates", params={"limit": 1})
    return [f"the key is accepted for {settings['domain']}"]


MAILGUN = DraftApi(
    service="mailgun",
    title="Mailgun",
    address=_address,
    headers=_headers,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    needs=lambda settings: required(settings, "domain"),
    lock="a template is sent by nothing but a call to `/messages` that names it",
    keeps="template",
)
