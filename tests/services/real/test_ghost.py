"""A real Ghost from npm, with SQLite: the three samples are pushed, updated, edited in Ghost, compared as email, scheduled.

`make ghost` installs and runs it. The tests use all of `newsletter push`, from Markdown to the stored post.
"""

from __future__ import annotations

import json
import shutil
import socket
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from newsletter import cli
from newsletter.commands import push
from newsletter.config.workspace import issue_files
from newsletter.credentials import Secret
from newsletter.drafts.ghost import token
from tests.services.real.serving import HERE, node, running

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).parents[3]
GHOST = HERE / ".ghost/package"
SAMPLES = sorted(path.name for path in (CHECKOUT / "issues").iterdir())
OWNER = {
    "name": "Marit",
    "email": "marit@letters.example",
    "password": "a long sentence with 1 ship",
    "blogTitle": "Letters",
}
GMAIL_CUTS = 102 * 1024


@dataclass(frozen=True)
class Ghost:
    url: str
    key: str
    """The key of an integration, like the one used in CI."""
    staff: str
    """The key of the owner, who may see emails."""

    def ask(self, method: str, path: str, body: object = None) -> dict:
        made = f"Ghost {token(Secret(self.staff), int(datetime.now(UTC).timestamp()))}"
        answer = httpx.request(
            method, f"{self.url}/ghost/api/admin{path}", json=body, headers={"Authorization": made}, timeout=60
        )
        answer.raise_for_status()
        return answer.json() if answer.content else {}

    def posts(self) -> list[dict]:
        found = self.ask("GET", "/posts/?limit=100&formats=html&filter=slug:-coming-soon")
        return [post for post in found["posts"] if post["slug"] != "coming-soon"]


@pytest.fixture(scope="module")
def ghost(tmp_path_factory) -> Iterator[Ghost]:
    assert (GHOST.parent / "installed").is_file(), "`make ghost` installs it"
    folder = tmp_path_factory.mktemp("ghost")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    for name in ("data", "images", "files", "media", "settings", "logs", "public", "adapters"):
        (folder / "content" / name).mkdir(parents=True)
    shutil.copytree(GHOST / "content/themes", folder / "content/themes", symlinks=True)
    configuration = {
        "url": url,
        "server": {"host": "127.0.0.1", "port": port},
        "database": {
            "client": "better-sqlite3",
            "useNullAsDefault": True,
            "connection": {"filename": str(folder / "ghost.db")},
        },
        "paths": {"contentPath": str(folder / "content")},
        "privacy": {"useTinfoil": True},
        "explore": {"update_url": ""},
        "mail": {"transport": "stub", "from": "letters@letters.example"},
        "logging": {"transports": ["stdout"]},
    }
    environment = {"NODE_ENV": "production", "PATH": "/usr/bin:/bin", "HOME": str(folder), **flat(configuration)}
    started = running([node(), "index.js"], f"{url}/ghost/api/admin/site/", folder / "log", cwd=GHOST, env=environment)
    next(started)
    yield set_up(url)
    next(started, None)


def flat(configuration: dict, above: str = "") -> dict[str, str]:
    """A configuration as environment variables of Ghost, so that no file is needed."""
    found: dict[str, str] = {}
    for key, value in configuration.items():
        if isinstance(value, dict):
            found |= flat(value, f"{above}{key}__")
        else:
            found[above + key] = value if isinstance(value, str) else json.dumps(value)
    return found


def set_up(url: str) -> Ghost:
    """The owner and the key of an integration, after creating them."""
    api = f"{url}/ghost/api/admin"
    with httpx.Client(headers={"Origin": url}, timeout=60) as client:
        client.post(f"{api}/authentication/setup/", json={"setup": [OWNER]}).raise_for_status()
        login = {"username": OWNER["email"], "password": OWNER["password"]}
        client.post(f"{api}/session/", json=login).raise_for_status()
        made = client.post(f"{api}/integrations/?include=api_keys", json={"integrations": [{"name": "newsletter"}]})
        made.raise_for_status()
        keys = made.json()["integrations"][0]["api_keys"]
        admin = next(key for key in keys if key["type"] == "admin")["secret"]
        own = client.get(f"{api}/users/me/token/")
        own.raise_for_status()
        staff = own.json()["apiKey"]
    return Ghost(url, admin, f"{staff['id']}:{staff['secret']}")


@pytest.fixture(scope="module")
def root(tmp_path_factory, ghost) -> Path:
    root = tmp_path_factory.mktemp("letters")
    for name in ("newsletter.yaml", "issues", "templates", "authors"):
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        else:
            shutil.copy(source, root / name)
    with (root / "newsletter.yaml").open("a", encoding="utf-8") as file:
        file.write(
            f"\nservices:\n  ghost: {{url: '{ghost.url}', newsletter: default-newsletter, paid: {{visibility: paid}}}}\n"
        )
    return root


def run(root: Path, *arguments: str) -> tuple[int, str]:
    with StringIO() as output, redirect_stdout(output), redirect_stderr(output):
        return cli.run(["-C", str(root), *arguments]), output.getvalue()


