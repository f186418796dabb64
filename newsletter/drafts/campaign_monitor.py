"""Campaign Monitor. A campaign is a draft until its action `send` is called, which never happens.

Source: Campaign Monitor's own SDK, createsend 9.1 for Python (campaign.py, client.py), API v3.3. No call changes a
campaign, so a changed letter becomes a new draft. The service fetches the HTML from the web and does not accept it in a
call. So the letter must be on the web, at an address that nobody can guess, before it becomes a draft.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from newsletter.drafts.base import DraftApi, RemoteDraft, ids, required
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_LISTED = (("draft", "drafts"), ("scheduled", "scheduled"), ("sent", "campaigns"))
"""The state of a campaign, and the list of its client that has campaigns in that state."""


def _of(settings: Settings) -> str:
    """The client's id, as a part of a path."""
    return quote(str(settings["client"]), safe="")


def _headers(_settings: Settings, secret: Secret) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{secret.reveal()}:x'.encode()).decode()}"}


def payload(draft: Draft) -> dict[str, Any]:
    """The campaign for the call that creates it."""
    return {
        "Name": draft.name,
        "Subject": draft.subject,
        "FromName": draft.sender_name,
        "FromEmail": draft.sender_email,
        "ReplyTo": draft.reply_to or draft.sender_email,
        "HtmlUrl": draft.html_url,
        "TextUrl": draft.text_url,
        "ListIDs": list(map(str, ids(draft.settings.get("lists")))),
        "SegmentIDs": list(map(str, ids(draft.settings.get("segments")))),
    }


def _create(client: Client, draft: Draft) -> str:
    made = client.post(f"/campaigns/{_of(draft.settings)}.json", payload(draft), sample="‹id›")
    return _id(draft.settings, str(made))


def _id(settings: Settings, campaign: str) -> str:
    """The id of a campaign after that of its client. Both are needed to find it."""
    return f"{_of(settings)}/{campaign}"


def _update(_client: Client, _draft: Draft, remote: RemoteDraft) -> None:
    raise UsageError(
        f"Campaign Monitor cannot change a campaign through its API, and {remote.id} already exists",
        hint="Delete it there, delete its entry in archive/services.json, and push again.",
    )


def _listed(client: Client, of_client: str, called: str) -> list[Any]:
    """The campaigns of a client. Sent campaigns come in pages, newest first."""
    found = client.get(f"/clients/{of_client}/{called}.json", sample=[])
    return found if isinstance(found, list) else (found or {}).get("Results") or []


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    of_client, _, campaign = draft_id.partition("/")
    for state, called in _LISTED:
        for each in _listed(client, of_client, called):
            if str(each["CampaignID"]) == campaign:
                url = each.get("PreviewURL") or each.get("WebVersionURL") or ""
                return RemoteDraft(draft_id, state, state == "draft", each.get("Subject") or "", url=url)
    return RemoteDraft(draft_id, "draft", True) if client.dry else None


def _find(client: Client, draft: Draft) -> str | None:
    drafts = _listed(client, _of(draft.settings), "drafts")
    return next(
        (_id(draft.settings, str(each["CampaignID"])) for each in drafts if each.get("Name") == draft.name), None
    )


def _look(client: Client, settings: Settings) -> list[str]:
    known = {str(each.get("ListID")) for each in _listed(client, _of(settings), "lists")}
    lists = [f"list {each}: {'there' if str(each) in known else 'NOT THERE'}" for each in ids(settings.get("lists"))]
    return ["the key is accepted", *lists]


CAMPAIGN_MONITOR = DraftApi(
    service="campaign-monitor",
    title="Campaign Monitor",
    address=lambda _settings, _secret: "https://api.createsend.com/api/v3.3",
    headers=_headers,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    look=_look,
    fetches=True,
    needs=lambda settings: [
        *required(settings, "client"),
        *([] if settings.get("lists") or settings.get("segments") else ["`lists` or `segments` is missing"]),
    ],
    lock="none is known: the tool never calls `send`",
)
