"""One address, from the request to the answer."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import replace
from threading import Thread

import pytest

from newsletter.check.facts.addresses import Hop, LinkAnswer
from newsletter.linkcheck.crawl import PoliteTurns, ask
from tests.linkcheck.conftest import CERTIFICATE


def asked(web, address: str, **changes) -> LinkAnswer:
    policy = replace(web.policy, **changes)
    return ask(address, policy, PoliteTurns(policy))


def test_an_existing_page_is_requested_only_with_head(web):
    assert asked(web, web.page("/a")) == LinkAnswer(200)
    assert web.lines == ["HEAD /a"]


def test_the_request_identifies_the_program_and_not_the_person(web):
    asked(web, web.page("/a?b=c d").replace("http://", "http://jane:secret@"))
    ((_, path, headers),) = web.asked[:1]
    assert path == "/a?b=c%20d"
    assert headers["User-Agent"].startswith("newsletter-press/")
    assert headers["Host"] == f"site.example:{web.port}"
    assert not {"Authorization", "Cookie", "Referer"} & headers.keys()


def test_a_proxy_of_the_environment_is_not_used(web, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert asked(web, web.page("/a")).status == 200


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501])
def test_if_head_fails_get_decides(web, status: int):
    web.page("/a", status, method="HEAD")
    assert asked(web, web.page("/a", 206, method="GET")).status == 206
    assert web.lines == ["HEAD /a", "GET /a"]
    assert web.asked[1][2]["Range"] == "bytes=0-1023"


def test_a_site_that_closes_the_connection_on_head_gets_get(web):
    web.page("/a", 0, method="HEAD")
    assert asked(web, web.page("/a", method="GET")).status == 200


def test_an_empty_page_exists_although_it_has_no_first_kilobyte(web):
    web.page("/a", 405, method="HEAD")
    assert asked(web, web.page("/a", 416, method="GET")).status == 200


def test_a_page_that_is_gone_is_gone(web):
    assert asked(web, web.at("/nowhere")) == LinkAnswer(404)


# ── Redirects ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_redirects_are_followed_one_by_one_and_kept(web):
    web.page("/a", 301, Location="/b")
    web.page("/b", 302, Location=web.at("/c", "other.example"))
    web.page("/c")
    answer = asked(web, web.at("/a"))
    assert answer == LinkAnswer(200, hops=(Hop(301, web.at("/b")), Hop(302, web.at("/c", "other.example"))))
    assert web.lines == ["HEAD /a", "HEAD /b", "HEAD /c"]


def test_the_fragment_of_a_redirect_is_not_requested(web):
    web.page("/a", 301, Location="/b#part")
    web.page("/b")
    assert asked(web, web.at("/a")).hops == (Hop(301, web.at("/b")),)


def test_a_redirect_with_letters_that_are_not_ascii_is_followed(web):
    web.page("/a", 301, Location="/stra\u00c3\u009fe")  # UTF-8, as servers send it, read as Latin-1
    web.page("/stra%C3%9Fe")
    assert asked(web, web.at("/a")).status == 200


def test_a_redirect_without_a_target_is_the_answer(web):
    assert asked(web, web.page("/a", 301)).status == 301


def test_a_redirect_loop_is_reported(web):
    web.page("/a", 302, Location="/b")
    web.page("/b", 302, Location="/a")
    answer = asked(web, web.at("/a"))
    assert (answer.trouble, len(answer.hops)) == ("loop", 2)


def test_endless_redirects_are_stopped(web):
    for count in range(20):
        web.page(f"/{count}", 302, Location=f"/{count + 1}")
    answer = asked(web, web.at("/0"))
    assert (answer.trouble, answer.detail) == ("loop", "more than 10 redirects")
    assert len(web.asked) == 11


# ── Cookies ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def sends(location: str, *cookies: str, method: str = ""):
    """A gate that sends to `location` with cookies; of another method than `method` without."""

    def gate(handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", location)
        for cookie in cookies if method in {"", handler.command} else ():
            handler.send_header("Set-Cookie", cookie)
        handler.end_headers()

    return gate


def test_a_page_that_redirects_to_itself_with_a_cookie_exists(web):
    address = web.page("/a")
    web.gated["/a"], web.gate = "seen=1", sends("/a", "seen=1; Path=/; HttpOnly")
    assert asked(web, address) == LinkAnswer(200)
    assert [headers.get("Cookie") for _, _, headers in web.asked] == [None, "seen=1"]


def test_a_page_that_redirects_to_itself_through_another_exists(web):
    address = web.page("/a")
    web.page("/check", 302, Location="/a", Set_Cookie="ok=yes; Path=/")
    web.gated["/a"], web.gate = "ok=yes", sends("/check?to=a", "asked=1")
    assert asked(web, address) == LinkAnswer(200), "and it has not moved"
    assert web.lines == ["HEAD /a", "HEAD /check?to=a", "HEAD /a"]


def test_redirects_that_end_elsewhere_are_kept_without_the_detour(web):
    web.page("/old", 301, Location="/a")
    web.page("/a")
    web.gated["/a"], web.gate = "seen=1", sends("/a", "seen=1; Path=/")
    assert asked(web, web.at("/old")) == LinkAnswer(200, hops=(Hop(301, web.at("/a")),))


def test_a_cookie_that_only_get_receives_is_used(web):
    address = web.page("/a")
    web.gated["/a"], web.gate = "seen=1", sends("/a", "seen=1; Path=/", method="GET")
    assert asked(web, address).status == 200


@pytest.mark.parametrize(
    "cookie", ["", "other=1; Path=/", "seen=1; Path=/elsewhere", "seen=1; Secure", "seen=1; Max-Age=0", ";;;="]
)
def test_a_loop_that_a_cookie_does_not_end_is_reported(web, cookie: str):
    address = web.page("/a")
    web.gated["/a"], web.gate = "seen=1", sends("/a", *filter(None, [cookie]))
    assert asked(web, address).trouble == "loop"
    assert len(web.asked) <= 4


def test_a_new_cookie_each_time_is_stopped(web):
    count = iter(range(1000))
    web.gated["/a"] = "never"

    def anew(handler) -> None:
        sends("/a", f"id={next(count)}; Path=/")(handler)

    web.gate = anew
    answer = asked(web, web.page("/a"))
    assert (answer.trouble, answer.detail) == ("loop", "more than 10 redirects")


def test_a_cookie_is_for_its_own_site_and_this_one_address(web):
    web.page("/b", 302, Location=web.at("/c", "other.example"), Set_Cookie="secret=1; Path=/")
    web.page("/c")
    assert asked(web, web.at("/b")).status == 200
    assert asked(web, web.at("/b")).status == 200
    assert not any("Cookie" in headers for _, _, headers in web.asked)


# ── Waiting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [429, 503])
def test_a_requested_wait_is_respected(web, status: int):
    address = web.page("/a", status, Retry_After="7")
    assert asked(web, address).status == status
    assert [round(seconds) for seconds in web.slept] == [7, 7]


@pytest.mark.parametrize("said", ["3600", "Fri, 31 Dec 1999 23:59:59 GMT", ""])
def test_a_requested_wait_that_is_too_long_is_not_respected(web, said: str):
    assert asked(web, web.page("/a", 429, Retry_After=said)).status == 429
    assert web.slept == []


def test_there_is_a_pause_between_two_requests_to_a_site(web):
    web.page("/a", 301, Location="/b")
    web.page("/b")
    asked(web, web.at("/a"), pause=2.0)
    assert web.slept == [2.0]


# ── Trouble ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_that_does_not_exist_is_reported(web):
    def resolve(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert asked(web, "https://nowhere.example/", resolve=resolve).trouble == "dns"


def test_a_closed_port_is_reported(web):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    answer = asked(web, f"http://site.example:{port}/", allow=lambda _ip, _port: True)
    assert answer.trouble == "refused"


def raw_server(*pieces: bytes) -> int:
    """A server that answers each request with the same bytes; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            for _ in range(2):
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.recv(4096)
                    for piece in pieces:
                        connection.sendall(piece)

    Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


