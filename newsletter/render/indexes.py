"""The addresses of the archive's index pages, to which issues link: of a year, a tag, an author, a section, a site."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from newsletter.names import composed, in_address, slugify

FOLDER = "browse"
"""The folder below public/.

Its pages are two folders deep, where no issue can be. So an issue called `browse` does not conflict with them.
"""
KINDS = ("years", "tags", "authors", "sections", "sites")
"""The kinds of indexes, each with its own folder, in the order in which they are shown."""
_APART = re.compile(r"[\s_-]+")
_DOTTED = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
"""A host or file name, such as `node.js`."""
_LONGEST = 60
"""The most ASCII letters of a slug; slugify computes the limit for other scripts."""
_HASHED = re.compile(r"-[0-9a-f]{8}\Z")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|index)(?:\.|\Z)")
"""Names that Windows does not allow for files, whatever their ending, and the name of the list of all."""


@lru_cache(maxsize=4096)
def index_key(name: str) -> str:
    """A key that two names share if they are one entry of an index. Case, composition and characters between words do not matter."""
    return _APART.sub("-", composed(composed(name).casefold()).strip())


def index_slug(name: str) -> str:
    """The file name of the page of an entry: readable, valid on every file system, and different for each `index_key`.

    If letters or digits alone do not distinguish it from others (`C++`, `C#`, an emoji, 300 characters), a hash
    follows.
    """
    key = index_key(name)
    dotted = len(key) <= _LONGEST and _DOTTED.fullmatch(key)
    slug = key if dotted else slugify(key, any_script=True)
    if slug and slug == key and not _HASHED.search(slug) and not _RESERVED.match(slug):
        return slug
    mark = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug or 'x'}-{mark}".replace(".", "-")


def index_address(kind: str, name: str = "") -> str:
    """The address of an entry's page, or of the list of all, from the top of the site; percent-encoded."""
    page = in_address(index_slug(name)) if name.strip() else "index"
    return f"{FOLDER}/{kind}/{page}.html"
