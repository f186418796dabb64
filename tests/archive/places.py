"""A small publication for tests of publishing, and functions that return its state afterwards."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.archive.record import load_record
from newsletter.archive.verify import verify
from newsletter.commands.publish import publish, unpublish
from newsletter.config.workspace import issue_files
from tests.sample_values import YAML as PLAIN

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.archive.record import RecordedIssue
    from newsletter.commands.publish import PublishReport

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 5, 12, tzinfo=UTC)
YAML = f"""\
{PLAIN}feeds: {{tag: "letters.example,2024"}}
"""
HOUSE = "name: Letter\nother_fields: true\n"


def text(title: str, body: str = "Ships wait for days.", *, day: str = "2026-10-01", more: str = "") -> str:
    summary = f"What {title} is about, in one line."
    return (
        f"---\ntitle: {title}\ndate: {day}\nsummary: {summary}\n{more}---\n\n{body}\n\n## News\n\nA crane fell over.\n"
    )


def put(root: Path, name: str, content: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def start(root: Path, *names: str, yaml: str = "") -> Path:
    """A workspace with a past issue for each of `names`, one day apart."""
    put(root, "newsletter.yaml", YAML + yaml)
    put(root, "templates/letter/house.yaml", HOUSE)
    for number, name in enumerate(names, 1):
        put(root, f"issues/{name}/index.md", text(f"On {name}", day=f"2026-10-{number:02}"))
    return root


def publish_in(root: Path, *names: str, now: datetime = NOW, revise: str = "", all_past: bool = False) -> PublishReport:
    """Publishes the issues with these names."""
    files = {file.name: file for file in issue_files(root)}
    return publish(root, [files[name] for name in names], now=now, revise=revise, all_past=all_past)


def unpublish_in(root: Path, name: str, now: datetime = NOW, reason: str = "") -> PublishReport:
    file = next((file for file in issue_files(root) if file.name == name), None)
    return unpublish(root, name, file, now=now, reason=reason)


def recorded(root: Path, name: str) -> RecordedIssue:
    found = load_record(root).by_name(name)
    assert found
    return found


def entries(root: Path) -> dict[str, dict[str, str]]:
    """The items of the JSON feed, by the names in their ids."""
    items = json.loads((root / "feeds/feed.json").read_bytes())["items"]
    return {item["id"].rpartition(":")[2]: item for item in items}


def page(root: Path, slug: str) -> str:
    return (root / f"public/{slug}/index.html").read_text("utf-8")


def pages(root: Path) -> set[str]:
    """The addresses of all pages except the index."""
    return {path.parent.name for path in (root / "public").glob("*/index.html")}


def listed(root: Path) -> str:
    return (root / "public/index.html").read_text("utf-8")


def tree(root: Path, *folders: str) -> dict[str, bytes]:
    """Every file in the folders that publishing writes to, by path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in folders or ("archive", "build", "public", "feeds")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def is_whole(root: Path) -> bool:
    """Whether the archive has all files in the record, and no others."""
    found = verify(root, load_record(root))
    return not (found.damaged or found.extra)
