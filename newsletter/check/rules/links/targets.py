"""LK: links to files and issues of the workspace, links within the issue, and repeated addresses."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.facts.addresses import own_anchors, parts_of, uses, without_tracking, written
from newsletter.check.facts.files import is_file, is_within, names_in, path_in
from newsletter.check.rule import WARNING, rule
from newsletter.check.rules.links.addresses import MAIL, begins_wrongly
from newsletter.check.wording import quoted
from newsletter.late import late
from newsletter.model import Emphasis, HtmlBlock, Link, LinkForm, List, Paragraph, RawHtml, Strong
from newsletter.names import composed, goes_out, spelled, spellings
from newsletter.pictures import is_local
from newsletter.records import dataclass
from newsletter.suggest import did_you_mean
from newsletter.walk import plain_text, top_blocks, walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.addresses import AddressUse
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Issue, ListItem, Span


@rule("LK104", "relative-address", "Relative links lead to files and issues that exist", "links", fixable=True)
def relative(context: CheckContext) -> Iterator[Diagnostic]:
    """LK104: a relative address leads neither to a file beside the issue nor to another issue."""
    for use, unmarked in _leading_nowhere(context):
        yield unmarked or _missing(context, use)


_ATTACHED = late(r"\.(?!(?:md|markdown|[xp]?html?|php|aspx?|jsp)$)[a-z0-9]{2,5}$", re.IGNORECASE)
"""The extensions of files that are published with an issue. Those of issues and pages are not among them."""


def missing_attachments(context: CheckContext) -> Iterator[Diagnostic]:
    """The findings of LK104 whose address names a file that would be published with the issue."""
    for use, unmarked in _leading_nowhere(context):
        if unmarked is None and _ATTACHED.search(path_in(use.href)):
            yield _missing(context, use)


def _leading_nowhere(context: CheckContext) -> Iterator[tuple[AddressUse, Diagnostic | None]]:
    """The relative addresses that do not work, each with the finding to use if only its beginning (`https://`) is missing."""
    for use in written(context.links):
        address = use.address
        if address.scheme or address.authority is not None or not address.path or address.path.startswith("/"):
            continue
        text = context.text_at(use.span)
        if not begins_wrongly(text) and not _leads_somewhere(context, use.href):
            yield use, _unmarked(context, use, text)


_WEB = re.compile(r"www\.[\w-]+\.[\w.-]+(?:[/?#:].*)?", re.IGNORECASE | re.DOTALL)
_DOMAIN = late(
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|edu|gov|io|dev|app|info|co|eu|uk|de|fr|nl|be|es|it|ch|at|us|ca|au|jp|"
    r"cn|in|br|ai|me|tv|xyz|news|blog)(?::\d+)?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
"""Names that look like the address of a site: their endings are no file extensions, but top-level domains."""


def _unmarked(context: CheckContext, use: AddressUse, text: str) -> Diagnostic | None:
    """The finding for a web or email address without its beginning (`https://`, `mailto:`)."""
    if MAIL.fullmatch(text):
        lacks = "mailto:"
    elif _WEB.fullmatch(text) or _DOMAIN.fullmatch(text):
        lacks = "https://"
    else:
        return None
    label = plain_text(use.link.inlines) if use.link and lacks == "https://" and not _WEB.fullmatch(text) else ""
    return context.found(
        "LK104",
        use.span,
        f"the address {quoted(text)} lacks its `{lacks}`",
        label="as written, this is a path on your own site",
        # `[node.kubernetes.io/name](node.kubernetes.io/name)` is a name rather than a site.
        fix=None
        if label == text
        else context.replacing(use.span.start, use.span.start, lacks, f"put {lacks} in front"),
    )


_ISSUE = re.compile(r"(?:^|/)(?:\d{4}-\d{2}-\d{2}-)?([^/]+?)(?:/index)?\.md$")
_WHOLE = "Write the full address, starting with `https://`."
_ISSUE_PAGE = re.compile(r"\.\./([^/]+)/(?:index\.html)?$")


def _leads_somewhere(context: CheckContext, href: str) -> bool:
    """Whether a relative address leads to a file that is published with the issue, or to another issue."""
    path = path_in(href)
    if path.endswith(".md"):
        return _is_issue(context, path)
    if page := _ISSUE_PAGE.fullmatch(path):
        return composed(page[1]) in _slugs(context)
    return href in context.files or (goes_out(href) and is_file(context.folder / spelled(context.folder, path)))


def _missing(context: CheckContext, use: AddressUse) -> Diagnostic:
    """The finding for a relative address that does not work."""
    path = path_in(use.href)
    if path.endswith(".md"):
        names = [other.path.removeprefix("issues/") for other in context.others]
        advice = did_you_mean(path.removeprefix("../"), names, _WHOLE)
        return context.found("LK104", use.span, f"there is no issue {quoted(path)}", advice=advice)
    if is_file(context.folder / spelled(context.folder, path)):
        return context.found(
            "LK104",
            use.span,
            f"{quoted(path)} is not sent with the email",
            label="only a file in the same folder is, linked by its name",
            advice="Move it into the same folder and link to its name.",
        )
    advice = did_you_mean(path, names_in(context.folder), _WHOLE)
    if goes_out(use.href) and _ATTACHED.search(path):
        advice = (
            advice if advice != _WHOLE else f"Put the file there. If it is on the web: {_WHOLE[:1].lower()}{_WHOLE[1:]}"
        )
        return context.found("LK104", use.span, f"there is no file {quoted(path)} in the same folder", advice=advice)
    return context.found("LK104", use.span, f"{quoted(use.href)} does not work in an email", advice=advice)


def _is_issue(context: CheckContext, path: str) -> bool:
    found, file = _ISSUE.search(path), context.folder / spelled(context.folder, path)
    return composed(found[1] if found else "") in _slugs(context) or (
        is_within(file, context.root) is True and is_file(file)
    )


def _slugs(context: CheckContext) -> set[str]:
    return {context.issue.slug, *(other.slug for other in context.others)}


@rule("LK140", "two-spellings", "No file name has a second spelling beside it", "files")
def two_spellings(context: CheckContext) -> Iterator[Diagnostic]:
    """LK140: beside the file of a link or picture is another with the same name in another Unicode form (NFC, NFD).

    The names look alike and are the same on macOS, so which file is published depends on the system.
    """
    seen = set()
    for href, span in _named_files(context):
        path = path_in(href)
        folder, _, name = path.rpartition("/")
        key = composed(path)
        if path.isascii() or key in seen or len(spellings(context.folder / spelled(context.folder, folder), name)) < 2:
            continue
        seen.add(key)
        yield context.found(
            "LK140",
            span,
            f"there are two files called {quoted(composed(name))}, which differ only in how their characters are encoded (Unicode normalization)",
            label="macOS sees one file",
            advice="Keep one of the two, or rename one.",
        )


def _named_files(context: CheckContext) -> Iterator[tuple[str, Span]]:
    """The relative addresses of pictures and links, with their spans."""
    yield from ((use.src, use.src_span) for use in context.pictures if is_local(use.src))
    yield from ((use.href, use.span) for use in written(context.links) if is_local(use.href))


_ID = re.compile(r"""\s(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)


