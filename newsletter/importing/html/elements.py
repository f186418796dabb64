"""Elements of a page: made, changed and read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bs4.element import NavigableString, Tag

from newsletter.importing.html.frames import largest, picture_source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.importing.html.page import ForeignPage


def text_of(element: Tag) -> str:
    """The words of an element, on one line."""
    return " ".join(element.get_text(" ").split())


def of_class(page: ForeignPage, *names: str, element: str = "") -> list[Tag]:
    """The elements of a page that have one of these classes, in order. Most pages have none, which is known without a look."""
    wanted = page.classes.intersection(names)
    if not wanted:
        return []
    found = page.soup.find_all(element or True, class_=True)
    return [one for one in found if not wanted.isdisjoint(one.get_attribute_list("class"))]


def new_element(page: ForeignPage, name: str, children: Iterable[Any] = (), /, **attributes: str) -> Tag:
    """An element of that name, with its children; `_` in the name of an attribute is `-`."""
    element: Tag = page.soup.new_tag(name, attrs={key.replace("_", "-"): value for key, value in attributes.items()})
    for child in list(children):
        element.append(child)
    return element


def linked(page: ForeignPage, words: str, href: str) -> Tag:
    """A link of plain words."""
    link = new_element(page, "a", href=href)
    link.append(NavigableString(words))
    return link


def become(element: Tag, new: Tag) -> None:
    """Let an element be another: quicker than to put that in its place, for which all neighbours are looked at."""
    element.clear()
    element.name, element.attrs = new.name, new.attrs
    for child in list(new.children):
        element.append(child)


def data_of(element: Tag) -> dict[str, Any]:
    """The JSON data that Substack attaches to an element."""
    try:
        found = json.loads(str(element.get("data-attrs") or "{}")[:100_000])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def attributes_of(element: Tag) -> dict[str, str]:
    """The attributes of an element as texts."""
    return {name: " ".join(value) if isinstance(value, list) else str(value) for name, value in element.attrs.items()}


def source_of(image: Tag) -> str:
    """The address of a picture, by its own tag or by those of the `picture` that it is in."""
    written = picture_source(attributes_of(image))
    around = image.find_parent("picture")
    if (not written or written.startswith("data:")) and around is not None:
        sets = [largest(str(one.get("srcset") or one.get("data-srcset") or "")) for one in around.find_all("source")]
        return next(filter(None, sets), written)
    return written
