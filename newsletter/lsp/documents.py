"""A desk: one workspace as it is being edited. What is open in the editor stands before what is on disk.

A fault of newsletter.yaml or of a house format is a finding in that file; issues are held to what held before it came up.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.check import Settings, settings_for
from newsletter.check.context import remembered
from newsletter.commands.check import check_reading
from newsletter.config.load import load_workspace
from newsletter.config.workspace import CONFIGURATION, ISSUES, IssueFile, issue_files
from newsletter.diagnostics import Diagnostic, in_order
from newsletter.errors import ConfigurationError, NewsletterError, UsageError, WorldError
from newsletter.files import read_text
from newsletter.house.load import HOUSE, known_kinds, load_house
from newsletter.markdown.front_matter import issue_fields, read_front
from newsletter.markdown.source import Source
from newsletter.model import NOWHERE
from newsletter.project.cache import stamp_of
from newsletter.project.history import load_history
from newsletter.project.project import Project
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.check.facts.history import History, PastIssue
    from newsletter.config.publication import Workspace
    from newsletter.house.versions import HouseVersions
    from newsletter.lsp.buffer import Buffer
    from newsletter.project.cache import Stamp
    from newsletter.project.project import ParsedIssue

TEMPLATES = "templates"
QUICK = 60_000
"""Characters up to which an issue is made into its e-mail with every change: that takes some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class CheckedIssue:
    """An open issue as it was read and checked."""

    desk: OpenWorkspace
    buffer: Buffer
    reading: ParsedIssue
    findings: tuple[Diagnostic, ...]


class EditedStudio(Project):
    """A project that reads house formats as they are being edited; `lasting` are those that were last in order, by kind."""

    def __init__(self, workspace: Workspace, texts: Mapping[Path, str], lasting: dict[str, HouseVersions]) -> None:
        super().__init__(workspace)
        self.faults: dict[str, tuple[Diagnostic, ...]] = {}
        """By kind, of the house formats that cannot be used."""
        self._texts = texts
        self._lasting = lasting

    def house(self, kind: str) -> HouseVersions:
        """The house formats of `kind`, or the last that were in order.

        Raises UsageError for a kind that is not there, and ConfigurationError where there was none in order yet.
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
        msg = f"{TEMPLATES}/{kind}/{HOUSE} cannot be used"
        raise ConfigurationError(msg, self.faults[kind])


@dataclass(slots=True)
class OpenWorkspace:
    """What is known of the workspace at `root`. One thread at a time works at it."""

    root: Path
    project: EditedStudio | None = None
    """None until newsletter.yaml has been in order once."""
    settings: Settings = field(default_factory=Settings)
    faults: tuple[Diagnostic, ...] = ()
    """Of configuration files."""
    texts: Mapping[Path, str] = field(default_factory=dict)
    """Of the files that were open when the configuration was last read."""
    past: WorkspaceHistory | None = None
    """Of the issues as they are on disk; None until it has been read."""
    _unsaved: dict[str, PastIssue] = field(default_factory=dict)
    """Open issues as later ones will see them, by path."""
    _latest: tuple[WorkspaceHistory, list[PastIssue], History] | None = None
    """The history last asked for, and what it was made from: it knows more, the longer it is used."""
    _lasting: dict[str, HouseVersions] = field(default_factory=dict)
    _looks: dict[str, CheckedIssue] = field(default_factory=dict)
    _elsewhere: dict[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    """By issue that is open, what its e-mail brings up in other files. Never changed, but replaced: others read it, too."""

    # ── Configuration ───────────────────────────────────────────────────────────────────────────────────────────────

    def refresh(self, texts: Mapping[Path, str]) -> None:
        """Reads the configuration anew; `texts` are those of the files that are open."""
        self.texts = texts
        faults: list[Diagnostic] = []
        workspace = self.project.workspace if self.project else None
        try:
            workspace = load_workspace(self.root, texts.get(self.root / CONFIGURATION))
            self.settings = settings_for(workspace)
        except ConfigurationError as error:
            faults += error.diagnostics
        except UsageError:  # newsletter.yaml was taken away
            workspace = None
        except WorldError as error:
            faults.append(Diagnostic(CONFIGURATION, NOWHERE, "CF008", str(error)))
        self.look_again()
        self.project = EditedStudio(workspace, texts, self._lasting) if workspace else None
        if self.project:
            faults += self._house_faults(self.project)
        self.faults = in_order(faults)

    def _house_faults(self, project: EditedStudio) -> list[Diagnostic]:
        """What is wrong with the workspace's own house formats."""
        faults: list[Diagnostic] = []
        for kind in known_kinds((self.root / TEMPLATES,)):
            with suppress(NewsletterError):  # faults are kept; what cannot be read at all is told where it is needed
                project.house(kind)
            faults += project.faults.get(kind, ())
        return faults

    # ── Issues ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def look(self, buffer: Buffer) -> CheckedIssue | None:
        """An open issue, read and checked; None for a file that is no issue, or where nothing is known of the workspace.

        Raises ConfigurationError where its house format, or the words of its language, have never been in order.
        """
        file = self.issue_file(buffer.path)
        if file is None or self.project is None:
            return None
        seen = self._looks.get(file.path)
        if seen is None or seen.buffer is not buffer:
            reading = self.project.read(file, buffer.text)
            found = self._checked(self.project, reading)
            elsewhere = tuple(each for each in found if each.path != file.path)
            self._elsewhere = {**self._elsewhere, file.path: elsewhere}
            found = tuple(each for each in found if each.path == file.path)
            seen = self._looks[file.path] = CheckedIssue(self, buffer, reading, found)
            if reading.readable:
                language = self.project.language(reading.issue.language)
                self._unsaved[file.path] = remembered(reading.issue, reading.house, language)
        return seen

    def _checked(self, project: EditedStudio, reading: ParsedIssue) -> tuple[Diagnostic, ...]:
        """What is found in an issue, and in the templates and colours that its e-mail is made with."""
        history = self._history(reading.file.path)
        if len(reading.source.text) <= QUICK:
            try:
                return check_reading(project, reading, self.settings, history)
            except ConfigurationError as error:
                found = check_reading(project, reading, self.settings, history, mail=False)
                return (*found, *error.diagnostics)
        return check_reading(project, reading, self.settings, history, mail=False)

    @property
    def told(self) -> tuple[Diagnostic, ...]:
        """What is wrong in files that are no issues: with the configuration, and with what open issues are made into."""
        return in_order((*self.faults, *(each for found in self._elsewhere.values() for each in found)))

    def findings_in(self, file: IssueFile, text: str) -> tuple[Diagnostic, ...]:
        """What would be found in an issue if it had this text."""
        if self.project is None:
            return ()
        reading = self.project.read(file, text)
        return check_reading(self.project, reading, self.settings, self._history(file.path), mail=False)

    def look_again(self) -> None:
        """Has open issues read and checked anew: something that they depend on has changed."""
        self._looks.clear()
        self._elsewhere = {}

    def close(self, path: Path) -> None:
        """Forgets an issue that is no longer open."""
        if file := self.issue_file(path):
            self._unsaved.pop(file.path, None)
            self._looks.pop(file.path, None)
            self._elsewhere = {path: found for path, found in self._elsewhere.items() if path != file.path}

    def issue_file(self, path: Path) -> IssueFile | None:
        """Where an issue stands; None for a file that is none."""
        match self.relative(path).split("/"):
            case [folder, name, "index.md"] if folder == ISSUES and not name.startswith("."):
                return IssueFile(f"{ISSUES}/{name}/index.md", f"{ISSUES}/{name}", name)
            case [folder, name] if folder == ISSUES and name.endswith(".md") and not name.startswith("."):
                return IssueFile(f"{ISSUES}/{name}", ISSUES, name.removesuffix(".md"))
        return None

    def is_configuration(self, path: Path) -> bool:
        """Whether a file decides how issues are read and checked: newsletter.yaml, or one below templates/."""
        relative = self.relative(path)
        return relative == CONFIGURATION or relative.startswith(f"{TEMPLATES}/")

    def relative(self, path: Path) -> str:
        """A path in the workspace, with forward slashes; "" for one that is not in it."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else ""

    def _history(self, path: str) -> History | None:
        """The history, with the other open issues as they are now."""
        if self.past is None:
            return None
        others = [past for other, past in self._unsaved.items() if other != path]
        if self._latest is None or self._latest[0] is not self.past or self._latest[1] != others:
            history = self.past.history
            for past in others:
                history = history.including(past)
            self._latest = self.past, others, history
        return self._latest[2]


# ── What ran before, read from disk: for the rules about it, and for what is offered while writing ────────────────────


if TYPE_CHECKING:
    Tagged = tuple[Stamp | None, tuple[str, ...]]
    """The stamp of an issue's file, and its tags."""


