"""The list of imported issues: `imports.json`, kept in git beside newsletter.yaml.

It is not in the front matter, which belongs to the author. It is not in `.newsletter/`, which is not in git: after a
clone, a second import must find the issues that are already there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.files import read_file
from newsletter.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

LEDGER = "imports.json"
_LARGEST = 50_000_000
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """An imported issue."""

    folder: str
    """Its folder below issues/ at the time of the import."""
    sha256: str
    """The SHA-256 hash of its index.md at the time of the import."""


class Ledger:
    """The imported issues, by kind of source and by name in the source."""

    def __init__(self, root: Path) -> None:
        """Reads imports.json, if there is one. Raises UsageError if it cannot be read."""
        self.entries: dict[str, dict[str, Entry]] = {}
        if not (root / LEDGER).exists():
            return
        try:
            stored = json.loads(read_file(root / LEDGER, LEDGER, _LARGEST))
            if stored["format"] != _FORMAT:
                raise UsageError(f"{LEDGER} was written by a newer version", hint="Update newsletter.")
            for kind, issues in stored["issues"].items():
                self.entries[kind] = {
                    source: Entry(str(entry["folder"]), str(entry["sha256"])) for source, entry in issues.items()
                }
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError(
                f"{LEDGER} cannot be read",
                hint="Undo the changes in it. Without it, `newsletter import` may import issues twice.",
            ) from error

    def get(self, kind: str, source: str) -> Entry | None:
        """The entry for an issue in a source; None if it was not imported."""
        return self.entries.get(kind, {}).get(source)

    def add(self, kind: str, source: str, entry: Entry) -> None:
        """Adds or replaces the entry for an issue in a source."""
        self.entries.setdefault(kind, {})[source] = entry

    @property
    def count(self) -> int:
        """The number of imported issues."""
        return sum(map(len, self.entries.values()))

    def content(self) -> bytes:
        """The content of imports.json: one sorted line for each issue, so that git merges it line by line."""
        kinds = []
        for kind, issues in sorted(self.entries.items()):
            lines = ",\n".join(
                f"   {json.dumps(source, ensure_ascii=False)}: "
                + json.dumps({"folder": entry.folder, "sha256": entry.sha256}, ensure_ascii=False)
                for source, entry in sorted(issues.items())
            )
            kinds.append(f"  {json.dumps(kind)}: {{\n{lines}\n  }}")
        joined = ",\n".join(kinds)
        return f'{{\n "format": {_FORMAT},\n "issues": {{\n{joined}\n }}\n}}\n'.encode()
