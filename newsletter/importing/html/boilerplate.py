"""Removes boilerplate in and around a letter in HTML: navigation, prompts, share buttons, footers, tracking pixels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.digits import whole_number
from newsletter.importing.html.page import short_text
from newsletter.importing.phrases import boilerplate_kind, whole_kind
from newsletter.importing.tags.merge_tags import with_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bs4.element import Tag

    from newsletter.importing.html.page import ForeignPage

SHARE, SUBSCRIBE, MAIL = "share buttons", "prompts to subscribe", "the header or footer of an email"
SITE, COMMENTS, PIXEL, SOCIAL = (
    "parts of the site around the issue",
    "readers' comments",
    "tracking pixels",
    "icons of social networks",
)

BYLINE = "the line with author and date"
CONTENTS = "a table of contents"


_LETTER = (
    ".available-content .body.markup",
    ".gh-content",
    ".entry-content",
    ".post-content",
    ".e-content",
    "[itemprop=articleBody]",
    "#content-blocks",
    "#templateBody",
    ".email-content",
    "article",
    "main",
    "[role=main]",
)
"""Selectors for the letter in pages of sites and services. The first one that matches enough of the page's text is
used."""
_ENOUGH = 0.4
"""The share of a page's text that an `article` or `main` must have to be the letter."""


def keep_letter(page: ForeignPage) -> None:
    """Removes all of a web page except the letter."""
    body = page.soup.body or page.soup
    whole = len(body.get_text(" ", strip=True))
    for selector in _LETTER:
        found = page.soup.select(selector, limit=50)
        best = max(found, key=lambda part: len(part.get_text(" ", strip=True)), default=None)
        if best is None or len(found) > 20:
            continue
        size = len(best.get_text(" ", strip=True))
        if size < (_ENOUGH * whole if selector in {"article", "main", "[role=main]"} else min(200, _ENOUGH * whole)):
            continue
        best.extract()
        rest = body.get_text(" ", strip=True)
        if rest:
            page.left.setdefault(SITE, []).append(rest[:2000])
        page.soup.clear()
        page.soup.append(best)
        return


_NAMES_BY_KIND: tuple[tuple[str, str], ...] = (
    (
        SUBSCRIBE,
        (
            r"subscription-widget|subscribe-widget|captioned-button-wrap|install-substack-app|kg-signup-card|kg-cta-email|gh-subscribe|"
            r"wp-block-jetpack-subscriptions|jetpack_subscription|newsletter-signup|email-signup|mc_embed_signup|formkit-|beehiiv-embed|rec__content|paywall-cta|"
            r"subscribe-(?:box|form|footer|prompt|dialog|button)|post-upgrade-cta"
        ),
    ),
    (
        SHARE,
        (
            r"sharedaddy|addtoany|share-(?:buttons?|bar|dialog|icons?|links?)|social-share|sharing-|post-ufi|like-button|mcnshare|mob-block|jp-relatedposts|"
            r"post-share|kg-share|restack-|ufi-button"
        ),
    ),
    (
        COMMENTS,
        r"comments?-(?:area|page|section|list|respond|thread)|comment-respond|^comments$|^respond$|disqus_thread|discussion|utterances|giscus|wpcnt",
    ),
    (
        SITE,
        (
            r"site-(?:header|footer|nav|navigation)|gh-(?:head|foot|footer|navigation)$|navbar|breadcrumbs?|sidebar|widget-area|post-navigation|nav-links|cookie-|"
            r"skip-link|related-posts|read-next|recirc|pagination|awesomewrap|awesomebar|main-menu|footer-wrap|single-post-section|"
            r"^(?:post|entry|article)?[-_]?tags(?:[-_](?:links|list))?$"
        ),
    ),
    (
        MAIL,
        r"templatefooter|templatepreheader|mcnfollow|footercontainer|preheadercontainer|email-?footer|unsubscribe|postal-address|view-?in-?browser|webversion|canspambar",
    ),
)
_NAME_PATTERNS = tuple((what, re.compile(pattern, re.IGNORECASE)) for what, pattern in _NAMES_BY_KIND)
_ELEMENTS = {
    "nav": SITE,
    "form": SUBSCRIBE,
    "button": SHARE,
    "dialog": SITE,
    "select": SITE,
    "input": SITE,
    "footer": SITE,
}
_MOST = 0.5
"""An element with more than this share of a page's text is not boilerplate, whatever its name."""


