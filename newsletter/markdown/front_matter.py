"""The front matter: the YAML between `---` lines at the top of an issue, and the fields of it that have a meaning."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newsletter.config.wellformed import plain_address, web_address_flaw
from newsletter.config.yaml import load as load_yaml
from newsletter.config.yaml import with_composed_keys
from newsletter.diagnostics import Diagnostic
from newsletter.digits import whole_number
from newsletter.markdown.bounds import LARGEST, too_much, too_much_front
from newsletter.markdown.fields import at_fallbacks, with_placeholders_for
from newsletter.markdown.release import held_by, release_day
from newsletter.model import Original, Picture, YamlDocument
from newsletter.names import composed
from newsletter.period import read_period
from newsletter.records import dataclass
from newsletter.tokens import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import tzinfo

    from newsletter.markdown.source import Source
    from newsletter.model import Path

_OPENS = re.compile(r"(?:[ \t]*\n)*(?P<fence>---)[ \t]*(?:\n|$)")
"""Blank lines above are allowed: otherwise the front matter would be read as a line and a heading."""
_CLOSES = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_ENTRY = re.compile(r"""[\w"'][^\n]*:(?:[ \t]|\n|\Z)|[ \t]+\S|[ \t]*-[ \t]|\#(?!\#)""")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(?=.)")


@dataclass(frozen=True, slots=True)
class Front:
    """The front matter of an issue, and where its body begins."""

    document: YamlDocument
    body_start: int = 0
    """Offset of the body's first character."""
    body_line: int = 1
    """Its line."""
    too_much: bool = False
    """Whether the issue exceeds a limit (bounds.py), so that its body is not read."""


def read_front(source: Source, timezone: str = "UTC", largest: int = LARGEST) -> tuple[Front, tuple[Diagnostic, ...]]:
    """The front matter of a source text of at most `largest` bytes, and its faults; empty if there is none.

    An unclosed block ends at its first line that cannot be front matter, so that no text is lost.
    """
    text = source.text
    beyond = too_much(source, largest)
    refused = (beyond,) if beyond else ()
    none = Front(YamlDocument({}, {}, {(): source.span(0, 0)}), too_much=beyond is not None)
    opened = _OPENS.match(text)
    if not opened:
        return none, refused
    begin = opened.end()
    closed = _CLOSES.search(text, begin)
    faults: list[Diagnostic] = []
    if closed:
        end, body = closed.start(), closed.end()
    else:
        end = body = _end_of_entries(text, begin)
        if end == begin:  # no entry follows: it is a thematic break, not front matter
            return none, refused
        advice = "Write `---` on a line of its own after its last entry."
        fence = source.span(*opened.span("fence"))
        faults.append(Diagnostic(source.path, fence, "FM007", "the front matter is never closed", advice=advice))
    if beyond := beyond or too_much_front(source, begin, end):
        return replace(none, too_much=True), (beyond,)
    document, found = load_yaml(
        text[begin:end], source.path, "FM", offset=begin, line=source.position(begin)[0], timezone=timezone
    )
    document, twice = with_composed_keys(document, source.path, "FM")
    return Front(document, body, source.position(body)[0]), (*faults, *found, *twice)


def _end_of_entries(text: str, begin: int) -> int:
    """The start of the first line, from `begin` on, that is not an entry of front matter."""
    at = begin
    while at < len(text) and _ENTRY.match(text, at):
        at = (text.find("\n", at) + 1) or len(text)
    return at


