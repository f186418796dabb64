"""HS: stories that ran before, gaps in numbers and dates, and broken habits.

The rules need the other issues, and report nothing without them. Text that ran in several earlier issues is standing
matter and is not reported.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from stat import S_ISREG
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.check.facts.history import FIELDS, normalized, pictures_in, same_address, section_key, stories_in
from newsletter.check.facts.published import changed_finding, taken_finding
from newsletter.check.rule import WARNING, Rule, rule
from newsletter.check.wording import count_of, listed, quoted, section_called
from newsletter.files import PICTURE_LIMIT, read_bytes
from newsletter.house.format import Need
from newsletter.model import LinkForm
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import stat_result
    from pathlib import Path

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.history import PastIssue
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Link

STANDING = 3
"""Text in this many earlier issues is repeated on purpose."""
COPIED = 4
"""From this many repeated stories on, if they are most of the issue, one finding says that the issue was copied."""
LONG_AGO = 300 * 24 * 60 * 60
"""Seconds after which a picture may be used again."""
_LONG_TITLE = 24
"""Titles of at least this many characters are hardly the same by chance."""
_LONG_TEXT = 12


@rule("HS101", "link-ran", "No story ran in an earlier issue", "all issues", severity=WARNING)
def story_ran(context: CheckContext) -> Iterator[Diagnostic]:
    """HS101: the link of a story was the link of a story in an earlier issue."""
    if context.past is None:
        return
    stories = list(_stories(context))
    repeated = [(link, ran[-1]) for link in stories if (ran := _ran(context, link))]
    if len(repeated) >= COPIED and len(repeated) * 2 > len(stories):
        yield from _copied(context, repeated, len(stories))
        return
    for link, issue in repeated:
        line = issue.line_of(same_address(link.href))
        yield context.found(
            "HS101",
            link.span if link.form is LinkForm.REFERENCE or not link.href_span.end else link.href_span,
            f"this link already ran in {issue.called}",
            label=f"{issue.path}:{line}",
            advice="Say what is new about it, or remove it.",
        )


def _copied(context: CheckContext, repeated: list[tuple[Link, PastIssue]], stories: int) -> Iterator[Diagnostic]:
    """The finding if most stories ran in one earlier issue. If they ran in several, the issue is a look back."""
    source = max((issue for _, issue in repeated), key=lambda issue: sum(other is issue for _, other in repeated))
    from_there = [link for link, issue in repeated if issue is source]
    if len(from_there) * 2 > stories:
        yield context.found(
            "HS101",
            from_there[0].span,
            f"{len(from_there)} of the {stories} links already ran in {source.called}, starting with this one",
            label=f"{source.path}:{source.line_of(same_address(from_there[0].href))}",
            advice="Replace what was copied from there.",
        )


def _stories(context: CheckContext) -> Iterator[Link]:
    """Each story once, except own pages, home pages of other sites, and sections that repeat in each issue."""
    own = urlsplit(context.publication.url).netloc.lower().removeprefix("www.")
    seen = set()
    for section, found, items in zip(context.issue.sections, context.matched, context.items, strict=True):
        if context.past is None or context.past.repeats(section_key(section, found)):
            continue
        for link in stories_in(section, found, items, context.house):
            address = same_address(link.href)
            if "/" in address and not f"{address}/".startswith(f"{own}/") and address not in seen:
                seen.add(address)
                yield link


def _ran(context: CheckContext, link: Link) -> list[PastIssue]:
    ran = context.past.with_story(same_address(link.href)) if context.past else []
    return ran if len(ran) < STANDING else []


@rule("HS102", "picture-ran", "No picture ran in an earlier issue", "all issues", severity=WARNING)
def picture_ran(context: CheckContext) -> Iterator[Diagnostic]:
    """HS102: a picture, by its address or by the content of its file, was in an earlier issue."""
    seen = set()
    for name, span in pictures_in(context.issue) if context.past else ():
        ran = [] if name in seen else _pictured(context, name)
        seen.add(name)
        if 0 < len(ran) < STANDING and not _is_long_ago(context, ran[-1][0]):
            issue, there = ran[-1]
            yield context.found(
                "HS102",
                span,
                f"this picture was already in {issue.called}",
                label=f"{issue.path}:{issue.pictures[there]}",
                advice="Use another picture.",
            )


def _is_long_ago(context: CheckContext, issue: PastIssue) -> bool:
    """Whether the issue is so old that its picture may be used again, as in an issue that appears once a year."""
    own = context.own
    return own is not None and bool(own.date) and own.moment - issue.moment > LONG_AGO


def _pictured(context: CheckContext, name: str) -> list[tuple[PastIssue, str]]:
    """The earlier issues with a picture, each with the picture's name there."""
    past, root = context.past, context.root
    if past is None:
        return []
    ran = {issue.path: (issue, name) for issue in past.with_picture(name)}
    content = "" if name.startswith("//") else _content(root, name)
    for issue in past.with_picture_of(_size(root, name), lambda other: _size(root, other)) if content else ():
        there = next((other for other in issue.pictures if _content(root, other) == content), "")
        if there:
            ran.setdefault(issue.path, (issue, there))
    return sorted(ran.values(), key=lambda pair: pair[0].order)


