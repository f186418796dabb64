"""The rules about links, in the order of their codes."""

from __future__ import annotations

from newsletter.check.rules.links import addresses, live, manners, references, text, written

LINKS = (
    addresses.malformed,
    written.stays_text,
    addresses.unsafe_scheme,
    addresses.relative,
    addresses.private_host,
    manners.plain_http,
    manners.tracking,
    manners.shortener,
    text.blanks,
    written.undefined_reference,
    references.unused_definition,
    references.conflicting_definition,
    references.missing_anchor,
    text.meaningless,
    text.empty_text,
    text.misleading,
    references.repeated,
    manners.swallowed,
    manners.unbalanced,
    addresses.mail_address,
    manners.stray_characters,
    manners.double_encoded,
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
"""Those from LK200 on read what the web answered, and find nothing unless it was asked: `newsletter check --links`."""
