"""Brevo. A campaign is made as a draft; `sendNow` is never used, `scheduledAt` only for a time that a person asked for.

Source: developers.brevo.com/reference/create-email-campaign, and the SDK brevo-python 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import DraftApi, RemoteDraft, ids, presence, required
from newsletter.drafts.scheduling import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"id": "‹id›", "status": "draft", "subject": "", "htmlContent": ""}


def payload(draft: Draft) -> dict[str, Any]:
    """The campaign for both calls."""
    recipients: dict[str, Any] = {"listIds": [int(each) for each in ids(draft.settings.get("lists"))]}
    if segments := ids(draft.settings.get("segments")):
        recipients["segmentIds"] = [int(each) for each in segments]
    fields = {
        "name": draft.name,
        "sender": {"name": draft.sender_name, "email": draft.sender_email},
        "subject": draft.subject,
        "previewText": draft.preheader,
        "replyTo": draft.reply_to or draft.sender_email,
        "htmlContent": draft.html,
        "recipients": recipients,
        "mirrorActive": True,
        "tag": draft.key,
    }
    return {name: value for name, value in fields.items() if value != ""}


def _create(client: Client, draft: Draft) -> str:
    return str(client.post("/emailCampaigns", payload(draft), sample=_SAMPLE)["id"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.put(f"/emailCampaigns/{remote.id}", payload(draft), sample={})


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/emailCampaigns/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    return RemoteDraft(
        str(found["id"]),
        found["status"],
        found["status"] == "draft" and not found.get("scheduledAt"),
        found.get("subject") or "",
        found.get("htmlContent") or "",
        version=found.get("modifiedAt") or "",
        goes_out=found.get("scheduledAt") or "",
    )


def _schedule(client: Client, _draft: Draft, remote: RemoteDraft, when: datetime) -> None:
    client.put(f"/emailCampaigns/{remote.id}", {"scheduledAt": stamp(when)}, sample={})


def _find(client: Client, draft: Draft) -> str | None:
    asked = {"status": "draft", "limit": 100, "sort": "desc", "excludeHtmlContent": "true"}
    found = client.get("/emailCampaigns", params=asked, sample={"campaigns": []})
    for each in (found or {}).get("campaigns", ()):
        if each.get("tag") == draft.key or each.get("name") == draft.name:
            return str(each["id"])
    return None


def _look(client: Client, settings: Settings) -> list[str]:
    lines = presence(client, "list", settings.get("lists"), "/contacts/lists")
    return [f"the key belongs to {(client.get('/account') or {}).get('email', '')}", *lines]


BREVO = DraftApi(
    service="brevo",
    title="Brevo",
    address=lambda _settings, _secret: "https://api.brevo.com/v3",
    headers=lambda _settings, secret: {"api-key": secret.reveal()},
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    schedule=_schedule,
    scheduled=("queued",),
    needs=lambda settings: required(settings, "lists"),
    lock="none is known: the tool never calls `sendNow`",
)
