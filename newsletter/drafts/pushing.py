"""Makes an issue a draft at a service: the draft is created once, then updated, and always read back."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from newsletter.drafts.base import NoDraftError
from newsletter.drafts.client import RefusedCallError, UnknownOutcomeError
from newsletter.drafts.comparing import differences
from newsletter.errors import UsageError, WorldError
from newsletter.project.cache import digest
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.drafts.base import Draft, DraftApi, DraftPicture, RemoteDraft
    from newsletter.drafts.client import Client

PICTURE = "newsletter-picture:"
"""The prefix of a picture's name in HTML until the service has given it an address."""
_MAY_NOT = 403
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


@dataclass(frozen=True, slots=True)
class PushedBefore:
    """The remembered draft of an issue at a service."""

    id: str = ""
    """Empty if there is no draft yet."""
    content: str = ""
    """The hash of the pushed content."""
    mark: str = ""
    """The hash of the draft's content right after the push."""
    url: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """The addresses of uploaded pictures, by their hash."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """The result of a push."""

    what: str
    """CREATED, UPDATED or UNCHANGED."""
    remote: RemoteDraft
    memory: PushedBefore
    changed_there: tuple[str, ...] = ()
    """The differences between our email and the service's rendering, one line each, if the service can render it."""


def push(
    api: DraftApi,
    client: Client,
    draft: Draft,
    pictures: Sequence[DraftPicture],
    before: PushedBefore,
    remember: Callable[[PushedBefore], None],
    *,
    force: bool = False,
) -> Pushed:
    """Brings an issue to the service as a draft. `remember` is called after each step that must not be done twice.

    Raises UsageError for something that the service does not accept, and, without `force`, for a draft that was edited
    there. Raises NoDraftError if the result is not a draft, and WorldError (also UnknownOutcomeError) if the service
    fails or cannot be reached.
    """
    refuse_pictures(api, pictures)
    api = _believed(api)
    if client.dry:
        remember = _forget
    remote = None if client.dry and not before.id else _found(api, client, draft, before)
    if remote is not None and not client.dry:
        _refuse_what_is_no_draft(api, remote)
        if before.id == remote.id and before.mark != mark_of(remote) and not force:
            raise _edited_there(api, remote, _swapped(draft, pictures, before.pictures), before)
    draft, before = _with_pictures(api, client, draft, pictures, before, remember)
    content = digest_of(draft)
    if remote is not None and before.content == content and before.mark == mark_of(remote):
        return Pushed(UNCHANGED, remote, before)
    if remote is None:
        what, made = CREATED, _created(api, client, draft)
        before = replace(before, id=made)
        remember(before)
    else:
        what, made = UPDATED, remote.id
        before = replace(before, id=made)
        _updated(api, client, draft, remote)
    return _looked_at(api, client, draft, what, before, remember)


def _forget(_memory: PushedBefore) -> None:
    """The memory of a dry run, which saves nothing."""


def _believed(api: DraftApi) -> DraftApi:
    """The API with checks of its answers: one that is not as documented is an error."""
    calls: dict[str, Any] = {}
    for name in ("create", "update", "read", "find", "upload", "rendered"):
        call = getattr(api, name)
        calls[name] = call and _checked(api.title, call)
    return replace(api, **calls)


