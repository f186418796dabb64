"""Finds the headings that open sections, and those that belong to the same section.

The level of sections is that of the headings that recur from issue to issue. Headings that differ only in case, dates
and numbers are one section, and so are the old and new names of one:

1. A heading with the issue's date or number becomes a pattern: `News of {date:MMMM yyyy}`.
2. Headings that then differ only in case, quotation marks, dashes and emoji are one section, if enough issues have them.
3. Headings with the same beginning up to a colon or dash are one: `Book of the month: {title}`.
4. Headings with nearly the same text at nearly the same place, and never in the same issue, are one: `Featured PR` and
   `Featured PRs`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import field
from difflib import SequenceMatcher
from itertools import combinations, compress, takewhile
from typing import TYPE_CHECKING

from newsletter.house.headings import bare, fold, loose, with_plain_dashes, with_plain_quotes
from newsletter.house.patterns import is_fixed
from newsletter.infer.course import SUPPORT
from newsletter.infer.templates import DATES
from newsletter.period import around, shifted
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from newsletter.infer.observe import Seen
    from newsletter.language import Language


LEVELS = range(2, 6)
"""The levels that a house format can have."""
_AGREE = 0.85
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Levels:
    """The level of sections. If it changed at some issue, also the earlier level and the position of that issue."""

    level: int = 2
    earlier: tuple[int, int] | None = None

    def at(self, place: int) -> int:
        """The level in the issue at a position."""
        return self.earlier[0] if self.earlier and place < self.earlier[1] else self.level


def levels_of(bodies: Sequence[str]) -> Levels:
    """The level of the sections of issues, given as Markdown without front matter, oldest first."""
    headings = [set(_headings(body)) for body in bodies]
    if len(bodies) < _FEW:
        # Text after a colon or dash may vary; the part before it recurs.
        headings = [{(level, _beginning_of(text)) for level, text in found} for found in headings]
    issues_with: dict[str, set[int]] = defaultdict(set)
    for place, found in enumerate(headings):
        for _, text in found:
            issues_with[text].add(place)
    often = max(2, len(bodies) // 25)
    own = [
        _most(Counter(level for level, text in found if level in LEVELS and len(issues_with[text]) >= often))
        for found in headings
    ]
    usual = _most(Counter(level for level in own if level))
    if usual:
        return _with_change(own, usual)
    # No heading recurs, as in essays: the level with which most issues begin.
    return Levels(_most(Counter(min(level for level, _ in found) for found in headings if found)) or 2)


def _headings(body: str) -> Iterator[tuple[int, str]]:
    fence = ""
    for line in body.split("\n"):
        opened = FENCE.match(line)
        if opened and not fence:
            fence = opened[1]
        elif opened and opened[1].startswith(fence):
            fence = ""
        elif not fence and (match := HEADING.match(line)):
            yield len(match[1]), _DIGITS.sub("0", match[2].casefold())


def _beginning_of(heading: str) -> str:
    match = _DELIMITER.match(heading)
    return match[1] if match and not _DIGITS.search(match[1]) else heading


def _most(counted: Counter[int]) -> int:
    """The most frequent level among those of sections; of two, the higher heading; 0 if there is none."""
    return min((level for level in counted if level in LEVELS), key=lambda level: (-counted[level], level), default=0)


def _with_change(own: Sequence[int], usual: int) -> Levels:
    known = [(place, level) for place, level in enumerate(own) if level]
    best, found = sum(level == usual for _, level in known) + SUPPORT - 1, Levels(usual)
    for cut in range(SUPPORT, len(known) - SUPPORT + 1):
        early, late = Counter(level for _, level in known[:cut]), Counter(level for _, level in known[cut:])
        before, after = _most(early), _most(late)
        right = early[before] + late[after]
        clear = early[before] >= _AGREE * cut and late[after] >= _AGREE * (len(known) - cut)
        if before != after and clear and right > best:
            best, found = right, Levels(after, (before, known[cut][0]))
    return found


SHARE = 0.025
"""The smallest share of issues with a section."""
_FEW = 8
"""With fewer issues, a heading in two of them is a section."""
_VARIES = 0.03
"""If a larger share of a section's headings has another spelling, it is a habit, not a typo."""
_TOGETHER = 0.05
"""Headings that occur together in more than this share of issues are different sections."""
_APART = 0.25
"""The largest distance between the places of one section, as a share of the issue."""
_LIKE = 0.86
_DELIMITER = re.compile(r"^(.{3,60}?)(\s*[:：]\s*|\s+[–—-]\s+)(?=\S)")
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(("a", "an", "the", "of", "and", "in", "for", "our", "this"))

