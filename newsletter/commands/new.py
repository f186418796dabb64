"""Drafting the next issue."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.archive.record import load_record
from newsletter.config.workspace import ISSUES, issue_files
from newsletter.errors import UsageError
from newsletter.house.draft import draft_issue
from newsletter.house.forms import fill_form
from newsletter.names import portable_name, same_file_key, slugify
from newsletter.period import read_period
from newsletter.project.project import open_project, slug_problem
from newsletter.records import dataclass
from newsletter.render.layout import page_url
from newsletter.writing import write_all

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(?=.)")
"""The date at the beginning of a folder's name, which is not part of the slug."""

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from newsletter.archive.record import Record
    from newsletter.config.publication import Publication
    from newsletter.house.format import HouseFormat
    from newsletter.language import Language
    from newsletter.model import Period
    from newsletter.project.parsed import ParsedIssue


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that was written."""

    path: str
    """The path of its file, relative to the workspace."""
    left_out: str = ""
    """The part of the title that the address cannot contain; empty if there is none."""


def draft(
    root: Path,
    title: str,
    *,
    kind: str | None = None,
    day: date | None = None,
    number: int | None = None,
    period: str = "",
    now: datetime,
) -> Drafted:
    """Writes the draft of the next issue.

    Its date is `day`; by default the date of `now` in the publication's time zone. Its number is `number`; by default
    one more than the highest so far. `period` is written as in front matter. Raises UsageError if the draft exists
    already, for an unknown kind, and for an invalid period.
    """
    project = open_project(root)
    publication = project.publication
    title, covers = _one_line(title), _covered(period)
    issues = [project.read_front(file) for file in issue_files(root)]
    day = day or now.astimezone(ZoneInfo(publication.timezone)).date()
    number = _next_number(issues) if number is None else number
    house = project.house(kind or publication.kind).for_issue(number=number, date=day)
    language = project.language(publication.language)
    slug = slugify(title, any_script=publication.slugs == "unicode")
    naming = partial(_name, house, language, {"date": day, "number": number, "period": covers})
    record = load_record(root)
    name = _free_name(naming, slug or "issue", title, issues, record)
    path = f"{ISSUES}/{name}/index.md"
    if (root / path).exists():
        raise _there_already(name)
    text = draft_issue(
        house,
        publication,
        language,
        title=title,
        number=number,
        date=day,
        authors=tuple(publication.authors)[:1],
        period=covers,
    )
    text += corrections_note(publication, record)
    write_all(root, {path: text.encode()})
    return Drafted(path, _left_out(title, slug))


def _one_line(title: str) -> str:
    title = " ".join(title.encode("utf-8", "replace").decode().split())
    if not title:
        raise UsageError("an issue needs a title", hint='for example: newsletter new "Hello, reader"')
    return title


def _covered(period: str) -> Period | None:
    """The period that an issue covers; None if none is given."""
    covers = read_period(period) if period else None
    if period and covers is None:
        raise UsageError(
            f"`{period}` is not a period", hint="Write 2026-11, 2026-Q3, 2026-W47, 2026 or 2026-11-01/2026-11-15."
        )
    return covers


def corrections_note(publication: Publication, record: Record) -> str:
    """A comment with the corrections made since an issue was last published; empty if there are none.

    The author can pass them on in the new issue.
    """
    last = max((issue.published for issue in record.standing), default=None)
    entries = [
        f"- [{_in_comment(issue.title)}]({page_url(publication, issue.slug)}): {_in_comment(revision.note)}"
        for issue in record.standing
        for revision in issue.revisions
        if last and revision.at > last
    ]
    if not entries:
        return ""
    lines = "\n".join(entries)
    return f"\n<!-- Corrected since the last issue. Tell your readers about it in your own words, or remove this note:\n{lines}\n-->\n"


def _in_comment(text: str) -> str:
    """The text, changed so that it neither ends nor begins a comment."""
    return text.replace("--", "\N{EN DASH}").replace("<!", "<")


def _left_out(title: str, slug: str) -> str:
    """The words of a title that contain letters but do not appear in its address."""
    lost = [word for word in title.split() if slugify(word, any_script=True) and not slugify(word)]
    return "" if not slug.isascii() or not lost else " ".join(lost)


def _free_name(
    naming: Callable[[str], str], slug: str, title: str, issues: Sequence[ParsedIssue], record: Record
) -> str:
    """A name for the folder that no issue has, with an address that no issue has or had when it was published.

    A word is added if the slug would be a device of Windows or a file of the archive (`con`, `feeds`). A number is
    added if another title has the same slug. Raises UsageError if there is an issue with this title already.
    """
    if slug_problem(_address(naming(slug))):
        slug = f"{slug}-issue"
    names = {same_file_key(parsed.file.name): parsed for parsed in issues}
    taken = {same_file_key(parsed.issue.slug) for parsed in issues}
    there, distinct = names.get(same_file_key(naming(slug))), naming(slug) != naming(f"{slug}-2")
    if there and (not distinct or there.issue.title in {"", title}):
        raise _there_already(there.file.name)
    for name in map(naming, (slug, *(f"{slug}-{count}" for count in range(2, len(issues) + len(record.issues) + 3)))):
        address = _address(name)
        used = record.by_name(name) or record.by_slug(address)
        if not used and same_file_key(name) not in names and same_file_key(address) not in taken:
            return name
    return naming(slug)  # The form of names has no place for a slug, so the date or the number distinguishes them.


def _address(name: str) -> str:
    return _DATED.sub("", name, count=1)


def _there_already(name: str) -> UsageError:
    return UsageError(f"issue {name} already exists", hint="Give this one a different title or --date.")


def _name(house: HouseFormat, language: Language, known: Mapping[str, object], slug: str) -> str:
    """The folder's name in the form of the house format if its values are known; otherwise date and slug."""
    for form in house.file_names[:1]:
        name = fill_form(form, {**known, "slug": slug}, language)
        if "{" not in name and portable_name(name) == name:
            return name
    return f"{known['date']}-{slug}"


def _next_number(issues: Sequence[ParsedIssue]) -> int:
    return max((parsed.issue.number for parsed in issues if parsed.issue.number is not None), default=0) + 1
