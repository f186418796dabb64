"""Cleans addresses: removes link wrappers and tracking parameters, and resolves relative addresses."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urljoin, urlsplit

from newsletter.check.facts.addresses import without_tracking

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 8_000
"""The longest address, in characters. A longer one is not a real link."""
_DEEPEST = 5
"""The depth of nested wrappers that are removed."""
_SCHEMES = ("http", "https", "mailto", "tel", "sms", "ftp")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufdd0-\ufddf]+")


_IN_QUERY = {
    "google.com/url": "q url",
    "l.facebook.com/l.php": "u",
    "lm.facebook.com/l.php": "u",
    "l.instagram.com/": "u",
    "l.threads.com/": "u",
    "l.threads.net/": "u",
    "safelinks.protection.outlook.com/": "url",
    "linkprotect.cudasvc.com/url": "a",
    "slack-redir.net/link": "url",
    "out.reddit.com/": "url",
    "t.umblr.com/redirect": "z",
    "youtube.com/redirect": "q",
    "linkedin.com/redir/": "url",
    "linkedin.com/safety/go": "url",
    "steamcommunity.com/linkfilter": "u url",
    "duckduckgo.com/l/": "uddg",
    "medium.com/r/": "url",
    "vk.com/away.php": "to",
    "getpocket.com/redirect": "url",
    "exit.sc/": "url",
    "mandrillapp.com/track/click": "p",
    "deref-mail.com/mail/client/": "redirectUrl",
    "deref-gmx.net/mail/client/": "redirectUrl",
    "deref-web.de/mail/client/": "redirectUrl",
    "r.mail.yahoo.com/": "url",
    "mail.google.com/url": "q",
}
"""The query parameters that may hold the target, by host (subdomains included) and beginning of the path."""


def _from_query(parts: SplitResult) -> str:
    for wrapper, names in _IN_QUERY.items():
        if _below(wrapper, parts):
            given = parse_qs(parts.query, max_num_fields=100)
            for name in names.split():
                for value in given.get(name, ()):
                    if found := _target(value):
                        return found
    return ""


def _below(wrapper: str, parts: SplitResult) -> bool:
    host, _, path = wrapper.partition("/")
    return f".{parts.hostname}".endswith(f".{host}") and (parts.path or "/").startswith(f"/{path}")


def _target(value: str) -> str:
    """The address in a query parameter, plain or in Mandrill's base64-encoded JSON; empty if there is none."""
    if value.startswith(("https://", "http://")):
        return value
    decoded = _decoded(value)
    found = re.search(r"https?:\\*/\\*/[^\"\s]+", decoded) if decoded.startswith("{") else None
    return found[0].replace("\\", "") if found else ""


def _from_proofpoint(parts: SplitResult) -> str:
    """The target of Proofpoint's URL Defense, versions 1 to 3."""
    if parts.hostname not in {"urldefense.com", "urldefense.proofpoint.com", "urldefense.us"}:
        return ""
    inner = re.match(r"/v3/__(.+?)__;", parts.path + (f"?{parts.query}" if parts.query else ""))
    if inner:
        return "" if "*" in inner[1] else re.sub(r"^(https?:)/+", r"\1//", inner[1])
    value = next(iter(parse_qs(parts.query, max_num_fields=100).get("u", ())), "")
    if parts.path.startswith("/v2/"):
        value = unquote(value.translate({ord("-"): "%", ord("_"): "/"}))
    return value


def _from_base64(parts: SplitResult) -> str:
    """The target in a part of the path, encoded in base64: Substack's signed redirects, Kit's and others."""
    host, pieces = parts.hostname or "", parts.path.split("/")
    if host.endswith("substack.com") and parts.path.startswith("/redirect/2/") and len(pieces) > 3:
        try:
            payload = json.loads(_decoded(pieces[3].split(".")[0]) or "{}")
        except (ValueError, RecursionError):
            return ""
        return str(payload.get("e", "")) if isinstance(payload, dict) else ""
    return next((found for piece in pieces if len(piece) > 16 and (found := _decoded(piece)).startswith("http")), "")


def _from_mailgun(parts: SplitResult) -> str:
    """The target of Mailgun's `/c/eJ…`, in a query string compressed with zlib."""
    if not parts.path.startswith("/c/eJ"):
        return ""
    try:
        packed = base64.urlsafe_b64decode(parts.path[3:].encode() + b"==")
        unpacked = zlib.decompressobj().decompress(packed, 64_000).decode(errors="replace")
    except (ValueError, zlib.error, binascii.Error):
        return ""
    given = parse_qs(unpacked, max_num_fields=100)
    return next((value for value in given.get("l", ()) if value.startswith("http")), "")


def _from_hex(parts: SplitResult) -> str:
    """The target of `/url-68747470…/rest`, whose beginning is in hexadecimal digits, as in mirrors of LinkedIn."""
    found = re.match(r"/url-((?:[0-9a-f]{2}){8,})(/.*)?$", parts.path)
    if not found:
        return ""
    start = bytes.fromhex(found[1]).decode(errors="replace")
    rest = (found[2] or "") + (f"?{parts.query}" if parts.query else "")
    return start + rest if start.startswith("http") else ""


_WRAPPERS: tuple[Callable[[SplitResult], str], ...] = (
    _from_query,
    _from_proofpoint,
    _from_mailgun,
    _from_hex,
    _from_base64,
)

