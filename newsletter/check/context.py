"""Working out, once per issue, what the rules read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.base import CheckContext, OtherIssue, PictureUse
from newsletter.check.facts.addresses import addresses_in
from newsletter.check.facts.groups import find_groups
from newsletter.check.facts.history import remember
from newsletter.check.facts.prose import Prose
from newsletter.check.rules.structure.misplaced import find_misplaced
from newsletter.check.wording import ALL_BUT, NEAR, likeness
from newsletter.hints import HINT
from newsletter.house.format import Need
from newsletter.house.match import expected_headings, match_sections, near_match
from newsletter.markdown.items import items_of
from newsletter.model import Span
from newsletter.pictures import find_picture, is_local
from newsletter.walk import figures_in, images_in, plain_text, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.check.base import Mail
    from newsletter.check.facts.addresses import LinkAnswer
    from newsletter.check.facts.history import History, PastIssue
    from newsletter.config.publication import Publication
    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.markdown.source import Source
    from newsletter.model import Issue, Item

_FRONT_CLOSES = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


def make_context(
    issue: Issue,
    house: HouseFormat,
    *,
    source: Source,
    language: Language,
    root: Path,
    publication: Publication,
    others: Sequence[OtherIssue],
    broken_front: bool,
    live: Mapping[str, LinkAnswer] | None = None,
    history: History | None = None,
    mail: Mail | None = None,
) -> CheckContext:
    """Everything that rules may read about `issue`."""
    matched = match_sections(issue, house, language)
    headings = {wanted.key: expected_headings(wanted, issue, language) for wanted in house.sections}
    pictures = tuple(_pictures(issue))
    misplaced = find_misplaced(issue, house, matched, language)
    items = _items(issue, matched, misplaced)
    own = remember(issue, house, matched, items) if history else None
    past = history.before(own) if history and own else None
    history = history.including(own) if history and own else None
    return CheckContext(
        issue=issue,
        house=house,
        source=source,
        language=language,
        root=root,
        publication=publication,
        others=tuple(others),
        matched=matched,
        nearly=_nearly(issue, matched, language),
        slips=_slips(issue, house, matched, headings, {wanted.key for wanted in misplaced.values()}),
        headings=headings,
        items=items,
        figures=tuple(figures_in(issue)),
        pictures=pictures,
        files=_files(issue, pictures, root),
        unread=tuple(_unread(issue, source)),
        prose=Prose(issue, source),
        links=addresses_in(walk_inlines(issue), house.never),
        live=live or {},
        misplaced=misplaced,
        groups=find_groups(issue, house, language),
        broken_front=broken_front,
        history=history,
        own=own,
        past=past,
        mail=mail,
    )


def remembered(issue: Issue, house: HouseFormat, language: Language) -> PastIssue:
    """`issue` as the History of the publication has it."""
    matched = match_sections(issue, house, language)
    items = _items(issue, matched, find_misplaced(issue, house, matched, language))
    return remember(issue, house, matched, items)


def _items(
    issue: Issue, matched: Sequence[SectionFormat | None], misplaced: Collection[int]
) -> tuple[tuple[Item, ...], ...]:
    """Per section, its items in the shape that its format asks for; those under headings where it asks for none.

    What begins at one of the offsets `misplaced` is a section at the wrong level, and no item.
    """
    found = (
        items_of(section, wanted.items.shape) if wanted is not None and wanted.items is not None else section.items
        for section, wanted in zip(issue.sections, matched, strict=True)
    )
    return tuple(tuple(item for item in items if item.span.start not in misplaced) for items in found)


def _nearly(issue: Issue, matched: Sequence[SectionFormat | None], language: Language) -> dict[int, str]:
    """Matched sections whose heading is not quite what it should be."""
    nearly = {}
    for index, (section, wanted) in enumerate(zip(issue.sections, matched, strict=True)):
        if wanted is not None and wanted.headings:
            corrected = near_match(plain_text(section.title), wanted, issue, language)
            if corrected is not None:
                nearly[index] = corrected
    return nearly


def _slips(
    issue: Issue,
    house: HouseFormat,
    matched: Sequence[SectionFormat | None],
    headings: Mapping[str, tuple[str, ...]],
    told: Collection[str],
) -> dict[int, tuple[SectionFormat, str]]:
    """Sections that nothing asks for by name, each beside the absent section whose heading it nearly has.

    `told` are the keys of sections that are there, at the wrong level.
    """
    present = {*told, *(wanted.key for wanted in matched if wanted is not None)}
    absent = [wanted for wanted in house.sections if wanted.key not in present and wanted.need is not Need.FORBIDDEN]
    slips: dict[int, tuple[SectionFormat, str]] = {}
    for index, (section, found) in enumerate(zip(issue.sections, matched, strict=True)):
        if found is not None and found.headings:
            continue
        title = plain_text(section.title)
        scores = [
            (likeness(title, heading), -place, heading)
            for place, wanted in enumerate(absent)
            for heading in headings[wanted.key]
        ]
        score, place, heading = max(scores, default=(0.0, 0, ""))
        # Where a section under any heading is welcome, only what is all but the same is a slip of another; but what is
        # kept from some readers would be given to them.
        certain = found is None or bool(absent and absent[-place].only)
        if score >= (NEAR if certain else ALL_BUT):
            slips[index] = (absent.pop(-place), heading)
    return slips


def _pictures(issue: Issue) -> Iterator[PictureUse]:
    if issue.cover is not None:
        span = issue.cover.span
        path = ("cover", "image") if ("cover", "image") in issue.front.value_spans else ("cover",)
        yield PictureUse(issue.cover.src, issue.cover.alt, span, issue.front.where(*path), "the cover")
    for image in images_in(issue):
        yield PictureUse(image.src, image.alt, image.span, image.src_span if image.src_span.end else image.span)


def _files(issue: Issue, pictures: Sequence[PictureUse], root: Path) -> dict[str, Path | None]:
    """The files of pictures. An unfilled hint has a rule of its own, and a personal field is known only when sent."""
    folder = (root / issue.path).parent
    return {
        src: find_picture(src, folder, root)
        for src in dict.fromkeys(picture.src for picture in pictures)
        if is_local(src) and not HINT.search(unquote(src)) and "{{" not in unquote(src)
    }


def _unread(issue: Issue, source: Source) -> Iterator[Span]:
    """Markdown comments; and of the front matter all that is neither a key nor a value, which leaves its comments."""
    for note in issue.notes:
        yield note.span
    front = issue.front.value_spans.get(())
    if front is None or front.end == 0:
        return
    read = sorted(
        (span.start, span.end)
        for path, span in (*issue.front.key_spans.items(), *issue.front.value_spans.items())
        if path and (path in issue.front.key_spans or not _holds_others(issue, path))
    )
    closed = _FRONT_CLOSES.search(source.text, front.end)
    finish = closed.start() if closed else front.end
    at = 0
    for start, end in (*read, (finish, finish)):
        if start > at and "#" in source.text[at:start]:
            yield Span(at, start)
        at = max(at, end)


def _holds_others(issue: Issue, path: tuple[str | int, ...]) -> bool:
    value: object = issue.front.values
    for part in path:
        value = value[part] if isinstance(value, dict | list) else None  # type: ignore[index]
    return isinstance(value, dict | list)
