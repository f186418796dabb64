"""Prepares a letter for a mailing service: its form, its tokens and its addresses. Reports what prevents the export."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter import tokens as all_tokens
from newsletter.diagnostics import Diagnostic, Severity
from newsletter.errors import ConfigurationError, FindingsError
from newsletter.model import NOWHERE
from newsletter.project.letters import render_email
from newsletter.render.letter import Standing
from newsletter.services import SERVICES, CannotExpressError, Form
from newsletter.services.campaign import Campaign, campaign_for
from newsletter.services.filling import Filling, refuse_unknown
from newsletter.services.notations import at_fallback
from newsletter.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from newsletter.config.publication import Publication
    from newsletter.model import Rendering
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project
    from newsletter.render.letter import Letter
    from newsletter.services import Service

_LONGEST_SUBJECT = 500
"""The longest subject, percent-encoded, of the mail by which readers unsubscribe, in characters.

No header can break it up.
"""


def campaign_of(project: Project, letter: Letter, target: Service) -> Campaign | None:
    """The campaign parameters for a service and an edition; None if newsletter.yaml sets none.

    Raises ConfigurationError if it has some for an unknown service.
    """
    settings, spans = project.publication.links.utm, project.workspace.spans
    known = [each.name for each in SERVICES]
    faults = [
        Diagnostic(
            "newsletter.yaml",
            spans.get(("links", "utm", "services", name), NOWHERE),
            "CF012",
            f"there is no mailing service `{name}`",
            advice=did_you_mean(name, known, f"Choose one of: {', '.join(known)}.", fold=str),
        )
        for name in settings.services
        if name not in known
    ]
    if faults:
        raise ConfigurationError("newsletter.yaml cannot be used", faults)
    return campaign_for(settings, letter, target.name)


def with_address_of(target: Service, letter: Letter) -> Letter:
    """The letter with the postal address that the service has, if newsletter.yaml has none."""
    if letter.publication.address or all_tokens.POSTAL_ADDRESS not in target.addresses:
        return letter
    publication = replace(letter.publication, address=all_tokens.placeholder(all_tokens.POSTAL_ADDRESS))
    variants = {output: replace(each, publication=publication) for output, each in letter.variants.items()}
    return replace(letter, publication=publication, variants=variants)


def rendering_for(project: Project, letter: Letter, target: Service, given: Collection[str]) -> Rendering:
    """The letter in the form that the service takes, with placeholders.

    Raises CannotExpressError as `without_service` does.
    """
    rendering = render_email(project, letter)
    if target.form in {Form.FRAGMENT, Form.PASTED}:
        from newsletter.render.feed import letter_fragment
        from newsletter.render.markup import fit

        mailed = letter.shown_in("email")
        rendering = replace(rendering, html=fit(letter_fragment(mailed, mailed.picture_base)))
    if target.personal is at_fallback:
        rendering = without_service(rendering, letter.publication, {*addresses_without(letter), *given})
    if target.form is Form.PASTED:
        from newsletter.services.pasting import for_pasting

        rendering = replace(rendering, html=for_pasting(rendering.html))
    return rendering


def filled_for(
    project: Project,
    parsed: ParsedIssue,
    letter: Letter,
    rendering: Rendering,
    target: Service,
    tokens: Mapping[str, str],
) -> tuple[str, str]:
    """HTML and text with the tokens of the service.

    Raises FindingsError with the findings that prevent the export.
    """
    publication = letter.publication
    refuse_unknown(rendering, tokens, publication.personal_fields)
    filling = Filling(target, {**_own_addresses(target, letter), **tokens})
    html, text = filling.html(rendering.html), filling.text(rendering.text) if target.takes_text else ""
    found = _findings(project, parsed, letter, rendering, target, filling, html)
    if found:
        raise FindingsError(f"{parsed.file.path} cannot be exported for {target.title}", found)
    return html, text


def _own_addresses(target: Service, letter: Letter) -> Mapping[str, str]:
    """Our own addresses, in place of those that a service does not make.

    None of our pages shows what only paying readers got.
    """
    own = addresses_without(letter)
    if target.form is not Form.MESSAGE:
        del own[all_tokens.UNSUBSCRIBE]
        if letter.edition == "paid":
            del own[all_tokens.VIEW_IN_BROWSER]
    return {name: address for name, address in own.items() if name not in target.addresses}


def _findings(
    project: Project,
    parsed: ParsedIssue,
    letter: Letter,
    rendering: Rendering,
    target: Service,
    filling: Filling,
    html: str,
) -> tuple[Diagnostic, ...]:
    """The errors of the rule family EX that apply."""
    from newsletter.check import apply_settings, settings_for
    from newsletter.services import findings

    workspace = project.workspace
    snippets = {matter.path: matter.text for matter in parsed.house.standing}
    shown = {part.path for part in letter.shown_in("email").parts if isinstance(part, Standing)}
    files = [findings.issue_written(parsed.issue, parsed.source)]
    files += [findings.snippet_written(path, text) for path, text in snippets.items() if path in shown]
    footer = "templates/theme/email/footer.mjml"
    found = (
        *findings.missing(
            target,
            rendering,
            address=letter.publication.address,
            footer=footer if (workspace.root / footer).is_file() else "newsletter.yaml",
            places=workspace.spans,
        ),
        *findings.inexpressible(filling.faults, files),
        *findings.foreign(files),
        *findings.too_large(target, html, parsed.file.path),
    )
    # The rules that a publication selects do not matter here. Those that it ignores are ignored here, too.
    settings = replace(settings_for(workspace), select=())
    counting = apply_settings(found, parsed.issue, settings, parsed.house)
    return tuple(one for one in counting if one.severity is Severity.ERROR)


def addresses_without(letter: Letter) -> dict[str, str]:
    """The addresses that a service would make, as far as possible without one. Readers unsubscribe by mail."""
    publication, sender = letter.publication, letter.publication.sender
    subject = quote(f"Unsubscribe: {publication.title}")
    if len(subject) > _LONGEST_SUBJECT:
        subject = "Unsubscribe"
    mail = f"mailto:{sender.reply_to or sender.email}?subject={subject}"
    return {
        all_tokens.UNSUBSCRIBE: mail,
        all_tokens.PREFERENCES: publication.subscribe_url or publication.url,
        all_tokens.VIEW_IN_BROWSER: letter.page_url,
    }


def without_service(rendering: Rendering, publication: Publication, given: Collection[str]) -> Rendering:
    """The rendering with personal fields replaced by their fallbacks: those of the issue, else those of the publication.

    Raises CannotExpressError for a field that is a whole address, has no fallback and is not `given`: a link must lead
    somewhere.
    """

    def fallback(name: str, place: str) -> str:
        value = publication.personal_fields.get(name, "")
        if place == all_tokens.WHOLE and not value and name not in given:
            raise CannotExpressError(
                f"nothing fills in the address `{{{{ {name} }}}}` of a message",
                hint=f"Set it with --token {name}=https://…, or write a fallback: {{{{ {name} | https://… }}}}.",
            )
        return value

    html = all_tokens.with_fallbacks(rendering.html, lambda name, place: escape(fallback(name, place)))
    return replace(rendering, html=html, text=all_tokens.with_fallbacks(rendering.text, fallback))
