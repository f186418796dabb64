"""The last step of a build: everything is put in place at once, what is left over is removed, and what was done is remembered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from newsletter.build.facts import EMAIL_FOLDER, PUBLIC_FOLDER
from newsletter.build.plan import are_intact, key_of, look_at_needs
from newsletter.build.state import MANIFEST, STATE, dump_manifest, dump_state, load_manifest
from newsletter.project.cache import stamp_of
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from newsletter.build.facts import Made
    from newsletter.build.plan import Build, BuildIssue
    from newsletter.build.state import Remembered


@dataclass(frozen=True, slots=True)
class Written:
    """What was put in place, relative to the workspace."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    site_left: bool
    """Whether index and feeds are as they were."""


def write(work: Build, *, whole: bool) -> Written:
    """Writes what was made, and index and feeds with it. With `whole`, nothing else stays of what earlier builds wrote."""
    manifest = load_manifest(work.root)
    earlier = _earlier_outputs(work, manifest)
    outputs = _outputs_of_issues(work)
    # Where only some issues are built and no earlier build tells of the others, index and feeds stay as they are.
    known = whole or bool(work.state.site_key)
    if known:
        shown = [issue for issue in work.issues if issue.public and (whole or issue.memory.facts or issue.stands())]
        outputs.update(_site(work, shown))
    expected = work.state.site_outputs.keys() | {name for issue in work.issues for name in issue.memory.outputs}
    # What an issue no longer has goes at once, however few are built: it may not be for everybody any more.
    gone = sorted(manifest - expected if whole else manifest & earlier - expected)
    kept = expected if whole else (manifest | expected) - set(gone)
    written = _put_in_place(work.root, outputs, gone, manifest, kept)
    if work.made or outputs or gone:
        _save(work)
    return Written(written, tuple(gone), site_left=not known)


def _earlier_outputs(work: Build, manifest: frozenset[str]) -> set[str]:
    """What earlier builds made of the issues that were made anew, and of those that are gone."""
    made = [issue for issue in work.issues if issue.file.path in work.made]
    here = {issue.file.path for issue in work.issues}
    gone = [old for path, old in work.state.issues.items() if path not in here]
    earlier = {name for memory in (*(issue.memory for issue in made), *gone) for name in memory.outputs}
    # Where nothing is remembered of an issue, its folders tell what was made of it.
    folders = tuple(f"{top}/{issue.facts.slug}/" for issue in made for top in (PUBLIC_FOLDER, EMAIL_FOLDER))
    return earlier | {name for name in manifest if folders and name.startswith(folders)}


def _outputs_of_issues(work: Build) -> dict[str, bytes]:
    """What is to be written of the issues that were made anew, each remembered as it will be then."""
    outputs: dict[str, bytes] = {}
    for issue in work.issues:
        if made := work.made.get(issue.file.path):
            outputs.update(made.outputs)
            outputs.update(_pictures(work.root, made, issue.memory))
            _remember(work, issue, made)
    return outputs


def _pictures(root: Path, made: Made, memory: Remembered) -> dict[str, bytes]:
    """The pictures of an issue that do not stand where they should yet. Their names follow their content."""
    missing = {}
    for name, stored in made.pictures.items():
        stamp = memory.outputs.get(name)
        if stamp is None or stamp_of(root / name) != stamp:
            missing[name] = (root / stored).read_bytes()
    return missing


def _site(work: Build, public: Sequence[BuildIssue]) -> dict[str, bytes]:
    from newsletter.build.site import site_key, site_outputs

    state = work.state
    entries = [(issue.last().facts, issue.last().feed) for issue in public]
    key = site_key(work.base, entries)
    if key == state.site_key and are_intact(work.root, state.site_outputs):
        return {}
    outputs = site_outputs(work.project, entries)
    state.site_key, state.site_outputs = key, dict.fromkeys(outputs)
    return outputs


def _put_in_place(
    root: Path, outputs: dict[str, bytes], gone: list[str], manifest: frozenset[str], expected: Collection[str]
) -> tuple[str, ...]:
    if not (outputs or gone) and manifest == expected:
        return ()
    from newsletter.files import write_all

    known = {*expected, *gone}
    if manifest != known:
        # Before the outputs, and with those about to go: a crash in between leaves nothing that no manifest knows.
        write_all(root, {MANIFEST: dump_manifest(known)})
    written = write_all(root, outputs, remove=gone).written
    if gone:
        write_all(root, {MANIFEST: dump_manifest(expected)})
    return tuple(written)


# ── Remembered for the next build ───────────────────────────────────────────────────────────────────────────────────


def _remember(work: Build, issue: BuildIssue, made: Made) -> None:
    memory = issue.memory
    memory.needs = dict.fromkeys(made.needs, (None, ""))
    look_at_needs(work, memory)
    memory.facts, memory.feed = made.facts, made.feed
    memory.outputs = {**dict.fromkeys(made.outputs), **{name: memory.outputs.get(name) for name in made.pictures}}
    if issue.job:
        memory.key = key_of(work.base, memory, issue.job)


def _save(work: Build) -> None:
    from newsletter.files import write_all

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
    state.saved = time.time_ns()
    write_all(work.root, {STATE: dump_state(state)})


def _stamped(root: Path, outputs: Collection[str]) -> dict[str, tuple[int, int] | None]:
    return {name: stamp_of(f"{root}/{name}") for name in outputs}
