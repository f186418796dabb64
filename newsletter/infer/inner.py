"""Groups at the level of the sections: headings without text of their own, above headings that recur as well."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.house.headings import bare, fold, outline
from newsletter.infer.course import ALWAYS
from newsletter.infer.headings import FENCE, HEADING, SHARE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_MOSTLY = 0.8
_NUMBERED = re.compile(r"\d+[.)]")


@dataclass(frozen=True, slots=True)
class OwnLevels:
    """The headings that open a section, or a group, at a level that others do not have: the level, and a regular expression."""

    sections: tuple[tuple[int, str], ...] = ()
    groups: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Headed:
    """A heading at the level of the sections, with those one level below it."""

    heading: str
    under: tuple[str, ...]
    direct: bool
    """Whether the first of these follows directly, without text between."""


def inner_groups(bodies: Sequence[str], level: int, sections: Collection[str] = ()) -> OwnLevels:
    """The recurring headings at `level` above recurring ones, which are sections of a group.

    If they were items, their titles would differ from issue to issue. A heading of the known `sections` is no group.
    """
    known = {fold(heading).casefold() for heading in sections}
    rows = [list(_parts(body, level)) for body in bodies]
    enough = max(3, round(SHARE * len(bodies)))
    below: list[tuple[int, str]] = []
    groups: list[tuple[int, str]] = []
    for heading in dict.fromkeys(part.heading for row in rows for part in row):
        under = [] if heading.casefold() in known else _sections_under(heading, rows, enough)
        if under:
            groups.append((level, _shape(heading)))
            below += ((level + 1, _shape(text)) for text in under)
    return OwnLevels(tuple(below), tuple(groups))


def _sections_under(heading: str, rows: Sequence[Sequence[_Headed]], enough: int) -> list[str]:
    """The headings under a heading, if it is that of a group; otherwise empty."""
    parts = [part for row in rows for part in row if part.heading == heading]
    direct = [part for part in parts if part.direct]
    if len(parts) < enough or len(direct) < _MOSTLY * len(parts) or not bare(heading):
        return []
    if any(len(set(part.under)) < len(part.under) for part in direct):
        return []
    counted = Counter(text for part in direct for text in part.under)
    everywhere = Counter(text for row in rows for part in row for text in part.under)
    known = [
        text
        for text, count in counted.items()
        if count >= enough and count >= ALWAYS * everywhere[text] and bare(text) and not _NUMBERED.match(text)
    ]
    if len(known) < 2 or sum(counted[text] for text in known) < ALWAYS * counted.total():
        return []
    return known


def _parts(body: str, level: int) -> Iterator[_Headed]:
    heading, under, direct, empty = "", [""], False, False
    for at, text in _lines(body):
        if 0 < at <= level:
            if heading:
                yield _Headed(heading, tuple(under), direct)
            heading, under, direct, empty = (text if at == level else ""), [], False, True
        elif at == level + 1:
            direct = direct or (empty and not under)
            under.append(text)
        elif not at and not under:
            empty = False
    if heading:
        yield _Headed(heading, tuple(under), direct)


def _lines(body: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank: level and text of a heading, or 0 and the line."""
    fence = ""
    for line in body.split("\n"):
        opened, match = FENCE.match(line), HEADING.match(line)
        inside = bool(fence or opened)
        if opened and not fence:
            fence = opened[1]
        elif opened and opened[1].startswith(fence):
            fence = ""
        if match and not inside:
            yield len(match[1]), fold(match[2])
        elif line.strip():
            yield 0, line


def _shape(text: str) -> str:
    return outline(text.replace("{", "\\{").replace("}", "\\}"))
