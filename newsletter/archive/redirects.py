"""Old addresses of the site that lead to where an issue stands now: for issues from elsewhere, and for renamed ones.

A redirect is a path of the site and the path it leads to. Any static host can serve it as a page (`redirect_pages`); the hosts
that read a file of redirects answer with status 301 (`redirects_file`, in the form of Netlify and Cloudflare Pages).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEPT = "/!$()*+,=@:;&~"
"""What stays as it is in a path that is written as an address."""
_LONGEST_PART = 200
"""Bytes of a part of a path: file systems take 255."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """One old address of the site."""

    old: str
    """Path below the site's address, as text (not percent-encoded), without a leading slash: `2024/01/31/ports.html`, `p/ports`."""
    new: str
    """The same of where it leads: `ports/`."""


def site_path(address: str, url: str) -> str:
    """The `old` of a Redirect from a former address, `https://old.example/p/x` or `/p/x`; "" where it cannot be one.

    The host of a former address says nothing: whoever moves a site moves its domain, or has the old one redirect path by path.
    Where the site itself stands below a path (`url`), that is taken off. Refused is what no file can be written for: `..`,
    control characters, parts over 200 bytes, the home page.
    """
    try:
        path = unquote(urlsplit(address.strip()).path, errors="strict")
        below = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    path = path.removeprefix(below if below.endswith("/") else f"{below}/").lstrip("/")
    parts = path.removesuffix("/").split("/")
    if any(part in ("", ".", "..") or part.startswith(".") or len(part.encode()) > _LONGEST_PART for part in parts):
        return ""
    if any(not char.isprintable() or char in '\\:*?"<>|' for char in path):
        return ""
    return path


def file_of(path: str) -> str:
    """The file that a static host serves for a path of the site: `p/x` and `p/x/` are `p/x/index.html`, `x.html` is itself."""
    if path.lower().endswith((".html", ".htm")):
        return path
    return f"{path.removesuffix('/')}/index.html" if path else "index.html"


def redirect_pages(redirects: Iterable[Redirect], url: str, words: str) -> dict[str, bytes]:
    """A page for each redirect, by its file below the site: it leads on at once, and search engines take the new address.

    `url` is the site's address; `words` are the text of the link for those whom nothing leads on.
    """
    return {file_of(redirect.old): _page(redirect, url, words).encode() for redirect in redirects}


def _page(redirect: Redirect, url: str, words: str) -> str:
    depth = file_of(redirect.old).count("/")
    near = escape("../" * depth + _written(redirect.new))
    far = escape(url.rstrip("/") + "/" + _written(redirect.new))
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{escape(words)}</title>\n'
        f'<link rel="canonical" href="{far}">\n<meta name="robots" content="noindex">\n'
        f'<meta http-equiv="refresh" content="0; url={near}">\n</head>\n<body>\n<p><a href="{near}">{escape(words)}</a></p>\n'
        "</body>\n</html>\n"
    )


def redirects_file(redirects: Iterable[Redirect], url: str) -> bytes:
    """The lines of a `_redirects` file: old path, new path, status (docs.netlify.com/manage/routing/redirects/overview)."""
    below = urlsplit(url).path.rstrip("/")
    lines = (f"{below}/{_written(one.old)} {below}/{_written(one.new)} 301\n" for one in redirects)
    return "".join(sorted(set(lines))).encode()


def _written(path: str) -> str:
    return quote(path, safe=_KEPT)
