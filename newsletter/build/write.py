"""The last steps of a build: makes index and feeds if their content has changed, then writes everything as one change.

Leftover outputs of earlier builds are removed, and the new state is saved.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from newsletter.archive.record import ARCHIVE, Trace, traces_of
from newsletter.build.facts import EMAIL_FOLDER, PUBLIC_FOLDER, IssueFacts
from newsletter.build.ids import refuse_new_ids
from newsletter.build.plan import are_intact, key_of, look_at_needs
from newsletter.build.removal import leaving, refuse_many
from newsletter.build.state import MANIFEST, OUTPUTS, dump_manifest, load_manifest, may_be_ours, save_state
from newsletter.errors import UsageError
from newsletter.files import stamp_of
from newsletter.memory import FOLDER
from newsletter.project.cache import digest, is_recent
from newsletter.records import dataclass
from newsletter.writing import clear_folder, clear_left_over, content_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.archive.redirects import Redirect
    from newsletter.build.facts import Made
    from newsletter.build.feeds import FeedEntry
    from newsletter.build.plan import Build, BuildIssue
    from newsletter.build.removal import Warn
    from newsletter.build.state import Remembered
    from newsletter.files import Stamp
    from newsletter.model import Published
    from newsletter.project.project import Project
    from newsletter.writing import FileContent


@dataclass(frozen=True, slots=True)
class WrittenOutputs:
    """The files that were written, relative to the workspace."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    site_left: bool
    """Whether index and feeds were left unchanged."""


def write(
    work: Build,
    now: datetime,
    *,
    whole: bool,
    remove: bool = False,
    warn: Warn | None = None,
    frozen: Mapping[str, bytes] | None = None,
) -> WrittenOutputs:
    """Writes the outputs of a build, with index and feeds.

    With `whole`, all other outputs of earlier builds are removed.

    With `frozen`, the files for the archive, everything is written as one change that a crash cannot split. `warn` is
    called for each published issue before it is removed. Raises UsageError, and writes nothing, if many would be
    removed, unless `remove` is set.
    """
    manifest = load_manifest(work.root)
    earlier = _earlier_outputs(work, manifest) | work.state.site_outputs.keys()
    outputs: dict[str, FileContent] = _outputs_of_issues(work)
    # If only some issues are built and no earlier build has recorded the others, index and feeds stay as they are.
    # They are not made with placeholder values from `newsletter init` either.
    known = (whole or bool(work.state.site_key)) and not work.settings.invented
    shown: list[BuildIssue] = []
    if known:
        shown = [issue for issue in work.issues if issue.public and (whole or issue.memory.facts or issue.has_page())]
        outputs.update(_site(work, shown, outputs))
    elif work.settings.invented and not work.state.site_key:
        outputs.update(_style_of_drafts(work))
    expected = work.state.site_outputs.keys() | {name for issue in work.issues for name in issue.memory.outputs}
    # An output that an issue no longer has is removed at once, even if few issues are built: it may be for paying
    # readers now.
    gone = sorted(manifest - expected if whole else manifest & earlier - expected)
    gone = [name for name in gone if may_be_ours(work.root, name)]
    kept = expected if whole else (manifest | expected) - set(gone)
    if outputs or gone or frozen:
        _refuse_links(work)
        going, published = leaving(work, manifest, gone, now) if known else ((), 0)
        if not remove:
            if known:  # an issue with another id would seem to be removed
                ids = [issue.facts.id for issue in work.issues]
                refuse_new_ids(work.root, [issue.facts for issue in shown], ids)
            refuse_many(going, published, now)
        for one in going:
            if warn:
                warn(f"removed: {one.name} ({one.why})")
        _clear_left_over(work, manifest)
    written = _put_in_place(work.root, outputs, gone, manifest, kept, frozen)
    if work.made or outputs or gone:
        _save(work)
    return WrittenOutputs(written, tuple(gone), site_left=not known)


def _clear_left_over(work: Build, manifest: Collection[str]) -> None:
    """Removes temporary files that killed processes left.

    Of the folders for outputs, only those that have changed since the last build can have one, and the manifest was
    written before anything else. To list all folders of 10,000 issues takes five times as long.
    """
    archive = [ARCHIVE] if work.record else []
    if not (manifest and work.state.saved):
        clear_left_over(work.root, (*OUTPUTS, *archive, FOLDER))
        return
    clear_left_over(work.root, (*archive, FOLDER))
    folders = {name.rpartition("/")[0] for name in manifest}
    for folder in sorted(folders.union(OUTPUTS)):
        if is_recent(stamp_of(f"{work.root}/{folder}"), work.state.saved) and may_be_ours(work.root, f"{folder}/any"):
            clear_folder(f"{work.root}/{folder}")


