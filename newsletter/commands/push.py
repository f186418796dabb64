"""Pushes an issue to a mailing service: one draft for each edition, each with its own audience.

Nothing here sends. A draft is scheduled only for a time that a person asked for and confirmed by typing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsletter.commands.export import composed
from newsletter.credentials import Account, Secret, secret_of
from newsletter.drafts import api_named
from newsletter.drafts.base import Allowed, Draft, DraftPicture
from newsletter.drafts.client import Client
from newsletter.drafts.comparing import UNKNOWN
from newsletter.drafts.own_site import not_on_the_web, refuse_unserved, served, served_files, write_served
from newsletter.drafts.permissions import permission_lines
from newsletter.drafts.pushing import PICTURE, PushedBefore, push
from newsletter.drafts.scheduling import moment, refuse_schedule, schedule
from newsletter.errors import UsageError
from newsletter.files import read_bytes
from newsletter.project.cache import digest
from newsletter.project.project import open_project
from newsletter.records import dataclass
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.config.publication import Publication
    from newsletter.config.workspace import IssueFile
    from newsletter.drafts.base import DraftApi, RemoteDraft, Settings
    from newsletter.drafts.pushing import Pushed

RECORD = "archive/services.json"
"""The file with the drafts by service, issue and edition. It belongs in the repository, because CI continues from it."""
FREE, PAID = "free", "paid"


@dataclass(frozen=True, slots=True)
class ReadyDraft:
    """A letter that can be pushed."""

    edition: str
    """FREE or PAID; empty if all readers get the same."""
    draft: Draft
    pictures: tuple[DraftPicture, ...]
    before: PushedBefore
    held_back: bool = False
    """Whether the issue's front matter says that it is a draft."""


def account_of(service: str) -> Account:
    """The account under which the key is stored."""
    return Account(f"NEWSLETTER_{service.upper().replace('-', '_')}_KEY", service)


def key_of(service: str) -> Secret:
    """The key of a service. Raises UsageError if none is known."""
    account = account_of(service)
    secret = secret_of(account)
    if secret is None:
        raise UsageError(
            f"there is no key for {service}",
            hint=f"Store it with `newsletter login {service}`, or set {account.variable} in the environment.",
        )
    return secret


def settings_of(publication: Publication, api: DraftApi, edition: str) -> Settings:
    """The settings in newsletter.yaml for an edition at a service.

    Raises UsageError with everything that is missing. A paid letter needs an audience of its own, because its
    recipients must not be guessed. Also raises UsageError for a paid letter that the service would fetch from the web.
    """
    if edition == PAID and api.fetches:
        raise UsageError(
            f"{api.title} fetches letters from the web, where the paid edition must not be",
            hint=f"Export it and upload it yourself: newsletter export ISSUE --for {api.service} --edition paid.",
        )
    configured = publication.services.get(api.service)
    if edition == PAID and (configured is None or configured.paid is None):
        raise UsageError(
            f"newsletter.yaml has no audience for the paid edition at {api.title}",
            hint=f"Add a block `paid:` with the audience of paying readers under `services: {api.service}:`.",
        )
    settings = (
        configured.paid if edition == PAID and configured and configured.paid else configured.free if configured else {}
    ) or {}
    if missing := api.needs(settings):
        where = f"services: {api.service}:" + (" paid:" if edition == PAID else "")
        raise UsageError(
            f"newsletter.yaml is missing settings for {api.title}: {'; '.join(missing)}",
            hint=f"Add them under `{where}`.",
        )
    return settings