def _size(root: Path, name: str) -> int:
    """The size of a picture's file in bytes; 0 if the file does not exist."""
    found = _state(root, name)
    return found.st_size if found else 0


def _content(root: Path, name: str) -> str:
    """A hash of a picture's file; empty if the file does not exist."""
    found = _state(root, name)
    with suppress(OSError):  # deleted in the meantime, or not readable
        return _fingerprint(root / name, found.st_size, found.st_ctime_ns) if found and found.st_size else ""
    return ""


def _state(root: Path, name: str) -> stat_result | None:
    try:
        found = None if name.startswith(("/", "../")) else (root / name).stat()
    except (OSError, ValueError):
        return None
    return found if found and S_ISREG(found.st_mode) else None


@lru_cache(maxsize=4096)
def _fingerprint(file: Path, size: int, changed: int) -> str:  # noqa: ARG001 - of this very state of the file
    return blake2b(read_bytes(file, PICTURE_LIMIT), digest_size=16).hexdigest()


@rule("HS103", "title-ran", "No title ran in an earlier issue", "all issues", severity=WARNING)
def title_ran(context: CheckContext) -> Iterator[Diagnostic]:
    """HS103: an item has the title of an item in an earlier issue, or the issue has the title of an earlier issue."""
    past, issue = context.past, context.issue
    if past is None:
        return
    ran = past.with_text("title", normalized(issue.title)) if issue.title else []
    if 0 < len(ran) < STANDING:
        yield context.found(
            "HS103", issue.front.where("title"), f"{ran[-1].called} already has this title", label=ran[-1].path
        )
    repeated = {same_address(link.href) for link in _stories(context) if _ran(context, link)}
    for item in (item for items in context.items for item in items):
        title = normalized(plain_text(item.title))
        reported = item.link is not None and same_address(item.link.href) in repeated
        ran = past.with_title(title) if len(title) >= _LONG_TITLE and not reported else []
        if 0 < len(ran) < STANDING:
            yield context.found(
                "HS103",
                item.title_span,
                f"an item of {ran[-1].called} already had this title",
                label=f"{ran[-1].path}:{ran[-1].titles[title]}",
            )


@rule(
    "HS107",
    "copied-text",
    "Front matter texts do not repeat an earlier issue",
    "all issues",
    severity=WARNING,
)
def text_copied(context: CheckContext) -> Iterator[Diagnostic]:
    """HS107: a text in the front matter is the same as in an earlier issue."""
    if context.past is None:
        return
    for name in FIELDS:
        text = getattr(context.issue, name)
        if name == "title" or len(text) < _LONG_TEXT:
            continue
        ran = context.past.with_text(name, normalized(text))
        if 0 < len(ran) < STANDING:
            yield context.found(
                "HS107",
                context.issue.front.where(name),
                f"the {name} is the same as in {ran[-1].called}: {quoted(text, 40)}",
                label=ran[-1].path,
                advice="Write one for this issue.",
            )


@rule("HS104", "number-gap", "Numbers follow the previous issue", "all issues", keys=("front.NAME.consecutive",))
def number_gap(context: CheckContext) -> Iterator[Diagnostic]:
    """HS104: between this issue and the one before it, numbers are skipped.

    Numbers must go up by one if the house format requires it, or if those of the earlier issues did. A number is not
    skipped if a draft or an issue of another kind has it.
    """
    own, history = context.own, context.history
    if own is None or own.number is None or history is None:
        return
    numbering = history.numbering(own)
    place = next((at for at, issue in enumerate(numbering.placed) if issue.path == own.path), 0)
    if place == 0:
        return
    before = numbering.placed[place - 1]
    # If the date of another issue in between does not fit its number, HS105 reports that issue, not the gap.
    if any(before.moment <= other.moment <= own.moment for other in numbering.misplaced):
        return
    first, last = (before.number or 0) + 1, own.number - 1
    missing = [number for number in range(first, last + 1) if number not in history.numbers]
    if missing and (context.house.consecutive or (place > 1 and numbering.goes_on(place))):
        one = missing[0] == missing[-1]
        yield context.found(
            "HS104",
            context.issue.front.where("number"),
            f"number {missing[0]} is skipped" if one else f"numbers {missing[0]} to {missing[-1]} are skipped",
            label=f"the previous issue is {before.called}: {before.path}",
            advice=f"If none was skipped, this is number {first}.",
        )


@rule("HS105", "date-order", "Dates rise with numbers", "all issues")
def date_order(context: CheckContext) -> Iterator[Diagnostic]:
    """HS105: the order by number differs from the order by date.

    Of two issues in the wrong order, the one with the higher number is reported.
    """
    own, history = context.own, context.history
    if own is None or history is None:
        return
    numbering = history.numbering(own)
    if own not in numbering.misplaced:
        return
    number = own.number or 0
    lower = [issue for issue in numbering.placed if (issue.number or 0) < number and issue.moment > own.moment]
    higher = [issue for issue in numbering.placed if (issue.number or 0) > number and issue.moment < own.moment]
    for other, word in [(lower[-1], "before")] if lower else [(higher[0], "after")] if higher else []:
        yield context.found(
            "HS105",
            context.issue.front.where("date"),
            f"number {number} is dated {own.date}, {word} {other.called}",
            label=other.path,
            advice="Correct the date or the number.",
        )


