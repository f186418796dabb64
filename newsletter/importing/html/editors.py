"""Converts blocks of editors (Word, Ghost, WordPress, Substack) with an equivalent in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4.element import NavigableString, Tag

from newsletter.importing.base import ImportNote
from newsletter.importing.html.elements import become, linked, new_element, of_class, source_of, text_of

if TYPE_CHECKING:
    from newsletter.importing.html.page import ForeignPage


def quotations(page: ForeignPage) -> None:
    """Makes quotations of pull quotes."""
    for element in of_class(page, "pullquote", "wp-block-pullquote", "pull-quote", "kg-pullquote"):
        if element.name in {"div", "aside", "figure", "section"} and element.find("blockquote") is None:
            element.name, element.attrs = "blockquote", {}
        elif element.name == "figure":
            element.name, element.attrs = "div", {}


def callouts(page: ForeignPage) -> None:
    """Makes callouts of the boxes of editors."""
    for element in of_class(
        page, "callout-block", "kg-callout-card", "callout", "admonition", "wp-block-jetpack-callout"
    ):
        if (
            element.name in {"div", "aside", "section"}
            and element.find_parent("x-callout") is None
            and text_of(element)
        ):
            element.name, element.attrs = "x-callout", {}


_WORD_LIST = re.compile(r"mso-list:\s*l(\d+)\s+level(\d)")
_DEEPEST_LIST = 9


def word_lists(page: ForeignPage) -> None:
    """Makes lists of paragraphs from Word and Outlook whose style contains the list marker and level."""
    lists: list[Tag] = []
    last: Tag | None = None
    for entry in page.soup.find_all("p", style=_WORD_LIST):
        found = _WORD_LIST.search(str(entry["style"]))
        level = min(int(found[2]), _DEEPEST_LIST) if found else 1
        marks = [
            one
            for one in entry.find_all("span")
            if "mso-list:ignore" in re.sub(r"\s", "", str(one.get("style") or "")).lower()
        ]
        numbered = any(re.match(r"\s*[\da-z]{1,3}[.)]", text_of(one), re.IGNORECASE) for one in marks)
        for one in marks:
            one.extract()
        name = f"{'ol' if numbered else 'ul'} {found[1] if found else ''}"
        if last is None or _between(last, entry):
            lists = []
        level = min(level, len(lists) + 1)
        while len(lists) > level or (len(lists) == level and lists[-1]["data-list"] != name):
            lists.pop()
        while len(lists) < level:
            made = new_element(page, name.partition(" ")[0], data_list=name)
            if lists:
                lists[-1].find_all("li", recursive=False)[-1].append(made)
            else:
                entry.insert_before(made)
            lists.append(made)
        last = lists[0]
        lists[-1].append(new_element(page, "li", list(entry.children)))
        entry.extract()


def _between(last: Tag, entry: Tag) -> bool:
    """Whether there is content between a list and an entry that may belong to it."""
    before = entry.find_previous_sibling()
    while before is not None and before is not last and not before.get_text(strip=True) and not before.find("img"):
        before = before.find_previous_sibling()
    return before is not last


def cards(page: ForeignPage) -> None:
    """Simplifies cards of Ghost and WordPress.

    A card with a link becomes that link; a toggle becomes its heading in bold, with its content below.
    """
    for element in of_class(page, "wp-block-file__button", element="a"):
        page.remove(element)
    for element in page.soup.find_all("summary"):
        if not element.find(["h1", "h2", "h3", "h4", "h5", "h6"]):
            become(element, new_element(page, "p", [new_element(page, "strong", list(element.children))]))
    for element in of_class(page, "kg-bookmark-card", "kg-file-card"):
        link, title = element.find("a", href=True), element.select_one(".kg-bookmark-title, .kg-file-card-title")
        if not isinstance(link, Tag) or title is None:
            continue
        publisher = element.select_one(".kg-bookmark-author, .kg-bookmark-publisher")
        rest = [f" ({text_of(publisher)})"] if publisher is not None and text_of(publisher) else []
        caption = element.select_one("figcaption, .kg-file-card-caption")
        rest += [f": {text_of(caption)}"] if caption is not None and text_of(caption) else []
        words = [NavigableString(one) for one in rest]
        become(element, new_element(page, "p", [linked(page, text_of(title), str(link["href"])), *words]))
        page.report(ImportNote(page.place, "a card with a link is now the link", "changed"))
    for element in of_class(page, "kg-toggle-heading-text", "kg-product-card-title"):
        bold = new_element(page, "strong", list(element.children))
        become(element, new_element(page, "p", [bold]))
    for element in of_class(page, "kg-callout-emoji"):
        text = element.find_next_sibling(class_="kg-callout-text")
        if isinstance(text, Tag):
            text.insert(0, NavigableString(f"{text_of(element)} "))
            page.remove(element)


def verses(page: ForeignPage) -> None:
    """Makes paragraphs with line breaks of preformatted text that is a verse, not code."""
    for element in page.soup.find_all("pre"):
        of_verse = "wp-block-verse" in (element.get("class") or ()) or (
            element.find_parent(class_="preformatted-block") is not None and element.find("code") is None
        )
        if not of_verse:
            continue
        for text in element.find_all(string=True):
            lines: list[Any] = []
            for at, line in enumerate(str(text).split("\n")):
                lines += [*([new_element(page, "br")] if at else []), NavigableString(line.lstrip() if at else line)]
            text.replace_with(*lines)
        element.name, element.attrs = "p", {}


_GALLERIES = (
    "wp-block-gallery",
    "kg-gallery-card",
    "blocks-gallery-grid",
    "image-gallery-embed",
    "gallery",
    "tiled-gallery",
)
_MOST_OF_GALLERY = 9


def galleries(page: ForeignPage) -> None:
    """Makes galleries of pictures that an editor shows side by side, with their common caption."""
    for element in of_class(page, *_GALLERIES):
        images = [one for one in element.find_all("img") if source_of(one)]
        own_captions = [one for one in element.find_all("figcaption") if one.find_parent("figure") is element]
        captions = [one for one in element.find_all("figcaption") if one not in own_captions]
        plain = not any(one.find("a", href=True) for one in (*captions, *own_captions))
        if (
            not 2 <= len(images) <= _MOST_OF_GALLERY
            or not plain
            or element.find_parent("x-gallery")
            or element.find("p")
        ):
            continue
        caption = " ".join(text_of(one) for one in own_captions)
        for one in own_captions:
            one.extract()
        element.name, element.attrs = "x-gallery", {"caption": caption}
