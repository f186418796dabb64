"""Attacks over a raw socket: requests that must be refused, and files that must not be served."""

from __future__ import annotations

import re
import socket
import time

import pytest

from newsletter.preview.request import view_request

LOOK = "/api/look?issue={key}"


def status(answer: str) -> int:
    return int(answer.split(" ", 2)[1])


@pytest.fixture
def key(served):
    return served.key("leak")


# ── Allowed clients ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "127.0.0.1:1", "127.0.0.1", "localhost", "", "[::1]",
     "192.168.1.5:{port}", "127.0.0.1:{port}@evil.example", "127.0.0.1:{port} evil.example", "evil.example#127.0.0.1:{port}"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/api/list", "/api/search?q=gates", "/api/events"])
def test_a_foreign_host_is_refused(served, host, path):
    answer = served.say(f"GET {path} HTTP/1.1", f"Host: {host.replace('{port}', str(served.port))}")
    assert status(answer) in {400, 403}
    assert "Canal" not in answer


def test_two_hosts_are_refused(served):
    answer = served.say("GET /api/list HTTP/1.1", "Host: {host}", "Host: evil.example")
    assert status(answer) in {400, 403}
    assert status(served.say("GET http://evil.example/api/list HTTP/1.1", "Host: evil.example")) == 403


def test_our_own_host_names_are_accepted(served):
    for host in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert status(served.say("GET /api/list HTTP/1.1", f"Host: {host}:{served.port}")) == 200


@pytest.mark.parametrize(
    "path", ["/", "/api/list", "/api/search?q=gates", "/api/events", "/frame", "/pictures/x/y.png"]
)
@pytest.mark.parametrize(
    "header",
    ["Origin: https://evil.example", "Origin: null", "Origin: http://127.0.0.1:1", "Origin: https://{host}",
     "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: Same-Origin, cross-site"],
)  # fmt: skip
def test_requests_of_other_sites_are_refused_including_event_streams(served, path, header):
    assert status(served.get(path, header.replace("{host}", f"127.0.0.1:{served.port}"))) == 403


def test_a_link_from_another_site_opens_only_the_page(served):
    navigation = ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")
    assert status(served.get("/", *navigation)) == 200
    assert status(served.get("/api/list", *navigation)) == 403
    assert status(served.get("/", *navigation[:2], "Sec-Fetch-Dest: iframe")) == 403


@pytest.mark.parametrize(
    "headers",
    [(), ("Origin: https://evil.example",), ("Sec-Fetch-Site: cross-site",), ("Sec-Fetch-Site: none",), ("Origin: null", "Sec-Fetch-Site: same-origin")],
)  # fmt: skip
def test_a_post_from_another_site_opens_no_editor(served, headers, monkeypatch):
    monkeypatch.setattr(
        "newsletter.preview.editors.subprocess.Popen", lambda *_, **__: pytest.fail("an editor was opened")
    )
    body = '{"path": "newsletter.yaml", "line": 1, "column": 1}'
    answer = served.say("POST /api/open HTTP/1.1", "Host: {host}", f"Content-Length: {len(body)}", *headers, body=body)
    assert status(answer) == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "CONNECT"])
def test_unneeded_methods_are_refused(served, method):
    for path in ("/", "/api/list", "/api/open"):
        assert status(served.say(f"{method} {path} HTTP/1.1", "Host: {host}", "Origin: http://{host}")) in {400, 405}


# ── Allowed paths ───────────────────────────────────────────────────────────────────────────────────────────

