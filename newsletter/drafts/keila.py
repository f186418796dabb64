"""Keila, from version 0.30 on.

A campaign is a draft until one of its actions is called, which happens only to schedule it.

Source: pentacent/keila @14f1a12 (2026-06-30): api_campaign_controller.ex, schemas/mailings_campaign.ex, router.ex. The
key of the issue is in the campaign's data, so that the campaign is found again. Keila makes the plain text itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import DraftApi, RemoteDraft, bearer, presence, required
from newsletter.drafts.scheduling import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"data": {"id": "‹id›", "subject": "", "html_body": "", "sent_at": None, "scheduled_for": None}}


def payload(draft: Draft) -> dict[str, Any]:
    """The campaign for both calls."""
    fields: dict[str, Any] = {
        "subject": draft.subject,
        "preview_text": draft.preheader,
        "html_body": draft.html,
        "settings": {"type": "html"},
        "sender_id": str(draft.settings["sender"]),
        "data": {"newsletter_key": draft.key},
    }
    if segment := draft.settings.get("segment"):
        fields["segment_id"] = str(segment)
    return {"data": fields}


def _create(client: Client, draft: Draft) -> str:
    return str(client.post("/campaigns", payload(draft), sample=_SAMPLE)["data"]["id"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.patch(f"/campaigns/{remote.id}", payload(draft), sample=_SAMPLE)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/campaigns/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    campaign = found["data"]
    state = "sent" if campaign["sent_at"] else "scheduled" if campaign["scheduled_for"] else "draft"
    return RemoteDraft(
        str(campaign["id"]),
        state,
        state == "draft",
        campaign.get("subject") or "",
        campaign.get("html_body") or "",
        version=campaign.get("updated_at") or "",
        goes_out=campaign.get("scheduled_for") or "",
    )


def _schedule(client: Client, _draft: Draft, remote: RemoteDraft, when: datetime) -> None:
    fields = {"data": {"scheduled_for": stamp(when)}}
    client.post(f"/campaigns/{remote.id}/actions/schedule", fields, sample=_SAMPLE, repeatable=True)


def _find(client: Client, draft: Draft) -> str | None:
    found = client.get("/campaigns", sample={"data": []})
    for each in (found or {}).get("data", ()):
        ours = (each.get("data") or {}).get("newsletter_key") == draft.key
        if ours and not each.get("sent_at") and not each.get("scheduled_for"):
            return str(each["id"])
    return None


def _look(client: Client, settings: Settings) -> list[str]:
    senders = (client.get("/senders") or {}).get("data") or ()
    there = any(str(each.get("id")) == str(settings["sender"]) for each in senders)
    lines = [f"sender {settings['sender']}: {'there' if there else 'NOT THERE'}"]
    return ["the key is accepted", *lines, *presence(client, "segment", settings.get("segment"), "/segments")]


def _needs(settings: Settings) -> list[str]:
    missing = required(settings, "url", "sender")
    if settings.get("segment") or settings.get("everyone"):
        return missing
    return [
        *missing,
        "`segment` is missing: without one, all contacts would get it; `everyone: true` says that this is meant",
    ]


KEILA = DraftApi(
    service="keila",
    title="Keila",
    address=lambda settings, _secret: f"{str(settings['url']).rstrip('/')}/api/v1",
    headers=bearer,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    schedule=_schedule,
    scheduled=("scheduled",),
    needs=_needs,
    lock="none is known: a key may do all in its project",
)
