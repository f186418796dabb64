"""Where a feature of a letter was written: the author's line, a template or style sheet of the workspace, newsletter.yaml.

The bundled theme is no cause: what it uses, and what that costs in which program, is declared and held by a test
(templates/theme/email/support.yaml).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.email_clients.declarations import declaration_marks
from newsletter.check.email_clients.pictures import picture_marks
from newsletter.check.email_clients.scan import marks_in
from newsletter.check.email_clients.templates import template_marks
from newsletter.check.email_clients.verdict import all_marks, harm_of, lacking
from newsletter.check.figures_files import poor_format
from newsletter.issue.source import Source
from newsletter.records import dataclass
from newsletter.workspace.find import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.base import CheckContext, Mail
    from newsletter.check.email_clients.marks import Mark
    from newsletter.check.email_clients.verdict import Problem
    from newsletter.model import MailPiece, Span

_FONTS = ("serif", "sans", "mono")
_LOOK = "templates/theme/looks/{}.json"


@dataclass(frozen=True, slots=True)
class Cause:
    """Where somebody wrote it."""

    path: str
    span: Span
    more: int = 0
    """In how many further places of the same file."""


def causes_of(problem: Problem, context: CheckContext, mail: Mail) -> Iterator[Cause]:
    """The files that a problem comes from, each with its first place in it; none where it is the bundled theme's."""
    written: dict[str, dict[int, Span]] = {}
    # A picture elsewhere in such a format is told as a picture, with a better mend.
    told = {found.span for found in poor_format(context)} if problem.feature.slug.startswith("image-") else set()
    theme = False
    for mark in _marks(problem, mail.html):
        piece = mail.piece_at(mark.start)
        place = _in_text(problem, mark, piece, context, mail) if piece.path else None
        if place:
            if place not in told:
                written.setdefault(piece.path, {})[place.start] = place
        else:
            theme = True
    for path, places in written.items():
        yield Cause(path, places[min(places)], len(places) - 1)
    if theme:
        yield from _in_theme(problem, context, mail)


def _marks(problem: Problem, html: str) -> Iterator[Mark]:
    for mark in all_marks(html):
        if mark.feature is problem.feature and harm_of(mark) is problem.harm and lacking(mark, html):
            yield mark


# ── The author's words ──────────────────────────────────────────────────────────────────────────────────────────────


def _in_text(problem: Problem, mark: Mark, piece: MailPiece, context: CheckContext, mail: Mail) -> Span | None:
    """The place in the issue, or in a snippet, where an author wrote the feature; None where the theme added it."""
    slug = problem.feature.slug
    if piece.path != context.issue.path:
        text, base, end = _snippet(context, piece.path), 0, None
    else:
        text, base, end = context.source.text, piece.span.start, piece.span.end
    for found in marks_in(text[base:end]):
        if found.feature.slug == slug:
            return _place(text, base + found.start, base + found.end)
    if slug.startswith("image-") and piece.path == context.issue.path:
        for picture in context.pictures:
            if base <= picture.span.start < piece.span.end and _tells(picture.src, slug):
                return picture.src_span
    if slug.startswith("image-") or slug in {"html-anchor-links", "html-mailto-links"}:
        address = mail.html[mark.start : mark.end]
        at = text.find(address, base, end)
        return _place(text, at, at + len(address)) if address and at >= 0 else None
    return None


def _tells(address: str, slug: str) -> bool:
    return any(mark.feature.slug == slug for mark in picture_marks(address))


def _snippet(context: CheckContext, path: str) -> str:
    try:
        return (context.root / path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


# ── The theme ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _in_theme(problem: Problem, context: CheckContext, mail: Mail) -> Iterator[Cause]:
    found = False
    for path, source in sorted(mail.templates.items()):
        marks = [mark for mark in template_marks(path, source) if mark.feature is problem.feature]
        alike = [mark for mark in marks if harm_of(mark) is problem.harm]
        places = sorted({mark.start: mark.end for mark in alike or marks}.items())
        if places:
            found = True
            yield Cause(path, _place(source, *places[0]), len(places) - 1)
    if not found:
        yield from _in_values(problem, context, mail)


def _in_values(problem: Problem, context: CheckContext, mail: Mail) -> Iterator[Cause]:
    """Design tokens: a font of newsletter.yaml, or a colour of a look of the workspace's own."""
    theme = context.publication.theme
    for font in _FONTS:
        span = mail.yaml.get(("theme", "fonts", font))
        if span and _uses(problem, declaration_marks(f"font-family:{getattr(theme, font)}")):
            yield Cause(CONFIGURATION, span)
            return
    path = _LOOK.format(theme.look or "letter")
    source = _snippet(context, path)
    for value in (*mail.light.values(), *mail.dark.values()):
        at = source.find(f'"{value}"')
        if at >= 0 and _uses(problem, declaration_marks(f"color:{value}")):
            yield Cause(path, _place(source, at, at + len(value) + 2))
            return


def _uses(problem: Problem, marks: Iterable[Mark]) -> bool:
    return any(mark.feature is problem.feature for mark in marks)


def _place(text: str, start: int, end: int) -> Span:
    """`text[start:end]`, of which the first line counts."""
    line_end = text.find("\n", start, end)
    return Source(text, "").span(start, end if line_end < 0 else line_end)
