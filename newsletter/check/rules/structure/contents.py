"""ST: a handwritten contents list, compared with the parts of the issue that it lists."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.facts.sections import longest_in_order
from newsletter.check.rule import rule
from newsletter.check.wording import quoted
from newsletter.diagnostics import Edit, Fix
from newsletter.hints import HINT
from newsletter.markdown.sections import first_link, strip_number
from newsletter.model import Link, List, Opener, Paragraph, Text
from newsletter.records import dataclass
from newsletter.walk import plain_text, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Block, Inline, ListItem, Span

_CATEGORY = re.compile(r"\s*(?P<category>[^:：]+?)\s*[:：]\s*(?=\S)")
_NOT_WORDS = re.compile(r"[\W_]+")
_MARKUP = re.compile(r"[\\`*_\[\]<>&~{}#|]")
_MOST = 60
"""The most parts that are compared by likeness. If more are left, only equal titles count."""
_ALIKE = 0.6
"""The least likeness (difflib's ratio) of an entry and a title that are about the same part, if neither has an equal one."""


@dataclass(frozen=True, slots=True)
class _WrittenEntry:
    """A line of the list."""

    inlines: tuple[Inline, ...]
    """The inlines of the title, without its number."""
    span: Span

    @property
    def text(self) -> str:
        """The text of the entry, as readers see it."""
        return plain_text(self.inlines).strip()


@dataclass(frozen=True, slots=True)
class _Listable:
    """An entry that the list should have."""

    title: str
    span: Span
    anchor: str = ""
    href: str = ""
    plain: bool = False
    """Whether its title can be copied into the list as it is."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A contents list that the house format asks for."""

    what: str
    """"items", "sections" or "categories"."""
    about: tuple[str, ...]
    blocks: tuple[Block, ...]
    """The blocks in which the list is looked for."""
    targets: tuple[_Listable, ...]
    before: Span
    """The place before which the list must be."""


@rule(
    "ST155",
    "contents-list",
    "A handwritten contents list matches the issue",
    "structure",
    gap=True,
    fixable=True,
    keys=("contents_written", "sections.NAME.contents_written"),
)
def written_contents(context: CheckContext) -> Iterator[Diagnostic]:
    """ST155: a handwritten contents list has missing, extra or different entries, or another order."""
    for wanted in _wanted(context):
        names = _Names(wanted.targets)
        lists = (_entries(one) for one in walk_blocks(wanted.blocks) if isinstance(one, List))
        found = max(lists, key=lambda entries: len(names.same(entries)), default=[])
        if found and any(HINT.search(entry.text) for entry in found):
            continue
        if not found:
            message = f"the contents list of the {_noun(wanted, 2)} is missing"
            label = f"{context.asker} asks for one before this"
            yield context.found("ST155", wanted.before, message, label=label, about=wanted.about)
        else:
            yield from _disagreements(context, _behind(wanted, found[0].span), found)


def _behind(wanted: _Wanted, place: Span) -> _Wanted:
    """The list with only the parts after `place`. If there are none, with all parts."""
    behind = tuple(one for one in wanted.targets if one.span.start > place.start)
    return replace(wanted, targets=behind or wanted.targets)


def _wanted(context: CheckContext) -> Iterator[_Wanted]:
    house, sections = context.house, context.issue.sections
    if house.contents_written and sections:
        targets = tuple(_targets(context, house.contents_of, range(len(sections))))
        blocks = list(context.issue.opening)
        for section, items in zip(sections, context.items, strict=True):
            if items:
                break
            blocks += section.blocks
        if targets:
            yield _Wanted(house.contents_of, ("contents_written",), tuple(blocks), targets, sections[0].title_span)
    for index, section, wanted in context.wanted_sections():
        targets = tuple(_targets(context, wanted.contents_of, [index])) if wanted.contents_written else ()
        if targets:
            about = context.line_of(index, "contents_written")
            yield _Wanted(wanted.contents_of, about, section.blocks, targets, targets[0].span)


def _targets(context: CheckContext, what: str, indexes: Sequence[int]) -> Iterator[_Listable]:
    seen: set[str] = set()
    for index in indexes:
        section = context.issue.sections[index]
        if what == "sections":
            if section.opener is Opener.HEADING:
                title = plain_text(section.title)
                yield _Listable(title, section.title_span, section.anchor, plain=_is_plain(section.title))
            continue
        for item in context.items[index]:
            title = plain_text(item.title)
            if HINT.search(title) or not title:
                continue
            found = _CATEGORY.match(title) if what == "categories" else None
            if found is None:
                href = item.link.href if item.link else ""
                yield _Listable(title, item.title_span, item.anchor, href, plain=_is_plain(item.title))
            elif found["category"].casefold() not in seen:
                seen.add(found["category"].casefold())
                yield _Listable(found["category"], item.title_span, item.anchor, plain=_is_plain(item.title))


def _is_plain(inlines: Sequence[Inline]) -> bool:
    inner = inlines[0].inlines if len(inlines) == 1 and isinstance(inlines[0], Link) else inlines
    return all(isinstance(one, Text) and not _MARKUP.search(one.text) for one in inner)


def _entries(written: List) -> list[_WrittenEntry]:
    return [_entry(item) for item in written.items]


def _entry(item: ListItem) -> _WrittenEntry:
    first = item.blocks[0] if item.blocks else None
    inlines = strip_number(first.inlines)[1] if isinstance(first, Paragraph) else ()
    if not inlines:
        return _WrittenEntry((), item.span)
    return _WrittenEntry(inlines, replace(inlines[0].span, end=inlines[-1].span.end))


class _Names:
    """Finds the part that an entry is about, by its link or by its words."""

    def __init__(self, targets: Sequence[_Listable]) -> None:
        self._anchors: dict[str, int] = {}
        self._addresses: dict[str, int] = {}
        self._titles: dict[str, list[int]] = {}
        for at, target in enumerate(targets):
            self._anchors.setdefault(target.anchor, at)
            self._addresses.setdefault(target.href, at)
            for name in {_bare(target.title), _bare(_CATEGORY.sub("", target.title, count=1))}:
                self._titles.setdefault(name, []).append(at)

    def same(self, entries: Sequence[_WrittenEntry]) -> dict[int, int]:
        """The part of each entry, by number of the entry: the target of its link, or else the part with its title.

        Each part has one entry.
        """
        pairs: dict[int, int] = {}
        taken: set[int] = set()
        for number, entry in enumerate(entries):
            found = self._linked(entry)
            if found is None:
                alike = self._titles.get(_bare(entry.text), ())
                found = next((at for at in alike[:_MOST] if at not in taken), None)
            if found is not None and found not in taken:
                taken.add(found)
                pairs[number] = found
        return pairs

    def _linked(self, entry: _WrittenEntry) -> int | None:
        link = first_link(entry.inlines)
        if link is None or not link.href.strip("#"):
            return None
        if link.href.startswith("#"):
            return self._anchors.get(unquote(link.href[1:]))
        return self._addresses.get(link.href)


def _otherwise(entries: Sequence[_WrittenEntry], targets: Sequence[_Listable], pairs: dict[int, int]) -> dict[int, int]:
    """The parts of the other entries: those with a similar title, or at the same place in a list of the same length."""
    taken = set(pairs.values())
    left = [at for at in range(len(targets)) if at not in taken]
    found: dict[int, int] = {}
    if len(left) > _MOST:
        return found
    for number, entry in enumerate(entries):
        if number in pairs or not left:
            continue
        best = max(left, key=lambda at: _likeness(entry.text, targets[at].title))
        if _likeness(entry.text, targets[best].title) >= _ALIKE:
            found[number] = best
        elif len(entries) == len(targets) and number in left:
            found[number] = number
        if number in found:
            left.remove(found[number])
    return found


def _likeness(one: str, other: str) -> float:
    import difflib  # rarely needed, because few lists are wrong

    return difflib.SequenceMatcher(None, _bare(one), _bare(other), autojunk=False).ratio()


def _bare(text: str) -> str:
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def _disagreements(context: CheckContext, wanted: _Wanted, entries: Sequence[_WrittenEntry]) -> Iterator[Diagnostic]:
    targets, about = wanted.targets, wanted.about
    pairs = _Names(targets).same(entries)
    differing = _otherwise(entries, targets, pairs)
    listed = {**pairs, **differing}
    if not listed:
        message = f"the contents list has none of the {len(targets)} {_noun(wanted, len(targets))}"
        yield context.found("ST155", entries[0].span, message, advice=_ADVICE, about=about)
        return
    numbers, listed_targets = sorted(listed), set(listed.values())
    kept = {numbers[at] for at in longest_in_order([listed[number] for number in numbers])}
    for number, entry in enumerate(entries):
        if number in differing:
            yield _differing_entry(context, entry, targets[differing[number]], about)
        elif number not in pairs:
            message = f"the contents list has {quoted(entry.text)}, and there is no such {_noun(wanted, 1)}"
            yield context.found("ST155", entry.span, message, advice=_ADVICE, about=about)
        elif number not in kept:
            message = f"{quoted(entry.text)} is out of order in the contents list"
            label = f"it is in line {targets[pairs[number]].span.line}"
            yield context.found("ST155", entry.span, message, label=label, advice=_ADVICE, about=about)
    for at, target in enumerate(targets):
        if at not in listed_targets:
            line = entries[0].span.line
            message = f"the contents list in line {line} has no entry {quoted(target.title)}"
            advice = f"Add it there as entry {at + 1}, or link an entry to it: `[…](#{target.anchor})`."
            yield context.found("ST155", target.span, message, advice=advice, about=about)


_ADVICE = "Write the entries as the titles are, in their order; an entry in your own words needs a link to what it is about: `[…](#title)`."


def _differing_entry(
    context: CheckContext, entry: _WrittenEntry, target: _Listable, about: tuple[str, ...]
) -> Diagnostic:
    fix = None
    if target.plain and all(isinstance(one, Text) for one in entry.inlines):
        fix = Fix((Edit(entry.span, target.title),), f"write the entry as `{target.title}`")
    message = f"the contents list has {quoted(entry.text)}, line {target.span.line} has {quoted(target.title)}"
    advice = (
        f"Write both the same way, or link the entry: `[{entry.text}](#{target.anchor})`." if target.anchor else _ADVICE
    )
    return context.found("ST155", entry.span, message, advice=advice, fix=fix, about=about)


def _noun(wanted: _Wanted, count: int) -> str:
    one, many = {"sections": ("section", "sections"), "categories": ("category", "categories")}.get(
        wanted.what, ("item", "items")
    )
    return one if count == 1 else many
