"""A link checker for a folder that a web server serves: every link of its files to the same site must have a target."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

ADDRESSES = {"href", "src", "srcset", "action", "poster", "content"}


class Page(HTMLParser):
    """The links of a page, and its anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids |= {values["id"]} if "id" in values else set()
        if tag == "meta" and values.get("property") not in {"og:url", "og:image"}:
            return
        for name in ADDRESSES & values.keys():
            found = [part.split()[0] for part in values[name].split(",")] if name == "srcset" else [values[name]]
            self.addresses += found


@cache
def read(path: Path) -> Page:
    """A page, parsed once."""
    return Page(path.read_text(encoding="utf-8"))


def broken_links(public: Path, base: str) -> list[str]:
    """`page -> address` for each broken link within the site. `base` is the address at which `public` is served."""
    found = []
    for path in sorted(public.rglob("*.html")):
        here = urljoin(base, path.relative_to(public).as_posix())
        found += [
            f"{path.relative_to(public)} -> {address}"
            for address in dict.fromkeys(read(path).addresses)
            if not leads_somewhere(urljoin(here, address), public, base)
        ]
    return found


def leads_somewhere(address: str, public: Path, base: str) -> bool:
    """Whether an absolute address is that of a file and of an anchor in it.

    Addresses of other sites are assumed to work.
    """
    whole, anchor = urldefrag(address)
    if not whole.startswith(base):
        same_host = urlsplit(whole).netloc == urlsplit(base).netloc
        return not same_host
    name = unquote(urlsplit(whole[len(base) :]).path)
    path = public / (f"{name}index.html" if not name or name.endswith("/") else name)
    if not path.is_file():
        return False
    return not anchor or path.suffix != ".html" or unquote(anchor) in read(path).ids
