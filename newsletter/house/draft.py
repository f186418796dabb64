"""Drafts a new issue from its house format, with a hint for everything that the writer has to fill in.

Required parts are in the draft as hints; allowed parts are in comments, which are never published. A fresh draft
whose hints are replaced passes `check`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.hints import hint
from newsletter.house.format import Bounds, FieldType, Need
from newsletter.house.forms import fill_form, read_form
from newsletter.house.headings import field_value, fold
from newsletter.house.patterns import fields_in, pieces
from newsletter.house.snippets import SNIPPET_FIELDS, field_values, fill_time
from newsletter.model import Issue, ItemShape, Opener, Period, YamlDocument
from newsletter.period import around, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date as Date  # noqa: N812  (`date` is what the argument is called)

    from newsletter.config.publication import Publication
    from newsletter.house.format import FieldFormat, HouseFormat, ItemFormat, Passage, SectionFormat
    from newsletter.language import Language

_PLAIN = re.compile(r"[^\W\d_](?:[^:#]|:(?=\S)|(?<=\S)#)*(?<![:\s])")
_PLAIN_IN_LIST = re.compile(r"[^\W\d_][\w .'-]*(?<!\s)")
_NEVER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_TAKEN = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""Words that some YAML reader takes for something other than text."""
_LONG = 120
"""A text with at least this many characters is drafted as a block, in which colons and quotation marks need no escapes."""


def draft_front(house: HouseFormat, known: Mapping[str, object], language: Language) -> Iterator[str]:
    """The lines of the front matter. `known` holds texts, numbers, dates and tuples of texts by field name."""
    listed = [field for field in house.fields if field.span.end and field.name != "draft"]
    first = [
        field for field in house.fields if not field.span.end and field.name in ("title", "date", "period", "kind")
    ]
    for field in (*first, *listed):
        value = _by_form(field, known, language)
        if value not in (None, "", ()):
            yield f"{field.name}: {_written(value)}"
        elif field.required:
            yield from _asked(field, house)
        elif field in listed:
            yield f"# {field.name}: {_field_wish(field)}"
    yield "draft: true # remove this line when it is ready to publish"


def _by_form(field: FieldFormat, known: Mapping[str, object], language: Language) -> object:
    """The known values of a field; for a field with a pattern, the pattern filled in as far as possible."""
    value = known.get(field.name)
    if value is None and field.required and len(field.choices) == 1:
        return field.choices[0]
    if not field.forms or (isinstance(value, str) and any(read_form(value, form, language) for form in field.forms)):
        return value
    text = fill_form(field.forms[0], known, language)
    for piece in fields_in(text):
        text = text.replace(piece.text, hint(piece.field))
    return text if value is not None or field.required else None