PATHS = [
    "/secret.txt", "/../secret.txt", "/static/../../../secret.txt", "/static/..%2f..%2fsecret.txt", "/static/%2e%2e/secret.txt",
    "/static/index.html", "/static//etc/passwd", "/static/.hidden", "/static/app.py", "/static/..%5c..%5csecret.txt",
    "/pictures/{key}/../../secret.txt", "/pictures/{key}/..%2f..%2fsecret.txt", "/pictures/{key}/%2e%2e%2f%2e%2e%2fsecret.txt",
    "/pictures/{key}/..%252f..%252fsecret.txt", "/pictures/{key}/.hidden.png", "/pictures/{key}/gate.png", "/pictures/{key}/index.md",
    "/pictures/{key}//etc/passwd", "/pictures/{key}/", "/pictures/{key}/gate.png%00.txt", "/pictures/..%2f..%2f/secret.txt",
    "/pictures/{key}x/gate.png", "/newsletter.yaml", "/issues/2024-01-01-frost.md", "/.git/config", "/%2e%2e/%2e%2e/etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_only_outputs_and_pictures_are_served(served, key, path):
    served.get(LOOK.format(key=key))
    answer = served.get(path.format(key=key))
    assert status(answer) in {400, 404}
    assert "not to be served" not in answer
    assert "Canal" not in answer
    assert "root:" not in answer


def test_a_picture_is_served_only_under_its_planned_name(served, key):
    served.get(LOOK.format(key=key))
    name = next(iter(served.session.issues[key].images))
    answer = served.get(f"/pictures/{key}/{name}")
    assert status(answer) == 200
    assert "sandbox" in answer
    assert "nosniff" in answer
    assert status(served.get(f"/pictures/{served.key('frost')}/{name}")) == 404
    assert status(served.get(f"/pictures/{key}/{name}/")) in {404, 307}
    assert status(served.get(f"/pictures/{key}/x{name}")) == 404


@pytest.fixture
def attached(served):
    """Adds files to an issue that links to them, and returns the function that requests one."""
    folder = served.first.parent
    for name in ("the log.pdf", "talk.mp3", "maps.html", "drawing.svg", "secret.txt"):
        (folder / name).write_text(f"<script>{name}</script>")
    links = "[Log](<the log.pdf>), [talk](talk.mp3), [maps](maps.html) and [drawing](drawing.svg)"
    served.first.write_text(served.first.read_text(encoding="utf-8") + f"\n{links}.\n", encoding="utf-8")
    served.preview.worker.ask(served.session.refresh, ["issues/2024-02-01-locks-that-leak/index.md"]).result(20)
    key = served.key("leak")
    served.get(LOOK.format(key=key))
    return lambda name: served.get(f"/pictures/{key}/{name}")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("talk.mp3", "audio/mpeg"),
        ("maps.html", "application/octet-stream"),
        ("drawing.svg", "application/octet-stream"),
    ],
)
def test_an_attachment_is_served_by_name_and_never_run(attached, name, kind):
    answer = attached(name)
    assert status(answer) == 200
    assert f"content-type: {kind}" in answer
    assert name in answer.rpartition("\r\n\r\n")[2]


def test_only_files_to_which_the_issue_links_are_served(attached):
    assert status(attached("secret.txt")) == 404
    assert status(attached("the%20log.pdf")) == 404  # its published name is another one


@pytest.mark.parametrize("view", ["email", "web", "feed"])
def test_links_to_attachments_lead_to_the_preview(attached, served, view):
    key = served.key("leak")
    html = served.preview.worker.ask(served.session.look, key, view_request({"view": view})).result(20)["html"]
    addresses = re.findall(r'href="/pictures/[^"/]+/([^"]+)"', html)
    assert [name.partition("-")[0] for name in addresses] == ["the", "talk.mp3", "maps.html", "drawing.svg"]
    assert all(status(attached(name)) == 200 for name in addresses)


def test_an_attachment_that_became_a_link_out_of_the_workspace_is_not_served(attached, served, tmp_path):
    (tmp_path / "outside.mp3").write_text("secret")
    talk = served.first.with_name("talk.mp3")
    talk.unlink()
    talk.symlink_to(tmp_path / "outside.mp3")
    assert status(attached("talk.mp3")) == 404


def test_a_link_out_of_the_workspace_is_not_followed(serve, root, tmp_path):
    served = serve()
    key = served.key("leak")
    outside = tmp_path / "outside.png"
    gate = root / "issues/2024-02-01-locks-that-leak/gate.png"
    served.get(LOOK.format(key=key))
    name = next(iter(served.session.issues[key].images))
    outside.write_bytes(gate.read_bytes())
    gate.unlink()
    gate.symlink_to(outside)  # after the name was planned, before the request
    assert status(served.get(f"/pictures/{key}/{name}")) == 404


def test_a_sibling_folder_with_the_same_beginning_is_outside(root):
    from newsletter.errors import UsageError
    from newsletter.preview.editors import FilePosition, open_in_editor

    sibling = root.with_name(root.name + "-two")
    sibling.mkdir()
    (sibling / "a.md").write_text("x")
    (root / "issues/out.md").symlink_to(sibling / "a.md")
    for path in (
        "../workspace-two/a.md",
        "issues/out.md",
        "/etc/passwd",
        "issues/../../x.md",
        ".git/config",
        "secret.txt",
        "",
        "a\0.md",
    ):
        with pytest.raises(UsageError, match="not a file of the workspace"):
            open_in_editor(root, FilePosition(path, 1, 1))


