"""Exports one issue for a mailing service, or as one complete message."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter import tokens as all_tokens
from newsletter.build.errors import missing_from
from newsletter.build.facts import EMAIL_FOLDER
from newsletter.build.holding import leaks, would_give_away
from newsletter.build.issue import unreadable_pictures
from newsletter.build.pictures import picture_bytes
from newsletter.commands.handing_over import (
    addresses_without,
    campaign_of,
    filled_for,
    rendering_for,
    with_address_of,
    without_service,
)
from newsletter.errors import ConfigurationError, FindingsError, UsageError
from newsletter.markdown.fields import at_fallbacks
from newsletter.names import slugify
from newsletter.project.exported import write_export
from newsletter.project.letters import attached_path, letter_of, render_email
from newsletter.project.project import open_project
from newsletter.records import dataclass
from newsletter.services import EML, Form, filled, service_named
from newsletter.services.campaign import with_campaign
from newsletter.services.filling import in_a_field
from newsletter.services.package import PackedLetter, general_names, is_ours, package, zipped
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsletter.config.workspace import IssueFile
    from newsletter.model import Rendering
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project
    from newsletter.render.letter import Letter
    from newsletter.services import Service, TokenContext
    from newsletter.services.message import AttachedPicture, Letterhead

HOSTED, BESIDE, ATTACHED = "hosted", "beside", "attached"
PICTURES = (HOSTED, BESIDE, ATTACHED)
"""The places of an email's pictures: on the web, in a folder beside it, or in the message."""
PAID = "-paid"
"""The suffix of files for paying readers, so that the two editions are not confused."""
_LONGEST_ADDRESS, _LONGEST_TAG = 900, 60
"""The longest address to unsubscribe at, and the longest language tag, in characters.

A header cannot break these up, and a line has at most 998 characters (RFC 5322 §2.1.1).
"""
FOLDER = "images"
"""The folder of the pictures beside the email. For the paid edition, the suffix PAID is added."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The files of an export, and the text to paste."""

    place: Path
    """The folder, or the archive."""
    files: tuple[str, ...]
    """The files, by their names in the folder."""
    html: str
    rich: bool
    """Whether the text is pasted as rich text. Otherwise its source is pasted."""
    edition: str
    """The edition, "free" or "paid"; empty if all readers get the same."""


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
) -> Exported:
    """Writes the files for `service` into `folder`; by default beside the email that was built.

    A `folder` that ends in .zip is an archive. `tokens` overrides how the service's tokens are written. `pictures` is
    one of PICTURES. `now` is the date of a message. `paid` exports the edition of paying readers, with its own files
    and folder, so that the two are not confused. `warn` is called for an issue that its front matter holds back. Raises
    UsageError for an unknown service or token, for a missing edition, and for options that cannot be combined. Raises
    ConfigurationError with the findings of an issue that cannot be read. Raises FindingsError with the findings of an
    issue that the service cannot take.
    """
    target = service_named(service)
    if target.form is Form.MESSAGE and pictures == BESIDE:
        raise UsageError(
            "`--pictures beside` does not work with `--for eml`: a message has no folder next to it",
            hint="Use `--pictures attached`, which puts the pictures into the message.",
        )
    project = open_project(root)
    images = f"{FOLDER}{PAID if paid else ''}/"
    parsed, letter = _letter(project, file, paid=paid, pictures=pictures, images=images)
    if letter.issue.draft and warn:
        warn(f"{file.path} is a draft: an export does not add it to the archive and the feeds")
    letter = with_campaign(with_address_of(target, letter), campaign_of(project, letter, target))
    rendering = rendering_for(project, letter, target, tokens)
    html, text = filled_for(project, parsed, letter, rendering, target, tokens)
    if pictures == ATTACHED:
        html = _with_web_pictures(html, letter)
    shown = () if target.form is Form.MESSAGE and pictures == HOSTED else _attached(root, rendering, html)
    files: Mapping[str, bytes]
    if target.form is Form.MESSAGE:
        unsubscribe = {**addresses_without(letter), **tokens}[all_tokens.UNSUBSCRIBE]
        head = _letterhead(letter, unsubscribe=unsubscribe, now=now)
        files = {f"{_name(letter)}.eml": _as_message(head, html, text, shown)}
    else:
        beside = {f"{images}{picture.name}": picture.content for picture in shown}
        files = _packed(letter, target, html, text, beside, hosted=pictures == HOSTED)
    place = _write(project, parsed, letter, target, files, folder=folder, images=images)
    is_rich = target.form in {Form.FRAGMENT, Form.PASTED}
    return Exported(place, tuple(sorted(files)), html, rich=is_rich, edition=letter.edition)