def by_name(page: ForeignPage) -> None:
    """Removes elements whose tag, class or id identifies them as boilerplate."""
    whole = max(len(page.soup.get_text(" ", strip=True)), 1)
    for element in page.soup.find_all(True):
        what = _ELEMENTS.get(element.name) or _kind_by_name(element)
        if not what or not page.has(element):
            continue
        if element.name == "button" and _shows_picture(element):
            element.unwrap()  # a button that enlarges the picture
            continue
        if element.name == "footer" and element.find_parent(["blockquote", "figure", "x-post"]):
            continue
        if element.name == "form" and not element.find(["input", "button", "textarea", "select"]):
            continue
        if element.find("x-paywall") or len(element.get_text(" ", strip=True)) > _MOST * whole > 200:
            continue
        if element.get_text(strip=True) or element.find("img"):
            page.leave_out(what, element)
        else:
            page.remove(element)


def _shows_picture(element: Tag) -> bool:
    """Whether an element contains only pictures that are not icons."""
    pictures = element.find_all("img")
    widths = [str(one.get("width") or "").removesuffix("px") for one in pictures]
    return (
        bool(pictures)
        and not element.get_text(strip=True)
        and not any((width := whole_number(one)) is not None and width <= 64 for one in widths)
    )


def _kind_by_name(element: Tag) -> str:
    names = [
        str(element.get("id") or ""),
        *element.get_attribute_list("class"),
        str(element.get("data-component-name") or ""),
    ]
    given = [name for name in names if name]
    return (
        next((what for what, pattern in _NAME_PATTERNS if any(pattern.search(str(name)[:200]) for name in given)), "")
        if given
        else ""
    )


_BYLINE = re.compile(r"(?:^|[-_])(?:byline|post-?meta|entry-?meta|article-?meta)$", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:table of |page )?contents|in this (?:issue|edition|newsletter|article|post)|on this page|inhalt(?:sverzeichnis)?|sommaire|contenidos?|índice|目次|目录",
    re.IGNORECASE,
)


def byline_and_contents(page: ForeignPage) -> None:
    """Removes the line with author and date and the table of contents, because the tool makes both."""
    for element in page.soup.find_all(["p", "div"], class_=_BYLINE):
        if page.has(element) and element.find("time") and not element.find(["img", "p"]) and short_text(element, 200):
            page.leave_out(BYLINE, element)
    lists = [one for one in page.soup.find_all(["ul", "ol"]) if one.find_parent(["ul", "ol"]) is None]
    if not any(_links_here(one) for one in lists):
        return
    headings = set(_names_of_headings(page))
    for entries in lists:
        if page.has(entries) and _is_contents(entries, headings):
            _leave_out_contents(page, entries)


def _links_here(entries: Tag) -> bool:
    link = entries.find("a")
    return link is not None and str(link.get("href") or "").startswith("#")


def _names_of_headings(page: ForeignPage) -> Iterator[str]:
    """The anchors of headings."""
    for heading in page.soup.find_all(_HEADING):
        for one in (heading, heading.parent, *heading.find_all(["a", "span"])):
            if one is not None:
                yield from filter(None, (str(one.get("id") or ""), str(one.get("name") or "")))


def _is_contents(entries: Tag, headings: set[str]) -> bool:
    """Whether each entry of a list is only a link to a heading of the page."""
    links = entries.find_all("a")
    if len(links) < 2 or len(links) != len(entries.find_all("li")):
        return False
    if not all(str(link.get("href") or "").startswith("#") for link in links):
        return False
    linked_size = sum(len(link.get_text(strip=True)) for link in links)
    if linked_size != sum(len(text.strip()) for text in entries.strings):
        return False
    return all(unquote(str(link["href"])[1:]) in headings for link in links)


_HEADING = re.compile("h[1-6]")


def _leave_out_contents(page: ForeignPage, entries: Tag) -> None:
    before = entries.find_previous_sibling()
    if before is not None and _CONTENTS.fullmatch((short_text(before, 40) or "").strip(": ")):
        page.remove(before)
    page.leave_out(CONTENTS, entries)


