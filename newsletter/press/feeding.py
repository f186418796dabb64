"""Writing the feeds alone, without building anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.files import write_all
from newsletter.press.holding import leaks
from newsletter.press.making import double_slug, facts_of, full_facts
from newsletter.press.site import feed_outputs
from newsletter.press.studio import Studio
from newsletter.records import dataclass
from newsletter.workspace import issue_files, load_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Published
    from newsletter.press.facts import Facts
    from newsletter.press.studio import Reading
    from newsletter.workspace import IssueFile


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What became of the feeds."""

    written: tuple[str, ...] = ()
    """Those that changed, relative to the workspace."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Why nothing was written: an issue that cannot be read might be a draft, and one that was out must stay in."""


def write_feeds(root: Path, *, now: datetime) -> FeedReport:
    """Writes the three feeds of what is published by `now`; nothing while an issue cannot be read or has another's address."""
    from newsletter.press.cache import CACHE

    studio = Studio(load_workspace(root), cache=root / CACHE)
    files = issue_files(root)
    found = [facts_of(studio, file) for file in files]
    known = sorted(zip(files, (facts for facts, _ in found), strict=True), key=lambda each: each[1].order)
    faults = [fault for _, faults in found for fault in faults]
    faults.extend(_double_slugs(known))
    if faults:
        return FeedReport(diagnostics=tuple(faults))
    public = [(file, facts) for file, facts in known if facts.published_by(now)]
    readings = [studio.read(file) for file, _ in public[-studio.publication.feeds.entries :]]
    if faults := [fault for reading in readings for fault in leaks(studio, reading)]:
        return FeedReport(diagnostics=tuple(faults))
    newest = [_published(studio, reading) for reading in readings]
    return FeedReport(tuple(write_all(root, feed_outputs(studio, newest)).written))


def _double_slugs(known: Sequence[tuple[IssueFile, Facts]]) -> Iterator[Diagnostic]:
    owners: dict[str, IssueFile] = {}
    for file, facts in known:
        owner = owners.setdefault(facts.slug.casefold(), file)
        if owner is not file:
            yield double_slug(file, owner, facts.slug)


def _published(studio: Studio, reading: Reading) -> Published:
    from newsletter.render.feedtext import render_feed

    letter = studio.letter(reading)
    return full_facts(studio, reading, letter).published(studio.publication, render_feed(letter))
