"""Personal fields in an author's HTML: replaced while it is cleaned, then restored as placeholders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.digits import unescape
from newsletter.markdown.addresses import encoded, refused_scheme
from newsletter.markdown.fields import FIELD, meant
from newsletter.tokens import WHOLE, place_behind, placeholder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

_ADDRESS = re.compile(r'( (?:href|src|cite|poster)=")([^"]*)(")')


class HeldFields:
    """The fields of several pieces of HTML.

    `pieces` have a word in place of each, which is valid in a host, too.
    """

    def __init__(self, pieces: Sequence[str], known: AbstractSet[str]) -> None:
        self._fields: list[tuple[str, str]] = []
        self._known = known
        self._word = "field"
        whole = "".join(pieces).lower()
        if "{{" not in whole:
            self.pieces = tuple(pieces)
            return
        while self._word in whole:
            self._word += "d"
        self._here = re.compile(f"{self._word}([0-9]+)x")
        self.pieces = tuple(FIELD.sub(self._hidden, piece) for piece in pieces)

    def _hidden(self, found: re.Match[str]) -> str:
        field = meant(found, self._known)
        if field is None:
            return found[0]
        self._fields.append((field[0], unescape(field[1])))
        return f"{self._word}{len(self._fields) - 1}x"

    def given_back(self, html: str) -> str:
        """Cleaned HTML with its fields as placeholders, which record their place in an address."""
        if not self._fields:
            return html
        html = _ADDRESS.sub(lambda found: f"{found[1]}{self._address(found[2])}{found[3]}", html)
        return self._here.sub(lambda one: placeholder(*self._fields[int(one[1])]), html)

    def _address(self, address: str) -> str:
        written, done = "", 0
        for one in self._here.finditer(address):
            written += address[done : one.start()]
            name, fallback = self._fields[int(one[1])]
            place = place_behind(written)
            if place == WHOLE:  # a field that is a whole address must have a safe one
                fallback = "" if refused_scheme("".join(fallback.split())) else encoded(fallback)
            written += placeholder(name, fallback, place)
            done = one.end()
        return written + address[done:]
