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
"""The most levels of nested blocks; markdown-it counts a list as two. Deeper blocks become one paragraph."""


@dataclass(slots=True)
class Definition:
    """A link definition and the places of its parts."""

    label: str
    href: str
    title: str
    span: Span
    href_span: Span
    title_span: Span
    used: bool = False


@dataclass(slots=True)
class NoteBody:
    """A footnote with references: its number, how many there are, and its blocks once they are read."""

    label: str
    number: int
    references: int = 0
    blocks: tuple[Block, ...] | None = None
    span: Span | None = None


@dataclass(slots=True)
class ReadingState:
    """The state of reading one text."""

    source: Source
    options: ReadingOptions
    places: Mapping[str, str] = field(default_factory=dict)
    """Our anchors of headings, by those that other programs give to them: links to either work."""
    headings: list[tuple[str, str]] = field(default_factory=list)
    """The text of each heading and its anchor, once all is read."""
    anchor_links: set[str] = field(default_factory=set)
    """The anchors in the text itself that links lead to."""
    wide: bool = False
    """Whether its language has wide characters: Chinese, Japanese, Korean."""
    definitions: list[Definition] = field(default_factory=list)
    references: dict[str, Definition] = field(default_factory=dict)
    """The definitions by normalised label; the first definition of a label counts."""
    footnote_labels: set[str] = field(default_factory=set)
    """The labels of the footnotes that are defined in the text."""
    footnotes: dict[str, NoteBody] = field(default_factory=dict)
    """Those with references, by label, in the order of their numbers."""
    notes: list[Note] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)
    """The starts of comments that are not closed in their block."""
    findings: list[Diagnostic] = field(default_factory=list)
    opened: list[OpenedDirective] = field(default_factory=list)
    paywall: Span | None = None
    """The place of the first paywall, if one was found."""
    refused_tags: set[str] = field(default_factory=set)
    """Names of HTML elements with a finding: their closing tags need no second one."""

    def find(
        self, span: Span, code: str, message: str, advice: str, *, label: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        """Adds a finding."""
        self.findings.append(Diagnostic(self.source.path, span, code, message, severity, label, advice))

    def place_of(self, href: str) -> str:
        """The target of a link that is written as `href`: the same, except for anchors of other programs."""
        if not href.startswith("#") or len(href) == 1:
            return href
        name = normalize("NFC", unquote(href[1:]))
        self.anchor_links.add(name)
        return f"#{quote(self.places[name])}" if name in self.places else href

    def too_deep(self, span: Span) -> None:
        """Reports ST127, once per text."""
        if not any(found.code == "ST127" for found in self.findings):
            message = "lists, quotations or directives are nested too deeply here"
            advice = f"What is deeper than {DEEPEST} levels is kept as plain text. Use fewer levels."
            self.find(span, "ST127", message, advice)

    def refer(self, label: str) -> NoteBody:
        """The footnote of `label`, with one more reference."""
        note = self.footnotes.get(label)
        if note is None:
            note = self.footnotes[label] = NoteBody(label, len(self.footnotes) + 1)
        note.references += 1
        return note


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """` Did you mean …?` for a typing error, else nothing."""
    close = closest(word.lower(), known, cutoff=GUESS, fold=str)
    return f" Did you mean `{close}`?" if close else ""
