"""Describes a house format in words, for `newsletter house show`.

The phrases in keys.py (`phrase`) come after the lines that are written here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.house.draft import bounds_words
from newsletter.house.format import TYPE_NAMES, Bounds, FieldType, Need
from newsletter.house.keys import BLOCKS, FIELD, FIGURES, GROUP, LINKS, OPENING, QUOTATIONS, ROOT, SECTION, USE, KeyKind
from newsletter.model import ItemShape, Opener, ReadingOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.config.table import Key
    from newsletter.house.format import FieldFormat, HouseFormat, ItemFormat, Passage, SectionFormat

NOT_DESCRIBED = {
    "root.extends": "what it takes from the other kind is shown as its own",
    "root.forgive": "it is shown for each section",
    "root.variants": "`house show` lists them, and shows one by its name",
}
"""Keys that are not described, with the reason."""

_SHAPES = {
    ItemShape.HEADING: "sub-headings",
    ItemShape.BULLET: "bullets",
    ItemShape.LEAD: "bold leads",
    ItemShape.NUMBERED: "numbered paragraphs",
}
_OPENED = {
    Opener.HEADING: "any heading",
    Opener.ITEMS: "no heading: stories after the opening",
    Opener.RULE: "no heading: after a `---`",
}
_WIDTH = 15
"""The width of the column of names, in characters."""
_ORDINARY = ReadingOptions()


def describe(house: HouseFormat) -> Iterator[str]:
    """The description of a format, in lines."""
    variant = f", variant {house.variant}" if house.variant else ""
    yield f"{house.name} ({house.kind}{variant}) from {house.path}"
    for title, lines in (
        ("Front matter", _front(house)),
        ("Text", _text(house)),
        (f"Sections{_order(house)}", _sections(house)),
        (
            "Standing matter",
            (_line(one.snippet, one.place.replace("-", " ").replace(":", " ")) for one in house.standing),
        ),
        ("Anywhere", _anywhere(house)),
        ("Severities", (_line(code, str(severity)) for code, severity in house.severities.items())),
    ):
        listed = list(lines)
        if listed:
            yield ""
            yield title
            yield from (f"  {line}" for line in listed)


def _line(name: str, *parts: str) -> str:
    return f"{name:<{_WIDTH}}  {' · '.join(part for part in parts if part)}".rstrip()


def _phrases(keys: Sequence[Key], record: object, names: Sequence[str]) -> list[str]:
    """The phrases for these keys."""
    rows = {key.name: key for key in keys}
    return [_phrase(rows[name], getattr(record, rows[name].fills)) for name in names]


def _rest(keys: Sequence[Key], record: object, names: Sequence[str]) -> list[str]:
    """The phrases of the other keys."""
    return _phrases(keys, record, [key.name for key in keys if key.phrase and key.name not in names])


def _phrase(key: Key, value: object) -> str:
    match key.kind, value:
        case _, bool():
            return key.phrase if value else ""
        case KeyKind.COUNT, Bounds():
            return bounds_words(value, key.phrase)
        case KeyKind.NEED, Need():
            return {Need.REQUIRED: key.phrase, Need.FORBIDDEN: f"no {key.phrase}"}.get(value, "")
        case KeyKind.FORGIVEN, frozenset():
            value = ", ".join(word for word in key.choices if word in value)
        case KeyKind.FORMS, tuple():
            value = _either(value)
        case KeyKind.NAMES, tuple():
            value = " or ".join(value)
        case _, tuple():
            value = ", ".join(value)
        case KeyKind.LINES, str() if value:
            value = f"“{_short(value)}”"
        case _, int():
            value = f"{value:,}"
        case _:
            pass
    return key.phrase.format(value) if value else ""


def _front(house: HouseFormat) -> Iterator[str]:
    for field in house.fields:
        if field.span.end:
            yield from _field(field, "")
    yield _line("other fields", "welcome" if house.own_fields else "unknown")
    if house.file_names:
        yield _line("name of file", _either(house.file_names))


_FIELD = ("pattern", "form", "choices", "consecutive")


def _field(field: FieldFormat, indent: str) -> Iterator[str]:
    units = {FieldType.TEXT: "characters", FieldType.LIST: "entries"}
    yield _line(
        indent + field.name,
        "required" if field.required else "optional",
        TYPE_NAMES[field.type],
        bounds_words(field.length, units.get(field.type, "")),
        *_phrases(FIELD, field, _FIELD),
        *_rest(FIELD, field, _FIELD),
    )
    for inner in field.fields:
        yield from _field(inner, indent + "  ")


def _text(house: HouseFormat) -> Iterator[str]:
    hint = f"hint: “{_short(house.opening_hint)}”" if house.opening_hint else ""
    contained = _contains(house.opening_contains)
    framed = _phrases(OPENING, house, ("begins", "ends"))
    yield _line("opening", _needed(house.opening_need), bounds_words(house.opening, "words"), *framed, *contained, hint)
    framed = _phrases(ROOT, house, ("begins", "ends"))
    if not house.words.free or house.contains or any(framed):
        yield _line("whole issue", bounds_words(house.words, "words"), *framed, *_contains(house.contains))
    if contents := _contents(ROOT, house):
        yield _line("contents", *contents)
    for key in ROOT:
        if key.phrase and key.kind is KeyKind.FLAG and key.name not in _CONTENTS and getattr(house, key.fills, False):
            yield _line(key.name.replace("_", " "), key.phrase)
    if house.reading.section_level != _ORDINARY.section_level:
        marks = "#" * house.reading.section_level
        yield _line("section level", f"sections open with {marks}, items with {marks}#")


_CONTENTS = ("contents", "contents_of", "contents_heading", "contents_written")


def _contents(keys: Sequence[Key], record: HouseFormat | SectionFormat) -> list[str]:
    """The sentences about a contents list, if there is one.

    Its entries are described only if they are not the items.
    """
    if not (record.contents or record.contents_written or record.contents_heading or record.contents_of != "items"):
        return []
    names = [name for name in _CONTENTS if name != "contents_of" or record.contents_of != "items"]
    return list(filter(None, _phrases(keys, record, names)))


def _order(house: HouseFormat) -> str:
    ranks = [section.rank for section in house.sections]
    if all(rank is None for rank in ranks):
        return ", in any order"
    return ", in this order" if len(set(ranks)) == len(ranks) and None not in ranks else ", partly in this order"


_SECTION = ("words", "figures", "place", "only")


def _sections(house: HouseFormat) -> Iterator[str]:
    ranks = [section.rank for section in house.sections]
    for section in sorted(house.sections, key=lambda one: (one.rank is None, one.rank or 0)):
        yield _line(
            section.key,
            {Need.REQUIRED: "required", Need.OPTIONAL: "optional"}.get(section.need, "never"),
            _either(section.headings) or _OPENED[section.opener],
            _times(section),
            *_phrases(SECTION, section, _SECTION),
            _where(section, ranks),
            *_contains(section.contains),
            *_contents(SECTION, section),
            *(_phrases(QUOTATIONS, section.quotations, ("source",)) if section.quotations != house.quotations else ()),
            *_rest(SECTION, section, (*_SECTION, *_CONTENTS)),
        )
        if section.items is not None:
            count = bounds_words(section.items.count, "") or "any number"
            yield _line("  items", f"{count} as {_SHAPES[section.items.shape]}", *_item(section.items))
            if last := section.items.last:
                yield _line("  last item", *_item(last, section.items.hint))
    for one in house.sets:
        yield _line(f"of {one.name}", f"{bounds_words(one.count, 'of')} {', '.join(one.sections)}")
    for group in house.groups:
        above = f"above {', '.join(group.sections)}" if group.sections else "by itself"
        level = _phrases(GROUP, group, ("level",))
        yield _line(f"group {group.key}", _either(group.headings), *level, above, "" if group.required else "optional")


def _where(section: SectionFormat, ranks: Sequence[int | None]) -> str:
    if section.rank is None:
        return "" if section.place else "anywhere"
    return "in any order with those next to it" if ranks.count(section.rank) > 1 else ""


def _times(section: SectionFormat) -> str:
    low, high = section.repeat.minimum, section.repeat.maximum
    return "" if high == 1 and low in (None, 1) else bounds_words(section.repeat, "times") or "as often as you like"


_ITEMS = BLOCKS["items"]
_UNTITLED = "without title"
_ITEM = ("look", "numbered", "link", "author", "picture", "credit", "full_stop", "bold")
_BELOW = ("links_to", "words", "entries", "title", "length")


def _item(item: ItemFormat, hint: str = "") -> Iterator[str]:
    """The requirements of each item. Its hint is left out if it has been shown already."""
    item = replace(item, hint="" if item.hint == hint else item.hint)
    yield from _phrases(_ITEMS, item, _ITEM)
    if item.categories is not None:
        yield f"category of {_short(', '.join(item.categories))}" if item.categories else "a category"
    if item.tags is not None:
        yield f"tags {_short(', '.join(f'[{tag}]' for tag in item.tags))}" if item.tags else "no tags"
    untitled = item.title.maximum == 0
    yield _UNTITLED if untitled else ""
    yield from _phrases(_ITEMS, item, [name for name in _BELOW if not (untitled and name == "title")])
    yield from _rest(_ITEMS, item, (*_ITEM, *_BELOW))


def _anywhere(house: HouseFormat) -> Iterator[str]:
    text, links, pictures = house.text, house.links, house.pictures
    for called, need in (("captions", house.caption), ("credits", house.credit)):
        if need is not Need.OPTIONAL:
            yield _line(called, need)
    if house.quotations.source is not Need.OPTIONAL:
        yield _line("quotations", *_phrases(QUOTATIONS, house.quotations, ("source",)))
    for block in house.blocks:
        limits = (bounds_words(block.count, ""), *_phrases(USE, block, ("words", "sections", "names")))
        yield _line(f"::: {block.name}", " · ".join(filter(None, limits)) or "any")
    yield from _listed("never", house.never)
    for word, advice in house.wording.avoid.items():
        yield _line("avoid", f"{word}: {_short(advice)}" if advice else word)
    for right, wrong in house.wording.spelling.items():
        yield _line("spelling", f"{right}, not {' or '.join(wrong)}" if wrong else right)
    yield from _listed("placeholders", text.placeholders)
    for name, phrase in (
        ("quotes", text.quotes),
        ("sentences", bounds_words(text.sentence, "words")),
        ("paragraphs", bounds_words(text.paragraph, "words")),
        ("pictures", " · ".join(filter(None, _phrases(FIGURES, pictures, ("weight", "width", "formats"))))),
    ):
        if phrase:
            yield _line(name, phrase)
    credit_words = [word for word in house.reading.credit_words if word not in _ORDINARY.credit_words]
    yield from _listed("credit words", credit_words)
    for kind, domains in links.kinds.items():
        yield _line(f"{kind} links", _short(", ".join(domains)))
    yield from _listed("links may have", filter(None, _phrases(LINKS, links, ("http", "tracking", "shorteners"))))
    if links.keep_parameters:
        yield _line("links may keep", _short(", ".join(links.keep_parameters)))
    if links.repeats:
        yield _line("may repeat in", ", ".join(links.repeats))
    if house.reading.allow_html:
        yield _line("raw HTML", "let through, cleaned")


def _listed(name: str, words: Iterable[str]) -> Iterator[str]:
    if listed := ", ".join(words):
        yield _line(name, _short(listed, 90))


def _contains(passages: Iterable[Passage]) -> list[str]:
    return [f"says `{_short(one.text)}`{_how_often(one)}" for one in passages]


def _how_often(passage: Passage) -> str:
    """The required number of a passage, in words; empty if once is enough."""
    if (passage.count.minimum, passage.count.maximum) == (1, None):
        return ""
    if passage.count.maximum == 0:
        return " never"
    often = bounds_words(passage.count, "times")
    return f" {often.replace('1 times', '1 time')}" if often else " or not"


def _needed(need: Need) -> str:
    return "none" if need is Need.FORBIDDEN else str(need)


def _either(texts: Iterable[str]) -> str:
    return " or ".join(f"`{text}`" for text in texts)


def _short(text: str, limit: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
