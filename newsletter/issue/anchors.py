"""Anchors: the `id` of each heading, made from its words and unique in the letter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.issue.numbers import strip_number
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from newsletter.model import Inline

_NOT_WORD = re.compile(r"[^\w\s-]|_")
_GAPS = re.compile(r"[\s-]+")
_LONGEST = 80


class Anchors:
    """The anchors given so far."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def of(self, inlines: tuple[Inline, ...]) -> str:
        """A new anchor for the heading: letters of any script and digits, lower case, `-2` where there is one already.

        A number in front of the heading is left out, so that links survive when items change places.
        """
        slug = slug_of(plain_text(strip_number(inlines)[1])) or slug_of(plain_text(inlines)) or "section"
        count = self._given.get(slug, 0) + 1
        self._given[slug] = count
        if count == 1:
            return slug
        while f"{slug}-{count}" in self._given:
            count += 1
        self._given[slug] = count
        self._given[f"{slug}-{count}"] = 1
        return f"{slug}-{count}"


def slug_of(text: str) -> str:
    """The words of `text` joined by hyphens."""
    slug = _GAPS.sub("-", _NOT_WORD.sub(" ", text.casefold())).strip("-")
    return slug if len(slug) <= _LONGEST else slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]