def yaml_text(text: str, *, in_list: bool = False) -> str:
    """A text as a YAML value on one line that is read as the same text. Control characters are left out."""
    text = " ".join(_NEVER.sub("", text).split())
    plain = _PLAIN_IN_LIST if in_list else _PLAIN
    if plain.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _written(value: object) -> str:
    if isinstance(value, Period):
        return written(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(yaml_text(str(entry), in_list=True) for entry in value) + "]"
    return yaml_text(value) if isinstance(value, str) else str(value)


def _asked(field: FieldFormat, house: HouseFormat, indent: str = "") -> Iterator[str]:
    """The lines for a required field that the writer has to fill."""
    name = f"{indent}{field.name}:"
    if field.type is FieldType.PICTURE:
        yield name
        yield f"{indent}  image: {hint('picture.jpg')}"
        yield f"{indent}  alt: {hint('what the picture shows')}"
        if house.credit is Need.REQUIRED:
            yield f"{indent}  credit: {hint('who made it')}"
    elif field.type is FieldType.ORIGINAL:
        yield name
        yield f"{indent}  url: {hint('address')}"
        yield f"{indent}  publication: {hint('who published it')}"
    elif field.type is FieldType.NESTED:
        yield name
        for inner in [inner for inner in field.fields if inner.required] or field.fields[:1]:
            yield from _asked(inner, house, indent + "  ")
    elif field.type is FieldType.LIST:
        yield f"{name} [{yaml_text(hint(_field_wish(field)), in_list=True)}]"
    elif field.type is FieldType.TEXT and (field.length.maximum or _LONG) >= _LONG and not field.choices:
        yield f"{name} >-"
        yield f"{indent}  {hint(_field_wish(field))}"
    else:
        yield f"{name} {yaml_text(hint(_field_wish(field)))}"


def _field_wish(field: FieldFormat) -> str:
    """The requirements of a field, as a phrase."""
    if field.type is FieldType.PICTURE:
        return "{image: picture.jpg, alt: what it shows, credit: who made it}"
    if field.type is FieldType.ORIGINAL:
        return "{url: its web address, publication: who published it}"
    units = {FieldType.TEXT: "characters", FieldType.LIST: "entries", FieldType.NUMBER: ""}
    kinds = {
        FieldType.DATE: "a date such as 2024-01-31",
        FieldType.PERIOD: "the time it covers, such as 2024-01",
        FieldType.YES_NO: "true or false",
        FieldType.NUMBER: "a number",
    }
    wish = field.hint.rstrip(".") or one_of(field.choices) or kinds.get(field.type, field.name)
    limits = bounds_words(field.length, units[field.type]) if field.type in units else ""
    return f"{wish}; {limits}" if limits else wish


def one_of(choices: Sequence[str]) -> str:
    """`one of calm, wild`; "" if there is no choice."""
    return f"one of {', '.join(choices)}" if choices else ""


def bounds_words(bounds: Bounds, unit: str) -> str:
    """`60–450 words`, `at most 150 words`, `at least 5 words`, `7 words`; "" if there are no bounds."""
    low, high = bounds.minimum or None, bounds.maximum
    if high == 0:
        return f"no {unit}".strip()
    if low is None and high is None:
        return ""
    if low is None:
        return f"at most {high} {unit}".strip()
    if high is None:
        return f"at least {low} {unit}".strip()
    return f"{low if low == high else f'{low}–{high}'} {unit}".strip()


FIRST_NOTE = "Replace each TK(…). Notes like this one are never published. `newsletter check` shows what is missing."


def draft_issue(
    house: HouseFormat,
    publication: Publication,
    language: Language,
    *,
    title: str,
    number: int | None,
    date: Date,
    authors: Sequence[str],
    period: Period | None = None,
) -> str:
    """The Markdown of a new issue. `authors` are keys of the publication's authors, or names; `period` None: the month of its date."""
    known = {
        "kind": "" if house.kind == publication.kind else house.kind,
        "title": title,
        "number": number,
        "date": date,
        "period": period
        or (
            around(date, "month") if any(field.name == "period" and field.span.end for field in house.fields) else None
        ),
        "authors": tuple(authors),
    }
    front = "\n".join(draft_front(house, known, language))
    body = _body(house, publication, language, _stand_in(house, title, number, date, authors, period))
    return f"---\n{front}\n---\n\n{body}"


def _body(house: HouseFormat, publication: Publication, language: Language, issue: Issue) -> str:
    if house.draft:
        return _from_draft(house.draft, issue, publication, language)
    blocks = [
        _first_note(house),
        *_framing(house.begins, issue, language),
        *_opening(house, issue, language),
        *_sections(house, issue, language),
        *_framing(house.ends, issue, language),
    ]
    return "\n\n".join(blocks) + "\n"


def _stand_in(
    house: HouseFormat, title: str, number: int | None, date: Date, authors: Sequence[str], period: Period | None
) -> Issue:
    """The issue as far as it is known, for filling in the fields of headings and of draft.md."""
    start = datetime(date.year, date.month, date.day, tzinfo=UTC)
    front = YamlDocument({}, {}, {})
    return Issue(
        "", "", house.kind, front, title=title, number=number, date=start, period=period, authors=tuple(authors)
    )


def _from_draft(text: str, issue: Issue, publication: Publication, language: Language) -> str:
    """The text of draft.md with its fields filled in, or a hint in place of an unknown value."""
    values = field_values(issue, publication)
    parts = []
    for piece in pieces(text):
        if piece.field in SNIPPET_FIELDS:
            value = values[piece.field] if piece.field in values else fill_time(piece, issue, language)
            parts.append(value or hint(piece.field))
        else:
            parts.append(piece.text)
    return "".join(parts).strip() + "\n"


def _first_note(house: HouseFormat) -> str:
    limits = bounds_words(house.words, "words")
    return _note([FIRST_NOTE, *([f"The whole issue: {limits}."] if limits else [])])


def _opening(house: HouseFormat, issue: Issue, language: Language) -> Iterator[str]:
    wish = _wish(house.opening_hint, house.opening)
    required = house.opening_need is Need.REQUIRED
    if required and house.opening_begins[:1] != house.begins[:1]:
        yield from _framing(house.opening_begins, issue, language)
    yield from _passages(house.contains, issue, language)
    yield from _passages(house.opening_contains, issue, language)
    if required and (house.opening.minimum or not house.opening_contains):
        yield hint(wish or "the opening, before the first heading")
    if required:
        yield from _framing(house.opening_ends, issue, language)
    elif house.opening_need is Need.OPTIONAL and house.opening.maximum != 0:
        yield _note([f"An optional opening goes here: {wish}" if wish else "An optional opening goes here."])
    if house.contents_written:
        listed = next((one.items for one in house.sections if one.items and one.need is Need.REQUIRED), None)
        if house.contents_of == "sections":
            yield _note(["The contents list goes here: an entry for each section."])
        else:
            yield from _contents(listed, house.contents_of)


def _sections(house: HouseFormat, issue: Issue, language: Language) -> Iterator[str]:
    optional: list[str] = []
    headed: set[str] = set()
    for section in _in_order(house.sections):
        group = next((group for group in house.groups if section.key in group.sections), None)
        if group is not None and group.key not in headed and section.need is Need.REQUIRED and group.headings:
            headed.add(group.key)
            yield f"{'#' * house.level_of_group(group)} {_filled(group.headings[0], issue, language)}"
        if section.need is Need.OPTIONAL:
            optional.append(_described(section, house, issue, language))
        elif section.need is Need.REQUIRED:
            if optional:
                yield _note(["Optional sections here:", *optional])
                optional = []
            least = max(section.repeat.minimum or 0, 1)
            for place in range(1, least + 1):
                yield from _section(section, house, issue, language, f" {place}" if least > 1 else "")
    if optional:
        yield _note(["Optional sections here:", *optional])
    for group in house.groups:
        if group.required and not group.sections and group.headings:
            yield f"{'#' * house.level_of_group(group)} {_filled(group.headings[0], issue, language)}"


def _in_order(sections: Sequence[SectionFormat]) -> list[SectionFormat]:
    """The sections in the order of an issue. One that may be anywhere comes after the one listed before it."""
    placed: list[tuple[int, SectionFormat]] = []
    rank = 0
    for section in sections:
        rank = section.rank if section.rank is not None else rank
        placed.append(({"first": -1, "last": len(sections)}.get(section.place, rank), section))
    return [section for _, section in sorted(placed, key=lambda pair: pair[0])]


def _contents(items: ItemFormat | None, what: str) -> Iterator[str]:
    """The contents list to be written by hand, with as many entries as the draft has items."""
    if items is not None:
        wish = "category" if what == "categories" else "a story, by its title"
        marks = (f"{place}." if items.numbered else "-" for place in range(1, _fewest(items) + 1))
        yield "\n".join(f"{mark} {hint(wish)}" for mark in marks)


def _passages(passages: Sequence[Passage], issue: Issue, language: Language) -> Iterator[str]:
    for one in passages:
        for _ in range(max(one.count.minimum or 0, 0)):
            yield _filled_text(one.text, issue, language)


def _framing(passages: Sequence[str], issue: Issue, language: Language) -> Iterator[str]:
    """The text with which a part begins or ends: the first alternative."""
    yield from (_filled_text(text, issue, language) for text in passages[:1])


def _filled_text(passage: str, issue: Issue, language: Language) -> str:
    """A passage with its fields filled in; a hint if a value is unknown."""
    parts = []
    for piece in pieces(passage):
        value = issue.title if piece.field == "title" else field_value(piece, issue, language)
        parts.append((value or hint(piece.field)) if piece.field else piece.plain)
    return "".join(parts)


def _section(section: SectionFormat, house: HouseFormat, issue: Issue, language: Language, which: str) -> Iterator[str]:
    if section.opener is Opener.RULE:
        yield "---"
    elif section.opener is Opener.HEADING:
        yield f"{'#' * house.level_of(section)} {_heading(section, issue, language, which)}"
    yield from _framing(section.begins, issue, language)
    yield from _passages(section.contains, issue, language)
    wish = _wish(section.hint, section.words if section.items is None else Bounds())
    if (section.hint and section.opener is not Opener.ITEMS) or section.items is None:
        yield hint(wish or "the text")
    in_items = _fewest(section.items) if section.items and section.items.picture is Need.REQUIRED else 0
    for _ in range((section.figures.minimum or 0) - in_items):
        yield _figure(house)
    if section.contents_written:
        yield from _contents(section.items, section.contents_of)
    if section.items:
        level = house.reading.section_level
        if section.opener is Opener.HEADING:
            level = max(house.level_of(section), level) + 1
        yield from _items(section.items, house, section.items.level or level)
    yield from _framing(section.ends, issue, language)


def _heading(section: SectionFormat, issue: Issue, language: Language, which: str) -> str:
    """The first heading of the section with its fields filled in; a hint where the writer chooses the text."""
    if not section.headings:
        return hint(f"a heading of your own{which and f',{which}'}")
    return _filled(section.headings[0], issue, language)


def _filled(pattern: str, issue: Issue, language: Language) -> str:
    """A heading with its fields filled in; a hint where the writer chooses the text."""
    parts = []
    for piece in pieces(fold(pattern)):
        known = field_value(piece, issue, language)
        if known is not None or not piece.field:
            parts.append(piece.plain if known is None else known)
        elif piece.field != "any":
            parts.append(hint(piece.field))
    return fold("".join(parts))


def _described(section: SectionFormat, house: HouseFormat, issue: Issue, language: Language) -> str:
    """An optional section, for a comment."""
    marks = "#" * house.level_of(section)
    names = []
    for pattern in section.headings:
        shown = "".join(
            (field_value(piece, issue, language) or "…") if piece.field else piece.plain
            for piece in pieces(fold(pattern))
        )
        names.append(f"{marks} {shown}")
    wish = _wish(section.hint, section.words)
    if section.opener is not Opener.HEADING:
        names = ["a line of three hyphens, and text" if section.opener is Opener.RULE else "stories without a section"]
    return f"{' / '.join(names) or f'{marks} …'}{f' – {wish}' if wish else ''}"


def _note(lines: Sequence[str]) -> str:
    """A comment. Characters that would end it early are replaced."""
    text = "\n     ".join(lines).replace("--", "–")
    return f"<!-- {text} -->"


def _items(items: ItemFormat, house: HouseFormat, level: int) -> Iterator[str]:
    """The items of a section; those under headings begin with `level` times `#`."""
    least = _fewest(items)
    blocks = [
        _item(items.last if items.last and place == least > 1 else items, place, house, level)
        for place in range(1, least + 1)
    ]
    if items.shape in {ItemShape.BULLET, ItemShape.NUMBERED} and items.picture is not Need.REQUIRED:
        yield "\n".join(blocks)
    else:
        yield from blocks


def _fewest(items: ItemFormat) -> int:
    """The number of items in a draft."""
    least = max(items.count.minimum or 0, 2 if items.last else 1)
    return least if items.count.maximum is None else min(least, items.count.maximum)


def _item(item: ItemFormat, place: int, house: HouseFormat, level: int) -> str:
    untitled = item.title.maximum == 0
    title = "" if untitled else hint("title")
    if item.categories is not None:
        title = f"{hint(one_of(item.categories) or 'category')}: {hint('headline')}"
    if item.link is Need.REQUIRED:
        title = f"[{title}]({hint('address')})"
    if item.bold is Need.REQUIRED and item.shape is not ItemShape.LEAD:
        title = f"**{title}**"
    if item.author is Need.REQUIRED:
        title += f" by {hint('author')}"
    number = f"{place}. " if item.numbered else ""
    roundup = item.look == "roundup"
    wish = "" if roundup else _wish(item.hint, item.words)
    below = list(_entries(item)) if roundup else []
    if item.picture is Need.REQUIRED:
        below.append(_figure(house))
    if item.shape is ItemShape.HEADING:
        text = [] if roundup else [hint(wish or "the text")]
        heading = f"{'#' * level} {number}{title}".rstrip()
        return "\n\n".join([heading, *text, *below])
    if untitled:
        mark = f"{number}" if item.shape is ItemShape.LEAD else "- " if item.shape is ItemShape.BULLET else f"{place}. "
        return "\n\n".join([f"{mark}{hint(wish or 'the text')}", *(" " * len(mark) + block for block in below)])
    if item.shape is ItemShape.LEAD:
        return "\n\n".join([f"**{number}{title}.** {hint(wish or 'the text')}", *below])
    mark = "- " if item.shape is ItemShape.BULLET else f"{place}. "
    line = f"{mark}{title}" + (f" – {hint(wish)}" if wish else "")
    return "\n\n".join([line, *(" " * len(mark) + block for block in below)])


def _entries(item: ItemFormat) -> Iterator[str]:
    for _ in range(max(item.inner.minimum or 0, 1)):
        yield f"**{hint('what happened')}.** {hint(item.hint.rstrip('.') or 'one or two sentences')}"


def _figure(house: HouseFormat) -> str:
    below = []
    if house.caption is not Need.FORBIDDEN:
        below.append(f"{hint('caption')}.")
    if house.credit is Need.REQUIRED:
        below.append(f"{house.reading.credit_words[0]}: {hint('who made it')}")
    title = f' "{" ".join(below)}"' if below else ""
    return f"![{hint('what the picture shows')}]({hint('picture.jpg')}{title})"


def _wish(text: str, words: Bounds) -> str:
    """The requirements of a text, in words."""
    limits = bounds_words(words, "words")
    return "; ".join(part for part in (text.rstrip("."), limits) if part)
