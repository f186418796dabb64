"""Sends a test email over SMTP to oneself, as readers will get it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.commands.export import proof_of
from newsletter.config.wellformed import email_flaw
from newsletter.credentials import Account, secret_of
from newsletter.errors import UsageError
from newsletter.memory import FOLDER, recall, store
from newsletter.project.cache import digest
from newsletter.project.project import open_project
from newsletter.records import dataclass
from newsletter.services.filling import SAMPLE_READER
from newsletter.services.message import host_on_the_wire, on_the_wire
from newsletter.services.smtp import CLEAR, PORTS, STARTTLS, TLS, MailServer, Outcome, Parcel, deliver, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.config.publication import SmtpSettings
    from newsletter.config.workspace import IssueFile
    from newsletter.credentials import Secret
    from newsletter.services.smtp import Delivery

PASSWORD = "NEWSLETTER_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
SENT = f"{FOLDER}/sent.json"
"""The file with the messages that were sent, by the digest of content and recipient."""
_REMEMBERED = 500
_CHANGING = re.compile(rb"(?m)^(?:Date|Message-ID):.*\r\n(?:[ \t].*\r\n)*")
"""The headers that differ between two messages of the same content."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A message to one address, ready to be sent."""

    to: str
    """The recipient, as the person wrote it."""
    edition: str
    """"free" or "paid" if there are two; empty if all readers get the same."""
    subject: str
    content: bytes
    key: str
    """The digest of its content and recipient."""
    sent_before: str = ""
    """The time when the same message was sent to the same address, in ISO 8601; empty if it is not known to have been
    sent.
    """


def mail_server(settings: SmtpSettings, given: str = "") -> MailServer:
    """The server of the publication, or the one named by `given`.

    `given` is HOST or HOST:PORT, with `smtp://` or `smtps://` before it. Raises UsageError if there is no server, or if
    `given` is invalid.
    """
    if given:
        return _server_from(given, settings.user)
    if not settings.host:
        raise UsageError(
            "newsletter.yaml has no mail server",
            hint="Write `smtp: {host: smtp.letters.example, user: marit@letters.example}`, or use --server HOST:PORT.",
        )
    host = host_on_the_wire(settings.host)
    security = settings.security or _usual(host, settings.port)
    return MailServer(host, settings.port or PORTS[security], security, settings.user)


_SERVER = re.compile(r"(?:(smtps?)://)?(?:([^@/\s]+)@)?(\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+)(?::(\d{1,5}))?/?")


def _server_from(given: str, user: str) -> MailServer:
    match = _SERVER.fullmatch(given)
    port = int(match[4] or 0) if match else 0
    if not match or port > 65535 or (match[2] and ":" in match[2]):
        secret = bool(match and match[2] and ":" in match[2])
        shown = "what --server says" if secret else f"`{given}`"
        raise UsageError(
            f"{shown} is not a mail server",
            hint=f"Write smtp.letters.example:587 or smtps://smtp.letters.example. It never includes the password: set {PASSWORD} for that.",
        )
    host = host_on_the_wire(match[3].strip("[]"))
    security = TLS if match[1] == "smtps" else _usual(host, port)
    return MailServer(host, port or PORTS[security], security, match[2] or user)


def _usual(host: str, port: int) -> str:
    """The default protection of a connection."""
    return TLS if port == PORTS[TLS] else CLEAR if is_loopback(host) else STARTTLS


def account_of(server: MailServer) -> Account:
    """The account under which the password is stored."""
    return Account(PASSWORD, f"smtp:{server.user}@{server.host}")


def password_for(server: MailServer) -> Secret | None:
    """The password of the server's user; None if no login is needed. Raises UsageError if it is not known."""
    if not server.user:
        return None
    password = secret_of(account_of(server))
    if password is None:
        raise UsageError(
            f"there is no password for {server.user} at {server}",
            hint=f"Store it with `newsletter login smtp`, or set {PASSWORD} in the environment.",
        )
    return password


def proofs(
    root: Path, file: IssueFile, to: Sequence[str], *, fields: Mapping[str, str], now: datetime
) -> tuple[Proof, ...]:
    """The messages of a test send: one of each edition for each address.

    `fields` replaces values of personal fields of the sample reader, Noor Peeters. An empty value stands for a reader
    without it. Raises UsageError for an invalid recipient, and as `export` does.
    """
    addresses = tuple(dict.fromkeys(map(_recipient, to)))
    project = open_project(root)
    before = _memory(root)
    made = []
    for address in addresses:
        reader = {**SAMPLE_READER, "email": address, **fields}
        for edition, subject, content in proof_of(project, file, to=address, reader=reader, now=now):
            key = _key_of(address, content)
            made.append(Proof(address, edition, subject, content, key, before.get(key, "")))
    return tuple(made)


def _key_of(address: str, content: bytes) -> str:
    head, _, body = content.partition(b"\r\n\r\n")
    return digest(address, _CHANGING.sub(b"", head + b"\r\n"), body)


def _recipient(address: str) -> str:
    """A valid recipient address, without space around it."""
    address = address.strip()
    if flaw := email_flaw(address):
        raise UsageError(f"`{address}` {flaw.problem}", hint=flaw.advice)
    if not address.rpartition("@")[0].isascii():
        raise UsageError(
            f"no message can be sent to {address}: few servers accept letters other than a–z before the @",
            hint="Use another address for the test.",
        )
    return address


def send(
    root: Path, server: MailServer, parcels: Sequence[Proof], *, now: datetime
) -> Iterator[tuple[Proof, Delivery]]:
    """Hands the messages to the server and returns the outcome of each.

    Messages that may have arrived are recorded. Raises as `deliver` and `password_for` do; then nothing has been sent.
    """
    password = password_for(server)
    sender = on_the_wire(open_project(root).publication.sender.email)
    wire = [Parcel(on_the_wire(proof.to), proof.content) for proof in parcels]
    memory = _memory(root)
    for proof, delivery in zip(parcels, deliver(server, sender, wire, password), strict=True):
        if delivery.outcome in {Outcome.TAKEN, Outcome.UNKNOWN}:
            memory[proof.key] = now.isoformat(timespec="seconds")
            store(root, SENT, dict([*memory.items()][-_REMEMBERED:]))
        yield proof, delivery


def _memory(root: Path) -> dict[str, str]:
    kept = recall(root, SENT)
    if not isinstance(kept, dict):
        return {}
    return {key: value for key, value in kept.items() if isinstance(value, str)}
