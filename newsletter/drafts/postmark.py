"""Postmark. It has no campaigns, so the email is stored as a template, which is not sent by itself.

Source: Postmark's own Node SDK 5.1, templates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import Allowed, DraftApi, RemoteDraft
from newsletter.drafts.client import RefusedCallError
from newsletter.drafts.permissions import visible

if TYPE_CHECKING:
    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"TemplateId": 0, "Alias": "", "Active": True, "Subject": "", "HtmlBody": "", "TextBody": ""}
_GONE = 422


def _headers(_settings: Settings, secret: Secret) -> dict[str, str]:
    return {"X-Postmark-Server-Token": secret.reveal(), "Accept": "application/json"}


def payload(draft: Draft) -> dict[str, Any]:
    """The template for both calls. An alias must begin with a letter."""
    return {
        "Name": draft.name,
        "Alias": f"n-{draft.key}",
        "Subject": draft.subject,
        "HtmlBody": draft.html,
        "TextBody": draft.text,
        "TemplateType": "Standard",
    }


def _create(client: Client, draft: Draft) -> str:
    return str(client.post("/templates", payload(draft), sample=_SAMPLE)["TemplateId"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.put(f"/templates/{remote.id}", payload(draft), sample=_SAMPLE)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    try:
        found = client.get(f"/templates/{draft_id}", sample=_SAMPLE)
    except RefusedCallError as error:  # 422 is the answer for an unknown template
        if error.status == _GONE:
            return None
        raise
    if found is None:
        return None
    texts = (found.get(key) or "" for key in ("Subject", "HtmlBody", "TextBody"))
    return RemoteDraft(str(found["TemplateId"]), "template", True, *texts)


def _find(client: Client, draft: Draft) -> str | None:
    found = _read(client, f"n-{draft.key}")
    return found.id if found else None


def _rendered(client: Client, remote: RemoteDraft) -> str:
    """The email as the service renders it without data. Errors in the template are reported."""
    asked = {"Subject": remote.subject, "HtmlBody": remote.html, "TextBody": remote.text, "TestRenderModel": {}}
    found = client.post("/templates/validate", asked, repeatable=True)
    body = found.get("HtmlBody") or {}
    faults = [error.get("Message", "") for error in body.get("ValidationErrors") or ()]
    if faults:
        raise RefusedCallError(f"Postmark finds a fault in the template: {'; '.join(faults)}", status=_GONE)
    return str(body.get("RenderedContent") or "")


def _look(client: Client, _settings: Settings) -> list[str]:
    found = client.get("/server") or {}
    return [f"the key belongs to the server “{found.get('Name', '')}”"]


def _allowed(client: Client, _settings: Settings) -> Allowed:
    kind = (visible(client, "/server") or {}).get("DeliveryType")
    if kind == "Sandbox":
        return Allowed(drafts=True, sends=False, why="the server is a sandbox, which delivers nothing")
    return Allowed(drafts=True, sends=True if kind == "Live" else None)


POSTMARK = DraftApi(
    service="postmark",
    title="Postmark",
    address=lambda _settings, _secret: "https://api.postmarkapp.com",
    headers=_headers,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    rendered=_rendered,
    look=_look,
    allowed=_allowed,
    lock="a template is sent by nothing but a call that names it",
    keeps="template",
)
