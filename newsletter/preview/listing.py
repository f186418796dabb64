"""The list of issues beside the picture, made only from front matter, outlines and sizes."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsletter.build.issue import facts_from
from newsletter.errors import NewsletterError
from newsletter.house.format import Need
from newsletter.house.match import match_sections
from newsletter.house.patterns import is_fixed
from newsletter.markdown.items import items_of
from newsletter.preview.findings import anchor_at, heading
from newsletter.project.published import is_published
from newsletter.report.base import safe
from newsletter.walk import called, words_in, words_in_issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.build.facts import IssueFacts
    from newsletter.check.facts.mail import Mail
    from newsletter.config.publication import Publication
    from newsletter.house.format import Bounds, HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.model import Issue, Section
    from newsletter.preview.issues import StoredIssue
    from newsletter.project.project import Project


def read_fronts(project: Project, issues: Iterable[StoredIssue], *, patience: float) -> bool:
    """Reads the front matter of issues where that has not been done, for at most `patience` seconds.

    Returns whether there were any. The last by name come first: they are the newest if names begin with dates or
    numbers.
    """
    waiting = [stored for stored in issues if not stored.listed]
    end = time.monotonic() + patience
    for stored in sorted(waiting, key=lambda each: natural(each.file.path), reverse=True):
        stored.listed = True
        if stored.parsed is None:
            with suppress(NewsletterError):  # Reported where the issue is shown.
                _read_front(project, stored)
        if time.monotonic() > end:
            break
    return bool(waiting)


def natural(path: str) -> str:
    """A sort key of a path, by which `issue-99` comes before `issue-100`."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(12), path)


def _read_front(project: Project, stored: StoredIssue) -> None:
    parsed = project.read_front(stored.file, stored.text)
    if parsed.readable:
        stored.facts = facts_from(project.publication, parsed)


def entry_of(stored: StoredIssue, now: datetime, project: Project) -> dict[str, Any]:
    """The entry of an issue in the list, at `now`."""
    facts, found = stored.facts, stored.findings
    errors = sum(each.severity == "error" for each in found or ())
    state = "draft"
    if facts and facts.date and not facts.draft:
        state = "published" if _is_public(facts, now, project) and not project.invented else "ready"
    return {
        "key": stored.key,
        "path": stored.file.path,
        "title": title_of(stored),
        "number": facts.number if facts else None,
        "date": _date(stored, project),
        "moment": stored.moment,
        "state": state,
        "checked": found is not None,
        "errors": errors,
        "warnings": len(found or ()) - errors,
    }


def _is_public(facts: IssueFacts, now: datetime, project: Project) -> bool:
    """Whether readers can see an issue. The record of published issues decides if there is one; otherwise the date."""
    with suppress(NewsletterError):  # Commands report a record that cannot be read.
        published = is_published(project, facts.path, facts.id)
        if published is not None:
            return published
    return facts.published_by(now)


def title_of(stored: StoredIssue) -> str:
    """The name of an issue: its title, else the name of its file."""
    return safe(" ".join((stored.facts.title if stored.facts else "").split()) or stored.file.name)


def _date(stored: StoredIssue, project: Project) -> str:
    """The date in the form of the letter, in the issue's own language."""
    if not stored.facts or not stored.facts.date:
        return ""
    day = datetime.fromisoformat(stored.facts.date)
    with suppress(NewsletterError):
        return safe(project.language(stored.facts.language).long_date(day))
    return day.date().isoformat()


OPENING = "Opening"


def outline(issue: Issue, house: HouseFormat, language: Language) -> dict[str, Any]:
    """The rows of an outline, each with its counts and the limits for them.

    Required sections that are missing come last.
    """
    matched = match_sections(issue, house, language)
    rows = []
    if issue.opening:
        rows.append(_row(OPENING, "", _count(words_in(issue.opening), house.opening, "word")))
    for section, form in zip(issue.sections, matched, strict=True):
        rows.append(_section(section, form))
    rows += _missing(house, matched)
    return {"rows": rows, "words": words_in_issue(issue)}


def _section(section: Section, form: SectionFormat | None) -> dict[str, Any]:
    words = words_in(section.blocks) + sum(words_in(item.blocks) for item in section.items)
    items = items_of(section, form.items.shape) if form and form.items else section.items
    counts = []
    if items or (form and form.items):
        counts.append(_count(len(items), form.items.count if form and form.items else None, "item"))
    counts.append(_count(words, form.words if form else None, "word"))
    anchor = section.anchor or next((item.anchor for item in section.items), "")
    row = _row(heading(section.title) or called(section), anchor, *counts)
    row["line"] = section.title_span.line
    return row


def _row(name: str, anchor: str, *counts: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "anchor": anchor, "counts": list(counts), "missing": False, "line": 0}


def _count(number: int, asked: Bounds | None, noun: str) -> dict[str, Any]:
    free = asked is None or asked.free
    if free:
        text = f"{number:,} {noun}{'' if number == 1 else 's'}"
    else:
        text = f"{number:,} of {written(asked)}{' items' if noun == 'item' else ''}"
    return {"text": text, "state": "" if free else "fits" if asked and number in asked else "off"}


def written(bounds: Bounds | None) -> str:
    """`300–900`, `5 or more`, `up to 9`."""
    if bounds is None or bounds.free:
        return ""
    if bounds.minimum == bounds.maximum:
        return f"{bounds.minimum:,}"
    if bounds.maximum is None:
        return f"{bounds.minimum:,} or more"
    return f"{bounds.minimum:,}–{bounds.maximum:,}" if bounds.minimum else f"up to {bounds.maximum:,}"


def _missing(house: HouseFormat, matched: tuple[SectionFormat | None, ...]) -> Iterator[dict[str, Any]]:
    for form in house.sections:
        if form.need is Need.REQUIRED and form not in matched:
            fixed = next((each for each in form.headings if is_fixed(each)), "")
            yield {"name": fixed or form.key, "anchor": "", "counts": [], "missing": True, "line": 0}


KB = 1024
_LINKS = re.compile(r"<a\s[^>]*\bhref=[\"']?https?:", re.IGNORECASE)
_PARTS = {"style": "Style sheet", "frame": "Masthead and foot", "opening": "Opening", "contents": "Contents"}
_PARTS |= {"footnotes": "Footnotes", "authors": "Authors"}


def size_of(mail: Mail, publication: Publication, issue: Issue, *, paid: bool) -> dict[str, Any]:
    """The size of an email and of its parts in order, in bytes as sent, and an estimate for a mailing service."""
    settings = publication.email
    total = len(mail.html.encode())
    parts = [
        {
            "name": _PARTS.get(part.kind) or safe(part.label),
            "bytes": part.size,
            "anchor": anchor_at(issue, part.span.start) if part.kind == "section" else "",
            "kind": part.kind,
        }
        for part in mail.parts
        if part.size
    ]
    sent = total + len(_LINKS.findall(mail.html)) * settings.link_growth
    return {"bytes": total, "budget": settings.limit * KB, "sent": sent, "parts": parts, "paid": paid}
