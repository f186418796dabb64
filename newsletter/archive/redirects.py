"""Redirects from old addresses of the site to current ones, for imported and renamed issues.

A redirect has a path of the site, and the path to which it leads. Any static host can serve it as a page
(`redirect_pages`). For hosts that read a file of redirects, and answer with status 301, see traces.py.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.config.site_paths import file_of, site_path
from newsletter.names import same_file_key
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = ["Redirect", "file_of", "former_redirects", "redirect_pages", "site_path", "written_path"]

_KEPT = "/!$()*+,=@:;&~"
"""The characters that stay as they are when a path is written as an address."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """One old address of the site."""

    old: str
    """The path below the site's address, as text (not percent-encoded), without a leading slash:
    `2024/01/31/ports.html`, `p/ports`.
    """
    new: str
    """The current path, in the same form: `ports/`."""
    title: str
    """The title of the issue at the current path, as link text for readers who are not redirected automatically."""
    language: str = ""
    """The language of the title (BCP 47)."""


def former_redirects(
    former: Iterable[tuple[Sequence[str], Redirect]], url: str, taken: Collection[str]
) -> tuple[Redirect, ...]:
    """A redirect for each usable former address.

    `former` has, for each issue, its former addresses and a redirect whose `old` is empty.

    `url` is the site's address. `taken` are the other files of the site, by path below it. An address is left out if it
    would be one of these files, the same file as an earlier redirect, or a file where a folder must be.
    """
    files = {same_file_key(name) for name in taken}
    folders = {above for name in files for above in _above(name)}
    found = []
    for addresses, redirect in former:
        for address in addresses:
            old = site_path(address, url)
            file = same_file_key(file_of(old))
            above = _above(file)
            if not old or file in files or file in folders or any(folder in files for folder in above):
                continue
            files.add(file)
            folders.update(above)
            found.append(Redirect(old, redirect.new, redirect.title, redirect.language))
    return tuple(found)


def _above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def redirect_pages(redirects: Iterable[Redirect], url: str) -> dict[str, bytes]:
    """A page for each redirect, by its path in the site.

    It redirects at once, and search engines use the new address.
    """
    return {file_of(redirect.old): _page(redirect, url).encode() for redirect in redirects}


def _page(redirect: Redirect, url: str) -> str:
    near = escape("../" * file_of(redirect.old).count("/") + written_path(redirect.new))
    far = escape(url.rstrip("/") + "/" + written_path(redirect.new))
    title = escape(redirect.title)
    language = f' lang="{escape(redirect.language)}"' if redirect.language else ""
    return (
        f'<!DOCTYPE html>\n<html{language}>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="robots" content="noindex">\n'
        f'<link rel="canonical" href="{far}">\n<meta http-equiv="refresh" content="0; url={near}">\n'
        f'</head>\n<body>\n<main><h1><a href="{near}">{title}</a></h1></main>\n</body>\n</html>\n'
    )


def written_path(path: str) -> str:
    """A path of the site, percent-encoded for an address."""
    return quote(path, safe=_KEPT)
