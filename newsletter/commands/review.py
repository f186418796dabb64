"""Facts about each changed issue for its reviewer.

These are the inbox row, the size of the email, the findings, and the changes that readers see.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING

from newsletter.commands.check import each_checked, open_check
from newsletter.config.workspace import issue_files
from newsletter.diagnostics import Severity, in_order
from newsletter.drafts.comparing import seen
from newsletter.errors import NewsletterError, UsageError, WorldError
from newsletter.project.letters import letter_of, render_email
from newsletter.project.project import open_project
from newsletter.project.selection import issues_with
from newsletter.records import dataclass
from newsletter.tokens import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project
    from newsletter.render.letter import Letter

_AT_MOST = 20
"""The most findings and changes of one issue that are listed."""
_LONGEST = 160
"""The longest changed passage that is shown, in characters."""
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#|~!])")
"""The characters that the Markdown of a code host would interpret."""


@dataclass(frozen=True, slots=True)
class IssueReview:
    """One issue of a change."""

    name: str
    path: str
    subject: str
    preheader: str
    sender: str
    size: int
    """Bytes of the email."""
    words: int
    found: tuple[Diagnostic, ...]
    is_new: bool
    changes: tuple[str, ...]
    """The passages, links and pictures that were added or removed for readers, one line each."""
    unreadable: str = ""
    """Why the issue cannot be rendered; empty if it can."""


def changed_issues(root: Path, since: str) -> tuple[IssueFile, ...]:
    """The issues that differ from the commit `since`.

    Raises UsageError for an unknown commit, WorldError without git.
    """
    _commit(root, since)
    names = _git(root, "diff", "--name-only", "--relative", "-z", since, "--", ".")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    files = issue_files(root)
    wanted: dict[str, IssueFile] = {}
    for name in f"{names}{new}".split("\0"):
        for file in issues_with(name, files) if name else ():
            wanted[file.path] = file
    return tuple(sorted(wanted.values(), key=lambda file: file.path))


def finished(root: Path, files: Sequence[IssueFile]) -> Iterator[str]:
    """The names of the issues that are not drafts."""
    project = open_project(root)
    for file in files:
        parsed = project.read_front(file)
        if parsed.readable and not parsed.issue.draft:
            yield file.name


def review(root: Path, files: Sequence[IssueFile], since: str = "") -> Iterator[IssueReview]:
    """The reviews of the issues in `files`, compared with the commit `since` if one is given."""
    project, settings = open_check(root)
    yield from each_checked(project, settings, files, partial(_reviewed, since=since))


def _reviewed(project: Project, parsed: ParsedIssue, found: tuple[Diagnostic, ...], *, since: str) -> IssueReview:
    file = parsed.file
    found = in_order(each for each in found if each.path == file.path)
    before = _before(project.workspace.root, file, since) if since else None
    try:
        html, letter = _html(project, parsed)
    except NewsletterError as error:
        return IssueReview(file.name, file.path, "", "", "", 0, 0, found, before is None, (), str(error))
    was = ""
    if before is not None:
        try:
            was, _ = _html(project, project.read(file, before))
        except NewsletterError:
            was = ""
    return IssueReview(
        file.name,
        file.path,
        letter.subject,
        letter.preheader or letter.issue.summary,
        project.publication.sender.name,
        len(html.encode()),
        len(seen(html).words),
        found if parsed.readable else (*parsed.diagnostics,),
        bool(since) and before is None,
        tuple(changes(was, html)) if was else (),
    )


def _html(project: Project, parsed: ParsedIssue) -> tuple[str, Letter]:
    """The email for all readers, with personal fields at their fallbacks."""
    letter = letter_of(project, parsed)
    return fill(render_email(project, letter).html, lambda name, fallback: fallback or f"[{name}]"), letter


def changes(was: str, now: str) -> Iterator[str]:
    """The passages, links and pictures that one email has and the other does not have."""
    before, after = seen(was), seen(now)
    for kind, a, b, c, d in SequenceMatcher(None, before.words, after.words, autojunk=False).get_opcodes():
        old, new = _cut(" ".join(before.words[a:b])), _cut(" ".join(after.words[c:d]))
        if kind == "replace":
            yield f"“{old}” is now “{new}”"
        elif kind == "delete":
            yield f"gone: “{old}”"
        elif kind == "insert":
            yield f"new: “{new}”"
    for what, had, has in (("link", before.links, after.links), ("picture", before.pictures, after.pictures)):
        yield from (f"{what} gone: {each}" for each in Counter(had) - Counter(has))
        yield from (f"{what} new: {each}" for each in Counter(has) - Counter(had))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def as_markdown(reviews: Iterable[IssueReview], *, preview: str = "") -> str:
    """A comment for a pull request. `preview` is the address of the exported preview."""
    parts = [_part(each) for each in reviews]
    if not parts:
        return "No issue is changed.\n"
    link = f"\n[Look at the letters as readers will see them]({preview})\n" if preview else ""
    return "\n".join(parts) + link


def _part(each: IssueReview) -> str:
    lines = [f"### {_safe(each.subject or each.name)}{' (new)' if each.is_new else ''}", ""]
    if each.unreadable:
        lines += [f"Nothing can be made of it: {_safe(each.unreadable)}", ""]
    else:
        row = f"**{_safe(each.sender)}** · {_safe(each.subject)} — {_safe(each.preheader)}"
        lines += [f"> {row}", "", f"{each.size / 1024:.0f} KB email · {each.words:,} words", ""]
    lines += _findings(each)
    if each.changes:
        lines += ["<details><summary>What readers get that is new</summary>", ""]
        lines += _listed([f"- {_safe(change)}" for change in each.changes])
        lines += ["", "</details>", ""]
    return "\n".join(lines)


def _findings(each: IssueReview) -> list[str]:
    if not each.found:
        return ["No findings.", ""]
    errors = sum(found.severity is Severity.ERROR for found in each.found)
    totals = [f"{errors} {'error' if errors == 1 else 'errors'}"] if errors else []
    rest = len(each.found) - errors
    totals += [f"{rest} {'warning' if rest == 1 else 'warnings'}"] if rest else []
    rows = [f"- line {found.span.line}: **{found.code}** {_safe(found.message)}" for found in each.found]
    return [f"{' and '.join(totals)}:", "", *_listed(rows), ""]


def _listed(rows: list[str]) -> list[str]:
    more = len(rows) - _AT_MOST
    return rows if more <= 0 else [*rows[:_AT_MOST], f"- and {more} more"]


def _safe(text: str) -> str:
    """Escapes a text for Markdown and HTML. It is put on one line, and an `@` in it notifies nobody."""
    line = " ".join(text.split())
    return _ACTIVE.sub(r"\\\1", line).replace("@", "@\N{ZERO WIDTH SPACE}").replace("&", "&amp;")


def _commit(root: Path, since: str) -> None:
    if since.startswith("-") or not since.strip():
        raise UsageError(f"`{since}` is not a commit", hint="Name a branch, a tag or a commit, as in origin/main.")
    _git(root, "rev-parse", "--verify", "--quiet", f"{since}^{{commit}}", refused=f"`{since}` is not a commit here")


def _before(root: Path, file: IssueFile, since: str) -> str | None:
    """The text of an issue in a commit; None if it was not there."""
    if not _git(root, "ls-tree", "--name-only", since, "--", file.path):
        return None
    return _git(root, "show", f"{since}:./{file.path}")


def _git(root: Path, *arguments: str, refused: str = "") -> str:
    try:
        done = subprocess.run(  # noqa: S603 - what is asked of it is ours; a commit begins with no dash
            ["git", "-C", str(root), "--no-pager", *arguments],  # noqa: S607 - the git of whoever calls us
            capture_output=True,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WorldError(f"git does not run: {error}", hint="Install git, or leave out --since.") from error
    if done.returncode:
        message = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise UsageError(
            refused or f"git says: {message}", hint="In CI, fetch the branch to compare with: fetch-depth: 0."
        )
    return done.stdout.decode("utf-8", "replace")
