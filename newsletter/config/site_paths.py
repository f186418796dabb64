"""Paths of the web archive as addresses write them, and the files that serve them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsletter.names import composed, portable_name

if TYPE_CHECKING:
    from newsletter.model import YamlDocument

_LONGEST_PART = 200
"""Bytes of a part of a path: file systems take 255."""


def former_addresses(front: YamlDocument) -> list[str]:
    """The earlier addresses of an issue, from its front matter: one, or a list of them."""
    given = front.values.get("former")
    many = [front.text("former", at) for at in range(len(given))] if isinstance(given, list) else [front.text("former")]
    return [address for address in many if address]


def site_path(address: str, url: str) -> str:
    """The path on the site at `url` for a former address (`https://old.example/p/x`, `/p/x`); "" if there cannot be one.

    It is text, not percent-encoded, without a leading slash. The host of a former address does not matter: after a
    move, either the domain moves too, or the old one redirects path by path. If the site itself is at a path, that path
    is removed. Refused are paths for which not every system can write a file: `..`, control characters, devices of
    Windows, the home page.
    """
    try:
        path = composed(unquote(urlsplit(address.strip()).path, errors="strict"))
        below = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    path = path.removeprefix(below if below.endswith("/") else f"{below}/").lstrip("/")
    parts = path.removesuffix("/").split("/")
    if any(portable_name(part) != part or len(part.encode()) > _LONGEST_PART for part in parts):
        return ""
    return path if path.isprintable() else ""


def file_of(path: str) -> str:
    """The file that a static host serves for a path of the site.

    `p/x` and `p/x/` are served from `p/x/index.html`, `x.html` from the file itself.
    """
    if path.lower().endswith((".html", ".htm")):
        return path
    return f"{path.removesuffix('/')}/index.html" if path else "index.html"
