"""The shelf: the issues of a workspace as they are on disk, each with its text, and where those went that were renamed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from newsletter.config.workspace import issue_files
from newsletter.errors import NewsletterError
from newsletter.files import read_text
from newsletter.preview.sheets import Sheet
from newsletter.project.cache import digest

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from newsletter.config.workspace import IssueFile


class IssueStore:
    """The issues in the workspace at `root`. Raises nothing: what cannot be read is told where it is looked at."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sheets: dict[str, Sheet] = {}
        """By key, in the order of the files."""
        self.fault: NewsletterError | None = None
        """Why the list of issues cannot be read; it is then as it was."""
        self._moved: dict[str, str] = {}
        """Keys of issues that were renamed, and what they are now."""

    def survey(self, version: int, saved: Collection[str] = ()) -> bool:
        """Brings the issues up to date, and the text of each that has changed or is among `saved`; whether any came or went."""
        try:
            files = issue_files(self.root)
        except NewsletterError as error:
            self.fault = error
            return False
        self.fault = None
        found: dict[str, Sheet] = {}
        for file in files:
            key = digest(file.path)[:12]
            sheet = self.sheets.get(key) or Sheet(file, key, 0.0, version=-1)
            self._look_at(sheet, version, saved)
            found[key] = sheet
        gone = [sheet for key, sheet in self.sheets.items() if key not in found]
        new = [sheet for key, sheet in found.items() if key not in self.sheets]
        for old in gone:
            same = [sheet for sheet in new if sheet.text == old.text]
            if len(same) == 1:
                self._moved[old.key] = same[0].key
        for sheet in new:
            self._moved.pop(sheet.key, None)
        self.sheets = found
        return bool(gone or new)

    def _look_at(self, sheet: Sheet, version: int, saved: Collection[str]) -> None:
        path = self.root / sheet.file.path
        try:
            state = path.stat()
            stamp = (state.st_mtime_ns, state.st_size)
            # The clock of a file system may tick slower than somebody saves: what was named is read in any case.
            if stamp == sheet.stamp and sheet.file.path not in saved:
                return
            text, problems = read_text(path, sheet.file.path)
        except OSError:  # gone again: the next survey tells
            return
        except NewsletterError as error:
            if sheet.unread is None or str(sheet.unread) != str(error):
                sheet.unread = error
                sheet.changed(version)
            return
        if text != sheet.text or problems != sheet.problems or sheet.unread or sheet.version < 0:
            sheet.text, sheet.problems, sheet.saved = text, problems, state.st_mtime
            sheet.changed(version)
        sheet.stamp, sheet.unread = stamp, None

    def moved_to(self, key: str) -> str:
        """The key of what an issue was renamed to; "" where it is gone."""
        seen = set()
        while key in self._moved and key not in seen:
            seen.add(key)
            key = self._moved[key]
        return key if key in self.sheets else ""

    def key_of(self, path: str) -> str:
        """The key of the issue in a file of the workspace; "" where there is none."""
        return next((key for key, sheet in self.sheets.items() if sheet.file.path == path), "")

    def text_of(self, path: str) -> str:
        """The text of a file that something was found in."""
        own = self.sheets.get(self.key_of(path))
        if own is not None:
            return own.text
        file = self.root / path
        with suppress(NewsletterError, OSError):  # a link that leads round in a circle has no end
            if file.resolve().is_relative_to(self.root.resolve()) and file.is_file():
                return read_text(file, path)[0]
        return ""

    @property
    def files(self) -> list[IssueFile]:
        """Where the issues stand."""
        return [sheet.file for sheet in self.sheets.values()]
