"""Exporting one issue for a mailing service, or as one complete message."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from newsletter import tokens as all_tokens
from newsletter.build.errors import missing_from
from newsletter.build.facts import EMAIL_FOLDER
from newsletter.build.holding import leaks, would_give_away
from newsletter.build.issue import unreadable_pictures
from newsletter.build.pictures import picture_bytes
from newsletter.errors import ConfigurationError, UsageError
from newsletter.project.exported import write_export
from newsletter.project.letters import letter_of, render_email
from newsletter.project.project import open_project
from newsletter.services import filled, service_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsletter.config.publication import Publication
    from newsletter.config.workspace import IssueFile
    from newsletter.model import Rendering
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project
    from newsletter.render.letter import Letter
    from newsletter.services.message import AttachedPicture, Letterhead

HOSTED, BESIDE, ATTACHED = "hosted", "beside", "attached"
PICTURES = (HOSTED, BESIDE, ATTACHED)
"""Where the e-mail finds its pictures."""
PAID = "-paid"
"""Ends the names of what only paying readers get, so that nobody takes one for the other."""
_LONGEST_ADDRESS, _LONGEST_SUBJECT, _LONGEST_TAG = 900, 500, 60
"""Characters of what a header cannot break up: a line has 998 at most (RFC 5322 §2.1.1). Of the subject of the mail by which
readers unsubscribe, percent-encoded; of the tag of a language."""
FOLDER = "images"
"""Of the pictures beside the e-mail; PAID ends this name, too."""


def export(
    root: Path,
    file: IssueFile,
    *,
    service: str,
    folder: Path | None,
    tokens: Mapping[str, str],
    now: datetime,
    pictures: str = HOSTED,
    paid: bool = False,
    warn: Callable[[str], None] | None = None,
) -> tuple[Path, tuple[str, ...]]:
    """Writes what `service` takes into `folder`, else beside the e-mail that was built; gives folder and names written there.

    `tokens` says how tokens are written where the service's own way will not do. `pictures` is one of PICTURES. `now` is
    the date of a message. `paid` is the edition of paying readers, in files and a folder of its own, so that the two are not
    mistaken for each other. `warn` hears of an issue that its front matter holds back. Raises UsageError for an unknown service or token, where there is no such edition, and for what
    does not go together; ConfigurationError with the findings of an issue that cannot be read.
    """
    target = service_named(service)
    if target.message and pictures == BESIDE:
        raise UsageError(
            "a message has no folder beside it", hint="`--pictures attached` puts the pictures into the message."
        )
    project = open_project(root)
    if project.invented:
        raise ConfigurationError("nothing is exported with what `newsletter init` made up", project.invented)
    images = f"{FOLDER}{PAID if paid else ''}/"
    letter = _letter(project, file, paid=paid, pictures=pictures, images=images)
    if letter.issue.draft and warn:
        warn(f"{file.path} is a draft: it is exported, and neither in the archive nor in the feeds")
    slug = letter.issue.slug
    name = f"{slug}{PAID}" if paid else slug
    rendering = render_email(project, letter)
    if target.message:
        tokens = {**_addresses(letter), **tokens}
        rendering = _without_service(rendering, letter.publication)
    html, text = filled(rendering, target, tokens=tokens, personal_fields=letter.publication.personal_fields)
    if pictures == ATTACHED:  # a link to a picture can lead to the web only
        html = html.replace('href="cid:', f'href="{escape(letter.page_url)}')
    shown = () if target.message and pictures == HOSTED else _attached(root, rendering, html)
    if target.message:
        head = _letterhead(letter, unsubscribe=tokens[all_tokens.UNSUBSCRIBE], now=now)
        files = {f"{name}.eml": _as_message(head, html, text, shown)}
    else:
        files = {f"{name}.html": html.encode(), f"{name}.txt": text.encode()}
        files |= {f"{images}{picture.name}": picture.content for picture in shown}
    if folder is None:
        folder = root / EMAIL_FOLDER / slug / f"for-{service}{PAID if paid else ''}"
        gone = _pictures_in(folder, images)
    else:
        gone = () if paid else _no_longer_free(project, file, letter, folder)
    what = f"{file.path} {'paid' if paid else 'free'}"
    write_export(root, folder, files, what=what, within=(FOLDER, f"{FOLDER}{PAID}"), gone=gone)
    return folder, tuple(sorted(files))


def _letter(project: Project, file: IssueFile, *, paid: bool, pictures: str, images: str) -> Letter:
    """The letter of an issue that may go out; its pictures stand in the folder `images` where they are beside it.

    Raises ConfigurationError with the findings of an issue that may not, and as `_refuse_without_address` does.
    """
    parsed = project.read(file)
    if not parsed.readable:
        raise ConfigurationError(f"{file.path} cannot be read", parsed.diagnostics)
    if faults := leaks(project, parsed):
        raise would_give_away(file.path, faults)
    letter = letter_of(project, parsed, paid=paid, picture_base={BESIDE: images, ATTACHED: "cid:"}.get(pictures))
    if faults := tuple(unreadable_pictures(project, parsed, [letter])):
        raise ConfigurationError(f"{file.path} shows what is no picture", faults)
    if faults := missing_from(project, parsed):
        raise ConfigurationError(f"something would be missing from {file.path}", faults)
    if paid:
        _refuse_without_address(project, parsed, letter, hosted=pictures == HOSTED)
    return letter


def _pictures_in(folder: Path, images: str) -> tuple[str, ...]:
    """The pictures of earlier exports in a folder of ours: who uploads it as a whole gives away none that is no longer for all."""
    return tuple(f"{images}{path.name}" for path in sorted((folder / images).glob("*")) if path.is_file())


def _no_longer_free(project: Project, file: IssueFile, letter: Letter, folder: Path) -> tuple[str, ...]:
    """Pictures in a folder of somebody's that only paying readers still get, whoever remembers that we wrote them there."""
    beside = folder / FOLDER
    if not letter.edition or not beside.is_dir():
        return ()
    from newsletter.render.images.plan import mail_names

    free = {name for image in letter.images.values() for name in mail_names(image)}
    paid = letter_of(project, project.read(file), paid=True)
    names = {name: image for image in paid.images.values() for name in mail_names(image) if name not in free}
    root = project.workspace.root
    return tuple(
        f"{FOLDER}/{name}"
        for name, image in names.items()
        if (beside / name).is_file() and (beside / name).read_bytes() == picture_bytes(root, image, name)
    )


