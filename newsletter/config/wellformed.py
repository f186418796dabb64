"""Checks the form of texts in a configuration: addresses, languages, time zones, colours, files.

Each function returns None for a well-formed text, otherwise a Flaw. None of them uses the network.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from newsletter.late import late
from newsletter.suggest import closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOST = re.compile(r"(?=.{1,253}$)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)*\.?")
_IP = re.compile(r"[0-9A-Fa-f:.]{2,45}")
"""The rough shape of an IP address. A wrong one belongs to no server."""
_LONGEST_LABEL = 63
"""The longest part of a host's name, in characters (RFC 1035 §2.3.4)."""
EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}@(?P<host>[^\s@]+)")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}"  # The language, with extensions of ISO 639-3. No longer one was ever registered.
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"  # Script and region.
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)
"""RFC 5646 §2.1, without the grandfathered tags."""
ENTITY = late(
    r"(?:[a-z0-9_.-]+@)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
    r",[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?",
    re.ASCII,
)
"""RFC 4151 §2.1 (taggingEntity), in lower case as the standard recommends."""
ADDRESS_FORMS = ("formal", "informal")
"""The forms in which readers can be addressed: *vous* and *tu*, *Sie* and *du*, 您 and 你."""
_ZONE = 0.75
"""The least similarity (0 to 1) at which a text counts as a typo of a time zone's name."""


class Flaw(NamedTuple):
    """Why a text is not well formed."""

    problem: str
    """The text after the name of the key: `is not a web address`."""
    advice: str


def web_address_flaw(value: str) -> Flaw | None:
    """The problem with a web address; None for an absolute http(s) address that needs no change in an email."""
    flaw = Flaw("is not a web address", "Write it in full, as in https://letters.example/subscribe.")
    if re.search(r"[\s<>\"\\^`{|}\x00-\x20\x7f]", value):
        return Flaw("is not a web address", "Write special characters percent-encoded: a space is %20.")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return flaw
    host = parts.hostname or ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return flaw
    if parts.scheme not in ("http", "https") or not (_HOST.fullmatch(host) or (":" in host and "[" in parts.netloc)):
        return flaw
    if parts.username is not None:
        return Flaw("has a user name or password in it", "Remove it: every reader would see it.")
    return None


def plain_address(value: str) -> str:
    """A well-formed web address in ASCII: the host as IDNA, the rest percent-encoded.

    Any other text is returned unchanged.
    """
    if value.isascii():
        return value
    parts = urlsplit(value)
    try:
        host = (parts.hostname or "").encode("idna").decode()
    except UnicodeError:
        return value
    port = f":{parts.port}" if parts.port else ""
    path, query, anchor = (
        quote(part, safe="/?:@!$&'()*+,;=%~-._") for part in (parts.path, parts.query, parts.fragment)
    )
    return urlunsplit((parts.scheme, host + port, path, query, anchor))


def email_flaw(value: str) -> Flaw | None:
    """The problem with an email address; None for one plain addr-spec (RFC 5322) without quoted local parts."""
    match = EMAIL.fullmatch(value)
    # `=?` begins an encoded word. Email clients decode it in an address, too, where it is not allowed (RFC 2047 §5).
    if match and _HOST.fullmatch(match["host"]) and not re.search(r"^\.|\.\.|\.@|=\?", value):
        labels = [
            label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
            for label in match["host"].split(".")
        ]
        if max(map(len, labels)) > _LONGEST_LABEL:
            advice = (
                f"Each part of it can have at most {_LONGEST_LABEL} characters when written in ASCII, as in the email."
            )
            return Flaw("is at a host whose name is too long", advice)
        return None
    return Flaw("is not an email address", "Write the address alone, as in letters@letters.example.")


def host_flaw(value: str) -> Flaw | None:
    """The problem with a host; None for a name or an IP address alone."""
    if _HOST.fullmatch(value) or _IP.fullmatch(value):
        return None
    advice = "Write its name alone, as in mail.letters.example: no scheme, no port and no path."
    return Flaw("is not a host name", advice)


def language_flaw(value: str) -> Flaw | None:
    """The problem with a language tag; None if it is well-formed (BCP 47)."""
    if LANGUAGE.fullmatch(value):
        return None
    advice = "Write a tag such as en, nl, pt-BR or zh-Hant."
    if LANGUAGE.fullmatch(value.replace("_", "-")):
        advice = f"Write {value.replace('_', '-')}."
    return Flaw("is not a language tag", advice)


def timezone_flaw(value: str) -> Flaw | None:
    """The problem with a time zone; None if the IANA database has it."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if value == "UTC":
        return None
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Flaw("is not a time zone", _zones_like(value))
    return None


def _zones_like(value: str) -> str:
    from zoneinfo import available_timezones

    zones = sorted(available_timezones(), key=lambda zone: ("/" in zone, zone))
    cities: dict[str, str] = {}
    for zone in zones:
        cities.setdefault(zone.rpartition("/")[2], zone)
    wanted = value.replace(" ", "_")
    close = closest(wanted, zones, cutoff=_ZONE)
    if not close:
        close = cities.get(closest(wanted.rpartition("/")[2], cities, cutoff=_ZONE), "")
    return f"Did you mean {close}?" if close else "Write its IANA name, as in Europe/Amsterdam."


def colour_flaw(value: str) -> Flaw | None:
    """The problem with a colour; None for `#rrggbb`, which every email client supports."""
    if COLOUR.fullmatch(value):
        return None
    if short := re.fullmatch(r"#([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])", value):
        return Flaw("is not a colour of six digits", f'Write "#{"".join(digit * 2 for digit in short.groups())}".')
    if re.fullmatch("[0-9a-fA-F]{6}", value):
        return Flaw("is not a colour", f'Write "#{value}", in quotes.')
    return Flaw("is not a colour", 'Write six hexadecimal digits in quotes, as in "#a6341b".')


def local_file_flaw(value: str) -> Flaw | None:
    """The problem with the path of a file; None if it can name a file inside its base folder."""
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", value):
        return Flaw("is an address, not a file", "Keep a copy in the workspace and write its path.")
    if value.startswith("/") or ".." in value.split("/") or "\x00" in value:
        return Flaw("leads out of the workspace", "Keep a copy in the workspace and write its path.")
    if "\\" in value:
        return Flaw("has a backslash in it", f"Write {value.replace(chr(92), '/')}.")
    return None


def tag_entity_flaw(value: str) -> Flaw | None:
    """The problem with a tagging entity (RFC 4151); None for a domain and a date on which the publication had it."""
    if ENTITY.fullmatch(value):
        return None
    return Flaw(
        "is not a domain with a date", "Write a domain and a year in which it was yours, as in letters.example,2024."
    )


def choice_flaw(value: str, choices: Sequence[str]) -> Flaw | None:
    """The problem with `value`, an entry of a list; None if it is one of `choices`."""
    if value in choices:
        return None
    listed = ", ".join(f"`{choice}`" for choice in choices)
    return Flaw("is not one of the choices", did_you_mean(value, choices, f"Write any of {listed}."))
