"""The pictures of the tutorials, taken while docs/tutorial.py runs them. `make pictures` takes all of them; it needs Chromium.

In a page, a comment above a picture says what it shows:

    <!-- picture: terminal newsletter check -->    a command and what it prints, in colour
    <!-- picture: editor FILE -->                  the first lines of a file
    <!-- picture: preview ISSUE -->                the live preview
    <!-- picture: page FILE -->                    a page or an email, in light and dark
    <!-- picture: inbox -->                        the message that the mail server took last, as an email client shows it
    <!-- picture: draft -->                        the draft that the mailing service has, from its API

A picture remembers the text that it shows. `docs/tutorial.py --check` compares that text with what the tutorial makes now, so a picture cannot
become stale. How a page is styled is not compared: fonts differ between machines.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from email import message_from_bytes, policy
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PICTURES = Path(__file__).resolve().parent / "pictures"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HEAVIEST = 150_000
"""The largest size of a picture, in bytes."""
MARK = "Shows"
"""The field of a PNG file that holds the hash of the text that the picture shows."""
LINES = 24
"""The number of lines of a file that an editor shows."""


class Subject(NamedTuple):
    """The content of a picture."""

    text: str
    """Its text, by which a stale picture is recognized."""
    take: Callable[[Any], bytes]
    """Takes the picture with a browser of Playwright."""


def subject_of(kind: str, named: str, session: Any, messages: list[bytes], service: str) -> Subject:
    """The content that the comment above a picture names.

    `messages` are those that the mail server received. `service` is the address of the mailing service.
    """
    match kind:
        case "terminal":
            return _terminal(named, session)
        case "editor":
            return _editor(session.folder / named, named)
        case "preview":
            return _preview(named, session)
        case "page":
            return _page(session.folder / named)
        case "inbox":
            return _inbox(messages[-1])
        case "draft":
            return _draft(service)
    raise SystemExit(f"there is no picture of the kind `{kind}`")


def is_stale(name: str, subject: Subject) -> bool:
    """Whether the picture is missing, or shows a different text."""
    from PIL import Image

    path = PICTURES / name
    if not path.is_file():
        return True
    with Image.open(path) as picture:
        return picture.info.get(MARK) != _hash(subject)


def save(name: str, subject: Subject, browser: Any) -> None:
    """Makes a picture and writes it with few colours: it has a third of the size and looks the same."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    kept, mark = io.BytesIO(), PngInfo()
    mark.add_text(MARK, _hash(subject))
    picture = Image.open(io.BytesIO(subject.take(browser))).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True, pnginfo=mark)
    (PICTURES / name).write_bytes(kept.getvalue())
    size = len(kept.getvalue())
    print(f"docs/pictures/{name}: {size / 1000:.0f} kB{' TOO HEAVY' if size > HEAVIEST else ''}")


def _hash(subject: Subject) -> str:
    return sha256(" ".join(subject.text.split()).encode()).hexdigest()


