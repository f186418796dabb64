"""A workspace that is being edited, as used by the language server and the preview.

It has newsletter.yaml and the house formats in their last valid version, and the history of the issues.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.check import Settings, settings_for
from newsletter.config.load import load_workspace
from newsletter.errors import ConfigurationError, NewsletterError
from newsletter.house.load import HOUSE, load_house
from newsletter.project.history import load_history
from newsletter.project.parsed import past_of
from newsletter.project.project import Project
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.check.facts.history import History, PastIssue
    from newsletter.config.publication import Workspace
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.versions import HouseVersions
    from newsletter.model import ImageFile
    from newsletter.project.parsed import ParsedIssue

MOST = 64
"""The number of issues whose planned pictures are remembered."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The publication, as described in newsletter.yaml."""

    workspace: Workspace
    settings: Settings
    fault: NewsletterError | None = None
    """The reason why the current file cannot be used. The other fields are then those of the last valid version."""


def read_configuration(root: Path, text: str | None = None, before: Configuration | None = None) -> Configuration:
    """Reads newsletter.yaml, from `text` if it is open in an editor.

    While it has errors, `before` stays valid. If there is no `before`, it raises as `load_workspace` does.
    """
    try:
        workspace = load_workspace(root, text)
    except NewsletterError as error:
        if before is None:
            raise
        return replace(before, fault=error)
    try:
        return Configuration(workspace, settings_for(workspace))
    except NewsletterError as error:
        return Configuration(workspace, before.settings if before else Settings(), error)


def read_history(workspace: Workspace) -> History:
    """Reads the history of the issues on disk. It uses its own project, because it runs in another thread."""
    return load_history(Project(workspace), processes=1)


class LiveHistory:
    """The history of the issues: from disk, except for issues that are open in an editor."""

    def __init__(self, past: History | None = None) -> None:
        self.past = past
        """The history from disk; None until it has been read."""
        self._open: dict[str, PastIssue] = {}
        self._latest: tuple[History, list[PastIssue], History] | None = None
        """The last result, and what it was made from. It is reused because it remembers what it computes."""

    def note(self, parsed: ParsedIssue, project: Project, *, saved: bool = False) -> None:
        """Records an open issue as others see it.

        `saved` means that it was different when the history was read from disk.
        """
        if not parsed.readable:
            return
        issue = past_of(parsed, project.language(parsed.issue.language))
        if saved and (self.past is None or self.past.issues.get(issue.path) == issue):
            self.forget(issue.path)
        else:
            self._open[issue.path] = issue

    def forget(self, path: str) -> None:
        """Removes an issue that is no longer open, so that its file counts again."""
        self._open.pop(path, None)

    def seen_from(self, path: str) -> History | None:
        """The history for the issue at `path`, with the other open issues in their current version."""
        if self.past is None:
            return None
        others = [issue for other, issue in self._open.items() if other != path]
        if self._latest is None or self._latest[0] is not self.past or self._latest[1] != others:
            history = self.past
            for issue in others:
                history = history.including(issue)
            self._latest = self.past, others, history
        return self._latest[2]


class LiveProject(Project):
    """A project that rereads house formats while they are edited."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        cache: Path | None = None,
        texts: Mapping[Path, str] | None = None,
        lasting: dict[str, HouseVersions] | None = None,
        pictures_reported: bool = False,
    ) -> None:
        """Takes the texts of files open in an editor, and the last valid house formats by kind (`lasting`).

        With `pictures_reported`, the caller reports changes of picture files (`look_again`), and none is examined twice
        until then.
        """
        super().__init__(workspace, cache=cache)
        self.faults: dict[str, tuple[Diagnostic, ...]] = {}
        """The faults of unusable house formats, by kind."""
        self._texts = texts or {}
        self._lasting = {} if lasting is None else lasting
        self._pictures_reported = pictures_reported
        self._planned: dict[str, dict[tuple[str, str], ImageFile | None]] = {}
        """The planned pictures, by issue."""

    def house(self, kind: str) -> HouseVersions:
        """The house formats of `kind`, in their last valid version.

        Raises UsageError for an unknown kind, and ConfigurationError if no version was valid yet.
        """
        if kind not in self._houses and kind not in self.faults:
            house, faults = load_house(kind, self.template_folders, self.workspace.root, self._texts)
            if faults:
                self.faults[kind] = faults
            else:
                self._houses[kind] = self._lasting[kind] = house
        if kind in self._houses:
            return self._houses[kind]
        if kind in self._lasting:
            return self._lasting[kind]
        msg = f"templates/{kind}/{HOUSE} cannot be used"
        raise ConfigurationError(msg, self.faults[kind])

    def read(self, file: IssueFile, text: str | None = None, found: tuple[Diagnostic, ...] = ()) -> ParsedIssue:
        """Reads an issue as any project does, but does not examine pictures again."""
        parsed = super().read(file, text, found)
        if not self._pictures_reported:
            self.pictures.clear()
        else:
            if len(self._planned) >= MOST:
                self._planned.clear()
            parsed.pictures = self._planned.setdefault(file.path, parsed.pictures)
        return parsed

    def look_again(self) -> None:
        """Must be called when picture files were saved, added or removed."""
        self.pictures.clear()
        for planned in self._planned.values():
            planned.clear()
