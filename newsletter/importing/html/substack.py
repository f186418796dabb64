"""Converts blocks that Substack stores as JSON data in its HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4.element import NavigableString

from newsletter.importing.base import ImportNote
from newsletter.importing.html.elements import become, data_of, linked, new_element, of_class, text_of

if TYPE_CHECKING:
    from bs4.element import Tag

    from newsletter.importing.html.page import ForeignPage


def substack_blocks(page: ForeignPage) -> None:
    """Converts mentions, embedded posts, files, formulas, galleries and charts; reports the others as lost."""
    for element in of_class(page, "hide-text", element="label"):
        page.remove(element)  # a label of the editor, not part of the letter
    for element in of_class(page, "mention-wrap"):
        mentioned = str(data_of(element).get("name") or "") or text_of(element)
        element.clear()
        element.name, element.attrs = "span", {}
        element.append(NavigableString(mentioned))
    for element in of_class(page, "digest-post-embed", "embedded-post-wrap", "embedded-publication-wrap"):
        data = data_of(element)
        address = str(data.get("canonical_url") or data.get("url") or data.get("base_url") or "")
        title = " ".join((str(data.get("title") or data.get("name") or "") or text_of(element)).split())
        publisher = str(data.get("publication_name") or "") if title != data.get("publication_name") else ""
        if address.startswith("http") and title:
            rest = [NavigableString(f" ({publisher})")] if publisher else []
            become(element, new_element(page, "p", [linked(page, title, address), *rest]))
            page.report(ImportNote(page.place, "an embedded post is now a link", "changed"))
    for element in of_class(page, "comment", element="div"):
        _note(page, element)
    for element in of_class(page, "datawrapper-wrap"):
        data = data_of(element)
        picture = str(data.get("thumbnail_url_full") or data.get("thumbnail_url") or "")
        if picture.startswith("http"):
            words = ". ".join(str(data[key]).strip() for key in ("title", "description") if data.get(key))
            chart = new_element(page, "img", src=picture, alt=words)
            become(
                element, new_element(page, "figure", [new_element(page, "a", [chart], href=str(data.get("url") or ""))])
            )
            page.report(ImportNote(page.place, "an interactive chart is now a picture that links to it", "changed"))
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
            page.report(ImportNote(page.place, "a formula is now code, because emails cannot show formulas", "changed"))
    for element in of_class(page, "image-gallery-embed"):
        gallery = data_of(element).get("gallery")
        if not isinstance(gallery, dict) or not isinstance(gallery.get("images"), list):
            continue
        shown = [str(one["src"]) for one in gallery["images"] if isinstance(one, dict) and one.get("src")]
        if shown:
            alt, caption = str(gallery.get("alt") or ""), str(gallery.get("caption") or "")
            pictures = [new_element(page, "figure", [new_element(page, "img", src=one, alt=alt)]) for one in shown]
            below = [new_element(page, "figcaption", [NavigableString(caption)])] if caption else []
            made = new_element(page, "figure", [*pictures, *below])
            made["class"] = "image-gallery-embed"
            become(element, made)
    for what, called in _ONLY_ON_SUBSTACK:
        for element in of_class(page, called):
            named = str(data_of(element).get("label") or data_of(element).get("title") or "")
            page.report(
                ImportNote(page.place, f"{what} that only Substack has{f': {named[:80]}' if named else ''}", "lost")
            )
            page.remove(element)


def _note(page: ForeignPage, element: Tag) -> None:
    """Converts an embedded note or comment of another writer."""
    data = data_of(element)
    comment = data.get("comment")
    if not isinstance(comment, dict) or not comment.get("body"):
        return
    name, handle, known = (str(comment.get(key) or data.get(key) or "") for key in ("name", "handle", "commentId"))
    known = known or str(comment.get("id") or "")
    address = f"https://substack.com/@{handle}/note/c-{known}" if handle and known else str(data.get("url") or "")
    words = [
        new_element(page, "p", [NavigableString(line)]) for line in str(comment["body"]).split("\n\n") if line.strip()
    ]
    become(element, new_element(page, "x-post", [linked(page, name or address, address), *words]))


_ONLY_ON_SUBSTACK = (
    ("a poll", "poll-embed"),
    ("a video", "native-video-embed"),
    ("a recording", "native-audio-embed"),
    ("a chat", "community-chat"),
)
