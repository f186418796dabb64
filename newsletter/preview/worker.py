"""The worker: the one thread that works at the session, and the watch that tells it what was saved.

What browsers ask comes first, then what was saved, and checking issues that nobody looks at comes last. However many saves come
while it is busy, they are one look at the disk.
"""

from __future__ import annotations

import gc
import threading
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from newsletter.press.watching import changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.preview.session import Change, Session

SETTLED = 10
"""Milliseconds without another change after which a save is looked at. A save in several steps may be looked at twice."""
LOOK = 250
"""Milliseconds between two looks at newsletter.yaml, logos and portraits."""
_FOLDER = 0.3
"""Seconds after which a new folder is looked at again."""
_WAITING = 64
"""Questions that may wait; who asks more is told to come again."""


class BusyError(Exception):
    """Too many questions wait already."""


class Worker:
    """Works at `session`; `tell` is called, in the worker's thread, with what has changed."""

    def __init__(self, session: Session, tell: Callable[[Change], None]) -> None:
        self._session = session
        self._tell = tell
        self._asked: deque[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = deque()
        self._saved: set[str] = set()
        self._state = threading.Condition()
        self._stop = threading.Event()
        self._unchecked = True
        self._settled = False
        self._threads = [
            threading.Thread(target=self._work, name="preview", daemon=True),
            threading.Thread(target=self._watch, name="preview-watch", daemon=True),
        ]

    def start(self) -> None:
        """Begins to watch and to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends both threads; what was asked and not answered is cancelled."""
        self._stop.set()
        with self._state:
            for future, _, _ in self._asked:
                future.cancel()
            self._asked.clear()
            self._state.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(2)

    def ask(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """What `function` gives, called with `arguments` in the worker's thread. Raises BusyError."""
        future: Future[Any] = Future()
        with self._state:
            if len(self._asked) >= _WAITING or self._stop.is_set():
                raise BusyError
            self._asked.append((future, function, arguments))
            self._state.notify_all()
        return future

    def saved(self, paths: frozenset[str]) -> None:
        """Files of the workspace were saved, added or removed."""
        with self._state:
            self._saved |= paths
            self._state.notify_all()

    # ── The threads ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _watch(self) -> None:
        for paths in changes(self._session.root, self._stop, settled=SETTLED, look=LOOK, also=self._session.watched):
            self.saved(paths)
            folders = frozenset(path for path in paths if (self._session.root / path).is_dir())
            if folders:
                # What is put into a new folder at once may come before the watch on it does: it is looked at once more.
                again = threading.Timer(_FOLDER, self.saved, (folders,))
                again.daemon = True
                again.start()

    def _work(self) -> None:
        while not self._stop.is_set():
            with self._state:
                while not (self._asked or self._saved or self._unchecked or self._stop.is_set()):
                    self._state.wait()
                # Before questions: what they are answered by is as new as what they ask about.
                saved, self._saved = frozenset(self._saved), set()
                asked = self._asked.popleft() if self._asked and not saved else None
            if saved:
                self._refresh(saved)
            elif asked:
                self._answer(*asked)
            elif self._unchecked:
                self._check()

    def _refresh(self, saved: frozenset[str]) -> None:
        change = self._session.refresh(saved)
        self._unchecked = True
        if change.issues or change.listing:
            self._tell(change)

    def _check(self) -> None:
        from newsletter.preview.session import Change

        self._unchecked = self._session.check_next()
        if not self._unchecked and not self._settled:
            # What is loaded by now stays: no need to look through it again in the middle of a save.
            self._settled = True
            gc.collect()
            gc.freeze()
        if not self._unchecked:
            self._tell(Change(listing=True))

    def _answer(self, future: Future[Any], function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(function(*arguments))
        except BaseException as error:  # noqa: BLE001 - not caught but handed over: it is raised where the answer is awaited
            future.set_exception(error)
