"""A workspace, and an editor in which it is open."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.lsp.editor import Editor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEWSLETTER = """\
title: The Lock Keeper
url: https://letters.example/
sender: {name: The Lock Keeper, email: letters@letters.example}
language: en-GB
kind: letter
authors:
  maarten: {name: Maarten Verlaat, bio: Kept a lock for thirty years.}
  joren: {name: Joren Dekeyser}
fields:
  first_name: reader
"""

HOUSE = """\
name: Letter
front:
  title: {required: true, length: at most 90}
  number: required
  date: required
  mood: {choices: [calm, wild]}
sections:
  news:
    heading: News of {date:MMMM yyyy}
    items: {count: 1-3, numbered: true, link: required}
    hint: What happened on the water
  reading:
    heading: To read
    required: false
  end:
    heading: ["Until next month", "Until {any}"]
    words: at most 20
severity: {EM: off}
"""

LETTER = """\
---
title: The locks
number: 3
date: 2026-03-05
authors: [maarten]
tags: [locks, rivers]
---

An opening.

## News of March 2026

### 1. [A lock opens](https://water.example/lock)

The gate moved on Tuesday.

### 2. [A river turns](https://water.example/river)

It went the other way.

## Until next month

Keep dry.
"""

NEXT = """\
---
title: The lakes
number: 4
date: 2026-04-05
authors: [joren]
tags: [rivers, lakes]
---

## News of April 2026

### 1. [A lake freezes](https://lake.example/ice)

In April, of all months.

## Until next month

Stay warm.
"""


class WorkspaceFolder:
    """Writes files of a workspace."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("newsletter.yaml", NEWSLETTER)
        self.write("templates/letter/house.yaml", HOUSE)
        self.letter = self.write("issues/2026-03-05-the-locks/index.md", LETTER)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


@pytest.fixture
def folder(tmp_path: Path) -> WorkspaceFolder:
    return WorkspaceFolder(tmp_path / "letters")


@pytest.fixture(scope="session")
def shared_editor() -> Iterator[Editor]:
    opened = Editor()
    yield opened
    opened.kill()


@pytest.fixture
def editor(shared_editor: Editor, folder: WorkspaceFolder) -> Iterator[Editor]:
    """An editor with the open workspace.

    It is the same for all tests, because starting one takes longer than most of them.
    """
    workspace_folder = {"uri": folder.root.as_uri(), "name": "letters"}
    shared_editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [workspace_folder], "removed": []}})
    yield shared_editor
    for path in list(shared_editor.texts):
        shared_editor.close(path)
    shared_editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [workspace_folder]}})


@pytest.fixture(scope="session")
def picture() -> bytes:
    content = BytesIO()
    Image.new("RGB", (640, 360), "#336699").save(content, "PNG")
    return content.getvalue()
