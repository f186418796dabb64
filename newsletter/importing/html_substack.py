"""Blocks that Substack keeps as data of its editor, in the form that they have here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4.element import NavigableString

from newsletter.importing.base import ImportNote
from newsletter.importing.html_elements import become, data_of, linked, new_element, of_class, text_of

if TYPE_CHECKING:
    from newsletter.importing.html_page import ForeignPage


def substack_blocks(page: ForeignPage) -> None:
    """Blocks that Substack keeps as data: mentions, embedded posts, files, formulas, galleries, polls, films of its own."""
    for element in of_class(page, "mention-wrap"):
        mentioned = str(data_of(element).get("name") or "") or text_of(element)
        element.clear()
        element.name, element.attrs = "span", {}
        element.append(NavigableString(mentioned))
    for element in of_class(page, "digest-post-embed", "embedded-post-wrap", "embedded-publication-wrap"):
        data = data_of(element)
        address = str(data.get("canonical_url") or data.get("url") or data.get("base_url") or "")
        title = str(data.get("title") or data.get("name") or "") or text_of(element)
        if address.startswith("http") and title:
            become(element, new_element(page, "p", [linked(page, " ".join(title.split()), address)]))
    for element in of_class(page, "file-embed-wrapper"):
        link, name = element.select_one("a.file-embed-button[href]"), element.select_one(".file-embed-details-h1")
        if link is not None:
            words = text_of(name) if name is not None else ""
            become(element, new_element(page, "p", [linked(page, words or text_of(link), str(link["href"]))]))
    for element in of_class(page, "latex-rendered"):
        formula = str(data_of(element).get("persistentExpression") or "")
        if formula:
            code = new_element(page, "code", [NavigableString(formula)])
            become(element, new_element(page, "pre", [code]))
            page.tell(ImportNote(page.place, "a formula is now code, because emails cannot show formulas", "changed"))
    for element in of_class(page, "image-gallery-embed"):
        gallery = data_of(element).get("gallery")
        images = gallery.get("images") if isinstance(gallery, dict) else None
        shown = (
            [str(one["src"]) for one in images if isinstance(one, dict) and one.get("src")]
            if isinstance(images, list)
            else []
        )
        if shown:
            caption = str(gallery.get("caption") or "") if isinstance(gallery, dict) else ""
            pictures = [new_element(page, "figure", [new_element(page, "img", src=source)]) for source in shown]
            below = [new_element(page, "p", [new_element(page, "em", [NavigableString(caption)])])] if caption else []
            become(element, new_element(page, "div", [*pictures, *below]))
    for what, called in _KEPT_BY_SUBSTACK:
        for element in of_class(page, called):
            page.tell(ImportNote(page.place, f"{what} that only Substack has", "lost"))
            page.remove(element)


_KEPT_BY_SUBSTACK = (("a poll", "poll-embed"), ("a film", "native-video-embed"), ("a chat", "community-chat"))