# ── Headers of every response ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path", ["/", "/static/main.js", "/api/list", "/api/search?q=gates", "/frame", "/nothing", "/favicon.ico"]
)
def test_every_response_has_a_strict_policy(served, path):
    answer = served.get(path).lower()
    assert "content-security-policy: default-src 'none'" in answer
    assert "x-content-type-options: nosniff" in answer
    assert "referrer-policy: no-referrer" in answer
    assert "access-control-allow" not in answer
    assert "server:" not in answer
    assert "unsafe-eval" not in answer.split("\r\n\r\n")[0]


def test_refusals_have_a_strict_policy(served):
    assert "content-security-policy: default-src 'none'" in served.get("/", "Origin: https://evil.example").lower()


def test_the_frame_runs_no_scripts_and_loads_nothing_from_elsewhere(served):
    head = served.get("/frame").split("\r\n\r\n")[0]
    policy = next(line for line in head.split("\r\n") if line.lower().startswith("content-security-policy"))
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert "https:" not in policy
    assert "frame-ancestors 'self'" in policy
    opened = served.get("/frame", "Sec-Fetch-Site: none", "Sec-Fetch-Dest: document")
    assert "allow-same-origin" not in opened


BAD = """before<script>document.title = parent.document.title = "ran"</script>
<img src="x" onerror="parent.document.title = 'ran'"><img src="https://evil.example/pixel.png">
<a href="javascript:parent.document.title='ran'" id="bad">bad</a><img name="body" alt=""><form name="head"></form>
<iframe src="https://evil.example/"></iframe><iframe srcdoc="&lt;script&gt;top.document.title='ran'&lt;/script&gt;"></iframe>
<svg onload="parent.document.title='ran'"><a href="javascript:parent.document.title='ran'"><text>x</text></a></svg>
<base href="https://evil.example/" target="_top"><link rel="stylesheet" href="https://evil.example/a.css"><object data="https://evil.example/o"></object>
<embed src="https://evil.example/e"><style>@import "https://evil.example/b.css"; p{background:url(https://evil.example/c.png)}</style>
<link rel="preload" as="image" href="https://evil.example/d.png"><video poster="https://evil.example/v.png" autoplay src="https://evil.example/v"></video>
<input autofocus onfocus="parent.document.title='ran'"><details open ontoggle="parent.document.title='ran'"></details><meta http-equiv="refresh" content="0;url=https://evil.example/">after"""


def test_a_script_in_an_issue_does_not_run(serve, tab, monkeypatch):
    from newsletter.preview.views import LetterViews

    whole = LetterViews.email
    monkeypatch.setattr(
        LetterViews, "email", lambda self, request: whole(self, request).replace("<div", f"{BAD}<div", 1)
    )
    served = serve()
    page = tab(served.address)
    page.until("says", "after")
    page.page.frame_locator("#frame").locator("#bad").click()
    page.settle()
    assert page.page.title().startswith("Locks that leak")
    assert not [
        address
        for address in page.asked
        if "evil.example" in address and not any("evil" in output for output in page.wrong)
    ]
    served.first.write_text(
        served.first.read_text(encoding="utf-8").replace("Paragraph 1 ", "Still live "), encoding="utf-8"
    )
    page.until("says", "Still live")
    assert page.page.title().startswith("Locks that leak")


# ── Other machines ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_other_machines_need_the_token(serve):
    served = serve(token="right-token")
    name = served.preview.door.cookie
    assert status(served.get("/")) == 401
    assert status(served.get("/?token=wrong")) == 401
    assert status(served.get("/api/list?token=right-token")) == 401
    assert status(served.get("/api/list", f"Cookie: {name}=wrong")) == 401
    assert status(served.get("/api/list", 'Cookie: ;;=;"\\')) == 401
    let_in = served.get("/?token=right-token")
    assert status(let_in) == 200
    assert "HttpOnly" in let_in
    assert "samesite=strict" in let_in.lower()
    assert "refresh: 0;url=/\r\n" in let_in.lower()
    assert "Canal" not in let_in
    assert status(served.get("/api/list", f"Cookie: {name}=right-token")) == 200
    # With the token, a numeric address is accepted. A name is not, because its owner could let it resolve to this machine.
    cookie = f"Cookie: {name}=right-token"
    assert status(served.say("GET /api/list HTTP/1.1", f"Host: 192.168.1.5:{served.port}", cookie)) == 200
    assert status(served.say("GET /api/list HTTP/1.1", f"Host: evil.example:{served.port}", cookie)) == 403
    assert '"root":""' in served.get("/api/list", cookie)
    body = '{"path": "newsletter.yaml", "line": 1, "column": 1}'
    head = (
        "POST /api/open HTTP/1.1",
        "Host: {host}",
        f"Origin: http://127.0.0.1:{served.port}",
        cookie,
        f"Content-Length: {len(body)}",
    )
    assert status(served.say(*head, body=body)) == 403


