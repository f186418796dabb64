"""What inferring looks at of one issue: small records that can be handed from one process to another."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from newsletter.model import ItemShape


@dataclass(frozen=True, slots=True)
class SeenItem:
    """One item, in one of the shapes that the section can be read in."""

    words: int | None
    """Below the title; None where nothing stands there."""
    title: int
    """Words of the title."""
    linked: bool
    author: bool
    picture: bool
    number: int | None
    category: str
    """What stands before a colon in the title."""
    stopped: bool
    """Whether it ends in a full stop or the like."""


@dataclass(frozen=True, slots=True)
class SeenSection:
    """One section."""

    heading: str
    words: int
    figures: int
    items: Mapping[ItemShape, tuple[SeenItem, ...]] = field(default_factory=dict)
    """By the shape in which they are read; shapes without any are left out."""
    first: str = ""
    """Its first paragraph as written, white space folded."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One issue."""

    path: str
    name: str
    """Of its folder or file."""
    number: int | None = None
    date: date | None = None
    language: str = "en"
    front: Mapping[str, object] = field(default_factory=dict)
    words: int = 0
    opening: int = 0
    """Words before the first section."""
    opened: bool = False
    """Whether there is an opening at all."""
    paragraphs: tuple[str, ...] = ()
    """Those of the opening as written, white space folded."""
    sections: tuple[SeenSection, ...] = ()
    figures: tuple[tuple[bool, bool], ...] = ()
    """Of each figure, whether it has a caption and a credit."""
    placeholders: tuple[str, ...] = ()
    """What looks like a text that was to be replaced."""