@rule("LK113", "missing-anchor", "Links within the letter lead to a heading", "links")
def missing_anchor(context: CheckContext) -> Iterator[Diagnostic]:
    """LK113: `#place` does not exist in the issue."""
    there: set[str] | None = None
    for use in written(context.links):
        if not use.href.startswith("#"):
            continue
        if there is None:
            there = {*own_anchors(context.issue), *_own_html(context)}
        name = composed(unquote(use.address.fragment))
        if name in there or use.address.fragment in there:
            continue
        message = f"no heading has the anchor {quoted('#' + name)}" if name else "`#` alone leads nowhere"
        yield context.found("LK113", use.span, message, advice=_meant(name, sorted(there)))


def _meant(name: str, there: Sequence[str]) -> str:
    # Other tools keep numbers in front and treat signs differently: `2024-plans-c` is `plans-c` here.
    folded = {re.sub(r"[\W_]+", "", place.casefold()): place for place in there if place}
    bare = re.sub(r"[\W_]+", "", name.casefold())
    for candidate in (bare, bare.lstrip("0123456789")):
        if candidate and candidate in folded:
            return f"Did you mean `#{folded[candidate]}`?"
    return did_you_mean(f"#{name}", [f"#{place}" for place in there if ":" not in place]) if name else ""


def _own_html(context: CheckContext) -> Iterator[str]:
    if not context.house.reading.allow_html:
        return
    for block in walk_blocks(context.issue):
        if isinstance(block, HtmlBlock):
            yield from _ID.findall(block.html)
    for inline in walk_inlines(context.issue):
        if isinstance(inline, RawHtml):
            yield from _ID.findall(inline.html)


@dataclass(frozen=True, slots=True)
class _Story:
    """A part of the issue that is one story, with the link in its headline."""

    start: int
    end: int
    headline: int
    """The offset of that link; -1 if there is none."""