_SHARING = re.compile(
    r"facebook\.com/(?:sharer|share\.php|dialog/share)|(?:twitter|x)\.com/(?:intent/|share\b|home\?status)|linkedin\.com/(?:share|sharing|cws/share)|"
    r"wa\.me/\?|(?:api\.|web\.)?whatsapp\.com/send|t\.me/share|telegram\.me/share|pinterest\.com/pin/create|reddit\.com/submit|news\.ycombinator\.com/submitlink|"
    r"getpocket\.com/(?:save|edit)|bsky\.app/intent|threads\.net/intent|tumblr\.com/(?:share|widgets/share)|[?&]action=(?:share|restack)|[?&]gift=true|"
    r"[?&]share=(?:twitter|facebook|linkedin|reddit|x|email|tumblr|pinterest|pocket|telegram|jetpack-whatsapp|mastodon)|forward-to-friend|"
    r"(?:^|/)share/?\?|\bmailto:\?(?:subject|body)=|addtoany\.com|rp_referral|/comments(?:[?#]|$)|[?&]comments=true|#comments?$|#respond$|open\.substack\.com/pub/[^/]+/p/",
    re.IGNORECASE,
)
_UNSUBSCRIBING = re.compile(
    r"list-manage\.com/(?:unsubscribe|profile|about|vcard|subscribe)|/unsubscribe\b|action=(?:disable_email|unsubscribe)|/subscriptions?/(?:confirm-)?unsub|[?&]unsubscribe|"
    r"/email[-_]preferences|/manage[-_]preferences|campaign-archive\d*\.com/\?(?:u|e)=|/subscription/[0-9a-f-]{36}|mailchimp\.com/(?:monkey-rewards|email-referral|\?)|beehiiv\.com/\?utm|"
    r"substack\.com/(?:signup|app-store-redirect|refer)|substack\.com/redirect/2/[^?]*disable_email|^mailto:unsubscribe|preferences\.beehiiv|/app-link/post",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"(?:^|[/.])(?:facebook\.com|twitter\.com|x\.com|instagram\.com|linkedin\.com/(?:in|company|showcase)|youtube\.com/(?:@|c/|channel/|user/)|tiktok\.com/@|threads\.net/@|t\.me|"
    r"bsky\.app/profile|pinterest\.com|mastodon\.\w+/@|github\.com|medium\.com/@|open\.spotify\.com/(?:show|user))[^\s]{0,80}$",
    re.IGNORECASE,
)
_BLOCKS = ["p", "li", "td", "div", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "section", "center"]


def by_links(page: ForeignPage) -> None:
    """Removes links that share, unsubscribe or open the letter on the web, and blocks with nothing else."""
    for link in page.soup.find_all("a"):
        href = _decoded(page, link)
        what = SHARE if _SHARING.search(href) else MAIL if _UNSUBSCRIBING.search(href) else ""
        what = what or (SUBSCRIBE if _OF_SUBSTACK.match(href) else "")
        label = link.get_text(" ", strip=True)
        if not what and not href and link.has_attr("href") and (kind := whole_kind(label)):
            what = kind
        on_page = href.startswith("#") and whole_kind(label) == SHARE
        if not what and (kind := whole_kind(label)) and (_is_button(link) or link.find("img") or on_page):
            what = kind
        if what and page.has(link) and not (what == SHARE and _is_prose(link)):
            _leave_out_with_block(page, what, link)
    for link in page.soup.find_all("a", href=True):
        if _is_icon(link) and page.has(link):
            _leave_out_with_block(page, SOCIAL, link)


_OF_SUBSTACK = re.compile(
    r"%%(?:\w+_)?(?:checkout|subscribe|share|comments?|restack|gift|refer|donate|upgrade|pledge)_?\w*%%"
)


def _decoded(page: ForeignPage, link: Tag) -> str:
    """The address of a link; empty if it is a merge tag for an address that the tool sets itself."""
    href = str(link.get("href") or "").strip()[:8000]
    if _OF_SUBSTACK.match(href):
        return href
    plain = with_fields(href, page.report, page.place) if any(mark in href for mark in ("*|", "{{", "%", "[")) else href
    link["href"] = plain
    return plain


def _is_button(link: Tag) -> bool:
    classes = " ".join(map(str, link.get_attribute_list("class"))).lower() if link.get("class") else ""
    return "button" in classes or "btn" in classes or "background" in str(link.get("style") or "").lower()


def _is_prose(link: Tag) -> bool:
    """Whether a link is in a sentence of the letter."""
    block = link.find_parent(_BLOCKS)
    if block is None or block.name not in {"p", "li"}:
        return False
    whole = short_text(block, 400)
    return whole is None or len(whole) - len(link.get_text(" ", strip=True)) > 60


