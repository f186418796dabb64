"""The sections of a kind and what their items need, read from house.yaml."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, ItemFormat, Need, SectionFormat
from newsletter.house.headings import fold
from newsletter.house.patterns import heading_fault
from newsletter.house.reader import ANY, CONTRADICTION, HEADING, TWICE, WRONG_VALUE
from newsletter.model import ItemShape

if TYPE_CHECKING:
    from newsletter.house.reader import Entry

SECTION_LOOKS = ("", "roundup", "recommendation", "events", "sign-off")
ITEM_LOOKS = ("", "roundup")
OPENING = "opening"
"""The text before the first section: no section may be called so."""

_KEY = re.compile(r"[a-z][a-z0-9_-]*")
_ONCE = Bounds(None, 1)
_NEVER = "\\{\\}"
"""A heading that nobody writes."""


def read_sections(sections: Entry | None) -> tuple[SectionFormat, ...]:
    """The sections in the order of the file."""
    if sections is None:
        return ()
    owners: dict[str, str] = {}
    return tuple(_section(sections, key, value, owners) for key, value in sections.children())


def _section(sections: Entry, key: str, value: object, owners: dict[str, str]) -> SectionFormat:
    entry = sections.inner(key, value)
    if not _KEY.fullmatch(key) or key == OPENING:
        mend = "A section is called by a short name in small letters: news, sign-off. Readers never see it."
        entry.faults.add(WRONG_VALUE, entry.where(), f"a section cannot be called `{key}`", mend)
    items = entry.child("items")
    section = SectionFormat(
        key=key,
        headings=_headings(entry, key, owners),
        need=Need.REQUIRED if entry.flag("required", default=True) else Need.OPTIONAL,
        repeat=entry.bounds("repeat", _ONCE),
        words=entry.bounds("words"),
        figures=entry.bounds("figures"),
        items=_items(items) if items else None,
        contents=entry.flag("contents"),
        look=entry.word("look", SECTION_LOOKS, ""),
        hint=entry.text("hint"),
        span=entry.where(),
    )
    entry.done()
    _section_contradictions(entry, section)
    return section


def _section_contradictions(entry: Entry, section: SectionFormat) -> None:
    def contradiction(key: str, message: str, mend: str = "") -> None:
        entry.faults.add(CONTRADICTION, entry.where(key), message, mend)

    if section.repeat.maximum == 0:
        contradiction(
            "repeat", f"`{section.key}` may never come", "Take the section away, or let it come at least once."
        )
    if section.contents and section.items is None:
        contradiction("contents", "the list of contents is made from items, and this section has none", "Add `items`.")
    if section.items and _none(section.figures) and Need.REQUIRED in (section.items.picture, _last_picture(section)):
        contradiction("figures", "no figure is allowed here, but items need a picture")


def _last_picture(section: SectionFormat) -> Need:
    last = section.items.last if section.items else None
    return last.picture if last else Need.OPTIONAL


def _none(bounds: Bounds) -> bool:
    return bounds.maximum == 0


# ── Headings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headings(entry: Entry, key: str, owners: dict[str, str]) -> tuple[str, ...]:
    """The headings of a section; `owners` has the section of each heading so far."""
    found = []
    for place, heading in enumerate(entry.texts("heading", several="a heading or a list of headings") or ()):
        fault = heading_fault(heading)
        if fault:
            message = f"the heading `{heading}` cannot be read: {fault}"
            entry.faults.add(HEADING, entry.where("heading", place), message)
            continue
        found.append(heading)
        same = fold(heading).casefold()
        if same in owners:
            owner = "here" if owners[same] == key else f"by `{owners[same]}`"
            message = f"the heading `{heading}` is listed already, {owner}"
            entry.faults.add(TWICE, entry.where("heading", place), message)
        owners.setdefault(same, key)
    # A section whose headings are all faulty must not become a free one, which would swallow other sections.
    return tuple(found) or ((_NEVER,) if entry.has("heading") else ())


# ── Items ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _items(entry: Entry) -> ItemFormat:
    ordinary = _item(entry, ItemFormat())
    items = replace(
        ordinary,
        shape=entry.choice("shape", ItemShape, ItemShape.HEADING),
        count=entry.bounds("count"),
        numbered=entry.flag("numbered"),
    )
    last = entry.child("last")
    if last:
        items = replace(items, last=_item(last, replace(items, count=ANY)))
        last.done()
        if _none(items.count):
            message = "there is no last item: the section has no items"
            entry.faults.add(CONTRADICTION, entry.where("last"), message)
    entry.done()
    return items


def _item(entry: Entry, otherwise: ItemFormat) -> ItemFormat:
    """What an item needs; what `entry` does not say is as `otherwise`."""
    item = replace(
        otherwise,
        link=entry.need("link", otherwise.link),
        author=entry.need("author", otherwise.author),
        picture=entry.need("picture", otherwise.picture),
        categories=_categories(entry, otherwise.categories),
        words=entry.bounds("words", otherwise.words),
        look=entry.word("look", ITEM_LOOKS, otherwise.look),
        inner=entry.bounds("entries", otherwise.inner),
        hint=entry.text("hint", otherwise.hint),
    )
    if item.inner != ANY and item.look != "roundup":
        mend = "Add `look: roundup`, or take `entries` away."
        entry.faults.add(CONTRADICTION, entry.where("entries"), "only a round-up has short entries", mend)
    return item


def _categories(entry: Entry, otherwise: tuple[str, ...] | None) -> tuple[str, ...] | None:
    listed = entry.texts("categories", several="any, none or a list of categories")
    if listed is None:
        return otherwise
    if listed in {("any",), ("none",)}:
        return () if listed == ("any",) else None
    for place, category in enumerate(listed):
        if fold(category).casefold() in {fold(other).casefold() for other in listed[:place]}:
            entry.faults.add(TWICE, entry.where("categories", place), f"the category `{category}` is listed twice")
    return tuple(fold(category) for category in listed)
