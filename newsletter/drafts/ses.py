"""Amazon SES (v2), which has no campaigns: the letter is kept as a template, which nothing sends by itself.

Source: botocore's model of SES (sesv2, 2019-09-27): CreateEmailTemplate, UpdateEmailTemplate, GetEmailTemplate,
TestRenderEmailTemplate, GetAccount. Calls are signed (AWS Signature Version 4) by httpx-auth, the extra `ses`.
"""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import default as as_today
from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import Allowed, DraftApi, RemoteDraft, required
from newsletter.drafts.permissions import visible
from newsletter.errors import UsageError

if TYPE_CHECKING:
    import httpx

    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, Settings
    from newsletter.drafts.client import Client

_PATH = "/v2/email/templates"
_SAMPLE = {"TemplateName": "‹name›", "TemplateContent": {"Subject": "", "Html": "", "Text": ""}}
_READER = {"amazonSESUnsubscribeUrl": "https://unsubscribe.invalid/"}
"""The recipient of a preview, without personal data. When SES sends, it fills in the address itself."""


def _keys(secret: Secret) -> list[str]:
    """The id of an access key, the key, and the session token if there is one. Raises UsageError for another format."""
    parts = secret.reveal().split(":", 2)
    if len(parts) < 2 or not all(parts):
        raise UsageError(
            "the key of Amazon SES is an access key and its secret", hint="Keep it as ID:SECRET, or ID:SECRET:TOKEN."
        )
    return parts


def _auth(settings: Settings, secret: Secret) -> httpx.Auth:
    """The signer of each call. Raises UsageError if the extra is not installed."""
    keys = _keys(secret)
    try:
        from httpx_auth import AWS4Auth
    except ImportError as error:
        raise UsageError(
            "requests to Amazon SES cannot be signed: the package httpx-auth is not installed",
            hint="`pip install 'newsletter-press[ses]'`.",
        ) from error
    token = {"security_token": keys[2]} if len(keys) > 2 else {}
    signing: httpx.Auth = AWS4Auth(keys[0], keys[1], str(settings["region"]), "ses", **token)
    return signing


def _name(draft: Draft) -> str:
    """A name of letters, digits and dashes, made from any name."""
    return f"n-{draft.key}"


def content(draft: Draft) -> dict[str, str]:
    """The content of the template."""
    return {"Subject": draft.subject, "Html": draft.html, "Text": draft.text}


def payload(draft: Draft) -> dict[str, Any]:
    """The template for the call that creates it."""
    return {"TemplateName": _name(draft), "TemplateContent": content(draft)}


def _create(client: Client, draft: Draft) -> str:
    client.post(_PATH, payload(draft), sample={})
    return _name(draft)


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    client.put(f"{_PATH}/{remote.id}", {"TemplateContent": content(draft)}, sample={})


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    found = client.get(f"{_PATH}/{draft_id}", sample=_SAMPLE)
    if found is None:
        return None
    texts = (found["TemplateContent"].get(key) or "" for key in ("Subject", "Html", "Text"))
    return RemoteDraft(str(found["TemplateName"]), "template", True, *texts)


def _find(client: Client, draft: Draft) -> str | None:
    found = _read(client, _name(draft))
    return found.id if found else None


def _rendered(client: Client, remote: RemoteDraft) -> str:
    """The HTML that SES renders without data. SES reports errors in the template."""
    asked = {"TemplateData": json.dumps(_READER)}
    found = client.post(f"{_PATH}/{remote.id}/render", asked, repeatable=True)
    message = message_from_bytes(str(found["RenderedTemplate"]).encode("utf-8", "replace"), policy=as_today)
    html = message.get_body(("html",))
    return str(html.get_content()) if html else ""


def _look(client: Client, _settings: Settings) -> list[str]:
    account = client.get("/v2/email/account") or {}
    sandbox = (
        []
        if account.get("ProductionAccessEnabled", True)
        else ["the account is in the sandbox: it sends only to verified addresses"]
    )
    return ["the key is accepted", *sandbox]


def _allowed(client: Client, _settings: Settings) -> Allowed:
    # The permissions of the key are in its policies, which are not read. Limits of the account apply to the key as well.
    enabled = (visible(client, "/v2/email/account") or {}).get("SendingEnabled")
    return Allowed(sends=False, why="sending is off for the account") if enabled is False else Allowed()


SES = DraftApi(
    service="ses",
    title="Amazon SES",
    address=lambda settings, _secret: f"https://email.{settings['region']}.amazonaws.com",
    headers=lambda _settings, _secret: {},
    auth=_auth,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    rendered=_rendered,
    look=_look,
    allowed=_allowed,
    needs=lambda settings: required(settings, "region"),
    lock="a policy without `ses:Send*`",
    keeps="template",
)