def issue_fields(front: Front, name: str, timezone: str) -> dict[str, Any]:
    """The fields of an Issue from the front matter, by the record's field names.

    Texts stay as written; names (of tags, authors, the issue itself) are in Unicode NFC. A value of the wrong type
    gives the default of the field; the checks report it.
    """
    document, zone = front.document, _zone(timezone)
    values = document.values
    fields: dict[str, Any] = {
        key: document.text(key) for key in ("title", "subtitle", "summary", "preheader", "subject")
    }
    fields["kind"] = composed(document.text("kind"))
    fields["slug"] = composed(document.text("slug") or _DATED.sub("", name, count=1))
    fields["language"] = document.text("language") or document.text("lang")
    fields["number"] = _number(values.get("number"))
    fields["date"] = _moment(values.get("date"), zone)
    fields["updated"] = _moment(values.get("updated"), zone)
    fields["authors"] = tuple(dict(names_in(document, "authors")))
    fields["tags"] = tuple(dict.fromkeys(_tags(document)))
    fields["cover"] = _picture(front)
    fields["period"] = read_period(values.get("period"))
    fields["original"] = _original(document)
    fields["canonical"] = _web_address(values.get("canonical")) or (fields["original"] or Original("")).url
    fields["draft"] = any(held_by(values, release_day(fields["date"], name), zone))
    return fields


def at_their_fallbacks(fields: Mapping[str, Any], known: AbstractSet[str]) -> dict[str, Any]:
    """The fields of an Issue with the personal fields of its texts replaced by their fallbacks, and in `personal` as placeholders."""
    cover = fields["cover"]
    texts = {key: fields[key] for key in ("subject", "preheader", "summary")}
    texts |= {f"cover.{part}": getattr(cover, part) for part in ("alt", "caption", "credit")} if cover else {}
    personal = {key: written for key, text in texts.items() if OPEN in (written := with_placeholders_for(text, known))}
    if not personal:
        return dict(fields)
    plain = {key: at_fallbacks(text, {}) for key, text in personal.items()}
    parts = {key.removeprefix("cover."): text for key, text in plain.items() if key.startswith("cover.")}
    own = {key: text for key, text in plain.items() if "." not in key}
    return {**fields, **own, "cover": replace(cover, **parts) if parts else cover, "personal": personal}


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdecimal():
        return whole_number(value.strip())
    return value if isinstance(value, int) else None


def _moment(value: object, zone: tzinfo) -> datetime | None:
    """A date with a time and a zone: a date without a time is midnight in `zone`."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    return datetime.combine(value, time(), zone) if isinstance(value, date) else None


def names_in(document: YamlDocument, key: str) -> Iterator[tuple[str, Path]]:
    """A list of names, or a single name, each with its place. An entry with a `name` counts as that name."""
    value = document.values.get(key)
    paths: list[Path] = [(key, index) for index in range(len(value))] if isinstance(value, list) else [(key,)]
    for path in paths:
        if text := document.text(*path) or document.text(*path, "name"):
            yield composed(text), path


def _tags(document: YamlDocument) -> Iterator[str]:
    value = document.values.get("tags")
    if isinstance(value, str):
        return filter(None, map(str.strip, composed(value).split(",")))
    return (name for name, _ in names_in(document, "tags"))


def _picture(front: Front) -> Picture | None:
    document, span = front.document, front.document.where("cover")
    if src := document.text("cover"):
        return Picture(src, span=span) if isinstance(document.values["cover"], str) else None
    src, alt, caption, credit = (document.text("cover", key) for key in ("image", "alt", "caption", "credit"))
    return Picture(src, alt, caption, credit, span) if src else None


def _original(document: YamlDocument) -> Original | None:
    """The first publication of the letter. An invalid web address is dropped, and reported by the checks."""
    value = document.values.get("original")
    if not isinstance(value, dict):
        url = _web_address(value)
        return Original(url) if url else None
    title, publication = (" ".join(document.text("original", key).split()) for key in ("title", "publication"))
    found = Original(_web_address(value.get("url")), title, publication)
    return found if found.url or publication else None


def _web_address(value: object) -> str:
    address = value.strip() if isinstance(value, str) else ""
    return plain_address(address) if address and web_address_flaw(address) is None else ""


@lru_cache(8)
def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):  # the workspace reports an unknown zone
        return UTC
