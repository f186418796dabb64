"""The email of an issue, as the rules about it read it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model import MailPart, MailPiece, Span

_START = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Mail:
    """The email of an issue as it goes out: what the generic service is given, tokens as it writes them."""

    subject: str
    preheader: str
    html: str
    text: str
    parts: tuple[MailPart, ...]
    pieces: tuple[MailPiece, ...]
    """The pieces in order; together they are all of `html`."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The workspace's own templates, style sheets and looks: path relative to the workspace -> text."""
    light: Mapping[str, str] = field(default_factory=dict)
    """The colours that the templates were filled with, by token: `#rrggbb`."""
    dark: Mapping[str, str] = field(default_factory=dict)
    yaml: Mapping[tuple[str | int, ...], Span] = field(default_factory=dict)
    """Where each value of newsletter.yaml is, by its path."""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """How the addresses that a service makes are written, by the names of `tokens.SERVICE_TOKENS`."""

    def piece_at(self, offset: int) -> MailPiece:
        """The piece that `html[offset]` comes from."""
        return self.pieces[max(0, bisect_right(self.pieces, offset, key=_START) - 1)]
