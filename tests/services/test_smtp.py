"""Messages sent to a mail server: a real one with TLS and login, and all kinds of failures."""

from __future__ import annotations

import ssl
import threading
from contextlib import suppress
from socket import create_server, socket
from typing import TYPE_CHECKING

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from newsletter import certificates
from newsletter.credentials import Secret
from newsletter.errors import UsageError, WorldError
from newsletter.services import smtp
from newsletter.services.smtp import CLEAR, STARTTLS, TLS, MailServer, Outcome, Parcel, deliver, is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SENDER = "letters@letters.example"
MESSAGE = b"Subject: Ships\r\n\r\nA ship.\r\n"
PASSWORD = "s3cr3t \N{KEY}"


# ── A real server ───────────────────────────────────────────────────────────────────────────────────────────────────


class MessageStore:
    """Stores the received messages."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.kept.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        return "250 taken"


def _authenticated(_server, _session, _envelope, _mechanism, login: LoginPassword) -> AuthResult:
    right = (login.login.decode(), login.password.decode()) == ("marit", PASSWORD)
    return AuthResult(success=right, handled=False)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the tool trust only the test authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    monkeypatch.setattr(smtp, "default_certificates", lambda: context)


@pytest.fixture
def serve(authority: trustme.CA) -> Iterator[Callable[..., tuple[MailServer, MessageStore]]]:
    """Starts servers with a given security, login and host name."""
    running = []

    def start(
        security: str = STARTTLS, *, login: bool = False, name: str = "localhost", **more: object
    ) -> tuple[MailServer, MessageStore]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        box = MessageStore()
        options: dict[str, object] = {"hostname": "127.0.0.1", "port": 0, **more}
        if login:
            options |= {"authenticator": _authenticated, "auth_required": True, "auth_require_tls": True}
        if security == TLS:
            options |= {"ssl_context": context}
        elif security == STARTTLS:
            options |= {"tls_context": context, "require_starttls": True}
        with create_server(("127.0.0.1", 0)) as free:
            options["port"] = free.getsockname()[1]
        controller = Controller(box, **options)
        controller.start()
        running.append(controller)
        return MailServer("localhost", controller.port, security, "marit" if login else ""), box

    yield start
    for controller in running:
        controller.stop(no_assert=True)


def test_a_message_arrives_unchanged(serve, trusted):
    for security in (STARTTLS, TLS, CLEAR):
        server, box = serve(security)
        done = list(deliver(server, SENDER, [Parcel("marit@letters.example", MESSAGE)]))
        assert [(each.to, each.outcome) for each in done] == [("marit@letters.example", Outcome.TAKEN)]
        assert box.kept == [(SENDER, ["marit@letters.example"], MESSAGE)]


@pytest.mark.parametrize("without", [[], ["PLAIN"]])
def test_the_tool_logs_in_if_the_server_requires_it(serve, trusted, without):
    server, box = serve(STARTTLS, login=True, auth_exclude_mechanism=without)
    assert [each.outcome for each in deliver(server, SENDER, [Parcel("a@b.example", MESSAGE)], Secret(PASSWORD))] == [
        Outcome.TAKEN
    ]
    assert len(box.kept) == 1


def test_a_wrong_password_is_reported_without_showing_it(serve, trusted):
    server, box = serve(STARTTLS, login=True)
    with pytest.raises(WorldError, match="rejects the login of marit: 535") as refused:
        list(deliver(server, SENDER, [Parcel("a@b.example", MESSAGE)], Secret("wrong-password")))
    chain, error = "", refused.value
    while error is not None:
        chain += f"{error!r}{error}{getattr(error, 'hint', '')}"
        error = error.__cause__
    assert "wrong-password" not in chain
    assert box.kept == []


def test_without_a_required_login_nothing_is_sent(serve, trusted):
    server, box = serve(STARTTLS, login=True)
    done = list(deliver(MailServer(server.host, server.port, STARTTLS), SENDER, [Parcel("a@b.example", MESSAGE)]))
    assert done[0].outcome is Outcome.REFUSED
    assert done[0].reason.startswith("530")
    assert box.kept == []


@pytest.mark.parametrize("security", [STARTTLS, TLS])
def test_an_untrusted_certificate_stops_the_connection(serve, monkeypatch, security):
    context = ssl.create_default_context()
    monkeypatch.setattr(smtp, "default_certificates", lambda: context)
    server, box = serve(security)
    with pytest.raises(WorldError, match=r"certificate of localhost:.* is not trusted"):
        list(deliver(server, SENDER, [Parcel("a@b.example", MESSAGE)]))
    assert box.kept == []


@pytest.mark.parametrize("security", [STARTTLS, TLS])
def test_a_certificate_of_another_host_stops_the_connection(serve, trusted, security):
    server, box = serve(security, name="another.example")
    with pytest.raises(WorldError, match=r"not trusted: .*localhost"):
        list(deliver(server, SENDER, [Parcel("a@b.example", MESSAGE)]))
    assert box.kept == []


def test_nothing_is_sent_to_a_server_without_encryption(serve, trusted):
    server, box = serve(CLEAR)
    with pytest.raises(WorldError, match="offers no encryption"):
        list(deliver(MailServer(server.host, server.port, STARTTLS), SENDER, [Parcel("a@b.example", MESSAGE)]))
    with pytest.raises(UsageError, match="without encryption"):
        list(deliver(MailServer("mail.letters.example", 25, CLEAR), SENDER, [Parcel("a@b.example", MESSAGE)]))
    assert box.kept == []


def test_the_wrong_kind_of_encryption_is_reported(serve, trusted):
    server, _ = serve(CLEAR)
    with pytest.raises(WorldError, match="have no encryption in common"):
        list(deliver(MailServer(server.host, server.port, TLS), SENDER, [Parcel("a@b.example", MESSAGE)]))


@pytest.mark.parametrize(
    "body", [b".\r\n", b"..\r\n.\r\n...\r\n", b".hidden\r\nA\r\n.\r\nB\r\n", b"no end", b"", b"a\r\n\r\n\r\n"]
)
def test_lines_of_dots_and_line_ends_are_kept(serve, trusted, body):
    server, box = serve(CLEAR)
    content = b"Subject: Dots\r\n\r\n" + body
    assert next(iter(deliver(server, SENDER, [Parcel("a@b.example", content)]))).outcome is Outcome.TAKEN
    assert box.kept[0][2] == (content if content.endswith(b"\r\n") else content + b"\r\n")


def test_a_message_above_the_servers_limit_is_not_sent(serve, trusted):
    server, box = serve(CLEAR, data_size_limit=1_000)
    done = list(
        deliver(server, SENDER, [Parcel("a@b.example", MESSAGE + b"x" * 2_000), Parcel("a@b.example", MESSAGE)])
    )
    assert [each.outcome for each in done] == [Outcome.REFUSED, Outcome.TAKEN]
    assert "at most 1,000" in done[0].reason
    assert len(box.kept) == 1


# ── Servers that misbehave ──────────────────────────────────────────────────────────────────────────────────────────

HANG, DROP = b"", None
"""In place of an answer: say nothing, or close the connection."""
GOOD = {
    "": b"220 here",
    "EHLO": b"250 here",
    "MAIL": b"250 ok",
    "RCPT": b"250 ok",
    "DATA": b"354 go on",
    ".": b"250 taken",
    "RSET": b"250 ok",
    "QUIT": b"221 bye",
}
"""The answers of a correct server to each command; "" is its greeting, "." the end of a message."""


def scripted_server(answers: dict[str, bytes | list[bytes | None] | None]) -> tuple[MailServer, list[str]]:
    """A server with the given answers, lists in order; and the commands that it received."""
    listening = create_server(("127.0.0.1", 0))
    listening.settimeout(10)
    heard: list[str] = []
    script = {key: list(value) if isinstance(value, list) else [value] for key, value in {**GOOD, **answers}.items()}

    def answer(connection: socket, command: str) -> bool:
        queue = script.get(command, [b"500 what?"])
        output = queue.pop(0) if len(queue) > 1 else queue[0]
        if output is DROP:
            return False
        if output == HANG:
            threading.Event().wait(1.5)
            return False
        connection.sendall(output + b"\r\n")
        return True

    def run() -> None:
        with suppress(OSError), listening, listening.accept()[0] as connection, connection.makefile("rb") as lines:
            in_message = False
            going = answer(connection, "")
            while going and (line := lines.readline()):
                if in_message:
                    if line == b".\r\n":
                        in_message = False
                        going = answer(connection, ".")
                    continue
                command = line.split()[0].decode().upper()
                heard.append(line.decode().strip())
                going = answer(connection, command)
                in_message = command == "DATA" and script["DATA"][0] == b"354 go on"

    threading.Thread(target=run, daemon=True).start()
    return MailServer("127.0.0.1", listening.getsockname()[1], CLEAR), heard


def sent(answers: dict, *to: str, patience: float = 0.5, at_most: float = 3.0) -> list[tuple[Outcome, str]]:
    server, _ = scripted_server(answers)
    parcels = [Parcel(address, MESSAGE) for address in to or ("a@b.example",)]
    return [
        (each.outcome, each.reason) for each in deliver(server, SENDER, parcels, patience=patience, at_most=at_most)
    ]


@pytest.mark.parametrize(
    ("answers", "outcome", "expected"),
    [
        ({"MAIL": b"550 no such sender"}, Outcome.REFUSED, "550 no such sender"),
        ({"MAIL": b"451 4.7.1 later"}, Outcome.LATER, "451 4.7.1 later"),
        ({"RCPT": b"550 5.1.1 unknown"}, Outcome.REFUSED, "550 5.1.1 unknown"),
        ({"RCPT": b"450 4.2.0 Greylisted, come back"}, Outcome.LATER, "Greylisted"),
        ({"RCPT": b"421 closing"}, Outcome.LATER, "421 closing"),
        ({"DATA": b"554 no"}, Outcome.REFUSED, "554 no"),
        ({"DATA": b"451 disk is full"}, Outcome.LATER, "451"),
        ({".": b"552 too large"}, Outcome.REFUSED, "552"),
        ({".": b"554 5.7.1 looks like spam"}, Outcome.REFUSED, "looks like spam"),
        ({".": b"451 not now"}, Outcome.LATER, "451"),
        ({"MAIL": DROP}, Outcome.LATER, "closed the connection"),
        ({"RCPT": DROP}, Outcome.LATER, "closed the connection"),
        ({"DATA": DROP}, Outcome.LATER, "closed the connection"),
        ({".": DROP}, Outcome.UNKNOWN, "closed the connection"),
        ({"MAIL": HANG}, Outcome.LATER, "did not answer for 0.5 seconds"),
        ({"DATA": HANG}, Outcome.LATER, "did not answer for 0.5 seconds"),
        ({".": HANG}, Outcome.UNKNOWN, "did not answer for 0.5 seconds"),
        ({".": b"250-taken\r\n250 \x1b[31mall\x07"}, Outcome.TAKEN, "250 taken [31mall"),
        ({"QUIT": HANG}, Outcome.TAKEN, "250"),
        ({"QUIT": DROP}, Outcome.TAKEN, "250"),
    ],
)
def test_the_outcome_of_each_message_is_reported(answers, outcome, expected):
    ((what, reason),) = sent(answers)
    assert what is outcome, reason
    assert expected in reason
    assert not any(ord(character) < 32 for character in reason)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"": DROP}, "closed the connection"),
        ({"": HANG}, "did not answer for 0.5 seconds"),
        ({"": b"554 go away"}, "554 go away"),
        ({"": b"421 too many"}, "421 too many"),
        ({"": b"what is this"}, "cannot be reached"),
        ({"": b"\xff\xfe\x00"}, "cannot be reached"),
        ({"EHLO": DROP}, "closed the connection"),
        ({"EHLO": HANG}, "did not answer"),
        ({"EHLO": b"502 no", "HELO": b"502 no"}, "502 no"),
        ({"": b"220 " + b"x" * 20_000}, "cannot be reached"),
    ],
)
def test_an_unusable_server_is_reported_and_nothing_is_sent(answers, expected):
    with pytest.raises(WorldError) as error:
        sent(answers)
    assert expected in str(error.value)
    assert "Nothing was sent" in error.value.hint


def test_a_refused_connection_is_reported():
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(WorldError, match="connection refused"):
        list(deliver(MailServer("127.0.0.1", port, CLEAR), SENDER, [Parcel("a@b.example", MESSAGE)]))
    with pytest.raises(WorldError, match=r"no host nowhere\.invalid"):
        list(deliver(MailServer("nowhere.invalid", 587), SENDER, [Parcel("a@b.example", MESSAGE)]))


def test_a_slow_server_does_not_block():
    class Dripping(threading.Thread):
        def __init__(self) -> None:
            super().__init__(daemon=True)
            self.listening = create_server(("127.0.0.1", 0))
            self.over = threading.Event()

        def run(self) -> None:
            with self.listening, self.listening.accept()[0] as connection:
                connection.sendall(b"220 here\r\n")
                connection.recv(100)
                while not self.over.wait(0.1):
                    try:
                        connection.sendall(b"250-and more\r\n")
                    except OSError:
                        return

    server = Dripping()
    server.start()
    address = MailServer("127.0.0.1", server.listening.getsockname()[1], CLEAR)
    with pytest.raises(WorldError, match="did not finish within 1 seconds"):
        list(deliver(address, SENDER, [Parcel("a@b.example", MESSAGE)], patience=5, at_most=1))
    server.over.set()


def test_a_refused_address_does_not_affect_others():
    done = sent(
        {"RCPT": [b"250 ok", b"550 unknown", b"450 later", b"250 ok"]}, *(f"{name}@b.example" for name in "abcd")
    )
    assert [what for what, _ in done] == [Outcome.TAKEN, Outcome.REFUSED, Outcome.LATER, Outcome.TAKEN]


def test_messages_after_a_lost_connection_are_not_tried():
    done = sent({".": [b"250 taken", DROP]}, "a@b.example", "b@b.example", "c@b.example")
    assert [what for what, _ in done] == [Outcome.TAKEN, Outcome.UNKNOWN, Outcome.LATER]
    assert done[2][1].startswith("not tried")


def test_a_transaction_is_reset_before_the_next():
    server, heard = scripted_server({"RCPT": [b"550 unknown", b"250 ok"]})
    done = list(deliver(server, SENDER, [Parcel("a@b.example", MESSAGE), Parcel("b@b.example", MESSAGE)]))
    assert [each.outcome for each in done] == [Outcome.REFUSED, Outcome.TAKEN]
    assert [line.split()[0] for line in heard] == ["ehlo", "mail", "rcpt", "RSET", "mail", "rcpt", "DATA", "quit"] or [
        line.split()[0].upper() for line in heard
    ] == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA", "QUIT"]


# ── Addresses, secrets and certificates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("[::1]", True),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("mail.letters.example", False),
    ],
)
def test_only_addresses_of_this_machine_are_loopback(host, here):
    assert is_loopback(host) is here


def test_a_secret_is_never_shown():
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        __import__("pickle").dumps(secret)


def test_the_systems_certificates_are_used():
    assert certificates.default_certificates().verify_mode is ssl.CERT_REQUIRED
