"""`newsletter send` and `newsletter login`: a test email at a real server, and the messages of failures."""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from email import message_from_bytes, policy
from io import StringIO
from socket import create_server
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import pytest
from aiosmtpd.controller import Controller
from PIL import Image

from newsletter import cli
from newsletter.commands.send import mail_server
from newsletter.config.publication import SmtpSettings
from newsletter.errors import UsageError
from newsletter.services.smtp import CLEAR, STARTTLS, TLS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path


CONFIGURATION = """
title: The Lock Keeper
url: https://letters.example/
sender: {name: The Lock Keeper, email: letters@letters.example}
address: Sluisweg 7, Ghent
kind: essay
fields: {company: your company}
"""
ISSUE = """---
title: Ships that climb
subject: Ships that climb 🚢 =?utf-8?q?a=0D=0ABcc:evil@a.example?=
date: 2026-10-30
draft: true
---

Dear {{ first_name | reader }} of {{ company }}, you read this at {{ email }}.

![A lock.](lock.png)
"""
TO = "marit@letters.example"


class MessageStore:
    """Stores the received messages."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, list[str], bytes]] = []
        self.refuse = ""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if self.refuse and self.refuse in address:
            return "550 5.1.1 unknown"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.kept.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        return "250 taken"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for *_, content in self.kept]


@pytest.fixture
def message_store() -> Iterator[tuple[MessageStore, str]]:
    letterbox = MessageStore()
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(letterbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield letterbox, f"127.0.0.1:{port}"
    controller.stop(no_assert=True)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "issues/ships").mkdir(parents=True)
    (tmp_path / "newsletter.yaml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "issues/ships/index.md").write_text(ISSUE, "utf-8")
    Image.new("RGB", (640, 320), "#335577").save(tmp_path / "issues/ships/lock.png")
    return tmp_path


class Done(NamedTuple):
    exit_code: int
    output: str
    """The text of both streams."""


def run(root: Path, *arguments: str, given: str = "") -> Done:
    """Runs the command without a terminal."""
    with StringIO() as output, redirect_stdout(output), redirect_stderr(output), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", StringIO(given))
        code = cli.run(["-C", str(root), *arguments])
        return Done(code, output.getvalue())


def test_a_test_email_is_the_complete_issue(workspace, message_store):
    letterbox, server = message_store
    done = run(workspace, "send", "ships", "--to", TO, "--server", server)
    assert done.exit_code == 0, done.output
    assert f"sent     {TO}" in done.output
    ((sender, to, content),) = letterbox.kept
    assert (sender, to) == ("letters@letters.example", [TO])
    message = letterbox.messages[0]
    assert message["To"] == TO
    assert message["Subject"].startswith("[Test] Ships that climb 🚢")
    assert message["Bcc"] is None
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    assert not any(part.defects for part in message.walk())
    assert max(map(len, content.split(b"\r\n"))) <= 998
    text = message.get_body(("plain",)).get_content()
    assert "Dear Noor of your company, you read this at marit@letters.example." in " ".join(text.split())
    html = message.get_body(("html",)).get_content()
    assert "Dear Noor of your company" in " ".join(html.split())
    (picture,) = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert f"cid:{picture['Content-ID'][1:-1]}" in html


def test_fields_have_the_given_values(workspace, message_store):
    letterbox, server = message_store
    done = run(
        workspace,
        "send",
        "ships",
        "--to",
        TO,
        "--server",
        server,
        "--field",
        "first_name=",
        "--field",
        "company=A & <b>",
    )
    assert done.exit_code == 0, done.output
    message = letterbox.messages[0]
    assert "Dear reader of A & <b>," in " ".join(message.get_body(("plain",)).get_content().split())
    assert "Dear reader of A &amp; &lt;b&gt;," in " ".join(message.get_body(("html",)).get_content().split())


def test_each_address_gets_each_edition(workspace, message_store):
    letterbox, server = message_store
    path = workspace / "issues/ships/index.md"
    path.write_text(path.read_text("utf-8") + "\n::: only paid\nA secret harbour.\n:::\n", "utf-8")
    done = run(workspace, "send", "ships", "--to", TO, "--to", "j@b.example", "--server", server)
    assert done.exit_code == 0, done.output
    got = [
        (to[0], message["Subject"].split("]")[0], "secret harbour" in content.decode())
        for (_, to, content), message in zip(letterbox.kept, letterbox.messages, strict=True)
    ]
    assert got == [
        (TO, "[Test, free", False),
        (TO, "[Test, paid", True),
        ("j@b.example", "[Test, free", False),
        ("j@b.example", "[Test, paid", True),
    ]


def test_sending_the_same_again_asks_for_confirmation(workspace, message_store):
    letterbox, server = message_store
    arguments = ("send", "ships", "--to", TO, "--server", server)
    assert run(workspace, *arguments).exit_code == 0
    again = run(workspace, *arguments)
    assert again.exit_code == 2
    assert "--again" in again.output
    assert len(letterbox.kept) == 1
    assert run(workspace, *arguments, "--again").exit_code == 0
    assert len(letterbox.kept) == 2
    other = run(workspace, "send", "ships", "--to", "j@b.example", "--server", server)
    assert other.exit_code == 0
    path = workspace / "issues/ships/index.md"
    path.write_text(path.read_text("utf-8") + "\nA new line.\n", "utf-8")
    assert run(workspace, *arguments).exit_code == 0
    assert len(letterbox.kept) == 4


def test_a_refused_address_is_reported_and_others_get_the_email(workspace, message_store):
    letterbox, server = message_store
    letterbox.refuse = "gone"
    done = run(workspace, "send", "ships", "--to", "gone@b.example", "--to", TO, "--server", server)
    assert done.exit_code == 3
    assert "the server refused it: 550 5.1.1 unknown" in done.output
    assert "1 message of 2 not sent for certain" in done.output
    assert [to for _, to, _ in letterbox.kept] == [[TO]]
    letterbox.refuse = ""
    assert run(workspace, "send", "ships", "--to", "gone@b.example", "--server", server).exit_code == 0


@pytest.mark.parametrize(
    "address",
    [
        "marit",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "a b@c.example",
        "=?utf-8?q?a=0D=0A?=@b.example",
        "маrit@b.example",
        "",
        "a@b.example> SIZE=1",
    ],
)
def test_an_invalid_address_is_refused_before_sending(workspace, message_store, address):
    letterbox, server = message_store
    done = run(workspace, "send", "ships", "--to", TO, "--to", address, "--server", server)
    assert done.exit_code == 2, done.output
    assert letterbox.kept == []


def test_an_address_at_a_host_in_any_script_gets_the_email(workspace, message_store):
    letterbox, server = message_store
    done = run(workspace, "send", "ships", "--to", "marit@bücher.example", "--server", server)
    assert done.exit_code == 0, done.output
    assert letterbox.kept[0][1] == ["marit@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "text",
    [
        "Ships.\n\n.\n\n..\n\n.hidden\n",
        "x" * 3_000 + "\n",
        "éèà漢字🚢 " * 300 + "\n",
        "From here\n\nFrom there\n",
    ],
    ids=["dots", "long", "every script", "From"],
)
def test_every_text_arrives_completely(workspace, message_store, text):
    letterbox, server = message_store
    (workspace / "issues/ships/index.md").write_text(f"---\ntitle: Ships\ndate: 2026-10-30\n---\n\n{text}", "utf-8")
    done = run(workspace, "send", "ships", "--to", TO, "--server", server)
    assert done.exit_code == 0, done.output
    words = letterbox.messages[0].get_body(("plain",)).get_content()
    for word in text.split():
        assert word in words.replace("\r\n", "") or word in "".join(words.split())
    assert max(map(len, letterbox.kept[0][2].split(b"\r\n"))) <= 998


def test_an_issue_with_errors_is_not_sent(workspace, message_store):
    letterbox, server = message_store
    path = workspace / "issues/ships/index.md"
    path.write_text(path.read_text("utf-8") + "\n```\n::: only paid\nA secret.\n:::\n", "utf-8")
    done = run(workspace, "send", "ships", "--to", TO, "--server", server)
    assert done.exit_code in {1, 2}, done.output
    assert letterbox.kept == []


def test_without_a_server_the_message_names_the_setting(workspace):
    done = run(workspace, "send", "ships", "--to", TO)
    assert done.exit_code == 2
    assert "smtp:" in done.output


def test_a_refused_connection_ends_with_3(workspace):
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    done = run(workspace, "send", "ships", "--to", TO, "--server", f"127.0.0.1:{port}")
    assert done.exit_code == 3
    assert "Nothing was sent" in done.output


# ── The server ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("expected", "host", "port", "security", "user"),
    [
        ("mail.example", "mail.example", 587, STARTTLS, "u"),
        ("mail.example:465", "mail.example", 465, TLS, "u"),
        ("mail.example:2525", "mail.example", 2525, STARTTLS, "u"),
        ("smtps://mail.example", "mail.example", 465, TLS, "u"),
        ("smtps://mail.example:2465/", "mail.example", 2465, TLS, "u"),
        ("smtp://v@mail.example", "mail.example", 587, STARTTLS, "v"),
        ("localhost:1025", "localhost", 1025, CLEAR, "u"),
        ("[::1]:1025", "::1", 1025, CLEAR, "u"),
        ("bücher.example", "xn--bcher-kva.example", 587, STARTTLS, "u"),
    ],
)
def test_a_server_can_be_given_in_common_notations(expected, host, port, security, user):
    server = mail_server(SmtpSettings(user="u"), expected)
    assert (server.host, server.port, server.security, server.user) == (host, port, security, user)


@pytest.mark.parametrize(
    "expected",
    ["http://mail.example", "mail.example:99999", "a b", "smtp://u:hunter2@mail.example", "mail.example\r\nx"],
)
def test_an_invalid_server_is_refused(expected):
    with pytest.raises(UsageError) as error:
        mail_server(SmtpSettings(), expected)
    assert "hunter2" not in f"{error.value}{error.value.hint}"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("smtp: {host: mail.example, password: hunter2}", "`smtp.password` is a secret"),
        ("smtp: {host: mail.example, api_key: hunter2}", "`smtp.api_key` is a secret"),
        ("api-key: hunter2", "`api-key` is a secret"),
        ("smtp: {host: mail.example, security: ssl}", "`smtp.security` cannot be `ssl`"),
        ("smtp: {host: 'mail.example:587'}", "`smtp.host` is not a host name"),
        ("smtp: {port: 587}", "`smtp.host` is missing"),
        ("smtp: {host: mail.example, port: 0}", "at least 1"),
    ],
)
def test_mistakes_in_newsletter_yaml_are_reported_with_their_line(workspace, block, expected):
    path = workspace / "newsletter.yaml"
    path.write_text(f"{CONFIGURATION}{block}\n", "utf-8")
    done = run(workspace, "send", "ships", "--to", TO)
    assert done.exit_code == 2
    assert expected in done.output
    assert re.search(r"newsletter\.yaml:8:", done.output)


# ── Passwords ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring in memory, in place of the system's."""
    from keyring import errors

    kept: dict[tuple[str, str], str] = {}
    module = ModuleType("keyring")
    module.errors = errors
    module.get_password = lambda program, entry: kept.get((program, entry))
    module.set_password = lambda program, entry, value: kept.__setitem__((program, entry), value)

    def delete(program: str, entry: str) -> None:
        if kept.pop((program, entry), None) is None:
            raise errors.PasswordDeleteError

    module.delete_password = delete
    monkeypatch.setitem(sys.modules, "keyring", module)
    return kept


