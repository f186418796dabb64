"""The records of the rules about the e-mail as it goes out, in the order of their codes; those about clients stand apart."""

from __future__ import annotations

from newsletter.check import (
    email_addresses,
    email_contrast,
    email_duties,
    email_inbox,
    email_reading,
    email_size,
    email_spam,
)
from newsletter.check.base import Rule
from newsletter.diagnostics import Severity

_WARNING = Severity.WARNING
READS = "the e-mail"

EMAIL: tuple[Rule, ...] = (
    Rule("EM101", "clipped", "The e-mail is not so large that Gmail cuts it", READS, email_size.clipped),
    Rule(
        "EM102",
        "nearly-clipped",
        "The e-mail stays whole when a service rewrites its links",
        READS,
        email_size.nearly_clipped,
        _WARNING,
    ),
    Rule("EM103", "heavy-section", "Sections keep to their budget", READS, email_size.heavy_section, _WARNING),
    Rule("EM104", "no-unsubscribe", "Readers can unsubscribe", READS, email_duties.no_way_out),
    Rule("EM105", "no-postal-address", "The e-mail has a postal address", READS, email_duties.no_address, _WARNING),
    Rule("EM106", "no-web-version", "The e-mail links to its web page", READS, email_duties.no_web_version, _WARNING),
    Rule("EM107", "address-in-mail", "Addresses lead somewhere from a mail", READS, email_addresses.not_absolute),
    Rule("EM108", "unresolved-token", "No merge tag is left for readers to see", READS, email_addresses.unresolved),
    Rule(
        "EM109",
        "inbox-preview",
        "Inboxes show the preheader, and it says something new",
        READS,
        email_inbox.preheader,
        _WARNING,
    ),
    Rule("EM110", "nameless", "Screen readers can name pictures and links", READS, email_reading.nameless),
    Rule("EM111", "heading-order", "Headings are an outline", READS, email_reading.heading_order, _WARNING),
    Rule("EM112", "language-missing", "The e-mail says its language", READS, email_reading.language),
    Rule("EM113", "tiny-text", "Text is large enough to read", READS, email_reading.tiny_text, _WARNING),
    Rule("EM114", "theme-contrast", "The theme's colours can be read", READS, email_contrast.theme_contrast),
    Rule(
        "EM115",
        "written-contrast",
        "Colours of templates can be read",
        READS,
        email_contrast.written_contrast,
        _WARNING,
    ),
    Rule("EM116", "loud-subject", "The subject does not shout", READS, email_inbox.loud_subject, _WARNING),
    Rule("EM117", "false-reply", "The subject is no false answer", READS, email_inbox.false_reply),
    Rule(
        "EM118",
        "mostly-pictures",
        "There is text beside pictures",
        READS,
        email_spam.mostly_pictures,
        _WARNING,
    ),
    Rule("EM119", "hidden-text", "No text is hidden from readers", READS, email_spam.hidden_text, _WARNING),
    Rule("EM140", "one-big-link", "No link holds most of the letter", READS, email_spam.one_link, _WARNING),
    Rule("EM141", "table-semantics", "Layout tables say so", READS, email_reading.table_semantics, _WARNING),
    Rule("EM143", "small-target", "Buttons are high enough for thumbs", READS, email_reading.small_target, _WARNING),
    Rule(
        "EM144", "thin-text-part", "The text part says what the HTML says", READS, email_spam.thin_text_part, _WARNING
    ),
)