def _name(letter: Letter) -> str:
    """The base name of the files: the slug, with a suffix for the paid edition."""
    return f"{letter.issue.slug}{PAID}" if letter.edition == "paid" else letter.issue.slug


def _packed(
    letter: Letter, target: Service, html: str, text: str, pictures: Mapping[str, bytes], *, hosted: bool
) -> Mapping[str, bytes]:
    """The files of an export that is not a message."""
    packed = PackedLetter(
        name=_name(letter),
        suffix=PAID if letter.edition == "paid" else "",
        slug=letter.issue.slug,
        edition=letter.edition,
        subject=in_a_field(target, letter.subject),
        preheader=in_a_field(target, letter.preheader),
        html=html,
        text=text,
        pictures=pictures,
        hosted=hosted,
    )
    return package(packed, target, letter.language)


def _write(
    project: Project,
    parsed: ParsedIssue,
    letter: Letter,
    target: Service,
    files: Mapping[str, bytes],
    *,
    folder: Path | None,
    images: str,
) -> Path:
    """Writes the files. Returns the folder, or the archive."""
    root, file, paid = project.workspace.root, parsed.file, letter.edition == "paid"
    if folder is not None and folder.suffix.lower() == ".zip" and not folder.is_dir():
        write_all(folder.parent, {folder.name: zipped(files)}, place=folder.parent.as_posix())
        return folder
    gone: tuple[str, ...] = ()
    if folder is None:
        folder = root / EMAIL_FOLDER / letter.issue.slug / f"for-{target.name}{PAID if paid else ''}"
        gone = _pictures_in(folder, images)
    else:
        _refuse_to_replace(folder, files, PAID if paid else "")
        gone = () if paid else _no_longer_free(project, file, letter, folder)
    what = f"{file.path} {'paid' if paid else 'free'}"
    write_export(root, folder, files, what=what, within=(FOLDER, f"{FOLDER}{PAID}"), gone=gone)
    return folder