def test_login_stores_a_password_and_send_uses_it(workspace, keyring, monkeypatch):
    monkeypatch.delenv("NEWSLETTER_SMTP_PASSWORD", raising=False)
    path = workspace / "newsletter.yaml"
    path.write_text(f"{CONFIGURATION}smtp: {{host: mail.example, user: marit}}\n", "utf-8")
    unknown = run(workspace, "send", "ships", "--to", TO)
    assert unknown.exit_code == 2
    assert "newsletter login smtp" in unknown.output
    done = run(workspace, "login", "smtp", given="hunter2\n")
    assert done.exit_code == 0, done.output
    assert "hunter2" not in done.output
    assert keyring == {("newsletter", "smtp:marit@mail.example"): "hunter2"}
    assert run(workspace, "login", "smtp", "--forget").exit_code == 0
    assert keyring == {}
    assert "was not in the keyring" in run(workspace, "login", "smtp", "--forget").output
    assert run(workspace, "login", "smtp", given="\n").exit_code == 2


def test_a_system_without_a_keyring_is_reported(workspace, monkeypatch):
    import keyring
    from keyring.backends import fail

    monkeypatch.setattr(keyring, "get_password", fail.Keyring().get_password)
    monkeypatch.setattr(keyring, "set_password", fail.Keyring().set_password)
    monkeypatch.delenv("NEWSLETTER_SMTP_PASSWORD", raising=False)
    path = workspace / "newsletter.yaml"
    path.write_text(f"{CONFIGURATION}smtp: {{host: mail.example, user: marit}}\n", "utf-8")
    done = run(workspace, "login", "smtp", given="hunter2\n")
    assert done.exit_code == 2
    assert "NEWSLETTER_SMTP_PASSWORD" in done.output
    assert run(workspace, "send", "ships", "--to", TO).exit_code == 2
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install" in run(workspace, "login", "smtp", given="hunter2\n").output
