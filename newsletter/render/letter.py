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
    """The previous or next issue, as the web page links to it."""

    title: str
    url: str
    number: int | None = None
    cover: ImageFile | None = None
    """Its file is in the folder of that issue's page."""


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a renderer needs: renderers never read files, the clock or the configuration."""

    issue: Issue
    publication: Publication
    house: HouseFormat
    language: Language
    """The fixed phrases and date formats of the issue's language."""
    parts: tuple[Part, ...]
    footnotes: tuple[Footnote, ...]
    subject: str
    preheader: str
    page_url: str
    """Absolute address of the web page; its pictures are beside it: `page_url + image.name`."""
    date_text: str = ""
    """The date in the issue's language; empty if there is none."""
    minutes: int = 1
    """The reading time in minutes."""
    byline: tuple[Author, ...] = ()
    images: Mapping[str, ImageFile] = field(default_factory=dict)
    """Local pictures by their address as the author wrote it; other pictures stay as they are."""
    attachments: Mapping[str, str] = field(default_factory=dict)
    """Other local files that the letter links to (audio): address as written -> file name beside the page."""
    slugs: Mapping[str, str] = field(default_factory=dict)
    """The slugs of other issues, which name their pages, by the address of their file as written, without its anchor."""
    previous: Neighbour | None = None
    following: Neighbour | None = None
    card: str = ""
    """The picture for link previews if there is no cover, in a file beside the page; empty if there is none."""
    picture_base: str = ""
    """The prefix of an image's name in the email: `page_url`, or a folder for a copy with its pictures."""
    edition: str = ""
    """"paid" or "free" if paying readers get different content; empty if all get the same."""
    variants: Mapping[str, Letter] = field(default_factory=dict)
    """The letter of each output (`email`, `text`, `web`, `feed`); empty if all are the same."""

    def shown_in(self, output: str) -> Letter:
        """The letter for one output."""
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
    """Whether a credit is only a name, not a phrase such as `Drawn for this letter` or `© Cy`."""
    words = re.split(r"[\s,/、，・·]+", credit.strip())
    if any(mark in credit for mark in ":：©(（") or any(made in credit for made in _MADE):
        return False
    return len(words) <= _MOST_NAMES and all(_begins_name(word) or word in _BETWEEN for word in words if word)


def _begins_name(word: str) -> bool:
    """Whether a word begins with a capital, or is short and in a script without capitals."""
    caseless = word[0].isalpha() and word[0].upper() == word[0].lower()
    return len(word) <= _LONGEST_NAME if caseless else word[0].isupper() or (word[0] in "'’" and word[1:2].isupper())


_MOST_NAMES, _LONGEST_NAME = 8, 12
"""The most words of several names, and the most characters of one name in a script without spaces."""
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
"""Words for how a picture was made or provided, in languages without capitals for names."""


_BETWEEN = frozenset("van von de der den del della di da la le du el al bin ter ten and et & ·".split())
"""Lower-case words inside and between names."""


def _credit_word(letter: Letter) -> str:
    """The word before a credit that is only a name: from the house format, else from the language."""
    words, word = letter.house.reading.credit_words, letter.language.words["photo"]
    own = [one for one in words if one not in ReadingOptions().credit_words]
    return own[0] if own and word not in words else word if words else ""


OPENS, CLOSES = frozenset("（「『《〈【［｛〔"), frozenset("。，、．！？：；）」』》〉】］｝〕…")
"""Wide punctuation, which includes its own space."""


def beside(before: str, after: str) -> str:
    """Two texts with a space between them, except next to wide punctuation."""
    wide = before[-1:] in CLOSES or after[:1] in OPENS
    return f"{before}{'' if wide else ' '}{after}"


def first_published(letter: Letter, written: Callable[[str, str], str]) -> str:
    """`First published in The Tide as “High water”`, if the letter was first published elsewhere; else empty.

    `written` formats a text as a link if it gets an address. The link is on the title, else on the publication's name.
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
    """The host of a web address for readers: without `www.`, in the letters of its own script."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host


def byline(names: Sequence[str], language: Language) -> str:
    """`By Ann, Bo and Cy`; empty for a letter without authors.

    The names are already formatted (HTML, or isolated text).
    """
    return language.around("by", names=language.joined(names)) if names else ""
