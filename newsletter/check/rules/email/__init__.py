"""The records of the rules about the e-mail as it goes out, in the order of their codes; those about clients come last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rule import Rule
from newsletter.diagnostics import Severity
from newsletter.late import late_function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic

_WARNING = Severity.WARNING
READS = "the e-mail"


def _in(place: str) -> Callable[[CheckContext], Iterator[Diagnostic]]:
    """The function of a rule, by module and name: most checks remember what was found in an e-mail, and import none."""
    return late_function(f"newsletter.check.rules.{place}")


EMAIL: tuple[Rule, ...] = (
    Rule("EM101", "clipped", "The e-mail is not so large that Gmail cuts it", READS, _in("email.size.clipped")),
    Rule(
        "EM102",
        "nearly-clipped",
        "The e-mail stays whole when a service rewrites its links",
        READS,
        _in("email.size.nearly_clipped"),
        _WARNING,
    ),
    Rule("EM103", "heavy-section", "Sections keep to their budget", READS, _in("email.size.heavy_section"), _WARNING),
    Rule("EM104", "no-unsubscribe", "Readers can unsubscribe", READS, _in("email.inbox.no_way_out")),
    Rule(
        "EM105", "no-postal-address", "The e-mail has a postal address", READS, _in("email.inbox.no_address"), _WARNING
    ),
    Rule(
        "EM106",
        "no-web-version",
        "The e-mail links to its web page",
        READS,
        _in("email.inbox.no_web_version"),
        _WARNING,
    ),
    Rule(
        "EM107", "address-in-mail", "Addresses lead somewhere from a mail", READS, _in("email.addresses.not_absolute")
    ),
    Rule(
        "EM108", "unresolved-token", "No merge tag is left for readers to see", READS, _in("email.addresses.unresolved")
    ),
    Rule(
        "EM109",
        "inbox-preview",
        "Inboxes show the preheader, and it says something new",
        READS,
        _in("email.inbox.preheader"),
        _WARNING,
    ),
    Rule("EM110", "nameless", "Screen readers can name pictures and links", READS, _in("email.reading.nameless")),
    Rule("EM111", "heading-order", "Headings are an outline", READS, _in("email.reading.heading_order"), _WARNING),
    Rule("EM112", "language-missing", "The e-mail says its language", READS, _in("email.reading.language")),
    Rule("EM113", "tiny-text", "Text is large enough to read", READS, _in("email.reading.tiny_text"), _WARNING),
    Rule("EM114", "theme-contrast", "The theme's colours can be read", READS, _in("email.contrast.theme_contrast")),
    Rule(
        "EM115",
        "written-contrast",
        "Colours of templates can be read",
        READS,
        _in("email.contrast.written_contrast"),
        _WARNING,
    ),
    Rule("EM116", "loud-subject", "The subject does not shout", READS, _in("email.inbox.loud_subject"), _WARNING),
    Rule("EM117", "false-reply", "The subject is no false answer", READS, _in("email.inbox.false_reply")),
    Rule(
        "EM118",
        "mostly-pictures",
        "There is text beside pictures",
        READS,
        _in("email.spam.mostly_pictures"),
        _WARNING,
    ),
    Rule("EM119", "hidden-text", "No text is hidden from readers", READS, _in("email.spam.hidden_text"), _WARNING),
    Rule("EM140", "one-big-link", "No link holds most of the letter", READS, _in("email.spam.one_link"), _WARNING),
    Rule("EM141", "table-semantics", "Layout tables say so", READS, _in("email.reading.table_semantics"), _WARNING),
    Rule(
        "EM143",
        "small-target",
        "Buttons are high enough for thumbs",
        READS,
        _in("email.reading.small_target"),
        _WARNING,
    ),
    Rule(
        "EM144",
        "thin-text-part",
        "The text part says what the HTML says",
        READS,
        _in("email.spam.thin_text_part"),
        _WARNING,
    ),
)

EMAIL_CLIENTS: tuple[Rule, ...] = (
    Rule(
        "EM120",
        "content-lost",
        "No mail program that readers have loses or breaks what is in the letter",
        READS,
        _in("clients.findings.content_lost"),
        _WARNING,
    ),
    Rule(
        "EM121",
        "looks-different",
        "The letter looks alike in the mail programs that readers have",
        READS,
        _in("clients.findings.looks_different"),
        _WARNING,
    ),
    Rule(
        "EM122",
        "less-finish",
        "What mail programs may leave away is known",
        READS,
        _in("clients.findings.less_finish"),
        Severity.OFF,
    ),
)