_OPAQUE = re.compile(
    r"(?:[\w-]+\.)*(?:list-manage\.com/track/|ct\.sendgrid\.net/|awstrack\.me/|substack\.com/redirect/(?!2/)|cmail\d+\.com/|"
    r"createsend\d*\.com/t/|hubspotlinks\.com/|rs6\.net/tn|klclick\d*\.com/|mailerlite\.com/link/|sendibt\d+\.com/|"
    r"eomail\d*\.com/|link\.mail\.beehiiv\.com/|convertkit-mail\d*\.com/|mlsend\d*\.com/|mjt\.lu/|exacttarget\.com/)",
    re.IGNORECASE,
)
"""Click counters of mailing services whose addresses do not contain the target."""

_CDN = re.compile(
    r"https?://(?:substackcdn|cdn\.substack)\.com/image/fetch/(?:[^/]+/)*?(https?(?::|%3A).+)", re.IGNORECASE
)
_WORDPRESS_CDN = re.compile(r"https?://i[0-3]\.wp\.com/([^/?#]+\.[a-z]+/[^?#]+)", re.IGNORECASE)
_CLOUDFLARE = re.compile(r"(https?://[^/]+/)cdn-cgi/image/[^/]*=[^/]*/(.+)", re.IGNORECASE)
_PROXIES = re.compile(
    r"https?://(?:ci\d+\.googleusercontent\.com|images\.weserv\.nl)/[^#]*#(https?://.+)", re.IGNORECASE
)


def bare_address(address: str, base: str = "") -> str:
    """An address without wrappers and tracking parameters, resolved against `base`; empty if it is not safe.

    Addresses that begin with `#` (a place on the page) or `cid:` (a part of an email) stay unchanged.
    """
    address = (
        _INVISIBLE.sub("", address.strip()) if " " not in address.strip() else _INVISIBLE.sub("%20", address.strip())
    )
    if not address or len(address) > _LONGEST:
        return ""
    if address.startswith("#") or address[:4].lower() == "cid:":
        return address
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() not in _SCHEMES:
        return ""
    try:
        whole = urljoin(base, address) if base and not scheme else address
    except ValueError:
        return ""
    if whole.startswith("//"):
        whole = f"https:{whole}"
    return _untracked(unwrapped(whole))


def unwrapped(address: str) -> str:
    """The target of an address without its link wrappers."""
    for _ in range(_DEEPEST):
        parts = _split(address)
        inner = next((found for wrapper in _WRAPPERS if parts and (found := wrapper(parts))), "")
        inner_parts = _split(inner)
        if not inner_parts or inner_parts.scheme not in {"http", "https"} or not inner_parts.hostname:
            break
        address = _INVISIBLE.sub("", inner)
    return address


def picture_address(address: str, base: str = "") -> str:
    """The address of a picture in its original size, instead of a CDN's scaled copy."""
    whole = bare_address(address, base)
    if found := _CDN.match(whole):
        inner = unquote(found[1]) if "%3A" in found[1][:9] or "%3a" in found[1][:9] else found[1]
        whole = _INVISIBLE.sub("%20", inner)
    elif found := _CLOUDFLARE.match(whole):
        whole = found[2] if found[2].startswith("http") else found[1] + found[2]
    elif found := _PROXIES.match(whole):
        whole = found[1]
    elif found := _WORDPRESS_CDN.match(whole):
        whole = f"https://{found[1]}"
    return whole


def is_counted(address: str) -> bool:
    """Whether an address is that of a mailing service's click counter and does not contain the target."""
    parts = _split(address)
    return bool(parts and parts.hostname and _OPAQUE.match(f"{parts.hostname}{parts.path}"))


def _untracked(address: str) -> str:
    parts = _split(address)
    if not parts or not parts.query or not parts.hostname:
        return address
    clean = without_tracking(address, parts.hostname, parts.path)
    if parts.hostname.endswith("substack.com") or parts.path.startswith("/p/"):
        clean = _without(clean, _OF_SUBSTACK)
    return _without(clean, _OF_BEEHIIV) if "last_resource_guid" in clean else clean


_OF_SUBSTACK = frozenset("r publication_id post_id triedRedirect isFreemail showWelcomeOnShare s token".split())
_OF_BEEHIIV = frozenset({"last_resource_guid"})


def _without(address: str, names: frozenset[str]) -> str:
    head, mark, rest = address.partition("?")
    query, hash_mark, fragment = rest.partition("#")
    kept = "&".join(one for one in query.split("&") if one.partition("=")[0] not in names)
    return head + (mark + kept if kept else "") + hash_mark + fragment


def split_address(address: str) -> SplitResult:
    """The parts of an address, as `urlsplit` has them. Where that raises ValueError (`https://[x/`), all is the path."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", address, "", "")


def joined_address(base: str, address: str) -> str:
    """`address` resolved against `base`, as `urljoin` does; unchanged where that raises ValueError."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _split(address: str) -> SplitResult | None:
    parts = split_address(address)
    return parts if parts.hostname else None


def _decoded(text: str) -> str:
    """The text that base64 encodes, with or without padding, in either alphabet; empty if there is none."""
    try:
        packed = text.strip().translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode()
    except (ValueError, binascii.Error):
        return ""
