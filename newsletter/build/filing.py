"""The facts about an issue for the archive's indexes: its sections, the sites that it links to, its picture credits."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.house.patterns import is_fixed, pieces
from newsletter.model import Paragraph
from newsletter.render.kicker import split_title
from newsletter.render.letter import SectionPart, cover_figure
from newsletter.render.markup import is_safe
from newsletter.walk import figures_in, links_in, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.config.publication import Publication
    from newsletter.house.format import SectionFormat
    from newsletter.model import Figure, Inline
    from newsletter.render.letter import Letter

_ENDS = " \t–—-:：·,、|/([{（【「『"
"""The characters between the fixed words of a heading and its fields."""


def sections_of(letter: Letter) -> list[list[str]]:
    """The sections of a letter as `[name, anchor]`, each name once: without the parts that differ by issue."""
    names: dict[str, str] = {}
    for part in letter.parts:
        if isinstance(part, SectionPart) and part.section.title and part.section.anchor:
            name = _name_of(part.format, part.section.title)
            if name:
                names.setdefault(name, part.section.anchor)
    return [[name, anchor] for name, anchor in names.items()]


def _name_of(form: SectionFormat | None, title: tuple[Inline, ...]) -> str:
    written = plain_text(title).strip()
    if form is None or form.free:
        return written
    if form.look == "recommendation":
        return plain_text(split_title(title)[0]).strip() or written
    if not form.headings or is_fixed(form.headings[0]):
        return form.headings[0] if form.headings else written
    first = pieces(form.headings[0])[0]
    fixed = first.plain.strip(_ENDS)
    # `News from the water – {date:MMMM}`, but not `News of {date:MMMM}`
    whole = not first.field and fixed and first.plain.rstrip(" ")[-1] in _ENDS
    return fixed if whole else form.key.replace("_", " ").replace("-", " ").capitalize()


def sites_of(letter: Letter, publication: Publication) -> list[str]:
    """The hosts that a letter links to, without `www.`, in alphabetical order, except for the publication's own."""
    own = _host(publication.url)
    return sorted({host for link in links_in(letter.issue) if (host := _host(link.href)) and host != own})


def _host(address: str) -> str:
    if "{{" in address:
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if parts.scheme.lower() in {"http", "https"} and "." in host else ""


def credits_of(letter: Letter) -> list[list[str]]:
    """The pictures with a credit, as `[what it shows, credit, address]`; the address is empty if the credit leads nowhere."""
    return list(_credits(letter))


def _credits(letter: Letter) -> Iterator[list[str]]:
    cover = cover_figure(letter)
    seen: set[tuple[str, ...]] = set()
    for figure in (*((cover,) if cover else ()), *figures_in(letter.issue)):
        if not figure.credit:
            continue
        one = [_shown(figure), plain_text(figure.credit).strip(), _address(figure)]
        if one[1] and tuple(one) not in seen:
            seen.add(tuple(one))
            yield one


def _shown(figure: Figure) -> str:
    return plain_text(figure.caption).strip() or figure.image.alt


def _address(figure: Figure) -> str:
    hrefs = (link.href for link in links_in((Paragraph(figure.credit),)))
    return next((href for href in hrefs if _host(href) and is_safe(href)), "")
