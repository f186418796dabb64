"""Klaviyo. A campaign is a draft until a send job is created for it, which never happens.

Its content is an assigned template.

Source: Klaviyo's OpenAPI (2026-07-15): create_template, create_campaign, assign_template_to_campaign_message,
render_template, upload_image_from_file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import Allowed, DraftApi, RemoteDraft, ids, required
from newsletter.drafts.client import RefusedCallError
from newsletter.drafts.permissions import is_refused

if TYPE_CHECKING:
    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, DraftPicture, Settings
    from newsletter.drafts.client import Client

_MESSAGE = {"id": "‹message›", "type": "campaign-message"}
_SAMPLE = {
    "data": {
        "id": "‹id›",
        "attributes": {"status": "Draft", "name": ""},
        "relationships": {"campaign-messages": {"data": [_MESSAGE]}},
    }
}
_TEMPLATE: Any = {"data": {"id": "‹template›", "attributes": {"html": "", "text": ""}}}
_ASSIGNED: Any = {
    "data": {
        "attributes": {"definition": {"content": {"subject": ""}}},
        "relationships": {"template": {"data": {"id": "‹template›"}}},
    }
}


def _headers(_settings: Settings, secret: Secret) -> dict[str, str]:
    return {
        "Authorization": f"Klaviyo-API-Key {secret.reveal()}",
        "revision": "2026-07-15",
        "Content-Type": "application/vnd.api+json",
        "Accept": "application/vnd.api+json",
    }


def template(draft: Draft) -> dict[str, Any]:
    """The template with the email."""
    fields = {"name": draft.name, "editor_type": "CODE", "html": draft.html, "text": draft.text}
    return {"data": {"type": "template", "attributes": fields}}


def campaign(draft: Draft) -> dict[str, Any]:
    """The campaign without its content. `send_strategy` is left out, because nothing is sent without a job."""
    return {
        "data": {
            "type": "campaign",
            "attributes": {
                "name": draft.name,
                "audiences": {"included": list(map(str, ids(draft.settings.get("audiences"))))},
                "campaign-messages": {
                    "data": [
                        {
                            "type": "campaign-message",
                            "attributes": {
                                "definition": {"channel": "email", "label": draft.name, "content": _content(draft)}
                            },
                        }
                    ]
                },
            },
        }
    }


def _content(draft: Draft) -> dict[str, str]:
    return {
        "subject": draft.subject,
        "preview_text": draft.preheader,
        "from_email": draft.sender_email,
        "from_label": draft.sender_name,
        "reply_to_email": draft.reply_to or draft.sender_email,
    }


def assignment(message: str, template_id: str) -> dict[str, Any]:
    """Assigns a template to a message. The service copies it into the message."""
    of_template = {"template": {"data": {"type": "template", "id": template_id}}}
    return {"data": {"type": "campaign-message", "id": message, "relationships": of_template}}


def _create(client: Client, draft: Draft) -> str:
    made = client.post("/campaigns", campaign(draft), sample=_SAMPLE)["data"]
    _fill(client, draft, made["relationships"]["campaign-messages"]["data"][0]["id"])
    return str(made["id"])


def _fill(client: Client, draft: Draft, message: str) -> None:
    """Fills the message from a temporary template. It is deleted after that, because an account may have only 1,000."""
    made = str(client.post("/templates", template(draft), sample=_TEMPLATE)["data"]["id"])
    client.post("/campaign-message-assign-template", assignment(message, made), repeatable=True, sample={})
    try:
        client.call("DELETE", f"/templates/{made}", repeatable=True, absent=True, sample={})
    except RefusedCallError:
        return


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    fields = campaign(draft)["data"]["attributes"]
    change = {
        "type": "campaign",
        "id": remote.id,
        "attributes": {"name": fields["name"], "audiences": fields["audiences"]},
    }
    client.patch(f"/campaigns/{remote.id}", {"data": change}, sample=_SAMPLE)
    message = remote.version
    definition = {"definition": {"channel": "email", "label": draft.name, "content": _content(draft)}}
    words = {"type": "campaign-message", "id": message, "attributes": definition}
    client.patch(f"/campaign-messages/{message}", {"data": words}, sample={})
    _fill(client, draft, message)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"/campaigns/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    data = found["data"]
    message = data["relationships"]["campaign-messages"]["data"][0]["id"]
    assigned = (client.get(f"/campaign-messages/{message}", sample=_ASSIGNED) or _ASSIGNED)["data"]
    own = ((assigned.get("relationships") or {}).get("template") or {}).get("data") or {}
    content = (client.get(f"/templates/{own['id']}", sample=_TEMPLATE) if own.get("id") else None) or _TEMPLATE
    message_content = ((assigned.get("attributes") or {}).get("definition") or {}).get("content") or {}
    return RemoteDraft(
        str(data["id"]),
        data["attributes"]["status"],
        data["attributes"]["status"] == "Draft",
        message_content.get("subject") or "",
        content["data"]["attributes"].get("html") or "",
        content["data"]["attributes"].get("text") or "",
        url=f"https://www.klaviyo.com/campaign/{data['id']}/wizard",
        version=str(message),
    )


def _find(client: Client, draft: Draft) -> str | None:
    asked = {"filter": "and(equals(messages.channel,'email'),equals(status,'Draft'))", "sort": "-created_at"}
    found = client.get("/campaigns", params=asked, sample={"data": []})
    for each in (found or {}).get("data", ()):
        if each["attributes"].get("name") == draft.name:
            return str(each["id"])
    return None


def _rendered(client: Client, remote: RemoteDraft) -> str:
    """The email as Klaviyo renders it without a recipient."""
    message = client.get(f"/campaign-messages/{remote.version}") or _ASSIGNED
    own = message["data"]["relationships"]["template"]["data"]["id"]
    asked = {"data": {"type": "template", "id": own, "attributes": {"context": {}}}}
    found = client.post("/template-render", asked, repeatable=True)
    return str(found["data"]["attributes"].get("html") or "")


def _upload(client: Client, picture: DraftPicture) -> str:
    file = (picture.name, picture.content, picture.media_type)
    sample = {"data": {"attributes": {"image_url": f"‹address of {picture.name}›"}}}
    found = client.upload("/image-upload", "file", file, data={"name": picture.name}, sample=sample)
    return str(found["data"]["attributes"]["image_url"])


def _look(client: Client, settings: Settings) -> list[str]:
    lines = ["the key is accepted"]
    for each in ids(settings.get("audiences")):
        there = client.get(f"/lists/{each}") or client.get(f"/segments/{each}")
        lines.append(f"audience {each}: {'there' if there else 'NOT THERE'}")
    return lines


_EMAIL = {"filter": "equals(messages.channel,'email')"}


def _allowed(client: Client, _settings: Settings) -> Allowed:
    # Scopes cannot be read. A key without permission to read cannot create anything.
    unread = is_refused(client, "/campaigns", _EMAIL) or is_refused(client, "/templates")
    return Allowed(drafts=False if unread else None, pictures=False if is_refused(client, "/images") else None)


KLAVIYO = DraftApi(
    service="klaviyo",
    title="Klaviyo",
    address=lambda _settings, _secret: "https://a.klaviyo.com/api",
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
    needs=lambda settings: required(settings, "audiences"),
    lock="a key without the scope to create send jobs, where the account has such scopes",
)
