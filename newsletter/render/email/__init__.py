"""The email: Jinja2 writes MJML, mrml compiles it, and an ordered list of small steps makes it fit to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import ConfigurationError
from newsletter.render.design import PLAIN, face_of
from newsletter.render.email.compiler import MjmlError, compile_mjml
from newsletter.render.email.theme import EmailTheme, load_theme
from newsletter.render.markup import fit

if TYPE_CHECKING:
    from newsletter.model import MailPart, MailPiece
    from newsletter.render.email.trace import EmailTrace
    from newsletter.render.letter import Letter

__all__ = ["EmailTheme", "load_theme", "mjml_source", "render_email", "trace_email"]


def render_email(letter: Letter, theme: EmailTheme) -> str:
    """The email of `letter` as one HTML document, with placeholders for tokens (see tokens.py).

    Raises ConfigurationError for a template that cannot be used.
    """
    return _render(letter, theme, None)[0]


def trace_email(letter: Letter, theme: EmailTheme) -> tuple[str, tuple[MailPart, ...], tuple[MailPiece, ...]]:
    """The HTML of the email, its parts, and the pieces it consists of. Raises as `render_email` does."""
    from newsletter.render.email.trace import EmailTrace

    return _render(letter, theme, EmailTrace(letter.issue.path))


def _render(
    letter: Letter, theme: EmailTheme, trace: EmailTrace | None
) -> tuple[str, tuple[MailPart, ...], tuple[MailPiece, ...]]:
    from newsletter.render.email.layout import Layout
    from newsletter.render.email.postprocessing import STEPS, set_in
    from newsletter.render.email.writer import EmailWriter

    theme = theme.in_script(letter.language.script)
    writer = EmailWriter(letter, theme, trace)
    try:
        html = compile_mjml(Layout(writer).mjml())
    except MjmlError as error:
        raise _not_well_formed(theme, error) from error
    for step in STEPS:
        html = step(html)
    # The author's text is styled by the table already, or now by an inliner where the style sheet needs one.
    if theme.sheet:
        from newsletter.render.email.inliner import inline

        writer.slots.restyle(lambda runs: writer.blocks.restore(inline(runs, theme.sheet, writer.finish_style)))
    # Adapts the styles, which are written for Latin, to the letter's script.
    face = face_of(letter.language.script, theme.design.faces)
    if face is not PLAIN:
        html = set_in(face, html)
        writer.slots.change(lambda text: set_in(face, text))
    if trace is None:
        return fit(writer.slots.fill(html)), (), ()
    traced, parts, pieces = trace.finish(html, writer.slots)
    return fit(traced), parts, pieces


def _not_well_formed(theme: EmailTheme, error: MjmlError) -> ConfigurationError:
    """Reports the workspace's own templates with unclosed tags.

    The compiler's own message only counts bytes of text that nobody wrote.
    """
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Span
    from newsletter.render.templates import BROKEN

    found = tuple(
        Diagnostic(path, Span(0, 0), BROKEN, "its tags do not close in order", advice="MJML is XML: <br />, not <br>.")
        for path in theme.unbalanced()
    )
    return ConfigurationError(f"the MJML of the email is not well-formed: {error}", found)


def mjml_source(letter: Letter, theme: EmailTheme) -> str:
    """The MJML of the email of `letter`, with a mark (see trace.Slots) in place of each text.

    Raises ConfigurationError for a template that cannot be used.
    """
    from newsletter.render.email.layout import Layout
    from newsletter.render.email.writer import EmailWriter

    return Layout(EmailWriter(letter, theme.in_script(letter.language.script))).mjml()
