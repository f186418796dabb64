"""Serving: finds a port, drops slow clients, and shuts down without waiting."""

from __future__ import annotations

import errno
import socket
import sys
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from newsletter.errors import WorldError, reason_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from newsletter.preview.app import Preview

TRIES = 20
"""How many ports are tried after the requested one before any free one is taken."""
PATIENCE = 10.0
"""How long a client may take to send its request, and to receive an answer, in seconds."""
_MOST = 256
"""The most connections at once."""
_LONGEST_HEAD = 32 * 1024
_SWITCH = 0.0005
"""The interval at which the interpreter switches between threads, in seconds."""


def listen(host: str, port: int) -> tuple[socket.socket, int]:
    """A listening socket at `port` or the next free port, and the port. Raises WorldError if there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    ports = [*range(port, min(port + TRIES, 65535) + 1), 0] if port else [0]
    for number in ports:
        try:
            found = _bound(family, host, number)
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES} and number != ports[-1]:
                continue
            reason = reason_of(error)
            raise WorldError(f"the preview cannot listen on {host}:{number or port}: {reason}") from error
        return found, int(found.getsockname()[1])
    raise WorldError(f"{host} has no free port")


def _bound(family: int, host: str, port: int) -> socket.socket:
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows would let two programs share a port.
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(128)
        found.setblocking(False)
    except BaseException:
        found.close()
        raise
    return found


class Patient(H11Protocol):
    """HTTP that drops slow clients: those that do not send a whole request, or receive an answer, in time."""

    patience = PATIENCE
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client has connected, and must send its request in time."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """A part of a request was received."""
        super().data_received(data)
        cycle: Any = self.cycle  # None until the first request.
        if cycle is not None and not cycle.more_body:
            self._rest()
        elif self._waiting is None:
            self._wait()

    def pause_writing(self) -> None:
        """The client does not receive what was written."""
        super().pause_writing()
        self._rest()
        self._wait()

    def resume_writing(self) -> None:
        """The client has received it."""
        super().resume_writing()
        self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has disconnected."""
        self._rest()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.patience, self.transport.abort)

    def _rest(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, preview: Preview, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._preview = preview
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # An answer must not wait for the worker to release the interpreter: 5 ms each time would be most of a save.
        sys.setswitchinterval(_SWITCH)
        self._preview.hub.open()
        self._preview.worker.start()
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # This comes first, because event streams would keep the server waiting forever.
        self._preview.hub.close()
        await super().shutdown(sockets)


def make_server(preview: Preview, ready: Callable[[], None]) -> uvicorn.Server:
    """A server for `preview`. `ready` is called when it accepts requests."""
    config = uvicorn.Config(
        preview.app(),
        loop="asyncio",
        http=Patient,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
    )
    return _Server(config, preview, ready)


def serve(preview: Preview, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serves until interrupted. Then every page is notified, and the server ends without waiting."""
    server = make_server(preview, ready)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        preview.worker.stop()
        listening.close()
