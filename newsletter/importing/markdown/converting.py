"""Converts Markdown from another tool to the variant of this tool.

Sections get `##`, pictures and links are resolved, HTML is converted, and markers of site generators are removed. The
text is parsed by the parser of this tool, which knows the offsets of everything. Only what must change is rewritten;
the rest stays as the author typed it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.importing.base import Counts, ImportNote
from newsletter.importing.counting import WITH_HTML, counts_in
from newsletter.importing.markdown.blocks import BlockPass
from newsletter.importing.markdown.body import BodyPlace, ConvertedBody
from newsletter.importing.markdown.inlines import InlinePass
from newsletter.markdown.bounds import too_much
from newsletter.markdown.parse import parse_snippet
from newsletter.markdown.source import Source
from newsletter.walk import count_words

if TYPE_CHECKING:
    from newsletter.importing.mapped import MappedText


def converted_body(body: MappedText, around: BodyPlace) -> ConvertedBody:
    """Converts a body. Notes report by line everything that was changed, left out or lost. Never raises."""
    source = Source(body.text, around.place)
    if beyond := too_much(source):
        note = ImportNote(around.place, f"the text stays as it is: {beyond.message}", "kept")
        return ConvertedBody(body.text, Counts(count_words(body.text)), (note,))
    issue, _ = parse_snippet(source, WITH_HTML)
    before = counts_in(issue, body.text)
    reader = InlinePass(issue, body, around)
    changed = body.changed(sorted(set(reader.changes())))
    blocks = BlockPass(changed, around)
    text = changed.changed(sorted(set(blocks.changes()))).text
    text = _with_single_gaps(text)
    return ConvertedBody(f"{text}\n" if text else "", before, (*reader.notes, *blocks.notes), blocks.title)


_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")


def _with_single_gaps(text: str) -> str:
    """The text without repeated blank lines, except in code."""
    kept: list[str] = []
    fence = ""
    for line in text.strip("\n").split("\n"):
        if found := _FENCE.match(line):
            fence = "" if fence and found[1].startswith(fence) else fence or found[1]
        if fence or line.strip() or (kept and kept[-1]):
            kept.append(line if fence or line.strip() else "")
    return "\n".join(kept)
