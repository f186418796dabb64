"""The letter: an issue laid out in the order readers meet it. Every renderer walks the same `parts`."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.markdown.fields import as_inlines
from newsletter.model import Figure, Image, ReadingOptions
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.config.publication import Author, Publication
    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.model import Block, Footnote, ImageFile, Inline, Issue, Section


_SHARED = "\0"


def of_publication(path: str) -> str:
    """The key of a file of the publication among the pictures and attachments of a letter.

    newsletter.yaml or a snippet names the file; `path` is relative to the workspace. The key differs from an address,
    because an issue may have its own `logo.png`.
    """
    return f"{_SHARED}{path}"


def path_of_publication(src: str) -> str:
    """The path for the key `src`; empty if it is not such a key."""
    return src.removeprefix(_SHARED) if src.startswith(_SHARED) else ""


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of a contents list."""

    title: tuple[Inline, ...]
    """Links in it are shown as text."""
    anchor: str
    """The target `id` in the same letter."""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """A list of links into the letter."""

    entries: tuple[ContentsEntry, ...]
    heading: str = ""
    """Shown above it; empty inside a section that has a heading already."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The text before the first section."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Standing matter: a snippet that every issue of this kind includes."""

    name: str
    blocks: tuple[Block, ...]
    path: str = ""
    """The path of the snippet, relative to the workspace."""


@dataclass(frozen=True, slots=True)
class SectionPart:
    """A section with the look that the house format gives it."""

    section: Section
    format: SectionFormat | None = None
    contents: Contents | None = None
    """The contents list between the heading and the first item."""


@dataclass(frozen=True, slots=True)
class AuthorBox:
    """The authors: portrait, name, a few lines."""

    authors: tuple[Author, ...]


Part = Opening | Standing | Contents | SectionPart | AuthorBox


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The issue before or after, as the web page links to it."""

    title: str
    url: str
    number: int | None = None
    cover: ImageFile | None = None
    """Its file is in the folder of that issue's page."""


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a renderer needs: no renderer looks at the disk, the clock or the configuration."""

    issue: Issue
    publication: Publication
    house: HouseFormat
    language: Language
    """The fixed words and the dates in the issue's language."""
    parts: tuple[Part, ...]
    footnotes: tuple[Footnote, ...]
    subject: str
    preheader: str
    page_url: str
    """Absolute address of the web page; its pictures are beside it: `page_url + image.name`."""
    date_text: str = ""
    """The date as readers see it, in the issue's language; empty if there is none."""
    minutes: int = 1
    """The minutes that it takes to read."""
    byline: tuple[Author, ...] = ()
    images: Mapping[str, ImageFile] = field(default_factory=dict)
    """Local pictures by their address as the author wrote it; others are left as they are."""
    attachments: Mapping[str, str] = field(default_factory=dict)
    """Other local files that the letter links to (audio): address as written -> file name beside the page."""
    slugs: Mapping[str, str] = field(default_factory=dict)
    """The slugs of other issues, which name their pages, by the address of their file as written, without anchor."""
    previous: Neighbour | None = None
    following: Neighbour | None = None
    card: str = ""
    """The picture that link previews show in place of a cover; its file is beside the page. Empty: there is none."""
    picture_base: str = ""
    """The prefix of an image's name in the email: `page_url`, or a folder for a copy with its pictures beside it."""
    edition: str = ""
    """"paid" or "free" if paying readers get something else than the others; empty if all get the same."""
    variants: Mapping[str, Letter] = field(default_factory=dict)
    """The letter of each output (`email`, `text`, `web`, `feed`), by output; empty if all have the same."""

    def shown_in(self, output: str) -> Letter:
        """The letter as one output has it."""
        return self.variants.get(output, self)


def cover_figure(letter: Letter) -> Figure | None:
    """The cover of an issue as a figure, with its own caption and credit; None if there is none."""
    cover = letter.issue.cover
    if cover is None:
        return None
    personal = letter.issue.personal
    caption = as_inlines(personal.get("cover.caption", cover.caption))
    credit = as_inlines(personal.get("cover.credit", cover.credit))
    bare = cover.credit and not caption and _is_name(cover.credit)
    word = _credit_word(letter) if bare else ""
    return Figure(Image(cover.src, cover.alt, spoken=personal.get("cover.alt", "")), caption, credit, credit_word=word)


def _is_name(credit: str) -> bool:
    """Whether a credit is a name alone, rather than words that say what was done: `Drawn for this letter`, `© Cy`."""
    words = re.split(r"[\s,/、，・·]+", credit.strip())
    if any(mark in credit for mark in ":：©(（") or any(made in credit for made in _MADE):
        return False
    return len(words) <= _MOST_NAMES and all(_begins_name(word) or word in _BETWEEN for word in words if word)


def _begins_name(word: str) -> bool:
    """Whether a word begins with a capital, or is short and of a script that has none."""
    caseless = word[0].isalpha() and word[0].upper() == word[0].lower()
    return len(word) <= _LONGEST_NAME if caseless else word[0].isupper() or (word[0] in "'’" and word[1:2].isupper())


_MOST_NAMES, _LONGEST_NAME = 8, 12
"""Words of several names; characters of one if nothing parts words."""
_MADE = (
    "图",
    "圖",
    "摄",
    "攝",
    "撮影",
    "写真",
    "提供",
    "사진",
    "제공",
    "촬영",
    "صورة",
    "تصوير",
    "صور",
    "عکس",
    "צילום",
    "תמונה",
    "फ़ोटो",
    "फोटो",
    "चित्र",
)
"""Words for what somebody did, in languages that do not begin names with a capital."""


_BETWEEN = frozenset("van von de der den del della di da la le du el al bin ter ten and et & ·".split())
"""Words in lower case in and between names."""


def _credit_word(letter: Letter) -> str:
    """The word before a bare credit: that of the house format, or else the language's."""
    words, word = letter.house.reading.credit_words, letter.language.words["photo"]
    own = [one for one in words if one not in ReadingOptions().credit_words]
    return own[0] if own and word not in words else word if words else ""


# ── Phrases that several outputs make from a language's fixed words ─────────────────────────────────────────────────

OPENS, CLOSES = frozenset("（「『《〈【［｛〔"), frozenset("。，、．！？：；）」』》〉】］｝〕…")
"""Wide punctuation, which brings its own white space."""


def beside(before: str, after: str) -> str:
    """Two texts one after the other, with a space between but where wide punctuation has its own."""
    wide = before[-1:] in CLOSES or after[:1] in OPENS
    return f"{before}{'' if wide else ' '}{after}"


def first_published(letter: Letter, written: Callable[[str, str], str]) -> str:
    """`First published in The Tide as “High water”`, if the letter was first published elsewhere; else empty.

    `written` sets a text, as a link to the address that it gets, if any: the title, else the name of the publication.
    """
    original, language = letter.issue.original, letter.language
    if original is None:
        return ""
    place = original.publication or host_of(original.url)
    title = original.title if original.title.casefold() != letter.issue.title.casefold() else ""
    if not place:
        return ""
    key = "first_published_in" if original.publication else "first_published_at"
    notice = language.around(key, place=written(place, "" if title else original.url))
    if not title:
        return notice
    return language.around("first_published_as", notice=notice, title=written(title, original.url))


def host_of(address: str) -> str:
    """The host of a web address as people know it: without `www.`, in the letters of its own script."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host


def byline(names: Sequence[str], language: Language) -> str:
    """`By Ann, Bo and Cy`, of names as they are to be set (HTML, or isolated text); empty for a letter that nobody signs."""
    return language.around("by", names=language.joined(names)) if names else ""
