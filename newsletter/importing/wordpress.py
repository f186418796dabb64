"""WordPress' export (WXR): the XML of Tools → Export."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.errors import UsageError
from newsletter.importing.base import Found, ImportNote, Skipped
from newsletter.importing.kinds import Kind
from newsletter.importing.letters import ForeignLetter, file_behind, from_html
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
    """All files of an export; each is read to its end or to where it is cut off."""

    def __init__(self, source: ImportSource, names: list[str]) -> None:
        self.items: list[tuple[str, XmlElement]] = []
        self.attachments: dict[str, tuple[str, str]] = {}
        """id -> address and alternative text."""
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
                alt = _meta(element).get("_wp_attachment_image_alt", "")
                self.attachments[element.first("wp:post_id")] = (element.first("wp:attachment_url"), alt)
            else:
                self.items.append((name, element))
        elif element.name == "wp:author":
            login = element.first("wp:author_login")
            if login:
                said = element.first("wp:author_display_name") or login
                self.authors[login] = {"name": unescape(said)}
        else:
            self.channel.setdefault(element.name, element.text.strip())


def _meta(item: XmlElement) -> dict[str, str]:
    return {one.first("wp:meta_key"): one.first("wp:meta_value") for one in item.all("wp:postmeta")}


def _read(source: ImportSource) -> Found:
    names = _files(source) or [name for name in source.names() if name.casefold().endswith((".xml", ".wxr"))]
    export = _WordPressExport(source, names)
    if not export.items:
        said = f": {export.faults[0].reason}" if export.faults else ""
        raise UsageError(
            f"{source.name} has no posts of WordPress{said}", hint="Export again: Tools → Export → All content."
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
    content_of = file_behind(source)
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
            html = with_shortcodes(content, place, notes)
            held = _HOLDING.search(content)
            if held:
                said = f"the shortcode [{held[1]}] may hide text from some readers: it is a draft until you check it"
                notes.append(ImportNote(place, said, "changed"))
            letter = _letter(item, place, export, content_of, notes)
            yield from_html(replace(letter, draft=letter.draft or bool(held)), html)


def _letter(
    item: XmlElement, place: str, export: _WordPressExport, content_of: object, notes: list[ImportNote]
) -> ForeignLetter:
    meta = _meta(item)
    picture, alt = export.attachments.get(meta.get("_thumbnail_id", ""), ("", ""))
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
        content_of=content_of,  # type: ignore[arg-type] # a function, from letters.file_behind
        paid=paid,
        cover=picture,
        cover_alt=alt,
        date=_date(item),
        slug=item.first("wp:post_name"),
        id=item.first("guid"),
        summary=unescape(re.sub(r"<[^>]*>", "", item.first("excerpt:encoded"))),
        tags=tuple(unescape(one.text) for one in categories if one.attributes.get("nicename") != "uncategorized"),
        authors=(login,) if login in export.authors else (unescape(login),) if login else (),
        draft=status != "publish" or bool(item.first("wp:post_password")),
        former=(link,) if urlsplit(link).path.strip("/") else (),
        notes=tuple(notes),
    )


def _date(item: XmlElement) -> datetime | None:
    gmt = item.first("wp:post_date_gmt")
    if gmt and not gmt.startswith("0000"):
        return moment_of(f"{gmt} +0000")
    local = item.first("wp:post_date")
    return moment_of(local) if local and not local.startswith("0000") else moment_of(item.first("pubDate") or None)


# ── What WordPress makes of a post when it shows it ───────────────────────────────────────────────────────────────────

_CODE = r"\[{0}(?P<given>[^\[\]]*)\](?P<inner>.*?)\[/{0}\]"
_CAPTION = re.compile(_CODE.format("(?:wp_)?caption"), re.DOTALL)
_EMBED = re.compile(r"\[embed[^\[\]]*\]\s*(https?://[^\s\[\]]+)\s*\[/embed\]")
_PLAYER = re.compile(r"\[(audio|video)\b([^\[\]]*)\](?:\[/\1\])?")
_ADDRESS = re.compile(r"""(?:src|mp3|m4a|ogg|mp4|url)\s*=\s*["']?(https?://[^\s"'\]]+)""")
_OTHER = re.compile(r"\[/?([a-z][a-z0-9_-]{2,40})(?:\s[^\[\]]{0,500}|/)?\]")
_HOLDING = re.compile(
    r"\[(\w*(?:member|restrict|private|premium|paid|paywall|subscriber|protect|locker|wlm_|s2if|mepr)\w*)(?:[\s-][^\[\]]{0,500})?\]",
    re.IGNORECASE,
)
"""Shortcodes of plugins that show text to those alone who pay or have signed in."""
_NO_CODES = frozenset("sic note http https".split())
_BLOCK = re.compile(r"<(?:p|div|h[1-6]|ul|ol|blockquote|figure|table|pre)\b|<!-- wp:", re.IGNORECASE)
_LONE_ADDRESS = re.compile(r"^[ \t]*(https?://[^\s<>]+)[ \t]*$", re.MULTILINE)


def with_shortcodes(html: str, place: str, notes: list[ImportNote]) -> str:
    """The text of a post with WordPress' own shortcodes resolved, and with the paragraphs that blank lines mean."""

    def caption(found: re.Match[str]) -> str:
        picture = re.match(r"\s*((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)", found["inner"], re.DOTALL)
        said = re.search(r"caption\s*=\s*\"([^\"]*)\"", found["given"])
        words = (picture[2].strip() if picture else "") or (said[1] if said else "")
        return f"\n\n<figure>{picture[1] if picture else found['inner']}<figcaption>{words}</figcaption></figure>\n\n"

    def player(found: re.Match[str]) -> str:
        address = _ADDRESS.search(found[2])
        return f'<{found[1]} src="{escape(address[1])}"></{found[1]}>' if address else found[0]

    html = _CAPTION.sub(caption, html)
    html = _EMBED.sub(lambda found: f'\n\n<p><a href="{escape(found[1])}">{escape(found[1])}</a></p>\n\n', html)
    html = _PLAYER.sub(player, html)
    html = _LONE_ADDRESS.sub(lambda found: f'<p><a href="{escape(found[1])}">{escape(found[1])}</a></p>', html)
    others = dict.fromkeys(found[1] for found in _OTHER.finditer(html))
    notes += [
        ImportNote(place, f"the shortcode [{name}] has no equivalent and stays as text", "kept")
        for name in others
        if name not in _NO_CODES
    ]
    return (
        html if len(_BLOCK.findall(html)) > html.count("\n\n") // 2 and _BLOCK.search(html) else with_paragraphs(html)
    )


def with_paragraphs(html: str) -> str:
    """Does what WordPress' `wpautop` does: blank lines separate paragraphs, other line ends are breaks."""
    pieces = re.split(r"\n[ \t]*\n\s*", html.strip())
    return "\n".join(
        piece
        if re.match(r"\s*</?(?:p|div|h[1-6]|ul|ol|li|blockquote|figure|table|pre|hr|iframe)\b", piece, re.IGNORECASE)
        else f"<p>{piece.replace(chr(10), '<br>' + chr(10))}</p>"
        for piece in pieces
        if piece.strip()
    )


KIND = Kind("wordpress", "a WordPress export", _recognises, _read)
