"""A mark: one place in a letter where a feature is used."""

from __future__ import annotations

from typing import NamedTuple

from newsletter.check.email_clients.signs import Feature  # noqa: TC001  (a NamedTuple's fields are looked at)

NOBODY, OTHERS, WORD, EVERYBODY = 0, 1, 2, 3
"""Who sees a stretch of a letter, as bits: Outlook on Windows, which lays out with Word, and all other programs."""


class Mark(NamedTuple):
    """A feature, and where in the text it stands."""

    feature: Feature
    shown: str
    """What a message calls it: `display: flex`, with backticks."""
    start: int
    end: int
    spared: bool = False
    """Whether what stands beside it serves where it is missing: an earlier declaration, a picture within the video."""
    guards: frozenset[str] = frozenset()
    """Slugs of what a program has to support to read it at all: `@media` around a rule, its selectors."""
    audience: int = EVERYBODY

    def moved(self, by: int, audience: int = EVERYBODY) -> Mark:
        """The mark in a text in which its own begins at `by`; seen by `audience` of those who see its own."""
        return self._replace(start=self.start + by, end=self.end + by, audience=self.audience & audience)
