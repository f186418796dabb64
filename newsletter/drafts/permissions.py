"""The permissions of a key at its service, found by calls that only read.

Two things matter: whether the key may create drafts and upload pictures, which a push needs, and whether it could send,
because a key that cannot is safer. What a service does not report is shown as unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.drafts.client import RefusedCallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.drafts.base import Allowed, DraftApi
    from newsletter.drafts.client import Client

_HIDDEN = frozenset({401, 403, 404, 405})
"""The status of answers about things that a key may not see, or that an older version does not have."""


def visible(client: Client, path: str, params: Mapping[str, Any] | None = None) -> Any:
    """The JSON at a path; None if the key may not see it, or if it does not exist.

    Raises other errors of the client.
    """
    try:
        return client.get(path, params=params)
    except RefusedCallError as error:
        if error.status in _HIDDEN:
            return None
        raise


def is_refused(client: Client, path: str, params: Mapping[str, Any] | None = None) -> bool:
    """Whether the key may not read the resource at a path."""
    try:
        client.get(path, params=params)
    except RefusedCallError as error:
        if error.status == 403:
            return True
        raise
    return False


def permission_lines(api: DraftApi, allowed: Allowed) -> Iterator[str]:
    """The permissions of a key, one line each."""
    thing = "templates" if api.keeps == "template" else "drafts"
    yield f"may make {thing}: {_answer(allowed.drafts, api.title)}"
    if api.upload:
        yield f"may upload pictures: {_answer(allowed.pictures, api.title)}"
    limit = "" if allowed.sends is False else f" ({_limit(api.lock)})"
    sends = f"{_answer(allowed.sends, api.title)}{limit}"
    yield f"WARNING: could send: {sends}" if allowed.sends else f"could send: {sends}"
    if allowed.why:
        yield f"as {api.title} says: {allowed.why}"


def _answer(value: bool | None, title: str) -> str:
    return f"{title} does not say" if value is None else "yes" if value else "no"


def _limit(lock: str) -> str:
    if lock.startswith("none is known"):
        return "no way to limit a key to drafts is known"
    return lock if lock.startswith(("a template", "no key")) else f"to limit it to drafts: {lock}"
