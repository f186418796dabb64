"""The record of a mailing service's API: how a draft is created, found again, and read back.

Nothing here sends. The functions of a service build requests and read answers; `client.py` makes the calls, and
`pushing.py` decides which.
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
    """The object created or found at the service is not a draft.

    Nothing more is done with it, and a person must look at it at once.
    """


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A picture for the service to host."""

    name: str
    """Its file name: ASCII, and unique in the email."""
    media_type: str
    content: bytes
    digest: str
    """A hash of the content, so that a picture is uploaded only once."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The email for a service, with its tokens written and its pictures at their addresses."""

    key: str
    """The key of the issue and edition.

    It is the same for each push, so that the draft is found again if an answer was lost.
    """
    name: str
    """The name in the service's lists, which only the sender sees."""
    title: str
    subject: str
    preheader: str
    html: str
    text: str
    """Empty if the service makes the plain text itself."""
    sender_name: str
    sender_email: str
    reply_to: str = ""
    slug: str = ""
    summary: str = ""
    page_url: str = ""
    """The address of the web version."""
    number: int | None = None
    shown: str = ""
    """The HTML that readers see, with `comparing.UNKNOWN` for each token.

    A service's own rendering is compared with it.
    """
    html_url: str = ""
    """The address of the HTML for a service that fetches it; empty for all others."""
    text_url: str = ""
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoteDraft:
    """A draft as it is at the service."""

    id: str
    state: str
    """The state, in the service's own word."""
    is_draft: bool
    subject: str = ""
    html: str = ""
    """Empty if the service does not return it."""
    text: str = ""
    url: str = ""
    """The address where a person can look at it; empty if unknown."""
    version: str = ""
    """The service's id for this version, if it has one."""
    goes_out: str = ""
    """The time when it will be sent, in the service's notation; empty if it will not be sent, or the service does not say."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The permissions of a key; None for those that its service does not report."""

    drafts: bool | None = None
    pictures: bool | None = None
    sends: bool | None = None
    why: str = ""
    """The source of these permissions, as a text from the service."""


@dataclass(frozen=True, slots=True)
class DraftApi:
    """The parts of a service's API that drafts need."""

    service: str
    """The name in `services.SERVICES`."""
    title: str
    address: Callable[[Settings, Secret], str]
    """The address of the API. Raises UsageError if a setting for it is missing."""
    headers: Callable[[Settings, Secret], dict[str, str]]
    """The headers for access, and for the version of the API."""
    create: Callable[[Client, Draft], str]
    """Creates a draft and returns its id. Raises what the client raises."""
    update: Callable[[Client, Draft, RemoteDraft], None]
    read: Callable[[Client, str], RemoteDraft | None]
    """Reads the draft with this id; None if it does not exist."""
    auth: Callable[[Settings, Secret], httpx.Auth] | None = None
    """Signs each call, if a header is not enough."""
    find: Callable[[Client, Draft], str | None] | None = None
    """The id of an existing draft, by its key or name. None if the service has no search for it."""
    upload: Callable[[Client, DraftPicture], str] | None = None
    """Uploads a picture and returns its address. None if pictures stay on the publication's own site."""
    picture_types: Sequence[str] = ()
    """The media types of pictures that the service accepts."""
    rendered: Callable[[Client, RemoteDraft], str] | None = None
    """The HTML as the service would send it."""
    look: Callable[[Client, Settings], Sequence[str]] | None = None
    """The facts that `--check` shows, one line each. It changes nothing. Raises what the client raises."""
    allowed: Callable[[Client, Settings], Allowed] | None = None
    """The permissions of the key, from calls that only read; None if the service has no such calls."""
    needs: Callable[[Settings], Sequence[str]] = lambda _settings: ()
    """The settings missing in newsletter.yaml, a line each. Nothing can be pushed without them."""
    schedule: Callable[[Client, Draft, RemoteDraft, datetime], None] | None = None
    """Schedules a draft for a time (in UTC), by a call that does nothing else.

    None if no such call is known for certain.
    """
    scheduled: Sequence[str] = ()
    """The states of a scheduled draft."""
    schedule_step: int = 1
    """The step in minutes in which the service accepts times."""
    schedule_needs: Callable[[Settings], Sequence[str]] = lambda _settings: ()
    """Like `needs`, for scheduling."""
    fetches: bool = False
    """Whether the service accepts only the address of HTML on the web."""
    lock: str = ""
    """The way to limit a key to drafts, for the documentation."""
    keeps: str = "campaign"
    """The service's word for a draft: a campaign, a post, or a template (which is not sent by itself)."""


def bearer(_settings: Settings, secret: Secret) -> dict[str, str]:
    """The header of an API whose key alone gives access (RFC 6750 §2.1)."""
    return {"Authorization": f"Bearer {secret.reveal()}"}


def required(settings: Settings, *keys: str) -> list[str]:
    """The required settings of a service that newsletter.yaml lacks."""
    return [f"`{key}` is missing" for key in keys if not settings.get(key)]


def ids(values: object) -> list[Any]:
    """A list unchanged; a single value as a list."""
    if values in (None, ""):
        return []
    return list(values) if isinstance(values, list | tuple) else [values]


def presence(client: Client, what: str, wanted: object, path: str) -> list[str]:
    """For each of `wanted` from newsletter.yaml, a line that says whether it exists at the service; `path` leads to them."""
    return [
        f"{what} {each}: {'there' if client.get(f'{path}/{each}') is not None else 'NOT THERE'}" for each in ids(wanted)
    ]


def id_where(entries: Sequence[Mapping[str, Any]] | None, **wanted: object) -> str | None:
    """The id of the first entry with the wanted value; None if there is none."""
    found = (each["id"] for each in entries or () if all(each.get(name) == value for name, value in wanted.items()))
    made = next(found, None)
    return None if made is None else str(made)


def no_api(service: str, known: Sequence[str]) -> UsageError:
    """The reason why a service has no API here."""
    return UsageError(
        f"{service} has no API for drafts, or none that newsletter supports",
        hint=f"Export the issue instead: `newsletter export ISSUE --for {service}`. Drafts can be pushed to {', '.join(known)}.",
    )
