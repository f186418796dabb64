"""The e-mail of an issue as the checks read it: rendered, with the tokens that the generic service gives it."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from newsletter.check.facts.mail import Mail
from newsletter.model import MailPart, MailPiece
from newsletter.tokens import fill

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.model import Rendering
    from newsletter.project.project import ParsedIssue, Project

TEMPLATES = "templates/theme/email"
"""Where a workspace has its own templates of the e-mail."""
LOOKS = "templates/theme/looks"
"""And its own colours."""


def mails_of(project: Project, reading: ParsedIssue) -> tuple[Mail, ...]:
    """The e-mails of an issue: where paying readers get another one, theirs and that of all others.

    Raises ConfigurationError for templates that cannot be used.
    """
    free = mail_of(project, reading)
    if not project.has_paid_edition(reading):
        return (free,)
    paid = project.render_email(project.letter(reading, paid=True), traced=True)
    return mail_of(project, reading, paid), free


def mail_of(project: Project, reading: ParsedIssue, rendering: Rendering | None = None) -> Mail:
    """The e-mail of an issue whose front matter could be read; `rendering` is that of its letter, traced, where there is one.

    Raises ConfigurationError for templates that cannot be used.
    """
    from newsletter.services import GENERIC
    from newsletter.services.filling import Filling

    rendering = rendering or project.render_email(project.letter(reading), traced=True)
    filling = Filling(GENERIC, _writable(rendering))
    filled = [filling.html(rendering.html[piece.start : piece.end]) for piece in rendering.pieces]
    starts = [*accumulate(map(len, filled), initial=0)]
    pieces = tuple(
        MailPiece(start, end, piece.part, piece.template, piece.path, piece.span)
        for (start, end), piece in zip(pairwise(starts), rendering.pieces, strict=True)
    )
    sizes = [0] * len(rendering.parts)
    for piece, html in zip(pieces, filled, strict=True):
        sizes[piece.part] += len(html.encode())
    parts = tuple(
        MailPart(part.kind, part.label, size, part.path, part.span)
        for part, size in zip(rendering.parts, sizes, strict=True)
    )
    design = project.email_theme.design
    return Mail(
        subject=rendering.subject,
        preheader=rendering.preheader,
        html="".join(filled),
        text=filling.text(rendering.text),
        parts=parts,
        pieces=pieces,
        templates=_own_templates(project.workspace.root),
        light=design.light,
        dark=design.dark,
        yaml=project.workspace.spans,
        tokens=GENERIC.addresses,
    )


def _writable(rendering: Rendering) -> Mapping[str, str]:
    """Tokens that the generic service cannot write, for their fallback: here they stand for themselves."""
    from newsletter.services import GENERIC, CannotExpressError, TokenContext

    plain: dict[str, str] = {}

    def note(name: str, fallback: str) -> str:
        try:
            if name not in GENERIC.addresses:
                GENERIC.personal(name, fallback, TokenContext.TEXT)
        except CannotExpressError:
            plain[name] = f"{{{{ {name} }}}}"
        return ""

    fill(rendering.text, note)
    return plain


def _own_templates(root: Path) -> Mapping[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for folder, endings in ((root / TEMPLATES, {".mjml", ".html", ".css"}), (root / LOOKS, {".json"}))
        for path in sorted(folder.glob("*"))
        if path.suffix in endings and path.is_file()
    }
