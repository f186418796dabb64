"""The session and its worker: what is looked at again, and how often."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.preview.editors import Place, arguments, opener
from newsletter.preview.session import Session
from newsletter.preview.wish import Wish
from newsletter.preview.worker import BusyError, Worker
from tests.preview.conftest import FIRST, NOW, issue

PATH = "issues/2024-02-01-locks-that-leak/index.md"


@pytest.fixture
def session(root):
    return Session(root, lambda: NOW)


def save(session, text, path=PATH):
    (session.root / path).write_text(text, encoding="utf-8")
    return session.refresh({path})


def test_a_save_concerns_its_issue_alone(session):
    leak, frost = session.key_of(PATH), session.key_of("issues/2024-01-01-frost.md")
    kept = session.look(frost, Wish())["version"]
    change = save(session, issue(FIRST).replace("old", "new"))
    assert change.issues == {leak}
    assert session.look(frost, Wish())["version"] == kept


def test_a_save_that_changes_nothing_is_none(session):
    change = save(session, issue(FIRST))
    assert (change.issues, change.listing) == (frozenset(), False)


def test_templates_and_configuration_concern_all(session):
    for path in ("templates/note/house.yaml", "newsletter.yaml", "templates/theme/email/x.mjml"):
        assert len(session.refresh({path}).issues) == 2


def test_an_issue_that_is_renamed_says_where_it_went(session):
    old = session.key_of(PATH)
    folder = (session.root / PATH).parent
    folder.rename(folder.with_name("2024-02-02-gates"))
    session.refresh({PATH})
    assert session.look(old, Wish())["moved"] == session.key_of("issues/2024-02-02-gates/index.md")


def test_a_broken_save_keeps_the_picture_of_each_view(session):
    key = session.key_of(PATH)
    good = {view: session.look(key, Wish(view=view))["html"] for view in ("email", "text")}
    save(session, "---\ntitle: [\n---\n")
    for view, html in good.items():
        seen = session.look(key, Wish(view=view))
        assert seen["html"] == html
        assert seen["fault"]["findings"][0]["line"] in {2, 3}
    web = session.look(key, Wish(view="web"))  # not seen before: made from the last letter that was whole
    assert "Paragraph 39" in web["html"]
    assert web["fault"]
    save(session, issue(FIRST))
    assert session.look(key, Wish())["fault"] is None


def test_states_and_counts_are_listed(session):
    while session.spare_time() is not None:
        pass
    rows = {row["title"]: row for row in session.listing()["issues"]}
    assert rows["Locks that leak"]["state"] == "draft"
    assert rows["Locks that leak"]["warnings"] > 0
    assert (rows["Frost"]["state"], rows["Frost"]["errors"], rows["Frost"]["checked"]) == ("published", 0, True)


def test_a_workspace_without_issues_opens(root):
    import shutil

    shutil.rmtree(root / "issues")
    assert Session(root, lambda: NOW).listing()["issues"] == []


def test_a_thousand_quick_saves_are_few_looks_and_nothing_piles_up(session):
    changes = []
    worker = Worker(session, changes.append)
    worker._threads[1].run = lambda: None  # no watch: what is saved is told here
    key = session.key_of(PATH)
    worker.start()
    for number in range(1000):
        (session.root / PATH).write_text(issue(FIRST).replace("old", f"old {number}"), encoding="utf-8")
        worker.saved(frozenset({PATH}))
    seen = worker.ask(session.look, key, Wish()).result(20)
    assert "old 999" in seen["html"]
    assert len(session.sheets[key].proofs) == 1
    assert len(session.sheets[key]._pictures) == 1
    worker.stop()
    with pytest.raises(BusyError):
        worker.ask(session.listing)


def test_more_questions_than_can_wait_are_sent_away(session):
    worker = Worker(session, lambda _: None)
    futures = [worker.ask(session.listing) for _ in range(64)]
    with pytest.raises(BusyError):
        worker.ask(session.listing)
    worker.stop()
    assert all(future.cancelled() for future in futures)


def test_a_picture_that_is_the_same_is_not_read_again(session, monkeypatch):
    key = session.key_of(PATH)
    session.look(key, Wish())
    monkeypatch.setattr("newsletter.render.images.plan_images", lambda *_, **__: pytest.fail("read again"))
    save(session, issue(FIRST).replace("old", "new"))
    assert session.look(key, Wish())["fault"] is None


# ── The editor ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("code --wait", ["code", "--goto", "f.md:3:7"]),
        ("/usr/bin/subl -w", ["/usr/bin/subl", "f.md:3:7"]),
        ("gvim", ["gvim", "+3", "f.md"]),
        ("kate", ["kate", "--line", "3", "--column", "7", "f.md"]),
        ("vim", None),
        ("nano", None),
        ('"', None),
        ("", None),
    ],
)
def test_editors_are_told_the_line_each_in_its_way(editor, command, monkeypatch):
    monkeypatch.setenv("VISUAL", editor)
    monkeypatch.setenv("EDITOR", "vi")
    found = opener()
    assert (found and arguments(found, "f.md", Place("f.md", 3, 7))) == command


# ── The command ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_taken_port_is_said_and_ctrl_c_ends_it_with_a_stream_open(root):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [Path(sys.executable).with_name("newsletter"), "preview", "--no-open", "--port", str(port), "frost"]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            line = process.stdout.readline()
            found = int(re.search(r"http://127\.0\.0\.1:(\d+)/", line)[1])
            assert found != port
            with socket.create_connection(("127.0.0.1", found), 10) as stream:
                stream.sendall(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{found}\r\n\r\n".encode())
                heard = b""
                while b"hello" not in heard:
                    heard += stream.recv(65536)
                process.send_signal(signal.SIGINT)
                while part := stream.recv(65536):
                    heard += part
            _, said = process.communicate(timeout=20)
            assert b"bye" in heard
            assert process.returncode == 0
            assert f"Port {port} is taken; this is {found}." in said
            assert "Traceback" not in said


def test_what_cannot_be_meant_is_said_before_anything_is_served(root):
    from newsletter.cli import run

    assert run(["preview", "-C", str(root), "no-such-issue"]) == 2
    assert run(["preview", "-C", str(root), "frost", "leak"]) == 2
    assert run(["preview", "-C", str(root), "--no-open", "--host", "203.0.113.7"]) == 3
