"""Runs the tutorials and writes what the commands print into their pages, so that no page goes stale.

    python docs/tutorial.py            # run them, and write the outputs into the pages
    python docs/tutorial.py --check    # run them; exit code 1 if a page or a picture shows something else
    python docs/tutorial.py --pictures # run them, and take the pictures (needs Chromium)

How a page is read:

- In a fence of ```console, each line that begins with `$ ` is run in a shell, in one folder after another as `cd` says; what it prints replaces the
  lines below it. A line `…` at the end of an output stands for the rest, which is then not compared.
- A fence that names a file after its language (```markdown issues/hello/index.md) is written to that file. ```diff FILE takes the lines with `-` out
  of the file and puts those with `+` in their place.
- `<!-- answers: One | Two -->` before a fence types these answers to what its first command asks, on a terminal.
- `<!-- exit: 1 -->` before a fence says how its last command ends, where that is not 0.
- `<!-- picture: KIND NAME -->` before a picture says what it shows at this point: docs/tutorial_pictures.py.

A mail server and a listmonk run on this machine; nothing leaves it. The clock stands still.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from difflib import unified_diff
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
PAGES = ("tutorial.md", "tutorial-import.md", "tutorial-team.md")
FENCE = re.compile(
    r"(?P<notes>(?:^<!-- (?:answers|exit): .*? -->\n)*)^(?P<mark>```)(?P<language>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
PICTURE = re.compile(
    r"^<!-- picture: (?P<kind>\w+)(?: (?P<named>[\w./][^\n]*?))? -->\n!\[[^\]]+\]\(pictures/(?P<name>[\w.-]+)\)$",
    re.MULTILINE,
)
STEP = re.compile(f"{FENCE.pattern}|{PICTURE.pattern}", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"<!-- (answers|exit): (.*?) -->")
CLOCK = "1793448000"
"""2026-10-31, 12:00 UTC."""
SMTP, LISTMONK = 2525, 9000
REST = "…"


@dataclass
class Session:
    """A reader's shell: its current folder and its environment."""

    home: Path
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, command: str, answers: list[str]) -> tuple[str, int]:
        """Runs a command, and returns its output and its exit code.

        `cd` and `export` affect the commands that follow.
        """
        script = f"{command}\nstatus=$?\npwd > {self.home}/.pwd\nexport -p > {self.home}/.env\nexit $status\n"
        if (remembered := self.home / ".env").exists():
            script = f". {remembered}\n{script}"
        started = {"cwd": self.folder, "env": self.environment}
        if answers:
            output, status = on_terminal(["bash", "-c", script], answers, **started)
        else:
            run = subprocess.run(
                ["bash", "-c", script],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                **started,
            )
            output, status = run.stdout, run.returncode
        self.folder = Path((self.home / ".pwd").read_text().strip())
        return output.replace(str(self.home), "~"), status


def on_terminal(command: list[str], answers: list[str], *, cwd: Path, env: dict[str, str]) -> tuple[str, int]:
    """Runs a command on a terminal, and types an answer whenever it waits for one."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, cwd=cwd, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    printed, left = b"", list(answers)
    while True:
        ready, _, _ = select.select([ours], [], [], 0.05)
        if ready:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            printed += piece
        elif left and re.search(rb"[?)\]] $", printed):
            os.write(ours, left.pop(0).encode() + b"\n")
        elif process.poll() is not None:
            break
    os.close(ours)
    return printed.decode().replace("\r\n", "\n"), process.wait()


def played(page: str, session: Session, picture: Callable[[re.Match[str]], None]) -> str:
    """The page with the current outputs of its commands. `picture` is called for each picture, at its point.

    Raises SystemExit if a command exits with another code than the page says.
    """

    def play(fence: re.Match[str]) -> str:
        if fence["kind"]:
            picture(fence)
            return fence[0]
        notes = dict(NOTE.findall(fence["notes"]))
        text = fence["text"]
        if fence["language"] == "console":
            text = commands(text, session, notes)
        elif fence["file"]:
            write(session.folder / fence["file"], text, is_diff=fence["language"] == "diff")
        name = f" {fence['file']}" if fence["file"] else ""
        return f"{fence['notes']}```{fence['language']}{name}\n{text}```"

    return STEP.sub(play, page)


def commands(text: str, session: Session, notes: dict[str, str]) -> str:
    """The text of a fence of commands with their current outputs."""
    written = []
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    for number, part in enumerate(parts):
        command, _, shown = part.partition("\n")
        typed = command
        while command.endswith("\\") or re.match("> ?", shown):  # the shell prints `> ` if a command continues
            more, _, shown = shown.partition("\n")
            command, typed = f"{command}\n{re.sub('^> ?', '', more)}", f"{typed}\n{more}"
        answers = notes.get("answers", "").split(" | ") if number == 0 and "answers" in notes else []
        output, status = session.run(command, answers)
        expected = int(notes.get("exit", 0)) if number == len(parts) - 1 else 0
        if status != expected:
            raise SystemExit(f"`{command}` ended with {status}, not {expected}:\n{output}")
        written.append(f"$ {typed}\n{shortened(output, shown)}")
    return "".join(written)


def shortened(output: str, shown: str) -> str:
    """The output, up to the point after which the page leaves it out."""
    output = output.rstrip() + "\n" if output.strip() else ""
    lines = shown.rstrip("\n").split("\n")
    blank = "\n" if shown.endswith("\n\n") else ""
    if lines[-1:] == [REST]:
        return "\n".join([*output.split("\n")[: len(lines) - 1], REST]) + "\n" + blank
    return output + blank


def write(path: Path, text: str, *, is_diff: bool) -> None:
    """Writes a file from a fence, or applies the changes in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not is_diff:
        path.write_text(text, encoding="utf-8")
        return
    content = path.read_text(encoding="utf-8")
    for hunk in re.findall(r"(?:^-.*\n)+(?:^\+.*\n)*", text, re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] == "-")
        new = "".join(line[1:] for line in lines if line[0] == "+")
        if content.count(old) != 1:
            raise SystemExit(f"{path}: this is there {content.count(old)} times, not once:\n{old}")
        content = content.replace(old, new)
    path.write_text(content, encoding="utf-8")


