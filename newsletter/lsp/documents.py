"""A workspace that is open in an editor. Open texts replace the files on disk.

An error in newsletter.yaml or in a house format is a finding in that file. Issues are checked with the last valid
version.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.check import Settings
from newsletter.config.load import load_workspace
from newsletter.config.workspace import CONFIGURATION, ISSUES, IssueFile, issue_files
from newsletter.diagnostics import Diagnostic, in_order
from newsletter.errors import ConfigurationError, NewsletterError, WorldError
from newsletter.files import read_text, stamp_of
from newsletter.house.load import known_kinds
from newsletter.markdown.front_matter import issue_fields, read_front
from newsletter.markdown.source import Source
from newsletter.model import NOWHERE
from newsletter.project.checking import check_parsed
from newsletter.project.live import LiveHistory, LiveProject, read_configuration, read_history
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.check.facts.history import History
    from newsletter.config.publication import Workspace
    from newsletter.files import Stamp
    from newsletter.house.versions import HouseVersions
    from newsletter.lsp.buffer import Buffer
    from newsletter.project.live import Configuration
    from newsletter.project.parsed import ParsedIssue

TEMPLATES = "templates"
QUICK = 60_000
"""The most characters of an issue whose email is rendered with every change. That takes some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class CheckedIssue:
    """An open issue as it was read and checked."""

    workspace: OpenWorkspace
    buffer: Buffer
    parsed: ParsedIssue
    findings: tuple[Diagnostic, ...]


