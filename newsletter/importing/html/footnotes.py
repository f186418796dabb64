"""Converts footnotes: the mark in the text, and the note that it leads to, wherever that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from bs4.element import Tag

from newsletter.importing.html.elements import (
    become,
    new_element,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.importing.html.page import ForeignPage


_MARK = re.compile(r"[\[(]?\s*(?:note\s*)?(\d{1,3}|[*†‡§]{1,3}|[a-z]|[ivx]{1,5})\s*[\])]?\.?", re.IGNORECASE)
_BACK = re.compile(
    r"[\s\u21a9\u21b5\ufe0e\ufe0f\u2191\u2934^\[\]↩⤴⏎]*(?:back|return)?[\s\u21a9\u21b5\ufe0e\ufe0f\u2191^\[\]↩⤴⏎]*",
    re.IGNORECASE,
)
_NOTES = re.compile(r"foot-?notes?|endnotes?|(?:^|[-_:])fn", re.IGNORECASE)


def footnotes(page: ForeignPage) -> None:
    """Converts footnotes from any program.

    A reference and its note link to each other, or the id of the note says that it is one.
    """
    soup = page.soup
    named = {str(element["id"]): element for element in soup.find_all(id=True)}
    named |= {str(element["name"]): element for element in soup.find_all("a", attrs={"name": True})}
    labels: dict[str, str] = {}
    notes: dict[str, Tag] = {}
    noted: set[int] = set()
    for link in soup.find_all("a", href=re.compile("^#.")):
        target = unquote(str(link["href"])[1:])
        place = named.get(target)
        if place is None or place.name == "x-ref" or any(id(parent) in noted for parent in link.parents):
            continue
        if not _MARK.fullmatch(text_of(link)) or place.find_parent(_is(link)) or _is(place)(link):
            continue
        note = _note_at(place)
        if note is None or link.find_parent(_is(note)) or not (_NOTES.search(target) or _leads_back(note, link)):
            continue
        label = labels.setdefault(target, str(len(labels) + 1))
        notes.setdefault(label, note)
        noted.add(id(note))
        around = link.parent
        reference = new_element(page, "x-ref", name=label)
        become(link, reference)
        if around is not None and around.name in {"sup", "span"} and around.get_text(strip=True) in {"", "[]", "()"}:
            around.name, around.attrs = "span", {}
    for label, note in notes.items():
        _move_note(page, label, note)


def _is(element: Tag) -> Callable[[Any], bool]:
    return lambda other: other is element


def _note_at(place: Tag) -> Tag | None:
    """The element with the whole note, for the place that a reference links to."""
    if place.name in {"li", "p", "div", "aside", "section", "dd"} and len(text_of(place)) > 1:
        return place
    return place.find_parent(["li", "div", "p", "dd"])


def _leads_back(note: Tag, link: Tag) -> bool:
    """Whether a note has a link back to its reference."""
    own = {str(link.get("id") or ""), *(str(one.get("id") or "") for one in list(link.parents)[:3])} - {""}
    return any(unquote(str(back["href"])[1:]) in own for back in note.find_all("a", href=re.compile("^#.")))


def _move_note(page: ForeignPage, label: str, note: Tag) -> None:
    """Moves a note to the end of the letter, without its number and the link back."""
    around = note.parent
    for back in note.find_all("a", href=re.compile("^#.")):
        if _BACK.fullmatch(text_of(back)) or _MARK.fullmatch(text_of(back)):
            back.extract()
    content = note.select_one(".footnote-content") or note
    children = list(content.children)
    page.soup.append(new_element(page, "x-footnote", children, name=label))
    note.extract()
    for _ in range(3):
        if around is None or around is page.soup or around.get_text(strip=True):
            break
        above = around.parent
        if around.name not in {"body", "html"}:
            rule = around.find_previous_sibling()
            if isinstance(rule, Tag) and rule.name == "hr":
                rule.extract()
            around.extract()
        around = above
