"""The session: what is known of a workspace while it is previewed. One thread at a time works at it.

What a save has not touched is not worked out again, and nothing is worked out that nobody looks at: a look reads and renders
one issue in one way, and what is found in it comes after. What is wrong (a broken template, a house format, a front matter)
leaves the last good picture.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from newsletter.build.issue import facts_from
from newsletter.check import settings_for
from newsletter.config.load import load_workspace
from newsletter.errors import ConfigurationError, NewsletterError, UsageError
from newsletter.preview.checks import Checks
from newsletter.preview.findings import shown_fault, shown_findings
from newsletter.preview.hub import Change
from newsletter.preview.listing import entry_of, natural, outline, read_fronts, title_of
from newsletter.preview.pictures import PreviewStudio
from newsletter.preview.sheets import size_of
from newsletter.preview.sources import IssueStore
from newsletter.preview.tags import fills
from newsletter.preview.views import Preview
from newsletter.project.cache import CACHE, shared_pictures
from newsletter.project.letters import has_paid_edition, letter_of
from newsletter.project.selection import issues_with
from newsletter.project.watching import concerns_all

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from newsletter.model import ImageFile
    from newsletter.preview.request import ViewRequest
    from newsletter.preview.sheets import Sheet
    from newsletter.project.parsed import ParsedIssue

PICTURES = "/pictures/"
OPEN = 16
"""Issues of which everything is kept: those looked at last."""
LIST_PATIENCE, SPARE_PATIENCE = 0.2, 0.05
"""Seconds that reading front matters may take where somebody waits for the list, and where nobody does."""


class Session:
    """The workspace at `root`; `now` gives the time, which decides what is published."""

    def __init__(self, root: Path, now: Callable[[], datetime], *, pictures: str = PICTURES) -> None:
        self.root = root
        self.now = now
        self.shelf = IssueStore(root)
        self.project = PreviewStudio(load_workspace(root), cache=root / CACHE)
        self.checks = Checks(self.project, settings_for(self.project.workspace))
        self._pictures = pictures
        self._version = 0
        self._fault: NewsletterError | None = None
        """Why newsletter.yaml cannot be used; what it said before holds."""
        self._list_is_old = False
        """Whether a title, a date or a count in it may be another one: told when there is time."""
        self._open: dict[str, ViewRequest] = {}
        """The issues looked at, the last one last, and how."""
        self.shelf.survey(0)

    @property
    def sheets(self) -> dict[str, Sheet]:
        """The issues by key, in the order of their files."""
        return self.shelf.sheets

    @property
    def fault(self) -> NewsletterError | None:
        """Why newsletter.yaml, or the list of issues, cannot be read."""
        return self._fault or self.shelf.fault

    # ── What has changed ────────────────────────────────────────────────────────────────────────────────────────────

    def refresh(self, paths: Collection[str]) -> Change:
        """Looks again at files that were saved, added or removed: paths in the workspace."""
        self._version += 1
        # Of before and of after: a logo may be named anew, and the one that was named may be mended.
        elsewhere = any(path in self.watched() for path in paths)
        everywhere = any(map(concerns_all, paths))
        if everywhere:
            self._configure()
        before = {key: sheet.version for key, sheet in self.sheets.items()}
        fault = self.shelf.fault
        others = self.shelf.survey(self._version, paths)
        if others:
            self.checks.forget_past()
        files = self.shelf.files
        beside = {file.path for path in paths if not path.endswith(".md") for file in issues_with(path, files)}
        for sheet in self.sheets.values():
            if everywhere or elsewhere or sheet.file.path in beside:
                sheet.changed(self._version)
        if beside or elsewhere:
            self.project.look_again()
        now = {key: sheet.version for key, sheet in self.sheets.items()}
        changed = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        self._list_is_old |= bool(changed)
        return Change(frozenset(changed), listing=everywhere or others or self.shelf.fault is not fault)

    def anticipate(self, keys: Collection[str]) -> None:
        """Makes the picture that will be asked for next: of those issues, the one looked at last, as it was looked at."""
        key = next(reversed(self._open), "")
        if key in keys and key in self.sheets:
            self.look(key, self._open[key])

    def watched(self) -> tuple[str, ...]:
        """Files that every issue shows, wherever they stand: logos and portraits."""
        return shared_pictures(self.project.publication)

    def _configure(self) -> None:
        """Reads newsletter.yaml anew; while it cannot be used, what it said before holds."""
        self._fault, settings = None, self.checks.settings
        try:
            workspace = load_workspace(self.root)
            settings = settings_for(workspace)
        except NewsletterError as error:
            self._fault = error
            workspace = self.project.workspace
        self.project = PreviewStudio(workspace, cache=self.root / CACHE)
        self.checks = Checks(self.project, settings)

    # ── One issue ───────────────────────────────────────────────────────────────────────────────────────────────────

    def look(self, key: str, wish: ViewRequest) -> dict[str, Any]:
        """The picture of an issue, as plain values; of one that is gone, where it went."""
        sheet = self.sheets.get(key)
        if sheet is None:
            return {"key": key, "gone": True, "moved": self.shelf.moved_to(key)}
        self._looked_at(key, wish)
        parsed = self._read(sheet)
        proof, fault = self._proof(sheet, parsed, paid=wish.paid)
        html, fault = self._document(sheet, proof, wish, fault)
        return {
            "key": key,
            "version": sheet.version,
            "saved": sheet.saved,
            "path": sheet.file.path,
            "html": html,
            "fault": fault and shown_fault(fault, self.shelf.text_of),
            "title": title_of(sheet),
        }

    def _looked_at(self, key: str, wish: ViewRequest) -> None:
        self._open.pop(key, None)
        self._open[key] = wish
        while len(self._open) > OPEN:
            oldest = next(iter(self._open))
            del self._open[oldest]
            if oldest in self.sheets:
                self.sheets[oldest].rest()

    def about(self, key: str) -> dict[str, Any]:
        """What stands beside the picture: findings, sizes, outline, the row of an inbox."""
        sheet = self.sheets.get(key)
        if sheet is None:
            return {"key": key, "gone": True}
        about: dict[str, Any] = {"outline": None, "sizes": [], "inbox": None, "editions": False, "findings": []}
        parsed = self._read(sheet)
        proof, fault = self._proof(sheet, parsed, paid=False)
        if parsed:
            about["findings"] = shown_findings(self.findings(sheet), self.shelf.text_of, parsed.issue)
            with suppress(NewsletterError):
                language = self.project.language(parsed.issue.language)
                about["outline"] = outline(parsed.issue, parsed.house, language)
                about["editions"] = parsed.readable and has_paid_edition(self.project, parsed)
        if proof:
            issue, publication = proof.letter.issue, self.project.publication
            paid = [*([True] * (len(sheet.mails) - 1)), False]
            about["sizes"] = [
                size_of(mail, publication, issue, paid=paying) for mail, paying in zip(sheet.mails, paid, strict=False)
            ]
            with suppress(NewsletterError):
                about["inbox"] = proof.summary()
        return {"key": key, "version": sheet.version, "stale": fault is not None, **about, "entry": self._entry(sheet)}

    def _read(self, sheet: Sheet) -> ParsedIssue | None:
        if sheet.parsed is None and sheet.fault is None:
            try:
                if sheet.unread:
                    raise sheet.unread
                # Through the text, not the disk: what is shown and what is said about it are of one moment.
                sheet.parsed = self.project.read(sheet.file, sheet.text, sheet.problems)
            except NewsletterError as error:
                sheet.fault = error
            else:
                if sheet.parsed.readable:
                    sheet.facts = facts_from(self.project.publication, sheet.parsed)
        return sheet.parsed

    def _proof(
        self, sheet: Sheet, parsed: ParsedIssue | None, *, paid: bool
    ) -> tuple[Preview | None, NewsletterError | None]:
        """The letter, laid out; where this text cannot be, the last one that could."""
        last = sheet.proofs.get(paid)
        if self.fault or sheet.fault or parsed is None:
            return last, self.fault or sheet.fault
        if not parsed.readable:
            return last, ConfigurationError(f"{sheet.file.path} cannot be read", parsed.faults)
        if sheet.proved != sheet.version:
            sheet.proofs, sheet.proved = {}, sheet.version
        if paid not in sheet.proofs:
            try:
                letter = letter_of(self.project, parsed, paid=paid)
            except NewsletterError as error:
                return last, error
            proof = sheet.proofs[paid] = Preview(self.project, letter, self.base_of(sheet))
            sheet.add_images(proof.images)
        return sheet.proofs[paid], None

    def _document(
        self, sheet: Sheet, proof: Preview | None, wish: ViewRequest, fault: NewsletterError | None
    ) -> tuple[str, NewsletterError | None]:
        kept = sheet.kept(wish)
        if kept and (fault or kept[0] == sheet.version):
            return kept[1], fault
        if proof is None:
            return "", fault
        try:
            html = proof.document(wish)
        except NewsletterError as error:
            return kept[1] if kept else "", fault or error
        if not fault:
            sheet.keep(wish, html)
        return html, fault

    def findings(self, sheet: Sheet) -> tuple[Any, ...]:
        """What a check finds in an issue that somebody looks at, from the renderings that its pictures are made of."""
        parsed = self._read(sheet)
        if parsed is None:
            return ()
        if sheet.mailed != sheet.version:
            proofs = [self._proof(sheet, parsed, paid=False)]
            if parsed.readable and has_paid_edition(self.project, parsed):
                proofs.insert(0, self._proof(sheet, parsed, paid=True))
            made = [proof for proof, fault in proofs if proof and not fault]
            if len(made) == len(proofs):
                with suppress(NewsletterError):  # told where the picture is
                    sheet.mails = self.checks.mails(parsed, made)
                    sheet.mailed = sheet.version
        if sheet.findings is None:
            self.checks.check(sheet, parsed, sheet.mails if sheet.mailed == sheet.version else ())
        return sheet.findings or ()

    def base_of(self, sheet: Sheet) -> str:
        """What stands before the names of an issue's pictures."""
        return f"{self._pictures}{sheet.key}/"

    def picture(self, key: str, name: str) -> ImageFile | None:
        """A picture that a letter shows; None for anything else."""
        sheet = self.sheets.get(key)
        return sheet.images.get(name) if sheet else None

    # ── The list ────────────────────────────────────────────────────────────────────────────────────────────────────

    def listing(self) -> dict[str, Any]:
        """The issues by state, the newest first, with their counts as far as they are known.

        Of very many issues those that could be read in no time; the others come with time to spare.
        """
        read_fronts(self.project, self.sheets.values(), patience=LIST_PATIENCE)
        entries = [self._entry(sheet) for sheet in self.sheets.values() if sheet.listed]
        entries.sort(key=lambda entry: (entry["moment"], entry["number"] or 0, natural(entry["path"])), reverse=True)
        return {
            "publication": self.project.publication.title,
            "issues": entries,
            "fills": [{"key": each.key, "title": each.title} for each in fills()],
            "fault": self.fault and shown_fault(self.fault, self.shelf.text_of),
        }

    def _entry(self, sheet: Sheet) -> dict[str, Any]:
        return entry_of(sheet, self.now(), self.project)

    def key_of(self, path: str) -> str:
        """The key of the issue in a file of the workspace; "" where there is none."""
        return self.shelf.key_of(path)

    # ── Time to spare ───────────────────────────────────────────────────────────────────────────────────────────────

    def spare_time(self) -> Change | None:
        """Does a little of what nobody waits for, and says what came of it; None where nothing is left to do."""
        if read_fronts(self.project, self.sheets.values(), patience=SPARE_PATIENCE):
            return Change(listing=True)
        if self.checks.past_has_come():
            again = [sheet for sheet in self.sheets.values() if sheet.findings is not None and not sheet.past]
            for sheet in again:
                sheet.findings = None
            return Change(about=frozenset(sheet.key for sheet in again if sheet.key in self._open))
        waiting = [sheet for sheet in self.sheets.values() if sheet.findings is None and sheet.fault is None]
        if not waiting:
            told, self._list_is_old = not self._list_is_old, False
            return None if told else Change(listing=True)
        if self.checks.past_is_coming():
            return Change()
        sheet = max(waiting, key=lambda each: (each.key in self._open, each.moment, each.key))
        parsed = self._read(sheet)
        if parsed:
            self.checks.check(sheet, parsed)
        if sheet.findings is None and sheet.fault is None:  # not to be tried again and again
            sheet.fault = UsageError(f"{sheet.file.path} cannot be checked")
        if sheet.key not in self._open:
            sheet.rest()
        return Change(listing=True)
