"""The record of a published issue: whether the issue has changed since, and whether its names are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic
from newsletter.names import as_argument
from newsletter.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model import Issue

CHANGED, TAKEN = "HS108", "HS109"
ID, SLUG = "id", "slug"
_NAMED = 2


@dataclass(frozen=True, slots=True)
class PublishedBefore:
    """A published issue in the record, with the facts that a check needs."""

    title: str
    issue: str
    """The path of its file when it was last published."""
    folder: str
    """The folder of its frozen copy, relative to the workspace."""
    at: datetime
    """The time of its publication or last revision; if it was withdrawn, the time of that."""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PublishedFacts:
    """The record of the issue that is checked."""

    own: PublishedBefore | None = None
    """The issue as it was published; None if it never was."""
    changed: tuple[str, ...] = ()
    """The files that have changed since then, relative to the workspace.

    If the issue's file has another name now, it is first.
    """
    taken: tuple[tuple[str, str, PublishedBefore], ...] = ()
    """The names that another issue has already: ID or SLUG, the name, and that issue."""
    withdrawn: bool = False
    """Whether it was published and then withdrawn."""


def changed_finding(issue: Issue, before: PublishedBefore, changed: tuple[str, ...]) -> Diagnostic:
    """HS108: an issue has changed since it was published."""
    names = [name.rpartition("/")[2] for name in changed]
    more = len(names) - _NAMED
    what = ", ".join(f"`{name}`" for name in names[:_NAMED]) + (f" and {more} more files" if more > 0 else "")
    if changed[:1] == (issue.path,) and before.issue != issue.path:
        message = f"it was published as {before.issue}, and readers still see that version"
    else:
        message = (
            f"{what} changed since it was published on {before.at:%Y-%m-%d}, and readers still see the old version"
        )
    name = issue.path.removesuffix("/index.md")
    return Diagnostic(
        issue.path,
        issue.front.where("title"),
        CHANGED,
        message,
        advice=f'Publish the change: `newsletter publish {as_argument(name)} --revise "what changed"`. The published version is in {before.folder}.',
    )


def taken_finding(issue: Issue, what: str, value: str, owner: PublishedBefore) -> Diagnostic:
    """HS109: the id or the address of an issue is, or was, that of a published issue."""
    noun = "address" if what == SLUG else "id"
    of = f"“{owner.title}” ({owner.issue})"
    state = "was withdrawn and cannot be used again" if owner.withdrawn else "was published under it"
    message = f"its {noun} `{value}` belongs to {of}, which {state}"
    advice = f"Give this issue {'a' if what == SLUG else 'an'} `{what}` of its own in its front matter."
    if owner.withdrawn and owner.issue == issue.path:
        message = f"it was withdrawn on {owner.at:%Y-%m-%d}, and its {noun} `{value}` cannot be used again"
        advice = "To publish the text again, give it a new `id` and a new `slug` in its front matter."
    return Diagnostic(
        issue.path,
        issue.front.where(what),
        TAKEN,
        message,
        advice=advice,
    )
