"""Writes texts and lists of texts as YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = re.compile(r"[^\W\d_](?:[^:#\n]|:(?! |$)|(?<! )#)*")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff]")
OF_FLOW = frozenset("[]{},")
_NOT_TEXT = re.compile(r"(?i:true|false|yes|no|on|off|null|y|n)")


def scalar(text: str, *, inside: bool = False) -> str:
    """A text as a YAML value, with quotation marks if necessary; more texts need them `inside` a list on one line.

    Control characters, which are not allowed in YAML, are left out.
    """
    text = _CONTROL.sub("", text)
    plain = _PLAIN.fullmatch(text) and text.isprintable() and not text.endswith((" ", ":"))
    if plain and not _NOT_TEXT.fullmatch(text) and not (inside and OF_FLOW & set(text)):
        return text
    return _quoted(text)


def key(name: str) -> str:
    """A name as a YAML key."""
    plain = _NAME.fullmatch(name) and not _NOT_TEXT.fullmatch(name)
    return name if plain else _quoted(_CONTROL.sub("", name))


def _quoted(text: str) -> str:
    if text.isprintable() and "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(character if character.isprintable() else _escape(character) for character in escaped) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def texts(values: Sequence[str]) -> str:
    """Texts as a list on one line: `[a, b]`."""
    return flow([scalar(value, inside=True) for value in values])


def flow(entries: Sequence[str]) -> str:
    """Values as a list on one line: `[a, b]`."""
    return f"[{', '.join(entries)}]"
