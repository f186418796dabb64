"""Converts elements with an equivalent here: paywalls, videos, posts, audio, buttons and others.

Each becomes an `x-…` element, which newsletter.importing.html.writing writes as Markdown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4.element import NavigableString, Tag

from newsletter.blocks.sites import film_of
from newsletter.digits import unescape
from newsletter.importing.addresses import bare_address, split_address
from newsletter.importing.base import ImportNote
from newsletter.importing.html.editors import callouts, cards, galleries, quotations, verses, word_lists
from newsletter.importing.html.elements import (
    attributes_of,
    become,
    data_of,
    linked,
    new_element,
    of_class,
    text_of,
)
from newsletter.importing.html.figures import charts, figures
from newsletter.importing.html.footnotes import footnotes
from newsletter.importing.html.frames import frame_source, words_for
from newsletter.importing.html.own import own_blocks
from newsletter.importing.html.substack import substack_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newsletter.importing.html.page import ForeignPage


def paywalls(page: ForeignPage) -> None:
    """Marks the first paywall; text below it was for paying readers. Removes any others."""
    found = page.soup.find_all(_is_paywall)
    for count, element in enumerate(found):
        if count == 0:
            element.insert_before(new_element(page, "x-paywall"))
        element.extract()


def _is_paywall(element: Tag) -> bool:
    if element.name == "x-paywall":
        return True
    if not element.attrs:
        return False
    named = element.get("data-component-name") == "PaywallToDOM"
    return named or not _PAYWALLS.isdisjoint(element.get("class") or ())


_PAYWALLS = frozenset({"paywall-jump", "kg-paywall"})
_ONLY = (
    ("paid", ("wp-block-premium-content-subscriber-view", "wp-block-jetpack-premium-content-subscriber-view")),
    ("free", ("wp-block-premium-content-logged-out-view", "wp-block-jetpack-premium-content-logged-out-view")),
)


def parts_for_some(page: ForeignPage) -> None:
    """Marks parts that are only for paying readers or only for others."""
    for readers, names in _ONLY:
        for element in of_class(page, *names):
            element.name, element.attrs = "x-only", {"readers": readers}


_POSTS = (
    "twitter-tweet",
    "twitter-video",
    "instagram-media",
    "tiktok-embed",
    "bluesky-embed",
    "mastodon-embed",
    "text-post-media",
)


def frames(page: ForeignPage) -> None:
    """Replaces video frames with the address of the video, and other frames with a link and a note."""
    for frame in page.soup.find_all(["iframe", "embed", "object"]):
        if not page.has(frame):
            continue
        source = bare_address(frame_source(attributes_of(frame)) or _parameter(frame), page.base)
        address = film_of(source)
        data = data_of(frame)
        if str(data.get("targetUrl") or "").startswith("http"):
            source = bare_address(str(data["targetUrl"]))
        title = " ".join(str(data.get("title") or frame.get("title") or "").split())[:200]
        title = (
            ""
            if re.fullmatch(r"(?:youtube )?(?:video )?player|embedded content|iframe", title, re.IGNORECASE)
            else title
        )
        if address:
            _show(page, frame, linked(page, title or address, address))
        elif source.startswith("http"):
            host = split_address(source).hostname or source
            if frame.name == "object" and _leads_to(frame, source, page.base):
                frame.name, frame.attrs = "span", {}  # its fallback content has the link
                continue
            page.report(ImportNote(page.place, f"an iframe with a page of {host} is now a link", "changed"))
            _show(page, frame, linked(page, words_for(source, title), source))
        else:
            if frame.get("srcdoc") and (words := _words_in(str(frame["srcdoc"]))):
                page.report(ImportNote(page.place, f"an iframe with its own page: {words[:80]}", "lost"))
            frame.unwrap()
    for element in page.soup.find_all(["lite-youtube", "amp-youtube", "lite-vimeo", "amp-vimeo"]):
        film = str(element.get("videoid") or element.get("data-videoid") or "")
        if re.fullmatch(r"[\w-]{6,20}", film):
            address = (
                f"https://vimeo.com/{film}" if "vimeo" in element.name else f"https://www.youtube.com/watch?v={film}"
            )
            _show(page, element, linked(page, address, address))
    for element in of_class(page, "youtube-wrap", "vimeo-wrap", element="div"):
        film = str(data_of(element).get("videoId") or "")
        if re.fullmatch(r"[\w-]{6,20}", film) and not element.find("a"):
            shape = (
                "https://www.youtube.com/watch?v={}" if "youtube-wrap" in element["class"] else "https://vimeo.com/{}"
            )
            address = shape.format(film)
            become(element, new_element(page, "p", [linked(page, address, address)]))


def _parameter(frame: Tag) -> str:
    """The address in a parameter of an `object`."""
    named = frame.find("param", attrs={"name": ["movie", "src", "url"]})
    return str(named.get("value") or "") if isinstance(named, Tag) else ""


def _leads_to(frame: Tag, source: str, base: str) -> bool:
    return any(bare_address(str(link["href"]), base) == source for link in frame.find_all("a", href=True))


def _words_in(html: str) -> str:
    return " ".join(re.sub(r"<[^>]{0,500}>", " ", html[:5000]).split())


_LINES = ["td", "th", "caption", "dt", "h1", "h2", "h3", "h4", "h5", "h6"]


def _show(page: ForeignPage, element: Tag, link: Tag, block: str = "p") -> None:
    """Turns an element into a link: inside a sentence or table, in place; elsewhere, as a block."""
    become(element, link if _in_a_line(element) else new_element(page, block, [link]))


def _in_a_line(element: Tag) -> bool:
    """Whether an element is in a heading, in a data table, or between words of a paragraph."""
    around = element.find_parent(["p", "li", "div", "figure", "blockquote", *_LINES])
    if around is None:
        return False
    if around.name in {"td", "th"}:
        table = around.find_parent("table")
        return table is not None and table.find("th") is not None and table.find("table") is None
    return around.name in _LINES or (
        around.name == "p" and _has_text(element.previous_siblings) and _has_text(element.next_siblings)
    )


def _has_text(nodes: Iterable[Any]) -> bool:
    return any((node.get_text() if isinstance(node, Tag) else str(node)).strip() for node in nodes)


def posts(page: ForeignPage) -> None:
    """Converts embedded posts of social networks."""
    for element in of_class(page, "tweet", "twitter-embed", element="div"):
        data = data_of(element)
        address = bare_address(str(data.get("url") or ""), page.base) or _last_address(page, element)
        words = unescape(str(data.get("full_text") or "")) or text_of(element.select_one(".tweet-text") or element)
        if address:
            author = str(
                data.get("name") or data.get("username") or split_address(address).path.strip("/").partition("/")[0]
            )
            photos = data.get("photos")
            shown = (
                [str(one.get("img_url") or "") for one in photos if isinstance(one, dict)]
                if isinstance(photos, list)
                else []
            )
            become(element, _post(page, author, address, words))
            for photo in shown:
                page.report(ImportNote(page.place, f"the picture in an embedded post: {photo[:200]}", "left out"))
    for element in of_class(page, *_POSTS, element="blockquote"):
        address = bare_address(
            str(element.get("cite") or element.get("data-instgrm-permalink") or ""), page.base
        ) or _last_address(page, element)
        if not address:
            continue
        address = re.sub(r"\?ref_src=\w+$", "", address)
        paragraph = element.find("p")
        words = text_of(paragraph) if paragraph else text_of(element)
        author_line = re.search(r"[—–]\s*([^(@—–]{2,60}?)\s*\(\s*(@[^)]{1,60})\)", text_of(element))
        element.replace_with(
            _post(page, author_line[1] if author_line else (split_address(address).hostname or address), address, words)
        )


def _post(page: ForeignPage, author: str, address: str, words: str) -> Tag:
    post = new_element(page, "x-post", [linked(page, " ".join(author.split()), address)])
    for line in words.split("\n\n"):
        if line.strip():
            paragraph = new_element(page, "p")
            paragraph.append(NavigableString(" ".join(line.split())))
            post.append(paragraph)
    return post


def _last_address(page: ForeignPage, element: Tag) -> str:
    links = [bare_address(str(link["href"]), page.base) for link in element.find_all("a", href=True)]
    wanted = [
        address for address in links if re.search(r"/status(?:es)?/\d|/p/|/reel/|/video/|/post/|/@[^/]+/\d", address)
    ]
    return wanted[-1] if wanted else ""


def players(page: ForeignPage) -> None:
    """Converts the letter's own audio and video players."""
    for element in page.soup.find_all(["audio", "video"]):
        addresses = [frame_source(attributes_of(one)) for one in (element, *element.find_all("source"))]
        source = bare_address(next(filter(None, addresses), ""), page.base)
        if not source.startswith("http"):
            what = f"the source does not have the recording {source}" if source else "a player without its recording"
            page.report(ImportNote(page.place, what, "lost"))
            poster = str(element.get("poster") or "")
            if poster:
                become(element, new_element(page, "p", [new_element(page, "img", src=poster)]))
            else:
                page.remove(element)
            continue
        card = element.find_parent(class_=re.compile(r"kg-(?:audio|video)-card|audio-embed|wp-block-(?:audio|video)"))
        named = card.select_one(".kg-audio-title, figcaption") if card else None
        name = text_of(named) if named else str(element.get("title") or words_for(source))
        link = linked(page, name, source)
        if _in_a_line(card or element):
            become(card or element, link)
        else:
            become(card or element, new_element(page, f"x-{element.name}", [link]))


