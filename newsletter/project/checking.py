"""Checking a parsed issue: its text, and its email as the generic service sends it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from newsletter.check import check_context, findings_in_mail, is_broken, make_context, rules_of_mail
from newsletter.check.facts.files import path_in
from newsletter.check.facts.mail import Mail
from newsletter.check.facts.standing import found_in_snippets
from newsletter.check.wording import quoted
from newsletter.clock import clock
from newsletter.config.workspace import CONFIGURATION
from newsletter.diagnostics import Diagnostic, Severity
from newsletter.files import decode, is_there, read_file
from newsletter.markdown.bounds import CODE as TOO_MUCH
from newsletter.markdown.fields import at_fallbacks
from newsletter.markdown.misplaced import CODE as MISPLACED
from newsletter.model import NOWHERE, MailPart, MailPiece
from newsletter.pictures.files import picture_file
from newsletter.project.cache import shared_pictures
from newsletter.project.letters import has_paid_edition, letter_of, render_email
from newsletter.project.parsed import past_of, sections_of
from newsletter.project.picture_memory import fault_of
from newsletter.project.published import published_of
from newsletter.tokens import OPEN, fill
from newsletter.walk import links_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from newsletter.check import Settings
    from newsletter.check.context import CheckContext
    from newsletter.check.facts.addresses import LinkAnswer
    from newsletter.check.facts.history import History
    from newsletter.model import Rendering
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project


def check_parsed(
    project: Project,
    parsed: ParsedIssue,
    settings: Settings,
    history: History | None = None,
    live: Mapping[str, LinkAnswer] | None = None,
    *,
    mail: bool | tuple[Mail, ...] = True,
) -> tuple[Diagnostic, ...]:
    """All findings in one issue, those from reading included; with `history`, also those about the other issues.

    With `mail`, its email is made if a rule that applies reads it and nothing is remembered of it; or its emails are
    given, if they were made already (`mails_of`). Raises ConfigurationError for a template of the email that cannot
    be used. For an issue that is too large to be read, only that is reported, whatever the settings.
    """
    if parsed.too_much:
        return tuple(found for found in parsed.diagnostics if found.code == TOO_MUCH)
    context = context_of(project, parsed, history, live)
    found = parsed.diagnostics
    found += tuple(_broken_pictures(project, context, settings))
    if mail and parsed.readable:
        found += _found_in_mail(project, parsed, context, settings, () if isinstance(mail, bool) else mail)
    # Like any missing part, an invented value is a warning until the issue can be published.
    severity = Severity.WARNING if parsed.issue.draft else Severity.ERROR
    found += tuple(each.with_severity(severity) for each in project.invented)
    reported = check_context(context, settings, found)
    if any(each.code == MISPLACED for each in reported):
        # Front matter that was read as text explains the other findings in the text.
        return tuple(each for each in reported if each.code.startswith("FM"))
    return reported


def context_of(
    project: Project,
    parsed: ParsedIssue,
    history: History | None = None,
    live: Mapping[str, LinkAnswer] | None = None,
) -> CheckContext:
    """The context of rules for an issue; without `history`, it does not have the other issues."""
    language = project.language(parsed.issue.language)
    return make_context(
        parsed.issue,
        parsed.house,
        source=parsed.source,
        language=language,
        root=project.workspace.root,
        publication=project.publication,
        others=history.others if history else (),
        broken_front=is_broken(parsed.diagnostics),
        live=live,
        history=history,
        sections=sections_of(parsed, language),
        own=past_of(parsed, language) if history else None,
        now=clock(),
        published=published_of(project, parsed) if history else None,
    )


def _broken_pictures(project: Project, context: CheckContext, settings: Settings) -> Iterator[Diagnostic]:
    """FG106 for pictures that a build cannot process although their header is valid. Only processing them shows it."""
    if not settings.wants("FG106"):
        return
    find = partial(_unmakeable, project)
    yield from find(context)
    yield from found_in_snippets(context, (find,))


def _unmakeable(project: Project, context: CheckContext) -> Iterator[Diagnostic]:
    root, memory = project.workspace.root, project.picture_memory
    for use in context.pictures:
        file = context.files.get(use.src)
        if file is not None and picture_file(file).header is not None:
            fault = memory.fault(file) if memory else fault_of(file, root)
            if fault:
                message, advice = f"{quoted(path_in(use.src))} {fault}", "Save it again as PNG or JPEG."
                yield context.found("FG106", use.src_span, message, advice=advice)


def broken_shared_pictures(project: Project) -> Iterator[Diagnostic]:
    """CF016 for pictures in newsletter.yaml that a build cannot process."""
    root, memory = project.workspace.root, project.picture_memory
    for name in shared_pictures(project.publication):
        file = (root / name).resolve()
        if fault := memory.fault(file) if memory else fault_of(file, root):
            yield broken_shared_picture(project, name, fault)


def broken_sponsor_texts(project: Project) -> Iterator[Diagnostic]:
    """CF012 for broken content in the texts of sponsors: links that do not work in an email, HTML, unknown blocks."""
    if not project.publication.sponsors:
        return
    from newsletter.render.markup import is_absolute
    from newsletter.render.sponsors import sponsor_text

    for key, sponsor in project.publication.sponsors.items():
        path = ("sponsors", key, "text")
        name, place = f"`{'.'.join(path)}`", project.workspace.spans.get(path, NOWHERE)
        blocks, faults = sponsor_text(sponsor.text)
        for link in links_in(blocks):
            if not is_absolute(link.href) and not link.href.startswith("{{"):
                message = f"{name} links to {quoted(link.href)}, which is not a web address"
                advice = "Write it in full, starting with `https://`."
                yield Diagnostic(CONFIGURATION, place, "CF012", message, advice=advice)
        for fault in faults:
            yield Diagnostic(CONFIGURATION, place, "CF012", f"{name}: {fault.message}", advice=fault.advice)


def broken_shared_picture(project: Project, source: str, fault: str) -> Diagnostic:
    """CF016 at the place in newsletter.yaml with a picture that cannot be processed."""
    theme = project.publication.theme
    named: dict[tuple[str | int, ...], str] = {("theme", "logo"): theme.logo, ("theme", "logo_dark"): theme.logo_dark}
    named |= {("authors", key, "picture"): author.picture for key, author in project.publication.authors.items()}
    spans = project.workspace.spans
    place = next((spans[path] for path, name in named.items() if name == source and path in spans), NOWHERE)
    return Diagnostic(CONFIGURATION, place, "CF016", f"{source} {fault}", advice="Save it again as PNG or JPEG.")


def _found_in_mail(
    project: Project, parsed: ParsedIssue, context: CheckContext, settings: Settings, given: tuple[Mail, ...]
) -> tuple[Diagnostic, ...]:
    """The findings about the email of an issue, or those of its last rendering if nothing has changed."""
    rules, memory = rules_of_mail(settings, parsed.house), project.mail_memory
    if not rules:
        return ()
    codes = [rule.code for rule, _ in rules]
    if memory and not given:
        known = memory.recall(parsed, codes)
        if known is not None:
            return known
    mails = given or mails_of(project, parsed)
    found = tuple(finding for each in mails for finding in findings_in_mail(replace(context, mail=each), rules))
    # A problem in both editions is reported for the larger one.
    reported = (
        tuple({(one.path, one.span, one.code): one for one in reversed(found)}.values())[::-1] if mails[1:] else found
    )
    if memory and not given:
        memory.keep(parsed, codes, reported)
    return reported


TEMPLATES = "templates/theme/email"
"""The folder of a workspace's own email templates."""
LOOKS = "templates/theme/looks"
"""The folder of a workspace's own looks."""


