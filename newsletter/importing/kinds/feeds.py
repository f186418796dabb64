"""A feed in a file: RSS and Atom, parsed by feedparser, and JSON Feed (jsonfeed.org), parsed here."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from newsletter.digits import unescape
from newsletter.errors import UsageError
from newsletter.importing.addresses import split_address
from newsletter.importing.base import Found, ImportNote, Skipped
from newsletter.importing.html.converting import is_html
from newsletter.importing.kind import Kind
from newsletter.importing.letters import ForeignLetter, broken_records, from_html_at_all, json_of, records, texts, words
from newsletter.importing.moments import moment_of
from newsletter.importing.sources import AGAIN, EntryError
from newsletter.importing.xml import sound_references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.importing.sources import ImportSource

MOST_ENTRIES = 50_000
_ROOTS = re.compile(r"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_JSON_FEED = "jsonfeed.org/version"
_SHORT = 600
"""The length in characters below which a summary may be only the beginning of a text."""


def _files(source: ImportSource) -> list[str]:
    names = [
        name
        for name in source.names()
        if name.casefold().endswith((".xml", ".rss", ".atom", ".rdf", ".json")) or not source.is_folder
    ]
    return [
        name for name in names[:200] if _ROOTS.search(source.beginning(name)) or (_JSON_FEED in source.beginning(name))
    ]


def _recognises(source: ImportSource) -> bool:
    return bool(_files(source))


def _read(source: ImportSource) -> Found:
    names = _files(source)
    if not names:
        raise UsageError(
            f"{source.name} is not an RSS, Atom or JSON feed", hint="Download the feed to a file, and name that file."
        )
    best = _fullest(source, names)
    try:
        return _json(source, best) if _JSON_FEED in source.beginning(best) else _xml(source, best)
    except EntryError as error:
        raise UsageError(f"{best} cannot be read: {error}", hint=AGAIN) from error


def _fullest(source: ImportSource, names: list[str]) -> str:
    """The largest of several feeds of one publication."""

    def size(name: str) -> int:
        try:
            return source.size(name)
        except EntryError:
            return 0

    return max(names, key=size)


def _xml(source: ImportSource, name: str) -> Found:
    parsed, notes = _parsed(source, name)
    if not parsed.entries:
        why = f": {str(parsed.get('bozo_exception', ''))[:120]}" if parsed.get("bozo") else ""
        raise EntryError(f"it has no entries{why}")
    faults = list(_faults(name, parsed))
    entries = parsed.entries[:MOST_ENTRIES]
    feed = parsed.feed
    author = feed.get("author_detail") or {}
    ordered = sorted(enumerate(entries), key=lambda one: (_moment_key(one[1]), -one[0]))
    return Found(
        from_html_at_all(source, [*faults, *_letters(name, [entry for _, entry in ordered], feed)]),
        total=len(entries) + len(faults),
        title=_unescaped(feed.get("title", "")),
        description=_unescaped(feed.get("subtitle", "")),
        url=str(feed.get("link", "")),
        language=str(feed.get("language", "")),
        sender=_unescaped(author.get("name", "")),
        email=str(author.get("email", "")),
        notes=notes,
    )


def _parsed(source: ImportSource, name: str) -> tuple[Any, tuple[ImportNote, ...]]:
    """The feed as parsed by feedparser, and the notes about its text.

    Raises EntryError if the feed declares entities.
    """
    import io
    import warnings

    content = source.read(name)
    if re.search(rb"<!(?:DOCTYPE[^>]*\[|ENTITY)", content[:1_000_000], re.IGNORECASE):
        raise EntryError("it declares entities, which feeds do not need")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import feedparser

        text, notes = source.text(name)
        plain = sound_references(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
        # As bytes, because feedparser may take a string for an address or the name of a file. On a line of its own,
        # because feedparser takes the last charset on the line of the declaration, even one in the text of an entry.
        parsed = feedparser.parse(
            io.BytesIO(_DECLARATION + plain.encode("utf-8", errors="replace")),
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    return parsed, notes


def _faults(name: str, parsed: Any) -> Iterator[Skipped]:
    """An entry for each part of the feed that is damaged or is not imported."""
    if parsed.get("bozo") and not isinstance(parsed.get("bozo_exception"), UnicodeError):
        line = getattr(parsed["bozo_exception"], "getLineNumber", lambda: 0)()
        at = f" at line {line - 1}" if line else ""  # without that of the declaration
        yield Skipped(name, f"it is damaged or cut off{at}: everything after that is missing", fault=True)
    count = len(parsed.entries)
    if count > MOST_ENTRIES:
        reason = f"it has {count:,} entries; only the first {MOST_ENTRIES:,} are imported"
        yield Skipped(name, reason, fault=True)


def _plain(text: object) -> str:
    return " ".join(re.sub(r"<[^>]{0,500}>", "", str(text or "")).split())


def _unescaped(text: object) -> str:
    """A text about the publication, without the HTML character references that feedparser leaves in it."""
    return " ".join(unescape(_plain(text)).split())


def _moment_key(entry: Any) -> tuple[int, ...]:
    return tuple(entry.get("published_parsed") or entry.get("updated_parsed") or ())


def _moment(entry: Any) -> datetime | None:
    """The date of an entry, with the time zone from the feed if that can be parsed."""
    moment = moment_of(entry.get("published") or entry.get("updated") or None)
    if moment is not None and moment.tzinfo is not None:
        return moment
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else moment
    except (ValueError, OverflowError):
        return None


def _names(entries: Sequence[tuple[str, str, str, str]]) -> list[str]:
    """A name for each entry, made of its id, address, title and date. The same entry always gets the same name.

    In feeds without ids, all entries often have the same address or title. Then the date distinguishes them.
    """
    plain = [id_ or link or title or day for id_, link, title, day in entries]
    counted = Counter(name for name, (id_, *_) in zip(plain, entries, strict=True) if not id_)
    found = []
    for name, (id_, link, title, day) in zip(plain, entries, strict=True):
        several = not id_ and counted[name] > 1
        found.append("#".join(filter(None, dict.fromkeys((name, link and title, day)))) if several else name)
    return found


class _Seen:
    """The texts of the entries so far, by the name of the entry."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}

    def place(self, feed: str, known: str, text: str, *, by_id: bool) -> tuple[str, str]:
        """The entry's name in the source, and why it is skipped, or empty.

        Without ids, only an entry with the same text is a duplicate.
        """
        before = self._texts.setdefault(known, [])
        before.append(text)
        place = f"{feed}:{known or 'entry without a name'}{f'#{len(before)}' if len(before) > 1 else ''}"
        if by_id and len(before) > 1:
            return place, "an earlier entry of the feed has this id"
        return place, "an earlier entry of the feed is the same" if text in before[:-1] else ""


