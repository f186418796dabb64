"""Saved web pages: HTML files, with the folders of pictures that browsers put beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.digits import unescape
from newsletter.errors import UsageError
from newsletter.importing.addresses import split_address
from newsletter.importing.base import Found, Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.letters import ForeignLetter, file_finder, from_html
from newsletter.importing.moments import day_in, moment_of
from newsletter.importing.sources import EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

_ENDINGS = (".html", ".htm", ".xhtml")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|table)\b", re.IGNORECASE)
_HEAD = 400_000
"""The length of the beginning of a page, in characters, that is searched for metadata."""


def _files(source: ImportSource) -> list[str]:
    names = [name for name in source.names() if name.casefold().endswith(_ENDINGS)]
    pages = [name for name in names if not re.search(r"(?:_files|\.files|_fichiers|-Dateien)/", name)]
    if pages or source.is_folder:
        return pages
    return [name for name in source.names() if _HTML.match(source.beginning(name).lstrip("\ufeff \n\t"))]


def _recognises(source: ImportSource) -> bool:
    return bool(_files(source))


def _read(source: ImportSource) -> Found:
    names = _files(source)
    if not names:
        raise UsageError(
            f"{source.name} has no web pages", hint="Save a page as “complete”, and name its file or the folder."
        )
    return Found(_issues(source, names), total=len(names))


def _issues(source: ImportSource, names: list[str]) -> Iterator[ImportedIssue | Skipped]:
    for name in names:
        try:
            html, notes = source.text(name)
        except EntryError as error:
            yield Skipped(name, str(error), fault=True)
            continue
        metadata = metadata_of(html[:_HEAD])
        stem = name.rpartition("/")[2].rpartition(".")[0]
        day, rest = day_in(stem)
        address = metadata.get("canonical", "") or metadata.get("og:url", "")
        yield from_html(
            ForeignLetter(
                name,
                title=_title(metadata),
                base=address,
                content_of=file_finder(source, name.rpartition("/")[0]),
                whole_page=True,
                cover=metadata.get("og:image", ""),
                cover_alt=metadata.get("og:image:alt", ""),
                date=_date(metadata) or moment_of(day),
                slug=_slug(address) or (rest if stem != "index" else name.split("/")[-2] if "/" in name else ""),
                summary=metadata.get("description", "") or metadata.get("og:description", ""),
                authors=tuple(filter(None, (metadata.get("author", ""),))),
                language=metadata.get("lang", ""),
                former=(address,) if split_address(address).path.strip("/") else (),
                notes=notes,
            ),
            html,
        )


_META = re.compile(r"<meta\b([^>]{1,2000})>", re.IGNORECASE)
_LINK = re.compile(r"<link\b([^>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_WANTED = frozenset(
    "description author og:title og:url og:image og:image:alt og:description og:site_name article:published_time article:author date dc.date "
    "dcterms.created twitter:title parsely-pub-date sailthru.date".split()
)


def metadata_of(html: str) -> dict[str, str]:
    """The metadata of a page, by name.

    Names are those of `<meta>`, and `title`, `canonical`, `lang`, `time`, `datePublished`.
    """
    found: dict[str, str] = {}
    for tag in _META.finditer(html):
        given = _attributes(tag[1])
        name = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
        if name in _WANTED and given.get("content"):
            found.setdefault(name, " ".join(given["content"].split())[:2000])
    for tag in _LINK.finditer(html):
        given = _attributes(tag[1])
        if given.get("rel", "").lower() == "canonical" and given.get("href", "").startswith("http"):
            found.setdefault("canonical", given["href"])
    if title := re.search(r"<title[^>]{0,200}>([^<]{1,1000})</title", html, re.IGNORECASE):
        found["title"] = " ".join(unescape(title[1]).split())
    if language := re.search(
        r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)", html, re.IGNORECASE
    ):
        found["lang"] = language[1]
    if moment := re.search(r"<time\b[^>]{0,500}?\bdatetime\s*=\s*[\"']([^\"']{4,40})[\"']", html, re.IGNORECASE):
        found["time"] = moment[1]
    if published := re.search(r'"datePublished"\s*:\s*"([^"]{4,40})"', html):
        found["datePublished"] = published[1]
    return found


def _attributes(text: str) -> dict[str, str]:
    return {found[1].lower(): unescape(found[2] or found[3] or found[4] or "") for found in _ATTRIBUTE.finditer(text)}


def _title(metadata: dict[str, str]) -> str:
    """The title of a page, without the name of the site."""
    if title := metadata.get("og:title") or metadata.get("twitter:title"):
        return title
    title, site = metadata.get("title", ""), metadata.get("og:site_name", "")
    if "*|" in title:
        return ""
    bare = re.sub(rf"\s*[|–—·:-]\s*{re.escape(site)}\s*$", "", title) if site else title
    return bare or title


def _date(metadata: dict[str, str]) -> datetime | None:
    for name in (
        "article:published_time",
        "datePublished",
        "parsely-pub-date",
        "sailthru.date",
        "dcterms.created",
        "dc.date",
        "date",
        "time",
    ):
        if name in metadata and (moment := moment_of(metadata[name])):
            return moment
    return None


def _slug(address: str) -> str:
    last = split_address(address).path.rstrip("/").rpartition("/")[2]
    last = re.sub(r"\.(?:html?|php)$", "", last)
    return last if re.search(r"[^\W\d_]", last) and last != "index" else ""


KIND = Kind("page", "saved web pages", _recognises, _read)
