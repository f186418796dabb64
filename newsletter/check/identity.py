"""FM: whether date, slug, number and authors agree with the file's name, the other issues and the publication."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.agreement import disagreements, misshapen_name
from newsletter.check.wording import closest, quoted
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext, OtherIssue
    from newsletter.diagnostics import Diagnostic

_DATED = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})(?:-(?P<slug>.+))?")
_NUMBERED = re.compile(r"(?:(?:issue|number|no|nr)[-_.]?)?0*(?P<number>\d{1,3})", re.IGNORECASE)
_KEY = late(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


def file_name(context: CheckContext) -> Iterator[Diagnostic]:
    """FM107: date, slug or number is not what the name of the folder or file says."""
    issue = context.issue
    name = file_stem(issue.path)
    yield from misshapen_name(context, name)
    yield from disagreements(context, name)
    if context.house.file_names:
        return
    dated, numbered = _DATED.fullmatch(name), _NUMBERED.fullmatch(name)
    slug = issue.front.values.get("slug")
    if dated and issue.date is not None and issue.date.date().isoformat() != dated["date"]:
        yield context.found(
            "FM107",
            issue.front.where("date"),
            f"the issue is dated {issue.date.date().isoformat()}, and its name says {dated['date']}",
            label=f"`{name}`",
            mend="Correct the date or rename the folder.",
        )
    # A slug of its own is the author's choice; one that begins with a date was copied from the name, of whatever issue.
    if dated and isinstance(slug, str) and _DATED.fullmatch(slug) and slug != name:
        yield context.found(
            "FM107",
            issue.front.where("slug"),
            f"the slug is {quoted(slug)}, and the name is {quoted(name)}",
            label=f"`{name}`",
            mend="Take `slug` out, or rename the folder.",
        )
    if numbered and issue.number is not None and issue.number != int(numbered["number"]):
        yield context.found(
            "FM107",
            issue.front.where("number"),
            f"the issue has number {issue.number}, and its name says {int(numbered['number'])}",
            label=f"`{name}`",
            mend="Correct the number or rename the folder.",
        )


def file_stem(path: str) -> str:
    """The name that stands for an issue: of its folder, or of a lone file."""
    folder, _, file = path.rpartition("/")
    return folder.rpartition("/")[2] if file == "index.md" and folder else file.removesuffix(".md")


def duplicate(context: CheckContext) -> Iterator[Diagnostic]:
    """FM108: another issue has this number or this slug."""
    issue = context.issue
    others = [other for other in context.others if other.path != issue.path]
    same_number = _first(others, number=issue.number)
    if issue.number is not None and same_number:
        yield context.found(
            "FM108",
            issue.front.where("number"),
            f"number {issue.number} is taken",
            label=f"it is that of {same_number.path}",
        )
    same_slug = _first(others, slug=issue.slug)
    if same_slug:
        written = "slug" in issue.front.values
        yield context.found(
            "FM108",
            issue.front.where("slug") if written else context.start,
            f"the slug {quoted(issue.slug)} is taken",
            label=f"it is that of {same_slug.path}",
            mend="" if written else "Rename the folder, or give a `slug` of its own.",
        )


def _first(others: list[OtherIssue], *, number: int | None = None, slug: str = "") -> OtherIssue | None:
    for other in others:
        if (number is not None and other.number == number) or (slug and other.slug.casefold() == slug.casefold()):
            return other
    return None


def unknown_author(context: CheckContext) -> Iterator[Diagnostic]:
    """FM109: an author is written like a key, and newsletter.yaml has no such author.

    A plain name (`Jane Roe`) is welcome, for guests; what looks like a key, or nearly is one, is taken for a slip.
    """
    known = context.publication.authors
    names = {author.name for author in known.values()}
    for index, author in enumerate(context.issue.authors):
        if author in known or author in names:
            continue
        near = closest(author, known)
        if near or _KEY.fullmatch(author):
            yield context.found(
                "FM109",
                context.issue.front.where("authors", index),
                f"newsletter.yaml has no author {quoted(author)}",
                label=f"did you mean `{near}`?" if near else "",
                mend="" if near else "Add the author to newsletter.yaml, or write the full name.",
            )
