"""Whatever a writer does in whatever order, and whenever a process dies: no id is used twice, nothing is lost, and what readers see is what the record says.

A model keeps what should be so; after each step the publication is built and held against it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import newsletter.writing
from newsletter.archive.record import RECORD, load_record
from newsletter.build.pipeline import build
from newsletter.errors import FindingsError, UsageError
from newsletter.names import same_file_key
from tests.archive.places import NOW, entries, is_whole, listed, page, pages, publish_in, put, start, text, unpublish_in

if TYPE_CHECKING:
    from collections.abc import Callable

SEARCH = settings.get_current_profile_name() == "search"
NAMES = st.sampled_from(["ports", "cranes", "Ports", "c++", "c#", "\u00e9t\u00e9"])
SLUGS = st.sampled_from(["ports", "harbours", "Harbours", "cranes", "c", "\u00e9t\u00e9"])
_DIED = 9
CALLS = ("open", "replace", "unlink", "mkdir", "rmdir", "fsync", "chmod")


@dataclass
class Known:
    """An issue that was published, as it should be."""

    title: str
    slug: str
    body: str
    folder: str
    slugs: list[str] = field(default_factory=list)
    revisions: int = 0
    withdrawn: bool = False


class Publication(RuleBasedStateMachine):
    """Drafts, publishes, revises, renames, withdraws, deletes, and dies in between."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="newsletter-machine-"))
        self.now = NOW
        self.sources: dict[str, tuple[str, str]] = {}
        """By what its id calls it, the slug and the body of an issue."""
        self.folders: dict[str, str] = {}
        """And the name of its folder."""
        self.slugged: set[str] = set()
        """Those that say in their front matter what their slug is."""
        self.known: dict[str, Known] = {}
        """By what its id calls it, each issue that was published."""
        self.record = b""
        self.frozen: dict[str, bytes] = {}

    @initialize()
    def begin(self) -> None:
        start(self.root, "first")  # as the first to be published takes all others over
        publish_in(self.root, "first", now=self.now)
        self.known["first"] = Known("On first", "first", "Ships wait for days.", "first")
        self.sources["first"] = "first", "Ships wait for days."
        self.folders["first"] = "first"

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def tick(self) -> None:
        self.now += timedelta(hours=1)

    def write(self, name: str, slug: str, body: str) -> None:
        self.sources[name] = slug, body
        self.slugged.add(name)
        folder = self.folders.setdefault(name, name)
        put(self.root, f"issues/{folder}/index.md", text(f"On {name}", body, more=f'id: "{name}"\nslug: "{slug}"\n'))

    # ── What a writer does ────────────────────────────────────────────────────────────────────────────────────────────

    @rule(name=NAMES, slug=SLUGS, body=st.sampled_from(["Ships.", "Cranes.", "Locks."]))
    def write_or_change(self, name: str, slug: str, body: str) -> None:
        if name not in self.folders and (self.is_taken(name) or self.is_place_of_another(name, name)):
            return
        if self.is_address_of_another(name, slug):
            return
        self.write(name, slug, body)

    def id_of(self, name: str) -> str:
        found = load_record(self.root).by_name(name)
        assert found
        return found.id

    def is_address_of_another(self, name: str, slug: str) -> bool:
        """Whether an issue of another name has this slug now, published or not: FM108."""
        return same_file_key(slug) in {same_file_key(own) for other, (own, _) in self.sources.items() if other != name}

    def is_place_of_another(self, name: str, folder: str) -> bool:
        """Whether an issue of another name was published from this folder last: what stands there is that issue (matching.py)."""
        return any(
            other != name and not issue.withdrawn and issue.folder == folder for other, issue in self.known.items()
        )

    def is_taken(self, folder: str) -> bool:
        """Whether an issue stands in a folder of this name, on some system."""
        return same_file_key(folder) in set(map(same_file_key, self.folders.values()))

    @precondition(lambda self: self.sources)
    @rule(data=st.data(), folder=st.sampled_from(["moved", "elsewhere", "ports", "cranes"]))
    def move(self, data: st.DataObject, folder: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.sources)))
        own, body = self.sources[name]
        slug = own if name in self.slugged else folder  # one that names none has that of its folder
        if (
            self.is_taken(folder)
            or self.is_place_of_another(name, folder)
            or (slug != own and self.is_address_of_another(name, slug))
        ):
            return
        (self.root / "issues" / self.folders[name]).rename(self.root / "issues" / folder)
        self.folders[name] = folder
        self.sources[name] = slug, body

    @precondition(lambda self: self.sources)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.sources)))
        del self.sources[name]
        shutil.rmtree(self.root / "issues" / self.folders.pop(name))

    @precondition(lambda self: self.sources)
    @rule(data=st.data())
    def publish(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.sources)))
        self.tick()
        expected = self.outcome(name, revising=False)
        if isinstance(expected, str):
            with pytest.raises(FindingsError) as error:
                publish_in(self.root, self.folders[name], now=self.now)
            assert expected in {found.code for found in error.value.diagnostics}
        else:
            publish_in(self.root, self.folders[name], now=self.now)
            self.known[name] = expected

    @precondition(lambda self: self.sources)
    @rule(data=st.data())
    def revise(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.sources)))
        self.tick()
        expected = self.outcome(name, revising=True)
        if isinstance(expected, str):
            with pytest.raises(FindingsError) as error:
                publish_in(self.root, self.folders[name], now=self.now, revise="A change.")
            assert expected in {found.code for found in error.value.diagnostics}
        else:
            publish_in(self.root, self.folders[name], now=self.now, revise="A change.")
            self.known[name] = expected

    @rule(name=NAMES)
    def withdraw(self, name: str) -> None:
        self.tick()
        if name not in self.known:
            names = {called for issue in self.known.values() for called in (issue.slug, issue.folder)}
            if name in names.union(self.folders.values()):
                return  # which names that one
            with pytest.raises(UsageError):
                unpublish_in(self.root, name, now=self.now)
        else:
            unpublish_in(self.root, self.id_of(name), now=self.now)
            self.known[name].withdrawn = True

    @precondition(lambda self: self.sources)
    @rule(data=st.data(), revising=st.booleans(), call=st.integers(1, 120))
    def die_publishing(self, data: st.DataObject, revising: bool, call: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.sources)))
        self.tick()
        expected = self.outcome(name, revising=revising)
        die(
            lambda: publish_in(self.root, self.folders[name], now=self.now, revise="A change." if revising else ""),
            call,
        )
        build(self.root, now=self.now)  # whoever comes next completes what was begun
        if not isinstance(expected, str) and self.recorded_as(name, expected):
            self.known[name] = expected

    @rule(name=NAMES, call=st.integers(1, 60))
    def die_withdrawing(self, name: str, call: int) -> None:
        self.tick()
        if name in self.known:
            die(lambda: unpublish_in(self.root, self.id_of(name), now=self.now), call)
            build(self.root, now=self.now)
            found = load_record(self.root).by_name(name)
            self.known[name].withdrawn = bool(found and found.withdrawn)

    # ── The model ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def outcome(self, name: str, *, revising: bool) -> Known | str:
        """What becomes of an issue that is published: as it should be then, or the code of what forbids it."""
        slug, body = self.sources[name]
        known = self.known.get(name)
        taken = {
            same_file_key(old)
            for other, issue in self.known.items()
            for old in (issue.slug, *issue.slugs)
            if other != name
        }
        if known and known.withdrawn:
            return "HS109"
        if same_file_key(slug) in taken:
            return "HS109"
        if known is None:
            return Known(f"On {name}", slug, body, self.folders[name])
        if (known.slug, known.body, known.folder) == (slug, body, self.folders[name]):
            return known
        if not revising:
            return "HS108"
        slugs = [*known.slugs, known.slug] if known.slug != slug else known.slugs
        return Known(known.title, slug, body, self.folders[name], slugs, known.revisions + 1)

    def recorded_as(self, name: str, expected: Known) -> bool:
        """Whether the record has what was being published; it must have that, or what was before."""
        found = load_record(self.root).by_name(name)
        if found is None:
            assert name not in self.known
            return False
        before = self.known.get(name)
        assert len(found.revisions) in {expected.revisions, before.revisions if before else 0}
        return len(found.revisions) == expected.revisions

    # ── What must be so ───────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def record_only_grows(self) -> None:
        path = self.root / RECORD
        content = path.read_bytes() if path.exists() else b""
        assert content.startswith(self.record)
        self.record = content

    @invariant()
    def nothing_is_lost(self) -> None:
        assert is_whole(self.root)
        now = {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in (self.root / "archive").rglob("*")
            # What a process that died was still writing belongs to nothing, and the next one takes it away.
            if path.is_file() and path.name != "record.jsonl" and not path.name.startswith(".newsletter-")
        }
        assert self.frozen.items() <= now.items()
        self.frozen = now

    @invariant()
    def record_is_the_model(self) -> None:
        record = load_record(self.root)
        assert {issue.name for issue in record.issues} == set(self.known)
        for issue in record.issues:
            known = self.known[issue.name]
            assert (issue.slug, issue.title, len(issue.revisions)) == (known.slug, known.title, known.revisions)
            assert (issue.withdrawn is not None) == known.withdrawn

    @invariant()
    def web_and_feeds_agree_with_the_record(self) -> None:
        if not self.known:
            return
        build(self.root, now=self.now)
        standing = {name: issue for name, issue in self.known.items() if not issue.withdrawn}
        slugs = {issue.slug for issue in standing.values()}
        found = entries(self.root)
        assert {load_record(self.root).by_id(entry["id"]).name for entry in found.values()} == set(standing)
        for name, issue in standing.items():
            assert f"On {name}" in page(self.root, issue.slug)
            assert issue.body in page(self.root, issue.slug)
            assert page(self.root, issue.slug).count("A change.") == issue.revisions
            assert f"On {name}<" in listed(self.root).replace("</", "<")
        for issue in self.known.values():
            for old in issue.slugs + ([issue.slug] if issue.withdrawn else []):
                if same_file_key(old) not in set(map(same_file_key, slugs)):
                    assert ("withdrawn" if issue.withdrawn else "has moved") in page(self.root, old)
        ever = {old for issue in self.known.values() for old in (issue.slug, *issue.slugs)}
        assert pages(self.root) <= ever
        assert not build(self.root, now=self.now).written


def die(publishing: Callable[[], object], call: int) -> bool:
    """Does it in a process that ends, without a word, at the so manyth call that changes files; whether it came so far."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of forking beside threads: the child never comes back to them
        child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == _DIED
    left = [call]

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def called(*given: object, **named: object) -> object:
            if real.__name__ != "open" or given[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                left[0] -= 1
                if left[0] <= 0:
                    os._exit(_DIED)
            return real(*given, **named)

        return called

    try:
        for name in CALLS:
            setattr(newsletter.writing.os, name, dying(getattr(os, name)))
        publishing()
    except BaseException:  # noqa: BLE001 - it is not this test that goes on from here
        os._exit(1)
    os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
class TestPublication(Publication.TestCase):  # type: ignore[name-defined]
    """As pytest runs it."""

    settings = settings(max_examples=150 if SEARCH else 6, stateful_step_count=30 if SEARCH else 16)
