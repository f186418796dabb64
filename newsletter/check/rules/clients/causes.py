"""Where a feature of a letter was written: the author's line, a template or style sheet of the workspace, newsletter.yaml.

The bundled theme is no cause: what it uses, and what that costs in which program, is declared and held by a test
(templates/theme/email/support.yaml).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.rules.clients.features import FEATURES
from newsletter.check.rules.clients.scan import marks_in
from newsletter.check.rules.clients.sheets import FeatureUse, declaration_marks, picture_marks, sheet_marks
from newsletter.check.rules.clients.verdict import all_marks, harm_of, lacking
from newsletter.check.rules.figures.files import poor_format
from newsletter.config.workspace import CONFIGURATION
from newsletter.late import late
from newsletter.markdown.source import Source
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.mail import Mail
    from newsletter.check.rules.clients.verdict import Problem
    from newsletter.model import MailPiece, Span

_JINJA = late(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TOKEN = late(r"var\(--[a-z0-9-]+\)")
_COMPONENT = late(r"""<(mj-[a-z-]+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = late(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PROSE = "prose.css"
_BRINGS = {
    "mj-accordion": ("html-input-checkbox", "css-pseudo-class-checked", "css-selector-adjacent-sibling"),
    "mj-hero": ("css-background-image", "html-background", "css-background-size", "css-background-position"),
    "mj-font": ("html-link", "css-at-import"),
}
"""What components of MJML become, where their attributes do not tell."""


@lru_cache(maxsize=256)
def template_marks(path: str, source: str) -> tuple[FeatureUse, ...]:
    """The features that a template uses, at its own offsets."""
    plain = _JINJA.sub(_blank, source)
    if path.endswith(f"/{_PROSE}"):
        # Its var() are design tokens, and its selectors are read here, not by anybody's mail program.
        marks = sheet_marks(_TOKEN.sub(_blank, plain))
        return tuple(
            mark._replace(guards=frozenset()) for mark in marks if not mark.feature.slug.startswith("css-selector-")
        )
    if path.endswith(".css"):
        return sheet_marks(plain)
    return (*marks_in(plain), *_component_marks(plain))


def _component_marks(mjml: str) -> Iterator[FeatureUse]:
    """What attributes of components become: declarations of the same name, mostly."""
    for component in _COMPONENT.finditer(mjml):
        for slug in _BRINGS.get(component[1], ()):
            yield from (FeatureUse(feature, "", *component.span()) for feature in FEATURES if feature.slug == slug)
        for attribute in _ATTRIBUTE.finditer(component[2]):
            name, value = attribute[1], attribute[2] or attribute[3] or ""
            start = component.start(2) + attribute.start()
            end = component.start(2) + attribute.end()
            if name in {"src", "background-url"}:
                marks = [*picture_marks(value)]
            else:
                marks = [*declaration_marks(f"{name}:{value}")]
            if name == "background-url":
                marks += declaration_marks("background-image:url(x)")
            yield from (mark._replace(start=start, end=end) for mark in marks)


def _blank(found: re.Match[str]) -> str:
    # Same length, same lines: places in what is left are places in the template.
    return re.sub(r"[^\n]", " ", found[0])


# Where a feature of a letter was written: the author's line, a template or style sheet of the workspace, newsletter.yaml
# The bundled theme is no cause: what it uses, and what that costs in which program, is declared and held by a test
# (templates/theme/email/support.yaml).


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


def _marks(problem: Problem, html: str) -> Iterator[FeatureUse]:
    for mark in all_marks(html):
        if mark.feature is problem.feature and harm_of(mark) is problem.harm and lacking(mark, html):
            yield mark


# ── The author's words ──────────────────────────────────────────────────────────────────────────────────────────────


def _in_text(problem: Problem, mark: FeatureUse, piece: MailPiece, context: CheckContext, mail: Mail) -> Span | None:
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


def _uses(problem: Problem, marks: Iterable[FeatureUse]) -> bool:
    return any(mark.feature is problem.feature for mark in marks)


def _place(text: str, start: int, end: int) -> Span:
    """`text[start:end]`, of which the first line counts."""
    line_end = text.find("\n", start, end)
    return Source(text, "").span(start, end if line_end < 0 else line_end)
