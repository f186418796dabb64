"""Ghost's export: one JSON file (`{"db": [{"data": {"posts": […]}}]}`), alone or in a zip with `content/images/`."""

from __future__ import annotations

import json
import re
from html import escape
from itertools import chain
from typing import TYPE_CHECKING, Any

from newsletter.errors import UsageError
from newsletter.importing.base import Found, ImportNote, Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.kinds.ghost_editors import html_of_lexical, html_of_mobiledoc
from newsletter.importing.letters import ForeignLetter, broken_records, file_finder, from_html, json_of, records, texts
from newsletter.importing.moments import moment_of
from newsletter.importing.sources import EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

_SITE = "__GHOST_URL__"
"""The placeholder for the address of the site in an export."""


def _candidates(source: ImportSource) -> list[str]:
    return [name for name in source.names() if name.endswith(".json") and name.count("/") <= 3]


def _recognises(source: ImportSource) -> bool:
    for name in _candidates(source)[:50]:
        start = source.beginning(name, 20_000).replace(" ", "").replace("\n", "")
        if (
            '"db":[{"meta"' in start
            or ('"db":[{"data"' in start and '"posts"' in start)
            or ('"exported_on"' in start and '"version"' in start)
        ):
            return True
    return False


def _read(source: ImportSource) -> Found:
    reasons: list[str] = []
    for name in _candidates(source):
        try:
            data = _data(json_of(source, name))
        except EntryError as error:
            reasons.append(f"{name}: {error}")
            continue
        if data is not None:
            return _found(source, name, data)
    details = f" ({'; '.join(reasons[:3])})" if reasons else ""
    raise UsageError(
        f"{source.name} has no export of Ghost that can be read{details}",
        hint="Export again: Settings → Import/Export.",
    )


def _data(content: object) -> Mapping[str, Any] | None:
    """The database tables in an export, or None if it has no posts."""
    if not isinstance(content, dict):
        return None
    inner = records(content.get("db"))
    data = inner[0].get("data") if inner else content.get("data", content)
    return data if isinstance(data, dict) and isinstance(data.get("posts"), list) else None


class _GhostTables:
    """The tables of an export, indexed by id."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.tags = {
            texts(one.get("id")): texts(one.get("name"))
            for one in records(data.get("tags"))
            if texts(one.get("visibility")) != "internal"
        }
        self.users = {texts(one.get("id")): one for one in records(data.get("users"))}
        self.meta = {texts(one.get("post_id")): one for one in records(data.get("posts_meta"))}
        self.tags_of = self._joined(data.get("posts_tags"), "tag_id")
        self.authors_of = self._joined(data.get("posts_authors"), "author_id")
        self.settings = {texts(one.get("key")): texts(one.get("value")) for one in records(data.get("settings"))}

    def _joined(self, rows: object, column: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in sorted(records(rows), key=lambda row: texts(row.get("sort_order")).zfill(6)):
            found.setdefault(texts(row.get("post_id")), []).append(texts(row.get(column)))
        return found


def _found(source: ImportSource, name: str, data: Mapping[str, Any]) -> Found:
    tables = _GhostTables(data)
    posts = sorted(
        records(data.get("posts")),
        key=lambda post: (texts(post.get("published_at")) or texts(post.get("created_at")), texts(post.get("id"))),
    )
    settings = tables.settings
    authors = {
        texts(user.get("slug")): {
            key: value
            for key, value in (
                ("name", texts(user.get("name"))),
                ("url", texts(user.get("website"))),
                ("bio", texts(user.get("bio"))),
            )
            if value
        }
        for user in tables.users.values()
        if texts(user.get("slug")) and texts(user.get("name"))
    }
    broken = broken_records(data.get("posts"), name)
    return Found(
        chain(broken, _issues(source, name, posts, tables)),
        total=len(posts) + len(broken),
        title=settings.get("title", ""),
        description=settings.get("description", ""),
        language=settings.get("locale", "") or settings.get("lang", "") or settings.get("default_locale", ""),
        timezone=settings.get("timezone", "") or settings.get("active_timezone", ""),
        authors=authors,
    )


def _issues(
    source: ImportSource, name: str, posts: list[Mapping[str, object]], tables: _GhostTables
) -> Iterator[ImportedIssue | Skipped]:
    content_of = file_finder(source, name.rpartition("/")[0])
    for post in posts:
        place = f"{name}:{texts(post.get('slug')) or texts(post.get('id'))}"
        if texts(post.get("type")) == "page" or post.get("page") in (1, True):
            yield Skipped(place, "it is a page of the site, not a post")
            continue
        html, notes = _html(post, place)
        if not html:
            yield Skipped(place, "the export does not have its text")
            continue
        html = _FIELD.sub(_field, html.replace(f"{_SITE}/", "/").replace(_SITE, "/"))
        yield from_html(_letter(post, place, tables, content_of, notes), html)


_FIELD = re.compile(
    r"(?<!\{)\{(first_name|name|email)(?:,\s*(?:\"|&quot;|“)([^\"{}&<>”]{0,100})(?:\"|&quot;|”))?\}(?!\})"
)


def _field(found: re.Match[str]) -> str:
    """Ghost's `{first_name, "there"}` as a personal field of this tool."""
    name = "first_name" if found[1] == "name" else found[1]
    return f"{{{{ {name} | {found[2]} }}}}" if found[2] else f"{{{{ {name} }}}}"