def test_a_link_with_the_token_gives_access_and_the_token_is_removed_from_the_address(serve, browser):
    served = serve(token="right-token")
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    link = f'<a href="{served.address}?token=right-token">look</a>'
    page.route("http://chat.example/", lambda route: route.fulfill(content_type="text/html", body=link))
    page.goto("http://chat.example/")
    page.click("a")
    page.locator("#publication", has_text="The Canal Post").wait_for()
    assert "token" not in page.url
    assert not any("token" in referer for _, referer in asked)
    page.go_back()
    assert page.url == "http://chat.example/"
    context.close()


# ── Slow and invalid clients ─────────────────────────────────────────────────────────────────────────────────────


def wait_until_closed(connection: socket.socket) -> bool:
    """Waits until the other side has closed the connection."""
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize(
    "begun",
    [
        "",
        "GET / HTTP/1.1\r\nHost: x",
        "POST /api/open HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nContent-Length: 50\r\n\r\n{",
    ],
)
def test_a_client_that_sends_no_complete_request_is_disconnected(serve, begun):
    served = serve(patience=0.2)
    with socket.create_connection(("127.0.0.1", served.port), 10) as connection:
        connection.sendall(begun.replace("{port}", str(served.port)).encode())
        assert wait_until_closed(connection)


def test_a_client_that_reads_no_response_is_disconnected(serve):
    served = serve(patience=0.2)
    key = served.key("leak")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", served.port))
        request = f"GET /api/look?issue={key}&view=html HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
        begun = time.monotonic()
        while served.server.server_state.connections or time.monotonic() - begun < 0.1:
            assert time.monotonic() - begun < 15
            try:
                connection.sendall(request)  # and never reads
            except OSError:
                break
    assert status(served.get("/api/list")) == 200


def test_a_client_that_left_the_event_stream_is_removed(served):
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", served.port), 10) as connection:
            connection.sendall(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode())
            heard = b""
            while b"hello" not in heard:
                heard += connection.recv(65536)
    begun = time.monotonic()
    while served.preview.hub.count:
        assert time.monotonic() - begun < 10
        served.get("/api/list")


@pytest.mark.parametrize(
    "request_",
    ["GET /" + "a" * 100_000 + " HTTP/1.1\r\n", "GET /?" + "a" * 8000 + " HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n",
     "GET / HTTP/1.1\r\nX: " + "a" * 100_000, "\x00\x01\x02\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"],
    ids=["path", "query", "header", "noise", "version"],
)  # fmt: skip
def test_too_long_or_invalid_requests_are_refused(served, request_):
    with socket.create_connection(("127.0.0.1", served.port), 10) as connection:
        try:
            connection.sendall(request_.replace("{port}", str(served.port)).encode("latin-1"))
            answer = connection.recv(65536).decode()
        except ConnectionResetError:
            answer = "HTTP/1.1 400 reset"
    assert status(answer) in {400, 403}


@pytest.mark.parametrize(
    "body",
    ["[]", "[" * 4000, '"\\ud800"', '{"path": "newsletter.yaml", "line": 1e999, "column": 1}', '{"path": "\\ud800", "line": 1, "column": 1}',
     '{"path": "newsletter.yaml\\u0000", "line": 1, "column": 1}', '{"path": "newsletter.yaml", "line": -1, "column": 1}'],
)  # fmt: skip
def test_an_invalid_place_in_a_file_opens_no_editor(served, body):
    origin = f"Origin: http://127.0.0.1:{served.port}"
    answer = served.say("POST /api/open HTTP/1.1", "Host: {host}", origin, f"Content-Length: {len(body)}", body=body)
    assert status(answer) in {400, 409}


def test_a_body_that_is_too_long_is_refused(served):
    origin = f"Origin: http://127.0.0.1:{served.port}"
    answer = served.say("POST /api/open HTTP/1.1", "Host: {host}", origin, "Content-Length: 9000", body="x" * 9000)
    assert status(answer) == 413
