"""A Hugo site (gohugo.io).

Pages are below `content/`, in files or page bundles, with shortcodes and front matter in TOML, YAML or JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.importing.base import Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.markdown.matter import foreign_front
from newsletter.importing.markdown.sites import find_site
from newsletter.importing.markdown.tree import MARKDOWN, TreeSite, read_tree
from newsletter.importing.moments import day_in, moment_of

if TYPE_CHECKING:
    from newsletter.importing.base import Found
    from newsletter.importing.markdown.posts import Post
    from newsletter.importing.markdown.sites import SiteFacts
    from newsletter.importing.sources import ImportSource

_SETTINGS = tuple(
    f"{folder}{name}.{ending}"
    for folder, name in (("", "hugo"), ("config/_default/", "hugo"), ("config/_default/", "config"), ("", "config"))
    for ending in ("toml", "yaml", "yml", "json")
)
_SECTIONS = frozenset(
    "post posts blog newsletter newsletters issue issues letter letters archive news article articles edition editions".split()
)
_GO_LAYOUT = {":year": "{0:%Y}", ":month": "{0:%m}", ":day": "{0:%d}", ":yearday": "{0:%j}"}


def _recognises(source: ImportSource) -> bool:
    names = source.names()
    content = any(re.search(r"(?:^|/)content/.+\.md$", name) for name in names)
    return content and any(
        re.search(r"(?:^|/)(?:hugo|config)\.(?:toml|ya?ml|json)$|(?:^|/)archetypes/", name) for name in names
    )


def _read(source: ImportSource) -> Found:
    facts = find_site(source, _SETTINGS)
    inside = [name for name in source.names() if re.search(r"(?:^|/)content/", name) and name.endswith(MARKDOWN)]
    if not inside:  # the source is the folder `content` itself, or one below it
        inside = [name for name in source.names() if name.endswith(MARKDOWN)]
    posts, skipped = [], []
    preferred = any(_section(name) in _SECTIONS for name in inside)
    for name in inside:
        stem = name.rpartition("/")[2].rpartition(".")[0]
        if stem == "_index":
            continue
        if preferred and _section(name) not in _SECTIONS:
            skipped.append(Skipped(name, f"it is a page of `{_section(name) or 'content'}`, not a post"))
        elif not _has_date(source, name):
            skipped.append(Skipped(name, "it has no date: a page, not a post"))
        else:
            posts.append((name, False))
    site = TreeSite(
        facts,
        tuple(posts),
        tuple(skipped),
        _permalink,
        lambda _post, address, _site: address,
        folders=("static/", "assets/", "content/"),
        includes=("layouts/shortcodes/", "layouts/_shortcodes/"),
        templates="shortcodes",
    )
    return read_tree(source, site)


def _section(name: str) -> str:
    """The section of a page: the name of the first folder below `content/`, or below the folder of a language."""
    parts = re.sub(r"^(?:.*/)?content/", "", name).split("/")[:-1]
    if parts and re.fullmatch("[a-z]{2}(?:-[a-z]{2,4})?", parts[0], re.IGNORECASE) and len(parts) > 1:
        parts = parts[1:]
    return parts[0].casefold() if parts else ""


def _has_date(source: ImportSource, name: str) -> bool:
    front = foreign_front(source.beginning(name, 20_000), name, keys=False)
    return bool(moment_of(front.get("date", "publishDate"))) or bool(day_in(name)[0])


def _permalink(post: Post, site: SiteFacts) -> str:
    """The path that Hugo makes: `url`, otherwise the pattern of the section, otherwise the path below `content/`."""
    if own := post.front.text("url"):
        return own
    if not site.values:
        return ""
    section = _section(post.name)
    patterns: Any = site.values.get("permalinks")
    if isinstance(patterns, dict) and isinstance(patterns.get("page"), dict):
        patterns = patterns["page"]
    pattern = patterns.get(section) if isinstance(patterns, dict) else None
    path = re.sub(r"^(?:.*/)?content/", "", post.name).rpartition(".")[0].removesuffix("/index")
    leaf = post.front.text("slug") or path.rpartition("/")[2]
    if not isinstance(pattern, str):
        return f"/{path.rpartition('/')[0]}/{leaf}/".replace("//", "/").lower().replace(" ", "-")
    filled = pattern
    for key, form in _GO_LAYOUT.items():
        if post.date:
            filled = re.sub(rf"{key}(?![a-z])", form.format(post.date), filled)
    values = {
        "slug": post.front.text("slug") or _made_slug(post.title) or leaf,
        "slugorfilename": leaf,
        "slugorcontentbasename": leaf,
        "filename": path.rpartition("/")[2],
        "contentbasename": path.rpartition("/")[2],
        "section": section,
        "title": _made_slug(post.title),
    }
    filled = re.sub(r":(\w+)", lambda found: values.get(found[1].lower(), found[0]), filled)
    return filled if ":" not in filled else ""


def _made_slug(title: str) -> str:
    """The slug that Hugo makes from a title."""
    return re.sub(r"[^\w]+", "-", title.lower()).strip("-")


KIND = Kind("hugo", "a Hugo site", _recognises, _read)
