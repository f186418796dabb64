"""Mailchimp. A campaign is a draft (`save`) until one of its `/actions/` is called.

Only `schedule` is called, for a time that a person asked for.

Source: Mailchimp's Marketing API 3.0: campaigns, campaigns/{id}/content, file-manager/files.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import Allowed, DraftApi, RemoteDraft, required
from newsletter.drafts.permissions import visible
from newsletter.drafts.scheduling import stamp
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, DraftPicture, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"id": "‹id›", "status": "save", "settings": {"subject_line": ""}, "web_id": 0}
_CONTENT = {"html": "", "plain_text": ""}
_DRAFT = "save"


def _address(_settings: Settings, secret: Secret) -> str:
    centre = secret.reveal().rpartition("-")[2]
    if not centre.isalnum() or centre == secret.reveal():
        raise UsageError("the key of Mailchimp ends with its data centre", hint="It looks like 0123…-us19.")
    return f"https://{centre}.api.mailchimp.com/3.0"


def _headers(_settings: Settings, secret: Secret) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'newsletter:{secret.reveal()}'.encode()).decode()}"}


def payload(draft: Draft) -> dict[str, Any]:
    """The campaign without its content, which is set by another call."""
    recipients: dict[str, Any] = {"list_id": str(draft.settings["list"])}
    if segment := draft.settings.get("segment"):
        recipients["segment_opts"] = {"saved_segment_id": int(segment)}
    return {
        "type": "regular",
        "recipients": recipients,
        "settings": {
            "title": draft.name,
            "subject_line": draft.subject,
            "preview_text": draft.preheader,
            "from_name": draft.sender_name,
            "reply_to": draft.reply_to or draft.sender_email,
            "auto_footer": False,
            "inline_css": False,
        },
        "content_type": "html",
    }


def _create(client: Client, draft: Draft) -> str:
    made = str(client.post("/campaigns", payload(draft), sample=_SAMPLE)["id"])
    _fill(client, draft, made)
    return made


def _fill(client: Client, draft: Draft, campaign: str) -> None:
    client.put(f"/campaigns/{campaign}/content", {"html": draft.html, "plain_text": draft.text}, sample=_CONTENT)


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.patch(f"/campaigns/{remote.id}", payload(draft), sample=_SAMPLE)
    _fill(client, draft, remote.id)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/campaigns/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    content = client.get(f"/campaigns/{draft_id}/content", sample=_CONTENT) or {}
    return RemoteDraft(
        str(found["id"]),
        found["status"],
        found["status"] == _DRAFT,
        (found.get("settings") or {}).get("subject_line") or "",
        content.get("html") or "",
        content.get("plain_text") or "",
        url=f"https://admin.mailchimp.com/campaigns/edit?id={found['web_id']}" if found.get("web_id") else "",
        goes_out=found.get("send_time") or "",
    )


def _find(client: Client, draft: Draft) -> str | None:
    asked = {"status": _DRAFT, "count": 100, "sort_field": "create_time", "sort_dir": "DESC"}
    found = client.get("/campaigns", params=asked, sample={"campaigns": []})
    for each in (found or {}).get("campaigns", ()):
        if (each.get("settings") or {}).get("title") == draft.name:
            return str(each["id"])
    return None


def _schedule(client: Client, _draft: Draft, remote: RemoteDraft, when: datetime) -> None:
    client.post(f"/campaigns/{remote.id}/actions/schedule", {"schedule_time": stamp(when)}, sample={})


def _upload(client: Client, picture: DraftPicture) -> str:
    file = {"name": picture.name, "file_data": b64encode(picture.content).decode()}
    sample = {"full_size_url": f"‹address of {picture.name}›"}
    return str(client.post("/file-manager/files", file, repeatable=True, sample=sample)["full_size_url"])


def _look(client: Client, settings: Settings) -> list[str]:
    client.get("/ping")
    audience = client.get(f"/lists/{settings['list']}")
    named = f"“{audience.get('name')}”" if audience else "NOT THERE"
    return ["the key is accepted", f"audience {settings['list']}: {named}"]


_MAY_SEND = frozenset(("owner", "admin", "manager"))


def _allowed(client: Client, _settings: Settings) -> Allowed:
    role = str((visible(client, "/") or {}).get("role") or "").lower()
    if role in _MAY_SEND:
        return Allowed(drafts=True, pictures=True, sends=True, why=f"its user is {role}")
    if role in {"author", "viewer"}:
        drafts = role == "author"
        return Allowed(drafts, None if drafts else False, sends=False, why=f"its user is {role}")
    return Allowed()


MAILCHIMP = DraftApi(
    service="mailchimp",
    title="Mailchimp",
    address=_address,
    headers=_headers,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    upload=_upload,
    picture_types=("image/png", "image/jpeg", "image/gif"),
    look=_look,
    allowed=_allowed,
    schedule=_schedule,
    scheduled=("schedule",),
    schedule_step=15,
    needs=lambda settings: required(settings, "list"),
    lock="none is known: the tool calls no action that sends",
)