@rule(
    "LK117",
    "repeated-address",
    "No two stories link to the same address",
    "links",
    severity=WARNING,
    keys=("links.repeats",),
)
def repeated(context: CheckContext) -> Iterator[Diagnostic]:
    """LK117: the address of a story's headline is linked elsewhere, too.

    Links in running text may share an address, and so may links within one story.
    """
    stories = _stories(context)
    starts = [story.start for story in stories]
    first: dict[str, tuple[Link, _Story | None]] = {}
    for use, link in _counted(context):
        at = bisect_right(starts, link.span.start) - 1
        story = stories[at] if at >= 0 and link.span.start < stories[at].end else None
        earlier, there = first.setdefault(bare_address(use.href), (link, story))
        if earlier is link or (story is not None and story is there):
            continue
        if _is_headline(link, story) or _is_headline(earlier, there):
            yield context.found(
                "LK117",
                link.span,
                f"{quoted(use.href)} is already linked in line {earlier.span.line}",
                label="the same story twice, or the wrong address?",
            )


def _is_headline(link: Link, story: _Story | None) -> bool:
    return story is not None and link.span.start == story.headline


def _counted(context: CheckContext) -> Iterator[tuple[AddressUse, Link]]:
    """The links that are compared: not reference links, links to the own site, or links in an exempt section."""
    exempt = (*_exempt(context), *_highlights(context))
    for use, link in uses(context.links):
        if link.form is LinkForm.REFERENCE or not use.address.on_web or context.is_own_site(use.address.host):
            continue
        if not any(start <= link.span.start < end for start, end in exempt):
            yield use, link


def _exempt(context: CheckContext) -> Iterator[tuple[int, int]]:
    """The parts in which the house format allows repeated addresses."""
    if not context.house.links.repeats:
        return
    if "opening" in context.house.links.repeats:
        yield 0, context.issue.sections[0].span.start if context.issue.sections else len(context.source.text)
    for _, section, wanted in context.wanted_sections():
        if wanted.key in context.house.links.repeats:
            yield section.span.start, section.span.end


_FEWEST = 2
"""The fewest repeated links of a list of highlights."""


def _highlights(context: CheckContext) -> Iterator[tuple[int, int]]:
    """The opening or sections that list what is elsewhere in the issue: most of their addresses are linked there, too."""
    sections = context.issue.sections
    opening = (0, sections[0].span.start) if sections else (0, 0)
    parts = [opening, *((section.span.start, section.span.end) for section in sections)]
    addresses: list[set[str]] = [set() for _ in parts]
    starts = [start for start, _ in parts]
    for use, link in uses(context.links):
        if use.address.on_web and link.form is not LinkForm.REFERENCE:
            addresses[bisect_right(starts, link.span.start) - 1].add(bare_address(use.href))
    for at, (part, own) in enumerate(zip(parts, addresses, strict=True)):
        others: set[str] = set().union(*addresses[:at], *addresses[at + 1 :])
        repeated = own & others
        if len(repeated) >= _FEWEST and len(repeated) * 3 > len(own) * 2 and len(own) < len(others):
            yield part


def _stories(context: CheckContext) -> list[_Story]:
    """The items of all sections, and the bullets outside of items, in order."""
    items = [
        _Story(item.span.start, item.span.end, item.link.span.start if item.link else -1)
        for section in context.items
        for item in section
    ]
    bullets = [
        _Story(entry.span.start, entry.span.end, _opening_link(entry))
        for block in _outer_lists(context.issue)
        for entry in block.items
    ]
    inside = [(story.start, story.end) for story in items]
    alone = [one for one in bullets if not any(start <= one.start < end for start, end in inside)]
    return sorted((*items, *alone), key=lambda story: story.start)


def _outer_lists(issue: Issue) -> Iterator[List]:
    tops = chain(issue.opening, *map(top_blocks, issue.sections))
    return (block for block in tops if isinstance(block, List))


def _opening_link(entry: ListItem) -> int:
    """The offset of the link at the beginning of a bullet; -1 if it begins with something else."""
    first = entry.blocks[0] if entry.blocks else None
    inlines = first.inlines if isinstance(first, Paragraph) else ()
    if inlines and isinstance(inlines[0], (Strong, Emphasis)):
        inlines = inlines[0].inlines
    return inlines[0].span.start if inlines and isinstance(inlines[0], Link) else -1


def bare_address(href: str) -> str:
    """A form of the address that is the same for all its spellings."""
    parts = parts_of(href)
    plain = parts_of(without_tracking(href, parts.host, parts.path))
    query = f"?{plain.query}" if plain.query else ""
    fragment = f"#{plain.fragment}" if plain.fragment else ""
    return f"{plain.host.removeprefix('www.')}{plain.path.rstrip('/')}{query}{fragment}"
