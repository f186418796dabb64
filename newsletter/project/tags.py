"""The permanent ids of issues.

This is a separate module because a build with nothing to do needs it, and loads no rules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from newsletter.config.publication import Publication


def tag_uri(publication: Publication, name: str) -> str:
    """The `tag:` URI (RFC 4151) for `name` in the publication."""
    return f"tag:{publication.feeds.tag}:{quote(name, safe='')}"


_URI = re.compile(r"(?:https?://|urn:|tag:[^,\s]+,\d{4})[^\s<>\"]+$")


def feed_identity(publication: Publication, name: str) -> str:
    """The permanent id of an issue: `name` itself if it is a URI, as for imported issues; else its `tag:` URI."""
    return name if _URI.match(name) else tag_uri(publication, name)