@pytest.fixture(autouse=True)
def key(ghost, monkeypatch) -> None:
    monkeypatch.setenv("NEWSLETTER_GHOST_KEY", ghost.staff)
    monkeypatch.setattr("newsletter.commands.push.not_on_the_web", lambda _html, _site: [])


def test_the_key_is_checked(root):
    code, output = run(root, "push", "--check", "ghost")
    assert code == 0, output
    assert "the key is accepted" in output


@pytest.mark.parametrize("issue", SAMPLES)
def test_a_sample_becomes_a_draft_whose_email_has_the_same_content(root, ghost, issue):
    code, output = run(root, "push", issue, "--to", "ghost", "--yes")
    print(output)
    assert code == 0, output
    assert "created" in output
    assert ": draft, " in output
    assert "the service changed" not in output
    assert "unchanged" in run(root, "push", issue, "--to", "ghost", "--yes")[1]


def test_all_posts_are_drafts_without_duplicates(ghost):
    posts = ghost.posts()
    assert len(posts) >= len(SAMPLES)
    assert {post["status"] for post in posts} == {"draft"}
    assert not any(post["slug"].endswith("-2") for post in posts)
    for post in posts:
        preview = ghost.ask("GET", f"/email_previews/posts/{post['id']}/")["email_previews"][0]
        print(
            f"{post['slug']}: email {len(preview['html'].encode()) / 1024:.0f} KB, text {len(preview['plaintext'])} characters"
        )
        assert len(preview["html"].encode()) < GMAIL_CUTS
        assert "newsletter-picture:" not in preview["html"]


def test_a_change_updates_the_same_post_and_uploads_no_picture_again(root, ghost):
    issue = SAMPLES[0]
    before = len(ghost.posts())
    images = lambda: sum(path.is_file() for path in root.rglob("*"))  # noqa: E731
    path = next((root / "issues" / issue).glob("index.md"))
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n\nOne more ship climbed.\n", "utf-8")
    code, output = run(root, "push", issue, "--to", "ghost", "--yes")
    assert code == 0, output
    assert "updated" in output
    assert images()
    assert len(ghost.posts()) == before
    assert any("One more ship climbed." in post["html"] for post in ghost.posts())


def test_a_post_edited_in_ghost_is_not_overwritten(root, ghost):
    issue = SAMPLES[1]
    record = json.loads((root / push.RECORD).read_text("utf-8"))["ghost"]
    mine = next(entry for name, entry in record.items() if name in issue)
    post = ghost.ask("GET", f"/posts/{next(iter(mine.values()))['id']}/?formats=html")["posts"][0]
    edited = post["html"].replace("</p>", " Edited by hand.</p>", 1)
    body = {"posts": [{"html": edited, "updated_at": post["updated_at"]}]}
    ghost.ask("PUT", f"/posts/{post['id']}/?source=html", body)
    path = next((root / "issues" / issue).glob("index.md"))
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n\nA last line.\n", "utf-8")
    code, output = run(root, "push", issue, "--to", "ghost", "--yes")
    print(output)
    assert code == 2
    assert "was edited at Ghost" in output
    assert "Edited by hand." in output
    code, output = run(root, "push", issue, "--to", "ghost", "--yes", "--force")
    assert code == 0, output
    assert "updated" in output


def test_without_a_record_the_existing_post_is_found(root, ghost):
    issue, before = SAMPLES[2], len(ghost.posts())
    (root / push.RECORD).unlink()
    code, output = run(root, "push", issue, "--to", "ghost", "--yes")
    assert code == 0, output
    assert "created" not in output
    assert len(ghost.posts()) == before


def test_the_key_of_an_integration_can_push_but_not_compare_emails(root, ghost, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_GHOST_KEY", ghost.key)
    path = next((root / "issues" / SAMPLES[2]).glob("index.md"))
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n\nBy an integration.\n", "utf-8")
    code, output = run(root, "push", SAMPLES[2], "--to", "ghost", "--yes")
    assert code == 0, output
    assert "updated" in output


def test_an_invalid_key_is_reported_with_ghosts_message(root, ghost, monkeypatch):
    wrong = f"{ghost.key.partition(':')[0]}:{'ab' * 32}"
    monkeypatch.setenv("NEWSLETTER_GHOST_KEY", wrong)
    code, output = run(root, "push", SAMPLES[0], "--to", "ghost", "--yes")
    assert code == 3
    assert "401" in output
    assert wrong.partition(":")[2] not in output


def test_a_scheduled_draft_is_not_changed(root, ghost):
    issue = SAMPLES[2]
    file = next(each for each in issue_files(root) if issue in each.path)
    drafts = push.ready(root, file, "ghost", {})
    later = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT%H:%M}+00:00"
    when = push.time_for(root, "ghost", drafts, later, datetime.now(UTC))
    pushed = [(draft, each.remote) for draft, each, _ in push.push_all(root, file, "ghost", drafts, dry=False)]
    done = [remote for _, remote, _ in push.schedule_all("ghost", pushed, when, dry=False)]
    assert [remote.state for remote in done] == ["scheduled"] * len(done)
    code, output = run(root, "push", issue, "--to", "ghost", "--yes", "--force")
    assert code == 3
    assert "is no longer a draft: its state is “scheduled”" in output
    posts = {post["status"] for post in ghost.posts()}
    assert posts == {"draft", "scheduled"}
