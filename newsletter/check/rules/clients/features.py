"""All features that are looked for, in one place, and those that are not, each with the reason."""

from __future__ import annotations

from newsletter.check.rules.clients.features_html import ATTRIBUTES, ELEMENTS, LINKS
from newsletter.check.rules.clients.features_layout import LAYOUT, SIZES
from newsletter.check.rules.clients.features_paint import BORDERS, GROUNDS, VALUES
from newsletter.check.rules.clients.features_pictures import PICTURES
from newsletter.check.rules.clients.features_sheet import AT_RULES, PSEUDOS, SELECTORS
from newsletter.check.rules.clients.features_text import TEXT

FEATURES = (
    *ELEMENTS,
    *ATTRIBUTES,
    *LINKS,
    *PICTURES,
    *LAYOUT,
    *SIZES,
    *BORDERS,
    *GROUNDS,
    *TEXT,
    *VALUES,
    *AT_RULES,
    *SELECTORS,
    *PSEUDOS,
)

NOT_LOOKED_FOR = {
    "amp": "another part of the message, which this tool never writes",
    "bimi": "a record in the DNS of the sender, not a part of a letter",
    "html-comments": "nobody reads them; conditional comments are read as what they are",
    "html-doctype": "every letter has it, and those that drop it put their own page around",
    "image-hdr": "an ordinary JPEG or AVIF that holds more light: its address does not say so, and all show the ordinary picture",
}
"""Slugs of Can I email that no sign is for."""
