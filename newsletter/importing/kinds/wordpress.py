"""WordPress' export (WXR), the XML file from Tools → Export."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.digits import unescape
from newsletter.errors import UsageError
from newsletter.importing.addresses import split_address
from newsletter.importing.base import Found, ImportNote, Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.kinds.wordpress_codes import RESTRICTING, Attachment, PostParts, rendered
from newsletter.importing.letters import ForeignLetter, file_finder, from_html
from newsletter.importing.moments import moment_of
from newsletter.importing.sources import EntryError
from newsletter.importing.xml import elements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource
    from newsletter.importing.xml import XmlElement

_SIGN = "http://wordpress.org/export/"
_WANTED = frozenset({"item", "wp:author", "title", "link", "description", "language", "wp:base_site_url"})


def _files(source: ImportSource) -> list[str]:
    return [
        name
        for name in source.names()
        if name.casefold().endswith((".xml", ".wxr")) and _SIGN in source.beginning(name, 8192)
    ]


def _recognises(source: ImportSource) -> bool:
    return bool(_files(source))


class _WordPressExport:
    """All files of an export. A file that is cut off is read up to the fault."""

    def __init__(self, source: ImportSource, names: list[str]) -> None:
        self.items: list[tuple[str, XmlElement]] = []
        self.attachments: dict[str, Attachment] = {}
        """By id."""
        self.patterns: dict[str, str] = {}
        """Blocks that several posts share, by id."""
        self.channel: dict[str, str] = {}
        self.authors: dict[str, dict[str, str]] = {}
        self.faults: list[Skipped] = []
        for name in names:
            try:
                content = source.read(name)
                text, _ = source.text(name)
                for element in elements(content, text, _WANTED):
                    self._take(name, element)
            except EntryError as error:
                self.faults.append(Skipped(name, str(error), fault=True))

    def _take(self, name: str, element: XmlElement) -> None:
        if element.name == "item":
            if element.first("wp:post_type") == "attachment":
                self.attachments[element.first("wp:post_id")] = Attachment(
                    element.first("wp:attachment_url"),
                    _meta(element).get("_wp_attachment_image_alt", ""),
                    unescape(re.sub(r"<[^>]*>", "", element.first("excerpt:encoded"))),
                )
            elif element.first("wp:post_type") == "wp_block":
                self.patterns[element.first("wp:post_id")] = element.first("content:encoded")
            else:
                self.items.append((name, element))
        elif element.name == "wp:author":
            login = element.first("wp:author_login")
            if login:
                shown_name = element.first("wp:author_display_name") or login
                self.authors[login] = {"name": unescape(shown_name)}
        else:
            self.channel.setdefault(element.name, element.text.strip())


def _meta(item: XmlElement) -> dict[str, str]:
    return {one.first("wp:meta_key"): one.first("wp:meta_value") for one in item.all("wp:postmeta")}


def _read(source: ImportSource) -> Found:
    names = _files(source) or [name for name in source.names() if name.casefold().endswith((".xml", ".wxr"))]
    export = _WordPressExport(source, names)
    if not export.items:
        reason = f": {export.faults[0].reason}" if export.faults else ""
        raise UsageError(
            f"{source.name} has no posts of WordPress{reason}", hint="Export again: Tools → Export → All content."
        )
    export.items.sort(
        key=lambda one: (one[1].first("wp:post_date_gmt") or one[1].first("wp:post_date"), one[1].first("wp:post_id"))
    )
    channel = export.channel
    return Found(
        _issues(source, export),
        total=len(export.items) + len(export.faults),
        title=unescape(channel.get("title", "")),
        description=unescape(channel.get("description", "")),
        url=channel.get("link", ""),
        language=channel.get("language", ""),
        authors=export.authors,
    )


def _issues(source: ImportSource, export: _WordPressExport) -> Iterator[ImportedIssue | Skipped]:
    yield from export.faults
    content_of = file_finder(source)
    for name, item in export.items:
        place = f"{name}:{item.first('wp:post_name') or item.first('wp:post_id')}"
        kind, status = item.first("wp:post_type"), item.first("wp:status")
        if kind not in {"post", "newsletter", "newsletterglue", "jetpack-newsletter"}:
            yield Skipped(place, f"it is not a post but has the type “{kind}”")
        elif status in {"trash", "auto-draft", "inherit"}:
            yield Skipped(place, "it is in the trash" if status == "trash" else f"its status is “{status}”")
        elif not item.first("content:encoded"):
            yield Skipped(place, "it has no text")
        else:
            notes: list[ImportNote] = []
            content = item.first("content:encoded")
            shown = PostParts(export.attachments, export.patterns, _meta(item).get("footnotes", ""))
            html = rendered(content, shown, place, notes)
            held = RESTRICTING.search(content)
            if held:
                message = f"the shortcode [{held[1]}] may hide text from some readers: it is a draft until you check it"
                notes.append(ImportNote(place, message, "changed"))
            letter = _letter(item, place, export, content_of, notes)
            yield from_html(replace(letter, draft=letter.draft or bool(held)), html)


def _letter(
    item: XmlElement, place: str, export: _WordPressExport, content_of: object, notes: list[ImportNote]
) -> ForeignLetter:
    meta = _meta(item)
    picture = export.attachments.get(meta.get("_thumbnail_id", ""), Attachment(""))
    link = item.first("link")
    login = item.first("dc:creator")
    status = item.first("wp:status")
    if item.first("wp:post_password"):
        notes.append(ImportNote(place, "it had a password; here it is a draft", "changed"))
    paid = meta.get("_jetpack_newsletter_access", "") == "paid_subscribers"
    categories = [one for one in item.all("category") if one.attributes.get("domain") in {"category", "post_tag"}]
    return ForeignLetter(
        place,
        title=unescape(item.first("title")),
        base=link,
        content_of=content_of,  # type: ignore[arg-type] # a function, from letters.file_finder
        paid=paid,
        cover=picture.address,
        cover_alt=picture.alt,
        cover_caption=picture.caption,
        date=_date(item),
        slug=item.first("wp:post_name"),
        id=item.first("guid"),
        summary=unescape(re.sub(r"<[^>]*>", "", item.first("excerpt:encoded"))),
        tags=tuple(unescape(one.text) for one in categories if one.attributes.get("nicename") != "uncategorized"),
        authors=(login,) if login in export.authors else (unescape(login),) if login else (),
        draft=status != "publish" or bool(item.first("wp:post_password")),
        former=(link,) if split_address(link).path.strip("/") else (),
        notes=tuple(notes),
    )


def _date(item: XmlElement) -> datetime | None:
    gmt = item.first("wp:post_date_gmt")
    if gmt and not gmt.startswith("0000"):
        return moment_of(f"{gmt} +0000")
    local = item.first("wp:post_date")
    return moment_of(local) if local and not local.startswith("0000") else moment_of(item.first("pubDate") or None)


KIND = Kind("wordpress", "a WordPress export", _recognises, _read)
