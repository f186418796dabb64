"""Names of files and addresses that every file system and host accepts, with one spelling for each."""

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

# A build checks a thousand files, and `os` takes a third of the time that pathlib takes.
# ruff: noqa: PTH118, PTH208

_LONGEST_SLUG = 60
_MOST_BYTES_OF_A_SLUG = 150
"""A character of other scripts has three or four bytes, which are nine or twelve characters in an address."""
_JOINERS = "\u200c\u200d"
_LONGEST_NAME = 200
"""The longest file name, in bytes. File systems accept 255; the rest is for the temporary names beside it."""
_APOSTROPHES = late("(?<=\\w)['’ʼ](?=\\w)")
PLAIN_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "å": "a", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
)
"""Latin letters that Unicode does not decompose into a plain letter and a mark."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._~!$()*+,=@-]*")
"""Characters that need no encoding in an address, without those that have another meaning in markup or for feed
readers.
"""
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""The device names of Windows, with any extension (learn.microsoft.com/windows/win32/fileio/naming-a-file)."""


_NOT_IN_QUOTES = frozenset('"$`\\!')
_PLAIN_ARGUMENT = re.compile(r"[\w@%+=:,./-]+")


def as_argument(name: str) -> str:
    """A name as one word of a command that a person copies into a shell."""
    if _PLAIN_ARGUMENT.fullmatch(name):
        return name
    if _NOT_IN_QUOTES.isdisjoint(name):
        return f'"{name}"'
    import shlex

    return shlex.quote(name)


def slugify(title: str, *, any_script: bool = False) -> str:
    """A title as a part of an address: its words in lower case, joined by hyphens.

    Empty if it has neither letters nor digits. With `any_script`, letters and digits of all scripts are kept; otherwise
    only ASCII, and characters without a Latin equivalent are left out. Latin letters always lose their accents, because
    people type addresses. Marks of other scripts stay, because without them the words would be different.
    """
    words = _words(title)
    if not any_script:
        words = (plain for word in words if (plain := "".join(filter(str.isascii, word))))
    return _joined(words)


def _words(title: str) -> Iterator[str]:
    """The words of a title in the form for addresses."""
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
    """A Latin letter without its accents; other characters unchanged."""
    base = unicodedata.normalize("NFD", char)[0].translate(PLAIN_LETTERS)
    return base if base.isascii() else char


def _belongs_to_its_letter(char: str) -> bool:
    """Whether a character belongs to the letter before it: a vowel sign, or a joiner within a word.

    Modifiers of emoji do not.
    """
    return char in _JOINERS or (unicodedata.category(char) in {"Mn", "Mc"} and not "\ufe00" <= char <= "\ufe0f")


def _joined(words: Iterable[str]) -> str:
    """The words that fit, joined by hyphens. If the first is too long, its beginning."""
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if not _fits(longer):
            return slug or _beginning(word)
        slug = longer
    return slug


def _beginning(word: str) -> str:
    """The part of a word that fits. A letter stays with its marks, because without them it would be another letter."""
    end = len(word)
    while not _fits(word[:end]):
        end -= 1
    while end and _belongs_to_its_letter(word[end]):
        end -= 1
    return word[:end]


def _fits(slug: str) -> bool:
    return len(slug) <= _LONGEST_SLUG and len(slug.encode()) <= _MOST_BYTES_OF_A_SLUG


def composed(name: str) -> str:
    """`name` in Unicode NFC.

    All names are compared and addressed in this form, because systems store the same name differently.
    """
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def spelled(folder: Path | str, name: str) -> str:
    """`name`, a path below `folder`, as it is spelled on disk, which may use another Unicode form (NFC, NFD).

    If several spellings exist, the requested one; if none exists, `name`.
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
    """The entries of `folder` that equal `name` in any Unicode form, in order.

    At most one on systems that compare names this way.
    """
    try:
        return sorted(entry for entry in os.listdir(folder) if composed(entry) == composed(name))
    except (OSError, ValueError):  # a NUL
        return []


def composed_address(part: str) -> str:
    """A percent-encoded part of an address with its name in Unicode NFC; unchanged if it already is."""
    name = unquote(part)
    return part if composed(name) == name else in_address(composed(name))


def portable_name(name: str) -> str:
    """`name` as a file name that Linux, macOS and Windows accept, with the same extension. Never empty, never hidden.

    Names that differ only in case or Unicode form stay different: compare them by `same_file_key`.
    """
    clean = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", name)).lstrip(". ").rstrip(". ")
    if _RESERVED.match(clean):
        clean = "_" + clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending.encode()) > 16:  # not an extension, but a long text with a full stop
        stem, ending = clean, ""
    room = _LONGEST_NAME - len((dot + ending if ending else "").encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return (f"{stem}.{ending}" if ending else stem) or "unnamed"


def in_address(name: str) -> str:
    """`name` as one segment of the path of an address (RFC 3986 §3.3): `c#` is `c%23`, `a%2fb` is `a%252fb`."""
    return name if _PLAIN_NAME.fullmatch(name) else quote(name, safe="!$()*+,=@", errors="replace")


def same_file_key(path: str) -> str:
    """A key that two paths share if they are one file on systems that ignore case or Unicode form (macOS, Windows)."""
    return composed(path).casefold() if not path.isascii() else path.lower()


_NOT_BESIDE = frozenset("/\\:#?%{\0")


def goes_out(href: str) -> bool:
    """Whether an address is a file that goes out with the text that links to it: a bare name, and not another text.

    So it has no folder, scheme or anchor, and the file is not hidden.
    """
    name = unquote(href)
    return name[:1] not in {"", "."} and _NOT_BESIDE.isdisjoint(name) and not name.endswith(".md")
