"""Emails in files: `.eml` (RFC 5322, MIME) and mbox (RFC 4155), one file or a folder of them."""

from __future__ import annotations

import re
from contextlib import suppress
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from newsletter.digits import whole_number
from newsletter.errors import UsageError
from newsletter.importing.base import Found, ImportNote, Skipped
from newsletter.importing.charsets import decoded, without_surrogates
from newsletter.importing.kind import Kind
from newsletter.importing.letters import ForeignLetter, from_html, from_text
from newsletter.importing.sources import EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

LARGEST = 500_000_000
"""The largest mbox, in bytes."""
MOST_PARTS = 500
_LONGEST_HEADER = 3000
"""The longest header that is parsed, in characters. The library's time grows with the cube of its length."""
_UNPARSED = (
    MessageError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    NameError,
    AssertionError,
    RecursionError,
)
"""The errors of the email library for headers and contents that it cannot parse."""
_HEADER = re.compile(rb"(?:From |(?:[A-Za-z][A-Za-z0-9-]*):)[^\n]*\n", re.IGNORECASE)
_MAIL_HEADERS = re.compile(
    rb"^(?:From|Subject|Date|Message-ID|MIME-Version|Return-Path|Received|Delivered-To):", re.IGNORECASE | re.MULTILINE
)
_FROM_LINE = re.compile(rb"^From \S+.*\d{4}\r?$", re.MULTILINE)
_TOO_DEEP = "it is nested too deeply"
_ENDINGS = (".eml", ".mbox", ".mbx", ".emlx")


def _files(source: ImportSource) -> list[str]:
    names = [name for name in source.names() if name.casefold().endswith(_ENDINGS)]
    if names or source.is_folder:
        return names
    return [name for name in source.names() if _is_mail(source, name)]


def _is_mail(source: ImportSource, name: str) -> bool:
    try:
        start = source.read(name, LARGEST, first=8192)
    except EntryError:
        return False
    head = start.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return bool(_HEADER.match(start)) and len(set(map(bytes.lower, _MAIL_HEADERS.findall(head)))) >= 3


def _recognises(source: ImportSource) -> bool:
    return bool(_files(source))


def _read(source: ImportSource) -> Found:
    names = _files(source)
    if not names:
        raise UsageError(f"{source.name} has no emails (`.eml` or mbox)", hint="Export them from your email client.")
    messages: list[tuple[str, EmailMessage]] = []
    faults: list[Skipped] = []
    for name in names:
        try:
            found = list(_messages(name, source.read(name, LARGEST)))
        except EntryError as error:
            found = [Skipped(name, str(error), fault=True)]
        faults += [one for one in found if isinstance(one, Skipped)]
        messages += [one for one in found if not isinstance(one, Skipped)]
    messages.sort(key=lambda one: (_moment_key(one[1]), one[0]))
    senders = [one for _, message in reversed(messages) if (one := _sender(message))[1]]
    sender, address = next((one for one in senders if one[0]), senders[0] if senders else ("", ""))
    return Found(
        _issues(messages, faults),
        total=len(messages) + len(faults),
        sender=sender,
        email=address,
        title=_list_name(messages),
    )


def _messages(name: str, content: bytes) -> Iterator[tuple[str, EmailMessage] | Skipped]:
    """The emails in a file, each with its name in the source. In an mbox, a `From ` line begins each."""
    starts = [found.start() for found in _FROM_LINE.finditer(content)] if content.startswith(b"From ") else []
    if not starts:
        message = _parsed(_without_length(content) if name.casefold().endswith(".emlx") else content)
        yield (name, message) if message else Skipped(name, _TOO_DEEP, fault=True)
        return
    starts = [0, *(at for at in starts if content[max(at - 4, 0) : at].endswith((b"\n\n", b"\r\n\r\n")))]
    seen: dict[str, int] = {}
    for count, (at, end) in enumerate(zip(starts, [*starts[1:], len(content)], strict=True), 1):
        raw = content[content.find(b"\n", at) + 1 : end]
        message = _parsed(re.sub(rb"^>(>*From )", rb"\1", raw, flags=re.MULTILINE))
        if message is None:
            yield Skipped(f"{name}:mail {count}", _TOO_DEEP, fault=True)
            continue
        key = _header(message, "Message-ID").strip("<> ") or f"mail {len(seen) + 1}"
        seen[key] = seen.get(key, 0) + 1
        yield f"{name}:{key}" + (f"#{seen[key]}" if seen[key] > 1 else ""), message


def _without_length(content: bytes) -> bytes:
    """The email in a file of Apple Mail: its length stands before it, and properties in XML after it."""
    length, _, rest = content.partition(b"\n")
    size = whole_number(length.strip().decode("ascii", "replace"))
    return rest[:size] if size else rest


class _LenientPolicy(policy.EmailPolicy):
    """Gives the raw text of a header that the library cannot parse, or for which it would need minutes."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """The value of a header. Bytes in it that are not UTF-8 are decoded like those of a file."""
        text = value if value.isascii() else decoded(value.encode("utf-8", "surrogateescape"))[0]
        if len(text) <= _LONGEST_HEADER:
            with suppress(*_UNPARSED):
                return super().header_fetch_parse(name, text)
        return text


def _parsed(content: bytes) -> EmailMessage | None:
    """The email; None if its parts are nested too deeply for the library."""
    lenient: Any = _LenientPolicy()  # typeshed takes it for a policy of another class of messages
    with suppress(RecursionError):
        message: EmailMessage = BytesParser(EmailMessage, policy=lenient).parsebytes(content)
        return message
    return None


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts of an email that have no parts themselves, in order."""
    parts: list[Any] = [message]
    while parts:
        part = parts.pop()
        if part.is_multipart():
            parts += reversed(part.get_payload())
        else:
            yield part


