"""What the rules about links read: every address of an issue, cut into its parts, and what the web said of it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.diagnostics import Edit, Fix
from newsletter.hints import HINT
from newsletter.model import Image, Link, LinkForm
from newsletter.records import dataclass
from newsletter.walk import address_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.model import Inline, Issue, Span

_PARTS = re.compile(
    r"(?!localhost:)(?:([A-Za-z][A-Za-z0-9+-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)
"""RFC 3986, appendix B; but a scheme holds no dot, so that neither `example.org:80/x` nor `localhost:80/x` has one."""
_AUTHORITY = re.compile(r"(?:(.*)@)?(\[[^\]]*\]|[^:]*)(?::(.*))?", re.DOTALL)
_TEMPLATE = re.compile(r"\{\{|%7B%7B|\{%|%7B%25", re.IGNORECASE)
"""What is left of another tool's templates; reading has a finding for it, where it means anything here."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address cut into its parts (RFC 3986 §3), each as written but for what is said."""

    scheme: str
    """In small letters; empty in a relative one."""
    authority: str | None
    """What stands between `//` and the next slash; None where there is no `//`."""
    user: str
    """Before the `@`."""
    host: str
    """In small letters; an IPv6 address in its brackets."""
    port: str
    path: str
    query: str
    fragment: str

    @property
    def on_web(self) -> bool:
        """Whether it has a host on the web."""
        return self.scheme in {"http", "https"} and bool(self.host)


@dataclass(frozen=True, slots=True)
class AddressUse:
    """An address that readers may follow, or that their mail program loads."""

    href: str
    """Normalised, as in the model."""
    span: Span
    """Where it is written: for a reference, in its definition."""
    address: Address
    link: Link | None
    """None for the address of a picture."""

    @property
    def noun(self) -> str:
        """For messages."""
        return "link" if self.link else "picture"


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way from an address to what it leads to."""

    status: int
    """301, 302, 303, 307 or 308 (RFC 9110 §15.4)."""
    to: str
    """The absolute address that it names."""


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What the web said of one address."""

    status: int = 0
    """Of the last response; 0 where there was none."""
    trouble: str = ""
    """Why there was none: `dns`, `refused`, `timeout`, `tls`, `loop`, `private`, `port`, `protocol`; else empty."""
    detail: str = ""
    """More about the trouble, in a few words."""
    hops: tuple[Hop, ...] = ()
    """The redirects that were followed, in order."""


@lru_cache(maxsize=8192)
def parts_of(href: str) -> Address:
    """`href` cut into its parts. Nothing is refused: what is wrong with them is for the rules to say."""
    plain = "".join(part if isinstance(part, str) else "field" for part in address_parts(href))
    found = _PARTS.fullmatch(plain)
    scheme, authority, path, query, fragment = found.groups() if found else (None, None, plain, None, None)
    split = _AUTHORITY.fullmatch(authority or "")
    user, host, port = split.groups() if split else (None, authority or "", None)
    return Address(
        (scheme or "").lower(),
        authority,
        user or "",
        host.lower(),
        port or "",
        path,
        query or "",
        fragment or "",
    )


def addresses_in(inlines: Iterable[Inline], never: Sequence[str]) -> tuple[AddressUse, ...]:
    """The addresses of links and pictures, in the order of the text.

    Left out is what has a finding of its own anyway: hints to be filled in, words `never` to be published, templates of
    other tools. So is one that is a personal field as a whole, which is known only when the letter is sent.
    """
    return tuple(use for use in map(_use, inlines) if use is not None and not _unfilled(use.href, never))


def _use(inline: Inline) -> AddressUse | None:
    match inline:
        case Link():
            span = inline.href_span if inline.href_span.end else inline.span
            return AddressUse(inline.href, span, parts_of(inline.href), inline)
        case Image():
            span = inline.src_span if inline.src_span.end else inline.span
            return AddressUse(inline.src, span, parts_of(inline.src), None)
        case _:
            return None


def _unfilled(href: str, never: Sequence[str]) -> bool:
    if href.startswith("{{"):
        return True
    plain = "".join(part for part in address_parts(href) if isinstance(part, str)) if "{{" in href else href
    return bool(
        _TEMPLATE.search(plain)
        or ("TK" in plain and HINT.search(unquote(plain)))
        or any(word in plain or word in unquote(plain) for word in never)
    )


def written(context: CheckContext, *, pictures: bool = False) -> Iterator[AddressUse]:
    """Each place where an address is written, once: a definition that many links refer to is one.

    Pictures that are files have rules of their own, and are not among them.
    """
    seen = set()
    for use in context.links:
        if use.span.start in seen or (use.link is None and not (pictures and use.address.scheme)):
            continue
        seen.add(use.span.start)
        yield use


def uses(context: CheckContext) -> Iterator[tuple[AddressUse, Link]]:
    """Every link, as often as it is used."""
    return ((use, use.link) for use in context.links if use.link is not None)


def source_of(context: CheckContext, span: Span) -> str:
    """What is written there."""
    return context.source.text[span.start : span.end]


def replacing(context: CheckContext, start: int, end: int, text: str, title: str) -> Fix:
    """The fix that writes `text` in place of what stands from `start` to `end`."""
    return Fix((Edit(context.span(start, end), text),), title)


def shows_itself(link: Link) -> bool:
    """Whether the link's text is its address: `<https://…>` and `https://…`."""
    return link.form in {LinkForm.AUTOLINK, LinkForm.BARE}


def own_anchors(issue: Issue) -> Iterator[str]:
    """Every place of the letter that a link may lead to with `#`."""
    from newsletter.model import Heading
    from newsletter.walk import walk_blocks

    for section in issue.sections:
        yield section.anchor
        yield from (item.anchor for item in section.items)
    yield from (block.anchor for block in walk_blocks(issue) if isinstance(block, Heading))
    for note in issue.footnotes:
        yield f"fn:{note.number}"
        yield f"fnref:{note.number}"
        yield from (f"fnref:{note.number}:{count}" for count in range(2, note.references + 1))
