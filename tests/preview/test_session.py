"""The session and its worker: what is read and rendered again, and how often."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.preview.editors import FilePosition, arguments, opener
from newsletter.preview.request import ViewRequest
from newsletter.preview.session import Session
from newsletter.preview.worker import BugError, BusyError, Worker
from tests.preview.conftest import FIRST, NOW, YAML, issue

PATH = "issues/2024-02-01-locks-that-leak/index.md"


@pytest.fixture
def session(root):
    return Session(root, lambda: NOW)


def save(session, text, path=PATH):
    (session.root / path).write_text(text, encoding="utf-8")
    return session.refresh({path})


def test_a_save_affects_only_its_issue(session):
    leak, frost = session.key_of(PATH), session.key_of("issues/2024-01-01-frost.md")
    kept = session.look(frost, ViewRequest())["version"]
    change = save(session, issue(FIRST).replace("old", "new"))
    assert change.issues == {leak}
    assert session.look(frost, ViewRequest())["version"] == kept


def test_a_save_without_changes_is_ignored(session):
    change = save(session, issue(FIRST))
    assert (change.issues, change.listing) == (frozenset(), False)


def test_templates_and_configuration_affect_all_issues(session):
    for path in ("templates/note/house.yaml", "newsletter.yaml", "templates/theme/email/x.mjml"):
        assert len(session.refresh({path}).issues) == 2


def test_a_renamed_issue_reports_its_new_name(session):
    old = session.key_of(PATH)
    folder = (session.root / PATH).parent
    folder.rename(folder.with_name("2024-02-02-gates"))
    session.refresh({PATH})
    assert session.look(old, ViewRequest())["moved"] == session.key_of("issues/2024-02-02-gates/index.md")


def test_a_save_with_errors_keeps_the_picture_of_each_view(session):
    key = session.key_of(PATH)
    good = {view: session.look(key, ViewRequest(view=view))["html"] for view in ("email", "text")}
    save(session, "---\ntitle: [\n---\n")
    for view, html in good.items():
        seen = session.look(key, ViewRequest(view=view))
        assert seen["html"] == html
        assert seen["fault"]["findings"][0]["line"] in {2, 3}
    web = session.look(key, ViewRequest(view="web"))  # a view not shown before is made from the last valid issue
    assert "Paragraph 39" in web["html"]
    assert web["fault"]
    save(session, issue(FIRST))
    assert session.look(key, ViewRequest())["fault"] is None


def test_states_and_counts_are_listed(session):
    while session.spare_time() is not None:
        pass
    rows = {row["title"]: row for row in session.listing()["issues"]}
    assert rows["Locks that leak"]["state"] == "draft"
    assert rows["Locks that leak"]["warnings"] > 0
    assert (rows["Frost"]["state"], rows["Frost"]["errors"], rows["Frost"]["checked"]) == ("published", 0, True)


def test_dates_are_formatted_as_in_the_issue(root):
    yaml = root / "newsletter.yaml"
    for language, date in (("en", "February 1, 2024"), ("en-GB", "1 February 2024"), ("zh-CN", "2024年2月1日")):
        yaml.write_text(f"{YAML}language: {language}\n", encoding="utf-8")
        session = Session(root, lambda: NOW)
        assert session.listing()["issues"][0]["date"] == date
        assert date in session.look(session.key_of(PATH), ViewRequest())["html"]


def test_a_long_list_is_shown_while_it_loads_newest_first(root, monkeypatch):
    for number in (8, 9, 10, 11):
        (root / f"issues/issue-{number}.md").write_text("Words.", encoding="utf-8")
    monkeypatch.setattr("newsletter.preview.session.LIST_PATIENCE", -1)
    session = Session(root, lambda: NOW)
    assert [row["title"] for row in session.listing()["issues"]] == ["issue-11"]
    while session.spare_time() is not None:
        pass
    titles = [row["title"] for row in session.listing()["issues"]]
    assert titles == ["issue-11", "issue-10", "issue-9", "issue-8", "Locks that leak", "Frost"]


def test_of_issues_not_viewed_only_the_findings_are_kept(root, monkeypatch):
    monkeypatch.setattr("newsletter.preview.session.OPEN", 1)
    session = Session(root, lambda: NOW)
    leak, frost = session.key_of(PATH), session.key_of("issues/2024-01-01-frost.md")
    before = session.look(leak, ViewRequest()), session.about(leak)
    session.look(frost, ViewRequest())
    while session.spare_time() is not None:
        pass
    stored = session.issues[leak]
    assert (stored.parsed, stored.views, stored.mails) == (None, {}, ())
    assert stored.findings
    assert (session.look(leak, ViewRequest()), session.about(leak)) == before


def test_a_file_that_is_not_utf_8_is_reported_with_its_place(session):
    (session.root / PATH).write_bytes(issue(FIRST).replace("old", "öld").encode("latin-1"))
    session.refresh({PATH})
    fault = session.look(session.key_of(PATH), ViewRequest())["fault"]
    assert fault["findings"][0]["code"] == "FM008"


def test_an_unreadable_issue_keeps_its_picture(session, monkeypatch):
    from newsletter.errors import WorldError

    key = session.key_of(PATH)
    good = session.look(key, ViewRequest())["html"]

    def unreadable(path, name, *_, **__):
        raise WorldError(f"{name} cannot be read: permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("newsletter.preview.issues.read_text", unreadable)
        session.refresh({PATH})
        seen = session.look(key, ViewRequest())
        assert (seen["html"], "permission denied" in seen["fault"]["message"]) == (good, True)
    session.refresh({PATH})
    assert session.look(key, ViewRequest())["fault"] is None


def test_a_changed_poster_of_a_film_is_shown(session):
    from PIL import Image

    film = "\n::: video [The lift](https://films.example/lift)\nlength: 3:40\n![The lift from below](poster.png)\n:::\n"
    Image.new("RGB", (640, 360), "#123456").save((session.root / PATH).with_name("poster.png"))
    key = session.key_of(PATH)
    session.look(key, ViewRequest())
    save(session, issue(FIRST) + film)
    before = set()
    for view in ("email", "web", "feed"):
        shown = set(
            re.findall(rf"/pictures/{key}/(poster-[^\"\s,]+)", session.look(key, ViewRequest(view=view))["html"])
        )
        assert shown
        assert all(session.picture(key, name) for name in shown)
        before |= shown
    Image.new("RGB", (640, 360), "#654321").save((session.root / PATH).with_name("poster.png"))
    session.refresh({PATH.replace("index.md", "poster.png")})
    assert not any(name in session.look(key, ViewRequest())["html"] for name in before)


def test_the_paid_edition_is_measured_and_checked(session):
    long = "\n::: only paid\n" + "[A diary](https://a.example/) of the the lock keeper. " * 1500 + "\n:::\n"
    key = session.key_of(PATH)
    save(session, issue(FIRST) + long)
    about = session.about(key)
    (paid, free) = about["sizes"]
    assert (paid["paid"], free["paid"]) == (True, False)
    assert free["bytes"] < free["budget"] < paid["bytes"]
    assert "EM101" in {found["code"] for found in about["findings"]}


def test_too_many_findings_are_only_counted(session, monkeypatch):
    monkeypatch.setattr("newsletter.preview.findings.MOST", 2)
    key = session.key_of(PATH)
    save(session, issue(FIRST).replace("are old", "are the the old"))
    about = session.about(key)
    assert len(about["findings"]) == 2
    assert about["entry"]["errors"] + about["entry"]["warnings"] > 2


def test_a_workspace_without_issues_opens(root):
    import shutil

    shutil.rmtree(root / "issues")
    assert Session(root, lambda: NOW).listing()["issues"] == []


def test_a_thousand_quick_saves_cause_few_renders_and_no_queue(session):
    changes = []
    worker = Worker(session, changes.append)
    worker._threads[1].run = lambda: None  # no watcher: saves are reported here
    key = session.key_of(PATH)
    worker.start()
    for number in range(1000):
        (session.root / PATH).write_text(issue(FIRST).replace("old", f"old {number}"), encoding="utf-8")
        worker.saved(frozenset({PATH}))
    seen = worker.ask(session.look, key, ViewRequest()).result(20)
    assert "old 999" in seen["html"]
    assert len(session.issues[key].views) == 1
    assert len(session.issues[key]._pictures) == 1
    worker.stop()
    with pytest.raises(BusyError):
        worker.ask(session.listing)


def test_a_bug_does_not_end_the_preview_and_is_reported_once(session, capfd, monkeypatch):
    changes = []
    worker = Worker(session, changes.append)
    worker._threads[1].run = lambda: None
    worker.start()

    def bug(*_):
        raise KeyError("a bug")

    for _ in range(3):
        with pytest.raises(BugError, match="the preview has a bug: KeyError: 'a bug'"):
            worker.ask(bug).result(20)
    with monkeypatch.context() as patch:
        patch.setattr(session, "refresh", bug)
        (session.root / PATH).write_text(issue(FIRST).replace("old", "new"), encoding="utf-8")
        worker.saved(frozenset({PATH}))
        worker.ask(session.listing).result(20)
    assert any("a bug" in change.bug for change in changes)
    # That save is shown with the next one, of any file.
    worker.saved(frozenset({"issues/2024-01-01-frost.md"}))
    seen = worker.ask(session.look, session.key_of(PATH), ViewRequest()).result(20)
    assert "gates are new" in seen["html"]
    worker.stop()
    assert capfd.readouterr().err.count("Traceback") == 1


def test_requests_above_the_queue_limit_are_refused(session):
    worker = Worker(session, lambda _: None)
    futures = [worker.ask(session.listing) for _ in range(64)]
    with pytest.raises(BusyError):
        worker.ask(session.listing)
    worker.stop()
    assert all(future.cancelled() for future in futures)


def test_an_unchanged_picture_is_not_read_again(session, monkeypatch):
    key = session.key_of(PATH)
    session.look(key, ViewRequest())
    monkeypatch.setattr("newsletter.render.images.plan.plan_images", lambda *_, **__: pytest.fail("read again"))
    save(session, issue(FIRST).replace("old", "new"))
    assert session.look(key, ViewRequest())["fault"] is None


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
def test_each_editor_gets_the_line_in_its_syntax(editor, command, monkeypatch):
    monkeypatch.setenv("VISUAL", editor)
    monkeypatch.setenv("EDITOR", "vi")
    found = opener()
    assert (found and arguments(found, "f.md", FilePosition("f.md", 3, 7))) == command


# ── The command ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_used_port_is_reported_and_ctrl_c_ends_the_preview_with_an_open_stream(root):
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
            _, output = process.communicate(timeout=20)
            assert b"bye" in heard
            assert process.returncode == 0
            assert f"Port {port} is taken; this is {found}." in output
            assert "Traceback" not in output


@pytest.mark.parametrize(
    ("environment", "opens"),
    [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "w"}, True), ({"BROWSER": "b"}, True), ({"SSH_CONNECTION": "x", "TERM": "xterm"}, False)],
)  # fmt: skip
def test_no_text_browser_is_opened_in_a_terminal_without_a_display(environment, opens, monkeypatch):
    from newsletter.cli.preview import _has_screen

    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _has_screen() is opens


def test_invalid_arguments_are_reported_before_serving(root):
    from newsletter.cli import run

    assert run(["preview", "-C", str(root), "no-such-issue"]) == 2
    assert run(["preview", "-C", str(root), "frost", "leak"]) == 2
    assert run(["preview", "-C", str(root), "--no-open", "--host", "203.0.113.7"]) == 3
