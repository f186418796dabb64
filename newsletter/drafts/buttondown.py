"""Buttondown. Its create call sends by default, so every payload says that it is a draft.

Source: its OpenAPI (2026-04-01) and documentation, docs.buttondown.com: api-emails-create, api-images-create,
api-authentication, api-idempotency-keys, templating, naked-mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import DraftApi, RemoteDraft, ids, presence
from newsletter.drafts.scheduling import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, DraftPicture, Settings
    from newsletter.drafts.client import Client

_MODE = "<!-- buttondown-editor-mode: fancy -->"
"""Marks the body as HTML; without it, the service guesses."""
_SAMPLE = {"id": "‹id›", "status": "draft", "subject": "", "body": ""}


def _headers(settings: Settings, secret: Secret) -> dict[str, str]:
    headers = {"Authorization": f"Token {secret.reveal()}", "X-API-Version": "2026-04-01"}
    if newsletter := settings.get("newsletter"):
        headers["Buttondown-Context"] = str(newsletter)
    return headers


def payload(draft: Draft) -> dict[str, Any]:
    """The email for both calls. Unknown fields would be refused."""
    fields: dict[str, Any] = {
        "subject": draft.subject,
        "body": draft.html if draft.html.startswith(_MODE) else _MODE + draft.html,
        "status": "draft",
        "template": "naked",
        "description": draft.summary,
        "canonical_url": draft.page_url,
        "metadata": {"newsletter_key": draft.key},
        "filters": _filters(draft.settings),
    }
    if draft.number and draft.number > 0:
        fields["secondary_id"] = draft.number
    return fields


def _filters(settings: Settings) -> dict[str, Any]:
    """The filters for readers with any of the tags; for all readers if there are no tags."""
    tags = ids(settings.get("tags"))
    return {
        "filters": [{"field": "subscriber.tags", "operator": "contains", "value": str(tag)} for tag in tags],
        "groups": [],
        "predicate": "or" if tags else "and",
    }


def _create(client: Client, draft: Draft) -> str:
    # Two calls with the same key create one email, so a call may be repeated. The next run searches before it creates one.
    key = {"X-Idempotency-Key": f"{draft.key}-{client.run}"}
    fields = payload(draft)
    return str(client.post("/emails", fields, headers=key, repeatable=True, sample=_SAMPLE)["id"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.patch(f"/emails/{remote.id}", payload(draft), sample=_SAMPLE)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/emails/{draft_id}", sample=_SAMPLE)
    if found is None or found["status"] == "deleted":
        return None
    return RemoteDraft(
        str(found["id"]),
        found["status"],
        found["status"] == "draft",
        found.get("subject") or "",
        (found.get("body") or "").removeprefix(_MODE),
        url=f"https://buttondown.com/emails/{found['id']}",
        version=found.get("modification_date") or "",
        goes_out=found.get("publish_date") or "",
    )


def _schedule(client: Client, _draft: Draft, remote: RemoteDraft, when: datetime) -> None:
    client.patch(f"/emails/{remote.id}", {"status": "scheduled", "publish_date": stamp(when)}, sample=_SAMPLE)


def _find(client: Client, draft: Draft) -> str | None:
    found = client.get("/emails", params={"status": "draft", "ordering": "-creation_date"}, sample={"results": []})
    for each in (found or {}).get("results", ()):
        if (each.get("metadata") or {}).get("newsletter_key") == draft.key:
            return str(each["id"])
    return None


def _upload(client: Client, picture: DraftPicture) -> str:
    file = (picture.name, picture.content, picture.media_type)
    return str(client.upload("/images", "image", file, sample={"image": f"‹address of {picture.name}›"})["image"])


def _rendered(client: Client, remote: RemoteDraft) -> str:
    found = client.get(f"/emails/{remote.id}/renders", params={"target": "email"})
    return str(
        (found or {}).get("html") or next((value for value in (found or {}).values() if isinstance(value, str)), "")
    )


def _look(client: Client, settings: Settings) -> list[str]:
    client.get("/ping")
    lines = presence(client, "tag", settings.get("tags"), "/tags")
    return ["the key is accepted", *lines]


BUTTONDOWN = DraftApi(
    service="buttondown",
    title="Buttondown",
    address=lambda _settings, _secret: "https://api.buttondown.com/v1",
    headers=_headers,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    upload=_upload,
    picture_types=("image/png", "image/jpeg", "image/gif", "image/webp"),
    rendered=_rendered,
    look=_look,
    schedule=_schedule,
    scheduled=("scheduled",),
    lock="a key with `email_access: write` and `sending_access: none`",
    keeps="e-mail",
)
