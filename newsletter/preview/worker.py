"""The worker: the one thread that uses the session, and the thread that watches for saved files.

Saved files come first, then requests of browsers, and background work when nothing else has come for a while. All saves
that come while it is busy cause one look at the disk.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
import traceback
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from newsletter.errors import NewsletterError
from newsletter.preview.hub import Change
from newsletter.project.watching import changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.preview.session import Session

SETTLED = 5
"""How long to wait after the last change before a save is processed, in milliseconds.

A save in several steps may be processed twice.
"""
LOOK = 250
"""The interval for checking newsletter.yaml, logos and portraits, in milliseconds."""
QUIET = 0.1
"""How long nothing must happen before background work begins, in seconds."""
_NOTIFY_PAUSE = 0.5
"""The interval between two notifications of pages, in seconds."""
_FOLDER = 0.3
"""How long to wait before a new folder is read again, in seconds."""
_WAITING = 64
"""The most requests that may wait. Further ones are refused and have to be repeated."""


class BusyError(Exception):
    """Too many requests wait already."""


class BugError(NewsletterError):
    """An unexpected error in this program. The traceback is in its terminal."""

    def __init__(self, error: Exception) -> None:
        message = " ".join(str(error).split())
        name = type(error).__name__
        super().__init__(
            f"the preview has a bug: {f'{name}: {message}' if message else name}",
            hint="See the terminal where it runs for details; it continues with the next save.",
        )


class Worker:
    """Runs `session`. `notify` is called with each change, in the worker's thread."""

    def __init__(self, session: Session, notify: Callable[[Change], None]) -> None:
        self._session = session
        self._notify = notify
        self._asked: deque[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = deque()
        self._saved: set[str] = set()
        self._state = threading.Condition()
        self._stop = threading.Event()
        self._missed: frozenset[str] = frozenset()
        """Saves that could not be processed. They are processed with the next save."""
        self._pause: float | None = QUIET
        """How long to wait for a save or a request before background work, in seconds; None if there is none."""
        self._settled = False
        self._notified = 0.0
        self._news = Change()
        self._bugs: set[str] = set()
        self._threads = [
            threading.Thread(target=self._work, name="preview", daemon=True),
            threading.Thread(target=self._watch, name="preview-watch", daemon=True),
        ]

    def start(self) -> None:
        """Starts both threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends both threads. Requests without an answer are cancelled."""
        self._stop.set()
        with self._state:
            for future, _, _ in self._asked:
                future.cancel()
            self._asked.clear()
            self._state.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(2)

    def ask(self, function: Callable[..., Any], *arguments: Any, first: bool = False) -> Future[Any]:
        """The result of `function`, called with `arguments` in the worker's thread.

        With `first`, it runs before everything that waits. Raises BusyError. The future raises what the function
        raises. An exception other than NewsletterError becomes a BugError.
        """
        future: Future[Any] = Future()
        with self._state:
            if len(self._asked) >= _WAITING or self._stop.is_set():
                raise BusyError
            (self._asked.appendleft if first else self._asked.append)((future, function, arguments))
            self._state.notify_all()
        return future

    def saved(self, paths: frozenset[str]) -> None:
        """Files of the workspace were saved, added or removed."""
        with self._state:
            self._saved |= paths
            self._state.notify_all()

    def _watch(self) -> None:
        while not self._stop.is_set():
            self._guarded(self._watch_once)
            self._stop.wait(1)

    def _watch_once(self) -> None:
        for paths in changes(self._session.root, self._stop, settled=SETTLED, look=LOOK, also=self._session.watched):
            self.saved(paths)
            folders = frozenset(path for path in paths if (self._session.root / path).is_dir())
            if folders:
                # Files may be put into a new folder before it is watched, so it is read once more.
                again = threading.Timer(_FOLDER, self.saved, (folders,))
                again.daemon = True
                again.start()

    def _work(self) -> None:
        while not self._stop.is_set():
            with self._state:
                if not (self._asked or self._saved):
                    self._state.wait(self._pause)
                # Before questions, so that answers are as new as the files.
                saved, self._saved = frozenset(self._saved), set()
                asked = self._asked.popleft() if self._asked and not saved else None
            if saved:
                self._pause = QUIET
                self._guarded(self._refresh, saved)
            elif asked:
                self._pause = QUIET
                self._answer(*asked)
            elif not self._stop.is_set():
                self._pause = None  # If this fails, it is not tried again before the next save.
                self._guarded(self._use_spare_time)

    def _refresh(self, saved: frozenset[str]) -> None:
        self._missed |= saved
        change = self._session.refresh(self._missed)
        self._missed = frozenset()
        if change != Change():
            self._notify(change)
        # While the pages get the notification and send their requests.
        self._session.anticipate(change.issues)

    def _use_spare_time(self) -> None:
        """Does a little background work."""
        change = self._session.spare_time()
        if change is None:
            self._session.checks.save()
            if not self._settled:
                # Objects loaded by now stay, so garbage collection need not scan them again during a save.
                self._settled = True
                gc.collect()
                gc.freeze()
        else:
            self._news = self._news.and_then(change)
            self._pause = 0.0 if change != Change() else QUIET
        if self._news != Change() and (change is None or time.monotonic() > self._notified + _NOTIFY_PAUSE):
            self._notify(self._news)
            self._news, self._notified = Change(), time.monotonic()

    def _answer(self, future: Future[Any], function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(function(*arguments))
        except NewsletterError as error:
            future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - as below
            future.set_exception(self._met(error))

    def _guarded(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls `function`. An unexpected error ends neither the thread nor the preview."""
        try:
            return function(*arguments)
        except Exception as error:  # noqa: BLE001 - the outermost boundary of a thread: beyond it the error is nobody's
            self._notify(Change(bug=str(self._met(error))))
            return None

    def _met(self, error: Exception) -> BugError:
        """Writes the traceback of an unexpected error to the terminal, once per error."""
        place = traceback.extract_tb(error.__traceback__)[-1]
        bug = f"{place.filename}:{place.lineno} {type(error).__name__} {error}"
        if bug not in self._bugs:
            if len(self._bugs) >= _WAITING:
                self._bugs.clear()
            self._bugs.add(bug)
            trace = "".join(traceback.format_exception(error))
            sys.stderr.write(f"{trace}This is a bug in `newsletter preview`. It continues with the next save.\n")
            sys.stderr.flush()
        return BugError(error)
