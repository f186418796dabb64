"""A workspace that is being edited, as the language server and the preview have it open.

It has newsletter.yaml and the house formats in their last valid version, and the history of the issues.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.check import Settings, settings_for
from newsletter.check.facts.history import remember
from newsletter.config.load import load_workspace
from newsletter.errors import ConfigurationError, NewsletterError
from newsletter.house.load import HOUSE, load_house
from newsletter.project.history import load_history
from newsletter.project.parsed import sections_of
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
"""Issues of which planned pictures are remembered."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The publication, as newsletter.yaml describes it."""

    workspace: Workspace
    settings: Settings
    fault: NewsletterError | None = None
    """Why it cannot be used as it is now; the rest is then what it said before, or as much of it as can be used."""


def read_configuration(root: Path, text: str | None = None, before: Configuration | None = None) -> Configuration:
    """Reads newsletter.yaml, from `text` if it is open in an editor.

    While it has errors, `before` stays valid. Raises as `load_workspace` does if there is nothing before.
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
    """Reads the history of the issues on disk, in a project of its own, because this runs beside everything else."""
    return load_history(Project(workspace), processes=1)


class LiveHistory:
    """The history of the issues: as on disk, except for those that are open in an editor."""

    def __init__(self, past: History | None = None) -> None:
        self.past = past
        """The past as on disk; None until it has been read."""
        self._open: dict[str, PastIssue] = {}
        self._latest: tuple[History, list[PastIssue], History] | None = None
        """The history last asked for, and what it was made from: it knows more, the longer it is used."""

    def note(self, parsed: ParsedIssue, project: Project, *, saved: bool = False) -> None:
        """An issue is open, and others will see it like this; with `saved`, where it was another one when the disk was read."""
        if not parsed.readable:
            return
        issue = remember(sections_of(parsed, project.language(parsed.issue.language)))
        if saved and (self.past is None or self.past.issues.get(issue.path) == issue):
            self.forget(issue.path)
        else:
            self._open[issue.path] = issue

    def forget(self, path: str) -> None:
        """An issue is no longer open: what is on disk counts again."""
        self._open.pop(path, None)

    def seen_from(self, path: str) -> History | None:
        """The history as the issue at `path` sees it, with the other open issues as they are now."""
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
    """A project in which house formats are read as they are being edited."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        cache: Path | None = None,
        texts: Mapping[Path, str] | None = None,
        lasting: dict[str, HouseVersions] | None = None,
        pictures_told: bool = False,
    ) -> None:
        """`texts` are those of files that are open in an editor; `lasting` has, by kind, house formats that were last in order.

        With `pictures_told`, somebody says when picture files change (`look_again`): until then none is looked at twice.
        """
        super().__init__(workspace, cache=cache)
        self.faults: dict[str, tuple[Diagnostic, ...]] = {}
        """The faults of the house formats that cannot be used, by kind."""
        self._texts = texts or {}
        self._lasting = {} if lasting is None else lasting
        self._pictures_told = pictures_told
        self._planned: dict[str, dict[tuple[str, str], ImageFile | None]] = {}
        """The planned pictures of each issue, by issue."""

    def house(self, kind: str) -> HouseVersions:
        """The house formats of `kind`, in their last valid version.

        Raises UsageError for an unknown kind, and ConfigurationError if none was valid yet.
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
        """As any project does; pictures that were looked at already are not looked at again."""
        parsed = super().read(file, text, found)
        if not self._pictures_told:
            self.pictures.clear()
        else:
            if len(self._planned) >= MOST:
                self._planned.clear()
            parsed.pictures = self._planned.setdefault(file.path, parsed.pictures)
        return parsed

    def look_again(self) -> None:
        """Picture files were saved, added or removed."""
        self.pictures.clear()
        for planned in self._planned.values():
            planned.clear()