@pytest.mark.parametrize(
    "reply", [b"SSH-2.0-OpenSSH\r\n", b"", b"HTTP/1.1 999999\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 999]
)
def test_a_server_that_does_not_speak_http_is_reported_and_does_no_harm(web, reply: bytes):
    web.port = raw_server(reply)
    assert asked(web, web.at("/")).trouble in {"protocol", "refused"}


def test_a_slow_site_has_one_deadline_for_everything(web):
    web.port = raw_server(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n", b"c: d\r\n\r\n")
    moments = iter(range(100))  # each look at the clock is a second later
    answer = asked(web, web.at("/"), timeout=2.0, clock=lambda: float(next(moments)))
    assert answer.trouble == "timeout"


# ── Certificates ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_untrusted_certificate_is_reported(secure_web):
    answer = asked(secure_web, secure_web.at("/", scheme="https"))
    assert (answer.trouble, answer.detail) == ("tls", "self-signed certificate")


def test_a_certificate_of_another_site_is_reported(secure_web):
    trusted = ssl.create_default_context(cafile=str(CERTIFICATE))
    answer = asked(secure_web, secure_web.at("/", "other.example", "https"), certificates=trusted)
    assert answer.trouble == "tls"
    assert "other.example" in answer.detail


def test_a_certificate_is_compared_with_the_name_although_the_connection_is_to_the_ip_address(secure_web):
    trusted = ssl.create_default_context(cafile=str(CERTIFICATE))
    address = secure_web.page("/a").replace("http:", "https:")
    assert asked(secure_web, address, certificates=trusted).status == 200


def test_a_server_that_does_not_speak_tls_is_reported(web):
    assert asked(web, web.at("/", scheme="https")).trouble == "tls"
