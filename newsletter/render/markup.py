"""Functions that the outputs share: escaping characters, addresses (which may be followed, and where they lead), inlines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newsletter import tokens
from newsletter.late import late
from newsletter.markdown.addresses import refused_scheme
from newsletter.model import Emphasis, FootnoteReference, Image, Link, PersonalField, Strikethrough, Strong, Text
from newsletter.names import composed_address, in_address
from newsletter.render.letter import path_of_publication
from newsletter.walk import address_parts, plain_text, runs_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.model import Inline
    from newsletter.render.letter import Letter

_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):")
_IGNORED_BY_BROWSERS = re.compile("[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_UNFIT = late("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufde0-\ufdef\ufffe\uffff]")
"""Characters that no output may have: controls except tab and line feed, surrogates and noncharacters.

See HTML §13.2.3.5 and XML 1.0 §2.2. Those beyond the first plane are left out, because they would make each search ten
times as slow.
"""
_NEEDS_ESCAPING = re.compile('[&<>"]')
_OTHER_ISSUE = late(r"(?:^|/)(?:\d{4}-\d{2}-\d{2}-)?([^/#?]+?)(?:/index)?\.md(?=$|[#?])")


def fit(output: str) -> str:
    """An output without characters that are not allowed in pages, feeds and emails.

    Controls become spaces, noncharacters U+FFFD. Each character is replaced by one, so that offsets stay the same. None
    is removed: text on both sides of a control must not become a scheme or a tag. Placeholders stay.
    """
    return _UNFIT.sub(_in_place, output)


def _in_place(found: re.Match[str]) -> str:
    return " " if found[0] < "\x80" or found[0].isspace() else "\ufffd"


def escape(text: str) -> str:
    """`text` escaped for use between tags.

    Quotes stay, because they are harmless there, and shorter. Placeholders stay, too.
    """
    if tokens.OPEN in text:
        return _around_placeholders(text, escape)
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def escape_attribute(text: str) -> str:
    """`text` escaped for use between double quotes in a tag.

    Placeholders stay: the code that fills them escapes.
    """
    if not _NEEDS_ESCAPING.search(text):
        return text
    if tokens.OPEN in text:
        return _around_placeholders(text, escape_attribute)
    return escape(text).replace('"', "&quot;")


def _around_placeholders(text: str, written: Callable[[str], str]) -> str:
    done, pieces = 0, []
    for found in tokens.PLACEHOLDER.finditer(text):
        pieces += [written(text[done : found.start()]), found[0]]
        done = found.end()
    rest = text[done:].replace(tokens.OPEN, "\ufffd")  # half a placeholder is useless
    return "".join((*pieces, written(rest)))


@lru_cache(maxsize=2048)
def is_safe(address: str) -> bool:
    """Whether `address` may be followed or loaded: false for schemes that run code or read local data.

    It is judged as in browsers, which skip control characters and spaces. Personal fields have their fallbacks for
    this, so that none hides a scheme.
    """
    plain = tokens.PLACEHOLDER.sub(lambda found: found[3], address)
    return not refused_scheme(_IGNORED_BY_BROWSERS.sub("", plain))


@lru_cache(maxsize=2048)
def is_absolute(address: str) -> bool:
    """Whether `address` has a scheme, or a host without one (`//host/path`)."""
    return address.startswith("//") or _SCHEME.match(address.lower()) is not None


def absolute(base: str, address: str) -> str:
    """`address` resolved against the page at `base` (RFC 3986 §5); unchanged if it has a scheme or is invalid."""
    if not address.startswith("//") and is_absolute(address):
        return address
    if address.startswith("#"):
        return base + address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def with_placeholders(href: str) -> str:
    """An address with its personal fields as placeholders, which record their place in it."""
    if "{{" not in href:
        return href
    written = ""
    for part in address_parts(href):
        if isinstance(part, PersonalField):
            written += tokens.placeholder(part.name, part.fallback, tokens.place_behind(written))
        else:
            written += part
    return written


def beside_page(letter: Letter, href: str) -> str:
    """`href` as a link on the web page, relative if possible: so the site works from disk and below any path.

    The issue's own files are beside the page, those of other issues a folder up. Personal fields are filled.
    """
    href = with_values(letter, href)
    if href.startswith("#"):
        return f"#{composed_address(href[1:])}"
    if not href or is_absolute(href) or href.startswith("?"):
        return href
    own = _own_file(letter, href)
    if own:
        return own
    other = _OTHER_ISSUE.search(href)
    return f"../{_slug(letter, href, other)}/index.html{_place(href, other)}" if other else href


def from_anywhere(letter: Letter, href: str) -> str:
    """`href` as an absolute address. Placeholders in it stay."""
    if href.startswith(tokens.OPEN) or (is_absolute(href) and not href.startswith("//")):
        return href
    own = _own_file(letter, href)
    if own:
        return absolute(letter.page_url, own)
    if href.startswith("#"):
        return f"{letter.page_url}#{composed_address(href[1:])}"
    return page_of_issue(letter, href) or absolute(letter.page_url, href)


def page_of_issue(letter: Letter, href: str) -> str:
    """The web page of the issue whose file `href` names; empty if it names none.

    `href` is as written in another issue.
    """
    other = _OTHER_ISSUE.search(href)
    return f"{letter.publication.url}{_slug(letter, href, other)}/{_place(href, other)}" if other else ""


def _slug(letter: Letter, href: str, other: re.Match[str]) -> str:
    """The folder of another issue's page: its own slug, else from its file's name."""
    own = letter.slugs.get(href[: other.end()])
    return in_address(own) if own else composed_address(other[1])


def _place(href: str, other: re.Match[str]) -> str:
    """The anchor of a heading after the name of another issue."""
    query, mark, place = href[other.end() :].partition("#")
    return f"{query}{mark}{composed_address(place)}"


def from_feed(letter: Letter, href: str) -> str:
    """`href` as an absolute address with personal fields filled; empty if it is a field without a known value."""
    href = with_values(letter, href)
    return from_anywhere(letter, href) if href else ""


def without_service(letter: Letter, name: str, fallback: str) -> str:
    """The text for a token that no service fills, unescaped: the fallback, the page, or the address to subscribe."""
    if name == tokens.VIEW_IN_BROWSER:
        return letter.page_url
    if name in tokens.SERVICE_TOKENS:
        return letter.publication.subscribe_url or letter.publication.url
    return fallback or letter.publication.personal_fields.get(name, "")


def with_values(letter: Letter, href: str) -> str:
    """An address with its placeholders filled without a service; empty if the result is empty or not safe."""
    if tokens.OPEN not in href:
        return href
    for found in tokens.PLACEHOLDER.finditer(href):
        if found[2] == tokens.WHOLE and not without_service(letter, found[1], found[3]):
            return ""
    filled = tokens.fill(href, lambda name, fallback: without_service(letter, name, fallback))
    return filled if is_safe(filled) else ""


_ADDRESSED = re.compile(f' (?:href|src|cite|poster)="([^"]*{tokens.OPEN}[^"]*)"')


def filled_here(letter: Letter, html: str) -> str:
    """HTML with its placeholders filled without a service.

    An author's own tag loses an address that leads nowhere.
    """
    if tokens.OPEN not in html:
        return html
    html = _ADDRESSED.sub(lambda found: found[0] if with_values(letter, found[1]) else "", html)
    return tokens.fill(html, lambda name, fallback: without_service(letter, name, fallback), escape_attribute)


def _own_file(letter: Letter, href: str) -> str:
    """The name of a file beside the page; empty for anything else.

    It is an attachment, or a missing file that a snippet names.
    """
    image = letter.images.get(href)
    return image.name if image else letter.attachments.get(href) or path_of_publication(href).rpartition("/")[2]


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
    """Whether the line end at `index` stands for no space, as between two Chinese characters: see `walk.runs_on`."""
    back = index - 1
    while back > 0 and isinstance(inlines[back], FootnoteReference):
        back -= 1
    if back < 0 or index + 1 >= len(inlines):
        return False
    before, after = inlines[back], inlines[index + 1]
    last = before.text[-1:] if isinstance(before, Text) else plain_text((before,))[-1:]
    first = after.text[:1] if isinstance(after, Text) else plain_text((after,))[:1]
    return runs_on(last, first)
