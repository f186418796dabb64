"""The server: the function that answers each message of the protocol."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter
from pygls.protocol.language_server import lsp_method

from newsletter import __version__
from newsletter.errors import NewsletterError
from newsletter.lsp import actions, completion, hover, links, outline
from newsletter.lsp.buffer import Buffer
from newsletter.lsp.findings import client_of
from newsletter.lsp.publishing import OpenFiles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from newsletter.lsp.documents import CheckedIssue, OpenWorkspace
    from newsletter.lsp.findings import EditorSupport

if TYPE_CHECKING:
    Function = Callable[[CheckedIssue, EditorSupport, Any], Any]

NAME = "newsletter"
WATCHED = ("**/newsletter.yaml", "**/templates/**", "**/issues/**")

ANSWERS: tuple[tuple[str, Function, object], ...] = (
    (
        types.TEXT_DOCUMENT_COMPLETION,
        completion.complete,
        types.CompletionOptions(trigger_characters=list(completion.TRIGGERS)),
    ),
    (types.TEXT_DOCUMENT_HOVER, hover.hover, None),
    (types.TEXT_DOCUMENT_CODE_ACTION, actions.actions, types.CodeActionOptions(code_action_kinds=list(actions.KINDS))),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, outline.symbols, None),
    (types.TEXT_DOCUMENT_FOLDING_RANGE, outline.folds, None),
    (types.TEXT_DOCUMENT_DOCUMENT_LINK, links.links, types.DocumentLinkOptions(resolve_provider=False)),
    (types.TEXT_DOCUMENT_DEFINITION, links.definition, None),
)
"""The requests about an issue, the function that answers each, and the options announced to the editor."""


class _Protocol(LanguageServerProtocol):
    """The protocol of pygls, but with our own texts.

    pygls splits lines as Python does, also at U+2028 and form feeds. It moves a position after the last line to the end
    of the line before. Its text would then differ from the editor's.
    """

    _server: NewsletterServer

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        self._server.opened(params.text_document)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        self._server.edited(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        self._server.closed(params.text_document)


class NewsletterServer(LanguageServer):
    """A server for one editor."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__, protocol_cls=_Protocol, converter_factory=default_converter)
        self.ended = False
        """Whether the editor has requested the end, so that exiting is not an error."""
        self.files = OpenFiles(self.text_document_publish_diagnostics, self._on_error)

    def _on_error(self, error: BaseException) -> None:
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"{type(error).__name__}: {error}"))

    def opened(self, item: types.TextDocumentItem) -> None:
        """A text was opened."""
        if path := path_of(item.uri):
            encoding = self.files.editor.encoding
            self.files.open(path, Buffer(item.uri, path, item.text, encoding=encoding, version=item.version))

    def edited(self, params: types.DidChangeTextDocumentParams) -> None:
        """A text was changed."""
        path = path_of(params.text_document.uri)
        buffer = self.files.editor.buffers.get(path) if path else None
        if path and buffer:
            self.files.edit(path, buffer.edited(list(params.content_changes), params.text_document.version))

    def closed(self, item: types.TextDocumentIdentifier) -> None:
        """A text was closed."""
        if path := path_of(item.uri):
            self.files.close(path)

    async def answer(self, function: Function, params: Any) -> Any:
        """The result of `function` for the issue of a request; None if there is none."""
        path = path_of(params.text_document.uri)
        buffer = self.files.editor.buffers.get(path) if path else None
        workspace = self.files.workspace(path) if path else None
        if buffer is None or workspace is None:
            return None
        return await self.files.work(_answer, function, workspace, buffer, self.files.editor.support, params)


def _answer(function: Function, workspace: OpenWorkspace, buffer: Buffer, client: EditorSupport, params: Any) -> Any:
    try:
        look = workspace.look(buffer)
    except NewsletterError:  # Already reported with the findings.
        return None
    return function(look, client, params) if look else None


def path_of(uri: str) -> Path | None:
    """The file for a URI; None if the text is not a file."""
    found = uris.to_fs_path(uri)
    return Path(found) if found else None


def _initialize(ls: NewsletterServer, params: types.InitializeParams) -> None:
    ls.files.editor.support = client_of(params.capabilities)
    ls.files.editor.encoding = str(ls.workspace.position_encoding)


def _initialized(ls: NewsletterServer, _: types.InitializedParams) -> None:
    if ls.files.editor.support.watches:
        watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("newsletter-files", method, options)
        ls.client_register_capability(types.RegistrationParams([registration]))
    _enter(ls, ls.workspace.folders or filter(None, [ls.workspace.root_uri]))


def _enter(ls: NewsletterServer, folders: Iterable[str]) -> None:
    """Reads the configuration of workspaces before any of their files is open."""
    for uri in folders:
        if path := path_of(uri):
            ls.files.workspace(path)


def _folders_changed(ls: NewsletterServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
    for folder in params.event.removed:
        if path := path_of(folder.uri):
            ls.files.leave(path)
    _enter(ls, [folder.uri for folder in params.event.added])


def _saved(ls: NewsletterServer, params: types.DidSaveTextDocumentParams) -> None:
    ls.files.saved(filter(None, [path_of(params.text_document.uri)]))


def _files_changed(ls: NewsletterServer, params: types.DidChangeWatchedFilesParams) -> None:
    ls.files.saved(filter(None, (path_of(change.uri) for change in params.changes)))


def _shutdown(ls: NewsletterServer, _: None) -> None:
    ls.ended = True
    ls.files.finish()


def make_server() -> NewsletterServer:
    """A server with handlers for all messages in this module."""
    server = NewsletterServer()
    server.feature(types.INITIALIZE)(_initialize)
    server.feature(types.INITIALIZED)(_initialized)
    server.feature(types.SHUTDOWN)(_shutdown)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(_saved)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_files_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(_folders_changed)
    for method, function, options in ANSWERS:
        server.feature(method, options)(_asked(function))
    return server


def _asked(function: Function) -> Callable[[NewsletterServer, Any], Awaitable[Any]]:
    async def handler(ls: NewsletterServer, params: Any) -> Any:
        return await ls.answer(function, params)

    return handler


def serve(reading: BinaryIO, writing: BinaryIO) -> int:
    """Serves one editor until it exits, and returns the exit code: 0 if it requested the end before, otherwise 1.

    Only messages are written to `writing`: all other output goes to the standard error stream.
    """
    server = make_server()
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        server.start_io(reading, writing)
    finally:
        sys.stdout = out
        server.files.finish()
    return 0 if server.ended else 1
