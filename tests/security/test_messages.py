"""An author's text never becomes a header, an address or a line that servers refuse. A real server accepts the result."""

from __future__ import annotations

import re
import smtplib
import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter.commands.export import export
from newsletter.commands.init import start_workspace
from newsletter.config.wellformed import email_flaw
from newsletter.config.workspace import issue_files
from newsletter.errors import NewsletterError
from newsletter.services.message import AttachedPicture, Letterhead, Mailbox, build_message
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WANTED = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Language",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Id",
]
"""All headers of a message, except `Content-Type`."""

INJECTED = [
    "=?utf-8?q?a=0D=0ABcc:_all@x.example?=",
    "=?utf-8?q?a=0ABcc:_all@x.example?=",
    "=?utf-8?q?a=0DBcc:_all@x.example?=",
    "=?UTF-8?B?YQ0KQmNjOiBhbGxAeC5leGFtcGxl?=",
    "=?iso-8859-1?Q?a=0D=0A=0D=0A<script>alert(1)</script>?=",
    "=?us-ascii*en?q?a=0D=0ABcc:_all@x.example?=",
    "=?utf-16?b?DQAKAEIAYwBjADoAIABhAA==?=",
    "=?utf-7?q?a+AA0ACg-Bcc:?=",
    "=?unknown-8bit?q?a=0D=0ABcc:_x?=",
    "=?nonsense?q?a=0D=0ABcc:_x?=",
    "=?utf-8?x?a?=",
    "=?utf-8?b?a?=",
    "=?utf-8?q?a",
    "=?utf-8?q??=",
    "=?",
    "?=",
    "=?utf-8?q?=22=3E=0D=0A?= =?utf-8?q?=0D=0ABcc:_x?=",
    '"=?utf-8?q?a=0D=0ABcc:_x?="',
    "(=?utf-8?q?a=0D=0ABcc:_x?=)",
    "a=?utf-8?q?b=0D=0ABcc:_x?=c",
    "é =?utf-8?q?a=0D=0ABcc:_x?=",
    "a\r\nBcc: all@x.example",
    "a\nBcc: all@x.example",
    "a\rBcc: all@x.example",
    "a\r\n\r\nBody",
    "a\x0bBcc: x",
    "a\x0cBcc: x",
    "a\x1cBcc: x",
    "a\x85Bcc: x",
    "a\u2028Bcc: x",
    "a\u2029Bcc: x",
    "a\x00b",
    "a\x1b[31mb",
    "a <all@x.example>, b",
    'a" <all@x.example>, "b',
    "a\\",
    'a\\" <all@x.example>',
    "a; b: c@d.example;",
    "(a comment",
    "a, b@x.example",
    "undisclosed-recipients:;",
    "\ud800 alone",
    "a" * 2000,
    "ab " * 900,
    "long-" * 500,
    '"' * 300,
    "\\" * 300,
    "=?" * 400,
    "é" * 2000,
    "a " + "b" * 1100,
    "",
    "   ",
]
SCRIPTS = [
    "Ships that climb",
    "Schöne Grüße aus Köln",
    "Ça va ? L’été, déjà",
    "Письмо редактора",
    "Γράμμα του εκδότη",
    "رسالة المحرر",
    "מכתב העורכת",
    "संपादक का पत्र",
    "编辑来信：第三期",
    "編集者からの手紙",
    "편집자의 편지",
    "จดหมายจากบรรณาธิการ",
    "தமிழ் மடல்",
    "👩‍👩‍👧‍👦 and 🏳️‍🌈",
    "e\u0301tude",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 beyond the first plane",
]


def case_name(text: str) -> str:
    """A text as the name of a test."""
    return ascii(text)[1:40]


def message_of(subject: str, sender: str, *, reply_to: str = "", to: tuple[str, ...] = ()) -> bytes:
    head = Letterhead(
        subject=subject,
        sender=Mailbox("letters@letters.example", sender),
        date=NOON,
        reply_to=Mailbox("jane@letters.example", reply_to),
        to=tuple(Mailbox(f"reader{number}@x.example", name) for number, name in enumerate(to)),
        language="en",
        unsubscribe="https://letters.example/u",
        list_id="the-letter.letters.example",
    )
    return bytes(build_message(head, html="<p>A ship.</p>", text="A ship."))


def assert_fit_for_the_wire(content: bytes) -> None:
    assert content.isascii()
    assert b"\0" not in content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998


