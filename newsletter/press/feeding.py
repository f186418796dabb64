"""Writing the feeds alone, without building anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.files import write_all
from newsletter.press.making import facts_of, full_facts
from newsletter.press.site import feed_outputs
from newsletter.press.studio import Studio
from newsletter.workspace import issue_files, load_workspace

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from newsletter.model import Published
    from newsletter.press.facts import Facts


def write_feeds(root: Path, *, now: datetime) -> tuple[str, ...]:
    """Writes the three feeds of what is published by `now`, and gives those that changed."""
    from newsletter.press.cache import CACHE

    studio = Studio(load_workspace(root), cache=root / CACHE)
    known = [facts_of(studio, file)[0] for file in issue_files(root)]
    public = sorted((facts for facts in known if facts.published_by(now)), key=lambda facts: facts.order)
    newest = public[-studio.publication.feeds.entries :]
    published = [_published(studio, facts) for facts in newest]
    return tuple(write_all(root, feed_outputs(studio, published)).written)


def _published(studio: Studio, facts: Facts) -> Published:
    from newsletter.render.feedtext import render_feed

    file = next(file for file in issue_files(studio.workspace.root) if file.path == facts.path)
    reading = studio.read(file)
    letter = studio.letter(reading)
    return full_facts(studio, reading, letter).published(studio.publication, render_feed(letter))
