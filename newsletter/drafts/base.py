"""A mailing service's API as a record: how a letter becomes a draft there, is found again, and is read back.

Nothing here sends. The functions of a service build requests and read answers; `client.py` makes the calls, `pushing.py` decides
which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from newsletter.errors import UsageError, WorldError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

    from newsletter.credentials import Secret
    from newsletter.drafts.client import Client

Settings = Mapping[str, Any]
"""The settings of a service in newsletter.yaml, for one edition."""


class NoDraftError(WorldError):
    """The thing that was created or found at the service is not a draft. Nothing may be done with it, and a person has to look at once."""


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A picture that the service is to host."""

    name: str
    """The name of its file: ASCII, unique in the letter."""
    media_type: str
    content: bytes
    digest: str
    """A digest of the content: a picture that was uploaded is not uploaded again."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as it is to be at a service, its tokens written and its pictures at their addresses."""

    key: str
    """The key of the letter and edition, the same for each push: it finds the draft again if an answer was lost."""
    name: str
    """How it is listed there; only the sender sees it."""
    title: str
    subject: str
    preheader: str
    html: str
    text: str
    """Empty if the service makes its own."""
    sender_name: str
    sender_email: str
    reply_to: str = ""
    slug: str = ""
    summary: str = ""
    page_url: str = ""
    """The address of the letter on the web."""
    number: int | None = None
    shown: str = ""
    """The HTML as readers see it, each token as `comparing.UNKNOWN`: what a service's own rendering is held against."""
    html_url: str = ""
    """Where a service that fetches the letter finds its HTML; empty for all others."""
    text_url: str = ""
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoteDraft:
    """A draft as the service has it."""

    id: str
    state: str
    """The state in the service's own word."""
    is_draft: bool
    subject: str = ""
    html: str = ""
    """Empty if the service does not give it back."""
    text: str = ""
    url: str = ""
    """Where a person can look at it; empty: not known."""
    version: str = ""
    """The mark by which the service identifies this version, if it has such a mark."""
    goes_out: str = ""
    """When it will be sent, in the service's own notation; empty if the service does not say, or if it will not be
    sent."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The permissions of a key; None for those that its service does not report."""

    drafts: bool | None = None
    pictures: bool | None = None
    sends: bool | None = None
    why: str = ""
    """The source of these permissions, in the words of the service."""


@dataclass(frozen=True, slots=True)
class DraftApi:
    """The API of one service, as far as a draft needs it."""

    service: str
    """The name in `services.SERVICES`."""
    title: str
    address: Callable[[Settings, Secret], str]
    """Where its API is. Raises UsageError if that has to be said and is not."""
    headers: Callable[[Settings, Secret], dict[str, str]]
    """The headers that give access, and say which version of the API is meant."""
    create: Callable[[Client, Draft], str]
    """Makes a draft and gives its id. Raises what the client raises."""
    update: Callable[[Client, Draft, RemoteDraft], None]
    read: Callable[[Client, str], RemoteDraft | None]
    """Reads what has this id; None if there is nothing."""
    auth: Callable[[Settings, Secret], httpx.Auth] | None = None
    """Signs each call, for services where a header is not enough."""
    find: Callable[[Client, Draft], str | None] | None = None
    """The id of a draft that was made before, by its key or name; None for a service that cannot be asked."""
    upload: Callable[[Client, DraftPicture], str] | None = None
    """The address of a picture once it is there; None if pictures stay on one's own site."""
    picture_types: Sequence[str] = ()
    """Media types that it takes."""
    rendered: Callable[[Client, RemoteDraft], str] | None = None
    """The HTML as the service would send it."""
    look: Callable[[Client, Settings], Sequence[str]] | None = None
    """The facts that `--check` shows, a line each. Changes nothing. Raises what the client raises."""
    allowed: Callable[[Client, Settings], Allowed] | None = None
    """The permissions of the key, from calls that only read; None if the service has no such calls."""
    needs: Callable[[Settings], Sequence[str]] = lambda _settings: ()
    """The settings missing in newsletter.yaml, a line each. Nothing can be pushed without them."""
    schedule: Callable[[Client, Draft, RemoteDraft, datetime], None] | None = None
    """Lets a draft go out at a time (in UTC), by a call that does nothing else; None if none is surely known."""
    scheduled: Sequence[str] = ()
    """The states of what is to go out at a time."""
    schedule_step: int = 1
    """The step in minutes in which the service accepts times."""
    schedule_needs: Callable[[Settings], Sequence[str]] = lambda _settings: ()
    """Like `needs`, for scheduling."""
    fetches: bool = False
    """Whether it takes no HTML, but the address of one that is on the web."""
    lock: str = ""
    """How a key can be limited to drafts, for the documentation."""
    keeps: str = "campaign"
    """The service's word for a draft: a campaign, a post, or a template (which nothing sends by itself)."""


def bearer(_settings: Settings, secret: Secret) -> dict[str, str]:
    """The header of an API to which a key gives access by itself (RFC 6750 §2.1)."""
    return {"Authorization": f"Bearer {secret.reveal()}"}


def required(settings: Settings, *keys: str) -> list[str]:
    """The required settings of a service that newsletter.yaml lacks."""
    return [f"`{key}` is missing" for key in keys if not settings.get(key)]


def ids(values: object) -> list[Any]:
    """A list as it is, one value as a list of it."""
    if values in (None, ""):
        return []
    return list(values) if isinstance(values, list | tuple) else [values]


def presence(client: Client, what: str, wanted: object, path: str) -> list[str]:
    """Whether each of what newsletter.yaml names is there, a line each; `path` leads to them."""
    return [
        f"{what} {each}: {'there' if client.get(f'{path}/{each}') is not None else 'NOT THERE'}" for each in ids(wanted)
    ]


def id_where(entries: Sequence[Mapping[str, Any]] | None, **wanted: object) -> str | None:
    """The id of the first of some entries that says what is wanted; None if none does."""
    found = (each["id"] for each in entries or () if all(each.get(name) == value for name, value in wanted.items()))
    made = next(found, None)
    return None if made is None else str(made)


def no_api(service: str, known: Sequence[str]) -> UsageError:
    """Why nothing can be pushed to a service."""
    return UsageError(
        f"{service} has no API for drafts, or none that newsletter supports",
        hint=f"Export the issue instead: `newsletter export ISSUE --for {service}`. Drafts can be pushed to {', '.join(known)}.",
    )