def emoji(page: ForeignPage) -> None:
    """Replaces pictures of emoji (WordPress, Gmail, X) with the characters."""
    for image in page.soup.find_all("img", alt=True):
        alt = str(image["alt"]).strip()
        if 0 < len(alt) <= 16 and not any(sign.isascii() or sign.isalnum() for sign in alt) and _EMOJI.search(alt):
            image.replace_with(NavigableString(alt))


_EMOJI = re.compile("[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")


def formulas(page: ForeignPage) -> None:
    """Reports formulas that became code, because emails cannot show them, and removes their rendered copies."""
    found = page.soup.find_all("code", attrs={"data-formula": True})
    if not found:
        return
    page.report(ImportNote(page.place, "a formula is now code, because emails cannot show formulas", "changed"))
    for element in of_class(page, "katex-html", "MathJax", "MathJax_Preview"):
        if not element.find("code"):
            page.remove(element)


def maps(page: ForeignPage) -> None:
    """Adds the links of an image map as a list below the picture."""
    for element in page.soup.find_all("map"):
        links = []
        for area in element.find_all("area", href=True):
            address = bare_address(str(area["href"]), page.base)
            if address.startswith(("http", "mailto:")):
                link = linked(page, words_for(address, str(area.get("alt") or area.get("title") or "")), address)
                links.append(new_element(page, "li", [link]))
        if links:
            page.report(ImportNote(page.place, f"{len(links)} links within a picture are now below it", "changed"))
            become(element, new_element(page, "ul", links))


