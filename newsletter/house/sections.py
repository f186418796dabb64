"""The sections of a kind and what their items need, read from house.yaml."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.editions import NAMES, meant_name
from newsletter.house.format import Bounds, ItemFormat, Need, SectionFormat
from newsletter.house.headings import fold
from newsletter.house.manners import known_names, read_passages
from newsletter.house.patterns import heading_fault
from newsletter.house.values import ANY, CONTRADICTION, HEADING, TWICE, bounds, era_keys, need, not_empty, word
from newsletter.model import ItemShape
from newsletter.yamlread import Flaw, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import YamlDocument
    from newsletter.yamlread import Table

SECTION_LOOKS = ("roundup", "recommendation", "events", "sign-off")
FORGIVEN = ("case", "quotes", "dashes", "emoji")
OPENING = "opening"
"""The text before the first section: no section may be called so."""

KEY = re.compile(r"[a-z][a-z0-9_-]*")
_ONCE = Bounds(None, 1)
_NEVER = "\\{\\}"
"""A heading that nobody writes."""


def read_sections(
    sections: Table, document: YamlDocument, kinds: Sequence[str], forgive: frozenset[str]
) -> tuple[SectionFormat, ...]:
    """The sections in the order of the file.

    `kinds` are the kinds of links that there are; `forgive` is in what headings may differ where a section does not say.
    """
    owners: dict[str, str] = {}
    return tuple(_section(sections, key, document, owners, kinds, forgive) for key in sections.names())


def forgiven(table: Table, otherwise: frozenset[str] = frozenset()) -> frozenset[str]:
    """In what headings may differ from what the house format has: case, quotes, dashes, emoji; `all`, `nothing`."""
    said = table.texts("forgive", check=_forgive_flaw)
    if not said:
        return otherwise
    return frozenset(FORGIVEN if "all" in said else () if "nothing" in said else said)


def _forgive_flaw(word: str) -> Flaw | None:
    known = (*FORGIVEN, "all", "nothing")
    if word in known:
        return None
    close = nearest(word, known)
    mend = f"Did you mean `{close}`?" if close else f"Write some of {', '.join(FORGIVEN)}; or all, or nothing."
    return Flaw("is nothing that could be forgiven", mend)


def _only_flaw(word: str) -> Flaw | None:
    if word in NAMES:
        return None
    meant = meant_name(word)
    mend = f"Did you mean `{meant}`?" if meant else f"Write some of {', '.join(NAMES)}."
    return Flaw("is neither a reader nor an output of the letter", mend)


def _section(
    sections: Table,
    key: str,
    document: YamlDocument,
    owners: dict[str, str],
    kinds: Sequence[str],
    forgive: frozenset[str],
) -> SectionFormat:
    if not KEY.fullmatch(key) or key == OPENING:
        mend = "A section is called by a short name in small letters: news, sign-off. Readers never see it."
        sections.fault(f"a section cannot be called `{key}`", key, mend=mend, at_key=True)
    table = sections.table(key)
    section = SectionFormat(
        key=key,
        headings=_headings(table, key, owners),
        need=Need.REQUIRED if table.flag("required", default=True) else Need.OPTIONAL,
        repeat=bounds(table, "repeat", _ONCE),
        words=bounds(table, "words"),
        figures=bounds(table, "figures"),
        items=_items(table.table("items"), kinds) if isinstance(table.value("items"), dict) else None,
        contents=table.flag("contents"),
        look=table.text("look", choices=SECTION_LOOKS),
        hint=table.text("hint", lines=True),
        span=document.where_key("sections", key),
        place=table.text("place", choices=("first", "last")),
        contains=read_passages(table),
        forgive=forgiven(table, forgive),
        only=table.texts("only", check=_only_flaw),
    )
    era_keys(table)
    if section.items is None:
        table.table("items")  # reports what is no mapping
    _contradictions(table, section)
    return section


def _contradictions(table: Table, section: SectionFormat) -> None:
    if section.repeat.maximum == 0:
        mend = "Take the section away, or let it come at least once."
        table.fault(f"`{section.key}` may never come", "repeat", mend=mend, code=CONTRADICTION)
    if section.contents and section.items is None:
        message = "the list of contents is made from items, and this section has none"
        table.fault(message, "contents", mend="Add `items`.", code=CONTRADICTION)
    pictures = [kind.picture for kind in (section.items, section.items and section.items.last) if kind]
    if section.figures.maximum == 0 and Need.REQUIRED in pictures:
        table.fault("no figure is allowed here, but items need a picture", "figures", code=CONTRADICTION)


def _headings(table: Table, key: str, owners: dict[str, str]) -> tuple[str, ...]:
    """The headings of a section; `owners` has the section of each heading so far."""
    found = []
    if table.value("heading") == "any":
        return ()
    for place, heading in enumerate(table.texts("heading", check=not_empty)):
        if fault := heading_fault(heading):
            table.fault(f"the heading `{heading}` cannot be read: {fault}", "heading", place, code=HEADING)
            continue
        found.append(heading)
        same = fold(heading).casefold()
        if same in owners:
            owner = "here" if owners[same] == key else f"by `{owners[same]}`"
            table.fault(f"the heading `{heading}` is listed already, {owner}", "heading", place, code=TWICE)
        owners.setdefault(same, key)
    # A section whose headings are all faulty must not become a free one, which would swallow other sections.
    return tuple(found) or ((_NEVER,) if table.value("heading") is not None else ())


# ── Items ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _items(table: Table, kinds: Sequence[str]) -> ItemFormat:
    items = replace(
        _item(table, ItemFormat(), kinds),
        shape=word(table, "shape", ItemShape, ItemShape.HEADING),
        count=bounds(table, "count"),
        numbered=table.flag("numbered"),
    )
    era_keys(table)
    last = table.table("last")
    era_keys(last)
    if not last.names():
        return items
    if items.count.maximum == 0:
        table.fault("there is no last item: the section has no items", "last", code=CONTRADICTION)
    return replace(items, last=_item(last, replace(items, count=ANY), kinds))


def _item(table: Table, otherwise: ItemFormat, kinds: Sequence[str]) -> ItemFormat:
    """What an item needs; what `table` does not say is as `otherwise`."""
    item = replace(
        otherwise,
        link=need(table, "link", otherwise.link),
        author=need(table, "author", otherwise.author),
        picture=need(table, "picture", otherwise.picture),
        categories=_categories(table, otherwise.categories),
        words=bounds(table, "words", otherwise.words),
        look=table.text("look", otherwise.look, choices=("roundup",)),
        inner=bounds(table, "entries", otherwise.inner),
        hint=table.text("hint", otherwise.hint, lines=True),
        title=bounds(table, "title", otherwise.title),
        length=bounds(table, "length", otherwise.length),
        full_stop=need(table, "full_stop", otherwise.full_stop),
        credit=need(table, "credit", otherwise.credit),
        bold=need(table, "bold", otherwise.bold),
        link_kinds=known_names(table, "links_to", kinds, "kind of link") or otherwise.link_kinds,
    )
    if not item.inner.free and item.look != "roundup":
        mend = "Add `look: roundup`, or take `entries` away."
        table.fault("only a round-up has short entries", "entries", mend=mend, code=CONTRADICTION)
    return item


def _categories(table: Table, otherwise: tuple[str, ...] | None) -> tuple[str, ...] | None:
    listed = table.texts("categories", check=not_empty)
    if not listed:
        return otherwise
    if listed in {("any",), ("none",)}:
        return () if listed == ("any",) else None
    for place, category in enumerate(listed):
        if fold(category).casefold() in {fold(other).casefold() for other in listed[:place]}:
            table.fault(f"the category `{category}` is listed twice", "categories", place, code=TWICE)
    return tuple(fold(category) for category in listed)
