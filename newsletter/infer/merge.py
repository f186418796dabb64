"""Adds missing keys to an existing house.yaml. Its lines, order and comments stay as they are."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from newsletter.infer.yamltext import flow, key, scalar
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model import Path, YamlDocument

_WORDS: dict[object, dict[str, object]] = {"required": {"required": True}, "optional": {}}
"""The block for each word that may be written in place of a field's block."""
_SETTLED = frozenset(
    (
        *("name", "order", "section_level", "other_fields", "eras"),
        *("required", "heading", "level", "since", "until", "repeat", "forgive", "shape"),
    )
)
"""Keys whose default is a decision: a section without `required` is required. They are not added."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A house.yaml with added keys."""

    text: str
    added: tuple[str, ...]
    """The keys that were added, such as `sections.jobs`."""
    left: tuple[str, ...]
    """The keys without a value. They are left alone, because that may be on purpose."""


@dataclass(frozen=True, slots=True)
class _Insertion:
    """A text for the file, in place of the text from `start` to `end`."""

    start: int
    end: int
    text: str


def merge(
    own: str, document: YamlDocument, found: str, inferred: YamlDocument, whole: Mapping[str, object] | None = None
) -> Merged:
    """`own` with the keys of `found` that it lacks; `document` and `inferred` are the two, parsed.

    `whole` is the complete configuration, including that of the kind on which `own` is built.
    """
    return _Merging(own, document, found, inferred, whole or {}).merge()


class _Merging:
    def __init__(
        self, own: str, document: YamlDocument, found: str, inferred: YamlDocument, whole: Mapping[str, object]
    ) -> None:
        self._whole = whole
        self._own = own if own.endswith("\n") or not own else f"{own}\n"
        self._document = document
        self._found = found.split("\n")
        self._inferred = inferred
        self._insertions: list[_Insertion] = []
        self._added: list[str] = []
        self._left: list[str] = []
        self._behind: dict[Path, Path] = {}
        """For each new entry, the entry after which it was inserted."""

    def merge(self) -> Merged:
        self._mapping((), self._document.values, self._inferred.values)
        by_place: dict[tuple[int, int], list[str]] = defaultdict(list)
        for one in self._insertions:
            by_place[one.start, one.end].append(one.text)
        text = self._own
        for (start, end), texts in sorted(by_place.items(), reverse=True):
            text = text[:start] + "".join(texts) + text[end:]
        return Merged(text, tuple(self._added), tuple(self._left))

    def _mapping(self, path: Path, own: Mapping[str, object], found: Mapping[str, object]) -> None:
        before: str | None = None
        for name, value in found.items():
            at = (*path, name)
            if name not in own:
                if self._is_present(at):
                    continue
                if name not in _SETTLED or (path and path[-1] in ("front", "sections", "fields")):
                    self._add(at, before, own)
            else:
                before = name
                self._both(at, own[name], value)

    def _is_present(self, at: Path) -> bool:
        """Whether the complete configuration has the key already, from the kind on which `own` is built."""
        value: object = self._whole
        for step in at:
            if not isinstance(value, dict) or step not in value:
                return False
            value = value[step]
        return True

    def _both(self, at: Path, mine: object, theirs: object) -> None:
        """Merges a key that both have. Only blocks can get more keys."""
        if not isinstance(theirs, dict):
            return
        if mine is None:
            self._left.append(".".join(map(str, at)))
            return
        short = _WORDS.get(mine) if isinstance(mine, str) and at[:1] == ("front",) and len(at) > 1 else None
        if isinstance(mine, dict):
            # Keys for items of another shape do not apply.
            same = at[-1] != "items" or mine.get("shape", "heading") == theirs.get("shape", "heading")
            if same and not {"is", "eras"} & mine.keys():
                self._mapping(at, mine, theirs)
        elif short is not None:
            more = {name: value for name, value in theirs.items() if name not in _SETTLED}
            if more:
                span = self._document.where(*at)
                self._insertions.append(_Insertion(span.start, span.end, _flow({**short, **more})))
                self._added += [".".join(map(str, (*at, name))) for name in more]

    def _add(self, at: Path, before: str | None, own: Mapping[str, object]) -> None:
        shown = ".".join(map(str, at))
        span = self._document.where(*at[:-1])
        if at[:-1] and self._own[span.start : span.start + 1] == "{":
            value: object = self._inferred.values
            for step in at:
                value = value[step]  # type: ignore[index]
            end = self._own.rindex("}", span.start, span.end)
            comma = "" if self._own[:end].rstrip().endswith(("{", ",")) else ", "
            start = len(self._own[:end].rstrip())
            self._insertions.append(_Insertion(start, start, f"{comma}{key(str(at[-1]))}: {_flow(value)}"))
        else:
            self._insert_lines(at, before, own)
        self._added.append(shown)

    def _insert_lines(self, at: Path, before: str | None, own: Mapping[str, object]) -> None:
        first = next(iter(own), None)
        column = self._document.where_key(*at[:-1], first).column - 1 if first is not None else 0
        sibling = before or (None if at[0] == "sections" and len(at) == 2 else next(iter(list(own)[::-1]), None))
        if sibling is not None:
            place = self._end_of((*at[:-1], sibling))
        elif first is not None:
            place = self._above(self._line_start(self._document.where_key(*at[:-1], first).start))
        else:
            place = len(self._own)
        lines = list(self._block(at))
        depth = len(lines[0]) - len(lines[0].lstrip())
        moved = [f"{' ' * column}{line[depth:]}" if line.strip() else "" for line in lines]
        above = self._own[:place].rstrip("\n").rpartition("\n")[2]
        apart = (len(at) == 1 and (len(lines) > 1 or above.startswith(" "))) or (at[0] == "sections" and len(at) == 2)
        blank = "\n" if apart and sibling is not None else ""
        self._insertions.append(_Insertion(place, place, f"{blank}{chr(10).join(moved)}\n"))

    def _line_start(self, place: int) -> int:
        return self._own.rfind("\n", 0, place) + 1

    def _above(self, place: int) -> int:
        """The start of the comment lines directly above a line, else of the line."""
        while place and self._own[self._line_start(place - 1) : place].lstrip().startswith("#"):
            place = self._line_start(place - 1)
        return place

    def _end_of(self, at: Path) -> int:
        """The end of the lines of an entry, without comments after it."""
        start = self._document.where_key(*at)
        end = max(
            (span.end for path, span in self._document.value_spans.items() if path[: len(at)] == at),
            default=start.end,
        )
        line = self._own.find("\n", max(start.end, min(end, len(self._own)) - 1))
        return len(self._own) if line < 0 else line + 1

    def _block(self, at: Path) -> Iterator[str]:
        """The lines of an inferred entry."""
        start = self._inferred.where_key(*at).line - 1
        first = self._found[start]
        depth = len(first) - len(first.lstrip())
        rows = [first]
        for line in self._found[start + 1 :]:
            if line.strip() and len(line) - len(line.lstrip()) <= depth:
                break
            rows.append(line)
        while not rows[-1].strip():
            rows.pop()
        yield from rows


def _flow(value: object) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key(str(name))}: {_flow(inner)}' for name, inner in value.items())}}}"
    if isinstance(value, list):
        return flow([_flow(inner) for inner in value])
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value if _RANGE.fullmatch(value) else scalar(value, inside=True)
    return "null" if value is None else str(value)


_RANGE = re.compile(r"\d+-\d+")