def _header(message: EmailMessage, name: str) -> str:
    return without_surrogates(" ".join(str(message.get(name, "")).split()))


def _moment(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _moment_key(message: EmailMessage) -> float:
    moment = _moment(message)
    try:
        return moment.timestamp() if moment else 0.0
    except (OverflowError, ValueError, OSError):
        return 0.0


def _sender(message: EmailMessage) -> tuple[str, str]:
    with suppress(*_UNPARSED):
        found = getaddresses([_header(message, "From")[:_LONGEST_HEADER]])
        if found and "@" in found[0][1]:
            return " ".join(found[0][0].split()), found[0][1]
    return "", ""


def _list_name(messages: list[tuple[str, EmailMessage]]) -> str:
    """The name of the mailing list (List-Id, RFC 2919); empty if no email has one."""
    for _, message in reversed(messages):
        name = _header(message, "List-Id").partition("<")[0].strip(' "')
        if name and not re.fullmatch(r"[\w.-]*\d[\w.-]*", name):
            return name
    return ""


def _issues(messages: list[tuple[str, EmailMessage]], faults: list[Skipped]) -> Iterator[ImportedIssue | Skipped]:
    yield from faults
    for name, message in messages:
        yield _issue(name, message)


def _issue(name: str, message: EmailMessage) -> ImportedIssue | Skipped:
    html, text, pictures, notes = _parts(name, message)
    if not html.strip() and not text.strip():
        encrypted = message.get_content_type() in {"multipart/encrypted", "application/pkcs7-mime"}
        return Skipped(name, "it is encrypted" if encrypted else "there is no text in it", fault=encrypted)
    subject = _header(message, "Subject")
    letter = ForeignLetter(
        name,
        title=re.sub(r"^(?:(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw)(?:\[\d+\])?:\s*)+", "", subject, flags=re.IGNORECASE),
        content_of=lambda address: pictures.get(address.removeprefix("cid:").strip("<> ")) or pictures.get(address),
        date=_moment(message),
        canonical="",
        former=_archived(message),
        notes=tuple(notes),
    )
    return from_html(letter, html) if html.strip() else from_text(letter, text)


def _archived(message: EmailMessage) -> tuple[str, ...]:
    found = re.search(r"<(https?://[^<>\s]+)>", _header(message, "Archived-At"))
    return (found[1],) if found else ()


def _parts(name: str, message: EmailMessage) -> tuple[str, str, dict[str, bytes], list[ImportNote]]:
    """The HTML and the text of an email; its pictures by Content-ID, Content-Location and file name; and notes."""
    html: list[str] = []
    text: list[str] = []
    pictures: dict[str, bytes] = {}
    notes: list[ImportNote] = []
    for count, part in enumerate(_leaves(message)):
        if count > MOST_PARTS:
            notes.append(
                ImportNote(name, f"the email has over {MOST_PARTS} parts; the first ones are imported", "lost")
            )
            break
        kind = part.get_content_type()
        content = _content(part)
        attached = part.get_content_disposition() == "attachment"
        if kind.startswith("image/"):
            for key in (_header(part, "Content-ID").strip("<> "), _header(part, "Content-Location"), _file_name(part)):
                if key:
                    pictures.setdefault(key, content)
        elif attached or kind not in {"text/html", "text/plain", "text/enriched"}:
            if kind not in {"application/pgp-signature", "application/pkcs7-signature", "text/calendar"}:
                notes.append(ImportNote(name, f"the attachment {_file_name(part) or kind}", "left out"))
        else:
            decoded_text, guessed = decoded(content, _charset(part))
            if guessed:
                notes.append(ImportNote(name, guessed.replace("the file", "the email"), "changed"))
            if kind == "text/html":
                html.append(decoded_text)
            else:
                text.append(_unwrapped(decoded_text, part))
    behind = " ".join(str(message.epilogue or "").split())
    if behind:
        notes.append(ImportNote(name, f"text behind the last part of the email: “{behind[:80]}”", "left out"))
    return "\n".join(html), "\n\n".join(text), pictures, notes


def _content(part: object) -> bytes:
    try:
        content = part.get_payload(decode=True)  # type: ignore[attr-defined]
    except _UNPARSED:
        return b""
    return content if isinstance(content, bytes) else b""


def _charset(part: EmailMessage) -> str:
    try:
        return part.get_content_charset() or ""
    except _UNPARSED:
        return ""


def _file_name(part: EmailMessage) -> str:
    try:
        return without_surrogates(" ".join(str(part.get_filename() or "").split())[:200])
    except _UNPARSED:
        return ""


def _unwrapped(text: str, part: EmailMessage) -> str:
    """The text with wrapped lines joined, if it is `format=flowed` (RFC 3676)."""
    try:
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        delsp = str(part.get_param("delsp", "")).lower() == "yes"
    except _UNPARSED:
        flowed = delsp = False
    if not flowed:
        return text
    lines: list[str] = []
    going_on = False
    for raw in text.split("\n"):
        quoted = re.match(r">+", raw)
        depth = quoted[0] if quoted else ""
        line = raw[len(depth) :].removeprefix(" ")
        last = lines[-1] if lines else ""
        if going_on and line != "-- " and bool(depth) == last.startswith(">"):
            lines[-1] = last + line
        else:
            lines.append(f"{depth} {line}" if depth else line)
        going_on = line.endswith(" ") and line != "-- "
        if going_on and delsp:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


KIND = Kind("mail", "emails", _recognises, _read)
