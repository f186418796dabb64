"""Names of files and addresses that every file system and every host takes, and one spelling for each."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# A build looks at a thousand files, and `os` costs a third of what pathlib does.
# ruff: noqa: PTH118, PTH208

_LONGEST_SLUG = 60
_MOST_BYTES_OF_A_SLUG = 150
"""A character of other scripts has three or four, and nine or twelve signs in an address."""
_JOINERS = "\u200c\u200d"
_LONGEST_NAME = 200
"""Bytes of a file name. File systems take 255; what is left is for the temporary names beside it."""
_APOSTROPHES = late("(?<=\\w)['’ʼ](?=\\w)")
PLAIN_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "å": "a", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
)
"""Latin letters that Unicode does not take apart into a plain letter and a mark."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._~!$()*+,=@-]*")
"""Characters that an address takes as they are, without those that have another meaning in markup or for feed
readers."""
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""Devices of Windows, with any ending (learn.microsoft.com/windows/win32/fileio/naming-a-file)."""


def slugify(title: str, *, any_script: bool = False) -> str:
    """The title as a part of an address: its words joined by hyphens, lower case; "" if it has neither letters nor digits.

    With `any_script`, letters and digits of all scripts; otherwise those of ASCII, and what none stands for is left out.
    Latin letters lose their accents either way, as addresses are typed; the marks of other scripts, without which their
    words are others, stay.
    """
    words = _words(title)
    if not any_script:
        words = (plain for word in words if (plain := "".join(filter(str.isascii, word))))
    return _joined(words)


def _words(title: str) -> Iterator[str]:
    """The words of a title, as addresses have them."""
    folded = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", title)).lower()
    word = ""
    for char in folded if folded.isascii() else "".join(map(_plain_letter, folded)):
        if char.isalnum() or (not word.isascii() and _belongs_to_its_letter(char)):
            word += char
        elif word and not _belongs_to_its_letter(char):
            yield word.rstrip(_JOINERS)
            word = ""
    if word:
        yield word.rstrip(_JOINERS)


def _plain_letter(char: str) -> str:
    """A Latin letter without its accents; any other character as it is."""
    base = unicodedata.normalize("NFD", char)[0].translate(PLAIN_LETTERS)
    return base if base.isascii() else char


def _belongs_to_its_letter(char: str) -> bool:
    """Vowel signs and the like, and the joiners that some scripts write within words; what dresses up a pictograph is none."""
    return char in _JOINERS or (unicodedata.category(char) in {"Mn", "Mc"} and not "\ufe00" <= char <= "\ufe0f")


def _joined(words: Iterable[str]) -> str:
    """As many words as there is room for; the beginning of the first where it alone is too long."""
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if not _fits(longer):
            return slug or _beginning(word)
        slug = longer
    return slug


def _beginning(word: str) -> str:
    """As much of a word as there is room for. A letter goes with its marks: without them it would be another."""
    end = len(word)
    while not _fits(word[:end]):
        end -= 1
    while end and _belongs_to_its_letter(word[end]):
        end -= 1
    return word[:end]


def _fits(slug: str) -> bool:
    return len(slug) <= _LONGEST_SLUG and len(slug.encode()) <= _MOST_BYTES_OF_A_SLUG


def composed(name: str) -> str:
    """`name` in Unicode NFC, in which all names are compared and addressed: systems type and keep one name differently."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def spelled(folder: Path | str, name: str) -> str:
    """`name`, a path below `folder`, as its parts are spelled on disk: there it may be composed otherwise (Unicode NFC, NFD).

    Where there are several spellings, the one that is asked for; if there is none, `name`.
    """
    if name.isascii() or os.path.lexists(os.path.join(folder, name)):
        return name
    above, found = os.fspath(folder), []
    for part in name.split("/"):
        found.append(_spelled_in(above, part))
        above = os.path.join(above, found[-1])
    return "/".join(found)


def _spelled_in(folder: str, name: str) -> str:
    if name.isascii() or os.path.lexists(os.path.join(folder, name)):
        return name
    return next(iter(spellings(folder, name)), name)


def spellings(folder: Path | str, name: str) -> list[str]:
    """The entries of `folder` that are `name` however it is composed, in order; at most one where systems compare so."""
    try:
        return sorted(entry for entry in os.listdir(folder) if composed(entry) == composed(name))
    except (OSError, ValueError):  # a NUL
        return []


def composed_address(part: str) -> str:
    """A percent-encoded part of an address with the name in it in Unicode NFC; as it is where it is so already."""
    name = unquote(part)
    return part if composed(name) == name else in_address(composed(name))


def portable_name(name: str) -> str:
    """`name` as a file name that Linux, macOS and Windows take, with its ending kept. Never empty, never hidden.

    Names that only differ in case or in composed characters stay so: compare them by `same_file_key`.
    """
    clean = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", name)).lstrip(". ").rstrip(". ")
    if _RESERVED.match(clean):
        clean = "_" + clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending.encode()) > 16:  # not an ending, but a long text with a full stop
        stem, ending = clean, ""
    room = _LONGEST_NAME - len((dot + ending if ending else "").encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return (f"{stem}.{ending}" if ending else stem) or "unnamed"


def in_address(name: str) -> str:
    """`name` as one part of the path of an address (RFC 3986 §3.3): `c#` is `c%23`, `a%2fb` is `a%252fb`, `ü` is `%C3%BC`."""
    return name if _PLAIN_NAME.fullmatch(name) else quote(name, safe="!$()*+,=@", errors="replace")


def same_file_key(path: str) -> str:
    """A key that two paths share if they name one file where case or composition make no difference (macOS, Windows)."""
    return composed(path).casefold() if not path.isascii() else path.lower()


_NOT_BESIDE = frozenset("/\\:#?%{\0")


def goes_out(href: str) -> bool:
    """Whether an address is that of a file that goes out with the text that links to it: a bare name, and no other text's.

    So there is no folder in it, no scheme and no anchor, and it is not hidden.
    """
    name = unquote(href)
    return name[:1] not in {"", "."} and _NOT_BESIDE.isdisjoint(name) and not name.endswith(".md")
