"""Converts figures: pictures with alt text, caption and credit, and the drawings of charts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.importing.addresses import picture_address, split_address
from newsletter.importing.base import ImportNote, SourcePicture
from newsletter.importing.html.elements import (
    become,
    data_of,
    new_element,
    of_class,
    source_of,
)

if TYPE_CHECKING:
    from bs4.element import Tag

    from newsletter.importing.html.page import ForeignPage


def figures(page: ForeignPage) -> None:
    """Converts pictures with their captions: `figure`, the elements of Substack and WordPress, and pictures alone."""
    soup = page.soup
    for caption in of_class(
        page, "wp-caption-text", "image-caption", "caption", "mcnImageCaption", "kg-card-figcaption"
    ):
        caption.name = "figcaption" if caption.name in {"p", "div", "span", "figcaption"} else caption.name
    for element in soup.find_all(_is_figure):
        if not any(parent is soup for parent in element.parents):
            continue
        images = element.find_all("img")
        if not images or element.find(["table", "pre", "x-video"]):
            _unwrap_caption(page, element)
            continue
        own_caption = element.find("figcaption")
        pictures = [_picture(page, image) or _missing(page, image) for image in images]
        if own_caption is not None and pictures:
            for child in list(own_caption.children):
                pictures[-1].append(child)
        for one in pictures:
            element.insert_before(one)
        element.extract()
    for image in soup.find_all("img"):
        if (made := _picture(page, image)) is None:
            become(image, _missing(page, image))
            continue
        around = image.find_parent("a")
        image.name, image.attrs = "x-figure", made.attrs
        if around is not None and not around.get_text(strip=True) and len(around.find_all("x-figure")) == 1:
            around.name, around.attrs = "span", {}


_NO_ALT = re.compile(
    r"\S+\.(?:png|jpe?g|gif|webp|heic|svg|bmp|tiff?)|(?:image|img|picture|inline image)[ _-]?\d*|CTA Image",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"[.,]?\s*(?:Description automatically generated(?: with \w+ confidence)?|AI-generated content may be incorrect)\.?",
    re.IGNORECASE,
)


def _described(alt: str) -> str:
    """An alt text without phrases that programs add. Empty if it is only a file name or placeholder."""
    words = _MACHINE.sub("", " ".join(alt.split())[:2000])
    return "" if _NO_ALT.fullmatch(words) else words


def _missing(page: ForeignPage, image: Tag) -> Tag:
    """A comment for a picture that the source does not have; an empty element if the tag has no address."""
    source = source_of(image) or str(data_of(image).get("src") or "")
    if not source:
        return new_element(page, "span")
    shown = source if source not in page.inline else "a picture within the page"
    return new_element(page, "x-missing", src=shown, alt=" ".join(str(image.get("alt") or "").split())[:2000])


def _is_figure(element: Tag) -> bool:
    return element.name == "figure" or (bool(element.attrs) and not _FIGURES.isdisjoint(element.get("class") or ()))


_FIGURES = frozenset("captioned-image-container wp-caption kg-image-card image-block".split())


def _unwrap_caption(page: ForeignPage, element: Tag) -> None:
    """Turns a figure without pictures (a video, a table, code) into blocks, with its caption in italics below."""
    if element.name == "figure":
        for caption in element.find_all("figcaption"):
            caption.name = "p"
            if not caption.find(["p", "em", "i"]):
                become(caption, new_element(page, "p", [new_element(page, "em", list(caption.children))]))
        element.name = "div"


def _picture(page: ForeignPage, image: Tag) -> Tag | None:
    """The `x-figure` element for a picture; None if the source does not have it."""
    data = data_of(image)
    written = str(data.get("src") or "").strip() or source_of(image)
    address = written if written in page.inline else picture_address(written, page.base) or written
    name = page.issue_files.add(SourcePicture(address, _content(page, written)), page.place) if written else ""
    if not name:
        return None
    link = image.find_parent("a", href=True)
    href = str(link["href"]) if link is not None else ""
    if href and _same_picture(href, written, page.base):
        href = ""
    return new_element(
        page,
        "x-figure",
        src=name,
        alt=_described(str(image.get("alt") or data.get("alt") or "")),
        href=href,
    )


def _content(page: ForeignPage, address: str) -> bytes | None:
    if address not in page.inline:
        return page.content_of(address)
    head, _, body = page.inline[address].partition(",")
    if ";base64" not in head.lower():
        return unquote(body).encode()
    import base64
    import binascii

    try:
        return base64.b64decode(unquote(body).encode("ascii", "ignore"))
    except (ValueError, binascii.Error):
        return b""


def _same_picture(href: str, src: str, base: str) -> bool:
    """Whether the link of a picture leads to the same picture in another size."""
    one, other = (picture_address(address, base) for address in (href, src))
    bare = [
        re.sub(r"(?:[-_]\d{2,4}x\d{2,4}|-scaled)?(\.\w{3,4})$", r"\1", split_address(address).path.lower())
        for address in (one, other)
    ]
    return (
        one == other
        or (bare[0] == bare[1] and bare[0] != "")
        or (
            bare[0].rpartition("/")[2] == bare[1].rpartition("/")[2]
            and bare[0].endswith((".jpg", ".jpeg", ".png", ".gif", ".webp"))
        )
    )


def charts(page: ForeignPage) -> None:
    """Removes the drawings of charts of this tool from a feed without marks: the table below has all their data."""
    # From the end, because a chart may have several drawings before its table.
    for image in reversed(page.soup.find_all("img", src=_DRAWN)):
        around = image.parent
        if around is None or around.name != "p":
            continue
        after = around.find_next_sibling()
        if after is not None and (after.name == "table" or after.find("table")):
            around.extract()
            page.report(ImportNote(page.place, "a chart is now the table of its figures", "changed"))


_DRAWN = re.compile(r"(?:^|/)chart-[0-9a-f]{8}\.png$")
"""The picture of a chart in a feed."""
