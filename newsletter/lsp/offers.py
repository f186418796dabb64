"""What may be written at a place."""

from __future__ import annotations

from lsprotocol import types

from newsletter.records import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """One text to write in place of what is begun."""

    start: int
    """Where what is begun begins: an offset of the text."""
    end: int
    text: str
    """What stands there then."""
    label: str = ""
    """What the list shows; empty: the text."""
    detail: str = ""
    """Beside it, on the same line."""
    about: str = ""
    """At length, in Markdown."""
    snippet: str = ""
    """The text with places to fill in, in the syntax of LSP; empty where there are none."""
    kind: types.CompletionItemKind = types.CompletionItemKind.Text


def escaped(text: str) -> str:
    """A text as a part of a snippet."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