def assert_only_the_wanted_headers(content: bytes) -> None:
    message = message_from_bytes(content, policy=default)
    assert [name for name in message.keys() if name != "Content-Type"] == WANTED  # noqa: SIM118 - one name may come twice
    assert [mailbox.addr_spec for mailbox in message["From"].addresses] == ["letters@letters.example"]
    assert [mailbox.addr_spec for mailbox in message["Reply-To"].addresses] == ["jane@letters.example"]
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content() for part in message.iter_parts()] == ["A ship.\r\n", "<p>A ship.</p>\r\n"]
    raw = message_from_bytes(content, policy=compat32)
    assert [name for name in raw.keys() if name != "Content-Type"] == WANTED  # noqa: SIM118


def read_back(raw: str) -> str:
    """A header's value as email clients show it."""
    return str(make_header(decode_header(re.sub(r"[\r\n]+", "", raw))))


def on_one_line(text: str) -> str:
    """A text on one line, as a header can hold it."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).split()).encode("utf-8", "replace").decode()


def name_in(raw: str) -> str:
    """The name in a header of one mailbox."""
    name = read_back(raw).rpartition("<")[0].strip()
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if raw.startswith('"') else name


@pytest.mark.parametrize("text", INJECTED, ids=case_name)
def test_no_text_becomes_a_header_or_an_address(text: str) -> None:
    content = message_of(text, text, reply_to=text, to=(text, "Ann", text))
    assert_fit_for_the_wire(content)
    assert_only_the_wanted_headers(content)
    assert all(len(line) <= 78 for line in content.split(b"\r\n"))
    message = message_from_bytes(content, policy=compat32)
    assert read_back(message["Subject"]) == on_one_line(text)
    to = message_from_bytes(content, policy=default)["To"].addresses
    assert [mailbox.addr_spec for mailbox in to] == [f"reader{number}@x.example" for number in range(3)]


@pytest.mark.parametrize("text", [text for text in INJECTED if on_one_line(text)], ids=case_name)
def test_a_name_can_be_read_back_unchanged(text: str) -> None:
    message = message_from_bytes(message_of("A", text), policy=compat32)
    assert re.sub(r"\s", "", name_in(message["From"])) == re.sub(r"\s", "", on_one_line(text))


@pytest.mark.parametrize("text", SCRIPTS)
def test_subject_and_names_can_be_read_back_in_every_script(text: str) -> None:
    message = message_from_bytes(message_of(text, text, reply_to=text, to=(text,)), policy=compat32)
    assert read_back(message["Subject"]) == text
    for name in ("From", "Reply-To", "To"):
        assert name_in(message[name]) == text
    parsed = message_from_bytes(message_of(text, text), policy=default)
    assert parsed["Subject"] == text
    assert not parsed["Subject"].defects


@given(st.text(max_size=90), st.text(max_size=90))
def test_any_text_stays_text_in_headers(subject: str, name: str) -> None:
    content = message_of(subject, name, reply_to=name, to=(name,))
    assert_fit_for_the_wire(content)
    assert_only_the_wanted_headers(content)
    assert read_back(message_from_bytes(content, policy=compat32)["Subject"]) == on_one_line(subject)


PIECES = [
    "=?",
    "?=",
    "utf-8",
    "?q?",
    "?b?",
    "=0D=0A",
    "DQpCY2M6",
    "Bcc:",
    " ",
    "\r\n",
    "\n",
    ":",
    "<",
    ">",
    '"',
    "\\",
    ",",
    "é",
    "a" * 70,
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_pieces_of_encoded_words_never_make_a_header(text: str) -> None:
    content = message_of(text, text, reply_to=text, to=(text,))
    assert_fit_for_the_wire(content)
    assert_only_the_wanted_headers(content)


def test_a_message_without_recipients_has_undisclosed_recipients() -> None:
    message = message_from_bytes(message_of("A", "B"), policy=default)
    assert message["To"] == "undisclosed-recipients:;"
    assert message["To"].addresses == ()
    assert not message["To"].defects


def test_a_pictures_name_adds_no_header() -> None:
    head = Letterhead("A", Mailbox("a@letters.example"), NOON)
    picture = AttachedPicture("long-" * 60 + ".png", "image/png", b"\x89PNG")
    content = bytes(build_message(head, html="<p>A</p>", text="A", pictures=[picture]))
    assert_fit_for_the_wire(content)
    names = [part.get_filename() for part in message_from_bytes(content, policy=default).walk() if part.get_filename()]
    assert names == [picture.name]


@pytest.mark.parametrize(
    "text", ["a\rb", "a\x00b", "a\x0bb\x0c", "\x1b[2J", "x" * 5000, "é\r" * 900, "a\u2028b", "\ud800"], ids=case_name
)
def test_no_text_gives_a_line_that_servers_refuse(text: str) -> None:
    head = Letterhead("A", Mailbox("a@letters.example"), NOON)
    assert_fit_for_the_wire(bytes(build_message(head, html=f"<p>{text}</p>", text=text)))


@pytest.mark.parametrize(
    "address", ["=?utf-8?q?a=0D=0ABcc?=@letters.example", "a=?b@letters.example", f"a@{'éü' * 30}.example"]
)
def test_an_ambiguous_address_is_refused(address: str) -> None:
    assert email_flaw(address)


@pytest.mark.parametrize(
    "address", ["https://l.example/u?x=?utf-8?q?a=0D=0ABcc:_x?=", "https://l.example/=?utf-8?q?a=0D=0ABcc:_x?="]
)
def test_an_address_in_a_header_has_no_encoded_word(address: str) -> None:
    content = bytes(
        build_message(Letterhead("A", Mailbox("a@letters.example"), NOON, unsubscribe=address), html="", text="")
    )
    message = message_from_bytes(content, policy=default)
    assert "=?" not in message["List-Unsubscribe"]
    assert "\r" not in message["List-Unsubscribe"]
    assert_fit_for_the_wire(content)


# ── Whole exports ───────────────────────────────────────────────────────────────────────────────────────────────────


def workspace(tmp_path: Path, *, title: str, publication: str, sender: str) -> Path:
    root = tmp_path / "letter"
    start_workspace(root, kind="essay", title="The letter", **SAMPLE_VALUES)
    configuration = yaml.safe_load((root / "newsletter.yaml").read_text(encoding="utf-8"))
    configuration["title"] = publication
    configuration["sender"]["name"] = sender
    (root / "newsletter.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    front = yaml.safe_dump({"title": title, "date": "2026-11-20", "number": 1, "summary": "In one line."})
    folder = root / "issues/2026-11-20-hello"
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(f"---\n{front}---\n\nHello.\n\n## A section\n\nText.\n", encoding="utf-8")
    return root


def exported(root: Path, **tokens: str) -> bytes:
    file = next(file for file in issue_files(root) if file.name.endswith("hello"))
    exported = export(root, file, service="eml", folder=None, tokens=tokens, now=NOON)
    folder, names = exported.place, exported.files
    return (folder / names[0]).read_bytes()


@pytest.mark.parametrize("text", [text for text in INJECTED if text.strip() and "\ud800" not in text], ids=case_name)
def test_an_export_with_any_titles_and_names_follows_the_rfcs(tmp_path: Path, text: str) -> None:
    root = workspace(tmp_path, title=text, publication=text, sender=text)
    try:
        content = exported(root)
    except NewsletterError:
        return  # refused with a finding, which is also correct
    assert_fit_for_the_wire(content)
    message = message_from_bytes(content, policy=default)
    assert "Bcc" not in message
    assert set(message.keys()) <= {*WANTED, "Content-Type"}
    assert [mailbox.addr_spec for mailbox in message["From"].addresses] == ["letters@letters.example"]


def test_an_address_too_long_for_a_line_is_refused(tmp_path: Path) -> None:
    root = workspace(tmp_path, title="A", publication="B", sender="C")
    with pytest.raises(NewsletterError, match="unsubscribe address has"):
        exported(root, unsubscribe_url="https://x.example/" + "a" * 1000)


# ── A server ────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def mail_server() -> Iterator[tuple[int, list[bytes]]]:
    """A mail server on the loopback (RFC 5321) that refuses bare line ends and long lines, like strict servers."""
    taken: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 ready\r\n")
                for line in lines:
                    command = line[:4].upper().strip()
                    if command == b"DATA":
                        connection.sendall(b"354 go on\r\n")
                        taken.append(_until_the_dot(lines))
                        strict = taken[-1].count(b"\n") == taken[-1].count(b"\r\n") == taken[-1].count(b"\r")
                        fit = strict and all(len(one) <= 998 for one in taken[-1].split(b"\r\n"))
                        connection.sendall(b"250 taken\r\n" if fit else b"554 refused\r\n")
                    elif command == b"QUIT":
                        connection.sendall(b"221 bye\r\n")
                        break
                    else:
                        connection.sendall(b"250 fine\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], taken
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _until_the_dot(lines: Iterator[bytes]) -> bytes:
    held = []
    for line in lines:
        if line == b".\r\n":
            break
        held.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(held)


def test_a_server_accepts_every_message_unchanged() -> None:
    with mail_server() as (port, taken):
        for text in [*INJECTED, *SCRIPTS]:
            content = message_of(text, text, reply_to=text)
            with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
                assert client.sendmail("letters@letters.example", ["reader@x.example"], content) == {}
            assert taken[-1].rstrip() == content.rstrip()
    assert len(taken) == len(INJECTED) + len(SCRIPTS)
