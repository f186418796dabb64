"""The data that rules read, computed once for each issue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.check.facts.addresses import addresses_in
from newsletter.check.facts.files import files_of, pictures_of
from newsletter.check.facts.history import remember
from newsletter.check.facts.hosts import same_site
from newsletter.check.facts.prose import Prose
from newsletter.check.facts.sections import MatchedSections
from newsletter.diagnostics import Diagnostic, Edit, Fix
from newsletter.model import Span
from newsletter.records import dataclass
from newsletter.walk import figures_in, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.check.facts.addresses import AddressUse, LinkAnswer
    from newsletter.check.facts.files import PictureUse
    from newsletter.check.facts.history import History, OtherIssue, Past, PastIssue
    from newsletter.check.facts.mail import Mail
    from newsletter.check.facts.published import PublishedFacts
    from newsletter.check.facts.sections import GroupHeading
    from newsletter.config.publication import Publication
    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.markdown.source import Source
    from newsletter.model import Figure, Issue, Item, Section

_FRONT_CLOSES = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Everything that rules read, computed once per issue."""

    issue: Issue
    house: HouseFormat
    source: Source
    language: Language
    root: Path
    """The folder of the workspace."""
    publication: Publication
    others: tuple[OtherIssue, ...]
    codes: tuple[str, ...]
    """The codes of all rules."""
    matched: tuple[SectionFormat | None, ...]
    """For this and the next eight fields, see MatchedSections."""
    present: frozenset[str]
    misplaced: Mapping[int, SectionFormat]
    items: tuple[tuple[Item, ...], ...]
    headings: Mapping[str, tuple[str, ...]]
    nearly: Mapping[int, str]
    slips: Mapping[int, tuple[SectionFormat, str]]
    strays: Mapping[int, tuple[SectionFormat, str]]
    groups: tuple[GroupHeading, ...]
    figures: tuple[Figure, ...]
    pictures: tuple[PictureUse, ...]
    files: Mapping[str, Path | None]
    """The file of each picture, by its address as written; None if it is not found in the workspace."""
    unread: tuple[Span, ...]
    """Spans that no reader sees: comments of Markdown and of YAML."""
    prose: Prose
    """The text of the issue as the rules about text read it."""
    links: tuple[AddressUse, ...]
    """Every address of a link or picture, in the order of the text, except those that are reported already."""
    live: Mapping[str, LinkAnswer]
    """The answers of the web, by address without its fragment. Empty if the web was not asked."""
    broken_front: bool
    """Whether the front matter is not valid YAML, so that its missing fields are unknown."""
    history: History | None
    """All issues of the publication; None if they are not known, as for an issue outside of a workspace."""
    own: PastIssue | None
    """This issue in the form in which later issues see it; None if the others are not known."""
    past: Past | None
    """The issues before it."""
    mail: Mail | None
    """The finished email; None if no rule needs it, or if it cannot be made."""
    now: datetime | None
    """The time of the check; None if no rule needs it."""
    published: PublishedFacts | None
    """The record of its publication; None if there is none, or if it is not known."""

    @property
    def called(self) -> str:
        """The name of the text in messages about its folder: the issue, or a snippet."""
        return "snippet" if self.issue.path.startswith("templates/") else "issue"

    @property
    def asker(self) -> str:
        """The subject of messages about a requirement: `the briefing`."""
        return f"the {self.house.kind}" if self.house.kind else "the house format"

    def found(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        label: str = "",
        advice: str = "",
        fix: Fix | None = None,
        about: tuple[str, ...] = (),
    ) -> Diagnostic:
        """A finding in this issue. Rule and settings give its severity; for `about`, see Diagnostic."""
        return Diagnostic(self.issue.path, span, code, message, label=label, advice=advice, fix=fix, about=about)

    def line_of(self, index: int, *keys: str) -> tuple[str, ...]:
        """The line of house.yaml at `keys` below the format of the section at `index`, for `about`."""
        found = self.matched[index]
        return ("sections", found.key, *keys) if found is not None else ()

    def span(self, start: int, end: int) -> Span:
        """The place of `source.text[start:end]`."""
        return self.source.span(start, end)

    @property
    def start(self) -> Span:
        """The first line of the file, where missing fields of the front matter are reported."""
        return self.span(0, self.line_end(0))

    @property
    def end(self) -> Span:
        """The place after the last character of the text."""
        last = len(self.source.text.rstrip())
        return self.span(last, last)

    @property
    def body_start(self) -> int:
        """The offset at which the text below the front matter begins."""
        front = self.issue.front.value_spans.get(())
        return _front_end(front, self.source)[1] if front is not None and front.end else 0

    @property
    def folder(self) -> Path:
        """The folder of the issue's file."""
        return (self.root / self.issue.path).parent

    @property
    def language_tag(self) -> str:
        """The language of the issue, else that of the publication: `nl-BE`."""
        return self.issue.language or self.publication.language

    def wanted_sections(self) -> Iterator[tuple[int, Section, SectionFormat]]:
        """Each section that the house format has: its index, the section, and its requirements."""
        for index, (section, wanted) in enumerate(zip(self.issue.sections, self.matched, strict=True)):
            if wanted is not None:
                yield index, section, wanted

    def is_own_site(self, host: str) -> bool:
        """Whether a host is that of the publication, or a subdomain of it."""
        own = urlsplit(self.publication.url).hostname or ""
        return bool(own) and same_site(host, own)

    def text_at(self, span: Span) -> str:
        """The source text of the span."""
        return self.source.text[span.start : span.end]

    def line_end(self, offset: int) -> int:
        """The end of the line with the character at `offset`."""
        end = self.source.text.find("\n", offset)
        return len(self.source.text) if end < 0 else end

    def replacing(self, start: int, end: int, text: str, title: str) -> Fix:
        """The fix that replaces the text from `start` to `end` by `text`."""
        return Fix((Edit(self.span(start, end), text),), title)

    def is_unread(self, offset: int) -> bool:
        """Whether the character at `offset` is in a comment."""
        return any(span.start <= offset < span.end for span in self.unread)


