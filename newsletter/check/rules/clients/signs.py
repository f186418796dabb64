"""What a feature of HTML or CSS is known by, and what a letter loses without it: the words that the tables are written in."""

from __future__ import annotations

from enum import StrEnum

from newsletter.records import dataclass


class Harm(StrEnum):
    """What readers notice where a feature is missing."""

    LOST = "lost"
    """Something cannot be seen, read or used, or stands on top of something else, or what was to be hidden is seen."""
    LOOKS = "looks"
    """All is there and can be read, but it plainly looks otherwise than meant."""
    LESS = "less"
    """Finish: nobody misses it who has not seen it."""


class Where(StrEnum):
    """In what a sign is looked for."""

    ELEMENT = "element"  # <video>; with `value`, one of its attributes decides: type=checkbox
    ATTRIBUTE = "attribute"  # hidden, on any element
    PROPERTY = "property"  # gap: 12px, in a style attribute or a style sheet
    FUNCTION = "function"  # calc( in the value of any property
    UNIT = "unit"  # 2rem
    WORD = "word"  # initial, as a value
    AT_RULE = "at-rule"  # @font-face
    MEDIA = "media"  # (prefers-color-scheme), within @media
    SELECTOR = "selector"  # what a selector is made of: "#id", ">"
    PSEUDO = "pseudo"  # :hover, ::before
    PICTURE = "picture"  # the format of a picture, by its address
    ADDRESS = "address"  # where a link leads: "#", "mailto:"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing in a letter that says: this feature is used here."""

    where: Where
    names: tuple[str, ...]
    """Any of them, in small letters."""
    value: str = ""
    """A pattern that the value has to hold; of an element, `attribute=pattern`. Empty: any."""
    shown: str = ""
    """What it is called in a message, where the name alone would not do."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of Can I email as this tool looks for it."""

    slug: str
    """Its name there: `css-display-flex`. One that does several kinds of harm has several records."""
    harm: Harm
    signs: tuple[Sign, ...]
    why: str = ""
    """What readers get in its place, one clause: for the finding, or for whoever asks why this is no more harm."""
    mend: str = ""
    """What to do instead, one sentence; empty: nothing general can be said."""


def element(*names: str, having: str = "", shown: str = "") -> Sign:
    """An element; with `having`, one whose attribute fits: `type=checkbox`."""
    return Sign(Where.ELEMENT, names, having, shown or (f"`<{names[0]}>`" if len(names) == 1 and not having else ""))


def attribute(*names: str, value: str = "") -> Sign:
    """An attribute of any element."""
    return Sign(Where.ATTRIBUTE, names, value)


def properties(names: str, value: str = "") -> Sign:
    """Properties, named in one text."""
    return Sign(Where.PROPERTY, tuple(names.split()), value)


def function(*names: str) -> Sign:
    """A function in a value."""
    return Sign(Where.FUNCTION, names)


def unit(*names: str) -> Sign:
    """A unit of length."""
    return Sign(Where.UNIT, names)


def word(*names: str) -> Sign:
    """A keyword as a value."""
    return Sign(Where.WORD, names)


def at_rule(*names: str) -> Sign:
    """A rule of a style sheet that begins with @."""
    return Sign(Where.AT_RULE, names)


def media(*names: str) -> Sign:
    """What a media query asks for."""
    return Sign(Where.MEDIA, names)


def selector(name: str, shown: str) -> Sign:
    """A part of selectors, by the name that the scanner has for it."""
    return Sign(Where.SELECTOR, (name,), shown=shown)


def pseudo(*names: str) -> Sign:
    """A pseudo-class or pseudo-element, by its name without colons."""
    return Sign(Where.PSEUDO, names)


def picture(*endings: str, shown: str) -> Sign:
    """A picture whose address ends so; `data` for one that stands in the letter itself."""
    return Sign(Where.PICTURE, endings, shown=shown)


def address(*beginnings: str, shown: str) -> Sign:
    """A link whose address begins so."""
    return Sign(Where.ADDRESS, beginnings, shown=shown)
