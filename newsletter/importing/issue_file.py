"""The `index.md` of an imported issue: its body, and front matter in YAML that every parser reads alike."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.importing.base import ImportedIssue

_PLAIN = re.compile(r"[A-Za-z][\w.'’/ -]*[\w.'’)?!]|[A-Za-z]")
"""Text that needs no quotation marks in any version of YAML."""
_WORDS = frozenset("true false yes no on off null y n nan inf".split())
"""Words that some versions of YAML read as another type."""
UNPRINTABLE = late("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufddf\ufeff\ufffe\uffff]")
"""Characters that no value in YAML may have here, also as an escape."""
_DEEPEST = 8


def issue_text(issue: ImportedIssue, *, slug: str = "", kind: str = "") -> str:
    """The content of `index.md`: the front matter fields that have a value, and the body.

    `slug` is set if it differs from the name of the folder, `kind` if the issue does not use the publication's house
    format.
    """
    front = "".join(_entries(_front(issue, slug, kind)))
    return f"---\n{front}---\n\n{issue.body}" if issue.body else f"---\n{front}---\n"


def _front(issue: ImportedIssue, slug: str, kind: str) -> dict[str, Any]:
    cover: dict[str, str] = {}
    if issue.cover:
        named = {"alt": issue.cover.alt, "caption": issue.cover.caption, "credit": issue.cover.credit}
        cover = {"image": issue.cover.image, **{key: text for key, text in named.items() if text}}
    fields: dict[str, Any] = {
        "title": issue.title,
        "subtitle": issue.subtitle,
        "number": issue.number,
        "date": issue.date,
        "kind": kind,
        "summary": issue.summary,
        "authors": list(issue.authors),
        "tags": list(issue.tags),
        "language": issue.language,
        "cover": cover,
        "draft": issue.draft or None,
        "slug": slug,
        "id": issue.id,
        "canonical": issue.canonical,
        "former": list(issue.former),
    }
    further = {key: value for key, value in issue.fields.items() if key not in fields}
    return {key: value for key, value in (fields | further).items() if value not in (None, "", [], {})}


def _entries(values: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for key, value in values.items():
        name = key if re.fullmatch(r"[^\W\d][\w.-]*", key) and key.casefold() not in _WORDS else _quoted(key)
        yield from _entry(f"{indent}{name}:", value, f"{indent}  ")


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value and len(indent) < 2 * _DEEPEST:
        yield f"{head}\n"
        yield from _entries({str(key): inner for key, inner in value.items()}, indent)
    elif isinstance(value, list) and any(isinstance(one, (dict, list)) for one in value) and len(indent) < 2 * _DEEPEST:
        yield f"{head}\n"
        for one in value:
            yield from _entry(f"{indent[:-2]}-", one, indent)
    else:
        yield f"{head} {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    match value:
        case None:
            return "~"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case datetime():
            return moment_text(value)
        case list():
            return f"[{', '.join(_scalar(one) for one in value)}]"
        case dict():
            return _quoted(json.dumps(value, ensure_ascii=False))
    text = str(value)
    return text if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(UNPRINTABLE.sub("\ufffd", text), ensure_ascii=False)


def moment_text(moment: datetime) -> str:
    """The date alone for midnight without a time zone; otherwise date, time and the time zone if it is known."""
    if moment.tzinfo is None and not (moment.hour or moment.minute or moment.second):
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="seconds" if moment.second else "minutes")
