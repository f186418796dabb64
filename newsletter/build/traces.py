"""The outputs of addresses that no issue has any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.archive.record import traces_of
from newsletter.archive.traces import FILES, redirects, titles_of, trace_page
from newsletter.build.facts import PUBLIC_FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.archive.record import Record
    from newsletter.archive.redirects import Redirect
    from newsletter.project.project import Project


def trace_outputs(project: Project, record: Record) -> dict[str, bytes]:
    """A page for each address that somebody may have kept, by path relative to the workspace."""
    publication, traces = project.publication, traces_of(record)
    language, titles = project.language(publication.language), titles_of(record)
    return {
        f"{PUBLIC_FOLDER}/{slug}/index.html": trace_page(
            publication, language, project.page_theme, to, titles.get(to, "")
        ).encode()
        for slug, to in traces
    }


def host_file(project: Project, record: Record | None, former: Sequence[Redirect]) -> dict[str, bytes]:
    """The file in which the publication's host reads where addresses of before lead; nothing if it reads none."""
    publication = project.publication
    lines = redirects(publication, traces_of(record) if record else (), former)
    return {f"{PUBLIC_FOLDER}/{FILES[publication.archive.redirects]}": lines.encode()} if lines else {}
