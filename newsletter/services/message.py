"""One complete message: RFC 5322, in the MIME parts of RFC 2045 and RFC 2387, as email clients open it and servers take it.

Plain text first, then HTML, so that whoever can show HTML does (RFC 2046 §5.1.4). Everything is ASCII on the wire: headers in
encoded words (RFC 2047), parts as quoted-printable or base64, whichever is shorter; no line has more than 78 characters but
if one cannot be broken, which is an address. Nothing is drawn by chance: boundaries and the Message-ID are digests of
what they belong to.

What an author writes is text, whatever it looks like. `email` reads a header when it is set, encoded words included, and up to
Python 3.11.9 and 3.12.4 writes the line ends that it finds in them (CVE-2024-6923); so headers are made here, as the words that
stand on the wire, and nobody reads them before they are sent.
"""

from __future__ import annotations

import re
from base64 import b64encode
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from urllib.parse import quote, urlsplit, urlunsplit

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LINE = 78
"""The most characters that a line should have (RFC 5322 §2.1.1). The limit is 998."""
_WORD = 42
"""The most bytes in an encoded word.

They are 56 characters of base64. With the 12 around them, they fit in the 75 of RFC 2047 §2, and in a line after
`Subject:`.
"""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONGEST = 60
"""The most characters of a word that fits in a line after the name of its header.

A longer one is encoded, to be split.
"""
NOBODY = "undisclosed-recipients:;"
"""The recipient of a message without recipients: an empty group (RFC 5322 §3.4)."""
_SPECIAL = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]")
"""The characters with which a name must be quoted (RFC 5322 §3.2.3, atext)."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The sender or recipient of a message."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AttachedPicture:
    """A picture in the message. The HTML refers to it by `content_id(name, sender)`."""

    name: str
    """Its file name: ASCII, and unique in the message."""
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The headers of a message."""

    subject: str
    sender: Mailbox
    date: datetime
    """With a time zone."""
    reply_to: Mailbox | None = None
    to: tuple[Mailbox, ...] = ()
    language: str = ""
    """BCP 47."""
    unsubscribe: str = ""
    """An https or mailto address (RFC 2369); empty for no header.

    For https, the message offers one-click unsubscribing (RFC 8058).
    """
    list_id: str = ""
    """The name of the list (RFC 2919), in the form of a host name; empty for no header."""


def build_message(head: Letterhead, *, html: str, text: str, pictures: Sequence[AttachedPicture] = ()) -> EmailMessage:
    """The message for an email. `bytes(message)` is the content for a file or a mail server.

    The same arguments give the same bytes.
    """
    message = EmailMessage(policy=POLICY)
    _set_text(message, text, "plain")
    message.make_alternative()
    related = EmailMessage(policy=POLICY)
    _set_text(related, html, "html")
    for picture in pictures:
        main, _, sub = picture.media_type.partition("/")
        related.add_related(
            picture.content,
            maintype=main,
            subtype=sub,
            cid=f"<{content_id(picture.name, head.sender.address)}>",
            disposition="inline",
            filename=picture.name,
        )
    if pictures:
        related.set_param("type", "text/html")  # RFC 2387 §3.1
    message.attach(related)
    for part in message.walk():
        del part["MIME-Version"]
    # Only now, because making the message multipart moves all headers about its content to its first part.
    _headers(message, head, digest=_digest(repr(head), html, text, *(picture.name for picture in pictures)))
    mark = _digest(html, text)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{mark}_{number}")  # no part contains `=_`, because neither encoding writes it
    return message


def content_id(name: str, sender: str) -> str:
    """The Content-ID of a picture, written in HTML after `cid:` (RFC 2392).

    It looks like an address in the sender's domain.
    """
    return f"{name}@{_domain(sender)}"


def on_the_wire(address: str) -> str:
    """A plain address in ASCII, with its host encoded by RFC 5891. The part before the `@` is not changed."""
    local, _, _host = address.rpartition("@")
    return f"{local}@{_domain(address)}"


def host_on_the_wire(host: str) -> str:
    """A host name in ASCII (RFC 5891)."""
    return host if host.isascii() else _domain(f"@{host}")


