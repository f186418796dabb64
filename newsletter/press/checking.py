"""Checking issues of a workspace against their house formats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from newsletter.check import RULES, Mail, Settings, check, settings_for
from newsletter.diagnostics import Diagnostic, Severity
from newsletter.diagnostics import in_order as diagnostics_in_order
from newsletter.press.history import load_history
from newsletter.press.processes import WORTH_IT, in_order
from newsletter.press.studio import Studio
from newsletter.workspace import load_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from newsletter.check.history import History
    from newsletter.check.links_base import LinkAnswer
    from newsletter.press.studio import Reading
    from newsletter.workspace import IssueFile


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, in order."""

    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> bool:
        """Whether any finding is an error."""
        return any(found.severity is Severity.ERROR for found in self.diagnostics)


def check_issues(
    root: Path,
    files: Sequence[IssueFile],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    live: Mapping[str, LinkAnswer] | None = None,
) -> Checked:
    """Checks `files` with the rules that workspace, house format and arguments ask for; prefixes in `select` win.

    `live` is what the web said of their links (newsletter.press.asking), where it was asked.

    Raises UsageError for a rule that does not exist and ConfigurationError for a house format that cannot be used.
    """
    studio, settings = open_check(root, select=select, ignore=ignore)
    return Checked(check_files(studio, files, settings, live))


def open_check(root: Path, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Studio, Settings]:
    """What a check of the workspace at `root` needs. Raises as `check_issues` does."""
    workspace = load_workspace(root)
    return Studio(workspace), settings_for(workspace, select=select, ignore=ignore)


def check_files(
    studio: Studio, files: Sequence[IssueFile], settings: Settings, live: Mapping[str, LinkAnswer] | None = None
) -> tuple[Diagnostic, ...]:
    """Everything found in `files`, in order; many are checked in several processes."""
    if len(files) > WORTH_IT:
        _ = studio.history  # loaded once, before there are several of us
        found: Iterable[tuple[Diagnostic, ...]] = in_order(
            studio, partial(_check_file, settings=settings, live=live), files
        )
    else:
        readings = [studio.read(file) for file in files]
        studio.history = load_history(studio, readings)
        found = (check_reading(studio, reading, settings, studio.history, live) for reading in readings)
    return diagnostics_in_order(finding for of_file in found for finding in of_file)


def _check_file(
    studio: Studio, file: IssueFile, *, settings: Settings, live: Mapping[str, LinkAnswer] | None
) -> tuple[Diagnostic, ...]:
    return check_reading(studio, studio.read(file), settings, studio.history, live)


def check_reading(
    studio: Studio,
    reading: Reading,
    settings: Settings,
    history: History | None = None,
    live: Mapping[str, LinkAnswer] | None = None,
    *,
    mail: bool | Mail = True,
) -> tuple[Diagnostic, ...]:
    """Everything found in one issue, reading it included; what concerns the other issues, where `history` has them.

    With `mail`, its e-mail is made where a rule that counts reads it; or it is given, as made already.
    """
    return check(
        reading.issue,
        reading.house,
        source=reading.source,
        language=studio.language(reading.issue.language),
        root=studio.workspace.root,
        publication=studio.publication,
        others=history.others if history else (),
        settings=settings,
        found=reading.diagnostics,
        history=history,
        live=live,
        mail=_mail(studio, reading, mail) if mail and reading.readable and wants_mail(settings) else None,
    )


def wants_mail(settings: Settings) -> bool:
    """Whether a rule that reads the e-mail counts."""
    return any(rule.family == "EM" and settings.wants(rule.code) for rule in RULES)


def _mail(studio: Studio, reading: Reading, mail: bool | Mail) -> Mail:
    if isinstance(mail, Mail):
        return mail
    from newsletter.press.mailing import mail_of

    return mail_of(studio, reading)