def _refuse_to_replace(folder: Path, files: Mapping[str, bytes], suffix: str) -> None:
    """Raises UsageError if a file of ours would replace one of another program, such as README.txt."""
    readme, manifest = (folder / name for name in general_names(suffix))
    known = manifest.read_bytes() if manifest.is_file() else b""
    for path in (readme, manifest):
        if (
            path.name in files
            and path.exists()
            and not (path.is_file() and is_ours(path.name, path.read_bytes(), known))
        ):
            raise UsageError(
                f"{path.name} already exists, and it was not written by an export",
                hint="Export into another folder, or into an archive: -o letter.zip.",
            )


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter in the form that a service gets."""

    edition: str
    """"free" or "paid" if there are two; empty if all readers get the same."""
    title: str
    subject: str
    preheader: str
    html: str
    text: str
    shown: str
    """The HTML as readers see it, with `unknown` in place of values that the service fills in."""
    slug: str
    summary: str
    page_url: str
    number: int | None
    held_back: bool
    """Whether its front matter marks it as a draft."""
    pictures: tuple[AttachedPicture, ...]
    """The pictures that the HTML shows at addresses that begin with `picture_base`. Empty without a `picture_base`."""


def composed(
    project: Project,
    file: IssueFile,
    *,
    service: str,
    tokens: Mapping[str, str],
    picture_base: str | None = None,
    unknown: str = "",
) -> Iterator[Composed]:
    """The editions of an issue as a service gets them.

    The addresses of pictures begin with `picture_base`; by default the pictures are on the web. `tokens` overrides how
    the service's tokens are written. Raises as `export` does.
    """
    target = service_named(service)
    for parsed, of_edition in _editions(project, file, pictures=HOSTED, base=picture_base):
        letter = with_campaign(with_address_of(target, of_edition), campaign_of(project, of_edition, target))
        rendering = rendering_for(project, letter, target, tokens)
        html, text = filled_for(project, parsed, letter, rendering, target, tokens)
        shown = _attached(project.workspace.root, rendering, html) if picture_base else ()
        issue = letter.issue
        yield Composed(
            letter.edition, issue.title, in_a_field(target, letter.subject), in_a_field(target, letter.preheader), html, text,
            all_tokens.fill(rendering.html, lambda _name, _fallback: unknown), issue.slug, issue.summary,
            letter.page_url, issue.number, issue.draft, shown,
        )  # fmt: skip


def proof_of(
    project: Project, file: IssueFile, *, to: str, reader: Mapping[str, str], now: datetime
) -> Iterator[tuple[str, str, bytes]]:
    """The test messages for one address: the name, the subject and the whole message of each edition.

    The name is empty if all readers get the same. `reader` has the values of personal fields. If a value is empty or
    missing, its fallback is shown. Raises as `export` does.
    """
    for _, letter in _editions(project, file, pictures=ATTACHED):
        yield letter.edition, *_proof(project, letter, to, reader, now)


def _editions(
    project: Project, file: IssueFile, *, pictures: str, base: str | None = None
) -> Iterator[tuple[ParsedIssue, Letter]]:
    """The letter of all readers, and that of paying readers if it differs."""
    parsed, free = _letter(project, file, paid=False, pictures=pictures, images="", base=base)
    yield parsed, free
    if free.edition:
        yield _letter(project, file, paid=True, pictures=pictures, images="", base=base)


def _proof(project: Project, letter: Letter, to: str, reader: Mapping[str, str], now: datetime) -> tuple[str, bytes]:
    from newsletter.services.message import Mailbox

    known, tokens = letter.publication.personal_fields, addresses_without(letter)

    def personal(name: str, fallback: str, place: TokenContext) -> str:
        return EML.personal(name, reader.get(name) or fallback or known.get(name, ""), place)

    rendering = without_service(
        render_email(project, letter), letter.publication, {*tokens, *filter(reader.get, reader)}
    )
    html, text = filled(rendering, replace(EML, personal=personal), tokens=tokens, personal_fields=known)
    html = _with_web_pictures(html, letter)
    head = _letterhead(letter, unsubscribe=tokens[all_tokens.UNSUBSCRIBE], now=now)
    mark = f"[Test, {letter.edition}]" if letter.edition else "[Test]"
    subject = all_tokens.fill(
        letter.subject, lambda name, fallback: reader.get(name) or fallback or known.get(name, "")
    )
    head = replace(head, subject=f"{mark} {subject}", to=(Mailbox(to),))
    return head.subject, _as_message(head, html, text, _attached(project.workspace.root, rendering, html))


def _with_web_pictures(html: str, letter: Letter) -> str:
    """A message that contains its pictures.

    Links to pictures lead to the web, because links cannot lead to attachments.
    """
    return html.replace('href="cid:', f'href="{escape(letter.page_url)}')


def _letter(
    project: Project, file: IssueFile, *, paid: bool, pictures: str, images: str, base: str | None = None
) -> tuple[ParsedIssue, Letter]:
    """The letter of an issue that may be sent.

    Its pictures are in the folder `images` if they are beside it; otherwise their addresses begin with `base`. Raises
    FindingsError with the findings of an issue that may not be sent, and as `_refuse_without_address` does.
    """
    if project.invented:
        raise ConfigurationError(
            "replace the example values from `newsletter init` before you export", project.invented
        )
    parsed = project.read(file)
    if not parsed.readable:
        raise FindingsError(f"{file.path} cannot be read", parsed.diagnostics)
    if faults := leaks(project, parsed):
        raise would_give_away(file.path, faults)
    letter = letter_of(
        project, parsed, paid=paid, picture_base=base or {BESIDE: images, ATTACHED: "cid:"}.get(pictures)
    )
    if faults := tuple(unreadable_pictures(project, parsed, [letter])):
        raise FindingsError(f"{file.path} uses a file that is not a picture", faults)
    if faults := missing_from(project, parsed):
        raise FindingsError(f"something would be missing from {file.path}", faults)
    if paid:
        _refuse_without_address(project, parsed, letter, hosted=pictures == HOSTED and base is None)
    return parsed, letter


def _pictures_in(folder: Path, images: str) -> tuple[str, ...]:
    """The pictures of earlier exports in a folder of ours.

    Pictures that are no longer public are removed, because the whole folder may be uploaded.
    """
    return tuple(f"{images}{path.name}" for path in sorted((folder / images).glob("*")) if path.is_file())


def _no_longer_free(project: Project, file: IssueFile, letter: Letter, folder: Path) -> tuple[str, ...]:
    """Pictures in the export folder that only paying readers still get, even if the record does not have them."""
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
    """Raises UsageError if an issue has no paid edition, or if there is no address for files that only paying readers get.

    With `hosted`, their pictures are among these files.
    """
    if not paid.edition:
        raise UsageError(
            f"{parsed.file.path} has no paid edition: all readers get the same letter",
            hint="Export it without --edition; `::: only paid` and `::: paywall` make two editions of a letter.",
        )
    if project.publication.paid_url:
        return
    free = letter_of(project, parsed)
    ours, theirs = ({image.source or image.name for image in one.images.values()} for one in (paid, free))
    pictures = ours - theirs
    only_theirs = paid.attachments.keys() - free.attachments.keys()
    attached = {attached_path(project, parsed.file.folder, href) for href in only_theirs}
    files = sorted(attached | pictures if hosted else attached)
    if files:
        several = f" and {len(files) - 1} more" if files[1:] else ""
        way = "Set `paid_url` in newsletter.yaml to the address where you serve such files"
        raise UsageError(
            f"{files[0]}{several} has no web address: only paying readers get it, so it is not in the web archive",
            hint=f"{way}." if attached else f"{way}, or send the pictures along with --pictures beside.",
        )


def _as_message(head: Letterhead, html: str, text: str, pictures: tuple[AttachedPicture, ...]) -> bytes:
    """The message in which `html` shows `pictures` by `cid:` and their names."""
    from newsletter.services.message import build_message, content_id

    for picture in pictures:
        html = html.replace(f'"cid:{picture.name}"', f'"cid:{content_id(picture.name, head.sender.address)}"')
    return bytes(build_message(head, html=html, text=text, pictures=pictures))


def _letterhead(letter: Letter, *, unsubscribe: str, now: datetime) -> Letterhead:
    """The header fields of a letter that is sent as a message.

    The message has no recipients; its sender adds them. Raises UsageError for a sender's address that needs RFC 6532,
    which most servers do not support.
    """
    from newsletter.services.message import Letterhead, Mailbox

    sender = letter.publication.sender
    for key, address in (("email", sender.email), ("reply_to", sender.reply_to)):
        if not address.rpartition("@")[0].isascii():
            raise UsageError(
                f"no message can be written from {address}: few servers accept letters other than a–z before the @",
                hint=f"Write another address as `{key}` of the sender in newsletter.yaml.",
            )
    if len(unsubscribe) > _LONGEST_ADDRESS:
        raise UsageError(
            f"the unsubscribe address has {len(unsubscribe):,} characters; a line of a message can have "
            f"at most {_LONGEST_ADDRESS}",
            hint="Write a shorter one: --token unsubscribe_url=https://…",
        )
    return Letterhead(
        subject=at_fallbacks(letter.subject, letter.publication.personal_fields),
        sender=Mailbox(sender.email, sender.name),
        reply_to=Mailbox(sender.reply_to) if sender.reply_to else None,
        date=now,
        language=letter.language.code if len(letter.language.code) < _LONGEST_TAG else "",
        unsubscribe=unsubscribe if unsubscribe.startswith(("https:", "http:", "mailto:")) else "",
        list_id=_list_id(letter),
    )


def _list_id(letter: Letter) -> str:
    """The permanent name of the list for programs (RFC 2919): the title as a label, under the host of the web archive."""
    publication = letter.publication
    host = (urlsplit(publication.url).hostname or "").strip(".")
    label = slugify(publication.title).encode("ascii", "ignore").decode().strip("-.") or "letter"
    return f"{label}.{host}" if host else ""


def _attached(root: Path, rendering: Rendering, html: str) -> tuple[AttachedPicture, ...]:
    """The pictures that the email shows, as files."""
    from newsletter.render.images.plan import mail_names
    from newsletter.services.message import AttachedPicture

    shown = {name: image for image in rendering.images for name in mail_names(image) if name in html}
    types = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
    return tuple(
        AttachedPicture(name, types[name.rpartition(".")[2]], picture_bytes(root, image, name))
        for name, image in shown.items()
    )
