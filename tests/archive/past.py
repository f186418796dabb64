"""A publication with past issues, for the tests of the archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.archive.record import PUBLISHED, RECORD, REVISED, WITHDRAWN, Version, hash_of, line_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2024, 6, 1, tzinfo=UTC)
YAML = """\
title: The Canal Post
url: https://letters.example/
sender: {name: The Canal Post, email: post@letters.example}
address: Lock House, 9000 Ghent
timezone: UTC
kind: note
authors:
  ann: {name: Ann Keeper}
"""
HOUSE = """\
name: Note
sections:
  news: {heading: News}
  foot: {heading: Sign-off, required: false}
"""
LOCKS = """\
---
title: Locks that leak
number: 7
date: 2024-02-01
summary: Water finds the gap.
authors: [ann]
tags: [locks, water]
cover: {image: gate.jpg, alt: A gate with a gap}
---

Dear reader, the gates are old.

## News

### 1. [Electrolysers in Hebei](https://www.example.org/story/?utm_source=mail)

China takes the lead
in électrolysers, and *nobody* minds.

![Workers bolt a stack](stack.jpg "A plant in Hebei. Photo: Xinhua")

### 2. [A second story](https://news.example.org/two?id=5)

Nothing of it here.

::: only paid
The secret of the sluice is grease.
:::

## Sign-off

Until next month.
"""
FROST = """\
---
title: Frost
number: 6
date: 2024-01-01
authors: [Jo Stone]
tags: [winter]
---

## News

### 1. [Ice on the pound](https://example.org/story)

A boat waits. 中国氢能制造商在河北建厂，ภาษาไทยไม่มีช่องว่าง。 كَتَبَ المُعَلِّمُ.

### 2. Straße

Electrolysers again, said Hebei's own paper: <https://example.org/story/#part>
"""
DRAFT = """\
---
title: What comes
date: 2024-05-01
draft: true
---

## News

Electrolysers soon.
"""


def make_past(root: Path) -> Path:
    """The workspace, without a record."""
    files = {
        "newsletter.yaml": YAML,
        "templates/note/house.yaml": HOUSE,
        "issues/2024-02-01-locks-that-leak/index.md": LOCKS,
        "issues/2024-01-01-frost/index.md": FROST,
        "issues/what-comes.md": DRAFT,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def record(root: Path, issue: str, *, sent: str, note: str = "", withdrawn: bool = False) -> None:
    """Adds an event to the record: the issue in the file `issue` was published, or revised with `note`, with the text
    `sent`.
    """
    name = issue.split("/")[1].removesuffix(".md")
    folder = f"{name}-2" if note else name
    path = root / "archive" / folder / "source" / issue
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sent, encoding="utf-8")
    version = Version(
        at=datetime(2024, 3, 2 if note else 1, tzinfo=UTC),
        note=note,
        issue=issue,
        slug=name[11:],
        title=name[11:].replace("-", " "),
        date=datetime.fromisoformat(f"{name[:10]}T00:00:00+00:00"),
        tool="0.1",
        services={"mailchimp": {"id": "abc"}},
        folder=folder,
        files={f"source/{issue}": hash_of(path.read_bytes())},
        paid={},
    )
    lines = [line_of(REVISED if note else PUBLISHED, f"tag:letters.example,2024:{name}", version.at, version, note)]
    if withdrawn:
        lines.append(line_of(WITHDRAWN, f"tag:letters.example,2024:{name}", version.at, note="a mistake"))
    with (root / RECORD).open("ab") as file:
        file.write(b"".join(lines))
