"""EM: the source of each part of the email: a line of the issue, a template of the workspace, or newsletter.yaml."""

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
"""The folder of a workspace's own email templates."""
TOP = Span(0, 0)
"""The first line of a file. A finding about something missing is reported there."""
_TAG = re.compile(r"<([a-z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*'|\{\{.*?\}\}|\{%.*?%\})*)>", re.IGNORECASE)
_FROM_MJML = {"mj-image": "img", "mj-button": "a", "mj-text": "td", "mj-table": "table", "mjml": "html"}
"""The HTML element that an MJML component becomes, for components that become one."""
_WORD = re.compile(r"[\w#%.:/-]+")

Place = tuple[str, Span]
"""A file, relative to the workspace, and a span in it."""


@dataclass(frozen=True, slots=True)
class TracedMail:
    """The email that is checked. Each part of it can be traced to its source."""

    context: CheckContext
    mail: Mail
    page: Page
    """The parsed HTML of the email."""

    def found(self, offset: int, code: str, message: str, *, label: str = "", advice: str = "") -> Diagnostic:
        """A finding about the element at `offset` of the HTML, placed at its source."""
        return Diagnostic(*self.source_of(offset), code, message, label=label, advice=advice)

    def found_in_configuration(
        self, path: tuple[str | int, ...], code: str, message: str, *, advice: str = ""
    ) -> Diagnostic:
        """A finding at a value of newsletter.yaml, or at the nearest key above it that is there."""
        return Diagnostic(CONFIGURATION, self.yaml_place(path), code, message, advice=advice)

    def yaml_place(self, path: tuple[str | int, ...]) -> Span:
        """The place of the value at `path` of newsletter.yaml; its first line if there is no such value."""
        while path and path not in self.mail.yaml:
            path = path[:-1]
        return self.mail.yaml[path] if path else TOP

    def by_hand(self, offset: int) -> bool:
        """Whether the rules about Markdown do not cover the part at `offset`.

        They do not cover templates of the workspace, snippets, and HTML in the issue.
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
        """The inline HTML of the issue that is at `offset`; None if there is none."""
        piece = self.mail.piece_at(offset)
        if piece.path != self.context.issue.path:
            return None
        for raw in walk_inlines(self.context.issue):
            if type(raw) is not RawHtml or not piece.span.start <= raw.span.start < piece.span.end:
                continue
            beginning = raw.html.partition(OPEN)[0]  # from there on, merge tags have been filled in
            at = self.mail.html.find(beginning, piece.start, piece.end) if beginning else -1
            while 0 <= at <= offset:
                if offset < at + len(beginning):
                    return raw
                at = self.mail.html.find(beginning, at + 1, piece.end)
        return None

    def is_authors(self, offset: int) -> bool:
        """Whether the part at `offset` comes from an issue or a snippet, not from a template."""
        piece = self.mail.piece_at(offset)
        return bool(piece.path) and not piece.template

    def source_of(self, offset: int) -> Place:
        """The source of the part at `offset` of the HTML.

        For a template of the workspace, it is a place in that template; for text of an issue or a snippet, the place
        there. For the bundled theme, it is the block that it renders, else newsletter.yaml.
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
        """The part of `span` on its first line, so that a message does not underline a whole paragraph."""
        if path != self.context.issue.path or span is NOWHERE:
            return span
        end = self.context.source.text.find("\n", span.start, span.end)
        return span if end < 0 else Span(span.start, end, span.line, span.column)

    def style_place(self, element: int, *names: str) -> Place | None:
        """The place where the workspace sets the first of the properties `names` that applies to an element, inherited or not.

        The place is in a template, in the style sheet of prose, or in HTML in the issue. None if the bundled theme sets
        it.
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
                place = self.source_of(self.page.elements[around.parent].start)  # of mj-text, which has both
            return place if place[0] != CONFIGURATION else None
        return None

    def _in_prose_css(self, names: tuple[str, ...], value: str) -> Place | None:
        """The place in the workspace's prose.css where a property has `value`, written as it is or as a token."""
        path = f"{TEMPLATES}/prose.css"
        sheet = self.mail.templates.get(path, "")
        tokens = [f"var(--{token.replace('_', '-')})" for token, colour in self.mail.light.items() if colour == value]
        either = "|".join(map(re.escape, (value, *tokens)))
        found = re.search(rf"(?<![\w-])(?:{'|'.join(names)})\s*:\s*(?:{either})(?![\w.-])", sheet)
        return (path, span_in(sheet, *found.span())) if found else None

    def own_template(self, *names: str) -> str:
        """The path of the first of `names` that is a template of the workspace; newsletter.yaml if none is."""
        paths = (f"{TEMPLATES}/{name}" for name in names)
        return next((path for path in paths if path in self.mail.templates), CONFIGURATION)


def _most_like(templates: Mapping[str, str], html: str, offset: int) -> Place | None:
    """The tag in `templates` that is most like the tag at `offset` of the HTML."""
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
    """The span of `text[start:end]`, cut to its first line."""
    line_end = text.find("\n", start, end)
    column = start - text.rfind("\n", 0, start)
    return Span(start, end if line_end < 0 else line_end, text.count("\n", 0, start) + 1, column)
