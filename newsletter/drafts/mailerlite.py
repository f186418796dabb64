"""MailerLite. A campaign is a draft until `schedule` is called, which never happens.

Custom HTML needs the Advanced plan.

Source: MailerLite's own Node SDK 1.7 for the paths and the bearer token. The fields are only from third parties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import DraftApi, RemoteDraft, bearer, id_where, ids, required

if TYPE_CHECKING:
    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"data": {"id": "‹id›", "status": "draft", "emails": [{"subject": "", "content": ""}]}}


def payload(draft: Draft) -> dict[str, Any]:
    """The campaign for both calls."""
    mail = {
        "subject": draft.subject,
        "from_name": draft.sender_name,
        "from": draft.sender_email,
        "reply_to": draft.reply_to or draft.sender_email,
        "content": draft.html,
    }
    fields: dict[str, Any] = {"name": draft.name, "type": "regular", "emails": [mail]}
    for key in ("groups", "segments"):
        if values := ids(draft.settings.get(key)):
            fields[key] = list(map(str, values))
    return fields


def _create(client: Client, draft: Draft) -> str:
    return str(client.post("/campaigns", payload(draft), sample=_SAMPLE)["data"]["id"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.put(f"/campaigns/{remote.id}", payload(draft), sample=_SAMPLE)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/campaigns/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    campaign = found["data"]
    mail = (campaign.get("emails") or [{}])[0]
    return RemoteDraft(
        str(campaign["id"]),
        campaign["status"],
        campaign["status"] == "draft",
        mail.get("subject") or "",
        mail.get("content") or "",
        version=campaign.get("updated_at") or "",
    )


def _find(client: Client, draft: Draft) -> str | None:
    found = client.get("/campaigns", params={"filter[status]": "draft", "limit": 100}, sample={"data": []})
    return id_where((found or {}).get("data"), name=draft.name)


def _look(client: Client, settings: Settings) -> list[str]:
    lines = ["the key is accepted"]
    for each in ids(settings.get("groups")):
        there = client.get(f"/groups/{each}/subscribers", params={"limit": 0}) is not None
        lines.append(f"group {each}: {'there' if there else 'NOT THERE'}")
    return lines


MAILERLITE = DraftApi(
    service="mailerlite",
    title="MailerLite",
    address=lambda _settings, _secret: "https://connect.mailerlite.com/api",
    headers=bearer,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    needs=lambda settings: required(settings, "groups"),
    lock="none is known: the tool never calls `schedule`",
)
