"""The differences that readers would notice between two texts of an issue, or between two issues: words, links, figures, sections.

The parsed texts are compared, not the lines of files: another line break, or another way to write a link or a list,
is no difference.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from newsletter.archive.search.passages import CAPTION, TITLE, TextPassage
from newsletter.check.facts.history import same_address
from newsletter.check.facts.sections import longest_in_order
from newsletter.late import late
from newsletter.records import dataclass
from newsletter.walk import figures_in, images_in, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.model import Issue

SAME, ADDED, REMOVED, MOVED, CHANGED = "same", "added", "removed", "moved", "changed"
"""The kinds of change of a part."""
FIELDS = ("title", "subtitle", "number", "date", "language", "authors", "tags", "summary", "subject", "preheader")
"""The front matter fields that readers see."""
_WORDS = late(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u3105-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    "|[^\\W_]+(?:['’][^\\W_]+)*|\\s+|."
)
"""A word, a character of a script without spaces, white space, or a punctuation character."""
_ALIKE = 0.5
"""The share of equal words from which two passages with different titles count as one that was renamed."""
_LONGEST = 2_000_000
"""Two texts are not compared word by word if the product of their numbers of words is larger."""
_MANY = 400_000
"""If the product is larger than this, frequent words are ignored."""
_MOST_PAIRS = 20_000
"""If there are more pairs of passages that may be renamed, no pair is compared."""
_NEAR = 8
"""The number of unchanged words shown around a change."""


@dataclass(frozen=True, slots=True)
class WordPiece:
    """A piece of text that is in both versions, or only in one."""

    text: str
    what: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the front matter with another value."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link that was added or removed, or that leads elsewhere under the same text."""

    what: str
    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A picture that was added or removed, or whose texts changed."""

    what: str
    source: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PartChange:
    """A passage with changes, or that is only in one of the versions."""

    what: str
    section: str
    title: str
    line: int
    """The line in the new text, or in the old one if the part was removed."""
    words: int = 0
    """The number of words, if it was added or removed."""
    renamed: FieldChange | None = None
    moved: bool = False
    paragraphs: tuple[tuple[WordPiece, ...], ...] = ()
    """The paragraphs that differ, each with the words that were kept, removed and added."""
    links: tuple[LinkChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """All differences. False if there are none."""

    fields: tuple[FieldChange, ...]
    parts: tuple[PartChange, ...]
    figures: tuple[FigureChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.parts or self.figures)

    @property
    def words(self) -> tuple[int, int]:
        """The number of words added, and the number removed."""
        pieces = [piece for part in self.parts for paragraph in part.paragraphs for piece in paragraph]
        came = sum(_count(piece.text) for piece in pieces if piece.what == ADDED)
        went = sum(_count(piece.text) for piece in pieces if piece.what == REMOVED)
        came += sum(part.words for part in self.parts if part.what == ADDED)
        went += sum(part.words for part in self.parts if part.what == REMOVED)
        return came, went


@dataclass(frozen=True, slots=True)
class Readable:
    """The parts of an issue that are compared."""

    issue: Issue
    passages: Sequence[TextPassage]
    """The passages; the first is the head."""


def differences(before: Readable, after: Readable) -> Differences:
    """The differences of `after`, in the order of its text."""
    return Differences(
        tuple(_fields(before.issue, after.issue)),
        tuple(_parts(before.passages[1:], after.passages[1:])),
        tuple(_figures(before.issue, after.issue)),
    )


def _fields(before: Issue, after: Issue) -> Iterator[FieldChange]:
    for name in FIELDS:
        was, now = (_as_text(getattr(issue, name)) for issue in (before, after))
        if was != now:
            yield FieldChange(name, was, now)


def _as_text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return "" if value is None else str(value)


def _key(passage: TextPassage) -> tuple[str, str]:
    return _folded(passage.section), _folded(passage.title)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _parts(before: Sequence[TextPassage], after: Sequence[TextPassage]) -> Iterator[PartChange]:
    pairs = _paired(before, after)
    order = [pairs[at] for at in range(len(after)) if at in pairs]
    in_place = {order[at] for at in longest_in_order(order)}
    known = set(pairs.values())
    gone = [at for at in range(len(before)) if at not in known]
    for at, passage in enumerate(after):
        if at not in pairs:
            yield _alone(ADDED, passage)
            continue
        change = _compared(before[pairs[at]], passage, moved=pairs[at] not in in_place)
        if change:
            yield change
    for at in gone:
        yield _alone(REMOVED, before[at])


def _paired(before: Sequence[TextPassage], after: Sequence[TextPassage]) -> dict[int, int]:
    """The index in `before` of each passage of `after`: with the same title, else with at least half of the same words."""
    places: dict[tuple[str, str], list[int]] = {}
    for at, passage in enumerate(before):
        places.setdefault(_key(passage), []).append(at)
    pairs = {at: found.pop(0) for at, passage in enumerate(after) if (found := places.get(_key(passage)))}
    left = sorted(set(range(len(before))) - set(pairs.values()))
    if len(left) * (len(after) - len(pairs)) > _MOST_PAIRS:
        return pairs
    counted = {at: _counted(before[at]) for at in left}
    for at, passage in enumerate(after):
        if at in pairs or not left:
            continue
        mine = _counted(passage)
        best = max(left, key=lambda other: _likeness(mine, counted[other]))
        if _likeness(mine, counted[best]) >= _ALIKE:
            pairs[at] = best
            left.remove(best)
    return pairs


def _counted(passage: TextPassage) -> Counter[str]:
    return Counter(word for run in passage.runs if run.kind != TITLE for word in run.text.casefold().split())


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    both = one.total() + other.total()
    return 2 * (one & other).total() / both if both else 0.0


def _alone(what: str, passage: TextPassage) -> PartChange:
    words = sum(_count(run.text) for run in passage.runs)
    return PartChange(what, passage.section, passage.title, passage.line, words)


def _compared(before: TextPassage, after: TextPassage, *, moved: bool) -> PartChange | None:
    titles = [" › ".join(filter(None, (one.section, one.title))) for one in (before, after)]
    renamed = FieldChange("title", *titles) if _key(before) != _key(after) else None
    paragraphs = tuple(_paragraphs(_texts(before), _texts(after)))
    links = tuple(_links(before, after))
    if not (paragraphs or links or renamed or moved):
        return None
    what = MOVED if moved and not (paragraphs or links or renamed) else CHANGED
    return PartChange(what, after.section, after.title, after.line, 0, renamed, moved, paragraphs, links)


def _texts(passage: TextPassage) -> list[str]:
    return [" ".join(run.text.split()) for run in passage.runs if run.kind not in {TITLE, CAPTION}]


def _paragraphs(before: list[str], after: list[str]) -> Iterator[tuple[WordPiece, ...]]:
    for tag, start, end, begin, stop in _opcodes(before, after):
        if tag == "equal":
            continue
        was, now = before[start:end], after[begin:stop]
        for at in range(max(len(was), len(now))):
            pieces = tuple(_words(was[at] if at < len(was) else "", now[at] if at < len(now) else ""))
            if pieces:
                yield pieces


def _opcodes(was: Sequence[str], now: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """The opcodes of difflib. In very long texts, frequent words are ignored, because they would take too long."""
    return SequenceMatcher(None, was, now, autojunk=len(was) * len(now) > _MANY).get_opcodes()


def _words(before: str, after: str) -> Iterator[WordPiece]:
    """The words that were kept, removed and added. Of long unchanged pieces, only the words near a change are kept."""
    was, now = _WORDS.findall(before), _WORDS.findall(after)
    if len(was) * len(now) > _LONGEST:
        yield from (WordPiece(text, what) for text, what in ((before, REMOVED), (after, ADDED)) if text)
        return
    codes = _codes(was, now)
    for at, (tag, start, end, begin, stop) in enumerate(codes):
        if tag == "equal":
            yield WordPiece(_near(was[start:end], first=at == 0, last=at == len(codes) - 1), SAME)
            continue
        if start < end:
            yield WordPiece("".join(was[start:end]), REMOVED)
        if begin < stop:
            yield WordPiece("".join(now[begin:stop]), ADDED)


def _codes(was: Sequence[str], now: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """The differences, without single white space between two of them."""
    codes: list[tuple[str, int, int, int, int]] = []
    for tag, start, end, begin, stop in _opcodes(was, now):
        between = tag == "equal" and "".join(was[start:end]).isspace() and codes and end < len(was)
        if codes and codes[-1][0] == "replace" and (between or tag != "equal"):
            _, first, _, head, _ = codes.pop()
            codes.append(("replace", first, end, head, stop))
        else:
            codes.append((tag if tag == "equal" else "replace", start, end, begin, stop))
    return codes


def _near(words: Sequence[str], *, first: bool, last: bool) -> str:
    room = _NEAR * 2
    if first and len(words) > room:
        return "… " + "".join(words[-room:]).lstrip()
    if last and len(words) > room:
        return "".join(words[:room]).rstrip() + " …"
    if len(words) > room * 2 and not first and not last:
        return "".join(words[:room]).rstrip() + " … " + "".join(words[-room:]).lstrip()
    return "".join(words)


def _count(text: str) -> int:
    from newsletter.walk import count_words

    return count_words(text)


def _links(before: TextPassage, after: TextPassage) -> Iterator[LinkChange]:
    was = Counter((link.address, link.text, link.href) for link in before.links)
    now = Counter((link.address, link.text, link.href) for link in after.links)
    addresses = Counter(link.address for link in after.links), Counter(link.address for link in before.links)
    gone = [each for each in was if not addresses[0][each[0]]]
    come = [each for each in now if not addresses[1][each[0]]]
    for _, text, href in come:
        same = next((other for other in gone if _folded(other[1]) == _folded(text)), None)
        if same:
            gone.remove(same)
            yield LinkChange(CHANGED, text, same[2], href)
        else:
            yield LinkChange(ADDED, text, after=href)
    for _, text, href in gone:
        yield LinkChange(REMOVED, text, before=href)


def _figures(before: Issue, after: Issue) -> Iterator[FigureChange]:
    was, now = _pictures(before), _pictures(after)
    for source, texts in now.items():
        if source not in was:
            yield FigureChange(ADDED, source)
        elif was[source] != texts:
            names = ("alt", "caption", "credit")
            fields = (FieldChange(*each) for each in zip(names, was[source], texts, strict=True) if each[1] != each[2])
            yield FigureChange(CHANGED, source, tuple(fields))
    for source in was:
        if source not in now:
            yield FigureChange(REMOVED, source)


def _pictures(issue: Issue) -> dict[str, tuple[str, str, str]]:
    """The alternative text, the caption and the credit of each picture, by address."""
    found: dict[str, tuple[str, str, str]] = {}
    if issue.cover:
        found[issue.cover.src] = issue.cover.alt, issue.cover.caption, issue.cover.credit
    for figure in figures_in(issue):
        found[same_address(figure.image.src)] = (
            figure.image.alt,
            plain_text(figure.caption),
            plain_text(figure.credit),
        )
    for image in images_in(issue):
        found.setdefault(same_address(image.src), (image.alt, "", ""))
    return found


def only_words(pieces: Iterable[WordPiece]) -> str:
    """A paragraph as text: `[-removed-]` and `{+added+}`, as wdiff writes them."""
    signs = {ADDED: ("{+", "+}"), REMOVED: ("[-", "-]")}
    return "".join(piece.text.join(signs.get(piece.what, ("", ""))) for piece in pieces)
