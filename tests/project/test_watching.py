from __future__ import annotations

import shutil
import threading
from contextlib import suppress
from queue import Empty, Queue
from typing import TYPE_CHECKING

import pytest

from newsletter.config.workspace import IssueFile
from newsletter.project.watching import changes, issues_to_check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PORTS = IssueFile("issues/ports/index.md", "issues/ports", "ports")
SHIPS = IssueFile("issues/ships.md", "issues", "ships")
PORTS_TOO = IssueFile("issues/ports-too/index.md", "issues/ports-too", "ports-too")
FILES = (PORTS, PORTS_TOO, SHIPS)


@pytest.mark.parametrize(
    ("changed", "checked"),
    [
        ({"issues/ports/index.md"}, (PORTS,)),
        ({"issues/ports/crane.jpg"}, (PORTS,)),
        ({"issues/ports/index.md", "issues/ships.md"}, (PORTS, SHIPS)),
        ({"issues/ships.md"}, (SHIPS,)),
        ({"issues/ship.jpg"}, (SHIPS,)),
        ({"build/ports/email.html", "README.md", "feeds/rss.xml"}, ()),
        ({"newsletter.yaml"}, FILES),
        ({"templates/briefing/house.yaml"}, FILES),
        ({"templates/briefing/snippets/tips.md"}, FILES),
        (set(), ()),
    ],
    ids=lambda given: " ".join(sorted(map(str, given))) if isinstance(given, set) else str(len(given)),
)
def test_a_saved_file_determines_what_is_checked(changed: set[str], checked: tuple[IssueFile, ...]):
    assert issues_to_check(changed, FILES) == checked


@pytest.mark.parametrize("path", ["issues/ports/index.md", "templates/letter/house.yaml", "newsletter.yaml"])
def test_a_saved_file_is_noticed(path: str, tmp_path: Path):
    for name in ("issues/ports/index.md", "templates/letter/house.yaml", "newsletter.yaml", "build/page.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("0")
    seen: Queue[frozenset[str]] = Queue()
    stop = threading.Event()
    saved = changes(tmp_path, stop)

    def watch() -> None:
        seen.put(next(saved))
        stop.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    # The watcher starts at an unknown time in the other thread: save until it has noticed it.
    for content in range(1, 1000):
        (tmp_path / "build/page.html").write_text("x" * content)
        (tmp_path / path).write_text("x" * content)
        if stop.wait(0.02):
            break
    watcher.join(10)
    assert seen.get_nowait() == {path}


def test_removed_and_recreated_folders_are_watched(tmp_path: Path):
    seen: Queue[frozenset[str]] = Queue()
    stop = threading.Event()

    def watch() -> None:
        for paths in changes(tmp_path, stop, settled=5, look=20):
            seen.put(paths)

    def wait_for(path: str, do: Callable[[int], object] = lambda _: None) -> None:
        # Repeated, because the watcher starts at an unknown time in the other thread.
        for turn in range(500):
            do(turn)
            with suppress(Empty):
                while path not in seen.get(timeout=0.05):
                    pass
                return
        pytest.fail(f"{path} was not seen")

    issue = tmp_path / "issues/ports/index.md"
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for _ in range(2):
            issue.parent.mkdir(parents=True)
            wait_for("issues/ports/index.md", lambda turn: issue.write_text("x" * turn))
            shutil.rmtree(tmp_path / "issues")
            wait_for("issues/")
    finally:
        stop.set()
        watcher.join(10)
    assert issues_to_check({"issues/"}, FILES) == FILES
