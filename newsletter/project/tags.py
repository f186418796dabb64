"""The permanent ids of issues. A module of its own: a build with nothing to do knows them, and loads no rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from newsletter.config.publication import Publication


def tag_uri(publication: Publication, name: str) -> str:
    """The `tag:` URI (RFC 4151) of what the publication calls `name`."""
    return f"tag:{publication.feeds.tag}:{quote(name, safe='')}"


_URI = re.compile(r"(?:https?://|urn:|tag:[^,\s]+,\d{4})[^\s<>\"]+$")


def feed_identity(publication: Publication, name: str) -> str:
    """The permanent id of an issue: `name` itself where it is a URI, as one is that came from elsewhere; else its `tag:` URI."""
    return name if _URI.match(name) else tag_uri(publication, name)
