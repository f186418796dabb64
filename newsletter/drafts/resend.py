"""Resend, broadcasts. A broadcast is created as a draft if `send` is false, which is always written.

Source: resend.com/docs/api-reference/broadcasts and its OpenAPI.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import Allowed, DraftApi, RemoteDraft, bearer, id_where, presence, required
from newsletter.drafts.scheduling import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"id": "‹id›", "status": "draft", "subject": "", "html": "", "text": ""}


def payload(draft: Draft) -> dict[str, Any]:
    """The broadcast for both calls, without the fields for creating it."""
    fields: dict[str, Any] = {
        "name": draft.name,
        "segment_id": str(draft.settings["segment"]),
        "from": f"{draft.sender_name} <{draft.sender_email}>",
        "subject": draft.subject,
        "preview_text": draft.preheader,
        "html": draft.html,
        "text": draft.text,
    }
    if draft.reply_to:
        fields["reply_to"] = [draft.reply_to]
    if topic := draft.settings.get("topic"):
        fields["topic_id"] = str(topic)
    return fields


def _create(client: Client, draft: Draft) -> str:
    return str(client.post("/broadcasts", payload(draft) | {"send": False}, sample=_SAMPLE)["id"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.patch(f"/broadcasts/{remote.id}", payload(draft), sample=_SAMPLE)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/broadcasts/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    return RemoteDraft(
        str(found["id"]),
        found["status"],
        found["status"] == "draft",
        found.get("subject") or "",
        found.get("html") or "",
        found.get("text") or "",
        url=f"https://resend.com/broadcasts/{found['id']}",
        goes_out=found.get("scheduled_at") or "",
    )


def _schedule(client: Client, _draft: Draft, remote: RemoteDraft, when: datetime) -> None:
    """Calls `send` with a time. Without a time it would send at once."""
    client.post(f"/broadcasts/{remote.id}/send", {"scheduled_at": stamp(when)}, sample={})


def _find(client: Client, draft: Draft) -> str | None:
    found = client.get("/broadcasts", sample={"data": []})
    return id_where((found or {}).get("data"), name=draft.name, status="draft")


def _look(client: Client, settings: Settings) -> list[str]:
    return ["the key is accepted", *presence(client, "segment", settings["segment"], "/segments")]


def _allowed(_client: Client, _settings: Settings) -> Allowed:
    # A key has either full access or permission to send only, so one that may read has full access.
    return Allowed(drafts=True, sends=True, why="the key has `full_access`")


RESEND = DraftApi(
    service="resend",
    title="Resend",
    address=lambda _settings, _secret: "https://api.resend.com",
    headers=bearer,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    allowed=_allowed,
    schedule=_schedule,
    scheduled=("scheduled", "queued"),
    needs=lambda settings: required(settings, "segment"),
    lock="none is known",
    keeps="broadcast",
)
