"""SendGrid, Single Sends of Marketing Campaigns. A Single Send is a draft until it is scheduled by a separate call.

That call is made only for a time that a person asked for. Source: SendGrid's OpenAPI of Single Sends (v3).
`generate_plain_content` is always false, because true would replace our text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import Allowed, DraftApi, RemoteDraft, bearer, id_where, ids, presence, required
from newsletter.drafts.permissions import visible
from newsletter.drafts.scheduling import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_PATH = "/marketing/singlesends"
_SAMPLE = {
    "id": "‹id›",
    "status": "draft",
    "name": "",
    "email_config": {"subject": "", "html_content": "", "plain_content": ""},
}
_LONGEST_NAME = 100


def payload(draft: Draft) -> dict[str, Any]:
    """The Single Send for both calls."""
    settings = draft.settings
    config: dict[str, Any] = {
        "subject": draft.subject,
        "html_content": draft.html,
        "plain_content": draft.text,
        "generate_plain_content": False,
        "editor": "code",
        "sender_id": int(settings["sender"]),
    }
    if group := settings.get("suppression_group"):
        config["suppression_group_id"] = int(group)
    to = {
        "list_ids": list(map(str, ids(settings.get("lists")))),
        "segment_ids": list(map(str, ids(settings.get("segments")))),
    }
    return {
        "name": _name(draft),
        "send_to": {name: value for name, value in to.items() if value},
        "email_config": config,
    }


def _name(draft: Draft) -> str:
    return draft.name[:_LONGEST_NAME]


def _create(client: Client, draft: Draft) -> str:
    return str(client.post(_PATH, payload(draft), sample=_SAMPLE)["id"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.patch(f"{_PATH}/{remote.id}", payload(draft), sample=_SAMPLE)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"{_PATH}/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    config = found.get("email_config") or {}
    return RemoteDraft(
        str(found["id"]),
        found["status"],
        found["status"] == "draft" and not found.get("send_at"),
        config.get("subject") or "",
        config.get("html_content") or "",
        config.get("plain_content") or "",
        url=f"https://mc.sendgrid.com/single-sends/{found['id']}/editor",
        version=found.get("updated_at") or "",
        goes_out=found.get("send_at") or "",
    )


def _schedule(client: Client, _draft: Draft, remote: RemoteDraft, when: datetime) -> None:
    client.put(f"{_PATH}/{remote.id}/schedule", {"send_at": stamp(when)}, sample={})


def _find(client: Client, draft: Draft) -> str | None:
    asked = {"name": _name(draft), "status": ["draft"]}
    found = client.post(f"{_PATH}/search", asked, repeatable=True, sample={"result": []})
    return id_where((found or {}).get("result"), name=_name(draft))


def _look(client: Client, settings: Settings) -> list[str]:
    lists = presence(client, "list", settings.get("lists"), "/marketing/lists")
    return ["the key is accepted", *lists, *presence(client, "sender", settings["sender"], "/senders")]


def _allowed(client: Client, _settings: Settings) -> Allowed:
    scopes = (visible(client, "/scopes") or {}).get("scopes") or ()
    if not scopes:
        return Allowed()
    marketing = sorted(each for each in map(str, scopes) if each.startswith("marketing"))
    why = f"its scopes for marketing are {', '.join(marketing)}" if marketing else "it has no scope for marketing"
    return Allowed(drafts=None if marketing else False, sends=True if "mail.send" in scopes else None, why=why)


SENDGRID = DraftApi(
    service="sendgrid",
    title="SendGrid",
    address=lambda _settings, _secret: "https://api.sendgrid.com/v3",
    headers=bearer,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    allowed=_allowed,
    schedule=_schedule,
    scheduled=("scheduled",),
    needs=lambda settings: [
        *required(settings, "sender"),
        *([] if settings.get("lists") or settings.get("segments") else ["`lists` or `segments` is missing"]),
    ],
    lock="none is known: the tool never calls `schedule` without a typed confirmation",
    keeps="single send",
)
