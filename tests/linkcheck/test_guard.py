"""What is never asked: anything that is not public, however it is written, named or redirected to."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.facts.hosts import is_public, literal_ip, unreachable_host
from newsletter.linkcheck import Policy
from newsletter.linkcheck.crawl import PoliteTurns, ask
from newsletter.linkcheck.fetch import RefusedError, destination, redirected

PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2001:0:0:0:0:0:f5ff:fffe",
]
PUBLIC = ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


def open_web(*ips: str) -> Policy:
    return replace(Policy(), resolve=lambda _host, _port: ips)


def refused(address: str, policy: Policy) -> str:
    with pytest.raises(RefusedError) as raised:
        destination(address, policy)
    return raised.value.trouble


@pytest.mark.parametrize("ip", PRIVATE)
def test_a_private_address_is_refused_directly_and_behind_a_name(ip: str):
    literal = f"[{ip}]" if ":" in ip else ip
    assert refused(f"http://{literal}/", open_web("1.1.1.1")) == "private"
    assert refused("https://innocent.example/", open_web(ip)) == "private"


@pytest.mark.parametrize("ip", PUBLIC)
def test_a_public_address_is_allowed(ip: str):
    assert destination("https://site.example/a", open_web(ip)).ips == (ip,)


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "017700000001", "127.0.0.1."]
)
def test_every_way_to_write_this_machine_is_refused(host: str):
    assert str(literal_ip(host)) == "127.0.0.1"
    assert refused(f"http://{host}/", open_web("1.1.1.1")) == "private"


def test_of_a_name_with_public_and_private_addresses_only_the_public_ones_are_used():
    assert destination("https://site.example/", open_web("10.0.0.1", "1.1.1.1", "::1")).ips == ("1.1.1.1",)


def test_a_name_is_resolved_once_and_the_checked_address_is_used(web):
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    web.page("/a")
    policy = replace(web.policy, resolve=lambda _host, _port: next(answers))
    assert ask(web.at("/a"), policy, PoliteTurns(policy)).status == 200
    assert len(list(answers)) == 2


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/admin",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://inside.example/",
        "//inside.example/a",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_a_redirect_to_a_private_address_is_reported_and_not_followed(web, target: str):
    web.names["inside.example"] = ("192.168.0.7",)
    answer = ask(web.page("/a", 302, Location=target), web.policy, PoliteTurns(web.policy))
    assert answer.trouble == "private"
    assert len(answer.hops) == 1
    assert web.lines == ["HEAD /a"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1/", "javascript:1"])
def test_a_redirect_to_another_scheme_is_not_followed(web, target: str):
    answer = ask(web.page("/a", 302, Location=target), web.policy, PoliteTurns(web.policy))
    assert answer.trouble == "protocol"


def test_a_user_name_and_password_are_never_sent():
    where = destination("https://1.1.1.1@innocent.example:443/a", open_web("93.184.215.14"))
    assert (where.host, where.host_header, where.ips) == ("innocent.example", "innocent.example", ("93.184.215.14",))


def test_unusual_ports_are_not_requested():
    assert refused("https://site.example:22/", open_web("1.1.1.1")) == "port"
    assert refused("https://site.example:6379/", open_web("1.1.1.1")) == "port"


@pytest.mark.parametrize("host", ["-a.example", "a..example", "a b.example", "a_.-.example", "[::1", "[v1.a]"])
def test_an_invalid_name_is_not_resolved(host: str):
    def resolve(_host: str, _port: int) -> list[str]:
        raise AssertionError("it was looked up")

    assert refused(f"https://{host}/", replace(Policy(), resolve=resolve)) in {"dns", "protocol"}


def test_a_name_in_the_local_network_is_distinguished_from_one_that_does_not_exist():
    def resolve(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    policy = replace(Policy(), resolve=resolve)
    assert refused("https://printer.local/", policy) == "private"
    assert refused("https://exmaple.org/", policy) == "dns"


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "lan.example", "1.1.1.1", "10.example"])
def test_a_name_that_only_looks_local_is_not(host: str):
    assert unreachable_host(host) == ""


@given(st.ip_addresses())
def test_an_address_is_public_only_if_python_calls_it_global(ip):
    assert not is_public(ip) or ip.is_global or ip.version == 6  # of IPv6, those that stand for IPv4 are judged as that
    assert literal_ip(f"[{ip}]" if ip.version == 6 else str(ip)) == ip


@given(st.integers(0, 2**32 - 1))
def test_numeric_hosts_are_read_as_browsers_do(number: int):
    assert literal_ip(str(number)) == literal_ip(hex(number)) == ip_address(number)


@given(st.text(max_size=60))
def test_any_location_is_an_address_or_refused(location: str):
    try:
        absolute = redirected("https://site.example/a", location)
    except RefusedError:
        return
    assert absolute.isascii()
    with contextlib.suppress(RefusedError):
        assert destination(absolute, open_web("1.1.1.1")).scheme in {"http", "https"}
