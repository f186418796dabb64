"""premailer: the only module that calls it.

It runs once per style sheet to make the table, or once per letter if the style sheet cannot be a table.
"""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from itertools import product
from typing import TYPE_CHECKING

from newsletter.errors import ConfigurationError
from newsletter.render.email.styles import CONTAINERS, SHEET, TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newsletter.render.email.styles import Table

_OPTIONS = {
    "allow_network": False,
    "disable_validation": True,
    "strip_important": False,
    "align_floating_images": False,
    "disable_basic_attributes": ["width", "height", "align", "valign", "bgcolor"],
    "keep_style_tags": False,
    "include_star_selectors": True,
}
"""premailer's defaults fetch remote sheets, strip `!important`, and overwrite the width of pictures."""

_KEPT = re.compile(r'\b(href|src|title|alt)="([^"]*)"')
_SET_ASIDE = re.compile(r'\b(href|src|title|alt)="x:(\d+)"')
_STYLE = re.compile(r""" style=("[^"]*"|'[^']*')""")
_RUN = re.compile(r'<x-run id="r(\d+)"[^>]*>(.*?)</x-run>', re.DOTALL)
_ZONE = re.compile(r"</?x-zone[^>]*>")


def make_table(sheet: str) -> Table:
    """Declarations by (tag, container), from a sample that has each pair.

    Pairs with the same declarations as (tag, "") are left out.
    """
    pairs = list(product(("", *CONTAINERS), TAGS))
    probe = "".join([_probe(tag, container, f"t{index}") for index, (container, tag) in enumerate(pairs)])
    # As XML, so that a cell may be outside of a table.
    inlined = _premailer(f"<html><head></head><body>{probe}</body></html>", sheet, method="xml")
    styles = {}
    for element in re.finditer(r"<[a-z0-9]+ ([^>]*)>", inlined):
        number = re.search(r'id="t(\d+)"', element[1])
        style = _STYLE.search(f" {element[1]}")
        if number:
            styles[int(number[1])] = compact(style[1]) if style else ""
    table = {(tag, container): styles.get(index, "") for index, (container, tag) in enumerate(pairs)}
    return {
        (tag, container): style
        for (tag, container), style in table.items()
        if (style != table[tag, ""] if container else style)
    }


def _probe(tag: str, container: str, place: str) -> str:
    element, _, kind = tag.partition(".")
    return f'<div class="{container}"><{element} class="{kind}" id="{place}"></{element}></div>'


def inline(runs: Sequence[str], sheet: str, finish: Callable[[str], str] = str) -> list[str]:
    """`runs` of HTML with `sheet` inlined.

    `<x-zone class="…">` marks containers and is removed. `finish` is called with the declarations of each element.
    Addresses and titles are taken out during the inlining, because libxml2 would encode spaces and placeholders, and
    change the quotes.
    """
    kept: list[str] = []

    def set_aside(found: re.Match[str]) -> str:
        kept.append(found[2])
        return f'{found[1]}="x:{len(kept) - 1}"'

    body = "".join(f'<x-run id="r{index}">{run}</x-run>' for index, run in enumerate(runs))
    body = _KEPT.sub(set_aside, body)
    inlined = _premailer(f"<!doctype html><html><head></head><body>{body}</body></html>", sheet, method="html")
    inlined = _STYLE.sub(lambda found: f' style="{finish(compact(found[1]))}"', inlined)
    inlined = _SET_ASIDE.sub(lambda found: f'{found[1]}="{kept[int(found[2])]}"', inlined)
    found = {int(run[1]): _ZONE.sub("", run[2]) for run in _RUN.finditer(inlined)}
    return [found.get(index, run) for index, run in enumerate(runs)]


def compact(style: str) -> str:
    """The declarations of an attribute in the form of the table: with its quotes, and no unnecessary spaces."""
    # Double quotes around font names would end the attribute.
    style = style[1:-1].replace("&quot;", "'").replace('"', "'")
    declarations = (declaration.partition(":") for declaration in style.split(";") if declaration.strip())
    return ";".join(f"{name.strip()}:{value.strip()}" for name, _, value in declarations)


def _premailer(html: str, sheet: str, *, method: str) -> str:
    from premailer import Premailer

    with _css_faults() as faults, _no_fetching() as asked:
        inlined: str = Premailer(html, css_text=sheet, method=method, **_OPTIONS).transform(pretty_print=False)
    if asked:
        raise ConfigurationError(
            f"templates/theme/email/{SHEET} cannot be used: it imports {asked[0]}",
            hint="The email's style sheet is one file: copy the imported styles into it.",
        )
    if faults:
        raise ConfigurationError(
            f"templates/theme/email/{SHEET} cannot be used: {faults[0]}",
            hint="Numbers in brackets are line and column.",
        )
    return inlined


@contextmanager
def _no_fetching() -> Iterator[list[str]]:
    """Keeps premailer's CSS parser from fetching the sheets of `@import`, from the web or the disk."""
    from premailer import merge_style

    util = merge_style.cssutils.util

    asked, fetch = list[str](), util._defaultFetcher  # noqa: SLF001 - it has no other way in
    util._defaultFetcher = asked.append  # noqa: SLF001
    try:
        yield asked
    finally:
        util._defaultFetcher = fetch  # noqa: SLF001


@contextmanager
def _css_faults() -> Iterator[list[str]]:
    """The errors that premailer's CSS parser finds.

    By itself it would print them, skip the rule, and continue.
    """
    log, faults = logging.getLogger("CSSUTILS"), list[str]()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            faults.append(" ".join(record.getMessage().split()))

    others, log.handlers = log.handlers, [Listener(logging.ERROR)]
    try:
        yield faults
    finally:
        log.handlers = others
