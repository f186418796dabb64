"""Plain-text files, with one letter in each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.importing.base import Found, Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.letters import ForeignLetter, from_text
from newsletter.importing.moments import day_in, moment_of
from newsletter.importing.plain_text.reading import LARGEST
from newsletter.importing.sources import EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

_ENDINGS = (".txt", ".text")
_NO_LETTERS = frozenset("license licence readme changelog requirements robots humans".split())


def _files(source: ImportSource) -> list[str]:
    names = [name for name in source.names() if name.casefold().endswith(_ENDINGS) or not source.is_folder]
    return [name for name in names if name.rpartition("/")[2].partition(".")[0].casefold() not in _NO_LETTERS]


def _recognises(source: ImportSource) -> bool:
    names = _files(source)
    return bool(names) and "\0" not in source.beginning(names[0])


def _read(source: ImportSource) -> Found:
    names = _files(source)
    if not names:
        raise UsageError(f"{source.name} has no plain-text files (.txt)", hint="Save each letter in its own text file.")
    return Found(_issues(source, names), total=len(names))


def _issues(source: ImportSource, names: list[str]) -> Iterator[ImportedIssue | Skipped]:
    for name in names:
        try:
            text, notes = source.text(name, LARGEST * 4)
        except EntryError as error:
            yield Skipped(name, str(error), fault=True)
            continue
        if "\0" in text:
            yield Skipped(name, "it is not a text file", fault=True)
            continue
        day, rest = day_in(name.rpartition("/")[2].rpartition(".")[0])
        yield from_text(
            ForeignLetter(name, date=moment_of(day), slug=re.sub(r"[\s_]+", "-", rest).casefold(), notes=notes), text
        )


KIND = Kind("text", "plain-text files", _recognises, _read)