_BUTTON = re.compile(r"\b(?:button|btn|kg-btn|wp-block-button__link|mcnButton|cta)\b", re.IGNORECASE)


def buttons(page: ForeignPage) -> None:
    """Marks links that look like a button and are alone in their block."""
    for link in page.soup.find_all("a", href=True):
        classes = " ".join(link.get_attribute_list("class")) if link.get("class") else ""
        style = re.sub(r"\s", "", str(link.get("style") or "").lower())[:4000]
        looks = bool(_BUTTON.search(classes)) or ("padding" in style and ("background" in style or _is_on_ground(link)))
        words = text_of(link)
        if not looks or not words or len(words) > 80 or link.find(["img", "h1", "h2", "h3", "h4"]):
            continue
        block = link.find_parent(["p", "div", "td", "li", "figure", "center"])
        if block is not None and block.name != "li" and (text_of(block) == words or _is_between_blocks(link, block)):
            address = bare_address(str(link["href"]), page.base)
            if address.startswith(("http", "mailto:")):
                become(link, new_element(page, "x-button", [linked(page, words, str(link["href"]))]))


def _is_on_ground(link: Tag) -> bool:
    """Whether the cell around a link has a background, as in buttons of emails."""
    cell = link.find_parent("td")
    styled = str(cell.get("style") or "").lower() if cell is not None else ""
    return cell is not None and ("background" in styled or bool(cell.get("bgcolor")))


def _is_between_blocks(link: Tag, around: Tag) -> bool:
    """Whether a link is alone in a container of blocks that has no text of its own."""
    return (
        around.name in {"div", "td", "figure", "center"}
        and link.parent is around
        and not any(
            (one.name not in _BOXES if isinstance(one, Tag) else str(one).strip())
            for one in (*link.previous_siblings, *link.next_siblings)
        )
    )


_BOXES = frozenset("p div figure ul ol table h1 h2 h3 h4 h5 h6 blockquote hr br img x-gone".split())


EMBEDS: tuple[Callable[[ForeignPage], None], ...] = (
    own_blocks,  # before anything in them is converted
    charts,  # before figures and tables are converted
    paywalls,
    parts_for_some,
    substack_blocks,
    word_lists,
    cards,
    quotations,
    callouts,
    verses,
    galleries,  # before their pictures become separate figures
    formulas,
    emoji,
    frames,
    posts,  # before quotations are converted
    players,
    maps,
    footnotes,
    figures,
    buttons,  # a link to a picture or recording is not a button
)
