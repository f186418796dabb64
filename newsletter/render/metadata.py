"""The metadata of a web page for programs: Open Graph, Twitter cards and schema.org as JSON-LD."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsletter.render.markup import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.render.letter import Letter

CARD = (1200, 630)
"""The size of a drawn card in pixels, as all sites with link previews recommend."""
_SCRIPT_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def open_graph(letter: Letter) -> tuple[tuple[str, str, str], ...]:
    """The `<meta>` elements as (attribute that names it, name, content): `property` for Open Graph, `name` for Twitter."""
    return tuple(_graph(letter))


def _graph(letter: Letter) -> Iterator[tuple[str, str, str]]:
    issue, publication = letter.issue, letter.publication
    yield "property", "og:type", "article"
    yield "property", "og:site_name", publication.title
    yield "property", "og:title", issue.title
    if description(letter):
        yield "property", "og:description", description(letter)
    yield "property", "og:url", letter.page_url
    language, _, territory = (issue.language or publication.language).partition("-")
    if len(territory) == len("BE"):
        yield "property", "og:locale", f"{language.lower()}_{territory.upper()}"
    yield from _pictures(letter)
    if issue.date:
        yield "property", "article:published_time", issue.date.isoformat()
    if issue.updated:
        yield "property", "article:modified_time", issue.updated.isoformat()
    for author in letter.byline:
        yield "property", "article:author", author.url or author.name
    for tag in issue.tags:
        yield "property", "article:tag", tag


def _pictures(letter: Letter) -> Iterator[tuple[str, str, str]]:
    cover = letter.issue.cover
    if letter.card:
        yield from _card(letter)
        return
    if cover is None:
        yield "name", "twitter:card", "summary"
        return
    yield "property", "og:image", cover_url(letter)
    image = letter.images.get(cover.src)
    if image:
        yield "property", "og:image:type", "image/png" if image.still else image.media_type
        if image.pixel_width:
            yield "property", "og:image:width", str(image.pixel_width)
            yield "property", "og:image:height", str(image.pixel_height)
    if cover.alt:
        yield "property", "og:image:alt", cover.alt
    yield "name", "twitter:card", "summary_large_image"


def _card(letter: Letter) -> Iterator[tuple[str, str, str]]:
    """The drawn card; its alt text is the text on it."""
    width, height = CARD
    yield "property", "og:image", letter.page_url + letter.card
    yield "property", "og:image:type", "image/png"
    yield "property", "og:image:width", str(width)
    yield "property", "og:image:height", str(height)
    yield "property", "og:image:alt", f"{letter.issue.title} – {letter.publication.title}"
    yield "name", "twitter:card", "summary_large_image"


def preview_url(letter: Letter) -> str:
    """The absolute address of the picture for link previews; empty if there is none."""
    return letter.page_url + letter.card if letter.card else cover_url(letter)


def cover_url(letter: Letter) -> str:
    """The absolute address of the cover; empty if there is none."""
    cover = letter.issue.cover
    if cover is None:
        return ""
    image = letter.images.get(cover.src)
    # Link previews show JPEG and PNG, and play nothing.
    return letter.page_url + (image.still or image.name) if image else absolute(letter.page_url, cover.src)


def description(letter: Letter) -> str:
    """The description in link previews."""
    return letter.issue.summary or letter.issue.subtitle


def linked_data(letter: Letter) -> str:
    """The issue as a schema.org NewsArticle, in JSON that is safe inside a script element."""
    issue, publication = letter.issue, letter.publication
    organisation = {"@type": "Organization", "name": publication.title, "url": publication.url}
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": letter.page_url,
        "mainEntityOfPage": letter.page_url,
        "url": letter.page_url,
        "headline": issue.title,
        "alternativeHeadline": issue.subtitle,
        "description": description(letter),
        "inLanguage": issue.language or publication.language,
        "datePublished": issue.date.isoformat() if issue.date else "",
        "dateModified": _modified(letter),
        "image": preview_url(letter),
        "author": [_person(author.name, author.url) for author in letter.byline],
        "publisher": organisation,
        "temporalCoverage": f"{issue.period.start}/{issue.period.end}" if issue.period else "",
        "isBasedOn": _original(letter),
        "isPartOf": {"@type": "Periodical", "name": publication.title, "url": publication.url},
        "position": issue.number,
        "keywords": list(issue.tags),
        "timeRequired": f"PT{letter.minutes}M",
        "license": publication.web.license_url or publication.web.license,
        "isAccessibleForFree": not letter.edition,
    }
    known = {key: value for key, value in facts.items() if value not in ("", [], {}, None)}
    return json.dumps(known, ensure_ascii=False).translate(_SCRIPT_ESCAPES)


def _original(letter: Letter) -> dict[str, Any]:
    """The original of an issue that was first published elsewhere. Empty if there is none, or only its name is known."""
    original = letter.issue.original
    if original is None or not original.url:
        return {}
    work = {"@type": "CreativeWork", "url": original.url, "name": original.title or letter.issue.title}
    of = {"isPartOf": {"@type": "Periodical", "name": original.publication}} if original.publication else {}
    return {**work, **of}


def _modified(letter: Letter) -> str:
    moment = letter.issue.updated or letter.issue.date
    return moment.isoformat() if moment else ""


def _person(name: str, url: str) -> dict[str, str]:
    return {"@type": "Person", "name": name, "url": url} if url else {"@type": "Person", "name": name}
