"""HTML to a tree, whatever it is like; and from that what nobody was to see."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, Comment, MarkupResemblesLocatorWarning, NavigableString, XMLParsedAsHTMLWarning
from bs4.element import PreformattedString, Tag

from newsletter.importing.html import DEEPEST, LARGEST, MOST_ELEMENTS, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.importing.html import Page

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_DATA = re.compile(r"data:image/[^\"'\s)>]{1,200000000}", re.IGNORECASE)
_PAYWALL = re.compile(r"<!--\s*(?:members-only|paywall)\s*-->", re.IGNORECASE)
_RAW = re.compile(
    r"<(script|style|template|svg|math|noscript|title|textarea|xmp|noembed|noframes|iframe)\b", re.IGNORECASE
)
_INLINE = frozenset(
    "a abbr b big cite code del em font i ins kbd mark q s small span strike strong sub sup tt u p".split()
)
_LISTS = frozenset({"ul", "ol", "menu"})
_ENDS: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "li": (("li",), _LISTS),
    "dt": (("dt", "dd"), frozenset({"dl"})),
    "dd": (("dt", "dd"), frozenset({"dl"})),
    "tr": (("tr",), frozenset({"table"})),
    "td": (("td", "th"), frozenset({"tr", "table"})),
    "th": (("td", "th"), frozenset({"tr", "table"})),
    **dict.fromkeys(
        "p div ul ol dl blockquote pre table h1 h2 h3 h4 h5 h6 hr section article header footer figure form".split(),
        (("p",), frozenset()),
    ),
}
"""What begins -> what it ends, and the elements within which it does not."""
_IN_PARAGRAPHS = frozenset(name for name, (ended, _) in _ENDS.items() if ended == ("p",))
_UNREAD = frozenset("script template noscript svg math xmp noembed noframes textarea".split())
_LONGEST_ATTRIBUTE = 100_000


class _Tree(BeautifulSoup):
    """A tree of bounded depth and size: no page can be built that later steps could not walk."""

    seen = 0
    ignored: tuple[str, ...] = ()
    """Elements that are open and not in the tree, being too deep."""

    def handle_starttag(self, name: str, *given: Any, **named: Any) -> Tag | None:
        self.seen += 1
        if self.seen > MOST_ELEMENTS:
            raise TooLargeError(f"it has over {MOST_ELEMENTS:,} elements of HTML")
        self._end_what_ends_by_itself(name)
        if name not in _VOID and len(self.tagStack) > DEEPEST:
            if len(self.ignored) < DEEPEST:
                self.ignored = (*self.ignored, name)
            return None
        return super().handle_starttag(name, *given, **named)

    def _end_what_ends_by_itself(self, name: str) -> None:
        """Close the elements whose end tag may be left out before `name` (HTML, 13.1.2.4), as html.parser does not."""
        ended, within = _ENDS.get(name, ((), frozenset()))
        if not ended:
            return
        for element in reversed(self.tagStack):
            if element.name in ended:
                super().handle_endtag(element.name)
                return
            if element.name in within or (element.name not in _INLINE and name in _IN_PARAGRAPHS):
                return

    def handle_endtag(self, name: str, *given: Any, **named: Any) -> None:
        if self.ignored and self.ignored[-1] == name:
            self.ignored = self.ignored[:-1]
            return
        super().handle_endtag(name, *given, **named)


def parsed(html: str) -> BeautifulSoup:
    """The tree of a page without comments and scripts. Raises TooLargeError for what is larger than a letter."""
    if sum(len(piece) for piece in _DATA.split(html)) > LARGEST:
        raise TooLargeError(f"it has over {LARGEST // 1_000_000} million characters of HTML")
    html = _without_raw(_without_comments(_PAYWALL.sub("<x-paywall></x-paywall>", html)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = _Tree(html, "html.parser")
    for text in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        text.extract()
    return soup


def _without_comments(html: str) -> str:
    """Comments are taken out before parsing: html.parser searches anew for the end of each that has none."""
    pieces: list[str] = []
    at = 0
    while (start := html.find("<!--", at)) >= 0:
        end = html.find("-->", start + 2)
        pieces.append(html[at:start])
        at = end + 3 if end >= 0 else start + 4
        if end < 0:
            return "".join(pieces) + html[at:].replace("<!", "&lt;!")
    return "".join(pieces) + html[at:]


def _without_raw(html: str) -> str:
    """Scripts and the like, up to the end that each needs; one without an end loses its tag alone."""
    pieces: list[str] = []
    ends: dict[str, int] = {}
    lower = html.lower()
    at = 0
    for found in _RAW.finditer(html):
        if found.start() < at:
            continue
        name = found[1].lower()
        if name not in _UNREAD:
            continue
        end = ends.get(name, 0)
        if 0 <= end <= found.start():
            end = ends[name] = lower.find(f"</{name}", found.start())
        pieces.append(html[at : found.start()])
        if end < 0:
            pieces.append("&lt;")
            at = found.start() + 1
            continue
        close = html.find(">", end)
        at = close + 1 if close >= 0 else len(html)
    return "".join(pieces) + html[at:]


def title_of(soup: BeautifulSoup) -> str:
    """What a page calls itself."""
    for name in ("og:title", "twitter:title"):
        meta = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
        if meta and meta.get("content"):
            return " ".join(str(meta["content"]).split())
    return " ".join(soup.title.get_text().split()) if soup.title else ""


# ── What nobody was to see ────────────────────────────────────────────────────────────────────────────────────────────

_HIDING = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|(?<![-\w])(?:max-)?height:0(?:px)?(?:;|!|$)[^\0]*overflow:hidden"
    r"|overflow:hidden[^\0]*(?<![-\w])(?:max-)?height:0(?:px)?(?:;|!|$)|opacity:0(?:;|!|$)"
)
"""Not `font-size:0`: cells of layouts have it, and what stands in them sets its own."""
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_CLASS = re.compile(r"(?:^|,)\s*(?:\w+)?\.([\w-]+)\s*(?=,|$)")
_FILLERS = re.compile("[\\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u00a0\u2007]+")


def unhidden(page: Page) -> None:
    """Take out the head, and what styles hide; the first words that were hidden are those for the inbox."""
    soup = page.soup
    hidden = _hidden_classes(soup)
    if soup.base and not page.base:
        page.base = str(soup.base.get("href") or "")
    for element in soup.find_all(["style", "link", "meta", "base", "title"]):
        element.extract()
    if soup.head and not soup.head.get_text(strip=True):
        soup.head.extract()
    for element in list(_elements(soup)):
        if not _is_hidden(element, hidden) or element.find("x-paywall") or soup not in element.parents:
            continue
        words = _FILLERS.sub(" ", element.get_text(" ")).strip()
        if words and not page.preheader and not _text_before(element):
            page.preheader = words[:300]
            page.left.setdefault("words for the inbox alone (a preheader)", []).append(words)
            element.extract()
        elif words or element.find("img"):
            page.leave_out("what was hidden from readers", element)
        else:
            element.extract()


def _elements(soup: BeautifulSoup) -> Iterator[Tag]:
    return (node for node in soup.descendants if isinstance(node, Tag))


def _hidden_classes(soup: BeautifulSoup) -> frozenset[str]:
    """The classes that a style sheet hides on every screen."""
    found: set[str] = set()
    for sheet in soup.find_all("style"):
        plain = re.sub(r"/\*.*?\*/", "", sheet.get_text()[:200_000], flags=re.DOTALL)
        depth_one = re.sub(r"@[^{};]{0,300}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", plain)
        for rule in _RULE.finditer(depth_one):
            if "display:none" in rule[2].replace(" ", "").lower():
                found |= set(_CLASS.findall(rule[1]))
    return frozenset(found)


def _is_hidden(element: Tag, classes: frozenset[str]) -> bool:
    if element.has_attr("hidden") and element.get("hidden") != "until-found":
        return True
    style = str(element.get("style") or "")[:_LONGEST_ATTRIBUTE]
    if style and _HIDING.search(re.sub(r"\s", "", style).lower()):
        return True
    return bool(classes) and not classes.isdisjoint(element.get("class") or ())


def _text_before(element: Tag) -> bool:
    """Whether anything is said before an element."""
    for count, node in enumerate(element.previous_elements):
        if count > 500:
            return True
        if isinstance(node, NavigableString) and not isinstance(node, Comment) and _FILLERS.sub("", str(node)):
            return True
    return False
