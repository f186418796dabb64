"""An Eleventy site (11ty.dev): Markdown with Liquid or Nunjucks, front matter in YAML or JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.importing.base import Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.kinds.folder import is_no_issue
from newsletter.importing.markdown.matter import foreign_front
from newsletter.importing.markdown.sites import find_site
from newsletter.importing.markdown.tree import MARKDOWN, TreeSite, read_tree
from newsletter.importing.moments import day_in, moment_of

if TYPE_CHECKING:
    from newsletter.importing.base import Found
    from newsletter.importing.markdown.posts import Post
    from newsletter.importing.markdown.sites import SiteFacts
    from newsletter.importing.sources import ImportSource

_SETTINGS = re.compile(r"(?:^|/)(?:\.eleventy\.c?js|eleventy\.config\.(?:[cm]?js|ts))$")
_DATA = tuple(
    f"{folder}_data/{name}.json" for folder in ("", "src/", "content/") for name in ("metadata", "site", "meta")
)


def _recognises(source: ImportSource) -> bool:
    return any(_SETTINGS.search(name) for name in source.names())


def _read(source: ImportSource) -> Found:
    facts = find_site(source, _DATA)
    posts, skipped = [], []
    for name in source.names():
        if not name.endswith(MARKDOWN) or re.search(r"(?:^|/)(?:_includes|_layouts|_data|_site|dist)/", name):
            continue
        front = foreign_front(source.beginning(name, 20_000), name, keys=False)
        if is_no_issue(name):
            skipped.append(Skipped(name, "it is about the folder, not an issue"))
        elif moment_of(front.get("date")) or day_in(name)[0]:
            posts.append((name, False))
        else:
            skipped.append(Skipped(name, "it has no date: a page, not a post"))
    site = TreeSite(
        facts,
        tuple(posts),
        tuple(skipped),
        _permalink,
        lambda _post, address, _site: address,
        folders=("public/", "src/", "content/", "static/", "assets/", "img/", "images/", "src/images/"),
        includes=("_includes/", "src/_includes/"),
        templates="liquid",
    )
    return read_tree(source, site)


def _permalink(post: Post, site: SiteFacts) -> str:
    """The path from the front matter, if it has no template tags; otherwise the path of the file without its date."""
    own = post.front.text("permalink")
    if own:
        return own if "{" not in own and own.startswith("/") else ""
    path = re.sub(r"^(?:src|content)/", "", post.name.removeprefix(site.root)).rpartition(".")[0].removesuffix("/index")
    folder, slash, leaf = path.rpartition("/")
    return f"/{folder}{slash}{re.sub(r'^[0-9]{4}-[0-9]{2}-[0-9]{2}-', '', leaf)}/"


KIND = Kind("eleventy", "an Eleventy site", _recognises, _read)