class Inbox:
    """The handler of the mail server, which keeps each message."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - the library's name
        """Takes a message."""
        self.messages.append(envelope.content)
        return "250 OK"


@contextmanager
def alone() -> Iterator[None]:
    """Waits until no other run uses this machine: the pages name the ports, so two runs cannot use them at once."""
    with Path(tempfile.gettempdir(), "newsletter-tutorials.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def servers() -> Iterator[list[bytes]]:
    """A mail server and a listmonk that accept everything. Gives the messages that arrived."""
    from aiosmtpd.controller import Controller

    inbox = Inbox()
    mail = Controller(inbox, hostname="127.0.0.1", port=SMTP)
    lists = ThreadingHTTPServer(("127.0.0.1", LISTMONK), listmonk())
    mail.start()
    threading.Thread(target=lists.serve_forever, daemon=True).start()
    try:
        yield inbox.messages
    finally:
        mail.stop()
        lists.shutdown()
        lists.server_close()


def listmonk() -> type[BaseHTTPRequestHandler]:
    """A listmonk, as described in its documentation."""
    import httpx

    from tests.drafts.fakes import fake

    service = fake("listmonk")

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            path, _, query = self.path.partition("?")
            address = service.address.rstrip("/") + path.removeprefix("/api")
            request = httpx.Request(self.command, address, params=query, headers=dict(self.headers), content=body)
            answer = service(request)
            self.send_response(answer.status_code)
            self.send_header("content-type", answer.headers.get("content-type", "application/json"))
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the server's names

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def environment(home: Path) -> dict[str, str]:
    """The environment of a reader whose `newsletter` is this one."""
    tools = home / "bin"
    tools.mkdir()
    command = tools / "newsletter"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m newsletter "$@"\n')
    command.chmod(0o755)
    return {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / ".state"),
        "PYTHONPATH": str(ROOT),
        "SOURCE_DATE_EPOCH": CLOCK,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "Jane Roe",
        "GIT_AUTHOR_EMAIL": "jane@letters.example",
        "GIT_COMMITTER_NAME": "Jane Roe",
        "GIT_COMMITTER_EMAIL": "jane@letters.example",
        "NEWSLETTER_LISTMONK_KEY": "jane:token",
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }


def main(arguments: list[str]) -> int:
    """Runs the pages with these names, or all."""
    import tutorial_pictures as pictures

    names = [name for name in arguments if not name.startswith("-")] or list(PAGES)
    stale = 0
    with alone(), servers() as messages, pictures.camera() if "--pictures" in arguments else nullcontext() as browser:
        for name in names:
            path = DOCS / name
            before = path.read_text(encoding="utf-8")
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder).resolve()
                work = home / "letters"
                work.mkdir()
                session = Session(home, work, environment(home))

                def picture(found: re.Match[str], session: Session = session) -> None:
                    nonlocal stale
                    subject = pictures.subject_of(
                        found["kind"], found["named"] or "", session, messages, f"http://127.0.0.1:{LISTMONK}"
                    )
                    if browser:
                        pictures.save(found["name"], subject, browser)
                    elif pictures.is_stale(found["name"], subject):
                        stale += 1
                        print(
                            f"docs/pictures/{found['name']} shows something else than the tutorial: run make pictures"
                        )

                after = played(before, session, picture)
            if after == before:
                continue
            stale += 1
            if "--check" in arguments:
                sys.stdout.writelines(
                    unified_diff(before.splitlines(True), after.splitlines(True), name, "as it is now")
                )
            else:
                path.write_text(after, encoding="utf-8")
                print(f"docs/{name}: outputs written again")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
