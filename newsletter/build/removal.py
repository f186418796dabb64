"""Public outputs that a build would remove. They are listed first, and a build that would remove many is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.build.facts import PUBLIC_FOLDER
from newsletter.build.ids import known_entries
from newsletter.build.state import may_be_ours
from newsletter.errors import UsageError
from newsletter.files import stamp_of
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.build.facts import IssueFacts
    from newsletter.build.plan import Build, BuildIssue

    Warn = Callable[[str], None]
    """Called for each published issue that is about to be removed, with a message that names it and the reason."""

MEANT = 2
"""This many published issues can be removed at once without a confirmation: a mistaken letter, and its correction."""
SHARE = 10
"""In a large publication, one in this many issues can be removed without a confirmation."""
_NAMED = 3
_PAGE = "/index.html"


@dataclass(frozen=True, slots=True)
class Leaving:
    """A published issue that a build would remove."""

    name: str
    """Its page, relative to the workspace; if there is none, its title in the feed."""
    why: str


def leaving(
    work: Build, manifest: Collection[str], gone: Iterable[str], now: datetime
) -> tuple[tuple[Leaving, ...], int]:
    """The published issues that a build would remove, and the number of published issues, if that matters.

    They are those whose pages earlier builds made. If there is no state of earlier builds, as in a fresh clone, they
    are those in the feeds, which are kept with the sources.
    """

    def is_there(page: str) -> bool:
        return may_be_ours(work.root, page) and stamp_of(f"{work.root}/{page}") is not None

    pages = [name for name in manifest if _is_page(name)]
    if not any(map(is_there, pages)):
        return leaving_feed(work, now)
    going = sorted(name for name in gone if _is_page(name) and is_there(name))
    # If nothing has to be confirmed, their number does not matter, and ten thousand files need not be looked at.
    published = sum(map(is_there, pages)) if len(going) > MEANT else len(pages)
    return tuple(Leaving(name.removesuffix("index.html"), _why_page(work, name, now)) for name in going), published


def leaving_feed(work: Build, now: datetime) -> tuple[tuple[Leaving, ...], int]:
    """The published issues that would leave the current feeds, and how many entries these have."""
    staying = {issue.facts.id for issue in work.issues if issue.public}
    why = {issue.facts.id: _unrecorded(work, issue) or hidden(issue.facts, now) for issue in work.issues}
    return left_out(work.root, staying, why | {issue.id: "it was withdrawn" for issue in work.record.withdrawn})


def _unrecorded(work: Build, issue: BuildIssue) -> str:
    """The reason why the record does not publish an issue."""
    if not work.record or issue.standing:
        return ""
    return "it was withdrawn" if issue.withdrawn else "it is not in the record of what was published"


def left_out(root: Path, staying: Collection[str], why: Mapping[str, str]) -> tuple[tuple[Leaving, ...], int]:
    """The entries of the current feed whose ids are not in `staying`, and how many entries it has."""
    entries = {entry.id: entry.title for entry in known_entries(root)}
    going = [(name, title) for name, title in entries.items() if name not in staying]
    return tuple(Leaving(f"“{title}” in the feeds", why.get(name) or "its file is gone") for name, title in going), len(
        entries
    )


_FUTURE = "in the future"


def refuse_many(going: Sequence[Leaving], published: int, now: datetime) -> None:
    """Raises UsageError if a build would remove more issues than is probably intended."""
    if len(going) <= MEANT or len(going) * SHARE <= published:
        return
    named = ", ".join(f"{one.name} ({one.why})" for one in going[:_NAMED])
    more = f" and {len(going) - _NAMED} more" if len(going) > _NAMED else ""
    late = any(_FUTURE in one.why for one in going)
    clock = (
        f"This build uses {now:%Y-%m-%d} as the current time: check the clock and SOURCE_DATE_EPOCH. " if late else ""
    )
    raise UsageError(
        f"{len(going)} of {published} published issues would be removed: {named}{more}; nothing was written",
        hint=f"{clock}To remove them, add --remove.",
    )


def _is_page(name: str) -> bool:
    return name.startswith(f"{PUBLIC_FOLDER}/") and name.endswith(_PAGE) and name.count("/") == 2


def _why_page(work: Build, page: str, now: datetime) -> str:
    slug = page.split("/")[1]
    for issue in work.issues:
        if issue.facts.slug == slug:
            return _unrecorded(work, issue) or hidden(issue.facts, now) or "it cannot be built"
        if issue.before.facts.get("slug") == slug:
            return f"its address is now {issue.facts.slug}/"
    return "its file is gone"


def hidden(facts: IssueFacts, now: datetime) -> str:
    """The reason why an issue is not published by `now`; empty if it is."""
    if facts.published_by(now):
        return ""
    if facts.draft:
        return "it is a draft"
    return f"its date, {facts.date[:10]}, is {_FUTURE}" if facts.date else "it has no date"
