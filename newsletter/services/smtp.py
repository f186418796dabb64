"""Sends messages to a mail server: SMTP (RFC 5321), over TLS (RFC 3207, RFC 8314), with an optional login (RFC 4954).

The outcome for a message is accepted, refused, try again later, or unknown if the connection broke after the whole
message was sent. Without encryption, messages are sent to the local machine only.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from base64 import b64encode
from contextlib import suppress
from enum import Enum
from ipaddress import ip_address
from typing import TYPE_CHECKING, Self

from newsletter.certificates import default_certificates
from newsletter.digits import whole_number
from newsletter.errors import UsageError, WorldError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from newsletter.credentials import Secret

PATIENCE = 30.0
"""The most seconds that the server may take for one answer."""
AT_MOST = 180.0
"""The most seconds for one message, however often the server answers."""
TLS, STARTTLS, CLEAR = "tls", "starttls", "none"
SECURITY = (TLS, STARTTLS, CLEAR)
"""The protection of a connection: from its first byte, from STARTTLS on, or none."""
PORTS = {TLS: 465, STARTTLS: 587, CLEAR: 25}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LONGEST_ANSWER = 300
_DOTS = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server, and how to connect to it."""

    host: str
    """The host name, in ASCII."""
    port: int
    security: str = STARTTLS
    """The protection of the connection: one of SECURITY."""
    user: str = ""
    """The user name for the login; empty for no login."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class Outcome(Enum):
    """The result of sending a message to one person."""

    TAKEN = "sent"
    REFUSED = "refused"
    LATER = "not now"
    """The server asks to try again later: greylisting, a full disk, too many connections."""
    UNKNOWN = "unknown"
    """The connection broke while the message was being sent. It may arrive."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The result of sending one message."""

    to: str
    outcome: Outcome
    reason: str = ""
    """The server's answer, or a description of the error."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message to one address, both as they are sent."""

    to: str
    content: bytes
    """The content in ASCII, with CRLF line ends."""


