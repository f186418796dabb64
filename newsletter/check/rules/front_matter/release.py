"""FM: entries that hold an issue back are written in this tool's words, and are in the front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.check.facts.files import file_stem
from newsletter.check.rule import rule
from newsletter.check.wording import quoted
from newsletter.markdown.misplaced import misplaced_faults
from newsletter.markdown.release import DRAFT, held_by, is_draft, only_holds, release_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic, Fix


def holding(context: CheckContext) -> Iterator[tuple[str, ...]]:
    """The paths of the fields that hold the issue back.

    A `draft` with a value is left out: it is right, or another rule reports it.
    """
    issue = context.issue
    dated = issue.date if "date" in issue.front.values else None  # as at the time of reading: by the front matter alone
    day = release_day(dated, file_stem(issue.path))
    for path in held_by(issue.front.values, day, ZoneInfo(context.publication.timezone)):
        if path != (DRAFT,) or issue.front.values[DRAFT] in (None, ""):
            yield path


@rule("FM130", "held-back", "An issue that is held back says `draft: true`", "front matter", fixable=True)
def held_back(context: CheckContext) -> Iterator[Diagnostic]:
    """FM130: an issue is held back by an empty `draft`, or by a field of another tool."""
    front = context.issue.front
    for path in holding(context):
        advice = "Write `draft: true`. When the issue may go out, write `draft: false` or remove the line."
        if path == (DRAFT,):
            place, message = front.where_key(*path), "`draft` is empty: to be safe, the issue is held back"
        else:
            written = f"{'.'.join(path)}: {context.text_at(front.where(*path)).strip()}".rstrip()
            place = front.where_key(*path)
            way = "although only `draft` does" if is_draft(path[-1]) else "as in another tool"
            message = f"{quoted(written, 60)} holds the issue back, {way}"
            advice = "Write `draft: true` instead. When the issue may go out, remove the line."
        yield context.found("FM130", place, message, advice=advice, fix=_plain_draft(context, path))


def _plain_draft(context: CheckContext, path: tuple[str, ...]) -> Fix | None:
    """The fix that writes `draft: true` in place of an entry.

    None if the entry has more to it, if the house format has a field of its name, or if another entry is replaced.
    """
    values, key = context.issue.front.values, context.issue.front.where_key(*path)
    own = {field.name for field in context.house.fields} - {DRAFT}
    taken = DRAFT in values and path != (DRAFT,)
    if len(path) > 1 or taken or path[0] in own or not only_holds(path[0], values[path[0]]):
        return None
    if path != next((one for one in holding(context) if only_holds(one[0], values[one[0]])), ()):
        return None  # one `draft` is enough
    colon = context.source.text.find(":", key.end) + 1
    written = context.issue.front.value_spans.get(path)
    end = max(colon, written.end if written else 0)
    return context.replacing(key.start, end, "draft: true", "write `draft: true`")


@rule(
    "FM131",
    "front-matter-misplaced",
    "The front matter is at the top, between two lines of `---`",
    "front matter",
    fixable=True,
)
def misplaced(context: CheckContext) -> Iterator[Diagnostic]:
    """FM131: front matter is in the wrong place and is read as text.

    Also found while an issue is read, because the issue is then held back.
    """
    if context.issue.opening or context.issue.sections:  # else the file was too large to be read
        yield from misplaced_faults(context.source, context.body_start)
