"""Reads the keys of house.yaml into a HouseFormat. Faults are added to the table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from newsletter.config.table import fill, nearest, read_number
from newsletter.config.wellformed import Flaw
from newsletter.diagnostics import Severity
from newsletter.digits import whole_number
from newsletter.house.expressions import expression_fault
from newsletter.house.format import (
    TYPE_NAMES,
    BlockFormat,
    Bounds,
    FieldFormat,
    FieldType,
    HouseFormat,
    ItemFormat,
    Need,
    Passage,
    QuotationFormat,
    SectionFormat,
    SectionGroup,
    SectionSet,
    StandingMatter,
)
from newsletter.house.forms import form_fault
from newsletter.house.headings import TEXT_FIELDS, fold, heading_fault, outline
from newsletter.house.keys import (
    ALL,
    ALL_ITEMS,
    ANY,
    BLOCKS,
    DOMAIN,
    FIELD,
    FORGIVEN,
    GROUP,
    ITEM,
    LINK_KIND,
    NONE,
    NOTHING,
    OPENING_NAME,
    RANGE,
    ROOT,
    ROUNDUP,
    RULE,
    SECTION,
    SECTION_NAME,
    STANDARD_FIELDS,
    USE,
    KeyKind,
    not_empty,
)
from newsletter.house.passages import passage_fault
from newsletter.house.patterns import fields_in, unclosed_fault
from newsletter.model import BLOCK_NAMES, ItemShape, Opener

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from enum import StrEnum

    from newsletter.config.table import ConfigTable, Key, Reader
    from newsletter.model import ReadingOptions

    Snippets = Callable[[str], tuple[str, str] | None]
    """From the name of a snippet to the path and text of its file."""

CONTRADICTION = "101"
HEADING = "102"
TWICE = "103"
SNIPPET = "104"
PLACE = "105"
EXPRESSION = "106"
SNIPPET_FIELD = "107"
NAME = "108"
"""An unknown name of a section, a kind of link or a group."""
ERA = "109"
BASE = "110"
VARIANT = "111"

_FIRST = ("sections", "opening", "figures", "links", "forgive", "order")
"""Keys that are read first, because other keys refer to them.

