"""The preview survives any saved file: it reports the error, shows the last good picture, and recovers after a fix."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from bench.hostile import BODIES
from newsletter.preview.request import ViewRequest
from newsletter.preview.session import Session
from newsletter.preview.worker import BugError, Worker
from tests.preview.conftest import FIRST, HOUSE, NOW, issue, make_workspace

PATH = "issues/2024-02-01-locks-that-leak/index.md"
HOUSE_PATH = "templates/note/house.yaml"
EMAIL = "templates/theme/email/divider.html"
PAGE = "templates/theme/page/page.html"
FRONT = FIRST.partition("## News")[0]
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="1120" height="800"><filter id="f"><feMorphology radius="600"/></filter><path filter="url(#f)" d="M0 0h999v999z"/></svg>'
PATTERN = HOUSE.replace("  summary: required", "  summary: {pattern: '(%s+)+$'}\n  code: optional")


@pytest.fixture
def root(tmp_path):
    return make_workspace(tmp_path / "workspace")


@pytest.fixture
def preview(root):
    session = Session(root, lambda: NOW)
    worker = Worker(session, lambda _: None)
    worker._threads[1].run = lambda: None  # no watcher: saves are reported here
    worker.start()
    yield worker, session
    worker.stop()


def save(preview, path, text):
    worker, session = preview
    file = session.root / path
    if text is None:
        file.unlink()
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    worker.saved(frozenset({path}))


def look(preview, view=None):
    """The response to a page within a minute: the picture and its data."""
    worker, session = preview
    key = session.key_of(PATH)
    seen = worker.ask(session.look, key, view or ViewRequest()).result(60)
    return seen, worker.ask(session.about, key).result(60)


@pytest.mark.parametrize(
    "name", ["open links", "20,000 open comments", "marks in a heading", "list items", "right to left", "one word"]
)
def test_an_issue_above_the_limits_keeps_the_last_picture(preview, name):
    assert look(preview)[0]["fault"] is None
    save(preview, PATH, FRONT + BODIES[name]())
    seen, about = look(preview)
    told = [found["code"] for found in about["findings"]]
    if "ST149" in told:
        assert seen["fault"]
        assert "old" in seen["html"]  # the last good picture
    save(preview, PATH, issue(FIRST).replace("old", "new"))
    seen, about = look(preview)
    assert (seen["fault"], "new" in seen["html"]) == (None, True)
    assert "ST149" not in [found["code"] for found in about["findings"]]


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (HOUSE_PATH, (PATTERN % "a").replace("+$", r"+\1"), "HF106"),
        (HOUSE_PATH, "a: " + "[" * 50_000, "HF"),
        (HOUSE_PATH, "a: b\n" * 100_000, "HF001"),
        ("newsletter.yaml", "a: b\n" * 100_000, "CF001"),
        (EMAIL, '{% include "divider.html" %}', ""),
        (EMAIL, "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(3) }}", ""),
        (EMAIL, '{{ "a" * 10**10 }}', ""),
        (EMAIL, "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", ""),
        (EMAIL, "{{ " + "(" * 5_000, ""),
        ("templates/theme/looks/own.json", "[" * 100_000, ""),
        ("issues/2024-02-01-locks-that-leak/gate.svg", DRAWING, ""),
    ],
)
def test_an_endless_file_keeps_the_last_picture(preview, path, text, told):
    body = issue(FIRST).replace("](gate.png", "](gate.svg") if path.endswith("svg") else issue(FIRST)
    save(preview, PATH, body.replace("The canal", "***\n\nThe canal") + "\n***\n\nAnd on.\n")
    before = (preview[1].root / path).read_text("utf-8") if (preview[1].root / path).exists() else None
    save(preview, path, text)
    if path.endswith(".json"):
        settings = preview[1].root / "newsletter.yaml"
        kept = settings.read_text("utf-8")
        save(preview, "newsletter.yaml", kept + "theme: {look: own}\n")
    seen, about = look(preview)
    assert told in str(seen["fault"]) + str(about)
    if path.endswith((".yaml", ".html")):
        assert seen["fault"]
    if path.endswith(".json"):
        save(preview, "newsletter.yaml", kept)
    save(preview, path, before)
    save(preview, PATH, issue(FIRST).replace("old", "new"))
    seen, _ = look(preview)
    assert (seen["fault"], "new" in seen["html"]) == (None, True)


def test_a_pattern_that_may_not_end_is_matched_in_time(preview):
    save(preview, HOUSE_PATH, PATTERN % "a")
    save(preview, PATH, issue(FIRST).replace("summary: Water", f"summary: {'a' * 300}b Water"))
    seen, about = look(preview)
    assert seen["fault"] is None
    assert "FM105" in [found["code"] for found in about["findings"]]


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_an_unexpected_error_is_reported_and_the_preview_continues(preview, error, monkeypatch, capfd):
    worker, session = preview

    def fails(*_):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(session, "look", fails)
        with pytest.raises(BugError, match=error.__name__):
            worker.ask(session.look).result(60)
        patch.setattr(session, "refresh", fails)
        save(preview, PATH, issue(FIRST).replace("old", "new"))
        worker.ask(session.listing).result(60)
    save(preview, PATH, issue(FIRST).replace("old", "newer"))
    assert "newer" in look(preview)[0]["html"]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C as POSIX has it")
def test_ctrl_c_ends_the_preview_during_endless_work(root):
    script = """
import sys
from newsletter.preview.session import Session

def for_ever(*_):
    print("busy", flush=True)
    while True:
        pass

Session.spare_time = for_ever
from newsletter.cli import main
main(["-C", sys.argv[1], "preview", "--no-open", "--port", "0"])
"""
    command = [sys.executable, "-c", script, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            lines = [process.stdout.readline(), process.stdout.readline()]
            assert any("busy" in line for line in lines), lines
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert time.monotonic() >= began
    assert process.returncode == 0
    assert "Traceback" not in said