def _html(post: Mapping[str, object], place: str) -> tuple[str, list[ImportNote]]:
    """The HTML of a post, and notes.

    It is the rendered HTML if there is any, otherwise made from the editor's format or the plain text.
    """
    notes: list[ImportNote] = []

    def report(card: str) -> None:
        notes.append(ImportNote(place, f"a card of the kind “{card}” has no equivalent", "left out"))

    if html := texts(post.get("html")):
        return html, notes
    for column, reader in (("lexical", html_of_lexical), ("mobiledoc", html_of_mobiledoc)):
        if written := texts(post.get(column)):
            try:
                return reader(json.loads(written), report), notes
            except (ValueError, RecursionError):
                notes.append(ImportNote(place, f"its {column} cannot be read", "lost"))
    if words := texts(post.get("plaintext")):
        return "".join(f"<p>{escape(part)}</p>" for part in words.split("\n\n")), notes
    return "", notes


def _letter(
    post: Mapping[str, object], place: str, tables: _GhostTables, content_of: Any, notes: list[ImportNote]
) -> ForeignLetter:
    meta = tables.meta.get(texts(post.get("id")), {})
    key = texts(post.get("id"))
    visibility = texts(post.get("visibility"))
    if visibility == "members":
        notes.append(ImportNote(place, "it was for members only; here everyone can read it on the web", "changed"))
    slug = texts(post.get("slug"))
    canonical = texts(post.get("canonical_url"))
    authors = tables.authors_of.get(key) or [texts(post.get("author_id"))]
    return ForeignLetter(
        place,
        title=texts(post.get("title")) if texts(post.get("title")) != "(Untitled)" else "",
        content_of=content_of,
        paid=visibility in {"paid", "tiers"},
        cover=texts(post.get("feature_image")).replace(_SITE, ""),
        cover_alt=texts(meta.get("feature_image_alt")),
        cover_caption=texts(meta.get("feature_image_caption")),
        date=moment_of(texts(post.get("published_at")) or texts(post.get("created_at")) or None),
        slug=slug,
        id=key,  # as in Ghost's feed
        summary=texts(post.get("custom_excerpt")),
        tags=tuple(
            tables.tags[tag]
            for tag in tables.tags_of.get(key, ())
            if tag in tables.tags and not tables.tags[tag].startswith("#")
        ),
        authors=tuple(texts(tables.users[one].get("slug")) for one in authors if one in tables.users),
        language=texts(post.get("locale")),
        draft=texts(post.get("status")) not in {"published", "sent"},
        canonical=canonical if canonical.startswith("http") else "",
        former=(f"/{slug}/",) if slug else (),
        notes=tuple(notes),
    )


KIND = Kind("ghost", "a Ghost export", _recognises, _read)
