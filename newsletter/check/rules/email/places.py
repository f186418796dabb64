"""EM: where in the sources a place of the e-mail comes from: the author's line, a template of the workspace, newsletter.yaml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.facts.email_html import page_of
from newsletter.diagnostics import Diagnostic
from newsletter.model import NOWHERE, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.email_html import Page
    from newsletter.check.facts.mail import Mail

TEMPLATES = "templates/theme/email"
"""Where a workspace has templates of its own."""
CONFIGURATION = "newsletter.yaml"
_TAG = re.compile(r"<([a-z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*'|\{\{.*?\}\}|\{%.*?%\})*)>", re.IGNORECASE)
_FROM_MJML = {"mj-image": "img", "mj-button": "a", "mj-text": "td", "mj-table": "table", "mjml": "html"}
"""What components become, where that is one element."""
_WORD = re.compile(r"[\w#%.:/-]+")

Place = tuple[str, Span]
"""A file, relative to the workspace, and where in it."""


def mail_in(context: CheckContext) -> tuple[Mail, Page] | None:
    """The e-mail and its HTML, read; None where it was not made."""
    return (context.mail, page_of(context.mail.html)) if context.mail else None


def at_offset(
    context: CheckContext, mail: Mail, offset: int, code: str, message: str, *, label: str = "", mend: str = ""
) -> Diagnostic:
    """A finding about what stands at `offset` of the e-mail's HTML, where its source is."""
    path, span = source_of(context, mail, offset)
    return Diagnostic(path, span, code, message, label=label, mend=mend)


def in_configuration(mail: Mail, path: tuple[str | int, ...], code: str, message: str, *, mend: str = "") -> Diagnostic:
    """A finding at a value of newsletter.yaml, or at the nearest thing around it that is there."""
    return Diagnostic(CONFIGURATION, yaml_place(mail, path), code, message, mend=mend)


def yaml_place(mail: Mail, path: tuple[str | int, ...]) -> Span:
    """Where the value at `path` of newsletter.yaml stands; its first line where there is no such thing."""
    while path and path not in mail.yaml:
        path = path[:-1]
    return mail.yaml[path] if path else Span(0, 0)


def by_hand(context: CheckContext, mail: Mail, offset: int) -> bool:
    """Whether what stands at `offset` is out of reach of the rules about Markdown.

    That is what a template of the workspace wrote, a snippet, and HTML in the issue.
    """
    piece = mail.piece_at(offset)
    if piece.path != context.issue.path:
        return bool(piece.path) or bool(mail.templates)
    if piece.template:
        return f"{TEMPLATES}/{piece.template}" in mail.templates
    return context.source.text[piece.span.start : piece.span.start + 1] == "<"


def is_authors(mail: Mail, offset: int) -> bool:
    """Whether an author wrote what stands at `offset`, rather than a template."""
    piece = mail.piece_at(offset)
    return bool(piece.path) and not piece.template


def source_of(context: CheckContext, mail: Mail, offset: int) -> Place:
    """Where what stands at `offset` of the HTML was written.

    What a template of the workspace wrote is in that template, what an author wrote in the issue or a snippet. For what the
    bundled theme wrote, it is what that was written for: the block of the author, else newsletter.yaml.
    """
    piece = mail.piece_at(offset)
    template = f"{TEMPLATES}/{piece.template}"
    if piece.template and template in mail.templates:
        return _in_templates({template: mail.templates[template]}, mail.html, offset) or (template, Span(0, 0))
    if piece.path:
        return piece.path, first_line(context, piece.path, piece.span)
    return _in_templates(mail.templates, mail.html, offset) or (CONFIGURATION, Span(0, 0))


def first_line(context: CheckContext, path: str, span: Span) -> Span:
    """The part of `span` on its first line: a paragraph would be underlined whole."""
    if path != context.issue.path or span is NOWHERE:
        return span
    end = context.source.text.find("\n", span.start, span.end)
    return span if end < 0 else Span(span.start, end, span.line, span.column)


def _in_templates(templates: Mapping[str, str], html: str, offset: int) -> Place | None:
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


def style_place(context: CheckContext, mail: Mail, page: Page, element: int, *names: str) -> Place | None:
    """Where the workspace gives an element the first of the properties `names` that it has, by itself or by what it stands in.

    That is a template of its own, its style sheet of prose, or HTML in the issue. None where it is the bundled theme's look.
    """
    for around in page.around(element):
        given = next((around.style[name] for name in names if name in around.style), "")
        given = given or next((around.attributes[name] for name in names if name in around.attributes), "")
        if not given:
            continue
        if by_hand(context, mail, around.start):
            place = source_of(context, mail, around.start)
            if place[0] == CONFIGURATION and around.name == "div" and around.parent >= 0:
                place = source_of(context, mail, page.elements[around.parent].start)  # of mj-text, which is both
            return place if place[0] != CONFIGURATION else None
        return _in_sheet(mail, names, given) if is_authors(mail, around.start) else None
    return None


def _in_sheet(mail: Mail, names: tuple[str, ...], value: str) -> Place | None:
    """Where the workspace's style sheet of prose says that a property has `value`, as it is or by a token."""
    path = f"{TEMPLATES}/prose.css"
    tokens = [f"var(--{token.replace('_', '-')})" for token, colour in mail.light.items() if colour == value]
    either = "|".join(map(re.escape, (value, *tokens)))
    found = re.search(rf"(?<![\w-])(?:{'|'.join(names)})\s*:\s*(?:{either})(?![\w.-])", mail.templates.get(path, ""))
    return (path, span_in(mail.templates[path], *found.span())) if found else None


def own_template(mail: Mail, *names: str) -> str:
    """The first of `names` that is a template of the workspace, by its path; empty where the bundled ones are used."""
    return next((path for name in names if (path := f"{TEMPLATES}/{name}") in mail.templates), "")


def visible_addresses(page: Page) -> Iterator[str]:
    """Where each link leads that readers see."""
    for element in page.elements:
        if element.name == "a" and "href" in element.attributes and not page.is_hidden(element.index):
            yield element.attributes["href"].strip()
