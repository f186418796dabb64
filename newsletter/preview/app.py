"""The app: the handler of each address.

No address is a path on the disk. Everything that can be requested is looked up by name.
"""

from __future__ import annotations

import asyncio
import json
import time
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from newsletter.errors import NewsletterError, UsageError
from newsletter.files import PICTURE_LIMIT, read_file
from newsletter.markdown.recordings import TYPES as RECORDINGS
from newsletter.preview.editors import FilePosition, open_in_editor, opener
from newsletter.preview.findings import shown_fault
from newsletter.preview.guard import Guard
from newsletter.preview.hub import Hub
from newsletter.preview.request import view_request
from newsletter.preview.searching import Searcher
from newsletter.preview.worker import BusyError, Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from newsletter.model import ImageFile
    from newsletter.preview.guard import Door
    from newsletter.preview.session import Session

TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript", "svg": "image/svg+xml"}
_PICTURE_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
_ATTACHMENT_TYPES = {
    **_PICTURE_TYPES,
    **RECORDINGS,
    "mp4": "video/mp4",
    "webm": "video/webm",
    "pdf": "application/pdf",
    "txt": "text/plain",
}
"""Types that browsers show and that cannot load or run anything. Any other file is saved."""
_PICTURE_TYPES |= {"svg": TYPES["svg"]}
FRAME_SANDBOX = "allow-same-origin"
"""The sandbox of the frame: no scripts, no forms, no pop-ups, no navigation of anything else.

The page reads and changes the content of the frame, so that a save changes only what changed. Because the frame has no
scripts, its content cannot do the same to the page.
"""
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""The policy for a picture that is opened by itself: a drawing (SVG) is a document, too."""
FILE_POLICY = "frame-ancestors 'none'"
"""The policy for an attachment. A sandbox would stop the browser from showing a PDF."""
_BEAT = 15.0
"""The interval, in seconds, at which an idle page gets a sign that the preview is still running."""
_LONGEST_BODY = 4096
_KEPT = 64 * 1024 * 1024
"""The most bytes of finished pictures that are kept in memory."""


def static_files() -> dict[str, bytes]:
    """The files of the page, by name."""
    folder = files("newsletter.preview").joinpath("static")
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.rpartition(".")[2] in TYPES}


class Preview:
    """The preview of one workspace, behind `door`."""

    def __init__(self, session: Session, door: Door, *, first: str = "", editing: bool = True) -> None:
        self.session = session
        self.door = door
        self.hub = Hub()
        self.worker = Worker(session, self.hub.notify_from_thread)
        self._first = first
        self._editing = editing and not door.token
        self._static = static_files()
        self._made: dict[str, bytes] = {}
        self._making = asyncio.Semaphore(2)
        self._searcher = Searcher(session.root, session.now, session.key_of)

    def app(self) -> ASGIApp:
        """The ASGI application, guarded."""
        routes = [
            Route("/", self._page),
            Route("/static/{name}", self._file),
            Route("/favicon.ico", self._icon),
            Route("/frame", self._frame),
            Route("/api/list", self._list),
            Route("/api/look", self._look),
            Route("/api/about", self._about),
            Route("/api/search", self._search),
            Route("/api/events", self._events),
            Route("/api/open", self._open, methods=["POST"]),
            Route("/pictures/{key}/{name}", self._own_file),
        ]
        app = Starlette(routes=routes)
        app.router.redirect_slashes = False
        return Guard(app, self.door)

    async def _page(self, _: Request) -> Response:
        return Response(self._static["index.html"], media_type="text/html")

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = self._static.get(name)
        if content is None or name == "index.html":
            return PlainTextResponse("not found\n", 404)
        return Response(content, media_type=TYPES[name.rpartition(".")[2]], headers={"cache-control": "no-cache"})

    async def _icon(self, _: Request) -> Response:
        return Response(self._static["icon.svg"], media_type=TYPES["svg"], headers={"cache-control": "max-age=3600"})

    async def _frame(self, request: Request) -> Response:
        """The empty document that letters are put into, and the restrictions around it."""
        pictures = f"http://{request.headers['host']}/pictures/"
        remote = " https: http:" if request.query_params.get("remote") == "yes" else ""
        # Opened in a tab of its own, it has an opaque origin, which is not ours.
        sandbox = (
            f"sandbox {FRAME_SANDBOX}" if request.headers.get("sec-fetch-dest", "iframe") == "iframe" else "sandbox"
        )
        policy = (
            f"default-src 'none'; style-src 'unsafe-inline'; img-src {pictures} data:{remote}; media-src {pictures}; base-uri 'none'; "
            f"form-action 'none'; frame-ancestors 'self'; {sandbox}"
        )
        document = '<!doctype html><html><head><base target="_blank"></head><body></body></html>'
        return Response(document, media_type="text/html", headers={"content-security-policy": policy})

    async def _asked(self, function: Any, *arguments: Any, first: bool = False) -> Response:
        try:
            found = await asyncio.wrap_future(self.worker.ask(function, *arguments, first=first))
        except BusyError:
            return PlainTextResponse("busy\n", 503, headers={"retry-after": "1"})
        except NewsletterError as error:
            return JSONResponse(shown_fault(error, lambda _: ""), 500)
        return JSONResponse(found)

    async def _list(self, _: Request) -> Response:
        return await self._asked(self._listing)

    def _listing(self) -> dict[str, Any]:
        root = self.session.root.as_posix() if self._editing else ""
        return {
            **self.session.listing(),
            "first": self._first,
            "editor": self._editing and opener() is not None,
            "root": root,
        }

    async def _look(self, request: Request) -> Response:
        asked = dict(request.query_params)
        # The picture has priority.
        return await self._asked(self._looking, asked.get("issue", ""), asked, first=True)

    def _looking(self, key: str, asked: dict[str, str]) -> dict[str, Any]:
        begun = time.perf_counter()
        seen = self.session.look(key, view_request(asked))
        return {**seen, "took": (time.perf_counter() - begun) * 1000, "now": time.time()}

    async def _about(self, request: Request) -> Response:
        return await self._asked(self.session.about, request.query_params.get("issue", ""))

    async def _search(self, request: Request) -> Response:
        """Searches the text of issues, in a thread of its own, so that the first search does not delay rendering."""
        return JSONResponse(await asyncio.to_thread(self._searcher.search, request.query_params.get("q", "")))

    async def _events(self, _: Request) -> Response:
        listener = self.hub.join()
        if listener is None:
            return PlainTextResponse("too many pages are open\n", 503)

        async def stream() -> AsyncIterator[str]:
            try:
                yield "retry: 1000\nevent: hello\ndata: {}\n\n"
                while True:
                    try:
                        topics = await asyncio.wait_for(listener.hear(), _BEAT)
                    except TimeoutError:
                        yield ": still here\n\n"
                        continue
                    if "bye" in topics:
                        yield "event: bye\ndata: {}\n\n"
                        return
                    yield f"event: change\ndata: {json.dumps({'topics': topics, 'now': time.time()})}\n\n"
            finally:
                self.hub.leave(listener)

        return StreamingResponse(stream(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _open(self, request: Request) -> Response:
        """Opens a file of the workspace at a line, in the editor of the person who runs the preview."""
        if not self._editing:
            return PlainTextResponse("editors are opened on this machine only\n", 403)
        body = b""
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > _LONGEST_BODY:
                    return PlainTextResponse("too long\n", 413)
        except ClientDisconnect:
            return Response(status_code=400)
        try:
            asked = json.loads(body)
            place = FilePosition(str(asked["path"]), int(asked["line"]), int(asked["column"]))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return PlainTextResponse("not understood\n", 400)
        try:
            message = await asyncio.to_thread(open_in_editor, self.session.root, place)
        except NewsletterError as error:
            return JSONResponse({"opened": False, "said": str(error)}, 409)
        return JSONResponse({"opened": True, "said": message})

    async def _own_file(self, request: Request) -> Response:
        """A picture in a letter, or a file to which it links. Only the names that were used in its layout are served."""
        key, name = request.path_params["key"], request.path_params["name"]
        if image := self.session.picture(key, name):
            return await self._picture(image, name)
        path = self.session.attachment(key, name)
        if not path:
            return PlainTextResponse("not found\n", 404)
        try:
            content = await asyncio.to_thread(read_attachment, self.session.root, path)
        except NewsletterError as error:
            return PlainTextResponse(f"{error}\n", 404)
        return Response(content, media_type=attachment_type(name), headers={"content-security-policy": FILE_POLICY})

    async def _picture(self, image: ImageFile, name: str) -> Response:
        async with self._making:
            content = self._made.get(name)
            if content is None:
                try:
                    content = await asyncio.to_thread(make_picture, self.session.root, image, name)
                except NewsletterError as error:
                    return PlainTextResponse(f"{error}\n", 404)
                self._keep(name, content)
        # The name has a fingerprint of the content in it.
        headers = {"cache-control": "private, max-age=86400, immutable", "content-security-policy": PICTURE_POLICY}
        return Response(content, media_type=media_type(name), headers=headers)

    def _keep(self, name: str, content: bytes) -> None:
        self._made[name] = content
        while sum(map(len, self._made.values())) > _KEPT:
            del self._made[next(iter(self._made))]


def make_picture(root: Path, image: ImageFile, name: str) -> bytes:
    """The bytes of one file of a picture in the workspace at `root`. Raises UsageError if they cannot be made."""
    from newsletter.render.images.plan import make_image

    for source in filter(None, (image.source, image.still_source)):
        _keep_inside(root, source)
    return make_image(root, image, name)


def read_attachment(root: Path, path: str) -> bytes:
    """A file of the workspace at `root` to which an issue links. Raises UsageError or WorldError if it cannot be read."""
    _keep_inside(root, path)
    return read_file(root / path, path, PICTURE_LIMIT)


def _keep_inside(root: Path, path: str) -> None:
    if not (root / path).resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{path} is a symbolic link that leads out of the workspace")


def media_type(name: str) -> str:
    """The media type with which a finished picture is sent. It is never one that a browser would run."""
    return _PICTURE_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def attachment_type(name: str) -> str:
    """The media type with which an attachment is sent. A browser saves the file unless the type is harmless."""
    return _ATTACHMENT_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
