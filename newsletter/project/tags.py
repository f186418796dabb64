"""The permanent ids of issues."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from newsletter.config.publication import Publication


def tag_uri(publication: Publication, name: str) -> str:
    """The `tag:` URI (RFC 4151) of what the publication calls `name`."""
    return f"tag:{publication.feeds.tag}:{quote(name, safe='')}"