def is_loopback(host: str) -> bool:
    """Whether a host is the local machine. Only the name is looked at; there is no DNS query."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def deliver(
    server: MailServer,
    sender: str,
    parcels: Sequence[Parcel],
    password: Secret | None = None,
    *,
    patience: float = PATIENCE,
    at_most: float = AT_MOST,
) -> Iterator[Delivery]:
    """Sends messages to the server one by one, and returns the outcome of each, in order.

    `sender`, an ASCII address, gets the server's reports of failures. Raises UsageError for a server without
    encryption, and WorldError if the connection or the login fails; then nothing has been sent. If the connection
    breaks later, that message's outcome says so, and the rest are refused without a try.
    """
    if server.security == CLEAR and not is_loopback(server.host):
        raise UsageError(
            f"{server} would be contacted without encryption: anyone on the network could read the letter and the password",
            hint="Use `security: starttls` or `tls`. newsletter sends without encryption only to a server on this machine.",
        )
    broken = ""
    with _Connection(server, patience, at_most) as connection:
        connection.open(password)
        for parcel in parcels:
            if broken:
                yield Delivery(parcel.to, Outcome.LATER, f"not tried: {broken}")
                continue
            delivery, broken = connection.hand_in(sender, parcel)
            yield delivery


class _Connection:
    """A connection to a server, which is closed when the time is up."""

    def __init__(self, server: MailServer, patience: float, at_most: float) -> None:
        self._server = server
        self._patience = patience
        self._at_most = at_most
        self._smtp: smtplib.SMTP | None = None
        self._late = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException, ValueError), _Deadline(self, self._patience):
                self._smtp.quit()
            self._smtp.close()

    def open(self, password: Secret | None) -> None:
        """Connects, starts encryption and logs in. Raises WorldError with the reason of a failure."""
        server = self._server
        try:
            # Before there is a socket, the deadline cannot close it, so the time limit of connecting applies.
            self._smtp = self._connected()
            with _Deadline(self, self._at_most):
                self._smtp.ehlo_or_helo_if_needed()
                if server.security == STARTTLS:
                    self._protect(self._smtp)
                if server.user and password is not None:
                    self._log_in(self._smtp, server.user, password)
        except ssl.SSLCertVerificationError as error:
            raise WorldError(
                f"the certificate of {server} is not trusted: {error.verify_message.rstrip('.')}",
                hint="Nothing was sent. Check the host name. The certificate of your own server must be installed on this system.",
            ) from error
        except ssl.SSLError as error:
            reason = (error.reason or "no connection").replace("_", " ").lower()
            raise WorldError(
                f"{server} and newsletter have no encryption in common: {reason}",
                hint="Nothing was sent. Port 465 needs `security: tls`, port 587 `security: starttls`.",
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise self._unreachable(error) from error

    def _connected(self) -> smtplib.SMTP:
        server, name = self._server, _own_name()
        if server.security == TLS:
            return smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=self._patience, context=default_certificates()
            )
        return smtplib.SMTP(server.host, server.port, name, timeout=self._patience)

    def _protect(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("starttls"):
            raise WorldError(
                f"{self._server} offers no encryption (STARTTLS): nothing was sent",
                hint="Use another port, often 465 with `security: tls`, or another server.",
            )
        smtp.starttls(context=default_certificates())
        smtp.ehlo_or_helo_if_needed()

    def _log_in(self, smtp: smtplib.SMTP, user: str, password: Secret) -> None:
        methods = smtp.esmtp_features.get("auth", "").upper().split()
        if not methods:
            raise WorldError(
                f"{self._server} does not accept a login",
                hint="Nothing was sent. Leave `user` out, or use another port.",
            )
        if "PLAIN" in methods:
            whole = _base64(f"\0{user}\0{password.reveal()}")
            code, answer = smtp.docmd("AUTH", f"PLAIN {whole}")
        elif "LOGIN" in methods:
            code, answer = smtp.docmd("AUTH", "LOGIN")
            for word in (user, password.reveal()):
                if code == 334:
                    code, answer = smtp.docmd(_base64(word))
        else:
            raise WorldError(
                f"{self._server} requires a login method that is not supported: {_line(' '.join(methods))}",
                hint="Nothing was sent. Use a server that accepts PLAIN or LOGIN, as nearly all do.",
            )
        if code == 421:
            raise smtplib.SMTPServerDisconnected(_reply(code, answer))
        if code != 235:
            raise WorldError(
                f"{self._server} rejects the login of {user}: {_reply(code, answer)}",
                hint="Nothing was sent. Many services need an app password.",
            )

    def hand_in(self, sender: str, parcel: Parcel) -> tuple[Delivery, str]:
        """The outcome of sending a message; and the reason why no further message can be sent, if there is one."""
        smtp, sent = self._smtp, False
        if smtp is None:
            msg = "no connection is open"
            raise ValueError(msg)
        try:
            with _Deadline(self, self._at_most):
                if refusal := self._refused_before(smtp, sender, parcel):
                    with suppress(smtplib.SMTPResponseException):
                        smtp.rset()
                    return refusal, ""
                code, answer = smtp.docmd("DATA")
                if code != 354:
                    return _judged(parcel.to, code, answer), ""
                sent = True
                content = _DOTS.sub(b"..", parcel.content).removesuffix(b"\r\n")  # RFC 5321 §4.5.2
                smtp.send(content + b"\r\n.\r\n")
                return _judged(parcel.to, *smtp.getreply()), ""
        except (OSError, smtplib.SMTPException) as error:
            reason = self._reason(error)
            what = Outcome.UNKNOWN if sent else Outcome.LATER
            return Delivery(parcel.to, what, reason), reason

    def _refused_before(self, smtp: smtplib.SMTP, sender: str, parcel: Parcel) -> Delivery | None:
        """The server's answer to the sender, the size or the recipient, if it refuses one of them."""
        options = []
        if smtp.has_extn("size"):
            most = whole_number(smtp.esmtp_features["size"].strip())
            if most and most < len(parcel.content):
                reason = f"the message has {len(parcel.content):,} bytes, and the server accepts at most {most:,}"
                return Delivery(parcel.to, Outcome.REFUSED, reason)
            options.append(f"SIZE={len(parcel.content)}")
        for code, answer in (smtp.mail(sender, options), smtp.rcpt(parcel.to)):
            if code == 421:
                raise smtplib.SMTPServerDisconnected(_reply(code, answer))
            if not 200 <= code < 300:
                return _judged(parcel.to, code, answer)
        return None

    def _unreachable(self, error: Exception) -> WorldError:
        return WorldError(
            f"{self._server} cannot be reached: {self._reason(error)}",
            hint="Nothing was sent. Check `smtp` in newsletter.yaml, and check whether your network allows outgoing mail.",
        )

    def _reason(self, error: Exception) -> str:
        if self._late:
            return f"it did not finish within {self._at_most:g} seconds"
        if isinstance(error, TimeoutError) or isinstance(
            error.__context__, TimeoutError
        ):  # smtplib raises another error for it
            return f"it did not answer for {self._patience:g} seconds"
        if isinstance(error, smtplib.SMTPResponseException):
            return _reply(error.smtp_code, error.smtp_error)
        if isinstance(error, socket.gaierror):
            return f"there is no host {self._server.host}"
        if isinstance(error, smtplib.SMTPServerDisconnected):
            words = _line(str(error))
            return words if words[:3].isdigit() else "it closed the connection"
        if isinstance(error, OSError) and error.strerror:
            return error.strerror.lower()
        return _line(str(error)) or type(error).__name__

    def end(self) -> None:
        """Closes the connection from another thread. A thread that waits for an answer gets an error."""
        self._late = True
        with suppress(OSError, AttributeError):
            self._smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


class _Deadline:
    """Closes a connection after this many seconds, even if the server keeps sending bytes."""

    def __init__(self, connection: _Connection, seconds: float) -> None:
        self._timer = threading.Timer(seconds, connection.end)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _base64(text: str) -> str:
    """The text in base64 for a login (RFC 4616 §2: in UTF-8). smtplib accepts ASCII only."""
    return b64encode(text.encode("utf-8", "surrogateescape")).decode()


def _judged(to: str, code: int, answer: bytes) -> Delivery:
    """The outcome for a message by its reply code (RFC 5321 §4.2.1)."""
    outcome = Outcome.TAKEN if 200 <= code < 300 else Outcome.LATER if 400 <= code < 500 else Outcome.REFUSED
    return Delivery(to, outcome, _reply(code, answer))


def _reply(code: int, answer: bytes | str) -> str:
    """The server's answer on one line, safe to display."""
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {_line(words)}".strip() if code > 0 else _line(words)


def _line(words: str) -> str:
    line = " ".join(_CONTROLS.sub(" ", words).split())
    return line if len(line) <= _LONGEST_ANSWER else f"{line[:_LONGEST_ANSWER]}…"


def _own_name() -> str:
    """The name of this machine for EHLO (RFC 5321 §4.1.3): its host name if that is complete, else its address.

    No DNS query is made.
    """
    name = socket.gethostname()
    return name if "." in name and name.isascii() and re.fullmatch(r"[\w.-]+", name) else "[127.0.0.1]"
