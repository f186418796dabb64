"""A folder of Markdown files, with or without front matter, or a single Markdown file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.importing.base import Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.markdown.sites import SiteFacts
from newsletter.importing.markdown.tree import MARKDOWN, TreeSite, read_tree

if TYPE_CHECKING:
    from newsletter.importing.base import Found
    from newsletter.importing.markdown.posts import Post
    from newsletter.importing.sources import ImportSource

_NO_ISSUES = frozenset("readme contributing changelog license licence code_of_conduct security authors todo".split())


def is_no_issue(name: str) -> bool:
    """Whether a file describes a repository, judged by its name: README, LICENSE and so on."""
    return name.rpartition("/")[2].rpartition(".")[0].casefold() in _NO_ISSUES


def _recognises(source: ImportSource) -> bool:
    return any(name.endswith(MARKDOWN) and not is_no_issue(name) for name in source.names())


def _read(source: ImportSource) -> Found:
    texts = [name for name in source.names() if name.casefold().endswith(MARKDOWN)]
    about = [name for name in texts if is_no_issue(name) and source.is_folder]
    posts = [(name, bool(re.search(r"(?:^|/)_?drafts?/", name, re.IGNORECASE))) for name in texts if name not in about]
    if not posts:
        raise UsageError(
            f"{source.name} has no Markdown files", hint="Name the folder that has them, or one such file."
        )
    site = TreeSite(
        SiteFacts({}),
        tuple(posts),
        tuple(Skipped(name, "it is about the folder, not an issue") for name in about),
        _permalink,
        lambda _post, _address, _site: "",
        folders=("images/", "img/", "assets/", "assets/images/", "static/", "media/"),
        includes=("_includes/",),
        templates="liquid",
        keys=True,
    )
    return read_tree(source, site)


def _permalink(post: Post, site: SiteFacts) -> str:
    del site
    path = post.front.text("permalink", "url")
    return (
        path
        if path.startswith(("/", "http")) and not re.search(r"[:{]", path.removeprefix("https:").removeprefix("http:"))
        else ""
    )


KIND = Kind("markdown", "a folder of Markdown files", _recognises, _read)
