"""The rules about links, in the order of their codes."""

from __future__ import annotations

from newsletter.check.rule import WARNING, Rule
from newsletter.check.rules.links import addresses, live, markup, targets, text

LINKS: tuple[Rule, ...] = (
    addresses.malformed,
    markup.stays_text,
    addresses.unsafe_scheme,
    targets.relative,
    addresses.private_host,
    addresses.plain_http,
    addresses.tracking,
    addresses.shortener,
    text.blanks,
    markup.undefined_reference,
    markup.unused_definition,
    markup.conflicting_definition,
    targets.missing_anchor,
    text.meaningless,
    text.empty_text,
    text.misleading,
    targets.repeated,
    addresses.swallowed,
    addresses.unbalanced,
    addresses.mail_address,
    addresses.stray_characters,
    addresses.double_encoded,
    addresses.password,
    targets.two_spellings,
    Rule("LK141", "cut-address", "Bare addresses end where they seem to end", "text", severity=WARNING),
    Rule("LK142", "unlinked-mailbox", "Bare email addresses are linked as a whole", "text", severity=WARNING),
    live.dead,
    live.server_error,
    live.unreachable,
    live.moved,
    live.certificate,
    live.endless,
    live.sent_home,
    live.leads_inside,
)
"""The rules from LK200 on use the answers of the web, which only `newsletter check --links` collects."""

_OF_SNIPPETS = (
    addresses.malformed,
    markup.stays_text,
    addresses.unsafe_scheme,
    targets.relative,
    addresses.private_host,
    addresses.plain_http,
    markup.undefined_reference,
    text.empty_text,
    addresses.mail_address,
    addresses.password,
    live.dead,
    live.server_error,
    live.unreachable,
    live.moved,
    live.certificate,
    live.endless,
    live.sent_home,
    live.leads_inside,
)
OF_SNIPPETS = frozenset(rule.code for rule in _OF_SNIPPETS)
"""The codes of the rules that also check links in snippets: those that need nothing but the link itself."""