def _letters(name: str, entries: list[Any], feed: Any) -> Iterator[tuple[ForeignLetter, str] | Skipped]:
    seen = _Seen()
    for entry, known in zip(entries, _names([_identity(entry) for entry in entries]), strict=True):
        link = _address(entry)
        place, why = seen.place(name, known, _raw_text(entry), by_id=bool(entry.get("id")))
        if why:
            yield Skipped(place, why)
            continue
        html, notes = _text_of(entry, place)
        letter = ForeignLetter(
            place,
            title=_plain(entry.get("title", "")),
            base=link or str(feed.get("link", "")),
            date=_moment(entry),
            slug=_slug(link),
            id=str(entry.get("id") or ""),
            summary=_summary(entry, html),
            tags=tuple(str(tag.get("term") or "") for tag in entry.get("tags", ()) if tag.get("term")),
            authors=tuple(filter(None, (_plain(one.get("name", "")) for one in entry.get("authors", ())))),
            former=(link,) if split_address(link).path.strip("/") else (),
            notes=tuple(notes),
        )
        yield letter, html + _enclosed(entry, html)


def _address(entry: Any) -> str:
    """The address of an entry. Empty if feedparser took it from an id that is not an address."""
    link = str(entry.get("link") or "")
    return link if link.startswith(("http://", "https://", "/")) else ""


def _identity(entry: Any) -> tuple[str, str, str, str]:
    """The id, address, title and date of an entry."""
    return (
        str(entry.get("id") or ""),
        str(entry.get("link") or ""),
        _plain(entry.get("title", "")),
        str(entry.get("published") or entry.get("updated") or ""),
    )


def _slug(link: str) -> str:
    """The last part of an address as a slug; empty if it does not name an entry."""
    parts = [part for part in split_address(link).path.split("/") if part]
    last = re.sub(r"\.(?:html?|php|aspx)$", "", parts[-1]) if parts else ""
    return last if re.search(r"[^\W\d_]", last) and not last.startswith("index") else ""