def _refuse_links(work: Build) -> None:
    """Raises UsageError if an output folder is a link: files behind it are not ours to write or remove."""
    here = {issue.file.path for issue in work.issues}
    slugs = {issue.facts.slug for issue in work.issues if issue.file.path in work.made}
    slugs |= {str(old.facts.get("slug")) for path, old in work.state.issues.items() if path not in here}
    for folder in (*OUTPUTS, *(f"{top}/{slug}" for slug in sorted(slugs) for top in (PUBLIC_FOLDER, EMAIL_FOLDER))):
        if (work.root / folder).is_symlink():
            raise UsageError(
                f"{folder} is a symbolic link: nothing is written or removed through it", hint="Put a folder there."
            )


def _earlier_outputs(work: Build, manifest: frozenset[str]) -> set[str]:
    """The earlier outputs of the issues that were made again, and of those that were removed."""
    made = [issue for issue in work.issues if issue.file.path in work.made]
    here = {issue.file.path for issue in work.issues}
    gone = [old for path, old in work.state.issues.items() if path not in here]
    earlier = {name for memory in (*(issue.memory for issue in made), *gone) for name in memory.outputs}
    # If there is no stored state of an issue, the files in its folders are its outputs.
    folders = tuple(f"{top}/{issue.facts.slug}/" for issue in made for top in (PUBLIC_FOLDER, EMAIL_FOLDER))
    return earlier | {name for name in manifest if folders and name.startswith(folders)}


def _outputs_of_issues(work: Build) -> dict[str, FileContent]:
    """The files to write for the issues that were made again, each with the entry of the state."""
    outputs: dict[str, FileContent] = {}
    for issue in work.issues:
        if made := work.made.get(issue.file.path):
            outputs.update(made.outputs)
            outputs.update(_pictures(work.root, made, issue.memory))
            _remember(work, issue, made)
    return outputs


def _pictures(root: Path, made: Made, memory: Remembered) -> dict[str, bytes]:
    """The pictures of an issue that are not in place yet. Their names depend on their content."""
    from newsletter.build.pictures import stored_picture

    missing = {}
    for name, stored in made.pictures.items():
        stamp = memory.outputs.get(name)
        if stamp is None or stamp_of(root / name) != stamp:
            missing[name] = stored_picture(root, stored, made.images)
    return missing


def _put_in_place(
    root: Path,
    outputs: dict[str, FileContent],
    gone: list[str],
    manifest: frozenset[str],
    expected: Collection[str],
    frozen: Mapping[str, bytes] | None = None,
) -> tuple[str, ...]:
    if not (outputs or gone or frozen) and manifest == expected:
        return ()
    from newsletter.writing import write_all

    known = {*expected, *gone}
    if manifest != known:
        # Before the outputs, including those to be removed: after a crash in between, a manifest knows every file.
        write_all(root, {MANIFEST: dump_manifest(known)}, links=False)
    if frozen:
        from newsletter.project.transaction import write_as_one

        written = write_as_one(root, {**outputs, **frozen}, remove=gone).written
    else:
        written = write_all(root, outputs, remove=gone, links=False).written
    if gone:
        write_all(root, {MANIFEST: dump_manifest(expected)}, links=False)
    return tuple(written)


SiteEntry = tuple[dict[str, Any], str, str]
"""The facts of a published issue as plain values, its full text for feeds, and that for the feed of a campaign."""


def _site(work: Build, public: Sequence[BuildIssue], of_issues: Mapping[str, FileContent]) -> dict[str, FileContent]:
    from newsletter.build.feeds import entry_marks, feed_files
    from newsletter.build.site import archive_files, search_files, searched_text, trace_outputs

    state = work.state
    entries = [_feed_entry(work, issue) for issue in public]
    marks = entry_marks(entries)
    key = _site_key(work.base + searched_text(work, public), marks, traces_of(work.record))
    if key == state.site_key and are_intact(work.root, state.site_outputs):
        return {}
    before, stamps = state.feed_keys, state.site_outputs
    published = _published(work.project, [entry.facts for entry in entries])
    pages_key = digest(work.base, *(entry.mark for entry in entries))
    pages = archive_files(work.project, published, base=work.base, state=state, same=pages_key == state.pages_key)
    feeds = feed_files(
        work.project,
        entries,
        work.texts.text,
        base=work.base,
        is_current=lambda name, key: before.get(name) == key and are_intact(work.root, {name: stamps.get(name)}),
        published=published,
        marks=marks,
    )
    others = search_files(work, public, of_issues)
    if work.record:
        others |= trace_outputs(work.project, work.record)
    facts = [entry.facts for entry in entries]
    former = _former(work.project, facts, {*pages.made, *pages.kept, *others, *feeds.names})
    others = _former_files(work, former) | others
    state.site_key, state.site_pages, state.feed_keys = key, pages.pages, feeds.keys
    state.pages_key = pages_key
    state.site_outputs = dict.fromkeys((*pages.made, *others, *feeds.names)) | {
        name: stamps[name] for name in pages.kept
    }
    return {**pages.made, **others, **feeds.outputs}


