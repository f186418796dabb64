"""Counts the words, links and pictures in Markdown, so that a report can show losses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.importing.base import Counts
from newsletter.markdown.parse import parse_snippet
from newsletter.markdown.source import Source
from newsletter.model import HtmlBlock, ReadingOptions
from newsletter.walk import count_words, images_in, links_in, top_blocks, walk_blocks, words_in

if TYPE_CHECKING:
    from newsletter.model import Issue

WITH_HTML = ReadingOptions(allow_html=True)
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)[^>]*>")


def counts_of(body: str) -> Counts:
    """The words, links and pictures of a body, including those in raw HTML."""
    issue, _ = parse_snippet(Source(body, ""), WITH_HTML)
    return counts_in(issue, body)


def counts_in(issue: Issue, body: str) -> Counts:
    """Like `counts_of`, for a body that was parsed with `WITH_HTML`."""
    html = "\n".join(block.html for block in walk_blocks(issue) if isinstance(block, HtmlBlock))
    tags = [found[2].lower() for found in _TAG.finditer(body, 0, _end_of_tags(body)) if not found[1]]
    words = words_in(top_blocks(issue)) + count_words(_without_tags(html))
    # `images_in` includes pictures in raw HTML, but `links_in` does not include its links.
    return Counts(words, sum(1 for _ in links_in(issue)) + tags.count("a"), sum(1 for _ in images_in(issue)))


def _without_tags(html: str) -> str:
    end = _end_of_tags(html)
    return _TAG.sub(" ", html[:end]) + html[end:]


def _end_of_tags(text: str) -> int:
    """The offset after the last `>`. Tags behind it are not closed, and each would be searched to the end of the text."""
    return text.rfind(">") + 1