def ready(root: Path, file: IssueFile, service: str, tokens: Mapping[str, str]) -> tuple[ReadyDraft, ...]:
    """The drafts of an issue for a service, one for each edition.

    `tokens` are as in `composed`. Raises UsageError for a service without an API and if settings are missing in
    newsletter.yaml, and as `export` does.
    """
    api = api_named(service)
    project = open_project(root)
    record = DraftRecord(root)
    made = []
    base = PICTURE if api.upload else None
    for letter in composed(project, file, service=service, tokens=tokens, picture_base=base, unknown=UNKNOWN):
        settings = settings_of(project.publication, api, letter.edition)
        sender = project.publication.sender
        ending = f" ({letter.edition})" if letter.edition else ""
        draft = Draft(
            key=digest(project.publication.url, file.name, letter.edition)[:24],
            name=f"{letter.title}{ending}",
            title=letter.title,
            subject=letter.subject,
            preheader=letter.preheader,
            html=letter.html,
            text=letter.text,
            shown=letter.shown,
            sender_name=sender.name,
            sender_email=sender.email,
            reply_to=sender.reply_to,
            slug=f"{letter.slug}-paid" if letter.edition == PAID else letter.slug,
            summary=letter.summary,
            page_url=letter.page_url,
            number=letter.number,
            settings=settings,
        )
        if api.fetches:
            draft = served(draft, project.publication.url)
        pictures = tuple(
            DraftPicture(each.name, each.media_type, each.content, digest(each.content)) for each in letter.pictures
        )
        made.append(
            ReadyDraft(letter.edition, draft, pictures, record.of(service, file.name, letter.edition), letter.held_back)
        )
    return tuple(made)


def push_all(
    root: Path,
    file: IssueFile,
    service: str,
    drafts: tuple[ReadyDraft, ...],
    *,
    dry: bool,
    force: bool = False,
    connect: Callable[..., Client] = Client,
) -> Iterator[tuple[ReadyDraft, Pushed, tuple[str, ...]]]:
    """Pushes drafts one by one. Gives the result of each, and the calls that were made (with `dry`: would be made).

    Raises as `pushing.push` does. What was done before an error is recorded.
    """
    api = api_named(service)
    if api.fetches and not dry:
        write_served(root, [each.draft for each in drafts])
        refuse_unserved([each.draft for each in drafts], api.title)
    secret = _secret(service, dry=dry)
    record = DraftRecord(root)
    for each in drafts:
        settings = each.draft.settings
        with _connected(api, settings, secret, connect, dry=dry) as client:

            def remember(memory: PushedBefore, edition: str = each.edition) -> None:
                if not dry:
                    record.keep(service, file.name, edition, memory)

            pushed = push(api, client, each.draft, each.pictures, each.before, remember, force=force)
            files = served_files(each.draft) if api.fetches else ()
            written = (f"write {name}, which is looked for on your site" for name in files)
            yield each, pushed, (*written, *client.calls)


def _connected(
    api: DraftApi, settings: Settings, secret: Secret, connect: Callable[..., Client], *, dry: bool = False
) -> Client:
    signing = {"auth": api.auth(settings, secret)} if api.auth and not dry else {}
    return connect(api.title, api.address(settings, secret), api.headers(settings, secret), secret, dry=dry, **signing)


def time_for(root: Path, service: str, drafts: tuple[ReadyDraft, ...], text: str, now: datetime) -> datetime:
    """The time that a person wrote, if the service can schedule these drafts for it.

    Raises UsageError for an invalid time, for a service that cannot schedule, and for an issue that its front matter
    holds back.
    """
    api = api_named(service)
    when = moment(text, open_project(root).publication.timezone, now)
    refuse_schedule(api, [each.draft.settings for each in drafts], when)
    if any(each.held_back for each in drafts):
        raise UsageError(
            "the issue is a draft and cannot be scheduled", hint="Remove `draft: true` from its front matter first."
        )
    return when


def schedule_all(
    service: str,
    pushed: Sequence[tuple[ReadyDraft, RemoteDraft]],
    when: datetime,
    *,
    dry: bool,
    connect: Callable[..., Client] = Client,
) -> Iterator[tuple[ReadyDraft, RemoteDraft, tuple[str, ...]]]:
    """Schedules drafts that were pushed, one by one. Raises as `scheduling.schedule` does."""
    api = api_named(service)
    for each, remote in pushed:
        settings, secret = each.draft.settings, _secret(service, dry=dry)
        with _connected(api, settings, secret, connect, dry=dry) as client:
            yield each, schedule(api, client, each.draft, remote, when), tuple(client.calls)