A message lists the keys in the order in which they are read.
"""
_DEALT_WITH = ("extends", "variants", "eras")
"""Keys that load.py and versions.py handle before the rest is read."""
_PLACES = ("start", "after opening", "before SECTION", "after SECTION", "end")
_NEVER = "\\{\\}"
"""A pattern that matches no heading."""


class Known(NamedTuple):
    """The names to which keys can refer while a house format is read, and the defaults that it has set so far."""

    kind: str
    snippets: Snippets
    sections: Sequence[str]
    elsewhere: Collection[str]
    """The keys of sections in other eras and variants. They may be named, too."""
    link_kinds: Sequence[str]
    forgive: frozenset[str]
    """The differences that headings may have, unless a section sets its own."""
    headings: dict[str, str]
    """The section of each heading so far."""
    quotations: QuotationFormat = QuotationFormat()
    """The requirements for quotations if a section has none."""
    section: str = ""
    """The section that is being read."""


def read_house(
    table: ConfigTable, *, kind: str, path: str, snippets: Snippets, draft: str, elsewhere: Collection[str] = ()
) -> HouseFormat:
    """The house format in a file, as far as it is valid.

    `elsewhere` are the keys of sections in other eras or variants, which may be named here, too.
    """
    for name in (*_FIRST, *_DEALT_WITH):
        table.value(name)
    kinds = _keys_of(_keys_of(table.value("links")).get("kinds"))
    forgive = _forgiven(table, _row(ROOT, "forgive"), frozenset(), None)
    sections = tuple(_keys_of(table.value("sections")))
    known = Known(kind, snippets, sections, elsewhere, tuple(kinds), forgive, {})
    quotations = fill(QuotationFormat(), BLOCKS["quotations"], table.table("quotations"), _READERS, known)
    known = known._replace(quotations=quotations)
    house = HouseFormat(kind, kind.replace("-", " ").capitalize(), path, draft=draft)
    for name in ("opening", "figures"):
        block = table.table(name)
        era_keys(block)
        house = fill(house, BLOCKS[name], block, _READERS, known)
    house = fill(house, ROOT, table, _READERS, known)
    house = _with_levels(replace(house, sections=_in_order(table, house.sections, known)))
    _contradictions(table, house)
    _contents_contradictions(table, house, house.sections)
    _unheaded_contradictions(table, house)
    return replace(house, reading=_reading(house))


def _reading(house: HouseFormat) -> ReadingOptions:
    """The options for parsing text, with those that sections without a heading need."""
    stories = next((section.items for section in house.sections if section.opener is Opener.ITEMS), None)
    return replace(
        house.reading,
        stories=stories.shape if stories else None,
        story_level=stories.level if stories else None,
        closing=any(section.opener is Opener.RULE for section in house.sections),
    )


def _with_levels(house: HouseFormat) -> HouseFormat:
    """The format with the parsing options for headings at other levels."""
    usual = house.reading.section_level
    own = [one for one in house.sections if house.level_of(one) != usual]
    above = [one for one in house.groups if house.level_of_group(one) == usual]
    if not own and not above:
        return house
    reading = replace(
        house.reading,
        own_levels=tuple((house.level_of(one), outline(heading)) for one in own for heading in one.headings),
        group_levels=tuple((usual, outline(heading)) for one in above for heading in one.headings),
    )
    return replace(house, reading=reading)


def _keys_of(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _row(keys: Sequence[Key], name: str) -> Key:
    return next(key for key in keys if key.name == name)


def era_keys(table: ConfigTable) -> None:
    """Marks the keys that any block may have as known. versions.py handles them before a block is read."""
    for key in ("since", "until", "eras"):
        table.value(key)


def _contradictions(table: ConfigTable, house: HouseFormat) -> None:
    required = [section for section in house.sections if section.need is Need.REQUIRED]
    for place in ("first", "last"):
        claimed = [section.key for section in required if section.place == place]
        if len(claimed) > 1:
            message = f"`{claimed[0]}` and `{claimed[1]}` cannot both be the {place} section"
            table.fault(message, "sections", claimed[1], "place", code=CONTRADICTION)
    least = sum((section.words.minimum or 0) * max(section.repeat.minimum or 0, 1) for section in required)
    if house.words.maximum is not None and least > house.words.maximum:
        message = f"the sections ask for {least} words or more, but the whole issue may have only {house.words.maximum}"
        table.fault(message, "words", code=CONTRADICTION)


def _unheaded_contradictions(table: ConfigTable, house: HouseFormat) -> None:
    """Reports formats in which stories outside of sections cannot be distinguished from other text."""
    stories = [section for section in house.sections if section.opener is Opener.ITEMS]
    for section in stories[1:]:
        message = f"`{stories[0].key}` and `{section.key}` cannot be distinguished: neither has a heading"
        table.fault(
            message, "sections", section.key, "heading", advice="Give one of them a heading.", code=CONTRADICTION
        )
    for section in stories[:1]:
        items, level = section.items, house.reading.section_level
        if items is None or items.shape is not ItemShape.HEADING:
            continue
        place = ("sections", section.key, "items", "level")
        free = next((other.key for other in house.sections if other.free), "")
        if items.level not in {None, level, level + 1}:
            message = f"items without a section open with {level} or {level + 1} `#`, not {items.level}"
            table.fault(message, *place, advice=f"Write {level} or {level + 1}.", code=CONTRADICTION)
        elif free and items.level != level + 1:
            message = (
                f"items at the level of sections cannot be distinguished from `{free}`, which can have any heading"
            )
            advice = f"Add `level: {level + 1}` to the items, or give `{free}` its heading."
            table.fault(message, *place, advice=advice, code=CONTRADICTION)


def _flag(table: ConfigTable, key: Key, otherwise: bool | Need, _known: Known) -> bool | Need:
    """A boolean. If the field of the record is a Need, true is required and false is optional."""
    if isinstance(otherwise, Need):
        return Need.REQUIRED if table.flag(key.name, default=otherwise is Need.REQUIRED) else Need.OPTIONAL
    return table.flag(key.name, default=otherwise)


_NOT_BOUNDS = Flaw("must be a number or a range", "Write 7, 5-9, at least 5 or at most 9.")


def read_bounds(table: ConfigTable, name: str, otherwise: Bounds) -> Bounds:
    """Bounds: `7`, `5-9`, `at least 5`, `at most 9` (or `5-`, `-9`)."""
    if isinstance(table.value(name), bool | list | dict):
        table.fault(f"{table.named(name)} {_NOT_BOUNDS.problem}", name, advice=_NOT_BOUNDS.advice)
        return otherwise
    written = table.text(name, check=lambda text: None if parse_bounds(text) else _NOT_BOUNDS)
    found = parse_bounds(written) if written else None
    if found is None:
        return otherwise
    low, high = found.minimum, found.maximum
    if low is not None and high is not None and low > high:
        message = f"{table.named(name)} can never hold: at least {low} and at most {high}"
        table.fault(message, name, advice=f"Write {high}-{low}.", code=CONTRADICTION)
        return otherwise
    return found


def parse_bounds(text: str) -> Bounds | None:
    """The bounds in a text; None if it is not valid."""
    match = RANGE.fullmatch(text)
    if match is None:
        return None
    numbers = {name: whole_number(digits) for name, digits in match.groupdict().items() if digits is not None}
    if None in numbers.values():
        return None
    if "exactly" in numbers:
        return Bounds(numbers["exactly"], numbers["exactly"])
    low = next((numbers[name] for name in ("low", "at_least", "from") if name in numbers), None)
    return Bounds(low, numbers.get("high", numbers.get("at_most")))


def _texts(table: ConfigTable, key: Key, *_: object) -> tuple[str, ...]:
    return table.texts(key.name, check=key.check or not_empty)


def _names(table: ConfigTable, key: Key, otherwise: tuple[str, ...], known: Known) -> tuple[str, ...]:
    if key.of == "section":
        return _section_names(table, key.name, known, *key.choices)
    return _known_names(table, key.name, known.link_kinds, key.of) or otherwise


def _section_names(table: ConfigTable, name: str, known: Known, *besides: str) -> tuple[str, ...]:
    return _known_names(table, name, (*besides, *known.sections), "section", known.elsewhere)


def _known_names(
    table: ConfigTable, key: str, known: Sequence[str], noun: str, elsewhere: Collection[str] = ()
) -> tuple[str, ...]:
    """A list of names that are defined elsewhere in the file, such as keys of sections. Others are faults.

    `elsewhere` are names in other eras and variants. They are no faults, and are left out of the result.
    """
    found = []
    names = table.texts(key)
    for place, name in enumerate(names):
        steps = (key, place) if isinstance(table.value(key), list) else (key,)
        if name in names[:place]:
            table.fault(f"`{name}` is listed twice", *steps, code=TWICE)
        elif name not in known and name not in elsewhere:
            table.fault(f"there is no {noun} `{name}`", *steps, advice=names_advice(name, known, noun), code=NAME)
        elif name in known:
            found.append(name)
    return tuple(found)


def _report_repeated(table: ConfigTable, key: str, texts: Sequence[str]) -> None:
    for place, text in enumerate(texts):
        if text in texts[:place]:
            table.fault(f"`{text}` is listed twice", key, place, code=TWICE)


def names_advice(name: str, known: Sequence[str], noun: str) -> str:
    """The name that was probably meant, else a list of the names."""
    close = nearest(name, known)
    return (
        f"Did you mean `{close}`?"
        if close
        else f"Choose one of: {', '.join(known)}."
        if known
        else f"There is no {noun}."
    )


def _passages(table: ConfigTable, key: Key, _otherwise: object, _known: Known) -> tuple[Passage, ...]:
    """The required passages. A passage may have a number: how often it must be there."""
    if not isinstance(table.value(key.name), dict):
        return tuple(Passage(text) for _, text in _readable(table, key.name, "passage"))
    counts = table.table(key.name)
    found = tuple(Passage(text, read_bounds(counts, text, Bounds(1, None))) for text in counts.names() if text.strip())
    for one in found:
        if fault := passage_fault(one.text):
            counts.fault(_unreadable("passage", one.text, fault), one.text, advice=_BRACE, code=HEADING, at_key=True)
    return found


_BRACE = "To write a plain brace, use `\\{`."


def _unreadable(noun: str, text: str, fault: str) -> str:
    return f"the {noun} `{text}` cannot be read: {fault}"


def _readable(table: ConfigTable, name: str, noun: str) -> Iterator[tuple[int, str]]:
    """The patterns, headings or passages that are valid, each with its index in the list."""
    fault_of = {"heading": heading_fault, "passage": passage_fault}.get(noun, form_fault)
    for place, text in enumerate(table.texts(name, check=not_empty)):
        if fault := fault_of(text):
            advice = _BRACE if noun == "passage" else ""
            table.fault(_unreadable(noun, text, fault), name, place, advice=advice, code=HEADING)
        else:
            yield place, text


def _headings(table: ConfigTable, key: Key, _otherwise: object, known: Known) -> tuple[str, ...]:
    if table.value(key.name) in (ANY, NONE):
        return ()
    found = []
    for place, heading in _readable(table, key.name, "heading"):
        found.append(heading)
        same = fold(heading).casefold()
        if owner := known.headings.get(same):
            where = "here" if owner == known.section else f"by `{owner}`"
            table.fault(f"the heading `{heading}` is already listed, {where}", key.name, place, code=TWICE)
        known.headings.setdefault(same, known.section)
    # A section whose headings all have faults must not become a free one, which would match other sections.
    return tuple(found) or ((_NEVER,) if table.value(key.name) is not None else ())


def _categories(
    table: ConfigTable, key: Key, otherwise: tuple[str, ...] | None, _known: Known
) -> tuple[str, ...] | None:
    listed = table.texts(key.name, check=not_empty)
    if not listed:
        return otherwise
    if listed in {("any",), ("none",)}:
        return () if listed == ("any",) else None
    folded = [fold(category) for category in listed]
    for place, category in enumerate(folded):
        if category.casefold() in {other.casefold() for other in folded[:place]}:
            table.fault(f"the category `{listed[place]}` is listed twice", key.name, place, code=TWICE)
    return tuple(folded)


def _tags(table: ConfigTable, key: Key, otherwise: tuple[str, ...] | None, _known: Known) -> tuple[str, ...] | None:
    """Tags, with or without brackets; `none` for no tag, `any` for any."""
    listed = table.texts(key.name, check=not_empty)
    if not listed:
        return otherwise
    if listed in {("any",), ("none",)}:
        return () if listed == ("none",) else None
    tags = [fold(tag.strip("[]［］【】")) for tag in listed]
    for place, tag in enumerate(tags):
        if tag in tags[:place]:
            table.fault(f"the tag `{listed[place]}` is listed twice", key.name, place, code=TWICE)
    return tuple(tags)


def _pattern(table: ConfigTable, key: Key, otherwise: str, _known: Known) -> str:
    pattern = table.text(key.name)
    if fault := expression_fault(pattern):
        message = f"{table.named(key.name)}, `{_shortened(pattern)}`, is not a usable regular expression: {fault}"
        table.fault(message, key.name, code=EXPRESSION)
        return otherwise
    return pattern


def _shortened(pattern: str) -> str:
    return pattern if len(pattern) <= _SHOWN else pattern[: _SHOWN - 1] + "…"


_SHOWN = 60
"""The most characters of a pattern that a finding shows."""


def _forgiven(table: ConfigTable, key: Key, otherwise: frozenset[str], _known: object) -> frozenset[str]:
    words = table.texts(key.name, check=key.check)
    if not words:
        return otherwise
    return frozenset(FORGIVEN if ALL in words else () if NOTHING in words else words)


def _block(above: ConfigTable, key: Key, otherwise: Any, known: Known) -> object:
    table = above.table(key.name)
    filled = fill(otherwise, BLOCKS[key.of], table, _READERS, known)
    era_keys(table)
    return filled


def _avoid(table: ConfigTable, key: Key, _otherwise: object, _known: Known) -> dict[str, str]:
    """A list of words, or words with advice."""
    if not isinstance(table.value(key.name), dict):
        return dict.fromkeys(table.texts(key.name, check=not_empty), "")
    advice = table.table(key.name)
    return {word: advice.text(word) for word in advice.names()}


def _front(front: ConfigTable, known: Known) -> tuple[FieldFormat, ...]:
    """The fields of a kind: those of its house format, in order, then the other standard ones."""
    listed = tuple(_field(front, name, known, STANDARD_FIELDS.get(name)) for name in front.names())
    names = {field.name for field in listed}
    rest = (FieldFormat(name, holds) for name, holds in STANDARD_FIELDS.items() if name not in names)
    return (*listed, *rest)


def _fields(fields: ConfigTable, known: Known) -> tuple[FieldFormat, ...]:
    return tuple(_field(fields, name, known, None) for name in fields.names())


def _field(front: ConfigTable, name: str, known: Known, standard: FieldType | None) -> FieldFormat:
    field = FieldFormat(name, standard or FieldType.TEXT, span=front.where_key(name))
    if isinstance(front.value(name), str):
        need = front.text(name, "optional", choices=("required", "optional"))
        return replace(field, required=need == "required")
    table = front.table(name)
    if _keys_of(table.value("fields")):
        field = replace(field, type=FieldType.NESTED)
    field = fill(field, FIELD, table, _READERS, known)
    era_keys(table)
    _field_contradictions(table, field, standard)
    return field


_WITH_LENGTH = (FieldType.TEXT, FieldType.LIST, FieldType.NUMBER)
_WITH_WORDS = (FieldType.TEXT, FieldType.LIST)


def keys_without(holds: FieldType) -> tuple[str, ...]:
    """The keys that a field of this type cannot have."""
    without = () if holds in _WITH_LENGTH else ("length",)
    words = () if holds in _WITH_WORDS else ("pattern", "choices", "form")
    return (*without, *words, *(() if holds is FieldType.NESTED else ("fields",)))


def _field_contradictions(table: ConfigTable, field: FieldFormat, standard: FieldType | None) -> None:
    def contradiction(key: str, message: str, advice: str = "") -> None:
        table.fault(message, key, advice=advice, code=CONTRADICTION)

    holds = f"`{field.name}` holds {TYPE_NAMES[field.type]}"
    if standard not in {None, field.type}:
        contradiction("type", f"`{field.name}` always holds {TYPE_NAMES[standard or field.type]}", "Remove `type`.")
    if field.type is FieldType.NESTED and not field.fields:
        contradiction("type", f"`{field.name}` is nested, but has no fields", "List them under `fields`.")
    given = {
        "length": not field.length.free,
        "pattern": field.pattern,
        "choices": field.choices,
        "form": field.forms,
        "fields": field.fields,
    }
    for key in keys_without(field.type):
        if given[key]:
            what, advice = _CANNOT_HAVE.get(key, (f"no {key}", "Remove it."))
            contradiction(key, f"{holds}, which has {what}", advice)
    if field.consecutive and field.name != "number":
        message = f"only `number` continues from the previous issue, not `{field.name}`"
        contradiction("consecutive", message, "Remove it.")
    _report_repeated(table, "choices", field.choices)


_CANNOT_HAVE = {"length": ("no length", ""), "fields": ("no fields of its own", "")}


def _sections(sections: ConfigTable, known: Known) -> tuple[SectionFormat, ...]:
    return tuple(_section(sections, name, known._replace(section=name)) for name in sections.names())


def _section(sections: ConfigTable, name: str, known: Known) -> SectionFormat:
    if not SECTION_NAME.fullmatch(name) or name == OPENING_NAME:
        advice = "A section has a short lower-case name, such as news or sign-off. Readers never see it."
        sections.fault(f"`{name}` cannot be the name of a section", name, advice=advice, at_key=True)
    table = sections.table(name)
    section = SectionFormat(name, span=sections.where_key(name), forgive=known.forgive, quotations=known.quotations)
    section = fill(section, SECTION, table, _READERS, known)
    if table.value("heading") == NONE:
        section = replace(section, opener=Opener.ITEMS if section.items else Opener.RULE)
    era_keys(table)
    _section_contradictions(table, section)
    return section


def _section_contradictions(table: ConfigTable, section: SectionFormat) -> None:
    if section.repeat.maximum == 0:
        advice = "Remove the section, or allow it at least once."
        table.fault(f"`{section.key}` is never allowed", "repeat", advice=advice, code=CONTRADICTION)
    if section.level and not section.headings:
        message = f"`{section.key}` has its own level but no heading to recognize it by"
        table.fault(message, "level", advice="Add a line `heading: …`.", code=CONTRADICTION)
    if section.only and section.opener is not Opener.HEADING:
        advice = "Write `::: only paid` around it in the issue: text for some readers only needs its own heading or directive."
        table.fault("a section without a heading is for all readers", "only", advice=advice, code=CONTRADICTION)
    if (section.contents or section.contents_written) and section.items is None:
        message = "the table of contents is made from items, but this section has none"
        table.fault(message, "contents", advice="Add `items`.", code=CONTRADICTION)
    _contents_contradictions(table, section, [section])
    if section.items and section.items.level and section.opener is not Opener.ITEMS:
        message = "only items of a section without a heading can have their own level"
        table.fault(message, "items", "level", advice="Add `heading: none`, or remove it.", code=CONTRADICTION)
    pictures = [kind.picture for kind in (section.items, section.items and section.items.last) if kind]
    if section.figures.maximum == 0 and Need.REQUIRED in pictures:
        table.fault("figures are not allowed here, but items need a picture", "figures", code=CONTRADICTION)


def _contents_contradictions(
    table: ConfigTable, record: HouseFormat | SectionFormat, sections: Sequence[SectionFormat]
) -> None:
    """Reports a contradiction in the contents list of `sections`."""
    if fault := _heading_of_contents_fault(record.contents_heading):
        table.fault(f"the heading of the contents list cannot be read: {fault}", "contents_heading", code=HEADING)
    if record.contents and record.contents_written:
        message, advice = "the contents list is both generated and written by hand", "Remove one of them."
        table.fault(message, "contents_written", advice=advice, code=CONTRADICTION)
    in_categories = any(one.items and one.items.categories is not None for one in sections)
    listed = record.contents or record.contents_written
    if listed and record.contents_of == "categories" and sections and not in_categories:
        message, advice = (
            "a contents list of categories needs items with categories",
            "Add `categories: any` to the items.",
        )
        table.fault(message, "contents_of", advice=advice, code=CONTRADICTION)


def _heading_of_contents_fault(heading: str) -> str:
    if not fields_in(heading) and not unclosed_fault(heading):
        return ""
    unknown = next((piece for piece in fields_in(heading) if piece.field in TEXT_FIELDS), None)
    return f"`{unknown.text}` has no value" if unknown else heading_fault(heading)


def _items(above: ConfigTable, key: Key, _otherwise: object, known: Known) -> ItemFormat | None:
    table = above.table(key.name)
    if not isinstance(above.value(key.name), dict):
        return None
    items = fill(_item(table, ItemFormat(), known), ALL_ITEMS, table, _READERS, known)
    era_keys(table)
    last = table.table("last")
    era_keys(last)
    if not last.names():
        return items
    if items.count.maximum == 0:
        table.fault("the section has no items, so it has no last item", "last", code=CONTRADICTION)
    return replace(items, last=_item(last, replace(items, count=Bounds()), known))


def _item(table: ConfigTable, otherwise: ItemFormat, known: Known) -> ItemFormat:
    """The requirements of an item. Keys missing in `table` are as in `otherwise`."""
    item = fill(otherwise, ITEM, table, _READERS, known)
    if not item.inner.free and item.look != ROUNDUP:
        advice = "Add `look: roundup`, or remove `entries`."
        table.fault("only a round-up can have `entries`", "entries", advice=advice, code=CONTRADICTION)
    return item


_ORDERS = "Write fixed, free, or the keys of sections in their order: [essay, [news, jobs], sign-off]."


def _in_order(table: ConfigTable, sections: Sequence[SectionFormat], known: Known) -> tuple[SectionFormat, ...]:
    """The sections with their ranks, by `order`.

    `fixed` is the listed order, `free` any order. A list gives the order of the sections in it; those in an inner
    list may be in any order, and those that are not listed may be anywhere.
    """
    key = _row(ROOT, "order")
    value = table.value(key.name)
    if isinstance(value, list):
        ranks = _ranks(table, value, known)
        return tuple(replace(section, rank=ranks.get(section.key)) for section in sections)
    if table.text(key.name, "fixed", choices=() if isinstance(value, (dict, bool)) else key.choices) == "free":
        return tuple(sections)
    return tuple(replace(section, rank=rank) for rank, section in enumerate(sections))


def _ranks(table: ConfigTable, order: Sequence[object], known: Known) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, entry in enumerate(order):
        for steps, key in _listed(entry, rank):
            if not isinstance(key, str):
                table.fault(f"{table.named(*steps)} must be the key of a section", *steps, advice=_ORDERS)
            elif key not in known.sections and key not in known.elsewhere:
                advice = names_advice(key, known.sections, "section")
                table.fault(f"there is no section `{key}`", *steps, advice=advice, code=NAME)
            elif key in ranks:
                table.fault(f"`{key}` is listed twice", *steps, code=TWICE)
            else:
                ranks[key] = rank
    return ranks


def _listed(entry: object, rank: int) -> Iterator[tuple[tuple[str | int, ...], object]]:
    if isinstance(entry, list):
        for place, inner in enumerate(entry):
            yield ("order", rank, place), inner
    else:
        yield ("order", rank), entry


def _sets(sets: ConfigTable, known: Known) -> tuple[SectionSet, ...]:
    """The sets of sections of which some are required: a list of keys, or a block with their number."""
    found = []
    for name in sets.names():
        one = SectionSet(name, (), span=sets.where_key(name))
        if isinstance(sets.value(name), dict):
            table = sets.table(name)
            one = fill(one, BLOCKS["set"], table, _READERS, known)
            era_keys(table)
        else:
            table = sets
            one = replace(one, sections=_section_names(sets, name, known))
        if (one.count.minimum or 0) > len(one.sections) > 0:
            message = f"the set needs at least {one.count.minimum} sections but has {len(one.sections)}"
            table.fault(message, "count", code=CONTRADICTION)
        found.append(one)
    return tuple(found)


def _groups(groups: ConfigTable, known: Known) -> tuple[SectionGroup, ...]:
    """The headings above sections, each with its sections."""
    found = []
    owners: dict[str, str] = {}
    for name in groups.names():
        table = groups.table(name)
        group = fill(SectionGroup(name, (), span=groups.where_key(name)), GROUP, table, _READERS, known)
        era_keys(table)
        if table.value("heading") is None:
            table.fault(f"the group `{name}` has no heading", advice="Add a line `heading: …`.", at_key=True)
        for key in group.sections:
            if owners.setdefault(key, name) != name:
                table.fault(f"`{key}` is already under `{owners[key]}`", "sections", code=TWICE)
        found.append(group)
    return tuple(found)


def _uses(uses: ConfigTable, known: Known) -> tuple[BlockFormat, ...]:
    """The requirements for blocks, by name: a need, a count, or a block with both and more."""
    found = []
    for name in uses.names():
        one = BlockFormat(name)
        if name not in BLOCK_NAMES:
            advice = names_advice(name, BLOCK_NAMES, "block")
            uses.fault(f"there is no block `{name}`", name, advice=advice, code=NAME, at_key=True)
        value = uses.value(name)
        if isinstance(value, dict):
            table = uses.table(name)
            one = fill(one, USE, table, _READERS, known)
            era_keys(table)
        elif isinstance(value, str) and value in _NEEDED:
            one = replace(one, count=_NEEDED[value])
        else:
            one = replace(one, count=read_bounds(uses, name, one.count))
        found.append(one)
    return tuple(found)


_NEEDED = {"required": Bounds(1), "optional": Bounds(), "forbidden": Bounds(0, 0)}


def _spelling(table: ConfigTable, _known: Known) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for right in table.names():
        wrong = tuple(dict.fromkeys(table.texts(right, check=not_empty)))
        if not wrong and table.value(right) in (None, []):
            advice = f"Write it as `{right}: [{right.lower()}]`, with every spelling that is wrong."
            table.fault(f"`{right}` has no wrong spellings to replace", right, advice=advice, at_key=True)
        if right in wrong:
            table.fault(f"`{right}` is listed as both right and wrong", right, code=CONTRADICTION)
        found[right] = tuple(word for word in wrong if word != right)
    return found


def _link_kinds(kinds: ConfigTable, _known: Known) -> dict[str, tuple[str, ...]]:
    return {kind: _domains(kinds, kind) for kind in kinds.names()}


def _domains(kinds: ConfigTable, kind: str) -> tuple[str, ...]:
    if not LINK_KIND.fullmatch(kind):
        advice = "Write a short lower-case name, such as source or video."
        kinds.fault(f"`{kind}` cannot be the name of a kind of link", kind, advice=advice, at_key=True)
    domains = tuple(domain.lower() for domain in kinds.texts(kind, check=_domain_flaw))
    _report_repeated(kinds, kind, domains)
    return domains


def _domain_flaw(text: str) -> Flaw | None:
    if "://" in text:
        return Flaw("is an address, not a domain", f"Write {text.partition('://')[2].rstrip('/')}.")
    return None if DOMAIN.fullmatch(text) else Flaw("is not a domain", "Write it as in an address: github.com.")


def _severities(table: ConfigTable, _known: Known) -> dict[str, Severity]:
    found = {}
    for code in table.names():
        found[code] = Severity(table.text(code, Severity.ERROR, choices=tuple(Severity)))
        if not RULE.fullmatch(code):
            advice = "Write a code such as ST104, or a family such as FG."
            table.fault(f"`{code}` is not a rule", code, advice=advice, at_key=True)
    return found


def _standing(table: ConfigTable, known: Known) -> tuple[StandingMatter, ...]:
    found = []
    for name in table.names():
        place = _place(table, name, (*known.sections, *known.elsewhere))
        file = known.snippets(name)
        if file is None:
            advice = f"Write it as templates/{known.kind}/snippets/{name}.md; use a lower-case name."
            table.fault(f"there is no snippet `{name}`", name, advice=advice, code=SNIPPET, at_key=True)
            continue
        path, text = file
        found.append(StandingMatter(name, place, text, path, table.where(name)))
    return tuple(found)


def _place(table: ConfigTable, name: str, keys: Sequence[str]) -> str:
    """The place of a snippet, as in StandingMatter: `after news` becomes `after:news`."""
    value = table.value(name)
    words = value.split() if isinstance(value, str) else []
    if words in (["start"], ["end"], ["after", OPENING_NAME]):
        return "-".join(words)
    if len(words) == 2 and words[0] in {"before", "after"}:
        if words[1] not in keys:
            close = nearest(words[1], keys)
            advice = f"Did you mean `{close}`?" if close else f"The sections are: {', '.join(keys)}." if keys else ""
            table.fault(f"there is no section `{words[1]}`", name, advice=advice, code=PLACE)
        return ":".join(words)
    advice = f"Write one of: {', '.join(_PLACES)}."
    table.fault(f"`{name}` needs a place", name, advice=advice, code=PLACE)
    return "end"


_READERS: dict[StrEnum, Reader] = {
    KeyKind.LINE: lambda table, key, otherwise, _: table.text(key.name, otherwise),
    KeyKind.LINES: lambda table, key, otherwise, _: table.text(key.name, otherwise, lines=True),
    KeyKind.FLAG: _flag,
    KeyKind.NEED: lambda table, key, otherwise, _: Need(table.text(key.name, otherwise, choices=tuple(Need))),
    KeyKind.WORD: lambda table, key, otherwise, _: type(otherwise)(
        table.text(key.name, otherwise, choices=key.choices)
    ),
    KeyKind.NUMBER: read_number,
    KeyKind.COUNT: lambda table, key, otherwise, _: read_bounds(table, key.name, otherwise),
    KeyKind.TEXTS: _texts,
    KeyKind.WORDS: lambda table, key, otherwise, _: tuple(dict.fromkeys((*otherwise, *_texts(table, key)))),
    KeyKind.NAMES: _names,
    KeyKind.PASSAGES: _passages,
    KeyKind.HEADINGS: _headings,
    KeyKind.FORMS: lambda table, key, *_: tuple(form for _, form in _readable(table, key.name, key.of)),
    KeyKind.CATEGORIES: _categories,
    KeyKind.TAGS: _tags,
    KeyKind.PATTERN: _pattern,
    KeyKind.FORGIVEN: _forgiven,
    KeyKind.BLOCK: _block,
    KeyKind.NAMED: lambda table, key, _, known: _NAMED[key.of](table.table(key.name), known),
    KeyKind.ITEMS: _items,
    KeyKind.AVOID: _avoid,
}
"""The readers by kind of key. Other kinds are read in the place where they are used."""
_NAMED: dict[str, Callable[[ConfigTable, Known], object]] = {
    "front": _front,
    "field": _fields,
    "section": _sections,
    "set": _sets,
    "group": _groups,
    "use": _uses,
    "place": _standing,
    "spelling": _spelling,
    "domains": _link_kinds,
    "weight": _severities,
}
"""The readers of the values in blocks with names as keys."""
