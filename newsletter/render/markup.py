"""What the outputs share in writing: characters escaped, addresses (which may be followed, and where they lead), inlines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from newsletter import tokens
from newsletter.files import composed_address
from newsletter.late import late
from newsletter.markdown.addresses import refused_scheme
from newsletter.model import Emphasis, FootnoteReference, Image, Link, Strikethrough, Strong, Text
from newsletter.walk import plain_text, runs_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.config.publication import Publication
    from newsletter.model import Inline
    from newsletter.render.letter import Letter

_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):")
_IGNORED_BY_BROWSERS = re.compile("[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_UNFIT = late("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufde0-\ufdef\ufffe\uffff]")
"""Controls but tab and line feed, surrogates and noncharacters (HTML §13.2.3.5, XML 1.0 §2.2); none beyond the first plane, which
would make a search of every output ten times as slow."""
_NEEDS_ESCAPING = re.compile('[&<>"]')
_FIELD = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*(?:\|\s*([^{}|]*?)\s*)?\}\}")
_OTHER_ISSUE = late(r"(?:^|/)(?:\d{4}-\d{2}-\d{2}-)?([^/#?]+?)(?:/index)?\.md(?=$|[#?])")


def fit(output: str) -> str:
    """An output without what no page, feed or mail may hold: controls are spaces, what is no character at all is U+FFFD.

    One for one, so that places stay, and never taken out: what a control parts must not become a scheme or a tag. Placeholders
    stay.
    """
    return _UNFIT.sub(_in_place, output)


def _in_place(found: re.Match[str]) -> str:
    return " " if found[0] < "\x80" or found[0].isspace() else "\ufffd"


def escape(text: str) -> str:
    """`text` for use between tags. Quotes stay as they are: they are harmless there, and shorter."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def escape_attribute(text: str) -> str:
    """`text` for use between double quotes in a tag. Placeholders pass through: whoever fills them escapes."""
    if not _NEEDS_ESCAPING.search(text):
        return text
    return escape(text).replace('"', "&quot;")


# ── Addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────


def is_safe(address: str) -> bool:
    """Whether `address` may be followed or loaded: false for schemes that run or read what is not the author's to share.

    Judged as browsers do, which skip control characters and spaces, and with personal fields at their fallbacks, lest
    one hide a scheme.
    """
    plain = tokens.fill(address, lambda _name, fallback: fallback)
    return not refused_scheme(_IGNORED_BY_BROWSERS.sub("", plain))


def is_absolute(address: str) -> bool:
    """Whether `address` has a scheme, or a host without one (`//host/path`)."""
    return address.startswith("//") or _SCHEME.match(address.lower()) is not None


def absolute(base: str, address: str) -> str:
    """`address` as seen from the page at `base` (RFC 3986 §5); as it is where it has a scheme or makes no sense."""
    if not address.startswith("//") and is_absolute(address):
        return address
    if address.startswith("#"):
        return base + address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


# ── Where addresses lead: from the page beside its files, or from anywhere ──────────────────────────────────────────


def with_placeholders(href: str) -> str:
    """An address with the personal fields in it as placeholders."""
    if "{{" not in href:
        return href
    return _FIELD.sub(lambda match: tokens.placeholder(match[1], match[2] or ""), href)


def beside_page(letter: Letter, href: str) -> str:
    """`href` as the web page links to it: its own files stand beside it, those of other issues a folder up.

    Relative where it can be, so that the site can be read from disk and below any path; personal fields are filled.
    """
    href = _with_fallbacks(letter, href)
    if href.startswith("#"):
        return f"#{composed_address(href[1:])}"
    if is_absolute(href) or href.startswith("?"):
        return href
    own = _own_file(letter, href)
    if own:
        return own
    other = _OTHER_ISSUE.search(href)
    return f"../{composed_address(other[1])}/index.html{_place(href, other)}" if other else href


def from_anywhere(letter: Letter, href: str) -> str:
    """`href` as an absolute address. Placeholders in it stay."""
    if href.startswith(tokens.OPEN) or (is_absolute(href) and not href.startswith("//")):
        return href
    own = _own_file(letter, href)
    if own:
        return absolute(letter.page_url, own)
    if href.startswith("#"):
        return f"{letter.page_url}#{composed_address(href[1:])}"
    return page_of_issue(letter.publication, href) or absolute(letter.page_url, href)


def page_of_issue(publication: Publication, href: str) -> str:
    """The web page of the issue whose file `href` names, from the file of another; empty where it names none."""
    other = _OTHER_ISSUE.search(href)
    return f"{publication.url}{composed_address(other[1])}/{_place(href, other)}" if other else ""


def _place(href: str, other: re.Match[str]) -> str:
    """What stands behind the name of another issue: the place in it, as its headings are called."""
    query, mark, place = href[other.end() :].partition("#")
    return f"{query}{mark}{composed_address(place)}"


def from_feed(letter: Letter, href: str) -> str:
    """`href` as an absolute address with personal fields filled."""
    return from_anywhere(letter, _with_fallbacks(letter, href))


def without_service(letter: Letter, name: str, fallback: str) -> str:
    """What stands for a token where no service fills it in, unescaped: the fallback, the page, the way to subscribe."""
    if name == tokens.VIEW_IN_BROWSER:
        return letter.page_url
    if name in tokens.SERVICE_TOKENS:
        return letter.publication.subscribe_url or letter.publication.url
    return fallback or letter.publication.personal_fields.get(name, "")


def _with_fallbacks(letter: Letter, href: str) -> str:
    whole = href.startswith(tokens.OPEN)  # a field that is the address is one already; in another it is a part

    def written(name: str, fallback: str) -> str:
        value = without_service(letter, name, fallback)
        return value if whole else quote(value, safe="")

    return tokens.fill(href, written)


def _own_file(letter: Letter, href: str) -> str:
    """The name beside the page of a file that came along; empty for anything else."""
    image = letter.images.get(href)
    return image.name if image else letter.attachments.get(href, "")


# ── Inline content, whatever it is written as: without its links, and where a line end in it is no space ──────────────


def unlinked(inlines: Sequence[Inline]) -> tuple[Inline, ...]:
    """Inline content without links (their text stays), notes and pictures."""
    kept: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Link):
            kept += unlinked(inline.inlines)
        elif isinstance(inline, (Emphasis, Strong, Strikethrough)):
            kept.append(type(inline)(unlinked(inline.inlines), inline.span))
        elif not isinstance(inline, (FootnoteReference, Image)):
            kept.append(inline)
    return tuple(kept)


def joins(inlines: Sequence[Inline], index: int) -> bool:
    """Whether the line end at `index` is no space, as between two characters of Chinese: see `walk.runs_on`."""
    back = index - 1
    while back > 0 and isinstance(inlines[back], FootnoteReference):
        back -= 1
    if back < 0 or index + 1 >= len(inlines):
        return False
    before, after = inlines[back], inlines[index + 1]
    last = before.text[-1:] if isinstance(before, Text) else plain_text((before,))[-1:]
    first = after.text[:1] if isinstance(after, Text) else plain_text((after,))[:1]
    return runs_on(last, first)