def _refuse_without_address(project: Project, parsed: ParsedIssue, paid: Letter, *, hosted: bool) -> None:
    """Raises UsageError where an issue has no paid edition, or where files that only paying readers get stand nowhere.

    With `hosted`, their pictures are such files, too.
    """
    if not paid.edition:
        raise UsageError(
            f"{parsed.file.path} has no paid edition: all readers get the same",
            hint="Export it without --edition; `::: only paid` and `::: paywall` make two editions of a letter.",
        )
    if project.publication.paid_url:
        return
    free = letter_of(project, parsed)
    pictures = {image.source for image in paid.images.values()} - {image.source for image in free.images.values()}
    attached = {f"{parsed.file.folder}/{unquote(href)}" for href in paid.attachments.keys() - free.attachments.keys()}
    files = sorted(attached | pictures if hosted else attached)
    if files:
        several = f" and {len(files) - 1} more" if files[1:] else ""
        way = "Say in newsletter.yaml, as `paid_url`, where you serve such files"
        raise UsageError(
            f"no address leads to {files[0]}{several}: only paying readers get that, so it is not in the web archive",
            hint=f"{way}." if attached else f"{way}; or send the pictures along: --pictures beside.",
        )


def _as_message(head: Letterhead, html: str, text: str, pictures: tuple[AttachedPicture, ...]) -> bytes:
    """The message in which `html` shows `pictures` by `cid:` and their names."""
    from newsletter.services.message import build_message, content_id

    for picture in pictures:
        html = html.replace(f'"cid:{picture.name}"', f'"cid:{content_id(picture.name, head.sender.address)}"')
    return bytes(build_message(head, html=html, text=text, pictures=pictures))


def _letterhead(letter: Letter, *, unsubscribe: str, now: datetime) -> Letterhead:
    """What stands above a letter that goes out as a message. A message that nobody is named in is for its sender to address.

    Raises UsageError for a sender's address that needs RFC 6532, which most servers do not take.
    """
    from newsletter.services.message import Letterhead, Mailbox

    sender = letter.publication.sender
    for key, address in (("email", sender.email), ("reply_to", sender.reply_to)):
        if not address.rpartition("@")[0].isascii():
            raise UsageError(
                f"no message can be written from {address}: few servers take other letters than a–z before the @",
                hint=f"Write another address as `{key}` of the sender in newsletter.yaml.",
            )
    if len(unsubscribe) > _LONGEST_ADDRESS:
        raise UsageError(
            f"the address to unsubscribe at has {len(unsubscribe):,} characters: no message can hold more than "
            f"{_LONGEST_ADDRESS} in one line",
            hint="Write a shorter one: --token unsubscribe_url=https://…",
        )
    return Letterhead(
        subject=letter.subject,
        sender=Mailbox(sender.email, sender.name),
        reply_to=Mailbox(sender.reply_to) if sender.reply_to else None,
        date=now,
        language=letter.language.code if len(letter.language.code) < _LONGEST_TAG else "",
        unsubscribe=unsubscribe if unsubscribe.startswith(("https:", "http:", "mailto:")) else "",
    )


def _attached(root: Path, rendering: Rendering, html: str) -> tuple[AttachedPicture, ...]:
    """The pictures that the e-mail shows, as files."""
    from newsletter.render.images.plan import mail_names
    from newsletter.services.message import AttachedPicture

    shown = {name: image for image in rendering.images for name in mail_names(image) if name in html}
    types = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
    return tuple(
        AttachedPicture(name, types[name.rpartition(".")[2]], picture_bytes(root, image, name))
        for name, image in shown.items()
    )


# ── Without a service ───────────────────────────────────────────────────────────────────────────────────────────────


def _addresses(letter: Letter) -> dict[str, str]:
    """The addresses that a service would make, as far as they can be without one: readers unsubscribe by mail."""
    publication, sender = letter.publication, letter.publication.sender
    subject = quote(f"Unsubscribe: {publication.title}")
    if len(subject) > _LONGEST_SUBJECT:
        subject = "Unsubscribe"
    mail = f"mailto:{sender.reply_to or sender.email}?subject={subject}"
    return {
        all_tokens.UNSUBSCRIBE: mail,
        all_tokens.PREFERENCES: publication.subscribe_url or publication.url,
        all_tokens.VIEW_IN_BROWSER: letter.page_url,
    }


def _without_service(rendering: Rendering, publication: Publication) -> Rendering:
    """The rendering with personal fields at the fallbacks that the publication has for them, where an issue gives none."""
    fields = publication.personal_fields

    def in_html(name: str, fallback: str) -> str:
        return all_tokens.placeholder(name, fallback or escape(fields.get(name, "")))

    def in_text(name: str, fallback: str) -> str:
        return all_tokens.placeholder(name, fallback or fields.get(name, ""))

    return replace(
        rendering, html=all_tokens.fill(rendering.html, in_html), text=all_tokens.fill(rendering.text, in_text)
    )
