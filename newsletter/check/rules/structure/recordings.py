"""ST: recordings on another host, of which feeds have to say what nobody here can look up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rule import WARNING, rule
from newsletter.check.wording import quoted
from newsletter.hints import HINT
from newsletter.markdown.recordings import bytes_of, media_type_of
from newsletter.model import Directive
from newsletter.walk import links_in, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic

_ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


@rule(
    "ST185",
    "unmeasured-recording",
    "A recording on another host has a type and a size in bytes",
    "structure",
    severity=WARNING,
)
def unmeasured_recording(context: CheckContext) -> Iterator[Diagnostic]:
    """ST185: a recording that feeds cannot offer to players, or whose size they do not know."""
    for block in walk_blocks(context.issue):
        if not isinstance(block, Directive) or block.name != "audio":
            continue
        link = next(iter(links_in((block,))), None)
        if link is None or not _ELSEWHERE.match(link.href) or HINT.search(link.href):
            continue
        if not media_type_of(block, link.href):
            said = block.fields.get("type", "")
            what = f"{quoted(said)} is not a recording type" if said else "the recording has no type"
            mend = "Add a line such as `type: audio/mpeg` (MP3) below `::: audio`. Until then, feeds do not offer it to podcast players."
            yield context.found("ST185", block.field_spans.get("type") or link.span, what, mend=mend)
        if not bytes_of(block):
            said = block.fields.get("bytes", "")
            what = f"{quoted(said)} is not a number of bytes" if said else "the recording has no size"
            mend = "Add a line such as `bytes: 12345678` below `::: audio`. Podcast players need it, and newsletter does not fetch the file to find out."
            yield context.found("ST185", block.field_spans.get("bytes") or link.span, what, mend=mend)