def _headers(message: EmailMessage, head: Letterhead, *, digest: str) -> None:
    message["From"] = _written(head.sender)
    if head.reply_to:
        message["Reply-To"] = _written(head.reply_to)
    message["To"] = ", ".join(map(_written, head.to)) or NOBODY
    message["Subject"] = _text(head.subject)
    message["Date"] = format_datetime(head.date)
    message["Message-ID"] = f"<{digest}@{_domain(head.sender.address)}>"
    message["MIME-Version"] = "1.0"
    if head.language:
        message["Content-Language"] = head.language
    if head.unsubscribe:
        message["List-Unsubscribe"] = f"<{_uri(head.unsubscribe)}>"
        if head.unsubscribe.startswith("https:"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if head.list_id:
        message["List-Id"] = f"<{_domain(head.list_id)}>"


def _written(mailbox: Mailbox) -> str:
    """A mailbox as header text, with its name quoted or encoded if necessary."""
    spec = on_the_wire(mailbox.address)
    name = _one_line(mailbox.name)
    if not name:
        return spec
    if _needs_encoding(name):
        return f"{_encoded(name)} <{spec}>"
    if _SPECIAL.search(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{spec}>"


def _text(text: str) -> str:
    """Unstructured header text (RFC 5322 §2.2.1), encoded if necessary."""
    line = _one_line(text)
    return _encoded(line) if _needs_encoding(line) else line


def _one_line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def _needs_encoding(line: str) -> bool:
    """Whether the text has characters other than ASCII, something that looks like an encoded word, or a word too long for a line."""
    return not line.isascii() or "=?" in line or max(map(len, line.split(" "))) > _LONGEST


def _encoded(text: str) -> str:
    """`text` as encoded words, which email clients join again (RFC 2047 §6.2). Characters are not split."""
    words, chunk = [], b""
    for character in text:
        written = character.encode("utf-8", "replace")
        if len(chunk) + len(written) > _WORD:
            words.append(chunk)
            chunk = b""
        chunk += written
    return " ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in (*words, chunk))


def _domain(address: str) -> str:
    return ".".join(map(_label, (address.rpartition("@")[2].rstrip(".") or "localhost").split(".")))


def _label(label: str) -> str:
    """A label of a host name in ASCII (RFC 5891 §4.4).

    Python's own codec has only the older IDNA, which turns `ß` into `ss`.
    """
    return label if label.isascii() else "xn--" + normalize("NFC", label.lower()).encode("punycode").decode()


def _uri(address: str) -> str:
    """An address for a header by RFC 2369: ASCII, percent-encoded (RFC 3987 §3.1), without angle brackets."""
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        local, at, domain = parts.path.rpartition("@")
        parts = parts._replace(path=f"{local}{at}{_domain(domain)}")
    elif not parts.netloc.isascii():
        user, at, host = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user}{at}{_domain(host)}")
    return quote(urlunsplit(parts), safe="%:/?#[]@!$&'()*+,;=~").replace("=?", "=%3F")  # not an encoded word


def _digest(*parts: str) -> str:
    hasher = blake2b(digest_size=16)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        hasher.update(len(content).to_bytes(8, "little") + content)
    return hasher.hexdigest()


def _set_text(message: EmailMessage, text: str, subtype: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    message.set_content(clean, subtype=subtype, charset="utf-8", cte=_encoding(clean))


def _encoding(text: str) -> str:
    """The transfer encoding of a text: `7bit` for short lines of ASCII, else the shorter of the other two."""
    if text.isascii() and max(map(len, text.split("\n"))) <= LINE and not _CONTROLS.search(text):
        return "7bit"
    content = text.encode()
    escaped = sum(byte > 126 or byte == 0x3D or (byte < 32 and byte != 10) for byte in content)
    return "base64" if 2 * escaped > len(content) / 3 else "quoted-printable"


class WirePolicy(EmailPolicy):
    """Keeps headers as they are written and folds them in one way, because versions of Python differ."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """The value to keep for a header.

        Python parses the headers about the content of a part; others stay as they are.
        """
        return super().header_store_parse(name, value) if _describes_content(name) else (name, value)

    def fold(self, name: str, value: Any) -> str:
        """The lines of a header, with their line ends."""
        return str(super().fold(name, value)) if _describes_content(name) else _folded(name, value, self.linesep)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The lines of a header as bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


POLICY = WirePolicy(linesep="\r\n", max_line_length=LINE)


def _describes_content(name: str) -> bool:
    """Whether a header describes the content of a part. Such headers have no text of the author."""
    return name.lower().startswith(("content-t", "content-d", "content-id", "mime"))


def _folded(name: str, value: str, linesep: str) -> str:
    lines = [f"{name}:"]
    for word in value.split(" "):
        if len(lines[-1]) + 1 + len(word) > LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return linesep.join(lines) + linesep
