"""EM: the rules about the finished email; those about email clients come last.

The functions are in modules by subject, here or in rules/clients, and are imported when an email is checked. Most
checks of an issue use remembered findings, and these imports would make them a tenth slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rule import Rule, rule
from newsletter.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.rules.email.traced import TracedMail
    from newsletter.diagnostics import Diagnostic

    MailFinder = Callable[[TracedMail], Iterator[Diagnostic]]
    """Yields a finding for each place of the email where what the rule asks is not so."""

_WARNING = Severity.WARNING


def _mail_rule(
    code: str, name: str, summary: str, *, severity: Severity = Severity.ERROR, settings: tuple[str, ...] = ()
) -> Callable[[MailFinder], Rule]:
    """Like `rule`, for a function that takes the email. The function is not called if there is no email."""

    def of(function: MailFinder) -> Rule:
        def in_mail(context: CheckContext) -> Iterator[Diagnostic]:
            from newsletter.check.facts.email_html import read_page
            from newsletter.check.rules.email.traced import TracedMail

            mail = context.mail
            return function(TracedMail(context, mail, read_page(mail.html))) if mail else iter(())

        return rule(code, name, summary, "the email", severity=severity, settings=settings)(in_mail)

    return of


@_mail_rule("EM101", "clipped", "The email is small enough for Gmail to show all of it", settings=("email.limit",))
def _clipped(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import size

    return size.clipped(traced)


@_mail_rule(
    "EM102",
    "nearly-clipped",
    "The email stays small enough when a service rewrites its links",
    severity=_WARNING,
    settings=("email.warn_at", "email.link_growth"),
)
def _nearly_clipped(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import size

    return size.nearly_clipped(traced)


@_mail_rule(
    "EM103", "heavy-section", "Sections stay within their size limit", severity=_WARNING, settings=("email.section",)
)
def _heavy_section(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import size

    return size.heavy_section(traced)


@_mail_rule("EM104", "no-unsubscribe", "The email has an unsubscribe link")
def _no_way_out(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import addresses

    return addresses.no_way_out(traced)


@_mail_rule("EM105", "no-postal-address", "The email has a postal address", severity=_WARNING, settings=("address",))
def _no_address(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import addresses

    return addresses.no_address(traced)


@_mail_rule("EM106", "no-web-version", "The email links to its web page", severity=_WARNING)
def _no_web_version(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import addresses

    return addresses.no_web_version(traced)


@_mail_rule("EM107", "address-in-mail", "Addresses work from an inbox")
def _not_absolute(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import addresses

    return addresses.not_absolute(traced)


@_mail_rule("EM108", "unresolved-token", "No merge tag is left for readers to see")
def _unresolved(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import addresses

    return addresses.unresolved(traced)


@_mail_rule("EM109", "inbox-preview", "Inboxes show a preheader that differs from the subject", severity=_WARNING)
def _preheader(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import inbox

    return inbox.preheader(traced)


@_mail_rule("EM110", "nameless", "Pictures and links have text for screen readers")
def _nameless(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import reading

    return reading.nameless(traced)


@_mail_rule("EM111", "heading-order", "Headings do not skip a level", severity=_WARNING)
def _heading_order(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import reading

    return reading.heading_order(traced)


@_mail_rule("EM112", "language-missing", "The email declares its language")
def _language(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import reading

    return reading.language(traced)


@_mail_rule("EM113", "tiny-text", "Text is large enough to read", severity=_WARNING)
def _tiny_text(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import reading

    return reading.tiny_text(traced)


@_mail_rule("EM114", "theme-contrast", "The theme's colours have enough contrast", settings=("theme.colors",))
def _theme_contrast(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import contrast

    return contrast.theme_contrast(traced)


@_mail_rule("EM115", "written-contrast", "Colours of templates have enough contrast", severity=_WARNING)
def _written_contrast(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import contrast

    return contrast.written_contrast(traced)


@_mail_rule("EM116", "loud-subject", "The subject does not shout", severity=_WARNING)
def _loud_subject(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import inbox

    return inbox.loud_subject(traced)


@_mail_rule("EM117", "false-reply", "The subject does not pretend to be a reply")
def _false_reply(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import inbox

    return inbox.false_reply(traced)


@_mail_rule("EM118", "mostly-pictures", "A letter with pictures has text too", severity=_WARNING)
def _mostly_pictures(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import spam

    return spam.mostly_pictures(traced)


@_mail_rule("EM119", "hidden-text", "No text is hidden from readers", severity=_WARNING)
def _hidden_text(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import spam

    return spam.hidden_text(traced)


@_mail_rule("EM140", "one-big-link", "No link holds most of the letter", severity=_WARNING)
def _one_link(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import spam

    return spam.one_link(traced)


@_mail_rule("EM141", "table-semantics", "Layout tables are marked as layout", severity=_WARNING)
def _table_semantics(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import reading

    return reading.table_semantics(traced)


@_mail_rule("EM143", "small-target", "Buttons are high enough to tap", severity=_WARNING)
def _small_target(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import reading

    return reading.small_target(traced)


@_mail_rule("EM144", "thin-text-part", "The text part says most of what the HTML says", severity=_WARNING)
def _thin_text_part(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.email import spam

    return spam.thin_text_part(traced)


@_mail_rule(
    "EM120",
    "content-lost",
    "No email client of your readers loses or breaks part of the letter",
    severity=_WARNING,
    settings=("email.clients", "email.least_readers"),
)
def _content_lost(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.clients import findings

    return findings.content_lost(traced)


@_mail_rule(
    "EM121",
    "looks-different",
    "The letter looks the same in the email clients of your readers",
    severity=_WARNING,
    settings=("email.clients", "email.least_readers"),
)
def _looks_different(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.clients import findings

    return findings.looks_different(traced)


@_mail_rule(
    "EM122",
    "less-finish",
    "The letter uses nothing that some email clients leave out",
    severity=Severity.OFF,
    settings=("email.clients", "email.least_readers"),
)
def _less_finish(traced: TracedMail) -> Iterator[Diagnostic]:
    from newsletter.check.rules.clients import findings

    return findings.less_finish(traced)


EMAIL: tuple[Rule, ...] = (
    _clipped,
    _nearly_clipped,
    _heavy_section,
    _no_way_out,
    _no_address,
    _no_web_version,
    _not_absolute,
    _unresolved,
    _preheader,
    _nameless,
    _heading_order,
    _language,
    _tiny_text,
    _theme_contrast,
    _written_contrast,
    _loud_subject,
    _false_reply,
    _mostly_pictures,
    _hidden_text,
    _one_link,
    _table_semantics,
    _small_target,
    _thin_text_part,
)

EMAIL_CLIENTS: tuple[Rule, ...] = (
    _content_lost,
    _looks_different,
    _less_finish,
)
