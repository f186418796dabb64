"""Where the links of a letter lead: from the page beside its files, or from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter import tokens
from newsletter.late import late
from newsletter.render.markup import absolute, is_absolute

if TYPE_CHECKING:
    from newsletter.render.letter import Letter

_FIELD = late(r"\{\{\s*([a-z][a-z0-9_]*)\s*(?:\|\s*([^{}|]*?)\s*)?\}\}")
_OTHER_ISSUE = late(r"(?:^|/)(?:\d{4}-\d{2}-\d{2}-)?([^/#?]+?)(?:/index)?\.md(?=$|[#?])")


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
    if is_absolute(href) or href.startswith(("#", "?")):
        return href
    own = _own_file(letter, href)
    if own:
        return own
    other = _OTHER_ISSUE.search(href)
    return f"../{other[1]}/index.html{href[other.end() :]}" if other else href


def from_anywhere(letter: Letter, href: str) -> str:
    """`href` as an absolute address. Placeholders in it stay."""
    if href.startswith(tokens.OPEN) or (is_absolute(href) and not href.startswith("//")):
        return href
    own = _own_file(letter, href)
    if own:
        return absolute(letter.page_url, own)
    other = _OTHER_ISSUE.search(href)
    if other:
        return f"{letter.publication.url}{other[1]}/{href[other.end() :]}"
    return absolute(letter.page_url, href)


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
