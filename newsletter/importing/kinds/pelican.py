"""A Pelican site (getpelican.com): Markdown below `content/`, with lines `Key: value` at the top of each file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.importing.addresses import split_address
from newsletter.importing.base import Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.markdown.matter import foreign_front
from newsletter.importing.markdown.sites import find_site
from newsletter.importing.markdown.tree import MARKDOWN, TreeSite, read_tree

if TYPE_CHECKING:
    from newsletter.importing.base import Found
    from newsletter.importing.markdown.posts import Post
    from newsletter.importing.markdown.sites import SiteFacts
    from newsletter.importing.sources import ImportSource

_STRFTIME = re.compile(r"\{date:((?:%[-#]?[A-Za-z]|[^{}%])*)\}")


def _recognises(source: ImportSource) -> bool:
    names = source.names()
    if any(re.search(r"(?:^|/)(?:pelicanconf|publishconf)\.py$", name) for name in names):
        return True
    texts = [name for name in names if name.endswith(MARKDOWN)][:5]
    heads = [foreign_front(source.beginning(name), name) for name in texts]
    return bool(heads) and all(head.form == "keys" and head.get("title") and head.get("date") for head in heads)


def _read(source: ImportSource) -> Found:
    facts = find_site(source, ("pelicanconf.py",))
    below = re.compile(rf"(?:^|/){re.escape(str(facts.values.get('PATH') or 'content').strip('./'))}/")
    names = [name for name in source.names() if below.search(name)] or list(source.names())
    posts, skipped = [], []
    for name in names:
        if name.endswith((".rst", ".html", ".htm", ".adoc")) and "/pages/" not in f"/{name}":
            skipped.append(Skipped(name, "it is not Markdown"))
        elif name.endswith(MARKDOWN):
            if "/pages/" in f"/{name}":
                skipped.append(Skipped(name, "it is a page, not an article"))
            else:
                posts.append((name, "/drafts/" in f"/{name}"))
    site = TreeSite(
        facts,
        tuple(posts),
        tuple(skipped),
        _permalink,
        _feed_id,
        folders=("content/", "content/images/", "content/extra/", "content/pdfs/"),
        keys=True,
    )
    return read_tree(source, site)


def _permalink(post: Post, site: SiteFacts) -> str:
    """The path of an article: its `url` or `save_as`, otherwise from ARTICLE_URL (`{slug}.html` by default)."""
    if own := post.front.text("url", "save_as"):
        return own
    if not site.values:
        return ""
    pattern = str(site.values.get("ARTICLE_URL") or "{slug}.html")
    if post.date:
        date = post.date
        pattern = _STRFTIME.sub(lambda found: date.strftime(found[1].replace("%-", "%").replace("%#", "%")), pattern)
    values = {"slug": post.slug, "category": post.front.text("category").lower().replace(" ", "-")}
    filled = re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), pattern)
    return "" if "{" in filled else filled


def _feed_id(post: Post, address: str, site: SiteFacts) -> str:
    """The `tag:` URI in the site's feeds (pelican/utils.py, `get_tag_uri` of feedgenerator)."""
    del site
    parts = split_address(address)
    return f"tag:{parts.hostname},{post.date.date()}:{parts.path}" if post.date and parts.hostname else ""


KIND = Kind("pelican", "a Pelican site", _recognises, _read)
