"""house.yaml as a whole: from its keys to a HouseFormat. What is wrong with it is told to the Table that it is read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity
from newsletter.house.format import HouseFormat, Need, StandingMatter
from newsletter.house.front import read_fields, read_forms
from newsletter.house.manners import read_links, read_passages, read_pictures, read_text, read_wording
from newsletter.house.order import in_order, read_groups, read_sets
from newsletter.house.sections import OPENING, forgiven, read_sections
from newsletter.house.values import CONTRADICTION, PLACE, SNIPPET, bounds, era_keys, need, not_empty, word
from newsletter.late import late
from newsletter.model import ReadingOptions
from newsletter.yamlread import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from newsletter.model import YamlDocument
    from newsletter.yamlread import Table

    Snippets = Callable[[str], tuple[str, str] | None]
    """From the name of a snippet to the path and text of its file."""

RULE = late(r"(FM|ST|LK|FG|TX|EM|HS)\d{0,3}")
_PLACES = ("start", "after opening", "before SECTION", "after SECTION", "end")


def read_house(
    table: Table,
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
    sections = in_order(table, listed, elsewhere)
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


def _reading(table: Table, figures: Table) -> ReadingOptions:
    ordinary = ReadingOptions()
    words = figures.texts("credit_words", check=not_empty)
    return ReadingOptions(
        section_level=table.number("section_level", ordinary.section_level, minimum=2, maximum=5),
        credit_words=tuple(dict.fromkeys((*ordinary.credit_words, *words))),
        allow_html=table.flag("allow_html"),
    )


def _severities(table: Table) -> dict[str, Severity]:
    found = {}
    for code in table.names():
        found[code] = word(table, code, Severity, Severity.ERROR)
        if not RULE.fullmatch(code):
            mend = "Write a code such as ST104, or a family such as FG."
            table.fault(f"`{code}` is no rule", code, mend=mend, at_key=True)
    return found


# ── Standing matter ─────────────────────────────────────────────────────────────────────────────────────────────────


def _standing(table: Table, sections: Sequence[str], snippets: Snippets, kind: str) -> tuple[StandingMatter, ...]:
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


def _place(table: Table, name: str, keys: Sequence[str]) -> str:
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


def _contradictions(table: Table, house: HouseFormat) -> None:
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
