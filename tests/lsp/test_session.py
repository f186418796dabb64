"""A session from its beginning to its end, with the errors that it survives."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli import run
from newsletter.lsp import actions, completion, hover, links, outline
from newsletter.lsp.buffer import Buffer
from newsletter.lsp.documents import OpenWorkspace
from newsletter.lsp.findings import EditorSupport, all_shown
from tests.lsp.conftest import LETTER, WorkspaceFolder
from tests.lsp.editor import PATIENCE, Editor, named

if TYPE_CHECKING:
    from pathlib import Path


def test_a_shutdown_request_ends_with_0(folder: WorkspaceFolder):
    editor = Editor(folder.root)
    try:
        assert editor.hello["serverInfo"]["name"] == "newsletter"
        editor.wait_until(lambda: any(one["method"] == "client/registerCapability" for one in editor.said))
        editor.open(folder.letter)
        editor.ask("shutdown", None)
        editor.tell("exit", None)
        assert editor.process.wait(PATIENCE) == 0
    finally:
        editor.kill()


@pytest.mark.parametrize("end", ["exit", "close"])
def test_a_lost_editor_ends_the_server_with_1(folder: WorkspaceFolder, end: str):
    editor = Editor(folder.root)
    try:
        editor.open(folder.letter)
        if end == "exit":
            editor.tell("exit", None)
        else:
            editor.process.stdin.close()
        assert editor.process.wait(PATIENCE) == 1
    finally:
        editor.kill()


def test_a_cancelled_request_is_cancelled_or_answered(editor: Editor, folder: WorkspaceFolder):
    editor.open(folder.letter)
    editor.wait_for(folder.letter)
    numbers = []
    for place in range(30):  # faster than they can be answered
        editor.write(folder.letter, LETTER + "\n" * place)
        numbers.append(editor.request("textDocument/codeAction", named(folder.letter) | _everywhere()))
    for number in numbers[:-1]:
        editor.tell("$/cancelRequest", {"id": number})
    answers = [editor.answer(number) for number in numbers]
    assert "result" in answers[-1]
    refused = [answer["error"]["code"] for answer in answers if "error" in answer]
    assert set(refused) <= {-32800}  # RequestCancelled
    editor.tell("$/cancelRequest", {"id": 4711})
    assert editor.ask("textDocument/documentSymbol", named(folder.letter))


def _everywhere() -> dict:
    start, end = {"line": 0, "character": 0}, {"line": 99, "character": 0}
    return {"range": {"start": start, "end": end}, "context": {"diagnostics": []}}


def test_unknown_messages_do_no_harm(editor: Editor, folder: WorkspaceFolder):
    answer = editor.answer(editor.request("newsletter/no-such-thing", {}))
    assert answer["error"]["code"] == -32601  # MethodNotFound
    editor.tell("newsletter/no-such-news", {})
    editor.process.stdin.write(b"Content-Length: 7\r\n\r\n{broken")
    editor.process.stdin.flush()
    editor.change(folder.root / "issues/2026-03-05-the-locks/index.md", [{"text": "never opened"}])
    editor.open(folder.letter)
    editor.wait_for(folder.letter)


def test_a_port_of_this_machine_serves_one_editor(folder: WorkspaceFolder):
    process = subprocess.Popen(
        [sys.executable, "-m", "newsletter", "lsp", "--tcp", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True
    )
    try:
        port = int(process.stderr.readline().rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            for body in (
                b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}',
                b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}',
                b'{"jsonrpc":"2.0","method":"exit"}',
            ):
                line.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            heard = b""
            while piece := line.recv(4096):
                heard += piece
        assert b'"name":"newsletter"' in heard.replace(b": ", b":")
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.parametrize("address", ["0.0.0.0:2087", "192.0.2.1:2087", "example.org:2087", "127.0.0.1", "127.0.0.1:x"])
def test_no_other_machine_is_served(address: str, capsys: pytest.CaptureFixture[str]):
    assert run(["lsp", "--tcp", address]) == 2
    assert "is not a local port" in capsys.readouterr().err


def test_without_its_package_the_server_explains_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name in [name for name in sys.modules if name.partition(".")[0] == "pygls" or name == "newsletter.lsp.server"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pygls", None)
    assert run(["lsp"]) == 2
    reported = capsys.readouterr().err
    assert "needs the package pygls" in reported
    assert 'pip install "newsletter-press[lsp]"' in reported


# ── Any text ────────────────────────────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        "---\n", "title: ", "cover: {", "tags: [a, ", "authors:\n  - ", "\n\n", "## ", "### 1. ", "# ", "News of March 2026",
        "[a](", "![b](", ")", "[^1]", "[^1]: ", "[x]: ", "::: ", "only ", ":::\n", "{{ ", "}}", "<!-- check: ignore ST104 -->",
        "- ", "> ", "```\n", "🚢", "漢", "\r\n", "\u2028", "\ufeff", "\x00", "\ud800", "\ufdd0", "javascript:x", "| a |\n", "`", "*",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join), st.integers(0, 10), st.integers(0, 12))
def test_every_request_is_answered_for_any_text(
    shared_workspace: OpenWorkspace, letter_path: Path, text: str, line: int, character: int
):
    from lsprotocol import types

    client = EditorSupport(True, True, True, True, True, True, True, True, True, True)
    buffer = Buffer(letter_path.as_uri(), letter_path, text, version=1)
    look = shared_workspace.look(buffer)
    assert look is not None
    all_shown(look.findings, buffer, client)
    document, place = types.TextDocumentIdentifier(buffer.uri), types.Position(line, character)
    hover.hover(look, client, types.HoverParams(document, place))
    completion.complete(look, client, types.CompletionParams(document, place))
    links.definition(look, client, types.DefinitionParams(document, place))
    links.links(look, client, types.DocumentLinkParams(document))
    outline.folds(look, client, types.FoldingRangeParams(document))
    outline.symbols(look, client, types.DocumentSymbolParams(document))
    reach = types.Range(types.Position(0, 0), place)
    actions.actions(look, client, types.CodeActionParams(document, reach, types.CodeActionContext([])))


@pytest.fixture(scope="module")
def letter_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return WorkspaceFolder(tmp_path_factory.mktemp("any") / "letters").letter


@pytest.fixture(scope="module")
def shared_workspace(letter_path: Path) -> OpenWorkspace:
    workspace = OpenWorkspace(letter_path.parents[2])
    workspace.refresh({})
    return workspace