def _checked(title: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def checked(*given: Any) -> Any:
        try:
            return call(*given)
        except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
            raise UnknownOutcomeError(
                f"{title} answers in an unknown format ({type(error).__name__}: {error})",
                hint="Look there before you push again.",
            ) from error

    return checked


def refuse_pictures(api: DraftApi, pictures: Sequence[DraftPicture]) -> None:
    """Raises UsageError with all pictures that the service does not accept, before anything is uploaded."""
    if api.upload is None:
        return
    wrong = [picture.name for picture in pictures if picture.media_type not in api.picture_types]
    if wrong:
        kinds = ", ".join(kind.partition("/")[2].upper() for kind in api.picture_types)
        raise UsageError(
            f"{api.title} does not accept this kind of picture: {', '.join(wrong)}", hint=f"It takes {kinds}."
        )


def digest_of(draft: Draft) -> str:
    """A hash of everything that is pushed."""
    return digest(
        draft.name, draft.subject, draft.preheader, draft.html, draft.text, draft.sender_name, draft.sender_email,
        draft.reply_to, draft.slug, draft.summary, draft.page_url, repr(sorted(draft.settings.items())),
    )  # fmt: skip


def mark_of(remote: RemoteDraft) -> str:
    """A value that shows whether a draft was edited at the service.

    It is a hash of the content if the service returns that, else the service's own id of the version.
    """
    return digest(remote.subject, remote.html, remote.text, "" if remote.html else remote.version)


def _found(api: DraftApi, client: Client, draft: Draft, before: PushedBefore) -> RemoteDraft | None:
    """The existing draft, remembered or not, because an answer or the record may have been lost."""
    if before.id and (remote := api.read(client, before.id)):
        return remote
    known = api.find(client, draft) if api.find and not client.dry else None
    return api.read(client, known) if known else None


def _refuse_what_is_no_draft(api: DraftApi, remote: RemoteDraft) -> None:
    if not remote.is_draft:
        raise NoDraftError(
            f"the {api.keeps} {remote.id} at {api.title} is no longer a draft: its state is “{remote.state}”. Nothing was changed",
            hint="Look at it there. To push the letter again, delete its entry in archive/services.json.",
        )


def _edited_there(api: DraftApi, remote: RemoteDraft, draft: Draft, before: PushedBefore) -> UsageError:
    lines = differences(draft.html, remote.html) if remote.html else []
    if remote.subject and remote.subject != draft.subject:
        lines = [f"its subject is “{remote.subject}”", *lines]
    listed = "".join(f"\n  {line}" for line in lines)
    return UsageError(
        f"the {api.keeps} {before.id} was edited at {api.title} since it was pushed: it is not overwritten{listed}",
        hint="Bring the changes into the issue, or push with --force.",
    )


def _with_pictures(
    api: DraftApi,
    client: Client,
    draft: Draft,
    pictures: Sequence[DraftPicture],
    before: PushedBefore,
    remember: Callable[[PushedBefore], None],
) -> tuple[Draft, PushedBefore]:
    """The draft with the addresses of its pictures at the service. Each picture is uploaded once."""
    if api.upload is None:
        return draft, before
    known = dict(before.pictures)
    for picture in pictures:
        if picture.digest not in known:
            known[picture.digest] = api.upload(client, picture)
            before = replace(before, pictures=dict(known))
            remember(before)
    return _swapped(draft, pictures, known), before


def _swapped(draft: Draft, pictures: Sequence[DraftPicture], known: Mapping[str, str]) -> Draft:
    """The draft with the known addresses of pictures in place of their names."""
    html, shown = draft.html, draft.shown
    for picture in pictures:
        if there := known.get(picture.digest):
            name = f'"{PICTURE}{picture.name}"'
            html, shown = html.replace(name, f'"{there}"'), shown.replace(name, f'"{there}"')
    return replace(draft, html=html, shown=shown)


def _created(api: DraftApi, client: Client, draft: Draft) -> str:
    try:
        return api.create(client, draft)
    except UnknownOutcomeError:
        made = api.find(client, draft) if api.find else None
        if made is None:
            raise
        return made


def _rendered(api: DraftApi, client: Client, remote: RemoteDraft) -> str:
    """The email as the service would send it.

    Empty if the service cannot render it, or if the key may not see it, which is no fault of the draft.
    """
    if api.rendered is None:
        return ""
    try:
        return api.rendered(client, remote)
    except RefusedCallError as error:
        if error.status == _MAY_NOT:
            return ""
        raise


def _updated(api: DraftApi, client: Client, draft: Draft, remote: RemoteDraft) -> None:
    try:
        api.update(client, draft, remote)
    except UnknownOutcomeError:
        after = api.read(client, remote.id)
        if after is None or mark_of(after) == mark_of(remote):
            raise


def _looked_at(
    api: DraftApi,
    client: Client,
    draft: Draft,
    what: str,
    before: PushedBefore,
    remember: Callable[[PushedBefore], None],
) -> Pushed:
    """Reads the draft back and compares it. An answer that reports success is not enough."""
    remote = api.read(client, before.id)
    if remote is None:
        raise WorldError(f"{api.title} no longer has the {api.keeps} {before.id} that was just {what}")
    if not remote.is_draft:
        raise NoDraftError(
            f"ALARM: the {api.keeps} {remote.id} at {api.title} is not a draft: its state is “{remote.state}”",
            hint=f"Look at it at once{f': {remote.url}' if remote.url else ''}; it may be going out.",
        )
    before = replace(before, content=digest_of(draft), mark=mark_of(remote), url=remote.url)
    remember(before)
    changed: list[str] = []
    if not client.dry and (rendered := _rendered(api, client, remote)):
        changed = differences(draft.shown or draft.html, rendered, frame=True)
    return Pushed(what, remote, before, tuple(changed))
