"""The web archive's part of a build: the shared pages of all issues.

They are made again if their content has changed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsletter.archive.record import traces_of
from newsletter.archive.traces import FILES, redirects, titles_of, trace_page
from newsletter.build.facts import EMAIL_FOLDER, PUBLIC_FOLDER
from newsletter.files import have_stamps, stamp_of
from newsletter.project.cache import digest
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.archive.record import Record
    from newsletter.archive.redirects import Redirect
    from newsletter.build.plan import Build, BuildIssue
    from newsletter.build.state import State
    from newsletter.model import Published
    from newsletter.project.project import Project
    from newsletter.render.page import PageTheme
    from newsletter.writing import FileContent


@dataclass(frozen=True, slots=True)
class ArchiveFiles:
    """The files that all published issues share on the web, by path relative to the workspace."""

    made: dict[str, bytes]
    kept: tuple[str, ...]
    """Pages that are up to date, and were not made again."""
    pages: dict[str, str]
    """The hash of everything that each page is made from, by page."""


def archive_files(
    project: Project,
    published: Sequence[Published],
    *,
    base: str = "",
    state: State | None = None,
    same: bool = False,
) -> ArchiveFiles:
    """The pages of the archive, and its style.

    `base` is the hash of everything that all pages depend on. `state` is that of the last build. With `same`, everything
    that pages show of issues is as it was then, and pages that are as they were written are not even planned.
    """
    from newsletter.archive.site import site_pages

    publication, theme = project.publication, project.page_theme
    made: dict[str, bytes] = {}
    kept: list[str] = []
    pages: dict[str, str] = {}
    if same and state:
        stamps = {name: state.site_outputs.get(name) for name in state.site_pages}
        if all(stamps.values()) and have_stamps(project.workspace.root, stamps):
            return ArchiveFiles(_assets(theme), tuple(stamps), state.site_pages)
    for page in site_pages(publication, published, project.language(publication.language), theme):
        name = f"{PUBLIC_FOLDER}/{page.path}"
        pages[name] = digest(base, json.dumps(page.made_from, ensure_ascii=False))
        stamp = state.site_outputs.get(name) if state and state.site_pages.get(name) == pages[name] else None
        if stamp and stamp_of(project.workspace.root / name) == stamp:
            kept.append(name)
        else:
            made[name] = page.render()
    return ArchiveFiles(made | _assets(theme), tuple(kept), pages)


def _assets(theme: PageTheme) -> dict[str, bytes]:
    """The style of pages. Pages of drafts are below build/ and need the same style beside them."""
    from newsletter.archive.site import site_assets

    return {
        f"{folder}/{name}": content
        for name, content in site_assets(theme).items()
        for folder in (PUBLIC_FOLDER, EMAIL_FOLDER)
    }


def searched_text(work: Build, public: Sequence[BuildIssue]) -> str:
    """The hash of all searchable text; empty if there is no search page."""
    return digest(*(issue.last().key for issue in public)) if work.settings.search else ""


def search_files(work: Build, public: Sequence[BuildIssue], of_issues: Mapping[str, FileContent]) -> dict[str, bytes]:
    """The index of the search page, for the pages of issues: those just made, and the existing ones."""
    if not work.settings.search:
        return {}
    from newsletter.archive.search_page import search_index
    from newsletter.language.language import primary_language

    pages: dict[str, Path | FileContent] = {}
    for issue in public:
        name = f"{issue.last().facts['slug']}/index.html"
        path = f"{PUBLIC_FOLDER}/{name}"
        if path in of_issues:
            pages[name] = of_issues[path]
        elif stamp_of(work.root / path):
            pages[name] = work.root / path
    index = search_index(pages, primary_language(work.project.publication.language))
    return {f"{PUBLIC_FOLDER}/{name}": content for name, content in index.items()}


def trace_outputs(project: Project, record: Record) -> dict[str, bytes]:
    """A page for each address that readers may have saved, by path relative to the workspace."""
    publication, traces = project.publication, traces_of(record)
    language, titles = project.language(publication.language), titles_of(record)
    return {
        f"{PUBLIC_FOLDER}/{slug}/index.html": trace_page(
            publication, language, project.page_theme, to, titles.get(to, "")
        ).encode()
        for slug, to in traces
    }


def host_file(project: Project, record: Record | None, former: Sequence[Redirect]) -> dict[str, bytes]:
    """The file in which the publication's host reads redirects; empty if it does not support any."""
    publication = project.publication
    lines = redirects(publication, traces_of(record) if record else (), former)
    return {f"{PUBLIC_FOLDER}/{FILES[publication.archive.redirects]}": lines.encode()} if lines else {}
