"""The email of an issue, with what the rules about it need."""

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
    """The finished email of an issue, with tokens as the generic service writes them."""

    subject: str
    preheader: str
    html: str
    text: str
    parts: tuple[MailPart, ...]
    pieces: tuple[MailPiece, ...]
    """The pieces in order. Together they are the whole of `html`."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The workspace's own templates, style sheets and looks: their text, by path in the workspace."""
    light: Mapping[str, str] = field(default_factory=dict)
    """The colours that were filled into the templates, as `#rrggbb` by token."""
    dark: Mapping[str, str] = field(default_factory=dict)
    yaml: Mapping[tuple[str | int, ...], Span] = field(default_factory=dict)
    """The place of each value of newsletter.yaml, by its path."""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """The text for each address that a service fills in, by the names of `tokens.SERVICE_TOKENS`."""

    def piece_at(self, offset: int) -> MailPiece:
        """The piece that contains `html[offset]`."""
        return self.pieces[max(0, bisect_right(self.pieces, offset, key=_START) - 1)]
