"""house.yaml as a whole: from its keys to a HouseFormat. What is wrong with it is told to the Table that it is read from."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from newsletter.config.table import nearest
from newsletter.config.wellformed import Flaw
from newsletter.diagnostics import Severity
from newsletter.editions import NAMES, meant_name
from newsletter.house.format import (
    Bounds,
    FieldFormat,
    FieldType,
    HouseFormat,
    ItemFormat,
    LinkFormat,
    Need,
    Passage,
    PictureFormat,
    SectionFormat,
    SectionGroup,
    SectionSet,
    StandingMatter,
    TextFormat,
    Wording,
)
from newsletter.house.forms import form_fault
from newsletter.house.headings import fold, heading_fault
from newsletter.late import late
from newsletter.model import ItemShape, ReadingOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from enum import StrEnum

    from newsletter.config.table import ConfigTable
    from newsletter.model import Path, YamlDocument

CONTRADICTION = "101"
HEADING = "102"
TWICE = "103"
SNIPPET = "104"
PLACE = "105"
EXPRESSION = "106"
SNIPPET_FIELD = "107"
NAME = "108"
"""A name that stands nowhere else in the file: of a section, a kind of link, a group."""
ERA = "109"
BASE = "110"
VARIANT = "111"

ANY = Bounds()
_NOT_BOUNDS = Flaw("must be a number or a range", "Write 7, 5-9, at least 5 or at most 9.")

RANGE = re.compile(
    r"(?P<low>\d+)\s*(?:-|–|to)\s*(?P<high>\d+)"
    r"|at least\s+(?P<at_least>\d+)|(?P<from>\d+)\s*[-–]"
    r"|(?:at most\s+|[-–]\s*)(?P<at_most>\d+)"
    r"|(?P<exactly>\d+)",
    re.ASCII | re.IGNORECASE,
)
_Word = TypeVar("_Word", bound="StrEnum")


def bounds(table: ConfigTable, key: str, default: Bounds = ANY) -> Bounds:
    """How many: `7`, `5-9`, `at least 5`, `at most 9` (or `5-`, `-9`)."""
    value = table.value(key)
    if isinstance(value, bool | list | dict):
        table.fault(f"{table.named(key)} {_NOT_BOUNDS.problem}", key, mend=_NOT_BOUNDS.mend)
        return default
    written = table.text(key, check=lambda text: None if parse_bounds(text) else _NOT_BOUNDS)
    found = parse_bounds(written) if written else None
    if found is None:
        return default
    low, high = found.minimum, found.maximum
    if low is not None and high is not None and low > high:
        message = f"{table.named(key)} can never hold: at least {low} and at most {high}"
        table.fault(message, key, mend=f"Write {high}-{low}.", code=CONTRADICTION)
        return default
    return found


def parse_bounds(text: str) -> Bounds | None:
    """The bounds that a text says; None where it says none."""
    match = RANGE.fullmatch(text)
    if match is None:
        return None
    said = {name: int(digits) for name, digits in match.groupdict().items() if digits is not None}
    if "exactly" in said:
        return Bounds(said["exactly"], said["exactly"])
    low = next((said[name] for name in ("low", "at_least", "from") if name in said), None)
    return Bounds(low, said.get("high", said.get("at_most")))


def word(table: ConfigTable, key: str, words: type[_Word], default: _Word) -> _Word:
    """One of the words of an enumeration."""
    return words(table.text(key, default, choices=tuple(words)))


def need(table: ConfigTable, key: str, default: Need = Need.OPTIONAL) -> Need:
    """`required`, `optional` or `forbidden`."""
    return word(table, key, Need, default)


def not_empty(text: str) -> Flaw | None:
    """Whether there is a text at all."""
    return None if text.strip() else Flaw("is empty", "Write a text, or take it out.")


def era_keys(table: ConfigTable) -> None:
    """The keys that any block may have; eras.py has dealt with them before a block is read, so that they are only named here."""
    for key in ("since", "until", "eras"):
        table.value(key)


# ── The front matter of a kind: what every issue may say, and what its house format asks on top ───────────────────────


STANDARD_FIELDS = {
    "kind": FieldType.TEXT,
    "title": FieldType.TEXT,
    "subtitle": FieldType.TEXT,
    "number": FieldType.NUMBER,
    "date": FieldType.DATE,
    "updated": FieldType.DATE,
    "slug": FieldType.TEXT,
    "authors": FieldType.LIST,
    "summary": FieldType.TEXT,
    "preheader": FieldType.TEXT,
    "subject": FieldType.TEXT,
    "language": FieldType.TEXT,
    "tags": FieldType.LIST,
    "cover": FieldType.PICTURE,
    "draft": FieldType.YES_NO,
    "id": FieldType.TEXT,
}
"""The fields with a meaning of their own, which every issue may have, and what they hold."""

TYPE_NAMES = {
    FieldType.TEXT: "a text",
    FieldType.NUMBER: "a number",
    FieldType.DATE: "a date",
    FieldType.YES_NO: "true or false",
    FieldType.LIST: "a list",
    FieldType.PICTURE: "a picture",
    FieldType.NESTED: "a block of fields of its own",
}
"""What a field holds, for people."""

_WITH_LENGTH = (FieldType.TEXT, FieldType.LIST, FieldType.NUMBER)
_WITH_WORDS = (FieldType.TEXT, FieldType.LIST)


def read_fields(front: ConfigTable, document: YamlDocument) -> tuple[FieldFormat, ...]:
    """The fields of a kind: those of its house format in their order, then the standard ones it says nothing of."""
    listed = tuple(_field(front, name, document, ("front",), STANDARD_FIELDS.get(name)) for name in front.names())
    names = {field.name for field in listed}
    rest = (FieldFormat(name, holds) for name, holds in STANDARD_FIELDS.items() if name not in names)
    return (*listed, *rest)


def _field(
    front: ConfigTable, name: str, document: YamlDocument, path: Path, standard: FieldType | None
) -> FieldFormat:
    span = document.where_key(*path, name)
    if isinstance(front.value(name), str):
        need = front.text(name, "optional", choices=("required", "optional"))
        return FieldFormat(name, standard or FieldType.TEXT, required=need == "required", span=span)
    table = front.table(name)
    inner = table.table("fields")
    below: Path = (*path, name, "fields")
    field = FieldFormat(
        name,
        word(table, "type", FieldType, FieldType.NESTED if inner.names() else standard or FieldType.TEXT),
        required=table.flag("required"),
        length=bounds(table, "length"),
        pattern=_pattern(table),
        choices=table.texts("choices", check=not_empty),
        fields=tuple(_field(inner, inside, document, below, None) for inside in inner.names()),
        hint=table.text("hint", lines=True),
        span=span,
        forms=read_forms(table, "form"),
        consecutive=table.flag("consecutive"),
    )
    era_keys(table)
    _field_contradictions(table, field, standard)
    return field


def read_forms(table: ConfigTable, key: str) -> tuple[str, ...]:
    """Forms, of which a text must fit one."""
    found = []
    for place, form in enumerate(table.texts(key, check=not_empty)):
        if fault := form_fault(form):
            table.fault(f"the form `{form}` cannot be read: {fault}", key, place, code=HEADING)
        else:
            found.append(form)
    return tuple(found)


def _pattern(table: ConfigTable) -> str:
    pattern = table.text("pattern")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        table.fault(f"{table.named('pattern')} is no regular expression: {error}", "pattern", code=EXPRESSION)
        return ""
    return pattern


def _field_contradictions(table: ConfigTable, field: FieldFormat, standard: FieldType | None) -> None:
    def contradiction(key: str, message: str, mend: str = "") -> None:
        table.fault(message, key, mend=mend, code=CONTRADICTION)

    if standard not in {None, field.type}:
        contradiction("type", f"`{field.name}` always holds {TYPE_NAMES[standard or field.type]}", "Take `type` away.")
    if field.fields and field.type is not FieldType.NESTED:
        contradiction("fields", f"`{field.name}` holds {TYPE_NAMES[field.type]}, which has no fields of its own")
    if field.type is FieldType.NESTED and not field.fields:
        contradiction("type", f"`{field.name}` is nested, but has no fields", "List them under `fields`.")
    if not field.length.free and field.type not in _WITH_LENGTH:
        contradiction("length", f"`{field.name}` holds {TYPE_NAMES[field.type]}, which has no length")
    for key, given in (("pattern", field.pattern), ("choices", field.choices), ("form", field.forms)):
        if given and field.type not in _WITH_WORDS:
            contradiction(key, f"`{field.name}` holds {TYPE_NAMES[field.type]}, which has no {key}", "Take it away.")
    if field.consecutive and field.name != "number":
        contradiction(
            "consecutive", f"only `number` goes on from the issue before, not `{field.name}`", "Take it away."
        )
    for place, choice in enumerate(field.choices):
        if choice in field.choices[:place]:
            table.fault(f"`{choice}` is listed twice", "choices", place, code=TWICE)


# ── How words, links, text and picture files are to be, read from house.yaml: what holds anywhere in an issue ─────────


FORMATS = ("jpg", "png", "gif", "webp", "svg", "avif")

DOMAIN = late(r"(?:[\w-]+\.)+[\w-]+(?::\d+)?(?P<path>/\S*)?")
KIND = late(r"[a-z][a-z0-9_-]*")


def read_wording(table: ConfigTable) -> Wording:
    """The right spellings and the words to avoid."""
    return Wording(_spelling(table.table("spelling")), _avoid(table))


def _spelling(table: ConfigTable) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for right in table.names():
        wrong = tuple(dict.fromkeys(table.texts(right, check=not_empty)))
        if not wrong and table.value(right) in (None, []):
            mend = f"Write it as `{right}: [{right.lower()}]`, with every spelling that is wrong."
            table.fault(f"`{right}` lacks the spellings that it stands for", right, mend=mend, at_key=True)
        if right in wrong:
            table.fault(f"`{right}` is right and wrong at once", right, code=CONTRADICTION)
        found[right] = tuple(word for word in wrong if word != right)
    return found


def _avoid(table: ConfigTable) -> dict[str, str]:
    """A list of words, or words with what to do about each."""
    if not isinstance(table.value("avoid"), dict):
        return dict.fromkeys(table.texts("avoid", check=not_empty), "")
    advice = table.table("avoid")
    return {word: advice.text(word) for word in advice.names()}


def read_links(table: ConfigTable, sections: Sequence[str], elsewhere: Collection[str]) -> LinkFormat:
    """What is asked of links; `sections` are the keys that `repeats` may name, `elsewhere` those of other eras."""
    kinds = table.table("kinds")
    return LinkFormat(
        kinds={kind: _domains(kinds, kind) for kind in kinds.names()},
        http=table.flag("http"),
        tracking=table.flag("tracking"),
        shorteners=table.flag("shorteners"),
        repeats=known_names(table, "repeats", sections, "section", elsewhere),
    )


def _domains(kinds: ConfigTable, kind: str) -> tuple[str, ...]:
    if not KIND.fullmatch(kind):
        mend = "Write a short name in small letters: source, video."
        kinds.fault(f"a kind of link cannot be called `{kind}`", kind, mend=mend, at_key=True)
    domains = tuple(domain.lower() for domain in kinds.texts(kind, check=_domain_flaw))
    for place, domain in enumerate(domains):
        if domain in domains[:place]:
            kinds.fault(f"`{domain}` is listed twice", kind, place, code=TWICE)
    return domains


def _domain_flaw(text: str) -> Flaw | None:
    if "://" in text:
        return Flaw("is an address, not a domain", f"Write {text.partition('://')[2].rstrip('/')}.")
    return None if DOMAIN.fullmatch(text) else Flaw("is no domain", "Write it as in an address: github.com.")


def known_names(
    table: ConfigTable, key: str, known: Sequence[str], noun: str, elsewhere: Collection[str] = ()
) -> tuple[str, ...]:
    """A list of names that stand elsewhere in the file, such as keys of sections; others are faults.

    `elsewhere` are names of other eras and variants: they are no faults, and not among what is given.
    """
    found = []
    names = table.texts(key)
    for place, name in enumerate(names):
        steps = (key, place) if isinstance(table.value(key), list) else (key,)
        if name in names[:place]:
            table.fault(f"`{name}` is listed twice", *steps, code=TWICE)
        elif name not in known and name not in elsewhere:
            table.fault(f"there is no {noun} `{name}`", *steps, mend=names_mend(name, known, noun), code=NAME)
        elif name in known:
            found.append(name)
    return tuple(found)


def names_mend(name: str, known: Sequence[str], noun: str) -> str:
    """Which name may have been meant, or which there are."""
    close = nearest(name, known)
    return (
        f"Did you mean `{close}`?" if close else f"There is: {', '.join(known)}." if known else f"There is no {noun}."
    )


def read_passages(table: ConfigTable) -> tuple[Passage, ...]:
    """What is to stand there: texts, or texts with how often."""
    if not isinstance(table.value("contains"), dict):
        return tuple(Passage(text) for text in table.texts("contains", check=not_empty))
    counts = table.table("contains")
    return tuple(Passage(text, bounds(counts, text, Bounds(1, None))) for text in counts.names() if text.strip())


def read_text(table: ConfigTable) -> TextFormat:
    """What is asked of the text."""
    return TextFormat(
        quotes=table.text("quotes", choices=("typographic", "straight")),
        sentence=bounds(table, "sentence"),
        paragraph=bounds(table, "paragraph"),
        placeholders=tuple(dict.fromkeys(table.texts("placeholders", check=not_empty))),
    )


def read_pictures(figures: ConfigTable) -> PictureFormat:
    """What is asked of picture files."""
    return PictureFormat(
        weight=figures.number("weight", 0, minimum=1) or None,
        width=figures.number("width", 0, minimum=1) or None,
        formats=tuple(dict.fromkeys(figures.texts("formats", check=_format_flaw))),
    )


def _format_flaw(name: str) -> Flaw | None:
    if name in FORMATS:
        return None
    close = "jpg" if name.lower() in {"jpeg", ".jpg", ".jpeg"} else nearest(name, FORMATS)
    return Flaw("is no format of pictures", f"Write {close}." if close else f"Write one of {', '.join(FORMATS)}.")


# ── The sections of a kind and what their items need, read from house.yaml ────────────────────────────────────────────


SECTION_LOOKS = ("roundup", "recommendation", "events", "sign-off")
FORGIVEN = ("case", "quotes", "dashes", "emoji")
OPENING = "opening"
"""The text before the first section: no section may be called so."""

KEY = re.compile(r"[a-z][a-z0-9_-]*")
_ONCE = Bounds(None, 1)
_NEVER = "\\{\\}"
"""A heading that nobody writes."""


def read_sections(
    sections: ConfigTable, document: YamlDocument, kinds: Sequence[str], forgive: frozenset[str]
) -> tuple[SectionFormat, ...]:
    """The sections in the order of the file.

    `kinds` are the kinds of links that there are; `forgive` is in what headings may differ where a section does not say.
    """
    owners: dict[str, str] = {}
    return tuple(_section(sections, key, document, owners, kinds, forgive) for key in sections.names())


def forgiven(table: ConfigTable, otherwise: frozenset[str] = frozenset()) -> frozenset[str]:
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
    sections: ConfigTable,
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
    _section_contradictions(table, section)
    return section


def _section_contradictions(table: ConfigTable, section: SectionFormat) -> None:
    if section.repeat.maximum == 0:
        mend = "Take the section away, or let it come at least once."
        table.fault(f"`{section.key}` may never come", "repeat", mend=mend, code=CONTRADICTION)
    if section.contents and section.items is None:
        message = "the list of contents is made from items, and this section has none"
        table.fault(message, "contents", mend="Add `items`.", code=CONTRADICTION)
    pictures = [kind.picture for kind in (section.items, section.items and section.items.last) if kind]
    if section.figures.maximum == 0 and Need.REQUIRED in pictures:
        table.fault("no figure is allowed here, but items need a picture", "figures", code=CONTRADICTION)


def _headings(table: ConfigTable, key: str, owners: dict[str, str]) -> tuple[str, ...]:
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


def _items(table: ConfigTable, kinds: Sequence[str]) -> ItemFormat:
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


def _item(table: ConfigTable, otherwise: ItemFormat, kinds: Sequence[str]) -> ItemFormat:
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


def _categories(table: ConfigTable, otherwise: tuple[str, ...] | None) -> tuple[str, ...] | None:
    listed = table.texts("categories", check=not_empty)
    if not listed:
        return otherwise
    if listed in {("any",), ("none",)}:
        return () if listed == ("any",) else None
    for place, category in enumerate(listed):
        if fold(category).casefold() in {fold(other).casefold() for other in listed[:place]}:
            table.fault(f"the category `{category}` is listed twice", "categories", place, code=TWICE)
    return tuple(fold(category) for category in listed)


# How the sections of a kind stand to one another: their order, sets of which some must come, groups under a heading above


_ORDERS = "Write fixed, free, or the keys of sections in their order: [essay, [news, jobs], sign-off]."


def sections_in_order(
    table: ConfigTable, sections: Sequence[SectionFormat], elsewhere: Collection[str]
) -> tuple[SectionFormat, ...]:
    """The sections with their ranks, as `order` says.

    `fixed` is as they are listed and `free` as they come. A list says the order of those it names; those in a list of
    their own within it may stand either way round, and those that it does not name anywhere. `elsewhere` are the keys of
    sections of other eras, which it may name, too.
    """
    ranked = tuple(replace(section, rank=rank) for rank, section in enumerate(sections))
    value = table.value("order")
    if isinstance(value, list):
        ranks = _ranks(table, value, [section.key for section in sections], elsewhere)
        return tuple(replace(section, rank=ranks.get(section.key)) for section in sections)
    if table.text("order", "fixed", choices=() if isinstance(value, (dict, bool)) else ("fixed", "free")) == "free":
        return tuple(replace(section, rank=None) for section in sections)
    return ranked


def _ranks(
    table: ConfigTable, order: Sequence[object], keys: Sequence[str], elsewhere: Collection[str]
) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, entry in enumerate(order):
        for steps, key in _named(entry, rank):
            if not isinstance(key, str):
                table.fault(f"{table.named(*steps)} must be the key of a section", *steps, mend=_ORDERS)
            elif key not in keys and key not in elsewhere:
                mend = names_mend(key, keys, "section")
                table.fault(f"there is no section `{key}`", *steps, mend=mend, code=NAME)
            elif key in ranks:
                table.fault(f"`{key}` is listed twice", *steps, code=TWICE)
            else:
                ranks[key] = rank
    return ranks


def _named(entry: object, rank: int) -> Iterator[tuple[tuple[str | int, ...], object]]:
    if isinstance(entry, list):
        for place, inner in enumerate(entry):
            yield ("order", rank, place), inner
    else:
        yield ("order", rank), entry


def read_sets(
    sets: ConfigTable, keys: Sequence[str], document: YamlDocument, elsewhere: Collection[str]
) -> tuple[SectionSet, ...]:
    """The sets of sections of which some must come: a list of keys, or a block that says how many of them."""
    found = []
    for name in sets.names():
        block = isinstance(sets.value(name), dict)
        table = sets.table(name) if block else sets
        chosen = known_names(table, "sections" if block else name, keys, "section", elsewhere)
        count = bounds(table, "count", Bounds(1, None)) if block else Bounds(1, None)
        if (count.minimum or 0) > len(chosen) > 0:
            message = f"at least {count.minimum} of {len(chosen)} sections can never come"
            table.fault(message, "count", code=CONTRADICTION)
        found.append(SectionSet(name, chosen, count, document.where_key("sets", name)))
    return tuple(found)


def read_groups(
    groups: ConfigTable, keys: Sequence[str], document: YamlDocument, elsewhere: Collection[str]
) -> tuple[SectionGroup, ...]:
    """The headings above sections, each with the sections that stand under it."""
    found = []
    owners: dict[str, str] = {}
    for name in groups.names():
        table = groups.table(name)
        headings = []
        for place, heading in enumerate(table.texts("heading", check=not_empty)):
            if fault := heading_fault(heading):
                message = f"the heading `{heading}` cannot be read: {fault}"
                table.fault(message, "heading", place, code=HEADING)
            else:
                headings.append(heading)
        if table.value("heading") is None:
            table.fault(f"the group `{name}` lacks its heading", mend="Add a line `heading: …`.", at_key=True)
        sections = known_names(table, "sections", keys, "section", elsewhere)
        for key in sections:
            if owners.setdefault(key, name) != name:
                message = f"`{key}` stands under `{owners[key]}` already"
                table.fault(message, "sections", code=TWICE)
        required = table.flag("required", default=True)
        found.append(SectionGroup(name, tuple(headings), sections, required, document.where_key("groups", name)))
    return tuple(found)


# house.yaml as a whole: from its keys to a HouseFormat. What is wrong with it is told to the Table that it is read from


if TYPE_CHECKING:
    Snippets = Callable[[str], tuple[str, str] | None]
    """From the name of a snippet to the path and text of its file."""

RULE = late(r"(FM|ST|LK|FG|TX|EM|HS)\d{0,3}")
_PLACES = ("start", "after opening", "before SECTION", "after SECTION", "end")


def read_house(
    table: ConfigTable,
    document: YamlDocument,
    *,
    kind: str,
    path: str,
    snippets: Snippets,
    draft: str,
    elsewhere: Collection[str] = (),
) -> HouseFormat:
    """The house format that a file says, as far as it can be read.

    `elsewhere` are the keys of sections that it has in other eras or variants, which may be named here, too.
    """
    sections_table, opening, figures = table.table("sections"), table.table(OPENING), table.table("figures")
    links = read_links(table.table("links"), [OPENING, *sections_table.names()], elsewhere)
    listed = read_sections(sections_table, document, tuple(links.kinds), forgiven(table))
    sections = sections_in_order(table, listed, elsewhere)
    keys = [section.key for section in sections]
    for key in ("extends", "variants", "eras"):  # dealt with before, see load.py
        table.value(key)
    for block in (opening, figures):
        era_keys(block)
    house = HouseFormat(
        kind=kind,
        name=table.text("name", kind.replace("-", " ").capitalize()),
        path=path,
        fields=read_fields(table.table("front"), document),
        own_fields=table.flag("other_fields"),
        opening=bounds(opening, "words"),
        opening_need=Need.REQUIRED if opening.flag("required") else Need.OPTIONAL,
        opening_hint=opening.text("hint", lines=True),
        opening_contains=read_passages(opening),
        contains=read_passages(table),
        words=bounds(table, "words"),
        sections=sections,
        contents=table.flag("contents"),
        cover=table.flag("cover"),
        author_box=table.flag("author_box"),
        caption=need(figures, "caption"),
        credit=need(figures, "credit"),
        never=tuple(dict.fromkeys(table.texts("never", check=not_empty))),
        standing=_standing(table.table("standing"), [*keys, *elsewhere], snippets, kind),
        severities=_severities(table.table("severity")),
        wording=read_wording(table),
        links=links,
        text=read_text(table.table("text")),
        pictures=read_pictures(figures),
        file_names=read_forms(table, "file_name"),
        sets=read_sets(table.table("sets"), keys, document, elsewhere),
        groups=read_groups(table.table("groups"), keys, document, elsewhere),
        reading=_reading(table, figures),
        draft=draft,
    )
    _contradictions(table, house)
    return house


def _reading(table: ConfigTable, figures: ConfigTable) -> ReadingOptions:
    ordinary = ReadingOptions()
    words = figures.texts("credit_words", check=not_empty)
    return ReadingOptions(
        section_level=table.number("section_level", ordinary.section_level, minimum=2, maximum=5),
        credit_words=tuple(dict.fromkeys((*ordinary.credit_words, *words))),
        allow_html=table.flag("allow_html"),
    )


def _severities(table: ConfigTable) -> dict[str, Severity]:
    found = {}
    for code in table.names():
        found[code] = word(table, code, Severity, Severity.ERROR)
        if not RULE.fullmatch(code):
            mend = "Write a code such as ST104, or a family such as FG."
            table.fault(f"`{code}` is no rule", code, mend=mend, at_key=True)
    return found


# ── Standing matter ─────────────────────────────────────────────────────────────────────────────────────────────────


def _standing(table: ConfigTable, sections: Sequence[str], snippets: Snippets, kind: str) -> tuple[StandingMatter, ...]:
    found = []
    for name in table.names():
        place = _place(table, name, sections)
        file = snippets(name)
        if file is None:
            mend = f"Write it as templates/{kind}/snippets/{name}.md; its name is in small letters."
            table.fault(f"there is no snippet `{name}`", name, mend=mend, code=SNIPPET, at_key=True)
            continue
        path, text = file
        found.append(StandingMatter(name, place, text, path, table.where(name)))
    return tuple(found)


def _place(table: ConfigTable, name: str, keys: Sequence[str]) -> str:
    """Where a snippet goes, as StandingMatter has it: `after news` is `after:news`."""
    value = table.value(name)
    words = value.split() if isinstance(value, str) else []
    if words in (["start"], ["end"], ["after", OPENING]):
        return "-".join(words)
    if len(words) == 2 and words[0] in {"before", "after"}:
        if words[1] not in keys:
            close = nearest(words[1], keys)
            mend = f"Did you mean `{close}`?" if close else f"The sections are: {', '.join(keys)}." if keys else ""
            table.fault(f"there is no section `{words[1]}`", name, mend=mend, code=PLACE)
        return ":".join(words)
    mend = f"Write one of: {', '.join(_PLACES)}."
    table.fault(f"`{name}` needs the place where it goes", name, mend=mend, code=PLACE)
    return "end"


def _contradictions(table: ConfigTable, house: HouseFormat) -> None:
    for place in ("first", "last"):
        claimed = [
            section.key for section in house.sections if section.place == place and section.need is Need.REQUIRED
        ]
        if len(claimed) > 1:
            message = f"`{claimed[0]}` and `{claimed[1]}` cannot both be the {place} section"
            table.fault(message, "sections", claimed[1], "place", code=CONTRADICTION)
    least = sum(
        (section.words.minimum or 0) * max(section.repeat.minimum or 0, 1)
        for section in house.sections
        if section.need is Need.REQUIRED
    )
    if house.words.maximum is not None and least > house.words.maximum:
        message = f"the sections ask for {least} words or more, and the whole issue may have {house.words.maximum}"
        table.fault(message, "words", code=CONTRADICTION)
