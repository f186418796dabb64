"""Parses any HTML to a tree of limited size, and removes hidden parts."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import Comment, NavigableString, PreformattedString, Tag

from newsletter.digits import short_references
from newsletter.importing.addresses import picture_address
from newsletter.importing.html.internal import internal_element, name_of, tag_of
from newsletter.importing.html.page import DEEPEST, LARGEST, MOST_ELEMENTS, TooLargeError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.importing.html.page import ForeignPage

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_DATA = re.compile(r"data:image/[A-Za-z0-9.+-]{1,40}[;,][^\"'\s)>]++", re.IGNORECASE)
_PAYWALL = re.compile(r"<!--\s*(?:members-only|paywall|wp:jetpack/paywall\b[^<>]{0,500}?)\s*/?-->", re.IGNORECASE)
_GATED = re.compile(r"<!--\s*kg-gated-block:(?:begin\b([^<>]{0,500}?)|end)\s*-->", re.IGNORECASE)
"""The comments with which Ghost begins and ends a part for some readers."""
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
"""The elements that a start tag closes, and the elements inside which it does not, by the name of the start tag."""
_IN_PARAGRAPHS = frozenset(name for name, (ended, _) in _ENDS.items() if ended == ("p",))
_UNREAD = frozenset("script style template svg math xmp noembed noframes textarea".split())
_LONGEST_ATTRIBUTE = 100_000


class _Tree(BeautifulSoup):
    """A tree of limited depth and size, so that later steps can walk it."""

    seen = 0
    ignored: tuple[str, ...] = ()
    """Open elements that are not in the tree, because they are nested too deeply."""

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
        """Closes elements whose end tag may be omitted before `name` (HTML, 13.1.2.4); html.parser does not."""
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


@dataclass(frozen=True, slots=True)
class Parsed:
    """A page as a tree without comments and scripts, and what was removed from it."""

    soup: BeautifulSoup
    sheets: tuple[str, ...]
    """The style sheets."""
    inline: dict[str, str]
    """The embedded pictures, as `data:…`, by their address in the tree: `data:` and a number."""
    drawings: tuple[str, ...]
    """The words in inline SVG drawings, which emails cannot show."""


def parsed(html: str) -> Parsed:
    """Parses a page. Raises TooLargeError if it is larger than a letter can be."""
    inline: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        name = f"data:{len(inline)}"
        inline[name] = found[0]
        return name

    html = _DATA.sub(take, short_references(html))
    if len(html) > LARGEST:
        raise TooLargeError(f"it has over {LARGEST // 1_000_000} million characters of HTML")
    safe = _SafeHtml(_PAYWALL.sub(internal_element("x-paywall", ""), _GATED.sub(_gate, html)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = _Tree(safe.html(), "html.parser")
    for text in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        text.extract()
    for image in soup.find_all("amp-img"):
        image.name = "img"
    for foreign in soup.find_all(re.compile("^x-")):
        foreign.name = name_of(foreign.name) or "div"
    return Parsed(soup, tuple(safe.sheets), inline, tuple(safe.drawings))


def _gate(found: re.Match[str]) -> str:
    """A part for some readers in Ghost, as `x-only`: for paying readers, unless it may be shown to all."""
    if found[1] is None:
        return f"</{tag_of('x-only')}>"
    strangers = re.search(r"nonMember:\s*true", found[1]) is not None
    named = re.search(r"memberSegment:\s*\"([^\"]*)\"", found[1])
    segments = set(re.split(r"[,\s]+", named[1])) if named else set()
    free, paid = "status:free" in segments, "status:-free" in segments
    return f'<{tag_of("x-only")} readers="{"" if paid and (free or strangers) else "free" if free or strangers else "paid"}">'


def classes_of(soup: BeautifulSoup) -> frozenset[str]:
    """All classes of the elements."""
    return frozenset(
        str(name)
        for element in _elements(soup)
        if "class" in element.attrs
        for name in element.get_attribute_list("class")
    )


_LONGEST_TAG = 30_000
_UNBALANCED = 200
"""The number of tags with unbalanced quotation marks that are parsed closely. Further ones end at the next `>`."""
_TAG = re.compile(r"<[A-Za-z](?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_QUOTE = re.compile("[\"']")
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*)")


class _SafeHtml:
    """Makes HTML safe for html.parser in one pass.

    It removes comments, declarations, unread elements and incomplete tags. For each tag or comment that is never
    closed, html.parser would search the rest of the page.
    """

    def __init__(self, html: str) -> None:
        self.sheets: list[str] = []
        self.drawings: list[str] = []
        """The words in inline drawings."""
        self._html = html
        self._lower = html.lower() if html.isascii() else _ascii_lower(html)
        self._ends: dict[str, int] = {}
        self._unbalanced = 0

    def html(self) -> str:
        """The cleaned HTML."""
        html = self._html
        pieces: list[str] = []
        at = 0
        while (start := html.find("<", at)) >= 0:
            pieces.append(html[at:start])
            piece, at = self._piece(start)
            pieces.append(piece)
        return "".join((*pieces, html[at:]))

    def _next(self, mark: str, at: int) -> int:
        """The offset of the next `mark`, or len(html). A result is cached until it is passed."""
        known = self._ends.get(mark, -1)
        if known < at:
            found = self._lower.find(mark, at)
            known = self._ends[mark] = found if found >= 0 else len(self._html)
        return known

    def _piece(self, start: int) -> tuple[str, int]:
        """The output for the construct that begins with a `<`, and the offset after it."""
        html, none = self._html, len(self._html)
        follows = html[start + 1 : start + 2]
        if follows.isascii() and follows.isalpha():
            return self._tag(start)
        end = self._next(">", start)
        if end == none:
            return "&lt;", start + 1
        if follows == "/":
            name = _NAME.match(html, start)
            return (f"</{name[1]}>" if name else "", end + 1) if end - start < _LONGEST_TAG else ("&lt;", start + 1)
        if html.startswith("<!--", start):
            close = self._next("-->", start + 2)
            return ("", close + 3) if close < none else ("", start + 4)
        if html.startswith("<![CDATA[", start):
            return "", start + 9
        return ("", end + 1) if follows in {"!", "?"} and end - start < _LONGEST_TAG else ("&lt;", start + 1)

    def _tag(self, start: int) -> tuple[str, int]:
        html, none = self._html, len(self._html)
        end = self._next(">", start)
        if end == none:
            return "&lt;", start + 1
        inner = html.find("<", start + 1, end)
        if inner >= 0 and not _QUOTE.search(html, start, inner):
            return "&lt;", start + 1
        tag = html[start : end + 1]
        if ('"' in tag or "'" in tag) and self._unbalanced < _UNBALANCED:
            whole = _TAG.match(html, start, start + _LONGEST_TAG)
            if whole:
                tag = whole[0]
            else:
                self._unbalanced += 1
                tag = re.sub("[\"']", "", tag)
        elif tag.count('"') % 2 or tag.count("'") % 2:
            tag = re.sub("[\"']", "", tag)
        end = start + len(html[start : end + 1]) if len(tag) <= end + 1 - start else start + len(tag)
        if len(tag) > _LONGEST_TAG or "<" in re.sub(r"\"[^\"]*\"|'[^']*'", "", tag[1:]):
            return ("", end) if "<" not in tag[1:] else ("&lt;", start + 1)
        found = _NAME.match(tag)
        name = found[1].lower() if found else ""
        if name not in _UNREAD or tag.endswith("/>"):
            return tag, end
        close = self._next(f"</{name}", end)
        if close == none:
            return "", end
        if name == "style":
            self.sheets.append(html[end:close][:200_000])
        closed = html.find(">", close, close + 200)
        return self._instead(name, tag, html[end:close]), closed + 1 if closed >= 0 else close + len(name) + 2

    def _instead(self, name: str, tag: str, content: str) -> str:
        """The replacement for an unread element: the source of a formula; nothing for others."""
        if name == "svg" and re.search(r"<text\b", content[:100_000], re.IGNORECASE):
            self.drawings.append(_words(content[:100_000]))
        if name == "script" and "math/tex" in tag:
            return f"<code data-formula>{content.strip()}</code>" if "<" not in content else ""
        if name != "math":
            return ""
        formula = _FORMULA.search(content[:100_000]) or re.search(r"\balttext=\"([^\"]{1,2000})\"", tag)
        words = formula[1].strip() if formula else _words(content[:100_000])
        return f"<code data-formula>{words}</code>" if words and "<" not in words else ""


_FORMULA = re.compile(
    r"<annotation\b[^<>]{0,200}application/x-tex[^<>]{0,200}>([^<]{1,2000})</annotation", re.IGNORECASE
)


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^<>]{0,2000}>", " ", html).split())


def _ascii_lower(text: str) -> str:
    """The text with ASCII letters in lower case. Its length does not change."""
    return text.translate(_SMALL)


_SMALL = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def title_of(soup: BeautifulSoup) -> str:
    """The title of a page; empty if there is none."""
    for name in ("og:title", "twitter:title"):
        meta = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
        if meta and meta.get("content"):
            return " ".join(str(meta["content"]).split())
    return " ".join(soup.title.get_text().split()) if soup.title else ""


_HIDING = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|(?<![-\w])(?:max-)?height:0(?:px)?(?:;|!|$)[^\0]*overflow:hidden"
    r"|overflow:hidden[^\0]*(?<![-\w])(?:max-)?height:0(?:px)?(?:;|!|$)|opacity:0(?:;|!|$)"
)
"""Not `font-size:0`, because layout cells have it and their content sets its own size."""
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_CLASS = re.compile(r"(?:^|,)\s*(?:\w+)?\.([\w-]+)\s*(?=,|$)")
_FILLERS = re.compile("[\\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u00a0\u2007]+")


def remove_hidden(page: ForeignPage, sheets: Sequence[str]) -> None:
    """Removes the head of the page and hidden elements. The first hidden text is the preheader."""
    soup = page.soup
    hidden = _hidden_classes(sheets)
    if soup.base and not page.base:
        page.base = str(soup.base.get("href") or "")
    for element in soup.find_all(["link", "meta", "base", "title"]):
        element.extract()
    if soup.head and not soup.head.get_text(strip=True):
        soup.head.extract()
    for element in list(_elements(soup)):
        if not _is_hidden(element, hidden) or element.find("x-paywall") or not page.has(element):
            continue
        words = _FILLERS.sub(" ", element.get_text(" ")).strip()
        if words and not page.preheader and not _text_before(element):
            page.preheader = words[:300]
            page.left.setdefault("text only for the inbox (a preheader)", []).append(words)
            page.remove(element)
        elif words or element.find("img"):
            page.leave_out("text hidden from readers", element)
        else:
            page.remove(element)


def remove_noscript(page: ForeignPage) -> None:
    """Removes content for browsers without scripts, except pictures that a script would load."""
    from newsletter.importing.html.elements import source_of

    without = page.soup.find_all("noscript")
    if not without:
        return
    shown = {
        picture_address(source_of(image), page.base)
        for image in page.soup.find_all("img")
        if image.find_parent("noscript") is None
    }
    for element in without:
        new = [one for one in element.find_all("img") if picture_address(source_of(one), page.base) not in shown]
        shown |= {picture_address(source_of(one), page.base) for one in new}
        for one in new:
            element.insert_before(one.extract())
        page.leave_out("content for browsers without scripts", element) if element.get_text(
            strip=True
        ) else page.remove(element)


def _elements(soup: BeautifulSoup) -> Iterator[Tag]:
    return (node for node in soup.descendants if isinstance(node, Tag))


def _hidden_classes(sheets: Sequence[str]) -> frozenset[str]:
    """The classes that a style sheet hides on all screens."""
    found: set[str] = set()
    for sheet in sheets:
        plain = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
        depth_one = re.sub(r"@[^{};]{0,300}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", plain)
        for rule in _RULE.finditer(depth_one):
            if "display:none" in rule[2].replace(" ", "").lower():
                found |= set(_CLASS.findall(rule[1]))
    return frozenset(found)


def _is_hidden(element: Tag, classes: frozenset[str]) -> bool:
    if element.has_attr("popover") or (element.has_attr("hidden") and element.get("hidden") != "until-found"):
        return True
    style = str(element.get("style") or "")[:_LONGEST_ATTRIBUTE]
    if style and _HIDING.search(re.sub(r"\s", "", style).lower()):
        return True
    return bool(classes) and not classes.isdisjoint(element.get("class") or ())


def _text_before(element: Tag) -> bool:
    """Whether there is any text before an element."""
    for count, node in enumerate(element.previous_elements):
        if count > 500:
            return True
        if isinstance(node, NavigableString) and not isinstance(node, Comment) and _FILLERS.sub("", str(node)):
            return True
    return False
