"""What may be asked: an address of the web whose host is public, and only by the IP addresses that were looked at.

Names are resolved once for each request, and the request goes to the very IP address that was judged: a name that answers
otherwise a moment later (DNS rebinding) gains nothing. Each redirect is judged anew.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from newsletter.check.links_hosts import is_host, literal_ip, unreachable_host
from newsletter.records import dataclass

if TYPE_CHECKING:
    from newsletter.linkcheck.base import Policy

_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT = "%/:=&?~#+!$,;'@()*[]"
"""What stays as it is when an address is made ASCII."""


class RefusedError(Exception):
    """An address that is not asked. `trouble` is a word of LinkAnswer; `str(error)` is more about it."""

    def __init__(self, trouble: str, detail: str = "") -> None:
        super().__init__(detail)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Destination:
    """Where one request goes."""

    scheme: str
    host: str
    """As in the Host header and in certificates, without brackets."""
    port: int
    target: str
    """Path and query, as in the first line of the request."""
    ips: tuple[str, ...]
    """The IP addresses that may be connected to, in the order to try them."""

    @property
    def host_header(self) -> str:
        """RFC 9110 §7.2."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


def destination(address: str, policy: Policy) -> Destination:
    """Where a request for `address` goes. A name and password in it are never sent.

    Raises RefusedError where it is not to be asked: no address of the web, no such name, or one that is not public.
    """
    scheme, host, port, target = _parts(address)
    return Destination(scheme, host, port, target, _allowed_ips(host, port, policy))


def _parts(address: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise RefusedError("protocol", f"{address} is no address") from error
    odd = "[" in parts.netloc and ":" not in (parts.hostname or "")  # an address of a future IP (RFC 3986 §3.2.2)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or odd:
        raise RefusedError("protocol", f"{address} is not on the web")
    host = _ascii_host(parts.hostname)
    target = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    return parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], target


def _ascii_host(host: str) -> str:
    if ":" in host:
        return host
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise RefusedError("dns", "no site can have such a name") from error
    if not is_host(name.lower()):
        raise RefusedError("dns", "no site can have such a name")
    return name.lower()


def _allowed_ips(host: str, port: int, policy: Policy) -> tuple[str, ...]:
    literal = literal_ip(f"[{host}]" if ":" in host else host)
    if literal is not None:
        found = [str(literal)]
    elif ":" in host:
        raise RefusedError("dns", "no site can have such a name")
    else:
        found = _resolved(host, port, policy)
    allowed = tuple(ip for ip in found if policy.allow(ip_address(ip.partition("%")[0]), port))
    if not allowed and any(policy.allow(ip_address(ip.partition("%")[0]), 443) for ip in found):
        raise RefusedError("port", f"port {port}")
    if not allowed:
        raise RefusedError("private", f"stands for {found[0]}" if found[0] != host else "")
    return allowed


def _resolved(host: str, port: int, policy: Policy) -> list[str]:
    try:
        found = list(policy.resolve(host, port))
    except (OSError, UnicodeError) as error:
        # Names that no public resolver knows may still be somebody's own: say that rather than "no such site".
        why = unreachable_host(host)
        raise RefusedError("private" if why else "dns", f"the name {why}" if why else "") from error
    if not found:
        raise RefusedError("dns")
    return found


def redirected(address: str, location: str) -> str:
    """The absolute address that a Location header names (RFC 9110 §10.2.2), without its fragment."""
    try:
        raw = location.encode("latin-1")
        location = raw.decode("utf-8")
    except UnicodeError:
        pass
    try:
        absolute = urljoin(address, location.strip())
    except ValueError as error:
        raise RefusedError("protocol", "redirects to what is no address") from error
    return quote(absolute.partition("#")[0], safe=_KEPT)
