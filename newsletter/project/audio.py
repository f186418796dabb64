"""The recordings of an issue for feeds, from the blocks `::: audio`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.blocks.leading import lead_link
from newsletter.markdown.recordings import bytes_of, media_type_of, seconds_of
from newsletter.model import Directive, Enclosure
from newsletter.render.markup import from_feed, with_placeholders
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model import Link
    from newsletter.render.letter import Letter


def recording_lengths(shown: Letter) -> dict[str, int]:
    """The length in seconds of each recording whose `::: audio` gives it, by its address as written."""
    lengths = ((link.href, seconds_of(audio.fields.get("length", ""))) for audio, link in _recordings(shown))
    return {href: seconds for href, seconds in lengths if seconds}


def remote_recordings(shown: Letter) -> Iterator[Enclosure]:
    """The recordings of `::: audio` on other hosts, with the facts that the issue gives. Nothing is downloaded.

    A recording of unknown type is left out, because no podcast player could use it. `shown` is the issue in the form
    for feeds.
    """
    for audio, link in _recordings(shown):
        url = from_feed(shown, with_placeholders(link.href))
        media_type = media_type_of(audio, link.href)
        if media_type and link.href not in shown.attachments and re.match(r"https?://", url):
            yield Enclosure(url, media_type, bytes_of(audio), seconds_of(audio.fields.get("length", "")))


def _recordings(shown: Letter) -> Iterator[tuple[Directive, Link]]:
    for block in walk_blocks(shown.issue):
        if isinstance(block, Directive) and block.name == "audio" and (link := lead_link(block)):
            yield block, link
