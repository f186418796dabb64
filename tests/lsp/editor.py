"""A minimal editor: starts `newsletter lsp` and speaks the protocol, without using code of the server."""

from __future__ import annotations

import contextlib
import itertools
import json
import queue
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

PATIENCE = 20
"""The most seconds to wait for a response. None takes longer than one."""

CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "workspaceEdit": {"documentChanges": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "workspaceFolders": True,
    },
    "textDocument": {
        "publishDiagnostics": {
            "versionSupport": True,
            "relatedInformation": True,
            "codeDescriptionSupport": True,
            "dataSupport": True,
            "tagSupport": {"valueSet": [1, 2]},
        },
        "completion": {"completionItem": {"snippetSupport": True}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source.fixAll"]}}},
    },
}


class Editor:
    """An editor and its server. End it with `leave` or `kill`."""

    def __init__(
        self, *folders: Path, capabilities: dict[str, Any] | None = None, arguments: Sequence[str] = ()
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "newsletter", "lsp", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.said: list[dict[str, Any]] = []
        """All received messages in order, except responses."""
        self.texts: dict[Path, str] = {}
        """The texts in this editor, by file."""
        self.errors = bytearray()
        self._numbers = itertools.count(1)
        self._arrived: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._answers: dict[int, dict[str, Any]] = {}
        self._versions = itertools.count(1)
        for target in (self._listen, self._overhear):
            threading.Thread(target=target, daemon=True).start()
        self.hello = self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": None,
                "capabilities": CAPABILITIES if capabilities is None else capabilities,
                "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name} for folder in folders],
            },
        )
        self.tell("initialized", {})

    def tell(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def request(self, method: str, params: Any) -> int:
        """Sends a request without waiting. `answer` waits for its response."""
        number = next(self._numbers)
        self.send({"id": number, "method": method, "params": params})
        return number

    def answer(self, number: int) -> dict[str, Any]:
        self._wait(lambda: number in self._answers)
        return self._answers.pop(number)

    def ask(self, method: str, params: Any) -> Any:
        answer = self.answer(self.request(method, params))
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def _listen(self) -> None:
        out = self.process.stdout
        assert out
        while line := out.readline():
            length = 0
            while line.strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                line = out.readline()
            self._arrived.put(json.loads(out.read(length)))
        self._arrived.put(None)

    def _overhear(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.errors += line

    def _wait(self, done: Callable[[], bool]) -> None:
        while not done():
            message = self._arrived.get(timeout=PATIENCE)
            assert message is not None, f"the server has gone: {self.errors.decode()}"
            if "method" not in message:
                self._answers[message["id"]] = message
                continue
            self.said.append(message)
            if "id" in message:
                self.send({"id": message["id"], "result": None})

    def open(self, path: Path, text: str | None = None, language: str = "markdown") -> None:
        self.texts[path] = path.read_text() if text is None else text
        item = {"uri": path.as_uri(), "languageId": language, "version": next(self._versions), "text": self.texts[path]}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def write(self, path: Path, text: str) -> int:
        """Changes the text of an open file, and returns its new version."""
        self.texts[path] = text
        return self.change(path, [{"text": text}])

    def change(self, path: Path, changes: list[dict[str, Any]]) -> int:
        version = next(self._versions)
        document = {"uri": path.as_uri(), "version": version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": changes})
        return version

    def save(self, path: Path) -> None:
        path.write_text(self.texts[path])
        self.tell("textDocument/didSave", named(path))

    def notice(self, *paths: Path) -> None:
        """Notifies the server that other programs have written, created or removed these files."""
        changes = [{"uri": path.as_uri(), "type": 2 if path.exists() else 3} for path in paths]
        self.tell("workspace/didChangeWatchedFiles", {"changes": changes})

    def close(self, path: Path) -> None:
        self.texts.pop(path, None)
        self.tell("textDocument/didClose", named(path))

    def findings(self, path: Path, version: int | None = None) -> list[dict[str, Any]] | None:
        """The findings last published for a file, of this version or a later one; None if there are none yet."""
        for message in reversed(self.said):
            params = message.get("params")
            if message["method"] == "textDocument/publishDiagnostics" and params["uri"] == path.as_uri():
                return params["diagnostics"] if (params.get("version") or 0) >= (version or 0) else None
        return None

    def codes(self, path: Path) -> list[str] | None:
        found = self.findings(path)
        return None if found is None else [one.get("code", "") for one in found]

    def wait_for(self, path: Path, *codes: str, version: int | None = None) -> list[dict[str, Any]]:
        """Waits until a file has exactly the findings `codes`. Fails if it has others after `PATIENCE`."""
        try:
            self._wait(
                lambda: self.findings(path, version) is not None and sorted(self.codes(path) or []) == sorted(codes)
            )
        except queue.Empty:
            raise AssertionError(f"{self.codes(path)} and not {list(codes)} in {path.name}") from None
        return self.findings(path) or []

    def wait_until(self, done: Callable[[], bool]) -> None:
        self._wait(done)

    def about(self, path: Path, needle: str, *, end: bool = True, occurrence: int = 0) -> dict[str, Any]:
        """The parameters of a request at the position after `needle`, or before it, in UTF-16."""
        text = self.texts[path]
        at = -1
        for _ in range(occurrence + 1):
            at = text.index(needle, at + 1)
        return named(path) | {"position": place(text, at + len(needle) if end else at)}

    def complete(self, path: Path, needle: str, **which: Any) -> dict[str, dict[str, Any]]:
        """The completions after `needle`, by label."""
        answer = self.ask("textDocument/completion", self.about(path, needle, **which))
        return {item["label"]: item for item in (answer or {"items": []})["items"]}

    def hover(self, path: Path, needle: str, **which: Any) -> str:
        answer = self.ask("textDocument/hover", self.about(path, needle, end=False, **which))
        return answer["contents"]["value"] if answer else ""

    def actions(self, path: Path, needle: str, only: Sequence[str] | None = None) -> list[dict[str, Any]]:
        text = self.texts[path]
        at = text.index(needle)
        context: dict[str, Any] = {"diagnostics": []} | ({"only": list(only)} if only else {})
        reach = {"start": place(text, at), "end": place(text, at + len(needle))}
        return self.ask("textDocument/codeAction", named(path) | {"range": reach, "context": context})

    def make(self, path: Path, action: dict[str, Any]) -> str:
        """The text of a file after an action."""
        (change,) = action["edit"]["documentChanges"]
        assert change["textDocument"]["uri"] == path.as_uri()
        return edited(self.texts[path], change["edits"])

    def leave(self) -> int:
        """Ends the server as the protocol requires, and returns its exit code."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()


def named(path: Path) -> dict[str, Any]:
    return {"textDocument": {"uri": path.as_uri()}}


def place(text: str, offset: int) -> dict[str, int]:
    """A position in the default encoding of LSP: the line, and the UTF-16 units in it."""
    start = text.rfind("\n", 0, offset) + 1
    return {"line": text.count("\n", 0, offset), "character": len(text[start:offset].encode("utf-16-le")) // 2}


def at(text: str, position: dict[str, int]) -> int:
    """The offset of a position."""
    start = 0
    for _ in range(position["line"]):
        start = text.index("\n", start) + 1
    line = text[start:].partition("\n")[0]
    units = line.encode("utf-16-le")[: 2 * position["character"]]
    return start + len(units.decode("utf-16-le"))


def underlined(text: str, finding: dict[str, Any]) -> str:
    """The text that a finding underlines."""
    return text[at(text, finding["range"]["start"]) : at(text, finding["range"]["end"])]


def edited(text: str, edits: list[dict[str, Any]]) -> str:
    """A text after edits. All their positions refer to the original text."""
    for edit in sorted(edits, key=lambda edit: at(text, edit["range"]["start"]), reverse=True):
        start, end = at(text, edit["range"]["start"]), at(text, edit["range"]["end"])
        text = text[:start] + edit["newText"] + text[end:]
    return text
