"""A sheet: one issue as the preview knows it, with the last picture of it that could be made."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsletter.preview.findings import anchor_at
from newsletter.report.base import safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.build.facts import IssueFacts
    from newsletter.check.facts.mail import Mail
    from newsletter.config.publication import Publication
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.errors import NewsletterError
    from newsletter.model import ImageFile, Issue
    from newsletter.preview.request import ViewRequest
    from newsletter.preview.views import Preview
    from newsletter.project.project import ParsedIssue

KEPT = 24
"""Pictures kept of an issue, so that a broken save can show the last good one in each way of looking."""


@dataclass(slots=True)
class Sheet:
    """One issue. `None` stands for what has not been worked out since the last change."""

    file: IssueFile
    key: str
    """Its name in addresses."""
    saved: float
    """When its file was last written, in seconds since 1970."""
    stamp: tuple[int, int] = (0, 0)
    """When, in nanoseconds, and how large, as of the last look."""
    text: str = ""
    problems: tuple[Diagnostic, ...] = ()
    """What was found while decoding it."""
    unread: NewsletterError | None = None
    """Why the file cannot be read now; the text is then as it was."""
    version: int = 0
    """Raised with each change that may show."""
    facts: IssueFacts | None = None
    """As they were when they could last be read."""
    listed: bool = False
    """Whether the front matter of this text has been looked at."""
    reading: ParsedIssue | None = None
    fault: NewsletterError | None = None
    """What kept it from being read."""
    findings: tuple[Diagnostic, ...] | None = None
    past: bool = False
    """Whether what ran in other issues counted among the findings."""
    mails: tuple[Mail, ...] = ()
    """The e-mails of the last text that could be laid out, that of paying readers first where they get another one."""
    mailed: int = -1
    """The version that they are of."""
    proofs: dict[bool, Preview] = field(default_factory=dict)
    """Of the present text, by whether it is for paying readers."""
    proved: int = -1
    """The version that they are of."""
    images: dict[str, ImageFile] = field(default_factory=dict)
    """The pictures that may be asked for, by name."""
    _pictures: OrderedDict[ViewRequest, tuple[int, str]] = field(default_factory=OrderedDict)
    """The document last shown for each wish, and the version that it is of."""

    def changed(self, version: int) -> None:
        """Something that this issue depends on has changed."""
        self.version = version
        self.reading = self.fault = self.findings = None
        self.listed = False

    @property
    def moment(self) -> str:
        """What issues are ordered by: the date, and what has none is the newest."""
        return (self.facts.date if self.facts else "") or "9999"

    def rest(self) -> None:
        """Nobody looks at it now: what is large is let go of, and worked out again when somebody does."""
        self.reading, self.mails, self.mailed = None, (), -1
        self.proofs, self.proved = {}, -1
        self._pictures.clear()

    def kept(self, wish: ViewRequest) -> tuple[int, str] | None:
        """The document last shown for a wish, and of which version."""
        return self._pictures.get(wish)

    def keep(self, wish: ViewRequest, html: str) -> None:
        """Keeps a document that could be made."""
        self._pictures[wish] = self.version, html
        self._pictures.move_to_end(wish)
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)

    def add_images(self, images: Mapping[str, ImageFile]) -> None:
        """Lets pictures be asked for; those of earlier versions stay while a browser may still show them."""
        self.images |= images
        while len(self.images) > 500:
            del self.images[next(iter(self.images))]


# ── How large the e-mail is, and which of its parts make it so ────────────────────────────────────────────────────────


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
