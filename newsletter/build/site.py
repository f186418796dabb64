"""What all published issues make together: the archive's index and its style, and the feeds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsletter.build.facts import EMAIL_FOLDER, PUBLIC_FOLDER, IssueFacts
from newsletter.project.cache import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Published
    from newsletter.project.project import Project

Entry = tuple[dict[str, Any], str]
"""The facts of a published issue as plain values, and its full text for feeds ("" for an old one)."""


def site_key(base: str, entries: Sequence[Entry]) -> str:
    """The fingerprint of everything that index and feeds depend on."""
    facts = json.dumps([facts for facts, _ in entries], ensure_ascii=False, sort_keys=True)
    return digest(base, facts, *(feed for _, feed in entries if feed))


def site_outputs(project: Project, entries: Sequence[Entry]) -> dict[str, bytes]:
    """Index, style and feeds by path relative to the workspace; `entries` oldest first."""
    publication = project.publication
    published = [IssueFacts(**facts).published(publication, feed) for facts, feed in entries]
    return {**_archive(project, published), **feed_outputs(project, published[-publication.feeds.entries :])}


def _archive(project: Project, published: Sequence[Published]) -> dict[str, bytes]:
    from newsletter.archive.site import render_index, site_assets

    publication = project.publication
    index = render_index(publication, published, project.language(publication.language), project.page_theme)
    outputs = {f"{PUBLIC_FOLDER}/index.html": index.encode()}
    for name, content in site_assets(project.page_theme).items():
        # Pages of drafts stand below build/ and need the same style beside them.
        outputs[f"{PUBLIC_FOLDER}/{name}"] = outputs[f"{EMAIL_FOLDER}/{name}"] = content
    return outputs


def feed_outputs(project: Project, newest: Sequence[Published]) -> dict[str, bytes]:
    """The three feeds: in feeds/, to be kept in git, and in public/feeds/, where they are served."""
    from newsletter.feeds import atom, json_feed, rss

    publication = project.publication
    feeds = {
        "feeds/rss.xml": rss(publication, newest),
        "feeds/atom.xml": atom(publication, newest),
        "feeds/feed.json": json_feed(publication, newest),
    }
    return {**feeds, **{f"{PUBLIC_FOLDER}/{name}": content for name, content in feeds.items()}}