Place = tuple[int, int]
"""The position of an issue, and of a section in it."""


@dataclass(slots=True)
class Cluster:
    """Headings that belong to one section."""

    spellings: dict[str, list[Place]] = field(default_factory=dict)
    """The places of each heading, by its spelling, or by its pattern if it has fields."""
    forgive: tuple[str, ...] = ()

    @property
    def places(self) -> list[Place]:
        """The places of all spellings, in order."""
        return sorted(place for places in self.spellings.values() for place in places)

    @property
    def issues(self) -> frozenset[int]:
        """The positions of the issues that have it."""
        return frozenset(issue for places in self.spellings.values() for issue, _ in places)

    @property
    def usual(self) -> str:
        """Its most frequent spelling."""
        return min(self.spellings, key=lambda text: (-len(self.spellings[text]), text))


@dataclass(slots=True)
class Grouped:
    """The sections with headings of their own, and all other headings."""

    named: list[Cluster]
    others: list[Place]


def group_headings(issues: Sequence[Seen], languages: Sequence[Language]) -> Grouped:
    """The sections of issues; `languages` is the language of each."""
    enough = _enough(len(issues))
    clusters = _alike(issues, languages)
    families, clusters = _families(clusters, enough, _beginning)
    more, clusters = _families(clusters, enough, _ending)
    families += more
    often = [bool(cluster.usual) and len(cluster.issues) >= enough for cluster in clusters]
    named = [*compress(clusters, often), *families]
    rest = [cluster for cluster, there in zip(clusters, often, strict=True) if not there]
    named.sort(key=lambda cluster: (-len(cluster.issues), cluster.usual))
    ranks = _ranks(issues)
    named = _renamed(named, ranks)
    rest = _rare_spellings(named, rest)
    for place in (0, -1):
        varying, rest = _varying(rest, issues, place)
        named += varying
    for cluster in named:
        _settle(cluster)
    others = sorted(place for cluster in rest for place in cluster.places)
    return Grouped(named, others)


def _enough(total: int) -> int:
    """The fewest of `total` issues that must have a heading, so that it counts as a section."""
    return 2 if total < _FEW else max(3, round(SHARE * total))


def _alike(issues: Sequence[Seen], languages: Sequence[Language]) -> list[Cluster]:
    found: dict[str, Cluster] = {}
    for place, (issue, language) in enumerate(zip(issues, languages, strict=True)):
        for index, section in enumerate(issue.sections):
            pattern = generalised(fold(section.heading), issue, language)
            cluster = found.setdefault(loose(pattern), Cluster())
            cluster.spellings.setdefault(pattern, []).append((place, index))
    return list(found.values())


def generalised(heading: str, issue: Seen, language: Language) -> str:
    """A heading with fields in place of the issue's date and number."""
    text = heading.replace("{", "\\{").replace("}", "\\}")
    if issue.date is not None:
        for pattern in DATES:
            written = language.format_date(issue.date, pattern)
            at = _find_whole(text, written)
            if at >= 0:
                text = f"{text[:at]}{{date:{pattern}}}{text[at + len(written) :]}"
                break
        else:
            text = _of_last_month(text, issue.date, language)
    if issue.number is not None:
        for written in (f"#{issue.number}", str(issue.number)):
            at = _find_whole(text, written)
            if at >= 0 and "{date" not in text and "{period" not in text:
                mark = "#" if written.startswith("#") else ""
                return f"{text[:at]}{mark}{{number}}{text[at + len(written) :]}"
    return text


def _of_last_month(text: str, day: date, language: Language) -> str:
    """A heading with a field for the month before the issue's date: some issues are published when their month is over."""
    before = shifted(around(day, "month"), -1).start
    for pattern in ("MMMM yyyy", "LLLL yyyy", "yyyy年M月"):
        written = language.format_date(before, pattern)
        at = _find_whole(text, written)
        if at >= 0:
            return f"{text[:at]}{{period-1:{pattern}}}{text[at + len(written) :]}"
    return text


def _find_whole(text: str, part: str) -> int:
    match = re.search(rf"(?<![\w#]){re.escape(part)}(?![^\W_])" if part[:1].isascii() else re.escape(part), text)
    return match.start() if match else -1


def _beginning(heading: str) -> tuple[str, str] | None:
    """The beginning of a heading, up to a colon or dash, and the pattern of all headings with this beginning."""
    match = _DELIMITER.match(heading)
    if not match or not is_fixed(match[1]):
        return None
    head = match[0]
    return loose(match[1]), f"{fold(head) + (' ' if head[-1].isspace() else '')}{{title}}"


