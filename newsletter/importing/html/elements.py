"""Functions that create, change and read elements of a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bs4.element import NavigableString, Tag

from newsletter.importing.html.frames import largest, picture_source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.importing.html.page import ForeignPage


def text_of(element: Tag) -> str:
    """The text of an element in one line."""
    return " ".join(element.get_text(" ").split())


def of_class(page: ForeignPage, *names: str, element: str = "") -> list[Tag]:
    """The elements of a page with one of these classes, in order. Fast if the page has none of them."""
    wanted = page.classes.intersection(names)
    if not wanted:
        return []
    found = page.soup.find_all(element or True, class_=True)
    return [one for one in found if not wanted.isdisjoint(one.get_attribute_list("class"))]


def new_element(page: ForeignPage, name: str, children: Iterable[Any] = (), /, **attributes: str) -> Tag:
    """A new element with its children; `_` in the name of an attribute becomes `-`."""
    element: Tag = page.soup.new_tag(name, attrs={key.replace("_", "-"): value for key, value in attributes.items()})
    for child in list(children):
        element.append(child)
    return element


def linked(page: ForeignPage, words: str, href: str) -> Tag:
    """A link with plain text."""
    link = new_element(page, "a", href=href)
    link.append(NavigableString(words))
    return link


def become(element: Tag, new: Tag) -> None:
    """Turns an element into a copy of `new`.

    This is faster than replacing it in the tree, which visits all siblings.
    """
    element.clear()
    element.name, element.attrs = new.name, new.attrs
    for child in list(new.children):
        element.append(child)


def data_of(element: Tag) -> dict[str, Any]:
    """The JSON data that Substack attaches to an element; empty if there are none."""
    try:
        found = json.loads(str(element.get("data-attrs") or "{}")[:100_000])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def attributes_of(element: Tag) -> dict[str, str]:
    """The attributes of an element as text."""
    return {name: " ".join(value) if isinstance(value, list) else str(value) for name, value in element.attrs.items()}


def source_of(image: Tag) -> str:
    """The address of a picture, from its own tag or from the `picture` element around it."""
    written = picture_source(attributes_of(image))
    around = image.find_parent("picture")
    if (not written or written.startswith("data:")) and around is not None:
        sets = [largest(str(one.get("srcset") or one.get("data-srcset") or "")) for one in around.find_all("source")]
        return next(filter(None, sets), written)
    return written