@dataclass(slots=True)
class OpenWorkspace:
    """The current state of the workspace at `root`. One thread at a time uses it."""

    root: Path
    project: LiveProject | None = None
    """None until newsletter.yaml has been valid once."""
    settings: Settings = field(default_factory=Settings)
    faults: tuple[Diagnostic, ...] = ()
    """The errors in configuration files."""
    texts: Mapping[Path, str] = field(default_factory=dict)
    """The texts of the files that were open when the configuration was last read."""
    past: WorkspaceHistory | None = None
    """The past of the issues as they are on disk; None until it has been read."""
    _configuration: Configuration | None = None
    _history: LiveHistory = field(default_factory=LiveHistory)
    _lasting: dict[str, HouseVersions] = field(default_factory=dict)
    _looks: dict[str, CheckedIssue] = field(default_factory=dict)
    _elsewhere: dict[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    """The findings in other files from the email of each open issue, by issue.

    Other threads read it, too, so it is never changed, only replaced.
    """

    def refresh(self, texts: Mapping[Path, str]) -> None:
        """Reads the configuration again; `texts` are those of the files that are open."""
        self.texts = texts
        faults: list[Diagnostic] = []
        fault: NewsletterError | None
        try:
            self._configuration = read_configuration(
                self.root, texts.get(self.root / CONFIGURATION), self._configuration
            )
            fault = self._configuration.fault
        except NewsletterError as error:
            fault = error
        if isinstance(fault, ConfigurationError):
            faults += fault.diagnostics
        elif isinstance(fault, WorldError):
            faults.append(Diagnostic(CONFIGURATION, NOWHERE, "CF008", str(fault)))
        elif fault:  # newsletter.yaml was removed.
            self._configuration = None
        self.look_again()
        self.project = None
        if self._configuration:
            workspace, self.settings = self._configuration.workspace, self._configuration.settings
            self.project = LiveProject(workspace, texts=texts, lasting=self._lasting)
            faults += self._house_faults(self.project)
        self.faults = in_order(faults)

    def _house_faults(self, project: LiveProject) -> list[Diagnostic]:
        """The errors in the workspace's own house formats."""
        faults: list[Diagnostic] = []
        for kind in known_kinds((self.root / TEMPLATES,)):
            with suppress(
                NewsletterError
            ):  # These errors are kept. A file that cannot be read at all is reported where it is needed.
                project.house(kind)
            faults += project.faults.get(kind, ())
        return faults

    def take_past(self, past: WorkspaceHistory) -> None:
        """Takes the issues that were read from disk."""
        self.past, self._history.past = past, past.history

    def look(self, buffer: Buffer) -> CheckedIssue | None:
        """An open issue, read and checked.

        None for a file that is not an issue, or if the workspace has not been read. Raises ConfigurationError if its
        house format, or the words of its language, have never been valid.
        """
        file = self.issue_file(buffer.path)
        if file is None or self.project is None:
            return None
        seen = self._looks.get(file.path)
        if seen is None or seen.buffer is not buffer:
            parsed = self.project.read(file, buffer.text)
            found = self._checked(self.project, parsed)
            elsewhere = tuple(each for each in found if each.path != file.path)
            self._elsewhere = {**self._elsewhere, file.path: elsewhere}
            found = tuple(each for each in found if each.path == file.path)
            seen = self._looks[file.path] = CheckedIssue(self, buffer, parsed, found)
            self._history.note(parsed, self.project)
        return seen

    def _checked(self, project: LiveProject, parsed: ParsedIssue) -> tuple[Diagnostic, ...]:
        """The findings in an issue, and in the templates and colours of its email."""
        history = self._history.seen_from(parsed.file.path)
        if len(parsed.source.text) <= QUICK:
            try:
                return check_parsed(project, parsed, self.settings, history)
            except ConfigurationError as error:
                found = check_parsed(project, parsed, self.settings, history, mail=False)
                return (*found, *error.diagnostics)
        return check_parsed(project, parsed, self.settings, history, mail=False)

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The problems in files other than issues: in the configuration, and in the files that the email of open issues uses."""
        return in_order((*self.faults, *(each for found in self._elsewhere.values() for each in found)))

    def findings_in(self, file: IssueFile, text: str) -> tuple[Diagnostic, ...]:
        """The findings that an issue would have with this text."""
        if self.project is None:
            return ()
        parsed = self.project.read(file, text)
        return check_parsed(self.project, parsed, self.settings, self._history.seen_from(file.path), mail=False)

    def look_again(self) -> None:
        """Marks open issues to be read and checked again, because a file that they depend on has changed."""
        self._looks.clear()
        self._elsewhere = {}

    def close(self, path: Path) -> None:
        """Forgets an issue that is no longer open."""
        if file := self.issue_file(path):
            self._history.forget(file.path)
            self._looks.pop(file.path, None)
            self._elsewhere = {path: found for path, found in self._elsewhere.items() if path != file.path}

    def issue_file(self, path: Path) -> IssueFile | None:
        """The location of an issue; None for another file."""
        match self.relative(path).split("/"):
            case [folder, name, "index.md"] if folder == ISSUES and not name.startswith("."):
                return IssueFile(f"{ISSUES}/{name}/index.md", f"{ISSUES}/{name}", name)
            case [folder, name] if folder == ISSUES and name.endswith(".md") and not name.startswith("."):
                return IssueFile(f"{ISSUES}/{name}", ISSUES, name.removesuffix(".md"))
        return None

    def is_configuration(self, path: Path) -> bool:
        """Whether a file affects how issues are read and checked: newsletter.yaml, or one below templates/."""
        relative = self.relative(path)
        return relative == CONFIGURATION or relative.startswith(f"{TEMPLATES}/")

    def relative(self, path: Path) -> str:
        """The path of a file in the workspace, with forward slashes; "" if it is outside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else ""


if TYPE_CHECKING:
    Tagged = tuple[Stamp | None, tuple[str, ...]]
    """The stamp of an issue's file, and its tags."""


@dataclass(frozen=True, slots=True)
class WorkspaceHistory:
    """The issues of a workspace as they are on disk."""

    history: History
    tagged: Mapping[str, Tagged]
    """The tags of each issue, by its path."""

    @property
    def tags(self) -> list[str]:
        """All tags that were used, most frequent first."""
        counts = Counter(tag for _, tags in self.tagged.values() for tag in tags)
        return sorted(counts, key=lambda tag: (-counts[tag], tag))


def past_of(root: Path, before: WorkspaceHistory | None = None) -> WorkspaceHistory | None:
    """The past of a workspace, read by a project of its own; None if its configuration cannot be used.

    `before` is the last known past: files that have not changed are not read again.
    """
    try:
        workspace = load_workspace(root)
        return WorkspaceHistory(read_history(workspace), _tagged(workspace, before.tagged if before else {}))
    except (NewsletterError, OSError):  # Its errors are reported where it is needed; files may appear and disappear.
        return None


def _tagged(workspace: Workspace, before: Mapping[str, Tagged]) -> dict[str, Tagged]:
    root, zone, largest = workspace.root, workspace.publication.timezone, workspace.publication.largest_issue
    found: dict[str, Tagged] = {}
    for file in issue_files(root):
        stamp, known = stamp_of(root / file.path), before.get(file.path)
        if known and known[0] == stamp:
            found[file.path] = known
            continue
        source = Source(read_text(root / file.path, file.path, limit=largest)[0], file.path)
        tags: tuple[str, ...] = ()
        if "\ntags:" in source.text:
            tags = issue_fields(read_front(source, zone, largest)[0], file.name, zone)["tags"]
        found[file.path] = stamp, tags
    return found