@contextmanager
def camera() -> Iterator[Any]:
    """A browser that makes the pictures."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        sys.exit("There is no Chromium here: on Debian, apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _terminal(command: str, session: Any) -> Subject:
    environment = {key: value for key, value in session.environment.items() if key not in {"NO_COLOR", "TERM"}}
    run = subprocess.run(
        ["bash", "-c", command],
        cwd=session.folder,
        env={**environment, "FORCE_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    output = run.stdout.replace(str(session.home), "~").rstrip()
    screen = f'<pre class="dark"><b>$ {html.escape(command)}</b>\n{_coloured(output)}</pre>'
    return Subject(f"{command}\n{_ESCAPE.sub('', output)}", partial(_shoot, _window(session.folder.name, screen), 930))


_ESCAPE = re.compile(r"\x1b\[([\d;]*)m")
_COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "35": "#d2a8ff", "36": "#76e3ea"}


def _coloured(output: str) -> str:
    """The output of a program for a terminal, as HTML."""
    written, is_open = "", False
    for number, part in enumerate(_ESCAPE.split(output)):
        if number % 2 == 0:
            written += html.escape(part)
            continue
        written += "</span>" if is_open else ""
        codes = part.split(";")
        styles = [f"color:{_COLOURS[code]}" for code in codes if code in _COLOURS]
        styles += ["font-weight:bold"] if "1" in codes else []
        styles += ["opacity:.65"] if "2" in codes else []
        is_open = bool(styles)
        written += f'<span style="{";".join(styles)}">' if styles else ""
    return written + ("</span>" if is_open else "")


_FRONT_MATTER = re.compile(r"---\n.*?\n---\n", re.DOTALL)


def _editor(path: Path, named: str) -> Subject:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name, get_lexer_for_filename

    text = "\n".join(path.read_text(encoding="utf-8").splitlines()[:LINES])
    front = _FRONT_MATTER.match(text)
    parts = [(text, get_lexer_for_filename(named))]
    if front:
        parts = [(front[0], get_lexer_by_name("yaml")), (text[front.end() :], get_lexer_for_filename(named))]
    first, body = 1, ""
    for part, lexer in parts:
        lexer.stripnl = False
        looks = HtmlFormatter(
            style="xcode", linenos="inline", linenostart=first, linespans=f"l{first}", cssclass="light"
        )
        body += highlight(part, lexer, looks)
        first += part.count("\n")
    shown = f'<style>{looks.get_style_defs(".light")}</style><div class="editor">{body}</div>'
    return Subject(text, partial(_shoot, _window(named, shown), 860))


def _preview(issue: str, session: Any) -> Subject:
    def take(browser: Any) -> bytes:
        command = ["newsletter", "preview", "--no-open", "--port", "0", issue]
        with subprocess.Popen(
            command, cwd=session.folder, env=session.environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                address = re.findall(r"http://\S+", process.stdout.readline() if process.stdout else "")[0]
                page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
                page.goto(f"{address}#scheme=light")
                page.wait_for_selector("#status[data-about]")
                page.locator(".finding").first.wait_for()
                return page.screenshot()
            finally:
                process.terminate()

    source = next((session.folder / "issues").glob(f"*{issue}/index.md"))
    return Subject(source.read_text(encoding="utf-8"), take)


def _page(path: Path) -> Subject:
    """A page as readers open it, in light and dark mode, side by side."""
    from bs4 import BeautifulSoup

    def take(browser: Any) -> bytes:
        views = [_opened(browser, path, scheme) for scheme in ("light", "dark")]
        return _beside(views)

    document = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for hidden in document(["style", "script", "title", "head"]):
        hidden.decompose()
    return Subject(document.get_text(" "), take)


def _opened(browser: Any, path: Path, scheme: str) -> bytes:
    public = path.parent if (path.parent / "style.css").is_file() else path.parent.parent

    def answer(route: Any) -> None:
        """Serves the files of the page from its folder. Nothing is loaded from the network."""
        name = route.request.url.removeprefix("https://letters.example/").partition("?")[0]
        file = path if route.request.url == _ADDRESS else public / name
        if file.is_file():
            route.fulfill(path=file)
        else:
            route.abort()

    page = browser.new_page(viewport={"width": 640, "height": 760}, color_scheme=scheme)
    page.route("**/*", answer)
    page.goto(_ADDRESS)
    return page.screenshot()


_ADDRESS = "https://letters.example/shown/"


def _beside(views: list[bytes]) -> bytes:
    from PIL import Image

    pictures = [Image.open(io.BytesIO(one)).convert("RGB") for one in views]
    gap = 16
    size = (sum(one.width + gap for one in pictures) + gap, pictures[0].height + 2 * gap)
    sheet, left = Image.new("RGB", size, "#d9d5cc"), gap
    for picture in pictures:
        sheet.paste(picture, (left, gap))
        left += picture.width + gap
    kept = io.BytesIO()
    sheet.save(kept, "PNG")
    return kept.getvalue()


def _inbox(content: bytes) -> Subject:
    """The message as an email client shows it: its row in the list, its header, and the letter."""
    message = message_from_bytes(content, policy=policy.default)
    letter, plain = message.get_body(("html",)), message.get_body(("plain",))
    text = letter.get_content() if letter else ""
    sender = str(message["From"]).partition(" <")[0]
    head = f"{sender} {message['Subject']} {message['To']}"
    body = f"""
        <div class="mail">
          <ul><li class="on"><i>{html.escape(sender[:1])}</i><div><b>{html.escape(sender)}</b><br>{html.escape(message["Subject"])}<br>
          <small>{html.escape(_preheader(text))}</small></div></ul>
          <div><header><h1>{html.escape(message["Subject"])}</h1><b>{html.escape(sender)}</b>
          <small>to {html.escape(message["To"])}</small></header>
          <iframe srcdoc="{html.escape(text)}"></iframe></div>
        </div>"""
    words = f"{head} {plain.get_content() if plain else ''}"
    return Subject(words, partial(_shoot, _window("Inbox", body), 1080, height=720))


def _preheader(letter: str) -> str:
    """The text that an inbox shows after the subject.

    It is the first text of the letter, up to the invisible characters that fill the row.
    """
    from bs4 import BeautifulSoup

    body = BeautifulSoup(letter, "html.parser").body
    text = re.split(r"[\u200b-\u200f\u034f\u00ad\ufeff]", body.get_text(" ") if body else "")[0]
    return " ".join(text.split())[:90]


_SAFE = re.compile(r"\{\{ Safe `(.*?)` \}\}", re.DOTALL)
_FALLBACK = re.compile(r"\{\{ \.Subscriber\.\w+ \| default `(.*?)` \}\}")


def _draft(service: str) -> Subject:
    """The newest campaign at the mailing service, from its API."""
    import httpx

    draft = httpx.get(f"{service}/api/campaigns", auth=("jane", "token")).json()["data"]["results"][-1]
    shown = {
        "Status": draft["status"],
        "Name": draft["name"],
        "Subject": draft["subject"],
        "From": draft["from_email"],
        "Lists": ", ".join(map(str, draft["lists"])),
    }
    rows = "".join(f"<tr><th>{name}<td>{html.escape(str(value))}" for name, value in shown.items())
    letter = _FALLBACK.sub(r"\1", _SAFE.sub(r"\1", draft["body"]))  # as for a reader whose name is unknown
    body = f"""<div class="draft"><table>{rows}</table><iframe srcdoc="{html.escape(letter)}"></iframe></div>"""
    text = " ".join(f"{name} {value}" for name, value in shown.items())
    return Subject(
        f"{text} {draft['altbody']}", partial(_shoot, _window("listmonk · campaign 1", body), 1080, height=560)
    )


STYLE = """
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.45 "Liberation Sans", sans-serif; color: #1f2328; background: #fff; border: 1px solid #b9bec5 }
.bar { background: #e8eaed; border-bottom: 1px solid #b9bec5; padding: 7px 12px; font-size: 13px; color: #4b5157; text-align: center }
pre { margin: 0; padding: 14px 18px 18px; font: 13.5px/1.5 "Liberation Mono", monospace; white-space: pre-wrap }
.editor { padding: 10px 0 }
.light pre { padding: 0 18px }
.light pre > span { display: block; padding-left: 44px; text-indent: -44px }
.light pre span.linenos { color: #767c82; padding: 0 14px 0 0; background: none }
.dark { background: #16191d; color: #dfe3e8 }
.mail { display: grid; grid-template-columns: 300px 1fr }
.mail > div { border-left: 1px solid #d0d4d9 }
ul { margin: 0; padding: 0; list-style: none; font-size: 14px }
li { display: flex; gap: 10px; padding: 12px }
li.on { background: #e3eefc }
i { flex: none; width: 32px; height: 32px; border-radius: 50%; background: #0b6e66; color: #fff; font: bold 15px/32px sans-serif; text-align: center }
small { color: #59636e; font-size: 13px }
header { padding: 12px 18px; border-bottom: 1px solid #d0d4d9 }
h1 { font-size: 19px; margin: 0 0 6px }
iframe { width: 100%; height: 600px; border: 0; display: block }
.draft { display: grid; grid-template-columns: 400px 1fr }
.draft iframe { border-left: 1px solid #d0d4d9; height: 525px }
table { border-collapse: collapse; align-self: start; margin: 12px; font-size: 14px }
th { text-align: left; color: #59636e; font-weight: normal }
th, td { padding: 7px 8px; border-bottom: 1px solid #e3e6e9; vertical-align: top }
"""


def _window(title: str, body: str) -> str:
    """A window of a desktop with a title."""
    return (
        f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><div class="bar">{html.escape(title)}</div>{body}'
    )


def _shoot(document: str, width: int, browser: Any, *, height: int = 0) -> bytes:
    """A picture of a document, as high as the document or as `height`. Nothing is loaded from the network."""
    page = browser.new_page(viewport={"width": width, "height": height or 100}, device_scale_factor=1.5)
    page.route("**/*", lambda route: route.abort())
    page.set_content(document)
    return page.screenshot(full_page=not height)
