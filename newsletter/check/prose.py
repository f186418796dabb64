"""The prose of an issue as one flat text, made once, with a map back to the source: what the rules of text read.

Emphasis leaves no trace in it; what is no prose (code, addresses, pictures, personal fields, HTML, template tags) is a
stand-in each. So a rule runs one expression over a whole letter, and knows for every character where it is written.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.issue.source import Source
    from newsletter.model import Issue, Span

STAND_IN = "\ufddd"
"""In the flat text: something that readers see and that is no prose. Reading lets no such character through."""
HARD_BREAK = "\u2028"
"""In the flat text: the end of a line that readers see; any other is a plain newline."""
EDGE = "\ufdde"
"""In the flat text: the end of a passage."""


class Kind(StrEnum):
    """What a passage is."""

    FIELD = "field"  # of the front matter
    HEADING = "heading"  # of a section, an item, or deeper
    PARAGRAPH = "paragraph"
    CELL = "cell"  # of a table
    CAPTION = "caption"
    CREDIT = "credit"
    ALT = "alt text"
    ATTRIBUTION = "attribution"
    ARGUMENT = "argument"  # of a directive


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch of prose that is read in one go: a heading, a paragraph, a cell, the alt text of a picture."""

    kind: Kind
    start: int
    """Offsets in the flat text."""
    end: int
    span: Span
    """All of it in the source, marks and what is no prose included."""
    field: str = ""
    """The dotted name of a field of the front matter."""
    prose: bool = True
    """Whether it is written for readers; False for fields that a publication has for itself."""
    mendable: bool = True
    """Whether its characters may be changed in the source one by one: not where YAML escapes or folds them."""
    quotable: bool = True
    """Whether a straight quotation mark may be put into it: not where one would end it, in YAML and in titles."""


@dataclass(frozen=True, slots=True)
class FlatText:
    """The flat text and its map. Piece `i` begins at `starts[i]` and stands at `sources[i]` to `ends[i]`."""

    text: str
    passages: tuple[Passage, ...]
    joints: tuple[int, ...]
    """Offsets at which a link begins or ends, rising."""
    starts: Sequence[int]
    sources: Sequence[int]
    ends: Sequence[int]
    exact: Sequence[bool]
    """Whether the source has the piece character by character."""


class Prose:
    """The prose of `issue`, as it stands in `source`. Nothing is worked out before it is asked for."""

    def __init__(self, issue: Issue, source: Source) -> None:
        self._issue = issue
        self._source = source

    @cached_property
    def flat(self) -> FlatText:
        """The flat text and its map."""
        from newsletter.check.prose_reading import flatten  # it knows this module's records

        return flatten(self._issue, self._source)

    @property
    def text(self) -> str:
        """The flat text: all passages, each with an EDGE behind it."""
        return self.flat.text

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages, in the order of the source; the front matter first."""
        return self.flat.passages

    @cached_property
    def _passage_starts(self) -> list[int]:
        return [passage.start for passage in self.passages]

    def index_at(self, offset: int) -> int:
        """The index of the passage that the character at `offset` of the flat text is in."""
        return bisect_right(self._passage_starts, offset) - 1

    def passage_at(self, offset: int) -> Passage:
        """The passage that the character at `offset` of the flat text is in."""
        return self.passages[self.index_at(offset)]

    def text_of(self, passage: Passage) -> str:
        """The words of a passage."""
        return self.flat.text[passage.start : passage.end]

    def of_kind(self, *kinds: Kind) -> Iterator[Passage]:
        """The passages of these kinds that readers read."""
        return (passage for passage in self.passages if passage.kind in kinds and passage.prose)

    def place(self, start: int, end: int) -> Span:
        """Where `text[start:end]`, of one passage, stands in the source; the whole escape for a part of one."""
        flat = self.flat
        first, last = bisect_right(flat.starts, start) - 1, bisect_right(flat.starts, max(end - 1, start)) - 1
        begin = flat.sources[first] + (start - flat.starts[first] if flat.exact[first] else 0)
        finish = flat.sources[last] + end - flat.starts[last] if flat.exact[last] else flat.ends[last]
        return self._source.span(begin, max(begin, finish))

    def is_verbatim(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` stands in the source just so, neither escaped nor broken up by marks."""
        span = self.place(start, end)
        return self._source.text[span.start : span.end] == self.flat.text[start:end]

    def is_escaped(self, offset: int) -> bool:
        r"""Whether the character at `offset` is written as an escape or entity: `\"`, `&quot;`."""
        return not self.flat.exact[bisect_right(self.flat.starts, offset) - 1]

    def has_joint(self, start: int, end: int) -> bool:
        """Whether a link begins or ends from `start` to `end`, both included."""
        joints = self.flat.joints
        at = bisect_left(joints, start)
        return at < len(joints) and joints[at] <= end