def _ending(heading: str) -> tuple[str, str] | None:
    """The date or number at the end of a heading, after a colon or dash, and the pattern of all headings with this ending."""
    match = _DELIMITED.match(heading)
    return (loose(match[1]), f"{{title}}{match[1]}") if match else None


_DELIMITED = re.compile(r"^[^{}]{3,80}?((?:\s*[:：]\s*|\s+[–—-]\s+)[^{}]*\{(?:date|period|number)[^{}]*\}[^{}]*)$")


def _families(
    clusters: Sequence[Cluster], enough: int, common: Callable[[str], tuple[str, str] | None]
) -> tuple[list[Cluster], list[Cluster]]:
    """The headings with the same part according to `common`, each group as one section; and the other clusters.

    For example `Book of the month: China Incorporated`.
    """
    by_beginning: dict[str, list[tuple[Cluster, str]]] = defaultdict(list)
    for cluster in clusters:
        if found := common(cluster.usual):
            by_beginning[found[0]].append((cluster, found[1]))
    families: list[Cluster] = []
    taken: set[int] = set()
    for beginning, members in sorted(by_beginning.items()):
        if not _is_family([cluster for cluster, _ in members], enough):
            continue
        family = Cluster()
        for cluster, pattern in members:
            family.spellings.setdefault(pattern, []).extend(cluster.places)
            taken.add(id(cluster))
        for cluster in clusters:
            if loose(cluster.usual) == beginning and id(cluster) not in taken:
                family.spellings.update(cluster.spellings)
                taken.add(id(cluster))
        families.append(family)
    return families, [cluster for cluster in clusters if id(cluster) not in taken]


def _is_family(members: Sequence[Cluster], enough: int) -> bool:
    """Whether the headings with a beginning form a section.

    There must be several, in enough issues, and none in more than half of these.
    """
    issues = frozenset[int]().union(*(cluster.issues for cluster in members))
    return (
        len(members) >= min(3, enough)
        and len(issues) >= enough
        and all(len(cluster.issues) <= len(issues) / 2 for cluster in members)
    )


def _varying(rest: Sequence[Cluster], issues: Sequence[Seen], place: int) -> tuple[list[Cluster], list[Cluster]]:
    """The section that comes first (`place` 0) or last (-1), and the other clusters.

    Its headings have words in common: `Until {title}`.
    """
    there = {
        (issue, place % len(seen.sections)): seen.sections[place].heading
        for issue, seen in enumerate(issues)
        if seen.sections
    }
    members = [cluster for cluster in rest if all(found in there for found in cluster.places)]
    places = [found for cluster in members for found in cluster.places]
    rows = [bare(fold(there[found])).split() for found in places]
    if len(members) < 3 or len(places) < _NEARLY * len(issues):
        return [], list(rest)
    begin, end = _shared(rows), _shared([row[::-1] for row in rows])[::-1]
    if not any(_has_meaning(word) for word in begin + end) or min(map(len, rows)) <= len(begin) + len(end):
        return [], list(rest)
    pattern = " ".join([*begin, "{title}", *end])
    taken = {id(cluster) for cluster in members}
    return [Cluster({pattern: sorted(places)})], [cluster for cluster in rest if id(cluster) not in taken]


def _shared(rows: Sequence[Sequence[str]]) -> list[str]:
    """The words with which all rows begin."""
    return [words[0] for words in takewhile(lambda words: len(set(words)) == 1, zip(*rows, strict=False))]


def _has_meaning(word: str) -> bool:
    return len(word) >= 4 and word.casefold() not in _QUESTIONS and "{" not in word


_QUESTIONS = frozenset("what when where which whose with this that from there these those about into have will".split())
_NEARLY = 0.9
"""The share of issues that must have a section without a fixed heading, recognized by its place."""


def _ranks(issues: Sequence[Seen]) -> dict[Place, float]:
    """The relative place of each section in its issue, from 0 to 1."""
    return {
        (place, index): (index + 0.5) / len(issue.sections)
        for place, issue in enumerate(issues)
        for index in range(len(issue.sections))
    }


