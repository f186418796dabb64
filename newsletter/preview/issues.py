"""The issues of a workspace in the preview: as they are on disk, with all results that were computed for each."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.config.workspace import issue_files
from newsletter.errors import NewsletterError
from newsletter.files import ISSUE_LIMIT, can_be_read, read_text
from newsletter.project.cache import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from newsletter.build.facts import IssueFacts
    from newsletter.check.facts.mail import Mail
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.files import Stamp
    from newsletter.model import ImageFile
    from newsletter.preview.request import ViewRequest
    from newsletter.preview.views import LetterViews
    from newsletter.project.parsed import ParsedIssue

KEPT = 24
"""The most pictures kept of an issue. After a save with errors, each view can then show its last good one."""


@dataclass(slots=True)
class StoredIssue:
    """One issue, with its last good picture. `None` stands for values that were not computed since the last change."""

    file: IssueFile
    key: str
    """Its name in addresses."""
    saved: float
    """The time when its file was last written, in seconds since 1970."""
    stamp: Stamp = (0, 0, 0)
    """The stamp of the file at the last look."""
    text: str = ""
    problems: tuple[Diagnostic, ...] = ()
    """The findings from decoding it."""
    unread: NewsletterError | None = None
    """Why the file cannot be read now. The text is then the last one that was read."""
    version: int = 0
    """Increased with each change that may be visible."""
    facts: IssueFacts | None = None
    """The facts from when they could last be read."""
    listed: bool = False
    """Whether the front matter of this text has been read."""
    parsed: ParsedIssue | None = None
    fault: NewsletterError | None = None
    """The error that prevents reading it."""
    findings: tuple[Diagnostic, ...] | None = None
    past: bool = False
    """Whether the findings include comparisons with other issues."""
    mails: tuple[Mail, ...] = ()
    """The emails of the last text that could be rendered. If paying readers get another one, theirs is first."""
    mailed: int = -1
    """The version of these emails."""
    views: dict[bool, LetterViews] = field(default_factory=dict)
    """The views of the current text, by whether it is for paying readers."""
    viewed: int = -1
    """The version of these views."""
    images: dict[str, ImageFile] = field(default_factory=dict)
    """The pictures that may be requested, by name."""
    attachments: dict[str, str] = field(default_factory=dict)
    """The paths of attached files that may be requested, by name."""
    _pictures: OrderedDict[ViewRequest, tuple[int, str]] = field(default_factory=OrderedDict)
    """The document last shown for each request, and its version."""

    def changed(self, version: int) -> None:
        """Records that something that this issue depends on has changed."""
        self.version = version
        self.parsed = self.fault = self.findings = None
        self.listed = False

    @property
    def moment(self) -> str:
        """The sort key of issues: the date. An issue without a date is the newest."""
        return (self.facts.date if self.facts else "") or "9999"

    def rest(self) -> None:
        """Frees memory when nobody looks at the issue. The data is computed again when it is needed."""
        self.parsed, self.mails, self.mailed = None, (), -1
        self.views, self.viewed = {}, -1
        self._pictures.clear()

    def kept(self, request: ViewRequest) -> tuple[int, str] | None:
        """The document last shown for a request, and its version."""
        return self._pictures.get(request)

    def keep(self, request: ViewRequest, html: str) -> None:
        """Keeps a document that was made."""
        self._pictures[request] = self.version, html
        self._pictures.move_to_end(request)
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)

    def add_files(self, images: Mapping[str, ImageFile], attachments: Mapping[str, str]) -> None:
        """Allows files to be requested. Pictures of earlier versions stay while a browser may still show them."""
        self.attachments |= attachments
        self.images |= images
        while len(self.images) > 500:
            del self.images[next(iter(self.images))]


class IssueStore:
    """The issues in the workspace at `root`, and the new keys of renamed ones.

    Raises nothing: a file that cannot be read is reported where it is shown.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.issues: dict[str, StoredIssue] = {}
        """The issues by key, in the order of the files."""
        self.fault: NewsletterError | None = None
        """Why the list of issues cannot be read. The last list stays."""
        self._moved: dict[str, str] = {}
        """The new keys of issues that were renamed, by their old keys."""

    def survey(self, version: int, saved: Collection[str] = ()) -> bool:
        """Updates the issues, and the text of each that has changed or is among `saved`.

        Returns whether any were added or removed.
        """
        try:
            files = issue_files(self.root)
        except NewsletterError as error:
            self.fault = error
            return False
        self.fault = None
        found: dict[str, StoredIssue] = {}
        for file in files:
            key = digest(file.path)[:12]
            stored = self.issues.get(key) or StoredIssue(file, key, 0.0, version=-1)
            self._look_at(stored, version, saved)
            found[key] = stored
        gone = [stored for key, stored in self.issues.items() if key not in found]
        new = [stored for key, stored in found.items() if key not in self.issues]
        for old in gone:
            same = [stored for stored in new if stored.text == old.text]
            if len(same) == 1:
                self._moved[old.key] = same[0].key
        for stored in new:
            self._moved.pop(stored.key, None)
        self.issues = found
        return bool(gone or new)

    def _look_at(self, stored: StoredIssue, version: int, saved: Collection[str]) -> None:
        path = self.root / stored.file.path
        try:
            state = path.stat()
            stamp = (state.st_mtime_ns, state.st_size, state.st_ctime_ns)
            # The clock of a file system may be too coarse to show a save, so saved files are always read.
            if stamp == stored.stamp and stored.file.path not in saved:
                return
            text, problems = read_text(path, stored.file.path, limit=ISSUE_LIMIT)
        except OSError:  # Removed again: the next survey reports it.
            return
        except NewsletterError as error:
            if stored.unread is None or str(stored.unread) != str(error):
                stored.unread = error
                stored.changed(version)
            return
        if text != stored.text or problems != stored.problems or stored.unread or stored.version < 0:
            stored.text, stored.problems, stored.saved = text, problems, state.st_mtime
            stored.changed(version)
        stored.stamp, stored.unread = stamp, None

    def moved_to(self, key: str) -> str:
        """The new key of an issue that was renamed; "" if it was removed."""
        seen = set()
        while key in self._moved and key not in seen:
            seen.add(key)
            key = self._moved[key]
        return key if key in self.issues else ""

    def key_of(self, path: str) -> str:
        """The key of the issue in a file of the workspace; "" if there is none."""
        return next((key for key, stored in self.issues.items() if stored.file.path == path), "")

    def text_of(self, path: str) -> str:
        """The text of a file with findings."""
        own = self.issues.get(self.key_of(path))
        if own is not None:
            return own.text
        file = self.root / path
        with suppress(NewsletterError, OSError):  # Links that form a circle cannot be resolved.
            if can_be_read(file, ISSUE_LIMIT):
                return read_text(file, path, limit=ISSUE_LIMIT)[0]
        return ""

    @property
    def files(self) -> list[IssueFile]:
        """The files of the issues."""
        return [stored.file for stored in self.issues.values()]
