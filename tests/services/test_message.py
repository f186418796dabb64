"""A complete message can be read by email clients, and follows the limits of the RFCs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.policy import compat32, default
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.services.message import AttachedPicture, Letterhead, Mailbox, build_message, content_id

if TYPE_CHECKING:
    from email.message import EmailMessage

NOON = datetime(2026, 10, 30, 12, 0, tzinfo=UTC)
SENDER = Mailbox("letters@letters.example", "The Lock Keeper")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


def head(subject: str = "Ships that climb", sender: Mailbox = SENDER, **more: object) -> Letterhead:
    return Letterhead(subject=subject, sender=sender, date=NOON, **more)


def sent(
    letterhead: Letterhead | None = None, html: str = "<p>A ship.</p>", text: str = "A ship.", pictures: tuple = ()
) -> bytes:
    return bytes(build_message(letterhead or head(), html=html, text=text, pictures=pictures))


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n").removesuffix("\n")


def test_a_message_has_plain_text_first_then_html():
    message = read(sent())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (body(message, "plain"), body(message, "html")) == ("A ship.", "<p>A ship.</p>")


def test_pictures_are_related_to_the_html_that_shows_them():
    name = content_id("lock-1a2b3c4d.png", SENDER.address)
    content = sent(html=f'<img src="cid:{name}">', pictures=(AttachedPicture("lock-1a2b3c4d.png", "image/png", PNG),))
    text, related = read(content).iter_parts()
    assert (text.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    assert related.get_param("type") == "text/html"
    html, picture = related.iter_parts()
    assert f"cid:{picture['Content-ID'].strip('<>')}" in html.get_content()
    assert picture.get_content() == PNG
    assert (picture.get_content_disposition(), picture.get_filename()) == ("inline", "lock-1a2b3c4d.png")


def test_the_headers_have_sender_date_and_subject():
    message = read(
        sent(
            head(
                reply_to=Mailbox("jane@letters.example"),
                to=(Mailbox("a@b.example", "Ann"), Mailbox("c@d.example")),
                language="nl-BE",
                unsubscribe="https://letters.example/u?id=1&k=2",
            )
        )
    )
    assert str(message["From"]) == "The Lock Keeper <letters@letters.example>"
    assert str(message["Reply-To"]) == "jane@letters.example"
    assert str(message["To"]) == "Ann <a@b.example>, c@d.example"
    assert message["Date"].datetime == NOON
    assert message["Content-Language"] == "nl-BE"
    assert message["List-Unsubscribe"] == "<https://letters.example/u?id=1&k=2>"
    assert re.fullmatch(r"<[0-9a-f]{32}@letters\.example>", message["Message-ID"])
    assert message["MIME-Version"] == "1.0"
    assert sent().count(b"MIME-Version") == 1


def test_optional_headers_are_left_out():
    assert not {"Reply-To", "List-Unsubscribe", "Content-Language"} & set(read(sent()).keys())


def test_only_the_same_issue_gives_the_same_message():
    assert sent() == sent()
    ids = {read(sent(letter))["Message-ID"] for letter in (head(), head("Other"), head(to=(Mailbox("a@b.example"),)))}
    assert len(ids) == 3


def test_an_address_of_any_length_is_not_broken():
    unsubscribe = "https://letters.example/" + "u" * 400
    content = sent(head(unsubscribe=unsubscribe))
    assert f"<{unsubscribe}>".encode() in content
    assert read(content)["List-Unsubscribe"] == f"<{unsubscribe}>"


def test_a_line_end_in_a_subject_or_name_adds_no_header():
    message = read(sent(head("A\r\nBcc: all@x.example", Mailbox("a@b.example", "B\nX-Evil: 1"))))
    assert str(message["Subject"]) == "A Bcc: all@x.example"
    assert message["From"].addresses[0].display_name == "B X-Evil: 1"
    assert not {"Bcc", "X-Evil"} & set(message.keys())


def test_a_host_in_other_scripts_is_written_in_ascii():
    message = read(sent(head(sender=Mailbox("a@bücher.example", "Bücher"))))
    assert message["From"].addresses == (Address("Bücher", "a", "xn--bcher-kva.example"),)


def test_host_names_are_encoded_by_the_current_idna_rules():
    message = read(sent(head(sender=Mailbox("a@straße.example"))))
    assert message["From"].addresses[0].domain == "xn--strae-oqa.example"


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://l.example/u?x=ü&y=1%20a", "https://l.example/u?x=%C3%BC&y=1%20a"),
        ("https://bücher.example:8080/ab", "https://xn--bcher-kva.example:8080/ab"),
        (
            "mailto:a@bücher.example?subject=Abbestellen%3A%20B%C3%BC",
            "mailto:a@xn--bcher-kva.example?subject=Abbestellen%3A%20B%C3%BC",
        ),
        ("https://l.example/a b>\r\nX: y", "https://l.example/a%20b%3EX:%20y"),
    ],
)
def test_the_unsubscribe_address_is_written_in_ascii(address: str, written: str):
    content = sent(head(unsubscribe=address))
    assert f"<{written}>".encode() in content
    assert read(content)["List-Unsubscribe"] == f"<{written}>"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Short lines of ASCII.\n", "7bit"),
        ("A long line of ASCII. " * 60, "quoted-printable"),
        ("Schöne Grüße aus Köln, mit einer langen Zeile. " * 20, "quoted-printable"),
        ("船は山を登る。" * 60, "base64"),
    ],
)
def test_each_part_is_encoded_in_the_shorter_way(text: str, encoding: str):
    plain = next(read(sent(text=text)).iter_parts())
    assert plain["Content-Transfer-Encoding"] == encoding


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=120)


@given(words=TEXT)
def test_any_subject_or_name_can_be_read_back(words: str):
    """Names are decoded as encoded words, because Python's parser of addresses adds spaces."""
    content = sent(head(words, Mailbox("a@b.example", words)))
    headers = content.partition(b"\r\n\r\n")[0]
    assert headers.isascii()
    assert max(map(len, headers.split(b"\r\n"))) <= 78 or max(map(len, words.split())) > 60
    message = message_from_bytes(content, policy=compat32)
    plain = " ".join(words.split())
    assert str(make_header(decode_header(message["Subject"]))) == plain
    name = str(make_header(decode_header(message["From"]))).removesuffix("<a@b.example>").removesuffix("a@b.example")
    quoted = message["From"].startswith('"')
    assert (re.sub(r'\\(.)|"', r"\1", name) if quoted else name).strip() == plain


@given(html=TEXT, lines=st.lists(TEXT, max_size=6))
def test_both_parts_can_be_read_back_and_have_short_lines(html: str, lines: list[str]):
    text = "\n".join(lines)
    content = sent(html=html * 9, text=text)
    assert content.isascii()
    assert all(len(line) <= 78 for line in content.partition(b"\r\n\r\n")[2].split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    message = read(content)
    assert (body(message, "html"), body(message, "plain")) == (html * 9, text.removesuffix("\n"))
    assert not message.defects
