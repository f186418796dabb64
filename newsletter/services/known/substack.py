"""Substack: no API, no merge tags, and no HTML.

The issue is pasted into its editor, so only what the editor keeps is used.
"""

from __future__ import annotations

from newsletter.services.base import Evidence, Form, Pictures, Service, ServiceFact
from newsletter.services.notations import at_fallback

SUBSTACK = Service(
    name="substack",
    title="Substack",
    docs="https://support.substack.com/",
    addresses={},
    personal=at_fallback,
    notes="Open the HTML in a browser, copy all of it and paste it into a new post; `--copy` puts it on the clipboard at once. Tables become "
    "lines, personal fields show their fallbacks.",
    form=Form.PASTED,
    takes_text=False,
    pictures=Pictures.UPLOADED,
    needs=(),
    adds="Its own frame, with unsubscribing and address.",
    rewrites="All of it: the editor keeps headings, paragraphs, lists, quotations, pictures, links and code.",
    entities=False,
    facts=(
        ServiceFact(
            "no interface",
            Evidence.UNCONFIRMED,
            "none in any document of its own; python-substack logs in as a browser does",
        ),
        ServiceFact("what survives pasting", Evidence.THIRD_PARTY, "python-substack, which writes the editor's blocks"),
    ),
)