@dataclass(frozen=True, slots=True)
class WorkspaceHistory:
    """What is known of the issues of a workspace, as they are on disk."""

    history: History
    tagged: Mapping[str, Tagged]
    """The tags of each issue, by its path."""

    @property
    def tags(self) -> list[str]:
        """All that were used, the most frequent first."""
        counts = Counter(tag for _, tags in self.tagged.values() for tag in tags)
        return sorted(counts, key=lambda tag: (-counts[tag], tag))


def past_of(root: Path, before: WorkspaceHistory | None = None) -> WorkspaceHistory | None:
    """The past of a workspace, read by a project of its own; None where its configuration cannot be used.

    `before` is what was known last: files that are as they were then are not read again.
    """
    try:
        project = Project(load_workspace(root))
        return WorkspaceHistory(load_history(project, processes=1), _tagged(project, before.tagged if before else {}))
    except (NewsletterError, OSError):  # its faults are told by those who need it; files come and go
        return None


def _tagged(project: Project, before: Mapping[str, Tagged]) -> dict[str, Tagged]:
    root, zone = project.workspace.root, project.publication.timezone
    found: dict[str, Tagged] = {}
    for file in issue_files(root):
        stamp, known = stamp_of(root / file.path), before.get(file.path)
        if known and known[0] == stamp:
            found[file.path] = known
            continue
        source = Source(read_text(root / file.path, file.path)[0], file.path)
        tags: tuple[str, ...] = ()
        if "\ntags:" in source.text:
            tags = issue_fields(source, read_front(source, zone)[0], file.name, zone)["tags"]
        found[file.path] = stamp, tags
    return found
