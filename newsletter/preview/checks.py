"""The checks: what is found in the issues, with what ran in the others as far as that is known yet."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from newsletter.check.facts.history import remembered
from newsletter.commands.check import check_reading
from newsletter.commands.mails import mail_of
from newsletter.errors import NewsletterError
from newsletter.project.history import load_history
from newsletter.project.mail_memory import MailMemory
from newsletter.project.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.check import Mail, Settings
    from newsletter.check.facts.history import History
    from newsletter.preview.sheets import Sheet
    from newsletter.preview.views import Preview
    from newsletter.project.project import ParsedIssue

PATIENCE = 0.3
"""Seconds that what ran before is waited for. Of very many issues that are not remembered it takes longer, and comes later."""


class Checks:
    """Checks issues with a `project`, as `settings` ask."""

    def __init__(self, project: Project, settings: Settings) -> None:
        self.settings = settings
        self._studio = project
        project.mail_memory = MailMemory(project.workspace)
        self._history: History | None = None
        self._wanted = True
        self._loading: Thread | None = None
        self._loaded: list[History | None] = []

    def mails(self, reading: ParsedIssue, proofs: Iterable[Preview]) -> tuple[Mail, ...]:
        """The e-mails of an issue as the rules read them, from the renderings that are shown."""
        return tuple(mail_of(self._studio, reading, proof.rendering) for proof in proofs)

    def check(self, sheet: Sheet, reading: ParsedIssue, mails: tuple[Mail, ...] | None = None) -> None:
        """Finds what there is to find: in `mails`, where they are given; else in the e-mail as remembered, or made once more."""
        past = self._past()
        try:
            found = check_reading(
                self._studio, reading, self.settings, past, mail=True if mails is None else mails or False
            )
        except NewsletterError as error:
            sheet.fault = sheet.fault or error
            return
        sheet.findings, sheet.past = found, past is not None
        if past and reading.readable:
            language = self._studio.language(reading.issue.language)
            self._history = past.including(remembered(reading.issue, reading.house, language))

    def save(self) -> None:
        """Remembers what was found in e-mails, for the next run of whatever."""
        if self._studio.mail_memory:
            self._studio.mail_memory.save()

    # ── What ran before ─────────────────────────────────────────────────────────────────────────────────────────────

    def forget_past(self) -> None:
        """Issues came or went."""
        self._wanted = True

    def past_is_coming(self) -> bool:
        """Whether what ran before is being read."""
        self._past()
        return self._loading is not None

    def past_has_come(self) -> bool:
        """Whether it has just been read, so that more may be found than before."""
        if self._loading is None or self._loading.is_alive():
            return False
        self._loading = None
        self._history = self._loaded.pop() if self._loaded else self._history
        return self._history is not None

    def _past(self) -> History | None:
        """What ran in the issues, as they are on disk; what is known of it while many are being read."""
        if self._wanted and self._loading is None:
            self._wanted = False
            self._loading = Thread(target=self._load, name="preview-past", daemon=True)
            self._loading.start()
            self._loading.join(PATIENCE)
            self.past_has_come()
        return self._history

    def _load(self) -> None:
        try:
            # In a project of its own, as this runs beside everything else.
            self._loaded.append(load_history(Project(self._studio.workspace), processes=1))
        except NewsletterError:  # told where it is needed
            self._loaded.append(None)
