"""The guard: decides which requests are answered, and adds security headers to every answer.

A page on the web can make a browser send requests to this machine, and a name on the web can be made to lead here (DNS
rebinding). So a request must name one of our addresses (Host). If the browser says where the request comes from, it
must be our own page (Origin, Sec-Fetch-Site). If the preview is open to other machines, the request must have the
token. Answers may not be framed, sniffed for their type or cached, and our pages load nothing from elsewhere.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse

from newsletter.records import dataclass

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE = frozenset({"GET", "HEAD"})
_LONGEST_TARGET = 4096
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


@dataclass(frozen=True, slots=True)
class Door:
    """The address where the preview is served, and who has access."""

    host: str
    """The bound host: an address or a name."""
    port: int
    token: str = ""
    """The token that a browser must know; empty if only this machine has access."""

    @property
    def cookie(self) -> str:
        """The name of the cookie that keeps the token.

        All ports of a host share cookies, so the name contains our port.
        """
        return f"newsletter-preview-{self.port}"

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server.

        If other machines have access, any IP address is accepted, because no name on the web can look like one.
        """
        name, _, port = host.lower().rpartition(":")
        if not name or port.endswith("]"):  # Without a port: the default one of http.
            name, port = host.lower(), "80"
        if port != str(self.port):
            return False
        if name in LOCAL_NAMES:
            return True
        return bool(self.token) and (name in self._own_names() or _is_address(name))

    def _own_names(self) -> frozenset[str]:
        here = socket.gethostname().lower()
        return frozenset({self.host.lower(), here, f"{here}.local"})


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses forbidden requests, and passes on the others."""
        if scope["type"] != "http":
            return
        headers: dict[str, str] = {}
        double = False
        for name, value in scope["headers"]:
            double |= name in {b"host", b"origin"} and name.decode("latin-1") in headers
            headers[name.decode("latin-1")] = value.decode("latin-1")
        refused = "more than one Host" if double else self._refuse(scope, headers)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                extra = [pair for pair in _ALWAYS if pair[0] not in given]
                if b"content-security-policy" not in given:
                    extra.append((b"content-security-policy", PAGE_POLICY.encode()))
                if b"cache-control" not in given:
                    extra.append((b"cache-control", b"no-store"))
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        if refused:
            await PlainTextResponse(f"refused: {refused}\n", 403)(scope, receive, sending)
        elif not self._door.token or self._has_token(headers):
            await self._app(scope, receive, sending)
        else:
            await self._ask_for_token(scope, receive, sending)

    def _refuse(self, scope: Scope, headers: dict[str, str]) -> str:
        """Why a request is refused; "" if it is allowed."""
        host = headers.get("host", "")
        if not self._door.knows(host):
            return "this is no address of the preview"
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"http://{host.lower()}":
            return "the request comes from another site"
        site = headers.get("sec-fetch-site", "")
        if site not in {"", "same-origin", "none"} and not _opens_the_page(scope, headers):
            return "the request comes from another site"
        if scope["method"] not in _SAFE and origin is None and site != "same-origin":
            return "the request does not say where it comes from"
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > _LONGEST_TARGET:
            return "the address is too long"
        return ""

    def _has_token(self, headers: dict[str, str]) -> bool:
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except CookieError:
            return False
        found = cookies.get(self._door.cookie)
        return found is not None and _same(found.value, self._door.token)

    async def _ask_for_token(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a browser in if the address has the token, and removes the token from the address."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        given = query.get("token", [""])[0]
        if scope["method"] == "GET" and scope["path"] == "/" and _same(given, self._door.token):
            # Not sent on by a redirect: after a link from another site, a browser would not send the cookie.
            response = PlainTextResponse("This way …\n", headers={"refresh": "0;url=/"})
            response.set_cookie(self._door.cookie, self._door.token, httponly=True, samesite="strict", path="/")
            await response(scope, receive, send)
            return
        text = (
            "this preview needs its full address, including the token. `newsletter preview` prints it in the terminal\n"
        )
        await PlainTextResponse(text, 401)(scope, receive, send)


def _opens_the_page(scope: Scope, headers: dict[str, str]) -> bool:
    """Whether somebody follows a link to the page itself.

    The page then opens in a tab of its own, and the linking site cannot read it.
    """
    return (
        scope["method"] == "GET"
        and scope["path"] == "/"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
