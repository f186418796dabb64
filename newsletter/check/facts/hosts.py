"""Hosts that only some readers, or none, can reach."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ipaddress

if TYPE_CHECKING:
    Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOCAL = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa")
"""Domains that are never on the public internet.

They are from RFC 6761, RFC 6762 and RFC 8375, ICANN's reserved `internal`, and names that ICANN does not delegate
because private networks use them.
"""
_NEVER = ("test", "invalid")
"""RFC 6761: names that never resolve."""
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_HOST = re.compile(r"(?:[a-z0-9_][a-z0-9_-]{0,62}\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?")
_NAT64 = 0x0064FF9B << 64
"""The first 96 bits of 64:ff9b::/96 (RFC 6052)."""


def literal_ip(host: str) -> Ip | None:
    """The IP address in `host`, in any form that browsers and libc accept; None for a name.

    `0x7f.1`, `2130706433` and `017700000001` are all 127.0.0.1 (WHATWG URL, IPv4 parser).
    """
    parts = host.removesuffix(".").split(".")
    if not host.startswith("[") and (len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts)):
        return None
    import ipaddress

    if host.startswith("["):
        try:
            return ipaddress.IPv6Address(host.strip("[]").partition("%")[0])
        except ValueError:
            return None
    *front, last = (_number(part) for part in parts)
    if any(number is None or number > 255 for number in front) or last is None or last >= 256 ** (4 - len(front)):
        return None
    return ipaddress.IPv4Address(sum((number or 0) << 8 * (3 - place) for place, number in enumerate(front)) + last)


def _number(text: str) -> int | None:
    base = 16 if text[:2].lower() == "0x" else 8 if text.startswith("0") and text != "0" else 10
    try:
        return int(text[2:] or "0" if base == 16 else text, base)
    except ValueError:
        return None


def is_public(ip: Ip) -> bool:
    """Whether every reader can reach `ip`: it is not private, local, reserved or multicast.

    An IPv6 address that contains an IPv4 one (mapped, 6to4, NAT64, Teredo) is judged by that one.
    """
    if ip.version == 6:
        inner = _inner(ip)
        if inner is not None:
            return is_public(inner)
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_unspecified


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    import ipaddress

    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    if int(ip) >> 32 in {_NAT64, 0}:  # the last are IPv4-compatible (RFC 4291 §2.5.5.1), with :: and ::1
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


@lru_cache(maxsize=4096)
def unreachable_host(host: str) -> str:
    """The reason why readers cannot reach `host`, as the end of a sentence: `is an address of a private network`; "" if they can."""
    name = host.removesuffix(".")
    ip = literal_ip(name)
    if ip is not None:
        if is_public(ip):
            return ""
        local = ip.is_loopback or (ip.version == 6 and bool(ip.ipv4_mapped and ip.ipv4_mapped.is_loopback))
        return "is the reader's own computer" if local else "is an address of a private network"
    if name == "localhost" or name.endswith(".localhost"):
        return "is the reader's own computer"
    if _ends_in(name, _LOCAL):
        return "is a name of a private network"
    if _ends_in(name, _NEVER):
        return "is a name that never leads anywhere"
    return "has no ending such as `.com`: only a private network could know it" if "." not in name else ""


def _ends_in(name: str, endings: tuple[str, ...]) -> bool:
    return any(name == ending or name.endswith("." + ending) for ending in endings)


def is_host(host: str) -> bool:
    """Whether `host` is a valid host: a name of letters, digits and hyphens, or an IP address.

    A label may end in a hyphen, as in a user's `x-.github.io`. RFC 1123 forbids it, but browsers and name servers
    accept it.
    """
    if host.startswith("["):
        return literal_ip(host) is not None
    return _HOST.fullmatch(host) is not None


def same_site(one: str, other: str) -> bool:
    """Whether the hosts are the same, with or without `www.`, or one is a subdomain of the other."""
    first, second = one.removeprefix("www."), other.removeprefix("www.")
    return first == second or first.endswith("." + second) or second.endswith("." + first)
