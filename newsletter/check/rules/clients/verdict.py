"""Which of the features that a letter uses do harm in which mail programs."""

from __future__ import annotations

from functools import lru_cache

from newsletter.check.rules.clients.scan import marks_in, scan
from newsletter.check.rules.clients.sheets import OTHERS, WORD, FeatureUse
from newsletter.check.rules.clients.signs import Feature, Harm
from newsletter.check.rules.clients.table import support
from newsletter.records import dataclass

_WORD = "outlook-windows"
_DRAWN = {
    "css-background-image": ("<v:fill", "<v:image"),
    "css-linear-gradient": ("<v:fill",),
    "html-background": ("<v:fill", "<v:image"),
    "css-border-radius": ("<v:roundrect",),
}
"""What Outlook on Windows shows by another way, and what in a letter says that it was given that, too."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A feature, and who does without it."""

    feature: Feature
    harm: Harm
    """What it does here: less than the feature's where something else stands in for it."""
    shown: str
    """What a message calls it."""
    clients: frozenset[str]
    """Keys of the mail programs."""


@lru_cache(maxsize=4)
def problems(html: str) -> tuple[Problem, ...]:
    """What in a letter some mail program does not support, in the order of the letter; per feature and harm one."""
    found: dict[tuple[str, Harm], Problem] = {}
    for mark in _uses(html):
        clients = lacking(mark, html)
        if clients:
            key = mark.feature.slug, harm_of(mark)
            known = found.get(key)
            everybody = clients | known.clients if known else clients
            found[key] = Problem(mark.feature, key[1], known.shown if known else mark.shown, everybody)
    return tuple(found.values())


@lru_cache(maxsize=2)
def all_marks(html: str) -> tuple[FeatureUse, ...]:
    """Every place in a letter where a feature is used."""
    return tuple(marks_in(html))


def harm_of(mark: FeatureUse) -> Harm:
    """What it does to readers whose program does not support it.

    What stands in a comment for Outlook alone was written for it, by somebody who knew what it lacks.
    """
    return Harm.LESS if mark.spared or mark.audience == WORD else mark.feature.harm


def lacking(mark: FeatureUse, html: str) -> frozenset[str]:
    """The mail programs that read this and do not support it. What they support in part counts as supported."""
    clients = _lacking(mark.feature.slug, mark.guards, mark.audience)
    drawn = _DRAWN.get(mark.feature.slug, ())
    return clients - {_WORD} if _WORD in clients and any(vml in html for vml in drawn) else clients


@lru_cache(maxsize=2048)
def _lacking(slug: str, guards: frozenset[str], audience: int) -> frozenset[str]:
    clients = support(slug).missing
    if not audience & WORD:
        clients -= {_WORD}
    if not audience & OTHERS:
        clients &= {_WORD}
    for guard in guards:
        clients -= support(guard).missing
    return clients


def _uses(html: str) -> list[FeatureUse]:
    """A mark for every way in which a feature is used: a letter says most things many times."""
    uses: dict[tuple[str, Harm, bool, frozenset[str], int], FeatureUse] = {}
    seen: set[tuple[int, int]] = set()
    kept: list[tuple[FeatureUse, ...]] = []  # or another could come to have the same id
    for _, audience, marks in scan(html):
        if (known := (id(marks), audience)) in seen:
            continue
        seen.add(known)
        kept.append(marks)
        for mark in marks:
            both = mark.audience & audience
            key = mark.feature.slug, mark.feature.harm, mark.spared, mark.guards, both
            if key not in uses:
                uses[key] = mark._replace(audience=both)
    return list(uses.values())