def _feed_entry(work: Build, issue: BuildIssue) -> FeedEntry:
    """The entry of an issue in the feeds.

    If it could not be made again and its stored text is missing, the entry has only its title.
    """
    from newsletter.build.feeds import FeedEntry, mark_of

    last = issue.last()
    text, campaign = (name if work.texts.has(name) else "" for name in (last.feed, last.campaign))
    return FeedEntry(last.facts, text, campaign, last.mark or mark_of(last.facts))


def _style_of_drafts(work: Build) -> dict[str, bytes]:
    """The style of the pages below build/, if there are no published pages to share it with."""
    if are_intact(work.root, work.state.site_outputs):
        return {}
    from newsletter.archive.site import site_assets

    outputs = {f"{EMAIL_FOLDER}/{name}": content for name, content in site_assets(work.project.page_theme).items()}
    work.state.site_outputs = dict.fromkeys(outputs)
    return outputs


def _site_key(base: str, marks: Sequence[str], traces: Sequence[Trace] = ()) -> str:
    """The hash of everything that index, feeds and the pages at former addresses depend on."""
    return digest(base, json.dumps(traces), *marks)


def site_outputs(project: Project, entries: Sequence[SiteEntry]) -> dict[str, bytes]:
    """The pages of the archive, the style and the feeds, by path relative to the workspace.

    `entries` are oldest first.
    """
    from newsletter.build.feeds import FeedEntry, feed_files
    from newsletter.build.site import archive_files

    feed_entries = [FeedEntry(*entry) for entry in entries]
    feeds = feed_files(project, feed_entries, lambda text: text).outputs  # each text is complete
    made = {name: content_of(given) for name, given in feeds.items()}
    return {**archive_files(project, _published(project, [facts for facts, *_ in entries])).made, **made}


def _former(project: Project, entries: Sequence[dict[str, Any]], outputs: Collection[str]) -> Sequence[Redirect]:
    """The former addresses of issues, each with the current one.

    Addresses that have a page of their own again are left out.
    """
    if not any(facts.get("former") for facts in entries):
        return ()
    from newsletter.archive.redirects import Redirect, former_redirects
    from newsletter.project.project import TAKEN

    pages = {f"{facts['slug']}/index.html" for facts in entries}
    taken = {name.removeprefix(f"{PUBLIC_FOLDER}/") for name in outputs if name.startswith(f"{PUBLIC_FOLDER}/")}
    former = (
        (facts.get("former", ()), Redirect("", f"{facts['slug']}/", facts["title"], facts.get("language", "")))
        for facts in entries
    )
    return former_redirects(former, project.publication.url, {*pages, *taken, *TAKEN})


def _former_files(work: Build, former: Sequence[Redirect]) -> dict[str, bytes]:
    """A page at each former address, and a line for the host, as for issues that moved."""
    if not (former or work.record):
        return {}
    from newsletter.archive.redirects import redirect_pages
    from newsletter.build.site import host_file

    made = redirect_pages(former, work.project.publication.url)
    pages = {f"{PUBLIC_FOLDER}/{name}": page for name, page in made.items()}
    return pages | host_file(work.project, work.record, former)


def _published(project: Project, facts: Sequence[dict[str, Any]]) -> list[Published]:
    return [IssueFacts(**each).published(project.publication, "") for each in facts]


def _remember(work: Build, issue: BuildIssue, made: Made) -> None:
    from newsletter.build.feeds import mark_of

    memory = issue.memory
    memory.needs = dict.fromkeys(made.needs, (None, ""))
    look_at_needs(work, memory)
    memory.facts, memory.mark = made.facts, mark_of(made.facts)
    memory.errors, memory.base = made.errors, work.base
    memory.feed, memory.campaign = made.feed, made.campaign
    memory.outputs = {**dict.fromkeys(made.outputs), **{name: memory.outputs.get(name) for name in made.pictures}}
    if issue.job:
        memory.key = key_of(work.base, memory, issue.job)


def _save(work: Build) -> None:
    work.texts.keep()
    state = work.state
    state.issues = {issue.file.path: issue.last() for issue in work.issues if issue.last().facts}
    for issue in work.issues:
        if issue.file.path in work.made:
            issue.memory.outputs = _stamped(work.root, issue.memory.outputs)
    state.site_outputs = _stamped(work.root, state.site_outputs)
    if work.made:
        from newsletter.build.pictures import prune

        shown = {name.rpartition("/")[2] for issue in work.issues for name in issue.memory.outputs}
        prune(work.root, shown, time.time())
        texts = {text for issue in work.issues for text in (issue.last().feed, issue.last().campaign)}
        work.texts.prune(texts, time.time())
    state.saved = time.time_ns()
    save_state(work.root, state)


def _stamped(root: Path, outputs: Collection[str]) -> dict[str, Stamp | None]:
    return {name: stamp_of(f"{root}/{name}") for name in outputs}
