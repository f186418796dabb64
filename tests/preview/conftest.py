"""A small workspace, a preview of it in this process, and a browser."""

from __future__ import annotations

import shutil
import socket
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2024, 3, 1, tzinfo=UTC)
YAML = """\
title: The Canal Post
url: https://letters.example/
sender: {name: The Canal Post, email: post@letters.example}
address: Lock House, 9000 Ghent
kind: note
"""
HOUSE = """\
name: Note
front:
  summary: required
sections:
  news:
    heading: News
    words: 20-2000
  foot:
    heading: Sign-off
"""
FIRST = """\
---
title: Locks that leak
number: 7
date: 2024-02-01
draft: true
summary: Water finds the gap, and a lock keeper finds the water, every night at ten.
---

Dear {{ first_name | reader }}, the gates are old.

## News

{news}

![A gate with a gap](gate.png "The lower gate. Photo: Ann Keeper")

More about [the gates](https://gates.example/old) here.
"""
SECOND = """\
---
title: Frost
number: 6
date: 2024-01-01
summary: Ice on the upper pound, and a boat that waits for the thaw with its stove alight.
---

## News

{news}

## Sign-off

Until next month.
"""
NEWS = "\n\n".join(
    f"Paragraph {number} tells how the water rose and fell again beside the mill." for number in range(40)
)


def issue(text: str) -> str:
    return text.replace("{news}", NEWS)


def make_workspace(folder: Path) -> Path:
    from PIL import Image

    for name, text in {
        "newsletter.yaml": YAML,
        "templates/note/house.yaml": HOUSE,
        "issues/2024-02-01-locks-that-leak/index.md": issue(FIRST),
        "issues/2024-01-01-frost.md": issue(SECOND),
        "secret.txt": "not to be served",
        "issues/2024-02-01-locks-that-leak/.hidden.png": "not to be served",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    Image.new("RGB", (300, 200), "#a6341b").save(folder / "issues/2024-02-01-locks-that-leak/gate.png")
    return folder


@pytest.fixture
def root(tmp_path):
    return make_workspace(tmp_path / "workspace")


def _files(folder: Path) -> dict[str, bytes]:
    """The content of a folder, without caches."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".newsletter" not in path.parts
    }


class Served:
    """A running preview."""

    def __init__(self, root: Path, *, token: str = "", host: str = "127.0.0.1", patience: float = 10.0) -> None:
        from newsletter.preview import serving
        from newsletter.preview.app import Preview
        from newsletter.preview.guard import Door
        from newsletter.preview.session import Session

        self.root = root
        self._pristine = root.with_name(f"{root.name}-pristine")
        if not self._pristine.exists():
            shutil.copytree(root, self._pristine, symlinks=True)
        self.first = root / "issues/2024-02-01-locks-that-leak/index.md"
        self.second = root / "issues/2024-01-01-frost.md"
        listening, self.port = serving.listen(host, 0)
        self.session = Session(root, lambda: NOW)
        self.preview = Preview(self.session, Door(host, self.port, token))
        ready = threading.Event()
        self.server = serving.make_server(self.preview, ready.set)
        self.server.config.load()
        self.server.config.http_protocol_class = type("Quick", (serving.Patient,), {"patience": patience})
        self._thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listening]})
        self._thread.start()
        assert ready.wait(20)
        self._listening = listening

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def key(self, name: str) -> str:
        return next(key for key, stored in self.session.issues.items() if name in stored.file.path)

    def say(self, *lines: str, body: str = "") -> str:
        """The server's response to a request with these lines. `{host}` is its own address."""
        head = "\r\n".join(lines).replace("{host}", f"127.0.0.1:{self.port}")
        with socket.create_connection(("127.0.0.1", self.port), 10) as connection:
            connection.sendall(f"{head}\r\nConnection: close\r\n\r\n{body}".encode("latin-1"))
            answer = b""
            while part := connection.recv(65536):
                answer += part
        return answer.decode("utf-8", "replace")

    def get(self, path: str, *headers: str) -> str:
        return self.say(f"GET {path} HTTP/1.1", "Host: {host}", *headers)

    def restore(self) -> None:
        """Restores the workspace, and lets the preview read it again."""
        wanted = _files(self._pristine)
        found = _files(self.root)
        changed = {name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)}
        for name in changed:
            file = self.root / name
            if name in wanted:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(wanted[name])
            else:
                file.unlink()
        if changed:
            self.preview.worker.saved(frozenset(changed))
        self.preview.worker.ask(self.session.listing).result(20)

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()
        self.preview.worker.stop()
        self._listening.close()