def _secret(service: str, *, dry: bool) -> Secret:
    """The key of the service. For a dry run without a key, a placeholder in the same form."""
    if dry and secret_of(account_of(service)) is None:
        return Secret(_SHAPES.get(service, "‹key›"))
    return key_of(service)


_SHAPES = {"mailchimp": "key-us1", "ghost": "key:00", "listmonk": "user:token", "ses": "id:secret"}
"""Placeholders for a dry run, for services whose keys have a recognizable form."""


def missing_pictures(root: Path, service: str, drafts: tuple[ReadyDraft, ...]) -> list[str]:
    """The pictures that a service would load from the publication's own site, and that are not there yet."""
    if api_named(service).upload is not None:
        return []
    publication = open_project(root).publication
    return [
        address
        for each in drafts
        for address in not_on_the_web(
            each.draft.html, (publication.paid_url if each.edition == PAID else "") or publication.url
        )
    ]


def look(root: Path, service: str, *, connect: Callable[..., Client] = Client) -> tuple[str, ...]:
    """Checks the key and the audiences and reports what the key allows, one line each. Nothing is changed.

    Raises as `ready` and the client do.
    """
    api, publication = api_named(service), open_project(root).publication
    configured = publication.services.get(service)
    lines = []
    for edition in (FREE, PAID) if configured and configured.paid is not None else (FREE,):
        settings = settings_of(publication, api, edition)
        secret = key_of(service)
        with _connected(api, settings, secret, connect) as client:
            found = [*(api.look(client, settings) if api.look else ())]
            found += permission_lines(api, api.allowed(client, settings) if api.allowed else Allowed())
            lines += [f"{edition}: {line}" if configured and configured.paid is not None else line for line in found]
    return tuple(dict.fromkeys(lines))


class DraftRecord:
    """The file RECORD, read and written as a whole.

    An entry in an unknown form is ignored, and the service is asked instead.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._services: dict[str, Any] = {}
        try:
            found = json.loads(read_bytes(root / RECORD))
        except FileNotFoundError:
            return
        except (OSError, ValueError, RecursionError) as error:
            raise UsageError(
                f"{RECORD} cannot be read: {error}",
                hint="Restore it from git. Without it, newsletter looks for drafts by name.",
            ) from error
        self._services = found if isinstance(found, dict) else {}

    def of(self, service: str, issue: str, edition: str) -> PushedBefore:
        """The record of an edition of an issue."""
        entry: Any = self._services
        for step in (service, issue, edition or "all"):
            entry = entry.get(step) if isinstance(entry, dict) else None
        if not isinstance(entry, dict):
            return PushedBefore()
        texts = {name: entry.get(name) for name in ("id", "content", "mark", "url")}
        pictures = entry.get("pictures")
        pictures = pictures if isinstance(pictures, dict) else {}
        return PushedBefore(
            **{name: value for name, value in texts.items() if isinstance(value, str)},
            pictures={name: url for name, url in pictures.items() if isinstance(url, str)},
        )

    def drafts_of(self, issue: str) -> dict[str, dict[str, dict[str, str]]]:
        """The drafts of an issue at all services: the id and the address, by service and edition."""
        found: dict[str, dict[str, dict[str, str]]] = {}
        for service, letters in sorted(self._services.items()):
            editions = letters.get(issue) if isinstance(letters, dict) else None
            for edition in sorted(editions) if isinstance(editions, dict) else ():
                before = self.of(service, issue, edition)
                if before.id:
                    named = {"id": before.id, **({"url": before.url} if before.url else {})}
                    found.setdefault(service, {})[edition] = named
        return found

    def keep(self, service: str, issue: str, edition: str, memory: PushedBefore) -> None:
        """Records the current draft. Raises WorldError if it cannot be written."""
        letters = self._services.setdefault(service, {}).setdefault(issue, {})
        letters[edition or "all"] = {
            "id": memory.id,
            "content": memory.content,
            "mark": memory.mark,
            "url": memory.url,
            "pictures": dict(memory.pictures),
        }
        text = json.dumps(self._services, ensure_ascii=False, indent=1, sort_keys=True)
        write_all(self._root, {RECORD: f"{text}\n".encode()})
