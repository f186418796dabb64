"""Finds the lines in a workspace's house formats that set what a rule checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.house.lines import line_of
from newsletter.house.load import known_kinds
from newsletter.project.project import open_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path as Folder

    from newsletter.diagnostics import HouseLine
    from newsletter.model import Path

_OF_ITEMS = {
    "ST104": ("link",),
    "ST107": ("count", "entries"),
    "ST109": ("numbered",),
    "ST114": ("categories",),
    "ST115": ("author",),
    "ST125": ("picture",),
    "ST135": ("title", "length"),
    "ST136": ("full_stop",),
    "ST137": ("links_to",),
    "ST139": ("bold",),
}
_OF_SECTIONS = {
    "ST101": ("required",),
    "ST103": ("repeat",),
    "ST108": ("words",),
    "ST113": ("figures",),
    "ST124": ("heading", "forgive"),
    "ST134": ("place",),
    "ST138": ("contains",),
    "ST155": ("contents_written",),
}
_OF_FIELDS = {
    "FM101": ("required",),
    "FM103": ("type",),
    "FM104": ("length",),
    "FM105": ("pattern", "form"),
    "FM106": ("choices",),
    "FM107": ("form",),
}
_OF_ALL = {
    "FG102": ("figures", "caption"),
    "FG103": ("figures", "credit"),
    "FM102": ("other_fields",),
    "ST105": ("order",),
    "ST108": ("words",),
    "ST123": ("never",),
    "ST132": ("sets",),
    "ST138": ("contains",),
    "ST155": ("contents_written",),
    "TX114": ("spelling",),
    "TX115": ("avoid",),
}
"""The keys that set what a rule checks, by rule: under items, sections and fields, and at the top of the file."""


def lines_asking(root: Folder, code: str) -> tuple[HouseLine, ...]:
    """The lines that set what the rule checks, in the current house formats of the workspace at `root`.

    Empty if one of them cannot be read.
    """
    try:
        project = open_project(root)
        kinds = dict.fromkeys((project.publication.kind, *known_kinds(project.template_folders[:1])))
        houses = [project.house(kind).latest for kind in kinds if kind]
    except NewsletterError:
        return ()
    found = (
        line_of(house.written, path)
        for house in houses
        if house.written is not None
        for path in house.written.document.key_spans
        if _asks(path, code, house.written.document.values)
    )
    # Several keys of a block in braces are on one line.
    return tuple({(one.path, one.span.line): one for one in found if one}.values())


def _asks(path: Path, code: str, values: Mapping[str, object]) -> bool:
    if path == _OF_ALL.get(code):
        return True
    front = values.get("front")
    if path[:1] == ("front",) and len(path) == 2 and code == "FM101" and isinstance(front, dict):
        return front.get(path[1]) == "required"
    key = path[-1] if path else ""
    match path[:1]:
        case ("sections",):
            keys = _OF_ITEMS if "items" in path[2:-1] else _OF_SECTIONS if len(path) == 3 else {}
            return key in keys.get(code, ()) or (code == "ST108" and key == "words")
        case ("front",):
            return len(path) > 2 and key in _OF_FIELDS.get(code, ())
    return False
