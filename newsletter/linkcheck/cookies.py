"""The cookies that sites set while one address is followed.

Some sites serve a page only with the cookie that they set.
"""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from http.cookiejar import CookieJar

_LONGEST = 8192
"""The longest Cookie header that servers accept, in characters."""


class Cookies:
    """The cookies for one address and its redirects.

    The standard library decides which site gets which cookie (RFC 6265).
    """

    def __init__(self) -> None:
        self._jar: CookieJar | None = None

    def keep(self, address: str, headers: Sequence[str]) -> None:
        """Stores the Set-Cookie headers of the response to a request for `address`."""
        if not headers:
            return
        from http.cookiejar import CookieJar  # Most sites set none, and the import takes 10 ms.
        from urllib.request import Request

        self._jar = self._jar if self._jar is not None else CookieJar()
        self._jar.extract_cookies(_Head(headers), Request(address))  # type: ignore[arg-type]  # noqa: S310 - of the web, as destination() saw to

    def of(self, address: str) -> str:
        """The Cookie header of a request for `address`; empty if there is none."""
        if self._jar is None:
            return ""
        from urllib.request import Request

        request = Request(address)  # noqa: S310 - nothing is opened
        self._jar.add_cookie_header(request)
        written = request.get_header("Cookie") or ""
        return written if len(written) <= _LONGEST else ""


class _Head:
    """The interface that a cookie jar expects of a response."""

    def __init__(self, headers: Sequence[str]) -> None:
        self._message = Message()
        for header in headers:
            self._message.add_header("Set-Cookie", header)

    def info(self) -> Message:
        """The headers of the response."""
        return self._message