def _raw_text(entry: Any) -> str:
    """The longest text of an entry, as in the feed."""
    return max(
        [*(str(one.get("value") or "") for one in entry.get("content", ())), str(entry.get("summary") or "")], key=len
    )


def _text_of(entry: Any, place: str) -> tuple[str, list[ImportNote]]:
    notes: list[ImportNote] = []
    summary = str(entry.get("summary") or "")
    html = _raw_text(entry)
    if not entry.get("content") and len(_plain(summary)) < _SHORT:
        notes.append(ImportNote(place, "the feed may have only the beginning: there is a summary but no text", "lost"))
    if not is_html(html):
        html = "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", html) if part.strip())
    return html, notes


def _summary(entry: Any, html: str) -> str:
    summary = _plain(entry.get("summary", ""))
    if any(entry.get("summary") == one.get("value") for one in entry.get("content", ())):
        return ""  # feedparser copied it from the content
    return summary if summary and len(summary) <= 400 and not _plain(html).startswith(summary[:80]) else ""


def _enclosed(entry: Any, html: str) -> str:
    """HTML for the audio file of a podcast episode, unless the text already contains it."""
    for one in entry.get("enclosures", ()):
        address = str(one.get("href") or "")
        if str(one.get("type", "")).startswith("audio/") and address.startswith("http") and address not in html:
            return f'<audio src="{escape(address)}"></audio>'
    return ""


def _json(source: ImportSource, name: str) -> Found:
    feed = json_of(source, name)
    if not isinstance(feed, dict):
        raise EntryError("it is not a JSON Feed")
    items = records(feed.get("items"))[:MOST_ENTRIES]
    broken = broken_records(feed.get("items"), name)
    if not items and not broken:
        raise EntryError("it has no entries")
    items.sort(key=lambda item: texts(item.get("date_published")))
    return Found(
        from_html_at_all(source, [*broken, *_json_letters(name, items)]),
        total=len(items) + len(broken),
        title=texts(feed.get("title")),
        description=texts(feed.get("description")),
        url=texts(feed.get("home_page_url")),
        language=texts(feed.get("language")),
        sender=_authors(feed)[0] if _authors(feed) else "",
    )


def _authors(holder: Mapping[str, object]) -> tuple[str, ...]:
    many = records(holder.get("authors")) or records([holder.get("author")])
    return tuple(filter(None, (texts(one.get("name")) for one in many)))


def _json_letters(name: str, items: list[Mapping[str, object]]) -> Iterator[tuple[ForeignLetter, str] | Skipped]:
    seen = _Seen()
    identities = [
        (texts(one.get("id")), texts(one.get("url")), texts(one.get("title")), texts(one.get("date_published")))
        for one in items
    ]
    for item, known in zip(items, _names(identities), strict=True):
        link = texts(item.get("url"))
        html = texts(item.get("content_html"))
        if not html:
            plain = texts(item.get("content_text"))
            html = "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", plain) if part.strip())
        place, why = seen.place(name, known, html, by_id=bool(texts(item.get("id"))))
        if why:
            yield Skipped(place, why)
            continue
        yield (
            ForeignLetter(
                place,
                title=texts(item.get("title")),
                base=link,
                cover=texts(item.get("image")) or texts(item.get("banner_image")),
                date=moment_of(texts(item.get("date_published")) or None),
                slug=_slug(link),
                id=texts(item.get("id")),
                summary=texts(item.get("summary")),
                tags=words(item.get("tags")),
                authors=_authors(item),
                language=texts(item.get("language")),
                former=(link,) if split_address(link).path.strip("/") else (),
            ),
            html + _beside(item, html),
        )


def _beside(item: Mapping[str, object], html: str) -> str:
    """HTML for the parts of an item outside its text.

    These are audio and the page that it is about (`external_url`, not a canonical address).
    """
    about = texts(item.get("external_url"))
    found = f'<p><a href="{escape(about)}">{escape(about)}</a></p>' if about and about not in unescape(html) else ""
    for one in records(item.get("attachments")):
        address = texts(one.get("url"))
        if texts(one.get("mime_type")).startswith("audio/") and address.startswith("http") and address not in html:
            title = texts(one.get("title"))
            return f'{found}<audio src="{escape(address)}" title="{escape(title)}"></audio>'
    return found


KIND = Kind("feed", "a feed", _recognises, _read)
