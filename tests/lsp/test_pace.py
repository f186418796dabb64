"""Checks while typing: soon, and without a queue."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from newsletter.lsp import publishing
from newsletter.lsp.buffer import Buffer

if TYPE_CHECKING:
    from tests.lsp.conftest import WorkspaceFolder


def test_fast_typing_builds_no_queue_of_checks(folder: WorkspaceFolder, monkeypatch):
    checked: list[str] = []

    def slow(publisher, workspace, buffer):
        time.sleep(0.2)
        checked.append(buffer.text)
        return []

    monkeypatch.setattr(publishing.Publisher, "findings_in", slow)
    monkeypatch.setattr(publishing.OpenFiles, "read_past", lambda self, workspace: None)
    monkeypatch.setattr(publishing, "PAUSE", 0.001)

    async def write() -> None:
        files = publishing.OpenFiles(lambda said: None, lambda error: None)
        files.open(folder.letter, Buffer(folder.letter.as_uri(), folder.letter, "start"))
        for number in range(40):
            files.edit(folder.letter, Buffer(folder.letter.as_uri(), folder.letter, f"key {number}"))
            await asyncio.sleep(0.01)
        begun = time.monotonic()
        while not checked or checked[-1] != "key 39":
            await asyncio.sleep(0.01)
            assert time.monotonic() - begun < 10
        files.finish()

    with ThreadPoolExecutor() as thread:  # Playwright may have a loop in this one
        thread.submit(asyncio.run, write()).result()
    assert len(checked) < 12, "forty checks would take eight seconds"
    assert checked == sorted(checked, key=lambda text: int(text.split()[-1]) if text != "start" else -1)
