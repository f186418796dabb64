"""The session: the previewed workspace and its state. Only one thread at a time uses it.

Only results that a save has changed are computed again, and only for issues that somebody looks at. A look reads and
renders one issue in one view, and its findings come after. After an error (in a template, a house format, a front
matter), the last good picture stays.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newsletter.build.holding import leaks, would_give_away
from newsletter.build.issue import facts_from
from newsletter.errors import ConfigurationError, NewsletterError, UsageError
from newsletter.preview.checks import Checks
from newsletter.preview.findings import shown_fault, shown_findings
from newsletter.preview.hub import Change
from newsletter.preview.issues import IssueStore
from newsletter.preview.listing import entry_of, natural, outline, read_fronts, size_of, title_of
from newsletter.preview.tags import fills
from newsletter.preview.views import LetterViews
from newsletter.project.cache import CACHE, shared_pictures
from newsletter.project.letters import has_paid_edition, letter_of
from newsletter.project.live import LiveProject, read_configuration
from newsletter.project.selection import issues_with
from newsletter.project.watching import concerns_all

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from newsletter.model import ImageFile
    from newsletter.preview.issues import StoredIssue
    from newsletter.preview.request import ViewRequest
    from newsletter.project.parsed import ParsedIssue

PICTURES = "/pictures/"
OPEN = 16
"""The number of issues of which everything is kept: those looked at last."""
LIST_PATIENCE, SPARE_PATIENCE = 0.2, 0.05
"""How long reading front matter may take, in seconds: if somebody waits for the list, and in the background."""


class Session:
    """The workspace at `root`. `now` gives the time, which decides what is published."""

    def __init__(self, root: Path, now: Callable[[], datetime], *, pictures: str = PICTURES) -> None:
        self.root = root
        self.now = now
        self.store = IssueStore(root)
        self._configuration = read_configuration(root)
        if self._configuration.fault:
            raise self._configuration.fault
        self._open_project()
        self._pictures = pictures
        self._version = 0
        self._list_is_old = False
        """Whether a title, a date or a count in the list may have changed. The list is then sent in the background."""
        self._open: dict[str, ViewRequest] = {}
        """The views of the open issues; the issue looked at last comes last."""
        self.store.survey(0)

    @property
    def issues(self) -> dict[str, StoredIssue]:
        """The issues by key, in the order of their files."""
        return self.store.issues

    @property
    def fault(self) -> NewsletterError | None:
        """Why newsletter.yaml, or the list of issues, cannot be read."""
        return self._configuration.fault or self.store.fault

    def refresh(self, paths: Collection[str]) -> Change:
        """Reads files again that were saved, added or removed. `paths` are paths in the workspace."""
        self._version += 1
        # Includes pictures named before: a logo may be named again, and an earlier one may be repaired.
        elsewhere = any(path in self.watched() for path in paths)
        everywhere = any(map(concerns_all, paths))
        if everywhere:
            self._configure()
        before = {key: stored.version for key, stored in self.issues.items()}
        fault = self.store.fault
        others = self.store.survey(self._version, paths)
        if others:
            self.checks.forget_past()
        files = self.store.files
        beside = {file.path for path in paths if not path.endswith(".md") for file in issues_with(path, files)}
        for stored in self.issues.values():
            if everywhere or elsewhere or stored.file.path in beside:
                stored.changed(self._version)
        if beside or elsewhere:
            self.project.look_again()
        now = {key: stored.version for key, stored in self.issues.items()}
        changed = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        self._list_is_old |= bool(changed)
        return Change(frozenset(changed), listing=everywhere or others or self.store.fault is not fault)

    def anticipate(self, keys: Collection[str]) -> None:
        """Makes the picture that will probably be requested next.

        It is the last view of the issue among `keys` that was looked at last.
        """
        key = next(reversed(self._open), "")
        if key in keys and key in self.issues:
            self.look(key, self._open[key])

    def watched(self) -> tuple[str, ...]:
        """Files that every issue shows, such as logos and portraits."""
        return shared_pictures(self.project.publication)

    def _configure(self) -> None:
        """Reads newsletter.yaml again. While it has errors, the last good settings stay."""
        found = read_configuration(self.root, before=self._configuration)
        self._configuration = replace(self._configuration, fault=found.fault) if found.fault else found
        self._open_project()

    def _open_project(self) -> None:
        configuration = self._configuration
        self.project = LiveProject(configuration.workspace, cache=self.root / CACHE, pictures_reported=True)
        self.checks = Checks(self.project, configuration.settings)

    def look(self, key: str, request: ViewRequest) -> dict[str, Any]:
        """The picture of an issue as plain values. If the issue is gone, its new key."""
        stored = self.issues.get(key)
        if stored is None:
            return {"key": key, "gone": True, "moved": self.store.moved_to(key)}
        self._looked_at(key, request)
        parsed = self._read(stored)
        views, fault = self._views(stored, parsed, paid=request.paid)
        html, fault = self._document(stored, views, request, fault)
        return {
            "key": key,
            "version": stored.version,
            "saved": stored.saved,
            "path": stored.file.path,
            "html": html,
            "fault": fault and shown_fault(fault, self.store.text_of),
            "title": title_of(stored),
        }

    def _looked_at(self, key: str, request: ViewRequest) -> None:
        self._open.pop(key, None)
        self._open[key] = request
        while len(self._open) > OPEN:
            oldest = next(iter(self._open))
            del self._open[oldest]
            if oldest in self.issues:
                self.issues[oldest].rest()

    def about(self, key: str) -> dict[str, Any]:
        """The panel beside the picture: findings, sizes, outline, the row of an inbox."""
        stored = self.issues.get(key)
        if stored is None:
            return {"key": key, "gone": True}
        about: dict[str, Any] = {"outline": None, "sizes": [], "inbox": None, "editions": False, "findings": []}
        parsed = self._read(stored)
        views, fault = self._views(stored, parsed, paid=False)
        if parsed:
            about["findings"] = shown_findings(self.findings(stored), self.store.text_of, parsed.issue)
            with suppress(NewsletterError):
                language = self.project.language(parsed.issue.language)
                about["outline"] = outline(parsed.issue, parsed.house, language)
                about["editions"] = parsed.readable and has_paid_edition(self.project, parsed)
        if views:
            issue, publication = views.letter.issue, self.project.publication
            paid = [*([True] * (len(stored.mails) - 1)), False]
            about["sizes"] = [
                size_of(mail, publication, issue, paid=paying) for mail, paying in zip(stored.mails, paid, strict=False)
            ]
            with suppress(NewsletterError):
                about["inbox"] = views.summary()
        return {
            "key": key,
            "version": stored.version,
            "stale": fault is not None,
            **about,
            "entry": self._entry(stored),
        }

    def _read(self, stored: StoredIssue) -> ParsedIssue | None:
        if stored.parsed is None and stored.fault is None:
            try:
                if stored.unread:
                    raise stored.unread
                # Through the text, not the disk, so that picture and findings show the same version.
                stored.parsed = self.project.read(stored.file, stored.text, stored.problems)
            except NewsletterError as error:
                stored.fault = error
            else:
                if stored.parsed.readable:
                    stored.facts = facts_from(self.project.publication, stored.parsed)
        return stored.parsed

    def _views(
        self, stored: StoredIssue, parsed: ParsedIssue | None, *, paid: bool
    ) -> tuple[LetterViews | None, NewsletterError | None]:
        """The rendered letter. If this text cannot be rendered, the last one that could."""
        last = stored.views.get(paid)
        if self.fault or stored.fault or parsed is None:
            return last, self.fault or stored.fault
        if not parsed.readable:
            return last, ConfigurationError(f"{stored.file.path} cannot be read", parsed.faults)
        if not paid and (faults := leaks(self.project, parsed)):
            return last, would_give_away(stored.file.path, faults)
        if stored.viewed != stored.version:
            stored.views, stored.viewed = {}, stored.version
        if paid not in stored.views:
            try:
                letter = letter_of(self.project, parsed, paid=paid)
            except NewsletterError as error:
                return last, error
            views = stored.views[paid] = LetterViews(self.project, letter, self.base_of(stored))
            stored.add_files(views.images, views.attachments)
        return stored.views[paid], None

    def _document(
        self, stored: StoredIssue, views: LetterViews | None, request: ViewRequest, fault: NewsletterError | None
    ) -> tuple[str, NewsletterError | None]:
        kept = stored.kept(request)
        if kept and (fault or kept[0] == stored.version):
            return kept[1], fault
        if views is None:
            return "", fault
        try:
            html = views.document(request)
        except NewsletterError as error:
            return kept[1] if kept else "", fault or error
        if not fault:
            stored.keep(request, html)
        return html, fault

    def findings(self, stored: StoredIssue) -> tuple[Any, ...]:
        """The findings in an open issue, using the renderings of its pictures."""
        parsed = self._read(stored)
        if parsed is None:
            return ()
        if stored.mailed != stored.version:
            letters = [self._views(stored, parsed, paid=False)]
            if parsed.readable and has_paid_edition(self.project, parsed):
                letters.insert(0, self._views(stored, parsed, paid=True))
            made = [views for views, fault in letters if views and not fault]
            if len(made) == len(letters):
                with suppress(NewsletterError):  # Reported with the picture.
                    stored.mails = self.checks.mails(parsed, made)
                    stored.mailed = stored.version
        if stored.findings is None:
            self.checks.check(stored, parsed, stored.mails if stored.mailed == stored.version else ())
        return stored.findings or ()

    def base_of(self, stored: StoredIssue) -> str:
        """The prefix of the addresses of an issue's pictures and attachments."""
        return f"{self._pictures}{stored.key}/"

    def picture(self, key: str, name: str) -> ImageFile | None:
        """A picture that a letter shows; None for any other name."""
        stored = self.issues.get(key)
        return stored.images.get(name) if stored else None

    def attachment(self, key: str, name: str) -> str:
        """The path of a file to which a letter links; "" for any other name."""
        stored = self.issues.get(key)
        return stored.attachments.get(name, "") if stored else ""

    def listing(self) -> dict[str, Any]:
        """The issues by state, the newest first, with their counts as far as they are known.

        If there are very many issues, only those that can be read quickly are listed. The others follow in the
        background.
        """
        read_fronts(self.project, self.issues.values(), patience=LIST_PATIENCE)
        entries = [self._entry(stored) for stored in self.issues.values() if stored.listed]
        entries.sort(key=lambda entry: (entry["moment"], entry["number"] or 0, natural(entry["path"])), reverse=True)
        return {
            "publication": self.project.publication.title,
            "issues": entries,
            "fills": [{"key": each.key, "title": each.title} for each in fills()],
            "fault": self.fault and shown_fault(self.fault, self.store.text_of),
        }

    def _entry(self, stored: StoredIssue) -> dict[str, Any]:
        return entry_of(stored, self.now(), self.project)

    def key_of(self, path: str) -> str:
        """The key of the issue in a file of the workspace; "" if there is none."""
        return self.store.key_of(path)

    def spare_time(self) -> Change | None:
        """Does a little background work, and returns the changes; None if nothing is left to do."""
        if read_fronts(self.project, self.issues.values(), patience=SPARE_PATIENCE):
            return Change(listing=True)
        if self.checks.past_has_come():
            again = [stored for stored in self.issues.values() if stored.findings is not None and not stored.past]
            for stored in again:
                stored.findings = None
            return Change(about=frozenset(stored.key for stored in again if stored.key in self._open))
        waiting = [stored for stored in self.issues.values() if stored.findings is None and stored.fault is None]
        if not waiting:
            is_current, self._list_is_old = not self._list_is_old, False
            return None if is_current else Change(listing=True)
        if self.checks.past_is_coming():
            return Change()
        stored = max(waiting, key=lambda each: (each.key in self._open, each.moment, each.key))
        parsed = self._read(stored)
        if parsed:
            self.checks.check(stored, parsed)
        if stored.findings is None and stored.fault is None:  # Not tried again and again.
            stored.fault = UsageError(f"{stored.file.path} cannot be checked")
        if stored.key not in self._open:
            stored.rest()
        return Change(listing=True)
