"""A house format in words, as `newsletter house show` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.house.draft import bounds_words
from newsletter.house.format import TYPE_NAMES, Need
from newsletter.model import ItemShape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.house.format import Bounds, FieldFormat, HouseFormat, ItemFormat, SectionFormat

_SHAPES = {
    ItemShape.HEADING: "sub-headings",
    ItemShape.BULLET: "bullets",
    ItemShape.LEAD: "bold leads",
    ItemShape.NUMBERED: "numbered paragraphs",
}
_WIDTH = 15
"""Columns for a name."""


def describe(house: HouseFormat) -> Iterator[str]:
    """The lines that tell what an issue of a format is made of."""
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


def _line(name: str, *said: str) -> str:
    return f"{name:<{_WIDTH}}  {' · '.join(part for part in said if part)}".rstrip()


def _front(house: HouseFormat) -> Iterator[str]:
    for field in house.fields:
        if field.span.end:
            yield from _field(field, "")
    yield _line("other fields", "welcome" if house.own_fields else "unknown")
    if house.file_names:
        yield _line("name of file", _either(house.file_names))


def _field(field: FieldFormat, indent: str) -> Iterator[str]:
    units = {"text": "characters", "list": "entries"}
    yield _line(
        indent + field.name,
        "required" if field.required else "optional",
        TYPE_NAMES[field.type],
        bounds_words(field.length, units.get(field.type, "")),
        f"matches {field.pattern}" if field.pattern else "",
        _either(field.forms),
        f"one of {', '.join(field.choices)}" if field.choices else "",
        "goes on from the issue before" if field.consecutive else "",
    )
    for inner in field.fields:
        yield from _field(inner, indent + "  ")


def _text(house: HouseFormat) -> Iterator[str]:
    contains = [f"says `{_short(one.text)}`" for one in house.opening_contains]
    yield _line("opening", _needed(house.opening_need), bounds_words(house.opening, "words"), *contains)
    if not house.words.free or house.contains:
        said = [f"says `{_short(one.text)}` {bounds_words(one.count, '')}".rstrip() for one in house.contains]
        yield _line("whole issue", bounds_words(house.words, "words"), *said)


def _order(house: HouseFormat) -> str:
    ranks = [section.rank for section in house.sections]
    if all(rank is None for rank in ranks):
        return ", in any order"
    return ", in this order" if len(set(ranks)) == len(ranks) and None not in ranks else ", partly in this order"


def _sections(house: HouseFormat) -> Iterator[str]:
    together = [section.rank for section in house.sections]
    for section in sorted(house.sections, key=lambda one: (one.rank is None, one.rank or 0)):
        either = (
            "either way round with those beside it"
            if together.count(section.rank) > 1 and section.rank is not None
            else ""
        )
        yield _line(
            section.key,
            "required" if section.need is Need.REQUIRED else "optional" if section.need is Need.OPTIONAL else "never",
            _either(section.headings) or "any heading",
            _times(section),
            bounds_words(section.words, "words"),
            bounds_words(section.figures, "figures"),
            section.place and f"comes {section.place}",
            f"for {', '.join(section.only)} only" if section.only else "",
            either
            if either and section.rank is not None
            else "anywhere"
            if section.rank is None and not section.place
            else "",
            *(f"says `{_short(one.text)}`" for one in section.contains),
        )
        if section.items is not None:
            yield _line(
                "  items", *_item(section.items, bounds_words(section.items.count, "") or "any number", first=True)
            )
            if section.items.last is not None:
                yield _line("  last item", *_item(section.items.last, "", first=False))
    for one in house.sets:
        yield _line(f"of {one.name}", f"{bounds_words(one.count, 'of')} {', '.join(one.sections)}")
    for group in house.groups:
        yield _line(f"group {group.key}", _either(group.headings), f"above {', '.join(group.sections)}")


def _times(section: SectionFormat) -> str:
    low, high = section.repeat.minimum, section.repeat.maximum
    return "" if high == 1 and low in (None, 1) else bounds_words(section.repeat, "times") or "as often as you like"


def _item(item: ItemFormat, count: str, *, first: bool) -> Iterator[str]:
    if first:
        yield f"{count} as {_SHAPES[item.shape]}"
    if item.look:
        yield f"a {item.look}"
    if item.numbered:
        yield "numbered"
    for called, need in (
        ("link", item.link),
        ("author", item.author),
        ("picture", item.picture),
        ("credit", item.credit),
        ("full stop", item.full_stop),
        ("bold title", item.bold),
    ):
        if need is not Need.OPTIONAL:
            yield called if need is Need.REQUIRED else f"no {called}"
    if item.categories is not None:
        yield f"category of {_short(', '.join(item.categories))}" if item.categories else "a category"
    if item.link_kinds:
        yield f"links to {' or '.join(item.link_kinds)}"
    yield from (
        said
        for said in (
            bounds_words(item.words, "words"),
            bounds_words(item.inner, "entries"),
            _of("title", item.title),
            _of("in all", item.length),
        )
        if said
    )


def _of(what: str, bounds: Bounds) -> str:
    said = bounds_words(bounds, "characters")
    return f"{said} {what}" if said else ""


def _anywhere(house: HouseFormat) -> Iterator[str]:
    text, links, pictures = house.text, house.links, house.pictures
    for called, need in (("captions", house.caption), ("credits", house.credit)):
        if need is not Need.OPTIONAL:
            yield _line(called, need)
    yield from _listed("never", house.never)
    yield from _listed("avoid", house.wording.avoid)
    yield from _listed("spelling", house.wording.spelling)
    yield from _listed("placeholders", text.placeholders)
    for name, said in (
        ("quotes", text.quotes),
        ("sentences", bounds_words(text.sentence, "words")),
        ("paragraphs", bounds_words(text.paragraph, "words")),
        ("pictures", " · ".join(_picture(pictures.weight, pictures.width, pictures.formats))),
    ):
        if said:
            yield _line(name, said)
    for kind, domains in links.kinds.items():
        yield _line(f"{kind} links", _short(", ".join(domains)))
    allowed = [name for name in ("http", "tracking", "shorteners") if getattr(links, name)]
    if allowed:
        yield _line("links may have", ", ".join(allowed))
    if links.repeats:
        yield _line("may repeat in", ", ".join(links.repeats))


def _picture(weight: int | None, width: int | None, formats: Iterable[str]) -> Iterator[str]:
    if weight:
        yield f"at most {weight:,} kB"
    if width:
        yield f"at least {width:,} pixels wide"
    if listed := ", ".join(formats):
        yield listed


def _listed(name: str, words: Iterable[str]) -> Iterator[str]:
    if listed := ", ".join(words):
        yield _line(name, _short(listed, 90))


def _needed(need: Need) -> str:
    return "none" if need is Need.FORBIDDEN else str(need)


def _either(texts: Iterable[str]) -> str:
    return " or ".join(f"`{text}`" for text in texts)


def _short(text: str, limit: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