@pytest.fixture
def serve(root):
    running: list[Served] = []

    def start(**options) -> Served:
        running.append(Served(root, **options))
        return running[-1]

    yield start
    for each in running:
        each.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A preview for all tests of a module."""
    running = Served(make_workspace(tmp_path_factory.mktemp("shared") / "workspace"))
    yield running
    running.stop()


@pytest.fixture
def served(shared):
    """The same preview, with the workspace restored."""
    yield shared
    shared.restore()


# Without Playwright's waits for a function, which evaluate strings. The page does not allow that.
UNTIL = """([source, argument, patience]) => new Promise((resolve, reject) => {
  const bodyOf = Object.getOwnPropertyDescriptor(Document.prototype, "body").get; // a letter may call an element so
  const groundOf = () => {
    const frame = document.getElementById("frame").contentWindow;
    return frame.getComputedStyle(frame.document.querySelector(".bd, body")).backgroundColor;
  };
  const holds = (CONDITIONS)[source];
  const begun = performance.now();
  const look = () => {
    const found = holds(argument);
    if (found) resolve(found);
    else if (performance.now() - begun > patience) reject(new Error(`never: ${source} ${argument}`));
    else setTimeout(look, 10); // a tab in the background paints nothing, and has no frames
  };
  look();
})"""
CONDITIONS = """({
  settled: () => {
    const { about, version, live } = document.getElementById("status").dataset;
    return about && about === version && (live || location.protocol === "file:");
  },
  version: ([key, least]) => {
    const [shown, version] = (document.getElementById("status").dataset.version ?? "").split(" ");
    return shown === key && Number(version) >= least;
  },
  says: (words) => bodyOf.call(document.getElementById("frame").contentDocument).textContent.includes(words),
  unsaid: (words) => !bodyOf.call(document.getElementById("frame").contentDocument).textContent.includes(words),
  title: (words) => document.title.includes(words),
  fault: (words) => !document.getElementById("fault").hidden && document.getElementById("fault").textContent.includes(words),
  fixed: () => document.getElementById("fault").hidden,
  listed: (words) => document.getElementById("issues").textContent.includes(words),
  unlisted: (words) => !document.getElementById("issues").textContent.includes(words),
  findings: (words) => document.getElementById("findings").textContent.includes(words),
  toast: (words) => document.getElementById("toast").textContent.includes(words),
  status: (words) => document.getElementById("status").textContent.includes(words),
  ground: (colour) => groundOf() === colour,
  unlike: (colours) => !colours.includes(groundOf()),
})"""


# All choices and inputs are as at first. The page is not loaded again, which would take ten times as long.
FRESH = """(key) => {
  document.getElementById("help").close();
  document.getElementById("stage").click();
  document.activeElement.blur();
  const plain = { view: "email", device: "desktop", width: 720, scheme: "light", pictures: true, fill: "reader", paid: false };
  localStorage.setItem("newsletter-preview", JSON.stringify(plain));
  location.hash = `#${new URLSearchParams({ issue: key, view: "email", device: "desktop", scheme: "light" })}`;
  dispatchEvent(new HashChangeEvent("hashchange"));
  document.getElementById("stage").scrollTop = 0;
}"""


class Tab:
    """A tab of the preview, and the errors that occurred in it."""

    def __init__(self, browser, address: str, *, beside: Tab | None = None, **context) -> None:
        """Opens it in a new browser context, or in that of the tab `beside`."""
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US", **context}
        self.context = beside.context if beside else browser.new_context(**options)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on(
            "console", lambda said: self.wrong.append(said.text) if said.type in {"error", "warning"} else None
        )
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self._address = address
        self.page.goto(address)

    def until(self, condition: str, argument: object = "", patience: int = 15000) -> object:
        return self.page.evaluate(UNTIL.replace("CONDITIONS", CONDITIONS), [condition, argument, patience])

    def fresh(self, key: str, version: int) -> Tab:
        """The tab as if it was just opened, with an issue of this version."""
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.page.evaluate(FRESH, key)
        self.until("version", [key, version])
        self.settle()
        self.page.evaluate(
            "() => document.querySelectorAll('.finding .what[aria-expanded=true]').forEach((each) => each.click())"
        )
        self.page.evaluate("document.getElementById('stage').scrollTop = 0")
        self.wrong.clear()
        return self

    def settle(self) -> Tab:
        self.until("settled")
        return self

    def inside(self, script: str) -> object:
        """The value of an expression in the frame. `inside` is its document."""
        return self.page.evaluate(
            f"() => {{ const inside = document.getElementById('frame').contentDocument; return {script}; }}"
        )


@pytest.fixture
def tab(browser):
    opened: list[Tab] = []

    def start(address: str, **context) -> Tab:
        opened.append(Tab(browser, address, **context))
        return opened[-1]

    yield start
    for each in opened:
        each.context.close()


@pytest.fixture(scope="module")
def shared_tab(browser, shared):
    """A tab of the preview, for all tests of a module."""
    opened = Tab(browser, shared.address).settle()
    yield opened
    opened.context.close()


@pytest.fixture
def page(shared_tab, served):
    """The same tab, as if it was just opened."""
    key = served.key("leak")
    return shared_tab.fresh(key, served.session.issues[key].version)
