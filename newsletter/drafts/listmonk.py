"""listmonk, on a self-hosted server. A campaign is created as a draft.

`PUT …/status`, which starts it, is called only to schedule it.

Source: listmonk's documentation, docs/content/apis/{campaigns,media}.md, and cmd/campaigns.go (v6.1).
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import Allowed, DraftApi, RemoteDraft, ids, presence, required
from newsletter.drafts.permissions import visible
from newsletter.drafts.scheduling import stamp
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, DraftPicture, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"data": {"id": "‹id›", "status": "draft", "subject": "", "body": "", "altbody": ""}}


def _address(settings: Settings, _secret: Secret) -> str:
    return f"{str(settings['url']).rstrip('/')}/api"


def _headers(_settings: Settings, secret: Secret) -> dict[str, str]:
    if ":" not in secret.reveal():
        raise UsageError("the key of listmonk is its API user and token", hint="Keep it as USER:TOKEN.")
    return {"Authorization": f"Basic {b64encode(secret.reveal().encode()).decode()}"}


def payload(draft: Draft) -> dict[str, Any]:
    """The campaign for both calls. `visual` is the type that listmonk does not put into a template of its own."""
    fields: dict[str, Any] = {
        "name": draft.name,
        "subject": draft.subject,
        "lists": [int(each) for each in ids(draft.settings.get("lists"))],
        "from_email": f"{draft.sender_name} <{draft.sender_email}>",
        "type": "regular",
        "content_type": "html" if draft.settings.get("template") else "visual",
        "body": draft.html,
        "altbody": draft.text,
        "tags": [draft.key],
    }
    if template := draft.settings.get("template"):
        fields["template_id"] = int(template)
    if draft.reply_to:
        fields["headers"] = [{"Reply-To": draft.reply_to}]
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
    return RemoteDraft(
        str(campaign["id"]),
        campaign["status"],
        campaign["status"] == "draft",
        campaign.get("subject") or "",
        campaign.get("body") or "",
        campaign.get("altbody") or "",
        version=campaign.get("updated_at") or "",
        goes_out=campaign.get("send_at") or "",
    )


def _schedule(client: Client, draft: Draft, remote: RemoteDraft, when: datetime) -> None:
    """Sets the time of the campaign. It has no effect until the state is changed."""
    standing = replace(draft, subject=remote.subject, html=remote.html, text=remote.text)
    client.put(f"/campaigns/{remote.id}", {**payload(standing), "send_at": stamp(when)}, sample=_SAMPLE)
    client.put(f"/campaigns/{remote.id}/status", {"status": "scheduled"}, sample=_SAMPLE)


def _find(client: Client, draft: Draft) -> str | None:
    asked = {"query": draft.name, "status": "draft", "per_page": 100, "no_body": "true"}
    found = client.get("/campaigns", params=asked, sample={"data": {"results": []}})
    for each in ((found or {}).get("data") or {}).get("results") or ():
        if draft.key in (each.get("tags") or ()):
            return str(each["id"])
    return None


def _upload(client: Client, picture: DraftPicture) -> str:
    file = (picture.name, picture.content, picture.media_type)
    found = client.upload("/media", "file", file, sample={"data": {"url": f"‹address of {picture.name}›"}})
    return str(found["data"]["url"])


def _rendered(client: Client, remote: RemoteDraft) -> str:
    return client.page(f"/campaigns/{remote.id}/preview")


def _look(client: Client, settings: Settings) -> list[str]:
    lines = presence(client, "list", settings.get("lists"), "/lists")
    return ["the key is accepted", *lines]


_SUPER_ADMIN = 1
"""The id of the role with all permissions."""
_OWN_PERMISSION = 6, 1
"""The version since which sending is a permission of its own."""


def _allowed(client: Client, _settings: Settings) -> Allowed:
    role = ((visible(client, "/profile") or {}).get("data") or {}).get("user_role") or {}
    if not role:
        return Allowed()
    may = set(role.get("permissions") or ())
    everything = role.get("id") == _SUPER_ADMIN
    drafts = everything or not may.isdisjoint(("campaigns:manage", "campaigns:manage_all"))
    sends: bool | None = everything or "campaigns:send" in may
    if not sends and drafts:  # in older versions, everyone who may change a campaign may send it
        version = _version(((visible(client, "/config") or {}).get("data") or {}).get("version"))
        sends = version < _OWN_PERMISSION if version else None
    why = f"the role of its user is “{role.get('name', '')}”"
    return Allowed(drafts, everything or "media:manage" in may, sends, why)


def _version(written: object) -> tuple[int, int] | None:
    found = re.match(r"v?(\d{1,4})\.(\d{1,4})", str(written or ""))
    return (int(found[1]), int(found[2])) if found else None


LISTMONK = DraftApi(
    service="listmonk",
    title="listmonk",
    address=_address,
    headers=_headers,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    upload=_upload,
    picture_types=("image/png", "image/jpeg", "image/gif"),
    rendered=_rendered,
    look=_look,
    allowed=_allowed,
    schedule=_schedule,
    scheduled=("scheduled",),
    needs=lambda settings: required(settings, "url", "lists"),
    lock="an API user whose role is without `campaigns:send` (since v6.1)",
)
