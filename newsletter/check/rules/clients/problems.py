"""Which features of an email cause problems in which email clients."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.rules.clients.css import OTHERS, WORD, FeatureUse
from newsletter.check.rules.clients.features import Feature, Harm
from newsletter.check.rules.clients.html import parts_once, scan, uses_in
from newsletter.check.rules.clients.support import support
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = "outlook-windows"
_DRAWN = {
    "css-background-image": ("<v:fill", "<v:image"),
    "css-linear-gradient": ("<v:fill",),
    "html-background": ("<v:fill", "<v:image"),
    "css-border-radius": ("<v:roundrect",),
}
"""Features with a replacement for Outlook on Windows, and the signs in an email that the replacement is there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A feature, and the clients that do not support it."""

    feature: Feature
    harm: Harm
    """The harm in this email: less than that of the feature if there is a fallback."""
    shown: str
    """Its name in messages."""
    clients: frozenset[str]
    """Keys of the email clients."""


@lru_cache(maxsize=4)
def problems(html: str) -> tuple[Problem, ...]:
    """The features in an email that some client does not support, in the order of the email: one problem for each feature and harm."""
    found: dict[tuple[str, Harm], Problem] = {}
    for use in _ways_of_use(html):
        clients = lacking(use, html)
        if clients:
            key = use.feature.slug, harm_of(use)
            known = found.get(key)
            everybody = clients | known.clients if known else clients
            found[key] = Problem(use.feature, key[1], known.shown if known else use.shown, everybody)
    return tuple(found.values())


@lru_cache(maxsize=2)
def all_uses(html: str) -> tuple[FeatureUse, ...]:
    """Every place in a letter where a feature is used."""
    return tuple(uses_in(html))


def harm_of(use: FeatureUse) -> Harm:
    """The harm to readers whose client does not support the feature.

    Content of a comment for Outlook was written for Outlook, so it does little harm.
    """
    return Harm.LESS if use.spared or use.audience == WORD else use.feature.harm


def lacking(use: FeatureUse, html: str) -> frozenset[str]:
    """The clients that read this part and do not support the feature. Partial support counts as support."""
    clients = _lacking(use.feature.slug, use.guards, use.audience)
    drawn = _DRAWN.get(use.feature.slug, ())
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


_WEB_LINK = re.compile(r'(<a href="https?://)[^"]+')
"""Links to the web use the same features, wherever they lead. Without their addresses their tags are the same, and are read once."""
_Way = tuple[str, Harm, bool, frozenset[str], int]


def _ways_of_use(html: str) -> Iterable[FeatureUse]:
    """One use for each way in which a feature is used that some client does not support. Most uses in an email repeat."""
    ways: dict[_Way, FeatureUse] = {}
    for text, audience in parts_once(_WEB_LINK.sub(r"\1x", html)):
        for way, use in _lacked(text, audience):
            ways.setdefault(way, use)
    return ways.values()


@lru_cache(maxsize=4096)
def _lacked(html: str, audience: int) -> tuple[tuple[_Way, FeatureUse], ...]:
    """The ways in which `html`, mostly one tag, uses features that some client does not support."""
    ways: dict[_Way, FeatureUse] = {}
    for _, seen_by, uses in scan(html, audience):
        for use in uses:
            both = use.audience & seen_by
            if _lacking(use.feature.slug, use.guards, both):
                key = use.feature.slug, use.feature.harm, use.spared, use.guards, both
                ways.setdefault(key, use if use.audience == both else use._replace(audience=both))
    return tuple(ways.items())
