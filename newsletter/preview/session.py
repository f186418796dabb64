"""The session: what is known of a workspace while it is previewed. One thread at a time works at it.

What a save has not touched is not worked out again, and nothing is worked out that nobody looks at: a look reads, checks and
renders one issue in one way. What is wrong (a broken template, a house format, a front matter) leaves the last good picture.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from newsletter.check import Settings, settings_for
from newsletter.check.context import remembered
from newsletter.errors import ConfigurationError, NewsletterError, UsageError
from newsletter.files import read_text
from newsletter.press.cache import CACHE, digest
from newsletter.press.checking import check_reading
from newsletter.press.history import load_history
from newsletter.press.making import facts_from
from newsletter.press.studio import UNREADABLE
from newsletter.press.watching import CONFIGURATION
from newsletter.preview.findings import shown_fault, shown_findings, title_of
from newsletter.preview.outline import outline
from newsletter.preview.pictures import PreviewStudio
from newsletter.preview.sheets import Sheet
from newsletter.preview.size import size_of
from newsletter.preview.tags import fills
from newsletter.preview.views import Proof
from newsletter.records import dataclass
from newsletter.selection import issues_with
from newsletter.workspace import issue_files, load_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from newsletter.check.base import Mail
    from newsletter.check.history import History
    from newsletter.model import ImageFile
    from newsletter.press.studio import Reading
    from newsletter.preview.wish import Wish

PICTURES = "/pictures/"


@dataclass(frozen=True, slots=True)
class Change:
    """What came of looking at the disk again."""

    issues: frozenset[str] = frozenset()
    """Keys of issues whose picture may be another one."""
    listing: bool = False
    """Whether the list of issues may be another one."""


class Session:
    """The workspace at `root`; `now` gives the time, which decides what is published."""

    def __init__(self, root: Path, now: Callable[[], datetime], *, pictures: str = PICTURES) -> None:
        self.root = root
        self.now = now
        self.sheets: dict[str, Sheet] = {}
        """By key, in the order of the files."""
        self.moved: dict[str, str] = {}
        """Keys of issues that were renamed, and what they are now."""
        self.fault: NewsletterError | None = None
        """Why newsletter.yaml, or the list of issues, cannot be read."""
        self.studio = PreviewStudio(load_workspace(root), cache=root / CACHE)
        self.settings = settings_for(self.studio.workspace)
        self._pictures = pictures
        self._version = 0
        self._history: History | None = None
        self._survey()

    # ── What has changed ────────────────────────────────────────────────────────────────────────────────────────────

    def refresh(self, paths: Collection[str]) -> Change:
        """Looks again at files that were saved, added or removed: paths in the workspace."""
        self._version += 1
        everywhere = any(path == CONFIGURATION or path.startswith("templates/") for path in paths)
        elsewhere = any(path in self.watched() for path in paths)
        if everywhere:
            self._configure()
        before = {key: sheet.version for key, sheet in self.sheets.items()}
        self._survey()
        files = [sheet.file for sheet in self.sheets.values()]
        beside = {file.path for path in paths if not path.endswith(".md") for file in issues_with(path, files)}
        for sheet in self.sheets.values():
            if everywhere or elsewhere or sheet.file.path in beside:
                sheet.changed(self._version)
        if beside or elsewhere:
            self.studio.look_again()
        now = {key: sheet.version for key, sheet in self.sheets.items()}
        changed = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        return Change(frozenset(changed), listing=everywhere or bool(changed))

    def watched(self) -> tuple[str, ...]:
        """Files that every issue shows, wherever they stand: logos and portraits."""
        publication = self.studio.publication
        named = (publication.theme.logo, publication.theme.logo_dark)
        return tuple(filter(None, (*named, *(author.picture for author in publication.authors.values()))))

    def _configure(self) -> None:
        """Reads newsletter.yaml anew; while it cannot be used, what it said before holds."""
        self.fault = None
        try:
            workspace = load_workspace(self.root)
            self.settings = settings_for(workspace)
        except NewsletterError as error:
            self.fault = error
            workspace = self.studio.workspace
        self.studio = PreviewStudio(workspace, cache=self.root / CACHE)
        self._history = None

    def _survey(self) -> None:
        """Brings the list of issues up to date, and the text of each that has changed."""
        try:
            files = issue_files(self.root)
        except NewsletterError as error:
            self.fault = error
            return
        found: dict[str, Sheet] = {}
        for file in files:
            key = digest(file.path)[:12]
            sheet = self.sheets.get(key) or Sheet(file, key, 0.0, version=-1)
            self._look_at(sheet)
            found[key] = sheet
        gone = [sheet for key, sheet in self.sheets.items() if key not in found]
        new = [sheet for key, sheet in found.items() if key not in self.sheets]
        if gone or new:
            self._history = None
        for old in gone:
            same = [sheet for sheet in new if sheet.text == old.text]
            if len(same) == 1:
                self.moved[old.key] = same[0].key
        for sheet in new:
            self.moved.pop(sheet.key, None)
        self.sheets = found

    def _look_at(self, sheet: Sheet) -> None:
        path = self.root / sheet.file.path
        try:
            saved = path.stat().st_mtime
            text, _ = read_text(path, sheet.file.path)
        except (OSError, NewsletterError):  # gone again, or not to be read: the next look tells
            return
        if text != sheet.text or sheet.version < 0:
            sheet.text, sheet.saved = text, saved
            sheet.changed(self._version)

    # ── One issue ───────────────────────────────────────────────────────────────────────────────────────────────────

    def look(self, key: str, wish: Wish) -> dict[str, Any]:
        """The picture of an issue, as plain values; of one that is gone, where it went."""
        sheet = self.sheets.get(key)
        if sheet is None:
            return {"key": key, "gone": True, "moved": self._moved(key)}
        reading = self._read(sheet)
        proof, fault = self._proof(sheet, reading, paid=wish.paid)
        html, fault = self._document(sheet, proof, wish, fault)
        return {
            "key": key,
            "version": sheet.version,
            "saved": sheet.saved,
            "html": html,
            "fault": fault and shown_fault(fault, self._text_of),
            "title": self._title(sheet),
        }

    def about(self, key: str) -> dict[str, Any]:
        """What stands beside the picture: findings, size, outline, the row of an inbox."""
        sheet = self.sheets.get(key)
        if sheet is None:
            return {"key": key, "gone": True}
        about: dict[str, Any] = {"outline": None, "size": None, "inbox": None, "editions": False, "findings": []}
        reading = self._read(sheet)
        proof, fault = self._proof(sheet, reading, paid=False)
        if reading:
            about["findings"] = shown_findings(self.findings(sheet), self._text_of, reading.issue)
            with suppress(NewsletterError):
                language = self.studio.language(reading.issue.language)
                about["outline"] = outline(reading.issue, reading.house, language)
                about["editions"] = reading.readable and self.studio.has_paid_edition(reading)
        if proof and sheet.mail:
            about["size"] = size_of(sheet.mail, self.studio.publication, proof.letter.issue)
        if proof:
            with suppress(NewsletterError):
                about["inbox"] = proof.summary()
        return {"key": key, "version": sheet.version, "stale": fault is not None, **about, "entry": self._entry(sheet)}

    def _read(self, sheet: Sheet) -> Reading | None:
        if sheet.reading is None and sheet.fault is None:
            try:
                # Through the text, not the disk: what is shown and what is said about it are of one moment.
                sheet.reading = self.studio.read(sheet.file, sheet.text)
            except NewsletterError as error:
                sheet.fault = error
            else:
                if sheet.reading.readable:
                    sheet.facts = facts_from(self.studio.publication, sheet.reading)
        return sheet.reading

    def _proof(
        self, sheet: Sheet, reading: Reading | None, *, paid: bool
    ) -> tuple[Proof | None, NewsletterError | None]:
        """The letter, laid out; where this text cannot be, the last one that could."""
        last = sheet.proofs.get(paid)
        if self.fault or sheet.fault or reading is None:
            return last, self.fault or sheet.fault
        if not reading.readable:
            found = tuple(each for each in reading.diagnostics if each.code in UNREADABLE)
            return last, ConfigurationError(f"{sheet.file.path} cannot be read", found)
        if sheet.proved != sheet.version:
            sheet.proofs, sheet.proved = {}, sheet.version
        if paid not in sheet.proofs:
            try:
                letter = self.studio.letter(reading, paid=paid)
            except NewsletterError as error:
                return last, error
            proof = sheet.proofs[paid] = Proof(self.studio, letter, self.base_of(sheet))
            sheet.add_images(proof.images)
        return sheet.proofs[paid], None

    def _document(
        self, sheet: Sheet, proof: Proof | None, wish: Wish, fault: NewsletterError | None
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
        """What a check finds in an issue now."""
        if sheet.findings is None:
            reading = self._read(sheet)
            if reading is None:
                return ()
            try:
                mail = self._mail(sheet, reading)
                sheet.findings = check_reading(self.studio, reading, self.settings, self._past(), mail=mail or False)
            except NewsletterError as error:
                sheet.fault = sheet.fault or error
                return ()
            if reading.readable and self._history:
                language = self.studio.language(reading.issue.language)
                self._history = self._history.including(remembered(reading.issue, reading.house, language))
        return sheet.findings

    def _mail(self, sheet: Sheet, reading: Reading) -> Mail | None:
        """The e-mail as the checks read it, from the same rendering as its picture; None where it cannot be made."""
        from newsletter.press.mailing import mail_of

        proof, fault = self._proof(sheet, reading, paid=False)
        if proof and not fault:
            with suppress(NewsletterError):  # told where the picture is
                sheet.mail = mail_of(self.studio, reading, proof.rendering)
                return sheet.mail
        return None

    def _past(self) -> History | None:
        """What ran in the issues, as they are on disk."""
        if self._history is None:
            with suppress(NewsletterError):  # told where it is needed
                self._history = load_history(self.studio, processes=1)
        return self._history

    def base_of(self, sheet: Sheet) -> str:
        """What stands before the names of an issue's pictures."""
        return f"{self._pictures}{sheet.key}/"

    def picture(self, key: str, name: str) -> ImageFile | None:
        """A picture that a letter shows; None for anything else."""
        sheet = self.sheets.get(key)
        return sheet.images.get(name) if sheet else None

    def make_picture(self, image: ImageFile, name: str) -> bytes:
        """The bytes of one of the files of a picture. For any thread. Raises UsageError where they cannot be made."""
        from newsletter.render.images import make_image

        for source in filter(None, (image.source, image.still_source)):
            if not (self.root / source).resolve().is_relative_to(self.root.resolve()):
                raise UsageError(f"{source} is a link that leads out of the workspace")
        return make_image(self.root, image, name)

    def _text_of(self, path: str) -> str:
        """The text of a file that something was found in."""
        own = next((sheet.text for sheet in self.sheets.values() if sheet.file.path == path), None)
        if own is not None:
            return own
        file = self.root / path
        if not file.resolve().is_relative_to(self.root.resolve()) or not file.is_file():
            return ""
        with suppress(NewsletterError):
            return read_text(file, path)[0]
        return ""

    def _moved(self, key: str) -> str:
        seen = set()
        while key in self.moved and key not in seen:
            seen.add(key)
            key = self.moved[key]
        return key if key in self.sheets else ""

    # ── The list ────────────────────────────────────────────────────────────────────────────────────────────────────

    def listing(self) -> dict[str, Any]:
        """The issues by state, the newest first, with their counts as far as they are known."""
        entries = [self._entry(sheet) for sheet in self.sheets.values()]
        entries.sort(key=lambda entry: (entry["moment"], entry["number"] or 0, entry["path"]), reverse=True)
        return {
            "publication": self.studio.publication.title,
            "issues": entries,
            "fills": [{"key": each.key, "title": each.title} for each in fills()],
            "fault": self.fault and shown_fault(self.fault, self._text_of),
        }

    def _entry(self, sheet: Sheet) -> dict[str, Any]:
        if sheet.facts is None and sheet.reading is None and sheet.fault is None:
            self._read(sheet)
        facts = sheet.facts
        found = sheet.findings
        errors = sum(each.severity == "error" for each in found or ())
        state = "draft"
        if facts and facts.date and not facts.draft:
            state = "published" if facts.published_by(self.now()) else "ready"
        return {
            "key": sheet.key,
            "path": sheet.file.path,
            "title": self._title(sheet),
            "number": facts.number if facts else None,
            "date": facts.date[:10] if facts else "",
            "moment": facts.date if facts else "9999",
            "state": state,
            "checked": found is not None,
            "errors": errors,
            "warnings": len(found or ()) - errors,
        }

    def _title(self, sheet: Sheet) -> str:
        return title_of(sheet.reading.issue.title if sheet.reading else "", sheet.file.name)

    def check_next(self) -> bool:
        """Checks one issue that has not been since its last change; whether there was one."""
        waiting = [sheet for sheet in self.sheets.values() if sheet.findings is None and sheet.fault is None]
        if not waiting:
            return False
        sheet = max(waiting, key=lambda each: (each.facts.date if each.facts else "9999", each.key))
        self.findings(sheet)
        if sheet.findings is None and sheet.fault is None:  # cannot be checked: not to be tried again and again
            sheet.fault = UsageError(f"{sheet.file.path} cannot be checked")
        return True

    def key_of(self, path: str) -> str:
        """The key of the issue in a file of the workspace; "" where there is none."""
        return next((key for key, sheet in self.sheets.items() if sheet.file.path == path), "")


__all__ = ["Change", "Session", "Settings"]
