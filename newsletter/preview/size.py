"""How large the e-mail is, and which of its parts make it so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.preview.findings import anchor_at
from newsletter.report.display import safe

if TYPE_CHECKING:
    from newsletter.check.base import Mail
    from newsletter.model import Issue
    from newsletter.workspace import Publication

KB = 1024
_LINKS = re.compile(r"<a\s[^>]*\bhref=[\"']?https?:", re.IGNORECASE)
_NAMES = {"style": "Style sheet", "frame": "Masthead and foot", "opening": "Opening", "contents": "Contents"}
_NAMES |= {"footnotes": "Footnotes", "authors": "Authors"}


def size_of(mail: Mail, publication: Publication, issue: Issue, *, paid: bool) -> dict[str, Any]:
    """Bytes of an e-mail as it goes out and of its parts in their order, and about what a service makes of it."""
    settings = publication.email
    total = len(mail.html.encode())
    parts = [
        {
            "name": _NAMES.get(part.kind) or safe(part.label),
            "bytes": part.size,
            "anchor": anchor_at(issue, part.span.start) if part.kind == "section" else "",
            "kind": part.kind,
        }
        for part in mail.parts
        if part.size
    ]
    sent = total + len(_LINKS.findall(mail.html)) * settings.link_growth
    return {"bytes": total, "budget": settings.limit * KB, "sent": sent, "parts": parts, "paid": paid}
