"""The state of reading one text: link definitions, footnotes, notes and findings."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import quote, unquote

from newsletter.diagnostics import Diagnostic, Severity
from newsletter.records import dataclass
from newsletter.suggest import GUESS, closest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.markdown.source import Source
    from newsletter.model import Block, Note, OpenedDirective, ReadingOptions, Span


DEEPEST = 60
"""How deep blocks may be in one another; markdown-it counts a list as two. Deeper ones become one paragraph."""


@dataclass(slots=True)
class Definition:
    """A link definition and where its parts are in the source."""

    label: str
    href: str
    title: str
    span: Span
    href_span: Span
    title_span: Span
    used: bool = False


@dataclass(slots=True)
class NoteBody:
    """A footnote that the text refers to: its number, how often, and its blocks once they have been read."""

    label: str
    number: int
    references: int = 0
    blocks: tuple[Block, ...] | None = None
    span: Span | None = None


@dataclass(slots=True)
class ReadingState:
    """The reading of one text, as far as it has come."""

    source: Source
    options: ReadingOptions
    places: Mapping[str, str] = field(default_factory=dict)
    """The anchors of headings here, by those that other programs give to them: links to either work."""
    headings: list[tuple[str, str]] = field(default_factory=list)
    """The words of each heading and its anchor, once all is read."""
    anchor_links: set[str] = field(default_factory=set)
    """The places in the text itself that links lead to."""
    wide: bool = False
    """Whether it is in a language written in wide characters: Chinese, Japanese, Korean."""
    definitions: list[Definition] = field(default_factory=list)
    references: dict[str, Definition] = field(default_factory=dict)
    """The definitions by normalised label; the first definition of a label counts."""
    footnote_labels: set[str] = field(default_factory=set)
    """The labels of the footnotes that are defined in the text."""
    footnotes: dict[str, NoteBody] = field(default_factory=dict)
    """Those referred to, by label, in the order of their numbers."""
    notes: list[Note] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)
    """Where comments begin that do not end in the block they begin in."""
    findings: list[Diagnostic] = field(default_factory=list)
    opened: list[OpenedDirective] = field(default_factory=list)
    paywall: Span | None = None
    """Where the paywall is, once one has been met."""
    refused_tags: set[str] = field(default_factory=set)
    """Names of HTML elements with a finding, whose closing tags need no other."""

    def find(
        self, span: Span, code: str, message: str, mend: str, *, label: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        """Notes down a finding."""
        self.findings.append(Diagnostic(self.source.path, span, code, message, severity, label, mend))

    def place_of(self, href: str) -> str:
        """Where a link leads that is written as `href`: the same, except for the anchor of another program."""
        if not href.startswith("#") or len(href) == 1:
            return href
        name = normalize("NFC", unquote(href[1:]))
        self.anchor_links.add(name)
        return f"#{quote(self.places[name])}" if name in self.places else href

    def too_deep(self, span: Span) -> None:
        """Reports ST127, once for a text."""
        if not any(found.code == "ST127" for found in self.findings):
            message = "lists, quotations or directives are nested too deeply here"
            mend = f"What is deeper than {DEEPEST} levels is kept as plain text. Use fewer levels."
            self.find(span, "ST127", message, mend)

    def refer(self, label: str) -> NoteBody:
        """The footnote of `label`, referred to once more."""
        note = self.footnotes.get(label)
        if note is None:
            note = self.footnotes[label] = NoteBody(label, len(self.footnotes) + 1)
        note.references += 1
        return note


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """` Did you mean …?` for a typing errors, else nothing."""
    close = closest(word.lower(), known, cutoff=GUESS, fold=str)
    return f" Did you mean `{close}`?" if close else ""
