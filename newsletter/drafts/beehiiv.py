"""beehiiv. Its create call publishes by default, so every payload has the status `draft`. Enterprise accounts only (beta).

Source: beehiiv's own SDK (@beehiiv/sdk 0.1.9), posts. No call changes a post, so a changed issue becomes a new draft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import DraftApi, RemoteDraft, bearer, id_where, required
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_SAMPLE = {"data": {"id": "‹id›", "status": "draft", "title": ""}}


def _address(settings: Settings, _secret: Secret) -> str:
    return f"https://api.beehiiv.com/v2/publications/{settings['publication']}"


def payload(draft: Draft) -> dict[str, Any]:
    """The post for the call that creates it."""
    fields: dict[str, Any] = {
        "title": draft.title,
        "body_content": draft.html,
        "status": "draft",
        "email_settings": {"email_subject_line": draft.subject, "email_preview_text": draft.preheader},
    }
    if draft.summary:
        fields["subtitle"] = draft.summary
    if template := draft.settings.get("template"):
        fields["post_template_id"] = str(template)
    return fields


def _create(client: Client, draft: Draft) -> str:
    return str(client.post("/posts", payload(draft), sample=_SAMPLE)["data"]["id"])


def _update(_client: Client, _draft: Draft, remote: RemoteDraft) -> None:
    raise UsageError(
        f"beehiiv cannot change a post through its API, and {remote.id} already exists",
        hint="Delete it there, delete its entry in archive/services.json, and push again.",
    )


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/posts/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    post = found["data"]
    return RemoteDraft(str(post["id"]), post["status"], post["status"] == "draft", version=str(post.get("title") or ""))


def _find(client: Client, draft: Draft) -> str | None:
    found = client.get("/posts", params={"status": "draft", "limit": 100}, sample={"data": []})
    return id_where((found or {}).get("data"), title=draft.title)


def _look(client: Client, _settings: Settings) -> list[str]:
    found = (client.get("") or {}).get("data") or {}
    return [f"the key is accepted for “{found.get('name', '')}”"]


BEEHIIV = DraftApi(
    service="beehiiv",
    title="beehiiv",
    address=_address,
    headers=bearer,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    needs=lambda settings: required(settings, "publication"),
    lock="none is known: every payload says `status: draft`",
    keeps="post",
)
