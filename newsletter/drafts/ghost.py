"""Ghost. A post without `status` is a draft.

It is sent only when it is published with a newsletter, which happens only at a time that a person asked for.

Source: Ghost's documentation, admin-api (v6.0), and Ghost 6.65 itself. Ghost ignores unknown fields without an error,
so a post is read back after it was created. A post can be changed only with the `updated_at` of its current version.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import DraftApi, RemoteDraft, required
from newsletter.drafts.scheduling import stamp
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.credentials import Secret
    from newsletter.drafts.base import Draft, DraftPicture, Settings
    from newsletter.drafts.client import Client

_MINUTES = 5
_HTML = {"source": "html"}
_SHOWN = {"formats": "html"}
_SAMPLE = {"posts": [{"id": "‹id›", "status": "draft", "title": "", "html": "", "updated_at": "‹time›"}]}


def _address(settings: Settings, _secret: Secret) -> str:
    return f"{str(settings['url']).rstrip('/')}/ghost/api/admin"


def _headers(_settings: Settings, secret: Secret) -> dict[str, str]:
    return {"Authorization": f"Ghost {token(secret, int(time.time()))}", "Accept-Version": "v6.0"}


def token(secret: Secret, now: int) -> str:
    """A JSON Web Token (RFC 7519, HS256) for a key `id:hex`, with which an integration can log in for five minutes."""
    name, _, key = secret.reveal().partition(":")
    try:
        signing = bytes.fromhex(key)
    except ValueError:
        signing = b""
    if not name or not signing:
        raise UsageError(
            "the key of Ghost is an Admin API key", hint="It looks like 64f…:9ab…, and is found under Integrations."
        )
    head = {"alg": "HS256", "kid": name, "typ": "JWT"}
    claims = {"iat": now, "exp": now + _MINUTES * 60, "aud": "/admin/"}
    body = b".".join(_part(json.dumps(each, separators=(",", ":")).encode()) for each in (head, claims))
    return b".".join((body, _part(hmac.new(signing, body, hashlib.sha256).digest()))).decode()


def _part(content: bytes) -> bytes:
    return urlsafe_b64encode(content).rstrip(b"=")


def payload(draft: Draft) -> dict[str, Any]:
    """The post for both calls."""
    post: dict[str, Any] = {
        "title": draft.title,
        "html": draft.html,
        "status": "draft",
        "slug": draft.slug,
        "email_subject": draft.subject,
        "custom_excerpt": draft.summary[:300] or None,
        "visibility": draft.settings.get("visibility") or "public",
        "canonical_url": (draft.settings.get("canonical") and draft.page_url) or None,
    }
    return {"posts": [{name: value for name, value in post.items() if value is not None}]}


def _create(client: Client, draft: Draft) -> str:
    return str(client.call("POST", "/posts/", json=payload(draft), params=_HTML, sample=_SAMPLE)["posts"][0]["id"])


def _update(client: Client, draft: Draft, remote: RemoteDraft) -> None:
    fields = payload(draft)
    fields["posts"][0]["updated_at"] = remote.version
    # Created once, because a repeated call would have the earlier version and be refused.
    client.call("PUT", f"/posts/{remote.id}/", json=fields, params=_HTML, sample=_SAMPLE)


def _read(client: Client, draft_id: str) -> RemoteDraft | None:
    return _remote(client.get(f"/posts/{draft_id}/", params=_SHOWN, sample=_SAMPLE))


def _remote(found: Any) -> RemoteDraft | None:
    if found is None:
        return None
    post = found["posts"][0]
    return RemoteDraft(
        str(post["id"]),
        post["status"],
        post["status"] == "draft",
        post.get("email_subject") or post.get("title") or "",
        post.get("html") or "",
        url=post.get("url") or "",
        version=post.get("updated_at") or "",
        goes_out=(post["status"] != "draft" and post.get("published_at")) or "",
    )


def _schedule(client: Client, draft: Draft, remote: RemoteDraft, when: datetime) -> None:
    """Schedules the post.

    It is published on the web at that time, too, and sent by the newsletter named in newsletter.yaml.
    """
    post = {"status": "scheduled", "published_at": stamp(when), "updated_at": remote.version}
    readers = {
        "newsletter": str(draft.settings["newsletter"]),
        "email_segment": str(draft.settings.get("segment") or "all"),
    }
    client.put(f"/posts/{remote.id}/", {"posts": [post]}, params=readers, sample=_SAMPLE)


def _find(client: Client, draft: Draft) -> str | None:
    """The id of the post with our slug. A second post with the slug would get a `-2`, so an existing one is ours."""
    found = client.get(f"/posts/slug/{draft.slug}/", params=_SHOWN, sample=None) if draft.slug else None
    return str(found["posts"][0]["id"]) if found else None


def _rendered(client: Client, remote: RemoteDraft) -> str:
    """Ghost's own email of the post. Only a staff token may read it; for an integration's key, the answer is 403."""
    found = client.get(f"/email_previews/posts/{remote.id}/")
    return str(((found or {}).get("email_previews") or [{}])[0].get("html") or "")


def _upload(client: Client, picture: DraftPicture) -> str:
    file = (picture.name, picture.content, picture.media_type)
    sample = {"images": [{"url": f"‹address of {picture.name}›"}]}
    data = {"purpose": "image", "ref": picture.name}
    return str(client.upload("/images/upload/", "file", file, data=data, sample=sample)["images"][0]["url"])


def _look(client: Client, _settings: Settings) -> list[str]:
    found = client.get("/site/")
    return [f"the address is that of “{((found or {}).get('site') or {}).get('title', '')}”", *_let_in(client)]


def _let_in(client: Client) -> list[str]:
    client.get("/posts/", params={"limit": 1})
    return ["the key is accepted"]


GHOST = DraftApi(
    service="ghost",
    title="Ghost",
    address=_address,
    headers=_headers,
    create=_create,
    update=_update,
    read=_read,
    find=_find,
    upload=_upload,
    picture_types=("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"),
    rendered=_rendered,
    look=_look,
    schedule=_schedule,
    scheduled=("scheduled",),
    schedule_needs=lambda settings: required(settings, "newsletter"),
    needs=lambda settings: required(settings, "url"),
    lock="no key: a post is sent only by publishing it with a newsletter, which is never asked for",
    keeps="post",
)
