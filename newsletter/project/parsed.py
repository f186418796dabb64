"""A parsed issue, with everything that is computed from it. Each result is computed once, when it is first needed."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.files import is_there
from newsletter.names import spelled
from newsletter.walk import images_in, links_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.check.facts.history import PastIssue
    from newsletter.check.facts.sections import MatchedSections
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.markdown.front_matter import Front
    from newsletter.markdown.source import Source
    from newsletter.model import ImageFile, Issue, Span
    from newsletter.render.layout import Whole

UNREADABLE = frozenset(f"FM00{digit}" for digit in range(1, 10)) | {"FM010", "FM105", "FM106", "FM131", "ST149"}
"""Errors, found while reading, after which an issue's identity and place are unknown.

They are in the front matter itself (FM131: it is in the wrong place), its `slug` or its `kind`, or mean that the issue
is too large to be read.
"""


@dataclass(slots=True, eq=False)
class ParsedIssue:
    """A parsed issue, whole or only its front matter, with the findings of parsing it."""

    file: IssueFile
    source: Source
    front: Front
    house: HouseFormat
    """The house format for its kind, era and variant."""
    issue: Issue
    """The issue; without a body if only the front matter was parsed."""
    diagnostics: tuple[Diagnostic, ...]
    matched: tuple[SectionFormat | None, ...] | None = None
    """The section of the house format for each of its sections; None before it is computed."""
    sections: MatchedSections | None = None
    """Its sections as checks use them; None before they are computed (`sections_of`)."""
    own: PastIssue | None = None
    """The issue in the form that the history keeps; None before it is computed (`past_of`)."""
    pictures: dict[tuple[str, str], ImageFile | None] = field(default_factory=dict)
    """The plans for its pictures so far (letters.py).

    The key has the address as written, play mark, width and crop. The value is None if it is not a picture.
    """
    whole: Whole | None = None
    """The readers of each part; None before it is computed (letters.py)."""

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        """The faults because of which the front matter cannot be used."""
        return tuple(found for found in self.diagnostics if found.code in UNREADABLE)

    @property
    def too_much(self) -> bool:
        """Whether it is too large to be read, so that nothing else is known about it."""
        return self.front.too_much

    @property
    def readable(self) -> bool:
        """Whether the front matter is valid, so that outputs can be made."""
        return not self.faults


def sections_of(parsed: ParsedIssue, language: Language) -> MatchedSections:
    """The sections of an issue, matched with its house format; `language` is that of the issue."""
    if parsed.sections is None:
        from newsletter.check.facts.sections import MatchedSections

        parsed.sections = MatchedSections(parsed.issue, parsed.house, language)
        parsed.matched = parsed.sections.matched
    return parsed.sections


def past_of(parsed: ParsedIssue, language: Language) -> PastIssue:
    """The issue in the form that the history keeps; `language` is that of the issue."""
    if parsed.own is None:
        from newsletter.check.facts.history import remember

        parsed.own = remember(sections_of(parsed, language))
    return parsed.own


def named_pictures(issue: Issue) -> Iterator[tuple[str, Span]]:
    """The addresses of all pictures of an issue, as written, with their spans. The cover is last."""
    for image in images_in(issue):
        yield image.src, image.src_span
    if issue.cover:
        yield issue.cover.src, issue.front.where("cover", "image")


def pictures_of_snippets(parsed: ParsedIssue, root: Path) -> Iterator[tuple[str, str, Span]]:
    """The addresses of the pictures in an issue's snippets, with the path of the snippet and the span in it."""
    for matter in parsed.house.standing:
        if not ("![" in matter.text or "<img" in matter.text.lower()) or not is_there(root / matter.path):
            continue
        from newsletter.markdown.parse import parse_snippet
        from newsletter.markdown.source import Source

        issue, _ = parse_snippet(Source(matter.text, matter.path), parsed.house.reading)
        yield from ((image.src, matter.path, image.src_span) for image in images_in(issue))


def needs_of(parsed: ParsedIssue, root: Path) -> Iterator[str]:
    """The local files that an issue uses, existing or not, relative to the workspace at `root`.

    When one of them appears or changes, the issue must be built again. For a picture, all paths that its address may
    mean are included.
    """
    from newsletter.pictures.find import names_of

    issue, folder = parsed.issue, parsed.file.folder
    pictures = [(src, folder) for src, _ in named_pictures(issue)]
    pictures += [(src, path.rpartition("/")[0]) for src, path, _ in pictures_of_snippets(parsed, root)]
    named = [(name, home) for src, home in pictures for name in names_of(src, root / home) if _may_be_file(src)]
    named += [(unquote(link.href.partition("#")[0]), folder) for link in links_in(issue) if _may_be_file(link.href)]
    for name, home in dict.fromkeys(named):
        path = posixpath.normpath(posixpath.join(home, name))
        if not path.startswith("../") and "\0" not in path:
            yield spelled(root, path)


def _may_be_file(address: str) -> bool:
    return bool(address) and address[0] not in "#/?" and ":" not in address and "{{" not in address
