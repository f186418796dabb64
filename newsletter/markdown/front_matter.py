"""The front matter: the YAML between `---` lines at the top of an issue, and the fields of it that have a meaning."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newsletter.config.yaml import load as load_yaml
from newsletter.diagnostics import Diagnostic
from newsletter.digits import whole_number
from newsletter.markdown.bounds import too_much, too_much_front
from newsletter.markdown.fields import at_fallbacks, with_placeholders_for
from newsletter.model import Picture, YamlDocument
from newsletter.records import dataclass
from newsletter.tokens import OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet
    from datetime import tzinfo

    from newsletter.markdown.source import Source

_OPENS = re.compile(r"(?:[ \t]*\n)*(?P<fence>---)[ \t]*(?:\n|$)")
"""Blank lines above are forgiven: what follows them would otherwise be read as a rule and a heading."""
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
    """Whether the issue goes beyond what is read (bounds.py): its body is not."""


def read_front(source: Source, timezone: str = "UTC") -> tuple[Front, tuple[Diagnostic, ...]]:
    """The front matter of a source text and its faults; an empty one where there is none.

    A block that is never closed ends at its first line that cannot be front matter, so that no text is lost.
    """
    text = source.text
    beyond = too_much(source)
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
        if end == begin:  # no entry follows: the line is a rule, not the beginning of front matter
            return none, refused
        mend = "Write `---` on a line of its own behind its last entry."
        fence = source.span(*opened.span("fence"))
        faults.append(Diagnostic(source.path, fence, "FM007", "the front matter is never closed", mend=mend))
    if beyond := beyond or too_much_front(source, begin, end):
        return replace(none, too_much=True), (beyond,)
    document, found = load_yaml(
        text[begin:end], source.path, "FM", offset=begin, line=source.position(begin)[0], timezone=timezone
    )
    return Front(document, body, source.position(body)[0]), (*faults, *found)


def _end_of_entries(text: str, begin: int) -> int:
    """Where the first line begins, from `begin` on, that is no entry of front matter."""
    at = begin
    while at < len(text) and _ENTRY.match(text, at):
        at = (text.find("\n", at) + 1) or len(text)
    return at


# ── Fields ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def issue_fields(source: Source, front: Front, name: str, timezone: str) -> dict[str, Any]:
    """What an Issue takes from the front matter, by the name of the record's field.

    A value of the wrong type leaves the field as it is by default: the checks report it.
    """
    values, zone = front.document.values, _zone(timezone)
    fields: dict[str, Any] = {
        key: _text(source, front, key) for key in ("title", "subtitle", "summary", "preheader", "subject", "kind")
    }
    fields["slug"] = _text(source, front, "slug") or _DATED.sub("", name, count=1)
    fields["language"] = _text(source, front, "language") or _text(source, front, "lang")
    fields["number"] = _number(values.get("number"))
    fields["date"] = _moment(values.get("date"), zone)
    fields["updated"] = _moment(values.get("updated"), zone)
    fields["authors"] = _texts(values.get("authors"))
    tags = values.get("tags")
    fields["tags"] = _texts(tags.split(",") if isinstance(tags, str) else tags)
    fields["cover"] = _picture(front)
    # `draft: yes` is text here, and a mistake, as `Draft` is; but whoever wrote it meant to keep the issue back.
    fields["draft"] = any(values[key] not in (None, False) for key in values if key.lower() == "draft")
    return fields


def at_their_fallbacks(fields: Mapping[str, Any], known: AbstractSet[str]) -> dict[str, Any]:
    """What an Issue takes, with the personal fields of its texts at their fallbacks, and in `personal` as placeholders."""
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


def _text(source: Source, front: Front, key: str) -> str:
    """A text as it is; a number, date or truth value as it is written, for `title: 2024` means the text."""
    value = front.document.values.get(key)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (bool, int, float, date)):
        span = front.document.where(key)
        return source.text[span.start : span.end].strip() or str(value)
    return ""


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdecimal():
        return whole_number(value.strip())
    return value if isinstance(value, int) else None


def _moment(value: object, zone: tzinfo) -> datetime | None:
    """A date with a time and a zone: a plain date is its first minute in `zone`."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    return datetime.combine(value, time(), zone) if isinstance(value, date) else None


def _texts(value: object) -> tuple[str, ...]:
    """A list of texts, or one text by itself. An entry with a `name` counts as that name."""
    entries = value if isinstance(value, list) else [value]
    texts = []
    for entry in entries:
        text = entry.get("name") if isinstance(entry, dict) else entry
        if isinstance(text, (str, int, float)) and not isinstance(text, bool) and str(text).strip():
            texts.append(str(text).strip())
    return tuple(texts)


def _picture(front: Front) -> Picture | None:
    value = front.document.values.get("cover")
    if isinstance(value, str) and value.strip():
        return Picture(value.strip(), span=front.document.where("cover"))
    if not isinstance(value, dict) or not isinstance(value.get("image"), str) or not value["image"].strip():
        return None
    alt, caption, credit = (
        text.strip() if isinstance(text := value.get(key), str) else "" for key in ("alt", "caption", "credit")
    )
    return Picture(value["image"].strip(), alt, caption, credit, front.document.where("cover"))


@lru_cache(8)
def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):  # the workspace reports an unknown zone
        return UTC
