"""The checks: the findings in the issues, compared with the other issues as far as these are known yet."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.project.checking import check_parsed, mail_of
from newsletter.project.live import LiveHistory, read_history
from newsletter.project.mail_memory import MailMemory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.check import Mail, Settings
    from newsletter.check.facts.history import History
    from newsletter.preview.issues import StoredIssue
    from newsletter.preview.views import LetterViews
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project

PATIENCE = 0.3
"""How long to wait for the content of past issues, in seconds.

If there are very many issues without a cache, reading them takes longer, and their findings appear later.
"""


class Checks:
    """Checks issues with a `project` and its `settings`."""

    def __init__(self, project: Project, settings: Settings) -> None:
        self.settings = settings
        self._project = project
        project.mail_memory = MailMemory(project.workspace)
        self._history = LiveHistory()
        self._wanted = True
        self._loading: Thread | None = None
        self._loaded: list[History | None] = []

    def mails(self, parsed: ParsedIssue, letters: Iterable[LetterViews]) -> tuple[Mail, ...]:
        """The emails of an issue as the rules read them, from the renderings that are shown."""
        return tuple(mail_of(self._project, parsed, views.rendering) for views in letters)

    def check(self, stored: StoredIssue, parsed: ParsedIssue, mails: tuple[Mail, ...] | None = None) -> None:
        """The findings in an issue.

        The emails are `mails` if given; otherwise the cached ones are used, or new ones are rendered.
        """
        self._look_for_past()
        past = self._history.seen_from(parsed.file.path)
        try:
            found = check_parsed(
                self._project, parsed, self.settings, past, mail=True if mails is None else mails or False
            )
        except NewsletterError as error:
            stored.fault = stored.fault or error
            return
        stored.findings, stored.past = found, past is not None
        self._history.note(parsed, self._project, saved=True)

    def save(self) -> None:
        """Saves the findings in emails for the next run of any command."""
        if self._project.mail_memory:
            self._project.mail_memory.save()

    def forget_past(self) -> None:
        """Forgets past issues, because issues were added or removed."""
        self._wanted = True

    def past_is_coming(self) -> bool:
        """Whether past issues are being read."""
        self._look_for_past()
        return self._loading is not None

    def past_has_come(self) -> bool:
        """Whether past issues have just been read, so that there may be more findings than before."""
        if self._loading is None or self._loading.is_alive():
            return False
        self._loading = None
        if self._loaded:
            self._history = LiveHistory(self._loaded.pop())
        return self._history.past is not None

    def _look_for_past(self) -> None:
        """Starts reading the issues from disk. If there are many, earlier results are used until it is done."""
        if self._wanted and self._loading is None:
            self._wanted = False
            self._loading = Thread(target=self._load, name="preview-past", daemon=True)
            self._loading.start()
            self._loading.join(PATIENCE)
            self.past_has_come()

    def _load(self) -> None:
        try:
            self._loaded.append(read_history(self._project.workspace))
        except (NewsletterError, RecursionError, MemoryError):  # Reported where it is needed.
            self._loaded.append(None)
