"""Drafting the next issue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.config.workspace import issue_files
from newsletter.errors import UsageError
from newsletter.files import portable_name, slugify, write_all
from newsletter.house.draft import draft_issue
from newsletter.house.forms import fill_form
from newsletter.period import read_period
from newsletter.project.project import open_project, slug_problem

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(?=.)")
"""The date that a folder's name begins with, which is no part of the slug."""

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from newsletter.house.format import HouseFormat
    from newsletter.language import Language
    from newsletter.project.project import Project


def draft(
    root: Path,
    title: str,
    *,
    kind: str | None = None,
    day: date | None = None,
    number: int | None = None,
    period: str = "",
    now: datetime,
) -> str:
    """Writes the next issue's draft and gives its path, relative to the workspace.

    Its date is `day`, else that of `now` in the publication's time zone; its number `number`, else one more than the
    highest so far; the `period` that it covers is written as in front matter. Raises UsageError where the folder is there
    already, for a kind that is not, or a period that is none.
    """
    project = open_project(root)
    publication = project.publication
    title = " ".join(title.encode("utf-8", "replace").decode().split())
    if not title:
        raise UsageError("an issue needs a title", hint='for example: newsletter new "Hello, reader"')
    covers = read_period(period) if period else None
    if period and covers is None:
        raise UsageError(
            f"`{period}` is not a period", hint="write 2026-11, 2026-Q3, 2026-W47, 2026 or 2026-11-01/2026-11-15"
        )
    day = day or now.astimezone(ZoneInfo(publication.timezone)).date()
    number = _next_number(project) if number is None else number
    house = project.house(kind or publication.kind).for_issue(number=number, date=day)
    language = project.language(publication.language)
    name = _free_name(house, language, slugify(title) or "issue", {"date": day, "number": number, "period": covers})
    path = f"issues/{name}/index.md"
    if any(file.name == name for file in issue_files(root)) or (root / path).exists():
        msg = f"there is an issue {name} already"
        raise UsageError(msg, hint="give this one another title or --date")
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
    write_all(root, {path: text.encode()})
    return path


def _free_name(house: HouseFormat, language: Language, slug: str, known: Mapping[str, object]) -> str:
    """The folder's name, with a word more where the slug would be a device of Windows or a file of the archive: `con`, `feeds`."""
    name = _name(house, language, slug, known)
    if slug_problem(_DATED.sub("", name, count=1)):
        return _name(house, language, f"{slug}-issue", known)
    return name


def _name(house: HouseFormat, language: Language, slug: str, known: Mapping[str, object]) -> str:
    """The folder's name: as the house format has it where that can be known, else date and slug."""
    for form in house.file_names[:1]:
        name = fill_form(form, {**known, "slug": slug}, language)
        if "{" not in name and portable_name(name) == name:
            return name
    return f"{known['date']}-{slug}"


def _next_number(project: Project) -> int:
    numbers = [project.read_front(file).issue.number for file in issue_files(project.workspace.root)]
    return max((number for number in numbers if number is not None), default=0) + 1
