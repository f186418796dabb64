"""Loading a house format: `templates/<kind>/house.yaml`, the snippets it names and its draft.

A file of the workspace comes before the bundled one of the same name, file by file: a workspace may change one snippet of
`briefing` and keep all else. Only draft.md goes with house.yaml: a workspace with its own house.yaml gets no bundled draft,
whose headings might be others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic, in_order
from newsletter.errors import UsageError
from newsletter.files import read_text
from newsletter.house.patterns import field_fault, fields_in
from newsletter.house.read import read_house
from newsletter.house.standing import SNIPPET_FIELDS
from newsletter.house.values import SNIPPET_FIELD
from newsletter.model import Span
from newsletter.yamldoc import load
from newsletter.yamlread import nearest, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.house.format import HouseFormat

FAMILY = "HF"
HOUSE = "house.yaml"
DRAFT = "draft.md"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def known_kinds(folders: Sequence[Path]) -> tuple[str, ...]:
    """The kinds that have a house.yaml in any of the template folders, by name."""
    found = {file.parent.name for folder in folders for file in folder.glob(f"*/{HOUSE}")}
    return tuple(sorted(kind for kind in found if _NAME.fullmatch(kind)))


def load_house(kind: str, folders: Sequence[Path], root: Path) -> tuple[HouseFormat, tuple[Diagnostic, ...]]:
    """The house format of `kind` and every fault of it; with faults it is as much of a format as could be read.

    `folders` are template folders, the workspace's first; paths in findings are relative to `root` where they are inside.
    Raises UsageError for a kind that none of them has, and WorldError where a file cannot be read.
    """
    homes = [folder / kind for folder in folders] if _NAME.fullmatch(kind) else []
    own = next((place for place, home in enumerate(homes) if (home / HOUSE).is_file()), None)
    if own is None:
        raise _unknown(kind, known_kinds(folders))
    files = _Files(homes, root)
    path, text = files.read(homes[own] / HOUSE)
    document, mistakes = load(text, path, FAMILY)
    table = read_table(document, text, path, FAMILY)
    draft = files.first(DRAFT, homes[: own + 1])
    house = read_house(table, document, kind=kind, path=path, snippets=files.snippet, draft=draft[1] if draft else "")
    return house, in_order((*mistakes, *table.findings(), *files.faults))


def _unknown(kind: str, known: Sequence[str]) -> UsageError:
    close = nearest(kind, known)
    hint = f"did you mean {close}?" if close else f"there is: {', '.join(known)}"
    return UsageError(f"there is no kind of issue called `{kind}`" if kind else "no kind of issue is given", hint=hint)


class _Files:
    """The files of one kind, from the folders that may have them; what is wrong in them is gathered in `faults`."""

    def __init__(self, homes: Sequence[Path], root: Path) -> None:
        self.faults: list[Diagnostic] = []
        self._homes = homes
        self._root = root

    def snippet(self, name: str) -> tuple[str, str] | None:
        """The path and the text of a snippet; None where there is none of this name."""
        return self.first(f"snippets/{name}.md", self._homes) if _NAME.fullmatch(name) else None

    def first(self, name: str, homes: Sequence[Path]) -> tuple[str, str] | None:
        """The path and the text of the first file of this name, its fields checked."""
        file = next((home / name for home in homes if (home / name).is_file()), None)
        if file is None:
            return None
        path, text = self.read(file)
        self._check_fields(path, text)
        return path, text

    def read(self, file: Path) -> tuple[str, str]:
        """The path of a file as findings show it, and its text."""
        path = file.relative_to(self._root).as_posix() if file.is_relative_to(self._root) else file.as_posix()
        text, problems = read_text(file, path, FAMILY)
        self.faults += problems
        return path, text

    def _check_fields(self, path: str, text: str) -> None:
        """Each field of a snippet or draft must be one that there is."""
        at = 0
        for piece in fields_in(text):
            start = text.index(piece.text, at)
            at = start + len(piece.text)
            if fault := field_fault(piece, SNIPPET_FIELDS):
                close = "" if piece.field in SNIPPET_FIELDS else nearest(piece.field, SNIPPET_FIELDS)
                mend = f"Did you mean `{close}`?" if close else "A brace that is meant as one is written `\\{`."
                span = Span(start, at, text.count("\n", 0, start) + 1, _column(text, start))
                self.faults.append(Diagnostic(path, span, FAMILY + SNIPPET_FIELD, fault, mend=mend))


def _column(text: str, offset: int) -> int:
    return offset - text.rfind("\n", 0, offset)
