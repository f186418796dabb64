"""A sheet: one issue as the preview knows it, with the last picture of it that could be made."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.check.base import Mail
    from newsletter.diagnostics import Diagnostic
    from newsletter.errors import NewsletterError
    from newsletter.model import ImageFile
    from newsletter.press.facts import Facts
    from newsletter.press.studio import Reading
    from newsletter.preview.views import Proof
    from newsletter.preview.wish import Wish
    from newsletter.workspace import IssueFile

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
    facts: Facts | None = None
    """As they were when they could last be read."""
    listed: bool = False
    """Whether the front matter of this text has been looked at."""
    reading: Reading | None = None
    fault: NewsletterError | None = None
    """What kept it from being read."""
    findings: tuple[Diagnostic, ...] | None = None
    past: bool = False
    """Whether what ran in other issues counted among the findings."""
    mails: tuple[Mail, ...] = ()
    """The e-mails of the last text that could be laid out, that of paying readers first where they get another one."""
    mailed: int = -1
    """The version that they are of."""
    proofs: dict[bool, Proof] = field(default_factory=dict)
    """Of the present text, by whether it is for paying readers."""
    proved: int = -1
    """The version that they are of."""
    images: dict[str, ImageFile] = field(default_factory=dict)
    """The pictures that may be asked for, by name."""
    _pictures: OrderedDict[Wish, tuple[int, str]] = field(default_factory=OrderedDict)
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

    def kept(self, wish: Wish) -> tuple[int, str] | None:
        """The document last shown for a wish, and of which version."""
        return self._pictures.get(wish)

    def keep(self, wish: Wish, html: str) -> None:
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
