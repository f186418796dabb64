"""YAML as a person would write it: lines with comments behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = re.compile(r"[^\W\d_](?:[^:#\n]|:(?! |$)|(?<! )#)*")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_OF_FLOW = frozenset("[]{},")
_NOT_TEXT = re.compile(r"(?i:true|false|yes|no|on|off|null|y|n)")
_COLUMN = 42
_WIDTH = 110


def scalar(text: str, *, inside: bool = False) -> str:
    """A text as a YAML value, in quotes where it needs them; `inside`: of a list or block in one line.

    Control characters, which YAML does not carry, are left out.
    """
    text = _CONTROL.sub("", text)
    plain = _PLAIN.fullmatch(text) and text.isprintable() and not text.endswith((" ", ":"))
    if plain and not _NOT_TEXT.fullmatch(text) and not (inside and _OF_FLOW & set(text)):
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
    """Texts in a row: `[a, b]`."""
    return flow([scalar(value, inside=True) for value in values])


def flow(entries: Sequence[str]) -> str:
    """Values in a row: `[a, b]`."""
    return f"[{', '.join(entries)}]"


def _fits(row: str, depth: int) -> bool:
    return len(row) + 2 * depth <= _WIDTH - 20


@dataclass(slots=True)
class Lines:
    """A YAML text in the making."""

    lines: list[str] = field(default_factory=list)

    def add(self, depth: int, text: str, comment: str = "") -> None:
        """A line, with a comment behind it."""
        line = "  " * depth + text
        if comment:
            line = f"{line.ljust(_COLUMN - 1)} # {comment}"
        self.lines.append(line)

    def note(self, depth: int, text: str) -> None:
        """A comment by itself, wrapped."""
        import textwrap

        indent = "  " * depth + "# "
        self.lines += textwrap.wrap(
            text,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def rule(self, title: str) -> None:
        """A heading between parts."""
        self.lines += ["", f"# ── {title} ".ljust(_WIDTH, "─")]

    def texts(self, depth: int, name: str, texts: Sequence[str], comment: str = "") -> None:
        """A key with one text, or a list of texts: in one line where they fit."""
        if len(texts) == 1:
            self.add(depth, f"{key(name)}: {texts[0]}", comment)
        elif not any(_OF_FLOW & set(text) for text in texts) and _fits(row := f"{key(name)}: {flow(texts)}", depth):
            self.add(depth, row, comment)
        else:
            self.add(depth, f"{key(name)}:", comment)
            for text in texts:
                self.add(depth + 1, f"- {text}")

    def text(self) -> str:
        """All lines."""
        return "\n".join(line.rstrip() for line in self.lines).strip("\n") + "\n"