# Only something that all recent issues have in common counts as a habit. It ends with the first exception.


LEAST = 6
"""The fewest issues that make a habit."""
RECENT = 12
"""The number of earlier issues that are compared."""
FAR = 3
"""A length is unusual if it is this many times longer than the longest, or shorter than the shortest."""
SHOWN = 3


@rule("HS106", "broken-habit", "The issue has what all recent issues have", "all issues", severity=WARNING)
def broken_habit(context: CheckContext) -> Iterator[Diagnostic]:
    """HS106: a section or field of every recent issue is missing, or a count that was always the same is different."""
    if context.own is None or context.past is None or not (context.own.date or context.own.draft):
        return  # without a date, an issue has no place in the order, unless it is a draft: that is the next one
    recent = context.past.of_kind(context.issue.kind)[-RECENT:]
    if len(recent) >= LEAST:
        yield from _missing_sections(context, context.own, recent)
        yield from _missing_fields(context, context.own, recent)
        yield from _other_counts(context, context.own, recent)
        yield from _other_length(context, context.own, recent)


def _missing_sections(context: CheckContext, own: PastIssue, recent: Sequence[PastIssue]) -> Iterator[Diagnostic]:
    covered = {wanted.key for wanted in context.house.sections if wanted.need is not Need.OPTIONAL}
    covered |= {wanted.key for wanted, _ in context.slips.values()}
    missing = [
        key
        for key in recent[-1].sections
        if key not in own.sections and key not in covered and all(key in issue.sections for issue in recent)
    ]
    if missing:
        names = [quoted(recent[-1].headings[key]) for key in missing[:SHOWN]]
        what = ("the section " if len(missing) == 1 else "the sections ") + listed(names, len(missing))
        yield context.found(
            "HS106", context.end, f"the last {len(recent)} issues all had {what}", label="this one does not"
        )


def _missing_fields(context: CheckContext, own: PastIssue, recent: Sequence[PastIssue]) -> Iterator[Diagnostic]:
    covered = {field.name for field in context.house.fields if field.required}
    covered |= set() if own.date else {"date"}  # a finished draft will have one
    common = set(recent[-1].fields).intersection(*(issue.fields for issue in recent))
    missing = (
        [] if context.broken_front else sorted(common - set(own.fields) - covered - set(context.issue.front.values))
    )
    if missing:
        names = listed([quoted(name) for name in missing[:SHOWN]], len(missing))
        yield context.found(
            "HS106",
            context.start,
            f"the last {len(recent)} issues all had {names} in their front matter",
            label="this one does not",
        )


def _other_counts(context: CheckContext, own: PastIssue, recent: Sequence[PastIssue]) -> Iterator[Diagnostic]:
    for section, found, items in zip(context.issue.sections, context.matched, context.items, strict=True):
        key, count = section_key(section, found), len(items)
        reported = found is not None and found.items is not None and count not in found.items.count
        usual = {issue.sections.get(key, 0) for issue in recent}
        number = min(usual)
        # A section that shares its key with others is counted together with them.
        if len(usual) == 1 and number and count and count != number and own.sections[key] == count and not reported:
            yield context.found(
                "HS106",
                section.title_span,
                f"{section_called(section)} has {count_of(count, 'item')}",
                label=f"{number} in each of the last {len(recent)} issues",
            )


def _other_length(context: CheckContext, own: PastIssue, recent: Sequence[PastIssue]) -> Iterator[Diagnostic]:
    low, high = min(issue.words for issue in recent), max(issue.words for issue in recent)
    if own.words in context.house.words and (own.words * FAR < low or own.words > high * FAR):
        yield context.found(
            "HS106",
            context.start,
            f"this issue has {count_of(own.words, 'word')}",
            label=f"the last {len(recent)} had {low:,} to {high:,}",
        )


@rule("HS108", "changed-since-published", "A published issue is unchanged", "all issues", severity=WARNING)
def changed_since(context: CheckContext) -> Iterator[Diagnostic]:
    """HS108: the text or a file of an issue has changed since it was published, so readers see an older version."""
    known = context.published
    if known and known.own and known.changed:
        yield changed_finding(context.issue, known.own, known.changed)


@rule("HS109", "name-taken", "An id and an address belong to one issue for ever", "all issues")
def name_taken(context: CheckContext) -> Iterator[Diagnostic]:
    """HS109: another published issue has, or had, the same id or address."""
    known = context.published
    # A withdrawn issue cannot be published again under its names, but nothing in it is wrong.
    for what, value, owner in known.taken if known and not known.withdrawn else ():
        yield taken_finding(context.issue, what, value, owner)


HISTORY: tuple[Rule, ...] = (
    story_ran,
    picture_ran,
    title_ran,
    number_gap,
    date_order,
    broken_habit,
    text_copied,
    changed_since,
    name_taken,
)