def _is_icon(link: Tag) -> bool:
    """Whether a link is a small picture that links to a profile."""
    pictures = link.find_all("img")
    if len(pictures) != 1 or link.get_text(strip=True):
        return False
    width = whole_number(str(pictures[0].get("width") or "").removesuffix("px"))
    small = width is not None and width <= 64
    return bool(_PROFILE.search(str(link["href"]))) and (
        small or bool(re.search(r"icon|social|logo", str(pictures[0].get("src")), re.IGNORECASE))
    )


def _leave_out_with_block(page: ForeignPage, what: str, link: Tag) -> None:
    """Removes a link, and each block around it that is then empty or contains only boilerplate."""
    block = link.find_parent(_BLOCKS)
    page.leave_out(what, link)
    for _ in range(6):
        if block is None or not page.has(block) or block.find(["img", "x-paywall", "iframe", "video", "audio"]):
            return
        rest = short_text(block, 300)
        if rest is None or (
            re.sub(r"[\W_]+", "", rest)
            and not (boilerplate_kind(rest) or _is_left_over(rest) or rest.strip(_EDGE) == page.preheader)
        ):
            return
        if block.find(["img", "x-paywall", "iframe", "video", "audio"]):
            return
        around = block.find_parent(_BLOCKS)
        if rest and re.sub(r"[\W_]+", "", rest):
            page.left.setdefault(what, []).append(rest)
        page.remove(block)
        block = around


_EDGE = " |·•–—"
_LEFT_OVER = re.compile(
    r"(?:want to change how you receive these emails\?|you can(?: also)?|or|and|to|from this list|click|here|if you|\W|no longer wish to receive (?:these|our) emails?,?|please|\d{4})*",
    re.IGNORECASE,
)


def _is_left_over(text: str) -> bool:
    """Whether a text is the rest of a footer after its links were removed."""
    return _LEFT_OVER.fullmatch(" ".join(text.replace("’", "'").split())) is not None


def by_words(page: ForeignPage) -> None:
    """Removes paragraphs, cells and buttons whose whole text is boilerplate."""
    for element in page.soup.find_all(_WORDED):
        text = short_text(element, 300)
        what = boilerplate_kind(text) if text else ""
        if not what or not page.has(element) or (element.name in {"span", "a"} and not _is_alone(element, text or "")):
            continue
        if element.name == "a" or not element.find(["img", "x-paywall", "iframe", "video", "audio"]):
            page.leave_out(what, element)


_WORDED = ["p", "li", "td", "div", "span", "center", "a", "h1", "h2", "h3", "h4", "h5", "h6"]


def _is_alone(element: Tag, text: str) -> bool:
    """Whether an inline element has all the text of its block."""
    block = element.find_parent(_BLOCKS)
    return block is not None and short_text(block, len(text) + 1) == text


_COUNTING = re.compile(
    r"/track/open|/wf/open|/o(?:pen)?\.(?:gif|aspx|php)|open[-_]tracking|/pixel\b|pixel\.(?:gif|png)|/beacon|/spacer\.(?:gif|png)|/blank\.gif|/1x1|transparent\.gif|/trk\?|"
    r"google-analytics\.com/collect|/e/o/|eotrx\.substack|email\.substack.*\bo/|/campaign/[0-9a-f-]{36}/[0-9a-f-]{36}/px\.png",
    re.IGNORECASE,
)
_TRACKER = re.compile(r"OPEN_TRACKING_PIXEL|TrackView|tracking_pixel", re.IGNORECASE)


def pixels(page: ForeignPage) -> None:
    """Removes invisible pictures, which count readers or keep space in a layout."""
    for image in page.soup.find_all("img"):
        src = str(image.get("src") or image.get("data-src") or "")[:8000]
        if _is_dot(image) or _COUNTING.search(src) or _TRACKER.search(src):
            page.left.setdefault(PIXEL, []).append("")
            page.remove(image)
    for text in page.soup.find_all(string=_TRACKER):
        if len(str(text)) < 100:
            page.left.setdefault(PIXEL, []).append("")
            text.extract()


def _is_dot(image: Tag) -> bool:
    sizes = [str(image.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    style = re.sub(r"\s", "", str(image.get("style") or "").lower())[:2000]
    sizes += re.findall(r"(?<![-\w])(?:width|height):(\d+)px", style)
    return any((pixels := whole_number(size)) is not None and pixels <= 2 for size in sizes)


BOILERPLATE: tuple[Callable[[ForeignPage], None], ...] = (
    pixels,  # first, so that later steps remove the blocks that become empty
    byline_and_contents,
    by_name,
    by_links,  # before `by_words`: a link identifies the words around it
    by_words,
)
