"""EM: where in the sources a place of the email comes from: the author's line, a template of the workspace, newsletter.yaml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.config.workspace import CONFIGURATION
from newsletter.diagnostics import Diagnostic
from newsletter.model import NOWHERE, RawHtml, Span
from newsletter.records import dataclass
from newsletter.tokens import OPEN
from newsletter.walk import walk_inlines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import Page
    from newsletter.check.facts.mail import Mail

TEMPLATES = "templates/theme/email"
"""Where a workspace has templates of its own."""
TOP = Span(0, 0)
"""The first line of a file: where what it lacks is missing."""
_TAG = re.compile(r"<([a-z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*'|\{\{.*?\}\}|\{%.*?%\})*)>", re.IGNORECASE)
_FROM_MJML = {"mj-image": "img", "mj-button": "a", "mj-text": "td", "mj-table": "table", "mjml": "html"}
"""The HTML element that a component becomes, if it is only one."""
_WORD = re.compile(r"[\w#%.:/-]+")

Place = tuple[str, Span]
"""A file, relative to the workspace, and where in it."""


@dataclass(frozen=True, slots=True)
class TracedMail:
    """The email that is checked, of which every place can be traced to where it was written."""

    context: CheckContext
    mail: Mail
    page: Page
    """The parsed HTML of the email."""

    def found(self, offset: int, code: str, message: str, *, label: str = "", mend: str = "") -> Diagnostic:
        """A finding about what is at `offset` of the HTML, where its source is."""
        return Diagnostic(*self.source_of(offset), code, message, label=label, mend=mend)

    def found_in_configuration(
        self, path: tuple[str | int, ...], code: str, message: str, *, mend: str = ""
    ) -> Diagnostic:
        """A finding at a value of newsletter.yaml, or at the nearest thing around it that is there."""
        return Diagnostic(CONFIGURATION, self.yaml_place(path), code, message, mend=mend)

    def yaml_place(self, path: tuple[str | int, ...]) -> Span:
        """The place of the value at `path` of newsletter.yaml; its first line if there is no such value."""
        while path and path not in self.mail.yaml:
            path = path[:-1]
        return self.mail.yaml[path] if path else TOP

    def by_hand(self, offset: int) -> bool:
        """Whether what is at `offset` is out of reach of the rules about Markdown.

        That is what a template of the workspace wrote, a snippet, and HTML in the issue.
        """
        piece = self.mail.piece_at(offset)
        if piece.path != self.context.issue.path:
            return bool(piece.path) or bool(self.mail.templates)
        if self._html_in_line(offset):
            return True
        if piece.template:
            return f"{TEMPLATES}/{piece.template}" in self.mail.templates
        return self.context.source.text[piece.span.start : piece.span.start + 1] == "<"

    def _html_in_line(self, offset: int) -> RawHtml | None:
        """The author's HTML within a line, if that is what is at `offset`."""
        piece = self.mail.piece_at(offset)
        if piece.path != self.context.issue.path:
            return None
        for raw in walk_inlines(self.context.issue):
            if type(raw) is not RawHtml or not piece.span.start <= raw.span.start < piece.span.end:
                continue
            said = raw.html.partition(OPEN)[0]  # the rest is filled in by now
            at = self.mail.html.find(said, piece.start, piece.end) if said else -1
            while 0 <= at <= offset:
                if offset < at + len(said):
                    return raw
                at = self.mail.html.find(said, at + 1, piece.end)
        return None

    def is_authors(self, offset: int) -> bool:
        """Whether an author wrote what is at `offset`, rather than a template."""
        piece = self.mail.piece_at(offset)
        return bool(piece.path) and not piece.template

    def source_of(self, offset: int) -> Place:
        """Where what is at `offset` of the HTML was written.

        What a template of the workspace wrote is in that template, what an author wrote in the issue or a snippet. For what
        the bundled theme wrote, it is what that was written for: the block of the author, else newsletter.yaml.
        """
        mail, piece = self.mail, self.mail.piece_at(offset)
        if raw := self._html_in_line(offset):
            return piece.path, raw.span
        template = f"{TEMPLATES}/{piece.template}"
        if piece.template and template in mail.templates:
            return _most_like({template: mail.templates[template]}, mail.html, offset) or (template, TOP)
        if piece.path:
            return piece.path, self.first_line(piece.path, piece.span)
        return _most_like(mail.templates, mail.html, offset) or (CONFIGURATION, TOP)

    def first_line(self, path: str, span: Span) -> Span:
        """The part of `span` on its first line: a paragraph would be underlined whole."""
        if path != self.context.issue.path or span is NOWHERE:
            return span
        end = self.context.source.text.find("\n", span.start, span.end)
        return span if end < 0 else Span(span.start, end, span.line, span.column)

    def style_place(self, element: int, *names: str) -> Place | None:
        """Where the workspace gives an element the first of the properties `names` that it has, or has from around it.

        That is a template of its own, its style sheet of prose, or HTML in the issue. None if it is of the bundled theme.
        """
        for around in self.page.around(element):
            given = next((around.style[name] for name in names if name in around.style), "")
            given = given or next((around.attributes[name] for name in names if name in around.attributes), "")
            if not given:
                continue
            if not self.by_hand(around.start):
                return self._in_prose_css(names, given) if self.is_authors(around.start) else None
            place = self.source_of(around.start)
            if place[0] == CONFIGURATION and around.name == "div" and around.parent >= 0:
                place = self.source_of(self.page.elements[around.parent].start)  # of mj-text, which is both
            return place if place[0] != CONFIGURATION else None
        return None

    def _in_prose_css(self, names: tuple[str, ...], value: str) -> Place | None:
        """Where the workspace's style sheet of prose says that a property has `value`, as it is or by a token."""
        path = f"{TEMPLATES}/prose.css"
        sheet = self.mail.templates.get(path, "")
        tokens = [f"var(--{token.replace('_', '-')})" for token, colour in self.mail.light.items() if colour == value]
        either = "|".join(map(re.escape, (value, *tokens)))
        found = re.search(rf"(?<![\w-])(?:{'|'.join(names)})\s*:\s*(?:{either})(?![\w.-])", sheet)
        return (path, span_in(sheet, *found.span())) if found else None

    def own_template(self, *names: str) -> str:
        """The first of `names` that is a template of the workspace, by its path; newsletter.yaml if none is."""
        paths = (f"{TEMPLATES}/{name}" for name in names)
        return next((path for path in paths if path in self.mail.templates), CONFIGURATION)


def _most_like(templates: Mapping[str, str], html: str, offset: int) -> Place | None:
    """The tag in `templates` that is most like the one at `offset` of what came out."""
    written = _TAG.match(html, offset)
    if written is None:
        return None
    name, words = written[1].lower(), set(_WORD.findall(written[2]))
    best: tuple[int, Place] | None = None
    for path, source in templates.items():
        if path.endswith(".css"):
            continue
        for tag in _TAG.finditer(source):
            if _FROM_MJML.get(tag[1].lower(), tag[1].lower()) != name:
                continue
            likeness = len(words & set(_WORD.findall(tag[2])))
            if best is None or likeness > best[0]:
                best = likeness, (path, span_in(source, *tag.span()))
    return best[1] if best else None


def span_in(text: str, start: int, end: int) -> Span:
    """`text[start:end]` as a place, its first line only."""
    line_end = text.find("\n", start, end)
    column = start - text.rfind("\n", 0, start)
    return Span(start, end if line_end < 0 else line_end, text.count("\n", 0, start) + 1, column)
