"""Kit (ConvertKit), API v4. A broadcast is a draft while `send_at` is null and `public` is false. Both are always written.

Without a filter a broadcast goes to everybody, so newsletter.yaml must name an audience; `everyone: true` names all
readers. Source: Kit's API reference v4, broadcasts (OpenAPI 3.0.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import DraftApi, RemoteDraft, ids

if TYPE_CHECKING:
    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"broadcast": {"id": "‹id›", "status": "draft", "subject": "", "content": ""}}


def payload(draft: Draft) -> dict[str, Any]:
    """The broadcast for both calls."""
    fields: dict[str, Any] = {
        "subject": draft.subject,
        "preview_text": draft.preheader,
        "content": draft.html,
        "description": draft.name,
        "public": False,
        "published_at": None,
        "send_at": None,
        "email_address": draft.sender_email,
        "subscriber_filter": _filter(draft.settings),
    }
    if template := draft.settings.get("template"):
        fields["email_template_id"] = int(template)
    return fields


def _filter(settings: Settings) -> list[dict[str, Any]]:
    named = [
        (kind, [int(each) for each in ids(settings.get(key))])
        for kind, key in (("segment", "segments"), ("tag", "tags"))
    ]
    return (
        [{"any": [{"type": kind, "ids": numbers} for kind, numbers in named if numbers]}]
        if any(n for _, n in named)
        else []
    )


def _create(client: Client, draft: Draft) -> str:
    return str(client.post("/broadcasts", payload(draft), sample=_SAMPLE)["broadcast"]["id"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.put(f"/broadcasts/{remote.id}", payload(draft), sample=_SAMPLE)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/broadcasts/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    broadcast = found["broadcast"]
    scheduled = broadcast.get("send_at") or broadcast.get("public")
    state = broadcast.get("status") or ("scheduled" if scheduled else "draft")
    return RemoteDraft(
        str(broadcast["id"]),
        state,
        state == "draft" and not scheduled,
        broadcast.get("subject") or "",
        broadcast.get("content") or "",
    )


def _find(client: Client, draft: Draft) -> str | None:
    found = client.get("/broadcasts", params={"per_page": 100}, sample={"broadcasts": []})
    for each in (found or {}).get("broadcasts", ()):
        if each.get("description") == draft.name and each.get("status", "draft") == "draft":
            return str(each["id"])
    return None


def _look(client: Client, _settings: Settings) -> list[str]:
    account = (client.get("/account") or {}).get("account") or {}
    return [f"the key belongs to “{account.get('name', '')}”"]


def _needs(settings: Settings) -> list[str]:
    if _filter(settings) or settings.get("everyone"):
        return []
    return [
        "`segments` or `tags` is missing: without one, all subscribers would get it; `everyone: true` says that this is meant"
    ]


KIT = DraftApi(
    service="kit",
    title="Kit",
    address=lambda _settings, _secret: "https://api.kit.com/v4",
    headers=lambda _settings, secret: {"X-Kit-Api-Key": secret.reveal()},
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    needs=_needs,
    lock="none is known: the tool never sets `send_at` or `public`",
    keeps="broadcast",
)
