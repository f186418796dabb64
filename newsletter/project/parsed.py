"""An issue as it was read, with everything computed from it, each thing once, when it is first needed."""

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
"""Faults, found while reading, of the front matter itself (FM131: it is not where it is looked for), its `slug` and its `kind`:
what an issue is, and where, cannot be known while one stands; and that it is too much to be read at all."""


@dataclass(slots=True, eq=False)
class ParsedIssue:
    """An issue, whole or as far as its front matter, with what was found while reading it."""

    file: IssueFile
    source: Source
    front: Front
    house: HouseFormat
    """The house format for it: of its kind, its time and its variant."""
    issue: Issue
    """The issue; without a body if only the front matter was read."""
    diagnostics: tuple[Diagnostic, ...]
    matched: tuple[SectionFormat | None, ...] | None = None
    """The section of the house format for each of its sections, once that was asked for."""
    sections: MatchedSections | None = None
    """Its sections as checks read them, once that was asked for (`sections_of`)."""
    pictures: dict[tuple[str, str], ImageFile | None] = field(default_factory=dict)
    """The plans for its pictures so far (letters.py): by address as written, and by play mark, width and crop; None
    for what is no picture."""
    whole: Whole | None = None
    """Who gets what of it, once that was asked for (letters.py)."""

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        """The faults that keep the front matter from being read."""
        return tuple(found for found in self.diagnostics if found.code in UNREADABLE)

    @property
    def too_much(self) -> bool:
        """Whether it goes beyond what is read: nothing is known about it but that."""
        return self.front.too_much

    @property
    def readable(self) -> bool:
        """Whether the front matter could be understood, so that outputs can be made."""
        return not self.faults


def sections_of(parsed: ParsedIssue, language: Language) -> MatchedSections:
    """The sections of an issue against its house format; `language` is that of the issue."""
    if parsed.sections is None:
        from newsletter.check.facts.sections import MatchedSections

        parsed.sections = MatchedSections(parsed.issue, parsed.house, language)
        parsed.matched = parsed.sections.matched
    return parsed.sections


def named_pictures(issue: Issue) -> Iterator[tuple[str, Span]]:
    """The addresses of all pictures of an issue, as written, and where; that of the cover last."""
    for image in images_in(issue):
        yield image.src, image.src_span
    if issue.cover:
        yield issue.cover.src, issue.front.where("cover", "image")


def pictures_of_snippets(parsed: ParsedIssue, root: Path) -> Iterator[tuple[str, str, Span]]:
    """The addresses of the pictures of the snippets that are in an issue, with the snippet's path and the place there."""
    for matter in parsed.house.standing:
        if not ("![" in matter.text or "<img" in matter.text.lower()) or not is_there(root / matter.path):
            continue
        from newsletter.markdown.parse import parse_snippet
        from newsletter.markdown.source import Source

        issue, _ = parse_snippet(Source(matter.text, matter.path), parsed.house.reading)
        yield from ((image.src, matter.path, image.src_span) for image in images_in(issue))


def needs_of(parsed: ParsedIssue, root: Path) -> Iterator[str]:
    """Local files that an issue names, existing or not, relative to the workspace at `root`.

    When one appears or changes, the issue is made again. For a picture, all names that its address may mean.
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
