"""Suggests the next steps in a workspace, for `newsletter` without a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.archive.record import RECORD
from newsletter.build.facts import PUBLIC_FOLDER
from newsletter.build.state import load_state
from newsletter.commands.check import open_check
from newsletter.commands.status import status_of, unfinished
from newsletter.config.workspace import CONFIGURATION, issue_files
from newsletter.files import stamp_of
from newsletter.names import as_argument
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.commands.status import IssueStatus
    from newsletter.config.workspace import IssueFile

MOST = 3
"""The most issues that are named. The status command lists all."""
NEWEST = 12
"""The most issues that are read, by name.

An archive of thousands of issues must not slow down the first command that a person types.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    what: str
    """A sentence without its period."""
    commands: tuple[tuple[str, str], ...]
    """The commands, each with what it does."""


@dataclass(frozen=True, slots=True)
class NextSteps:
    """The state of a publication, and the next steps."""

    title: str
    issues: int
    steps: tuple[Step, ...]


def next_steps(root: Path, now: datetime) -> NextSteps:
    """The next steps in the workspace at `root`. Raises ConfigurationError if newsletter.yaml or a house format has errors."""
    project, _ = open_check(root)
    files = issue_files(root)
    newest = sorted(files, key=lambda file: file.name, reverse=True)[:NEWEST]
    waiting = status_of(root, [*unfinished(project, newest, now=now)], now=now)
    published = len(files) > len(waiting)
    steps = (
        *_configuration(project.invented),
        *_issues(waiting),
        *(_build(root, files) if published and not project.invented else ()),
    )
    if not files or not steps:
        steps = (*steps, _write_the_next(files, recorded=not published or (root / RECORD).exists()))
    return NextSteps(project.publication.title, len(files), steps)


def _configuration(invented: tuple[object, ...]) -> Iterator[Step]:
    if invented:
        count = f"{len(invented)} values" if len(invented) > 1 else "one value"
        yield Step(
            f"{CONFIGURATION} still has {count} from `newsletter init` that you need to replace before you publish",
            (("newsletter check", "list them, each with its line"),),
        )


def _issues(waiting: Sequence[IssueStatus]) -> Iterator[Step]:
    for status in waiting[:MOST]:
        yield _finish(status)
    if len(waiting) > MOST:
        yield Step(f"{len(waiting) - MOST} more are not published yet", (("newsletter status", "list all issues"),))


_STATES = {"draft": "is a draft", "changed": "has changed since it was published,"}
"""States that need more words than "is" and their name."""


def _finish(status: IssueStatus) -> Step:
    name, left = as_argument(status.name), status.errors + status.warnings
    preview = (f"newsletter preview {name}", "see it while you write")
    if status.state == "scheduled" and not status.errors:
        return Step(f"{status.name} is scheduled", ((f"newsletter status {name}", "see its date, sections and words"),))
    if left:
        count = f"{left} findings" if left > 1 else "one finding"
        check = (f"newsletter check {name}", "list what is missing")
        return Step(f"{status.name} {_STATES.get(status.state, f'is {status.state}')} with {count}", (preview, check))
    if status.state == "changed":
        return Step(
            f"{status.name} has changed since it was published, and readers still see the old version",
            (
                (f"newsletter archive diff {name}", "see what changed"),
                (f'newsletter publish {name} --revise "what changed"', "publish the change; readers see the note"),
            ),
        )
    if status.state == "held back":
        return Step(f"{status.name} is held back", ((f"newsletter build {name}", "see why"),))
    return Step(
        f"{status.name} is ready: nothing is missing",
        (
            (f"newsletter send {name} --to YOU@EXAMPLE.ORG", "read it in your own inbox first"),
            (f"newsletter push {name} --to SERVICE", "make it a draft at your mailing service"),
            (
                f"newsletter publish {name}",
                "put it on the web and into the feeds"
                + (", after you remove the line `draft: true`" if status.state == "draft" else ""),
            ),
        ),
    )


def _build(root: Path, files: tuple[IssueFile, ...]) -> Iterator[Step]:
    """Suggests a build if there was none, its pages are gone, or an issue was saved after it."""
    saved = load_state(root).saved
    changed = [file.name for file in files if _is_stale(root, file, saved)]
    if not saved:
        what = "Nothing has been built yet" if changed else ""
    elif not (root / PUBLIC_FOLDER).is_dir():
        what = f"The folder {PUBLIC_FOLDER}/ is gone"
    else:
        count = f"{len(changed)} issues have" if len(changed) > 1 else "".join(f"{name} has" for name in changed)
        what = f"{count} changed since the last build" if changed else ""
    if what:
        yield Step(what, (("newsletter build", "make the emails, the web archive and the feeds"),))


def _is_stale(root: Path, file: IssueFile, saved: int) -> bool:
    stamp = stamp_of(root / file.path)
    return stamp is not None and stamp[0] > saved


def _write_the_next(files: tuple[IssueFile, ...], *, recorded: bool) -> Step:
    """Suggests a new issue; before it, a record of what is on the web, if there is none."""
    what = "Everything is built and nothing is missing" if files else "There are no issues yet"
    record = ("newsletter publish --all-past", "freeze what is on the web in archive/, with a record of it")
    new = ('newsletter new "Title"', "draft the next issue" if files else "draft the first issue")
    return Step(what, (new,) if recorded else (record, new))
