"""EX: problems that keep an issue from being exported for a service, each at its line."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic
from newsletter.digits import unescape
from newsletter.markdown.source import Source
from newsletter.model import CodeBlock, Span
from newsletter.records import dataclass
from newsletter.services.filling import names_in
from newsletter.services.known import SERVICES
from newsletter.tokens import POSTAL_ADDRESS, UNSUBSCRIBE
from newsletter.walk import walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.model import Issue, Rendering
    from newsletter.services.base import Service
    from newsletter.services.filling import Inexpressible

_TOP = Span(0, 0)
_FIELD = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*(?:\|([^{}]*))?\}\}")
_BEFORE_IN_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:|\]\(|\{\s*|=\s*\"?)[^\s<>\"()]*\Z", re.IGNORECASE)
"""The text from the beginning of an address to a field inside it."""
_MEANT = re.compile(
    r"(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?-->|^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\2|\Z)", re.DOTALL | re.MULTILINE
)
"""Text that is meant literally, or that nobody sees: code and comments."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A file by the author, used for the email: the issue or a snippet."""

    path: str
    text: str
    meant: tuple[tuple[int, int], ...]
    """The spans of code and comments, whose content is not checked."""


def issue_written(issue: Issue, source: Source) -> OwnWords:
    """The issue, with the spans of its code and comments."""
    blocks = [(block.span.start, block.span.end) for block in walk_blocks(issue) if isinstance(block, CodeBlock)]
    inlines = [(one.span.start, one.span.end) for one in walk_inlines(issue) if type(one).__name__ == "Code"]
    comments = [found.span() for found in re.finditer("<!--.*?-->", source.text, re.DOTALL)]
    return OwnWords(issue.path, source.text, (*blocks, *inlines, *comments))


def snippet_written(path: str, text: str) -> OwnWords:
    """A snippet, of which only the text is known."""
    return OwnWords(path, text, tuple(found.span() for found in _MEANT.finditer(text)))


def missing(
    service: Service, rendering: Rendering, *, address: str, footer: str, places: Mapping[tuple[str | int, ...], Span]
) -> Iterator[Diagnostic]:
    """The parts that the service requires and the email lacks. `footer` is the template that would contain the link."""
    there = names_in(rendering.html)
    if UNSUBSCRIBE in service.needs and UNSUBSCRIBE not in there:
        message = f"the email has no unsubscribe link, which {service.title} requires"
        yield Diagnostic(
            footer, _TOP, "EX101", message, advice="Put `{{ unsubscribe_url }}` into the template's footer."
        )
    if POSTAL_ADDRESS in service.needs and not address.strip() and POSTAL_ADDRESS not in there:
        message = f"the email has no postal address, which {service.title} requires"
        place = places.get(("address",)) or _TOP
        yield Diagnostic("newsletter.yaml", place, "EX101", message, advice="Write it as `address` in newsletter.yaml.")


def inexpressible(faults: Iterable[Inexpressible], files: Sequence[OwnWords]) -> Iterator[Diagnostic]:
    """The fields that the service cannot express, each at its place.

    Fields in the theme are reported at the top of the issue.
    """
    for fault in {(fault.name, fault.fallback, fault.place.encoded): fault for fault in faults}.values():
        places = [place for file in files for place in _fields(file, fault)]
        for path, span in places or [(files[0].path, _TOP)]:
            yield Diagnostic(path, span, "EX102", str(fault.error), advice=fault.error.hint)


def _fields(file: OwnWords, fault: Inexpressible) -> Iterator[tuple[str, Span]]:
    """The places of a field with this fallback, inside or outside of an address."""
    source = Source(file.text, file.path)
    wanted = " ".join(unescape(fault.fallback).split())
    found = [
        match for match in _FIELD.finditer(file.text) if match[1] == fault.name and not _is_meant(file, match.start())
    ]
    same = [match for match in found if " ".join((match[2] or "").split()) in {wanted, fault.fallback}] or found
    addressed = [
        match for match in same if _BEFORE_IN_ADDRESS.search(file.text, max(0, match.start() - 2000), match.start())
    ]
    if fault.place.encoded and addressed:
        same = addressed
    for match in same:
        yield file.path, source.span(*match.span())


def foreign(files: Iterable[OwnWords]) -> Iterator[Diagnostic]:
    """The merge tags of services in the text, including those of this service. Written by hand, they stay text."""
    for file in files:
        source = Source(file.text, file.path)
        for found in _any_tag().finditer(file.text):
            if _is_meant(file, found.start()):
                continue
            whose = SERVICES[int((found.lastgroup or "s0")[1:])]
            message = f"`{found[0]}` is a merge tag of {whose.title}: in an issue it is plain text, and readers see it as it is"
            advice = (
                "Write a personal field, `{{ first_name | there }}`. Text that should stay as it is goes in `code`."
            )
            yield Diagnostic(file.path, source.span(*found.span()), "EX103", message, advice=advice)


@cache
def _any_tag() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<s{at}>{one.tag})" for at, one in enumerate(SERVICES) if one.tag))


def _is_meant(file: OwnWords, at: int) -> bool:
    return any(start <= at < end for start, end in file.meant)


def too_large(service: Service, html: str, path: str) -> Iterator[Diagnostic]:
    """The finding for HTML that is larger than the service accepts."""
    size = len(html.encode())
    if service.limit and size > service.limit:
        message = f"the HTML has {size:,} bytes; the limit of {service.title} is {service.limit:,}"
        yield Diagnostic(
            path, _TOP, "EX104", message, advice="Shorten the email and link to the web page for the rest."
        )
