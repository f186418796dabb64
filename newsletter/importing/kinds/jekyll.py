"""A Jekyll site (jekyllrb.com): posts in `_posts/`, named by date and title, in Markdown with Liquid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.importing.base import Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.markdown.sites import find_site
from newsletter.importing.markdown.tree import MARKDOWN, TreeSite, read_tree
from newsletter.importing.moments import day_in

if TYPE_CHECKING:
    from newsletter.importing.base import Found
    from newsletter.importing.markdown.posts import Post
    from newsletter.importing.markdown.sites import SiteFacts
    from newsletter.importing.sources import ImportSource

_POSTS = re.compile(r"(?:^|/)(_posts|_drafts)/")
_COLLECTION = re.compile(r"(?:[^/]+/){0,2}?(_(?!includes/|layouts/|data/|sass/|site/|plugins/)[^/]+)/")
"""A folder with documents that are no posts (jekyllrb.com/docs/collections)."""
_DATED = re.compile(r"(?:^|/)\d{4}-\d{1,2}-\d{1,2}-[^/]+$")
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
"""The named styles of `permalink`, as patterns (jekyllrb.com/docs/permalinks)."""


def _recognises(source: ImportSource) -> bool:
    names = source.names()
    return any(_POSTS.search(name) and name.endswith(MARKDOWN) for name in names)


def _read(source: ImportSource) -> Found:
    names = source.names()
    inside = [name for name in names if _POSTS.search(name)]
    if not inside:  # the source is the folder `_posts` itself
        inside = [name for name in names if _DATED.search(name)]
    posts = [(name, "_drafts/" in f"/{name}") for name in inside if name.endswith(MARKDOWN)]
    other = (name for name in inside if name.endswith((".html", ".htm", ".textile")))
    skipped = [Skipped(name, "it is not Markdown") for name in other]
    skipped += [
        Skipped(name, f"it is in the collection {found[1]}, not in _posts")
        for name in names
        if name.endswith(MARKDOWN) and not _POSTS.search(name) and (found := _COLLECTION.match(name))
    ]
    site = TreeSite(
        find_site(source, ("_config.yml", "_config.yaml")),
        tuple(posts),
        tuple(skipped),
        _permalink,
        _feed_id,
        folders=("assets/", "assets/images/", "assets/img/", "images/", "img/"),
        includes=("_includes/",),
        templates="liquid",
        tags_by_blanks=True,
    )
    return read_tree(source, site)


def _permalink(post: Post, site: SiteFacts) -> str:
    """The path that Jekyll makes from the pattern in the front matter or that of the site.

    Empty if neither is known.
    """
    own = post.front.text("permalink")
    if not own and not site.values:
        return ""
    pattern = own or site.values.get("permalink") or "date"
    style = _STYLES.get(str(pattern), str(pattern))
    categories = post.front.names("categories", "category", spaces=True)
    above = re.match(r"(?:.*/)?(?=_posts/)", post.name.removeprefix(site.root))
    folders = above[0].strip("/").split("/") if above and above[0].strip("/") else []
    day, date = day_in(post.name.rpartition("/")[2])[0], post.date
    values = {
        "categories": "/".join(part.lower().replace(" ", "-") for part in (*folders, *categories)),
        "title": post.slug,
        "slug": post.slug,
        "output_ext": ".html",
    }
    if date or day:
        moment = date.date() if date else day
        assert moment is not None  # noqa: S101 - one of the two is there
        values |= {
            "year": f"{moment.year:04}",
            "month": f"{moment.month:02}",
            "i_month": str(moment.month),
            "day": f"{moment.day:02}",
            "i_day": str(moment.day),
            "short_year": f"{moment.year % 100:02}",
            "y_day": f"{moment.timetuple().tm_yday:03}",
        }
    filled = re.sub(r":([a-z_]+)", lambda found: values.get(found[1], found[0]), style)
    return re.sub("/{2,}", "/", filled) if not re.search(r"(?:^|/):[a-z]", filled) else ""


def _feed_id(post: Post, address: str, site: SiteFacts) -> str:
    """The id that the plugin jekyll-feed writes: the address without its extension."""
    del post
    plugins = str(site.values.get("plugins") or site.values.get("gems") or "")
    return re.sub(r"(?:/|\.html)$", "", address) if "jekyll-feed" in plugins else ""


KIND = Kind("jekyll", "a Jekyll site", _recognises, _read)