def _position(cluster: Cluster, ranks: dict[Place, float]) -> float:
    found = sorted(ranks[place] for place in cluster.places)
    return found[len(found) // 2]


def _renamed(named: list[Cluster], ranks: dict[Place, float]) -> list[Cluster]:
    """The sections, with those merged that are different names of the same one."""
    while pair := next(_candidates(named, ranks), None):
        one, other = pair
        one.spellings = {**other.spellings, **one.spellings}
        named = [cluster for cluster in named if cluster is not other]
    return named


def _candidates(named: Sequence[Cluster], ranks: dict[Place, float]) -> Iterator[tuple[Cluster, Cluster]]:
    """Pairs of clusters that are one section, the most certain first."""
    pairs = []
    for one, other in combinations(named, 2):
        score = likeness(one.usual, other.usual)
        if score and _may_be_one(one, other, ranks if score < 1 else None):
            pairs.append((score, one, other))
    # A heading contained in several (`Proposals` in `Accepted proposals` and `Rejected proposals`) is none of these.
    contained = Counter(id(cluster) for score, one, other in pairs if score < 1 for cluster in (one, other))
    for score, one, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1].usual, pair[2].usual)):
        if score == 1 or max(contained[id(one)], contained[id(other)]) == 1:
            yield (one, other) if len(one.issues) >= len(other.issues) else (other, one)


def _may_be_one(one: Cluster, other: Cluster, ranks: dict[Place, float] | None) -> bool:
    """Whether two clusters are hardly ever in one issue. With `ranks`, they must also be at about the same place."""
    if len(one.issues & other.issues) > _TOGETHER * min(len(one.issues), len(other.issues)):
        return False
    return ranks is None or abs(_position(one, ranks) - _position(other, ranks)) <= _APART


def likeness(one: str, other: str) -> float:
    """The likeness of two headings: 1 if they differ only in plural and small words, less if they are similar, else 0."""
    mine, theirs = _stems(one), _stems(other)
    if not mine or not theirs:
        return 0.0
    if mine == theirs:
        return 1.0
    ratio = SequenceMatcher(None, loose(one), loose(other)).ratio()
    if set(mine) < set(theirs) or set(theirs) < set(mine):
        return max(0.9, ratio)
    return ratio if ratio >= _LIKE else 0.0


def _stems(heading: str) -> tuple[str, ...]:
    text = loose(heading).replace("'s", "").replace("s'", "s")
    words = [word for word in _WORD.findall(text) if word not in _STOP]
    return tuple(
        word[:-1] if word.endswith("s") and len(word) > 2 and not word.endswith("ss") else word for word in words
    )


def _rare_spellings(named: Sequence[Cluster], rest: Sequence[Cluster]) -> list[Cluster]:
    """The rare headings that are not spellings of a section.

    Those in one issue only may be typos, which the check reports.
    """
    left = []
    for cluster in rest:
        fitting = [one for one in named if likeness(one.usual, cluster.usual) >= 1 and _may_be_one(one, cluster, None)]
        again = len(cluster.issues) > 1
        if len(fitting) == 1:
            if again:
                fitting[0].spellings.update(cluster.spellings)
        elif again or not any(_is_slip_of(one, cluster) for one in named):
            left.append(cluster)
    return left


def _is_slip_of(one: Cluster, rare: Cluster) -> bool:
    return likeness(one.usual, rare.usual) >= _LIKE and not rare.issues & one.issues


def _settle(cluster: Cluster) -> None:
    """Keeps one spelling of each heading, and sets the differences for `forgive`."""
    by_loose: dict[str, list[str]] = defaultdict(list)
    for text in sorted(cluster.spellings, key=lambda text: (-len(cluster.spellings[text]), text)):
        by_loose[loose(text)].append(text)
    forgive: set[str] = set()
    total = len(cluster.places)
    for texts in by_loose.values():
        for other in texts[1:]:
            if len(cluster.spellings[other]) >= max(2, _VARIES * total):
                forgive |= set(_differ(texts[0], other))
            cluster.spellings[texts[0]] = sorted(cluster.spellings[texts[0]] + cluster.spellings.pop(other))
    cluster.forgive = tuple(kind for kind in ("case", "quotes", "dashes", "emoji") if kind in forgive)


def _differ(one: str, other: str) -> Iterator[str]:
    """The kinds of difference between two headings that are the same if all kinds are ignored."""
    for kind in _FORGIVABLE:
        mine, theirs = one, other
        for different, same in _FORGIVABLE.items():
            if different != kind:
                mine, theirs = same(mine), same(theirs)
        if mine != theirs:
            yield kind


_FORGIVABLE: dict[str, Callable[[str], str]] = {
    "emoji": bare,
    "quotes": with_plain_quotes,
    "dashes": with_plain_dashes,
    "case": str.casefold,
}
