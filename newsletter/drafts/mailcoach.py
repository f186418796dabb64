"""Mailcoach, from version 6 on. A campaign is created as a draft. Its action `send` is never called.

Source: mailcoach.app/docs/api/endpoints/campaigns (creating a campaign makes a draft, sending is a separate action),
and Spatie's own mailcoach-cli (rules/campaigns.md) and mailcoach-sdk-php. A campaign has no preview text, no plain text
and no reply address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import DraftApi, RemoteDraft, bearer, presence, required

if TYPE_CHECKING:
    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"data": {"uuid": "‹id›", "status": "draft", "subject": "", "html": ""}}


def _address(settings: Settings, _secret: Secret) -> str:
    """The address of an installation, or of its API, which may differ if it is self-hosted."""
    address = str(settings["url"]).rstrip("/")
    return address if address.endswith("/api") else f"{address}/api"


def payload(draft: Draft) -> dict[str, Any]:
    """The campaign for both calls."""
    fields: dict[str, Any] = {
        "name": draft.name,
        "email_list_uuid": str(draft.settings["list"]),
        "subject": draft.subject,
        "from_email": draft.sender_email,
        "from_name": draft.sender_name,
        "html": draft.html,
    }
    if segment := draft.settings.get("segment"):
        fields["segment_uuid"] = str(segment)
    return fields


def _made(answer: Any) -> Any:
    """The campaign in an answer. Some answers have it under `data`."""
    return answer["data"] if isinstance(answer.get("data"), dict) else answer


def _create(client: Client, draft: Draft) -> str:
    return str(_made(client.post("/campaigns", payload(draft), sample=_SAMPLE))["uuid"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.put(f"/campaigns/{remote.id}", payload(draft), sample=_SAMPLE)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/campaigns/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    campaign = _made(found)
    return RemoteDraft(
        str(campaign["uuid"]),
        campaign["status"],
        campaign["status"] == "draft" and not campaign.get("scheduled_at"),
        campaign.get("subject") or "",
        campaign.get("html") or "",
        version=campaign.get("updated_at") or "",
    )


def _find(client: Client, draft: Draft) -> str | None:
    asked = {"filter[search]": draft.name, "filter[status]": "draft"}
    found = client.get("/campaigns", params=asked, sample={"data": []})
    for each in (found or {}).get("data", ()):
        if each.get("name") == draft.name and each.get("status") == "draft":
            return str(each["uuid"])
    return None


def _look(client: Client, settings: Settings) -> list[str]:
    return ["the key is accepted", *presence(client, "list", settings["list"], "/email-lists")]


MAILCOACH = DraftApi(
    service="mailcoach",
    title="Mailcoach",
    address=_address,
    headers=lambda settings, secret: bearer(settings, secret) | {"Accept": "application/json"},
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    needs=lambda settings: required(settings, "url", "list"),
    lock="none is known: the tool never calls `send`",
)
