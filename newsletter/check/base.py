"""What a rule may look at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.check.facts.addresses import AddressUse, LinkAnswer
    from newsletter.check.facts.groups import GroupHeading
    from newsletter.check.facts.history import History, Past, PastIssue
    from newsletter.check.facts.prose import Prose
    from newsletter.config.publication import Publication
    from newsletter.diagnostics import Fix
    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.markdown.source import Source
    from newsletter.model import Figure, Issue, Item, MailPart, MailPiece, Span

_START = attrgetter("start")


@dataclass(frozen=True, slots=True)
class OtherIssue:
    """What a check needs to know of the publication's other issues."""

    path: str
    """Its file, relative to the workspace, with forward slashes."""
    slug: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class PictureUse:
    """A picture that readers will see, wherever it stands in the issue."""

    src: str
    """As written."""
    alt: str
    span: Span
    """The whole construct."""
    src_span: Span
    """The address alone; `span` where it has no place of its own."""
    name: str = "the picture"
    """For messages: `the picture`, `the cover`."""


@dataclass(frozen=True, slots=True)
class Mail:
    """The e-mail of an issue as it goes out: what the generic service is given, tokens as it writes them."""

    subject: str
    preheader: str
    html: str
    text: str
    parts: tuple[MailPart, ...]
    pieces: tuple[MailPiece, ...]
    """In order; together they are all of `html`."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The workspace's own templates, style sheets and looks: path relative to the workspace -> text."""
    light: Mapping[str, str] = field(default_factory=dict)
    """The colours that the templates were filled with, by token: `#rrggbb`."""
    dark: Mapping[str, str] = field(default_factory=dict)
    yaml: Mapping[tuple[str | int, ...], Span] = field(default_factory=dict)
    """Where each value of newsletter.yaml stands, by its path."""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """How the addresses that a service makes are written, by the names of `tokens.SERVICE_TOKENS`."""

    def piece_at(self, offset: int) -> MailPiece:
        """What `html[offset]` comes from."""
        return self.pieces[max(0, bisect_right(self.pieces, offset, key=_START) - 1)]


@dataclass(frozen=True, slots=True)
class CheckContext:
    """All that rules read, worked out once per issue."""

    issue: Issue
    house: HouseFormat
    source: Source
    language: Language
    root: Path
    """The workspace."""
    publication: Publication
    others: tuple[OtherIssue, ...]
    matched: tuple[SectionFormat | None, ...]
    """Per section of the issue, what the house format has for it."""
    nearly: Mapping[int, str]
    """Matched sections whose heading is not quite right: by index, what it should be."""
    slips: Mapping[int, tuple[SectionFormat, str]]
    """Sections that the house format does not name, but whose heading is much like that of one that is not there:
    by index, that one and its heading."""
    headings: Mapping[str, tuple[str, ...]]
    """By the key of a section of the house format, the headings it may have in this issue; () for a free one."""
    items: tuple[tuple[Item, ...], ...]
    """Per section, its items in the shape that the house format gives them."""
    figures: tuple[Figure, ...]
    pictures: tuple[PictureUse, ...]
    files: Mapping[str, Path | None]
    """By address as written, the file of each picture that is one; None where none is found within the workspace."""
    unread: tuple[Span, ...]
    """Stretches that no reader ever sees: comments of Markdown and of YAML."""
    prose: Prose
    """The text of the issue as the rules about text read it."""
    links: tuple[AddressUse, ...] = ()
    """Every address of links and pictures, in the order of the text, but those that have a finding of their own."""
    live: Mapping[str, LinkAnswer] = field(default_factory=dict)
    """What the web said of addresses, by address without its fragment; empty where it was not asked."""
    misplaced: Mapping[int, SectionFormat] = field(default_factory=dict)
    """Headings at the wrong level that have the words of a section: by offset, which section that is."""
    groups: tuple[GroupHeading, ...] = ()
    """The headings above sections, where the house format has such."""
    broken_front: bool = False
    """Whether the front matter could not be read as YAML, so that what it lacks is not known."""
    history: History | None = None
    """All issues of the publication; None where they are not known, as for a letter by itself."""
    own: PastIssue | None = None
    """This issue as later ones will see it, where the others are known."""
    past: Past | None = None
    """What came before it."""
    mail: Mail | None = None
    """The e-mail as it goes out; None where no rule about it is wanted, or where it cannot be made."""

    @property
    def asker(self) -> str:
        """Who asks for all this, in a message: `the briefing`."""
        return f"the {self.house.kind}" if self.house.kind else "the house format"

    def found(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        label: str = "",
        mend: str = "",
        fix: Fix | None = None,
        about: tuple[str, ...] = (),
    ) -> Diagnostic:
        """A finding in this issue; its severity is set by the rule and the settings; `about` is as in Diagnostic."""
        return Diagnostic(self.issue.path, span, code, message, label=label, mend=mend, fix=fix, about=about)

    def line_of(self, index: int, *keys: str) -> tuple[str, ...]:
        """The line of house.yaml that `keys` are the last of, below the section that the one at `index` is: for `about`."""
        found = self.matched[index]
        return ("sections", found.key, *keys) if found is not None else ()

    def span(self, start: int, end: int) -> Span:
        """The place of `source.text[start:end]`."""
        return self.source.span(start, end)

    @property
    def start(self) -> Span:
        """The first line of the file: what is missing from the front matter is missing here."""
        end = self.source.text.find("\n")
        return self.span(0, len(self.source.text) if end < 0 else end)

    @property
    def end(self) -> Span:
        """Behind the last thing written."""
        last = len(self.source.text.rstrip())
        return self.span(last, last)

    def is_unread(self, offset: int) -> bool:
        """Whether the character at `offset` is in a comment."""
        return any(span.start <= offset < span.end for span in self.unread)