def mails_of(project: Project, parsed: ParsedIssue) -> tuple[Mail, ...]:
    """The emails of an issue: if paying readers get another one, theirs and the free one.

    Raises ConfigurationError for templates that cannot be used.
    """
    free = mail_of(project, parsed)
    if not has_paid_edition(project, parsed):
        return (free,)
    paid = render_email(project, letter_of(project, parsed, paid=True), traced=True)
    return mail_of(project, parsed, paid), free


def mail_of(project: Project, parsed: ParsedIssue, rendering: Rendering | None = None) -> Mail:
    """The email of an issue whose front matter is valid; `rendering` is its traced rendering, if it exists already.

    Raises ConfigurationError for templates that cannot be used.
    """
    from newsletter.render.email.trace import sizes_of_parts
    from newsletter.services import GENERIC
    from newsletter.services.filling import Filling

    rendering = rendering or render_email(project, letter_of(project, parsed), traced=True)
    filling = Filling(GENERIC, _writable(rendering))
    filled = filling.html_in_pieces([rendering.html[piece.start : piece.end] for piece in rendering.pieces])
    starts = [*accumulate(map(len, filled), initial=0)]
    pieces = tuple(
        MailPiece(start, end, piece.part, piece.template, piece.path, piece.span)
        for start, end, piece in zip(starts, starts[1:], rendering.pieces, strict=False)
    )
    html = "".join(filled)
    sizes = sizes_of_parts(html, pieces, len(rendering.parts))
    parts = tuple(
        MailPart(part.kind, part.label, size, part.path, part.span)
        for part, size in zip(rendering.parts, sizes, strict=True)
    )
    design = project.email_theme.design
    return Mail(
        subject=at_fallbacks(rendering.subject, project.publication.personal_fields),
        preheader=filling.text(rendering.preheader) if OPEN in rendering.preheader else rendering.preheader,
        html=html,
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
    """The texts for tokens that the generic service cannot write: here each is written as itself."""
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
        path.relative_to(root).as_posix(): _text_of(path, path.relative_to(root).as_posix())
        for folder, endings in ((root / TEMPLATES, {".mjml", ".html", ".css"}), (root / LOOKS, {".json"}))
        for path in sorted(folder.glob("[!.]*"))
        if path.suffix in endings and is_there(path)
    }


def _text_of(path: Path, name: str) -> str:
    """The text of a file without byte order mark, as findings count its columns."""
    return decode(read_file(path, name), name)[0]
