"""FM: whether what holds an issue back says so in our words, and is where it is read."""

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
    """The fields that hold the issue back, by their paths, except for a `draft` that says so or has a finding as what it is."""
    issue = context.issue
    dated = issue.date if "date" in issue.front.values else None  # as the front matter alone says when it is read
    day = release_day(dated, file_stem(issue.path))
    for path in held_by(issue.front.values, day, ZoneInfo(context.publication.timezone)):
        if path != (DRAFT,) or issue.front.values[DRAFT] in (None, ""):
            yield path


@rule("FM130", "held-back", "An issue that is held back says `draft: true`", "front matter", fixable=True)
def held_back(context: CheckContext) -> Iterator[Diagnostic]:
    """FM130: an issue is held back by an empty `draft`, or by what other tools call it."""
    front = context.issue.front
    for path in holding(context):
        mend = "Write `draft: true`. When the issue may go out, write `draft: false` or remove the line."
        if path == (DRAFT,):
            place, message = front.where_key(*path), "`draft` is empty: to be safe, the issue is held back"
        else:
            written = f"{'.'.join(path)}: {context.text_at(front.where(*path)).strip()}".rstrip()
            place = front.where_key(*path)
            way = "although only `draft` does" if is_draft(path[-1]) else "as in another tool"
            message = f"{quoted(written, 60)} holds the issue back, {way}"
            mend = "Write `draft: true` instead. When the issue may go out, remove the line."
        yield context.found("FM130", place, message, mend=mend, fix=_plain_draft(context, path))


def _plain_draft(context: CheckContext, path: tuple[str, ...]) -> Fix | None:
    """`draft: true` in place of an entry; None if it says more than that, is the house format's own, or another says so."""
    values, key = context.issue.front.values, context.issue.front.where_key(*path)
    own = {field.name for field in context.house.fields} - {DRAFT}
    taken = DRAFT in values and path != (DRAFT,)
    if len(path) > 1 or taken or path[0] in own or not only_holds(path[0], values[path[0]]):
        return None
    if path != next((one for one in holding(context) if only_holds(one[0], values[one[0]])), ()):
        return None  # one line says it
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
    """FM131: what is meant as front matter is read as text. Found while an issue is read, too, as it is held back."""
    if context.issue.opening or context.issue.sections:  # else it was too much to be read
        yield from misplaced_faults(context.source, context.body_start)