def make_context(
    issue: Issue,
    house: HouseFormat,
    *,
    source: Source,
    language: Language,
    root: Path,
    publication: Publication,
    others: Sequence[OtherIssue],
    broken_front: bool,
    codes: Sequence[str],
    live: Mapping[str, LinkAnswer] | None = None,
    history: History | None = None,
    mail: Mail | None = None,
    sections: MatchedSections | None = None,
    own: PastIssue | None = None,
    now: datetime | None = None,
    published: PublishedFacts | None = None,
) -> CheckContext:
    """The data that rules read about `issue`. `sections` and `own` are given if they are known already."""
    sections = sections or MatchedSections(issue, house, language)
    own = (own or remember(sections)) if history else None
    pictures = tuple(pictures_of(issue))
    return CheckContext(
        issue=issue,
        house=house,
        source=source,
        language=language,
        root=root,
        publication=publication,
        others=tuple(others),
        codes=tuple(codes),
        matched=sections.matched,
        present=sections.present,
        misplaced=sections.misplaced,
        items=sections.items,
        headings=sections.headings,
        nearly=sections.nearly,
        slips=sections.slips,
        strays=sections.strays,
        groups=sections.groups,
        figures=tuple(figures_in(issue)),
        pictures=pictures,
        files=files_of(pictures, (root / issue.path).parent, root),
        unread=tuple(_unread(issue, source)),
        prose=Prose(issue, source),
        links=addresses_in(walk_inlines(issue), house.never),
        live=live or {},
        broken_front=broken_front,
        history=history.including(own) if history and own else None,
        own=own,
        past=history.before(own) if history and own else None,
        mail=mail,
        now=now,
        published=published,
    )


def _unread(issue: Issue, source: Source) -> Iterator[Span]:
    """Markdown comments, and the parts of the front matter that are neither keys nor values, such as its comments."""
    for note in issue.notes:
        yield note.span
    front = issue.front.value_spans.get(())
    if front is None or front.end == 0:
        return
    read = sorted(
        (span.start, span.end)
        for path, span in (*issue.front.key_spans.items(), *issue.front.value_spans.items())
        if path and (path in issue.front.key_spans or not _holds_others(issue, path))
    )
    finish, _ = _front_end(front, source)
    at = 0
    for start, end in (*read, (finish, finish)):
        if start > at and "#" in source.text[at:start]:
            yield Span(at, start)
        at = max(at, end)


def _front_end(front: Span, source: Source) -> tuple[int, int]:
    """The start and end of the line that closes the front matter."""
    closed = _FRONT_CLOSES.search(source.text, front.end)
    return closed.span() if closed else (front.end, front.end)


def _holds_others(issue: Issue, path: tuple[str | int, ...]) -> bool:
    value: object = issue.front.values
    for part in path:
        value = value[part] if isinstance(value, dict | list) else None  # type: ignore[index]
    return isinstance(value, dict | list)
