"""Finds the blocks of this tool in its own pages, feeds and emails.

On pages their classes have the name and the settings, in feeds and emails the attributes of
newsletter.render.directives.marks. Each becomes an `x-block`: first an `x-argument` with the text after the name,
then an `x-field` for each setting, then its content.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4.element import NavigableString, Tag

from newsletter.blocks.charts import TYPES
from newsletter.blocks.pictures import columns_of
from newsletter.digits import whole_number
from newsletter.importing.base import ImportNote
from newsletter.importing.html.elements import attributes_of, become, new_element, of_class, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from newsletter.importing.html.page import ForeignPage

MARK = "data-block"
_WRAPPERS = frozenset(("div", "tbody", "thead", "tr", "td", "center", "section"))
_LONGEST_LABEL = 80
"""The longest label of a sponsor, with its name, in characters."""
_LABELLED = re.compile(r"[^:：]{1,40}[:：]\s*")
"""The label before a text: `Source: …`."""
_BRACKETS = "()（） "
_MOST_OF_GALLERY = 9
_MOST_TEXTS = 20
"""The largest number of paragraphs and lists that are taken for the text of a button."""


def enlarged(page: ForeignPage) -> None:
    """In galleries of pages, puts the whole picture in place of the small one that opens it."""
    for figure in of_class(page, "gallery", element="figure"):
        for one in figure.find_all("figure"):
            small, large = one.find("img"), one.select_one("[popover] img")
            if isinstance(small, Tag) and isinstance(large, Tag):
                small["src"] = large["src"]


def own_blocks(page: ForeignPage) -> None:
    """Restores all blocks, the innermost first."""
    found = page.marked
    for name, selector in _ON_PAGE.items():
        if name in page.classes:
            for element in page.soup.select(selector):
                element[MARK], found = name, True
                _add_settings(element, name)
    if not found:
        return
    for element in reversed(page.soup.select(f"[{MARK}]")):
        restore = _BLOCKS.get(str(element[MARK]))
        if restore is not None and page.has(element):
            restore(page, element)


_ON_PAGE = {
    "gallery": "figure.gallery:has(> .pictures)",
    "beside": "div.beside:has(> figure)",
    "columns": "div.columns.of-2, div.columns.of-3",
    "chart": "figure.chart:has(details)",
    "stat": "div.stat:has(> p.big)",
    "sponsor": "aside.sponsor:has(> p.label)",
    "callout": "aside.callout",
    "quote-card": "figure.quote-card",
    "divider": "p.divider",
    "event": "div.event:has(> p.title)",
}
"""The element of each block on a page of this tool. Other sites use the same words, but not with this content."""


def _add_settings(element: Tag, name: str) -> None:
    """Adds the settings that the classes of an element on a page say."""
    classes = _classes(element)
    if name == "gallery":
        across = next((found[1] for one in classes if (found := re.fullmatch(r"of-(\d)", one))), "")
        usual = columns_of("", len(element.find_all("figure")))
        element["data-columns"] = across if across != str(usual) else ""
    elif name == "beside":
        element["data-side"] = "right" if "end" in classes else ""
        element["data-width"] = next((one for one in ("third", "half") if one in classes), "")
        element["data-shape"] = "round" if "round" in classes else ""
    elif name == "chart":
        element["data-type"] = next((one for one in TYPES if one in classes), "")


def _block(
    page: ForeignPage,
    element: Tag,
    *,
    argument: Iterable[Any] = (),
    fields: Iterable[tuple[str, Iterable[Any]]] = (),
    content: Iterable[Any] = (),
) -> None:
    name = str(element[MARK])
    parts = [new_element(page, "x-field", value, name=key) for key, value in (*_settings(element), *fields)]
    lead = list(argument)
    lead = [new_element(page, "x-argument", lead)] if lead else []
    become(element, new_element(page, "x-block", [*lead, *parts, *content], name=name))


def _settings(element: Tag) -> Iterator[tuple[str, list[Any]]]:
    """The settings in attributes, each with its value as text."""
    given = attributes_of(element)
    for name in _SETTINGS:
        value = " ".join(given.get(f"data-{name}", "").split())
        if value:
            yield name, [NavigableString(value)]


_SETTINGS = ("ratio", "columns", "side", "width", "shape", "type", "unit", "max", "date", "time", "place")
"""In the order in which they are written."""


def _flat(element: Tag) -> Iterator[Any]:
    """The content of an element, without the tables and boxes around it."""
    for child in list(element.children):
        layout = isinstance(child, Tag) and (
            child.name in _WRAPPERS or (child.name == "table" and child.get("role") == "presentation")
        )
        if isinstance(child, Tag) and layout and child.name != "x-block":
            yield from _flat(child)
        elif isinstance(child, Tag) or str(child).strip():
            yield child


def _only(paragraph: Any, name: str) -> Tag | None:
    """The element of this name that is the whole of a paragraph, or None."""
    if not isinstance(paragraph, Tag) or paragraph.name != "p":
        return None
    found = [child for child in paragraph.children if isinstance(child, Tag) or str(child).strip()]
    return found[0] if len(found) == 1 and isinstance(found[0], Tag) and found[0].name == name else None


def _without_label(nodes: Iterable[Any]) -> list[Any]:
    """Inline content without the label at its beginning."""
    kept = list(nodes)
    if kept and isinstance(kept[0], NavigableString):
        kept[0] = NavigableString(_LABELLED.sub("", str(kept[0]).lstrip(), count=1))
    return kept


def _stat(page: ForeignPage, element: Tag) -> None:
    nodes = list(_flat(element))
    if not nodes or getattr(nodes[0], "name", "") != "p":
        return
    big, rest = nodes[0], nodes[1:]
    change: list[Any] = []
    strong = next((child for child in big.children if isinstance(child, Tag) or str(child).strip()), None)
    if isinstance(strong, Tag) and strong.name == "strong" and big.parent is element and not big.get("class"):  # a feed
        change = _unbracketed([child for child in big.children if child is not strong])
        argument = list(strong.children)
    else:
        argument = list(big.children)
        if rest and rest[0].name == "p" and (rest[0].parent.name == "td" or "change" in _classes(rest[0])):
            same = rest[0].parent is big.parent
            change = [one for one in rest[0].children if not _is_mark(one)] if same else []
            rest = rest[1:] if same else rest
    _block(page, element, argument=argument, fields=[("change", change)] if change else [], content=rest)


def _classes(element: Any) -> Sequence[str]:
    return element.get_attribute_list("class") if element.get("class") else ()


def _is_mark(node: Any) -> bool:
    return isinstance(node, Tag) and node.get("aria-hidden") == "true"


def _unbracketed(nodes: list[Any]) -> list[Any]:
    """Inline content without the brackets around it."""
    kept = [node for node in nodes if isinstance(node, Tag) or str(node).strip()]
    if kept and isinstance(kept[0], NavigableString):
        kept[0] = NavigableString(str(kept[0]).lstrip().lstrip(_BRACKETS))
    if kept and isinstance(kept[-1], NavigableString):
        kept[-1] = NavigableString(str(kept[-1]).rstrip().rstrip(_BRACKETS))
    return [node for node in kept if isinstance(node, Tag) or str(node)]


def _sponsor(page: ForeignPage, element: Tag) -> None:
    nodes = list(_flat(element))
    if len(nodes) < 2 or getattr(nodes[0], "name", "") != "p":  # its label, and its text
        return
    label, rest = nodes[0], nodes[1:]
    if len(text_of(label)) > _LONGEST_LABEL and "label" not in _classes(label):
        return
    argument: list[Any] = []
    strong = _only(label, "strong")
    if strong is not None:
        argument = _without_label(strong.children) if _LABELLED.match(strong.get_text()) else []
    named = next((one for one in rest if isinstance(one, Tag) and _is_name(one)), None)
    if strong is None and named is not None:
        rest = [one for one in rest if one is not named]
        argument = list(named.children)
    words = text_of(label)
    if argument and named is None and (found := _LABELLED.match(words)):
        words = found[0].rstrip(" :：")
    page.report(ImportNote(page.place, f"the label of a sponsor, which newsletter writes itself: {words}", "left out"))
    _block(page, element, argument=argument, content=rest)


def _is_name(element: Tag) -> bool:
    style = str(element.get("style") or "").replace(" ", "")
    return element.name == "p" and ("name" in _classes(element) or "font-weight:bold" in style)


def _callout(page: ForeignPage, element: Tag) -> None:
    nodes = list(_flat(element))
    strong = _only(nodes[0], "strong") if nodes else None
    if strong is not None:
        _block(page, element, argument=list(strong.children), content=nodes[1:])
        return
    _block(page, element, argument=_lead_of(nodes[0]) if nodes else [], content=nodes)


def _lead_of(paragraph: Any) -> list[Any]:
    """The bold words at the beginning of a paragraph that end in a punctuation mark; they are taken out of it."""
    if not isinstance(paragraph, Tag) or paragraph.name != "p":
        return []
    first = next((child for child in paragraph.children if isinstance(child, Tag) or str(child).strip()), None)
    if not isinstance(first, Tag) or first.name != "strong" or not text_of(first).endswith(tuple(".!?:…。！？：")):
        return []
    first.extract()
    words = list(first.children)
    if isinstance(words[-1], NavigableString) and str(words[-1]).endswith(".") and not str(words[-1]).endswith(".."):
        words[-1] = NavigableString(str(words[-1])[:-1])
    return words


def _button(page: ForeignPage, element: Tag) -> None:
    nodes = list(_flat(element))
    link: Any = _only(nodes[0], "a") if nodes else None
    if link is None and element.name == "p":  # in a feed
        link = element.find("a", href=True)
    elif link is None and nodes and getattr(nodes[0], "name", "") == "a":  # in an email
        link = nodes[0]
    if isinstance(link, Tag):
        count = whole_number(str(element.get("data-texts") or "")) or 0
        texts = [one.extract() for one in element.find_next_siblings(limit=min(count, _MOST_TEXTS))] if count else []
        _block(page, element, argument=[link], content=[*nodes[1:], *texts])


def _divider(page: ForeignPage, element: Tag) -> None:
    _block(page, element, argument=[NavigableString(text_of(element))] if text_of(element) else [])


def _quote_card(page: ForeignPage, element: Tag) -> None:
    for link in element.find_all("a", href=re.compile("#quote:")):
        around = link.parent
        link.extract()
        if around is not None and around.name == "p" and not text_of(around):
            around.extract()
    quotation = element.find("blockquote")
    if not isinstance(quotation, Tag):
        return
    said = [*quotation.children]
    quotation.extract()
    for line_break in element.find_all("br"):
        line_break.extract()
    by = element.find(["figcaption", "p"])
    if isinstance(by, Tag) and text_of(by):
        said.append(new_element(page, "p", list(by.children)))
    _block(page, element, content=said)


def _beside(page: ForeignPage, element: Tag) -> None:
    figure = element.find("figure")
    if not isinstance(figure, Tag):
        image = element.find("img")
        if not isinstance(image, Tag):
            return
        figure = _figure_around(page, image)
    else:
        figure.extract()
    nodes = list(_flat(element))
    strong = _only(nodes[0], "strong") if nodes else None
    lead = list(strong.children) if strong is not None else []
    _block(page, element, argument=lead, content=[figure, *(nodes[1:] if lead else nodes)])


def _figure_around(page: ForeignPage, image: Tag) -> Tag:
    """A figure of a picture in an email, with its link and the caption below it, taken out of the page."""
    shown = image.parent if image.parent is not None and image.parent.name == "a" else image
    said = shown.find_next_sibling()
    caption = []
    if isinstance(said, Tag) and said.name == "p":
        caption = [new_element(page, "figcaption", list(said.children))]
        said.extract()
    return new_element(page, "figure", [shown.extract(), *caption])


def _gallery(page: ForeignPage, element: Tag) -> None:
    figures = [one for one in element.find_all("figure") if one.find("img")]
    images = element.find_all("img") if not figures else []
    if not 2 <= len(figures) + len(images) <= _MOST_OF_GALLERY:
        return
    figures = [one.extract() for one in figures] or [_figure_around(page, image) for image in images]
    rest = list(_flat(element))
    lead = rest.pop(0) if rest and getattr(rest[0], "name", "") in {"p", "figcaption"} else None
    _block(page, element, argument=list(lead.children) if lead is not None else [], content=[*figures, *rest])


def _columns(page: ForeignPage, element: Tag) -> None:
    above = element.find_previous_sibling()
    boxes = list(element.find_all("div", recursive=False))
    if not boxes:  # in an email
        boxes = [one for one in element.find_all("div", class_="gc") if one.find_parent("x-block") is None]
    elif (first := element.find(["p", "div"])) is not None and first.name == "p":
        above = first
    heads = [_only(next(_flat(one), None), "strong") for one in boxes]
    title = _only(above, "strong") if above is not None else None
    content: list[Any] = []
    for head, box in zip(heads, boxes, strict=True):
        nodes = list(_flat(box))
        if all(heads) and head is not None:
            content += [new_element(page, "x-head", list(head.children)), *nodes[1:]]
        else:
            content += [*([new_element(page, "hr")] if content else []), *nodes]
    if not content:
        return
    lead = list(title.children) if title is not None else []
    if above is not None and lead:
        page.remove(above)
    _block(page, element, argument=lead, content=content)


def _chart(page: ForeignPage, element: Tag) -> None:
    nodes = list(_flat(element))
    titled = next((one for one in element.find_all("p") if "title" in _classes(one)), None)
    table = element.select_one("details table") or _written_table(page, str(element.get("data-figures") or ""))
    source: Any = element.find("figcaption")
    rest: list[Any] = []
    if table is None:  # in a feed
        table = element.find("table")
        at = next((at for at, one in enumerate(nodes) if one is table), len(nodes))
        rest = nodes[at + 1 :]
        if rest and getattr(rest[0], "name", "") == "p" and _LABELLED.match(text_of(rest[0])):
            source = rest.pop(0)
    elif source is None and element.name == "table" and nodes and getattr(nodes[-1], "name", "") == "p":
        source = nodes[-1] if _LABELLED.match(text_of(nodes[-1])) else None
    if not isinstance(table, Tag):
        return
    first = nodes[0] if nodes else None
    title = titled or _only(first, "strong") or (first if isinstance(first, Tag) and _is_name(first) else None)
    said = [("source", _without_label(source.children))] if source is not None else []
    lead = list(title.children) if title is not None else []
    _block(page, element, argument=lead, fields=said, content=[table, *rest])


def _written_table(page: ForeignPage, figures: str) -> Tag | None:
    """The table of a chart in an email, from the attribute with its figures."""
    rows = [line.split("|") for line in figures.split("\n") if line.strip()]
    if len(rows) < 2:
        return None
    made = []
    for number, row in enumerate(rows):
        cells = [
            new_element(page, "td" if number else "th", [NavigableString(cell)], align="right" if at else "")
            for at, cell in enumerate(row)
        ]
        made.append(new_element(page, "tr", cells))
    return new_element(page, "table", made)


def _event(page: ForeignPage, element: Tag) -> None:
    nodes = list(_flat(element))
    if not nodes or getattr(nodes[0], "name", "") != "p":
        return
    named = {
        kind: one
        for one in nodes
        if isinstance(one, Tag)
        for kind in ("when", "title", "facts")
        if kind in _classes(one)
    }
    if named:  # on a page
        when, title, facts = (named.get(kind) for kind in ("when", "title", "facts"))
    elif element.name == "table":  # in an email
        large = [one for one in nodes if isinstance(one, Tag) and "font-size:21px" in str(one.get("style") or "")]
        title = large[0] if large else nodes[0]
        at = nodes.index(title)
        when = nodes[at - 1] if at else None
        behind = nodes[at + 1] if at + 1 < len(nodes) else None
        facts = behind if isinstance(behind, Tag) and "s" in _classes(behind) else None
    else:  # in a feed
        title, when, facts = nodes[0], None, nodes[1] if len(nodes) > 1 else None
        told = any(element.get(f"data-{name}") for name in ("date", "time", "place", "facts"))
        facts = facts if told and isinstance(facts, Tag) else None
    used = [one for one in (when, title, facts) if one is not None]
    said = [part for one in (when, facts) if one is not None for part in _segments(one)]
    fields = [labelled for part in said if (labelled := _labelled(part))]
    lead = list(title.children) if title is not None else []
    _block(page, element, argument=lead, fields=fields, content=[one for one in nodes if one not in used])


def _segments(paragraph: Tag) -> list[list[Any]]:
    """The inline content of a paragraph, cut at ` · ` and at line breaks."""
    found: list[list[Any]] = [[]]
    for node in list(paragraph.children):
        if isinstance(node, NavigableString):
            first, *others = str(node).split(" · ")
            found[-1].append(NavigableString(first))
            found += [[NavigableString(other)] for other in others]
        elif isinstance(node, Tag) and node.name == "br":
            found.append([])
        else:
            found[-1].append(node)
    return [part for part in found if any(isinstance(one, Tag) or str(one).strip() for one in part)]


def _labelled(part: list[Any]) -> tuple[str, list[Any]] | None:
    """A fact with its label: `price: free`. None for a part without a label, which the settings have."""
    first = str(part[0]) if isinstance(part[0], NavigableString) else ""
    found = _FACT.match(_MARKS_OF_DIRECTION.sub("", first))
    return (found[1], [NavigableString(found[2]), *part[1:]]) if found else None


_FACT = re.compile(r"\s*([^\W\d_][\w'’./&()-]*(?: [\w'’./&()-]+){0,2})\s*(?::\s+|：\s*)(.*)", re.DOTALL)
"""A fact, as the text of an issue has it: its label has at most three words."""
_MARKS_OF_DIRECTION = re.compile("[\u2066-\u2069]")


_BLOCKS: dict[str, Callable[[ForeignPage, Tag], None]] = {
    "gallery": _gallery,
    "beside": _beside,
    "columns": _columns,
    "chart": _chart,
    "stat": _stat,
    "sponsor": _sponsor,
    "callout": _callout,
    "button": _button,
    "quote-card": _quote_card,
    "divider": _divider,
    "event": _event,
}
